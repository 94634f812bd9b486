// RF-MEAM physics library: the neighbours of a system's atoms, kept. SPDX-License-Identifier: GPL-2.0-only
#ifndef RFMEAM_BONDS_H
#define RFMEAM_BONDS_H

#include "periodic_system.h"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace rfmeam {

/// Bonds m = begin[i] .. begin[i + 1] - 1 of atom i: to the atom atom[m], at x, y, z = r_m - r_i (Å), rsq = r^2.
struct Bonds {
  double cutoff = 0.0;    ///< Å
  std::vector<std::size_t> begin;
  std::vector<int> atom;
  std::vector<double> x, y, z, rsq;

  int count(int i) const { return static_cast<int>(begin[i + 1] - begin[i]); }
  int most() const
  {
    std::size_t most = 0;
    for (std::size_t i = 0; i + 1 < begin.size(); i++) most = std::max(most, begin[i + 1] - begin[i]);
    return static_cast<int>(most);
  }

  /// Every bond twice, once from each of its atoms; those of an atom in the order of distance.
  static Bonds all(const PeriodicSystem &system, double cutoff)
  {
    return search(system, cutoff, [](int, int, double, double, double) { return true; });
  }
  /// Every bond once; of an atom with its own images one of two that are opposite.
  static Bonds half(const PeriodicSystem &system, double cutoff)
  {
    return search(system, cutoff, [](int i, int j, double dx, double dy, double dz) {
      if (i != j) return j > i;
      return dx != 0.0 ? dx > 0.0 : dy != 0.0 ? dy > 0.0 : dz > 0.0;
    });
  }

 private:
  template <class Wanted> static Bonds search(const PeriodicSystem &system, double cutoff, const Wanted &wanted)
  {
    struct Found {
      double rsq;
      int atom;
      Vector3 bond;
    };
    Bonds bonds;
    bonds.cutoff = cutoff;
    bonds.begin.push_back(0);
    const ImageSearch images(system, cutoff);
    std::vector<Found> found;
    for (int i = 0; i < system.num_atoms(); i++) {
      found.clear();
      images.for_each_neighbour(i, [&](int j, double dx, double dy, double dz, double rsq) {
        if (wanted(i, j, dx, dy, dz)) found.push_back({rsq, j, {dx, dy, dz}});
      });
      std::sort(found.begin(), found.end(), [](const Found &a, const Found &b) { return a.rsq < b.rsq; });
      for (const Found &f : found) {
        bonds.atom.push_back(f.atom), bonds.rsq.push_back(f.rsq);
        bonds.x.push_back(f.bond[0]), bonds.y.push_back(f.bond[1]), bonds.z.push_back(f.bond[2]);
      }
      bonds.begin.push_back(bonds.atom.size());
    }
    return bonds;
  }
};

}    // namespace rfmeam

#endif
