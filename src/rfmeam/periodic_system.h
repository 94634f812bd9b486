// RF-MEAM physics library: a whole periodic system, host only. SPDX-License-Identifier: GPL-2.0-only
//
// Neighbours are found in the plainest way: every pair of atoms and periodic images, no cell lists. For tests, the
// Python package and fits to small cells.
#ifndef RFMEAM_PERIODIC_SYSTEM_H
#define RFMEAM_PERIODIC_SYSTEM_H

#include <array>
#include <cmath>
#include <stdexcept>
#include <vector>

namespace rfmeam {

using Vector3 = std::array<double, 3>;

struct PeriodicSystem {
  std::array<Vector3, 3> cell;    ///< rows are the cell vectors, Å
  std::array<bool, 3> periodic;
  std::vector<Vector3> positions;    ///< Å
  std::vector<int> elements;         ///< indices into Potential::elements
  std::vector<double> charges;       ///< e; empty: all zero

  int num_atoms() const { return static_cast<int>(positions.size()); }
};

/// Calls visit(j, dx, dy, dz, rsq) for every image of every atom j within the cutoff of atom i.
class ImageSearch {
 public:
  ImageSearch(const PeriodicSystem &system_, double cutoff_) : system(system_), cutoff(cutoff_)
  {
    const auto &h = system.cell;
    for (int a = 0; a < 3; a++) {
      images[a] = 0;
      if (!system.periodic[a]) continue;
      const Vector3 normal = cross(h[(a + 1) % 3], h[(a + 2) % 3]);
      const double area = std::sqrt(dot(normal, normal)), volume = std::abs(dot(h[a], normal));
      if (!(volume > 0.0)) throw std::invalid_argument("cell vectors are linearly dependent");
      const double periods = std::floor(cutoff * area / volume) + 1.0;
      if (!(periods < 1e6)) throw std::invalid_argument("cutoff of more than a million cell lengths");
      images[a] = static_cast<int>(periods);
      for (int c = 0; c < 3; c++) reciprocal[a][c] = normal[c] / dot(h[a], normal);
    }
    for (const Vector3 &x : system.positions) {
      Vector3 w = x;
      for (int a = 0; a < 3; a++) {
        if (!system.periodic[a]) continue;
        const double shift = std::floor(dot(x, reciprocal[a]));
        for (int c = 0; c < 3; c++) w[c] -= shift * h[a][c];
      }
      wrapped.push_back(w);
    }
  }

  template <class Visit> void for_each_neighbour(int i, const Visit &visit) const
  {
    const auto &h = system.cell;
    for (int j = 0; j < system.num_atoms(); j++)
      for (int na = -images[0]; na <= images[0]; na++)
        for (int nb = -images[1]; nb <= images[1]; nb++)
          for (int nc = -images[2]; nc <= images[2]; nc++) {
            if (i == j && na == 0 && nb == 0 && nc == 0) continue;
            Vector3 d;
            for (int c = 0; c < 3; c++)
              d[c] = wrapped[j][c] - wrapped[i][c] + na * h[0][c] + nb * h[1][c] + nc * h[2][c];
            const double rsq = dot(d, d);
            if (rsq < cutoff * cutoff) visit(j, d[0], d[1], d[2], rsq);
          }
  }

 private:
  const PeriodicSystem &system;
  double cutoff;
  std::array<int, 3> images;
  std::array<Vector3, 3> reciprocal = {};
  std::vector<Vector3> wrapped;

  static double dot(const Vector3 &a, const Vector3 &b) { return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]; }
  static Vector3 cross(const Vector3 &a, const Vector3 &b)
  {
    return {a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]};
  }
};

}    // namespace rfmeam

#endif
