// Tests of charge equilibration: the minimum and what the solver tells. SPDX-License-Identifier: GPL-2.0-only
#include "charge_box.h"

#include <gtest/gtest.h>

#include <limits>

using namespace rfmeam;
using namespace rfmeam::test;

namespace {

template <class Box> class Equilibration : public testing::Test {};
struct BoxNames {
  template <class Box> static std::string GetName(int) { return Box::Space::half_rows ? "half" : "full"; }
};
using Boxes = testing::Types<ChargeBox<true>, ChargeBox<false>>;
TYPED_TEST_SUITE(Equilibration, Boxes, BoxNames);

/// Charges and mu of the minimum by elimination: A q + b + mu... = 0 with sum(q) = total, other charges as they are.
struct Reference {
  std::vector<double> charges;
  double mu;
};
template <class Box> Reference reference(const Box &box, const std::vector<double> &q, double total, int group = 2)
{
  const std::size_t n = q.size();
  const std::vector<double> a = charge_matrix(box.potential, box.system, k_e);
  std::vector<std::size_t> unknown;
  for (std::size_t i = 0; i < n; i++)
    if (box.mask[i] & group) unknown.push_back(i);
  const std::size_t m = unknown.size();
  std::vector<double> bordered((m + 1) * (m + 1), 0.0), rhs(m + 1, total);
  for (std::size_t r = 0; r < m; r++) {
    const std::size_t i = unknown[r];
    rhs[r] = -box.table.charge[box.system.elements[i]].electronegativity;
    for (std::size_t j = 0; j < n; j++)
      if (!(box.mask[j] & group)) rhs[r] -= a[i * n + j] * q[j];
    for (std::size_t c = 0; c < m; c++) bordered[r * (m + 1) + c] = a[i * n + unknown[c]];
    bordered[r * (m + 1) + m] = bordered[m * (m + 1) + r] = 1.0;
  }
  const std::vector<double> solution = solve(bordered, rhs);
  Reference result = {q, -solution[m]};
  for (std::size_t r = 0; r < m; r++) result.charges[unknown[r]] = solution[r];
  return result;
}

}    // namespace

TYPED_TEST(Equilibration, IsTheMinimumInRandomBoxes)
{
  Random random(11);
  const std::vector<SystemShape> shapes = {
      {2}, {3, {true, false, true}}, {7, {false, false, false}}, {12}, {40, {true, true, true}, false}};
  for (const SystemShape &shape : shapes) {
    const Potential potential = gaussian_potential(random, 2);
    TypeParam box(potential, random_system(random, shape, 2));
    std::vector<double> q = box.system.charges;
    const double total = random(-1.0, 1.0);
    const Reference wanted = reference(box, q, total);
    const SolveReport report = box.equilibrate(q, total);
    EXPECT_EQ(report.status, SolveStatus::converged);
    EXPECT_NEAR(report.chemical_potential(), wanted.mu, 1e-9);
    EXPECT_LT(report.max_deviation, 1e-10);
    EXPECT_EQ(report.products, report.iterations + 1);
    for (std::size_t i = 0; i < q.size(); i++) EXPECT_NEAR(q[i], wanted.charges[i], 1e-10);
    EXPECT_NEAR(std::accumulate(q.begin(), q.end(), 0.0), total, 1e-12);
  }
}

TYPED_TEST(Equilibration, OtherAtomsAreSources)
{
  Random random(12);
  TypeParam box(gaussian_potential(random, 3), random_system(random, {20}, 3));
  for (std::size_t i = 0; i < box.mask.size(); i++) box.mask[i] = 1;
  for (int i = 0; i < 20; i += 3) box.mask[i] = 3;
  std::vector<double> q = box.system.charges;
  const Reference wanted = reference(box, q, 0.7);
  const SolveReport report = box.equilibrate(q, 0.7);
  EXPECT_EQ(report.status, SolveStatus::converged);
  EXPECT_NEAR(report.chemical_potential(), wanted.mu, 1e-9);
  for (std::size_t i = 0; i < q.size(); i++) EXPECT_NEAR(q[i], wanted.charges[i], box.mask[i] & 2 ? 1e-10 : 0.0);
}

TYPED_TEST(Equilibration, AtomsOutOfAllGroupsAreNotThere)
{
  Random random(13);
  const Potential potential = gaussian_potential(random, 2);
  const PeriodicSystem system = random_system(random, {15}, 2);
  PeriodicSystem without = system;
  for (auto *list : {&without.charges}) list->pop_back();
  without.positions.pop_back(), without.elements.pop_back();

  TypeParam whole(potential, system), rest(potential, without);
  whole.mask[14] = 4;
  std::vector<double> q = system.charges, wanted = without.charges;
  whole.equilibrate(q, 0.0);
  rest.equilibrate(wanted, 0.0);
  for (int i = 0; i < 14; i++) EXPECT_NEAR(q[i], wanted[i], 1e-10);
  EXPECT_EQ(q[14], system.charges[14]);
}

