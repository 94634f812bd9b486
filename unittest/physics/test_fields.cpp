// The lists of fields of the parameter structs: whoever adds a number to a struct must add it to its list.
// SPDX-License-Identifier: GPL-2.0-only

#include "random_systems.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

using namespace rfmeam;
using namespace rfmeam::test;
using testing::ElementsAre;

namespace {

/// The places of the fields in a struct.
template <class Parameters> std::set<const double *> places(const Parameters &p)
{
  std::set<const double *> result;
  Parameters::for_each_field([&](const Field &, const double &x) { EXPECT_TRUE(result.insert(&x).second); }, p);
  return result;
}

/// The fields of a statement, or those with a power of energy.
template <class Parameters> std::vector<std::string> names(const Parameters &p, const std::string &statement)
{
  std::vector<std::string> result;
  Parameters::for_each_field(
      [&](const Field &field, double) {
        if (field.statement == statement) result.push_back(field.name);
      },
      p);
  return result;
}
template <class Parameters> std::vector<std::string> energies(const Parameters &p)
{
  std::vector<std::string> result;
  Parameters::for_each_field(
      [&](const Field &field, double) {
        // eV, eV/e ... are energies, Å, e, 1/Å ... are not
        EXPECT_EQ(field.energy_power, std::string(field.unit).substr(0, 2) == "eV" ? 1 : 0) << field.name;
        if (field.energy_power == 1) result.push_back(field.name);
      },
      p);
  return result;
}

TEST(Fields, AreAllNumbersOfAStruct)
{
  EXPECT_EQ((places(ElementParameters<double>{}).size() + 1) * sizeof(double),
            sizeof(ElementParameters<double>));    // t_0
  EXPECT_EQ(places(ScreeningParameters<double>{}).size() * sizeof(double), sizeof(ScreeningParameters<double>));
  EXPECT_EQ(places(ChargeParameters<double>{}).size() * sizeof(double), sizeof(ChargeParameters<double>));
  EXPECT_EQ(places(CoulombPairParameters<double>{}).size() * sizeof(double), sizeof(CoulombPairParameters<double>));
  EXPECT_EQ(places(SlaterPair<double>{}).size() * sizeof(double), sizeof(SlaterPair<double>));
  PairParameters<double> pair = {};
  std::set<const double *> found;
  for (PairForm form : pair_forms) {
    pair.form = form;
    found.merge(places(pair));
  }
  EXPECT_EQ((found.size() + 1) * sizeof(double), sizeof(pair));    // the form, with padding
}

TEST(Fields, ComeInTheOrderOfTheirLines)
{
  EXPECT_THAT(
      names(ElementParameters<double>{}, "atomic"),
      ElementsAre("n", "e0", "e1", "e2", "sigma", "p0", "p1", "p2", "p3", "q0", "q1", "q2", "q3", "t1", "t2", "t3"));
  PairParameters<double> pair = {};
  pair.form = PairForm::timonova_thijsse;
  EXPECT_THAT(names(pair, "pair"),
              ElementsAre("rc", "rs", "rp", "alpha", "epsilon", "c2", "c3", "w0", "w1", "w2", "w3"));
  pair.form = PairForm::srinivasan_duff;
  EXPECT_THAT(names(pair, "pair"), ElementsAre("s1", "s2", "s3", "b1", "b2", "b3", "w0", "w1", "w2", "w3"));
  pair.form = PairForm::double_exponential;
  EXPECT_THAT(names(pair, "pair"), ElementsAre("rc", "rs", "r0", "A1", "k1", "A2", "k2", "w0", "w1", "w2", "w3"));
  EXPECT_THAT(names(ChargeParameters<double>{}, "charge"), ElementsAre("chi", "J", "E0"));
  EXPECT_THAT(names(ChargeParameters<double>{}, "wall lower"), ElementsAre("K", "q_s"));
  EXPECT_THAT(names(ChargeParameters<double>{}, "environment"), ElementsAre("X"));
  EXPECT_THAT(names(ChargeParameters<double>{}, "environment_charge"), ElementsAre("q_0"));
  EXPECT_THAT(names(ChargeParameters<double>{}, "fade"), ElementsAre("c"));
  EXPECT_THAT(names(ElementParameters<double>{}, "environment"), ElementsAre("kappa"));
  EXPECT_THAT(names(pair, "environment_weight"), ElementsAre("s"));
}

TEST(Fields, KnowWhichOfThemAreEnergies)
{
  EXPECT_THAT(energies(ElementParameters<double>{}), ElementsAre("e0", "e1", "e2"));
  EXPECT_THAT(energies(ScreeningParameters<double>{}), ElementsAre());
  EXPECT_THAT(energies(ChargeParameters<double>{}), ElementsAre("chi", "J", "E0", "K", "K", "X"));
  PairParameters<double> pair = {};
  pair.form = PairForm::timonova_thijsse;
  EXPECT_THAT(energies(pair), ElementsAre("epsilon"));
  pair.form = PairForm::srinivasan_duff;
  EXPECT_THAT(energies(pair), ElementsAre("b1", "b2", "b3"));
  pair.form = PairForm::double_exponential;
  EXPECT_THAT(energies(pair), ElementsAre("A1", "A2"));
}

template <class Parameters> void expect_conversion(const std::vector<Parameters> &parameters)
{
  for (const auto &p : parameters) {
    const auto single = convert<float>(p);
    Parameters::for_each_field([](const Field &field, double x, float y) { EXPECT_EQ(float(x), y) << field.name; }, p,
                               single);
  }
}

TEST(Fields, AreConvertedToAnotherPrecision)
{
  Random random(171);
  Potential potential = random_potential(random, 3, CoulombForm::screened_gaussian);
  add_walls(random, potential);
  add_environment(random, potential);
  add_environment_charges(random, potential);
  expect_conversion(potential.element);
  expect_conversion(potential.pair);
  expect_conversion(potential.screening);
  expect_conversion(potential.charge);
  expect_conversion(CoulombTable(potential, k_e).pair);
  for (const auto &p : potential.pair) EXPECT_EQ(convert<float>(p).form, p.form);
}

}    // namespace
