// Charge equilibration: the totals that a minimisation keeps. SPDX-License-Identifier: GPL-2.0-only
#ifndef RFMEAM_CHARGES_TOTALS_H
#define RFMEAM_CHARGES_TOTALS_H

#include "charge_groups.h"
#include "charge_system.h"
#include "solve_report.h"

namespace rfmeam {

/// Sums over all unknowns of all ranks, some of them by groups, with r the negative gradient -dE/dq and D the diagonal
/// of d2E/dq2.
template <int groups> struct ResidualSums {
  double r[groups] = {}, r_by_d[groups] = {}, r_sq = 0.0, r_sq_by_d = 0.0;

  static constexpr int size = 2 * groups + 2;
  RFMEAM_FUNCTION void add(int group, double residual, double diagonal)
  {
    const double by_d = residual / diagonal;
    r[group] += residual, r_sq += residual * residual;
    r_by_d[group] += by_d, r_sq_by_d += residual * by_d;
  }
  RFMEAM_FUNCTION ResidualSums &operator+=(const ResidualSums &o)
  {
    for (int g = 0; g < groups; g++) r[g] += o.r[g], r_by_d[g] += o.r_by_d[g];
    r_sq += o.r_sq, r_sq_by_d += o.r_sq_by_d;
    return *this;
  }
};

/// Number of unknowns on all ranks and their sum of 1/D, by groups.
template <int groups> struct UnknownSums {
  double count[groups] = {}, inverse_diagonal[groups] = {};

  static constexpr int size = 2 * groups;
  RFMEAM_FUNCTION UnknownSums &operator+=(const UnknownSums &o)
  {
    for (int g = 0; g < groups; g++) count[g] += o.count[g], inverse_diagonal[g] += o.inverse_diagonal[g];
    return *this;
  }
};

template <class Groups> struct SumUnknowns {
  Groups groups;
  const int *rows;
  const double *diagonal;
  RFMEAM_FUNCTION void operator()(int row, UnknownSums<Groups::size> &sum) const
  {
    const int i = rows[row], g = groups.of(i);
    sum.count[g] += 1.0;
    sum.inverse_diagonal[g] += 1.0 / diagonal[i];
  }
};

/// r = -dE/dq.
template <class Groups> struct SetResidual {
  Groups groups;
  const int *rows;
  const double *gradient, *diagonal;
  double *residual;
  RFMEAM_FUNCTION void operator()(int row, ResidualSums<Groups::size> &sum) const
  {
    const int i = rows[row];
    residual[i] = -gradient[i];
    sum.add(groups.of(i), residual[i], diagonal[i]);
  }
};

template <class Groups> struct LargestDeviation {
  Groups groups;
  const int *rows;
  const double *residual;
  OfGroups<Groups::size> mean;
  RFMEAM_FUNCTION void operator()(int row, double &largest) const
  {
    const int i = rows[row];
    const double deviation = std::fabs(residual[i] - mean.at[groups.of(i)]);
    if (!(deviation <= largest)) largest = deviation;
  }
};

/// The groups of a minimisation and what is known of them. A group with a total moves in the subspace where its sum of
/// changes is 0, so that a number, the same for all of its unknowns, can be taken off its residual; from that of a
/// group at a potential, of which the gradient has this potential taken off, nothing is.
template <class Groups_> struct Totals {
  using Groups = Groups_;
  static constexpr int size = Groups::size;
  using Sums = ResidualSums<size>;
  using Levels = OfGroups<size>;

  Groups groups;
  ChargeGroups given;
  UnknownSums<size> unknowns;
  Levels offset;    ///< residual + offset = -dE/dq

  [[nodiscard]] bool keeps_total(int g) const { return !given.group[g].held && unknowns.count[g] > 0.0; }
  [[nodiscard]] double num_unknowns() const
  {
    double sum = 0.0;
    for (const double count : unknowns.count) sum += count;
    return sum;
  }
  /// Mean residual of each group with a total, 0 for the others.
  [[nodiscard]] Levels mean(const Sums &sums) const
  {
    Levels mean;
    for (int g = 0; g < size; g++)
      if (keeps_total(g)) mean.at[g] = sums.r[g] / unknowns.count[g];
    return mean;
  }
  /// lambda, so that (r - lambda)/D keeps the totals.
  [[nodiscard]] Levels level(const Sums &sums) const
  {
    Levels r_by_d;
    for (int g = 0; g < size; g++) r_by_d.at[g] = sums.r_by_d[g];
    return level(r_by_d);
  }
  [[nodiscard]] Levels level(const Levels &r_by_d) const
  {
    Levels lambda;
    for (int g = 0; g < size; g++)
      if (keeps_total(g)) lambda.at[g] = r_by_d.at[g] / unknowns.inverse_diagonal[g];
    return lambda;
  }
  /// How much of r.r the mean is.
  [[nodiscard]] static double part_of_mean(const Sums &sums, const Levels &mean)
  {
    double sum = 0.0;
    for (int g = 0; g < size; g++) sum += sums.r[g] * mean.at[g];
    return sum;
  }
  /// (r - lambda).r/D
  [[nodiscard]] static double preconditioned_square(const Sums &sums, const Levels &lambda)
  {
    double sum = 0.0;
    for (int g = 0; g < size; g++) sum += lambda.at[g] * sums.r_by_d[g];
    return sums.r_sq_by_d - sum;
  }
  /// mu of all groups into the report.
  void report_potentials(const Sums &sums, SolveReport &report) const
  {
    const Levels mean_of_totals = mean(sums);
    for (int g = 0; g < size; g++) {
      const bool held = given.group[g].held && unknowns.count[g] > 0.0;
      report.mu[g] =
          held ? given.group[g].value - sums.r[g] / unknowns.count[g] : -(mean_of_totals.at[g] + offset.at[g]);
    }
  }
};

/// The diagonal of d2E/dq2 at the present charges, and the sums over unknowns that go with it.
template <class Space, class Groups> void set_diagonal(ChargeSystem<Space> &system, Totals<Groups> &totals)
{
  system.set_diagonal();
  totals.unknowns = system.space.template sum<UnknownSums<Groups::size>>(
      "charges:unknowns", system.num_rows,
      SumUnknowns<Groups>{totals.groups, system.rows.data(), system.diagonal.data()});
}

/// max |r - mean|, at a potential max |r|
template <class Space, class Groups>
double largest_deviation(ChargeSystem<Space> &system, const Totals<Groups> &totals,
                         const ResidualSums<Groups::size> &sums)
{
  return system.space.largest(
      "charges:deviation", system.num_rows,
      LargestDeviation<Groups>{totals.groups, system.rows.data(), system.residual.data(), totals.mean(sums)});
}

}    // namespace rfmeam

#endif
