/* -*- c++ -*- ----------------------------------------------------------
   LAMMPS - Large-scale Atomic/Molecular Massively Parallel Simulator
   https://www.lammps.org/

   This software is distributed under the GNU General Public License.
------------------------------------------------------------------------- */

#ifndef LMP_RFMEAM_COULOMB_CHUNK_KOKKOS_H
#define LMP_RFMEAM_COULOMB_CHUNK_KOKKOS_H

#include "coulomb_chunk.h"

#include "kokkos_type.h"

namespace LAMMPS_NS {

template <class DeviceType>
inline constexpr int coulomb_chunk_size = ExecutionSpaceFromDevice<DeviceType>::space == Device ? 1 : 128;

/// evaluate_gamma() of a whole chunk, inside kernels.
template <class Real, int capacity>
KOKKOS_INLINE_FUNCTION void evaluate_chunk(const rfmeam::CoulombView<Real> &coulomb, int own_element,
                                           CoulombChunk<Real, capacity> &chunk)
{
  KOKKOS_IF_ON_HOST(
      (evaluate_gamma(coulomb, own_element, chunk.count, chunk.element, chunk.rsq, chunk.gamma, chunk.slope_by_r);))
  KOKKOS_IF_ON_DEVICE((for (int n = 0; n < chunk.count; n++) {
    const Real r = std::sqrt(chunk.rsq[n]);
    const auto gamma = coulomb.gamma(own_element, chunk.element[n], r);
    chunk.gamma[n] = gamma.value;
    chunk.slope_by_r[n] = gamma.derivative / r;
  }))
}

}    // namespace LAMMPS_NS

#endif
