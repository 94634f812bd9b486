// Cutoff function, pair potentials, density amplitudes, background density, embedding energy: each against its
// formula written out, its derivative against finite differences in long double.
// SPDX-License-Identifier: GPL-2.0-only

#include "direct_formulas.h"
#include "random_systems.h"
#include "rfmeam/cutoff.h"
#include "rfmeam/density.h"
#include "rfmeam/embedding.h"
#include "rfmeam/environment.h"
#include "rfmeam/pair_potential.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

using namespace rfmeam;
using namespace rfmeam::test;

namespace {

/// Largest error of a derivative in double against Ridders' in long double, relative to scale.
constexpr double slope_tolerance = 1e-12;

template <class Function> void expect_slope(double slope, const Function &f, double x, double step, double scale)
{
  const auto numeric = derivative<Long>(f, Long(x), Long(step));
  EXPECT_LT(double(numeric.error), slope_tolerance * scale) << "finite difference of too low quality at " << x;
  EXPECT_NEAR(slope, double(numeric.value), slope_tolerance * scale) << "at " << x;
}

// ---- cutoff function

TEST(CutoffFunction, HasTheFormula)
{
  EXPECT_EQ(cutoff_function(1.0, 2.0, 3.0).value, 1.0);
  EXPECT_EQ(cutoff_function(4.0, 2.0, 3.0).value, 0.0);
  EXPECT_DOUBLE_EQ(cutoff_function(2.5, 2.0, 3.0).value, 0.5);
  EXPECT_DOUBLE_EQ(cutoff_function(2.25, 2.0, 3.0).value, 1.0 - (6.0 / 1024 - 15.0 / 256 + 10.0 / 64));
  for (double r = 0.0; r < 6.0; r += 0.013)
    EXPECT_NEAR(cutoff_function(r, 3.1, 5.3).value, double(direct::cutoff(r, 3.1, 5.3)), 2e-15) << r;
}

TEST(CutoffFunction, SlopeIsTheDerivative)
{
  for (double r = 2.05; r < 4.0; r += 0.0371)
    expect_slope(
        cutoff_function(r, 2.0, 4.0).derivative, [](Long x) { return cutoff_function(x, 2.0L, 4.0L).value; }, r, 0.04,
        1.0);
}

TEST(CutoffFunction, IsTwiceContinuouslyDifferentiableAtBothEnds)
{
  const double start = 3.0, cut = 4.5, width = cut - start;
  EXPECT_EQ(cutoff_function(start, start, cut).value, 1.0);
  EXPECT_EQ(cutoff_function(start, start, cut).derivative, 0.0);
  EXPECT_EQ(cutoff_function(cut, start, cut).value, 0.0);
  EXPECT_EQ(cutoff_function(cut, start, cut).derivative, 0.0);
  // f' = -30 z^2 (1-z)^2/w and f'' = -60 z (1-z) (1-2z)/w^2: at a distance d from an end f' ~ d^2, f'' ~ d
  for (double d : {1e-1, 1e-2, 1e-3, 1e-4}) {
    const double z = d / width;
    for (double r : {start + d, cut - d}) {
      const auto f = cutoff_function(r, start, cut);
      EXPECT_NEAR(f.derivative, -30.0 * z * z * (1 - z) * (1 - z) / width, 1e-12 * z) << r;
      const double second =
          derivative<double>([&](double x) { return cutoff_function(x, start, cut).derivative; }, r, 0.5 * d).value;
      EXPECT_NEAR(std::abs(second), 60.0 * z * (1 - z) * (1 - 2 * z) / (width * width), 1e-8 * z) << r;
    }
  }
}

// ---- pair potential

TEST(PairPotential, HasTheFormulas)
{
  Random random(11);
  for (int set = 0; set < 40; set++)
    for (PairForm form : pair_forms) {
      const auto p = random_pair(random, form);
      for (double r = 0.8; r < 4.5; r += 0.0917) {
        const double expected = double(direct::pair(p, r));
        EXPECT_NEAR(pair_potential(p, r).value, expected, 3e-14 * std::max(1.0, std::abs(expected))) << r;
      }
    }
}

TEST(PairPotential, SlopesAreTheDerivatives)
{
  Random random(12);
  for (int set = 0; set < 40; set++)
    for (PairForm form : pair_forms) {
      const auto p = random_pair(random, form);
      const auto precise = convert<Long>(p);
      for (int point = 0; point < 20; point++) {
        const double r = random(1.0, 4.4);
        bool near_joint = std::abs(r - p.r_start) < 0.01 || std::abs(r - p.r_cut) < 0.01;
        for (double knot : p.knot) near_joint |= std::abs(r - knot) < 0.01;
        if (near_joint) continue;
        const auto phi = pair_potential(p, r);
        expect_slope(
            phi.derivative, [&](Long x) { return pair_potential(precise, x).value; }, r, 0.009,
            10.0 * std::max(1.0, std::abs(phi.value) + std::abs(phi.derivative)));
      }
    }
}

TEST(PairPotential, TimonovaThijsseHasItsMinimumAtRp)
{
  Random random(13);
  auto p = random_pair(random, PairForm::timonova_thijsse);
  p.r_scale = p.r_start - 0.2;
  EXPECT_DOUBLE_EQ(pair_potential(p, p.r_scale).value, -p.epsilon);
  EXPECT_NEAR(pair_potential(p, p.r_scale).derivative, 0.0, 1e-14);
  EXPECT_EQ(pair_potential(p, p.r_cut).value, 0.0);
  EXPECT_EQ(pair_potential(p, p.r_cut).derivative, 0.0);
}

TEST(PairPotential, SrinivasanDuffByHand)
{
  PairParameters<double> p = {};
  p.form = PairForm::srinivasan_duff;
  p.knot[0] = 3.0, p.knot[1] = 4.0, p.knot[2] = 5.0;
  p.coefficient[0] = 2.0, p.coefficient[1] = -1.0, p.coefficient[2] = 0.5;
  EXPECT_DOUBLE_EQ(pair_potential(p, 2.0).value, 2.0 * 1 - 1.0 * 8 + 0.5 * 27);
  EXPECT_DOUBLE_EQ(pair_potential(p, 2.0).derivative, -3.0 * (2.0 * 1 - 1.0 * 4 + 0.5 * 9));
  EXPECT_DOUBLE_EQ(pair_potential(p, 3.5).value, -0.125 + 0.5 * 3.375);
  EXPECT_DOUBLE_EQ(pair_potential(p, 4.5).value, 0.0625);
  EXPECT_EQ(pair_potential(p, 5.0).value, 0.0);
  EXPECT_EQ(pair_potential(p, 6.0).value, 0.0);
  EXPECT_EQ(pair_potential(p, 6.0).derivative, 0.0);
}

TEST(PairPotential, DoubleExponentialByHand)
{
  PairParameters<double> p = {};
  p.form = PairForm::double_exponential;
  p.r_start = 4.0, p.r_cut = 5.0, p.r_origin = 2.0;
  p.amplitude[0] = 3.0, p.decay[0] = 4.0, p.amplitude[1] = -2.0, p.decay[1] = 1.5;
  EXPECT_DOUBLE_EQ(pair_potential(p, 2.0).value, 3.0 - 2.0);
  EXPECT_DOUBLE_EQ(pair_potential(p, 2.0).derivative, -3.0 * 4.0 + 2.0 * 1.5);
  EXPECT_DOUBLE_EQ(pair_potential(p, 3.0).value, 3.0 * std::exp(-4.0) - 2.0 * std::exp(-1.5));
  EXPECT_DOUBLE_EQ(pair_potential(p, 4.5).value, 0.5 * (3.0 * std::exp(-10.0) - 2.0 * std::exp(-3.75)));
  EXPECT_EQ(pair_potential(p, 5.0).value, 0.0);
  EXPECT_EQ(pair_potential(p, 5.0).derivative, 0.0);
}

// ---- amplitudes of the partial densities

TEST(DensityAmplitudes, HaveTheFormulaAndItsDerivative)
{
  Random random(14);
  for (int set = 0; set < 40; set++) {
    const auto e = random_element(random);
    const auto p = random_pair(random, PairForm::timonova_thijsse);
    const auto precise_e = convert<Long>(e);
    const auto precise_p = convert<Long>(p);
    for (int point = 0; point < 20; point++) {
      const double r = random(1.0, p.r_cut + 0.1);
      const DensityAmplitudes<double> a(e, p, r);
      for (int l = 0; l < num_partial_densities; l++)
        EXPECT_NEAR(a.value[l], double(direct::amplitude(e, p, l, r)), 1e-14) << l;
      if (std::abs(r - p.r_start) < 0.01 || std::abs(r - p.r_cut) < 0.01) continue;
      for (int l = 0; l < num_partial_densities; l++)
        expect_slope(
            a.derivative[l], [&](Long x) { return DensityAmplitudes<Long>(precise_e, precise_p, x).value[l]; }, r,
            0.009, 10.0);
    }
  }
}

TEST(DensityAmplitudes, VanishAtTheCutoffEvenWhereTheSumOfKnotsDoesNot)
{
  Random random(15);
  const auto e = random_element(random);
  auto p = random_pair(random, PairForm::srinivasan_duff);
  p.knot[0] = p.range = 4.5, p.knot[2] = p.r_cut = 3.5, p.r_start = 3.0;
  const DensityAmplitudes<double> a(e, p, 3.5);
  for (int l = 0; l < num_partial_densities; l++) {
    EXPECT_EQ(a.value[l], 0.0);
    EXPECT_EQ(a.derivative[l], 0.0);
  }
  EXPECT_NE(pair_potential(p, 3.9).value, 0.0);
}

// ---- environment

TEST(Environment, AmplitudeHasTheFormulaAndItsDerivative)
{
  Random random(24);
  for (int set = 0; set < 40; set++) {
    auto e = random_element(random);
    auto p = random_pair(random, pair_forms[set % 3]);
    e.environment_decay = random(0.3, 2.0), p.environment_weight = random(0.1, 2.0);
    const auto precise_e = convert<Long>(e);
    const auto precise_p = convert<Long>(p);
    for (int point = 0; point < 20; point++) {
      const double r = random(1.0, p.r_cut + 0.1);
      const auto a = environment_amplitude(e, p, r);
      EXPECT_NEAR(a.value,
                  p.environment_weight * double(direct::cutoff(r, p.r_start, p.r_cut)) *
                      std::exp(-e.environment_decay * (r - 3.0)),
                  1e-13);
      if (std::abs(r - p.r_start) < 0.01 || std::abs(r - p.r_cut) < 0.01) continue;
      expect_slope(
          a.derivative, [&](Long x) { return environment_amplitude(precise_e, precise_p, x).value; }, r, 0.009, 100.0);
    }
  }
}

TEST(Environment, OfANeighbourAtThreeAngstromIsItsWeight)
{
  Random random(25);
  auto e = random_element(random);
  auto p = random_pair(random, PairForm::timonova_thijsse);
  p.r_start = 3.5, p.r_cut = 4.0, p.environment_weight = 0.7, e.environment_decay = 1.3;
  EXPECT_DOUBLE_EQ(environment_amplitude(e, p, 3.0).value, 0.7);
  EXPECT_DOUBLE_EQ(environment_amplitude(e, p, 2.0).value, 0.7 * std::exp(1.3));
  EXPECT_EQ(environment_amplitude(e, p, 4.0).value, 0.0);
}

TEST(Environment, Saturates)
{
  EXPECT_EQ(saturated_environment(0.0).value, 0.0);
  EXPECT_EQ(saturated_environment(0.0).derivative, 1.0);
  EXPECT_DOUBLE_EQ(saturated_environment(3.0).value, 0.75);
  EXPECT_DOUBLE_EQ(saturated_environment(3.0).derivative, 1.0 / 16.0);
  EXPECT_DOUBLE_EQ(saturated_environment(1e300).value, 1.0);
}

// ---- background density

PartialDensities<Long> partial_densities(Long rho0, Long rho1_sq, Long rho2_sq, Long rho3_sq)
{
  PartialDensities<Long> d{DensityMoments<Long>()};
  d.rho0 = rho0;
  d.rho_sq[0] = rho0 * rho0, d.rho_sq[1] = rho1_sq, d.rho_sq[2] = rho2_sq, d.rho_sq[3] = rho3_sq;
  return d;
}

PartialDensities<double> partial_densities(double rho0, double rho1_sq, double rho2_sq, double rho3_sq)
{
  PartialDensities<double> d{DensityMoments<double>()};
  d.rho0 = rho0;
  d.rho_sq[0] = rho0 * rho0, d.rho_sq[1] = rho1_sq, d.rho_sq[2] = rho2_sq, d.rho_sq[3] = rho3_sq;
  return d;
}

TEST(BackgroundDensity, HasTheFormulaAndItsDerivatives)
{
  Random random(16);
  for (int set = 0; set < 200; set++) {
    const auto e = random_element(random);
    const auto precise = convert<Long>(e);
    const double rho0 = random(0.5, 4.0);
    double x[4] = {rho0, random(0.0, 2.0), random(0.0, 2.0), random(0.0, 2.0)};
    const BackgroundDensity<double> rho(e, partial_densities(x[0], x[1], x[2], x[3]));
    double gamma = 0.0;
    for (int l = 1; l < 4; l++) gamma += e.density_weight[l] * x[l] / (rho0 * rho0);
    EXPECT_NEAR(rho.value, rho0 * 2.0 / (1.0 + std::exp(-gamma)), 1e-14 * rho0);
    for (int l = 0; l < 4; l++)
      expect_slope(
          l == 0 ? rho.by_rho0 : rho.by_rho_sq[l],
          [&](Long varied) {
            Long y[4] = {x[0], x[1], x[2], x[3]};
            y[l] = varied;
            return BackgroundDensity<Long>(precise, partial_densities(y[0], y[1], y[2], y[3])).value;
          },
          x[l], 0.02, 10.0);
  }
}

TEST(BackgroundDensity, IsRho0WithoutAngularDensities)
{
  Random random(17);
  const BackgroundDensity<double> rho(random_element(random), partial_densities(1.75, 0.0, 0.0, 0.0));
  EXPECT_DOUBLE_EQ(rho.value, 1.75);
  EXPECT_DOUBLE_EQ(rho.by_rho0, 1.0);
}

TEST(BackgroundDensity, HugeGammaSaturatesWithoutOverflow)
{
  Random random(18);
  auto e = random_element(random);
  for (double t : {1e3, 1e6, 1e30, 1e200})
    for (int l = 1; l < 4; l++) {
      e.density_weight[1] = e.density_weight[2] = e.density_weight[3] = 0.0;
      e.density_weight[l] = t;
      const BackgroundDensity<double> twice(e, partial_densities(0.5, 1.0, 1.0, 1.0));
      EXPECT_DOUBLE_EQ(twice.value, 1.0) << t;
      EXPECT_DOUBLE_EQ(twice.by_rho0, 2.0) << t;
      EXPECT_EQ(twice.by_rho_sq[l], 0.0) << t;
      e.density_weight[l] = -t;
      const BackgroundDensity<double> none(e, partial_densities(0.5, 1.0, 1.0, 1.0));
      EXPECT_NEAR(none.value, 0.0, 1e-300) << t;
      EXPECT_NEAR(none.by_rho0, 0.0, 1e-300) << t;
      EXPECT_NEAR(none.by_rho_sq[l], 0.0, 1e-300) << t;
    }
}

TEST(BackgroundDensity, OfAnIsolatedAtomIsZero)
{
  Random random(19);
  const auto e = random_element(random);
  for (double rho0 : {0.0, 1e-300, 1e-11}) {
    const BackgroundDensity<double> rho(e, partial_densities(rho0, 1e-3, 1e-3, 1e-3));
    EXPECT_EQ(rho.value, 0.0);
    EXPECT_EQ(rho.by_rho0, 0.0);
    for (int l = 1; l < 4; l++) EXPECT_EQ(rho.by_rho_sq[l], 0.0);
  }
}

// ---- embedding energy

TEST(EmbeddingEnergy, HasTheFormulaAndItsDerivativeOverManyDecades)
{
  Random random(20);
  for (int set = 0; set < 40; set++) {
    const auto e = random_element(random);
    const auto precise = convert<Long>(e);
    for (double rho = 1e-9; rho < 1e3; rho *= 2.7) {
      const auto f = embedding_energy(e, rho);
      const double expected = double(direct::embedding(e, rho));
      const double y = rho / e.density_scale;
      const double parts = y * (std::abs(e.e0 * std::log(y)) + std::abs(e.e1) + std::abs(e.e2) * y);
      const double onset = std::min(1.0, 0.5 * y * y / (e.sigma * e.sigma));
      EXPECT_NEAR(f.value, expected, 4e-15 * parts * onset) << rho;
      expect_slope(
          f.derivative, [&](Long x) { return embedding_energy(precise, x).value; }, rho, 0.2 * rho,
          10.0 * (parts + y) * onset / rho);
    }
  }
}

TEST(EmbeddingEnergy, AndItsSlopeVanishForZeroDensity)
{
  Random random(21);
  for (int set = 0; set < 20; set++) {
    const auto e = random_element(random);
    for (double rho : {0.0, -0.0, -1.0, 5e-324, 1e-308, 1e-200, 1e-100, 1e-30, 1e-12}) {
      const auto f = embedding_energy(e, rho);
      // |F| < rho^2.9 with these parameters
      EXPECT_LE(std::abs(f.value), 1e6 * rho * rho) << rho;
      EXPECT_LE(std::abs(f.derivative), 1e6 * std::abs(rho)) << rho;
      EXPECT_FALSE(std::isnan(f.value) || std::isnan(f.derivative)) << rho;
    }
    // the leading term e0 y ln(y) y^2/(2 sigma^2)
    const double y = 1e-60, f = embedding_energy(e, y * e.density_scale).value;
    EXPECT_NEAR(f / (y * y * y), 0.5 * (e.e0 * std::log(y) + e.e1) / (e.sigma * e.sigma),
                1e-11 * std::abs(f / (y * y * y)));
  }
}

TEST(EmbeddingEnergy, IsThePolynomialWhereTheOnsetIsOver)
{
  Random random(22);
  auto e = random_element(random);
  e.sigma = 0.05;
  const double y = 1.0;
  EXPECT_DOUBLE_EQ(embedding_energy(e, y * e.density_scale).value, e.e1 + e.e2);
  EXPECT_NEAR(embedding_energy(e, y * e.density_scale).derivative, (e.e0 + e.e1 + 2.0 * e.e2) / e.density_scale, 1e-14);
}

TEST(EmbeddingEnergy, StaysFiniteForExtremeWidths)
{
  Random random(23);
  auto e = random_element(random);
  for (double sigma : {1e-150, 1e-20, 1e20, 1e150})
    for (double rho : {1e-12, 1.0, 1e6}) {
      e.sigma = sigma;
      const auto f = embedding_energy(e, rho);
      EXPECT_TRUE(std::isfinite(f.value) && std::isfinite(f.derivative)) << sigma << " " << rho;
    }
}

}    // namespace
