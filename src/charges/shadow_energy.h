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
template <class Groups> struct DiagonalStep {
  Groups groups;
  const int *rows;
  const double *diagonal;
  double *residual, *charge;
  OfGroups<Groups::size> lambda;
  RFMEAM_FUNCTION void operator()(int row, ResidualSums<Groups::size> &sum) const
  {
    const int i = rows[row], g = groups.of(i);
    charge[i] += (residual[i] - lambda.at[g]) / diagonal[i];
    residual[i] = 0.0;
    sum.add(g, residual[i], diagonal[i]);
  }
};

/// Minimises the quadratic model of E(q) without what couples the atoms; arguments as projected_pcg() has them.
template <class Space, class Groups>
SolveStatus minimize_uncoupled(ChargeSystem<Space> &system, Totals<Groups> &totals, ResidualSums<Groups::size> &sums,
                               int max_iterations, int &iterations)
{
  if (!std::isfinite(sums.r_sq)) return SolveStatus::not_finite;
  if (iterations++ == max_iterations) return SolveStatus::max_iterations;
  const auto lambda = totals.level(sums);
  sums = system.space.template sum<ResidualSums<Groups::size>>(
      "charges:shadow", system.num_rows,
      DiagonalStep<Groups>{totals.groups, system.rows.data(), system.diagonal.data(), system.residual.data(),
                           system.charge.data(), lambda});
  totals.offset += lambda;
  return SolveStatus::converged;
}

/// q of the shadow energy, from n in system.charge (set on ghosts), which is left in shadow.n. The diagonal is that at
/// q afterwards, on owned atoms.
template <class Space, class Groups>
SolveStatus minimize_shadow_energy(ChargeSystem<Space> &system, Totals<Groups> &totals, NewtonVectors<Space> &v,
                                   ShadowVectors<Space> &shadow, SolveReport &report)
{
  Space &space = system.space;
  shadow.n.reserve(system.num_all);
  space.for_each("charges:shadow", system.num_all, CopyElement<double, double>{system.charge.data(), shadow.n.data()});
  totals.offset = {};
  set_diagonal(system, totals);
  auto sums = first_residual(system, totals, v);
  report.products++;

  constexpr int max_iterations = 60;
  int iterations = 0;
  const auto inner = [&](auto &, auto &, auto &left, double, int, SolveReport &) {
    return minimize_uncoupled(system, totals, left, max_iterations, iterations);
  };
  double inverse_diagonal = 0.0;
  for (const double sum : totals.unknowns.inverse_diagonal) inverse_diagonal += sum;
  const double rounding = 1e-12 * std::pow(totals.num_unknowns(), 1.5) / inverse_diagonal;    // e D
  const SolveStatus status = system.is_quadratic()
      ? inner(system, totals, sums, 0.0, 0, report)
      : minimize_by_newton(system, totals, v, sums, rounding, 0, report, inner);
  totals.report_potentials(sums, report);
  return status;
}

}    // namespace rfmeam

#endif
