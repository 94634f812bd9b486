// RF-MEAM physics library: unscreened pair energy phi(r). SPDX-License-Identifier: GPL-2.0-only
#ifndef RFMEAM_PAIR_POTENTIAL_H
#define RFMEAM_PAIR_POTENTIAL_H

#include "cutoff.h"
#include "parameters.h"

#include <cmath>

namespace rfmeam {

/// phi = -epsilon (1 + eta + c2 eta^2 + c3 eta^3) exp(-eta) f_c, eta = alpha (r/r_p - 1)
/// (Timonova and Thijsse, Modell. Simul. Mater. Sci. Eng. 19 (2011) 015003). r in Å, energy in eV.
template <class Real>
RFMEAM_FUNCTION ValueDerivative<Real> timonova_thijsse(const PairParameters<Real> &p, Real r,
                                                       const ValueDerivative<Real> &fc)
{
  const Real slope = p.alpha / p.r_scale;
  const Real eta = slope * r - p.alpha;
  const Real decay = -p.epsilon * exp(-eta);
  const Real polynomial = Real(1) + eta * (Real(1) + eta * (p.c2 + eta * p.c3));
  const Real polynomial_slope = Real(1) + eta * (Real(2) * p.c2 + Real(3) * eta * p.c3);
  return {decay * polynomial * fc.value,
          decay * (slope * (polynomial_slope - polynomial) * fc.value + polynomial * fc.derivative)};
}

/// phi = sum_m b_m (s_m - r)^3 for r < s_m, m = 1..3
/// (Srinivasan, Duff et al., Modell. Simul. Mater. Sci. Eng. 27 (2019) 065013). r in Å, energy in eV.
template <class Real> RFMEAM_FUNCTION ValueDerivative<Real> srinivasan_duff(const PairParameters<Real> &p, Real r)
{
  ValueDerivative<Real> phi = {Real(0), Real(0)};
  for (int m = 0; m < 3; m++) {
    const Real d = p.knot[m] - r;
    if (d > Real(0)) {
      phi.value += p.coefficient[m] * d * d * d;
      phi.derivative -= Real(3) * p.coefficient[m] * d * d;
    }
  }
  return phi;
}

/// phi = f_c [A_1 exp(-k_1 (r - r_0)) + A_2 exp(-k_2 (r - r_0))]; with A_1 > 0 and k_1 > k_2 the first term is a core.
/// r in Å, energy in eV.
template <class Real>
RFMEAM_FUNCTION ValueDerivative<Real> double_exponential(const PairParameters<Real> &p, Real r,
                                                         const ValueDerivative<Real> &fc)
{
  ValueDerivative<Real> bare = {Real(0), Real(0)};
  for (int m = 0; m < 2; m++) {
    const Real term = p.amplitude[m] * exp(-p.decay[m] * (r - p.r_origin));
    bare.value += term;
    bare.derivative -= p.decay[m] * term;
  }
  return {bare.value * fc.value, bare.derivative * fc.value + bare.value * fc.derivative};
}

/// phi(r) of the pair's own form; fc: the pair's cutoff function at r.
template <class Real>
RFMEAM_FUNCTION ValueDerivative<Real> pair_potential(const PairParameters<Real> &p, Real r,
                                                     const ValueDerivative<Real> &fc)
{
  switch (p.form) {
    case PairForm::timonova_thijsse:
      return timonova_thijsse(p, r, fc);
    case PairForm::srinivasan_duff:
      return srinivasan_duff(p, r);
    case PairForm::double_exponential:
      return double_exponential(p, r, fc);
  }
  return {Real(0), Real(0)};
}

template <class Real> RFMEAM_FUNCTION ValueDerivative<Real> pair_potential(const PairParameters<Real> &p, Real r)
{
  return pair_potential(p, r, cutoff_function(r, p.r_start, p.r_cut));
}

}    // namespace rfmeam

#endif
