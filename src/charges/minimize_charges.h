// Charge equilibration: the minimum of E(q). SPDX-License-Identifier: GPL-2.0-only
#ifndef RFMEAM_CHARGES_MINIMIZE_CHARGES_H
#define RFMEAM_CHARGES_MINIMIZE_CHARGES_H

#include "charge_system.h"
#include "projected_pcg.h"
#include "solve_report.h"

#include <algorithm>
#include <cmath>

namespace rfmeam {

/// A copy of the charges with the unknowns at 0.
struct KeepSources {
  const double *charge;
  double *out;
  RFMEAM_FUNCTION void operator()(int i) const { out[i] = charge[i]; }
};
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
    system.space.for_each("charges:sources", system.num_owned, KeepSources{system.charge.data(), sources});
    system.space.for_each("charges:sources", system.num_rows, ClearRow{system.rows.data(), sources});
    system.space.to_ghosts(system.direction);
  } else
    system.clear(system.direction, system.num_all);
  system.gradient(system.direction, system.product, system.has_sources);
}

// ---- Newton's method, for terms that are not quadratic

/// One step of Newton's method, from charge0 along step = dq with the change of -dE/dq that the quadratic model
/// predicts, change = R_model(1) - R(0), where R = residual + offset. The model has the curvature of the bent terms, those
/// that are not quadratic, at charge0; with their gradient at the trial charges the true residual follows without a
/// product: R(alpha) = R(0) + alpha (change + curvature dq) - (bent(alpha) - bent(0)).
struct NewtonStep {
  const int *rows;
  double *charge, *residual;
  const double *charge0, *residual0, *bent0, *curvature0, *bent;
  double *step, *change;
  double alpha;

  RFMEAM_FUNCTION double slope(int i) const
  {
    return step[i] * (-residual0[i] - alpha * (change[i] + curvature0[i] * step[i]) + bent[i] - bent0[i]);
  }
  /// dE/dalpha at constant sum of charges
  RFMEAM_FUNCTION void operator()(int row, double &sum) const { sum += slope(rows[row]); }
};

struct BeginNewton : NewtonStep {
  RFMEAM_FUNCTION void operator()(int row) const
  {
    const int i = rows[row];
    change[i] = residual[i] - residual0[i];
    step[i] = charge[i] - charge0[i];
  }
};
struct TryNewton : NewtonStep {
  RFMEAM_FUNCTION void operator()(int row) const
  {
    const int i = rows[row];
    charge[i] = charge0[i] + alpha * step[i];
  }
};
struct EndNewton : NewtonStep {
  RFMEAM_FUNCTION void operator()(int row) const
  {
    const int i = rows[row];
    residual[i] = residual0[i] + alpha * (change[i] + curvature0[i] * step[i]) - (bent[i] - bent0[i]);
  }
};

/// What Newton's method keeps between steps: all of length num_owned.
template <class Space> struct NewtonVectors {
  typename ChargeSystem<Space>::Vector charge0, residual0, bent0, curvature0, bent, curvature, step, change;

  void reserve(int n)
  {
    for (auto *v : {&charge0, &residual0, &bent0, &curvature0, &bent, &curvature, &step, &change}) v->reserve(n);
  }
};

/// Finds alpha in (0, 1] where the energy along the step has nearly no slope, or 1, if it falls until there or rises
/// little. The terms are convex, so that the energy at the place found is lower than at 0. Leaves the trial charges and
/// vectors.bent at alpha.
template <class Space>
double newton_step_length(ChargeSystem<Space> &system, NewtonVectors<Space> &v, NewtonStep step)
{
  constexpr double flat = 0.1;
  const auto slope_at = [&](double alpha) {
    step.alpha = alpha;
    system.space.for_each("charges:newton", system.num_rows, TryNewton{step});
    system.bend(system.charge, v.bent, v.curvature);
    return system.space.template sum<double>("charges:newton", system.num_rows, step);
  };
  const double start = slope_at(0.0);
  double low = 0.0, high = 1.0, alpha = 1.0, slope = slope_at(alpha), slope_low = start, slope_high = slope;
  for (int n = 0; n < 40 && !(slope <= flat * std::fabs(start) && (alpha == 1.0 || -slope <= flat * std::fabs(start)));
       n++) {
    (slope > 0.0 ? high : low) = alpha;
    (slope > 0.0 ? slope_high : slope_low) = slope;
    const double secant = low - slope_low * (high - low) / (slope_high - slope_low);
    const double margin = 0.1 * (high - low);
    alpha = n % 3 == 2 ? 0.5 * (low + high) : std::clamp(secant, low + margin, high - margin);
    slope = slope_at(alpha);
  }
  return alpha;
}

