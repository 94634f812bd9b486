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

/// An unknown of the charge equilibration: its atom (ID and local index), element, group, dE/dq at uncharged unknowns,
/// hardness and charge.
struct DirectUnknown {
  LAMMPS_NS::tagint tag;
  int atom, element, group;
  double linear, hardness, charge;
};
/// gamma of two atoms, by atom ID.
struct DirectElement {
  LAMMPS_NS::tagint row, column;
  double gamma;
};

/// Largest number of unknowns of a direct solve.
constexpr int max_direct = 4000;

/// Atom IDs of the unknowns of all ranks, on all ranks in the same order.
std::vector<LAMMPS_NS::tagint> tags_of_all(const std::vector<DirectUnknown> &mine, MPI_Comm world);

/// Gathers the charge matrix on rank 0, solves there, and returns the charges of this rank's unknowns in `mine`. The
/// elements are those of all ranks; each pair is listed for either atom.
SolveReport solve_directly(const CoulombTable &coulomb, const ChargeGroups &groups, std::vector<DirectUnknown> &mine,
                           const std::vector<DirectElement> &elements, MPI_Comm world);

}    // namespace rfmeam

#endif
