// RF-MEAM physics library: many-body screening. SPDX-License-Identifier: GPL-2.0-only
#ifndef RFMEAM_SCREENING_H
#define RFMEAM_SCREENING_H

#include "parameters.h"

#include <cmath>

namespace rfmeam {

/// How far from i an atom k can screen a pair of length r_ij = 1: the largest r_ik on the ellipse C = c_max; 0 for
/// a triple that does not screen.
inline double screening_reach(double c_max)
{
  if (c_max <= 0.0) return 0.0;
  return c_max > 2.0 ? c_max / (2.0 * std::sqrt(c_max - 1.0)) : 1.0;
}

/// The ellipse of Baskes through i, j and k, C = sin^2(theta) / ((r_ij/r_ik - cos(theta)) cos(theta)) with theta
/// the angle j-i-k, written without roots: C = numerator/denominator with
///   numerator = r_ik^2 r_ij^2 - d^2, denominator = d (r_ij^2 - d), d = r_ij . r_ik.
/// denominator <= 0 means that k does not lie between i and j and does not screen (numerator >= 0 >= C_max
/// denominator).
template <class Real> struct ScreeningEllipse {
  Real numerator, denominator, rij_sq, rik_sq, dot;

  RFMEAM_FUNCTION ScreeningEllipse(Real rij_sq_, Real rik_sq_, Real dot_) :
      numerator(rik_sq_ * rij_sq_ - dot_ * dot_), denominator(dot_ * (rij_sq_ - dot_)), rij_sq(rij_sq_),
      rik_sq(rik_sq_), dot(dot_)
  {
    if (numerator < Real(0)) numerator = Real(0);    // rounding, where i, j and k lie in line
  }
  RFMEAM_FUNCTION bool leaves_unscreened(const ScreeningParameters<Real> &p) const
  {
    return numerator >= p.c_max * denominator;
  }
  RFMEAM_FUNCTION bool screens_fully(const ScreeningParameters<Real> &p) const
  {
    return numerator <= p.c_min * denominator;
  }
};

/// Value B and B'/B (with respect to C) of the factor B(y) = [1 - (1 - y)^4]^2, y = (C - C_min)/(C_max - C_min);
/// only for C_min < C < C_max. B'/B is what d(prod B) needs.
template <class Real> struct ScreeningFactor {
  Real value, log_derivative;

  RFMEAM_FUNCTION ScreeningFactor(Real c, const ScreeningParameters<Real> &p)
  {
    const Real inverse_width = Real(1) / (p.c_max - p.c_min);
    const Real t = (p.c_max - c) * inverse_width;
    const Real t3 = t * t * t;
    const Real root = Real(1) - t3 * t;
    value = root * root;
    log_derivative = root > Real(0) ? Real(8) * t3 * inverse_width / root : Real(0);
  }
};

/// C and its derivatives with respect to r_ij^2, r_ik^2 and d = r_ij . r_ik.
template <class Real> struct EllipseGradient {
  Real c, rij_sq, rik_sq, dot;

  RFMEAM_FUNCTION explicit EllipseGradient(const ScreeningEllipse<Real> &e)
  {
    const Real inverse = Real(1) / e.denominator;
    c = e.numerator * inverse;
    rij_sq = (e.rik_sq - c * e.dot) * inverse;
    rik_sq = e.rij_sq * inverse;
    dot = (-Real(2) * e.dot - c * (e.rij_sq - Real(2) * e.dot)) * inverse;
  }
};

}    // namespace rfmeam

#endif
