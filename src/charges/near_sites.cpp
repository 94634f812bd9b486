// Charge equilibration: which neighbours of an atom are within the cutoff. SPDX-License-Identifier: GPL-2.0-only
#include "near_sites.h"

#include "instruction_sets.h"

#include <cstddef>

using namespace rfmeam;

#if RFMEAM_WITH_AVX512
#if defined(__GNUC__) && !defined(__clang__)    // GCC 12's own header has vectors that it takes for uninitialised
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
#include <immintrin.h>

static_assert(sizeof(Site<double>) == 32 && offsetof(Site<double>, element) == 24, "four lanes of a vector");

// Eight sites at a time: whole ones are loaded, two a vector, and transposed, as that costs less than gathering their
// coordinates. Those that are near move to the front of registers, which are stored whole.
RFMEAM_FOR_AVX512
static int near_sites_avx512(const Site<double> &mine, double cutoff_sq, const ListedSites &listed,
                             const Site<double> *site, const NearSites<double> &nearby)
{
  const __m512d x = _mm512_set1_pd(mine.x), y = _mm512_set1_pd(mine.y), z = _mm512_set1_pd(mine.z);
  const __m512d cutoff = _mm512_set1_pd(cutoff_sq);
  const __m256i bits = _mm256_set1_epi32(listed.bits);
  const auto two_sites = [site](int i, int j) RFMEAM_FOR_AVX512 {
    return _mm512_insertf64x4(_mm512_castpd256_pd512(_mm256_loadu_pd(&site[i].x)), _mm256_loadu_pd(&site[j].x), 1);
  };
  int n = 0, m = 0;
  for (; m + 8 <= listed.count; m += 8) {
    const auto *const indices = reinterpret_cast<const __m256i *>(listed.index + m);
    const __m256i atom = _mm256_and_si256(_mm256_loadu_si256(indices), bits);
    alignas(32) int j[8];
    _mm256_store_si256(reinterpret_cast<__m256i *>(j), atom);
    const __m512d a = two_sites(j[0], j[2]), b = two_sites(j[1], j[3]);
    const __m512d c = two_sites(j[4], j[6]), d = two_sites(j[5], j[7]);
    const __m512d xz_ab = _mm512_unpacklo_pd(a, b), ye_ab = _mm512_unpackhi_pd(a, b);
    const __m512d xz_cd = _mm512_unpacklo_pd(c, d), ye_cd = _mm512_unpackhi_pd(c, d);
    constexpr int even = 0x88, odd = 0xdd;    // parts of 128 bits
    const __m512d dx = x - _mm512_shuffle_f64x2(xz_ab, xz_cd, even);
    const __m512d dy = y - _mm512_shuffle_f64x2(ye_ab, ye_cd, even);
    const __m512d dz = z - _mm512_shuffle_f64x2(xz_ab, xz_cd, odd);
    const __m256i element = _mm512_cvtepi64_epi32(_mm512_castpd_si512(_mm512_shuffle_f64x2(ye_ab, ye_cd, odd)));
    const __m512d r_sq = dx * dx + dy * dy + dz * dz;
    const __mmask8 there = _mm256_cmpge_epi32_mask(element, _mm256_setzero_si256());
    const __mmask8 taken = there & ~_mm512_cmp_pd_mask(r_sq, cutoff, _CMP_GE_OQ);    // and what cannot be compared
    _mm512_storeu_pd(nearby.rsq + n, _mm512_maskz_compress_pd(taken, r_sq));
    _mm256_storeu_si256(reinterpret_cast<__m256i *>(nearby.atom + n), _mm256_maskz_compress_epi32(taken, atom));
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
