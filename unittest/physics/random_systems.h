// RF-MEAM physics tests: random potentials and systems, other precisions. SPDX-License-Identifier: GPL-2.0-only
#ifndef RFMEAM_TEST_RANDOM_SYSTEMS_H
#define RFMEAM_TEST_RANDOM_SYSTEMS_H

#include "numerics.h"
#include "rfmeam/system_energy.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

namespace rfmeam::test {

/// k_e of LAMMPS' metal units, eV Å/e^2.
constexpr double k_e = 14.399645;

// ---- parameters

inline ElementParameters<double> random_element(Random &random)
{
  ElementParameters<double> e = {};
  e.density_scale = random(1.5, 4.0);
  e.e0 = random(0.3, 1.5), e.e1 = random(-0.5, 0.5), e.e2 = random(-0.1, 0.1);
  e.sigma = random(0.1, 0.5);
  for (int l = 0; l < num_partial_densities; l++) {
    e.density_amplitude[l] = l == 0 ? random(1.0, 3.0) : random(-3.0, 3.0);
    e.density_decay[l] = random(0.4, 1.4);
    e.density_weight[l] = l == 0 ? 0.0 : random(-0.8, 0.8);
  }
  return e;
}

inline PairParameters<double> random_pair(Random &random, PairForm form)
{
  PairParameters<double> p = {};
  p.form = form;
  if (form == PairForm::timonova_thijsse) {
    p.r_cut = random(3.3, 4.2);
    p.r_start = p.r_cut - random(0.5, 1.5);
    p.r_scale = random(1.8, 2.6);
    p.alpha = random(2.0, 4.0), p.epsilon = random(0.1, 0.6);
    p.c2 = random(-0.2, 0.2), p.c3 = random(-0.1, 0.1);
  } else if (form == PairForm::double_exponential) {
    p.r_cut = random(3.3, 4.2);
    p.r_start = p.r_cut - random(0.5, 1.5);
    p.r_origin = random(1.8, 2.6);
    p.amplitude[0] = random(0.1, 0.6), p.decay[0] = random(2.0, 3.5);
    p.amplitude[1] = random(-0.8, 0.1), p.decay[1] = random(0.5, 1.5);
  } else {
    for (int m = 0; m < 3; m++) {
      p.knot[m] = random(2.6, 4.2);
      p.coefficient[m] = random(-0.2, 0.3);
    }
  }
  set_range(p);
  for (int l = 0; l < num_partial_densities; l++) p.weight[l] = l == 0 ? random(0.5, 1.5) : random(-1.5, 1.5);
  return p;
}

/// Most C_max lie above 2, so that atoms beyond the pair cutoff screen; one triple in ten does not screen.
inline ScreeningParameters<double> random_screening(Random &random)
{
  if (random.coin(0.1)) return {};
  const double c_max = random(1.3, 3.2);
  return {random(0.2, std::min(c_max - 0.4, 1.4)), c_max};
}

/// A potential whose every table entry is different: all pair forms mixed, own C_min, C_max for each (k; {i,j}).
inline Potential random_potential(Random &random, int num_elements, CoulombForm coulomb_form)
{
  Potential potential;
  const int n = num_elements;
  potential.pair.resize(n * n);
  potential.screening.resize(n * n * n);
  for (int i = 0; i < n; i++) {
    potential.elements.push_back(std::string(1, char('A' + i)));
    potential.element.push_back(random_element(random));
    for (int j = 0; j <= i; j++) {
      const PairForm form = pair_forms[(i + j) % 3];
      potential.pair[i * n + j] = potential.pair[j * n + i] = random_pair(random, form);
      for (int k = 0; k < n; k++)
        potential.screening[(i * n + j) * n + k] = potential.screening[(j * n + i) * n + k] = random_screening(random);
    }
  }
  potential.set_screening_reach();
  potential.coulomb_form = coulomb_form;
  if (coulomb_form == CoulombForm::none) return potential;
  potential.coulomb_cutoff = random(4.5, 5.5);
  for (int i = 0; i < n; i++) potential.charge.push_back({random(-5.0, 5.0), random(5.0, 15.0), random(-1.0, 1.0)});
  if (coulomb_form == CoulombForm::screened_cut) {
    potential.screening_length.resize(n * n);
    for (int i = 0; i < n; i++)
      for (int j = 0; j <= i; j++)
        potential.screening_length[i * n + j] = potential.screening_length[j * n + i] = random(1.0, 2.5);
  }
  if (coulomb_form == CoulombForm::gaussian || coulomb_form == CoulombForm::screened_gaussian)
    for (int i = 0; i < n; i++) potential.gaussian_width.push_back(random(0.3, 1.2));
  if (coulomb_form == CoulombForm::screened_gaussian) potential.gaussian_screening_length = random(1.5, 3.0);
  if (coulomb_form == CoulombForm::slater) {
    potential.damping = random(0.1, 0.4);
    for (int i = 0; i < n; i++) {
      potential.slater_exponent.push_back(random(0.8, 2.2));
      potential.core_charge.push_back(i % 3 == 2 ? 0.0 : random(0.3, 1.5));
    }
  }
  if (coulomb_form == CoulombForm::shielded)
    for (int i = 0; i < n; i++) potential.shielding.push_back(random(0.5, 1.1));
  return potential;
}

/// Walls that charges between -1 and 1 e meet: both, upper or lower, by element.
inline void add_walls(Random &random, Potential &potential)
{
  for (std::size_t i = 0; i < potential.charge.size(); i++) {
    if (i % 4 != 3) potential.charge[i].upper = {random(10.0, 100.0), random(0.1, 0.9)};
    if (i % 4 != 1) potential.charge[i].lower = {random(10.0, 100.0), random(-0.9, -0.1)};
  }
}

/// Environments that shift the electronegativity of every element, with a weight for each ordered pair.
inline void add_environment(Random &random, Potential &potential)
{
  for (auto &e : potential.element) e.environment_decay = random(0.5, 1.5);
  for (auto &c : potential.charge) c.environment_shift = random(-4.0, 4.0);
  for (auto &p : potential.pair) p.environment_weight = random(0.2, 1.5);
}

/// Charges at which environments make no energy, of every second element; for a potential with environments.
inline void add_environment_charges(Random &random, Potential &potential)
{
  for (std::size_t i = 0; i < potential.charge.size(); i += 2)
    potential.charge[i].environment_charge = random(-1.0, 1.0);
}

/// Embedding energies that fade with the charge, of every second element.
inline void add_fade(Random &random, Potential &potential)
{
  for (std::size_t i = 0; i < potential.charge.size(); i += 2) potential.charge[i].fade = random(0.1, 0.4);
}

// ---- systems

/// Shape of a random system: number of atoms, periodic directions, and whether the cell is skewed.
struct SystemShape {
  int num_atoms;
  std::array<bool, 3> periodic = {true, true, true};
  bool triclinic = true;
  double volume_per_atom = 14.0;    ///< Å^3
};

/// Atoms thrown at random, no two images closer than about 1.5 Å (less if they do not fit), random charges.
inline PeriodicSystem random_system(Random &random, const SystemShape &shape, int num_elements)
{
  PeriodicSystem system;
  system.periodic = shape.periodic;
  const double edge = std::cbrt(shape.num_atoms * shape.volume_per_atom);
  system.cell = {};
  for (int a = 0; a < 3; a++)
    for (int b = 0; b < 3; b++)
      system.cell[a][b] = a == b ? edge * random(0.9, 1.1) : shape.triclinic ? edge * random(-0.3, 0.3) : 0.0;

  double closest = 1.6;
  for (int tries = 0; system.num_atoms() < shape.num_atoms; tries++) {
    if (tries % 200 == 199) closest *= 0.95;
    const double s[3] = {random(0.0, 1.0), random(0.0, 1.0), random(0.0, 1.0)};
    Vector3 x = {};
    for (int a = 0; a < 3; a++)
      for (int c = 0; c < 3; c++) x[c] += s[a] * system.cell[a][c];
    system.positions.push_back(x);
    bool free = true;
    ImageSearch(system, closest).for_each_neighbour(system.num_atoms() - 1, [&](int, double, double, double, double) {
      free = false;
    });
    if (!free) system.positions.pop_back();
  }
  for (int i = 0; i < shape.num_atoms; i++) {
    system.elements.push_back(i < num_elements ? i : random.integer(num_elements));
    system.charges.push_back(random(-1.0, 1.0));
  }
  return system;
}

/// The same crystal, repeated along the cell vectors.
inline PeriodicSystem supercell(const PeriodicSystem &system, const std::array<int, 3> &repeat)
{
  PeriodicSystem result = system;
  result.positions.clear(), result.elements.clear(), result.charges.clear();
  for (int a = 0; a < repeat[0]; a++)
    for (int b = 0; b < repeat[1]; b++)
      for (int c = 0; c < repeat[2]; c++)
        for (int i = 0; i < system.num_atoms(); i++) {
          Vector3 x = system.positions[i];
          for (int d = 0; d < 3; d++) x[d] += a * system.cell[0][d] + b * system.cell[1][d] + c * system.cell[2][d];
          result.positions.push_back(x);
          result.elements.push_back(system.elements[i]);
          result.charges.push_back(system.charges[i]);
        }
  for (int a = 0; a < 3; a++)
    for (int d = 0; d < 3; d++) result.cell[a][d] *= repeat[a];
  return result;
}

/// A random rotation matrix (Gram-Schmidt on random vectors).
inline std::array<Vector3, 3> random_rotation(Random &random)
{
  std::array<Vector3, 3> u;
  for (auto &row : u) row = {random(-1.0, 1.0), random(-1.0, 1.0), random(-1.0, 1.0)};
  for (int a = 0; a < 2; a++) {
    double norm = 0.0, overlap = 0.0;
    if (a == 1) {
      for (int c = 0; c < 3; c++) overlap += u[0][c] * u[1][c];
      for (int c = 0; c < 3; c++) u[1][c] -= overlap * u[0][c];
    }
    for (double x : u[a]) norm += x * x;
    for (double &x : u[a]) x /= std::sqrt(norm);
  }
  for (int c = 0; c < 3; c++) u[2][c] = u[0][(c + 1) % 3] * u[1][(c + 2) % 3] - u[0][(c + 2) % 3] * u[1][(c + 1) % 3];
  return u;
}

inline Vector3 rotated(const std::array<Vector3, 3> &rotation, const Vector3 &x)
{
  Vector3 y = {};
  for (int a = 0; a < 3; a++)
    for (int b = 0; b < 3; b++) y[a] += rotation[a][b] * x[b];
  return y;
}

// ---- other precisions

/// The neighbours of one atom in any order, relative to it. The kernels see them sorted by distance; what they give
/// comes back in the order of the list.
template <class Real> struct Neighbours {
  int center_element;
  std::vector<int> element;
  std::vector<Real> x, y, z, screening, gx, gy, gz;
  ChargeCoupling<Real> coupling;
  bool is_screened = false;    ///< whether screening, the density of the environment and what it is made of are given
  Real environment = 0;        ///< its density
  std::vector<Real> bare_environment;
  bool keeps_bonds = false;    ///< whether there is room for what both passes have in common

  void add(int element_, Real x_, Real y_, Real z_)
  {
    element.push_back(element_);
    x.push_back(x_), y.push_back(y_), z.push_back(z_);
  }
  std::size_t size() const { return x.size(); }

  AtomEnergy<Real> evaluate(const ModelView<Real> &model) { return evaluate(model, SerialTeam()); }
  template <class Team> AtomEnergy<Real> evaluate(const ModelView<Real> &model, const Team &team)
  {
    Sorted sorted(*this);
    const AtomEnergy<Real> result = atom_energy_gradient(team, model, sorted.view(), coupling);
    for (auto *array : {&screening, &gx, &gy, &gz}) array->resize(size());
    for (std::size_t n = 0; n < size(); n++) {
      const int m = sorted.order[n];
      screening[m] = sorted.screening[n];
      gx[m] = sorted.gx[n], gy[m] = sorted.gy[n], gz[m] = sorted.gz[n];
    }
    return result;
  }
  /// What a charge of these parameters must know; sets screening.
  template <class Team>
  ChargeSurroundings<Real> surroundings(const ModelView<Real> &model, const Team &team,
                                        const ChargeParameters<Real> &charge)
  {
    Sorted sorted(*this);
    const FoundSurroundings<Real> result = surroundings_of_charge(team, model, sorted.view(), charge);
    environment = result.environment_density;
    bare_environment.resize(size());
    for (std::size_t n = 0; n < size(); n++) bare_environment[sorted.order[n]] = sorted.bare_environment[n];
    screening.resize(size());
    for (std::size_t n = 0; n < size(); n++) screening[sorted.order[n]] = sorted.screening[n];
    return result;
  }
  /// S of the bond to neighbour m, within the pair cutoff or not.
  Real screening_of(const ModelView<Real> &model, std::size_t m) const
  {
    Sorted sorted(*this);
    const auto place = std::find(sorted.order.begin(), sorted.order.end(), static_cast<int>(m));
    return screening_of_bond(model, sorted.view(), static_cast<int>(place - sorted.order.begin()));
  }

 private:
  struct Sorted {
    int center_element;
    bool is_screened;
    Real environment;
    std::vector<int> order, element;
    std::vector<Real> x, y, z, rsq, screening, gx, gy, gz, bare_environment;
    std::vector<UnscreenedBond<Real>> bond;

    explicit Sorted(const Neighbours &nb) :
        center_element(nb.center_element), is_screened(nb.is_screened), environment(nb.environment)
    {
      const auto square = [&](int m) { return nb.x[m] * nb.x[m] + nb.y[m] * nb.y[m] + nb.z[m] * nb.z[m]; };
      for (std::size_t m = 0; m < nb.size(); m++) order.push_back(static_cast<int>(m));
      std::stable_sort(order.begin(), order.end(), [&](int a, int b) { return square(a) < square(b); });
      for (int m : order) {
        element.push_back(nb.element[m]);
        x.push_back(nb.x[m]), y.push_back(nb.y[m]), z.push_back(nb.z[m]), rsq.push_back(square(m));
      }
      // the kernels must overwrite their work space
      for (auto *array : {&screening, &gx, &gy, &gz, &bare_environment}) array->assign(nb.size(), Real(-77));
      for (std::size_t n = 0; n < nb.size() && is_screened; n++) screening[n] = nb.screening[order[n]];
      for (std::size_t n = 0; n < nb.size() && is_screened; n++) bare_environment[n] = nb.bare_environment[order[n]];
      if (nb.keeps_bonds) bond.resize(nb.size());
    }
    Neighbourhood<Real> view()
    {
      return {static_cast<int>(order.size()),
              center_element,
              element.data(),
              x.data(),
              y.data(),
              z.data(),
              rsq.data(),
              screening.data(),
              gx.data(),
              gy.data(),
              gz.data(),
              is_screened,
              bond.empty() ? nullptr : bond.data(),
              environment,
              bare_environment.data()};
    }
  };
};

/// The neighbourhood of atom i within the potential's own reach.
template <class Real> Neighbours<Real> neighbours_of(const Potential &potential, const PeriodicSystem &system, int i)
{
  Neighbours<Real> nb;
  nb.center_element = system.elements[i];
  ImageSearch(system, potential.neighbourhood_cutoff())
      .for_each_neighbour(i, [&](int j, double dx, double dy, double dz, double) {
        nb.add(system.elements[j], Real(dx), Real(dy), Real(dz));
      });
  return nb;
}

}    // namespace rfmeam::test

#endif
