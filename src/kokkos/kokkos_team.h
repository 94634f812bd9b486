/* -*- c++ -*- ----------------------------------------------------------
   LAMMPS - Large-scale Atomic/Molecular Massively Parallel Simulator
   https://www.lammps.org/

   This software is distributed under the GNU General Public License.
------------------------------------------------------------------------- */

#ifndef LMP_RFMEAM_KOKKOS_TEAM_H
#define LMP_RFMEAM_KOKKOS_TEAM_H

#include "../rfmeam/serial_team.h"

#include "kokkos_type.h"

#include <type_traits>

namespace rfmeam {

/// How the loops of a device are shaped. A host runs teams of one thread with loops that vectorise, unless it is to try
/// out the shape that a GPU has (-DRFMEAM_DEVICE_SHAPE=ON).
template <class DeviceType> struct Shape {
  static constexpr bool on_gpu = ExecutionSpaceFromDevice<DeviceType>::space == LAMMPS_NS::Device;
#ifdef RFMEAM_DEVICE_SHAPE
  static constexpr bool teams = true;
#else
  static constexpr bool teams = on_gpu;
#endif
  static constexpr int atom_team = on_gpu ? 32
      : teams                             ? 2
                                          : 1;    ///< threads for an atom's energy or a row of the matrix
  static constexpr int row_team = on_gpu ? 8 : teams ? 2 : 1;    ///< rows a team multiplies at a time
  static constexpr int lanes = on_gpu ? 32 : 1;                  ///< for one of them
  static constexpr int chunk = teams ? 1 : 512;                  ///< pairs that a thread evaluates at a time

  /// Teams for atoms. On a GPU the compiler keeps registers to what so many threads would leave for each, since latency
  /// is hidden by more teams at a time. Teams are smaller, but that many must not be asked for to be resident, as their
  /// scratch memory has no room beside each other where neighbourhoods are large.
  template <int threads>
  using Teams = std::conditional_t<on_gpu, Kokkos::TeamPolicy<DeviceType, Kokkos::LaunchBounds<threads, 1>>,
                                   Kokkos::TeamPolicy<DeviceType>>;
};

/// Whether threads of a host find the neighbours of an atom side by side in LAMMPS' list.
template <class DeviceType>
constexpr bool list_is_contiguous = !Shape<DeviceType>::teams &&
    std::is_same_v<typename ArrayTypes<DeviceType>::t_neighbors_2d::array_layout, Kokkos::LayoutRight>;

/// Sums structs with operator+= and a constructor that makes them 0.
template <class Sum> struct SumReducer {
  using reducer = SumReducer;
  using value_type = Sum;
  using result_view_type = Kokkos::View<Sum, Kokkos::HostSpace, Kokkos::MemoryUnmanaged>;

  Sum *target;

  KOKKOS_INLINE_FUNCTION explicit SumReducer(Sum &target_) : target(&target_) {}
  KOKKOS_INLINE_FUNCTION void join(Sum &to, const Sum &from) const { to += from; }
  KOKKOS_INLINE_FUNCTION void init(Sum &sum) const { sum = Sum{}; }
  KOKKOS_INLINE_FUNCTION Sum &reference() const { return *target; }
  KOKKOS_INLINE_FUNCTION result_view_type view() const { return result_view_type(target); }
  KOKKOS_INLINE_FUNCTION bool references_scalar() const { return true; }
};

/// The threads of a Kokkos team, see SerialTeam.
template <class Member> struct KokkosTeam {
  const Member &member;

  template <class Function> KOKKOS_INLINE_FUNCTION void for_each(int n, const Function &f) const
  {
    Kokkos::parallel_for(Kokkos::TeamThreadRange(member, n), f);
    member.team_barrier();
  }
  template <class Sum, class Function> KOKKOS_INLINE_FUNCTION Sum reduce(int n, const Function &f) const
  {
    Sum sum{};
    Kokkos::parallel_reduce(Kokkos::TeamThreadRange(member, n), f, SumReducer<Sum>(sum));
    member.team_barrier();
    return sum;
  }
  template <class Function> KOKKOS_INLINE_FUNCTION int scan(int n, const Function &f) const
  {
    int total = 0;
    Kokkos::parallel_scan(Kokkos::TeamThreadRange(member, n), f, total);
    member.team_barrier();
    return total;
  }
  template <class Real> KOKKOS_INLINE_FUNCTION static void add(Real &target, Real value)
  {
    Kokkos::atomic_add(&target, value);
  }
  template <class Function> KOKKOS_INLINE_FUNCTION void once(const Function &f) const
  {
    Kokkos::single(Kokkos::PerTeam(member), f);
  }
};

/// The lanes of one thread of a Kokkos team: for sums over short loops.
template <class Member> struct KokkosLanes {
  const Member &member;

  template <class Sum, class Function> KOKKOS_INLINE_FUNCTION Sum reduce(int n, const Function &f) const
  {
    Sum sum{};
    Kokkos::parallel_reduce(Kokkos::ThreadVectorRange(member, n), f, SumReducer<Sum>(sum));
    return sum;
  }
  template <class Function> KOKKOS_INLINE_FUNCTION void once(const Function &f) const
  {
    Kokkos::single(Kokkos::PerThread(member), f);
  }
};

}    // namespace rfmeam

#endif
