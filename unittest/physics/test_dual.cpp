// Tests of dual numbers: arithmetic, and derivatives of the kernels by every kind of parameter.
// SPDX-License-Identifier: GPL-2.0-only
#include "numerics.h"
#include "random_systems.h"

#include "rfmeam/dual.h"

#include <gtest/gtest.h>

#include <functional>
#include <string>

using namespace rfmeam;
using namespace rfmeam::test;

namespace {

using D = Dual<2>;

/// A parameter of a potential: its number in each table entry that has it (a pair is stored twice).
struct Parameter {
  std::string name;
  std::vector<double *> numbers;
  std::vector<Dual<8> *> duals;
};

/// All parameters of the RF-MEAM part, in the potential and in its tables of dual numbers.
std::vector<Parameter> parameters_of(Potential &potential, PotentialOf<Dual<8>> &model)
{
  std::vector<Parameter> found;
  // the entries of one statement: the first adds its parameters, the others, equal ones, join them
  const auto add = [&](const std::string &statement, auto &tables, auto &dual_tables, const std::vector<int> &entries) {
    const std::size_t first = found.size();
    const bool is_weight = statement.rfind("environment_weight", 0) == 0;
    for (const int entry : entries) {
      std::size_t at = first;
      auto &table = tables[entry];
      table.for_each_field(
          [&](const Field &field, double &x, Dual<8> &y) {
            if (!field.statement[0]) return;    // follows from others
            if ((field.statement == std::string("environment_weight")) != is_weight) return;
            if (at == found.size()) found.push_back({statement + " " + field.name, {}, {}});
            found[at].numbers.push_back(&x), found[at].duals.push_back(&y);
            at++;
          },
          table, dual_tables[entry]);
    }
  };
  const int n = potential.num_elements();
  const std::vector<std::string> &names = potential.elements;
  for (int i = 0; i < n; i++) add("atomic " + names[i], potential.element, model.element, {i});
  for (int i = 0; i < n; i++)
    for (int j = 0; j <= i; j++) {
      std::vector<int> pairs = {i * n + j};
      if (i != j) pairs.push_back(j * n + i);
      for (const int ij : pairs) add("environment_weight " + std::to_string(ij), potential.pair, model.pair, {ij});
      add("pair " + names[i] + names[j], potential.pair, model.pair, pairs);
      for (int k = 0; k < n; k++) {
        std::vector<int> triples;
        for (const int ij : pairs) triples.push_back(ij * n + k);
        add("triple " + names[k] + names[i] + names[j], potential.screening, model.screening, triples);
      }
    }
  return found;
}

/// E_i and its gradient by the positions of the neighbours.
template <class Real>
std::vector<Real> energy_and_gradient(const ModelView<Real> &model, const Neighbours<double> &nb,
                                      const ChargeCoupling<Real> &coupling = {Real(-1.7), Real(-0.3)})
{
  Neighbours<Real> copy;
  copy.center_element = nb.center_element;
  for (std::size_t m = 0; m < nb.size(); m++) copy.add(nb.element[m], Real(nb.x[m]), Real(nb.y[m]), Real(nb.z[m]));
  copy.coupling = coupling;
  const AtomEnergy<Real> energy = copy.evaluate(model);
  std::vector<Real> all = {energy.pair + (Real(1) + coupling.embedding) * energy.embedding +
                           coupling.environment * energy.environment};
  for (const auto *g : {&copy.gx, &copy.gy, &copy.gz}) all.insert(all.end(), g->begin(), g->end());
  return all;
}

}    // namespace

TEST(Dual, ArithmeticIsThatOfDerivatives)
{
  Random random(51);
  for (int trial = 0; trial < 50; trial++) {
    const double x = random(0.2, 3.0), y = random(0.2, 3.0);
    const std::vector<std::function<D(D, D)>> functions = {
        [](D a, D b) { return a * b - 2.0 * a / b + 1; },
        [](D a, D b) { return sqrt(a * a + b) * exp(-a / b); },
        [](D a, D b) { return log(a + b) * expm1(-a) - (-b); },
        [](D a, D b) { return (a += b) / (b -= 5.0); },
    };
    for (const auto &f : functions) {
      const D result = f(D::parameter(x, 0), D::parameter(y, 1));
      const auto by_x = derivative([&](double t) { return f(t, y).value; }, x, 0.05);
      const auto by_y = derivative([&](double t) { return f(x, t).value; }, y, 0.05);
      EXPECT_NEAR(result.slope[0], by_x.value, 1e-8 * (1.0 + std::abs(by_x.value)));
      EXPECT_NEAR(result.slope[1], by_y.value, 1e-8 * (1.0 + std::abs(by_y.value)));
    }
    EXPECT_TRUE(D::parameter(x, 0) == D(x));
    EXPECT_EQ(D(x) < D(y), x < y);
  }
}

