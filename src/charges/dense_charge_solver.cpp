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

template <class Groups>
SolveStatus DenseTerm::minimize(ChargeSystem<Space> &system, const Totals<Groups> &totals,
                                ResidualSums<Groups::size> &sums) const
{
  const auto n = static_cast<Eigen::Index>(b.size());
  Eigen::Map<VectorXd> residual(system.residual.data(), n), charge(system.charge.data(), n);
  if (!residual.allFinite()) return SolveStatus::not_finite;
  std::vector<NeutralFactor::Rows> with_total(Groups::size);
  Eigen::Index kept = n;
  for (Eigen::Index i = 0; i < n; i++) {
    const int g = totals.groups.of(static_cast<int>(i));
    if (totals.keeps_total(g)) with_total[g].push_back(i);
  }
  for (const NeutralFactor::Rows &group : with_total) kept -= group.empty() ? 0 : 1;
  if (kept == 0) return SolveStatus::converged;

  DenseMatrix a = Eigen::Map<const DenseMatrix>(matrix.data(), n, n);
  a.diagonal() += Eigen::Map<const VectorXd>(system.diagonal.data(), n);
  const NeutralFactor factor(a, with_total);
  if (!factor.positive_definite()) return SolveStatus::indefinite;

  const VectorXd step = factor.solve(residual);
  charge += step;
  residual -= a * step;
  sums = system.space.template sum<ResidualSums<Groups::size>>(
      "charges:step", static_cast<int>(n),
      ShiftResidual<Groups>{totals.groups, system.rows.data(), system.diagonal.data(), system.residual.data(), {}});
  return std::isfinite(sums.r_sq) ? SolveStatus::converged : SolveStatus::not_finite;
}

template SolveStatus DenseTerm::minimize(ChargeSystem<Space> &, const Totals<OneGroup> &, ResidualSums<1> &) const;
template SolveStatus DenseTerm::minimize(ChargeSystem<Space> &, const Totals<SeveralGroups> &,
                                         ResidualSums<max_groups> &) const;

SolveReport rfmeam::minimize_densely(const CoulombView<double> &coulomb, bool has_walls,
                                     const std::vector<int> &elements, std::vector<double> linear,
                                     std::vector<double> hardness, std::vector<double> matrix,
                                     std::vector<double> &charges, const DenseGroups &several)
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
  SolveReport report;
  const auto minimize = [&]<class Groups>(Totals<Groups> totals) {
    report = minimize_charges(
        system, totals, newton, tolerance, max_steps,
        [&](auto &, auto &, auto &sums, double, int, SolveReport &) { return dense.minimize(system, totals, sums); });
  };
  if (several.of.empty())
    minimize(Totals<OneGroup>{{}, one_total(0, 0.0), {}, {}});
  else
    minimize(Totals<SeveralGroups>{{several.of.data()}, several.groups, {}, {}});
  std::copy(system.charge.data(), system.charge.data() + n, charges.begin());
  return report;
}