/// Minimises E(q) over the unknowns at constant sum, from the charges of the system (set on ghosts). Where E is not
/// quadratic, by Newton's method; inner(system, sums, target, max_iterations, report) minimises the quadratic models.
/// Converged: |r - mean(r)| <= tolerance |b|, or tolerance alone, if b = 0.
template <class Space, class Inner>
SolveReport minimize_charges(ChargeSystem<Space> &system, NewtonVectors<Space> &v, double tolerance,
                             int max_iterations, Inner &&inner)
{
  SolveReport report;
  Space &space = system.space;
  const int n = system.num_rows, *const rows = system.rows.data();
  const bool quadratic = system.is_quadratic();
  system.offset = 0.0;
  system.set_diagonal();
  if (system.unknowns.count == 0.0) return report;

  linear_coefficients(system);
  const double b_sq = space.template sum<double>("charges:norm", n, SquareOfRow{rows, system.product.data()});
  const double norm = b_sq > 0.0 ? std::sqrt(b_sq) : 1.0;
  const double target = tolerance * norm;

  system.gradient(system.charge, system.product);
  report.products = 1;
  if (!quadratic) {
    v.reserve(system.num_owned);
    system.bend(system.charge, v.bent, v.curvature);
    space.for_each("charges:bent", n, AddRow{rows, v.bent.data(), system.product.data()});
  }
  ResidualSums sums = space.template sum<ResidualSums>(
      "charges:residual", n,
      SetResidual{rows, system.product.data(), system.diagonal.data(), system.residual.data()});

  if (quadratic)
    report.status = inner(system, sums, target, max_iterations, report);
  else
    for (;;) {
      const double left = projected_norm(system, sums);
      if (!std::isfinite(left)) report.status = SolveStatus::not_finite;
      if (!(left > target)) break;
      const double offset = system.offset;
      std::swap(v.bent, v.bent0);
      std::swap(v.curvature, v.curvature0);
      space.for_each("charges:newton", system.num_owned, KeepSources{system.charge.data(), v.charge0.data()});
      space.for_each("charges:newton", system.num_owned, KeepSources{system.residual.data(), v.residual0.data()});
      const SolveStatus status = inner(system, sums, std::max(0.5 * target, 0.02 * left), max_iterations, report);
      if (status == SolveStatus::indefinite || status == SolveStatus::not_finite) {
        report.status = status;
        break;
      }
      // the model's residual on the offset from before, so that it can be compared
      sums = space.template sum<ResidualSums>(
          "charges:shift", n,
          ShiftResidual{rows, system.diagonal.data(), system.residual.data(), offset - system.offset});
      system.offset = offset;

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
      system.set_diagonal();
      sums = space.template sum<ResidualSums>("charges:shift", n,
                                              ShiftResidual{rows, system.diagonal.data(), system.residual.data(), 0.0});
      if (status == SolveStatus::max_iterations) {
        if (projected_norm(system, sums) > target) report.status = status;
        break;
      }
    }

  const double left = projected_norm(system, sums), mean = sums.r / system.unknowns.count;
  report.relative_residual = left / norm;
  report.chemical_potential = -(mean + system.offset);
  report.max_deviation = system.largest_deviation(mean);
  return report;
}

}    // namespace rfmeam

#endif
