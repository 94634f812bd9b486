// Charge equilibration: core charges shift the electronegativity of their neighbours. SPDX-License-Identifier:
// GPL-2.0-only
#ifndef RFMEAM_CHARGES_CORE_TERM_H
#define RFMEAM_CHARGES_CORE_TERM_H

#include "pair_matrix.h"

namespace rfmeam {

/// out += what the cores of each pair add to chi of either atom; each pair is listed once, for one of its atoms.
template <class Real, class Target> struct AddHalfRowCores {
  PairRows<Real> rows;
  Target target;
  RFMEAM_FUNCTION void operator()(int i) const
  {
    const auto out = target.access();
    double sum = 0.0;
    for (long long n = rows.first[i]; n < rows.first[i] + rows.count[i]; n++) {
      sum += static_cast<double>(rows.cores.own[n]);
      out(rows.column[n]) += static_cast<double>(rows.cores.other[n]);
    }
    out(i) += sum;
  }
};

/// The same for rows that list all pairs of their atoms.
template <class Real> struct AddFullRowCores {
  PairRows<Real> rows;
  double *out;
  template <class Team> RFMEAM_FUNCTION void operator()(const Team &team, int i) const
  {
    const long long begin = rows.first[i];
    const double sum = team.template reduce<double>(
        rows.count[i], [&](int n, double &partial) { partial += static_cast<double>(rows.cores.own[begin + n]); });
    team.once([&]() { out[i] += sum; });
  }
};

/// sum_i q_i sum_j Z_j ([j|f_i] - [f_i|f_j]) over the pairs of a matrix that has cores: linear in the charges.
template <class Space, class Real> class CoreTerm : public ChargeTerm<Space> {
 public:
  using typename ChargeTerm<Space>::Vector;

  const PairMatrix<Space, Real> *matrix = nullptr;
  int num_owned = 0;

  [[nodiscard]] bool writes_to_ghosts() const override { return Space::half_rows; }
  void add_gradient(Space &space, Vector & /*q*/, Vector &out) override
  {
    const PairRows<Real> rows = matrix->rows();
    if constexpr (Space::half_rows)
      space.scatter("charges:cores", num_owned, out,
                    [&]<class Target>(const Target &target) { return AddHalfRowCores<Real, Target>{rows, target}; });
    else
      space.for_each_row("charges:cores", num_owned, AddFullRowCores<Real>{rows, out.data()});
  }
};

}    // namespace rfmeam

#endif
