/* ----------------------------------------------------------------------
   LAMMPS - Large-scale Atomic/Molecular Massively Parallel Simulator
   https://www.lammps.org/

   This software is distributed under the GNU General Public License.
------------------------------------------------------------------------- */

#include "fix_qeq_vc.h"

#include "../charges/shadow_dynamics.h"
#include "../citations.h"
#include "../pair_rfmeam_qeq/pair_rfmeam_qeq.h"

#include "atom.h"
#include "comm.h"
#include "compute.h"
#include "error.h"
#include "fix_adapt.h"
#include "force.h"
#include "group.h"
#include "kspace.h"
#include "memory.h"
#include "modify.h"
#include "pair_hybrid.h"
#include "respa.h"
#include "update.h"

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <limits>

using namespace LAMMPS_NS;
using namespace FixConst;

using rfmeam::SolveStatus;

static const std::initializer_list<const char *> MONTE_CARLO = {"^gcmc", "^gemc", "^widom", "/swap"};

static bool matches_any(const std::string &name, std::initializer_list<const char *> patterns)
{
  return std::any_of(patterns.begin(), patterns.end(),
                     [&](const char *pattern) { return utils::strmatch(name, pattern); });
}

/* ---------------------------------------------------------------------- */

FixQEqVC::FixQEqVC(LAMMPS *lmp, int narg, char **arg) :
    Fix(lmp, narg, arg), history_length(0), history(nullptr), pair(nullptr), solver(Solver::PCG), guess_terms(4),
    fail_is_error(false), shadow(), groups({{igroup, false, false, false, 0.0, 0.0}}), shares_total(false),
    shared({-1, false, false, false, 0.0, 0.0}), level_given(false), has_groups(false), has_sources(false),
    before_known(false), products(0), full_solves(0), beyond_walls(0.0), history_count(0), history_step(-1)
{
  read_arguments(narg, arg);
  if (!atom->q_flag) error->all(FLERR, "Fix {} requires atom attribute q", style);
  if (!atom->tag_enable) error->all(FLERR, "Fix {} requires atom IDs", style);

  check_shadow();
  shadow.coefficients = rfmeam::shadow_coefficients(shadow.damping);
  history_length = is_shadow() ? static_cast<int>(shadow.coefficients.size()) : guess_terms;

  scalar_flag = vector_flag = 1;
  size_vector = 7;
  global_freq = 1;
  extscalar = extvector = 0;
  if (has_sources) {
    array_flag = 1;
    size_array_rows = static_cast<int>(groups.size());
    size_array_cols = 3;
    extarray = 0;
  }
  maxexchange = history_length;
  create_attribute = 1;    // set_arrays() for atoms that are added
  restart_global = restart_peratom = 1;

  FixQEqVC::grow_arrays(atom->nmax);
  atom->add_callback(Atom::GROW);
  atom->add_callback(Atom::RESTART);
  for (int i = 0; i < atom->nlocal; i++) FixQEqVC::set_arrays(i);
}

/* ---------------------------------------------------------------------- */

FixQEqVC::~FixQEqVC()
{
  if (copymode) return;
  atom->delete_callback(id, Atom::GROW);
  atom->delete_callback(id, Atom::RESTART);
  memory->destroy(history);
}

/* ---------------------------------------------------------------------- */

int FixQEqVC::setmask() { return PRE_FORCE | PRE_FORCE_RESPA | MIN_PRE_FORCE; }

/* ---------------------------------------------------------------------- */

