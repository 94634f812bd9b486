// Dense charge equilibration, the reference for the iterative solver. SPDX-License-Identifier: GPL-2.0-only
#ifndef LMP_DENSE_CHARGE_SOLVER_H
#define LMP_DENSE_CHARGE_SOLVER_H

#include <vector>

namespace LAMMPS_NS {

/// Minimum of b.q + q^T A q / 2 at sum(q) = total.
struct DenseSolution {
  bool positive_definite;    ///< A on sum(dq) = 0; if not, the rest is empty
  std::vector<double> charges;
  double chemical_potential = 0.0;
  double max_deviation = 0.0;    ///< max |dE/dq - mu|
};

/// matrix is n x n and symmetric, b has length n >= 1. Cost n^3, memory 2 n^2.
DenseSolution solve_dense_charges(const std::vector<double> &matrix, const std::vector<double> &b, double total);

}    // namespace LAMMPS_NS

#endif
