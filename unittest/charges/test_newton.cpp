// Tests of charge equilibration: terms that are not quadratic, and the dense solver. SPDX-License-Identifier:
// GPL-2.0-only
#include "charge_box.h"

#include "charges/dense_charge_solver.h"

#include <gtest/gtest.h>

using namespace rfmeam;
using namespace rfmeam::test;

namespace {

using Space = SerialSpace<false>;

/// K p(x)^2/2 with x = q - limit, p = (x + sqrt(x^2 + delta^2))/2 on each atom: convex, nearly a kink for a small
/// delta.
class Wall : public ChargeTerm<Space> {
 public:
  double stiffness, limit, delta;
  Wall(double k, double q, double d) : stiffness(k), limit(q), delta(d) {}
  bool is_quadratic() const override { return false; }
  void add_gradient(Space &, Vector &q, Vector &out) override
  {
    for (int i = 0; i < n; i++) {
      const double x = q.data()[i] - limit, root = std::sqrt(x * x + delta * delta);
      const double p = 0.5 * (x + root), slope = 0.5 * (1.0 + x / root);
      out.data()[i] += stiffness * p * slope;
    }
  }
  void add_diagonal(Space &, Vector &q, Vector &out) override
  {
    for (int i = 0; i < n; i++) {
      const double x = q.data()[i] - limit, root = std::sqrt(x * x + delta * delta);
      const double p = 0.5 * (x + root), slope = 0.5 * (1.0 + x / root);
      out.data()[i] += stiffness * (slope * slope + p * 0.5 * delta * delta / (root * root * root));
    }
  }
  int n = 0;
};

/// A random problem with a positive definite matrix, and its vectors.
struct Problem {
  Space space;
  ChargeSystem<Space> system;
  NewtonVectors<Space> newton;
  Totals<OneGroup> totals = {{}, one_total(0, 0.0), {}, {}};
  DenseTerm dense;
  Wall wall;

  static DenseTerm random_term(Random &random, int n)
  {
    std::vector<double> b, hardness, m(n * n, 0.0);
    for (int i = 0; i < n; i++) {
      b.push_back(random(-8.0, 8.0));
      hardness.push_back(random(6.0, 9.0));
      for (int j = 0; j < i; j++) m[i * n + j] = m[j * n + i] = random(0.0, 6.0 / n);
    }
    return DenseTerm(b, hardness, m);
  }

  Problem(Random &random, int n, const Wall &wall_) :
      space(n), system(space), dense(random_term(random, n)), wall(wall_)
  {
    wall.n = n;
    system.terms = {&dense, &wall};
    system.num_rows = system.num_owned = system.num_all = n;
    system.reserve();
    std::iota(system.rows.data(), system.rows.data() + n, 0);
    start();
  }
  void start() { system.clear(system.charge, system.num_all); }
  SolveReport iterate(double tolerance, int max_iterations = 1000)
  {
    return minimize_charges(system, totals, newton, tolerance, max_iterations,
                            [](auto &...arguments) { return projected_pcg(arguments...); });
  }
  SolveReport factor(double tolerance)
  {
    return minimize_charges(
        system, totals, newton, tolerance, 100,
        [&](auto &, auto &, auto &sums, double, int, SolveReport &) { return dense.minimize(system, totals, sums); });
  }
  /// max |dE/dq - mean| at the present charges, from the terms themselves.
  double deviation(double &mean)
  {
    const int n = system.num_all;
    typename ChargeSystem<Space>::Vector gradient;
    gradient.reserve(n);
    system.clear(gradient, n);
    dense.add_gradient(space, system.charge, gradient);
    wall.add_gradient(space, system.charge, gradient);
    mean = std::accumulate(gradient.data(), gradient.data() + n, 0.0) / n;
    double largest = 0.0;
    for (int i = 0; i < n; i++) largest = std::max(largest, std::abs(gradient.data()[i] - mean));
    return largest;
  }
  double total() const { return std::accumulate(system.charge.data(), system.charge.data() + system.num_all, 0.0); }
};

}    // namespace

TEST(Newton, WallsFromSoftToHardHaveTheirMinimum)
{
  for (const double stiffness : {1.0, 30.0, 1000.0, 1e5})
    for (const double delta : {0.3, 0.05, 1e-3}) {
      Random random(31);
      Problem problem(random, 40, Wall(stiffness, 0.2, delta));
      const SolveReport report = problem.iterate(1e-11);
      double mean;
      EXPECT_EQ(report.status, SolveStatus::converged) << stiffness << " " << delta;
      EXPECT_LT(problem.deviation(mean), 1e-8) << stiffness << " " << delta;
      EXPECT_NEAR(report.chemical_potential(), mean, 1e-8);
      EXPECT_NEAR(problem.total(), 0.0, 1e-11);
      EXPECT_LT(report.iterations, 300) << stiffness << " " << delta;
    }
}

TEST(Newton, ResidualWithoutProductIsTheTrueOne)
{
  Random random(32);
  Problem problem(random, 30, Wall(200.0, 0.1, 0.02));
  const SolveReport report = problem.iterate(1e-6);
  double mean;
  EXPECT_NEAR(problem.deviation(mean), report.max_deviation, 1e-10);
  EXPECT_EQ(report.products, report.iterations + 1);    // that of the start, and one an iteration
}

TEST(Newton, FactorisationAgrees)
{
  for (const double stiffness : {0.0, 30.0, 1e4}) {
    Random random(33);
    Problem problem(random, 25, Wall(stiffness, 0.3, 0.05));
    EXPECT_EQ(problem.iterate(1e-13).status, SolveStatus::converged);
    const std::vector<double> q(problem.system.charge.data(), problem.system.charge.data() + 25);
    problem.start();
    EXPECT_EQ(problem.factor(1e-12).status, SolveStatus::converged);
    for (int i = 0; i < 25; i++) EXPECT_NEAR(problem.system.charge.data()[i], q[i], 1e-10);
  }
}

TEST(Newton, TooFewIterationsAreSaid)
{
  Random random(34);
  Problem problem(random, 40, Wall(1e4, 0.1, 0.01));
  const SolveReport report = problem.iterate(1e-12, 5);
  EXPECT_EQ(report.status, SolveStatus::max_iterations);
  EXPECT_LE(report.iterations, 5);
  double mean;
  EXPECT_NEAR(problem.deviation(mean), report.max_deviation, 1e-8);
}

TEST(Dense, IndefiniteMatrixIsSaid)
{
  Space space(3);
  ChargeSystem<Space> system(space);
  DenseTerm dense({1.0, 2.0, 3.0}, {1.0, 1.0, 1.0}, {0, 3, 3, 3, 0, 3, 3, 3, 0});
  system.terms = {&dense};
  system.num_rows = system.num_owned = system.num_all = 3;
  system.reserve();
  std::iota(system.rows.data(), system.rows.data() + 3, 0);
  system.clear(system.charge, 3);
  NewtonVectors<Space> newton;
  Totals<OneGroup> totals = {{}, one_total(0, 0.0), {}, {}};
  const auto inner = [&](auto &, auto &, auto &sums, double, int, SolveReport &) {
    return dense.minimize(system, totals, sums);
  };
  EXPECT_EQ(minimize_charges(system, totals, newton, 1e-10, 10, inner).status, SolveStatus::indefinite);
}
