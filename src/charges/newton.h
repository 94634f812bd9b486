// Charge equilibration: Newton's method, for terms that are not quadratic. SPDX-License-Identifier: GPL-2.0-only
#ifndef RFMEAM_CHARGES_NEWTON_H
#define RFMEAM_CHARGES_NEWTON_H

#include "charge_system.h"

#include <algorithm>
#include <cmath>

namespace rfmeam {

/// One step of Newton's method, from charge0 along step = dq with the change of -dE/dq that the quadratic model
/// predicts, change = R_model(1) - R(0), where R = residual + offset. The model has the curvature of the bent terms,
/// those that are not quadratic, at charge0; with their gradient at the trial charges the true residual follows without
/// a product: R(alpha) = R(0) + alpha (change + curvature dq) - (bent(alpha) - bent(0)).
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
template <class Space> double newton_step_length(ChargeSystem<Space> &system, NewtonVectors<Space> &v, NewtonStep step)
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

}    // namespace rfmeam

#endif
