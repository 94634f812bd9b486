// RF-MEAM physics library: walls of the charge energy. SPDX-License-Identifier: GPL-2.0-only
#ifndef RFMEAM_CHARGE_WALL_H
#define RFMEAM_CHARGE_WALL_H

#include "config.h"

#include <cmath>

namespace rfmeam {

/// delta (e), over which a wall sets in.
constexpr double wall_softness = 0.05;

/// Energy K p(x)^2/2 of a charge that is x (e) beyond a wall of stiffness K (eV/e^2), with p = (x + sqrt(x^2 +
/// delta^2))/2, and its derivatives by x. Convex; K x^2/2 far beyond the wall, K delta^4/(32 x^2) far before it. What a
/// closed shell costs to open, or a bound of the charges.
template <class Real> RFMEAM_FUNCTION TwoDerivatives<Real> charge_wall(Real stiffness, Real x)
{
  const Real delta_sq = Real(wall_softness * wall_softness);
  const Real root = sqrt(x * x + delta_sq);
  const Real p = Real(0.5) * (x > Real(0) ? x + root : delta_sq / (root - x));    // the same, and nothing cancels
  const Real slope = p / root, bend = Real(0.5) * delta_sq / (root * root * root);
  return {Real(0.5) * stiffness * p * p, stiffness * p * slope, stiffness * (slope * slope + p * bend)};
}

}    // namespace rfmeam

#endif
