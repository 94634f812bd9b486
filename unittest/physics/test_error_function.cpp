// erf, erfc and exp(-x^2) of the Coulomb kernels. SPDX-License-Identifier: GPL-2.0-only

#include "rfmeam/error_function.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

using namespace rfmeam;

namespace {

constexpr double epsilon = std::numeric_limits<double>::epsilon();

/// Calls f(x) for x from 1e-12 on, densely where erfc is not negligible.
template <class Function> void for_many(const Function &f)
{
  f(0.0);
  for (double x = 1e-12; x < 0.01; x *= 1.5) f(x);
  for (double x = 0.01; x < 40.0; x += 0.0037) f(x);
}

TEST(DecayingExponential, IsExpAndExpm1)
{
  for_many([](double x) {
    for (double y : {-x, -x * x}) {
      const DecayingExponential<double> e(y);
      const long double exact = std::exp((long double) y), minus_one = std::expm1((long double) y);
      EXPECT_NEAR(e.value, double(exact), 2 * epsilon * double(exact) + 3e-308) << y;
      EXPECT_NEAR(e.minus_one, double(minus_one), 2 * epsilon * std::abs(double(minus_one))) << y;
    }
  });
  EXPECT_EQ(DecayingExponential<double>(0.0).value, 1.0);
  EXPECT_EQ(DecayingExponential<double>(0.0).minus_one, 0.0);
  EXPECT_EQ(DecayingExponential<double>(-1e300).value, 0.0);
  EXPECT_EQ(DecayingExponential<double>(-1e300).minus_one, -1.0);
}

TEST(ErrorFunction, ErfcToAFewUnitsInTheLastPlace)
{
  for_many([](double x) {
    // exp(-x^2) is as well determined as x^2
    const double exact = double(std::erfc((long double) x)), bell = double(std::exp(-(long double) x * x));
    const auto e = erfc_with_bell(x);
    EXPECT_NEAR(e.value, exact, (4 + x * x) * epsilon * exact + 3e-308) << x;
    EXPECT_NEAR(e.bell, bell, (2 + x * x) * epsilon * bell + 3e-308) << x;
  });
  EXPECT_EQ(erfc_with_bell(0.0).value, 1.0);
  EXPECT_EQ(erfc_with_bell(1e30).value, 0.0);
}

TEST(ErrorFunction, ErfToAFewUnitsInTheLastPlaceHoweverSmall)
{
  for_many([](double x) {
    const double exact = double(std::erf((long double) x));
    EXPECT_NEAR(erf_with_bell(x).value, exact, 4 * epsilon * exact) << x;
  });
  EXPECT_EQ(erf_with_bell(0.0).value, 0.0);
  EXPECT_EQ(erf_with_bell(1e30).value, 1.0);
}

TEST(ErrorFunction, InSinglePrecision)
{
  for_many([](double x) {
    const float single = float(x);
    EXPECT_NEAR(erf_with_bell(single).value, std::erf(double(single)), 4e-7);
    EXPECT_NEAR(erfc_with_bell(single).value, std::erfc(double(single)), 4e-7);
  });
  EXPECT_EQ(erfc_with_bell(1e10f).value, 0.0f);
}

}    // namespace
