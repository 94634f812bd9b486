// Charge equilibration: projected, preconditioned conjugate gradients. SPDX-License-Identifier: GPL-2.0-only
#ifndef RFMEAM_CHARGES_PROJECTED_PCG_H
#define RFMEAM_CHARGES_PROJECTED_PCG_H

#include "totals.h"

#include <algorithm>
#include <cmath>

namespace rfmeam {

/// r -= lambda of the group
template <class Groups> struct ShiftResidual {
  Groups groups;
  const int *rows;
  const double *diagonal;
  double *residual;
  OfGroups<Groups::size> lambda;
  RFMEAM_FUNCTION void operator()(int row, ResidualSums<Groups::size> &sum) const
  {
    const int i = rows[row], g = groups.of(i);
    residual[i] -= lambda.at[g];
    sum.add(g, residual[i], diagonal[i]);
  }
};

/// r -= lambda; p = r/D + beta p
template <class Groups> struct SetDirection {
  Groups groups;
  const int *rows;
  const double *diagonal;
  double *residual, *direction;
  OfGroups<Groups::size> lambda;
  double beta;
  RFMEAM_FUNCTION void operator()(int row) const
  {
    const int i = rows[row];
    residual[i] -= lambda.at[groups.of(i)];
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
template <class Groups> struct Step {
  Groups groups;
  const int *rows;
  const double *diagonal, *direction, *product;
  double *charge, *residual;
  double alpha;
  RFMEAM_FUNCTION void operator()(int row, ResidualSums<Groups::size> &sum) const
  {
    const int i = rows[row];
    charge[i] += alpha * direction[i];
    residual[i] -= alpha * product[i];
    sum.add(groups.of(i), residual[i], diagonal[i]);
  }
};

/// Norm of the residual without the mean of each group with a total, which is what is left to do at constant sums of
/// charges. If the means drown it in the sums, they are taken off the residual first and added to totals.offset.
template <class Space, class Groups>
double projected_norm(ChargeSystem<Space> &system, Totals<Groups> &totals, ResidualSums<Groups::size> &sums)
{
  auto mean = totals.mean(sums);
  if (totals.part_of_mean(sums, mean) > 0.9999 * sums.r_sq) {
    sums = system.space.template sum<ResidualSums<Groups::size>>(
        "charges:shift", system.num_rows,
        ShiftResidual<Groups>{totals.groups, system.rows.data(), system.diagonal.data(), system.residual.data(), mean});
    totals.offset += mean;
    mean = totals.mean(sums);
  }
  if (!std::isfinite(sums.r_sq)) return sums.r_sq;
  return std::sqrt(std::max(0.0, sums.r_sq - totals.part_of_mean(sums, mean)));
}

/// Minimises the quadratic model of E(q) at the present charges at constant totals, by conjugate gradients: one product
/// and two reductions an iteration, beside those of turn(sums, previous). That takes off the residual what no direction
/// may follow, adds it to totals.offset, makes p = z + beta p of z, the residual preconditioned in the subspace where
/// the changes of each group with a total add up to 0, and returns r.z; beta = r.z/previous, 0 at first (previous = 0).
///
/// In: charge, diagonal, unknowns, residual and its sums. Out: charge; residual and sums of the model; the report's
/// iterations and products go on. Ends at a projected_norm() <= target, or after max_iterations in the report.
/// Indefinite: p A p <= 0, that is, E has no minimum at constant totals.
template <class Space, class Groups, class Turn>
SolveStatus conjugate_gradients(ChargeSystem<Space> &system, Totals<Groups> &totals, ResidualSums<Groups::size> &sums,
                                double target, int max_iterations, SolveReport &report, const Turn &turn)
{
  Space &space = system.space;
  const int n = system.num_rows, *const rows = system.rows.data();
  const double *const diagonal = system.diagonal.data(), *const direction = system.direction.data();
  double *const residual = system.residual.data(), *const product = system.product.data(),
                *const charge = system.charge.data();
  system.clear(system.direction, system.num_all);

  for (double previous = 0.0;; report.iterations++) {
    const double norm = projected_norm(system, totals, sums);
    if (!std::isfinite(norm)) return SolveStatus::not_finite;
    if (norm <= target) return SolveStatus::converged;
    if (report.iterations == max_iterations) return SolveStatus::max_iterations;

    const double rz = turn(sums, previous);
    space.to_ghosts(system.direction);
    system.multiply();
    report.products++;

    const double curvature =
        space.template sum<double>("charges:curvature", n, Curvature{rows, diagonal, direction, product});
    if (!std::isfinite(curvature)) return SolveStatus::not_finite;
    if (!(curvature > 0.0)) return SolveStatus::indefinite;
    sums = space.template sum<ResidualSums<Groups::size>>(
        "charges:step", n,
        Step<Groups>{totals.groups, rows, diagonal, direction, product, charge, residual, rz / curvature});
    previous = rz;
  }
}

/// conjugate_gradients() with preconditioner D (Gould, Hribar and Nocedal, SIAM J. Sci. Comput. 23 (2001) 1376, with
/// the constraints, which share no unknowns, eliminated by hand).
template <class Space, class Groups>
SolveStatus projected_pcg(ChargeSystem<Space> &system, Totals<Groups> &totals, ResidualSums<Groups::size> &sums,
                          double target, int max_iterations, SolveReport &report)
{
  const auto turn = [&](const ResidualSums<Groups::size> &now, double previous) {
    const auto lambda = totals.level(now);
    const double rz = totals.preconditioned_square(now, lambda);
    const double beta = previous > 0.0 ? rz / previous : 0.0;
    system.space.for_each("charges:direction", system.num_rows,
                          SetDirection<Groups>{totals.groups, system.rows.data(), system.diagonal.data(),
                                               system.residual.data(), system.direction.data(), lambda, beta});
    totals.offset += lambda;
    return rz;
  };
  return conjugate_gradients(system, totals, sums, target, max_iterations, report, turn);
}

}    // namespace rfmeam

#endif
