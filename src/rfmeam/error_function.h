// RF-MEAM physics library: error functions with their exponential. SPDX-License-Identifier: GPL-2.0-only
//
// The Coulomb kernels need erfc(x) or erf(x), and exp(-x^2) for the slope. Here one exponential and one quotient give
// both, to a few units in the last place and without branches, so that loops over neighbours vectorise.
#ifndef RFMEAM_ERROR_FUNCTION_H
#define RFMEAM_ERROR_FUNCTION_H

#include "config.h"

#include <cmath>
#include <cstdint>
#include <cstring>
#include <type_traits>

namespace rfmeam {

/// c[0] + c[1] x + ... + c[n-1] x^(n-1), from term k on divided by x^k. Not a loop: those hinder the vectorisation of
/// loops around them.
template <int k = 0, class Real, int n> RFMEAM_FUNCTION Real polynomial(const double (&c)[n], Real x)
{
  if constexpr (k + 1 < n)
    return polynomial<k + 1>(c, x) * x + Real(c[k]);
  else
    return Real(c[k]);
}

/// exp(y) and exp(y) - 1 for y <= 0.
template <class Real> struct DecayingExponential {
  Real value, minus_one;
  RFMEAM_FUNCTION explicit DecayingExponential(Real y) : value(exp(y)), minus_one(expm1(y)) {}
};

/// In double precision: exp(y) = 2^n exp(z) with |z| <= log(2)/2 and the Taylor series of (exp(z) - 1)/z to z^12.
template <> struct DecayingExponential<double> {
  double value, minus_one;

  RFMEAM_FUNCTION explicit DecayingExponential(double y)
  {
    constexpr double taylor[] = {
        1.0,         1.0 / 2,      1.0 / 6,       1.0 / 24,       1.0 / 120,       1.0 / 720,       1.0 / 5040,
        1.0 / 40320, 1.0 / 362880, 1.0 / 3628800, 1.0 / 39916800, 1.0 / 479001600, 1.0 / 6227020800};
    constexpr double log2_e = 1.4426950408889634074;
    constexpr double log_2_high = 6.93147180369123816490e-01, log_2_low = 1.90821492927058770002e-10;
    const double bounded = y > -709.1 ? y : -709.1;    // there n = -1023, and the bits of 2^n become those of 0
    const int n = static_cast<int>(bounded * log2_e - 0.5);
    const double z = (bounded - n * log_2_high) - n * log_2_low;
    const double minus_one_z = z * polynomial(taylor, z);
    const std::int64_t bits = (std::int64_t(n) + 1023) << 52;
    double power;
    std::memcpy(&power, &bits, sizeof(power));
    value = power + power * minus_one_z;
    minus_one = power * minus_one_z + (power - 1.0);
  }
};

/// erf(x) or erfc(x) with bell = exp(-x^2), x >= 0.
template <class Real> struct ErrorFunction {
  Real value, bell;
};

/// With erfcx(x) = exp(x^2) erfc(x) = P/Q and t = min(x, 28), beyond which erfc underflows: the quotients erfcx = P/Q
/// and (1 - erfcx)/t = D/Q. Rational interpolation of erfcx, 4e-18 from it before the coefficients are rounded; none of
/// them is negative, so that nothing cancels.
template <class Real> struct ScaledErfc {
  Real t, inverse_q;

  RFMEAM_FUNCTION explicit ScaledErfc(Real x) : t(x < Real(28) ? x : Real(28))
  {
    constexpr double q[] = {1.0,
                            3.45663414213831608,
                            5.5886340004424477303,
                            5.5897492241629108082,
                            3.8518603848600824474,
                            1.9253306013289838808,
                            0.71462208675420523843,
                            0.19774252905088893349,
                            0.04017482389037324619,
                            0.0057444113022878197621,
                            0.00052486528073080915821,
                            0.000023525261688813729364};
    inverse_q = Real(1) / polynomial(q, t);
  }
  RFMEAM_FUNCTION Real value() const
  {
    constexpr double p[] = {1.0,
                            2.3282549750428034621,
                            2.688240046182505838,
                            1.9880324096165703768,
                            1.0328751752963914467,
                            0.39207132007816945065,
                            0.10995376120100333223,
                            0.022518155395655126724,
                            0.0032343006666122991754,
                            0.00029612352415360153229,
                            0.000013272707595067311811};
    return polynomial(p, t) * inverse_q;
  }
  RFMEAM_FUNCTION Real one_minus_value() const
  {
    constexpr double d[] = {1.1283791670955126179,    2.9003939542599418923,     3.6017168145463404315,
                            2.8189852095636910007,    1.5332592812508144301,     0.60466832555320190619,
                            0.17522437365523380677,   0.036940523223760947014,   0.0054482877781342182298,
                            0.0005115925731357418464, 0.000023525261688813729364};
    return t * polynomial(d, t) * inverse_q;
  }
};

template <class Real> RFMEAM_FUNCTION ErrorFunction<Real> erfc_with_bell(Real x)
{
  const Real bell = DecayingExponential<Real>(-x * x).value;
  return {bell * ScaledErfc<Real>(x).value(), bell};
}

/// erf = exp(-x^2) (1 - erfcx) + (1 - exp(-x^2)): two positive terms.
template <class Real> RFMEAM_FUNCTION ErrorFunction<Real> erf_with_bell(Real x)
{
  const DecayingExponential<Real> bell(-x * x);
  return {bell.value * ScaledErfc<Real>(x).one_minus_value() - bell.minus_one, bell.value};
}

}    // namespace rfmeam

#endif