void FixQEqVC::init()
{
  pair = dynamic_cast<PairRFMEAMQEq *>(force->pair_match("^rfmeam/qeq", 0));
  if (!pair) error->all(FLERR, "Fix {} requires pair style rfmeam/qeq", style);
  if (solver != Solver::DIRECT) rfmeam::citations::cite(lmp, rfmeam::citations::conjugate_gradients);
  if (solver == Solver::XL) rfmeam::citations::cite(lmp, rfmeam::citations::shadow_dynamics);
  if (pair->coulomb_table().form == rfmeam::CoulombForm::none)
    error->all(FLERR, "Fix {} requires charge parameters, but potential file {} has none", style,
               pair->potential_file());
  if (modify->get_fix_by_style("^qeq/vc").size() > 1) error->all(FLERR, "Two fixes qeq/vc, allowed is one");

  takes_part.assign(atom->ntypes + 1, false);
  for (int type = 1; type <= atom->ntypes; type++) takes_part[type] = pair->element_of_type(type) >= 0;
  int unmapped = 0;
  for (int i = 0; i < atom->nlocal; i++)
    if ((atom->mask[i] & groupbit) && !takes_part[atom->type[i]]) unmapped = atom->type[i];
  int any_unmapped;
  MPI_Allreduce(&unmapped, &any_unmapped, 1, MPI_INT, MPI_MAX, world);
  if (any_unmapped)
    error->all(FLERR, "Fix {} group {} has atoms of type {}, which pair_coeff maps to NULL", style,
               group->names[igroup], any_unmapped);

  if (utils::strmatch(update->integrate_style, "^verlet/split"))
    error->all(FLERR,
               "Fix {} with run_style verlet/split, whose processors for kspace are not told charges that change: "
               "allowed is run_style verlet",
               style);
  const auto *respa = dynamic_cast<Respa *>(update->integrate);
  if (respa && respa->level_pair != respa->nlevels - 1)
    error->all(FLERR, "Fix {} requires run_style respa to compute the pair style at its outermost level {}", style,
               respa->nlevels);
  if (respa && is_shadow())
    error->all(FLERR, "Fix {} solver xl with run_style respa, allowed are solver pcg and run_style verlet", style);
  if (is_shadow() && pair->is_long())
    error->all(FLERR, "Fix {} solver xl with pair style rfmeam/qeq long, allowed are solver pcg and direct", style);

  check_groups();
  check_other_fixes();
  find_fields();
  warn_of_other_styles();
}

/* ----------------------------------------------------------------------
   what other commands do with charges that this fix cannot honour
------------------------------------------------------------------------- */

bool FixQEqVC::shares_atoms(const Fix *other) const
{
  int mine = 0, any;
  for (int i = 0; i < atom->nlocal; i++)
    if ((atom->mask[i] & groupbit) && (atom->mask[i] & other->groupbit)) mine = 1;
  MPI_Allreduce(&mine, &any, 1, MPI_INT, MPI_MAX, world);
  return any;
}

void FixQEqVC::check_other_fixes() const
{
  for (const Fix *other : modify->get_fix_list()) {
    if (other == this) continue;
    const std::string name = other->style;
    const auto *adapt = dynamic_cast<const FixAdapt *>(other);
    const bool sets_charges =
        matches_any(name, {"^qeq/", "^acks2/", "^qtpie/", "^electrode/", "^polarize/", "^mdi/qmmm"}) ||
        (adapt && adapt->chgflag);
    if (sets_charges && shares_atoms(other))
      error->all(FLERR, "Fix {} with fix {} ({}) on the same atoms: both set their charges. Allowed is one of them",
                 style, other->id, name);
    if (utils::strmatch(name, "^sgcmc"))
      error->all(FLERR,
                 "Fix {} with fix {} ({}), which computes the energies of trials at the charges from before them. "
                 "Allowed is fix atom/swap with semi-grand yes",
                 style, other->id, name);
    if (utils::strmatch(name, "^charge/regulation"))
      error->all(FLERR, "Fix {} with fix {} ({}), which knows ions by charges that it sets: allowed is one of them",
                 style, other->id, name);
    if (nevery > 1 && matches_any(name, MONTE_CARLO))
      error->all(
          FLERR,
          "Fix {} Nevery is {} with fix {} ({}): trial energies would be those of charges from before the trial. "
          "Allowed is Nevery 1",
          style, nevery, other->id, name);
    if (is_shadow() && matches_any(name, MONTE_CARLO))
      error->all(FLERR,
                 "Fix {} solver xl with fix {} ({}): trials have no history that charges could follow. Allowed is "
                 "solver pcg",
                 style, other->id, name);
    if (pair->is_long() && matches_any(name, MONTE_CARLO))
      error->all(FLERR,
                 "Fix {} with fix {} ({}) and pair style rfmeam/qeq long: kspace does not follow the atoms of trials. "
                 "Allowed is pair style rfmeam/qeq without long",
                 style, other->id, name);
  }
}

/* ----------------------------------------------------------------------
   PairHybrid tells them to classes derived from it only
------------------------------------------------------------------------- */

static std::vector<std::string> names_of_substyles(Pair *pair)
{
  struct Substyles : PairHybrid {
    static std::vector<std::string> names(PairHybrid *hybrid)
    {
      char **const names = hybrid->*(&Substyles::keywords);
      return {names, names + hybrid->*(&Substyles::nstyles)};
    }
  };
  auto *const hybrid = dynamic_cast<PairHybrid *>(pair);
  return hybrid ? Substyles::names(hybrid) : std::vector<std::string>();
}

/* ----------------------------------------------------------------------
   energies of charges that are not in the equilibration, fixes that may set
   charges, and computes that do not equilibrate
------------------------------------------------------------------------- */

