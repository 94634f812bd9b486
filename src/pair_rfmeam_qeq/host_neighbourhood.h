/* -*- c++ -*- ----------------------------------------------------------
   LAMMPS - Large-scale Atomic/Molecular Massively Parallel Simulator
   https://www.lammps.org/

   This software is distributed under the GNU General Public License.
------------------------------------------------------------------------- */

#ifndef LMP_RFMEAM_HOST_NEIGHBOURHOOD_H
#define LMP_RFMEAM_HOST_NEIGHBOURHOOD_H

#include "near_neighbours.h"

#include "../rfmeam/atom_energy.h"

#include "lmptype.h"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace rfmeam {

/// The neighbours of all atoms in the order of distance, the screening of their bonds and what makes their
/// environments: what the pass that finds the surroundings of charges leaves to that of the forces.
class HostKeptNeighbourhoods {
 public:
  void clear() { end.assign(1, 0), atoms.clear(), screenings.clear(), environments.clear(), bare.clear(); }
  /// Room for the bare environments of the next atom, until keep().
  double *make_room(int count)
  {
    bare.resize(end.back() + count);
    return bare.data() + end.back();
  }
  /// Appends those of the next atom.
  void keep(int count, const int *atom, const double *screening, double environment)
  {
    environments.push_back(environment);
    atoms.insert(atoms.end(), atom, atom + count);
    screenings.insert(screenings.end(), screening, screening + count);
    end.push_back(atoms.size());
  }
  /// Those of atom number ii.
  [[nodiscard]] int count(int ii) const { return static_cast<int>(end[ii + 1] - end[ii]); }
  [[nodiscard]] const int *atom(int ii) const { return atoms.data() + end[ii]; }
  [[nodiscard]] const double *screening(int ii) const { return screenings.data() + end[ii]; }
  [[nodiscard]] double environment(int ii) const { return environments[ii]; }
  [[nodiscard]] double *bare_environment(int ii) { return bare.data() + end[ii]; }

  [[nodiscard]] double bytes() const
  {
    return static_cast<double>(atoms.capacity() * sizeof(int) +
                               (screenings.capacity() + environments.capacity() + bare.capacity()) * sizeof(double) +
                               end.capacity() * sizeof(std::size_t));
  }

 private:
  std::vector<std::size_t> end;
  std::vector<int> atoms;
  std::vector<double> screenings, environments, bare;
};

/// Neighbours of one atom in the layout of rfmeam::Neighbourhood, valid until the next.
class NeighbourhoodBuffer {
 public:
  /// Local or ghost index of each neighbour, sorted by distance.
  [[nodiscard]] const int *atom() const { return ints.data(); }

  /// The atoms of this rank, ghosts included, where they are now; an element of -1 is not there.
  void place(const double *const *x, const int *type, const int *element_of_type, int num_all)
  {
    if (site.size() < static_cast<std::size_t>(num_all)) site.resize(num_all + num_all / 10);
    for (int i = 0; i < num_all; i++) site[i] = {x[i][0], x[i][1], x[i][2], element_of_type[type[i]]};
  }

  /// The neighbours of atom i that matter to it, from a list of LAMMPS. cutoff_sq: of the potential's neighbourhoods.
  Neighbourhood<double> find(const ModelView<double> &model, double cutoff_sq, int i, const int *list, int listed)
  {
    reserve(listed + near_padding);
    const Site<double> mine = site[i];
    // the work space of the energy is not needed yet
    const NeighbourArrays<double> found = {
        ints.data() + 2 * room, ints.data() + 3 * room, lengths(4), lengths(5), lengths(6), lengths(7)};
    const int count = near_neighbours(mine, &model.pair_of(mine.element, 0), model.num_elements,
                                      {listed, list, NEIGHMASK}, site.data(), found);
    sort_by_distance(found, count, cutoff_sq, sorted());
    return view(count, mine.element);
  }

  /// The same from those that were kept as number ii.
  Neighbourhood<double> recall(int i, HostKeptNeighbourhoods &kept, int ii)
  {
    const int n = kept.count(ii), *const j = kept.atom(ii);
    reserve(n);
    const NeighbourArrays<double> to = sorted();
    const Site<double> mine = site[i];
    for (int m = 0; m < n; m++) {
      const Site<double> other = site[j[m]];
      const double dx = other.x - mine.x, dy = other.y - mine.y, dz = other.z - mine.z;
      to.atom[m] = j[m], to.element[m] = other.element;
      to.x[m] = dx, to.y[m] = dy, to.z[m] = dz, to.rsq[m] = dx * dx + dy * dy + dz * dz;
    }
    Neighbourhood<double> nb = view(n, mine.element);
    std::copy_n(kept.screening(ii), n, nb.screening);
    nb.is_screened = true;
    nb.environment = kept.environment(ii);
    nb.bare_environment = kept.bare_environment(ii);
    return nb;
  }

  [[nodiscard]] double bytes() const
  {
    return static_cast<double>(ints.capacity() * sizeof(int) + reals.capacity() * sizeof(double) +
                               bonds.capacity() * sizeof(UnscreenedBond<double>) +
                               site.capacity() * sizeof(Site<double>));
  }

 private:
  std::vector<Site<double>> site;
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
