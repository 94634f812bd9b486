// Charge equilibration: what a solver tells. SPDX-License-Identifier: GPL-2.0-only
#ifndef RFMEAM_CHARGES_SOLVE_REPORT_H
#define RFMEAM_CHARGES_SOLVE_REPORT_H

namespace rfmeam {

enum class SolveStatus { converged, max_iterations, indefinite, not_finite };

struct SolveReport {
  SolveStatus status = SolveStatus::converged;
  int iterations = 0;
  int products = 0;    ///< with the charge matrix
  double relative_residual = 0.0;
  double chemical_potential = 0.0;    ///< mu, mean of dE/dq
  double max_deviation = 0.0;         ///< max |dE/dq - mu|
};

}    // namespace rfmeam

#endif
