/* -*- c++ -*- ----------------------------------------------------------
   LAMMPS - Large-scale Atomic/Molecular Massively Parallel Simulator
   https://www.lammps.org/

   This software is distributed under the GNU General Public License.
------------------------------------------------------------------------- */

#ifndef LMP_RFMEAM_EWALD_POTENTIAL_H
#define LMP_RFMEAM_EWALD_POTENTIAL_H

#include "kspace_potential.h"

namespace rfmeam {

/// With kspace_style ewald: its wave vectors, coefficients and tables of exp(i k x), see ewald.cpp of LAMMPS.
class EwaldPotential : public KSpacePotential {
 public:
  explicit EwaldPotential(LAMMPS_NS::LAMMPS *lmp_) : KSpacePotential(lmp_) {}

 protected:
  void prepare_reciprocal() override;
  void add_reciprocal(const double *q, double k_e, double *out) override;

 private:
  std::vector<double> mine, all;    // real and imaginary parts of structure factors, those of this rank and their sum
};

}    // namespace rfmeam

#endif