void FixQEqVC::warn_of_other_styles()
{
  const char *const consequence = "acts on the charges but not on their equilibration, so that forces are not exact "
                                  "derivatives of the energy";
  if (force->kspace && !pair->is_long())
    warn_once(fmt::format("Kspace style {} beside fix {} {}", force->kspace_style, style, consequence));
  for (const std::string &name : names_of_substyles(force->pair))
    if (utils::strmatch(name, "coul"))
      warn_once(fmt::format("Pair style {} beside fix {} {}", name, style, consequence));
  for (const Fix *other : modify->get_fix_list())
    if (matches_any(other->style, {"^set$", "^adapt/fep"}) && shares_atoms(other))
      warn_once(fmt::format("Fix {} ({}) on atoms of fix {}: charges that it sets, if it does, are no equilibrium, and "
                            "last until this fix sets them again",
                            other->id, other->style, style));
  for (const Compute *compute : modify->get_compute_by_style("^born/matrix"))
    warn_once(
        fmt::format("Compute {} ({}) differentiates twice at fixed charges, not at the equilibrium of fix {}: its "
                    "second derivatives are too stiff. Differentiate the stress of deformed boxes instead",
                    compute->id, compute->style, style));
  for (const Compute *compute : modify->get_compute_by_style("^fep"))
    warn_once(fmt::format("Compute {} ({}) perturbs atoms and box at fixed charges, not at the equilibrium of fix {}",
                          compute->id, compute->style, style));
}

/* ----------------------------------------------------------------------
   init() comes with every run, and in a rerun with every snapshot
------------------------------------------------------------------------- */

void FixQEqVC::warn_once(const std::string &message)
{
  if (warnings.insert(message).second && comm->me == 0) error->warning(FLERR, message);
}

/* ---------------------------------------------------------------------- */

void FixQEqVC::setup_pre_force(int /*vflag*/)
{
  setup_totals();
  shadow.told = false;
  equilibrate(true);
}

/* ---------------------------------------------------------------------- */

void FixQEqVC::setup_pre_force_respa(int vflag, int ilevel)
{
  const auto *respa = dynamic_cast<Respa *>(update->integrate);
  if (respa && ilevel == respa->nlevels - 1) setup_pre_force(vflag);
}

/* ---------------------------------------------------------------------- */

void FixQEqVC::pre_force(int /*vflag*/)
{
  if (update->ntimestep % nevery == 0) equilibrate(false);
}

/* ---------------------------------------------------------------------- */

void FixQEqVC::pre_force_respa(int vflag, int ilevel, int /*iloop*/)
{
  const auto *respa = dynamic_cast<Respa *>(update->integrate);
  if (respa && ilevel == respa->nlevels - 1) pre_force(vflag);
}

/* ---------------------------------------------------------------------- */

void FixQEqVC::min_pre_force(int /*vflag*/) { equilibrate(false); }

/* ---------------------------------------------------------------------- */

void FixQEqVC::equilibrate(bool at_setup)
{
  if (!totals_known()) setup_totals();
  if (!is_shadow() || !follow_minimum(at_setup)) solve_in_full(at_setup);
}

/* ---------------------------------------------------------------------- */

void FixQEqVC::solve_in_full(bool at_setup)
{
  if (is_shadow()) forget_shadow(at_setup);
  report = pair->solve_charges(equilibration_task(guess_coefficients(), {}), solver == Solver::DIRECT);
  products += report.products;
  full_solves++;
  check_report();
  if (is_shadow()) note_full_solve();
  beyond_walls = pair->count_beyond_walls();
  accept_charges();
}

/* ---------------------------------------------------------------------- */

rfmeam::EquilibrationTask FixQEqVC::equilibration_task(const std::vector<double> &guess, const rfmeam::ShadowStep &step)
{
  using rfmeam::Preconditioner;
  const bool is_long = pair->is_long();    // products are dear then
  return {groupbit,
          charge_groups(),
          tolerance,
          maxiter,
          history_of_atoms(),
          guess,
          step,
          field_on_atoms(),
          preconditioner.value_or(is_long ? Preconditioner::factors : Preconditioner::diagonal),
          is_long ? force->kspace->g_ewald : 0.0};
}

/* ---------------------------------------------------------------------- */

static const char *remedy(rfmeam::CoulombForm form)
{
  switch (form) {
    case rfmeam::CoulombForm::screened_cut:    // erfc(r/rho) grows with rho
      return "Raise J or lower the screening lengths rho";
    case rfmeam::CoulombForm::none:
    case rfmeam::CoulombForm::direct_cut:
    case rfmeam::CoulombForm::gaussian:
    case rfmeam::CoulombForm::screened_gaussian:
    case rfmeam::CoulombForm::slater:
    case rfmeam::CoulombForm::shielded:
      break;
  }
  return "Raise J";
}

