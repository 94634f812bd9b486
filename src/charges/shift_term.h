// Charge equilibration: electronegativities and hardnesses that differ from atom to atom. SPDX-License-Identifier:
// GPL-2.0-only
#ifndef RFMEAM_CHARGES_SHIFT_TERM_H
#define RFMEAM_CHARGES_SHIFT_TERM_H

#include "charge_term.h"

namespace rfmeam {

/// out += what shifts and hardens each atom.
struct AddShift {
  const double *shift, *hardness;    ///< hardness null: none
  const double *q;
  double *out;
  RFMEAM_FUNCTION void operator()(int i) const
  {
    out[i] += shift[i];
    if (hardness) out[i] += hardness[i] * q[i];
  }
};

/// out += values
struct AddValues {
  const double *values;
  double *out;
  RFMEAM_FUNCTION void operator()(int i) const { out[i] += values[i]; }
};

/// sum_i shift_i q_i + hardness_i q_i^2/2 over owned atoms, shift in energy/e and hardness in energy/e^2: what
/// neighbours add to electronegativities and hardnesses, or the potential of a field.
template <class Space> class ShiftTerm : public ChargeTerm<Space> {
 public:
  using typename ChargeTerm<Space>::Vector;
  using Values = typename Space::template Array<double>;

  Values shift, hardness;    ///< [num_owned]
  bool hardens = false;      ///< whether there are hardnesses
  int num_owned = 0;

  void reserve(int num_owned_)
  {
    num_owned = num_owned_;
    shift.reserve(num_owned);
    if (hardens) hardness.reserve(num_owned);
  }
  void add_gradient(Space &space, Vector &q, Vector &out) override
  {
    space.for_each("charges:shift", num_owned,
                   AddShift{shift.data(), hardens ? hardness.data() : nullptr, q.data(), out.data()});
  }
  void add_diagonal(Space &space, Vector & /*q*/, Vector &diagonal) override
  {
    if (hardens) space.for_each("charges:shift", num_owned, AddValues{hardness.data(), diagonal.data()});
  }
};

}    // namespace rfmeam

#endif
