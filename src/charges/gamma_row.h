// Charge equilibration: gamma of the pairs of one atom. SPDX-License-Identifier: GPL-2.0-only
#ifndef RFMEAM_CHARGES_GAMMA_ROW_H
#define RFMEAM_CHARGES_GAMMA_ROW_H

#include "../rfmeam/coulomb.h"

#include <cmath>

namespace rfmeam {

/// Effects of core charges by pair: what that of the other atom adds to chi of the row's atom (own) and that of the
/// row's atom to chi of the other (other), energy/e, and their slopes by r, divided by r. Null: there are no cores.
template <class T> struct CorePairs {
  T *own = nullptr, *other = nullptr, *own_slope_by_r = nullptr, *other_slope_by_r = nullptr;

  RFMEAM_FUNCTION CorePairs from(long long n) const
  {
    if (!own) return {};
    return {own + n, other + n, own_slope_by_r + n, other_slope_by_r + n};
  }
};

/// gamma(r) and gamma'(r)/r of an atom of one element with `count` others at squared distances rsq (Å^2), on the host:
/// vectorised, for the processor it runs on; the effects of core charges, if cores has room for them.
void evaluate_gamma_on_host(const CoulombView<double> &coulomb, int own_element, int count, const int *element,
                            const double *rsq, double *gamma, double *slope_by_r, const CorePairs<double> &cores);
void evaluate_gamma_on_host(const CoulombView<float> &coulomb, int own_element, int count, const int *element,
                            const float *rsq, float *gamma, float *slope_by_r, const CorePairs<float> &cores);

/// The same wherever it is called from.
template <class Real>
RFMEAM_FUNCTION void evaluate_gamma(const CoulombView<Real> &coulomb, int own_element, int count, const int *element,
                                    const Real *rsq, Real *gamma, Real *slope_by_r, const CorePairs<Real> &cores)
{
#if RFMEAM_ON_DEVICE
  for (int n = 0; n < count; n++) {
    const Real r = std::sqrt(rsq[n]);
    if (cores.own) {
      const auto p = coulomb.with_cores(own_element, element[n], r);
      gamma[n] = p.gamma.value, slope_by_r[n] = p.gamma.derivative / r;
      cores.own[n] = p.own.value, cores.own_slope_by_r[n] = p.own.derivative / r;
      cores.other[n] = p.other.value, cores.other_slope_by_r[n] = p.other.derivative / r;
      continue;
    }
    const auto g = coulomb.gamma(own_element, element[n], r);
    gamma[n] = g.value;
    slope_by_r[n] = g.derivative / r;
  }
#else
  evaluate_gamma_on_host(coulomb, own_element, count, element, rsq, gamma, slope_by_r, cores);
#endif
}

}    // namespace rfmeam

#endif
