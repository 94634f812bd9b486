// Projected, preconditioned conjugate gradients for charge equilibration. SPDX-License-Identifier: GPL-2.0-only
#ifndef LMP_PROJECTED_PCG_H
#define LMP_PROJECTED_PCG_H

#include "../rfmeam/config.h"

#include <algorithm>
#include <cmath>

namespace LAMMPS_NS {

/// Sums over all unknowns of all ranks, with r the negative gradient -dE/dq and D the diagonal of the matrix.
struct ResidualSums {
  double r = 0.0, r_sq = 0.0, r_by_d = 0.0, r_sq_by_d = 0.0;

  /// For reductions that treat the sums as an array.
  static constexpr int size = 4;

  RFMEAM_FUNCTION void add(double residual, double diagonal)
  {
    const double by_d = residual / diagonal;
    r += residual, r_sq += residual * residual;
    r_by_d += by_d, r_sq_by_d += residual * by_d;
  }
  RFMEAM_FUNCTION ResidualSums &operator+=(const ResidualSums &o)
  {
    r += o.r, r_sq += o.r_sq, r_by_d += o.r_by_d, r_sq_by_d += o.r_sq_by_d;
    return *this;
  }
};

enum class SolveStatus { converged, max_iterations, indefinite, not_finite };

struct SolveReport {
  SolveStatus status = SolveStatus::converged;
  int iterations = 0;
  int products = 0;    ///< with the charge matrix
  double relative_residual = 0.0;
  double chemical_potential = 0.0;    ///< mu, mean of dE/dq
  double max_deviation = 0.0;         ///< max |dE/dq - mu|
};

/// Minimises E(q) = b.q + q^T A q / 2 at constant sum(q), from the charges the system holds, by conjugate gradients
/// with preconditioner D in the subspace sum(dq) = 0 (Gould, Hribar and Nocedal, SIAM J. Sci. Comput. 23 (2001)
/// 1376, with the single constraint eliminated by hand): one solve, one product and two reductions an iteration.
///
/// System does the vector work on its memory and its ranks:
///   double num_unknowns(), inverse_diagonal_sum()     n, sum 1/D
///   double rhs_norm()                                 |b|
///   ResidualSums residual()                           r = -(b + A q)
///   ResidualSums shift(double lambda)                 r -= lambda
///   void direction(double lambda, double beta)        r -= lambda; p = r/D + beta p
///   double curvature()                                p^T A p; keeps A p
///   ResidualSums update(double alpha)                 q += alpha p; r -= alpha A p
///   double max_deviation(double mean)                 max |r - mean|
///
/// Converged: |r - mean(r)| <= tolerance |b| (tolerance alone if b = 0). Indefinite: p^T A p <= 0, that is, E has
/// no minimum at constant total charge.
template <class System> SolveReport projected_pcg(System &system, double tolerance, int max_iterations)
{
  SolveReport report;
  const double n = system.num_unknowns();
  if (n == 0.0) return report;
  const double weight = system.inverse_diagonal_sum();
  const double norm = system.rhs_norm() > 0.0 ? system.rhs_norm() : 1.0;

  ResidualSums sums = system.residual();
  report.products = 1;
  double offset = 0.0, mean = 0.0, previous = 0.0;    // residual = r + offset
  for (;; report.iterations++) {
    mean = sums.r / n;
    if (sums.r * mean > 0.9999 * sums.r_sq) {    // in the sums the mean drowns what matters
      sums = system.shift(mean);
      offset += mean;
      mean = sums.r / n;
    }
    report.relative_residual = std::sqrt(std::max(0.0, sums.r_sq - sums.r * mean)) / norm;
    if (!std::isfinite(sums.r_sq)) {
      report.status = SolveStatus::not_finite;
      break;
    }
    if (report.relative_residual <= tolerance) break;
    if (report.iterations == max_iterations) {
      report.status = SolveStatus::max_iterations;
      break;
    }
    const double lambda = sums.r_by_d / weight;
    const double rz = sums.r_sq_by_d - lambda * sums.r_by_d;
    system.direction(lambda, report.iterations == 0 ? 0.0 : rz / previous);
    offset += lambda;

    const double curvature = system.curvature();
    report.products++;
    if (!(curvature > 0.0)) {
      report.status = std::isfinite(curvature) ? SolveStatus::indefinite : SolveStatus::not_finite;
      break;
    }
    sums = system.update(rz / curvature);
    previous = rz;
  }
  report.chemical_potential = -(mean + offset);
  report.max_deviation = system.max_deviation(mean);
  return report;
}

}    // namespace LAMMPS_NS

#endif
