// Charge equilibration by factorisation. SPDX-License-Identifier: GPL-2.0-only
#include "dense_charge_solver.h"

#include "element_terms.h"
#include "minimize_charges.h"
#include "neutral_factor.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

using namespace rfmeam;

using Eigen::VectorXd;

void DenseTerm::add_gradient(Space &space, Vector &q, Vector &out)
{
  add_product(space, q, out);
  for (std::size_t i = 0; i < b.size(); i++) out.data()[i] += b[i] + hardness[i] * q.data()[i];
}

void DenseTerm::add_product(Space & /*space*/, Vector &p, Vector &out)
{
  const auto n = static_cast<Eigen::Index>(b.size());
  Eigen::Map<VectorXd>(out.data(), n) +=
      Eigen::Map<const DenseMatrix>(matrix.data(), n, n) * Eigen::Map<const VectorXd>(p.data(), n);
}

void DenseTerm::add_diagonal(Space & /*space*/, Vector & /*q*/, Vector &diagonal)
{
  for (std::size_t i = 0; i < hardness.size(); i++) diagonal.data()[i] += hardness[i];
}

SolveStatus DenseTerm::minimize(ChargeSystem<Space> &system, ResidualSums &sums) const
{
  const auto n = static_cast<Eigen::Index>(b.size());
  Eigen::Map<VectorXd> residual(system.residual.data(), n), charge(system.charge.data(), n);
  if (!residual.allFinite()) return SolveStatus::not_finite;
  if (n == 1) return SolveStatus::converged;

  DenseMatrix a = Eigen::Map<const DenseMatrix>(matrix.data(), n, n);
  a.diagonal() += Eigen::Map<const VectorXd>(system.diagonal.data(), n);
  const NeutralFactor factor(a);
  if (!factor.positive_definite()) return SolveStatus::indefinite;

  const VectorXd step = factor.solve(residual);
  charge += step;
  residual -= a * step;
  sums = system.space.sum<ResidualSums>(
      "charges:step", static_cast<int>(n),
      ShiftResidual{system.rows.data(), system.diagonal.data(), system.residual.data(), 0.0});
  return std::isfinite(sums.r_sq) ? SolveStatus::converged : SolveStatus::not_finite;
}

SolveReport rfmeam::minimize_densely(const CoulombView<double> &coulomb, bool has_walls,
                                     const std::vector<int> &elements, std::vector<double> linear,
                                     std::vector<double> hardness, std::vector<double> matrix,
                                     std::vector<double> &charges)
{
  using Space = DenseTerm::Space;
  const std::size_t n = charges.size();
  for (std::size_t i = 0; i < n; i++) {    // an atom and its own images
    hardness[i] += matrix[i * n + i];
    matrix[i * n + i] = 0.0;
  }
  std::vector<Site<double>> sites;
  for (const int element : elements) sites.push_back({0.0, 0.0, 0.0, element});

  Space space(static_cast<int>(n));
  ChargeSystem<Space> system(space);
  DenseTerm dense(std::move(linear), std::move(hardness), std::move(matrix));
  system.terms = {&dense};
  WallTerm<Space, double> walls;
  walls.coulomb = coulomb;
  walls.site = sites.data();
  walls.num_owned = static_cast<int>(n);
  if (has_walls) system.terms.push_back(&walls);
  system.num_rows = system.num_owned = system.num_all = static_cast<int>(n);
  system.reserve();
  std::iota(system.rows.data(), system.rows.data() + n, 0);
  std::copy(charges.begin(), charges.end(), system.charge.data());

  NewtonVectors<Space> newton;
  constexpr double tolerance = 1e-13;
  constexpr int max_steps = 100;
  const SolveReport report = minimize_charges(
      system, newton, tolerance, max_steps,
      [&](auto &, ResidualSums &sums, double, int, SolveReport &) { return dense.minimize(system, sums); });
  std::copy(system.charge.data(), system.charge.data() + n, charges.begin());
  return report;
}
