/* -*- c++ -*- ----------------------------------------------------------
   LAMMPS - Large-scale Atomic/Molecular Massively Parallel Simulator
   https://www.lammps.org/

   This software is distributed under the GNU General Public License.
------------------------------------------------------------------------- */

#ifndef LMP_RFMEAM_HOST_NEIGHBOURHOOD_H
#define LMP_RFMEAM_HOST_NEIGHBOURHOOD_H

#include "../rfmeam/atom_energy.h"
#include "../rfmeam/distance_order.h"

#include "lmptype.h"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace rfmeam {

/// The atoms of this rank, ghosts included; an element of -1 is not there.
struct HostAtoms {
  const double *const *x;
  const int *type, *element_of_type;
};

/// The neighbours of all atoms in the order of distance, and the screening of their bonds: what the pass that finds
/// the surroundings of charges leaves to that of the forces.
class HostKeptNeighbourhoods {
 public:
  void clear() { end.assign(1, 0), atoms.clear(), screenings.clear(); }
  /// Appends those of the next atom.
  void keep(int count, const int *atom, const double *screening)
  {
    atoms.insert(atoms.end(), atom, atom + count);
    screenings.insert(screenings.end(), screening, screening + count);
    end.push_back(atoms.size());
  }
  /// Those of atom number ii.
  [[nodiscard]] int count(int ii) const { return static_cast<int>(end[ii + 1] - end[ii]); }
  [[nodiscard]] const int *atom(int ii) const { return atoms.data() + end[ii]; }
  [[nodiscard]] const double *screening(int ii) const { return screenings.data() + end[ii]; }

  [[nodiscard]] double bytes() const
  {
    return static_cast<double>(atoms.capacity() * sizeof(int) + screenings.capacity() * sizeof(double) +
                               end.capacity() * sizeof(std::size_t));
  }

 private:
  std::vector<std::size_t> end;
  std::vector<int> atoms;
  std::vector<double> screenings;
};

/// Neighbours of one atom in the layout of rfmeam::Neighbourhood, valid until the next.
class NeighbourhoodBuffer {
 public:
  /// Local or ghost index of each neighbour, sorted by distance.
  [[nodiscard]] const int *atom() const { return ints.data(); }

  /// The neighbours of atom i within the cutoff, from a list of LAMMPS.
  Neighbourhood<double> find(const HostAtoms &atoms, int i, const int *list, int listed, double cutoff_sq)
  {
    reserve(listed);
    const double *const xi = atoms.x[i];
    const auto candidate = [&](int jj) {
      const int j = list[jj] & NEIGHMASK;
      const double *const xj = atoms.x[j];
      return Candidate<double>{j, atoms.element_of_type[atoms.type[j]], xj[0] - xi[0], xj[1] - xi[1], xj[2] - xi[2]};
    };
    // the work space of the energy is not needed yet
    const NeighbourArrays<double> found = {
        ints.data() + 2 * room, ints.data() + 3 * room, lengths(4), lengths(5), lengths(6), lengths(7)};
    return view(find_sorted(listed, candidate, cutoff_sq, found, sorted()), atoms.element_of_type[atoms.type[i]]);
  }

  /// The same from those that were kept as number ii.
  Neighbourhood<double> recall(const HostAtoms &atoms, int i, const HostKeptNeighbourhoods &kept, int ii)
  {
    const int n = kept.count(ii), *const j = kept.atom(ii);
    reserve(n);
    const NeighbourArrays<double> to = sorted();
    const double *const xi = atoms.x[i];
    for (int m = 0; m < n; m++) {
      const double *const xj = atoms.x[j[m]];
      const double dx = xj[0] - xi[0], dy = xj[1] - xi[1], dz = xj[2] - xi[2];
      to.atom[m] = j[m], to.element[m] = atoms.element_of_type[atoms.type[j[m]]];
      to.x[m] = dx, to.y[m] = dy, to.z[m] = dz, to.rsq[m] = dx * dx + dy * dy + dz * dz;
    }
    Neighbourhood<double> nb = view(n, atoms.element_of_type[atoms.type[i]]);
    std::copy_n(kept.screening(ii), n, nb.screening);
    nb.is_screened = true;
    return nb;
  }

  [[nodiscard]] double bytes() const
  {
    return static_cast<double>(ints.capacity() * sizeof(int) + reals.capacity() * sizeof(double) +
                               bonds.capacity() * sizeof(UnscreenedBond<double>));
  }

 private:
  std::size_t room = 0;         // for neighbours
  std::vector<int> ints;        // atoms, elements, then both as they were found
  std::vector<double> reals;    // x, y, z, rsq, then the work space of the energy
  std::vector<UnscreenedBond<double>> bonds;

  void reserve(int n)
  {
    if (room >= static_cast<std::size_t>(n)) return;
    room = n;
    ints.resize(4 * room), reals.resize(8 * room), bonds.resize(room);
  }
  double *lengths(int number) { return reals.data() + number * room; }
  NeighbourArrays<double> sorted()
  {
    return {ints.data(), ints.data() + room, lengths(0), lengths(1), lengths(2), lengths(3)};
  }
  Neighbourhood<double> view(int count, int center_element)
  {
    return {count,      center_element, ints.data() + room, lengths(0), lengths(1), lengths(2),  lengths(3),
            lengths(4), lengths(5),     lengths(6),         lengths(7), false,      bonds.data()};
  }
};

}    // namespace rfmeam

#endif
