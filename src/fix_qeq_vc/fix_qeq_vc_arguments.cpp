/* ----------------------------------------------------------------------
   LAMMPS - Large-scale Atomic/Molecular Massively Parallel Simulator
   https://www.lammps.org/

   This software is distributed under the GNU General Public License.
------------------------------------------------------------------------- */

// what the commands fix qeq/vc and fix_modify say

#include "fix_qeq_vc.h"

#include "error.h"
#include "group.h"

#include <algorithm>
#include <cstring>

using namespace LAMMPS_NS;

static constexpr int MAX_GUESS_ORDER = rfmeam::max_polynomial_terms - 1;

/* ----------------------------------------------------------------------
   fix ID group qeq/vc Nevery tolerance maxiter keyword value ...
------------------------------------------------------------------------- */

void FixQEqVC::read_arguments(int narg, char **arg)
{
  if (narg < 6)
    error->all(FLERR, "Illegal fix {} command: read {} words, allowed are Nevery tolerance maxiter and keywords", style,
               narg);
  nevery = utils::inumeric(FLERR, arg[3], false, lmp);
  if (nevery < 1) error->all(FLERR, 3, "Fix {} Nevery is {}, allowed is >= 1", style, arg[3]);
  tolerance = utils::numeric(FLERR, arg[4], false, lmp);
  if (!(tolerance > 0.0) || !(tolerance < 1.0))
    error->all(FLERR, 4, "Fix {} tolerance is {}, allowed is > 0 and < 1", style, arg[4]);
  maxiter = utils::inumeric(FLERR, arg[5], false, lmp);
  if (maxiter < 1) error->all(FLERR, 5, "Fix {} maxiter is {}, allowed is >= 1", style, arg[5]);

  setup_shadow();
  for (int iarg = 6; iarg < narg;) iarg += read_keyword(iarg, narg, arg);
  check_shared_total();
}

/* ----------------------------------------------------------------------
   a keyword and what belongs to it: how many words
------------------------------------------------------------------------- */

int FixQEqVC::read_keyword(int iarg, int narg, char **arg)
{
  static const std::set<std::string> keywords = {"solver",  "guess", "qtotal", "onfail",    "iterations",
                                                 "damping", "limit", "group",  "potential", "precondition"};
  const std::string keyword = arg[iarg];
  if (!keywords.count(keyword))
    error->all(FLERR, iarg,
               "Unknown fix {} keyword {}, allowed are solver, guess, qtotal, potential, group, onfail, precondition, "
               "iterations, damping and limit",
               style, keyword);
  if (iarg + 1 == narg) utils::missing_cmd_args(FLERR, fmt::format("fix {} {}", style, keyword), error);
  const std::string word = arg[iarg + 1];
  if (keyword == "solver") {
    if (word != "pcg" && word != "direct" && word != "xl")
      error->all(FLERR, iarg + 1, "Fix {} solver is {}, allowed are pcg, direct and xl", style, word);
    solver = word == "pcg" ? Solver::PCG : word == "direct" ? Solver::DIRECT : Solver::XL;
  } else if (keyword == "guess") {
    guess_terms = utils::inumeric(FLERR, word, false, lmp) + 1;
    if (guess_terms < 1 || guess_terms > MAX_GUESS_ORDER + 1)
      error->all(FLERR, iarg + 1, "Fix {} guess is {}, allowed is 0 to {}", style, word, MAX_GUESS_ORDER);
  } else if (keyword == "precondition") {
    if (word != "jacobi" && word != "fsai")
      error->all(FLERR, iarg + 1, "Fix {} precondition is {}, allowed are jacobi and fsai", style, word);
    preconditioner = word == "fsai" ? rfmeam::Preconditioner::factors : rfmeam::Preconditioner::diagonal;
  } else if (keyword == "group") {
    return read_group(iarg, narg, arg);
  } else if (keyword == "qtotal" || keyword == "potential") {
    read_total(keyword, iarg, arg[iarg + 1]);
  } else if (!read_shadow(iarg + 1, keyword, arg[iarg + 1])) {
    if (word != "warn" && word != "error")
      error->all(FLERR, iarg + 1, "Fix {} onfail is {}, allowed are warn and error", style, word);
    fail_is_error = word == "error";
  }
  return 2;
}

/* ----------------------------------------------------------------------
   qtotal or potential of all atoms of the fix
------------------------------------------------------------------------- */

void FixQEqVC::read_total(const std::string &keyword, int iarg, const char *word)
{
  if (has_groups && keyword == "qtotal") return read_shared_total(iarg, word);
  if (has_groups)
    error->all(FLERR, iarg, "Fix {} keyword {} of all its atoms after keyword group: allowed is one of them", style,
               keyword);
  if (level_given && groups[0].held != (keyword == "potential"))
    error->all(FLERR, iarg, "Fix {} keywords qtotal and potential of the same atoms: allowed is one of them", style);
  level_given = true;
  has_sources = keyword == "potential";
  read_level(groups[0], keyword, word);
}

