// Tests of charge equilibration: the shadow energy, its charges and its derivatives. SPDX-License-Identifier:
// GPL-2.0-only
#include "shadow_box.h"

#include <gtest/gtest.h>

#include <functional>

using namespace rfmeam;
using namespace rfmeam::test;

namespace {

template <class Box> class ShadowEnergy : public testing::Test {};
struct BoxNames {
  template <class Box> static std::string GetName(int) { return Box::Space::half_rows ? "half" : "full"; }
};
using Boxes = testing::Types<ChargeBox<true>, ChargeBox<false>>;
TYPED_TEST_SUITE(ShadowEnergy, Boxes, BoxNames);

/// One way to set up a box: the potential, and whether each third atom is a source.
struct Setup {
  CoulombForm form;
  bool walls, sources;
};
const std::vector<Setup> setups = {{CoulombForm::gaussian, false, false},
                                   {CoulombForm::screened_gaussian, false, true},
                                   {CoulombForm::gaussian, true, false},
                                   {CoulombForm::screened_gaussian, true, true},
                                   {CoulombForm::slater, false, true}};

constexpr double total = 0.4;

Potential potential_of(const Setup &setup, Random &random)
{
  Potential potential = random_potential(random, 2, setup.form);
  potential.element.clear(), potential.pair.clear(), potential.screening.clear();
  if (setup.walls) add_walls(random, potential);
  if (setup.form == CoulombForm::slater)
    for (auto &c : potential.charge) c.hardness += 15.0;    // so that there is a minimum
  return potential;
}

/// A box at its minimum, and auxiliary charges near it.
template <class Box> struct Example {
  Random random;
  Box box;
  std::vector<double> minimum, n;

  Example(const Setup &setup, int seed, double distance = 0.1) :
      random(seed), box(potential_of(setup, random), random_system(random, {14}, 2)), minimum(box.system.charges)
  {
    if (setup.sources)
      for (int i = 0; i < box.num_owned(); i += 3) box.mask[i] = 1;
    box.list();
    EXPECT_EQ(box.equilibrate(minimum, total).status, SolveStatus::converged);
    n = near_minimum(box, random, minimum, distance);
  }
  ShadowResult step(int iterations = 2) { return shadow_at(box, minimum, n, total, iterations); }
  double energy_at(const std::vector<double> &q)
  {
    PeriodicSystem system = box.system;
    system.charges = q;
    return evaluate(box.potential, system, k_e).total();
  }
  /// ½ (q - n).C (q - n)
  double lag_energy(const std::vector<double> &q)
  {
    std::vector<double> c = charge_matrix(box.potential, box.system, k_e);
    double sum = 0.0;
    for (std::size_t i = 0; i < q.size(); i++) {
      c[i * q.size() + i] -= box.table.charge[box.system.elements[i]].hardness;
      for (std::size_t j = 0; j < q.size(); j++) sum += 0.5 * (q[i] - n[i]) * c[i * q.size() + j] * (q[j] - n[j]);
    }
    return sum;
  }
};

}    // namespace

/// E_s = E(q) - ½ (q - n).C (q - n) by sums over images, of which q is the minimum: no other q of the same total is
/// lower.
TYPED_TEST(ShadowEnergy, IsTheMinimumOfItsFormula)
{
  for (const Setup &setup : setups) {
    Example<TypeParam> example(setup, 51);
    const ShadowResult result = example.step();
    ASSERT_EQ(result.report.shadow, ShadowOutcome::followed);
    const auto formula = [&](const std::vector<double> &q) { return example.energy_at(q) - example.lag_energy(q); };
    EXPECT_NEAR(result.energy, formula(result.q), 1e-10);
    for (int tries = 0; tries < 5; tries++)
      EXPECT_GT(formula(near_minimum(example.box, example.random, result.q, 1e-4)), result.energy);
    double sum = 0.0, largest = 0.0;
    for (int i = 0; i < example.box.num_owned(); i++) {
      if (!(example.box.mask[i] & 2)) {
        EXPECT_EQ(result.q[i], example.minimum[i]);
        continue;
      }
      sum += result.q[i];
      largest = std::max(largest, std::abs(result.x[i] - example.n[i]));
      EXPECT_NEAR(result.potential[i], result.report.chemical_potential(), 1e-9);
    }
    EXPECT_NEAR(sum, total, 1e-12);
    EXPECT_NEAR(result.report.lag, largest, 1e-14);
    EXPECT_GT(result.report.max_deviation, 0.0);
  }
}

