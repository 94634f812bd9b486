/* -*- c++ -*- ----------------------------------------------------------
   LAMMPS - Large-scale Atomic/Molecular Massively Parallel Simulator
   https://www.lammps.org/

   This software is distributed under the GNU General Public License.
------------------------------------------------------------------------- */

#ifndef LMP_RFMEAM_PPPM_POTENTIAL_KOKKOS_H
#define LMP_RFMEAM_PPPM_POTENTIAL_KOKKOS_H

#include "kspace_potential.h"

#include <string>

namespace rfmeam {

/// With kspace_style pppm/kk: as PPPMPotential, on its device; charges and potentials come from the host and go there.
/// Null, if this is no name of that style.
std::unique_ptr<KSpacePotential> make_pppm_potential_kokkos(LAMMPS_NS::LAMMPS *lmp, const std::string &style);

}    // namespace rfmeam

#endif
