// Tests of charge equilibration: several groups with totals of their own or at potentials, and fields.
// SPDX-License-Identifier: GPL-2.0-only
#include "shadow_box.h"

#include "charges/dense_charge_solver.h"

#include <gtest/gtest.h>

using namespace rfmeam;
using namespace rfmeam::test;

namespace {

template <class Box> class Groups : public testing::Test {};
struct BoxNames {
  template <class Box> static std::string GetName(int) { return Box::Space::half_rows ? "half" : "full"; }
};
using Boxes = testing::Types<ChargeBox<true>, ChargeBox<false>>;
TYPED_TEST_SUITE(Groups, Boxes, BoxNames);

constexpr int unknown = 2;    // mask bit; those of the groups follow

ChargeGroups groups_of(const std::vector<ChargeGroup> &list)
{
  ChargeGroups groups;
  for (const ChargeGroup &group : list) {
    groups.group[groups.count] = {unknown << (groups.count + 1), group.held, group.value};
    groups.count++;
  }
  return groups;
}

/// Three groups, one after the other in turns, and every seventh atom in none: a source.
template <class Box> void share_out(Box &box, int num_groups)
{
  for (int i = 0; i < box.num_owned(); i++)
    box.mask[i] = i % 7 == 6 ? 1 : 1 | unknown | unknown << (1 + i % num_groups);
  box.list();
}

template <class Box> SolveReport solve_in(Box &box, std::vector<double> &q, EquilibrationTask task)
{
  box.update();
  task.group = unknown;
  if (task.tolerance == 0.0) task.tolerance = 1e-13;
  task.max_iterations = 800;
  std::vector<double> all = box.with_ghosts(q), history(all.size());
  SolveReport report;
  report.status = SolveStatus::without_group;
  if (!box.engine.start(box.mask.data(), all.data(), task)) return report;
  report = box.engine.solve(task);
  box.engine.accept(all.data(), {history.data(), 1}, false);
  std::copy_n(all.begin(), q.size(), q.begin());
  return report;
}

/// Charges and mu by elimination of A q + b + field = mu_g, with a border for each group with a total.
struct Reference {
  std::vector<double> charges, mu;
};
template <class Box>
Reference reference(const Box &box, const std::vector<double> &q, const ChargeGroups &groups,
                    const std::vector<double> &field = {})
{
  const std::size_t n = q.size();
  const std::vector<double> a = charge_matrix(box.potential, box.system, k_e);
  std::vector<std::size_t> rows;
  for (std::size_t i = 0; i < n; i++)
    if (box.mask[i] & unknown) rows.push_back(i);
  const std::size_t m = rows.size(), all = m + groups.count;
  std::vector<double> bordered(all * all, 0.0), rhs(all, 0.0);
  for (std::size_t r = 0; r < m; r++) {
    const std::size_t i = rows[r];
    const int g = groups.of(box.mask[i]);
    rhs[r] = -box.table.charge[box.system.elements[i]].electronegativity - (field.empty() ? 0.0 : field[i]);
    for (std::size_t j = 0; j < n; j++)
      if (!(box.mask[j] & unknown)) rhs[r] -= a[i * n + j] * q[j];
    for (std::size_t c = 0; c < m; c++) bordered[r * all + c] = a[i * n + rows[c]];
    bordered[r * all + m + g] = -1.0;
    if (!groups.group[g].held) bordered[(m + g) * all + r] = 1.0;
  }
  for (int g = 0; g < groups.count; g++) {
    rhs[m + g] = groups.group[g].value;    // the total, or mu itself
    if (groups.group[g].held) bordered[(m + g) * all + m + g] = 1.0;
  }
  const std::vector<double> solution = solve(bordered, rhs);
  Reference result = {q, {solution.begin() + static_cast<long>(m), solution.end()}};
  for (std::size_t r = 0; r < m; r++) result.charges[rows[r]] = solution[r];
  return result;
}

const std::vector<std::vector<ChargeGroup>> settings = {
    {{0, false, 0.7}, {0, false, -1.2}},                  // two totals
    {{0, true, 5.0}},                                     // one at a potential
    {{0, true, 4.0}, {0, true, 7.0}},                     // two at different ones
    {{0, true, 4.5}, {0, false, 0.3}, {0, true, 6.5}},    // electrodes and what is between
    {{0, false, 0.0}, {0, false, 0.5}, {0, false, -0.4}},
};

}    // namespace