TYPED_TEST(ShadowEnergy, ForcesAreItsDerivativesAtConstantN)
{
  for (const Setup &setup : setups) {
    Example<TypeParam> example(setup, 52);
    const ShadowResult result = example.step();
    for (const int i : {0, 3, 5})
      for (int c = 0; c < 3; c++) {
        double &x = example.box.system.positions[i][c];
        const double x0 = x;
        const auto slope = derivative(
            [&](double there) {
              x = there;
              const double energy = example.step().energy;
              x = x0;
              return energy;
            },
            x0, 0.05);
        EXPECT_NEAR(result.forces[i][c], -slope.value, 1e-8 + 10.0 * slope.error) << i << " " << c;
      }
    for (int c = 0; c < 3; c++) {
      double sum = 0.0;
      for (const Vector3 &f : result.forces) sum += f[c];
      EXPECT_NEAR(sum, 0.0, 1e-11);
    }
  }
}

TYPED_TEST(ShadowEnergy, VirialIsItsDerivativeByStrain)
{
  for (const Setup &setup : setups) {
    Example<TypeParam> example(setup, 53);
    const ShadowResult result = example.step();
    const PeriodicSystem original = example.box.system;
    const int first[6] = {0, 1, 2, 0, 0, 1}, second[6] = {0, 1, 2, 1, 2, 2};
    for (int m = 0; m < 6; m++) {
      const auto strained = [&](double strain) {
        for (auto [from, to] : {std::pair{original.positions.data(), example.box.system.positions.data()},
                                std::pair{original.cell.data(), example.box.system.cell.data()}})
          for (int i = 0; i < (from == original.cell.data() ? 3 : original.num_atoms()); i++) {
            to[i] = from[i];
            to[i][first[m]] += 0.5 * strain * from[i][second[m]];
            to[i][second[m]] += 0.5 * strain * from[i][first[m]];
          }
        example.box.list();
        return example.step().energy;
      };
      const auto slope = derivative(strained, 0.0, 0.002);
      EXPECT_NEAR(result.virial[m], -slope.value, 1e-7 + 10.0 * slope.error) << m;
      EXPECT_NEAR(result.virial_of_atoms[m], result.virial[m], 1e-10) << m;
    }
    EXPECT_NEAR(result.energy_of_atoms, result.energy, 1e-10);
  }
}

/// Half the distance of n from the minimum, a quarter of the error of the energy.
TYPED_TEST(ShadowEnergy, ErrorIsOfSecondOrder)
{
  for (const Setup &setup : setups) {
    Example<TypeParam> example(setup, 54, 4e-3);
    const double exact = example.energy_at(example.minimum);
    const std::vector<double> far = example.n;
    double error[3];
    for (int halvings = 0; halvings < 3; halvings++) {
      for (std::size_t i = 0; i < far.size(); i++)
        example.n[i] = example.minimum[i] + (far[i] - example.minimum[i]) * std::pow(0.5, halvings);
      error[halvings] = example.step().energy - exact;
    }
    EXPECT_GT(std::abs(error[0]), 1e-8);
    EXPECT_NEAR(error[0] / error[1], 4.0, 0.1);
    EXPECT_NEAR(error[1] / error[2], 4.0, 0.05);
  }
}

/// At the minimum nothing is to do: q = x = n, and E_s = E.
TYPED_TEST(ShadowEnergy, IsTheEnergyAtTheMinimum)
{
  for (const Setup &setup : setups) {
    Example<TypeParam> example(setup, 55, 0.0);
    const ShadowResult result = example.step(3);
    EXPECT_LT(result.report.lag, 1e-10);
    for (std::size_t i = 0; i < result.q.size(); i++) EXPECT_NEAR(result.q[i], example.minimum[i], 1e-10);
    EXPECT_NEAR(result.energy, example.energy_at(example.minimum), 1e-10);
  }
}

/// A charge that a wall holds: each atom's equation is not linear, and Newton's method finds its root from far away.
TYPED_TEST(ShadowEnergy, HardWallsFarFromTheMinimum)
{
  Random random(56);
  Potential potential = gaussian_potential(random, 2);
  for (auto &charge : potential.charge) charge.upper = {1e5, 0.2}, charge.lower = {1e5, -0.2};
  TypeParam box(potential, random_system(random, {20}, 2));
  std::vector<double> q(20, 0.0);
  const ShadowResult result = shadow_at(box, q, near_minimum(box, random, q, 2.0), 0.0);
  ASSERT_EQ(result.report.status, SolveStatus::converged);
  for (int i = 0; i < 20; i++) {
    EXPECT_NEAR(result.potential[i], result.report.chemical_potential(), 1e-7);
    EXPECT_LT(std::abs(result.q[i]), 0.3);
  }
}
