// Energy and gradient of one atom in its neighbourhood: against the direct formulas, against finite differences in
// long double, and in the corners (dimer, isolated atom, coincident atoms, fully screened bonds, huge Gamma).
// SPDX-License-Identifier: GPL-2.0-only

#include "direct_formulas.h"
#include "random_systems.h"
#include "rfmeam/atom_energy.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

using namespace rfmeam;
using namespace rfmeam::test;

namespace {

template <class Real> Real total(const AtomEnergy<Real> &e, const ChargeCoupling<Real> &coupling = {})
{
  return e.pair + (1 + coupling.embedding) * e.embedding + coupling.environment * e.environment;
}

bool is_finite(const Neighbours<double> &nb, const AtomEnergy<double> &e)
{
  bool finite = std::isfinite(e.pair) && std::isfinite(e.embedding) && std::isfinite(e.density);
  for (const auto *array : {&nb.screening, &nb.gx, &nb.gy, &nb.gz})
    for (double x : *array) finite = finite && std::isfinite(x);
  return finite;
}

Neighbours<Long> precise(const Neighbours<double> &nb)
{
  Neighbours<Long> result;
  result.center_element = nb.center_element;
  result.coupling = {nb.coupling.environment, nb.coupling.embedding};
  for (std::size_t m = 0; m < nb.size(); m++) result.add(nb.element[m], nb.x[m], nb.y[m], nb.z[m]);
  return result;
}

/// The gradient in double against finite differences of the energy in long double.
void expect_gradient(const Potential &potential, Neighbours<double> nb, double tolerance)
{
  const auto model = convert<Long>(potential);
  Neighbours<Long> moved = precise(nb);
  const auto energy_of_moved = [&] { return total(moved.evaluate(model.model_view()), moved.coupling); };
  const double energy = total(nb.evaluate(potential.model_view()), nb.coupling);
  EXPECT_NEAR(energy, double(energy_of_moved()), 1e-13 * std::max(1.0, std::abs(energy)));
  for (std::size_t m = 0; m < nb.size(); m++)
    for (int c = 0; c < 3; c++) {
      Long &coordinate = c == 0 ? moved.x[m] : c == 1 ? moved.y[m] : moved.z[m];
      const Long start = coordinate;
      const auto numeric = derivative<Long>(
          [&](Long x) {
            coordinate = x;
            return energy_of_moved();
          },
          start, 1e-4L);
      coordinate = start;
      EXPECT_LT(double(numeric.error), tolerance) << "finite difference of too low quality, atom " << m;
      EXPECT_NEAR((c == 0 ? nb.gx : c == 1 ? nb.gy : nb.gz)[m], double(numeric.value), tolerance) << "atom " << m;
    }
}

Neighbours<double> random_neighbourhood(Random &random, const Potential &potential, int atoms)
{
  return neighbours_of<double>(potential, random_system(random, {atoms}, potential.num_elements()), 0);
}

// ---- energy and gradient

TEST(AtomEnergy, GradientAgainstFiniteDifferences)
{
  Random random(71);
  std::size_t partial = 0, screened = 0, whole = 0;
  for (int set = 0; set < 24; set++) {
    const Potential potential = random_potential(random, 1 + set % 4, CoulombForm::none);
    auto nb = random_neighbourhood(random, potential, 8);
    expect_gradient(potential, nb, 1e-12);
    nb.evaluate(potential.model_view());
    for (double s : nb.screening) (s == 0.0 ? screened : s == 1.0 ? whole : partial)++;
  }
  EXPECT_GT(partial, 50u);
  EXPECT_GT(whole, 20u);
  EXPECT_GT(screened, 50u);
}

TEST(AtomEnergy, GradientOfEachTermAlone)
{
  // with everything else switched off, so that a small term cannot hide behind a large one
  Random random(72);
  for (int term = 0; term < 5; term++)
    for (int set = 0; set < 4; set++) {
      Potential potential = random_potential(random, 3, CoulombForm::none);
      for (auto &p : potential.pair)
        if (term > 0) {
          p.epsilon = p.coefficient[0] = p.coefficient[1] = p.coefficient[2] = 0.0;
          p.amplitude[0] = p.amplitude[1] = 0.0;
        }
      for (auto &e : potential.element) {
        for (int l = 1; l < num_partial_densities; l++) e.density_weight[l] = term - 1 == l ? 1.0 : 0.0;
        if (term == 0) e.e0 = e.e1 = e.e2 = 0.0;
      }
      expect_gradient(potential, random_neighbourhood(random, potential, 8), 2e-12);
    }
}

TEST(AtomEnergy, GradientOfTheEnvironment)
{
  // alone, and with everything else
  Random random(73);
  std::size_t partial = 0;
  for (int set = 0; set < 16; set++) {
    Potential potential = random_potential(random, 3, CoulombForm::gaussian);
    add_environment(random, potential);
    if (set % 2 == 0) {
      for (auto &p : potential.pair) p.epsilon = p.coefficient[0] = p.coefficient[1] = p.coefficient[2] = 0.0;
      for (auto &p : potential.pair) p.amplitude[0] = p.amplitude[1] = 0.0;
      for (auto &e : potential.element) e.e0 = e.e1 = e.e2 = 0.0;
    }
    auto nb = random_neighbourhood(random, potential, 8);
    nb.coupling = {random(-3.0, 3.0), random(-1.0, 1.0)};
    expect_gradient(potential, nb, 2e-12);
    nb.evaluate(potential.model_view());
    for (double s : nb.screening) partial += s > 0.0 && s < 1.0;
  }
  EXPECT_GT(partial, 30u);
}

TEST(AtomEnergy, KeptBondsGiveTheSameNumbers)
{
  Random random(74);
  for (int set = 0; set < 12; set++) {
    Potential potential = random_potential(random, 1 + set % 3, CoulombForm::gaussian);
    if (set % 2) add_environment(random, potential);
    auto twice = random_neighbourhood(random, potential, 8), once = twice;
    once.keeps_bonds = true;
    const AtomEnergy<double> expected = twice.evaluate(potential.model_view()),
                             energy = once.evaluate(potential.model_view());
    EXPECT_EQ(energy.pair, expected.pair);
    EXPECT_EQ(energy.embedding, expected.embedding);
    EXPECT_EQ(once.gx, twice.gx);
    EXPECT_EQ(once.gy, twice.gy);
    EXPECT_EQ(once.gz, twice.gz);
  }
}

/// Does every loop backwards and its sums in two halves, as a device may.
struct BackwardTeam {
  template <class Function> void for_each(int n, const Function &f) const
  {
    for (int m = n - 1; m >= 0; m--) f(m);
  }
  template <class Sum, class Function> Sum reduce(int n, const Function &f) const
  {
    Sum first{}, second{};
    for (int m = n - 1; m >= 0; m--) f(m, m % 2 ? first : second);
    first += second;
    return first;
  }
  template <class Real> static void add(Real &target, Real value) { target += value; }
};

TEST(AtomEnergy, IsTheSameForATeamWithAnotherOrder)
{
  Random random(74);
  for (int set = 0; set < 20; set++) {
    const Potential potential = random_potential(random, 3, CoulombForm::none);
    auto nb = random_neighbourhood(random, potential, 10), other = nb;
    const auto a = nb.evaluate(potential.model_view());
    const auto b = other.evaluate(potential.model_view(), BackwardTeam());
    EXPECT_NEAR(a.pair, b.pair, 1e-13);
    EXPECT_NEAR(a.density, b.density, 1e-13);
    for (std::size_t m = 0; m < nb.size(); m++) {
      EXPECT_NEAR(nb.gx[m], other.gx[m], 1e-12);
      EXPECT_NEAR(nb.gy[m], other.gy[m], 1e-12);
      EXPECT_NEAR(nb.gz[m], other.gz[m], 1e-12);
    }
  }
}

TEST(AtomEnergy, SurroundingsAndScreeningAreThoseOfTheirOwnPass)
{
  // bit for bit, whether the screening is found again or taken over
  Random random(83);
  for (int set = 0; set < 20; set++) {
    Potential potential = random_potential(random, 3, CoulombForm::gaussian);
    add_environment(random, potential);
    auto whole = random_neighbourhood(random, potential, 10), first = whole;
    whole.coupling = first.coupling = {random(-3.0, 3.0), random(-1.0, 1.0)};
    const auto e = whole.evaluate(potential.model_view());
    ChargeParameters<double> charge = {};
    EXPECT_EQ(first.surroundings(potential.model_view(), SerialTeam(), charge).embedding, 0.0);    // not needed
    charge.fade = 0.3;
    const auto around = first.surroundings(potential.model_view(), SerialTeam(), charge);
    EXPECT_EQ(around.environment, e.environment);
    EXPECT_EQ(around.embedding, e.embedding);
    EXPECT_EQ(first.screening, whole.screening);
    auto backward = first;
    const auto reversed = backward.surroundings(potential.model_view(), BackwardTeam(), charge);
    EXPECT_NEAR(reversed.environment, e.environment, 1e-14);
    EXPECT_NEAR(reversed.embedding, e.embedding, 1e-12);
    first.is_screened = true;
    const auto again = first.evaluate(potential.model_view());
    EXPECT_EQ(again.pair, e.pair);
    EXPECT_EQ(again.embedding, e.embedding);
    EXPECT_EQ(again.environment, e.environment);
    EXPECT_EQ(first.gx, whole.gx);
    EXPECT_EQ(first.gy, whole.gy);
    EXPECT_EQ(first.gz, whole.gz);
    EXPECT_EQ(first.screening, whole.screening);
    first.bare_environment.assign(first.size(), 0.0);    // it is taken over
    whole.coupling.environment = 0.0;
    first.evaluate(potential.model_view()), whole.evaluate(potential.model_view());
    EXPECT_EQ(first.gx, whole.gx);
    EXPECT_EQ(first.gy, whole.gy);
    EXPECT_EQ(first.gz, whole.gz);
  }
}

TEST(AtomEnergy, WithoutEnvironmentsTheChargeOfAnAtomIsNotFelt)
{
  Random random(84);
  const Potential potential = random_potential(random, 2, CoulombForm::gaussian);
  auto nb = random_neighbourhood(random, potential, 8), charged = nb;
  charged.coupling = {2.0, 0.0};
  EXPECT_EQ(nb.evaluate(potential.model_view()).environment, 0.0);
  EXPECT_EQ(total(charged.evaluate(potential.model_view()), charged.coupling),
            total(nb.evaluate(potential.model_view())));
  EXPECT_EQ(charged.gx, nb.gx);
}

TEST(AtomEnergy, ScalesWithTheUnitOfEnergy)
{
  Random random(75);
  Potential potential = random_potential(random, 3, CoulombForm::gaussian);
  add_environment(random, potential);
  auto nb = random_neighbourhood(random, potential, 10);
  const auto before = nb.evaluate(potential.model_view());
  const auto gx = nb.gx;
  const auto charge = potential.charge;
  potential.scale_energy(23.06);
  const auto after = nb.evaluate(potential.model_view());
  EXPECT_NEAR(after.pair, 23.06 * before.pair, 1e-12 * std::abs(after.pair));
  EXPECT_NEAR(after.embedding, 23.06 * before.embedding, 1e-12 * std::abs(after.embedding));
  EXPECT_EQ(after.density, before.density);
  EXPECT_EQ(after.environment, before.environment);
  for (std::size_t m = 0; m < gx.size(); m++) EXPECT_NEAR(nb.gx[m], 23.06 * gx[m], 1e-10);
  for (int i = 0; i < 3; i++) {
    EXPECT_DOUBLE_EQ(potential.charge[i].electronegativity, 23.06 * charge[i].electronegativity);
    EXPECT_DOUBLE_EQ(potential.charge[i].hardness, 23.06 * charge[i].hardness);
    EXPECT_DOUBLE_EQ(potential.charge[i].energy, 23.06 * charge[i].energy);
    EXPECT_DOUBLE_EQ(potential.charge[i].environment_shift, 23.06 * charge[i].environment_shift);
    EXPECT_EQ(potential.charge[i].fade, charge[i].fade);
  }
}

// ---- corners

TEST(AtomEnergy, OfAnIsolatedAtomIsZero)
{
  Random random(76);
  const Potential potential = random_potential(random, 2, CoulombForm::none);
  Neighbours<double> nb;
  nb.center_element = 1;
  const auto alone = nb.evaluate(potential.model_view());
  EXPECT_EQ(alone.pair, 0.0);
  EXPECT_EQ(alone.embedding, 0.0);
  EXPECT_EQ(alone.density, 0.0);
  // neighbours known but out of range
  nb.add(0, potential.pair_cutoff(), 0.0, 0.0);
  nb.add(1, 0.0, potential.pair_cutoff() + 0.1, 0.0);
  const auto far = nb.evaluate(potential.model_view());
  EXPECT_EQ(total(far), 0.0);
  for (int m = 0; m < 2; m++) EXPECT_EQ(std::abs(nb.gx[m]) + std::abs(nb.gy[m]) + std::abs(nb.gz[m]), 0.0);
}

TEST(AtomEnergy, GoesSmoothlyToZeroAsTheLastNeighbourLeaves)
{
  Random random(77);
  for (int set = 0; set < 20; set++) {
    Potential potential = random_potential(random, 1, CoulombForm::none);
    const double cut = potential.pair[0].range;
    Neighbours<double> nb;
    nb.center_element = 0;
    nb.add(0, 0.0, 0.0, 0.0);
    for (double d : {1e-2, 1e-3, 1e-4, 1e-5, 1e-6}) {
      nb.x[0] = cut - d;
      const auto e = nb.evaluate(potential.model_view());
      EXPECT_TRUE(is_finite(nb, e)) << d;
      EXPECT_LT(std::abs(total(e)), 1e3 * d * d * d) << d;
      EXPECT_LT(std::abs(nb.gx[0]), 1e3 * d * d) << d;
    }
  }
}

TEST(AtomEnergy, OfADimerByHand)
{
  Random random(78);
  const Potential potential = random_potential(random, 2, CoulombForm::none);
  const double r = 2.1;
  Neighbours<double> nb;
  nb.center_element = 0;
  nb.add(1, 0.0, 0.0, r);
  const auto e = nb.evaluate(potential.model_view());
  const auto &pair = potential.pair[1];
  EXPECT_NEAR(e.pair, 0.5 * double(direct::pair(pair, r)), 1e-14);
  Long rho0 = direct::amplitude(potential.element[1], pair, 0, r), gamma = 0;
  for (int l = 1; l < num_partial_densities; l++) {
    const Long a = direct::amplitude(potential.element[1], pair, l, r);
    gamma += potential.element[0].density_weight[l] * a * a / (rho0 * rho0);
  }
  const Long rho = 2 * rho0 / (1 + std::exp(-gamma));
  EXPECT_NEAR(e.density, double(rho), 1e-14);
  EXPECT_NEAR(e.embedding, double(direct::embedding(potential.element[0], rho)), 1e-14);
  EXPECT_EQ(nb.gx[0], 0.0);
  EXPECT_EQ(nb.gy[0], 0.0);
  expect_gradient(potential, nb, 1e-13);
}

TEST(AtomEnergy, ToleratesCoincidentNeighbours)
{
  // two neighbours at one place do not screen each other's bond to the centre, nor does one on the centre's bond end
  Random random(79);
  for (int set = 0; set < 10; set++) {
    const Potential potential = random_potential(random, 2, CoulombForm::none);
    auto nb = random_neighbourhood(random, potential, 6);
    for (int copies = 0; copies < 3; copies++) {
      const int m = random.integer(static_cast<int>(nb.size()));
      nb.add(random.integer(2), nb.x[m], nb.y[m], nb.z[m]);
    }
    const auto e = nb.evaluate(potential.model_view());
    EXPECT_TRUE(is_finite(nb, e));
  }
  const Potential potential = random_potential(random, 1, CoulombForm::none);
  Neighbours<double> one, two;
  one.center_element = two.center_element = 0;
  one.add(0, 2.0, 0.3, 0.1);
  for (int copy = 0; copy < 2; copy++) two.add(0, 2.0, 0.3, 0.1);
  EXPECT_DOUBLE_EQ(two.evaluate(potential.model_view()).pair, 2.0 * one.evaluate(potential.model_view()).pair);
}

TEST(AtomEnergy, HasNoGradientThroughABondThatIsFullyScreened)
{
  Random random(80);
  Potential potential = random_potential(random, 1, CoulombForm::none);
  potential.screening[0] = {1.0, 2.25};
  potential.set_screening_reach();
  Neighbours<double> nb, near_only;
  nb.center_element = near_only.center_element = 0;
  for (auto *list : {&nb, &near_only}) list->add(0, 1.5, 0.3, 0.0);
  nb.add(0, 3.0, 0.0, 0.0);
  EXPECT_EQ(nb.evaluate(potential.model_view()).pair, near_only.evaluate(potential.model_view()).pair);
  EXPECT_EQ(nb.screening[1], 0.0);
  EXPECT_EQ(nb.gx[0], near_only.gx[0]);
  EXPECT_EQ(nb.gx[1], 0.0);
  EXPECT_EQ(nb.gy[1], 0.0);
}

TEST(AtomEnergy, IsContinuousAcrossTheScreeningLimits)
{
  // C = h^2: through C_min = 1 (B ~ y^2) and C_max = 2.25 (B = 1 - 2 (1-y)^4) of the bond to the first neighbour
  Random random(81);
  Potential potential = random_potential(random, 1, CoulombForm::none);
  potential.screening[0] = {1.0, 2.25};
  potential.set_screening_reach();
  const auto energy_and_slope = [&](double h) {
    Neighbours<double> nb;
    nb.center_element = 0;
    nb.add(0, 2.0, 0.0, 0.0);
    nb.add(0, 1.0, h, 0.0);
    const double e = total(nb.evaluate(potential.model_view()));
    return std::array<double, 2>{e, nb.gy[1]};
  };
  for (double edge : {1.0, 1.5}) {
    const auto at = energy_and_slope(edge);
    for (double d : {1e-3, 1e-5, 1e-7, 1e-9})
      for (double side : {-d, d}) {
        const auto near = energy_and_slope(edge + side);
        EXPECT_NEAR(near[0], at[0], 50.0 * d);
        EXPECT_NEAR(near[1], at[1], 300.0 * d);
      }
  }
}

TEST(AtomEnergy, StaysFiniteForHugeGamma)
{
  Random random(82);
  for (double t : {1e2, 1e3, 1e5, 1e100, -1e2, -1e3, -1e5, -1e100})
    for (double p0 : {1.0, 1e-4, 1e-9, 1e-30, 0.0}) {
      Potential potential = random_potential(random, 2, CoulombForm::none);
      for (auto &e : potential.element) {
        e.density_amplitude[0] = p0;
        for (int l = 1; l < num_partial_densities; l++) e.density_weight[l] = t;
      }
      auto nb = random_neighbourhood(random, potential, 6);
      EXPECT_TRUE(is_finite(nb, nb.evaluate(potential.model_view()))) << t << " " << p0;
    }
}

}    // namespace
