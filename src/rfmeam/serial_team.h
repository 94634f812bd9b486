// RF-MEAM physics library: a team of one. SPDX-License-Identifier: GPL-2.0-only
//
// A Team runs the loops of one atom or one row of a matrix: SerialTeam here, a Kokkos team on a device. All of its
// threads call the function that takes it, with the same arguments.
#ifndef RFMEAM_SERIAL_TEAM_H
#define RFMEAM_SERIAL_TEAM_H

#include "config.h"

namespace rfmeam {

struct SerialTeam {
  /// f(m) for m < n; what it wrote is seen by the whole team afterwards.
  template <class Function> RFMEAM_FUNCTION void for_each(int n, const Function &f) const
  {
    for (int m = 0; m < n; m++) f(m);
  }
  /// f(m, sum) for m < n, each adding to its share of the sum; all threads get the total.
  template <class Sum, class Function> RFMEAM_FUNCTION Sum reduce(int n, const Function &f) const
  {
    Sum sum{};
    for (int m = 0; m < n; m++) f(m, sum);
    return sum;
  }
  /// f(m, place, final) for m < n adds to place what m counts; with final, place is what those before m counted.
  /// f may be called twice for an m, the last time with final. Returns the whole count.
  template <class Function> RFMEAM_FUNCTION int scan(int n, const Function &f) const
  {
    int total = 0;
    for (int m = 0; m < n; m++) f(m, total, true);
    return total;
  }
  /// Adds to a number that other threads of the team may add to.
  template <class Real> RFMEAM_FUNCTION static void add(Real &target, Real value) { target += value; }
  /// f() by one thread of the team, to write what is the team's result.
  template <class Function> RFMEAM_FUNCTION void once(const Function &f) const { f(); }
};

}    // namespace rfmeam

#endif
