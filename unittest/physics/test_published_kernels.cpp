// Kernels of published potentials: integrals of Slater densities, core charges, the shielded kernel.
// SPDX-License-Identifier: GPL-2.0-only

#include "direct_formulas.h"
#include "random_systems.h"
#include "rfmeam/dual.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

using namespace rfmeam;
using namespace rfmeam::test;

namespace {

/// [f_i|f_j] in reciprocal space: 2/pi integral_0^inf F_i F_j sin(k r)/(k r) dk with F = (1 + k^2/(4 zeta^2))^-2.
Long densities_in_reciprocal_space(Long a, Long b, Long r)
{
  const auto f = [](Long zeta, Long k) {
    const Long d = 1 + k * k / (4 * zeta * zeta);
    return 1 / (d * d);
  };
  Long sum = 0;
  const Long step = 0.02L;    // the periods of an analytic function: the midpoint rule converges exponentially
  for (Long k = step / 2; k < 400; k += step) sum += f(a, k) * f(b, k) * std::sin(k * r) / (k * r) * step;
  return 2 / std::acos(-1.0L) * sum;
}

template <class Real> ValueDerivative<Real> densities(Real a, Real b, Real r)
{
  const SlaterPair<Real> pair = slater_pair(a, b);
  return SlaterIntegrals<Real>(pair, r).densities();
}

/// Pairs of exponents: equal, nearly so on both sides of where the formula changes, and different.
std::vector<std::pair<double, double>> exponents()
{
  std::vector<std::pair<double, double>> pairs = {{0.968438, 0.968438}, {0.968438, 2.143957}, {2.1, 0.7}};
  for (double tau : {1e-9, 1e-6, 1e-4, 1e-3, 0.005, 0.00999, 0.01001, 0.02, 0.1})
    for (double mean : {0.8, 1.7}) pairs.emplace_back(mean * (1 + tau), mean * (1 - tau));
  return pairs;
}

/// How many digits cancel where exponents differ by little, and those of the series that comes instead.
double rounding(double a, double b)
{
  const double tau = std::abs(a - b) / (a + b);
  return tau < 1e-3 || tau > 0.09 ? 1e-13 : 1e-10;
}

TEST(SlaterDensities, AreTheInteractionOfTwoDensities)
{
  for (const auto &[a, b] : exponents())
    for (double r : {0.05, 0.4, 1.0, 2.0, 4.0, 8.0}) {
      const double expected = double(densities_in_reciprocal_space(a, b, r));
      EXPECT_NEAR(densities(a, b, r).value, expected, rounding(a, b)) << a << ' ' << b << ' ' << r;
      EXPECT_EQ(densities(a, b, r).value, densities(b, a, r).value);
    }
}

TEST(SlaterDensities, HaveTheFormulaOfStreitzAndMintmire)
{
  for (const auto &[a, b] : exponents())
    for (double r = 0.3; r < 12.0; r *= 1.3) {
      if (a != b && std::abs(a - b) < 0.004 * (a + b)) continue;    // where that formula has lost too many digits
      const double expected = double(direct::slater_densities(a, b, r));
      EXPECT_NEAR(densities(a, b, r).value, expected, rounding(a, b)) << a << ' ' << b << ' ' << r;
    }
}

TEST(SlaterDensities, SlopesAreTheDerivatives)
{
  for (const auto &[a, b] : exponents())
    for (double r = 0.2; r < 10.0; r *= 1.37) {
      const auto numeric = derivative<Long>([&](Long x) { return densities<Long>(a, b, x).value; }, Long(r), 0.1L * r);
      EXPECT_NEAR(densities(a, b, r).derivative, double(numeric.value), 1e-12 + 10 * rounding(a, b))
          << a << ' ' << b << ' ' << r;
    }
}

TEST(SlaterDensities, AreFiniteAtContact)
{
  for (double zeta : {0.7, 1.9})
    for (double r : {1e-3, 1e-6, 1e-9}) {
      EXPECT_NEAR(densities(zeta, zeta, r).value, 0.625 * zeta, 1e-5 * zeta);
      const SlaterPair<double> pair = slater_pair(zeta, zeta);
      const auto core = SlaterIntegrals<double>(pair, r).core(1.0, 2.0 * zeta);
      EXPECT_NEAR(core.value, (1.0 - 0.625) * zeta, 1e-5 * zeta);
    }
  // rounding must not grow at small r
  EXPECT_NEAR(densities(0.97, 2.14, 1e-9).value, densities(0.97, 2.14, 1e-5).value, 1e-8);
}

TEST(SlaterDensities, DerivativesByTheExponents)
{
  using Slopes = Dual<2>;
  for (const auto &[a, b] : exponents())
    for (double r : {0.5, 1.5, 3.0, 6.0}) {
      const auto got = densities(Slopes::parameter(a, 0), Slopes::parameter(b, 1), Slopes(r));
      for (int lane = 0; lane < 2; lane++) {
        const auto numeric = derivative<Long>(
            [&](Long x) { return densities_in_reciprocal_space(lane == 0 ? x : a, lane == 0 ? b : x, r); },
            Long(lane == 0 ? a : b), 0.05L);
        EXPECT_NEAR(got.value.slope[lane], double(numeric.value), 100 * rounding(a, b)) << a << ' ' << b << ' ' << r;
      }
    }
}

// ---- in the tables

TEST(CoreCharges, AreTheShiftedIntegralsAndTheirDerivatives)
{
  Random random(161);
  for (int set = 0; set < 5; set++) {
    const Potential potential = random_potential(random, 3, CoulombForm::slater);
    const CoulombTable table(potential, k_e);
    EXPECT_TRUE(table.has_cores());
    const auto view = table.view();
    const Long rc = potential.coulomb_cutoff;
    for (int i = 0; i < 3; i++)
      for (int j = 0; j < 3; j++) {
        const auto v = [&](Long r) { return direct::core(potential, k_e, i, j, r); };
        const Long slope = derivative<Long>(v, rc, 0.1L).value;
        const auto shifted = [&](Long r) { return v(r) - v(rc) - (r - rc) * slope; };
        for (double r = 0.5; r < potential.coulomb_cutoff; r += 0.37) {
          const auto p = view.with_cores(i, j, r);
          EXPECT_EQ(p.gamma.value, view.gamma_value(i, j, r));
          EXPECT_EQ(p.gamma.derivative, view.gamma(i, j, r).derivative);
          EXPECT_NEAR(p.own.value, double(shifted(r)), 2e-10);
          const auto numeric = derivative<Long>(shifted, Long(r), 0.05L);
          EXPECT_NEAR(p.own.derivative, double(numeric.value), 5e-10 + 3 * double(numeric.error));
          EXPECT_EQ(p.own.value, view.with_cores(j, i, r).other.value);
          EXPECT_EQ(p.own.derivative, view.with_cores(j, i, r).other.derivative);
        }
        EXPECT_EQ(view.with_cores(i, j, table.cutoff).own.value, 0.0);
        EXPECT_EQ(view.with_cores(i, j, table.cutoff).own.derivative, 0.0);
      }
  }
}

TEST(CoreCharges, AreNoneInOtherFormsAndWithoutZ)
{
  Random random(162);
  for (CoulombForm form : coulomb_forms) {
    Potential potential = random_potential(random, 2, form);
    potential.core_charge.assign(potential.core_charge.size(), 0.0);
    EXPECT_FALSE(CoulombTable(potential, k_e).has_cores());
  }
}

/// Coulomb's energy of the densities is not negative: J_i >= 5/8 k_e zeta_i leaves room for all of it.
TEST(ChargeMatrix, OfSlaterDensitiesIsPositiveDefiniteIfHardEnough)
{
  Random random(163);
  for (int set = 0; set < 20; set++) {
    Potential potential = random_potential(random, 2, CoulombForm::slater);
    potential.coulomb_cutoff = 1e7, potential.damping = 0.0;    // a cluster, all of its pairs
    for (int i = 0; i < 2; i++) potential.charge[i].hardness = 0.625 * k_e * potential.slater_exponent[i] + 1e-3;
    PeriodicSystem cluster = {};
    const int atoms = 20;
    const double size = random(0.5, 4.0);
    for (int i = 0; i < atoms; i++) {
      cluster.positions.push_back({random(0.0, size), random(0.0, size), random(0.0, size)});
      cluster.elements.push_back(i % 2);
    }
    EXPECT_GT(smallest_neutral_eigenvalue(charge_matrix(potential, cluster, k_e), atoms), 0.99e-3);
    for (auto &c : potential.charge) c.hardness *= 0.5;
    EXPECT_LT(smallest_neutral_eigenvalue(charge_matrix(potential, cluster, k_e), atoms), 0.0);
  }
}

// ---- shielded

TEST(Shielded, HasItsFormula)
{
  for (double gamma : {0.3, 0.9, 2.0})
    for (double r = 1e-3; r < 10.0; r *= 1.2) {
      const Long t = Long(r) / 10;
      const Long taper = 1 - 35 * t * t * t * t + 84 * std::pow(t, 5) - 70 * std::pow(t, 6) + 20 * std::pow(t, 7);
      const double expected = double(taper / std::cbrt(Long(r) * r * r + 1 / (Long(gamma) * gamma * gamma)));
      EXPECT_NEAR(shielded_coulomb(gamma, 0.1, r).value, expected, 1e-15 * gamma);
      EXPECT_NEAR(shielded_coulomb<float>(float(gamma), 0.1f, float(r)).value, expected, 1e-5 * gamma);
      const auto numeric =
          derivative<Long>([&](Long x) { return shielded_coulomb<Long>(gamma, 0.1L, x).value; }, Long(r), 0.1L * r);
      EXPECT_NEAR(shielded_coulomb(gamma, 0.1, r).derivative, double(numeric.value), 1e-13 * (1 + gamma * gamma));
    }
}

TEST(Shielded, IsGammaAtContactAndEndsSmoothly)
{
  EXPECT_DOUBLE_EQ(shielded_coulomb(0.8, 0.1, 1e-7).value, 0.8);
  EXPECT_EQ(shielded_coulomb(0.8, 0.125, 8.0).value, 0.0);
  EXPECT_EQ(shielded_coulomb(0.8, 0.125, 8.0).derivative, 0.0);
  // value, slope and two more derivatives vanish: 16 times less at half the distance from the end
  const double d = 0.01, far = shielded_coulomb(0.8, 0.125, 8.0 - d).value;
  EXPECT_NEAR(shielded_coulomb(0.8, 0.125, 8.0 - d / 2).value * 16 / far, 1.0, 0.01);
}

TEST(Shielded, InverseCubeRootIsExactToRounding)
{
  for (double x = 1.0; x < 1e12; x *= 1.0371) EXPECT_NEAR(inverse_cube_root(x) * std::cbrt(x), 1.0, 6e-16) << x;
}

}    // namespace
