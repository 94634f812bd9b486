/* ----------------------------------------------------------------------
   LAMMPS - Large-scale Atomic/Molecular Massively Parallel Simulator
   https://www.lammps.org/

   This software is distributed under the GNU General Public License.
------------------------------------------------------------------------- */

// groups of charges of fix qeq/vc, each with a total of its own or held at a potential (charges/charge_groups.h)

#include "fix_qeq_vc.h"

#include "../pair_rfmeam_qeq/pair_rfmeam_qeq.h"

#include "atom.h"
#include "comm.h"
#include "error.h"
#include "group.h"

#include <algorithm>
#include <cmath>

using namespace LAMMPS_NS;

/* ----------------------------------------------------------------------
   The groups share the atoms of the fix among them. An atom that is added
   in a run is looked at by the solver.
------------------------------------------------------------------------- */

void FixQEqVC::check_groups() const
{
  for (const ChargeGroup &charges : groups) {
    if (group->dynamic[charges.group] || group->count(charges.group) > 0) continue;
    if (charges.held)
      error->all(FLERR, "Fix {} group {} has no atoms that could be held at potential {:.8g}", style,
                 group->names[charges.group], charges.value);
    if (!charges.given)
      error->all(FLERR, "Fix {} group {} has no atoms. To begin without any, give their total charge: qtotal 0", style,
                 group->names[charges.group]);
  }
  if (!has_groups) return;
  tagint first = MAXTAGINT, all;
  for (int i = 0; i < atom->nlocal; i++) {
    const auto in_it = [&](const ChargeGroup &g) { return (atom->mask[i] & group->bitmask[g.group]) != 0; };
    const auto times = std::count_if(groups.begin(), groups.end(), in_it);
    if (times != ((atom->mask[i] & groupbit) ? 1 : 0)) first = std::min(first, atom->tag[i]);
  }
  MPI_Allreduce(&first, &all, 1, MPI_LMP_TAGINT, MPI_MIN, world);
  if (all < MAXTAGINT)
    error->all(FLERR,
               "Fix {} with keyword group: atom {} is in none or several of the groups, or not in group {} of the fix. "
               "Allowed are groups that share the atoms of group {} among them",
               style, all, group->names[igroup], group->names[igroup]);
}

/* ---------------------------------------------------------------------- */

bool FixQEqVC::totals_known() const
{
  if (has_sources && !before_known) return false;
  if (shares_total && !shared.known) return false;
  return std::all_of(groups.begin(), groups.end(), [](const ChargeGroup &g) { return g.known; });
}

/* ---------------------------------------------------------------------- */

int FixQEqVC::held_bits() const
{
  int bits = 0;
  for (const ChargeGroup &charges : groups)
    if (charges.held) bits |= group->bitmask[charges.group];
  return bits;
}

/* ----------------------------------------------------------------------
   A total belongs to its group: it is what the atoms have when the first
   run begins, and stays, whatever happens to the atoms, until fix_modify.
------------------------------------------------------------------------- */

void FixQEqVC::setup_totals()
{
  const bool is_first = has_sources && !before_known;
  before_known = true;
  for (ChargeGroup &charges : groups) {
    const int bit = group->bitmask[charges.group];
    if (is_first) charges.before = pair->total_charge(bit);
    const std::string name = group->names[charges.group];
    setup_total(charges, bit, fmt::format("group {}", name), has_groups ? fmt::format("group {} ", name) : "");
  }
  if (shares_total) setup_total(shared, held_bits(), "the groups at a potential", "");
}

/* ----------------------------------------------------------------------
   one of atoms with this bit, if it is not given in the input
------------------------------------------------------------------------- */

void FixQEqVC::setup_total(ChargeGroup &charges, int bit, const std::string &name, const std::string &word)
{
  if (charges.given) return;
  const double present = pair->total_charge(bit);
  if (!charges.known) {
    charges.value = present;
    charges.known = true;
    return;
  }
  constexpr double noticeable = 1e-3;
  if (comm->me == 0 && !(std::fabs(present - charges.value) <= noticeable))
    error->warning(FLERR,
                   "Fix {} {} brings the atoms of {}, whose charges add up to {:.6g}, back to their total charge "
                   "{:.6g}. To take another one: fix_modify {} {}qtotal {:.6g}",
                   style, id, name, present, charges.value, id, word, present);
}

/* ---------------------------------------------------------------------- */

rfmeam::ChargeGroups FixQEqVC::charge_groups() const
{
  rfmeam::ChargeGroups result;
  result.share_total = shares_total;
  result.shared_total = shared.value;
  for (const ChargeGroup &charges : groups)
    result.group[result.count++] = {group->bitmask[charges.group], charges.held, charges.value};
  return result;
}

/* ----------------------------------------------------------------------
   chemical potential, total charge and the charge that came in since the
   first run began, of each group
------------------------------------------------------------------------- */

double FixQEqVC::compute_array(int i, int j)
{
  if (j == 0) return report.mu[i];
  const double total = sum_of_charges(group->bitmask[groups[i].group]);
  if (j == 1) return total;
  return before_known ? total - groups[i].before : 0.0;
}
