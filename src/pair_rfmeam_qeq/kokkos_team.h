/* -*- c++ -*- ----------------------------------------------------------
   LAMMPS - Large-scale Atomic/Molecular Massively Parallel Simulator
   https://www.lammps.org/

   This software is distributed under the GNU General Public License.
------------------------------------------------------------------------- */

#ifndef LMP_RFMEAM_KOKKOS_TEAM_H
#define LMP_RFMEAM_KOKKOS_TEAM_H

#include "kokkos_type.h"

namespace LAMMPS_NS {

/// Kokkos::parallel_scan over f(k, sum, final), k < n, by a team; on the host, where a team is one thread, in one pass.
template <class DeviceType, class Member, class Function>
KOKKOS_INLINE_FUNCTION void team_scan(const Member &member, int n, int &total, const Function &f)
{
  if constexpr (ExecutionSpaceFromDevice<DeviceType>::space == Device) {
    Kokkos::parallel_scan(Kokkos::TeamThreadRange(member, n), f, total);
  } else {
    total = 0;
    for (int k = 0; k < n; k++) f(k, total, true);
  }
  member.team_barrier();
}

}    // namespace LAMMPS_NS

#endif
