// RF-MEAM physics library: partial densities. SPDX-License-Identifier: GPL-2.0-only
#ifndef RFMEAM_DENSITY_H
#define RFMEAM_DENSITY_H

#include "cutoff.h"
#include "parameters.h"

#include <cmath>
#include <type_traits>

namespace rfmeam {

/// Unscreened radial amplitudes a_l(r) = f_c(r) p_l(j) exp(-q_l(j) r) w_l(ij) of a neighbour j, l = 0..3.
template <class Real> struct DensityAmplitudes {
  Real value[num_partial_densities], derivative[num_partial_densities];

  /// Many potentials have one decay for all l. Numbers that bear derivatives by parameters may differ in those.
  RFMEAM_FUNCTION static bool are_the_same(const Real &a, const Real &b)
  {
    return std::is_floating_point_v<Real> && a == b;
  }

  DensityAmplitudes() = default;
  RFMEAM_FUNCTION DensityAmplitudes(const ElementParameters<Real> &neighbour, const PairParameters<Real> &pair,
                                    Real r) :
      DensityAmplitudes(neighbour, pair, r, cutoff_function(r, pair.r_start, pair.r_cut))
  {
  }
  /// fc: the pair's cutoff function at r.
  RFMEAM_FUNCTION DensityAmplitudes(const ElementParameters<Real> &neighbour, const PairParameters<Real> &pair, Real r,
                                    const ValueDerivative<Real> &fc)
  {
    const Real *const decay = neighbour.density_decay;
    Real decayed = exp(-decay[0] * r);
    for (int l = 0; l < num_partial_densities; l++) {
      if (l > 0 && !are_the_same(decay[l], decay[l - 1])) decayed = exp(-decay[l] * r);
      const Real bare = neighbour.density_amplitude[l] * pair.weight[l] * decayed;
      value[l] = fc.value * bare;
      derivative[l] = fc.derivative * bare - decay[l] * value[l];
    }
  }
};

/// Moments of the neighbourhood, from which the partial densities follow at a cost linear in the neighbours:
/// with A_l = S a_l and u the unit vector to the neighbour, s0 = sum A_0, v1 = sum A_1 u,
/// s2 = sum A_2, t2 = sum A_2 u u (xx yy zz yz xz xy), v3 = sum A_3 u,
/// t3 = sum A_3 u u u (xxx yyy zzz xxy xxz xyy yyz xzz yzz xyz).
template <class Real> struct DensityMoments {
  Real s0, v1[3], s2, t2[6], v3[3], t3[10];

  RFMEAM_FUNCTION DensityMoments() : s0(0), v1{}, s2(0), t2{}, v3{}, t3{} {}

  RFMEAM_FUNCTION void add(const DensityAmplitudes<Real> &a, Real screening, Real x, Real y, Real z)
  {
    const Real a1 = screening * a.value[1], a2 = screening * a.value[2], a3 = screening * a.value[3];
    s0 += screening * a.value[0];
    v1[0] += a1 * x, v1[1] += a1 * y, v1[2] += a1 * z;
    s2 += a2;
    t2[0] += a2 * x * x, t2[1] += a2 * y * y, t2[2] += a2 * z * z;
    t2[3] += a2 * y * z, t2[4] += a2 * x * z, t2[5] += a2 * x * y;
    const Real ax = a3 * x, ay = a3 * y, az = a3 * z;
    v3[0] += ax, v3[1] += ay, v3[2] += az;
    t3[0] += ax * x * x, t3[1] += ay * y * y, t3[2] += az * z * z;
    t3[3] += ax * x * y, t3[4] += ax * x * z, t3[5] += ax * y * y;
    t3[6] += ay * y * z, t3[7] += ax * z * z, t3[8] += ay * z * z, t3[9] += ax * y * z;
  }

  RFMEAM_FUNCTION DensityMoments &operator+=(const DensityMoments &o)
  {
    s0 += o.s0, s2 += o.s2;
    for (int a = 0; a < 3; a++) v1[a] += o.v1[a], v3[a] += o.v3[a];
    for (int a = 0; a < 6; a++) t2[a] += o.t2[a];
    for (int a = 0; a < 10; a++) t3[a] += o.t3[a];
    return *this;
  }
};

/// The squared partial densities (rho_l)^2 = sum_jk A_l(ij) A_l(ik) P_l(cos theta_jik), l = 1..3, and rho_0.
template <class Real> struct PartialDensities {
  Real rho0, rho_sq[num_partial_densities];

  RFMEAM_FUNCTION explicit PartialDensities(const DensityMoments<Real> &m) : rho0(m.s0)
  {
    const Real *v = m.v1, *w = m.v3, *t = m.t2, *h = m.t3;
    rho_sq[0] = m.s0 * m.s0;
    rho_sq[1] = v[0] * v[0] + v[1] * v[1] + v[2] * v[2];
    rho_sq[2] =
        Real(1.5) * (t[0] * t[0] + t[1] * t[1] + t[2] * t[2] + Real(2) * (t[3] * t[3] + t[4] * t[4] + t[5] * t[5])) -
        Real(0.5) * m.s2 * m.s2;
    rho_sq[3] = Real(2.5) *
            (h[0] * h[0] + h[1] * h[1] + h[2] * h[2] +
             Real(3) * (h[3] * h[3] + h[4] * h[4] + h[5] * h[5] + h[6] * h[6] + h[7] * h[7] + h[8] * h[8]) +
             Real(6) * h[9] * h[9]) -
        Real(1.5) * (w[0] * w[0] + w[1] * w[1] + w[2] * w[2]);
  }
};

/// Background density rho = rho_0 2/(1 + exp(-Gamma)), Gamma = sum_{l=1..3} t_l rho_l^2/rho_0^2, and its
/// derivatives with respect to rho_0 and to each rho_l^2.
template <class Real> struct BackgroundDensity {
  Real value, by_rho0, by_rho_sq[num_partial_densities];

  /// Below this rho_0 an atom counts as isolated: value and derivatives are zero (the embedding energy
  /// vanishes as rho^3 log(rho)).
  static constexpr double isolated = 1.0e-10;
  /// Below this Gamma the density, of the order of 1e-35, counts as 0: exp(-Gamma) stays finite in every precision, and
  /// so do its derivatives.
  static constexpr double least_gamma = -80.0;

  RFMEAM_FUNCTION BackgroundDensity(const ElementParameters<Real> &e, const PartialDensities<Real> &d) :
      value(0), by_rho0(0), by_rho_sq{}
  {
    if (d.rho0 < Real(isolated)) return;
    const Real inverse_sq = Real(1) / (d.rho0 * d.rho0);
    Real gamma = 0;
    for (int l = 1; l < num_partial_densities; l++) gamma += e.density_weight[l] * d.rho_sq[l];
    gamma *= inverse_sq;
    if (gamma < Real(least_gamma)) return;
    const Real sigmoid = Real(1) / (Real(1) + exp(-gamma));
    const Real by_gamma = Real(2) * d.rho0 * sigmoid * (Real(1) - sigmoid);
    value = Real(2) * d.rho0 * sigmoid;
    by_rho0 = Real(2) * sigmoid - by_gamma * Real(2) * gamma / d.rho0;
    for (int l = 1; l < num_partial_densities; l++) by_rho_sq[l] = by_gamma * e.density_weight[l] * inverse_sq;
  }
};

/// Energy gradient with respect to one neighbour's screened amplitudes A_l and its unit vector u.
template <class Real> struct MomentGradient {
  Real by_amplitude[num_partial_densities];    ///< dE/dA_l
  Real by_direction[3];                        ///< sum_l A_l d(dE/dA_l)/du, not projected

  /// energy_slope = dE/drho; screening S and amplitudes a_l of this neighbour.
  RFMEAM_FUNCTION MomentGradient(const DensityMoments<Real> &m, const BackgroundDensity<Real> &rho, Real energy_slope,
                                 const DensityAmplitudes<Real> &a, Real screening, Real x, Real y, Real z)
  {
    const Real g1 = Real(2) * energy_slope * rho.by_rho_sq[1];
    const Real g2 = Real(3) * energy_slope * rho.by_rho_sq[2];
    const Real g3 = energy_slope * rho.by_rho_sq[3];

    // t2.u and t3:uu
    const Real *t = m.t2, *h = m.t3;
    const Real t2u[3] = {t[0] * x + t[5] * y + t[4] * z, t[5] * x + t[1] * y + t[3] * z,
                         t[4] * x + t[3] * y + t[2] * z};
    const Real xx = x * x, yy = y * y, zz = z * z, yz = 2 * y * z, xz = 2 * x * z, xy = 2 * x * y;
    const Real t3uu[3] = {h[0] * xx + h[5] * yy + h[7] * zz + h[9] * yz + h[4] * xz + h[3] * xy,
                          h[3] * xx + h[1] * yy + h[8] * zz + h[6] * yz + h[9] * xz + h[5] * xy,
                          h[4] * xx + h[6] * yy + h[2] * zz + h[8] * yz + h[7] * xz + h[9] * xy};

    const Real v1u = m.v1[0] * x + m.v1[1] * y + m.v1[2] * z;
    const Real v3u = m.v3[0] * x + m.v3[1] * y + m.v3[2] * z;
    const Real t2uu = t2u[0] * x + t2u[1] * y + t2u[2] * z;
    const Real t3uuu = t3uu[0] * x + t3uu[1] * y + t3uu[2] * z;

    by_amplitude[0] = energy_slope * rho.by_rho0;
    by_amplitude[1] = g1 * v1u;
    by_amplitude[2] = g2 * (t2uu - m.s2 / Real(3));
    by_amplitude[3] = g3 * (Real(5) * t3uuu - Real(3) * v3u);

    const Real a1 = screening * a.value[1] * g1, a2 = Real(2) * screening * a.value[2] * g2,
               a3 = screening * a.value[3] * g3;
    for (int c = 0; c < 3; c++)
      by_direction[c] = a1 * m.v1[c] + a2 * t2u[c] + a3 * (Real(15) * t3uu[c] - Real(3) * m.v3[c]);
  }
};

}    // namespace rfmeam

#endif
