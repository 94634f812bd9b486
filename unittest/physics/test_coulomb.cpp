// Coulomb kernels, their shift at the cutoff, self energies and tables. SPDX-License-Identifier: GPL-2.0-only

#include "direct_formulas.h"
#include "random_systems.h"
#include "rfmeam/coulomb.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

using namespace rfmeam;
using namespace rfmeam::test;

namespace {

/// v(r) for k_e = 14.4 and the lengths of its form: rho or s, and sqrt(s^2 + lambda^2).
template <class Real> ValueDerivative<Real> bare(CoulombForm form, Long length, Long screened_length, Real r)
{
  return bare_coulomb<Real>(form, {Real(1 / length), Real(1 / screened_length), 0, 0}, Real(14.4L), r);
}

TEST(BareCoulomb, HasTheFormulas)
{
  EXPECT_DOUBLE_EQ(bare(CoulombForm::direct_cut, 1, 2, 2.0).value, 7.2);
  for (double r = 0.05; r < 12.0; r *= 1.3)
    for (double length : {0.3, 1.0, 2.5}) {
      const double direct = double(14.4L / Long(r));
      EXPECT_NEAR(bare(CoulombForm::direct_cut, length, 9, r).value, direct, 1e-14 * direct);
      const double screened = double(14.4L * std::erfc(Long(r) / Long(length)) / Long(r));
      // erfc(x) is as well determined as x^2
      EXPECT_NEAR(bare(CoulombForm::screened_cut, length, 9, r).value, screened,
                  screened * 1e-15 * (4 + 4 * r * r / (length * length)));
      const double gaussian = double(14.4L * std::erf(Long(r) / Long(length)) / Long(r));
      EXPECT_NEAR(bare(CoulombForm::gaussian, length, 9, r).value, gaussian, 2e-15 * gaussian);
      for (double lambda : {0.1, 1.5, 3.0}) {
        const Long far = std::sqrt(Long(length) * length + Long(lambda) * lambda);
        const double expected = double(14.4L * (std::erf(r / Long(length)) - std::erf(r / far)) / Long(r));
        EXPECT_NEAR(bare(CoulombForm::screened_gaussian, length, far, r).value, expected,
                    2e-15 * direct);    // of two numbers below 1
      }
    }
}

TEST(BareCoulomb, SlopesAreTheDerivatives)
{
  // test_published_kernels.cpp has the other forms
  for (CoulombForm form :
       {CoulombForm::direct_cut, CoulombForm::screened_cut, CoulombForm::gaussian, CoulombForm::screened_gaussian})
    for (double length : {0.4, 1.0, 2.5})
      for (double r = 0.2; r < 10.0; r *= 1.17) {
        const auto v = bare(form, length, length + 1.3, r);
        const auto numeric =
            derivative<Long>([&](Long x) { return bare(form, length, length + 1.3, x).value; }, Long(r), 0.1L * r);
        EXPECT_LT(double(numeric.error), 1e-12 * 14.4 / r / r);
        EXPECT_NEAR(v.derivative, double(numeric.value), 1e-12 * 14.4 / r / r) << r;
      }
}

TEST(BareCoulomb, OfNoFormIsZero)
{
  EXPECT_EQ(bare(CoulombForm::none, 1, 2, 1.5).value, 0.0);
  EXPECT_EQ(bare(CoulombForm::none, 1, 2, 1.5).derivative, 0.0);
}

/// k_e 2/pi integral_0^inf exp(-k^2 (s1^2 + s2^2)/2) filter(k) sin(k r)/(k r) dk, the interaction of two Gaussian
/// charges in reciprocal space.
template <class Filter> double interaction(double s1, double s2, double r, const Filter &filter)
{
  Long sum = 0;
  const Long step = 0.001L;
  for (Long k = step / 2; k < 15; k += step)
    sum += std::exp(-k * k * (s1 * s1 + s2 * s2) / 2) * filter(k) * std::sin(k * r) / (k * r) * step;
  return double(14.4L * 2 / std::acos(-1.0L) * sum);
}

TEST(BareCoulomb, GaussianIsTheInteractionOfTwoGaussianCharges)
{
  const double s1 = 0.6, s2 = 1.1, l = std::sqrt(2.0 * (s1 * s1 + s2 * s2));
  for (double r : {0.01, 0.5, 1.0, 2.0, 4.0}) {
    const double expected = interaction(s1, s2, r, [](Long) { return 1.0L; });
    EXPECT_NEAR(bare(CoulombForm::gaussian, l, 9, r).value, expected, 1e-6 * expected) << r;
  }
}

TEST(BareCoulomb, ScreenedGaussianIsThatOfTwoGaussianChargesWithoutItsLongWaves)
{
  // 1 - exp(-k^2 lambda^2/4) is never negative: so the kernel is positive definite
  const double s1 = 0.6, s2 = 1.1, lambda = 2.6, s = std::sqrt(2.0 * (s1 * s1 + s2 * s2));
  for (double r : {0.01, 0.5, 1.0, 2.0, 4.0}) {
    const double expected = interaction(s1, s2, r, [&](Long k) { return -std::expm1(-k * k * lambda * lambda / 4); });
    EXPECT_NEAR(bare(CoulombForm::screened_gaussian, s, std::hypot(s, lambda), r).value, expected, 1e-6) << r;
  }
}

TEST(BareCoulomb, GaussianAtContactIsTheSelfHardness)
{
  for (double sigma : {0.3, 0.8, 1.5}) {
    const double self = gaussian_self_hardness(14.4, sigma);
    EXPECT_DOUBLE_EQ(self, 14.4 / (std::sqrt(std::acos(-1.0)) * sigma));
    EXPECT_NEAR(bare(CoulombForm::gaussian, 2 * sigma, 9, 1e-6).value, self, 1e-10 * self);
  }
}

// ---- tables

TEST(CoulombTable, ShiftsValueAndSlopeToZeroAtTheCutoff)
{
  Random random(61);
  for (CoulombForm form : coulomb_forms)
    for (int n = 1; n <= 4; n++) {
      const CoulombTable table(random_potential(random, n, form), k_e);
      const auto view = table.view();
      for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++) {
          const auto at_cutoff = view.gamma(i, j, table.cutoff);
          EXPECT_EQ(at_cutoff.value, 0.0);
          EXPECT_EQ(at_cutoff.derivative, 0.0);
          EXPECT_EQ(view.gamma_value(i, j, table.cutoff), 0.0);
          // and quadratically before it, or in the fourth power
          const double d = 1e-3, bend = view.gamma(i, j, table.cutoff - d).value / (d * d);
          const double falls = form == CoulombForm::shielded ? 16.0 : 4.0;
          EXPECT_NEAR(view.gamma(i, j, table.cutoff - 0.5 * d).value * falls / (d * d), bend,
                      0.01 * std::abs(bend) + 1e-9);
        }
    }
}

