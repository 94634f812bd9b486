/* -*- c++ -*- ----------------------------------------------------------
   LAMMPS - Large-scale Atomic/Molecular Massively Parallel Simulator
   https://www.lammps.org/

   This software is distributed under the GNU General Public License.
------------------------------------------------------------------------- */

#ifndef LMP_RFMEAM_PPPM_POTENTIAL_H
#define LMP_RFMEAM_PPPM_POTENTIAL_H

#include "kspace_potential.h"

namespace rfmeam {

/// With kspace_style pppm, on its grid: particles are mapped once; a product is spread, two FFTs with the Green's
/// function between, gather, see pppm.cpp of LAMMPS.
class PPPMPotential : public KSpacePotential {
 public:
  explicit PPPMPotential(LAMMPS_NS::LAMMPS *lmp_) : KSpacePotential(lmp_) {}

 protected:
  void prepare_reciprocal() override;
  void add_reciprocal(const double *q, double k_e, double *out) override;

 private:
  // what the style finds in place of the atoms' positions, their charges and energies

  std::vector<double> relative;    // positions in units of a triclinic box, three an atom
  std::vector<double *> rows;      // x[i] of them
  std::vector<double> ones, sum;

  double **positions();
};

}    // namespace rfmeam

#endif
