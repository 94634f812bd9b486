// Walls of the charge energy: the function, and how an element's two walls enter. SPDX-License-Identifier: GPL-2.0-only

#include "direct_formulas.h"
#include "random_systems.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

using namespace rfmeam;
using namespace rfmeam::test;

namespace {

TEST(ChargeWall, HasTheFormula)
{
  for (double stiffness : {0.5, 30.0, 400.0})
    for (double x = -3.0; x < 3.0; x += 0.0137) {
      const double expected = double(direct::wall(stiffness, x));
      // far before the wall the direct formula loses digits, the function does not
      EXPECT_NEAR(charge_wall(stiffness, x).value, expected, 1e-14 * expected + 1e-17 * stiffness) << x;
    }
}

TEST(ChargeWall, DerivativesAreThose)
{
  for (Long stiffness : {0.5L, 30.0L, 400.0L})
    for (Long x = -1.0L; x < 1.0L; x += 0.0137L) {
      const auto wall = charge_wall(stiffness, x);
      const auto slope = derivative<Long>([&](Long y) { return charge_wall(stiffness, y).value; }, x, 0.02L);
      const auto bend = derivative<Long>([&](Long y) { return charge_wall(stiffness, y).derivative; }, x, 0.02L);
      EXPECT_NEAR(double(wall.derivative), double(slope.value), 1e-11 * double(stiffness)) << double(x);
      EXPECT_NEAR(double(wall.second_derivative), double(bend.value), 1e-10 * double(stiffness)) << double(x);
    }
}

TEST(ChargeWall, IsConvexAndRises)
{
  double before = 0.0;
  for (double x = -20.0; x < 20.0; x += 0.003) {
    const auto wall = charge_wall(30.0, x);
    EXPECT_GT(wall.derivative, before) << x;
    EXPECT_GT(wall.second_derivative, 0.0) << x;
    EXPECT_LE(wall.second_derivative, 30.0 * 1.1) << x;
    before = wall.derivative;
  }
}

TEST(ChargeWall, IsAParabolaBeyondAndNothingFarBefore)
{
  EXPECT_NEAR(charge_wall(30.0, 50.0).value, 15.0 * 50.0 * 50.0, 0.02);
  EXPECT_NEAR(charge_wall(30.0, 50.0).second_derivative, 30.0, 1e-9);
  const double d = wall_softness, x = -4.0;
  EXPECT_NEAR(charge_wall(30.0, x).value, 30.0 * d * d * d * d / (32.0 * x * x), 1e-3 * charge_wall(30.0, x).value);
  EXPECT_DOUBLE_EQ(charge_wall(30.0, 0.0).derivative, 30.0 * d / 4.0);
}

TEST(ChargeWall, InSinglePrecisionStaysFiniteAndClose)
{
  for (double x : {-1e6, -10.0, -1.0, -0.3, -0.05, 0.0, 0.02, 0.4, 3.0, 1e6}) {
    const auto wall = charge_wall(400.0, double(float(x)));
    const auto f = charge_wall(400.0f, float(x));
    EXPECT_NEAR(f.value, wall.value, 2e-6 * wall.value);
    EXPECT_NEAR(f.derivative, wall.derivative, 2e-6 * wall.derivative);
    EXPECT_NEAR(f.second_derivative, wall.second_derivative, 4e-6 * wall.second_derivative);
  }
}

// ---- the walls of an element

Potential walled_potential(Random &random, CoulombForm form)
{
  Potential potential = random_potential(random, 4, form);
  add_walls(random, potential);
  return potential;
}

TEST(ChargeWalls, KeepOnlyTheirSide)
{
  Random random(161);
  const Potential potential = walled_potential(random, CoulombForm::gaussian);
  const CoulombTable table(potential, k_e);
  const auto view = table.view();
  EXPECT_TRUE(table.has_walls());
  for (int i = 0; i < 4; i++) {
    const auto &c = potential.charge[i];
    const bool upper = i != 3, lower = i != 1;
    ASSERT_TRUE(view.has_wall(i));
    EXPECT_EQ(view.wall(i, 3.0).derivative > 10.0, upper);
    EXPECT_EQ(view.wall(i, -3.0).derivative < -10.0, lower);
    for (double q : {-3.0, -0.95, -0.05, 0.0, 0.05, 0.95, 3.0})
      EXPECT_EQ(view.beyond_wall(i, q), (upper && q > c.upper.charge) || (lower && q < c.lower.charge)) << q;
  }
}

TEST(ChargeWalls, AreInTheSelfEnergyAndItsDerivative)
{
  Random random(162);
  for (CoulombForm form : coulomb_forms) {
    const Potential with = walled_potential(random, form);
    Potential without = with;
    for (auto &c : without.charge) c.upper = c.lower = {};
    const CoulombTable walled(with, k_e), plain(without, k_e);
    EXPECT_FALSE(plain.has_walls());
    for (int i = 0; i < 4; i++)
      for (double q = -1.5; q < 1.5; q += 0.11) {
        const auto self = walled.view().self_energy(i, q), bare = plain.view().self_energy(i, q);
        const auto wall = walled.view().wall(i, q);
        EXPECT_DOUBLE_EQ(self.value, bare.value + wall.value);
        EXPECT_DOUBLE_EQ(self.derivative, bare.derivative + wall.derivative);
        const auto &c = with.charge[i];
        EXPECT_NEAR(wall.value,
                    double(direct::wall(c.upper.stiffness, q - c.upper.charge) +
                           direct::wall(c.lower.stiffness, c.lower.charge - q)),
                    1e-12);
        const auto slope = derivative<double>([&](double x) { return walled.view().wall(i, x).value; }, q, 0.02);
        const auto bend = derivative<double>([&](double x) { return walled.view().wall(i, x).derivative; }, q, 0.02);
        EXPECT_NEAR(wall.derivative, slope.value, 1e-7);
        EXPECT_NEAR(wall.second_derivative, bend.value, 1e-6);
        EXPECT_EQ(plain.view().wall(i, q).value, 0.0);
        EXPECT_FALSE(plain.view().beyond_wall(i, q));
      }
  }
}

TEST(ChargeWalls, ScaleWithTheUnitOfEnergyAndConvertToSinglePrecision)
{
  Random random(163);
  Potential potential = walled_potential(random, CoulombForm::screened_gaussian);
  const CoulombTable before(potential, k_e);
  potential.scale_energy(23.06);
  const CoulombTable after(potential, 23.06 * k_e);
  std::vector<CoulombPairParameters<float>> pair;
  std::vector<ChargeParameters<float>> charge;
  for (const auto &p : before.pair) pair.push_back(convert<float>(p));
  for (const auto &c : before.charge) charge.push_back(convert<float>(c));
  const CoulombView<float> single = {before.form, 4, float(k_e), float(before.cutoff), pair.data(), charge.data()};
  for (int i = 0; i < 4; i++)
    for (double q = -1.5; q < 1.5; q += 0.11) {
      const auto wall = before.view().wall(i, q), scaled = after.view().wall(i, q);
      EXPECT_NEAR(scaled.value, 23.06 * wall.value, 1e-13 * scaled.value);
      EXPECT_NEAR(scaled.second_derivative, 23.06 * wall.second_derivative, 1e-13 * scaled.second_derivative);
      EXPECT_EQ(after.view().beyond_wall(i, q), before.view().beyond_wall(i, q));
      EXPECT_NEAR(single.wall(i, float(q)).value, wall.value, 1e-5 * before.charge[i].hardness);
      EXPECT_NEAR(single.wall(i, float(q)).derivative, wall.derivative, 1e-5 * before.charge[i].hardness);
      EXPECT_NEAR(single.self_energy(i, float(q)).value, before.view().self_energy(i, q).value,
                  1e-5 * before.charge[i].hardness);
    }
}

}    // namespace