TEST(CoulombTable, GammaIsTheShiftedKernelAndItsDerivative)
{
  Random random(62);
  for (CoulombForm form : coulomb_forms) {
    const Potential potential = random_potential(random, 3, form);
    const CoulombTable table(potential, k_e);
    const auto view = table.view();
    const Long rc = potential.coulomb_cutoff;
    const double rounding = form == CoulombForm::slater ? 1e-10 : 1e-12;    // of exponents that are nearly equal
    for (int i = 0; i < 3; i++)
      for (int j = 0; j < 3; j++) {
        const auto v = [&](Long r) { return direct::coulomb(potential, k_e, i, j, r); };
        const Long slope = derivative<Long>(v, rc, 0.1L).value;
        const auto gamma = [&](Long r) { return v(r) - v(rc) - (r - rc) * slope; };
        for (double r = 0.5; r < potential.coulomb_cutoff; r += 0.37) {
          const auto g = view.gamma(i, j, r);
          EXPECT_NEAR(g.value, double(gamma(r)), rounding);
          EXPECT_EQ(g.value, view.gamma_value(i, j, r));
          EXPECT_EQ(g.value, view.gamma(j, i, r).value);
          EXPECT_NEAR(g.derivative, double(derivative<Long>(gamma, Long(r), 0.05L).value), 10.0 * rounding);
        }
      }
  }
}

TEST(CoulombTable, SelfEnergyAndItsDerivative)
{
  Random random(63);
  for (CoulombForm form : coulomb_forms) {
    const Potential potential = random_potential(random, 3, form);
    const CoulombTable table(potential, k_e);
    for (int i = 0; i < 3; i++) {
      const auto &c = potential.charge[i];
      const double hardness = c.hardness + double(direct::self_hardness(potential, k_e, i));
      const double rounding = 1e-13 * c.hardness;
      EXPECT_NEAR(table.charge[i].hardness, hardness, rounding);
      for (double q : {-1.3, 0.0, 0.4, 2.0}) {
        const auto self = table.view().self_energy(i, q);
        EXPECT_NEAR(self.value, c.energy + c.electronegativity * q + 0.5 * hardness * q * q, 3.0 * rounding);
        EXPECT_NEAR(self.derivative, c.electronegativity + hardness * q, 3.0 * rounding);
      }
    }
  }
}

