// RF-MEAM physics library: cutoff function. SPDX-License-Identifier: GPL-2.0-only
#ifndef RFMEAM_CUTOFF_H
#define RFMEAM_CUTOFF_H

#include "config.h"

namespace rfmeam {

/// f_c(r) = 1 - z^3 (6 z^2 - 15 z + 10), z = (r - r_start)/(r_cut - r_start); 1 below r_start, 0 above r_cut.
/// Twice continuously differentiable. Arguments in Å.
template <class Real> RFMEAM_FUNCTION ValueDerivative<Real> cutoff_function(Real r, Real r_start, Real r_cut)
{
  if (r <= r_start) return {Real(1), Real(0)};
  if (r >= r_cut) return {Real(0), Real(0)};
  const Real width = Real(1) / (r_cut - r_start);
  const Real z = (r - r_start) * width;
  const Real z2 = z * z;
  return {Real(1) - z2 * z * (Real(6) * z2 - Real(15) * z + Real(10)),
          Real(-30) * z2 * (Real(1) - z) * (Real(1) - z) * width};
}

}    // namespace rfmeam

#endif