/* ----------------------------------------------------------------------
   the advice is that of which tests show that it helps
------------------------------------------------------------------------- */

void FixQEqVC::check_report()
{
  if (report.status == SolveStatus::converged) return;
  if (report.status == SolveStatus::max_iterations) {
    const auto message =
        fmt::format("Fix {} did not converge at step {}: relative residual {:.3g} after {} iterations, "
                    "tolerance {:.3g}",
                    style, update->ntimestep, report.relative_residual, report.iterations, tolerance);
    if (fail_is_error) error->all(FLERR, message);
    if (comm->me == 0) error->warning(FLERR, message);
    return;
  }
  if (report.status == SolveStatus::without_group)
    error->all(FLERR,
               "Fix {} at step {}: atoms of group {} are in none or in several of the groups of its keyword group, "
               "allowed is one",
               style, update->ntimestep, group->names[igroup]);
  const std::string worst = describe_worst_pair();
  const std::string advice = fmt::format("Worst pair: {}. {} in {}, or keep these atoms apart", worst,
                                         remedy(pair->get_potential().coulomb_form), pair->potential_file());
  if (report.status == SolveStatus::indefinite)
    error->all(FLERR,
               "Fix {} found an indefinite charge matrix at step {}: the charge energy has no minimum "
               "(polarization catastrophe). {}",
               style, update->ntimestep, advice);
  error->all(FLERR, "Fix {} found non-finite charges or interactions at step {}. {}", style, update->ntimestep, advice);
}

/* ----------------------------------------------------------------------
   the pair of atoms with the largest 2 gamma/(J_i + J_j): at 1 the charge
   energy of the pair alone has no minimum
------------------------------------------------------------------------- */

std::string FixQEqVC::describe_worst_pair()
{
  double worst = 0.0, data[3] = {0.0, 0.0, 0.0};    // distance and types
  const std::vector<rfmeam::MatrixElement> elements = pair->charge_matrix();
  const auto hardness = [&](int i) {
    return pair->coulomb_table().charge[pair->element_of_type(atom->type[i])].hardness;
  };
  for (const rfmeam::MatrixElement &e : elements) {
    if (!(atom->mask[e.row] & atom->mask[e.column] & groupbit)) continue;
    const double *xi = atom->x[e.row], *xj = atom->x[e.column];
    const double r = std::hypot(xi[0] - xj[0], xi[1] - xj[1], xi[2] - xj[2]);
    double ratio = 2.0 * (e.value + pair->gamma_of_kspace(r)) / (hardness(e.row) + hardness(e.column));
    if (std::isnan(ratio)) ratio = std::numeric_limits<double>::infinity();
    if (ratio <= worst) continue;
    worst = ratio;
    data[0] = r;
    data[1] = atom->type[e.row];
    data[2] = atom->type[e.column];
  }
  struct {
    double ratio;
    int rank;
  } mine = {worst, comm->me}, all;
  MPI_Allreduce(&mine, &all, 1, MPI_DOUBLE_INT, MPI_MAXLOC, world);
  MPI_Bcast(data, 3, MPI_DOUBLE, all.rank, world);
  const int itype = static_cast<int>(data[1]), jtype = static_cast<int>(data[2]);
  if (itype == 0) return "none within the cutoff";
  const std::vector<std::string> &symbols = pair->get_potential().elements;
  return fmt::format("types {} ({}) and {} ({}) at distance {:.4g} with 2 gamma/(J_i + J_j) = {:.4g}, where 1 "
                     "is indefinite for a pair alone",
                     itype, symbols[pair->element_of_type(itype)], jtype, symbols[pair->element_of_type(jtype)],
                     data[0], all.ratio);
}

/* ----------------------------------------------------------------------
   polynomial through the last solves, which must be equidistant in time;
   empty: start from the charges
------------------------------------------------------------------------- */

std::vector<double> FixQEqVC::guess_coefficients() const
{
  if (!is_next_step()) return {};
  std::vector<double> coefficients = rfmeam::polynomial_guess(std::min(history_count, guess_terms));
  if (is_shadow() && !coefficients.empty()) coefficients.insert(coefficients.begin(), 0.0);    // x
  return coefficients;
}

/* ---------------------------------------------------------------------- */

bool FixQEqVC::is_same_step() const { return update->whichflag == 1 && update->ntimestep == history_step; }

