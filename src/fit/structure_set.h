// Fit: many structures and their derivatives by parameters. SPDX-License-Identifier: GPL-2.0-only
#ifndef RFMEAM_FIT_STRUCTURE_SET_H
#define RFMEAM_FIT_STRUCTURE_SET_H

#include "../rfmeam/bonds.h"
#include "../rfmeam/potential.h"

#include <set>
#include <string>
#include <vector>

namespace rfmeam {

/// Energies and what follows from them of S structures with N atoms in all, charges at equilibrium; arrays are row
/// major. Derivatives by P parameters are the last index of theirs and are total: with the charges' own changes.
struct SetResult {
  int num_parameters = 0;
  std::vector<double> energy;               ///< (S), eV; NaN, if the charges have no equilibrium
  std::vector<double> forces;               ///< (N, 3), eV/Å
  std::vector<double> virial;               ///< (S, 3, 3), -dE/d(strain), eV
  std::vector<double> charges;              ///< (N), e
  std::vector<double> lowest_eigenvalue;    ///< (S), eV/e^2, of the charge matrix at constant sum; without: infinity
  std::vector<double> d_energy, d_forces, d_virial, d_charges, d_lowest_eigenvalue;
};

/// Structures with their neighbours found, so that one potential after the other can be evaluated on all processors.
class StructureSet {
 public:
  /// elements of the systems are indices into those of the potential; total_charges (e) has one number each. k_e in
  /// eV Å/e^2. Throws std::invalid_argument.
  StructureSet(const Potential &potential, std::vector<PeriodicSystem> systems, std::vector<double> total_charges,
               double k_e);

  [[nodiscard]] int size() const { return static_cast<int>(structures.size()); }
  [[nodiscard]] int num_atoms() const { return first_atom.back(); }
  /// Structure s has the atoms first_atoms()[s] to first_atoms()[s + 1] - 1.
  [[nodiscard]] const std::vector<int> &first_atoms() const { return first_atom; }

  /// threads: 0 for one on each processor. Throws std::invalid_argument, if the potential has other elements or longer
  /// cutoffs than the one that the set was made with.
  [[nodiscard]] SetResult evaluate(const Potential &potential, int threads = 0) const;
  /// And derivatives by the parameters of these names (named_parameters.h).
  [[nodiscard]] SetResult differentiate(const Potential &potential, const std::vector<std::string> &names,
                                        int threads = 0) const;

 private:
  struct Structure {
    std::vector<int> elements;
    std::set<int> kinds;    ///< the elements that occur
    double total_charge;
    Bonds meam, coulomb;    ///< all; half
  };
  class Evaluation;

  std::vector<std::string> symbols;
  double k_e, meam_cutoff, coulomb_cutoff;
  std::vector<Structure> structures;
  std::vector<int> first_atom = {0};

  void check(const Potential &potential) const;
};

}    // namespace rfmeam

#endif
