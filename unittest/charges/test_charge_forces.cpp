// Tests of charge equilibration: forces, virial and energies at given charges. SPDX-License-Identifier: GPL-2.0-only
#include "charge_box.h"

#include <gtest/gtest.h>

using namespace rfmeam;
using namespace rfmeam::test;

namespace {

template <class Box> class ChargeForcesTest : public testing::Test {};
struct BoxNames {
  template <class Box> static std::string GetName(int)
  {
    if (std::is_same_v<typename Box::Space, SeveralThreads>) return "threads";
    return Box::Space::half_rows ? "half" : "full";
  }
};
using Boxes = testing::Types<ChargeBox<true>, ChargeBox<false>, ChargeBox<true, SeveralThreads>>;
TYPED_TEST_SUITE(ChargeForcesTest, Boxes, BoxNames);

}    // namespace

/// Against the plain sums over images of rfmeam::evaluate(), which are tested against finite differences.
TYPED_TEST(ChargeForcesTest, AgreeWithSumsOverImages)
{
  Random random(41);
  for (const CoulombForm form : {CoulombForm::screened_cut, CoulombForm::gaussian, CoulombForm::direct_cut,
                                 CoulombForm::slater, CoulombForm::shielded})
    for (const SystemShape &shape : std::vector<SystemShape>{{1}, {2}, {9, {true, false, true}}, {25}}) {
      Potential potential = random_potential(random, 2, form);
      potential.element.clear(), potential.pair.clear(), potential.screening.clear();
      TypeParam box(potential, random_system(random, shape, 2));
      const SystemEnergy wanted = evaluate(potential, box.system, k_e);

      box.update();
      const int n = box.num_owned();
      const std::vector<double> q = box.with_ghosts(box.system.charges);
      HostArray<double> f, e, v, mu;
      for (auto *array : {&f, &e, &v, &mu}) {
        array->reserve(6 * static_cast<long long>(q.size()));
        std::fill_n(array->data(), 6 * q.size(), 0.0);
      }
      const auto sum = box.engine.template forces<double>(q.data(), {true, true, true, true, true},
                                                          HostRows<3>{f.data()}, HostTarget<double>{e.data()},
                                                          HostTarget<double>{mu.data()}, HostRows<6>{v.data()});
      EXPECT_NEAR(sum.pair, wanted.coulomb, 1e-10 * (1.0 + std::abs(wanted.coulomb)));
      EXPECT_NEAR(sum.self, wanted.self, 1e-10 * (1.0 + std::abs(wanted.self)));
      const int first[6] = {0, 1, 2, 0, 0, 1}, second[6] = {0, 1, 2, 1, 2, 2};
      for (int m = 0; m < 6; m++) EXPECT_NEAR(sum.virial[m], wanted.virial[first[m]][second[m]], 1e-9);
      expect_forces_alone(box, q, f.data());

      // ghosts' shares come home
      double energy = 0.0, virial[6] = {};
      std::vector<double> forces(3 * n, 0.0), potentials(n, 0.0);
      for (std::size_t i = 0; i < q.size(); i++) {
        const int o = box.owner_of(static_cast<int>(i));
        energy += e.data()[i];
        potentials[o] += mu.data()[i];
        for (int c = 0; c < 3; c++) forces[3 * o + c] += f.data()[3 * i + c];
        for (int m = 0; m < 6; m++) virial[m] += v.data()[6 * i + m];
      }
      EXPECT_NEAR(energy, sum.pair + sum.self, 1e-9 * (1.0 + std::abs(energy)));
      for (int m = 0; m < 6; m++) EXPECT_NEAR(virial[m], sum.virial[m], 1e-9 * (1.0 + std::abs(sum.virial[m])));
      for (int i = 0; i < n; i++) {
        EXPECT_NEAR(potentials[i], wanted.electronegativity[i], 1e-9);
        for (int c = 0; c < 3; c++) EXPECT_NEAR(forces[3 * i + c], wanted.forces[i][c], 1e-9);
      }
    }
}

/// A potential with charges only that has a minimum in systems of random_system(): Slater densities with core charges.
static Potential slater_potential(Random &random)
{
  Potential potential = random_potential(random, 2, CoulombForm::slater);
  potential.element.clear(), potential.pair.clear(), potential.screening.clear();
  for (auto &c : potential.charge) c.hardness += 15.0;
  return potential;
}

