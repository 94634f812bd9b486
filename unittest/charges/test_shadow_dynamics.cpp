// Tests of charge equilibration: auxiliary charges in time. SPDX-License-Identifier: GPL-2.0-only
#include "shadow_box.h"

#include <gtest/gtest.h>

#include <Eigen/Eigenvalues>

#include <complex>

using namespace rfmeam;
using namespace rfmeam::test;

namespace {

using Box = ChargeBox<true>;

/// The largest |root| of the recursion of an error that x takes the fraction g off: below 1, it dies out.
double growth(int order, double g)
{
  std::vector<double> c = shadow_coefficients(order);
  c[1] += c[0] * (1.0 - g);    // x - n = -g n
  const auto n = static_cast<Eigen::Index>(c.size()) - 1;
  Eigen::MatrixXd companion = Eigen::MatrixXd::Zero(n, n);
  for (Eigen::Index k = 0; k < n; k++) {
    companion(0, k) = c[k + 1];
    if (k > 0) companion(k, k - 1) = 1.0;
  }
  double largest = 0.0;
  for (const std::complex<double> &root : companion.eigenvalues()) largest = std::max(largest, std::abs(root));
  return largest;
}

/// sqrt(1/D) A sqrt(1/D) without the direction that changes the total charge, which has eigenvalue 1 here.
Eigen::MatrixXd preconditioned(const Box &box, const std::vector<double> &matrix)
{
  const int n = box.num_owned();
  Eigen::MatrixXd a(n, n);
  Eigen::VectorXd total(n);
  for (int i = 0; i < n; i++) {
    const double di = box.table.charge[box.system.elements[i]].hardness;
    total(i) = 1.0 / std::sqrt(di);
    for (int j = 0; j < n; j++)
      a(i, j) = matrix[i * n + j] / std::sqrt(di * box.table.charge[box.system.elements[j]].hardness);
  }
  total.normalize();
  const Eigen::MatrixXd kept = Eigen::MatrixXd::Identity(n, n) - total * total.transpose();
  return kept * a * kept + total * total.transpose();
}

}    // namespace

TEST(Spectrum, SmallestRitzValueOfAllStepsIsTheEigenvalue)
{
  Random random(65);
  for (const int n : {1, 2, 5, 12}) {
    std::vector<double> step, beta;
    for (int k = 0; k < n; k++) step.push_back(random(0.5, 2.0)), beta.push_back(random(0.01, 0.8));
    Eigen::MatrixXd lanczos = Eigen::MatrixXd::Zero(n, n);
    for (int k = 0; k < n; k++) {
      lanczos(k, k) = 1.0 / step[k] + (k > 0 ? beta[k - 1] / step[k - 1] : 0.0);
      if (k > 0) lanczos(k, k - 1) = lanczos(k - 1, k) = std::sqrt(beta[k - 1]) / step[k - 1];
    }
    const double wanted = Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>(lanczos).eigenvalues()(0);
    beta.pop_back();
    EXPECT_NEAR(smallest_ritz_value(step, beta), wanted, 1e-12);
  }
}

TEST(Spectrum, BoundsAreThoseOfTheMatrix)
{
  Random random(66);
  for (const CoulombForm form : {CoulombForm::gaussian, CoulombForm::screened_gaussian})
    for (int tries = 0; tries < 4; tries++) {
      Potential potential = random_potential(random, 2, form);
      potential.element.clear(), potential.pair.clear(), potential.screening.clear();
      Box box(potential, random_system(random, {40}, 2));
      std::vector<double> q = box.system.charges;
      box.equilibrate(q, 0.0);
      const Spectrum found = shadow_at(box, q, q, 0.0).report.spectrum;
      const Eigen::VectorXd exact = Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>(
                                        preconditioned(box, charge_matrix(box.potential, box.system, k_e)))
                                        .eigenvalues();
      EXPECT_GE(found.top, exact.maxCoeff());
      EXPECT_LT(found.top, 3.0 * exact.maxCoeff());
      EXPECT_GE(found.bottom, exact.minCoeff() - 1e-10);
      EXPECT_LT(found.bottom, 1.1 * exact.minCoeff());
    }
}

/// Slater densities that are wider than what alpha leaves out repel less than nothing.
TEST(Spectrum, IsBoundedFromAboveByNegativeKernels)
{
  Random random(68);
  for (int tries = 0; tries < 4; tries++) {
    Potential potential = random_potential(random, 2, CoulombForm::slater);
    potential.element.clear(), potential.pair.clear(), potential.screening.clear();
    potential.damping = 1.5, potential.slater_exponent = {0.4, 0.5};
    for (auto &c : potential.charge) c.hardness += 80.0;
    Box box(potential, random_system(random, {40}, 2));
    EXPECT_LT(box.table.view().gamma_value(0, 1, 2.0), -1.0);
    std::vector<double> q = box.system.charges;
    ASSERT_EQ(box.equilibrate(q, 0.0).status, SolveStatus::converged);
    const double top = shadow_at(box, q, q, 0.0).report.spectrum.top;
    const auto matrix = preconditioned(box, charge_matrix(box.potential, box.system, k_e));
    EXPECT_GE(top, Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>(matrix).eigenvalues().maxCoeff());
  }
}