TYPED_TEST(Groups, AreTheMinimumOfElimination)
{
  Random random(41);
  for (const auto &setting : settings)
    for (const bool has_field : {false, true}) {
      TypeParam box(gaussian_potential(random, 2), random_system(random, {30}, 2));
      share_out(box, static_cast<int>(setting.size()));
      std::vector<double> q = box.system.charges, field;
      if (has_field)
        for (int i = 0; i < 30; i++) field.push_back(random(-2.0, 2.0));
      EquilibrationTask task;
      task.groups = groups_of(setting);
      task.field = field;
      const Reference wanted = reference(box, q, task.groups, field);
      if (has_field) task.preconditioner = Preconditioner::factors;
      const SolveReport report = solve_in(box, q, task);
      EXPECT_EQ(report.status, SolveStatus::converged);
      EXPECT_LT(report.max_deviation, 1e-10);
      EXPECT_EQ(report.products, report.iterations + 1);
      for (std::size_t i = 0; i < q.size(); i++) EXPECT_NEAR(q[i], wanted.charges[i], 1e-10);
      for (std::size_t g = 0; g < setting.size(); g++) {
        EXPECT_NEAR(report.mu[g], wanted.mu[g], 1e-9);
        double total = 0.0;
        for (std::size_t i = 0; i < q.size(); i++)
          if (box.mask[i] & task.groups.group[g].bit) total += q[i];
        EXPECT_TRUE(setting[g].held || std::fabs(total - setting[g].value) < 1e-12) << total;
      }
      EXPECT_EQ(report.chemical_potential(), report.mu[0]);
    }
}

TYPED_TEST(Groups, TooFewIterationsKeepTheTotals)
{
  Random random(42);
  TypeParam box(gaussian_potential(random, 2), random_system(random, {30}, 2));
  share_out(box, 2);
  std::vector<double> q = box.system.charges;
  EquilibrationTask task;
  task.groups = groups_of(settings[0]);
  task.tolerance = 0.03;
  const SolveReport report = solve_in(box, q, task);
  EXPECT_GT(report.max_deviation, 1e-6);
  for (int g = 0; g < 2; g++) {
    double total = 0.0;
    for (std::size_t i = 0; i < q.size(); i++)
      if (box.mask[i] & task.groups.group[g].bit) total += q[i];
    EXPECT_NEAR(total, settings[0][g].value, 1e-12);
  }
}

/// A group at the potential that its total has anyway has the same charges.
TYPED_TEST(Groups, PotentialOfATotalGivesTheTotal)
{
  Random random(43);
  TypeParam box(gaussian_potential(random, 2), random_system(random, {25}, 2));
  share_out(box, 2);
  std::vector<double> q = box.system.charges, held = q;
  EquilibrationTask task;
  task.groups = groups_of({{0, false, 0.4}, {0, false, -0.9}});
  const SolveReport report = solve_in(box, q, task);
  task.groups = groups_of({{0, true, report.mu[0]}, {0, true, report.mu[1]}});
  solve_in(box, held, task);
  for (std::size_t i = 0; i < q.size(); i++) EXPECT_NEAR(held[i], q[i], 1e-10);
}

/// With a total together, groups are at their potentials but for a level common to them, which a constant in all of
/// them moves the other way; of several products none more is taken.
TYPED_TEST(Groups, PotentialsWithATotalTogether)
{
  Random random(49);
  for (const auto &[setting, total] : {std::pair{settings[2], 0.6}, {settings[3], -0.8}}) {
    TypeParam box(gaussian_potential(random, 2), random_system(random, {30}, 2));
    share_out(box, static_cast<int>(setting.size()));
    std::vector<double> q = box.system.charges;
    EquilibrationTask task;
    task.groups = groups_of(setting);
    task.groups.share_total = true;
    task.groups.shared_total = total;
    const SolveReport report = solve_in(box, q, task);
    EXPECT_EQ(report.status, SolveStatus::converged);
    EXPECT_EQ(report.products, report.iterations + 1);
    EXPECT_EQ(report.chemical_potential(), report.mu[0]);
    const double level = report.mu[0] - setting[0].value;
    double sum = 0.0;
    for (std::size_t i = 0; i < q.size(); i++)
      if (const int g = box.mask[i] & unknown ? task.groups.of(box.mask[i]) : -1; g >= 0 && setting[g].held)
        sum += q[i];
    EXPECT_NEAR(sum, total, 1e-12);

    ChargeGroups alone = groups_of(setting);
    for (int g = 0; g < alone.count; g++)
      if (alone.group[g].held) {
        alone.group[g].value += level;
        EXPECT_NEAR(report.mu[g], alone.group[g].value, 1e-9);
      }
    const Reference wanted = reference(box, box.system.charges, alone);
    for (std::size_t i = 0; i < q.size(); i++) EXPECT_NEAR(q[i], wanted.charges[i], 1e-9);

    for (int g = 0; g < alone.count; g++)
      if (task.groups.group[g].held) task.groups.group[g].value += 3.0;
    std::vector<double> shifted = box.system.charges;
    const SolveReport same = solve_in(box, shifted, task);
    for (std::size_t i = 0; i < q.size(); i++) EXPECT_NEAR(shifted[i], q[i], 1e-9);
    for (int g = 0; g < alone.count; g++) EXPECT_NEAR(same.mu[g], report.mu[g], 1e-8);
  }
}

