// Charge equilibration: rows of the charge matrix as kernels see them. SPDX-License-Identifier: GPL-2.0-only
#ifndef RFMEAM_CHARGES_PAIR_ROWS_H
#define RFMEAM_CHARGES_PAIR_ROWS_H

#include "gamma_row.h"

namespace rfmeam {

/// Rows of gamma_ij and gamma'_ij/r_ij, in memory of a Space: row i lists count[i] pairs from first[i] on.
template <class Real> struct PairRows {
  const long long *first;
  const int *count, *column;
  const Real *gamma, *slope_by_r;
  CorePairs<const Real> cores;
};

/// Rows are padded for loops of whole vectors.
constexpr int row_padding = 8;

/// Tells the processor of a host that what comes some rows behind these pairs will be read soon. It does not see this
/// by itself where loops over pairs read at many places. The same number of pairs for all arrays, which are read
/// together.
template <class T> RFMEAM_FUNCTION void prefetch_row(const T *pairs)
{
#if defined(__GNUC__) && !RFMEAM_ON_DEVICE
  constexpr int pairs_ahead = 256;
  __builtin_prefetch(pairs + pairs_ahead);
#endif
}

/// Fetches the lines of `room` pairs of a row, which will be written, into a cache of a host, while distances are
/// looked at.
template <class Real> RFMEAM_FUNCTION void prefetch_for_writing(int *column, Real *gamma, Real *slope_by_r, int room)
{
#if defined(__GNUC__) && !RFMEAM_ON_DEVICE
  constexpr int write = 1, second_level = 2, line = 64, step = line / sizeof(Real);
  for (int n = 0; n < room; n += step) {
    __builtin_prefetch(gamma + n, write, second_level);
    __builtin_prefetch(slope_by_r + n, write, second_level);
  }
  for (int n = 0; n < room; n += line / static_cast<int>(sizeof(int)))
    __builtin_prefetch(column + n, write, second_level);
#endif
}

}    // namespace rfmeam

#endif
