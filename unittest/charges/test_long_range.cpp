// Tests of charge equilibration: Ewald sums as a term of E(q). SPDX-License-Identifier: GPL-2.0-only
#include "charge_box.h"

#include "rfmeam/long_range.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

using namespace rfmeam;
using namespace rfmeam::test;

namespace {

constexpr double pi = 3.14159265358979323846;

/// What pairs leave out, of all waves that count, in a rectangular box: reciprocal sum, self term, background.
template <class Space> class ReciprocalTerm : public ChargeTerm<Space> {
 public:
  using typename ChargeTerm<Space>::Vector;

  ReciprocalTerm(const PeriodicSystem &system_, double splitting_) : system(system_), splitting(splitting_) {}

  [[nodiscard]] bool couples_atoms() const override { return true; }
  void add_gradient(Space &space, Vector &q, Vector &out) override { add_product(space, q, out); }
  void add_product(Space &, Vector &p, Vector &out) override
  {
    const std::vector<double> potential = of({p.data(), p.data() + system.num_atoms()});
    for (std::size_t i = 0; i < potential.size(); i++) out.data()[i] += potential[i];
  }

  [[nodiscard]] std::vector<double> of(const std::vector<double> &q) const
  {
    const Vector3 edge = {system.cell[0][0], system.cell[1][1], system.cell[2][2]};
    const double volume = edge[0] * edge[1] * edge[2], longest = 12.0 * splitting;
    std::vector<double> potential;
    double total = 0.0;
    for (const double charge : q) total += charge;
    for (const double charge : q)
      potential.push_back(-2.0 * k_e * splitting / std::sqrt(pi) * charge -
                          pi * k_e * total / (splitting * splitting * volume));
    std::array<int, 3> most;
    for (int c = 0; c < 3; c++) most[c] = static_cast<int>(longest * edge[c] / (2.0 * pi));
    for (int a = -most[0]; a <= most[0]; a++)
      for (int b = -most[1]; b <= most[1]; b++)
        for (int c = -most[2]; c <= most[2]; c++) {
          const Vector3 k = {2.0 * pi * a / edge[0], 2.0 * pi * b / edge[1], 2.0 * pi * c / edge[2]};
          const double k_sq = k[0] * k[0] + k[1] * k[1] + k[2] * k[2];
          if (k_sq == 0.0) continue;
          const double weight = k_e * 4.0 * pi / volume * std::exp(-k_sq / (4.0 * splitting * splitting)) / k_sq;
          double real = 0.0, imaginary = 0.0;
          const auto phase = [&](std::size_t i) {
            const Vector3 &x = system.positions[i];
            return k[0] * x[0] + k[1] * x[1] + k[2] * x[2];
          };
          for (std::size_t i = 0; i < q.size(); i++)
            real += q[i] * std::cos(phase(i)), imaginary += q[i] * std::sin(phase(i));
          for (std::size_t i = 0; i < q.size(); i++)
            potential[i] += weight * (real * std::cos(phase(i)) + imaginary * std::sin(phase(i)));
        }
    return potential;
  }

 private:
  const PeriodicSystem &system;
  double splitting;
};

/// A box whose charges are summed to long range.
template <bool half> class LongBox : public ChargeBox<half> {
 public:
  using Box = ChargeBox<half>;
  ReciprocalTerm<typename Box::Space> reciprocal;

  LongBox(const Potential &potential, const PeriodicSystem &system, double splitting) :
      Box(potential, system), reciprocal(this->system, splitting)
  {
    const double cutoff = 5.6 / splitting;    // erfc(5.6) = 2e-15
    this->table = real_space_table(potential, k_e, cutoff, splitting);
    this->engine.set_coulomb(this->table.view(), {.walls = this->table.has_walls(), .cores = this->table.has_cores()},
                             &reciprocal);
    this->list();
  }

  /// dE/dq at charges q.
  std::vector<double> slopes(const std::vector<double> &q)
  {
    this->update();
    const std::vector<double> all = this->with_ghosts(q);
    HostArray<double> f, mu;
    f.reserve(3 * static_cast<long long>(all.size()));
    mu.reserve(static_cast<long long>(all.size()));
    std::fill_n(f.data(), 3 * all.size(), 0.0);
    std::fill_n(mu.data(), all.size(), 0.0);
    const auto sum = this->engine.template forces<double>(all.data(), {true, false, false, false, true},
                                                          HostRows<3>{f.data()}, HostTarget<double>{nullptr},
                                                          HostTarget<double>{mu.data()}, HostRows<6>{nullptr});
    std::vector<double> slopes = reciprocal.of(q);
    energy = sum.pair + sum.self;
    for (std::size_t i = 0; i < q.size(); i++) energy += 0.5 * q[i] * slopes[i];
    for (std::size_t i = 0; i < all.size(); i++) slopes[this->owner_of(static_cast<int>(i))] += mu.data()[i];
    return slopes;
  }
  double energy = 0.0;    ///< at the charges of the last slopes()
};

template <class Box> class LongRange : public testing::Test {};
struct BoxNames {
  template <class Box> static std::string GetName(int) { return Box::Space::half_rows ? "half" : "full"; }
};
using Boxes = testing::Types<LongBox<true>, LongBox<false>>;
TYPED_TEST_SUITE(LongRange, Boxes, BoxNames);

Potential long_potential(CoulombForm form)
{
  Random random(61);
  Potential potential = random_potential(random, 2, form);
  potential.element.clear(), potential.pair.clear(), potential.screening.clear();
  return potential;
}

PeriodicSystem rocksalt(double edge)
{
  PeriodicSystem system = {{{{edge, 0.0, 0.0}, {0.0, edge, 0.0}, {0.0, 0.0, edge}}}, {true, true, true}, {}, {}, {}};
  for (int n = 0; n < 8; n++) {
    const int a = n & 1, b = n >> 1 & 1, c = n >> 2 & 1, parity = (a + b + c) & 1;
    system.positions.push_back({0.5 * edge * a, 0.5 * edge * b, 0.5 * edge * c});
    system.elements.push_back(parity);
    system.charges.push_back(parity ? -1.0 : 1.0);
  }
  return system;
}

}    // namespace