template <class Box> static void expect_derivatives_at_the_minimum(Random &random, const Potential &potential)
{
  Box box(potential, random_system(random, {10}, 2));
  std::vector<double> q = box.system.charges;
  const auto energy = [&](double x) {
    const double before = box.system.positions[4][2];
    box.system.positions[4][2] = x;
    EXPECT_EQ(box.equilibrate(q, 0.0).status, SolveStatus::converged);
    box.system.charges = q;
    const double e = evaluate(box.potential, box.system, k_e).total();
    box.system.positions[4][2] = before;
    return e;
  };
  const auto slope = derivative(energy, box.system.positions[4][2], 0.05);
  energy(box.system.positions[4][2]);
  EXPECT_NEAR(evaluate(box.potential, box.system, k_e).forces[4][2], -slope.value, 1e-7);
}

TYPED_TEST(ChargeForcesTest, AreDerivativesAtTheMinimum)
{
  Random random(42);
  expect_derivatives_at_the_minimum<TypeParam>(random, gaussian_potential(random, 2));
}

TYPED_TEST(ChargeForcesTest, AreDerivativesAtTheMinimumWithCoreCharges)
{
  Random random(44);
  expect_derivatives_at_the_minimum<TypeParam>(random, slater_potential(random));
}

TYPED_TEST(ChargeForcesTest, CoreChargesMoveTheMinimum)
{
  Random random(45);
  Potential potential = slater_potential(random);
  const PeriodicSystem system = random_system(random, {12}, 2);
  std::vector<double> q(12, 0.0), without = q;
  TypeParam box(potential, system);
  EXPECT_EQ(box.equilibrate(q, 0.3).status, SolveStatus::converged);
  box.system.charges = q;
  const auto slope = evaluate(potential, box.system, k_e).electronegativity;
  for (int i = 1; i < 12; i++) EXPECT_NEAR(slope[i], slope[0], 1e-9);
  potential.core_charge = {0.0, 0.0};
  TypeParam(potential, system).equilibrate(without, 0.3);
  double moved = 0.0;
  for (int i = 0; i < 12; i++) moved = std::max(moved, std::abs(q[i] - without[i]));
  EXPECT_GT(moved, 0.01);
}

/// Shifts of electronegativities and hardnesses move the minimum, and are part of energy and dE/dq.
TYPED_TEST(ChargeForcesTest, ShiftsMoveTheMinimum)
{
  Random random(43);
  const Potential potential = gaussian_potential(random, 2);
  const PeriodicSystem system = random_system(random, {12}, 2);
  std::vector<double> shifts, hardenings;
  for (int i = 0; i < 12; i++) shifts.push_back(random(-6.0, 6.0)), hardenings.push_back(random(-1.0, 6.0));
  TypeParam box(potential, system, 0.5, shifts, hardenings), without(potential, system);
  std::vector<double> q = system.charges, unshifted = q;
  EXPECT_EQ(box.equilibrate(q, 0.3).status, SolveStatus::converged);
  without.equilibrate(unshifted, 0.3);

  HostArray<double> f, e, v, mu;
  const std::vector<double> all = box.with_ghosts(q);
  for (auto *array : {&f, &e, &v, &mu}) {
    array->reserve(6 * static_cast<long long>(all.size()));
    std::fill_n(array->data(), 6 * all.size(), 0.0);
  }
  const auto sum = box.engine.template forces<double>(all.data(), {true, true, true, true, true}, HostRows<3>{f.data()},
                                                      HostTarget<double>{e.data()}, HostTarget<double>{mu.data()},
                                                      HostRows<6>{v.data()});
  std::vector<double> slope(12, 0.0);
  for (std::size_t i = 0; i < all.size(); i++) slope[box.owner_of(static_cast<int>(i))] += mu.data()[i];
  box.system.charges = q;
  const SystemEnergy plain = evaluate(potential, box.system, k_e);
  double shifted = 0.0, moved = 0.0;
  for (int i = 0; i < 12; i++) {
    shifted += shifts[i] * q[i] + 0.5 * hardenings[i] * q[i] * q[i];
    moved = std::max(moved, std::abs(q[i] - unshifted[i]));
    EXPECT_NEAR(slope[i], plain.electronegativity[i] + shifts[i] + hardenings[i] * q[i], 1e-9);
    EXPECT_NEAR(slope[i], slope[0], 1e-9);
  }
  EXPECT_GT(moved, 0.05);    // the test is about something
  EXPECT_NEAR(sum.self, plain.self + shifted, 1e-10);
  EXPECT_NEAR(sum.pair, plain.coulomb, 1e-10);
}
