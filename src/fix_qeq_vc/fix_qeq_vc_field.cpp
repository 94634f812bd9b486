/* ----------------------------------------------------------------------
   LAMMPS - Large-scale Atomic/Molecular Massively Parallel Simulator
   https://www.lammps.org/

   This software is distributed under the GNU General Public License.
------------------------------------------------------------------------- */

// fields of fix efield that the charges of fix qeq/vc see

#include "fix_qeq_vc.h"

#include "atom.h"
#include "domain.h"
#include "error.h"
#include "fix_efield.h"
#include "force.h"
#include "group.h"
#include "input.h"
#include "modify.h"
#include "region.h"
#include "update.h"
#include "variable.h"

#include <algorithm>
#include <cmath>
#include <optional>

using namespace LAMMPS_NS;

/* ----------------------------------------------------------------------
   FixEfield tells its settings to classes derived from it only
------------------------------------------------------------------------- */

namespace {

struct Field : FixEfield {
  using Style = int FixEfield::*;

  static bool has_potential(const FixEfield *fix) { return fix->*(&Field::pstyle) == ATOM; }
  static int potential(const FixEfield *fix) { return fix->*(&Field::pvar); }
  static Region *region_of(const FixEfield *fix) { return fix->*(&Field::region); }
  static bool has_atom_style(const FixEfield *fix) { return fix->*(&Field::varflag) == ATOM; }
  static bool is_constant(const FixEfield *fix) { return fix->*(&Field::varflag) == CONSTANT; }

  /// Force on a unit charge, where it is the same everywhere.
  static void uniform(const FixEfield *fix, Variable *variable, double *e)
  {
    const Style styles[3] = {&Field::xstyle, &Field::ystyle, &Field::zstyle};
    const Style variables[3] = {&Field::xvar, &Field::yvar, &Field::zvar};
    double FixEfield::*const constants[3] = {&Field::ex, &Field::ey, &Field::ez};
    for (int c = 0; c < 3; c++)
      e[c] = fix->*styles[c] == EQUAL ? fix->*(&Field::qe2f) * variable->compute_equal(fix->*variables[c])
                                      : fix->*constants[c];
  }
};

/// What LAMMPS wants before variables are evaluated, and after them.
class VariableEvaluation {
 public:
  VariableEvaluation(Modify *modify_, bigint next_) : modify(modify_), next(next_) { modify->clearstep_compute(); }
  ~VariableEvaluation() { modify->addstep_compute(next); }
  VariableEvaluation(const VariableEvaluation &) = delete;

 private:
  Modify *modify;
  bigint next;
};

}    // namespace

/* ----------------------------------------------------------------------
   A field along a period of the box has no potential: an atom that leaves
   at one side and comes in at the other would have another charge.
------------------------------------------------------------------------- */

static void check_periods(const double *e, const Fix *field, const char *style, Domain *domain, Error *error)
{
  const double periods[3][3] = {
      {domain->xprd, 0.0, 0.0}, {domain->xy, domain->yprd, 0.0}, {domain->xz, domain->yz, domain->zprd}};
  const bool periodic[3] = {domain->xperiodic != 0, domain->yperiodic != 0, domain->zperiodic != 0};
  const double size = std::hypot(e[0], e[1], e[2]);
  for (int k = 0; k < 3; k++) {
    const double *const a = periods[k];
    const double along = e[0] * a[0] + e[1] * a[1] + e[2] * a[2];
    if (periodic[k] && std::fabs(along) > 1e-12 * size * std::hypot(a[0], a[1], a[2]))
      error->all(FLERR,
                 "Fix {} with fix {} ({}): the field ({:.8g}, {:.8g}, {:.8g}) has a component along the periodic "
                 "direction {} of the box, where it has no potential that charges could see. Allowed are fields "
                 "across periodic directions, and keyword potential of fix {}",
                 style, field->id, field->style, e[0], e[1], e[2], "xyz"[k], field -> id);
  }
}

/* ---------------------------------------------------------------------- */

void FixQEqVC::find_fields()
{
  fields.clear();
  for (Fix *other : modify->get_fix_by_style("^efield")) {
    if (!shares_atoms(other)) continue;
    const bool of_molecules = utils::strmatch(other->style, "tip4p");
    auto *const field = dynamic_cast<FixEfield *>(other);
    if (!field || of_molecules)
      error->all(FLERR,
                 "Fix {} with fix {} ({}) on the same atoms: the charges do not see its field, so that forces would "
                 "not be the derivatives of the energy. Allowed are fix efield, and a group of other atoms than "
                 "group {}",
                 style, other->id, other->style, group->names[igroup]);
    field->init();    // it may come after this fix; its variables are known afterwards
    if (!Field::has_potential(field)) {
      if (Field::has_atom_style(field))
        error->all(FLERR,
                   "Fix {} with fix {} ({}): a field of atom-style variables, of which the charges must know the "
                   "potential. Allowed is its keyword potential",
                   style, other->id, other->style);
      if (Field::is_constant(field)) {
        double e[3];
        Field::uniform(field, input->variable, e);
        check_periods(e, field, style, domain, error);
      }
    }
    fields.push_back(field);
  }
}

/* ----------------------------------------------------------------------
   potential of the fields (energy/charge) at each owned atom, as fix efield
   acts on it: phi, where its keyword potential gives it, else -E.x; empty:
   no field
------------------------------------------------------------------------- */

std::vector<double> FixQEqVC::field_on_atoms()
{
  if (fields.empty()) return {};
  sync_host();
  std::vector<double> potential(atom->nlocal, 0.0), phi(atom->nlocal, 0.0);
  std::optional<VariableEvaluation> evaluation;
  if (!std::all_of(fields.begin(), fields.end(), Field::is_constant)) evaluation.emplace(modify, update->ntimestep + 1);
  for (const FixEfield *field : fields) {
    double e[3] = {0.0, 0.0, 0.0};
    const bool given = Field::has_potential(field);
    if (given)
      input->variable->compute_atom(Field::potential(field), field->igroup, phi.data(), 1, 0);
    else {
      Field::uniform(field, input->variable, e);
      check_periods(e, field, style, domain, error);
    }
    Region *const region = Field::region_of(field);
    if (region) region->prematch();
    for (int i = 0; i < atom->nlocal; i++) {
      double *const x = atom->x[i];
      if (!(atom->mask[i] & field->groupbit) || (region && !region->match(x[0], x[1], x[2]))) continue;
      double unwrapped[3];
      domain->unmap(x, atom->image[i], unwrapped);
      potential[i] += given ? force->qe2f * phi[i] : -(e[0] * unwrapped[0] + e[1] * unwrapped[1] + e[2] * unwrapped[2]);
    }
  }
  return potential;
}
