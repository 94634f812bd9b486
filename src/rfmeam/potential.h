// RF-MEAM physics library: one validated potential (RF-MEAM and charges). SPDX-License-Identifier: GPL-2.0-only
#ifndef RFMEAM_POTENTIAL_H
#define RFMEAM_POTENTIAL_H

#include "coulomb.h"
#include "parameters.h"
#include "screening.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <stdexcept>
#include <string>
#include <vector>

namespace rfmeam {

/// What a *.rfmeam file holds, in metal units. Tables are indexed by element; pairs are symmetric.
/// Either part may be absent: without_meam() has only charges, without_charges() only RF-MEAM.
/// Real: double, or a number that carries derivatives by parameters (dual.h).
template <class Real> struct PotentialOf {
  std::vector<std::string> elements;

  std::vector<ElementParameters<Real>> element;        ///< [i]; empty without the RF-MEAM part
  std::vector<PairParameters<Real>> pair;              ///< [i][j]
  std::vector<ScreeningParameters<Real>> screening;    ///< [i][j][k]

  CoulombForm coulomb_form = CoulombForm::none;
  double coulomb_cutoff = 0.0;                   ///< Å
  std::vector<ChargeParameters<Real>> charge;    ///< [i]; hardness as given in the file
  std::vector<Real> screening_length;            ///< [i][j] Å; screened_cut
  std::vector<Real> gaussian_width;              ///< [i] Å; gaussian, screened_gaussian
  Real gaussian_screening_length = 0.0;          ///< lambda, Å; screened_gaussian
  std::vector<Real> slater_exponent;             ///< [i] zeta, 1/Å; slater
  std::vector<Real> core_charge;                 ///< [i] Z, e; slater
  Real damping = 0.0;                            ///< alpha, 1/Å; slater
  std::vector<Real> shielding;                   ///< [i] gamma, 1/Å; shielded

  int num_elements() const { return static_cast<int>(elements.size()); }
  bool has_meam() const { return !element.empty(); }
  bool has_charges() const { return coulomb_form != CoulombForm::none; }
  /// Whether electronegativities depend on the environment: environment.h.
  bool has_environment() const { return has_meam() && model_view().has_environment(); }
  /// Whether embedding energies fade with the charges.
  bool fades() const
  {
    for (const auto &c : charge)
      if (c.fade > Real(0)) return true;
    return false;
  }
  /// Whether the charges must know the RF-MEAM neighbourhoods of their atoms.
  bool couples_charges() const { return has_environment() || fades(); }

  /// Largest pair cutoff of the RF-MEAM part (Å), 0 without it.
  double pair_cutoff() const
  {
    double cutoff = 0.0;
    for (const auto &p : pair) cutoff = std::max(cutoff, double(p.range));
    return cutoff;
  }

  /// How far the neighbours of an atom must be known (Å): a screening atom can lie beyond the pair cutoff.
  double neighbourhood_cutoff() const
  {
    double cutoff = 0.0;
    for (const auto &p : pair)
      cutoff = std::max(cutoff, double(p.range) * std::sqrt(std::max(1.0, double(p.screening_reach_sq))));
    return cutoff;
  }

  /// Derives screening_reach_sq and reach_sq of all pairs from their ranges and the screening parameters.
  void set_screening_reach()
  {
    const std::size_t n = elements.size();
    for (std::size_t ij = 0; ij < pair.size(); ij++) {
      double reach = 0.0;
      for (std::size_t k = 0; k < n; k++) reach = std::max(reach, screening_reach(double(screening[ij * n + k].c_max)));
      pair[ij].screening_reach_sq = reach * reach;
    }
    // an atom k matters to i as a neighbour of its own, and as far as it screens any of the others
    for (std::size_t i = 0; i < n && has_meam(); i++)
      for (std::size_t k = 0; k < n; k++) {
        double reach = double(pair[i * n + k].range);
        for (std::size_t j = 0; j < n; j++) {
          const double c_max = double(screening[(i * n + j) * n + k].c_max), range = double(pair[i * n + j].range);
          reach = std::max(reach, range * screening_reach(c_max));
        }
        pair[i * n + k].reach_sq = reach * reach;
      }
  }

  /// Converts all energies from eV to another unit; lengths and charges stay.
  void scale_energy(double factor)
  {
    const auto scale = [&](auto &parameters) {
      for (auto &p : parameters)
        p.for_each_field([&](const Field &field, double &x) { x *= std::pow(factor, field.energy_power); }, p);
    };
    scale(element), scale(pair), scale(screening), scale(charge);
  }

  ModelView<Real> model_view() const { return {num_elements(), element.data(), pair.data(), screening.data()}; }
};

using Potential = PotentialOf<double>;

/// The same potential in another kind of numbers.
template <class To, class From> PotentialOf<To> convert(const PotentialOf<From> &from)
{
  PotentialOf<To> to;
  to.elements = from.elements;
  for (const auto &p : from.element) to.element.push_back(convert<To>(p));
  for (const auto &p : from.pair) to.pair.push_back(convert<To>(p));
  for (const auto &p : from.screening) to.screening.push_back(convert<To>(p));
  to.coulomb_form = from.coulomb_form;
  to.coulomb_cutoff = from.coulomb_cutoff;
  for (const auto &p : from.charge) to.charge.push_back(convert<To>(p));
  to.screening_length.assign(from.screening_length.begin(), from.screening_length.end());
  to.gaussian_width.assign(from.gaussian_width.begin(), from.gaussian_width.end());
  to.gaussian_screening_length = To(from.gaussian_screening_length);
  to.slater_exponent.assign(from.slater_exponent.begin(), from.slater_exponent.end());
  to.core_charge.assign(from.core_charge.begin(), from.core_charge.end());
  to.damping = To(from.damping);
  to.shielding.assign(from.shielding.begin(), from.shielding.end());
  return to;
}

/// The Coulomb tables of a potential for a given k_e (energy Å/e^2), shifted at the cutoff; the charge
/// parameters include the self terms of Gaussian charges and of Wolf's method.
template <class Real> struct CoulombTableOf {
  CoulombForm form = CoulombForm::none;
  int num_elements = 0;
  double k_e = 0.0, cutoff = 0.0;
  std::vector<CoulombPairParameters<Real>> pair;
  std::vector<ChargeParameters<Real>> charge;
  std::vector<SlaterPair<Real>> slater;    ///< [i][j]; all 0 in other forms

  CoulombTableOf() = default;
  CoulombTableOf(const PotentialOf<Real> &potential, double k_e_) :
      form(potential.coulomb_form), num_elements(potential.num_elements()), k_e(k_e_), cutoff(potential.coulomb_cutoff),
      charge(potential.charge)
  {
    if (form == CoulombForm::none) return;
    for (int i = 0; i < num_elements; i++)
      for (int j = 0; j < num_elements; j++) {
        CoulombPairParameters<Real> p = lengths(potential, i, j);
        slater.push_back(form == CoulombForm::slater ? integrals(potential, i, j) : SlaterPair<Real>{});
        const auto v = form == CoulombForm::slater
            ? damped_slater(SlaterIntegrals<Real>(slater.back(), Real(cutoff)), p.inverse_length, Real(k_e))
            : bare_coulomb(form, p, Real(k_e), Real(cutoff));
        p.value_at_cutoff = v.value, p.slope_at_cutoff = v.derivative;
        pair.push_back(p);
      }
    for (int i = 0; i < num_elements; i++) charge[i].hardness += self_hardness(potential, i);
  }

  /// Whether the charge energy of any element is not quadratic in q.
  bool has_walls() const
  {
    if (form == CoulombForm::none) return false;
    for (int i = 0; i < num_elements; i++)
      if (view().has_wall(i)) return true;
    return false;
  }

  /// Whether any element has a core charge, which adds to the electronegativity of its neighbours.
  bool has_cores() const
  {
    return std::any_of(slater.begin(), slater.end(), [](const auto &s) { return s.own_core != Real(0); });
  }

  CoulombView<Real> view() const
  {
    return {form, num_elements, Real(k_e), Real(cutoff), pair.data(), charge.data(), slater.data()};
  }

 private:
  /// The inverse lengths of a pair of elements; no shift yet.
  static CoulombPairParameters<Real> lengths(const PotentialOf<Real> &potential, int i, int j)
  {
    switch (potential.coulomb_form) {
      case CoulombForm::none:
      case CoulombForm::direct_cut:
        break;
      case CoulombForm::screened_cut:
        return {Real(1) / potential.screening_length[i * potential.num_elements() + j], Real(0), Real(0), Real(0)};
      case CoulombForm::gaussian:
        return {Real(1) / sqrt(squared_width(potential, i, j)), Real(0), Real(0), Real(0)};
      case CoulombForm::screened_gaussian: {
        const Real s_sq = squared_width(potential, i, j), lambda = potential.gaussian_screening_length;
        return {Real(1) / sqrt(s_sq), Real(1) / sqrt(s_sq + lambda * lambda), Real(0), Real(0)};
      }
      case CoulombForm::slater:
        return {potential.damping, Real(0), Real(0), Real(0)};
      case CoulombForm::shielded:
        return {sqrt(potential.shielding[i] * potential.shielding[j]), Real(1.0 / potential.coulomb_cutoff), Real(0),
                Real(0)};
    }
    return {};
  }
  /// Those of slater, with what core charges do at the cutoff.
  SlaterPair<Real> integrals(const PotentialOf<Real> &potential, int i, int j) const
  {
    SlaterPair<Real> s = slater_pair(potential.slater_exponent[i], potential.slater_exponent[j]);
    s.own_core = potential.core_charge[i], s.other_core = potential.core_charge[j];
    const SlaterIntegrals<Real> at_cutoff(s, Real(cutoff));
    const auto own = at_cutoff.core(Real(k_e) * s.other_core, s.own_decay);
    const auto other = at_cutoff.core(Real(k_e) * s.own_core, s.other_decay);
    s.own_core_value = own.value, s.own_core_slope = own.derivative;
    s.other_core_value = other.value, s.other_core_slope = other.derivative;
    return s;
  }
  /// What the kernel adds to the hardness of element i: gamma(r -> 0) of two of its Gaussian charges, unshifted; the
  /// term of Wolf's method. J of slater and shielded is that of the whole atom.
  Real self_hardness(const PotentialOf<Real> &potential, int i) const
  {
    switch (form) {
      case CoulombForm::none:
      case CoulombForm::direct_cut:
      case CoulombForm::screened_cut:
      case CoulombForm::shielded:
        break;
      case CoulombForm::slater:
        return wolf_self_hardness(Real(k_e), potential.damping, Real(cutoff));
      case CoulombForm::gaussian:
        return gaussian_self_hardness(Real(k_e), potential.gaussian_width[i]);
      case CoulombForm::screened_gaussian: {    // screening turns s_ii = 2 sigma into sqrt(s_ii^2 + lambda^2)
        const Real sigma = potential.gaussian_width[i], half_lambda = Real(0.5) * potential.gaussian_screening_length;
        return gaussian_self_hardness(Real(k_e), sigma) -
            gaussian_self_hardness(Real(k_e), sqrt(sigma * sigma + half_lambda * half_lambda));
      }
    }
    return Real(0);
  }
  /// s_ij^2 = 2 (sigma_i^2 + sigma_j^2), Å^2.
  static Real squared_width(const PotentialOf<Real> &potential, int i, int j)
  {
    const Real sigma_i = potential.gaussian_width[i], sigma_j = potential.gaussian_width[j];
    return Real(2) * (sigma_i * sigma_i + sigma_j * sigma_j);
  }
};

using CoulombTable = CoulombTableOf<double>;

}    // namespace rfmeam

#endif