TEST(ShadowCoefficients, KeepTheTotalAndAreStable)
{
  for (int order = min_damping; order <= max_damping; order++) {
    const DampedVerlet scheme = damped_verlet(order);
    ASSERT_EQ(scheme.c.size(), static_cast<std::size_t>(order + 1));
    EXPECT_EQ(std::accumulate(scheme.c.begin(), scheme.c.end(), 0.0), 0.0);
    const std::vector<double> c = shadow_coefficients(order);
    ASSERT_EQ(c.size(), static_cast<std::size_t>(order + 2));
    ASSERT_LE(c.size(), static_cast<std::size_t>(max_guess_terms));
    EXPECT_NEAR(std::accumulate(c.begin(), c.end(), 0.0), 1.0, 1e-14);
    for (double g = 0.05; g < 1.99; g += 0.01) EXPECT_LT(growth(order, g), 1.0) << order << " " << g;
    EXPECT_LT(growth(order, 1.0), 0.995) << order;
  }
  for (double g = 0.05; g < 1.99; g += 0.01) EXPECT_NEAR(growth(undamped, g), 1.0, 1e-10);
  EXPECT_EQ(shadow_coefficients(undamped), (std::vector<double>{2.0, 0.0, -1.0}));
}

/// Charges that change at a constant rate are not damped.
TEST(ShadowCoefficients, DampNoSteadyMotion)
{
  for (int order = min_damping; order <= max_damping; order++) {
    const DampedVerlet scheme = damped_verlet(order);
    double rate = 0.0;
    for (std::size_t k = 0; k < scheme.c.size(); k++) rate += scheme.c[k] * double(k);
    EXPECT_EQ(rate, 0.0) << order;
  }
}

/// x from all directions around the minimum: the fraction that is taken off the error of any mode lies between 0 and 2,
/// and more steps leave less.
TEST(ChebyshevSteps, TakeBetweenNothingAndTwiceTheError)
{
  Random random(61);
  Box box(gaussian_potential(random, 2), random_system(random, {12}, 2));
  std::vector<double> minimum = box.system.charges;
  box.equilibrate(minimum, 0.0);
  const int n = box.num_owned();
  const Spectrum spectrum = shadow_at(box, minimum, minimum, 0.0).report.spectrum;
  double before = 1.0;
  for (const int iterations : {1, 2, 3, 4, 6, 9}) {
    Eigen::MatrixXd left(n, n);    // of an error, in units of 1/sqrt(D): symmetric then
    std::vector<double> d;
    for (int i = 0; i < n; i++) d.push_back(std::sqrt(box.table.charge[box.system.elements[i]].hardness));
    double norm = 0.0;
    for (const double x : d) norm += 1.0 / (x * x);
    for (int k = 0; k < n; k++) {
      std::vector<double> start = minimum, error(n);    // e_k/d_k without its part along 1/d
      for (int i = 0; i < n; i++) error[i] = ((i == k) - 1.0 / (d[i] * d[k] * norm)) / d[i];
      for (int i = 0; i < n; i++) start[i] += 1e-3 * error[i];
      const ShadowResult result = shadow_at(box, minimum, start, 0.0, iterations, spectrum);
      EXPECT_EQ(result.report.iterations, iterations);
      EXPECT_EQ(result.report.products, iterations);
      for (int i = 0; i < n; i++) left(i, k) = d[i] * (result.x[i] - minimum[i]) / 1e-3;
    }
    EXPECT_LT((left - left.transpose()).norm(), 1e-8);
    const Eigen::VectorXd modes = Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>(left).eigenvalues();
    const double worst = modes.cwiseAbs().maxCoeff();
    EXPECT_LT(worst, before) << iterations;
    before = worst;
  }
  EXPECT_LT(before, 0.02);
}

