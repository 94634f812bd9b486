/* -*- c++ -*- ----------------------------------------------------------
   LAMMPS - Large-scale Atomic/Molecular Massively Parallel Simulator
   https://www.lammps.org/

   This software is distributed under the GNU General Public License.
------------------------------------------------------------------------- */

#ifndef LMP_RFMEAM_KSPACE_TERM_H
#define LMP_RFMEAM_KSPACE_TERM_H

#include "kspace_potential.h"

#include "../charges/charge_term.h"
#include "../charges/shift_term.h"

#include <vector>

namespace rfmeam {

/// The energy of the kspace style as an addend of E(q). None of it counts as diagonal: what an atom has from the self
/// term and its own images nearly cancels, and the diagonal that preconditions stays positive.
template <class Space> class KSpaceTerm : public ChargeTerm<Space> {
 public:
  using typename ChargeTerm<Space>::Vector;

  KSpacePotential *kspace = nullptr;
  int num_owned = 0;

  [[nodiscard]] bool couples_atoms() const override { return true; }
  void add_gradient(Space &space, Vector &q, Vector &out) override { add_product(space, q, out); }
  void add_product(Space &space, Vector &p, Vector &out) override
  {
    const std::vector<double> charges = space.to_host(p, num_owned);
    std::vector<double> potential(num_owned, 0.0);
    kspace->add(charges.data(), potential.data());
    values.reserve(num_owned);
    space.from_host(potential, values);
    space.for_each("charges:kspace", num_owned, AddValues{values.data(), out.data()});
  }

 private:
  Vector values;
};

}    // namespace rfmeam

#endif
