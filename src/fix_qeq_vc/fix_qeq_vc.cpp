/* ----------------------------------------------------------------------
   LAMMPS - Large-scale Atomic/Molecular Massively Parallel Simulator
   https://www.lammps.org/

   This software is distributed under the GNU General Public License.
------------------------------------------------------------------------- */

#include "fix_qeq_vc.h"

#include "../pair_rfmeam_qeq/coulomb_chunk.h"
#include "../pair_rfmeam_qeq/pair_rfmeam_qeq.h"

#include "atom.h"
#include "comm.h"
#include "domain.h"
#include "error.h"
#include "force.h"
#include "group.h"
#include "memory.h"
#include "modify.h"
#include "neigh_list.h"
#include "neigh_request.h"
#include "neighbor.h"
#include "respa.h"
#include "update.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

using namespace LAMMPS_NS;
using namespace FixConst;

static constexpr int MAX_GUESS_ORDER = 5;
static constexpr int MAX_DIRECT = 4000;

/* ----------------------------------------------------------------------
   fix ID group qeq/vc Nevery tolerance maxiter keyword value ...
------------------------------------------------------------------------- */

FixQEqVC::FixQEqVC(LAMMPS *lmp, int narg, char **arg) :
    Fix(lmp, narg, arg), pair(nullptr), list(nullptr), history_length(4), solver(Solver::PCG), keep_total(true),
    fail_is_error(false), total_charge(0.0), products(0), history(nullptr), history_count(0), history_step(-1),
    comm_vector(nullptr)
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

  for (int iarg = 6; iarg < narg; iarg += 2) {
    const std::string keyword = arg[iarg];
    if (keyword != "solver" && keyword != "guess" && keyword != "qtotal" && keyword != "onfail")
      error->all(FLERR, iarg, "Unknown fix {} keyword {}, allowed are solver, guess, qtotal and onfail", style,
                 keyword);
    if (iarg + 1 == narg) utils::missing_cmd_args(FLERR, fmt::format("fix {} {}", style, keyword), error);
    const std::string word = arg[iarg + 1];
    if (keyword == "solver") {
      if (word != "pcg" && word != "direct")
        error->all(FLERR, iarg + 1, "Fix {} solver is {}, allowed are pcg and direct", style, word);
      solver = word == "pcg" ? Solver::PCG : Solver::DIRECT;
    } else if (keyword == "guess") {
      history_length = utils::inumeric(FLERR, word, false, lmp) + 1;
      if (history_length < 1 || history_length > MAX_GUESS_ORDER + 1)
        error->all(FLERR, iarg + 1, "Fix {} guess is {}, allowed is 0 to {}", style, word, MAX_GUESS_ORDER);
    } else if (keyword == "qtotal") {
      keep_total = word == "keep";
      if (!keep_total) total_charge = utils::numeric(FLERR, word, false, lmp);
    } else {
      if (word != "warn" && word != "error")
        error->all(FLERR, iarg + 1, "Fix {} onfail is {}, allowed are warn and error", style, word);
      fail_is_error = word == "error";
    }
  }
  if (!atom->q_flag) error->all(FLERR, "Fix {} requires atom attribute q", style);
  if (!atom->tag_enable) error->all(FLERR, "Fix {} requires atom IDs", style);

  scalar_flag = vector_flag = 1;
  size_vector = 4;
  global_freq = 1;
  extscalar = extvector = 0;
  comm_forward = comm_reverse = 1;
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
  if (pair->coulomb_table().form == rfmeam::CoulombForm::none)
    error->all(FLERR, "Fix {} requires charge parameters, but potential file {} has none", style,
               pair->potential_file());
  if (modify->get_fix_by_style("^qeq/vc").size() > 1) error->all(FLERR, "Two fixes qeq/vc, allowed is one");
  if (!group->dynamic[igroup] && group->count(igroup) == 0)
    error->all(FLERR, "Fix {} group {} has no atoms", style, group->names[igroup]);

  int unmapped = 0;
  for (int i = 0; i < atom->nlocal; i++)
    if ((atom->mask[i] & groupbit) && pair->element_of_type(atom->type[i]) < 0) unmapped = atom->type[i];
  int any_unmapped;
  MPI_Allreduce(&unmapped, &any_unmapped, 1, MPI_INT, MPI_MAX, world);
  if (any_unmapped)
    error->all(FLERR, "Fix {} group {} has atoms of type {}, which pair_coeff maps to NULL", style,
               group->names[igroup], any_unmapped);

  const auto *respa = dynamic_cast<Respa *>(update->integrate);
  if (respa && respa->level_pair != respa->nlevels - 1)
    error->all(FLERR, "Fix {} requires run_style respa to compute the pair style at its outermost level {}", style,
               respa->nlevels);

  auto *request = neighbor->add_request(this);
  request->set_cutoff(pair->coulomb_table().cutoff);
}