/// The value is that of double, and each slope its derivative by a parameter: energies and forces by all of them.
TEST(Dual, EnergiesAndForcesByEveryParameter)
{
  Random random(52);
  Potential potential = random_potential(random, 2, CoulombForm::gaussian);
  add_environment(random, potential);
  const PeriodicSystem system = random_system(random, {6}, 2);
  int felt = 0;
  for (const int atom : {0, 1}) {
    const auto nb = neighbours_of<double>(potential, system, atom);
    auto model = convert<Dual<8>>(potential);
    const std::vector<Parameter> parameters = parameters_of(potential, model);
    ASSERT_GT(parameters.size(), 60u);
    const std::vector<double> plain = energy_and_gradient(potential.model_view(), nb);
    for (std::size_t begin = 0; begin < parameters.size(); begin += 8) {
      const std::size_t end = std::min(begin + 8, parameters.size());
      for (std::size_t n = begin; n < end; n++)
        for (auto *dual : parameters[n].duals) *dual = Dual<8>::parameter(dual->value, static_cast<int>(n - begin));
      const auto results = energy_and_gradient(model.model_view(), nb);
      for (std::size_t n = begin; n < end; n++)
        for (auto *dual : parameters[n].duals) *dual = dual->value;

      for (std::size_t n = begin; n < end; n++) {
        const std::string &name = parameters[n].name;
        // the energy, and some components of the gradient
        for (std::size_t m = 0; m < results.size(); m += m == 0 ? 1 : results.size() / 5) {
          EXPECT_NEAR(results[m].value, plain[m], 1e-12 * (1.0 + std::abs(plain[m])));
          const double start = *parameters[n].numbers[0];
          const auto wanted = derivative(
              [&](double p) {
                for (double *x : parameters[n].numbers) *x = p;
                const double result = energy_and_gradient(potential.model_view(), nb)[m];
                for (double *x : parameters[n].numbers) *x = start;
                return result;
              },
              start, 0.01);
          const double slope = results[m].slope[n - begin];
          EXPECT_NEAR(slope, wanted.value, 1e-6 * (1.0 + std::abs(slope)) + 10.0 * wanted.error) << name << " " << m;
          felt += std::abs(slope) > 1e-6;
        }
      }
    }
  }
  EXPECT_GT(felt, 300);    // the test is about something
}

/// What a charge does to the energy are numbers like others: where they are 0, their derivatives are not lost.
TEST(Dual, EnergiesAndForcesByTheCouplingOfTheCharge)
{
  Random random(54);
  Potential potential = random_potential(random, 2, CoulombForm::gaussian);
  add_environment(random, potential);
  const auto nb = neighbours_of<double>(potential, random_system(random, {6}, 2), 0);
  const auto model = convert<Dual<8>>(potential);
  for (const double c : {0.0, 1.3}) {
    const ChargeCoupling<Dual<8>> both = {Dual<8>::parameter(c, 3), Dual<8>::parameter(-c, 5)};
    const auto results = energy_and_gradient(model.model_view(), nb, both);
    const auto at = [&](double environment, double embedding) {
      return energy_and_gradient<double>(potential.model_view(), nb, {c + environment, -c + embedding});
    };
    const auto above = at(0.5, 0.0), below = at(-0.5, 0.0), more = at(0.0, 0.5), less = at(0.0, -0.5);
    for (std::size_t m = 0; m < results.size(); m++) {    // linear in either
      EXPECT_NEAR(results[m].slope[3], above[m] - below[m], 1e-12) << m;
      EXPECT_NEAR(results[m].slope[5], more[m] - less[m], 1e-12) << m;
    }
    EXPECT_GT(std::abs(results[0].slope[3]), 0.01);
    EXPECT_GT(std::abs(results[0].slope[5]), 0.01);
  }
}

