// RF-MEAM physics library: Coulomb kernels and charge energy. SPDX-License-Identifier: GPL-2.0-only
#ifndef RFMEAM_COULOMB_H
#define RFMEAM_COULOMB_H

#include "charge_wall.h"
#include "config.h"
#include "error_function.h"
#include "parameters.h"
#include "shielding.h"
#include "slater.h"

namespace rfmeam {

enum class CoulombForm : int { none, direct_cut, screened_cut, gaussian, screened_gaussian, slater, shielded };

/// The forms that a potential file can name.
constexpr CoulombForm coulomb_forms[] = {CoulombForm::screened_cut, CoulombForm::direct_cut,
                                         CoulombForm::gaussian,     CoulombForm::screened_gaussian,
                                         CoulombForm::slater,       CoulombForm::shielded};

/// As in potential files.
inline const char *name_of(CoulombForm form)
{
  switch (form) {
    case CoulombForm::none:
      return "none";
    case CoulombForm::direct_cut:
      return "direct_cut";
    case CoulombForm::screened_cut:
      return "screened_cut";
    case CoulombForm::gaussian:
      return "gaussian";
    case CoulombForm::screened_gaussian:
      return "screened_gaussian";
    case CoulombForm::slater:
      return "slater";
    case CoulombForm::shielded:
      return "shielded";
  }
  return "unknown";
}

/// Whether the charges of a form have a Gaussian width.
inline bool has_widths(CoulombForm form)
{
  return form == CoulombForm::gaussian || form == CoulombForm::screened_gaussian;
}

/// One pair of elements in gamma(r) = v(r) - v(r_c) - (r - r_c) v'(r_c) (shifted force), energy per charge^2.
template <class Real> struct CoulombPairParameters {
  /// 1/Å: 1/rho_ij of screened_cut, 1/s_ij of gaussian and screened_gaussian with s_ij^2 = 2 (sigma_i^2 + sigma_j^2),
  /// alpha of slater, gamma_ij of shielded
  Real inverse_length;
  Real inverse_screened_length;             ///< 1/Å: 1/sqrt(s_ij^2 + lambda^2) of screened_gaussian, 1/r_c of shielded
  Real value_at_cutoff, slope_at_cutoff;    ///< v(r_c) and v'(r_c)

  template <class Visit, class... Same> static void for_each_field(const Visit &visit, Same &...p)
  {
    visit(Field{"", "inverse_length", "1/Å", 0}, p.inverse_length...);
    visit(Field{"", "inverse_screened_length", "1/Å", 0}, p.inverse_screened_length...);
    visit(Field{"", "value_at_cutoff", "eV/e^2", 1}, p.value_at_cutoff...);
    visit(Field{"", "slope_at_cutoff", "eV/e^2/Å", 1}, p.slope_at_cutoff...);
  }
};

/// k_e ([f_i|f_j] - erf(alpha r)/r) and its derivative: two Slater densities less what alpha (1/Å) leaves to Ewald's
/// reciprocal space, and Wolf's method leaves out.
template <class Real>
RFMEAM_FUNCTION ValueDerivative<Real> damped_slater(const SlaterIntegrals<Real> &integrals, Real alpha, Real k_e)
{
  const ErrorFunction<Real> e = erf_with_bell(integrals.r * alpha);
  const ValueDerivative<Real> densities = integrals.densities();
  const Real far = e.value * integrals.inverse_r, bell = Real(1.12837916709551257390) * alpha * e.bell;
  return {k_e * (densities.value - far), k_e * (densities.derivative - (bell - far) * integrals.inverse_r)};
}

/// Bare kernel v(r) = k_e f(r)/r and its derivative; r in Å, k_e in energy Å/e^2. f(r) is 1 for direct_cut,
/// erfc(r/rho) for screened_cut, erf(r/s) for gaussian, erf(r/s) - erf(r/sqrt(s^2 + lambda^2)) for screened_gaussian,
/// 0 for slater (damped_slater() has it); shielded: see shielding.h.
template <class Real>
RFMEAM_FUNCTION ValueDerivative<Real> bare_coulomb(CoulombForm form, const CoulombPairParameters<Real> &p, Real k_e,
                                                   Real r)
{
  const Real inverse_r = Real(1) / r;
  const Real two_by_sqrt_pi = Real(1.12837916709551257390);
  switch (form) {
    case CoulombForm::none:
    case CoulombForm::slater:
      break;
    case CoulombForm::direct_cut:
      return {k_e * inverse_r, -k_e * inverse_r * inverse_r};
    case CoulombForm::screened_cut: {
      const ErrorFunction<Real> e = erfc_with_bell(r * p.inverse_length);
      const Real value = k_e * e.value * inverse_r, bell = k_e * two_by_sqrt_pi * p.inverse_length * e.bell;
      return {value, (-bell - value) * inverse_r};
    }
    case CoulombForm::gaussian: {
      const ErrorFunction<Real> e = erf_with_bell(r * p.inverse_length);
      const Real value = k_e * e.value * inverse_r, bell = k_e * two_by_sqrt_pi * p.inverse_length * e.bell;
      return {value, (bell - value) * inverse_r};
    }
    case CoulombForm::screened_gaussian: {    // as a difference of erfc, which loses no digits at large r
      const ErrorFunction<Real> e = erfc_with_bell(r * p.inverse_length);
      const ErrorFunction<Real> far = erfc_with_bell(r * p.inverse_screened_length);
      const Real value = k_e * (far.value - e.value) * inverse_r;
      const Real bell = k_e * two_by_sqrt_pi * (p.inverse_length * e.bell - p.inverse_screened_length * far.bell);
      return {value, (bell - value) * inverse_r};
    }
    case CoulombForm::shielded: {
      const ValueDerivative<Real> v = shielded_coulomb(p.inverse_length, p.inverse_screened_length, r);
      return {k_e * v.value, k_e * v.derivative};
    }
  }
  return {Real(0), Real(0)};
}

/// What two Gaussian charges of width sigma add to their own hardness: k_e/(sqrt(pi) sigma).
template <class Real> Real gaussian_self_hardness(Real k_e, Real sigma)
{
  return k_e * Real(0.56418958354775628695) / sigma;
}

/// What Wolf's method adds to the hardness: -k_e (erfc(alpha r_c)/r_c + 2 alpha/sqrt(pi)), the charge's own part of
/// what alpha takes off all pairs, and of the opposite charge at the cutoff.
template <class Real> Real wolf_self_hardness(Real k_e, Real alpha, Real cutoff)
{
  return -k_e * (erfc_with_bell(alpha * cutoff).value / cutoff + Real(1.12837916709551257390) * alpha);
}

/// gamma(r) of elements i and j (energy/e^2) and what the core charges of their atoms add to each other's
/// electronegativity (energy/e): that of j to chi_i (own) and that of i to chi_j (other).
template <class Real> struct PairInteraction {
  ValueDerivative<Real> gamma, own, other;
};

/// Element tables of the charge energy as the kernels see them. Not owning.
template <class Real> struct CoulombView {
  CoulombForm form;
  int num_elements;
  Real k_e, cutoff;
  const CoulombPairParameters<Real> *pair;    ///< [i * num_elements + j]
  const ChargeParameters<Real> *charge;
  const SlaterPair<Real> *slater = nullptr;    ///< [i * num_elements + j]; slater

  /// gamma(r) and gamma'(r) of elements i and j for r < cutoff.
  RFMEAM_FUNCTION ValueDerivative<Real> gamma(int i, int j, Real r) const
  {
    const CoulombPairParameters<Real> &p = pair[i * num_elements + j];
    const ValueDerivative<Real> v = form == CoulombForm::slater
        ? damped_slater(SlaterIntegrals<Real>(slater[i * num_elements + j], r), p.inverse_length, k_e)
        : bare_coulomb(form, p, k_e, r);
    return {v.value - p.value_at_cutoff - (r - cutoff) * p.slope_at_cutoff, v.derivative - p.slope_at_cutoff};
  }
  /// gamma(r) alone, the off-diagonal of the charge matrix.
  RFMEAM_FUNCTION Real gamma_value(int i, int j, Real r) const { return gamma(i, j, r).value; }
  /// gamma(r) and the effects of core charges, which are shifted as gamma is; for slater.
  RFMEAM_FUNCTION PairInteraction<Real> with_cores(int i, int j, Real r) const
  {
    const CoulombPairParameters<Real> &p = pair[i * num_elements + j];
    const SlaterPair<Real> &s = slater[i * num_elements + j];
    const SlaterIntegrals<Real> integrals(s, r);
    const ValueDerivative<Real> v = damped_slater(integrals, p.inverse_length, k_e);
    const ValueDerivative<Real> own = integrals.core(k_e * s.other_core, s.own_decay);
    const ValueDerivative<Real> other = integrals.core(k_e * s.own_core, s.other_decay);
    const Real d = r - cutoff;
    return {{v.value - p.value_at_cutoff - d * p.slope_at_cutoff, v.derivative - p.slope_at_cutoff},
            {own.value - s.own_core_value - d * s.own_core_slope, own.derivative - s.own_core_slope},
            {other.value - s.other_core_value - d * s.other_core_slope, other.derivative - s.other_core_slope}};
  }
  /// Self energy E0 + chi q + J q^2/2 of an atom of element i, its walls included, and its derivative by q.
  RFMEAM_FUNCTION ValueDerivative<Real> self_energy(int i, Real q) const
  {
    const ChargeParameters<Real> &c = charge[i];
    ValueDerivative<Real> self = {c.energy + q * (c.electronegativity + Real(0.5) * c.hardness * q),
                                  c.electronegativity + c.hardness * q};
    if (has_wall(i)) {
      const TwoDerivatives<Real> w = wall(i, q);
      self.value += w.value, self.derivative += w.derivative;
    }
    return self;
  }
  /// Whether the charge energy of element i is not quadratic in q.
  RFMEAM_FUNCTION bool has_wall(int i) const
  {
    return charge[i].upper.stiffness > Real(0) || charge[i].lower.stiffness > Real(0);
  }
  /// Energy of the walls of element i at the charge q, and its derivatives by q: the second one, never negative, adds
  /// to the diagonal of the charge matrix. In the precision of q, which stiff walls need.
  template <class Charge> RFMEAM_FUNCTION TwoDerivatives<Charge> wall(int i, Charge q) const
  {
    const WallParameters<Real> &upper = charge[i].upper, &lower = charge[i].lower;
    const TwoDerivatives<Charge> above = charge_wall(Charge(upper.stiffness), q - Charge(upper.charge));
    const TwoDerivatives<Charge> below = charge_wall(Charge(lower.stiffness), Charge(lower.charge) - q);
    return {above.value + below.value, above.derivative - below.derivative,
            above.second_derivative + below.second_derivative};
  }
  /// Whether q lies beyond the q_s of a wall of element i.
  RFMEAM_FUNCTION bool beyond_wall(int i, Real q) const
  {
    const WallParameters<Real> &upper = charge[i].upper, &lower = charge[i].lower;
    return (upper.stiffness > Real(0) && q > upper.charge) || (lower.stiffness > Real(0) && q < lower.charge);
  }
};

}    // namespace rfmeam

#endif
