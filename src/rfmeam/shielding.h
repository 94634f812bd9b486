// RF-MEAM physics library: shielded and tapered Coulomb kernel. SPDX-License-Identifier: GPL-2.0-only
//
// A. C. T. van Duin et al., J. Phys. Chem. A 105, 9396 (2001): v(r) = k_e T(r/r_c)/(r^3 + gamma_ij^-3)^(1/3) with the
// taper T(t) = 1 - 35 t^4 + 84 t^5 - 70 t^6 + 20 t^7, which ends with three derivatives of 0.
#ifndef RFMEAM_SHIELDING_H
#define RFMEAM_SHIELDING_H

#include "config.h"

#include <cstdint>
#include <cstring>

namespace rfmeam {

/// x^(-1/3) for x >= 1.
template <class Real> RFMEAM_FUNCTION Real inverse_cube_root(Real x) { return exp(log(x) * Real(-1.0 / 3.0)); }

/// In double precision without a call, so that loops over neighbours vectorise: a guess from the bits of a float, 3 %
/// off, and Newton's method, each step of which squares the relative error (and doubles it).
template <> RFMEAM_FUNCTION double inverse_cube_root(double x)
{
  const auto single = static_cast<float>(x);
  std::int32_t bits;
  std::memcpy(&bits, &single, sizeof(bits));
  bits = 0x54a23000 - bits / 3;
  float guess;
  std::memcpy(&guess, &bits, sizeof(guess));
  double y = guess;
  const double third = x * (1.0 / 3.0);
  for (int step = 0; step < 4; step++) y = y * (4.0 / 3.0 - third * y * y * y);
  return y;
}

/// T(t), 0 <= t <= 1, and its derivative.
template <class Real> RFMEAM_FUNCTION ValueDerivative<Real> taper(Real t)
{
  const Real left = Real(1) - t, left_sq = left * left;
  return {left_sq * left_sq * (Real(1) + t * (Real(4) + t * (Real(10) + t * Real(20)))),
          Real(-140) * t * t * t * left_sq * left};
}

/// T(r/r_c)/(r^3 + gamma^-3)^(1/3) and its derivative, 1/Å; gamma and 1/r_c in 1/Å.
template <class Real> RFMEAM_FUNCTION ValueDerivative<Real> shielded_coulomb(Real gamma, Real inverse_cutoff, Real r)
{
  const Real x = gamma * r, shield = gamma * inverse_cube_root(Real(1) + x * x * x);
  const ValueDerivative<Real> t = taper(r * inverse_cutoff);
  const Real shield_sq = shield * shield;
  return {shield * t.value, inverse_cutoff * shield * t.derivative - r * r * shield_sq * shield_sq * t.value};
}

}    // namespace rfmeam

#endif
