// Whole systems: random disordered, triclinic, partly periodic and tiny ones against the direct formulas; forces,
// virial and dE/dq against finite differences; symmetries. SPDX-License-Identifier: GPL-2.0-only

#include "direct_formulas.h"
#include "random_systems.h"
#include "rfmeam/system_energy.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <ostream>
#include <stdexcept>
#include <string>
#include <vector>

using namespace rfmeam;
using namespace rfmeam::test;

namespace {

struct Case {
  const char *name;
  std::uint64_t seed;
  int num_elements;
  CoulombForm form;
  SystemShape shape;
  bool walls = false, environment = false, fade = false, environment_charges = false;
};

std::ostream &operator<<(std::ostream &out, const Case &c) { return out << c.name; }

const std::array<bool, 3> bulk = {true, true, true}, slab = {true, true, false}, wire = {false, true, false},
                          cluster = {false, false, false};

const Case cases[] = {
    {"one_element", 101, 1, CoulombForm::none, {12}},
    {"two_elements_screened", 102, 2, CoulombForm::screened_cut, {14}},
    {"three_elements_gaussian", 103, 3, CoulombForm::gaussian, {15}},
    {"four_elements_direct", 104, 4, CoulombForm::direct_cut, {16}},
    {"dense", 105, 3, CoulombForm::screened_cut, {14, bulk, true, 9.0}},
    {"dilute", 106, 3, CoulombForm::gaussian, {14, bulk, true, 40.0}},
    {"cubic", 107, 2, CoulombForm::screened_cut, {12, bulk, false}},
    {"slab", 108, 3, CoulombForm::screened_cut, {12, slab}},
    {"wire", 109, 3, CoulombForm::gaussian, {12, wire}},
    {"cluster", 110, 4, CoulombForm::direct_cut, {14, cluster}},
    {"one_atom_cell", 111, 1, CoulombForm::gaussian, {1}},
    {"two_atom_cell", 112, 2, CoulombForm::screened_cut, {2}},
    {"three_atom_cell", 113, 3, CoulombForm::direct_cut, {3}},
    {"dimer", 114, 2, CoulombForm::screened_cut, {2, cluster, true, 5.0}},
    {"screened_gaussian", 115, 3, CoulombForm::screened_gaussian, {14}},
    {"walls", 116, 4, CoulombForm::gaussian, {14}, true},
    {"walls_screened_gaussian", 117, 3, CoulombForm::screened_gaussian, {12, slab}, true},
    {"environment", 118, 3, CoulombForm::screened_cut, {12}, false, true},
    {"environment_and_walls", 119, 3, CoulombForm::screened_gaussian, {12, wire}, true, true},
    {"environment_one_atom_cell", 120, 1, CoulombForm::gaussian, {1}, false, true},
    {"environment_two_atom_cell", 121, 2, CoulombForm::gaussian, {2}, false, true},
    {"environment_cluster", 122, 2, CoulombForm::direct_cut, {9, cluster}, false, true},
    {"environment_charges", 130, 3, CoulombForm::screened_cut, {12}, false, true, false, true},
    {"fade", 127, 3, CoulombForm::screened_cut, {12}, false, false, true},
    {"fade_environment_and_walls", 128, 3, CoulombForm::screened_gaussian, {12, slab}, true, true, true},
    {"all_terms", 131, 3, CoulombForm::screened_gaussian, {12, slab}, true, true, true, true},
    {"fade_one_atom_cell", 129, 1, CoulombForm::gaussian, {1}, false, false, true},
    {"slater", 127, 3, CoulombForm::slater, {12}},
    {"slater_one_atom_cell", 124, 1, CoulombForm::slater, {1}},
    {"slater_walls_and_environment", 125, 2, CoulombForm::slater, {10, slab}, true, true},
    {"shielded", 126, 3, CoulombForm::shielded, {12}},
};

class WholeSystem : public testing::TestWithParam<Case> {
 protected:
  Random random{GetParam().seed};
  Potential potential = random_potential(random, GetParam().num_elements, GetParam().form);
  PeriodicSystem system = random_system(random, GetParam().shape, GetParam().num_elements);

