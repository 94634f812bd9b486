// Charge equilibration: the vectors of one solve. SPDX-License-Identifier: GPL-2.0-only
#ifndef RFMEAM_CHARGES_CHARGE_SYSTEM_H
#define RFMEAM_CHARGES_CHARGE_SYSTEM_H

#include "charge_term.h"
#include "space.h"

#include <vector>

namespace rfmeam {

/// E(q) as a sum of terms, and the vectors of its minimisation over the charges of some atoms, the unknowns. num_rows,
/// rows: the unknowns of this rank, indices of owned atoms. Charges of all other atoms are sources.
template <class Space> class ChargeSystem {
 public:
  using Vector = typename Space::GhostArray;

  Space &space;
  std::vector<ChargeTerm<Space> *> terms;
  int num_rows = 0, num_owned = 0, num_all = 0;    ///< unknowns, owned atoms, owned and ghost atoms
  bool has_sources = false;                        ///< whether any rank owns atoms with charges that are no unknowns
  typename Space::template Array<int> rows;

  Vector charge, residual, direction, product, diagonal;

  explicit ChargeSystem(Space &space_) : space(space_) {}

  void reserve()
  {
    for (Vector *v : {&charge, &residual, &direction, &product, &diagonal}) v->reserve(num_all);
    rows.reserve(num_owned);
  }

  /// out = the gradient at q of the terms that are quadratic; without the coupled ones, if all charges are 0.
  void gradient(Vector &q, Vector &out, bool coupled = true)
  {
    clear(out, num_all);
    bool to_ghosts = false;
    for (auto *term : terms) {
      if (!term->is_quadratic() || (term->couples_atoms() && !coupled)) continue;
      term->add_gradient(space, q, out);
      to_ghosts = to_ghosts || term->writes_to_ghosts();
    }
    if (Space::half_rows && to_ghosts) space.from_ghosts(out);
  }

  /// out, curvature = gradient and diagonal at q of the terms that are not quadratic, on owned atoms.
  void bend(Vector &q, Vector &out, Vector &curvature)
  {
    clear(out, num_owned);
    clear(curvature, num_owned);
    for (auto *term : terms) {
      if (term->is_quadratic()) continue;
      term->add_gradient(space, q, out);
      term->add_diagonal(space, q, curvature);
    }
  }

  [[nodiscard]] bool is_quadratic() const
  {
    for (const auto *term : terms)
      if (!term->is_quadratic()) return false;
    return true;
  }

  /// The diagonal of d2E/dq2 at the present charges.
  void set_diagonal()
  {
    clear(diagonal, num_owned);
    for (auto *term : terms) term->add_diagonal(space, charge, diagonal);
  }

  /// product = (d2E/dq2 without its diagonal) direction
  void multiply()
  {
    clear(product, num_all);
    for (auto *term : terms) term->add_product(space, direction, product);
    if (Space::half_rows) space.from_ghosts(product);
  }

  /// The same with the absolute value of each element, or more.
  void multiply_absolute()
  {
    clear(product, num_all);
    for (auto *term : terms) term->add_absolute_product(space, direction, product);
    if (Space::half_rows) space.from_ghosts(product);
  }

  void clear(Vector &vector, int n) { space.for_each("charges:clear", n, Fill<double>{vector.data(), 0.0}); }
};

}    // namespace rfmeam

#endif
