// Tests of charge equilibration: steps of shadow dynamics in a periodic box. SPDX-License-Identifier: GPL-2.0-only
#ifndef RFMEAM_TEST_SHADOW_BOX_H
#define RFMEAM_TEST_SHADOW_BOX_H

#include "charge_box.h"

#include "charges/shadow_dynamics.h"

#include <limits>

namespace rfmeam::test {

/// What a step of shadow dynamics gives: charges, energy, forces and virial of the shadow energy, by atom or in all.
struct ShadowResult {
  SolveReport report;
  std::vector<double> q, x, n;
  double energy, virial[6];
  std::vector<Vector3> forces;
  std::vector<double> potential;    ///< dE_s/dq at constant n
  double energy_of_atoms, virial_of_atoms[6] = {};
};

constexpr double no_limit = std::numeric_limits<double>::infinity();

/// A step with n from a history (x, n, earlier n of each atom) and coefficients; the history becomes that of the step.
/// Atoms of mask bit 2 follow, all others keep their charges q.
template <class Box>
ShadowResult shadow_step(Box &box, const std::vector<double> &q, std::vector<double> &history,
                         const std::vector<double> &coefficients, double total, int iterations = 2,
                         double largest_lag = no_limit, Spectrum spectrum = {})
{
  const int atoms = box.num_owned(), length = static_cast<int>(coefficients.size());
  box.update();
  EquilibrationTask task;
  task.group = 2;
  task.groups = one_total(2, total);
  task.history = {history.data(), length, true};
  task.guess = coefficients;
  task.shadow = {iterations, spectrum,
                 double(std::count_if(box.mask.begin(), box.mask.begin() + atoms, [](int mask) { return mask & 2; })),
                 largest_lag};
  ShadowResult result;
  result.q = box.with_ghosts(q);
  box.engine.start(box.mask.data(), result.q.data(), task);
  result.report = box.engine.solve(task);
  if (result.report.shadow != ShadowOutcome::followed) return result;
  box.engine.accept(result.q.data(), task.history, true);
  for (int i = 0; i < atoms; i++) result.x.push_back(history[length * i]), result.n.push_back(history[length * i + 1]);

  HostArray<double> f, e, v, mu;
  for (auto *array : {&f, &e, &v, &mu}) {
    array->reserve(6 * static_cast<long long>(result.q.size()));
    std::fill_n(array->data(), 6 * result.q.size(), 0.0);
  }
  const auto sum = box.engine.template forces<double>(result.q.data(), {true, true, true, true, true},
                                                      HostRows<3>{f.data()}, HostTarget<double>{e.data()},
                                                      HostTarget<double>{mu.data()}, HostRows<6>{v.data()});
  expect_forces_alone(box, result.q, f.data());
  result.energy = sum.pair + sum.self;
  std::copy_n(sum.virial, 6, result.virial);
  result.forces.assign(atoms, Vector3{});
  result.potential.assign(atoms, 0.0);
  result.energy_of_atoms = 0.0;
  for (std::size_t i = 0; i < result.q.size(); i++) {    // ghosts' shares come home
    const int o = box.owner_of(static_cast<int>(i));
    result.energy_of_atoms += e.data()[i];
    result.potential[o] += mu.data()[i];
    for (int c = 0; c < 3; c++) result.forces[o][c] += f.data()[3 * i + c];
    for (int m = 0; m < 6; m++) result.virial_of_atoms[m] += v.data()[6 * i + m];
  }
  result.q.resize(atoms);
  return result;
}

/// The same at given n.
template <class Box>
ShadowResult shadow_at(Box &box, const std::vector<double> &q, const std::vector<double> &n, double total,
                       int iterations = 2, Spectrum spectrum = {})
{
  std::vector<double> history;
  for (const double x : n) history.insert(history.end(), {0.0, x, 0.0});
  return shadow_step(box, q, history, {0.0, 1.0, 0.0}, total, iterations, no_limit, spectrum);
}

/// Charges near those of the minimum, with the same sum over the atoms of mask bit 2.
template <class Box> std::vector<double> near_minimum(Box &box, Random &random, std::vector<double> q, double distance)
{
  double sum = 0.0, count = 0.0;
  const auto unknown = [&](std::size_t i) { return (box.mask[i] & 2) != 0; };
  std::vector<double> change(q.size());
  for (std::size_t i = 0; i < q.size(); i++)
    if (unknown(i)) change[i] = random(-distance, distance), sum += change[i], count += 1.0;
  for (std::size_t i = 0; i < q.size(); i++)
    if (unknown(i)) q[i] += change[i] - sum / count;
  return q;
}

}    // namespace rfmeam::test

#endif
