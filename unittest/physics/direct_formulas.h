// RF-MEAM physics tests: the model written as in the papers. SPDX-License-Identifier: GPL-2.0-only
//
// The oracle of the tests: angles instead of dot products, the double Legendre sum instead of moments, every
// screening atom within a generous radius, all in long double and without a thought for speed. It shares
// nothing with the library but the parameter structs.
#ifndef RFMEAM_TEST_DIRECT_FORMULAS_H
#define RFMEAM_TEST_DIRECT_FORMULAS_H

#include "rfmeam/system_energy.h"

#include <array>
#include <cmath>
#include <cstddef>
#include <vector>

namespace rfmeam::test {

using Long = long double;

namespace direct {

struct Point {
  Long x, y, z;
};
inline Point operator-(const Point &a, const Point &b) { return {a.x - b.x, a.y - b.y, a.z - b.z}; }
inline Long length(const Point &a) { return std::sqrt(a.x * a.x + a.y * a.y + a.z * a.z); }
inline Long cos_angle(const Point &a, const Point &b)
{
  return (a.x * b.x + a.y * b.y + a.z * b.z) / (length(a) * length(b));
}

inline Long cutoff(Long r, Long r_start, Long r_cut)
{
  if (r < r_start) return 1;
  if (r > r_cut) return 0;
  const Long z = (r - r_start) / (r_cut - r_start);
  return 1 - 6 * std::pow(z, 5.0L) + 15 * std::pow(z, 4.0L) - 10 * std::pow(z, 3.0L);
}

inline Long pair(const PairParameters<double> &p, Long r)
{
  if (p.form == PairForm::timonova_thijsse) {
    const Long eta = p.alpha * (r / p.r_scale - 1);
    return -p.epsilon * (1 + eta + p.c2 * eta * eta + p.c3 * eta * eta * eta) * std::exp(-eta) *
        cutoff(r, p.r_start, p.r_cut);
  }
  Long sum = 0;
  if (p.form == PairForm::double_exponential) {
    for (int m = 0; m < 2; m++) sum += p.amplitude[m] * std::exp(p.decay[m] * (p.r_origin - r));
    return sum * cutoff(r, p.r_start, p.r_cut);
  }
  for (int m = 0; m < 3; m++)
    if (r < p.knot[m]) sum += p.coefficient[m] * std::pow(p.knot[m] - r, 3.0L);
  return sum;
}

/// A_l without S.
inline Long amplitude(const ElementParameters<double> &neighbour, const PairParameters<double> &p, int l, Long r)
{
  return cutoff(r, p.r_start, p.r_cut) * neighbour.density_amplitude[l] * std::exp(-neighbour.density_decay[l] * r) *
      p.weight[l];
}

/// C of the ellipse through i, j and k, from the angle j-i-k; negative where k does not screen at all.
inline Long ellipse(const Point &i, const Point &j, const Point &k)
{
  const Long theta = std::acos(cos_angle(j - i, k - i));
  const Long denominator = (length(j - i) / length(k - i) - std::cos(theta)) * std::cos(theta);
  return denominator > 0 ? std::sin(theta) * std::sin(theta) / denominator : -1;
}

inline Long screening_factor(Long c, const ScreeningParameters<double> &p)
{
  if (c < 0 || c >= p.c_max) return 1;
  const Long y = (c - p.c_min) / (Long(p.c_max) - p.c_min);
  return y <= 0 ? 0 : std::pow(1 - std::pow(1 - y, 4.0L), 2.0L);
}

inline Long legendre(int l, Long x)
{
  return l == 0 ? 1 : l == 1 ? x : l == 2 ? (3 * x * x - 1) / 2 : (5 * x * x * x - 3 * x) / 2;
}

inline Long embedding(const ElementParameters<double> &e, Long rho)
{
  if (rho <= 0) return 0;
  const Long y = rho / e.density_scale;
  return (e.e0 * y * std::log(y) + e.e1 * y + e.e2 * y * y) * -std::expm1(-y * y / (2 * Long(e.sigma) * e.sigma));
}

/// [f_i|f_j] of two 1s Slater densities, 1/Å, as Streitz and Mintmire have it.
inline Long slater_densities(Long a, Long b, Long r)
{
  if (a == b) return 1 / r - std::exp(-2 * a * r) * (1 / r + a * (11.0L / 8 + 3.0L / 4 * a * r + a * a * r * r / 6));
  const auto one = [r](Long x, Long y) {
    const Long s = x + y, d = x - y, x_sq = x * x, y_sq = y * y;
    return std::exp(-2 * x * r) *
        (x * y_sq * y_sq / (s * s * d * d) +
         (3 * x_sq * y_sq * y_sq - y_sq * y_sq * y_sq) / (s * s * s * d * d * d) / r);
  };
  return 1 / r - one(a, b) - one(b, a);
}

/// Z_j ([j|f_i] - [f_i|f_j]) of slater: what the core of an atom j adds to chi of an atom i.
inline Long core(const Potential &potential, Long k_e, int i, int j, Long r)
{
  const Long a = potential.slater_exponent[i], b = potential.slater_exponent[j];
  const Long nucleus = (1 - (1 + a * r) * std::exp(-2 * a * r)) / r;
  return k_e * potential.core_charge[j] * (nucleus - slater_densities(a, b, r));
}

inline Long coulomb(const Potential &potential, Long k_e, int i, int j, Long r)
{
  const int n = potential.num_elements();
  if (potential.coulomb_form == CoulombForm::slater)
    return k_e *
        (slater_densities(potential.slater_exponent[i], potential.slater_exponent[j], r) -
         std::erf(Long(potential.damping) * r) / r);
  if (potential.coulomb_form == CoulombForm::shielded) {
    const Long t = r / potential.coulomb_cutoff, gamma_sq = Long(potential.shielding[i]) * potential.shielding[j];
    const Long taper = 1 + t * t * t * t * (-35 + t * (84 + t * (-70 + t * 20)));
    return k_e * taper / std::cbrt(r * r * r + 1 / (gamma_sq * std::sqrt(gamma_sq)));
  }
  if (potential.coulomb_form == CoulombForm::direct_cut) return k_e / r;
  if (potential.coulomb_form == CoulombForm::screened_cut)
    return k_e * std::erfc(r / potential.screening_length[i * n + j]) / r;
  const Long si = potential.gaussian_width[i], sj = potential.gaussian_width[j], s_sq = 2 * (si * si + sj * sj);
  const Long gaussian = k_e * std::erf(r / std::sqrt(s_sq)) / r, lambda = potential.gaussian_screening_length;
  if (potential.coulomb_form == CoulombForm::gaussian) return gaussian;
  return gaussian - k_e * std::erf(r / std::sqrt(s_sq + lambda * lambda)) / r;
}

/// What the kernel adds to the hardness of element i.
inline Long self_hardness(const Potential &potential, Long k_e, int i)
{
  if (potential.coulomb_form == CoulombForm::slater) {
    const Long alpha = potential.damping, r_c = potential.coulomb_cutoff;
    return -k_e * (std::erfc(alpha * r_c) / r_c + 2 * alpha / std::sqrt(std::acos(-1.0L)));
  }
  if (!has_widths(potential.coulomb_form)) return 0;
  const Long sigma = potential.gaussian_width[i], lambda = potential.gaussian_screening_length;
  const Long sqrt_pi = std::sqrt(std::acos(-1.0L));
  if (potential.coulomb_form == CoulombForm::gaussian) return k_e / (sqrt_pi * sigma);
  return 2 * k_e / sqrt_pi * (1 / (2 * sigma) - 1 / std::sqrt(4 * sigma * sigma + lambda * lambda));
}

/// K p(x)^2/2 of a charge x beyond a wall.
inline Long wall(Long stiffness, Long x)
{
  const Long p = (x + std::sqrt(x * x + 0.05L * 0.05L)) / 2;
  return stiffness * p * p / 2;
}

struct Image {
  int atom;
  Point r;
};

/// All images of all atoms within the radius of atom i; atoms are taken to lie in or near the cell.
inline std::vector<Image> images(const PeriodicSystem &system, int i, Long radius)
{
  std::array<int, 3> range = {};
  for (int a = 0; a < 3; a++) {
    if (!system.periodic[a]) continue;
    const auto &u = system.cell[(a + 1) % 3], &v = system.cell[(a + 2) % 3], &w = system.cell[a];
    const Long normal[3] = {Long(u[1]) * v[2] - Long(u[2]) * v[1], Long(u[2]) * v[0] - Long(u[0]) * v[2],
                            Long(u[0]) * v[1] - Long(u[1]) * v[0]};
    Long volume = 0, area_sq = 0;
    for (int c = 0; c < 3; c++) volume += normal[c] * w[c], area_sq += normal[c] * normal[c];
    range[a] = static_cast<int>(radius * std::sqrt(area_sq) / std::abs(volume)) + 3;
  }
  const auto &xi = system.positions[i];
  std::vector<Image> result;
  for (int j = 0; j < system.num_atoms(); j++)
    for (int a = -range[0]; a <= range[0]; a++)
      for (int b = -range[1]; b <= range[1]; b++)
        for (int c = -range[2]; c <= range[2]; c++) {
          if (j == i && a == 0 && b == 0 && c == 0) continue;
          Long d[3];
          for (int x = 0; x < 3; x++)
            d[x] = Long(system.positions[j][x]) - xi[x] + a * Long(system.cell[0][x]) + b * Long(system.cell[1][x]) +
                c * Long(system.cell[2][x]);
          const Point r = {d[0], d[1], d[2]};
          if (length(r) < radius) result.push_back({j, r});
        }
  return result;
}

}    // namespace direct

/// The energies of a system and the densities of its atoms.
struct DirectEnergy {
  Long pair = 0, embedding = 0, coulomb = 0, self = 0;
  std::vector<Long> density, electronegativity, environment, atom_embedding;
};

inline DirectEnergy direct_energy(const Potential &potential, const PeriodicSystem &system, double k_e)
{
  using namespace direct;
  DirectEnergy result;
  const int n = potential.num_elements();
  for (int i = 0; i < system.num_atoms(); i++) {
    const int ei = system.elements[i];
    if (potential.has_meam()) {
      struct Bond {
        Long amplitude[num_partial_densities];
        Point r;
      };
      std::vector<Bond> bonds;
      Long d = 0;
      const auto near = images(system, i, 1.5 * potential.neighbourhood_cutoff());
      for (std::size_t j = 0; j < near.size(); j++) {
        const int ej = system.elements[near[j].atom];
        const auto &pair_ij = potential.pair[ei * n + ej];
        const Long r = length(near[j].r);
        if (r > pair_ij.range) continue;
        Long screening = 1;
        for (std::size_t k = 0; k < near.size(); k++)
          if (k != j)
            screening *= screening_factor(ellipse({0, 0, 0}, near[j].r, near[k].r),
                                          potential.screening[(ei * n + ej) * n + system.elements[near[k].atom]]);
        result.pair += screening * pair(pair_ij, r) / 2;
        if (potential.has_environment())
          d += screening * cutoff(r, pair_ij.r_start, pair_ij.r_cut) * pair_ij.environment_weight *
              std::exp(-potential.element[ej].environment_decay * (r - 3));
        Bond bond = {{}, near[j].r};
        for (int l = 0; l < num_partial_densities; l++)
          bond.amplitude[l] = screening * amplitude(potential.element[ej], pair_ij, l, r);
        bonds.push_back(bond);
      }
      const auto &e = potential.element[ei];
      Long rho0 = 0, gamma = 0;
      for (const auto &bond : bonds) rho0 += bond.amplitude[0];
      for (int l = 1; l < num_partial_densities; l++)
        for (const auto &a : bonds)
          for (const auto &b : bonds)
            gamma += e.density_weight[l] * a.amplitude[l] * b.amplitude[l] * legendre(l, cos_angle(a.r, b.r));
      const Long rho = rho0 > 0 ? rho0 * 2 / (1 + std::exp(-gamma / (rho0 * rho0))) : 0;
      result.density.push_back(rho);
      result.environment.push_back(d / (1 + d));
      result.atom_embedding.push_back(embedding(e, rho));
      result.embedding += result.atom_embedding.back();
    }
    if (potential.has_charges()) {
      const Long qi = system.charges[i], r_c = potential.coulomb_cutoff;
      const auto &c = potential.charge[ei];
      Long hardness = c.hardness, chi = c.electronegativity;
      if (potential.has_environment()) chi += c.environment_shift * result.environment[i];
      if (c.fade > 0) hardness -= 2 * c.fade * result.atom_embedding[i];
      hardness += self_hardness(potential, k_e, ei);
      const auto walls = [&](Long q) {
        return wall(c.upper.stiffness, q - c.upper.charge) + wall(c.lower.stiffness, c.lower.charge - q);
      };
      result.self += c.energy + chi * qi + hardness * qi * qi / 2 + walls(qi);
      if (potential.has_environment())
        result.self -= Long(c.environment_shift) * result.environment[i] * c.environment_charge;
      const Long step = 1e-4L;
      Long electronegativity = chi + hardness * qi +
          (8 * (walls(qi + step) - walls(qi - step)) - (walls(qi + 2 * step) - walls(qi - 2 * step))) / (12 * step);
      for (const auto &image : images(system, i, r_c)) {
        const int ej = system.elements[image.atom];
        const Long r = length(image.r), h = 1e-4L, qj = system.charges[image.atom];
        const auto shifted = [&](const auto &v) {
          const Long slope = (8 * (v(r_c + h) - v(r_c - h)) - (v(r_c + 2 * h) - v(r_c - 2 * h))) / (12 * h);
          return v(r) - v(r_c) - (r - r_c) * slope;
        };
        if (potential.coulomb_form == CoulombForm::slater) {
          const Long core = shifted([&](Long x) { return direct::core(potential, k_e, ei, ej, x); });
          result.self += qi * core;
          electronegativity += core;
        }
        const Long gamma = shifted([&](Long x) { return direct::coulomb(potential, k_e, ei, ej, x); });
        result.coulomb += qi * qj * gamma / 2;
        electronegativity += qj * gamma;
      }
      result.electronegativity.push_back(electronegativity);
    }
  }
  return result;
}

}    // namespace rfmeam::test

#endif