/// Neutral together, electrodes need no more than a matrix that is positive definite for neutral changes.
TYPED_TEST(Groups, TotalTogetherIsNoWayOutOfNeutrality)
{
  Random random(50);
  Potential potential = gaussian_potential(random, 2);
  TypeParam box(potential, random_system(random, {20}, 2));
  for (int i = 0; i < 20; i++) box.mask[i] = 1 | unknown | unknown << (1 + i % 2);
  box.list();
  // as a uniform background does, which takes the same off all elements of the matrix
  struct Background : ChargeTerm<typename TypeParam::Space> {
    using Vector = typename ChargeTerm<typename TypeParam::Space>::Vector;
    int n = 0;
    [[nodiscard]] bool couples_atoms() const override { return true; }
    void add_gradient(typename TypeParam::Space &space, Vector &q, Vector &out) override { add_product(space, q, out); }
    void add_product(typename TypeParam::Space &, Vector &p, Vector &out) override
    {
      double sum = 0.0;
      for (int i = 0; i < n; i++) sum += p.data()[i];
      for (int i = 0; i < n; i++) out.data()[i] -= 20.0 * sum;
    }
  } background;
  background.n = 20;
  box.engine.set_coulomb(box.table.view(), {}, &background);
  EquilibrationTask task;
  task.groups = groups_of({{0, true, 4.0}, {0, true, 7.0}});
  std::vector<double> q = box.system.charges;
  EXPECT_EQ(solve_in(box, q, task).status, SolveStatus::indefinite);
  task.groups.share_total = true;
  q = box.system.charges;
  EXPECT_EQ(solve_in(box, q, task).status, SolveStatus::converged);
}

TYPED_TEST(Groups, AtomsInNoGroupOrTwoAreSaid)
{
  Random random(44);
  TypeParam box(gaussian_potential(random, 2), random_system(random, {14}, 2));
  EquilibrationTask task;
  for (const bool share : {false, true})
    for (const int wrong : {1 | unknown, 1 | unknown | unknown << 1 | unknown << 2}) {
      task.groups = groups_of({{0, share, 0.0}, {0, true, 5.0}});
      task.groups.share_total = share;
      share_out(box, 2);
      box.mask[3] = wrong;
      box.list();
      std::vector<double> q = box.system.charges;
      EXPECT_EQ(solve_in(box, q, task).status, SolveStatus::without_group);
      EXPECT_EQ(q, box.system.charges);
    }
}

TYPED_TEST(Groups, WallsHoldTheChargesOfEachGroup)
{
  Random random(45);
  Potential potential = gaussian_potential(random, 2);
  potential.charge[0].upper = {30.0, 0.05};
  potential.charge[1].lower = {200.0, -0.05};
  TypeParam box(potential, random_system(random, {24}, 2));
  share_out(box, 3);
  std::vector<double> q = box.system.charges;
  EquilibrationTask task;
  task.groups = groups_of(settings[3]);
  const SolveReport report = solve_in(box, q, task);
  EXPECT_EQ(report.status, SolveStatus::converged);
  EXPECT_GT(box.engine.count_beyond_walls(), 0.0);
  box.system.charges = q;
  const SystemEnergy energy = evaluate(potential, box.system, k_e);
  for (std::size_t i = 0; i < q.size(); i++)
    if (const int g = task.groups.of(box.mask[i]); g >= 0) {
      EXPECT_NEAR(energy.electronegativity[i], report.mu[g], 1e-8);
    }
}

/// -V q of the atoms at a potential V, by atoms and in all: what makes the energy one of which forces at equilibrium
/// are derivatives.
TYPED_TEST(Groups, SourcesGiveUpEnergy)
{
  Random random(46);
  TypeParam box(gaussian_potential(random, 2), random_system(random, {21}, 2));
  share_out(box, 3);
  std::vector<double> q = box.system.charges;
  EquilibrationTask task;
  task.groups = groups_of(settings[3]);
  solve_in(box, q, task);
  ASSERT_TRUE(box.engine.has_sources_of_charge());
  std::vector<double> of_atoms(q.size(), 0.0);
  const double all = box.engine.source_energy(box.mask.data(), q.data(), true, HostTarget<double>{of_atoms.data()});
  double wanted = 0.0;
  for (std::size_t i = 0; i < q.size(); i++) {
    const double source = box.mask[i] & unknown ? -task.groups.potential(task.groups.of(box.mask[i])) * q[i] : 0.0;
    EXPECT_NEAR(of_atoms[i], source, 1e-14);
    wanted += source;
  }
  EXPECT_NEAR(all, wanted, 1e-12);
}

