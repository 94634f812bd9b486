// Charge equilibration: sites of eight neighbours in vectors. SPDX-License-Identifier: GPL-2.0-only
#ifndef RFMEAM_CHARGES_EIGHT_SITES_H
#define RFMEAM_CHARGES_EIGHT_SITES_H

#include "../rfmeam/instruction_sets.h"
#include "site.h"

#if RFMEAM_WITH_AVX512
#include <cstddef>

namespace rfmeam {

static_assert(sizeof(Site<double>) == 32 && offsetof(Site<double>, element) == 24, "four lanes of a vector");

/// Coordinates (Å) of eight atoms, their elements in the lower half of each lane, and which atoms they are.
struct EightSites {
  __m512d x, y, z;
  __m512i wide_element;
  __m256i atom;
};

/// Those of a neighbour list from `index` on. Whole sites are loaded, two a vector, and transposed: that costs less
/// than gathering their coordinates. bits: of an index that name the atom.
RFMEAM_FOR_AVX512
inline EightSites eight_sites(const int *index, int bits, const Site<double> *site)
{
  const auto one_site = [index, bits, site](int n) RFMEAM_FOR_AVX512 {    // index[n] is no element of a vector here
    return _mm256_loadu_pd(&site[static_cast<unsigned>(index[n] & bits)].x);
  };
  const auto two_sites = [one_site](int n, int m) RFMEAM_FOR_AVX512 {
    return _mm512_insertf64x4(_mm512_castpd256_pd512(one_site(n)), one_site(m), 1);
  };
  const __m256i atom =
      _mm256_and_si256(_mm256_loadu_si256(reinterpret_cast<const __m256i *>(index)), _mm256_set1_epi32(bits));
  const __m512d a = two_sites(0, 2), b = two_sites(1, 3), c = two_sites(4, 6), d = two_sites(5, 7);
  const __m512d xz_ab = _mm512_unpacklo_pd(a, b), ye_ab = _mm512_unpackhi_pd(a, b);
  const __m512d xz_cd = _mm512_unpacklo_pd(c, d), ye_cd = _mm512_unpackhi_pd(c, d);
  constexpr int even = 0x88, odd = 0xdd;    // parts of 128 bits
  return {_mm512_shuffle_f64x2(xz_ab, xz_cd, even), _mm512_shuffle_f64x2(ye_ab, ye_cd, even),
          _mm512_shuffle_f64x2(xz_ab, xz_cd, odd), _mm512_castpd_si512(_mm512_shuffle_f64x2(ye_ab, ye_cd, odd)), atom};
}

}    // namespace rfmeam
#endif

#endif
