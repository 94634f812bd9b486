/* -*- c++ -*- ----------------------------------------------------------
   LAMMPS - Large-scale Atomic/Molecular Massively Parallel Simulator
   https://www.lammps.org/

   This software is distributed under the GNU General Public License.
------------------------------------------------------------------------- */

#ifndef LMP_RFMEAM_KSPACE_POTENTIAL_H
#define LMP_RFMEAM_KSPACE_POTENTIAL_H

#include "pointers.h"

#include <memory>
#include <vector>

namespace rfmeam {

/// dE/dq of the energy E that the kspace style of the simulation computes, at any charges q: its reciprocal sum, self
/// term, uniform background and slab correction. One product with the long-range part of the charge matrix, that is.
class KSpacePotential : protected LAMMPS_NS::Pointers {
 public:
  /// For the kspace style as it is; an error, if it cannot be part of the equilibration.
  static std::unique_ptr<KSpacePotential> create(LAMMPS_NS::LAMMPS *lmp);
  ~KSpacePotential() override = default;

  /// Takes the box and the positions of the atoms (on the host) as they are now.
  void prepare();
  /// out_i += dE/dq_i (energy/e) at the charges q (e); both of owned atoms, on the host. Collective.
  void add(const double *q, double *out);
  /// What the uniform background adds to xx, yy and zz of the virial, as it is strained with the box: its energy, which
  /// LAMMPS leaves out there. The shares of owned atoms, or none, if their charges q (on the host) add up to 0.
  /// Collective.
  std::vector<double> background_virial(const double *q) const;
  /// The atoms have other charges (on the host): the kspace style keeps sums of them.
  void charges_changed();

 protected:
  explicit KSpacePotential(LAMMPS_NS::LAMMPS *lmp_) : Pointers(lmp_) {}

  virtual void prepare_reciprocal() = 0;
  /// out_i += k_e dR/dq_i of the reciprocal sum R(q), its self-interaction included.
  virtual void add_reciprocal(const double *q, double k_e, double *out) = 0;

 private:
  std::vector<double> known_box;    // that the style is set up for

  [[nodiscard]] std::vector<double> box() const;
  [[nodiscard]] double volume() const;
  [[nodiscard]] double coulomb_constant() const;
};

}    // namespace rfmeam

#endif
