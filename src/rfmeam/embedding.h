// RF-MEAM physics library: embedding energy. SPDX-License-Identifier: GPL-2.0-only
#ifndef RFMEAM_EMBEDDING_H
#define RFMEAM_EMBEDDING_H

#include "parameters.h"

#include <cmath>

namespace rfmeam {

/// F(rho) = (e0 y ln y + e1 y + e2 y^2)(1 - exp(-y^2/(2 sigma^2))), y = rho/n; energy in eV.
/// F and dF/drho vanish for rho -> 0: an isolated atom has energy 0.
template <class Real> RFMEAM_FUNCTION ValueDerivative<Real> embedding_energy(const ElementParameters<Real> &e, Real rho)
{
  const Real y = rho / e.density_scale;
  if (y <= Real(0)) return {Real(0), Real(0)};    // y, not rho: the quotient of a tiny rho may be 0; NaN stays NaN
  const Real log_y = log(y);
  const Real polynomial = y * (e.e0 * log_y + e.e1 + e.e2 * y);
  const Real polynomial_slope = e.e0 * (log_y + Real(1)) + e.e1 + Real(2) * e.e2 * y;
  const Real u = y / e.sigma;
  const Real onset = -expm1(-Real(0.5) * u * u);
  const Real onset_slope = (Real(1) - onset) * u / e.sigma;
  return {polynomial * onset, (polynomial_slope * onset + polynomial * onset_slope) / e.density_scale};
}

}    // namespace rfmeam

#endif
