/* -*- c++ -*- ----------------------------------------------------------
   LAMMPS - Large-scale Atomic/Molecular Massively Parallel Simulator
   https://www.lammps.org/

   This software is distributed under the GNU General Public License.
------------------------------------------------------------------------- */

#ifndef LMP_RFMEAM_KOKKOS_NEIGHBOURHOOD_H
#define LMP_RFMEAM_KOKKOS_NEIGHBOURHOOD_H

#include "kokkos_tables.h"
#include "kokkos_team.h"

#include "../pair_rfmeam_qeq/near_neighbours.h"
#include "../rfmeam/atom_energy.h"

#include "kokkos_type.h"
#include "neigh_list_kokkos.h"

#include <type_traits>

namespace rfmeam {

/// The atoms of this rank, ghosts included, where they are now, and the neighbour list of RF-MEAM.
template <class DeviceType> struct KokkosAtoms {
  using AT = ArrayTypes<DeviceType>;
  using Sites = Kokkos::View<Site<KK_FLOAT> *, DeviceType>;

  KokkosTables<DeviceType> tables;
  KK_FLOAT cutoff_sq;
  int max_listed;    // neighbours of an atom in the list
  Sites site;
  typename AT::t_neighbors_2d neighbors;
  typename AT::t_int_1d_randomread ilist, numneigh;

  /// Room for the neighbours of one atom, with that of whole vectors where one thread finds them.
  [[nodiscard]] int max_neighbours() const { return max_listed + (Shape<DeviceType>::teams ? 0 : near_padding); }
  /// Element of atom i; -1: it is not there.
  KOKKOS_INLINE_FUNCTION int element(int i) const { return site(i).element; }
};

/// The most neighbours that an atom has in a list.
template <class DeviceType> struct LongestList {
  typename ArrayTypes<DeviceType>::t_int_1d_randomread ilist, numneigh;
  KOKKOS_INLINE_FUNCTION void operator()(int ii, double &longest) const
  {
    const double listed = numneigh[ilist[ii]];
    if (listed > longest) longest = listed;
  }
};

/// Sets the sites of KokkosAtoms.
template <class DeviceType> struct PlaceAtoms {
  using AT = ArrayTypes<DeviceType>;

  KokkosTables<DeviceType> tables;
  typename AT::t_kkfloat_1d_3_lr_randomread x;
  typename AT::t_int_1d_randomread type;
  typename KokkosAtoms<DeviceType>::Sites site;

  KOKKOS_INLINE_FUNCTION void operator()(int i) const
  {
    site(i) = {x(i, 0), x(i, 1), x(i, 2), tables.element_of_type(type[i])};
  }
};

/// The neighbours of the atoms of a list in the order of distance, the screening of their bonds and what makes their
/// environments: what the pass that finds the surroundings of charges leaves to that of the forces. Of the shape of the
/// neighbour list.
template <class DeviceType> class KokkosKeptNeighbourhoods {
 public:
  void reserve(int num_atoms, int max_neighbours)
  {
    if (static_cast<int>(count.extent(0)) >= num_atoms && static_cast<int>(atom.extent(1)) >= max_neighbours) return;
    const int rows = num_atoms + num_atoms / 10;
    count = {}, atom = {}, screening = {}, environment = {}, bare_environment = {};
    count = View<int *>(Kokkos::view_alloc("rfmeam:kept_count", Kokkos::WithoutInitializing), rows);
    atom = View<int **>(Kokkos::view_alloc("rfmeam:kept_atom", Kokkos::WithoutInitializing), rows, max_neighbours);
    environment = View<KK_FLOAT *>(Kokkos::view_alloc("rfmeam:kept_environment", Kokkos::WithoutInitializing), rows);
    screening = View<KK_FLOAT **>(Kokkos::view_alloc("rfmeam:kept_screening", Kokkos::WithoutInitializing), rows,
                                  max_neighbours);
    bare_environment =
        View<KK_FLOAT **>(Kokkos::view_alloc("rfmeam:kept_bare", Kokkos::WithoutInitializing), rows, max_neighbours);
  }
  [[nodiscard]] double bytes() const
  {
    return static_cast<double>(count.span() * sizeof(int) + atom.span() * sizeof(int) +
                               (screening.span() + bare_environment.span() + environment.span()) * sizeof(KK_FLOAT));
  }

  template <class T> using View = Kokkos::View<T, Kokkos::LayoutRight, DeviceType>;
  View<int *> count;
  View<int **> atom;
  View<KK_FLOAT **> screening, bare_environment;
  View<KK_FLOAT *> environment;
};

/// The neighbourhood of one atom in the scratch memory of its team; with bonds, where one thread is a team.
template <class DeviceType> class ScratchNeighbourhood {
 public:
  static std::size_t bytes(int max_neighbours)
  {
    return Reals::shmem_size(reals_per_neighbour * max_neighbours) +
        Ints::shmem_size(ints_per_neighbour * max_neighbours) + (has_bonds ? Bonds::shmem_size(max_neighbours) : 0);
  }

  template <class Member>
  KOKKOS_INLINE_FUNCTION ScratchNeighbourhood(const Member &member, int level, int max_neighbours) :
      stride(max_neighbours)
  {
    const Reals reals(member.team_scratch(level), reals_per_neighbour * stride);
    const Ints ints(member.team_scratch(level), ints_per_neighbour * stride);
    lengths = reals.data();
    atoms = ints.data();
    if constexpr (has_bonds) bonds = Bonds(member.team_scratch(level), stride).data();
  }

  /// Local or ghost index of neighbour m, sorted by distance.
  KOKKOS_INLINE_FUNCTION int atom(int m) const { return atoms[m]; }

  /// The neighbours of atom i that matter to it, from the neighbour list.
  template <class Team>
  KOKKOS_INLINE_FUNCTION Neighbourhood<KK_FLOAT> find(const Team &team, const KokkosAtoms<DeviceType> &a, int i) const
  {
    const Site<KK_FLOAT> mine = a.site(i);
    const ModelView<KK_FLOAT> model = a.tables.model();
    const PairParameters<KK_FLOAT> *const pair = &model.pair_of(mine.element, 0);
    const NeighbourArrays<KK_FLOAT> found = found_arrays(), sorted = sorted_arrays();
    if constexpr (std::is_same_v<Team, SerialTeam>) {
      prefetch_next_list(a, i);
      const int count = near_neighbours(mine, pair, model.num_elements, list_of(a, i), a.site.data(), found);
      sort_by_distance(found, count, a.cutoff_sq, sorted);
      return view(count, mine.element);
    }

    const int count = team.scan(a.numneigh[i], [&](int jj, int &place, bool final) {
      const int j = a.neighbors(i, jj) & NEIGHMASK;
      const Site<KK_FLOAT> other = a.site(j);
      const KK_FLOAT rx = other.x - mine.x, ry = other.y - mine.y, rz = other.z - mine.z;
      const KK_FLOAT rsq = rx * rx + ry * ry + rz * rz;
      if (other.element < 0 || !(rsq < pair[other.element].reach_sq)) return;
      if (final) {
        found.atom[place] = j, found.element[place] = other.element;
        found.x[place] = rx, found.y[place] = ry, found.z[place] = rz, found.rsq[place] = rsq;
      }
      place++;
    });
    team.for_each(count, [&](int k) {
      const int m = distance_rank(found.rsq, count, k);
      sorted.atom[m] = found.atom[k], sorted.element[m] = found.element[k];
      sorted.x[m] = found.x[k], sorted.y[m] = found.y[k], sorted.z[m] = found.z[k], sorted.rsq[m] = found.rsq[k];
    });
    return view(count, mine.element);
  }

  /// The same from those that were kept as number ii of the list.
  template <class Team>
  KOKKOS_INLINE_FUNCTION Neighbourhood<KK_FLOAT> recall(const Team &team, const KokkosAtoms<DeviceType> &a, int i,
                                                        const KokkosKeptNeighbourhoods<DeviceType> &kept, int ii) const
  {
    const Site<KK_FLOAT> mine = a.site(i);
    const int count = kept.count(ii);
    Neighbourhood<KK_FLOAT> nb = view(count, mine.element);
    nb.is_screened = true;
    nb.environment = kept.environment(ii);
    nb.bare_environment = &kept.bare_environment(ii, 0);
    const NeighbourArrays<KK_FLOAT> to = sorted_arrays();
    team.for_each(count, [&](int m) {
      const int j = kept.atom(ii, m);
      const Site<KK_FLOAT> other = a.site(j);
      const KK_FLOAT rx = other.x - mine.x, ry = other.y - mine.y, rz = other.z - mine.z;
      to.atom[m] = j, to.element[m] = other.element;
      to.x[m] = rx, to.y[m] = ry, to.z[m] = rz, to.rsq[m] = rx * rx + ry * ry + rz * rz;
      nb.screening[m] = kept.screening(ii, m);
    });
    return nb;
  }

 private:
  using Scratch = typename DeviceType::scratch_memory_space;
  using Reals = Kokkos::View<KK_FLOAT *, Scratch, Kokkos::MemoryTraits<Kokkos::Unmanaged>>;
  using Ints = Kokkos::View<int *, Scratch, Kokkos::MemoryTraits<Kokkos::Unmanaged>>;
  using Bonds = Kokkos::View<UnscreenedBond<KK_FLOAT> *, Scratch, Kokkos::MemoryTraits<Kokkos::Unmanaged>>;
  static constexpr bool has_bonds = !Shape<DeviceType>::teams;
  static constexpr int reals_per_neighbour = 8, ints_per_neighbour = 4;

  int stride;
  KK_FLOAT *lengths;    // x, y, z, rsq, then the work space of the energy
  int *atoms;           // atoms, their elements, then both as they were found
  UnscreenedBond<KK_FLOAT> *bonds = nullptr;

  /// For one thread: the neighbour list of atom i, or its copy in place of what is found last.
  KOKKOS_INLINE_FUNCTION ListedSites list_of(const KokkosAtoms<DeviceType> &a, int i) const
  {
    const int listed = a.numneigh[i];
    if constexpr (list_is_contiguous<DeviceType>) return {listed, &a.neighbors(i, 0), NEIGHMASK};
    for (int jj = 0; jj < listed; jj++) atoms[jj] = a.neighbors(i, jj);
    return {listed, atoms, NEIGHMASK};
  }
  /// For one thread: the list of the atom behind, which is probably the next one and about as long. Rows of KOKKOS'
  /// lists have gaps between them, so that the processor does not see what will be read.
  KOKKOS_INLINE_FUNCTION void prefetch_next_list(const KokkosAtoms<DeviceType> &a, int i) const
  {
#if defined(__GNUC__) && !RFMEAM_ON_DEVICE
    constexpr int line = 64 / sizeof(int);
    if (!list_is_contiguous<DeviceType> || i + 1 >= static_cast<int>(a.neighbors.extent(0))) return;
    const int *const next = &a.neighbors(i + 1, 0);
    for (int m = 0; m < a.numneigh[i]; m += line) __builtin_prefetch(next + m);
#endif
  }
  KOKKOS_INLINE_FUNCTION KK_FLOAT *work() const { return lengths + 4 * stride; }
  KOKKOS_INLINE_FUNCTION int *elements() const { return atoms + stride; }
  KOKKOS_INLINE_FUNCTION NeighbourArrays<KK_FLOAT> sorted_arrays() const
  {
    return {atoms, elements(), lengths, lengths + stride, lengths + 2 * stride, lengths + 3 * stride};
  }
  /// In the work space of the energy, which is not needed yet.
  KOKKOS_INLINE_FUNCTION NeighbourArrays<KK_FLOAT> found_arrays() const
  {
    return {atoms + 2 * stride, atoms + 3 * stride, work(), work() + stride, work() + 2 * stride, work() + 3 * stride};
  }
  KOKKOS_INLINE_FUNCTION Neighbourhood<KK_FLOAT> view(int count, int center_element) const
  {
    return {count,
            center_element,
            elements(),
            lengths,
            lengths + stride,
            lengths + 2 * stride,
            lengths + 3 * stride,
            work(),
            work() + stride,
            work() + 2 * stride,
            work() + 3 * stride,
            false,
            bonds};
  }
};

}    // namespace rfmeam

#endif
