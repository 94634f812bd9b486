// Charge equilibration: which neighbours of an atom are within the cutoff. SPDX-License-Identifier: GPL-2.0-only
#include "near_sites.h"

#include "eight_sites.h"

using namespace rfmeam;

#if RFMEAM_WITH_AVX512
// Those that are near move to the front of registers, which are stored whole.
RFMEAM_FOR_AVX512
static int near_sites_avx512(const Site<double> &mine, double cutoff_sq, const ListedSites &listed,
                             const Site<double> *site, const NearSites<double> &nearby)
{
  const __m512d x = _mm512_set1_pd(mine.x), y = _mm512_set1_pd(mine.y), z = _mm512_set1_pd(mine.z);
  const __m512d cutoff = _mm512_set1_pd(cutoff_sq);
  int n = 0, m = 0;
  for (; m + 8 <= listed.count; m += 8) {
    _mm_prefetch(reinterpret_cast<const char *>(listed.index + m + 256), _MM_HINT_T0);    // lists follow each other
    const EightSites other = eight_sites(listed.index + m, listed.bits, site);
    const __m512d dx = x - other.x, dy = y - other.y, dz = z - other.z;
    const __m512d r_sq = dx * dx + dy * dy + dz * dz;
    const __m256i element = _mm512_cvtepi64_epi32(other.wide_element);
    const __mmask8 there = _mm256_cmpge_epi32_mask(element, _mm256_setzero_si256());
    const __mmask8 taken = there & ~_mm512_cmp_pd_mask(r_sq, cutoff, _CMP_GE_OQ);    // and what cannot be compared
    _mm512_storeu_pd(nearby.rsq + n, _mm512_maskz_compress_pd(taken, r_sq));
    _mm256_storeu_si256(reinterpret_cast<__m256i *>(nearby.atom + n), _mm256_maskz_compress_epi32(taken, other.atom));
    _mm256_storeu_si256(reinterpret_cast<__m256i *>(nearby.element + n), _mm256_maskz_compress_epi32(taken, element));
    n += __builtin_popcount(taken);
  }
  return append_near_sites(mine, cutoff_sq, listed, m, site, nearby, n);
}
#endif

int rfmeam::near_sites_on_host(const Site<double> &mine, double cutoff_sq, const ListedSites &listed,
                               const Site<double> *site, const NearSites<double> &nearby)
{
#if RFMEAM_WITH_AVX512
  static const bool avx512 = has_avx512();
  if (avx512) return near_sites_avx512(mine, cutoff_sq, listed, site, nearby);
#endif
  return append_near_sites(mine, cutoff_sq, listed, 0, site, nearby, 0);
}
