// Charge equilibration: the charges that a solver starts from. SPDX-License-Identifier: GPL-2.0-only
#ifndef RFMEAM_CHARGES_START_CHARGES_H
#define RFMEAM_CHARGES_START_CHARGES_H

#include "charge_groups.h"
#include "charge_system.h"

#include <cmath>
#include <vector>

namespace rfmeam {

constexpr int max_polynomial_terms = 6, max_guess_terms = 11;

/// Coefficients of the polynomial through the charges of the last n solves, at equal distances in time, at the present
/// step: sum_m (-1)^m binomial(n, m + 1) q(m + 1 solves ago). n <= max_polynomial_terms.
inline std::vector<double> polynomial_guess(int n)
{
  std::vector<double> coefficients;
  double binomial = 1.0;
  for (int m = 0; m < n; m++) {
    binomial *= static_cast<double>(n - m) / (m + 1);
    coefficients.push_back(m % 2 ? -binomial : binomial);
  }
  return coefficients;
}

/// The charges of the last solves by atom, the latest first: charge[i * length + m], in memory of the Space. In shadow
/// dynamics: x of the last step, then the auxiliary charges n of the last steps; an atom without history has a NaN for
/// x.
struct ChargeHistory {
  double *charge = nullptr;
  int length = 0;
  bool shadow = false;
};

/// Sum of the guesses and how many they are, by groups, and how many atoms have no history for theirs.
template <int groups> struct GuessSums {
  double charge[groups] = {}, count[groups] = {}, without = 0.0;

  RFMEAM_FUNCTION GuessSums &operator+=(const GuessSums &o)
  {
    for (int g = 0; g < groups; g++) charge[g] += o.charge[g], count[g] += o.count[g];
    without += o.without;
    return *this;
  }
};

/// Sets the guess and sums it.
template <class Groups> struct GuessCharge {
  Groups groups;
  const int *rows;
  ChargeHistory history;
  int num_terms;    ///< 0: the charges as they are
  double coefficients[max_guess_terms];
  double *charge;
  RFMEAM_FUNCTION void operator()(int row, GuessSums<Groups::size> &sum) const
  {
    const int i = rows[row], g = groups.of(i);
    if (num_terms > 0 && history.shadow && std::isnan(history.charge[i * history.length]))
      sum.without += 1.0;
    else if (num_terms > 0) {
      charge[i] = 0.0;
      for (int m = 0; m < num_terms; m++) charge[i] += coefficients[m] * history.charge[i * history.length + m];
    }
    sum.charge[g] += charge[i];
    sum.count[g] += 1.0;
  }
};

template <class Groups> struct ShiftCharge {
  Groups groups;
  const int *rows;
  double *charge;
  OfGroups<Groups::size> shift;
  RFMEAM_FUNCTION void operator()(int row) const { charge[rows[row]] += shift.at[groups.of(rows[row])]; }
};

/// Puts a value into the first of these slots; with age, what was in them moves on by one.
RFMEAM_FUNCTION void push_history(double *slots, int length, double value, bool age)
{
  if (age)
    for (int m = length - 1; m > 0; m--) slots[m] = slots[m - 1];
  slots[0] = value;
}

/// Puts the charge into the history; with age, older ones move on by one.
struct StoreHistory {
  const int *rows;
  const double *charge;
  ChargeHistory history;
  bool age;
  RFMEAM_FUNCTION void operator()(int row) const
  {
    const int i = rows[row];
    push_history(history.charge + static_cast<long long>(i) * history.length, history.length, charge[i], age);
  }
};

/// Puts x and n into the history; with age, older n move on by one.
struct StoreShadow {
  const int *rows;
  const double *x, *n;
  ChargeHistory history;
  bool age;
  RFMEAM_FUNCTION void operator()(int row) const
  {
    const int i = rows[row];
    double *const mine = history.charge + static_cast<long long>(i) * history.length;
    mine[0] = x[i];
    push_history(mine + 1, history.length - 1, n[i], age);
  }
};

/// Sums the charges of the unknowns.
struct SumCharge {
  const int *rows;
  const double *charge;
  RFMEAM_FUNCTION void operator()(int row, double &sum) const { sum += charge[rows[row]]; }
};

/// How many unknowns there are on all ranks, and how many of them have no history for their guess.
struct StartReport {
  double count = 0.0, without = 0.0;
};

/// Guesses the charges of the unknowns from their history, then shifts those of each group with a total all alike to
/// it. The system has the present charges; afterwards they are set on ghosts, too.
template <class Space, class Groups>
StartReport start_charges(ChargeSystem<Space> &system, const Groups &groups, const ChargeGroups &given,
                          const ChargeHistory &history, const std::vector<double> &coefficients)
{
  GuessCharge<Groups> guess = {groups, system.rows.data(),  history, static_cast<int>(coefficients.size()),
                               {},     system.charge.data()};
  for (std::size_t m = 0; m < coefficients.size(); m++) guess.coefficients[m] = coefficients[m];
  const auto guessed = system.space.template sum<GuessSums<Groups::size>>("charges:guess", system.num_rows, guess);
  StartReport report = {0.0, guessed.without};
  OfGroups<Groups::size> shift;
  for (int g = 0; g < Groups::size; g++) {
    report.count += guessed.count[g];
    if (guessed.count[g] > 0.0 && !given.group[g].held)
      shift.at[g] = (given.group[g].value - guessed.charge[g]) / guessed.count[g];
  }
  if (report.count > 0.0)
    system.space.for_each("charges:guess", system.num_rows,
                          ShiftCharge<Groups>{groups, system.rows.data(), system.charge.data(), shift});
  system.space.to_ghosts(system.charge);
  return report;
}

}    // namespace rfmeam

#endif
