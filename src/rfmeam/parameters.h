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
  Real density_scale;                           ///< n: y = rho / n
  Real e0, e1, e2;                              ///< eV, embedding energy
  Real sigma;                                   ///< width in y over which the embedding energy sets in
  Real density_amplitude[num_partial_densities];    ///< p_l
  Real density_decay[num_partial_densities];        ///< q_l, 1/Å
  Real density_weight[num_partial_densities];       ///< t_l, l = 1..3 (t_0 is not used and 0)
};

enum class PairForm : int { timonova_thijsse = 1, srinivasan_duff = 2 };

/// Parameters of an unordered pair of elements.
template <class Real> struct PairParameters {
  PairForm form;
  Real r_start, r_cut;                  ///< Å, range of the cutoff function f_c
  Real r_scale, alpha, epsilon, c2, c3; ///< timonova_thijsse: r_p (Å), -, eV, -, -
  Real knot[3], coefficient[3];         ///< srinivasan_duff: s_m (Å), b_m (eV/Å^3)
  Real weight[num_partial_densities];   ///< w_l of the partial densities
  Real range;                           ///< Å, neither pair energy nor density beyond it
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

  RFMEAM_FUNCTION const PairParameters<Real> &pair_of(int i, int j) const
  {
    return pair[i * num_elements + j];
  }
  /// The screening parameters of the pair (i,j) for all elements k.
  RFMEAM_FUNCTION const ScreeningParameters<Real> *screening_of(int i, int j) const
  {
    return screening + (i * num_elements + j) * num_elements;
  }
};

}    // namespace rfmeam

#endif
