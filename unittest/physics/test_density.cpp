// Partial densities: moments against the double Legendre sum, and the gradient of the energy through them.
// SPDX-License-Identifier: GPL-2.0-only

#include "direct_formulas.h"
#include "random_systems.h"
#include "rfmeam/density.h"
#include "rfmeam/embedding.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <vector>

using namespace rfmeam;
using namespace rfmeam::test;

namespace {

/// A neighbour as the moments see it: screened amplitudes and a direction.
struct Neighbour {
  std::array<Long, num_partial_densities> amplitude;
  Long screening;
  std::array<Long, 3> u;
};

std::vector<Neighbour> random_neighbours(Random &random, int count)
{
  std::vector<Neighbour> result;
  for (int n = 0; n < count; n++) {
    Neighbour b;
    for (int l = 0; l < num_partial_densities; l++) b.amplitude[l] = l == 0 ? random(0.1, 1.0) : random(-1.0, 1.0);
    b.screening = random(0.1, 1.0);
    const auto rotation = random_rotation(random);
    for (int c = 0; c < 3; c++) b.u[c] = rotation[0][c];
    result.push_back(b);
  }
  return result;
}

template <class Real> DensityAmplitudes<Real> amplitudes(const Neighbour &b)
{
  DensityAmplitudes<Real> a(ElementParameters<Real>{}, PairParameters<Real>{}, Real(0));
  for (int l = 0; l < num_partial_densities; l++) a.value[l] = Real(b.amplitude[l]);
  return a;
}

template <class Real> DensityMoments<Real> moments(const std::vector<Neighbour> &neighbours)
{
  DensityMoments<Real> m;
  for (const auto &b : neighbours)
    m.add(amplitudes<Real>(b), Real(b.screening), Real(b.u[0]), Real(b.u[1]), Real(b.u[2]));
  return m;
}

TEST(DensityAmplitudes, OfOneDecayAreThoseOfEach)
{
  ElementParameters<double> e = {};
  PairParameters<double> pair = {};
  pair.r_start = 3.0, pair.r_cut = 4.0;
  const double decay[] = {1.1, 1.1, 0.4, 1.1};
  for (int l = 0; l < num_partial_densities; l++)
    e.density_amplitude[l] = 2.0 + l, e.density_decay[l] = decay[l], pair.weight[l] = 1.0 - 0.1 * l;
  for (const double r : {2.5, 3.6}) {
    const DensityAmplitudes<double> a(e, pair, r);
    const auto fc = cutoff_function(r, pair.r_start, pair.r_cut);
    for (int l = 0; l < num_partial_densities; l++) {
      const double bare = e.density_amplitude[l] * pair.weight[l] * std::exp(-decay[l] * r);
      EXPECT_DOUBLE_EQ(a.value[l], fc.value * bare);
      EXPECT_NEAR(a.derivative[l], fc.derivative * bare - decay[l] * fc.value * bare, 1e-15);
    }
  }
}

TEST(PartialDensities, AreTheDoubleLegendreSums)
{
  Random random(51);
  for (int set = 0; set < 200; set++) {
    const auto neighbours = random_neighbours(random, 1 + set % 30);
    const PartialDensities<double> d(moments<double>(neighbours));
    Long rho0 = 0;
    for (const auto &b : neighbours) rho0 += b.screening * b.amplitude[0];
    EXPECT_NEAR(d.rho0, double(rho0), 1e-14 * double(rho0));
    for (int l = 0; l < num_partial_densities; l++) {
      Long sum = 0, scale = 0;
      for (const auto &b : neighbours)
        for (const auto &c : neighbours) {
          const Long cosine = b.u[0] * c.u[0] + b.u[1] * c.u[1] + b.u[2] * c.u[2];
          const Long weight = b.screening * b.amplitude[l] * c.screening * c.amplitude[l];
          sum += weight * direct::legendre(l, cosine);
          scale += std::abs(weight);
        }
      EXPECT_NEAR(d.rho_sq[l], double(sum), 4e-15 * double(scale)) << l;
    }
  }
}

TEST(PartialDensities, OfOneNeighbourAreItsSquaredAmplitudes)
{
  Random random(52);
  const auto one = random_neighbours(random, 1);
  const PartialDensities<double> d(moments<double>(one));
  for (int l = 0; l < num_partial_densities; l++) {
    const double a = double(one[0].screening * one[0].amplitude[l]);
    EXPECT_NEAR(d.rho_sq[l], a * a, 1e-15) << l;
  }
}

TEST(PartialDensities, AngularOnesVanishInACubicSurrounding)
{
  // simple cubic: rho_1 = rho_2 = rho_3 = 0; a tetrahedron has rho_3
  const auto shell = [](const std::vector<std::array<Long, 3>> &directions) {
    std::vector<Neighbour> result;
    for (const auto &u : directions) result.push_back({{1, 1, 1, 1}, 1, u});
    return PartialDensities<double>(moments<double>(result));
  };
  const auto cube = shell({{1, 0, 0}, {-1, 0, 0}, {0, 1, 0}, {0, -1, 0}, {0, 0, 1}, {0, 0, -1}});
  EXPECT_DOUBLE_EQ(cube.rho0, 6.0);
  for (int l = 1; l < num_partial_densities; l++) EXPECT_NEAR(cube.rho_sq[l], 0.0, 1e-14);
  const Long s = 1 / std::sqrt(3.0L);
  const auto tetrahedron = shell({{s, s, s}, {s, -s, -s}, {-s, s, -s}, {-s, -s, s}});
  EXPECT_NEAR(tetrahedron.rho_sq[1], 0.0, 1e-14);
  EXPECT_NEAR(tetrahedron.rho_sq[2], 0.0, 1e-14);
  EXPECT_NEAR(tetrahedron.rho_sq[3], 80.0 / 9.0, 1e-14);    // 4 + 12 P_3(-1/3) = 4 + 12 * 11/27
}

TEST(PartialDensities, AreInvariantUnderRotation)
{
  Random random(53);
  for (int set = 0; set < 50; set++) {
    auto neighbours = random_neighbours(random, 12);
    const PartialDensities<double> before(moments<double>(neighbours));
    const auto rotation = random_rotation(random);
    for (auto &b : neighbours) {
      const auto v = rotated(rotation, {double(b.u[0]), double(b.u[1]), double(b.u[2])});
      for (int c = 0; c < 3; c++) b.u[c] = v[c];
    }
    const PartialDensities<double> after(moments<double>(neighbours));
    for (int l = 0; l < num_partial_densities; l++) EXPECT_NEAR(before.rho_sq[l], after.rho_sq[l], 1e-12) << l;
  }
}

TEST(DensityMoments, OfPartsAddUp)
{
  Random random(54);
  const auto all = random_neighbours(random, 17);
  const std::vector<Neighbour> first(all.begin(), all.begin() + 5), second(all.begin() + 5, all.end());
  auto sum = moments<Long>(first);
  sum += moments<Long>(second);
  const auto whole = moments<Long>(all);
  EXPECT_NEAR(double(sum.s0 - whole.s0), 0.0, 1e-17);
  EXPECT_NEAR(double(sum.s2 - whole.s2), 0.0, 1e-17);
  for (int a = 0; a < 3; a++) {
    EXPECT_NEAR(double(sum.v1[a] - whole.v1[a]), 0.0, 1e-17);
    EXPECT_NEAR(double(sum.v3[a] - whole.v3[a]), 0.0, 1e-17);
  }
  for (int a = 0; a < 6; a++) EXPECT_NEAR(double(sum.t2[a] - whole.t2[a]), 0.0, 1e-17);
  for (int a = 0; a < 10; a++) EXPECT_NEAR(double(sum.t3[a] - whole.t3[a]), 0.0, 1e-17);
}

TEST(MomentGradient, AgainstFiniteDifferencesOfTheEmbeddingEnergy)
{
  Random random(55);
  for (int set = 0; set < 60; set++) {
    const auto element = random_element(random);
    const auto precise = convert<Long>(element);
    const auto neighbours = random_neighbours(random, 1 + set % 12);
    const auto energy = [&](const std::vector<Neighbour> &list) {
      return embedding_energy(precise,
                              BackgroundDensity<Long>(precise, PartialDensities<Long>(moments<Long>(list))).value)
          .value;
    };

    const auto m = moments<double>(neighbours);
    const BackgroundDensity<double> rho(element, PartialDensities<double>(m));
    const double slope = embedding_energy(element, rho.value).derivative;
    const std::size_t which = random.integer(static_cast<int>(neighbours.size()));
    const Neighbour &b = neighbours[which];
    const MomentGradient<double> g(m, rho, slope, amplitudes<double>(b), double(b.screening), double(b.u[0]),
                                   double(b.u[1]), double(b.u[2]));

    for (int l = 0; l < num_partial_densities; l++) {
      const auto by_amplitude = derivative<Long>(
          [&](Long x) {    // x is A_l = S a_l
            auto varied = neighbours;
            varied[which].amplitude[l] = x / b.screening;
            return energy(varied);
          },
          b.amplitude[l] * b.screening, 0.01L);
      EXPECT_NEAR(g.by_amplitude[l], double(by_amplitude.value), 3e-12) << l;
    }
    for (int c = 0; c < 3; c++) {
      const auto by_direction = derivative<Long>(
          [&](Long x) {
            auto varied = neighbours;
            varied[which].u[c] = x;
            return energy(varied);
          },
          b.u[c], 0.01L);
      EXPECT_NEAR(g.by_direction[c], double(by_direction.value), 3e-12) << c;
    }
  }
}

}    // namespace
