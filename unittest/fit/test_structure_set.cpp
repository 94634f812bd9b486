// Tests of sets of structures: against single evaluations, and derivatives by every parameter against finite
// differences. SPDX-License-Identifier: GPL-2.0-only
#include "../physics/random_systems.h"

#include "fit/named_parameters.h"
#include "fit/structure_set.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <numeric>
#include <set>

using namespace rfmeam;
using namespace rfmeam::test;

namespace {

/// Random structures: periodic and not, skewed, small, of one atom, of one element and of all.
std::vector<PeriodicSystem> random_structures(Random &random, int num_elements)
{
  std::vector<PeriodicSystem> systems = {
      random_system(random, {9}, num_elements), random_system(random, {3}, num_elements),
      random_system(random, {5, {false, false, false}, false}, num_elements),
      random_system(random, {6, {true, true, false}}, 1), random_system(random, {1}, 1)};
  return systems;
}

struct Case {
  const char *name;
  CoulombForm form;
  bool walls, environment = false, fade = false, environment_charges = false;
};

class FitSet : public testing::TestWithParam<Case> {
 protected:
  Random random{71};
  Potential potential = random_potential(random, 2, GetParam().form);
  std::vector<PeriodicSystem> systems = random_structures(random, 2);
  std::vector<double> totals = {0.0, 0.3, -0.4, 0.0, 0.2};

  void SetUp() override
  {
    for (auto &c : potential.charge) c.hardness += 15.0;    // so that all charges have an equilibrium
    if (GetParam().walls) add_walls(random, potential);
    if (GetParam().environment) add_environment(random, potential);
    if (GetParam().fade) add_fade(random, potential);
    if (GetParam().environment_charges) add_environment_charges(random, potential);
  }
  [[nodiscard]] StructureSet set() const { return {potential, systems, totals, k_e}; }
};

INSTANTIATE_TEST_SUITE_P(
    Of, FitSet,
    testing::Values(Case{"meam", CoulombForm::none, false}, Case{"direct_cut", CoulombForm::direct_cut, false},
                    Case{"screened_cut", CoulombForm::screened_cut, false},
                    Case{"gaussian", CoulombForm::gaussian, true},
                    Case{"screened_gaussian", CoulombForm::screened_gaussian, true},
                    Case{"slater", CoulombForm::slater, true}, Case{"shielded", CoulombForm::shielded, false},
                    Case{"environment", CoulombForm::screened_cut, false, true},
                    Case{"environment_and_walls", CoulombForm::screened_gaussian, true, true},
                    Case{"fade", CoulombForm::screened_cut, false, false, true},
                    Case{"environment_charges", CoulombForm::screened_cut, false, true, false, true},
                    Case{"everything", CoulombForm::screened_gaussian, true, true, true, true}),
    [](const auto &info) { return std::string(info.param.name); });

std::vector<double> all_numbers(const SetResult &r)
{
  std::vector<double> all;
  for (const auto *v : {&r.energy, &r.forces, &r.virial, &r.charges}) all.insert(all.end(), v->begin(), v->end());
  for (const double x : r.lowest_eigenvalue) all.push_back(std::isfinite(x) ? x : 0.0);
  return all;
}

std::vector<double> all_slopes(const SetResult &r)
{
  std::vector<double> all;
  for (const auto *v : {&r.d_energy, &r.d_forces, &r.d_virial, &r.d_charges, &r.d_lowest_eigenvalue})
    all.insert(all.end(), v->begin(), v->end());
  return all;
}

}    // namespace

