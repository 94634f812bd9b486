// Energies, forces and charges of nap, the published program (data/nap/README.md). SPDX-License-Identifier:
// GPL-2.0-only

#include "numerics.h"
#include "rfmeam/system_energy.h"
#include "rfmeam/potential_file.h"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

using namespace rfmeam;
using namespace rfmeam::test;

namespace {

constexpr double nap_k_e = 14.3998554737;

std::string read_text(const std::string &path)
{
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error("cannot read " + path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

struct Reference {
  PeriodicSystem system;
  double energy;
  std::vector<Vector3> forces;
};

Reference read_reference(const std::string &path, const Potential &potential)
{
  std::istringstream file(read_text(path));
  Reference reference;
  int count = 0;
  std::string header;
  file >> count >> std::ws;
  std::getline(file, header);
  const auto value_of = [&](const std::string &key) { return header.substr(header.find(key) + key.size()); };
  std::istringstream lattice(value_of("Lattice=\""));
  for (auto &row : reference.system.cell)
    for (double &x : row) lattice >> x;
  reference.system.periodic = {true, true, true};
  reference.energy = std::stod(value_of(" energy="));
  const bool charged = header.find("initial_charges") != std::string::npos;
  for (int i = 0; i < count; i++) {
    std::string symbol;
    Vector3 x, f;
    file >> symbol >> x[0] >> x[1] >> x[2] >> f[0] >> f[1] >> f[2];
    double q = 0.0;
    if (charged) file >> q;
    reference.system.positions.push_back(x);
    reference.system.elements.push_back(symbol == potential.elements[0] ? 0 : 1);
    reference.system.charges.push_back(q);
    reference.forces.push_back(f);
  }
  if (!file) throw std::runtime_error("cannot understand " + path);
  return reference;
}

class NapReference : public testing::TestWithParam<const char *> {
 protected:
  const std::string folder = std::string(TEST_DATA_DIR) + "/nap/" + GetParam() + "/";
  const std::string potential_file = folder + "potential.rfmeam";
  const Potential potential = PotentialReader::read(read_text(potential_file), potential_file);
  const Reference reference = read_reference(folder + "reference.extxyz", potential);
};

INSTANTIATE_TEST_SUITE_P(Lif, NapReference,
                         testing::Values("lif216_type1", "lif216_type2", "lif216_qeq_screened", "lif216_qeq_direct",
                                         "lif216_triclinic_rf_qeq", "lif_melt150_rf_qeq"));

TEST_P(NapReference, EnergyAndForces)
{
  const auto e = evaluate(potential, reference.system, nap_k_e);
  const int n = reference.system.num_atoms();
  EXPECT_GE(n, 150);
  EXPECT_NEAR(e.total() / n, reference.energy / n, 1e-9);
  const double tolerance = potential.has_charges() ? 5e-5 : 1e-8;
  for (int i = 0; i < n; i++)
    for (int c = 0; c < 3; c++) EXPECT_NEAR(e.forces[i][c], reference.forces[i][c], tolerance) << "atom " << i;
}

TEST_P(NapReference, ChargesAtTheMinimum)
{
  if (!potential.has_charges()) return;
  const std::size_t n = reference.system.positions.size();
  const auto matrix = charge_matrix(potential, reference.system, nap_k_e);
  // stationary on zero total charge: M q + chi = mu, sum q = 0
  std::vector<double> a((n + 1) * (n + 1), 0.0), b(n + 1, 0.0);
  for (std::size_t i = 0; i < n; i++) {
    for (std::size_t j = 0; j < n; j++) a[i * (n + 1) + j] = matrix[i * n + j];
    a[i * (n + 1) + n] = a[n * (n + 1) + i] = 1.0;
    b[i] = -potential.charge[reference.system.elements[i]].electronegativity;
  }
  const auto solution = solve(a, b);
  PeriodicSystem system = reference.system;
  system.charges.assign(solution.begin(), solution.end() - 1);
  for (std::size_t i = 0; i < n; i++) EXPECT_NEAR(system.charges[i], reference.system.charges[i], 2e-5) << i;

  const auto e = evaluate(potential, system, nap_k_e);
  for (std::size_t i = 0; i < n; i++) EXPECT_NEAR(e.electronegativity[i], -solution[n], 1e-10);
  EXPECT_LE(e.total(), reference.energy + 1e-9);
  EXPECT_NEAR(e.total() / double(n), reference.energy / double(n), 1e-9);
}

}    // namespace
