// Charge equilibration: what a solver tells. SPDX-License-Identifier: GPL-2.0-only
#ifndef RFMEAM_CHARGES_SOLVE_REPORT_H
#define RFMEAM_CHARGES_SOLVE_REPORT_H

#include "charge_groups.h"

namespace rfmeam {

/// without_group: an unknown is in none of the groups, or in several.
enum class SolveStatus { converged, max_iterations, indefinite, not_finite, without_group };

/// What became of a step of shadow dynamics: charges of the shadow energy, or none, because of new or lost unknowns, or
/// because the minimum is too far from the auxiliary charges.
enum class ShadowOutcome { none, followed, other_atoms, too_far };

/// What the conjugate gradients are preconditioned with.
enum class Preconditioner { diagonal, factors };

/// Bounds of the eigenvalues of the charge matrix, preconditioned with its diagonal; 0: not known.
struct Spectrum {
  double bottom = 0.0, top = 0.0;
};

struct SolveReport {
  SolveStatus status = SolveStatus::converged;
  int iterations = 0;
  int products = 0;    ///< with the charge matrix
  double relative_residual = 0.0;
  double mu[max_groups] = {};      ///< mean of dE/dq, of each group
  double max_deviation = 0.0;      ///< max |dE/dq - mu|, mu that of the group: given, where it is held
  double unknowns = 0.0;           ///< on all ranks
  double without_history = 0.0;    ///< unknowns that their guess found no history of

  ShadowOutcome shadow = ShadowOutcome::none;
  double lag = 0.0;     ///< max |x - n| of a step of shadow dynamics, e
  Spectrum spectrum;    ///< that it used

  /// With several groups, of the first.
  [[nodiscard]] double chemical_potential() const { return mu[0]; }
};

}    // namespace rfmeam

#endif