/* ---------------------------------------------------------------------- */

bool FixQEqVC::is_next_step() const { return update->whichflag == 1 && update->ntimestep == history_step + nevery; }

/* ---------------------------------------------------------------------- */

rfmeam::ChargeHistory FixQEqVC::history_of_atoms()
{
  if (!pair->works_on_host())
    error->all(FLERR, "Fix {} with pair style {} on another device: allowed is fix qeq/vc/kk", style,
               force->pair_style);
  return {atom->nmax ? history[0] : nullptr, history_length, is_shadow()};
}

/* ----------------------------------------------------------------------
   charges to ghost atoms and into the history. Another solve at the same
   step replaces the last one; a gap in time starts a new history.
------------------------------------------------------------------------- */

void FixQEqVC::accept_charges()
{
  const bool same_step = is_same_step();
  if (!same_step) history_count = is_next_step() ? std::min(history_count + 1, history_capacity()) : 1;
  history_count = std::max(history_count, 1);
  history_step = update->ntimestep;
  pair->accept_charges(history_of_atoms(), !same_step);
  history_changed();
}

/* ----------------------------------------------------------------------
   iterations of the last solve
------------------------------------------------------------------------- */

double FixQEqVC::compute_scalar() { return report.iterations; }

/* ----------------------------------------------------------------------
   chemical potential, max |dE/dq - mu|, total charge, matrix products,
   atoms beyond a wall, full solves, max |x - n|
------------------------------------------------------------------------- */

double FixQEqVC::compute_vector(int n)
{
  if (n == 0) return report.chemical_potential();
  if (n == 1) return report.max_deviation;
  if (n == 3) return static_cast<double>(products);
  if (n == 4) return beyond_walls;
  if (n == 5) return static_cast<double>(full_solves);
  if (n == 6) return report.lag;
  return sum_of_charges(groupbit);
}

/* ---------------------------------------------------------------------- */

double FixQEqVC::sum_of_charges(int bit) const
{
  double mine = 0.0, all;
  for (int i = 0; i < atom->nlocal; i++)
    if ((atom->mask[i] & bit) && !takes_part.empty() && takes_part[atom->type[i]]) mine += atom->q[i];
  MPI_Allreduce(&mine, &all, 1, MPI_DOUBLE, MPI_SUM, world);
  return all;
}

/* ---------------------------------------------------------------------- */

double FixQEqVC::memory_usage() { return static_cast<double>(atom->nmax) * history_length * sizeof(double); }

/* ---------------------------------------------------------------------- */

void FixQEqVC::grow_arrays(int nmax) { memory->grow(history, nmax, history_length, "qeq/vc:history"); }

/* ---------------------------------------------------------------------- */

void FixQEqVC::copy_arrays(int i, int j, int /*delflag*/) { std::copy_n(history[i], history_length, history[j]); }

/* ----------------------------------------------------------------------
   a new atom has had its charge ever since; in shadow dynamics it is told
   apart
------------------------------------------------------------------------- */

void FixQEqVC::set_arrays(int i)
{
  std::fill_n(history[i], history_length, atom->q[i]);
  if (is_shadow()) history[i][0] = std::numeric_limits<double>::quiet_NaN();
}

/* ---------------------------------------------------------------------- */

int FixQEqVC::pack_exchange(int i, double *buf)
{
  std::copy_n(history[i], history_length, buf);
  return history_length;
}

/* ---------------------------------------------------------------------- */

int FixQEqVC::unpack_exchange(int nlocal, double *buf)
{
  std::copy_n(buf, history_length, history[nlocal]);
  return history_length;
}

/* ---------------------------------------------------------------------- */

int FixQEqVC::pack_restart(int i, double *buf)
{
  buf[0] = history_length + 1;
  std::copy_n(history[i], history_length, buf + 1);
  return history_length + 1;
}

/* ----------------------------------------------------------------------
   the fix in the restart file may have had another history length
------------------------------------------------------------------------- */

void FixQEqVC::unpack_restart(int nlocal, int nth)
{
  const double *extra = atom->extra[nlocal];
  int m = 0;
  for (int i = 0; i < nth; i++) m += static_cast<int>(extra[m]);
  const int stored = static_cast<int>(extra[m]) - 1;
  for (int k = 0; k < history_length; k++) history[nlocal][k] = extra[m + 1 + std::min(k, stored - 1)];
}

/* ---------------------------------------------------------------------- */

int FixQEqVC::size_restart(int /*nlocal*/) { return history_length + 1; }

/* ---------------------------------------------------------------------- */

int FixQEqVC::maxsize_restart() { return history_length + 1; }
