// Charge equilibration: the minimum of the shadow energy. SPDX-License-Identifier: GPL-2.0-only
#ifndef RFMEAM_CHARGES_SHADOW_ENERGY_H
#define RFMEAM_CHARGES_SHADOW_ENERGY_H

#include "minimize_charges.h"

namespace rfmeam {

// The charge energy is E(q) = sum_i e_i(q_i) + ½ q.C q, with C what couples atoms. At auxiliary charges n near its
// minimum, the shadow energy
//
//   E_s(n) = min_{sum(q) = Q} [sum_i e_i(q_i) + ½ (2q - n).C n] = E(q) - ½ (q - n).C (q - n)
//
// needs one product and no iteration: q_i = -(chi_i + (C n)_i + lambda)/D_i, where e_i is quadratic. E_s - E is of
// second order in q - n. (Niklasson and Cawkwell, J. Chem. Phys. 141, 164123 (2014).)

/// n on owned and ghost atoms, x on owned ones.
template <class Space> struct ShadowVectors {
  typename ChargeSystem<Space>::Vector n, x;
};

/// q += (r - lambda)/D; the r that is left is lambda, of which the offset takes care.
struct DiagonalStep {
  const int *rows;
  const double *diagonal;
  double *residual, *charge;
  double lambda;
  RFMEAM_FUNCTION void operator()(int row, ResidualSums &sum) const
  {
    const int i = rows[row];
    charge[i] += (residual[i] - lambda) / diagonal[i];
    residual[i] = 0.0;
    sum.add(residual[i], diagonal[i]);
  }
};

/// Minimises the quadratic model of E(q) without what couples the atoms; arguments as projected_pcg() has them.
template <class Space>
SolveStatus minimize_uncoupled(ChargeSystem<Space> &system, ResidualSums &sums, int max_iterations, int &iterations)
{
  if (!std::isfinite(sums.r_sq)) return SolveStatus::not_finite;
  if (iterations++ == max_iterations) return SolveStatus::max_iterations;
  const double lambda = sums.r_by_d / system.unknowns.inverse_diagonal;
  sums = system.space.template sum<ResidualSums>(
      "charges:shadow", system.num_rows,
      DiagonalStep{system.rows.data(), system.diagonal.data(), system.residual.data(), system.charge.data(), lambda});
  system.offset += lambda;
  return SolveStatus::converged;
}

/// q of the shadow energy, from n in system.charge (set on ghosts), which is left in shadow.n. The diagonal is that at
/// q afterwards, on owned atoms.
template <class Space>
SolveStatus minimize_shadow_energy(ChargeSystem<Space> &system, NewtonVectors<Space> &v, ShadowVectors<Space> &shadow,
                                   SolveReport &report)
{
  Space &space = system.space;
  shadow.n.reserve(system.num_all);
  space.for_each("charges:shadow", system.num_all, CopyElement<double, double>{system.charge.data(), shadow.n.data()});
  system.offset = 0.0;
  system.set_diagonal();
  ResidualSums sums = first_residual(system, v);
  report.products++;

  constexpr int max_iterations = 60;
  int iterations = 0;
  const auto inner = [&](auto &, ResidualSums &left, double, int, SolveReport &) {
    return minimize_uncoupled(system, left, max_iterations, iterations);
  };
  const double rounding = 1e-12 * std::pow(system.unknowns.count, 1.5) / system.unknowns.inverse_diagonal;    // e D
  const SolveStatus status = system.is_quadratic() ? inner(system, sums, 0.0, 0, report)
                                                   : minimize_by_newton(system, v, sums, rounding, 0, report, inner);
  report.chemical_potential = -(sums.r / system.unknowns.count + system.offset);
  return status;
}

}    // namespace rfmeam

#endif
