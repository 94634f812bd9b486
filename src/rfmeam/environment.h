// RF-MEAM physics library: electronegativity that depends on the environment. SPDX-License-Identifier: GPL-2.0-only
//
// Neighbours shift the electronegativity of an atom, chi_i -> chi_i + X_i T(d_i), by a density of its own,
// d_i = sum_j S_ij a_ij. The energy X_i T_i (q_i - q_0) is linear in the charge, its forces at fixed charges are those
// of T; atoms with the charge q_0 of their element feel none.
#ifndef RFMEAM_ENVIRONMENT_H
#define RFMEAM_ENVIRONMENT_H

#include "cutoff.h"
#include "parameters.h"

namespace rfmeam {

/// Distance (Å) at which a neighbour adds its weight s_ij to the environment.
constexpr double environment_distance = 3.0;

/// s_ij exp(-kappa_j (r - 3 Å)) of a neighbour j, which the cutoff is not in yet. pair: that of the atom and its
/// neighbour, in this order.
template <class Real>
RFMEAM_FUNCTION Real bare_environment(const ElementParameters<Real> &neighbour, const PairParameters<Real> &pair,
                                      Real r)
{
  return pair.environment_weight * exp(-neighbour.environment_decay * (r - Real(environment_distance)));
}

/// a(r) = s_ij f_c(r) exp(-kappa_j (r - 3 Å)) of an unscreened neighbour j, and its derivative by r (Å), from its bare
/// part and f_c.
template <class Real>
RFMEAM_FUNCTION ValueDerivative<Real> environment_amplitude(const ElementParameters<Real> &neighbour, Real bare,
                                                            const ValueDerivative<Real> &fc)
{
  return {bare * fc.value, bare * (fc.derivative - neighbour.environment_decay * fc.value)};
}

/// The same from the distance.
template <class Real>
RFMEAM_FUNCTION ValueDerivative<Real> environment_amplitude(const ElementParameters<Real> &neighbour,
                                                            const PairParameters<Real> &pair, Real r)
{
  return environment_amplitude(neighbour, bare_environment(neighbour, pair, r),
                               cutoff_function(r, pair.r_start, pair.r_cut));
}

/// T(d) = d/(1 + d), from 0 of an isolated atom to 1, and its derivative.
template <class Real> RFMEAM_FUNCTION ValueDerivative<Real> saturated_environment(Real d)
{
  const Real inverse = Real(1) / (Real(1) + d);
  return {d * inverse, inverse * inverse};
}

}    // namespace rfmeam

#endif
