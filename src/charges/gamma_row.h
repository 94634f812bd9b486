// Charge equilibration: gamma of the pairs of one atom. SPDX-License-Identifier: GPL-2.0-only
#ifndef RFMEAM_CHARGES_GAMMA_ROW_H
#define RFMEAM_CHARGES_GAMMA_ROW_H

#include "../rfmeam/coulomb.h"

#include <cmath>

namespace rfmeam {

/// gamma(r) and gamma'(r)/r of an atom of one element with `count` others at squared distances rsq (Å^2), on the host:
/// vectorised, for the processor it runs on.
void evaluate_gamma_on_host(const CoulombView<double> &coulomb, int own_element, int count, const int *element,
                            const double *rsq, double *gamma, double *slope_by_r);
void evaluate_gamma_on_host(const CoulombView<float> &coulomb, int own_element, int count, const int *element,
                            const float *rsq, float *gamma, float *slope_by_r);

/// The same wherever it is called from.
template <class Real>
RFMEAM_FUNCTION void evaluate_gamma(const CoulombView<Real> &coulomb, int own_element, int count, const int *element,
                                    const Real *rsq, Real *gamma, Real *slope_by_r)
{
#if RFMEAM_ON_DEVICE
  for (int n = 0; n < count; n++) {
    const Real r = std::sqrt(rsq[n]);
    const auto g = coulomb.gamma(own_element, element[n], r);
    gamma[n] = g.value;
    slope_by_r[n] = g.derivative / r;
  }
#else
  evaluate_gamma_on_host(coulomb, own_element, count, element, rsq, gamma, slope_by_r);
#endif
}

}    // namespace rfmeam

#endif
