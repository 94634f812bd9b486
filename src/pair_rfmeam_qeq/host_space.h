/* -*- c++ -*- ----------------------------------------------------------
   LAMMPS - Large-scale Atomic/Molecular Massively Parallel Simulator
   https://www.lammps.org/

   This software is distributed under the GNU General Public License.
------------------------------------------------------------------------- */

#ifndef LMP_RFMEAM_HOST_SPACE_H
#define LMP_RFMEAM_HOST_SPACE_H

#include "../charges/space.h"

#include "comm.h"
#include "neigh_list.h"
#include "pair.h"

#include <mpi.h>
#include <type_traits>

namespace rfmeam {

/// Sum is a double or a struct of Sum::size doubles.
template <class Sum> Sum sum_of_ranks(Sum mine, MPI_Comm world)
{
  static_assert(std::is_trivially_copyable_v<Sum>);
  constexpr int bytes = sizeof(Sum), of_double = sizeof(double);
  Sum all;
  MPI_Allreduce(&mine, &all, bytes / of_double, MPI_DOUBLE, MPI_SUM, world);
  return all;
}

inline double largest_of_ranks(double mine, MPI_Comm world)
{
  double all;
  MPI_Allreduce(&mine, &all, 1, MPI_DOUBLE, MPI_MAX, world);
  return all;
}

/// The Space of the plain style: one thread, MPI ranks; values travel with the communication of a pair style, which
/// packs and unpacks `traveller`.
class HostSpace : public SerialLoops<true> {
 public:
  explicit HostSpace(LAMMPS_NS::Pair *pair_, LAMMPS_NS::Comm *&comm_, MPI_Comm world_) :
      pair(pair_), comm(comm_), world(world_)
  {
  }

  double *traveller = nullptr;

  template <class Sum, class F> Sum sum(const char *label, int n, const F &f) const
  {
    return sum_of_ranks(this->template local_sum<Sum>(label, n, f), world);
  }
  template <class F> double largest(const char *label, int n, const F &f) const
  {
    return largest_of_ranks(this->template local_sum<double>(label, n, f), world);
  }
  void to_ghosts(GhostArray &array)
  {
    traveller = array.data();
    comm->forward_comm(pair);
  }
  void from_ghosts(GhostArray &array) { from_ghosts(array.data()); }
  void from_ghosts(double *array)
  {
    traveller = array;
    comm->reverse_comm(pair);
  }

 private:
  LAMMPS_NS::Pair *pair;
  LAMMPS_NS::Comm *&comm;    // comm_style makes another one
  MPI_Comm world;
};

/// A neighbour list of LAMMPS' host.
struct HostNeighbours {
  explicit HostNeighbours(const LAMMPS_NS::NeighList *list) :
      num(list->inum), ilist(list->ilist), numneigh(list->numneigh), firstneigh(list->firstneigh)
  {
  }

  int num;
  const int *ilist, *numneigh;
  int *const *firstneigh;

  int atom(int ii) const { return ilist[ii]; }
  int count(int i) const { return numneigh[i]; }
  const int *list(int i) const { return firstneigh[i]; }
  static constexpr int index_bits = NEIGHMASK;
};

}    // namespace rfmeam

#endif
