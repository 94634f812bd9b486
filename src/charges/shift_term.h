// Charge equilibration: electronegativities that differ from atom to atom. SPDX-License-Identifier: GPL-2.0-only
#ifndef RFMEAM_CHARGES_SHIFT_TERM_H
#define RFMEAM_CHARGES_SHIFT_TERM_H

#include "charge_term.h"

namespace rfmeam {

/// out += shift of each atom
struct AddShift {
  const double *shift;
  double *out;
  RFMEAM_FUNCTION void operator()(int i) const { out[i] += shift[i]; }
};

/// sum_i shift_i q_i over owned atoms, shift in energy/e: what the environment adds to the electronegativities, or the
/// potential of a field.
template <class Space> class ShiftTerm : public ChargeTerm<Space> {
 public:
  using typename ChargeTerm<Space>::Vector;

  typename Space::template Array<double> shift;    ///< [num_owned]
  int num_owned = 0;

  void add_gradient(Space &space, Vector & /*q*/, Vector &out) override
  {
    space.for_each("charges:shift", num_owned, AddShift{shift.data(), out.data()});
  }
};

}    // namespace rfmeam

#endif
