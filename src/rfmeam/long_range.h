// RF-MEAM physics library: Coulomb kernels summed to long range. SPDX-License-Identifier: GPL-2.0-only
#ifndef RFMEAM_LONG_RANGE_H
#define RFMEAM_LONG_RANGE_H

#include "potential.h"

#include <algorithm>

namespace rfmeam {

/// Whether a kernel falls off as k_e/r, so that there is something to sum in reciprocal space; screened kernels end.
inline bool has_long_range(CoulombForm form)
{
  return form == CoulombForm::direct_cut || form == CoulombForm::gaussian || form == CoulombForm::slater;
}

/// What an Ewald sum leaves to pairs within the cutoff (Å): v(r) - k_e erf(g r)/r with the splitting parameter g (1/Å),
/// the kernel v(r) of the potential without the shift that belongs to its own cutoff:
///   direct_cut   k_e erfc(g r)/r                              as screened_cut, rho = 1/g
///   gaussian     k_e [erf(r/s_ij) - erf(g r)]/r               as screened_gaussian, sqrt(s_ij^2 + lambda^2) = 1/g
///   slater       k_e ([f_i|f_j] - erf(g r)/r)                 alpha = g
/// What core charges of slater add to chi is short-ranged and stays as it is. The hardness has the self term of
/// Gaussian charges, but not that of Wolf's method; that of the sum, -2 g k_e/sqrt(pi), belongs to what is summed in
/// reciprocal space. k_e: energy Å/e^2. The form must have a long range.
inline CoulombTable real_space_table(const Potential &potential, double k_e, double cutoff, double splitting)
{
  CoulombTable table(potential, k_e);    // hardness
  table.cutoff = cutoff;
  for (auto &p : table.pair) p.value_at_cutoff = p.slope_at_cutoff = 0.0;
  if (potential.coulomb_form == CoulombForm::slater) {
    for (auto &p : table.pair) p.inverse_length = splitting;
    for (auto &s : table.slater) s.own_core_value = s.own_core_slope = s.other_core_value = s.other_core_slope = 0.0;
    for (int i = 0; i < potential.num_elements(); i++) table.charge[i].hardness = potential.charge[i].hardness;
  } else if (potential.coulomb_form == CoulombForm::direct_cut) {
    table.form = CoulombForm::screened_cut;
    for (auto &p : table.pair) p.inverse_length = splitting;
  } else {
    table.form = CoulombForm::screened_gaussian;
    for (auto &p : table.pair) p.inverse_screened_length = splitting;
  }
  return table;
}

/// The largest length s_ij = sqrt(2 (sigma_i^2 + sigma_j^2)) of a gaussian kernel (Å), 0 for point charges: within the
/// cutoff, erf(r/s_ij) must have become 1 as well as erf(g r) has.
inline double longest_width(const Potential &potential)
{
  double longest = 0.0;
  for (const double sigma : potential.gaussian_width) longest = std::max(longest, 2.0 * sigma);    // s_ii
  return longest;
}

/// How far two of the most diffuse Slater densities of a potential are from point charges at a distance r (Å):
/// 1 - r [f|f], 0 for other kernels. Within the cutoff it must have become as small as erfc(g r) has.
inline double diffuseness(const Potential &potential, double r)
{
  if (potential.coulomb_form != CoulombForm::slater) return 0.0;
  const double zeta = *std::min_element(potential.slater_exponent.begin(), potential.slater_exponent.end());
  return 1.0 + SlaterIntegrals<double>(slater_pair(zeta, zeta), r).missing.value;
}

}    // namespace rfmeam

#endif
