// Charge equilibration: projected, preconditioned conjugate gradients. SPDX-License-Identifier: GPL-2.0-only
#ifndef RFMEAM_CHARGES_PROJECTED_PCG_H
#define RFMEAM_CHARGES_PROJECTED_PCG_H

#include "charge_system.h"
#include "solve_report.h"

#include <algorithm>
#include <cmath>

namespace rfmeam {

/// r -= lambda
struct ShiftResidual {
  const int *rows;
  const double *diagonal;
  double *residual;
  double lambda;
  RFMEAM_FUNCTION void operator()(int row, ResidualSums &sum) const
  {
    const int i = rows[row];
    residual[i] -= lambda;
    sum.add(residual[i], diagonal[i]);
  }
};

/// r -= lambda; p = r/D + beta p
struct SetDirection {
  const int *rows;
  const double *diagonal;
  double *residual, *direction;
  double lambda, beta;
  RFMEAM_FUNCTION void operator()(int row) const
  {
    const int i = rows[row];
    residual[i] -= lambda;
    direction[i] = residual[i] / diagonal[i] + beta * direction[i];
  }
};

/// Completes A p by the diagonal; p . A p
struct Curvature {
  const int *rows;
  const double *diagonal, *direction;
  double *product;
  RFMEAM_FUNCTION void operator()(int row, double &sum) const
  {
    const int i = rows[row];
    product[i] += diagonal[i] * direction[i];
    sum += direction[i] * product[i];
  }
};

/// q += alpha p; r -= alpha A p
struct Step {
  const int *rows;
  const double *diagonal, *direction, *product;
  double *charge, *residual;
  double alpha;
  RFMEAM_FUNCTION void operator()(int row, ResidualSums &sum) const
  {
    const int i = rows[row];
    charge[i] += alpha * direction[i];
    residual[i] -= alpha * product[i];
    sum.add(residual[i], diagonal[i]);
  }
};

/// Norm of the residual without its mean, which is what is left to do at constant sum of charges. If the mean drowns it
/// in the sums, the mean is taken off the residual first and added to system.offset.
template <class Space> double projected_norm(ChargeSystem<Space> &system, ResidualSums &sums)
{
  double mean = sums.r / system.unknowns.count;
  if (sums.r * mean > 0.9999 * sums.r_sq) {
    sums = system.space.template sum<ResidualSums>(
        "charges:shift", system.num_rows,
        ShiftResidual{system.rows.data(), system.diagonal.data(), system.residual.data(), mean});
    system.offset += mean;
    mean = sums.r / system.unknowns.count;
  }
  if (!std::isfinite(sums.r_sq)) return sums.r_sq;
  return std::sqrt(std::max(0.0, sums.r_sq - sums.r * mean));
}

/// Minimises the quadratic model of E(q) at the present charges at constant sum(q), by conjugate gradients with
/// preconditioner D in the subspace sum(dq) = 0 (Gould, Hribar and Nocedal, SIAM J. Sci. Comput. 23 (2001) 1376, with
/// the single constraint eliminated by hand): one product and two reductions an iteration.
///
/// In: charge, diagonal, unknowns, residual and its sums. Out: charge; residual and sums of the model; the report's
/// iterations and products go on. Ends at a projected_norm() <= target, or after max_iterations in the report.
/// Indefinite: p A p <= 0, that is, E has no minimum at constant sum of charges.
template <class Space>
SolveStatus projected_pcg(ChargeSystem<Space> &system, ResidualSums &sums, double target, int max_iterations,
                          SolveReport &report)
{
  Space &space = system.space;
  const int n = system.num_rows, *const rows = system.rows.data();
  double *const diagonal = system.diagonal.data(), *const residual = system.residual.data(),
                *const direction = system.direction.data(), *const product = system.product.data(),
                *const charge = system.charge.data();
  system.clear(system.direction, system.num_all);

  for (double previous = 0.0;; report.iterations++) {
    const double norm = projected_norm(system, sums);
    if (!std::isfinite(norm)) return SolveStatus::not_finite;
    if (norm <= target) return SolveStatus::converged;
    if (report.iterations == max_iterations) return SolveStatus::max_iterations;

    const double lambda = sums.r_by_d / system.unknowns.inverse_diagonal;
    const double rz = sums.r_sq_by_d - lambda * sums.r_by_d;
    const double beta = previous > 0.0 ? rz / previous : 0.0;
    space.for_each("charges:direction", n, SetDirection{rows, diagonal, residual, direction, lambda, beta});
    system.offset += lambda;
    space.to_ghosts(system.direction);
    system.multiply();
    report.products++;

    const double curvature =
        space.template sum<double>("charges:curvature", n, Curvature{rows, diagonal, direction, product});
    if (!std::isfinite(curvature)) return SolveStatus::not_finite;
    if (!(curvature > 0.0)) return SolveStatus::indefinite;
    sums = space.template sum<ResidualSums>("charges:step", n,
                                            Step{rows, diagonal, direction, product, charge, residual, rz / curvature});
    previous = rz;
  }
}

}    // namespace rfmeam

#endif