/// gamma by its lengths, and the self energy by the numbers of a charge line and of walls.
TEST(Dual, ChargeEnergiesByEveryParameter)
{
  Random random(53);
  using Real = Dual<8>;
  for (const CoulombForm form : {CoulombForm::screened_cut, CoulombForm::gaussian, CoulombForm::screened_gaussian}) {
    CoulombPairParameters<double> p = {0.7, 0.3, 0.01, -0.02};
    for (const double r : {0.8, 2.0, 4.5}) {
      CoulombPairParameters<Real> dual = convert<Real>(p);
      dual.inverse_length = Real::parameter(p.inverse_length, 0);
      dual.inverse_screened_length = Real::parameter(p.inverse_screened_length, 1);
      const auto v = bare_coulomb(form, dual, Real(k_e), Real(r));
      double *const lengths[] = {&p.inverse_length, &p.inverse_screened_length};
      for (int lane = 0; lane < 2; lane++) {
        const double start = *lengths[lane];
        const auto at = [&](double x) {
          *lengths[lane] = x;
          const auto result = bare_coulomb(form, p, k_e, r);
          *lengths[lane] = start;
          return result;
        };
        EXPECT_NEAR(v.value.slope[lane], derivative([&](double x) { return at(x).value; }, start, 0.05).value, 1e-7);
        EXPECT_NEAR(v.derivative.slope[lane], derivative([&](double x) { return at(x).derivative; }, start, 0.05).value,
                    1e-7);
      }
    }
  }

  ChargeParameters<double> charge = {3.0, 9.0, 0.2, {30.0, 0.4}, {20.0, -0.3}};
  const auto needs_meam = [](const Field &f) {
    const std::string statement = f.statement;
    return statement == "environment" || statement == "environment_charge" || statement == "fade";
  };
  for (const double q : {-0.5, 0.1, 0.42}) {
    ChargeParameters<Real> dual = convert<Real>(charge);
    int lane = 0;
    ChargeParameters<Real>::for_each_field(
        [&](const Field &field, Real &x) {
          if (!needs_meam(field)) x = Real::parameter(x.value, lane++);
        },
        dual);
    ASSERT_EQ(lane, 7);
    const CoulombView<Real> view = {CoulombForm::gaussian, 1, Real(k_e), Real(6.0), nullptr, &dual};
    const auto self = view.self_energy(0, Real(q));
    lane = 0;
    ChargeParameters<double>::for_each_field(
        [&](const Field &field, double &x) {
          if (needs_meam(field)) return;
          const double start = x;
          const auto at = [&](double p) {
            x = p;
            const auto result =
                CoulombView<double>{CoulombForm::gaussian, 1, k_e, 6.0, nullptr, &charge}.self_energy(0, q);
            x = start;
            return result;
          };
          const auto energy = derivative([&](double p) { return at(p).value; }, start, 0.01);
          const auto slope = derivative([&](double p) { return at(p).derivative; }, start, 0.01);
          EXPECT_NEAR(self.value.slope[lane], energy.value, 1e-7) << field.statement << " " << field.name;
          EXPECT_NEAR(self.derivative.slope[lane], slope.value, 1e-6) << field.statement << " " << field.name;
          lane++;
        },
        charge);
  }
}

/// Angular densities that leave next to nothing of the density, as fits meet them: derivatives stay numbers.
TEST(Dual, VanishingDensitiesHaveFiniteDerivatives)
{
  Random random(54);
  using Real = Dual<8>;
  Potential potential = random_potential(random, 1, CoulombForm::none);
  for (const double t : {-1e2, -1e4, -1e8, 1e8}) {
    ElementParameters<Real> e = convert<Real>(potential.element[0]);
    e.density_weight[1] = Real::parameter(t, 0), e.density_amplitude[1] = Real::parameter(2.0, 1);
    const DensityAmplitudes<Real> a(e, convert<Real>(potential.pair[0]), Real(2.0));
    DensityMoments<Real> moments;
    moments.add(a, Real(1), Real(1), Real(0), Real(0));
    const BackgroundDensity<Real> rho(e, PartialDensities<Real>(moments));
    const ValueDerivative<Real> embedding = embedding_energy(e, rho.value);
    for (const Real &x : {rho.value, rho.by_rho0, rho.by_rho_sq[1], embedding.value, embedding.derivative}) {
      EXPECT_TRUE(std::isfinite(x.value)) << t;
      for (const double slope : x.slope) EXPECT_TRUE(std::isfinite(slope)) << t;
    }
  }
}
