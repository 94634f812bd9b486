// Charge equilibration: conjugate gradients with sparse factors as preconditioner. SPDX-License-Identifier:
// GPL-2.0-only
#ifndef RFMEAM_CHARGES_FACTORED_PCG_H
#define RFMEAM_CHARGES_FACTORED_PCG_H

#include "projected_pcg.h"
#include "sparse_factors.h"

namespace rfmeam {

/// r -= mean of the group, and a copy of it
template <class Groups> struct CentreResidual {
  Groups groups;
  const int *rows;
  double *residual, *centred;
  OfGroups<Groups::size> mean;
  RFMEAM_FUNCTION void operator()(int row) const
  {
    const int i = rows[row];
    residual[i] -= mean.at[groups.of(i)];
    centred[i] = residual[i];
  }
};

/// r.z, and the sums of z by groups
template <int groups> struct PreconditionedSums {
  double rz = 0.0, z[groups] = {};

  static constexpr int size = groups + 1;
  RFMEAM_FUNCTION PreconditionedSums &operator+=(const PreconditionedSums &o)
  {
    rz += o.rz;
    for (int g = 0; g < groups; g++) z[g] += o.z[g];
    return *this;
  }
};
template <class Groups> struct SumPreconditioned {
  Groups groups;
  const int *rows;
  const double *residual, *preconditioned;
  RFMEAM_FUNCTION void operator()(int row, PreconditionedSums<Groups::size> &sum) const
  {
    const int i = rows[row];
    sum.rz += residual[i] * preconditioned[i];
    sum.z[groups.of(i)] += preconditioned[i];
  }
};

/// p = z - mean + beta p
template <class Groups> struct TurnDirection {
  Groups groups;
  const int *rows;
  const double *preconditioned;
  double *direction;
  OfGroups<Groups::size> mean;
  double beta;
  RFMEAM_FUNCTION void operator()(int row) const
  {
    const int i = rows[row];
    direction[i] = preconditioned[i] - mean.at[groups.of(i)] + beta * direction[i];
  }
};

/// conjugate_gradients() with the preconditioner P G^T G P, where P takes the mean off each group with a total: an
/// application of the factors and a reduction more an iteration.
template <class Space, class Groups>
SolveStatus factored_pcg(ChargeSystem<Space> &system, SparseFactors<Space> &factors, Totals<Groups> &totals,
                         ResidualSums<Groups::size> &sums, double target, int max_iterations, SolveReport &report)
{
  Space &space = system.space;
  const int n = system.num_rows, *const rows = system.rows.data();
  factors.centred.reserve(system.num_all);
  factors.preconditioned.reserve(system.num_all);
  system.clear(factors.centred, system.num_all);
  double *const residual = system.residual.data(), *const direction = system.direction.data(),
                *const centred = factors.centred.data(), *const preconditioned = factors.preconditioned.data();

  const auto turn = [&](const ResidualSums<Groups::size> &now, double previous) {
    const auto mean = totals.mean(now);
    space.for_each("charges:direction", n, CentreResidual<Groups>{totals.groups, rows, residual, centred, mean});
    totals.offset += mean;
    factors.apply(system, factors.centred, factors.preconditioned);
    const auto inner = space.template sum<PreconditionedSums<Groups::size>>(
        "charges:direction", n, SumPreconditioned<Groups>{totals.groups, rows, residual, preconditioned});
    OfGroups<Groups::size> shift;
    for (int g = 0; g < Groups::size; g++)
      if (totals.keeps_total(g)) shift.at[g] = inner.z[g] / totals.unknowns.count[g];
    const double beta = previous > 0.0 ? inner.rz / previous : 0.0;
    space.for_each("charges:direction", n,
                   TurnDirection<Groups>{totals.groups, rows, preconditioned, direction, shift, beta});
    return inner.rz;
  };
  return conjugate_gradients(system, totals, sums, target, max_iterations, report, turn);
}

}    // namespace rfmeam

#endif
