// Screening: the ellipse against the angle formula, its derivatives, the factor B, the product S of a bond, and how
// far a screening atom can be. SPDX-License-Identifier: GPL-2.0-only

#include "direct_formulas.h"
#include "random_systems.h"
#include "rfmeam/screening.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

using namespace rfmeam;
using namespace rfmeam::test;
using direct::Point;

namespace {

Point random_point(Random &random, double size)
{
  return {random(-size, size), random(-size, size), random(-size, size)};
}

Long dot(const Point &a, const Point &b) { return a.x * b.x + a.y * b.y + a.z * b.z; }

template <class Real> ScreeningEllipse<Real> ellipse_of(const Point &i, const Point &j, const Point &k)
{
  const Point ij = j - i, ik = k - i;
  return ScreeningEllipse<Real>(Real(dot(ij, ij)), Real(dot(ik, ik)), Real(dot(ij, ik)));
}

// ---- the ellipse

TEST(ScreeningEllipse, IsTheAngleFormula)
{
  Random random(31);
  int screening = 0;
  for (int n = 0; n < 20000; n++) {
    const Point i = random_point(random, 2), j = random_point(random, 2), k = random_point(random, 2);
    const Long c = direct::ellipse(i, j, k);
    const auto e = ellipse_of<Long>(i, j, k);
    if (c < 0) {
      EXPECT_LE(e.denominator, 1e-17L);
      EXPECT_TRUE(ellipse_of<double>(i, j, k).leaves_unscreened({0.0, 1e3}));
      continue;
    }
    screening++;
    EXPECT_GT(e.denominator, 0.0L);
    // acos and 1/denominator lose digits where i, j, k are nearly in line or C is large
    EXPECT_NEAR(double(e.numerator / e.denominator / c), 1.0, double(1e-13L * (1 + c))) << double(c);
  }
  EXPECT_GT(screening, 2000);
}

TEST(ScreeningEllipse, IsSymmetricInTheBond)
{
  Random random(32);
  for (int n = 0; n < 5000; n++) {
    const Point i = random_point(random, 2), j = random_point(random, 2), k = random_point(random, 2);
    const auto from_i = ellipse_of<double>(i, j, k), from_j = ellipse_of<double>(j, i, k);
    const double scale = from_i.rij_sq * (from_i.rik_sq + from_j.rik_sq);
    EXPECT_NEAR(from_i.numerator, from_j.numerator, 1e-14 * scale);
    EXPECT_NEAR(from_i.denominator, from_j.denominator, 1e-14 * scale);
  }
}

TEST(ScreeningEllipse, ByHand)
{
  // half axes r_ij/2 along the bond and sqrt(C) r_ij/2 across
  for (double h : {0.5, 1.0, 1.5, 2.0}) {
    const auto e = ellipse_of<double>({0, 0, 0}, {2, 0, 0}, {1, h, 0});
    EXPECT_DOUBLE_EQ(e.numerator / e.denominator, h * h);
  }
  // C = 1 is the circle over the bond as diameter
  for (double angle = 0.1; angle < 3.1; angle += 0.1) {
    const auto e = ellipse_of<double>({0, 0, 0}, {2, 0, 0}, {1 + std::cos(angle), std::sin(angle), 0});
    EXPECT_NEAR(e.numerator / e.denominator, 1.0, 1e-13);
  }
}

TEST(ScreeningEllipse, DerivativesAgainstFiniteDifferences)
{
  Random random(33);
  int tested = 0;
  for (int n = 0; n < 3000; n++) {
    const auto e = ellipse_of<double>({0, 0, 0}, random_point(random, 2), random_point(random, 2));
    const double c = e.numerator / e.denominator;
    if (e.denominator <= 0.1 || c > 5.0) continue;
    tested++;
    const EllipseGradient<double> gradient(e);
    const double x[3] = {e.rij_sq, e.rik_sq, e.dot}, analytic[3] = {gradient.rij_sq, gradient.rik_sq, gradient.dot};
    for (int v = 0; v < 3; v++) {
      const auto numeric = derivative<Long>(
          [&](Long varied) {
            Long y[3] = {x[0], x[1], x[2]};
            y[v] = varied;
            const ScreeningEllipse<Long> moved(y[0], y[1], y[2]);
            return moved.numerator / moved.denominator;
          },
          x[v], 1e-3L);
      EXPECT_NEAR(analytic[v], double(numeric.value), 1e-11 * std::max(1.0, std::abs(analytic[v])));
    }
  }
  EXPECT_GT(tested, 500);
}

// ---- the factor B

TEST(ScreeningFactor, HasTheFormulaAndItsLogarithmicDerivative)
{
  Random random(34);
  for (int n = 0; n < 2000; n++) {
    ScreeningParameters<double> p;
    p.c_min = random(0.0, 1.5), p.c_max = p.c_min + random(0.2, 2.0);
    const double y = random(0.02, 0.98), c = p.c_min + y * (p.c_max - p.c_min);
    const ScreeningFactor<double> b(c, p);
    EXPECT_NEAR(b.value, double(direct::screening_factor(c, p)), 1e-14);
    const auto numeric = derivative<Long>([&](Long x) { return ScreeningFactor<Long>(x, convert<Long>(p)).value; },
                                          Long(c), 0.01L * (p.c_max - p.c_min));
    EXPECT_NEAR(b.log_derivative * b.value, double(numeric.value), 1e-12 / (p.c_max - p.c_min));
  }
  EXPECT_DOUBLE_EQ(ScreeningFactor<double>(1.5, {1.0, 2.0}).value, 225.0 / 256.0);
}

TEST(ScreeningFactor, JoinsItsLimitsSmoothly)
{
  const ScreeningParameters<double> p = {0.5, 2.8};
  const double width = p.c_max - p.c_min;
  for (double d : {1e-2, 1e-4, 1e-6, 1e-8}) {
    // B ~ 16 y^2 at y -> 0, 1 - 2 (1-y)^4 at y -> 1
    const ScreeningFactor<double> low(p.c_min + d * width, p), high(p.c_max - d * width, p);
    EXPECT_NEAR(low.value / (16 * d * d), 1.0, 4 * d + 1e-6);
    EXPECT_NEAR(low.value * low.log_derivative * width / (32 * d), 1.0, 6 * d + 1e-6);
    EXPECT_NEAR(high.value, 1.0 - 2 * d * d * d * d, 1e-15 + std::pow(d, 8));
    EXPECT_NEAR(high.value * high.log_derivative * width, 8 * d * d * d, 1e-6 * d * d * d + 8 * std::pow(d, 7));
  }
  // exactly at C_min nothing divides by the root that is zero there
  EXPECT_EQ(ScreeningFactor<double>(p.c_min, p).value, 0.0);
  EXPECT_EQ(ScreeningFactor<double>(p.c_min, p).log_derivative, 0.0);
}

// ---- S of a bond

double screening_of(const Neighbours<double> &nb, const Potential &potential, std::size_t bond)
{
  return nb.screening_of(potential.model_view(), bond);
}

Potential one_element(double c_min, double c_max)
{
  Random random(35);
  Potential potential = random_potential(random, 1, CoulombForm::none);
  potential.screening[0].c_min = c_min, potential.screening[0].c_max = c_max;
  potential.set_screening_reach();
  return potential;
}

/// A bond of 2 Å along x and one atom across its middle at height h, where C = h^2.
Neighbours<double> bond_with_atom_at(double h)
{
  Neighbours<double> nb;
  nb.center_element = 0;
  nb.add(0, 2.0, 0.0, 0.0);
  nb.add(0, 1.0, h, 0.0);
  return nb;
}

TEST(Screening, IsExactlyZeroAndOneOnTheEdges)
{
  const Potential potential = one_element(1.0, 2.25);
  EXPECT_EQ(screening_of(bond_with_atom_at(1.0), potential, 0), 0.0);
  EXPECT_EQ(screening_of(bond_with_atom_at(0.3), potential, 0), 0.0);
  EXPECT_EQ(screening_of(bond_with_atom_at(0.0), potential, 0), 0.0);
  EXPECT_EQ(screening_of(bond_with_atom_at(1.5), potential, 0), 1.0);
  EXPECT_EQ(screening_of(bond_with_atom_at(3.0), potential, 0), 1.0);
  EXPECT_DOUBLE_EQ(screening_of(bond_with_atom_at(std::sqrt(1.625)), potential, 0), 225.0 / 256.0);
  // across either end of the bond, behind them, on them
  for (double x : {0.0, 2.0, -0.5, 2.5})
    for (double y : {0.0, 0.1, 1.0}) {
      Neighbours<double> nb = bond_with_atom_at(5.0);
      nb.add(0, x, y, 0.0);
      EXPECT_EQ(screening_of(nb, potential, 0), 1.0) << x << " " << y;
    }
}

TEST(Screening, IsTheProductOverAllAtoms)
{
  Random random(36);
  int partial = 0;
  for (int set = 0; set < 60; set++) {
    const Potential potential = random_potential(random, 1 + set % 4, CoulombForm::none);
    const auto nb = neighbours_of<double>(
        potential, random_system(random, {10, {true, true, true}, true, 16.0}, potential.num_elements()), 0);
    const int n = potential.num_elements();
    for (std::size_t j = 0; j < nb.size(); j++) {
      Long expected = 1;
      for (std::size_t k = 0; k < nb.size(); k++)
        if (k != j)
          expected *= direct::screening_factor(
              direct::ellipse({0, 0, 0}, {nb.x[j], nb.y[j], nb.z[j]}, {nb.x[k], nb.y[k], nb.z[k]}),
              potential.screening[(nb.center_element * n + nb.element[j]) * n + nb.element[k]]);
      const double s = screening_of(nb, potential, j);
      if (s > 0.0 && s < 1.0) partial++;
      EXPECT_NEAR(s, double(expected), 1e-12);
    }
  }
  EXPECT_GT(partial, 300);
}

TEST(Screening, IsTheSameFromBothEndsOfTheBond)
{
  Random random(42);
  int partial = 0;
  for (int set = 0; set < 20; set++) {
    const Potential potential = random_potential(random, 3, CoulombForm::none);
    const auto system = random_system(random, {12, {false, false, false}}, 3);
    const auto from = [&](int i) {    // all other atoms, in the order of their indices
      Neighbours<double> nb;
      nb.center_element = system.elements[i];
      for (int k = 0; k < 12; k++) {
        const auto &x = system.positions[k], &o = system.positions[i];
        if (k != i) nb.add(system.elements[k], x[0] - o[0], x[1] - o[1], x[2] - o[2]);
      }
      return nb;
    };
    for (int i = 0; i < 12; i++)
      for (int j = 0; j < i; j++) {
        const double s = screening_of(from(i), potential, j);
        EXPECT_NEAR(s, screening_of(from(j), potential, i - 1), 1e-12);
        partial += s > 0.0 && s < 1.0;
      }
  }
  EXPECT_GT(partial, 100);
}

TEST(Screening, UsesTheTripleOfScreenerAndBond)
{
  // one of 4 x 10 triples is listed; it alone must screen, whichever end of the bond is looked from
  Random random(37);
  const int n = 4;
  Potential potential = random_potential(random, n, CoulombForm::none);
  for (int k = 0; k < n; k++)
    for (int i = 0; i < n; i++)
      for (int j = 0; j <= i; j++) {
        for (auto &s : potential.screening) s = {};
        potential.screening[(i * n + j) * n + k] = potential.screening[(j * n + i) * n + k] = {0.5, 2.8};
        potential.set_screening_reach();
        for (int kk = 0; kk < n; kk++)
          for (int ii = 0; ii < n; ii++)
            for (int jj = 0; jj < n; jj++) {
              Neighbours<double> nb;
              nb.center_element = ii;
              nb.add(jj, 2.0, 0.0, 0.0);
              nb.add(kk, 1.0, 1.2, 0.0);
              const bool listed = kk == k && ((ii == i && jj == j) || (ii == j && jj == i));
              const double s = screening_of(nb, potential, 0);
              if (listed)
                EXPECT_LT(s, 0.95);
              else
                EXPECT_EQ(s, 1.0);
            }
      }
}

TEST(Screening, ATripleThatIsNotListedDoesNotScreenEvenInLine)
{
  Potential potential = one_element(0.5, 2.8);
  potential.screening[0] = {};
  potential.pair[0].screening_reach_sq = 9.0;    // as if another element screened
  Random random(38);
  for (int n = 0; n < 2000; n++) {
    // on the line through both atoms, between, behind or on them, where rounding may make the numerator of C negative
    const double x = random(-1.5, 1.5), y = random(-1.5, 1.5), z = random(-1.5, 1.5), s = random(-2.5, 2.9);
    Neighbours<double> nb;
    nb.center_element = 0;
    nb.add(0, x, y, z);
    nb.add(0, s * x, s * y, s * z);
    nb.add(0, x, y, z);
    nb.add(0, 0.0, 0.0, 0.0);
    EXPECT_EQ(screening_of(nb, potential, 0), 1.0) << s;
  }
}

TEST(Screening, AnAtomInLineButNotBetweenDoesNotScreen)
{
  const Potential potential = one_element(0.0, 2.8);
  Random random(41);
  for (int n = 0; n < 2000; n++) {
    const double x = random(-1.5, 1.5), y = random(-1.5, 1.5), z = random(-1.5, 1.5);
    Neighbours<double> nb;
    nb.center_element = 0;
    nb.add(0, x, y, z);
    for (double s : {-2.0, -1.0, -1e-8, 0.0, 1.0, 1.0 + 1e-8, 1.5, 2.0}) nb.add(0, s * x, s * y, s * z);
    EXPECT_EQ(screening_of(nb, potential, 0), 1.0);
    nb.add(0, 0.5 * x, 0.5 * y, 0.5 * z);
    EXPECT_EQ(screening_of(nb, potential, 0), 0.0);
  }
}

// ---- reach

TEST(ScreeningReach, IsTheFarthestPointOfTheEllipse)
{
  for (double c_max : {1.01, 1.5, 1.99, 2.0, 2.01, 2.8, 4.0, 10.0}) {
    // all points of C = c_max around a bond of length 1 from (0,0) to (1,0)
    double farthest = 0.0;
    for (double angle = 0.0; angle < 3.1416; angle += 1e-4)
      farthest = std::max(farthest, std::hypot(0.5 + 0.5 * std::cos(angle), 0.5 * std::sqrt(c_max) * std::sin(angle)));
    EXPECT_NEAR(screening_reach(c_max), farthest, 1e-7) << c_max;
  }
  EXPECT_EQ(screening_reach(ScreeningParameters<double>().c_max), 0.0);
}

TEST(ScreeningReach, GivesTheNeighbourhoodCutoffOfAPotential)
{
  Potential potential = one_element(0.5, 2.8);
  potential.pair[0].range = 4.0;
  EXPECT_DOUBLE_EQ(potential.neighbourhood_cutoff(), 4.0 * 2.8 / (2.0 * std::sqrt(1.8)));
  EXPECT_DOUBLE_EQ(potential.pair_cutoff(), 4.0);
  potential.screening[0] = {};
  potential.set_screening_reach();
  EXPECT_DOUBLE_EQ(potential.neighbourhood_cutoff(), 4.0);
  // the longest product of range and reach, not the longest of each
  Random random(39);
  Potential two = random_potential(random, 2, CoulombForm::none);
  for (auto &s : two.screening) s = {};
  for (auto &p : two.pair) p.range = 3.0;
  two.pair[0].range = 5.0;
  two.screening[(1 * 2 + 1) * 2 + 0] = {0.5, 10.0};
  two.set_screening_reach();
  EXPECT_DOUBLE_EQ(two.neighbourhood_cutoff(), 3.0 * 10.0 / 6.0);
  EXPECT_DOUBLE_EQ(two.pair_cutoff(), 5.0);
}

TEST(ScreeningReach, NoAtomBeyondItScreens)
{
  Random random(40);
  for (int n = 0; n < 20000; n++) {
    const double c_max = random(1.05, 6.0), rij = random(1.0, 5.0);
    const Point j = {rij, 0, 0}, k = random_point(random, 8.0);
    if (direct::length(k) < screening_reach(c_max) * rij) continue;
    const auto e = ellipse_of<double>({0, 0, 0}, j, k);
    EXPECT_TRUE(e.leaves_unscreened({0.0, c_max * (1 - 1e-12)})) << c_max;
  }
}

}    // namespace
