// Tests of charge equilibration: sparse factors as preconditioner. SPDX-License-Identifier: GPL-2.0-only
#include "charge_box.h"

#include <gtest/gtest.h>

#include <limits>

using namespace rfmeam;
using namespace rfmeam::test;

namespace {

template <class Box> class Factors : public testing::Test {};
struct BoxNames {
  template <class Box> static std::string GetName(int) { return Box::Space::half_rows ? "half" : "full"; }
};
using Boxes = testing::Types<ChargeBox<true>, ChargeBox<false>>;
TYPED_TEST_SUITE(Factors, Boxes, BoxNames);

/// 216 atoms of rocksalt, each up to 0.1 Å off its site along each axis.
PeriodicSystem salt(Random &random)
{
  constexpr int sites = 6;
  constexpr double spacing = 2.015;
  PeriodicSystem system;
  system.periodic = {true, true, true};
  system.cell = {};
  for (int c = 0; c < 3; c++) system.cell[c][c] = sites * spacing;
  for (int i = 0; i < sites * sites * sites; i++) {
    const int x = i % sites, y = i / sites % sites, z = i / sites / sites;
    system.positions.push_back(
        {spacing * x + random(-0.1, 0.1), spacing * y + random(-0.1, 0.1), spacing * z + random(-0.1, 0.1)});
    system.elements.push_back((x + y + z) % 2);
    system.charges.push_back(0.0);
  }
  return system;
}

/// Two elements that exchange much charge.
Potential soft_potential(Random &random)
{
  Potential potential = gaussian_potential(random, 2);
  potential.charge[0].electronegativity = -3.0, potential.charge[1].electronegativity = 3.0;
  return potential;
}

}    // namespace

/// The same minimum in boxes of all shapes, with other atoms as sources.
TYPED_TEST(Factors, LeadToTheSameCharges)
{
  Random random(51);
  const std::vector<SystemShape> shapes = {{2}, {3, {true, false, true}}, {7, {false, false, false}}, {12}, {40}};
  for (const SystemShape &shape : shapes)
    for (const bool with_sources : {false, true}) {
      const Potential potential = gaussian_potential(random, 2);
      TypeParam box(potential, random_system(random, shape, 2));
      for (std::size_t i = 0; with_sources && i < box.mask.size(); i++) box.mask[i] = box.owner_of(i) % 3 == 2 ? 1 : 3;
      std::vector<double> wanted = box.system.charges, q = wanted;
      const SolveReport jacobi = box.equilibrate(wanted, 0.3);
      box.preconditioner = Preconditioner::factors;
      const SolveReport report = box.equilibrate(q, 0.3);
      EXPECT_EQ(report.status, SolveStatus::converged);
      EXPECT_EQ(report.products, report.iterations + 1);
      EXPECT_NEAR(report.chemical_potential(), jacobi.chemical_potential(), 1e-9);
      for (std::size_t i = 0; i < q.size(); i++) EXPECT_NEAR(q[i], wanted[i], 1e-10);
    }
}

/// Of two atoms alone, the factors are those of the inverse: without a total to keep, one step leads to the minimum.
TYPED_TEST(Factors, AreTheInverseOfAPair)
{
  Random random(52);
  PeriodicSystem system = random_system(random, {2, {false, false, false}}, 2);
  system.positions = {{0.0, 0.0, 0.0}, {1.0, 1.5, -0.7}};
  TypeParam box(gaussian_potential(random, 2), system);
  EquilibrationTask task;
  task.group = 2;
  task.groups.count = 1;
  task.groups.group[0] = {2, true, 1.5};
  task.tolerance = 1e-5;
  task.max_iterations = 10;
  for (const Preconditioner preconditioner : {Preconditioner::diagonal, Preconditioner::factors}) {
    task.preconditioner = preconditioner;
    box.update();
    const std::vector<double> q(2, 0.0);
    box.engine.start(box.mask.data(), q.data(), task);
    EXPECT_EQ(box.engine.solve(task).iterations, preconditioner == Preconditioner::factors ? 1 : 2);
  }
}

/// What they are for: half of the iterations of the diagonal, and nearly so when atoms have moved since.
TYPED_TEST(Factors, SaveIterations)
{
  Random random(53);
  TypeParam box(soft_potential(random), salt(random));
  std::vector<double> q(216, 0.0);
  const int jacobi = box.equilibrate(q, 0.0, 1e-8).iterations;
  box.preconditioner = Preconditioner::factors;
  q.assign(216, 0.0);
  const int factors = box.equilibrate(q, 0.0, 1e-8).iterations;
  EXPECT_GT(jacobi, 7);
  EXPECT_LE(2 * factors, jacobi + 1);
  for (Vector3 &x : box.system.positions)
    for (double &c : x) c += random(-0.05, 0.05);
  q.assign(216, 0.0);
  EXPECT_LE(box.equilibrate(q, 0.0, 1e-8).iterations, factors + 2);
}

/// Atoms whose surroundings alone have no minimum have no factors; that the whole has none is said.
TYPED_TEST(Factors, WithoutALocalMinimumAreTheDiagonal)
{
  Random random(54);
  Potential potential = random_potential(random, 2, CoulombForm::direct_cut);
  potential.element.clear(), potential.pair.clear(), potential.screening.clear();
  for (auto &c : potential.charge) c.hardness = 0.5;
  TypeParam box(potential, random_system(random, {30}, 2));
  ASSERT_LT(smallest_neutral_eigenvalue(charge_matrix(potential, box.system, k_e), 30), 0.0);
  box.preconditioner = Preconditioner::factors;
  std::vector<double> q = box.system.charges;
  EXPECT_EQ(box.equilibrate(q, 0.0).status, SolveStatus::indefinite);
  q[5] = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(box.equilibrate(q, 0.0).status, SolveStatus::not_finite);
}
