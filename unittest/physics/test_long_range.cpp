// What an Ewald sum leaves to pairs: kernels, their slopes, hardness. SPDX-License-Identifier: GPL-2.0-only

#include "random_systems.h"
#include "rfmeam/long_range.h"

#include <gtest/gtest.h>

#include <cmath>

using namespace rfmeam;
using namespace rfmeam::test;

namespace {

constexpr double cutoff = 9.0, splitting = 0.35;

Potential potential_of(CoulombForm form)
{
  Random random(7);
  return random_potential(random, 2, form);
}

TEST(RealSpaceTable, IsTheWholeKernelWithoutTheSmoothOne)
{
  for (const CoulombForm form : {CoulombForm::direct_cut, CoulombForm::gaussian, CoulombForm::slater}) {
    const Potential potential = potential_of(form);
    const CoulombTable table = real_space_table(potential, k_e, cutoff, splitting);
    EXPECT_EQ(table.cutoff, cutoff);
    for (int i = 0; i < 2; i++)
      for (int j = 0; j < 2; j++)
        for (double r = 0.3; r < cutoff; r *= 1.3) {
          double whole = k_e / r;
          if (form == CoulombForm::gaussian) {
            const double si = potential.gaussian_width[i], sj = potential.gaussian_width[j];
            whole *= std::erf(r / std::sqrt(2.0 * (si * si + sj * sj)));
          } else if (form == CoulombForm::slater) {
            const auto pair = slater_pair(potential.slater_exponent[i], potential.slater_exponent[j]);
            whole = k_e * SlaterIntegrals<double>(pair, r).densities().value;
          }
          EXPECT_NEAR(table.view().gamma(i, j, r).value, whole - k_e * std::erf(splitting * r) / r, 1e-13 * k_e / r);
        }
  }
}

TEST(RealSpaceTable, SlopesAreTheDerivatives)
{
  for (const CoulombForm form : {CoulombForm::direct_cut, CoulombForm::gaussian, CoulombForm::slater}) {
    const CoulombTable table = real_space_table(potential_of(form), k_e, cutoff, splitting);
    for (double r = 0.4; r < cutoff; r *= 1.3) {
      const auto slope = derivative([&](double x) { return table.view().gamma(0, 1, x).value; }, r, 0.1);
      EXPECT_NEAR(table.view().gamma(0, 1, r).derivative, slope.value, 1e-10 + 10.0 * slope.error);
    }
  }
}

/// Gaussian charges at the same place, less the smooth kernel: gamma(r -> 0) is the self term of both.
TEST(RealSpaceTable, HardnessIsThatOfTheKernelAtTheSamePlace)
{
  const Potential potential = potential_of(CoulombForm::gaussian);
  const CoulombTable table = real_space_table(potential, k_e, cutoff, splitting);
  const double self_of_sum = 2.0 * splitting * k_e / std::sqrt(M_PI);
  for (int i = 0; i < 2; i++)
    EXPECT_NEAR(table.charge[i].hardness - self_of_sum - potential.charge[i].hardness,
                table.view().gamma(i, i, 1e-4).value, 1e-6);
  const Potential points = potential_of(CoulombForm::direct_cut);
  EXPECT_EQ(real_space_table(points, k_e, cutoff, splitting).charge[1].hardness, points.charge[1].hardness);
}

/// Z_j ([j|f_i] - [f_i|f_j]) ends by itself: neither shift nor cutoff of the file is left in it.
TEST(RealSpaceTable, HasTheWholeEffectOfCores)
{
  const Potential potential = potential_of(CoulombForm::slater);
  const CoulombTable table = real_space_table(potential, k_e, cutoff, splitting);
  const auto slopes = [&](double zeta_i, double zeta_j, double core, double r) {
    const SlaterIntegrals<double> integrals(slater_pair(zeta_i, zeta_j), r);
    return integrals.core(k_e * core, 2.0 * zeta_i);
  };
  const auto &zeta = potential.slater_exponent, &core = potential.core_charge;
  for (double r = 0.3; r < cutoff; r *= 1.3) {
    const auto pair = table.view().with_cores(0, 1, r);
    const auto own = slopes(zeta[0], zeta[1], core[1], r), other = slopes(zeta[1], zeta[0], core[0], r);
    EXPECT_NEAR(pair.own.value, own.value, 1e-12 * k_e);
    EXPECT_NEAR(pair.other.value, other.value, 1e-12 * k_e);
    EXPECT_NEAR(pair.own.derivative, own.derivative, 1e-12 * k_e);
    EXPECT_NEAR(pair.other.derivative, other.derivative, 1e-12 * k_e);
  }
}

/// J of slater is that of the whole atom, without the self term of Wolf's method.
TEST(RealSpaceTable, HardnessOfSlaterIsThatOfTheFile)
{
  const Potential potential = potential_of(CoulombForm::slater);
  const CoulombTable table = real_space_table(potential, k_e, cutoff, splitting);
  for (int i = 0; i < 2; i++) EXPECT_EQ(table.charge[i].hardness, potential.charge[i].hardness);
}

TEST(LongRange, SlaterDensitiesBecomePoints)
{
  const Potential potential = potential_of(CoulombForm::slater);
  const double zeta = std::min(potential.slater_exponent[0], potential.slater_exponent[1]);
  for (const double r : {2.0, 4.0, 7.0}) {
    const double x = zeta * r;    // Streitz and Mintmire's integral of two densities alike
    const double missing = std::exp(-2.0 * x) * (1.0 + x * (11.0 / 8.0 + x * (3.0 / 4.0 + x / 6.0)));
    EXPECT_NEAR(diffuseness(potential, r), missing, 1e-14);
  }
  EXPECT_EQ(diffuseness(potential_of(CoulombForm::direct_cut), 2.0), 0.0);
}

TEST(LongRange, IsThatOfKernelsWithoutScreening)
{
  EXPECT_TRUE(has_long_range(CoulombForm::direct_cut));
  EXPECT_TRUE(has_long_range(CoulombForm::gaussian));
  EXPECT_TRUE(has_long_range(CoulombForm::slater));
  for (const CoulombForm form :
       {CoulombForm::none, CoulombForm::screened_cut, CoulombForm::screened_gaussian, CoulombForm::shielded})
    EXPECT_FALSE(has_long_range(form));
  const Potential potential = potential_of(CoulombForm::gaussian);
  const double widest = std::max(potential.gaussian_width[0], potential.gaussian_width[1]);
  EXPECT_EQ(longest_width(potential), 2.0 * widest);
  EXPECT_EQ(longest_width(potential_of(CoulombForm::direct_cut)), 0.0);
}

}    // namespace