TYPED_TEST(Equilibration, NoUnknownsOneUnknown)
{
  Random random(14);
  TypeParam box(gaussian_potential(random, 2), random_system(random, {6}, 2));
  std::vector<double> q = box.system.charges;
  EXPECT_EQ(box.equilibrate(q, 1.0, 1e-13, 100, 8).status, SolveStatus::converged);
  EXPECT_EQ(q, box.system.charges);

  box.mask[2] = 11;
  box.list();
  const SolveReport report = box.equilibrate(q, 1.25, 1e-13, 100, 8);
  EXPECT_EQ(report.iterations, 0);
  EXPECT_EQ(q[2], 1.25);
  EXPECT_NEAR(report.chemical_potential(), reference(box, q, 1.25, 8).mu, 1e-10);
}

TYPED_TEST(Equilibration, StartAtTheMinimumTakesNoIteration)
{
  Random random(15);
  TypeParam box(gaussian_potential(random, 2), random_system(random, {12}, 2));
  std::vector<double> q = box.system.charges;
  box.equilibrate(q, 0.0);
  EXPECT_EQ(box.equilibrate(q, 0.0, 1e-10).iterations, 0);
}

TYPED_TEST(Equilibration, NoElectronegativityMeansToleranceAlone)
{
  Random random(16);
  Potential potential = gaussian_potential(random, 2);
  for (auto &c : potential.charge) c.electronegativity = 0.0;
  TypeParam box(potential, random_system(random, {12}, 2));
  std::vector<double> q = box.system.charges;
  const SolveReport report = box.equilibrate(q, 0.0, 1e-9);
  EXPECT_EQ(report.status, SolveStatus::converged);
  EXPECT_LE(report.relative_residual, 1e-9);
  for (const double x : q) EXPECT_NEAR(x, 0.0, 1e-9);
}

/// An electronegativity that all atoms share only moves mu. If it is huge, it drowns the residual in sums that are not
/// freed of their mean.
TYPED_TEST(Equilibration, HugeMeanOfTheGradientDoesNotMatter)
{
  Random random(17);
  const Potential potential = gaussian_potential(random, 2);
  Potential shifted = potential;
  const double shift = 1e6;
  for (auto &c : shifted.charge) c.electronegativity += shift;
  const PeriodicSystem system = random_system(random, {12}, 2);
  TypeParam box(potential, system), other(shifted, system);
  std::vector<double> q = system.charges, moved = system.charges;
  const SolveReport report = box.equilibrate(q, 0.3, 1e-12);
  // |b| is larger by 1e6 or so: ask for the same residual
  const SolveReport with_shift = other.equilibrate(moved, 0.3, 1e-15);
  EXPECT_NEAR(with_shift.chemical_potential() - shift, report.chemical_potential(), 1e-8);
  for (std::size_t i = 0; i < q.size(); i++) EXPECT_NEAR(moved[i], q[i], 1e-8);
}

TYPED_TEST(Equilibration, TooFewIterationsAreSaid)
{
  Random random(18);
  TypeParam box(gaussian_potential(random, 2), random_system(random, {30}, 2));
  std::vector<double> q = box.system.charges;
  const SolveReport report = box.equilibrate(q, 0.5, 1e-13, 3);
  EXPECT_EQ(report.status, SolveStatus::max_iterations);
  EXPECT_EQ(report.iterations, 3);
  EXPECT_GT(report.relative_residual, 1e-13);
  EXPECT_NEAR(std::accumulate(q.begin(), q.end(), 0.0), 0.5, 1e-12);    // the total is right all the same
}

TYPED_TEST(Equilibration, NoMinimumIsSaid)
{
  Random random(19);
  Potential potential = random_potential(random, 2, CoulombForm::direct_cut);
  potential.element.clear(), potential.pair.clear(), potential.screening.clear();
  for (auto &c : potential.charge) c.hardness = 0.5;
  TypeParam box(potential, random_system(random, {30}, 2));
  ASSERT_LT(smallest_neutral_eigenvalue(charge_matrix(potential, box.system, k_e), 30), 0.0);
  std::vector<double> q = box.system.charges;
  EXPECT_EQ(box.equilibrate(q, 0.0).status, SolveStatus::indefinite);
}

TYPED_TEST(Equilibration, NotANumberIsSaid)
{
  Random random(20);
  TypeParam box(gaussian_potential(random, 2), random_system(random, {12}, 2));
  std::vector<double> q = box.system.charges;
  q[5] = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(box.equilibrate(q, 0.0).status, SolveStatus::not_finite);
}

