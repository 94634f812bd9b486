// Charge equilibration: products with half rows of the charge matrix. SPDX-License-Identifier: GPL-2.0-only
#ifndef RFMEAM_CHARGES_HALF_ROW_PRODUCT_H
#define RFMEAM_CHARGES_HALF_ROW_PRODUCT_H

#include "../rfmeam/instruction_sets.h"
#include "pair_rows.h"

#include <cmath>
#include <cstddef>

// vectors of two, which every x86-64 has
#if defined(__SSE2__) && defined(__GNUC__) && !defined(__CUDACC__) && !defined(__HIPCC__)
#define RFMEAM_WITH_SSE2 1
#include <emmintrin.h>
#else
#define RFMEAM_WITH_SSE2 0
#endif

namespace rfmeam {

/// gamma or |gamma| of pair n of a row.
template <bool absolute, class Real> RFMEAM_FUNCTION double matrix_element(const Real *gamma, int n)
{
  return absolute ? std::fabs(gamma[n]) : gamma[n];
}

/// Sums of a row are several, as each waits for its last addition.
constexpr int num_row_sums = 4;

/// out += gamma p of one atom's row, or |gamma| p; each pair is listed once, for one of its atoms.
template <bool absolute, class Real, class Target> struct HalfRowProduct {
  PairRows<Real> rows;
  const double *p;
  Target target;
  RFMEAM_FUNCTION void operator()(int i) const
  {
    const auto out = target.access();
    const int count = rows.count[i], *const column = rows.column + rows.first[i];
    const Real *const gamma = rows.gamma + rows.first[i];
    const double mine = p[i];
    double sums[num_row_sums] = {};
    int n = 0;
    for (; n + num_row_sums <= count; n += num_row_sums)
      for (int s = 0; s < num_row_sums; s++) {
        const int j = column[n + s];
        const double g = matrix_element<absolute>(gamma, n + s);
        sums[s] += g * p[j];
        out(j) += g * mine;
      }
    for (; n < count; n++) {
      const double g = matrix_element<absolute>(gamma, n);
      sums[0] += g * p[column[n]];
      out(column[n]) += g * mine;
    }
    const double sum = (sums[0] + sums[1]) + (sums[2] + sums[3]);
    out(i) += sum;
  }
};

#if RFMEAM_WITH_SSE2
/// p and out of an atom side by side, so that a pair takes one load and one store of them.
struct alignas(16) ProductOfAtom {
  double p, out;
};

/// The same product by the threads of a host, each with all atoms of its own; with one of them the same to the bit.
template <bool absolute, class Real> struct HalfRowProductByThreads {
  PairRows<Real> rows;
  const double *p, *out;
  int num_all;
  ProductOfAtom *atoms;    ///< num_all of each thread

  void operator()(int thread, int begin, int end) const
  {
    ProductOfAtom *const atom = atoms + static_cast<std::size_t>(thread) * num_all;
    for (int i = 0; i < num_all; i++) atom[i] = {p[i], thread == 0 ? out[i] : 0.0};
#if RFMEAM_WITH_AVX2
    static const bool avx2 = has_avx2();
    if (avx2) return multiply_rows_avx2(begin, end, atom);
#endif
    multiply_rows(begin, end, atom);
  }

 private:
#if RFMEAM_WITH_AVX2
  /// The same by instructions that need fewer copies of registers.
  RFMEAM_FOR_AVX2_WITHOUT_FMA void multiply_rows_avx2(int begin, int end, ProductOfAtom *atom) const
  {
    for (int i = begin; i < end; i++) multiply_row(i, atom);
  }
#endif
  void multiply_rows(int begin, int end, ProductOfAtom *atom) const
  {
    for (int i = begin; i < end; i++) multiply_row(i, atom);
  }
  void multiply_row(int i, ProductOfAtom *atom) const
  {
    const int count = rows.count[i], *const column = rows.column + rows.first[i];
    const Real *const gamma = rows.gamma + rows.first[i];
    const __m128d mine = _mm_set_pd(atom[i].p, 0.0);    // adds nothing to p of the other atom
    const auto multiply = [=](int n, __m128d &sum) {
      double *const other = &atom[column[n]].p;
      const __m128d g = _mm_set1_pd(matrix_element<absolute>(gamma, n)), p_out = _mm_load_pd(other);
      sum = _mm_add_pd(sum, _mm_mul_pd(g, p_out));
      _mm_store_pd(other, _mm_add_pd(p_out, _mm_mul_pd(g, mine)));
    };
    __m128d sums[num_row_sums] = {_mm_setzero_pd(), _mm_setzero_pd(), _mm_setzero_pd(), _mm_setzero_pd()};
    int n = 0;
    for (; n + row_padding <= count; n += row_padding) {
      prefetch_row(gamma + n), prefetch_row(column + n);
      for (int s = 0; s < row_padding; s++) multiply(n + s, sums[s % num_row_sums]);
    }
    for (; n + num_row_sums <= count; n += num_row_sums)
      for (int s = 0; s < num_row_sums; s++) multiply(n + s, sums[s]);
    for (; n < count; n++) multiply(n, sums[0]);
    atom[i].out += _mm_cvtsd_f64(_mm_add_pd(_mm_add_pd(sums[0], sums[1]), _mm_add_pd(sums[2], sums[3])));
  }
};

/// out = what the threads have added up.
struct EndProduct {
  const ProductOfAtom *atoms;
  int num_all, num_threads;
  double *out;
  void operator()(int i) const
  {
    double sum = atoms[i].out;
    for (int t = 1; t < num_threads; t++) sum += atoms[static_cast<std::size_t>(t) * num_all + i].out;
    out[i] = sum;
  }
};
#endif

}    // namespace rfmeam

#endif
