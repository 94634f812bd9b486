// Charge equilibration: the addends of E(q). SPDX-License-Identifier: GPL-2.0-only
#ifndef RFMEAM_CHARGES_CHARGE_TERM_H
#define RFMEAM_CHARGES_CHARGE_TERM_H

namespace rfmeam {

/// An addend of the charge energy E(q), energies in the caller's unit, charges in e. Virtual for a whole vector, never
/// for an atom. Vectors are over owned and ghost atoms; q and p are set on ghosts. What is written to ghosts of out is
/// summed up at their owners by the caller.
template <class Space> class ChargeTerm {
 public:
  using Vector = typename Space::GhostArray;

  virtual ~ChargeTerm() = default;
  /// out += dE/dq
  virtual void add_gradient(Space &space, Vector &q, Vector &out) = 0;
  /// diagonal += d2E/dq_i2, on owned atoms
  virtual void add_diagonal(Space &, Vector & /*q*/, Vector & /*diagonal*/) {}
  /// out += (d2E/dq2 without its diagonal) p
  virtual void add_product(Space &, Vector & /*p*/, Vector & /*out*/) {}
  /// The same with absolute values of the second derivatives, or larger ones, for p >= 0: their bound. As it stands for
  /// terms without negative ones.
  virtual void add_absolute_product(Space &space, Vector &p, Vector &out) { add_product(space, p, out); }
  /// If not, each atom's energy depends on its own charge only.
  [[nodiscard]] virtual bool couples_atoms() const { return false; }
  /// Whether add_gradient() writes to ghosts.
  [[nodiscard]] virtual bool writes_to_ghosts() const { return couples_atoms(); }
  /// If not, the second derivatives depend on q, and all of them are on the diagonal.
  [[nodiscard]] virtual bool is_quadratic() const { return true; }
};

}    // namespace rfmeam

#endif