/* ---------------------------------------------------------------------- */

void FixQEqVC::init_list(int /*id*/, NeighList *ptr) { list = ptr; }

/* ---------------------------------------------------------------------- */

void FixQEqVC::setup_pre_force(int /*vflag*/) { equilibrate(); }

/* ---------------------------------------------------------------------- */

void FixQEqVC::setup_pre_force_respa(int /*vflag*/, int ilevel)
{
  const auto *respa = dynamic_cast<Respa *>(update->integrate);
  if (respa && ilevel == respa->nlevels - 1) equilibrate();
}

/* ---------------------------------------------------------------------- */

void FixQEqVC::pre_force(int /*vflag*/)
{
  if (update->ntimestep % nevery == 0) equilibrate();
}

/* ---------------------------------------------------------------------- */

void FixQEqVC::pre_force_respa(int vflag, int ilevel, int /*iloop*/)
{
  const auto *respa = dynamic_cast<Respa *>(update->integrate);
  if (respa && ilevel == respa->nlevels - 1) pre_force(vflag);
}

/* ---------------------------------------------------------------------- */

void FixQEqVC::min_pre_force(int /*vflag*/) { equilibrate(); }

/* ---------------------------------------------------------------------- */

void FixQEqVC::equilibrate()
{
  predict_charges();
  build_matrix();
  if (solver == Solver::PCG)
    solve_iteratively();
  else
    solve_directly();
  products += report.products;
  check_report();
  accept_charges();
}

/* ---------------------------------------------------------------------- */

