// Charge equilibration: one step of shadow dynamics. SPDX-License-Identifier: GPL-2.0-only
#ifndef RFMEAM_CHARGES_FOLLOW_MINIMUM_H
#define RFMEAM_CHARGES_FOLLOW_MINIMUM_H

#include "chebyshev_steps.h"

namespace rfmeam {

/// What a step of shadow dynamics takes, beside the charges.
struct ShadowStep {
  int iterations = 0;          ///< Chebyshev steps from n to x, as many products; 0: no shadow dynamics, a full solve
  Spectrum spectrum;           ///< of 1 + C/D, as the report of an earlier step has it; a bound that is 0 is found
  double unknowns = 0.0;       ///< how many there were before, on all ranks
  double largest_lag = 0.0;    ///< largest |x - n| (e) at which n is taken for near enough
};

/// out = a - b
struct Subtract {
  const double *a, *b;
  double *out;
  RFMEAM_FUNCTION void operator()(int i) const { out[i] = a[i] - b[i]; }
};

/// |a - b|
struct LargestDifference {
  const int *rows;
  const double *a, *b;
  RFMEAM_FUNCTION void operator()(int row, double &largest) const
  {
    const double difference = std::fabs(a[rows[row]] - b[rows[row]]);
    if (!(difference <= largest)) largest = difference;
  }
};
/// |D (q - n)|
struct LargestGradient {
  const int *rows;
  const double *diagonal, *charge, *n;
  RFMEAM_FUNCTION void operator()(int row, double &largest) const
  {
    const int i = rows[row];
    const double gradient = std::fabs(diagonal[i] * (charge[i] - n[i]));
    if (!(gradient <= largest)) largest = gradient;
  }
};

/// One step of shadow dynamics from n in system.charge (set on ghosts): q there, n and x in shadow. What the report
/// says of deviations is that of n.
template <class Space, class Groups>
SolveReport follow_minimum(ChargeSystem<Space> &system, Totals<Groups> &totals, NewtonVectors<Space> &newton,
                           ShadowVectors<Space> &shadow, const ShadowStep &step)
{
  SolveReport report;
  Space &space = system.space;
  const int n = system.num_rows, *const rows = system.rows.data();
  report.spectrum = find_spectrum(system, totals, shadow.x, step.spectrum, report.products);
  report.status = minimize_shadow_energy(system, totals, newton, shadow, report);
  if (report.status != SolveStatus::converged) return report;
  const double *const q = system.charge.data(), *const auxiliary = shadow.n.data();
  report.max_deviation =
      space.largest("charges:shadow", n, LargestGradient{rows, system.diagonal.data(), q, auxiliary});
  approach_minimum(system, totals, shadow, report.spectrum, step.iterations, report);
  report.lag = space.largest("charges:shadow", n, LargestDifference{rows, shadow.x.data(), auxiliary});
  report.shadow = report.lag <= step.largest_lag ? ShadowOutcome::followed : ShadowOutcome::too_far;
  return report;
}

}    // namespace rfmeam

#endif
