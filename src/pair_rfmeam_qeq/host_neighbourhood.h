/* -*- c++ -*- ----------------------------------------------------------
   LAMMPS - Large-scale Atomic/Molecular Massively Parallel Simulator
   https://www.lammps.org/

   This software is distributed under the GNU General Public License.
------------------------------------------------------------------------- */

#ifndef LMP_RFMEAM_HOST_NEIGHBOURHOOD_H
#define LMP_RFMEAM_HOST_NEIGHBOURHOOD_H

#include "../rfmeam/atom_energy.h"

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
  void keep(const std::vector<int> &atom, const double *screening)
  {
    atoms.insert(atoms.end(), atom.begin(), atom.end());
    screenings.insert(screenings.end(), screening, screening + atom.size());
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
  std::vector<int> atom;    ///< local or ghost index of each neighbour, sorted by distance

  /// The neighbours of atom i within the cutoff, from a list of LAMMPS.
  Neighbourhood<double> find(const HostAtoms &atoms, int i, const int *list, int listed, double cutoff_sq)
  {
    found.clear(), found_rsq.clear();
    const double *const xi = atoms.x[i];
    for (int jj = 0; jj < listed; jj++) {
      const int j = list[jj] & NEIGHMASK;
      const double *const xj = atoms.x[j];
      const double dx = xj[0] - xi[0], dy = xj[1] - xi[1], dz = xj[2] - xi[2];
      const double rsq = dx * dx + dy * dy + dz * dz;
      const int neighbour = atoms.element_of_type[atoms.type[j]];
      if (!(rsq < cutoff_sq) || neighbour < 0) continue;
      found.push_back({dx, dy, dz, j, neighbour});
      found_rsq.push_back(rsq);
    }
    const int n = static_cast<int>(found.size());
    resize(n);
    for (int k = 0; k < n; k++) {
      const int m = distance_rank(found_rsq.data(), n, k);
      atom[m] = found[k].atom, element[m] = found[k].element;
      x()[m] = found[k].x, y()[m] = found[k].y, z()[m] = found[k].z, rsq()[m] = found_rsq[k];
    }
    return view(atoms.element_of_type[atoms.type[i]]);
  }

  /// The same from those that were kept as number ii.
  Neighbourhood<double> recall(const HostAtoms &atoms, int i, const HostKeptNeighbourhoods &kept, int ii)
  {
    const int n = kept.count(ii), *const j = kept.atom(ii);
    resize(n);
    const double *const xi = atoms.x[i];
    for (int m = 0; m < n; m++) {
      const double *const xj = atoms.x[j[m]];
      const double dx = xj[0] - xi[0], dy = xj[1] - xi[1], dz = xj[2] - xi[2];
      atom[m] = j[m], element[m] = atoms.element_of_type[atoms.type[j[m]]];
      x()[m] = dx, y()[m] = dy, z()[m] = dz, rsq()[m] = dx * dx + dy * dy + dz * dz;
    }
    Neighbourhood<double> nb = view(atoms.element_of_type[atoms.type[i]]);
    std::copy_n(kept.screening(ii), n, nb.screening);
    nb.is_screened = true;
    return nb;
  }

  [[nodiscard]] double bytes() const
  {
    return static_cast<double>(found.capacity() * sizeof(Found) + reals.capacity() * sizeof(double));
  }

 private:
  struct Found {
    double x, y, z;
    int atom, element;
  };
  std::vector<Found> found;
  std::vector<double> found_rsq, reals;    // reals: x, y, z, rsq and the work space, each as long as atom
  std::vector<int> element;

  void resize(int n) { atom.resize(n), element.resize(n), reals.resize(std::size_t(8) * n); }
  double *x() { return reals.data(); }
  double *y() { return x() + atom.size(); }
  double *z() { return y() + atom.size(); }
  double *rsq() { return z() + atom.size(); }
  Neighbourhood<double> view(int center_element)
  {
    const int n = static_cast<int>(atom.size());
    double *const work = rsq() + n;
    return {n, center_element, element.data(), x(), y(), z(), rsq(), work, work + n, work + 2 * n, work + 3 * n};
  }
};

}    // namespace rfmeam

#endif
