/* -*- c++ -*- ----------------------------------------------------------
   LAMMPS - Large-scale Atomic/Molecular Massively Parallel Simulator
   https://www.lammps.org/

   This software is distributed under the GNU General Public License.
------------------------------------------------------------------------- */

#ifndef LMP_RFMEAM_KOKKOS_SPACE_H
#define LMP_RFMEAM_KOKKOS_SPACE_H

#include "kokkos_team.h"

#include "../pair_rfmeam_qeq/host_space.h"

#include "kokkos_type.h"
#include "neigh_list_kokkos.h"

#include <algorithm>
#include <string>
#include <type_traits>
#include <vector>

namespace rfmeam {

template <class View> void reserve_view(View &view, long long n, const char *label)
{
  if (static_cast<long long>(view.extent(0)) >= n) return;
  view = View();
  view = View(Kokkos::view_alloc(std::string(label), Kokkos::WithoutInitializing), n + n / 10);
}

/// Memory of a device.
template <class DeviceType, class T> class KokkosArray {
 public:
  void reserve(long long n) { reserve_view(view, n, "rfmeam:array"); }
  T *data() { return view.data(); }
  const T *data() const { return view.data(); }
  [[nodiscard]] double bytes() const { return static_cast<double>(view.extent(0) * sizeof(T)); }

  Kokkos::View<T *, DeviceType> view;
};

/// Memory of a device with a copy on the host, for communication that goes through the host.
template <class DeviceType> class KokkosGhostArray {
 public:
  using Dual = DAT::tdual_double_1d;

  void reserve(long long n)
  {
    if (static_cast<long long>(dual.extent(0)) >= n) return;
    dual = Dual();
    dual = Dual("rfmeam:array", n + n / 10);
  }
  double *data() { return dual.view<DeviceType>().data(); }
  const double *data() const { return dual.view<DeviceType>().data(); }
  [[nodiscard]] double bytes() const { return static_cast<double>(dual.extent(0) * sizeof(double)); }

  Dual dual;
};

/// Adds to a view where no two threads meet: at the atom's own place, or with one thread.
template <class View> struct Unshared {
  View view;
  KOKKOS_INLINE_FUNCTION const View &access() const { return view; }
};

/// run(target) with a target that bears the threads of the device, for each of the views, which then has all that was
/// added.
template <class DeviceType, class Run, class... Views> void scatter_to(const Run &run, Views... views)
{
  if (DeviceType().concurrency() == 1) return run(Unshared<Views>{views}...);
  const auto scatter = [&](const auto &...targets) {
    run(targets...);
    (Kokkos::Experimental::contribute(views, targets), ...);
  };
  scatter(Kokkos::Experimental::create_scatter_view(views)...);
}

/// The Space of a Kokkos device. Values travel as `traveller`, which the pair style packs and unpacks.
template <class DeviceType> class KokkosSpace {
 public:
  using Range = Kokkos::RangePolicy<DeviceType>;
  using Teams = Kokkos::TeamPolicy<DeviceType>;
  using Member = typename Teams::member_type;
  using shape = Shape<DeviceType>;
  using RowTeams = typename shape::template Teams<768>;
  static constexpr bool half_rows = !shape::teams;
  static constexpr int chunk = shape::chunk;
  static int num_threads() { return DeviceType().concurrency(); }
  template <class T> using Array = std::conditional_t<shape::on_gpu, KokkosArray<DeviceType, T>, HostArray<T>>;
  using GhostArray = KokkosGhostArray<DeviceType>;

  explicit KokkosSpace(LAMMPS_NS::Pair *pair_, LAMMPS_NS::Comm *&comm_, MPI_Comm world_) :
      pair(pair_), comm(comm_), world(world_)
  {
  }

  typename GhostArray::Dual *traveller = nullptr;

  template <class F> void for_each(const char *label, int n, const F &f) const
  {
    if (n > 0) Kokkos::parallel_for(label, Range(0, n), f);
  }
  template <class Sum, class F> Sum local_sum(const char *label, int n, const F &f) const
  {
    Sum sum{};
    if (n > 0) Kokkos::parallel_reduce(label, Range(0, n), f, SumReducer<Sum>(sum));
    return sum;
  }
  template <class Sum, class F> Sum sum(const char *label, int n, const F &f) const
  {
    return sum_of_ranks(local_sum<Sum>(label, n, f), world);
  }
  template <class F> double largest_of_rank(const char *label, int n, const F &f) const
  {
    double mine = 0.0;
    if (n > 0) Kokkos::parallel_reduce(label, Range(0, n), f, Kokkos::Max<double>(mine));
    return mine > 0.0 || std::isnan(mine) ? mine : 0.0;
  }
  template <class F> double largest(const char *label, int n, const F &f) const
  {
    return largest_of_ranks(largest_of_rank(label, n, f), world);
  }
  template <class Count, class F> Count scan(const char *label, int n, const F &f) const
  {
    Count count = 0;
    if (n > 0) Kokkos::parallel_scan(label, Range(0, n), f, count);
    return count;
  }

  template <class F> void for_each_part(const char *label, int n, const F &f) const
  {
    Kokkos::parallel_for(label, Range(0, num_threads()), OnPart<F>{f, n, num_threads()});
  }
  template <class F> void for_each_team(const char *label, int n, const F &f) const
  {
    if (n == 0) return;
    if constexpr (shape::teams)
      Kokkos::parallel_for(label, RowTeams(n, shape::atom_team), OnTeam<F>{f});
    else
      Kokkos::parallel_for(label, Range(0, n), OnThread<F>{f});
  }
  template <class F> void for_each_row(const char *label, int n, const F &f) const
  {
    if (n == 0) return;
    if constexpr (shape::teams)
      Kokkos::parallel_for(label, row_policy(n), OnLanes<F>{f, n});
    else
      Kokkos::parallel_for(label, Range(0, n), OnThread<F>{f});
  }
  template <class Sum, class F> Sum local_sum_rows(const char *label, int n, const F &f) const
  {
    Sum sum{};
    if (n == 0) return sum;
    if constexpr (shape::teams)
      Kokkos::parallel_reduce(label, row_policy(n), SumOnLanes<F, Sum>{{f, n}}, SumReducer<Sum>(sum));
    else
      Kokkos::parallel_reduce(label, Range(0, n), OnThread<F>{f}, SumReducer<Sum>(sum));
    return sum;
  }
  template <class Make> void scatter(const char *label, int n, GhostArray &array, const Make &make) const
  {
    scatter_to<DeviceType>([&](const auto &target) { for_each(label, n, make(target)); },
                           array.dual.template view<DeviceType>());
  }

  void have_atoms(int num_owned_, int num_all_)
  {
    num_owned = num_owned_;
    num_all = num_all_;
    images_known = false;
  }
  void to_ghosts(GhostArray &array)
  {
    if (shape::teams && comm->nprocs == 1) return copy_to_images(array);
    send_to_ghosts(array);
  }
  void from_ghosts(GhostArray &array) { from_ghosts(array.dual); }
  void from_ghosts(typename GhostArray::Dual &dual)
  {
    dual.template modify<DeviceType>();
    traveller = &dual;
    comm->reverse_comm(pair);
    dual.template sync<DeviceType>();
  }

  template <class T> std::vector<T> to_host(const KokkosArray<DeviceType, T> &array, long long n) const
  {
    return copied(array.view, n);
  }
  template <class T> std::vector<T> to_host(const HostArray<T> &array, long long n) const
  {
    return {array.data(), array.data() + n};
  }
  std::vector<double> to_host(const GhostArray &array, long long n) const
  {
    return copied(array.dual.template view<DeviceType>(), n);
  }
  void from_host(const std::vector<double> &from, GhostArray &array) const
  {
    copy_to(array.dual.template view<DeviceType>(), from);
  }
  void from_host(const std::vector<double> &from, KokkosArray<DeviceType, double> &array) const
  {
    copy_to(array.view, from);
  }
  static void from_host(const std::vector<double> &from, HostArray<double> &array)
  {
    std::copy(from.begin(), from.end(), array.data());
  }

 private:
  LAMMPS_NS::Pair *pair;
  LAMMPS_NS::Comm *&comm;
  MPI_Comm world;
  GhostArray image;    // of a ghost: the atom that it is an image of, of an atom: itself; for one rank
  bool images_known = false;
  int num_owned = 0, num_all = 0;

  void send_to_ghosts(GhostArray &array)
  {
    array.dual.template modify<DeviceType>();
    traveller = &array.dual;
    comm->forward_comm(pair);
    array.dual.template sync<DeviceType>();
  }
  /// What send_to_ghosts() does on one rank, in one kernel instead of two for each of its six messages. They tell once
  /// where values come from.
  void copy_to_images(GhostArray &array)
  {
    if (!images_known) {
      image.reserve(num_all);
      for_each("rfmeam:images", num_owned, SetToIndex{image.data()});
      send_to_ghosts(image);
      images_known = true;
    }
    array.dual.template modify<DeviceType>();
    for_each("rfmeam:images", num_all - num_owned, CopyToImage{num_owned, image.data(), array.data()});
  }
  static Teams row_policy(int n)
  {
    return Teams((n + shape::row_team - 1) / shape::row_team, shape::row_team, shape::lanes);
  }
  template <class View> static void copy_to(const View &to, const std::vector<double> &from)
  {
    const Kokkos::View<const double *, Kokkos::HostSpace, Kokkos::MemoryUnmanaged> source(from.data(), from.size());
    Kokkos::deep_copy(Kokkos::subview(to, std::make_pair(std::size_t(0), from.size())), source);
  }
  template <class View> static auto copied(const View &view, long long n)
  {
    const auto part = Kokkos::subview(view, std::make_pair(0LL, n));
    const auto host = Kokkos::create_mirror_view_and_copy(Kokkos::HostSpace(), part);
    return std::vector<typename View::non_const_value_type>(host.data(), host.data() + n);
  }

 public:    // kernels of CUDA must be
  struct SetToIndex {
    double *array;
    KOKKOS_INLINE_FUNCTION void operator()(int i) const { array[i] = i; }
  };
  struct CopyToImage {
    int first;
    const double *image;
    double *array;
    KOKKOS_INLINE_FUNCTION void operator()(int g) const
    {
      array[first + g] = array[static_cast<int>(image[first + g])];
    }
  };
  template <class F> struct OnThread {
    F f;
    KOKKOS_INLINE_FUNCTION void operator()(int i) const { f(SerialTeam(), i); }
    template <class Sum> KOKKOS_INLINE_FUNCTION void operator()(int i, Sum &sum) const { f(SerialTeam(), i, sum); }
  };
  template <class F> struct OnPart {
    F f;
    int n, num_parts;
    KOKKOS_INLINE_FUNCTION void operator()(int part) const { f(part, begin(part), begin(part + 1)); }
    KOKKOS_INLINE_FUNCTION int begin(int part) const { return static_cast<int>(1LL * n * part / num_parts); }
  };
  template <class F> struct OnTeam {
    F f;
    KOKKOS_INLINE_FUNCTION void operator()(const Member &member) const
    {
      f(KokkosTeam<Member>{member}, member.league_rank());
    }
  };
  template <class F> struct OnLanes {
    F f;
    int n;
    KOKKOS_INLINE_FUNCTION void operator()(const Member &member) const
    {
      for_rows(member, [&](int i) { f(KokkosLanes<Member>{member}, i); });
    }
    template <class Sum> KOKKOS_INLINE_FUNCTION void operator()(const Member &member, Sum &sum) const
    {
      for_rows(member, [&](int i) { f(KokkosLanes<Member>{member}, i, sum); });
    }
    template <class Row> KOKKOS_INLINE_FUNCTION void for_rows(const Member &member, const Row &row) const
    {
      const int begin = member.league_rank() * shape::row_team;
      const int end = begin + shape::row_team < n ? begin + shape::row_team : n;
      Kokkos::parallel_for(Kokkos::TeamThreadRange(member, begin, end), row);
    }
  };
  /// A sum by teams: CUDA looks for the type of the sum before it asks the reducer.
  template <class F, class Sum> struct SumOnLanes : OnLanes<F> {
    using value_type = Sum;
  };
};

/// A neighbour list of a device.
template <class DeviceType> struct KokkosNeighbours {
  explicit KokkosNeighbours(LAMMPS_NS::NeighList *list)
  {
    auto *const kokkos_list = static_cast<LAMMPS_NS::NeighListKokkos<DeviceType> *>(list);
    num = list->inum;
    ilist = kokkos_list->d_ilist;
    numneigh = kokkos_list->d_numneigh;
    neighbors = kokkos_list->d_neighbors;
  }

  using AT = ArrayTypes<DeviceType>;
  int num;
  typename AT::t_int_1d_randomread ilist, numneigh;
  typename AT::t_neighbors_2d neighbors;

  KOKKOS_INLINE_FUNCTION int atom(int ii) const { return ilist[ii]; }
  KOKKOS_INLINE_FUNCTION int count(int i) const { return numneigh[i]; }
  KOKKOS_INLINE_FUNCTION int neighbour(int i, int jj) const { return neighbors(i, jj) & NEIGHMASK; }

  // for one thread, where the neighbours of an atom are side by side
  static constexpr bool has_lists = list_is_contiguous<DeviceType>;
  static constexpr int index_bits = NEIGHMASK;
  KOKKOS_INLINE_FUNCTION const int *list(int i) const
    requires has_lists
  {
    return &neighbors(i, 0);
  }
};

}    // namespace rfmeam

#endif
