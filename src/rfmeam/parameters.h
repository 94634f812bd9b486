// RF-MEAM physics library: parameters of the model. SPDX-License-Identifier: GPL-2.0-only
//
// Units: length Å, energy eV, charge e (LAMMPS "metal"), or whatever Potential::scale_energy made of them.
// The structs are plain data, so that they can be copied to a device; potential.h holds the validated set.
#ifndef RFMEAM_PARAMETERS_H
#define RFMEAM_PARAMETERS_H

#include "config.h"

namespace rfmeam {

/// Partial densities run over l = 0..3.
constexpr int num_partial_densities = 4;

/// Parameters of one element: density of a neighbour of this element (p, q), and how an atom of this element
/// turns density into energy (t, n, e0, e1, e2, sigma).
template <class Real> struct ElementParameters {
  Real density_scale;                               ///< n: y = rho / n
  Real e0, e1, e2;                                  ///< eV, embedding energy
  Real sigma;                                       ///< width in y over which the embedding energy sets in
  Real density_amplitude[num_partial_densities];    ///< p_l
  Real density_decay[num_partial_densities];        ///< q_l, 1/Å
  Real density_weight[num_partial_densities];       ///< t_l, l = 1..3 (t_0 is not used and 0)
};

enum class PairForm : int { timonova_thijsse = 1, srinivasan_duff = 2 };

/// Parameters of an unordered pair of elements.
template <class Real> struct PairParameters {
  PairForm form;
  Real r_start, r_cut;                     ///< Å, range of the cutoff function f_c
  Real r_scale, alpha, epsilon, c2, c3;    ///< timonova_thijsse: r_p (Å), -, eV, -, -
  Real knot[3], coefficient[3];            ///< srinivasan_duff: s_m (Å), b_m (eV/Å^3)
  Real weight[num_partial_densities];      ///< w_l of the partial densities
  Real range;                              ///< Å, neither pair energy nor density beyond it
  Real screening_reach_sq;                 ///< atoms with r_ik^2 above this times r_ij^2 do not screen the pair
};

/// Screening of the pair (i,j) by an atom k: C_min and C_max. The default (a triple that is not listed) does
/// not screen: every C >= 0 lies above C_max = 0.
template <class Real> struct ScreeningParameters {
  Real c_min = -1, c_max = 0;
};

/// Charge energy of one element: E0 + chi q + J q^2 / 2.
template <class Real> struct ChargeParameters {
  Real electronegativity;    ///< chi, eV/e
  Real hardness;             ///< J, eV/e^2; Potential::coulomb_table adds the self term of a Gaussian
  Real energy;               ///< E0, eV
};

/// Element tables as the kernels see them. Not owning; the pointers are to host or to device memory.
/// Pairs are stored at [i * num_elements + j], triples at [(i * num_elements + j) * num_elements + k].
template <class Real> struct ModelView {
  int num_elements;
  const ElementParameters<Real> *element;
  const PairParameters<Real> *pair;
  const ScreeningParameters<Real> *screening;

  RFMEAM_FUNCTION const PairParameters<Real> &pair_of(int i, int j) const { return pair[i * num_elements + j]; }
  /// The screening parameters of the pair (i,j) for all elements k.
  RFMEAM_FUNCTION const ScreeningParameters<Real> *screening_of(int i, int j) const
  {
    return screening + (i * num_elements + j) * num_elements;
  }
};

// ---- the same parameters in another precision, for devices

template <class To, class From> ElementParameters<To> convert(const ElementParameters<From> &from)
{
  ElementParameters<To> to = {};
  to.density_scale = To(from.density_scale);
  to.e0 = To(from.e0), to.e1 = To(from.e1), to.e2 = To(from.e2);
  to.sigma = To(from.sigma);
  for (int l = 0; l < num_partial_densities; l++) {
    to.density_amplitude[l] = To(from.density_amplitude[l]);
    to.density_decay[l] = To(from.density_decay[l]);
    to.density_weight[l] = To(from.density_weight[l]);
  }
  return to;
}

template <class To, class From> PairParameters<To> convert(const PairParameters<From> &from)
{
  PairParameters<To> to = {};
  to.form = from.form;
  to.r_start = To(from.r_start), to.r_cut = To(from.r_cut);
  to.r_scale = To(from.r_scale), to.alpha = To(from.alpha), to.epsilon = To(from.epsilon);
  to.c2 = To(from.c2), to.c3 = To(from.c3);
  for (int m = 0; m < 3; m++) to.knot[m] = To(from.knot[m]), to.coefficient[m] = To(from.coefficient[m]);
  for (int l = 0; l < num_partial_densities; l++) to.weight[l] = To(from.weight[l]);
  to.range = To(from.range), to.screening_reach_sq = To(from.screening_reach_sq);
  return to;
}

template <class To, class From> ScreeningParameters<To> convert(const ScreeningParameters<From> &from)
{
  return {To(from.c_min), To(from.c_max)};
}

template <class To, class From> ChargeParameters<To> convert(const ChargeParameters<From> &from)
{
  return {To(from.electronegativity), To(from.hardness), To(from.energy)};
}

}    // namespace rfmeam

#endif