TEST_P(FitSet, IsWhatEachStructureIsAlone)
{
  const StructureSet structures = set();
  for (const int threads : {1, 3}) {
    const SetResult result = structures.evaluate(potential, threads);
    for (int s = 0; s < structures.size(); s++) {
      PeriodicSystem system = systems[s];
      const int first = structures.first_atoms()[s], n = system.num_atoms();
      ASSERT_EQ(structures.first_atoms()[s + 1] - first, n);
      system.charges.assign(result.charges.begin() + first, result.charges.begin() + first + n);
      const SystemEnergy wanted = evaluate(potential, system, k_e);
      EXPECT_NEAR(result.energy[s], wanted.total(), 1e-11 * n);
      for (int i = 0; i < n; i++)
        for (int a = 0; a < 3; a++) EXPECT_NEAR(result.forces[3 * (first + i) + a], wanted.forces[i][a], 1e-10);
      for (int a = 0; a < 3; a++)
        for (int b = 0; b < 3; b++) EXPECT_NEAR(result.virial[9 * s + 3 * a + b], wanted.virial[a][b], 1e-10 * n);
      if (!potential.has_charges()) continue;
      EXPECT_NEAR(std::accumulate(system.charges.begin(), system.charges.end(), 0.0), totals[s], 1e-12);
      for (int i = 1; i < n; i++) EXPECT_NEAR(wanted.electronegativity[i], wanted.electronegativity[0], 1e-9);
      if (n > 1) {
        const double lowest = smallest_neutral_eigenvalue(charge_matrix(potential, system, k_e), n);
        EXPECT_NEAR(result.lowest_eigenvalue[s], lowest, 1e-3 * lowest);    // iterated until it stays
        EXPECT_GE(result.lowest_eigenvalue[s], lowest * (1.0 - 1e-12));
      }
    }
  }
}

TEST_P(FitSet, DerivativesByEveryParameter)
{
  const StructureSet structures = set();
  std::vector<std::string> names;
  std::vector<double> values;
  for (const auto &p : named_parameters(potential)) names.push_back(p.name), values.push_back(*p.places[0]);
  EXPECT_EQ(std::set<std::string>(names.begin(), names.end()).size(), names.size());
  const SetResult result = structures.differentiate(potential, names, 2);
  const std::vector<double> numbers = all_numbers(result), slopes = all_slopes(result);
  ASSERT_EQ(numbers, all_numbers(structures.evaluate(potential, 1)));
  ASSERT_EQ(slopes.size(), numbers.size() * names.size());

  const std::size_t last = numbers.size() - structures.size();    // then come eigenvalues, known to 1e-6 only
  int felt = 0;
  for (std::size_t n = 0; n < names.size(); n++) {
    // cutoffs and reaches do not grow beyond those of the set: there the functions and their slopes are zero
    const double step = 1e-4 * std::max(0.1, std::abs(values[n]));
    const auto at = [&](double x) {
      Potential moved = potential;
      auto parameters = named_parameters(moved);
      for (double *place : find_parameter(parameters, names[n]).places) *place = x;
      for (auto &p : moved.pair)
        if (p.form == PairForm::srinivasan_duff) p.r_cut = p.knot[2], p.r_start = p.r_cut - 0.5;
      return all_numbers(structures.evaluate(moved, 1));
    };
    const auto a2 = at(values[n] - 2 * step), a1 = at(values[n] - step), b1 = at(values[n] + step),
               b2 = at(values[n] + 2 * step);
    for (std::size_t m = 0; m < numbers.size(); m++) {
      const double wanted = (8.0 * (b1[m] - a1[m]) - (b2[m] - a2[m])) / (12.0 * step);
      const double got = slopes[m * names.size() + n];
      const double tolerance = m < last ? 2e-6 * (1.0 + std::abs(wanted)) : 0.02 * (0.1 + std::abs(wanted));
      EXPECT_NEAR(got, wanted, tolerance) << names[n] << " at " << m;
      felt += std::abs(got) > 1e-6;
    }
  }
  EXPECT_GT(felt, static_cast<int>(numbers.size()) * 3);    // the test is about something
}

