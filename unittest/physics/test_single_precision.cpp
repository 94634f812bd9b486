// The same kernels in float, as LAMMPS' mixed and single precision builds use them. SPDX-License-Identifier:
// GPL-2.0-only

#include "random_systems.h"
#include "rfmeam/atom_energy.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

using namespace rfmeam;
using namespace rfmeam::test;

namespace {

/// Relative to the largest gradient of the atom; a float has 24 bits, 6e-8.
constexpr double tolerance = 2e-5;

TEST(SinglePrecision, AtomEnergyAndGradient)
{
  Random random(141);
  for (int set = 0; set < 40; set++) {
    const int n = 1 + set % 4;
    const Potential potential = random_potential(random, n, CoulombForm::none);
    const auto model = convert<float>(potential);
    const auto system = random_system(random, {10}, n);
    auto nb = neighbours_of<double>(potential, system, 0);
    Neighbours<float> single;
    single.center_element = nb.center_element;
    for (std::size_t m = 0; m < nb.size(); m++) {
      single.add(nb.element[m], float(nb.x[m]), float(nb.y[m]), float(nb.z[m]));
      nb.x[m] = single.x[m], nb.y[m] = single.y[m], nb.z[m] = single.z[m];
    }
    const auto e = nb.evaluate(potential.model_view());
    const auto f = single.evaluate(model.model_view());
    double largest = 1.0;
    for (const auto *g : {&nb.gx, &nb.gy, &nb.gz})
      for (double x : *g) largest = std::max(largest, std::abs(x));
    EXPECT_NEAR(f.pair, e.pair, tolerance * largest);
    EXPECT_NEAR(f.embedding, e.embedding, tolerance * largest);
    EXPECT_NEAR(f.density, e.density, tolerance * largest);
    for (std::size_t m = 0; m < nb.size(); m++) {
      EXPECT_NEAR(single.screening[m], nb.screening[m], tolerance);
      EXPECT_NEAR(single.gx[m], nb.gx[m], tolerance * largest);
      EXPECT_NEAR(single.gy[m], nb.gy[m], tolerance * largest);
      EXPECT_NEAR(single.gz[m], nb.gz[m], tolerance * largest);
    }
  }
}

TEST(SinglePrecision, CoulombKernels)
{
  for (CoulombForm form : coulomb_forms)
    for (double r = 0.5; r < 8.0; r += 0.31) {
      if (form == CoulombForm::shielded && r > 1.0 / 0.4) continue;    // beyond its end
      const auto v = bare_coulomb<double>(form, {0.7, 0.4, 0, 0}, k_e, double(float(r)));
      const auto f = bare_coulomb<float>(form, {0.7f, 0.4f, 0, 0}, float(k_e), float(r));
      EXPECT_NEAR(f.value, v.value, 1e-5 * k_e / r);
      EXPECT_NEAR(f.derivative, v.derivative, 1e-5 * k_e / (r * r));
    }
}

TEST(SinglePrecision, CoulombTables)
{
  Random random(143);
  for (CoulombForm form : coulomb_forms) {
    Potential potential = random_potential(random, 3, form);
    add_walls(random, potential);
    const CoulombTable table(potential, k_e);
    std::vector<CoulombPairParameters<float>> pair;
    std::vector<ChargeParameters<float>> charge;
    for (const auto &p : table.pair) pair.push_back(convert<float>(p));
    for (const auto &c : table.charge) charge.push_back(convert<float>(c));
    std::vector<SlaterPair<float>> slater;
    for (const auto &s : table.slater) slater.push_back(convert<float>(s));
    const CoulombView<float> single = {form,         3, float(k_e), float(table.cutoff), pair.data(), charge.data(),
                                       slater.data()};
    for (int i = 0; i < 3; i++) {
      const auto self = table.view().self_energy(i, 0.7);
      EXPECT_NEAR(single.self_energy(i, 0.7f).value, self.value, 1e-6 * table.charge[i].hardness);
      EXPECT_NEAR(single.self_energy(i, 0.7f).derivative, self.derivative, 1e-6 * table.charge[i].hardness);
      for (int j = 0; j < 3; j++)
        for (double r = 0.5; r < table.cutoff; r += 0.31) {
          const auto gamma = table.view().gamma(i, j, r);
          EXPECT_NEAR(single.gamma(i, j, float(r)).value, gamma.value, 1e-5 * k_e / r);
          EXPECT_NEAR(single.gamma(i, j, float(r)).derivative, gamma.derivative, 1e-5 * k_e / (r * r));
          EXPECT_EQ(single.gamma(i, j, float(r)).value, single.gamma_value(i, j, float(r)));
        }
    }
  }
}

TEST(SinglePrecision, StaysFiniteInTheCorners)
{
  Random random(142);
  for (double t : {1e2, 1e4, 1e10, -1e2, -1e4, -1e10})
    for (double p0 : {1.0, 1e-4, 1e-9, 1e-30, 0.0})
      for (double distance : {1.0, 2.5, 4.1999}) {
        Potential potential = random_potential(random, 1, CoulombForm::none);
        auto &e = potential.element[0];
        e.density_amplitude[0] = p0;
        for (int l = 1; l < num_partial_densities; l++) e.density_weight[l] = t;
        Neighbours<float> nb;
        nb.center_element = 0;
        nb.add(0, float(distance), 0.0f, 0.0f);
        nb.add(0, 0.0f, float(distance), 0.1f);
        const auto model = convert<float>(potential);
        const auto energy = nb.evaluate(model.model_view());
        EXPECT_TRUE(std::isfinite(energy.pair) && std::isfinite(energy.embedding)) << t << " " << p0;
        for (int m = 0; m < 2; m++)
          EXPECT_TRUE(std::isfinite(nb.gx[m]) && std::isfinite(nb.gy[m]) && std::isfinite(nb.gz[m]))
              << t << " " << p0 << " " << distance;
      }
}

}    // namespace