  void SetUp() override
  {
    if (GetParam().walls) add_walls(random, potential);
    if (GetParam().environment) add_environment(random, potential);
    if (GetParam().fade) add_fade(random, potential);
    if (GetParam().environment_charges) add_environment_charges(random, potential);
  }
  SystemEnergy evaluate(const PeriodicSystem &s) const { return rfmeam::evaluate(potential, s, k_e); }

  void expect_same_energy(const SystemEnergy &a, const SystemEnergy &b, double factor = 1.0) const
  {
    const double scale = 1e-12 * system.num_atoms() * factor;
    EXPECT_NEAR(a.pair, factor * b.pair, 10 * scale);
    EXPECT_NEAR(a.embedding, factor * b.embedding, 10 * scale);
    EXPECT_NEAR(a.coulomb, factor * b.coulomb, 100 * scale);
    EXPECT_NEAR(a.self, factor * b.self, 10 * scale);
  }
};

INSTANTIATE_TEST_SUITE_P(Random, WholeSystem, testing::ValuesIn(cases),
                         [](const auto &info) { return std::string(info.param.name); });

// ---- against the direct formulas

TEST_P(WholeSystem, EnergyIsThatOfTheDirectFormulas)
{
  const auto e = evaluate(system);
  const auto expected = direct_energy(potential, system, k_e);
  const double n = system.num_atoms();
  EXPECT_NEAR(e.pair, double(expected.pair), 1e-12 * n);
  EXPECT_NEAR(e.embedding, double(expected.embedding), 1e-11 * n);
  EXPECT_NEAR(e.coulomb, double(expected.coulomb), 1e-11 * n);
  EXPECT_NEAR(e.self, double(expected.self), 1e-12 * n);
  for (int i = 0; i < system.num_atoms(); i++) { EXPECT_NEAR(e.density[i], double(expected.density[i]), 1e-11) << i; }
  for (std::size_t i = 0; i < expected.electronegativity.size(); i++)
    EXPECT_NEAR(e.electronegativity[i], double(expected.electronegativity[i]), 1e-10) << i;
  for (std::size_t i = 0; i < expected.environment.size(); i++) {
    EXPECT_NEAR(e.surroundings[i].environment, double(expected.environment[i]), 1e-12) << i;
    EXPECT_NEAR(e.surroundings[i].embedding, double(expected.atom_embedding[i]), 1e-11) << i;
    EXPECT_EQ(e.surroundings[i].environment > 1e-3, GetParam().environment) << i;
  }
}

// ---- derivatives

TEST_P(WholeSystem, ForcesAreMinusTheGradient)
{
  const auto e = evaluate(system);
  PeriodicSystem moved = system;
  for (int i = 0; i < system.num_atoms(); i++)
    for (int c = 0; c < 3; c++) {
      double &x = moved.positions[i][c];
      const auto numeric = derivative<double>(
          [&](double varied) {
            x = varied;
            return evaluate(moved).total();
          },
          x, 4e-3);
      x = system.positions[i][c];
      EXPECT_LT(numeric.error, 1e-8);
      EXPECT_NEAR(e.forces[i][c], -numeric.value, 3e-9) << "atom " << i << " direction " << c;
    }
}

TEST_P(WholeSystem, ForcesAddUpToZeroAndExertNoTorqueOnACluster)
{
  const auto e = evaluate(system);
  for (int c = 0; c < 3; c++) {
    double force = 0.0, torque = 0.0;
    for (int i = 0; i < system.num_atoms(); i++) {
      const auto &x = system.positions[i], &f = e.forces[i];
      force += f[c];
      torque += x[(c + 1) % 3] * f[(c + 2) % 3] - x[(c + 2) % 3] * f[(c + 1) % 3];
    }
    EXPECT_NEAR(force, 0.0, 1e-11);
    if (system.periodic == cluster) { EXPECT_NEAR(torque, 0.0, 1e-11); }
  }
}

TEST_P(WholeSystem, VirialIsMinusTheStrainDerivative)
{
  const auto e = evaluate(system);
  for (int a = 0; a < 3; a++)
    for (int b = 0; b < 3; b++) {
      const auto strained = [&](double strain) {
        PeriodicSystem s = system;
        for (auto &x : s.positions) x[a] += strain * x[b];
        for (auto &h : s.cell) h[a] += strain * h[b];
        return evaluate(s).total();
      };
      const auto numeric = derivative<double>(strained, 0.0, 1e-3);
      EXPECT_LT(numeric.error, 1e-7);
      EXPECT_NEAR(e.virial[a][b], -numeric.value, 4e-8 + numeric.error) << a << b;
      EXPECT_NEAR(e.virial[a][b], e.virial[b][a], 1e-10) << a << b;
    }
}

TEST_P(WholeSystem, ElectronegativityIsTheChargeDerivative)
{
  const auto e = evaluate(system);
  const double step = GetParam().walls ? 0.05 : 0.5, tolerance = GetParam().walls ? 1e-8 : 1e-10;
  PeriodicSystem varied = system;
  for (int i = 0; i < system.num_atoms(); i++) {
    const auto numeric = derivative<double>(
        [&](double q) {
          varied.charges[i] = q;
          return evaluate(varied).total();
        },
        system.charges[i], step);
    varied.charges[i] = system.charges[i];
    EXPECT_NEAR(e.electronegativity[i], numeric.value, tolerance) << i;
  }
}

TEST_P(WholeSystem, ChargeMatrixIsTheSecondDerivative)
{
  if (!potential.has_charges()) return;
  const auto matrix = charge_matrix(potential, system, k_e);
  const auto e = evaluate(system);
  PeriodicSystem neutral = system;
  neutral.charges.assign(system.num_atoms(), 0.0);
  const auto linear = evaluate(neutral);
  const CoulombTable table(potential, k_e);
  const auto electronegativity = electronegativities(potential, system, k_e);
  const int n = system.num_atoms();
  double energy = linear.total();
  for (int i = 0; i < n; i++) {
    const int element = system.elements[i];
    const auto wall_at_zero = table.view().wall(element, 0.0), wall = table.view().wall(element, system.charges[i]);
    double chi = electronegativity[i];
    EXPECT_EQ(chi == potential.charge[element].electronegativity,
              !GetParam().environment && GetParam().form != CoulombForm::slater);
    EXPECT_DOUBLE_EQ(linear.electronegativity[i], chi + wall_at_zero.derivative);
    energy += chi * system.charges[i] + wall.value - wall_at_zero.value;
    for (int j = 0; j < n; j++) {
      EXPECT_NEAR(matrix[i * n + j], matrix[j * n + i], 1e-11);
      chi += matrix[i * n + j] * system.charges[j];
      energy += 0.5 * matrix[i * n + j] * system.charges[i] * system.charges[j];
    }
    EXPECT_NEAR(e.electronegativity[i], chi + wall.derivative, 1e-11);
  }
  EXPECT_NEAR(e.total(), energy, 1e-10);
}

// ---- symmetries

TEST_P(WholeSystem, IsInvariantUnderTranslationAndWrapping)
{
  PeriodicSystem shifted = system;
  for (auto &x : shifted.positions) {
    for (int c = 0; c < 3; c++) x[c] += 3.7 * (c + 1);
    for (int a = 0; a < 3; a++) {
      if (!system.periodic[a]) continue;
      const int cells = random.integer(7) - 3;
      for (int c = 0; c < 3; c++) x[c] += cells * system.cell[a][c];
    }
  }
  const auto e = evaluate(system), moved = evaluate(shifted);
  expect_same_energy(moved, e);
  for (int i = 0; i < system.num_atoms(); i++)
    for (int c = 0; c < 3; c++) EXPECT_NEAR(moved.forces[i][c], e.forces[i][c], 1e-10);
  for (int a = 0; a < 3; a++)
    for (int b = 0; b < 3; b++) EXPECT_NEAR(moved.virial[a][b], e.virial[a][b], 1e-10);
}

TEST_P(WholeSystem, TurnsWithTheSystem)
{
  const auto rotation = random_rotation(random);
  PeriodicSystem turned = system;
  for (auto &x : turned.positions) x = rotated(rotation, x);
  for (auto &h : turned.cell) h = rotated(rotation, h);
  const auto e = evaluate(system), t = evaluate(turned);
  expect_same_energy(t, e);
  for (int i = 0; i < system.num_atoms(); i++) {
    const auto force = rotated(rotation, e.forces[i]);
    for (int c = 0; c < 3; c++) EXPECT_NEAR(t.forces[i][c], force[c], 1e-10);
    EXPECT_NEAR(t.electronegativity[i], e.electronegativity[i], 1e-10);
  }
  for (int a = 0; a < 3; a++)
    for (int b = 0; b < 3; b++) {
      double w = 0.0;
      for (int c = 0; c < 3; c++)
        for (int d = 0; d < 3; d++) w += rotation[a][c] * e.virial[c][d] * rotation[b][d];
      EXPECT_NEAR(t.virial[a][b], w, 1e-10);
    }
}

TEST_P(WholeSystem, MirrorImageHasTheSameEnergy)
{
  PeriodicSystem mirrored = system;
  for (auto &x : mirrored.positions) x[1] = -x[1];
  for (auto &h : mirrored.cell) h[1] = -h[1];
  expect_same_energy(evaluate(mirrored), evaluate(system));
}

TEST_P(WholeSystem, IsInvariantUnderPermutation)
{
  const auto order = random.permutation(system.num_atoms());
  PeriodicSystem shuffled = system;
  for (int i = 0; i < system.num_atoms(); i++) {
    shuffled.positions[i] = system.positions[order[i]];
    shuffled.elements[i] = system.elements[order[i]];
    shuffled.charges[i] = system.charges[order[i]];
  }
  const auto e = evaluate(system), s = evaluate(shuffled);
  expect_same_energy(s, e);
  for (int i = 0; i < system.num_atoms(); i++) {
    for (int c = 0; c < 3; c++) EXPECT_NEAR(s.forces[i][c], e.forces[order[i]][c], 1e-10);
    EXPECT_NEAR(s.density[i], e.density[order[i]], 1e-12);
  }
}

TEST_P(WholeSystem, OtherVectorsOfTheSameLatticeGiveTheSameEnergy)
{
  if (system.periodic != bulk) return;
  PeriodicSystem skewed = system;
  for (int c = 0; c < 3; c++) {
    skewed.cell[1][c] += system.cell[0][c];
    skewed.cell[2][c] -= 2.0 * system.cell[1][c];
  }
  const auto e = evaluate(system), s = evaluate(skewed);
  expect_same_energy(s, e);
  for (int a = 0; a < 3; a++)
    for (int b = 0; b < 3; b++) EXPECT_NEAR(s.virial[a][b], e.virial[a][b], 1e-10);
}

TEST_P(WholeSystem, SupercellHasAsManyTimesTheEnergy)
{
  // the small cells are much smaller than the cutoff, their supercells are not
  const int most = system.num_atoms() <= 3 ? 4 : 2;
  std::array<int, 3> repeat = {1, 1, 1};
  int copies = 1;
  for (int a = 0; a < 3; a++)
    if (system.periodic[a]) copies *= repeat[a] = most - (a == 1 && most > 2 ? 1 : 0);
  const auto e = evaluate(system), s = evaluate(supercell(system, repeat));
  expect_same_energy(s, e, copies);
  for (int i = 0; i < system.num_atoms() * copies; i++)
    for (int c = 0; c < 3; c++) EXPECT_NEAR(s.forces[i][c], e.forces[i % system.num_atoms()][c], 1e-10);
  for (int a = 0; a < 3; a++)
    for (int b = 0; b < 3; b++) EXPECT_NEAR(s.virial[a][b], copies * e.virial[a][b], 1e-10 * copies);
}

TEST_P(WholeSystem, VacuumAroundAClusterMakesItPeriodic)
{
  if (system.periodic != cluster) return;
  PeriodicSystem boxed = system;
  boxed.periodic = bulk;
  for (int a = 0; a < 3; a++)
    for (int c = 0; c < 3; c++) boxed.cell[a][c] = a == c ? 60.0 : 3.0 * a;
  expect_same_energy(evaluate(boxed), evaluate(system));
}

// ---- single cases

TEST(PeriodicSystem, OneIsolatedAtomHasOnlyItsSelfEnergy)
{
  Random random(131);
  for (CoulombForm form : coulomb_forms) {
    const Potential potential = random_potential(random, 2, form);
    PeriodicSystem system = random_system(random, {1, cluster}, 2);
    system.charges = {0.7};
    const auto e = evaluate(potential, system, k_e);
    EXPECT_EQ(e.pair, 0.0);
    EXPECT_EQ(e.embedding, 0.0);
    EXPECT_EQ(e.coulomb, 0.0);
    EXPECT_EQ(e.self, CoulombTable(potential, k_e).view().self_energy(0, 0.7).value);
    EXPECT_EQ(e.density[0], 0.0);
    for (int c = 0; c < 3; c++) EXPECT_EQ(e.forces[0][c], 0.0);
  }
}

TEST(PeriodicSystem, PartsAreIndependent)
{
  Random random(132);
  const Potential both = random_potential(random, 3, CoulombForm::gaussian);
  Potential meam = both, charges = both;
  meam.coulomb_form = CoulombForm::none;
  charges.element.clear(), charges.pair.clear(), charges.screening.clear();
  const auto system = random_system(random, {12}, 3);
  const auto e = evaluate(both, system, k_e), m = evaluate(meam, system, k_e), q = evaluate(charges, system, k_e);
  EXPECT_EQ(m.coulomb + m.self, 0.0);
  EXPECT_EQ(q.pair + q.embedding, 0.0);
  EXPECT_EQ(e.pair, m.pair);
  EXPECT_EQ(e.embedding, m.embedding);
  EXPECT_EQ(e.coulomb, q.coulomb);
  EXPECT_EQ(e.self, q.self);
  for (int i = 0; i < system.num_atoms(); i++)
    for (int c = 0; c < 3; c++) EXPECT_NEAR(e.forces[i][c], m.forces[i][c] + q.forces[i][c], 1e-12);
}

TEST(PeriodicSystem, FlatCellIsRefused)
{
  Random random(133);
  const Potential potential = random_potential(random, 1, CoulombForm::none);
  PeriodicSystem system = random_system(random, {2}, 1);
  system.cell[2] = system.cell[1];
  EXPECT_THROW(evaluate(potential, system, k_e), std::invalid_argument);
  system.cell[2] = {0.0, 0.0, 0.0};
  EXPECT_THROW(evaluate(potential, system, k_e), std::invalid_argument);
}

TEST(PeriodicSystem, PerfectCrystalIsThatOfTheDirectFormulas)
{
  // rocksalt, upright and turned: atoms in line and at right angles wherever one looks; some triples are not listed
  Random random(137);
  for (int set = 0; set < 6; set++) {
    Potential potential = random_potential(random, 2, CoulombForm::none);
    for (int i = 0; i < 2; i++)
      for (int j = 0; j < 2; j++)
        for (int k = 0; k < 2; k++)
          potential.screening[(i * 2 + j) * 2 + k] =
              (i + j + k + set) % 2 ? ScreeningParameters<double>{0.8, 2.7} : ScreeningParameters<double>{};
    potential.set_screening_reach();
    const double a = 4.03;
    PeriodicSystem system;
    system.periodic = bulk;
    system.cell = {{{0.0, a / 2, a / 2}, {a / 2, 0.0, a / 2}, {a / 2, a / 2, 0.0}}};
    system.positions = {{0.0, 0.0, 0.0}, {a / 2, a / 2, a / 2}};
    system.elements = {0, 1};
    if (set % 2) {
      const auto rotation = random_rotation(random);
      for (auto &x : system.positions) x = rotated(rotation, x);
      for (auto &h : system.cell) h = rotated(rotation, h);
    }
    const auto e = evaluate(potential, system, k_e);
    const auto expected = direct_energy(potential, system, k_e);
    EXPECT_NEAR(e.pair, double(expected.pair), 1e-12);
    EXPECT_NEAR(e.embedding, double(expected.embedding), 1e-12);
    for (const auto &force : e.forces)
      for (double f : force) EXPECT_NEAR(f, 0.0, 1e-12);
  }
}

TEST(PeriodicSystem, CutoffBeyondAllReasonIsRefused)
{
  Random random(136);
  const PeriodicSystem system = random_system(random, {2}, 1);
  for (double cutoff : {1e7, 1e12, 1e300, std::nan("")})
    EXPECT_THROW(ImageSearch(system, cutoff), std::invalid_argument) << cutoff;
}

/// Newton's step towards the neutral charges at which dE/dq is the same for all atoms; added to the charges.
void newton_step(const Potential &potential, PeriodicSystem &system)
{
  const std::size_t n = system.positions.size();
  const auto matrix = charge_matrix(potential, system, k_e);
  const auto slope = evaluate(potential, system, k_e).electronegativity;
  const CoulombTable table(potential, k_e);
  std::vector<double> a((n + 1) * (n + 1), 0.0), b(n + 1, 0.0);
  for (std::size_t i = 0; i < n; i++) {
    for (std::size_t j = 0; j < n; j++) a[i * (n + 1) + j] = matrix[i * n + j];
    a[i * (n + 1) + i] += table.view().wall(system.elements[i], system.charges[i]).second_derivative;
    a[i * (n + 1) + n] = a[n * (n + 1) + i] = 1.0;
    b[i] = -slope[i];
    b[n] -= system.charges[i];
  }
  const auto step = solve(a, b);
  for (std::size_t i = 0; i < n; i++) system.charges[i] += step[i];
}

TEST(PeriodicSystem, EquilibratedForcesAreTheGradientAtTheChargeMinimum)
{
  // dE/dr with the charges solved again at each displacement equals the explicit derivative at fixed charges
  Random random(136);
  for (CoulombForm form : {CoulombForm::screened_cut, CoulombForm::gaussian, CoulombForm::screened_gaussian})
    for (bool walls : {false, true}) {
      Potential potential = random_potential(random, 3, form);
      if (walls) add_walls(random, potential);
      Random other(138);
      if (form != CoulombForm::gaussian) add_environment(other, potential);
      if (form != CoulombForm::screened_cut) add_fade(other, potential);
      for (auto &c : potential.charge) c.electronegativity *= 3.0, c.upper.charge = 0.1, c.lower.charge = -0.1;
      PeriodicSystem system = random_system(random, {10}, 3);
      const auto equilibrated = [&](PeriodicSystem s) {
        s.charges.assign(10, 0.0);
        for (int step = 0; step < (walls ? 20 : 1); step++) newton_step(potential, s);
        return s;
      };
      const PeriodicSystem at_rest = equilibrated(system);
      const CoulombTable table(potential, k_e);
      int beyond = 0;
      for (int i = 0; i < 10; i++) beyond += table.view().beyond_wall(system.elements[i], at_rest.charges[i]);
      EXPECT_EQ(beyond > 0, walls);
      const auto e = evaluate(potential, at_rest, k_e);
      for (double mu : e.electronegativity) EXPECT_NEAR(mu, e.electronegativity[0], 1e-11);
      for (int i = 0; i < 10; i += 3)
        for (int c = 0; c < 3; c++) {
          PeriodicSystem moved = system;
          const auto numeric = derivative<double>(
              [&](double x) {
                moved.positions[i][c] = x;
                return evaluate(potential, equilibrated(moved), k_e).total();
              },
              system.positions[i][c], 4e-3);
          EXPECT_NEAR(e.forces[i][c], -numeric.value, 3e-9);
        }
    }
}

TEST(ImageSearch, FindsEveryImageOnce)
{
  Random random(135);
  for (int set = 0; set < 40; set++) {
    const SystemShape shape = {1 + set % 5, set % 4 == 0 ? slab : set % 4 == 1 ? wire : bulk};
    PeriodicSystem system = random_system(random, shape, 1);
    const double cutoff = random(1.0, 9.0);
    for (int i = 0; i < system.num_atoms(); i++) {
      auto expected = direct::images(system, i, cutoff);
      int found = 0;
      ImageSearch(system, cutoff).for_each_neighbour(i, [&](int j, double x, double y, double z, double rsq) {
        found++;
        EXPECT_NEAR(rsq, x * x + y * y + z * z, 1e-13);
        int matches = 0;
        for (const auto &image : expected)
          matches += image.atom == j &&
              std::abs(double(image.r.x) - x) + std::abs(double(image.r.y) - y) + std::abs(double(image.r.z) - z) <
                  1e-9;
        EXPECT_EQ(matches, 1);
      });
      EXPECT_EQ(found, static_cast<int>(expected.size()));
    }
  }
}

}    // namespace
