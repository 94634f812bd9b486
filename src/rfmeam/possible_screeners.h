// RF-MEAM physics library: which neighbours screen a bond, several at a time. SPDX-License-Identifier: GPL-2.0-only
#ifndef RFMEAM_POSSIBLE_SCREENERS_H
#define RFMEAM_POSSIBLE_SCREENERS_H

#include "instruction_sets.h"
#include "parameters.h"

#if RFMEAM_WITH_AVX512

namespace rfmeam {

/// A product that goes into a sum as the rounded number it is: without, compilers make one instruction of both, and the
/// last digits would not be those of the other processors.
RFMEAM_FOR_AVX512 inline __m512d rounded(__m512d product)
{
  asm("" : "+v"(product));
  return product;
}

/// One bond, to neighbour j at x, y, z, and the neighbours that may screen it (Neighbourhood); parameters: those of the
/// pair by element, num_elements of them. All lengths in Å.
struct ScreenedBond {
  double x, y, z, rij_sq;
  double reach_sq;    ///< what is farther from i does not screen
  const ScreeningParameters<double> *parameters;
  int num_elements;
};

/// Some of the neighbours, by bits: n stands for neighbour first + n.
struct PossibleScreeners {
  int first;
  unsigned which;
};

/// The next ones from neighbour number `first` on that are within the reach and do not leave the bond unscreened
/// (ScreeningEllipse); j itself may be among them. None: there are no more.
RFMEAM_FOR_AVX512
inline PossibleScreeners possible_screeners_avx512(const ScreenedBond &bond, int first, int count, const int *element,
                                                   const double *x, const double *y, const double *z, const double *rsq)
{
  using Parameters = ScreeningParameters<double>;
  static_assert(sizeof(Parameters) == 2 * sizeof(double), "a table of c_min and c_max by turns");
  constexpr int lanes = 8;
  constexpr int most_elements = lanes * sizeof(double) / sizeof(Parameters);    // whose table is one vector
  const double *const table = &bond.parameters[0].c_min;
  const bool in_a_vector = bond.num_elements <= most_elements;
  const __m512d c_of_element =
      in_a_vector ? _mm512_maskz_loadu_pd((1 << 2 * bond.num_elements) - 1, table) : _mm512_setzero_pd();
  const __m512d jx = _mm512_set1_pd(bond.x), jy = _mm512_set1_pd(bond.y), jz = _mm512_set1_pd(bond.z);
  const __m512d rij_sq = _mm512_set1_pd(bond.rij_sq), reach_sq = _mm512_set1_pd(bond.reach_sq);

  for (int k = first; k < count; k += lanes) {
    const int rest = count - k;
    const __mmask8 there = rest < lanes ? (1 << rest) - 1 : 0xff;
    const __m512d rik_sq = _mm512_maskz_loadu_pd(there, rsq + k);
    const __mmask8 reaching = _mm512_mask_cmp_pd_mask(there, rik_sq, reach_sq, _CMP_LE_OQ);
    const __m512d dot = rounded(jx * _mm512_maskz_loadu_pd(there, x + k)) +
        rounded(jy * _mm512_maskz_loadu_pd(there, y + k)) + rounded(jz * _mm512_maskz_loadu_pd(there, z + k));
    const __m512d numerator =
        _mm512_maskz_max_pd(there, _mm512_setzero_pd(), rounded(rik_sq * rij_sq) - rounded(dot * dot));
    const __m512d denominator = dot * (rij_sq - dot);
    const __m512i row = _mm512_maskz_cvtepi32_epi64(there, _mm256_maskz_loadu_epi32(there, element + k));
    const __m512i c_max = _mm512_maskz_set1_epi64(there, 1) + row + row;
    const __m512d c_max_of_k = in_a_vector ? _mm512_maskz_permutexvar_pd(there, c_max, c_of_element)
                                           : _mm512_mask_i64gather_pd(_mm512_setzero_pd(), there, c_max, table, 8);
    const __mmask8 screening =
        _mm512_mask_cmp_pd_mask(reaching, numerator, c_max_of_k * denominator, _CMP_NGE_UQ);    // NaN goes on
    if (screening != 0) return {k, screening};
    if (reaching != 0xff) break;
  }
  return {count, 0};
}

}    // namespace rfmeam
#endif

#endif
