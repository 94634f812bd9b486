/* ----------------------------------------------------------------------
   LAMMPS - Large-scale Atomic/Molecular Massively Parallel Simulator
   https://www.lammps.org/

   This software is distributed under the GNU General Public License.
------------------------------------------------------------------------- */

// what the commands fix qeq/vc and fix_modify say

#include "fix_qeq_vc.h"

#include "error.h"

#include <cmath>
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
}

/* ----------------------------------------------------------------------
   a keyword and what belongs to it: how many words
------------------------------------------------------------------------- */

int FixQEqVC::read_keyword(int iarg, int narg, char **arg)
{
  static const std::set<std::string> keywords = {"solver",     "guess",   "qtotal", "onfail",
                                                 "iterations", "damping", "limit"};
  const std::string keyword = arg[iarg];
  if (!keywords.count(keyword))
    error->all(FLERR, iarg,
               "Unknown fix {} keyword {}, allowed are solver, guess, qtotal, onfail, iterations, damping and limit",
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
  } else if (keyword == "qtotal") {
    read_total(iarg + 1, arg[iarg + 1]);
  } else if (!read_shadow(iarg + 1, keyword, arg[iarg + 1])) {
    if (word != "warn" && word != "error")
      error->all(FLERR, iarg + 1, "Fix {} onfail is {}, allowed are warn and error", style, word);
    fail_is_error = word == "error";
  }
  return 2;
}

/* ----------------------------------------------------------------------
   qtotal keep or a number
------------------------------------------------------------------------- */

void FixQEqVC::read_total(int iarg, const char *word)
{
  total_given = total_known = strcmp(word, "keep") != 0;
  if (!total_given) return;
  total_charge = utils::numeric(FLERR, word, false, lmp);
  if (!std::isfinite(total_charge))
    error->all(FLERR, iarg, "Fix {} qtotal is {}, allowed is keep or a finite number", style, word);
}

/* ---------------------------------------------------------------------- */

int FixQEqVC::modify_param(int narg, char **arg)
{
  if (strcmp(arg[0], "qtotal") != 0) return 0;
  if (narg < 2) utils::missing_cmd_args(FLERR, "fix_modify qtotal", error);
  read_total(1, arg[1]);
  return 2;
}