TYPED_TEST(Groups, ShadowStepsAreTheMinimumOfTheShadowEnergy)
{
  Random random(47);
  TypeParam box(gaussian_potential(random, 2), random_system(random, {30}, 2));
  share_out(box, 3);
  std::vector<double> q = box.system.charges, field;
  for (int i = 0; i < 30; i++) field.push_back(random(-1.0, 1.0));
  EquilibrationTask task;
  task.groups = groups_of(settings[3]);
  task.field = field;
  solve_in(box, q, task);
  const std::vector<double> minimum = q;

  // n near the minimum; groups with a total keep it
  std::vector<double> n = q;
  for (int g = 0; g < 3; g++) {
    std::vector<std::size_t> members;
    for (std::size_t i = 0; i < q.size(); i++)
      if (box.mask[i] & task.groups.group[g].bit) members.push_back(i);
    double sum = 0.0;
    for (const std::size_t i : members) {
      const double change = random(-0.02, 0.02);
      n[i] += change, sum += change;
    }
    if (!task.groups.group[g].held)
      for (const std::size_t i : members) n[i] -= sum / static_cast<double>(members.size());
  }
  std::vector<double> history;
  for (const double x : n) history.insert(history.end(), {0.0, x, 0.0});
  task.group = unknown;
  task.history = {history.data(), 3, true};
  task.guess = {0.0, 1.0, 0.0};
  const double count = static_cast<double>(
      std::count_if(box.mask.begin(), box.mask.begin() + box.num_owned(), [](int mask) { return mask & unknown; }));
  const auto distance = [&](int iterations) {
    std::vector<double> all = box.with_ghosts(q), slots = history;
    task.history.charge = slots.data();
    task.shadow = {iterations, {}, count, no_limit};
    EXPECT_TRUE(box.engine.start(box.mask.data(), all.data(), task));
    const SolveReport report = box.engine.solve(task);
    EXPECT_EQ(report.shadow, ShadowOutcome::followed);
    box.engine.accept(all.data(), task.history, true);

    // dE_s/dq = e'(q) + C n is mu of the group: with q quadratic in e, J (q - n) = mu - dE/dq(n)
    box.system.charges = n;
    const SystemEnergy at_n = evaluate(box.potential, box.system, k_e);
    for (std::size_t i = 0; i < n.size(); i++) {
      if (!(box.mask[i] & unknown)) continue;
      const double hardness = box.table.charge[box.system.elements[i]].hardness;
      EXPECT_NEAR(at_n.electronegativity[i] + field[i] + hardness * (all[i] - n[i]),
                  report.mu[task.groups.of(box.mask[i])], 1e-8);
    }
    EXPECT_NEAR(report.mu[0], settings[3][0].value, 1e-10);
    double largest = 0.0;    // of x from the minimum
    for (std::size_t i = 0; i < n.size(); i++)
      if (box.mask[i] & unknown) largest = std::max(largest, std::fabs(slots[3 * i] - minimum[i]));
    return largest;
  };
  const double few = distance(2), many = distance(25);
  EXPECT_LT(few, 0.02);
  EXPECT_LT(many, 1e-6);
}

TEST(DenseGroups, AgreeWithElimination)
{
  Random random(48);
  for (const auto &setting : settings) {
    ChargeBox<false> box(gaussian_potential(random, 2), random_system(random, {18}, 2));
    share_out(box, static_cast<int>(setting.size()));
    for (int i = 6; i < 18; i += 7) box.mask[i] = 1 | unknown | unknown << 1;
    box.list();
    DenseGroups several = {groups_of(setting), {}};
    const std::size_t n = 18;
    std::vector<double> matrix = charge_matrix(box.potential, box.system, k_e), linear, hardness(n, 0.0), q(n, 0.0);
    for (std::size_t i = 0; i < n; i++) {
      const int g = several.groups.of(box.mask[i]);
      several.of.push_back(g);
      linear.push_back(box.table.charge[box.system.elements[i]].electronegativity - several.groups.potential(g));
    }
    for (int g = 0; g < several.groups.count; g++)    // start with the totals
      if (!setting[g].held)
        for (std::size_t i = 0; i < n; i++)
          if (several.of[i] == g) {
            q[i] = setting[g].value;
            break;
          }
    const Reference wanted = reference(box, q, several.groups);
    const SolveReport report =
        minimize_densely(box.table.view(), false, box.system.elements, linear, hardness, matrix, q, several);
    EXPECT_EQ(report.status, SolveStatus::converged);
    for (std::size_t i = 0; i < n; i++) EXPECT_NEAR(q[i], wanted.charges[i], 1e-10);
    for (std::size_t g = 0; g < setting.size(); g++) EXPECT_NEAR(report.mu[g], wanted.mu[g], 1e-9);
  }
}
