// RF-MEAM physics library: one validated potential (RF-MEAM and charges). SPDX-License-Identifier: GPL-2.0-only
#ifndef RFMEAM_POTENTIAL_H
#define RFMEAM_POTENTIAL_H

#include "coulomb.h"
#include "parameters.h"
#include "screening.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <stdexcept>
#include <string>
#include <vector>

namespace rfmeam {

/// What a *.rfmeam file holds, in metal units. Tables are indexed by element; pairs are symmetric.
/// Either part may be absent: without_meam() has only charges, without_charges() only RF-MEAM.
struct Potential {
  std::vector<std::string> elements;

  std::vector<ElementParameters<double>> element;        ///< [i]; empty without the RF-MEAM part
  std::vector<PairParameters<double>> pair;              ///< [i][j]
  std::vector<ScreeningParameters<double>> screening;    ///< [i][j][k]

  CoulombForm coulomb_form = CoulombForm::none;
  double coulomb_cutoff = 0.0;                     ///< Å
  std::vector<ChargeParameters<double>> charge;    ///< [i]; hardness as given in the file
  std::vector<double> screening_length;            ///< [i][j] Å; screened_cut
  std::vector<double> gaussian_width;              ///< [i] Å; gaussian

  int num_elements() const { return static_cast<int>(elements.size()); }
  bool has_meam() const { return !element.empty(); }
  bool has_charges() const { return coulomb_form != CoulombForm::none; }

  /// Largest pair cutoff of the RF-MEAM part (Å), 0 without it.
  double pair_cutoff() const
  {
    double cutoff = 0.0;
    for (const auto &p : pair) cutoff = std::max(cutoff, p.range);
    return cutoff;
  }

  /// How far the neighbours of an atom must be known (Å): a screening atom can lie beyond the pair cutoff.
  double neighbourhood_cutoff() const
  {
    double cutoff = 0.0;
    for (const auto &p : pair) cutoff = std::max(cutoff, p.range * std::sqrt(std::max(1.0, p.screening_reach_sq)));
    return cutoff;
  }

  /// Derives screening_reach_sq of all pairs from the screening parameters.
  void set_screening_reach()
  {
    const std::size_t n = elements.size();
    for (std::size_t ij = 0; ij < pair.size(); ij++) {
      double reach = 0.0;
      for (std::size_t k = 0; k < n; k++) reach = std::max(reach, screening_reach(screening[ij * n + k].c_max));
      pair[ij].screening_reach_sq = reach * reach;
    }
  }

  /// Converts all energies from eV to another unit; lengths and charges stay.
  void scale_energy(double factor)
  {
    for (auto &e : element)
      for (double *x : {&e.e0, &e.e1, &e.e2}) *x *= factor;
    for (auto &p : pair) {
      p.epsilon *= factor;
      for (double &b : p.coefficient) b *= factor;
    }
    for (auto &c : charge)
      for (double *x : {&c.electronegativity, &c.hardness, &c.energy}) *x *= factor;
  }

  ModelView<double> model_view() const { return {num_elements(), element.data(), pair.data(), screening.data()}; }
};

/// The Coulomb tables of a potential for a given k_e (energy Å/e^2), shifted at the cutoff; the charge
/// parameters include the self term of Gaussian charges.
struct CoulombTable {
  CoulombForm form = CoulombForm::none;
  int num_elements = 0;
  double k_e = 0.0, cutoff = 0.0;
  std::vector<CoulombPairParameters<double>> pair;
  std::vector<ChargeParameters<double>> charge;

  CoulombTable() = default;
  CoulombTable(const Potential &potential, double k_e_) :
      form(potential.coulomb_form), num_elements(potential.num_elements()), k_e(k_e_), cutoff(potential.coulomb_cutoff),
      charge(potential.charge)
  {
    if (form == CoulombForm::none) return;
    for (int i = 0; i < num_elements; i++) {
      for (int j = 0; j < num_elements; j++) {
        double inverse_length = 0.0;
        if (form == CoulombForm::screened_cut)
          inverse_length = 1.0 / potential.screening_length[i * num_elements + j];
        else if (form == CoulombForm::gaussian)
          inverse_length = 1.0 /
              std::sqrt(2.0 *
                        (potential.gaussian_width[i] * potential.gaussian_width[i] +
                         potential.gaussian_width[j] * potential.gaussian_width[j]));
        const auto v = bare_coulomb(form, inverse_length, k_e, cutoff);
        pair.push_back({inverse_length, v.value, v.derivative});
      }
      if (form == CoulombForm::gaussian) charge[i].hardness += gaussian_self_hardness(k_e, potential.gaussian_width[i]);
    }
  }

  CoulombView<double> view() const { return {form, num_elements, k_e, cutoff, pair.data(), charge.data()}; }
};

}    // namespace rfmeam

#endif
