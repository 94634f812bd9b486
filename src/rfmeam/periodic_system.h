// RF-MEAM physics library: a whole periodic system, host only. SPDX-License-Identifier: GPL-2.0-only
//
// The same kernels as in the LAMMPS styles, summed in the plainest way: every pair of atoms and periodic images,
// no cell lists, no parallelism. For tests, the Python package and small-cell fits.
#ifndef RFMEAM_PERIODIC_SYSTEM_H
#define RFMEAM_PERIODIC_SYSTEM_H

#include "atom_energy.h"
#include "potential.h"

#include <algorithm>
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

/// Energies in eV, forces in eV/Å; virial_ab = -dE/d(strain_ab) in eV (LAMMPS' sign); dE/dq in eV/e.
struct SystemEnergy {
  double pair = 0.0, embedding = 0.0, coulomb = 0.0, self = 0.0;
  std::vector<Vector3> forces;
  std::array<Vector3, 3> virial = {};
  std::vector<double> density, electronegativity;

  double total() const { return pair + embedding + coulomb + self; }
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

namespace detail {

inline void add_bond_gradient(SystemEnergy &result, int i, int j, const Vector3 &bond, const Vector3 &gradient)
{
  for (int a = 0; a < 3; a++) {
    result.forces[i][a] += gradient[a];
    result.forces[j][a] -= gradient[a];
    for (int b = 0; b < 3; b++) result.virial[a][b] -= bond[a] * gradient[b];
  }
}

inline void add_meam(const Potential &potential, const PeriodicSystem &system, SystemEnergy &result)
{
  const ImageSearch search(system, potential.neighbourhood_cutoff());
  const SerialTeam team;
  for (int i = 0; i < system.num_atoms(); i++) {
    struct Found {
      double rsq;
      int atom;
      Vector3 bond;
    };
    std::vector<Found> found;
    search.for_each_neighbour(
        i, [&](int j, double dx, double dy, double dz, double rsq) { found.push_back({rsq, j, {dx, dy, dz}}); });
    std::sort(found.begin(), found.end(), [](const Found &a, const Found &b) { return a.rsq < b.rsq; });
    std::vector<int> atom, element;
    std::vector<double> x, y, z, rsq;
    for (const Found &f : found) {
      atom.push_back(f.atom), element.push_back(system.elements[f.atom]);
      x.push_back(f.bond[0]), y.push_back(f.bond[1]), z.push_back(f.bond[2]), rsq.push_back(f.rsq);
    }
    std::vector<double> screening(atom.size()), gx(atom.size()), gy(atom.size()), gz(atom.size());
    const Neighbourhood<double> nb = {static_cast<int>(atom.size()),
                                      system.elements[i],
                                      element.data(),
                                      x.data(),
                                      y.data(),
                                      z.data(),
                                      rsq.data(),
                                      screening.data(),
                                      gx.data(),
                                      gy.data(),
                                      gz.data()};
    const AtomEnergy<double> energy = atom_energy_gradient(team, potential.model_view(), nb);
    result.pair += energy.pair;
    result.embedding += energy.embedding;
    result.density[i] = energy.density;
    for (int m = 0; m < nb.count; m++) add_bond_gradient(result, i, atom[m], {x[m], y[m], z[m]}, {gx[m], gy[m], gz[m]});
  }
}

inline void add_charges(const CoulombTable &table, const PeriodicSystem &system, SystemEnergy &result)
{
  const CoulombView<double> coulomb = table.view();
  const ImageSearch search(system, table.cutoff);
  const std::vector<double> &q = system.charges;
  for (int i = 0; i < system.num_atoms(); i++) {
    const ValueDerivative<double> self = coulomb.self_energy(system.elements[i], q[i]);
    result.self += self.value;
    result.electronegativity[i] += self.derivative;
    search.for_each_neighbour(i, [&](int j, double dx, double dy, double dz, double rsq) {
      const double r = std::sqrt(rsq);
      const auto gamma = coulomb.gamma(system.elements[i], system.elements[j], r);
      result.coulomb += 0.5 * q[i] * q[j] * gamma.value;
      result.electronegativity[i] += gamma.value * q[j];
      const double g = 0.5 * q[i] * q[j] * gamma.derivative / r;
      add_bond_gradient(result, i, j, {dx, dy, dz}, {g * dx, g * dy, g * dz});
    });
  }
}

}    // namespace detail

/// Energy, forces, virial and dE/dq of a system at its given charges; k_e in eV Å/e^2.
inline SystemEnergy evaluate(const Potential &potential, const PeriodicSystem &system, double k_e)
{
  SystemEnergy result;
  result.forces.assign(system.num_atoms(), Vector3{});
  result.density.assign(system.num_atoms(), 0.0);
  result.electronegativity.assign(system.num_atoms(), 0.0);
  if (potential.has_meam()) detail::add_meam(potential, system, result);
  if (potential.has_charges() && !system.charges.empty())
    detail::add_charges(CoulombTable(potential, k_e), system, result);
  return result;
}

/// The charge matrix J + gamma (row major, n x n, eV/e^2): E_q = sum_i (E0 + chi q_i) + q^T M q / 2. Walls, which are
/// not quadratic, come on top (CoulombView::wall).
inline std::vector<double> charge_matrix(const Potential &potential, const PeriodicSystem &system, double k_e)
{
  const CoulombTable table(potential, k_e);
  const CoulombView<double> coulomb = table.view();
  const ImageSearch search(system, table.cutoff);
  const std::size_t n = system.positions.size();
  std::vector<double> matrix(n * n, 0.0);
  for (std::size_t i = 0; i < n; i++) {
    matrix[i * n + i] += table.charge[system.elements[i]].hardness;
    search.for_each_neighbour(static_cast<int>(i), [&](int j, double, double, double, double rsq) {
      matrix[i * n + j] += coulomb.gamma_value(system.elements[i], system.elements[j], std::sqrt(rsq));
    });
  }
  return matrix;
}

}    // namespace rfmeam

#endif
