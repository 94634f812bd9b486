// Charge equilibration: the minimum of E(q). SPDX-License-Identifier: GPL-2.0-only
#ifndef RFMEAM_CHARGES_MINIMIZE_CHARGES_H
#define RFMEAM_CHARGES_MINIMIZE_CHARGES_H

#include "newton.h"
#include "projected_pcg.h"

#include <algorithm>
#include <cmath>

namespace rfmeam {

struct ClearRow {
  const int *rows;
  double *out;
  RFMEAM_FUNCTION void operator()(int row) const { out[rows[row]] = 0.0; }
};
struct SquareOfRow {
  const int *rows;
  const double *vector;
  RFMEAM_FUNCTION void operator()(int row, double &sum) const { sum += vector[rows[row]] * vector[rows[row]]; }
};
struct AddRow {
  const int *rows;
  const double *from;
  double *to;
  RFMEAM_FUNCTION void operator()(int row) const { to[rows[row]] += from[rows[row]]; }
};

/// b = dE/dq of the quadratic terms at uncharged unknowns, in system.product; uses system.direction.
template <class Space> void linear_coefficients(ChargeSystem<Space> &system)
{
  double *const sources = system.direction.data();
  if (system.has_sources) {
    system.space.for_each("charges:sources", system.num_owned,
                          CopyElement<double, double>{system.charge.data(), sources});
    system.space.for_each("charges:sources", system.num_rows, ClearRow{system.rows.data(), sources});
    system.space.to_ghosts(system.direction);
  } else
    system.clear(system.direction, system.num_all);
  system.gradient(system.direction, system.product, system.has_sources);
}

/// Repeats Newton's method until |r - mean(r)| <= target, from the residual and sums at the present charges; inner
/// minimises the quadratic models.
template <class Space, class Groups, class Inner>
SolveStatus minimize_by_newton(ChargeSystem<Space> &system, Totals<Groups> &totals, NewtonVectors<Space> &v,
                               ResidualSums<Groups::size> &sums, double target, int max_iterations, SolveReport &report,
                               Inner &&inner)
{
  Space &space = system.space;
  const int n = system.num_rows, *const rows = system.rows.data();
  const auto shift_residual = [&](const OfGroups<Groups::size> &lambda) {
    sums = space.template sum<ResidualSums<Groups::size>>(
        "charges:shift", n,
        ShiftResidual<Groups>{totals.groups, rows, system.diagonal.data(), system.residual.data(), lambda});
  };
  for (;;) {
    const double left = projected_norm(system, totals, sums);
    if (!std::isfinite(left)) return SolveStatus::not_finite;
    if (left <= target) return SolveStatus::converged;

    const auto offset = totals.offset;
    std::swap(v.bent, v.bent0);
    std::swap(v.curvature, v.curvature0);
    space.for_each("charges:newton", system.num_owned,
                   CopyElement<double, double>{system.charge.data(), v.charge0.data()});
    space.for_each("charges:newton", system.num_owned,
                   CopyElement<double, double>{system.residual.data(), v.residual0.data()});
    const SolveStatus status = inner(system, totals, sums, std::max(0.5 * target, 0.02 * left), max_iterations, report);
    if (status == SolveStatus::indefinite || status == SolveStatus::not_finite) return status;
    shift_residual(offset - totals.offset);    // on the offset from before, so that it can be compared
    totals.offset = offset;

    NewtonStep step = {rows,
                       system.charge.data(),
                       system.residual.data(),
                       v.charge0.data(),
                       v.residual0.data(),
                       v.bent0.data(),
                       v.curvature0.data(),
                       v.bent.data(),
                       v.step.data(),
                       v.change.data(),
                       0.0};
    space.for_each("charges:newton", n, BeginNewton{step});
    step.alpha = newton_step_length(system, v, step);
    space.for_each("charges:newton", n, EndNewton{step});
    set_diagonal(system, totals);
    shift_residual({});
    if (status == SolveStatus::max_iterations && projected_norm(system, totals, sums) > target) return status;
  }
}

/// Where a minimisation begins: the residual at the charges of the system (set on ghosts), with offset 0 and the
/// diagonal set; in v the bent terms, if E is not quadratic. One product.
template <class Space, class Groups>
ResidualSums<Groups::size> first_residual(ChargeSystem<Space> &system, const Totals<Groups> &totals,
                                          NewtonVectors<Space> &v)
{
  const int n = system.num_rows, *const rows = system.rows.data();
  system.gradient(system.charge, system.product);
  if (!system.is_quadratic()) {
    v.reserve(system.num_owned);
    system.bend(system.charge, v.bent, v.curvature);
    system.space.for_each("charges:bent", n, AddRow{rows, v.bent.data(), system.product.data()});
  }
  return system.space.template sum<ResidualSums<Groups::size>>(
      "charges:residual", n,
      SetResidual<Groups>{totals.groups, rows, system.product.data(), system.diagonal.data(), system.residual.data()});
}

/// Minimises E(q) over the unknowns at constant totals, from the charges of the system (set on ghosts). Where E is not
/// quadratic, by Newton's method; inner(system, totals, sums, target, max_iterations, report) minimises the quadratic
/// models. Converged: |r - mean(r)| <= tolerance |b|, or tolerance alone, if b = 0.
template <class Space, class Groups, class Inner>
SolveReport minimize_charges(ChargeSystem<Space> &system, Totals<Groups> &totals, NewtonVectors<Space> &v,
                             double tolerance, int max_iterations, Inner &&inner)
{
  SolveReport report;
  Space &space = system.space;
  const int n = system.num_rows, *const rows = system.rows.data();
  totals.offset = {};
  set_diagonal(system, totals);
  if (totals.num_unknowns() == 0.0) return report;

  linear_coefficients(system);
  const double b_sq = space.template sum<double>("charges:norm", n, SquareOfRow{rows, system.product.data()});
  const double norm = b_sq > 0.0 ? std::sqrt(b_sq) : 1.0;
  const double target = tolerance * norm;

  auto sums = first_residual(system, totals, v);
  report.products = 1;
  report.status = system.is_quadratic()
      ? inner(system, totals, sums, target, max_iterations, report)
      : minimize_by_newton(system, totals, v, sums, target, max_iterations, report, inner);

  report.relative_residual = projected_norm(system, totals, sums) / norm;
  totals.report_potentials(sums, report);
  report.max_deviation = largest_deviation(system, totals, sums);
  return report;
}

}    // namespace rfmeam

#endif
