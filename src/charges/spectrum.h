// Charge equilibration: bounds of the preconditioned charge matrix. SPDX-License-Identifier: GPL-2.0-only
#ifndef RFMEAM_CHARGES_SPECTRUM_H
#define RFMEAM_CHARGES_SPECTRUM_H

#include "projected_pcg.h"

#include <vector>

namespace rfmeam {

struct SetRow {
  const int *rows;
  double *out;
  double value;
  RFMEAM_FUNCTION void operator()(int row) const { out[rows[row]] = value; }
};
/// 1 + (|C| 1)_i/D_i
struct LargestRowSum {
  const int *rows;
  const double *product, *diagonal;
  RFMEAM_FUNCTION void operator()(int row, double &largest) const
  {
    const int i = rows[row];
    const double sum = 1.0 + product[i] / diagonal[i];
    if (!(sum <= largest)) largest = sum;
  }
};

/// Upper bound of the eigenvalues of 1 + C/D: the largest sum of absolute values of a row. D without what is not
/// quadratic, which can only make it larger.
template <class Space> double spectrum_top(ChargeSystem<Space> &system)
{
  Space &space = system.space;
  const int n = system.num_rows, *const rows = system.rows.data();
  system.clear(system.direction, system.num_all);
  space.for_each("charges:spectrum", n, SetRow{rows, system.direction.data(), 1.0});
  space.to_ghosts(system.direction);
  system.multiply_absolute();
  system.clear(system.diagonal, system.num_owned);
  for (auto *term : system.terms)
    if (term->is_quadratic()) term->add_diagonal(space, system.charge, system.diagonal);
  return space.largest("charges:spectrum", n, LargestRowSum{rows, system.product.data(), system.diagonal.data()});
}

/// The smallest eigenvalue of the symmetric tridiagonal matrix that conjugate gradients with these step lengths and
/// ratios beta (one less) make of theirs, by bisection. Its eigenvalues are all positive.
inline double smallest_ritz_value(const std::vector<double> &step, const std::vector<double> &beta)
{
  const auto diagonal = [&](std::size_t k) { return 1.0 / step[k] + (k > 0 ? beta[k - 1] / step[k - 1] : 0.0); };
  const auto any_below = [&](double x) {    // a pivot of the matrix - x is negative
    double pivot = 0.0;
    for (std::size_t k = 0; k < step.size(); k++) {
      const double off_sq = k > 0 ? beta[k - 1] / (step[k - 1] * step[k - 1]) : 0.0;
      pivot = diagonal(k) - x - (k > 0 ? off_sq / pivot : 0.0);
      if (!(pivot > 0.0)) return true;
    }
    return false;
  };
  double low = 0.0, high = diagonal(0);
  for (int n = 0; n < 50; n++) {
    const double middle = 0.5 * (low + high);
    (any_below(middle) ? high : low) = middle;
  }
  return high;
}

/// r = D n
template <class Groups> struct SetLanczosVector {
  Groups groups;
  const int *rows;
  const double *diagonal, *n;
  double *residual;
  RFMEAM_FUNCTION void operator()(int row, ResidualSums<Groups::size> &sum) const
  {
    const int i = rows[row];
    residual[i] = diagonal[i] * n[i];
    sum.add(groups.of(i), residual[i], diagonal[i]);
  }
};

/// The lowest eigenvalue of 1 + C/D at constant totals, as Lanczos' method finds it in a few steps from the charges of
/// the system, which are near the lowest mode in a salt: from above, to some per cent. 0 if it finds none. The diagonal
/// is set; `unused` is what the conjugate gradients make of charges.
template <class Space, class Groups>
double spectrum_bottom(ChargeSystem<Space> &system, const Totals<Groups> &totals,
                       typename ChargeSystem<Space>::Vector &unused, int &products)
{
  constexpr int steps = 12;
  Space &space = system.space;
  const int n = system.num_rows, *const rows = system.rows.data();
  double *const diagonal = system.diagonal.data(), *const residual = system.residual.data(),
                *const direction = system.direction.data(), *const product = system.product.data();
  unused.reserve(system.num_owned);
  system.clear(unused, system.num_owned);
  system.clear(system.direction, system.num_all);
  auto sums = space.template sum<ResidualSums<Groups::size>>(
      "charges:spectrum", n, SetLanczosVector<Groups>{totals.groups, rows, diagonal, system.charge.data(), residual});
  std::vector<double> step, ratio;
  for (double first = 0.0, previous = 0.0;;) {
    const auto lambda = totals.level(sums);
    const double rz = totals.preconditioned_square(sums, lambda);
    if (step.empty()) first = sums.r_sq_by_d;
    if (!(rz > 1e-14 * first) || static_cast<int>(step.size()) == steps) break;
    if (!step.empty()) ratio.push_back(rz / previous);
    space.for_each("charges:spectrum", n,
                   SetDirection<Groups>{totals.groups, rows, diagonal, residual, direction, lambda,
                                        step.empty() ? 0.0 : ratio.back()});
    space.to_ghosts(system.direction);
    system.multiply();
    products++;
    const double curvature =
        space.template sum<double>("charges:spectrum", n, Curvature{rows, diagonal, direction, product});
    if (!(curvature > 0.0)) return 0.0;
    step.push_back(rz / curvature);
    sums = space.template sum<ResidualSums<Groups::size>>(
        "charges:spectrum", n,
        Step<Groups>{totals.groups, rows, diagonal, direction, product, unused.data(), residual, step.back()});
    previous = rz;
  }
  ratio.resize(step.empty() ? 0 : step.size() - 1);
  return step.empty() ? 0.0 : smallest_ritz_value(step, ratio);
}

/// Bounds that are not known: each is found if it is 0.
template <class Space, class Groups>
Spectrum find_spectrum(ChargeSystem<Space> &system, Totals<Groups> &totals,
                       typename ChargeSystem<Space>::Vector &unused, Spectrum known, int &products)
{
  constexpr double widest = 100.0, usual = 10.0;    // top / bottom
  if (known.top == 0.0) {
    known.top = spectrum_top(system);
    products++;
  }
  if (known.bottom == 0.0) {
    set_diagonal(system, totals);
    known.bottom = spectrum_bottom(system, totals, unused, products);
    if (known.bottom == 0.0) known.bottom = known.top / usual;
  }
  known.bottom = std::max(known.bottom, known.top / widest);
  return known;
}

}    // namespace rfmeam

#endif