TEST(CoulombTable, ScreenedGaussianAtContactIsTheSelfHardness)
{
  Random random(67);
  Potential potential = random_potential(random, 3, CoulombForm::screened_gaussian);
  potential.coulomb_cutoff = 1e7;    // no shift
  const CoulombTable table(potential, k_e);
  for (int i = 0; i < 3; i++)
    EXPECT_NEAR(table.charge[i].hardness - potential.charge[i].hardness, table.view().gamma_value(i, i, 1e-5), 5e-9);
}

TEST(CoulombTable, ScreenedGaussianWithoutScreeningIsGaussian)
{
  Random random(68);
  Potential potential = random_potential(random, 3, CoulombForm::screened_gaussian);
  potential.gaussian_screening_length = 1e9;
  const CoulombTable screened(potential, k_e);
  potential.coulomb_form = CoulombForm::gaussian;
  const CoulombTable gaussian(potential, k_e);
  for (int i = 0; i < 3; i++) {
    EXPECT_NEAR(screened.charge[i].hardness, gaussian.charge[i].hardness, 1e-7);
    for (int j = 0; j < 3; j++)
      for (double r = 0.5; r < potential.coulomb_cutoff; r += 0.4)
        EXPECT_NEAR(screened.view().gamma_value(i, j, r), gaussian.view().gamma_value(i, j, r), 1e-7);
  }
}

TEST(CoulombTable, OfAPotentialWithoutChargesIsEmpty)
{
  Random random(64);
  const CoulombTable table(random_potential(random, 2, CoulombForm::none), k_e);
  EXPECT_EQ(table.form, CoulombForm::none);
  EXPECT_TRUE(table.pair.empty());
  EXPECT_FALSE(table.has_walls());
}

// ---- is there a charge equilibrium

/// Charge matrix of a cluster whose shift is negligible.
std::vector<double> cluster_matrix(Random &random, CoulombForm form, double hardness, int atoms, double size)
{
  Potential potential = random_potential(random, 2, form);
  potential.coulomb_cutoff = 1e7;
  for (auto &c : potential.charge) c.hardness = hardness;
  PeriodicSystem cluster = {};
  cluster.periodic = {false, false, false};
  for (int i = 0; i < atoms; i++) {
    cluster.positions.push_back({random(0.0, size), random(0.0, size), random(0.0, size)});
    cluster.elements.push_back(i % 2);
  }
  return charge_matrix(potential, cluster, k_e);
}

TEST(ChargeMatrix, OfGaussianChargesIsPositiveDefiniteHoweverClose)
{
  Random random(65);
  for (CoulombForm form : {CoulombForm::gaussian, CoulombForm::screened_gaussian})
    for (int set = 0; set < 20; set++) {
      const int atoms = 20;
      const auto matrix = cluster_matrix(random, form, 1e-3, atoms, random(0.5, 4.0));
      EXPECT_GT(smallest_neutral_eigenvalue(matrix, atoms), 0.99e-3);
    }
}

TEST(ChargeMatrix, OfScreenedGaussiansIsPositiveDefiniteInDenseBoxesWhereScreenedPointChargesAreNot)
{
  Random random(69);
  for (int set = 0; set < 10; set++) {
    const auto system = random_system(random, {24, {true, true, true}, true, 6.0}, 2);
    Potential potential = random_potential(random, 2, CoulombForm::screened_gaussian);
    potential.coulomb_cutoff = 9.0;
    potential.gaussian_width = {random(0.6, 1.0), random(0.6, 1.0)};
    potential.gaussian_screening_length = 2.6;
    for (auto &c : potential.charge) c.hardness = 0.1;
    EXPECT_GT(smallest_neutral_eigenvalue(charge_matrix(potential, system, k_e), 24), 0.05);
    potential.coulomb_form = CoulombForm::screened_cut;
    potential.screening_length = {2.0, 2.0, 2.0, 2.0};
    EXPECT_LT(smallest_neutral_eigenvalue(charge_matrix(potential, system, k_e), 24), -1.0);
  }
}

TEST(ChargeMatrix, OfPointChargesWithSmallHardnessIsIndefinite)
{
  Random random(66);
  const auto matrix = cluster_matrix(random, CoulombForm::direct_cut, 3.0, 20, 6.0);
  EXPECT_LT(smallest_neutral_eigenvalue(matrix, 20), -1.0);
}

}    // namespace