void FixQEqVC::check_report()
{
  if (report.status == SolveStatus::converged) return;
  if (report.status == SolveStatus::max_iterations) {
    const auto message =
        fmt::format("Fix {} did not converge at step {}: relative residual {:.3g} after {} iterations, "
                    "tolerance {:.3g}",
                    style, update->ntimestep, report.relative_residual, report.iterations, tolerance);
    if (fail_is_error) {
      reject_charges();
      error->all(FLERR, message);
    }
    if (comm->me == 0) error->warning(FLERR, message);
    return;
  }
  const std::string worst = describe_worst_pair();
  reject_charges();
  const std::string advice =
      fmt::format("Worst pair: {}. Raise J or the screening lengths or widths in {}, or keep these atoms apart", worst,
                  pair->potential_file());
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
  for (const MatrixElement &e : matrix_elements()) {
    double ratio = 2.0 * e.value / (diagonal[e.row] + diagonal[e.column]);
    if (std::isnan(ratio)) ratio = std::numeric_limits<double>::infinity();
    if (ratio <= worst) continue;
    worst = ratio;
    const double *xi = atom->x[e.row], *xj = atom->x[e.column];
    data[0] = std::hypot(xi[0] - xj[0], xi[1] - xj[1], xi[2] - xj[2]);
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
  const std::vector<std::string> &elements = pair->get_potential().elements;
  return fmt::format("types {} ({}) and {} ({}) at distance {:.4g} with 2 gamma/(J_i + J_j) = {:.4g}, where 1 "
                     "is indefinite for a pair alone",
                     itype, elements[pair->element_of_type(itype)], jtype, elements[pair->element_of_type(jtype)],
                     data[0], all.ratio);
}

/* ---------------------------------------------------------------------- */

bool FixQEqVC::is_unknown(int i) const { return atom->mask[i] & groupbit; }

/* ----------------------------------------------------------------------
   atoms with charges that are not unknowns
------------------------------------------------------------------------- */

bool FixQEqVC::any_fixed_source() const
{
  int mine = 0, any;
  for (int i = 0; i < atom->nlocal; i++)
    if (!is_unknown(i) && pair->element_of_type(atom->type[i]) >= 0) mine = 1;
  MPI_Allreduce(&mine, &any, 1, MPI_INT, MPI_MAX, world);
  return any;
}

/* ----------------------------------------------------------------------
   polynomial extrapolation: sum_m (-1)^m binomial(n, m + 1) q(m + 1 solves
   ago) with n charges known. Needs equidistant solves in time.
------------------------------------------------------------------------- */

std::vector<double> FixQEqVC::guess_coefficients() const
{
  if (update->whichflag != 1 || update->ntimestep != history_step + nevery) return {};
  std::vector<double> coefficients;
  double binomial = 1.0;
  for (int m = 0; m < history_count; m++) {
    binomial *= static_cast<double>(history_count - m) / (m + 1);
    coefficients.push_back(m % 2 ? -binomial : binomial);
  }
  return coefficients;
}

/* ----------------------------------------------------------------------
   starting charges: guess, then shifted to the total charge
------------------------------------------------------------------------- */

void FixQEqVC::predict_charges()
{
  const rfmeam::CoulombView<double> coulomb = pair->coulomb_table().view();
  const int nall = atom->nlocal + atom->nghost;
  double *const q = atom->q;
  const std::vector<double> coefficients = guess_coefficients();

  rows.clear();
  diagonal.assign(nall, 0.0);
  previous_charges.assign(q, q + atom->nlocal);
  double sums[4] = {0.0, 0.0, 0.0, 0.0};    // charge before, after, number and inverse diagonal of unknowns
  for (int i = 0; i < nall; i++) {
    const int element = pair->element_of_type(atom->type[i]);
    if (element < 0) continue;
    diagonal[i] = coulomb.charge[element].hardness;
    if (i >= atom->nlocal || !is_unknown(i)) continue;
    rows.push_back(i);
    sums[0] += q[i];
    if (!coefficients.empty()) {
      q[i] = 0.0;
      for (std::size_t m = 0; m < coefficients.size(); m++) q[i] += coefficients[m] * history[i][m];
    }
    sums[1] += q[i];
    sums[2] += 1.0;
    sums[3] += 1.0 / diagonal[i];
  }
  double all[4];
  MPI_Allreduce(sums, all, 4, MPI_DOUBLE, MPI_SUM, world);
  unknowns = {all[2], all[3]};
  if (unknowns.count == 0.0) return;
  const double shift = ((keep_total ? all[0] : total_charge) - all[1]) / unknowns.count;
  for (const int i : rows) q[i] += shift;
  forward(q);
}

/* ----------------------------------------------------------------------
   gamma of all pairs within the cutoff, and b = chi + gamma q of the atoms
   that are not unknowns
------------------------------------------------------------------------- */

void FixQEqVC::build_matrix()
{
  const rfmeam::CoulombView<double> coulomb = pair->coulomb_table().view();
  const double cutoff_sq = coulomb.cutoff * coulomb.cutoff;
  const auto *const x = reinterpret_cast<const double(*)[3]>(atom->x[0]);
  const int *const type = atom->type;
  const int nall = atom->nlocal + atom->nghost;

  bigint listed = 0;
  for (int ii = 0; ii < list->inum; ii++) listed += list->numneigh[list->ilist[ii]];
  column.clear(), value.clear();
  if (listed > static_cast<bigint>(column.capacity())) {
    column.reserve(listed + listed / 10);
    value.reserve(listed + listed / 10);
  }

  CoulombChunk<double, 128> chunk;
  first.resize(list->inum + 1);
  for (int ii = 0; ii < list->inum; ii++) {
    first[ii] = static_cast<bigint>(column.size());
    const int i = list->ilist[ii];
    const int element = pair->element_of_type(type[i]);
    if (element < 0) continue;
    const int *const jlist = list->firstneigh[i];
    const int jnum = list->numneigh[i];
    const auto neighbour = [&](int jj) -> CoulombNeighbour<double> {
      const int j = jlist[jj] & NEIGHMASK;
      return {j, pair->element_of_type(type[j]), x[i][0] - x[j][0], x[i][1] - x[j][1], x[i][2] - x[j][2]};
    };
    for (int next = 0; next < jnum;) {
      next = chunk.fill(next, jnum, cutoff_sq, neighbour);
      evaluate_gamma(coulomb, element, chunk.count, chunk.element, chunk.rsq, chunk.gamma, chunk.slope_by_r);
      column.insert(column.end(), chunk.atom, chunk.atom + chunk.count);
      value.insert(value.end(), chunk.gamma, chunk.gamma + chunk.count);
    }
  }
  first[list->inum] = static_cast<bigint>(column.size());

  rhs.assign(nall, 0.0);
  if (any_fixed_source()) {
    direction.assign(nall, 0.0);
    for (int i = 0; i < nall; i++)
      if (!is_unknown(i)) direction[i] = atom->q[i];
    multiply(direction, rhs);
  }
  for (const int i : rows) rhs[i] += coulomb.charge[pair->element_of_type(type[i])].electronegativity;
}

/* ----------------------------------------------------------------------
   out = A in; in must be set on ghost atoms, out is complete on owned atoms
------------------------------------------------------------------------- */

void FixQEqVC::multiply(std::vector<double> &in, std::vector<double> &out)
{
  const int nlocal = atom->nlocal;
  const double *const v = in.data();
  double *const w = out.data();
  for (int i = 0; i < nlocal; i++) w[i] = diagonal[i] * v[i];
  std::fill(w + nlocal, w + nlocal + atom->nghost, 0.0);

  for (int ii = 0; ii < list->inum; ii++) {
    const int i = list->ilist[ii];
    const double vi = v[i];
    double wi = 0.0;
    for (bigint jj = first[ii]; jj < first[ii + 1]; jj++) {
      const int j = column[jj];
      wi += value[jj] * v[j];
      w[j] += value[jj] * vi;
    }
    w[i] += wi;
  }
  comm_vector = w;
  comm->reverse_comm(this);
}

/* ---------------------------------------------------------------------- */

void FixQEqVC::forward(double *vector)
{
  comm_vector = vector;
  comm->forward_comm(this);
}

/* ----------------------------------------------------------------------
   the vector work of projected_pcg() on this rank
------------------------------------------------------------------------- */

class FixQEqVC::HostSystem {
 public:
  explicit HostSystem(FixQEqVC &fix_) : fix(fix_), q(fix_.atom->q)
  {
    const std::size_t nall = fix.atom->nlocal + fix.atom->nghost;
    fix.residual.assign(nall, 0.0);
    fix.product.assign(nall, 0.0);
    fix.direction.assign(nall, 0.0);
  }

  double num_unknowns() const { return fix.unknowns.count; }
  double inverse_diagonal_sum() const { return fix.unknowns.inverse_diagonal_sum; }

  double rhs_norm() const
  {
    double sum = 0.0;
    for (const int i : fix.rows) sum += fix.rhs[i] * fix.rhs[i];
    return std::sqrt(all_sum(sum));
  }

  ResidualSums residual()
  {
    std::vector<double> &unknown_charges = fix.direction;
    for (std::size_t i = 0; i < unknown_charges.size(); i++)
      unknown_charges[i] = fix.is_unknown(static_cast<int>(i)) ? q[i] : 0.0;
    fix.multiply(unknown_charges, fix.product);
    for (const int i : fix.rows) fix.residual[i] = -(fix.rhs[i] + fix.product[i]);
    std::fill(unknown_charges.begin(), unknown_charges.end(), 0.0);
    return sums();
  }

  ResidualSums shift(double lambda)
  {
    for (const int i : fix.rows) fix.residual[i] -= lambda;
    return sums();
  }

  void direction(double lambda, double beta)
  {
    for (const int i : fix.rows) {
      fix.residual[i] -= lambda;
      fix.direction[i] = fix.residual[i] / fix.diagonal[i] + beta * fix.direction[i];
    }
    fix.forward(fix.direction.data());
  }

  double curvature()
  {
    fix.multiply(fix.direction, fix.product);
    double sum = 0.0;
    for (const int i : fix.rows) sum += fix.direction[i] * fix.product[i];
    return all_sum(sum);
  }

  ResidualSums update(double alpha)
  {
    for (const int i : fix.rows) {
      q[i] += alpha * fix.direction[i];
      fix.residual[i] -= alpha * fix.product[i];
    }
    return sums();
  }

  double max_deviation(double mean) const
  {
    double mine = 0.0, all;
    for (const int i : fix.rows) mine = std::max(mine, std::fabs(fix.residual[i] - mean));
    MPI_Allreduce(&mine, &all, 1, MPI_DOUBLE, MPI_MAX, fix.world);
    return all;
  }

 private:
  FixQEqVC &fix;
  double *const q;

  double all_sum(double mine) const
  {
    double all;
    MPI_Allreduce(&mine, &all, 1, MPI_DOUBLE, MPI_SUM, fix.world);
    return all;
  }

  ResidualSums sums() const
  {
    ResidualSums mine, all;
    for (const int i : fix.rows) mine.add(fix.residual[i], fix.diagonal[i]);
    MPI_Allreduce(&mine, &all, ResidualSums::size, MPI_DOUBLE, MPI_SUM, fix.world);
    return all;
  }
};

/* ---------------------------------------------------------------------- */

void FixQEqVC::solve_iteratively()
{
  HostSystem system(*this);
  report = projected_pcg(system, tolerance, maxiter);
}

/* ----------------------------------------------------------------------
   gather the matrix on rank 0 by atom ID, solve, send the charges back
------------------------------------------------------------------------- */

template <class T> static std::vector<T> gather(std::vector<T> mine, int rank, MPI_Comm world)
{
  int size;
  MPI_Comm_size(world, &size);
  int bytes = static_cast<int>(mine.size() * sizeof(T));    // not const: LAMMPS' serial MPI takes void *
  std::vector<int> counts(size), offsets(size + 1, 0);
  MPI_Gather(&bytes, 1, MPI_INT, counts.data(), 1, MPI_INT, 0, world);
  for (int p = 0; p < size; p++) offsets[p + 1] = offsets[p] + counts[p];
  std::vector<T> all(rank == 0 ? offsets[size] / sizeof(T) : 0);
  MPI_Gatherv(mine.data(), bytes, MPI_BYTE, all.data(), counts.data(), offsets.data(), MPI_BYTE, 0, world);
  return all;
}

void FixQEqVC::solve_directly()
{
  report = SolveReport();
  if (unknowns.count == 0.0) return;
  if (unknowns.count > MAX_DIRECT)
    error->all(FLERR, "Fix {} solver direct has {} atoms, allowed are {}", style, static_cast<bigint>(unknowns.count),
               MAX_DIRECT);

  struct Unknown {
    tagint tag;
    double rhs, diagonal, charge;
  };
  struct Element {
    tagint row, column;
    double value;
  };
  std::vector<Unknown> my_unknowns;
  std::vector<Element> my_elements;
  for (const MatrixElement &e : matrix_elements())
    my_elements.push_back({atom->tag[e.row], atom->tag[e.column], e.value});
  for (const int i : rows) my_unknowns.push_back({atom->tag[i], rhs[i], diagonal[i], atom->q[i]});
  auto all = gather(my_unknowns, comm->me, world);
  const auto elements = gather(my_elements, comm->me, world);

  const auto n = static_cast<std::size_t>(unknowns.count);
  std::vector<tagint> tags(n);
  std::vector<double> charges(n);
  const auto position = [&](tagint tag) {
    return static_cast<std::size_t>(std::lower_bound(tags.begin(), tags.end(), tag) - tags.begin());
  };
  if (comm->me == 0) {
    std::sort(all.begin(), all.end(), [](const Unknown &a, const Unknown &b) { return a.tag < b.tag; });
    std::vector<double> matrix(n * n, 0.0), b(n);
    double total = 0.0;
    for (std::size_t i = 0; i < n; i++) {
      tags[i] = all[i].tag;
      b[i] = all[i].rhs;
      matrix[i * n + i] = all[i].diagonal;
      total += all[i].charge;
    }
    for (const Element &e : elements) matrix[position(e.row) * n + position(e.column)] += e.value;
    const DenseSolution solution = solve_dense_charges(matrix, b, total);
    report.chemical_potential = solution.chemical_potential;
    report.max_deviation = solution.max_deviation;
    if (!solution.positive_definite)
      report.status = SolveStatus::indefinite;
    else if (!std::isfinite(solution.max_deviation))
      report.status = SolveStatus::not_finite;
    else
      charges = solution.charges;
  }
  MPI_Bcast(&report, sizeof(report), MPI_BYTE, 0, world);
  if (report.status != SolveStatus::converged) return;
  MPI_Bcast(tags.data(), static_cast<int>(n), MPI_LMP_TAGINT, 0, world);
  MPI_Bcast(charges.data(), static_cast<int>(n), MPI_DOUBLE, 0, world);
  for (const int i : rows) atom->q[i] = charges[position(atom->tag[i])];
}

/* ----------------------------------------------------------------------
   off-diagonal elements of this rank's part of the matrix; rows, rhs,
   diagonal and the atoms' data are on the host afterwards
------------------------------------------------------------------------- */

std::vector<FixQEqVC::MatrixElement> FixQEqVC::matrix_elements()
{
  std::vector<MatrixElement> elements;
  for (int ii = 0; ii < list->inum; ii++) {
    const int i = list->ilist[ii];
    if (!is_unknown(i)) continue;
    for (bigint jj = first[ii]; jj < first[ii + 1]; jj++) {
      const int j = column[jj];
      if (!is_unknown(j)) continue;
      elements.push_back({i, j, value[jj]});
      elements.push_back({j, i, value[jj]});
    }
  }
  return elements;
}

/* ----------------------------------------------------------------------
   charges to ghost atoms and into the history. Another solve at the same
   step replaces the last one; a gap in time starts a new history.
------------------------------------------------------------------------- */

void FixQEqVC::accept_charges()
{
  const bool dynamics = update->whichflag == 1;
  const bool same_step = dynamics && update->ntimestep == history_step;
  const bool next_step = dynamics && update->ntimestep == history_step + nevery;
  if (!same_step) history_count = next_step ? std::min(history_count + 1, history_length) : 1;
  history_count = std::max(history_count, 1);
  history_step = update->ntimestep;
  store_charges(!same_step);
}

/* ----------------------------------------------------------------------
   shift: older charges move on by one
------------------------------------------------------------------------- */

void FixQEqVC::store_charges(bool shift)
{
  forward(atom->q);
  for (const int i : rows) {
    if (shift) std::copy_backward(history[i], history[i] + history_length - 1, history[i] + history_length);
    history[i][0] = atom->q[i];
  }
}

/* ----------------------------------------------------------------------
   back to the charges before this solve
------------------------------------------------------------------------- */

void FixQEqVC::reject_charges()
{
  std::copy(previous_charges.begin(), previous_charges.end(), atom->q);
  forward(atom->q);
}

/* ----------------------------------------------------------------------
   iterations of the last solve
------------------------------------------------------------------------- */

double FixQEqVC::compute_scalar() { return report.iterations; }

/* ----------------------------------------------------------------------
   chemical potential, max |dE/dq - mu|, total charge, matrix products
------------------------------------------------------------------------- */

double FixQEqVC::compute_vector(int n)
{
  if (n == 0) return report.chemical_potential;
  if (n == 1) return report.max_deviation;
  if (n == 3) return static_cast<double>(products);
  double mine = 0.0, all;
  for (int i = 0; i < atom->nlocal; i++)
    if (is_unknown(i)) mine += atom->q[i];
  MPI_Allreduce(&mine, &all, 1, MPI_DOUBLE, MPI_SUM, world);
  return all;
}

/* ---------------------------------------------------------------------- */

double FixQEqVC::memory_usage()
{
  const double vectors = diagonal.capacity() + rhs.capacity() + residual.capacity() + direction.capacity() +
      product.capacity() + previous_charges.capacity() + value.capacity() +
      static_cast<double>(atom->nmax) * history_length;
  return vectors * sizeof(double) + static_cast<double>(column.capacity() + rows.capacity()) * sizeof(int) +
      static_cast<double>(first.capacity()) * sizeof(bigint);
}

/* ---------------------------------------------------------------------- */

void FixQEqVC::grow_arrays(int nmax) { memory->grow(history, nmax, history_length, "qeq/vc:history"); }

/* ---------------------------------------------------------------------- */

void FixQEqVC::copy_arrays(int i, int j, int /*delflag*/) { std::copy_n(history[i], history_length, history[j]); }

/* ----------------------------------------------------------------------
   a new atom has had its charge ever since
------------------------------------------------------------------------- */

void FixQEqVC::set_arrays(int i) { std::fill_n(history[i], history_length, atom->q[i]); }

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

/* ---------------------------------------------------------------------- */

void FixQEqVC::write_restart(FILE *fp)
{
  if (comm->me != 0) return;
  const double state[2] = {static_cast<double>(history_count), static_cast<double>(history_step)};
  const int size = sizeof(state);
  fwrite(&size, sizeof(int), 1, fp);
  fwrite(state, sizeof(double), 2, fp);
}

/* ---------------------------------------------------------------------- */

void FixQEqVC::restart(char *buf)
{
  double state[2];
  memcpy(state, buf, sizeof(state));
  history_count = std::min(static_cast<int>(state[0]), history_length);
  history_step = static_cast<bigint>(state[1]);
}

/* ---------------------------------------------------------------------- */

int FixQEqVC::pack_forward_comm(int n, int *list, double *buf, int /*pbc_flag*/, int * /*pbc*/)
{
  for (int i = 0; i < n; i++) buf[i] = comm_vector[list[i]];
  return n;
}

/* ---------------------------------------------------------------------- */

void FixQEqVC::unpack_forward_comm(int n, int first_ghost, double *buf)
{
  std::copy_n(buf, n, comm_vector + first_ghost);
}

/* ---------------------------------------------------------------------- */

int FixQEqVC::pack_reverse_comm(int n, int first_ghost, double *buf)
{
  std::copy_n(comm_vector + first_ghost, n, buf);
  return n;
}

/* ---------------------------------------------------------------------- */

void FixQEqVC::unpack_reverse_comm(int n, int *list, double *buf)
{
  for (int i = 0; i < n; i++) comm_vector[list[i]] += buf[i];
}
