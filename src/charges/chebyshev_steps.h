// Charge equilibration: Chebyshev steps from auxiliary charges towards the minimum. SPDX-License-Identifier:
// GPL-2.0-only
#ifndef RFMEAM_CHARGES_CHEBYSHEV_STEPS_H
#define RFMEAM_CHARGES_CHEBYSHEV_STEPS_H

#include "shadow_energy.h"
#include "spectrum.h"

namespace rfmeam {

/// r = D (q - n) and x = n
struct BeginChebyshev {
  const int *rows;
  const double *diagonal, *charge, *n;
  double *residual, *x;
  RFMEAM_FUNCTION void operator()(int row) const
  {
    const int i = rows[row];
    residual[i] = diagonal[i] * (charge[i] - n[i]);
    x[i] = n[i];
  }
};
/// p = scale (r - lambda)/D + beta p; x += p
template <class Groups> struct ChebyshevStep {
  Groups groups;
  const int *rows;
  const double *diagonal, *residual;
  double *direction, *x;
  OfGroups<Groups::size> lambda;
  double scale, beta;
  RFMEAM_FUNCTION void operator()(int row) const
  {
    const int i = rows[row];
    direction[i] = scale * (residual[i] - lambda.at[groups.of(i)]) / diagonal[i] + beta * direction[i];
    x[i] += direction[i];
  }
};
/// r -= (D + C) p; sums r/D
template <class Groups> struct ChebyshevResidual {
  Groups groups;
  const int *rows;
  const double *diagonal, *direction, *product;
  double *residual;
  RFMEAM_FUNCTION void operator()(int row, OfGroups<Groups::size> &sum) const
  {
    const int i = rows[row];
    residual[i] -= diagonal[i] * direction[i] + product[i];
    sum.at[groups.of(i)] += residual[i] / diagonal[i];
  }
};

/// x = n + dx, where dx comes near the solution of (D + C) dx = D (q - n) at constant totals: Newton's method for q(n)
/// = n, by a Chebyshev polynomial in 1 + C/D on its spectrum. Of the error of a mode with any eigenvalue between 0 and
/// the top, it takes a fraction between 0 and 2: what stability of n asks for. It is linear in n for quadratic e_i, and
/// needs no scalar products but the one for the totals. One product less than iterations.
template <class Space, class Groups>
void approach_minimum(ChargeSystem<Space> &system, const Totals<Groups> &totals, ShadowVectors<Space> &shadow,
                      const Spectrum &spectrum, int iterations, SolveReport &report)
{
  constexpr double margin = 1.1;    // atoms come closer until the bounds are found again
  Space &space = system.space;
  const int n = system.num_rows, *const rows = system.rows.data();
  double *const diagonal = system.diagonal.data(), *const residual = system.residual.data(),
                *const direction = system.direction.data(), *const product = system.product.data();
  shadow.x.reserve(system.num_owned);
  system.clear(system.direction, system.num_all);
  space.for_each("charges:shadow", n,
                 BeginChebyshev{rows, diagonal, system.charge.data(), shadow.n.data(), residual, shadow.x.data()});

  const double top = margin * spectrum.top, bottom = spectrum.bottom / margin;
  const double middle = 0.5 * (top + bottom), radius = 0.5 * (top - bottom);
  OfGroups<Groups::size> lambda;
  double scale = 1.0 / middle, beta = 0.0, rho = radius / middle;
  for (report.iterations = 1;; report.iterations++) {    // Saad, Iterative Methods for Sparse Linear Systems, alg. 12.1
    space.for_each("charges:shadow", n,
                   ChebyshevStep<Groups>{totals.groups, rows, diagonal, residual, direction, shadow.x.data(), lambda,
                                         scale, beta});
    if (report.iterations == iterations) return;
    space.to_ghosts(system.direction);
    system.multiply();
    report.products++;
    lambda = totals.level(space.template sum<OfGroups<Groups::size>>(
        "charges:shadow", n, ChebyshevResidual<Groups>{totals.groups, rows, diagonal, direction, product, residual}));
    const double next = 1.0 / (2.0 * middle / radius - rho);
    scale = 2.0 * next / radius;
    beta = next * rho;
    rho = next;
  }
}

}    // namespace rfmeam

#endif