TYPED_TEST(LongRange, HasTheMadelungConstantOfRocksalt)
{
  Potential potential = long_potential(CoulombForm::direct_cut);
  for (auto &charge : potential.charge) charge = {};
  const double edge = 5.6;
  for (const double splitting : {0.5, 0.8}) {
    TypeParam box(potential, rocksalt(edge), splitting);
    box.slopes(box.system.charges);
    EXPECT_NEAR(-box.energy / 4.0 * 0.5 * edge / k_e, 1.747564594633, 1e-11);
  }
}

/// The charges of the solver are those at which dE/dq is the same for all atoms, and E has no smaller value near; they
/// do not depend on how the sum is split.
TYPED_TEST(LongRange, EquilibratesTheWholeSum)
{
  Random random(62);
  PeriodicSystem system = rocksalt(5.6);
  for (auto &x : system.positions)
    for (double &c : x) c += random(-0.2, 0.2);
  for (const auto &[form, total] : {std::pair{CoulombForm::gaussian, 0.0},
                                    {CoulombForm::gaussian, 0.7},
                                    {CoulombForm::slater, 0.0},
                                    {CoulombForm::slater, 0.7}}) {
    std::vector<std::vector<double>> found;
    for (const double splitting : {0.3, 0.5}) {
      Potential potential = long_potential(form);
      for (std::size_t i = 0; i < potential.slater_exponent.size(); i++) {
        potential.slater_exponent[i] += 1.2;                                           // points within the cutoff
        potential.charge[i].hardness += 0.625 * k_e * potential.slater_exponent[i];    // of the density itself
      }
      TypeParam box(potential, system, splitting);
      std::vector<double> q = system.charges;
      const SolveReport report = box.equilibrate(q, total);
      EXPECT_EQ(report.status, SolveStatus::converged);
      for (const double slope : box.slopes(q)) EXPECT_NEAR(slope, report.chemical_potential(), 1e-9);
      const double lowest = box.energy;
      for (std::size_t i = 1; i < q.size(); i++) {
        std::vector<double> other = q;
        other[i] += 0.01, other[i - 1] -= 0.01;
        box.slopes(other);
        EXPECT_GT(box.energy, lowest);
      }
      found.push_back(q);
    }
    for (std::size_t i = 0; i < found[0].size(); i++) EXPECT_NEAR(found[0][i], found[1][i], 1e-9);
  }
}

/// Atoms outside of the group act as sources over the long range, too.
TYPED_TEST(LongRange, SeesSources)
{
  TypeParam box(long_potential(CoulombForm::gaussian), rocksalt(5.6), 0.6);
  for (int i = 0; i < 3; i++) box.mask[i] = 1;
  box.list();
  std::vector<double> q = box.system.charges;
  const SolveReport report = box.equilibrate(q, -0.3);
  EXPECT_EQ(report.status, SolveStatus::converged);
  const std::vector<double> slopes = box.slopes(q);
  for (std::size_t i = 3; i < q.size(); i++) EXPECT_NEAR(slopes[i], report.chemical_potential(), 1e-9);
  for (std::size_t i = 0; i < 3; i++) EXPECT_EQ(q[i], box.system.charges[i]);
}
