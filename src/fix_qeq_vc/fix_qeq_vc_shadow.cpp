/* ----------------------------------------------------------------------
   LAMMPS - Large-scale Atomic/Molecular Massively Parallel Simulator
   https://www.lammps.org/

   This software is distributed under the GNU General Public License.
------------------------------------------------------------------------- */

// solver xl of fix qeq/vc: shadow dynamics of the charges (charges/follow_minimum.h)

#include "fix_qeq_vc.h"

#include "../charges/shadow_dynamics.h"
#include "../pair_rfmeam_qeq/pair_rfmeam_qeq.h"

#include "atom.h"
#include "comm.h"
#include "error.h"
#include "update.h"

#include <algorithm>
#include <cmath>
#include <cstring>

using namespace LAMMPS_NS;

using rfmeam::ShadowOutcome;

static constexpr int MAX_ITERATIONS = 20;

/// Steps after which the largest eigenvalue of the matrix is bounded anew: atoms have moved by some 0.1 Å then.
static constexpr int SPECTRUM_EVERY = 20;

/// Change of a charge (e) that tells commands between two runs from rounding; steps change charges by more.
static constexpr double NOTICEABLE_CHANGE = 1e-5;

/* ----------------------------------------------------------------------
   defaults: what bench/shadow_dynamics.py showed
------------------------------------------------------------------------- */

void FixQEqVC::setup_shadow()
{
  shadow.iterations = 2;
  shadow.damping = 6;
  shadow.limit = 0.05;
}

/* ----------------------------------------------------------------------
   a keyword of solver xl, or false
------------------------------------------------------------------------- */

bool FixQEqVC::read_shadow(int iarg, const std::string &keyword, const char *word)
{
  if (keyword == "iterations") {
    shadow.keyword = "iterations";
    shadow.iterations = utils::inumeric(FLERR, word, false, lmp);
    if (shadow.iterations < 1 || shadow.iterations > MAX_ITERATIONS)
      error->all(FLERR, iarg, "Fix {} iterations is {}, allowed is 1 to {}", style, word, MAX_ITERATIONS);
  } else if (keyword == "damping") {
    shadow.keyword = "damping";
    const bool none = strcmp(word, "none") == 0;
    shadow.damping = none ? rfmeam::undamped : utils::inumeric(FLERR, word, false, lmp);
    if (!none && (shadow.damping < rfmeam::min_damping || shadow.damping > rfmeam::max_damping))
      error->all(FLERR, iarg, "Fix {} damping is {}, allowed is none or {} to {}", style, word, rfmeam::min_damping,
                 rfmeam::max_damping);
  } else if (keyword == "limit") {
    shadow.keyword = "limit";
    shadow.limit = utils::numeric(FLERR, word, false, lmp);
    if (!(shadow.limit > 0.0) || !std::isfinite(shadow.limit))
      error->all(FLERR, iarg, "Fix {} limit is {}, allowed is a finite number > 0", style, word);
  } else
    return false;
  return true;
}

/* ---------------------------------------------------------------------- */

void FixQEqVC::check_shadow() const
{
  if (shadow.keyword && !is_shadow())
    error->all(FLERR, "Fix {} keyword {} without solver xl, which it belongs to", style, shadow.keyword);
  if (is_shadow() && nevery != 1)
    error->all(FLERR, "Fix {} Nevery is {} with solver xl, allowed is 1: charges follow from step to step", style,
               nevery);
}

/* ----------------------------------------------------------------------
   n of this step from the history; empty: it is to be solved in full. Where
   a run begins at the step of the last solve, n is what it was.
------------------------------------------------------------------------- */

std::vector<double> FixQEqVC::shadow_guess(bool at_setup) const
{
  if (history_count < history_capacity()) return {};
  if (!at_setup) return is_next_step() ? shadow.coefficients : std::vector<double>();
  if (is_same_step() && shadow.following) return {0.0, 1.0};
  return {};
}

/* ---------------------------------------------------------------------- */

std::vector<double> FixQEqVC::charges_of_atoms()
{
  sync_host();
  return {atom->q, atom->q + atom->nlocal};
}

/* ----------------------------------------------------------------------
   largest change of an atom's charge since before, on all ranks
------------------------------------------------------------------------- */

double FixQEqVC::change_of_charges(const std::vector<double> &before)
{
  const std::vector<double> now = charges_of_atoms();
  double mine = 0.0, all;
  for (std::size_t i = 0; i < now.size(); i++) mine = std::max(mine, std::fabs(now[i] - before[i]));
  MPI_Allreduce(&mine, &all, 1, MPI_DOUBLE, MPI_MAX, world);
  return all;
}

/* ----------------------------------------------------------------------
   charges of the shadow energy, if there is a history to follow and n is
   near the minimum. Where a run begins, atoms have the charges of the end of
   the last one; if n gives others now, then a command in between has moved
   atoms or the box, of which n knows nothing: no step of shadow dynamics.
------------------------------------------------------------------------- */

bool FixQEqVC::follow_minimum(bool at_setup)
{
  const std::vector<double> coefficients = shadow_guess(at_setup);
  if (coefficients.empty()) return false;
  if (update->ntimestep % SPECTRUM_EVERY == 0) shadow.spectrum.top = 0.0;
  const std::vector<double> before = at_setup ? charges_of_atoms() : std::vector<double>();
  report = pair->solve_charges(
      equilibration_task(coefficients, {shadow.iterations, shadow.spectrum, shadow.unknowns, shadow.limit}), false);
  if (report.status == rfmeam::SolveStatus::without_group) check_report();
  products += report.products;
  if (report.shadow == ShadowOutcome::too_far) warn_of_distance();
  if (report.shadow != ShadowOutcome::followed) {
    history_count = 0;
    return false;
  }
  shadow.following = true;
  shadow.spectrum = report.spectrum;
  beyond_walls = pair->count_beyond_walls();
  accept_charges();
  return !at_setup || change_of_charges(before) <= NOTICEABLE_CHANGE;
}

/* ----------------------------------------------------------------------
   before a full solve: the history goes on only while it is being filled,
   and when a run begins where the last one ended
------------------------------------------------------------------------- */

void FixQEqVC::forget_shadow(bool at_setup)
{
  const bool is_filling = is_next_step() && !at_setup && history_count < history_capacity();
  const bool is_again = is_same_step() && at_setup && !shadow.following;
  if (!is_filling && !is_again) history_count = 0;
}

/* ----------------------------------------------------------------------
   after it: a history of other atoms is none, and the matrix is another
------------------------------------------------------------------------- */

void FixQEqVC::note_full_solve()
{
  if (report.without_history > 0.0 || report.unknowns != shadow.unknowns) history_count = 0;
  shadow.following = false;
  shadow.unknowns = report.unknowns;
  shadow.spectrum = {};
}

/* ---------------------------------------------------------------------- */

void FixQEqVC::warn_of_distance()
{
  if (comm->me == 0 && !shadow.told)
    error->warning(FLERR,
                   "Fix {} {} at step {}: auxiliary charges are up to {:.3g} e away from the minimum, limit is {:.3g}: "
                   "the next {} solves are full ones. This is told once in a run; f_{}[6] counts full solves",
                   style, id, update->ntimestep, report.lag, shadow.limit, history_capacity(), id);
  shadow.told = true;
}
