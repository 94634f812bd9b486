/* -*- c++ -*- ----------------------------------------------------------
   LAMMPS - Large-scale Atomic/Molecular Massively Parallel Simulator
   https://www.lammps.org/

   This software is distributed under the GNU General Public License.
------------------------------------------------------------------------- */

#ifndef LMP_RFMEAM_KOKKOS_NEIGHBOURHOOD_H
#define LMP_RFMEAM_KOKKOS_NEIGHBOURHOOD_H

#include "kokkos_tables.h"

#include "../rfmeam/atom_energy.h"

#include "kokkos_type.h"
#include "neigh_list_kokkos.h"

namespace rfmeam {

/// The atoms of this rank, ghosts included, and the neighbour list of RF-MEAM.
template <class DeviceType> struct KokkosAtoms {
  using AT = ArrayTypes<DeviceType>;

  KokkosTables<DeviceType> tables;
  KK_FLOAT cutoff_sq;
  typename AT::t_kkfloat_1d_3_lr_randomread x;
  typename AT::t_int_1d_randomread type;
  typename AT::t_neighbors_2d neighbors;
  typename AT::t_int_1d_randomread ilist, numneigh;

  [[nodiscard]] int max_neighbours() const { return static_cast<int>(neighbors.extent(1)); }
  /// Element of atom i; -1: it is not there.
  KOKKOS_INLINE_FUNCTION int element(int i) const { return tables.element_of_type(type[i]); }
};

/// The neighbours of the atoms of a list in the order of distance, and the screening of their bonds: what the pass that
/// finds the surroundings of charges leaves to that of the forces. Of the shape of the neighbour list.
template <class DeviceType> class KokkosKeptNeighbourhoods {
 public:
  void reserve(int num_atoms, int max_neighbours)
  {
    if (static_cast<int>(count.extent(0)) >= num_atoms && static_cast<int>(atom.extent(1)) >= max_neighbours) return;
    const int rows = num_atoms + num_atoms / 10;
    count = {}, atom = {}, screening = {};
    count = View<int *>(Kokkos::view_alloc("rfmeam:kept_count", Kokkos::WithoutInitializing), rows);
    atom = View<int **>(Kokkos::view_alloc("rfmeam:kept_atom", Kokkos::WithoutInitializing), rows, max_neighbours);
    screening = View<KK_FLOAT **>(Kokkos::view_alloc("rfmeam:kept_screening", Kokkos::WithoutInitializing), rows,
                                  max_neighbours);
  }
  [[nodiscard]] double bytes() const
  {
    return static_cast<double>(count.span() * sizeof(int) + atom.span() * sizeof(int) +
                               screening.span() * sizeof(KK_FLOAT));
  }

  template <class T> using View = Kokkos::View<T, Kokkos::LayoutRight, DeviceType>;
  View<int *> count;
  View<int **> atom;
  View<KK_FLOAT **> screening;
};

/// The neighbourhood of one atom in the scratch memory of its team.
template <class DeviceType> class ScratchNeighbourhood {
 public:
  static std::size_t bytes(int max_neighbours)
  {
    return Reals::shmem_size(reals_per_neighbour * max_neighbours) +
        Ints::shmem_size(ints_per_neighbour * max_neighbours);
  }

  template <class Member>
  KOKKOS_INLINE_FUNCTION ScratchNeighbourhood(const Member &member, int level, int max_neighbours) :
      stride(max_neighbours)
  {
    const Reals reals(member.team_scratch(level), reals_per_neighbour * stride);
    const Ints ints(member.team_scratch(level), ints_per_neighbour * stride);
    lengths = reals.data();
    atoms = ints.data();
  }

  /// Local or ghost index of neighbour m, sorted by distance.
  KOKKOS_INLINE_FUNCTION int atom(int m) const { return atoms[m]; }

  /// The neighbours of atom i within the cutoff, from the neighbour list.
  template <class Team>
  KOKKOS_INLINE_FUNCTION Neighbourhood<KK_FLOAT> find(const Team &team, const KokkosAtoms<DeviceType> &a, int i) const
  {
    int *const found_atom = atoms + 2 * stride, *const found_element = found_atom + stride;
    KK_FLOAT *const found_x = work(), *const found_y = found_x + stride, *const found_z = found_y + stride,
                    *const found_rsq = found_z + stride;
    const KK_FLOAT xi = a.x(i, 0), yi = a.x(i, 1), zi = a.x(i, 2);
    const int count = team.scan(a.numneigh[i], [&](int jj, int &found, bool final) {
      const int j = a.neighbors(i, jj) & NEIGHMASK;
      const KK_FLOAT rx = a.x(j, 0) - xi, ry = a.x(j, 1) - yi, rz = a.x(j, 2) - zi;
      const KK_FLOAT r_sq = rx * rx + ry * ry + rz * rz;
      const int neighbour = a.element(j);
      if (r_sq >= a.cutoff_sq || neighbour < 0) return;
      if (final) {
        found_atom[found] = j, found_element[found] = neighbour;
        found_x[found] = rx, found_y[found] = ry, found_z[found] = rz, found_rsq[found] = r_sq;
      }
      found++;
    });

    KK_FLOAT *const x = lengths, *const y = x + stride, *const z = y + stride, *const rsq = z + stride;
    team.for_each(count, [&](int k) {
      const int m = distance_rank(found_rsq, count, k);
      atoms[m] = found_atom[k], elements()[m] = found_element[k];
      x[m] = found_x[k], y[m] = found_y[k], z[m] = found_z[k], rsq[m] = found_rsq[k];
    });
    return view(count, a.element(i));
  }

  /// The same from those that were kept as number ii of the list.
  template <class Team>
  KOKKOS_INLINE_FUNCTION Neighbourhood<KK_FLOAT> recall(const Team &team, const KokkosAtoms<DeviceType> &a, int i,
                                                        const KokkosKeptNeighbourhoods<DeviceType> &kept, int ii) const
  {
    const int count = kept.count(ii);
    Neighbourhood<KK_FLOAT> nb = view(count, a.element(i));
    nb.is_screened = true;
    KK_FLOAT *const x = lengths, *const y = x + stride, *const z = y + stride, *const rsq = z + stride;
    const KK_FLOAT xi = a.x(i, 0), yi = a.x(i, 1), zi = a.x(i, 2);
    team.for_each(count, [&](int m) {
      const int j = kept.atom(ii, m);
      const KK_FLOAT rx = a.x(j, 0) - xi, ry = a.x(j, 1) - yi, rz = a.x(j, 2) - zi;
      atoms[m] = j, elements()[m] = a.element(j);
      x[m] = rx, y[m] = ry, z[m] = rz, rsq[m] = rx * rx + ry * ry + rz * rz;
      nb.screening[m] = kept.screening(ii, m);
    });
    return nb;
  }

 private:
  using Scratch = typename DeviceType::scratch_memory_space;
  using Reals = Kokkos::View<KK_FLOAT *, Scratch, Kokkos::MemoryTraits<Kokkos::Unmanaged>>;
  using Ints = Kokkos::View<int *, Scratch, Kokkos::MemoryTraits<Kokkos::Unmanaged>>;
  static constexpr int reals_per_neighbour = 8, ints_per_neighbour = 4;

  int stride;
  KK_FLOAT *lengths;    // x, y, z, rsq, then the work space of the energy
  int *atoms;           // atoms, their elements, then both as they were found

  KOKKOS_INLINE_FUNCTION KK_FLOAT *work() const { return lengths + 4 * stride; }
  KOKKOS_INLINE_FUNCTION int *elements() const { return atoms + stride; }
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
            work() + 3 * stride};
  }
};

}    // namespace rfmeam

#endif