TYPED_TEST(Equilibration, PairsAreEvaluatedAgainWhenAtomsOrListsChange)
{
  Random random(21);
  const Potential potential = gaussian_potential(random, 2);
  TypeParam box(potential, random_system(random, {12}, 2));
  std::vector<double> q = box.system.charges;
  box.equilibrate(q, 0.0);
  box.system.positions[3][1] += 0.2;    // within the skin: the lists stay
  box.equilibrate(q, 0.0);
  const Reference moved = reference(box, q, 0.0);
  for (std::size_t i = 0; i < q.size(); i++) EXPECT_NEAR(q[i], moved.charges[i], 1e-10);
  std::swap(box.system.elements[0], box.system.elements[1]);
  box.equilibrate(q, 0.0);
  const Reference swapped = reference(box, q, 0.0);
  for (std::size_t i = 0; i < q.size(); i++) EXPECT_NEAR(q[i], swapped.charges[i], 1e-10);
}

/// Rows have room for those that were within the cutoff, and some more; here many come in at once, from a wide skin.
TYPED_TEST(Equilibration, RowsThatOverflowAreBuiltAgain)
{
  Random random(25);
  TypeParam box(gaussian_potential(random, 2), random_system(random, {70, {false, false, false}}, 2), 20.0);
  for (Vector3 &x : box.system.positions)
    for (double &c : x) c *= 2.0;
  box.list(20.0);
  std::vector<double> q = box.system.charges;
  box.equilibrate(q, 0.0);
  for (Vector3 &x : box.system.positions)
    for (double &c : x) c *= 0.5;
  box.equilibrate(q, 0.0);
  const Reference wanted = reference(box, q, 0.0);
  for (std::size_t i = 0; i < q.size(); i++) EXPECT_NEAR(q[i], wanted.charges[i], 1e-9);
}

TEST(PolynomialGuess, IsExactForPolynomials)
{
  for (int n = 1; n <= max_polynomial_terms; n++) {
    const std::vector<double> c = polynomial_guess(n);
    ASSERT_EQ(c.size(), static_cast<std::size_t>(n));
    const auto polynomial = [&](double t) {
      double sum = 0.0;
      for (int k = 0; k < n; k++) sum = sum * t + 1.0 + k;
      return sum;
    };
    double guess = 0.0;
    for (int m = 0; m < n; m++) guess += c[m] * polynomial(-1.0 - m);
    EXPECT_NEAR(guess, polynomial(0.0), 1e-10);
  }
  EXPECT_TRUE(polynomial_guess(0).empty());
}

TYPED_TEST(Equilibration, StartsFromTheHistory)
{
  Random random(22);
  TypeParam box(gaussian_potential(random, 2), random_system(random, {6}, 2));
  box.update();
  std::vector<double> q(box.mask.size(), 0.0), history;
  for (int i = 0; i < 6; i++) history.insert(history.end(), {3.0 * i, 2.0 * i, 1.0 * i});    // a line: the guess is 4 i
  EquilibrationTask task;
  task.group = 2;
  task.groups = one_total(2, 66.0);
  task.history = {history.data(), 3};
  task.guess = polynomial_guess(2);
  box.engine.start(box.mask.data(), q.data(), task);
  const std::vector<double> start = box.engine.host_charges();
  for (int i = 0; i < 6; i++) EXPECT_NEAR(start[i], 4.0 * i + 1.0, 1e-12);    // 60 e, and 1 e more for each
  box.engine.accept(q.data(), task.history, true);
  for (int i = 0; i < 6; i++) {
    EXPECT_NEAR(history[3 * i], 4.0 * i + 1.0, 1e-12);
    EXPECT_EQ(history[3 * i + 1], 3.0 * i);
    EXPECT_EQ(history[3 * i + 2], 2.0 * i);
  }
}

TYPED_TEST(Equilibration, WallsHoldTheCharges)
{
  Random random(23);
  Potential potential = gaussian_potential(random, 2);
  potential.charge[0].electronegativity = -8.0;
  potential.charge[1].electronegativity = 8.0;
  TypeParam plain(potential, random_system(random, {20}, 2));
  std::vector<double> q = plain.system.charges;
  plain.equilibrate(q, 0.0);
  const double highest = *std::max_element(q.begin(), q.end());
  EXPECT_EQ(plain.engine.count_beyond_walls(), 0.0);

  potential.charge[0].upper = {500.0, 0.5 * highest};
  potential.charge[1].lower = {20.0, -0.1};
  TypeParam box(potential, plain.system);
  const SolveReport report = box.equilibrate(q, 0.0);
  EXPECT_EQ(report.status, SolveStatus::converged);
  EXPECT_LT(*std::max_element(q.begin(), q.end()), 0.6 * highest);

  box.system.charges = q;
  const SystemEnergy energy = evaluate(potential, box.system, k_e);    // walls included
  int beyond = 0;
  for (std::size_t i = 0; i < q.size(); i++) {
    EXPECT_NEAR(energy.electronegativity[i], report.chemical_potential(), 1e-9);
    beyond += box.system.elements[i] == 0 ? q[i] > 0.5 * highest : q[i] < -0.1;
  }
  EXPECT_GT(beyond, 0);
  EXPECT_EQ(box.engine.count_beyond_walls(), beyond);
}
