// Charge equilibration: forces of pairs and nothing else, on threads of a host. SPDX-License-Identifier: GPL-2.0-only
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

/// What a pair reads and writes of an atom in one line of a cache; lag: in shadow dynamics, nothing else.
struct alignas(64) ForceOfAtom {
  double x, y, z, q, fx, fy, fz, lag;
};

/// to(i, c) += force of atom i, of all threads.
template <class Force> struct AddForces {
  const ForceOfAtom *atoms;    ///< num_all of each thread
  int num_all, num_threads;
  Force force;
  void operator()(int i) const
  {
    double x = atoms[i].fx, y = atoms[i].fy, z = atoms[i].fz;
    for (int t = 1; t < num_threads; t++) {
      const ForceOfAtom &other = atoms[static_cast<std::size_t>(t) * num_all + i];
      x += other.fx, y += other.fy, z += other.fz;
    }
    const auto to = force.access();
    to(i, 0) += x, to(i, 1) += y, to(i, 2) += z;
  }
};

#if RFMEAM_WITH_AVX2
/// Forces of both atoms of each pair of half rows without core charges; q, and in shadow dynamics lag, as ChargeForces
/// has them.
template <bool shadow> struct PairForces {
  PairRows<double> rows;
  const Site<double> *site;
  const double *q, *lag;
  int num_all;
  ForceOfAtom *atoms;    ///< num_all of each thread

  void operator()(int thread, int begin, int end) const
  {
    ForceOfAtom *const atom = atoms + static_cast<std::size_t>(thread) * num_all;
    for (int i = 0; i < num_all; i++)
      atom[i] = {site[i].x, site[i].y, site[i].z, q[i], 0.0, 0.0, 0.0, shadow ? lag[i] : 0.0};
    for (int i = begin; i < end; i++) add_row(i, atom);
  }

 private:
  RFMEAM_FOR_AVX2 void add_row(int i, ForceOfAtom *atom) const
  {
    const int count = rows.count[i];
    if (count == 0) return;
    const int *const column = rows.column + rows.first[i];
    const double *const slope_by_r = rows.slope_by_r + rows.first[i], qi = atom[i].q, li = atom[i].lag;
    const __m256d mine = _mm256_load_pd(&atom[i].x);
    const auto pair_force = [=](int n) RFMEAM_FOR_AVX2 {
      constexpr int fourth = 8;
      ForceOfAtom &other = atom[column[n]];
      double pair = -qi * other.q;
      if constexpr (shadow) pair += li * other.lag;
      __m256d apart = mine - _mm256_load_pd(&other.x);
      if constexpr (shadow) apart = _mm256_blend_pd(apart, _mm256_setzero_pd(), fourth);    // lag stays as it is
      const __m256d f = apart * _mm256_set1_pd(pair * slope_by_r[n]);
      _mm256_store_pd(&other.fx, _mm256_load_pd(&other.fx) - f);
      return f;
    };
    __m256d sum = _mm256_setzero_pd(), odd = _mm256_setzero_pd();    // two, as each waits for its last addition
    int n = 0;
    for (; n + row_padding <= count; n += row_padding) {
      prefetch_row(slope_by_r + n), prefetch_row(column + n);
      for (int m = n; m < n + row_padding; m += 2) sum += pair_force(m), odd += pair_force(m + 1);
    }
    for (; n < count; n++) sum += pair_force(n);
    _mm256_store_pd(&atom[i].fx, _mm256_load_pd(&atom[i].fx) + (sum + odd));
  }
};
#endif

}    // namespace rfmeam

#endif
