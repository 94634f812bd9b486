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
  for (const CoulombForm form : {CoulombForm::direct_cut, CoulombForm::gaussian}) {
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
          }
          EXPECT_NEAR(table.view().gamma(i, j, r).value, whole - k_e * std::erf(splitting * r) / r, 1e-13 * k_e / r);
        }
  }
}

TEST(RealSpaceTable, SlopesAreTheDerivatives)
{
  for (const CoulombForm form : {CoulombForm::direct_cut, CoulombForm::gaussian}) {
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

TEST(LongRange, IsThatOfKernelsWithoutScreening)
{
  EXPECT_TRUE(has_long_range(CoulombForm::direct_cut));
  EXPECT_TRUE(has_long_range(CoulombForm::gaussian));
  for (const CoulombForm form : {CoulombForm::none, CoulombForm::screened_cut, CoulombForm::screened_gaussian})
    EXPECT_FALSE(has_long_range(form));
  const Potential potential = potential_of(CoulombForm::gaussian);
  const double widest = std::max(potential.gaussian_width[0], potential.gaussian_width[1]);
  EXPECT_EQ(longest_width(potential), 2.0 * widest);
  EXPECT_EQ(longest_width(potential_of(CoulombForm::direct_cut)), 0.0);
}

}    // namespace
