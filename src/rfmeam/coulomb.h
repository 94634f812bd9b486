// RF-MEAM physics library: Coulomb kernels and charge energy. SPDX-License-Identifier: GPL-2.0-only
#ifndef RFMEAM_COULOMB_H
#define RFMEAM_COULOMB_H

#include "config.h"
#include "error_function.h"
#include "parameters.h"

namespace rfmeam {

enum class CoulombForm : int { none, direct_cut, screened_cut, gaussian };

/// One pair of elements in gamma(r) = v(r) - v(r_c) - (r - r_c) v'(r_c) (shifted force), energy per charge^2.
template <class Real> struct CoulombPairParameters {
  Real inverse_length;    ///< 1/Å: 1/rho_ij, or 1/sqrt(2 (sigma_i^2 + sigma_j^2)); not used: direct_cut
  Real value_at_cutoff, slope_at_cutoff;    ///< v(r_c) and v'(r_c)
};

template <class To, class From> CoulombPairParameters<To> convert(const CoulombPairParameters<From> &from)
{
  return {To(from.inverse_length), To(from.value_at_cutoff), To(from.slope_at_cutoff)};
}

/// Bare kernel v(r) = k_e {1, erfc(r/rho), erf(r/l)}/r and its derivative; r in Å, k_e in energy Å/e^2.
template <class Real>
RFMEAM_FUNCTION ValueDerivative<Real> bare_coulomb(CoulombForm form, Real inverse_length, Real k_e, Real r)
{
  const Real inverse_r = Real(1) / r;
  if (form == CoulombForm::direct_cut) return {k_e * inverse_r, -k_e * inverse_r * inverse_r};
  const Real x = r * inverse_length;
  const bool screened = form == CoulombForm::screened_cut;
  const ErrorFunction<Real> e = screened ? erfc_with_bell(x) : erf_with_bell(x);
  const Real value = k_e * e.value * inverse_r;
  const Real two_by_sqrt_pi = Real(1.12837916709551257390);
  const Real bell = k_e * two_by_sqrt_pi * inverse_length * e.bell;
  return {value, ((screened ? -bell : bell) - value) * inverse_r};
}

/// v(r) alone.
template <class Real> RFMEAM_FUNCTION Real bare_coulomb_value(CoulombForm form, Real inverse_length, Real k_e, Real r)
{
  return bare_coulomb(form, inverse_length, k_e, r).value;
}

/// What two Gaussian charges of width sigma add to their own hardness: k_e/(sqrt(pi) sigma).
inline double gaussian_self_hardness(double k_e, double sigma) { return k_e * 0.56418958354775628695 / sigma; }

/// Element tables of the charge energy as the kernels see them. Not owning.
template <class Real> struct CoulombView {
  CoulombForm form;
  int num_elements;
  Real k_e, cutoff;
  const CoulombPairParameters<Real> *pair;    ///< [i * num_elements + j]
  const ChargeParameters<Real> *charge;

  /// gamma(r) and gamma'(r) of elements i and j for r < cutoff.
  RFMEAM_FUNCTION ValueDerivative<Real> gamma(int i, int j, Real r) const
  {
    const CoulombPairParameters<Real> &p = pair[i * num_elements + j];
    const ValueDerivative<Real> v = bare_coulomb(form, p.inverse_length, k_e, r);
    return {v.value - p.value_at_cutoff - (r - cutoff) * p.slope_at_cutoff, v.derivative - p.slope_at_cutoff};
  }
  /// gamma(r) alone, the off-diagonal of the charge matrix.
  RFMEAM_FUNCTION Real gamma_value(int i, int j, Real r) const { return gamma(i, j, r).value; }
  /// Self energy E0 + chi q + J q^2/2 of an atom of element i and its derivative with respect to q.
  RFMEAM_FUNCTION ValueDerivative<Real> self_energy(int i, Real q) const
  {
    const ChargeParameters<Real> &c = charge[i];
    return {c.energy + q * (c.electronegativity + Real(0.5) * c.hardness * q), c.electronegativity + c.hardness * q};
  }
};

}    // namespace rfmeam

#endif