/// Velocity Verlet of the shadow energy, undamped: turned around, atoms and auxiliary charges come back the way they
/// came, and the energy comes back with them.
TEST(ShadowDynamics, UndampedRunsReverseInTime)
{
  Random random(62);
  Box box(gaussian_potential(random, 2), random_system(random, {16}, 2));
  const int n = box.num_owned(), steps = 200;
  const double time_step = 0.02;    // with masses of 1
  std::vector<double> q = box.system.charges, history;
  box.equilibrate(q, 0.0);
  for (const double x : q) history.insert(history.end(), {x, x, x});
  std::vector<Vector3> v(n);
  for (Vector3 &x : v) x = {random(-0.3, 0.3), random(-0.3, 0.3), random(-0.3, 0.3)};

  const std::vector<double> coefficients = shadow_coefficients(undamped);
  double lag = 0.0, lowest = HUGE_VAL, highest = -HUGE_VAL;
  const auto run = [&](ShadowResult result) {
    for (int t = 0; t < steps; t++) {
      for (int half = 0; half < 2; half++) {
        for (int i = 0; i < n; i++)
          for (int c = 0; c < 3; c++) {
            v[i][c] += 0.5 * time_step * result.forces[i][c];
            if (half == 0) box.system.positions[i][c] += time_step * v[i][c];
          }
        if (half == 1) break;
        box.list();
        result = shadow_step(box, q, history, coefficients, 0.0, 2);
        lag = std::max(lag, result.report.lag);
      }
      double energy = result.energy;
      for (const Vector3 &x : v) energy += 0.5 * (x[0] * x[0] + x[1] * x[1] + x[2] * x[2]);
      lowest = std::min(lowest, energy), highest = std::max(highest, energy);
    }
    return result;
  };
  const auto start = shadow_at(box, q, q, 0.0);
  const PeriodicSystem before = box.system;
  ShadowResult result = run(start);
  EXPECT_GT(lag, 1e-4);    // it lagged
  double moved = 0.0;
  for (int i = 0; i < n; i++) moved = std::max(moved, std::abs(box.system.positions[i][0] - before.positions[i][0]));
  EXPECT_GT(moved, 0.3);

  for (int i = 0; i < n; i++) {    // x_t, n_t, n_{t-1} becomes x_t, n_t, n_{t+1}
    double *const mine = &history[3 * i];
    mine[2] = coefficients[0] * mine[0] + coefficients[1] * mine[1] + coefficients[2] * mine[2];
    for (double &c : v[i]) c = -c;
  }
  result = run(result);
  EXPECT_NEAR(result.energy, start.energy, 1e-8);
  for (int i = 0; i < n; i++)
    for (int c = 0; c < 3; c++) EXPECT_NEAR(box.system.positions[i][c], before.positions[i][c], 1e-8);
  EXPECT_LT(highest - lowest, 0.02 * std::abs(start.energy));
}

TEST(ShadowDynamics, SaysWhyItDoesNotFollow)
{
  Random random(63);
  Box box(gaussian_potential(random, 2), random_system(random, {8}, 2));
  std::vector<double> q = box.system.charges, history;
  box.equilibrate(q, 0.0);
  for (const double x : near_minimum(box, random, q, 0.1)) history.insert(history.end(), {x, x, x});
  const std::vector<double> coefficients = shadow_coefficients(undamped), kept = history;
  EXPECT_EQ(shadow_step(box, q, history, coefficients, 0.0, 2, 1e-3).report.shadow, ShadowOutcome::too_far);
  EXPECT_EQ(history, kept);
  box.mask[3] = 1;
  box.list();
  EXPECT_EQ(shadow_step(box, q, history, coefficients, 0.0).report.shadow, ShadowOutcome::followed);

  history[6] = std::numeric_limits<double>::quiet_NaN();    // of a new atom
  EXPECT_EQ(shadow_step(box, q, history, coefficients, 0.0).report.shadow, ShadowOutcome::other_atoms);
  EquilibrationTask task;
  task.group = 2;
  task.history = {history.data(), 3, true};
  task.guess = coefficients;
  task.shadow = {2, {}, 8.0, 1.0};    // but there are 7
  history = kept;
  std::vector<double> all = box.with_ghosts(q);
  box.engine.start(box.mask.data(), all.data(), task);
  EXPECT_EQ(box.engine.solve(task).shadow, ShadowOutcome::other_atoms);
}

/// A full solve, and a new list of neighbours, end the shadow energy: charges are then what they are.
TEST(ShadowDynamics, EnergyIsThatOfTheChargesAfterAFullSolve)
{
  Random random(64);
  Box box(gaussian_potential(random, 2), random_system(random, {10}, 2));
  std::vector<double> q = box.system.charges;
  box.equilibrate(q, 0.0);
  const std::vector<double> n = near_minimum(box, random, q, 0.1);
  const ShadowResult shadowed = shadow_at(box, q, n, 0.0);
  const auto energy_now = [&](const std::vector<double> &charges) {
    const std::vector<double> all = box.with_ghosts(charges);
    HostArray<double> f;
    f.reserve(3 * static_cast<long long>(all.size()));
    const HostTarget<double> none{nullptr};
    const auto sum = box.engine.forces<double>(all.data(), {true, false, false, false, false}, HostRows<3>{f.data()},
                                               none, none, HostRows<6>{nullptr});
    return sum.pair + sum.self;
  };
  const auto exact = [&](const std::vector<double> &charges) {
    box.system.charges = charges;
    return evaluate(box.potential, box.system, k_e).total();
  };
  EXPECT_NEAR(energy_now(shadowed.q), shadowed.energy, 1e-12);
  EXPECT_GT(std::abs(shadowed.energy - exact(shadowed.q)), 1e-4);
  box.list();
  box.update();
  EXPECT_NEAR(energy_now(shadowed.q), exact(shadowed.q), 1e-10);
  shadow_at(box, q, n, 0.0);
  box.equilibrate(q, 0.0);
  EXPECT_NEAR(energy_now(q), exact(q), 1e-10);
}
