// Charge equilibration: forces of pairs and nothing else, on one thread of a host. SPDX-License-Identifier:
// GPL-2.0-only
//
// What most steps of molecular dynamics ask for. The sums are those of ChargeForces (charge_forces.h), which has the
// formula, with positions, differences and forces in vectors of four numbers.
#ifndef RFMEAM_CHARGES_PAIR_FORCES_H
#define RFMEAM_CHARGES_PAIR_FORCES_H

#include "../rfmeam/instruction_sets.h"
#include "pair_rows.h"
#include "site.h"

#include <cstddef>
#include <type_traits>

namespace rfmeam {

/// Whether there are such forces of half rows on this processor.
template <class Real> bool has_pair_forces()
{
#if RFMEAM_WITH_AVX2
  if constexpr (std::is_same_v<Real, double>) {
    static const bool avx2 = has_avx2();
    return avx2;
  }
#endif
  return false;
}

/// Numbers of an atom in the arrays of these forces: three and one that stays as it is.
constexpr int force_row = 4;

/// to(i, c) += force of atom i.
template <class Force> struct AddForceRows {
  const double *row;
  Force force;
  RFMEAM_FUNCTION void operator()(int i) const
  {
    const auto to = force.access();
    for (int c = 0; c < 3; c++) to(i, c) += row[force_row * static_cast<std::size_t>(i) + c];
  }
};

#if RFMEAM_WITH_AVX2
static_assert(sizeof(Site<double>) == 32 && offsetof(Site<double>, z) == 16, "four lanes of a vector");

/// Adds the forces of row i of half rows without core charges to those of both atoms of each pair; q, and in shadow
/// dynamics lag, as ChargeForces has them.
template <bool shadow> struct AddPairForces {
  PairRows<double> rows;
  const Site<double> *site;
  const double *q, *lag;
  double *force;    ///< in rows of force_row

  RFMEAM_FOR_AVX2 void operator()(int i) const
  {
    const int count = rows.count[i];
    if (count == 0) return;
    const int *const column = rows.column + rows.first[i];
    const double *const slope_by_r = rows.slope_by_r + rows.first[i], qi = q[i], li = shadow ? lag[i] : 0.0;
    const auto place = [at = site](int j) RFMEAM_FOR_AVX2 {    // x, y, z and 0
      constexpr int fourth = 8;
      return _mm256_blend_pd(_mm256_loadu_pd(&at[j].x), _mm256_setzero_pd(), fourth);
    };
    const __m256d mine = place(i);
    // by copies of the members, as what is stored might be those
    const auto pair_force = [=, q = q, lag = lag, force = force](int n) RFMEAM_FOR_AVX2 {
      const int j = column[n];
      double pair = -qi * q[j];
      if constexpr (shadow) pair += li * lag[j];
      const __m256d f = (mine - place(j)) * _mm256_set1_pd(pair * slope_by_r[n]);
      double *const other = force + force_row * static_cast<std::size_t>(j);
      _mm256_storeu_pd(other, _mm256_loadu_pd(other) - f);
      return f;
    };
    __m256d sum = _mm256_setzero_pd(), odd = _mm256_setzero_pd();    // two, as each waits for its last addition
    int n = 0;
    for (; n + row_padding <= count; n += row_padding) {
      prefetch_row(slope_by_r + n), prefetch_row(column + n);
      for (int m = n; m < n + row_padding; m += 2) sum += pair_force(m), odd += pair_force(m + 1);
    }
    for (; n < count; n++) sum += pair_force(n);
    double *const own = force + force_row * static_cast<std::size_t>(i);
    _mm256_storeu_pd(own, _mm256_loadu_pd(own) + (sum + odd));
  }
};
#endif

}    // namespace rfmeam

#endif
