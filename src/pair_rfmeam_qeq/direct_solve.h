/* -*- c++ -*- ----------------------------------------------------------
   LAMMPS - Large-scale Atomic/Molecular Massively Parallel Simulator
   https://www.lammps.org/

   This software is distributed under the GNU General Public License.
------------------------------------------------------------------------- */

#ifndef LMP_RFMEAM_DIRECT_SOLVE_H
#define LMP_RFMEAM_DIRECT_SOLVE_H

#include "../charges/charge_engine.h"
#include "../charges/solve_report.h"
#include "../rfmeam/potential.h"

#include "lmptype.h"

#include <mpi.h>
#include <vector>

namespace rfmeam {

/// An unknown of the charge equilibration: its atom, element, dE/dq at uncharged unknowns, hardness and charge.
struct DirectUnknown {
  LAMMPS_NS::tagint tag;
  int element;
  double linear, hardness, charge;
};
/// gamma of two atoms, by atom ID.
struct DirectElement {
  LAMMPS_NS::tagint row, column;
  double gamma;
};

/// Largest number of unknowns of a direct solve.
constexpr int max_direct = 4000;

/// Gathers the charge matrix on rank 0, solves there, and returns the charges of this rank's unknowns in `mine`. The
/// elements are those of all ranks; each pair is listed for either atom.
SolveReport solve_directly(const CoulombTable &coulomb, std::vector<DirectUnknown> &mine,
                           const std::vector<DirectElement> &elements, MPI_Comm world);

}    // namespace rfmeam

#endif
