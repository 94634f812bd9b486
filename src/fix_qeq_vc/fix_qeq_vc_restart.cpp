/* ----------------------------------------------------------------------
   LAMMPS - Large-scale Atomic/Molecular Massively Parallel Simulator
   https://www.lammps.org/

   This software is distributed under the GNU General Public License.
------------------------------------------------------------------------- */

// what fix qeq/vc has in restart files, beside the histories of the atoms

#include "fix_qeq_vc.h"

#include "comm.h"
#include "error.h"

#include <algorithm>
#include <cstring>

using namespace LAMMPS_NS;

// formats of the fix' own data: with the history of solves, that of shadow dynamics, with groups of charges, and with
// groups some of which share a total; format 1 had no mark, its first number was >= 0
static constexpr double RESTART_SOLVES = -2.0, RESTART_SHADOW = -3.0, RESTART_GROUPS = -4.0, RESTART_SHARED = -5.0;
static constexpr int RESTART_SIZE = 5, RESTART_SIZE_SHADOW = 9;

/* ---------------------------------------------------------------------- */

void FixQEqVC::write_restart(FILE *fp)
{
  if (comm->me != 0) return;
  if (has_sources) return write_restart_groups(fp);
  const double state[RESTART_SIZE_SHADOW] = {is_shadow() ? RESTART_SHADOW : RESTART_SOLVES,
                                             static_cast<double>(history_count),
                                             static_cast<double>(history_step),
                                             groups[0].known ? 1.0 : 0.0,
                                             groups[0].value,
                                             shadow.following ? 1.0 : 0.0,
                                             shadow.unknowns,
                                             shadow.spectrum.bottom,
                                             shadow.spectrum.top};
  const int numbers = is_shadow() ? RESTART_SIZE_SHADOW : RESTART_SIZE;
  const int size = static_cast<int>(numbers * sizeof(double));
  fwrite(&size, sizeof(int), 1, fp);
  fwrite(state, sizeof(double), numbers, fp);
}

/* ----------------------------------------------------------------------
   a total charge in the input counts more than that of the file
------------------------------------------------------------------------- */

void FixQEqVC::restart(char *buf)
{
  double format, state[RESTART_SIZE_SHADOW];
  memcpy(&format, buf, sizeof(format));
  if (format == RESTART_GROUPS || format == RESTART_SHARED) return restart_groups(buf, format == RESTART_SHARED);
  if (format != RESTART_SOLVES && format != RESTART_SHADOW)
    error->all(FLERR,
               "Restart file was written by another version of fix {}: read it without the fix, with another fix ID, "
               "and give qtotal",
               style);
  const bool of_shadow = format == RESTART_SHADOW;
  memcpy(state, buf, (of_shadow ? RESTART_SIZE_SHADOW : RESTART_SIZE) * sizeof(double));
  if (of_shadow == is_shadow()) {
    history_count = std::min(static_cast<int>(state[1]), history_capacity());
    history_step = static_cast<bigint>(state[2]);
  }
  if (of_shadow && is_shadow()) {
    shadow.following = state[5] != 0.0 && history_count == history_capacity();
    shadow.unknowns = state[6];
    shadow.spectrum = {state[7], state[8]};
  }
  if (has_sources || groups[0].given) return;
  groups[0].known = state[3] != 0.0;
  groups[0].value = state[4];
}

/* ----------------------------------------------------------------------
   with groups: format, whether of shadow dynamics, six numbers of the
   history, whether charges before the first run are known, number of
   groups; for each of them whether its total is known, total or potential,
   charge before the first run; then the total that is shared, if one is
------------------------------------------------------------------------- */

void FixQEqVC::write_restart_groups(FILE *fp) const
{
  std::vector<double> state = {shares_total ? RESTART_SHARED : RESTART_GROUPS,
                               is_shadow() ? 1.0 : 0.0,
                               static_cast<double>(history_count),
                               static_cast<double>(history_step),
                               shadow.following ? 1.0 : 0.0,
                               shadow.unknowns,
                               shadow.spectrum.bottom,
                               shadow.spectrum.top,
                               before_known ? 1.0 : 0.0,
                               static_cast<double>(groups.size())};
  for (const ChargeGroup &charges : groups)
    state.insert(state.end(), {charges.known && !charges.held ? 1.0 : 0.0, charges.value, charges.before});
  if (shares_total) state.insert(state.end(), {shared.known ? 1.0 : 0.0, shared.value});
  const int size = static_cast<int>(state.size() * sizeof(double));
  fwrite(&size, sizeof(int), 1, fp);
  fwrite(state.data(), sizeof(double), state.size(), fp);
}

/* ---------------------------------------------------------------------- */

void FixQEqVC::restart_groups(const char *buf, bool with_shared)
{
  constexpr int head = 10, of_group = 3, of_shared = 2;
  double state[head + of_group * rfmeam::max_groups + of_shared];
  memcpy(state, buf, head * sizeof(double));
  const auto count = static_cast<std::size_t>(state[head - 1]);
  if (!has_sources || count != groups.size())
    error->all(
        FLERR,
        "Restart file has fix {} {} with {} groups of charges, the input has {}: allowed are as many, or another "
        "fix ID",
        style, id, count, has_sources ? groups.size() : 0);
  memcpy(state, buf, (head + of_group * count + (with_shared ? of_shared : 0)) * sizeof(double));
  if ((state[1] != 0.0) == is_shadow()) {
    history_count = std::min(static_cast<int>(state[2]), history_capacity());
    history_step = static_cast<bigint>(state[3]);
    if (is_shadow()) {
      shadow.following = state[4] != 0.0 && history_count == history_capacity();
      shadow.unknowns = state[5];
      shadow.spectrum = {state[6], state[7]};
    }
  }
  before_known = state[8] != 0.0;
  for (std::size_t g = 0; g < count; g++) {
    const double *const stored = state + head + of_group * g;
    groups[g].before = stored[2];
    if (groups[g].given) continue;
    groups[g].known = stored[0] != 0.0;
    groups[g].value = stored[1];
  }
  if (!with_shared || !shares_total || shared.given) return;
  const double *const stored = state + head + of_group * count;
  shared.known = stored[0] != 0.0;
  shared.value = stored[1];
}
