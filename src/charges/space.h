// Charge equilibration: where it runs. SPDX-License-Identifier: GPL-2.0-only
//
// A Space holds vectors and runs loops over them, so that the solvers exist once: SerialSpace here, the host with MPI
// in pair_rfmeam_qeq/host_space.h, Kokkos devices in kokkos/kokkos_space.h. Functors are named structs that work on
// plain pointers to the Space's memory. Vectors are indexed by atom: first the atoms that this rank owns, then its
// ghosts.
//
//   Array<T>, GhostArray             memory of a T, or of a double that travels to and from ghosts;
//                                    reserve(n) makes room for n and keeps nothing, data() is the pointer
//   half_rows                        which rows of the matrix are stored: each pair once, or once for either atom
//   num_threads()                    of a host, on which its loops run
//   chunk                            how many pairs a thread evaluates at a time
//   for_each(label, n, f)            f(i) for i < n, in any order
//   local_sum<Sum>(label, n, f)      f(i, sum) for i < n; the sum on this rank. Sum is a double or a struct of doubles
//                                    with size, +=
//   sum<Sum>(label, n, f)            over all ranks
//   largest(label, n, f)             f(i, largest) for i < n, largest >= 0 on all ranks
//   scan<Count>(label, n, f)         f(i, place, final) adds to place what i counts, see SerialTeam::scan()
//   for_each_part(label, n, f)       f(thread, begin, end) for each thread of a host: its part of the i < n
//   for_each_team(label, n, f)       f(team, i): the work of a team for each i
//   for_each_row(label, n, f)        the same for short loops without barriers: a team is the lanes of a vector unit
//   local_sum_rows<Sum>(label, n, f) f(team, i, sum), which adds to the sum in team.once()
//   scatter(label, n, array, make)   make(target) returns a functor f(i), in which `auto w = target.access()` adds to
//                                    the array at any place: w(j) += x
//   to_host(array, n), from_host(vector, array)
//                                    copies between the array and a std::vector
//   have_atoms(owned, all)           tells of other atoms or ghosts: so many that this rank owns, and with its ghosts
//   to_ghosts(array)                 copies the values of owned atoms to their ghosts on all ranks
//   from_ghosts(array)               adds the values of ghosts to those of the atoms they are ghosts of
#ifndef RFMEAM_CHARGES_SPACE_H
#define RFMEAM_CHARGES_SPACE_H

#include "../rfmeam/serial_team.h"

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>
#include <vector>

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace rfmeam {

/// Memory of the host, not initialised; large arrays ask for large pages, as they are read from end to end.
template <class T> class HostArray {
 public:
  void reserve(long long n)
  {
    static_assert(std::is_trivially_copyable_v<T>);
    if (n <= size) return;
    size = n + n / 10;
    memory.reset();
    const std::size_t wanted = static_cast<std::size_t>(size) * sizeof(T), page = wanted < large_page ? 64 : large_page;
    const std::size_t whole = (wanted + page - 1) / page * page;
    memory.reset(static_cast<T *>(std::aligned_alloc(page, whole)));
    if (!memory) throw std::bad_alloc();
#if defined(MADV_HUGEPAGE)
    if (page == large_page) madvise(memory.get(), whole, MADV_HUGEPAGE);    // an offer: no error if it is not taken
#endif
  }
  T *data() { return memory.get(); }
  const T *data() const { return memory.get(); }
  [[nodiscard]] double bytes() const { return static_cast<double>(size) * sizeof(T); }

 private:
  static constexpr std::size_t large_page = std::size_t(2) << 20;
  struct Free {
    void operator()(T *array) const { std::free(array); }
  };
  std::unique_ptr<T[], Free> memory;
  long long size = 0;
};

/// Adds to an array of the host, one thread at a time.
template <class T> struct HostTarget {
  T *array;
  struct Access {
    T *array;
    T &operator()(long long i) const { return array[i]; }
  };
  Access access() const { return {array}; }
};

/// The same for rows of `columns` numbers each: w(i, c) += x.
template <int columns> struct HostRows {
  double *array;
  struct Access {
    double *array;
    double &operator()(long long i, int c) const { return array[i * columns + c]; }
  };
  Access access() const { return {array}; }
};

/// Loops on the calling thread. Ranks and ghosts are the business of a class derived from it.
template <bool half> class SerialLoops {
 public:
  static constexpr bool half_rows = half;
  static constexpr int chunk = 512;
  static constexpr int num_threads() { return 1; }
  template <class T> using Array = HostArray<T>;
  using GhostArray = HostArray<double>;

  static void have_atoms(int, int) {}
  template <class F> void for_each(const char *, int n, const F &f) const
  {
    for (int i = 0; i < n; i++) f(i);
  }
  template <class Sum, class F> Sum local_sum(const char *, int n, const F &f) const
  {
    Sum sum{};
    for (int i = 0; i < n; i++) f(i, sum);
    return sum;
  }
  template <class Count, class F> Count scan(const char *, int n, const F &f) const
  {
    Count count = 0;
    for (int i = 0; i < n; i++) f(i, count, true);
    return count;
  }
  template <class F> void for_each_part(const char *, int n, const F &f) const { f(0, 0, n); }
  template <class F> void for_each_team(const char *, int n, const F &f) const
  {
    for (int i = 0; i < n; i++) f(SerialTeam(), i);
  }
  template <class F> void for_each_row(const char *label, int n, const F &f) const { for_each_team(label, n, f); }
  template <class Sum, class F> Sum local_sum_rows(const char *, int n, const F &f) const
  {
    Sum sum{};
    for (int i = 0; i < n; i++) f(SerialTeam(), i, sum);
    return sum;
  }
  template <class Make> void scatter(const char *label, int n, GhostArray &array, const Make &make) const
  {
    for_each(label, n, make(HostTarget<double>{array.data()}));
  }
  template <class T> std::vector<T> to_host(const HostArray<T> &array, long long n) const
  {
    return {array.data(), array.data() + n};
  }
  template <class T> void from_host(const std::vector<T> &from, HostArray<T> &array) const
  {
    std::copy(from.begin(), from.end(), array.data());
  }
};

/// One rank; ghosts are told by their owners: ghost number g, at owned + g, is an image of atom owner[g].
template <bool half = true> class SerialSpace : public SerialLoops<half> {
 public:
  using typename SerialLoops<half>::GhostArray;

  explicit SerialSpace(int owned_ = 0, std::vector<int> owner_ = {}) : owned(owned_), owner(std::move(owner_)) {}

  template <class Sum, class F> Sum sum(const char *label, int n, const F &f) const
  {
    return this->template local_sum<Sum>(label, n, f);
  }
  template <class F> double largest(const char *label, int n, const F &f) const
  {
    return this->template local_sum<double>(label, n, f);
  }
  void to_ghosts(GhostArray &array) const
  {
    for (std::size_t g = 0; g < owner.size(); g++) array.data()[owned + g] = array.data()[owner[g]];
  }
  void from_ghosts(GhostArray &array) const
  {
    for (std::size_t g = 0; g < owner.size(); g++) array.data()[owner[g]] += array.data()[owned + g];
  }

 private:
  int owned;
  std::vector<int> owner;
};

/// to[i] = from[i].
template <class To, class From> struct CopyElement {
  const From *from;
  To *to;
  RFMEAM_FUNCTION void operator()(int i) const { to[i] = static_cast<To>(from[i]); }
};

/// f(i) = value.
template <class T> struct Fill {
  T *array;
  T value;
  RFMEAM_FUNCTION void operator()(int i) const { array[i] = value; }
};

}    // namespace rfmeam

#endif