/* ----------------------------------------------------------------------
   qtotal after keyword group: of those at a potential together
------------------------------------------------------------------------- */

void FixQEqVC::read_shared_total(int iarg, const char *word)
{
  if (shares_total) error->all(FLERR, iarg, "Fix {} keyword qtotal of the groups at a potential is given twice", style);
  shares_total = true;
  read_level(shared, "qtotal", word);
}

void FixQEqVC::check_shared_total() const
{
  const auto held = std::count_if(groups.begin(), groups.end(), [](const ChargeGroup &g) { return g.held; });
  if (shares_total && held < 2)
    error->all(
        FLERR,
        "Fix {} keyword qtotal after keyword group, of the groups at a potential together: there are {}, allowed "
        "are two or more",
        style, held);
}

/* ----------------------------------------------------------------------
   group ID qtotal VALUE or group ID potential VALUE: how many words
------------------------------------------------------------------------- */

int FixQEqVC::read_group(int iarg, int narg, char **arg)
{
  const std::string name = arg[iarg + 1];
  const int index = group->find(name);
  if (index < 0) error->all(FLERR, iarg + 1, "Fix {} group is {}, allowed is a group that is defined", style, name);
  if (group->dynamic[index])
    error->all(FLERR, iarg + 1, "Fix {} group is {}, which is dynamic, allowed is a static one", style, name);
  if (iarg + 3 >= narg)
    error->all(FLERR, iarg, "Fix {} keyword group {}: allowed next is qtotal VALUE or potential VALUE", style, name);
  const std::string keyword = arg[iarg + 2];
  if (keyword != "qtotal" && keyword != "potential")
    error->all(FLERR, iarg + 2, "Fix {} group {} {}: allowed next is qtotal VALUE or potential VALUE", style, name,
               keyword);
  if (level_given)
    error->all(FLERR, iarg, "Fix {} keyword group after {} of all its atoms: allowed is one of them", style,
               groups[0].held ? "potential" : "qtotal");
  if (!has_groups) groups.clear();
  has_groups = has_sources = true;
  for (const ChargeGroup &other : groups)
    if (other.group == index)
      error->all(FLERR, iarg + 1, "Fix {} group {} is given twice, allowed is once", style, name);
  if (groups.size() == rfmeam::max_groups)
    error->all(FLERR, iarg, "Fix {} has more than {} groups, allowed are {}", style, rfmeam::max_groups,
               rfmeam::max_groups);
  groups.push_back({index, false, false, false, 0.0, 0.0});
  read_level(groups.back(), keyword, arg[iarg + 3]);
  return 4;
}

/* ----------------------------------------------------------------------
   qtotal keep or a number, or potential and a number
------------------------------------------------------------------------- */

void FixQEqVC::read_level(ChargeGroup &charges, const std::string &keyword, const char *word)
{
  charges.held = keyword == "potential";
  charges.given = charges.known = charges.held || strcmp(word, "keep") != 0;
  if (!charges.given) return;
  charges.value = utils::numeric(FLERR, word, false, lmp);    // no nan, no inf
}

/* ----------------------------------------------------------------------
   fix_modify ID qtotal VALUE, potential VALUE, or group NAME and one of them
   (without a group, but with several of them: qtotal of those that share one)
------------------------------------------------------------------------- */

int FixQEqVC::modify_param(int narg, char **arg)
{
  const std::string first = arg[0];
  if (first != "qtotal" && first != "potential" && first != "group") return 0;
  const int skip = first == "group" ? 2 : 0;
  if (narg < skip + 2) utils::missing_cmd_args(FLERR, fmt::format("fix_modify {}", first), error);
  const std::string keyword = arg[skip];
  if (keyword != "qtotal" && keyword != "potential")
    error->all(FLERR, skip, "Fix_modify {} group {} {}: allowed next is qtotal VALUE or potential VALUE", id, arg[1],
               keyword);
  if (keyword == "potential" && !has_sources)
    error->all(FLERR, "Fix_modify {} potential: allowed is a fix {} that has keyword potential or group", id, style);
  if (shares_total && skip == 0 && keyword == "qtotal") {
    read_level(shared, keyword, arg[1]);
    return 2;
  }
  if (skip == 0 && groups.size() > 1)
    error->all(FLERR, "Fix_modify {} {}: allowed is group NAME {} VALUE, as the fix has {} groups", id, keyword,
               keyword, groups.size());
  const int index = skip ? group->find(arg[1]) : groups[0].group;
  const auto found = std::find_if(groups.begin(), groups.end(), [&](const auto &g) { return g.group == index; });
  if (found == groups.end())
    error->all(FLERR, 1, "Fix_modify {} group is {}, allowed is a group of the fix", id, arg[1]);
  if (shares_total && found->held != (keyword == "potential"))
    error->all(FLERR, skip, "Fix_modify {} group {} {}: allowed is {}, as groups at a potential share a total", id,
               arg[1], keyword, found->held ? "potential" : "qtotal");
  read_level(*found, keyword, arg[skip + 1]);
  return skip + 2;
}
