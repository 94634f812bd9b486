/* -*- c++ -*- ----------------------------------------------------------
   LAMMPS - Large-scale Atomic/Molecular Massively Parallel Simulator
   https://www.lammps.org/

   This software is distributed under the GNU General Public License.
------------------------------------------------------------------------- */

#ifndef LMP_RFMEAM_NEAR_NEIGHBOURS_H
#define LMP_RFMEAM_NEAR_NEIGHBOURS_H

#include "../charges/eight_sites.h"
#include "../charges/near_sites.h"
#include "../rfmeam/distance_order.h"
#include "../rfmeam/possible_screeners.h"

#include <type_traits>

namespace rfmeam {

/// Room that the arrays below need beyond what is listed, as whole vectors are stored.
constexpr int near_padding = 8;

/// Those of the listed atoms from the first on that matter to an atom at `mine`, in the order of the list: into `found`
/// from place n on; how many there are then. pair: those of its element with all.
template <class Real>
RFMEAM_FUNCTION int append_near_neighbours(const Site<Real> &mine, const PairParameters<Real> *pair,
                                           const ListedSites &listed, int first, const Site<Real> *site,
                                           const NeighbourArrays<Real> &found, int n)
{
  for (int m = first; m < listed.count; m++) {
    const int j = listed.index[m] & listed.bits;
    const Site<Real> other = site[j];
    const bool there = other.element >= 0;
    const Real dx = other.x - mine.x, dy = other.y - mine.y, dz = other.z - mine.z;
    const Real rsq = dx * dx + dy * dy + dz * dz;
    found.atom[n] = j, found.element[n] = other.element;
    found.x[n] = dx, found.y[n] = dy, found.z[n] = dz, found.rsq[n] = rsq;
    n += there & (rsq < pair[there ? other.element : 0].reach_sq);    // no branch: what is left out is overwritten
  }
  return n;
}

#if RFMEAM_WITH_AVX512
/// Those of the listed atoms but the last count % 8, of at most eight elements.
RFMEAM_FOR_AVX512
inline int near_neighbours_avx512(const Site<double> &mine, const PairParameters<double> *pair, int num_elements,
                                  const ListedSites &listed, const Site<double> *site,
                                  const NeighbourArrays<double> &found)
{
  alignas(64) double reach_of[8] = {};
  for (int e = 0; e < num_elements; e++) reach_of[e] = pair[e].reach_sq;
  const __m512d reach_sq = _mm512_load_pd(reach_of);
  const __m512d x = _mm512_set1_pd(mine.x), y = _mm512_set1_pd(mine.y), z = _mm512_set1_pd(mine.z);
  int n = 0;
  for (int m = 0; m + 8 <= listed.count; m += 8) {
    const EightSites other = eight_sites(listed.index + m, listed.bits, site);
    const __m512d dx = other.x - x, dy = other.y - y, dz = other.z - z;
    const __m512d rsq = rounded(dx * dx) + rounded(dy * dy) + rounded(dz * dz);
    const __m256i element = _mm512_cvtepi64_epi32(other.wide_element);
    const __mmask8 there = _mm256_cmpge_epi32_mask(element, _mm256_setzero_si256());
    const __mmask8 taken =
        _mm512_mask_cmp_pd_mask(there, rsq, _mm512_permutexvar_pd(other.wide_element, reach_sq), _CMP_LT_OQ);
    _mm512_storeu_pd(found.x + n, _mm512_maskz_compress_pd(taken, dx));
    _mm512_storeu_pd(found.y + n, _mm512_maskz_compress_pd(taken, dy));
    _mm512_storeu_pd(found.z + n, _mm512_maskz_compress_pd(taken, dz));
    _mm512_storeu_pd(found.rsq + n, _mm512_maskz_compress_pd(taken, rsq));
    _mm256_storeu_si256(reinterpret_cast<__m256i *>(found.atom + n), _mm256_maskz_compress_epi32(taken, other.atom));
    _mm256_storeu_si256(reinterpret_cast<__m256i *>(found.element + n), _mm256_maskz_compress_epi32(taken, element));
    n += __builtin_popcount(taken);
  }
  return n;
}
#endif

/// All of them, by one thread. num_elements: of the potential.
template <class Real>
RFMEAM_FUNCTION int near_neighbours(const Site<Real> &mine, const PairParameters<Real> *pair, int num_elements,
                                    const ListedSites &listed, const Site<Real> *site,
                                    const NeighbourArrays<Real> &found)
{
#if RFMEAM_WITH_AVX512
  if constexpr (std::is_same_v<Real, double>) {
    static const bool several_at_a_time = has_avx512();
    if (several_at_a_time && num_elements <= 8) {
      const int n = near_neighbours_avx512(mine, pair, num_elements, listed, site, found);
      return append_near_neighbours(mine, pair, listed, listed.count / 8 * 8, site, found, n);
    }
  }
#endif
  return append_near_neighbours(mine, pair, listed, 0, site, found, 0);
}

}    // namespace rfmeam

#endif