TEST(FitSetErrors, NoEquilibriumIsNotANumber)
{
  Random random(72);
  Potential potential = random_potential(random, 2, CoulombForm::direct_cut);
  for (auto &c : potential.charge) c.hardness = 0.5;
  const PeriodicSystem system = random_system(random, {20}, 2);
  const StructureSet structures(potential, {system}, {0.0}, k_e);
  const SetResult result = structures.differentiate(potential, {"charge.A.J"});
  EXPECT_TRUE(std::isnan(result.energy[0]));
  EXPECT_TRUE(std::isnan(result.forces[7]));
  EXPECT_TRUE(std::isnan(result.charges[3]));
  EXPECT_NEAR(result.lowest_eigenvalue[0], smallest_neutral_eigenvalue(charge_matrix(potential, system, k_e), 20),
              1e-9);
  EXPECT_LT(result.lowest_eigenvalue[0], 0.0);
  EXPECT_GT(result.d_lowest_eigenvalue[0], 0.0);    // which way out
}

TEST(FitSetErrors, WhatDoesNotBelongTogetherIsRefused)
{
  Random random(73);
  const Potential potential = random_potential(random, 2, CoulombForm::gaussian);
  const StructureSet structures(potential, {random_system(random, {4}, 2)}, {0.0}, k_e);
  Potential longer = potential;
  longer.coulomb_cutoff += 1.0;
  EXPECT_THROW((void) structures.evaluate(longer), std::invalid_argument);
  Potential renamed = potential;
  renamed.elements[0] = "Z";
  EXPECT_THROW((void) structures.evaluate(renamed), std::invalid_argument);
  EXPECT_THROW((void) structures.differentiate(potential, {"charge.A.j"}), std::invalid_argument);
  EXPECT_THROW(StructureSet(potential, {random_system(random, {4}, 2)}, {}, k_e), std::invalid_argument);
}

TEST(NamedParameters, ValuesAreSetInAllPlacesAndChecked)
{
  Random random(74);
  Potential potential = random_potential(random, 2, CoulombForm::screened_cut);
  potential.screening.assign(8, {0.5, 2.0});
  const Potential changed =
      with_parameters(potential, {"pair.A-B.s1", "rho.A-B", "triple.A.A-B.Cmax"}, {9.0, 1.75, 4.0});
  EXPECT_EQ(changed.pair[1].knot[0], 9.0);
  EXPECT_EQ(changed.pair[2].knot[0], 9.0);
  EXPECT_EQ(changed.pair[2].range, 9.0);
  EXPECT_EQ(changed.screening_length[1], 1.75);
  EXPECT_EQ(changed.screening_length[2], 1.75);
  EXPECT_EQ(changed.screening[2].c_max, 4.0);
  EXPECT_EQ(changed.screening[4].c_max, 4.0);
  EXPECT_GT(changed.pair[1].screening_reach_sq, potential.pair[1].screening_reach_sq);

  const auto message_of = [&](const std::string &name, double value) -> std::string {
    try {
      (void) with_parameters(potential, {name}, {value});
    } catch (const std::invalid_argument &error) {
      return error.what();
    }
    return "none";
  };
  EXPECT_EQ(message_of("pair.A-A.rs", 0.5), "none");
  EXPECT_THAT(message_of("pair.A-A.rs", 9.0), testing::HasSubstr("rs of a pair is not below its rc"));
  EXPECT_THAT(message_of("charge.A.J", -1.0), testing::HasSubstr("charge.A.J is -1.000000, allowed is > 0"));
  EXPECT_THAT(message_of("atomic.A.p0", -1.0), testing::HasSubstr("allowed is >= 0"));
  EXPECT_THAT(message_of("atomic.A.e0", NAN), testing::HasSubstr("allowed is a finite number"));
  EXPECT_THAT(message_of("triple.A.A-B.Cmax", 0.4), testing::HasSubstr("Cmin < Cmax"));
  EXPECT_THAT(message_of("rho.B-A", 1.0), testing::HasSubstr("no parameter 'rho.B-A'"));
}
