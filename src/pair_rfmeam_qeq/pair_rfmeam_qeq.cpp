/* ----------------------------------------------------------------------
   LAMMPS - Large-scale Atomic/Molecular Massively Parallel Simulator
   https://www.lammps.org/

   This software is distributed under the GNU General Public License.
------------------------------------------------------------------------- */

#include "pair_rfmeam_qeq.h"

#include "direct_solve.h"
#include "host_neighbourhood.h"
#include "host_space.h"

#include "../citations.h"
#include "../long_range/kspace_term.h"
#include "../rfmeam/long_range.h"
#include "../rfmeam/potential_file.h"

#include "atom.h"
#include "comm.h"
#include "error.h"
#include "force.h"
#include "info.h"
#include "kspace.h"
#include "memory.h"
#include "modify.h"
#include "neigh_list.h"
#include "neigh_request.h"
#include "neighbor.h"
#include "update.h"

#include <algorithm>
#include <cmath>
#include <cstring>

using namespace LAMMPS_NS;

/* ----------------------------------------------------------------------
   the charges of the plain style
------------------------------------------------------------------------- */

class PairRFMEAMQEq::Charges {
 public:
  rfmeam::HostSpace space;
  rfmeam::ChargeEngine<rfmeam::HostSpace, double> engine;
  rfmeam::KSpaceTerm<rfmeam::HostSpace> beyond;

  explicit Charges(PairRFMEAMQEq *pair_) : space(pair_, pair_->comm, pair_->world), engine(space), pair(pair_) {}

  /// Pairs of the atoms where they are now; whether anything has changed.
  bool update()
  {
    const Atom *const atom = pair->atom;
    const rfmeam::AtomData<double> atoms = {atom->nlocal, atom->nlocal + atom->nghost, atom->x[0], atom->type,
                                            atom->mask,   pair->type2element.data(),   GROUP_ALL};
    return engine.update_pairs(atoms, rfmeam::HostNeighbours(pair->list_coulomb), pair->list_stamp());
  }

 private:
  PairRFMEAMQEq *pair;
};

/* ---------------------------------------------------------------------- */

PairRFMEAMQEq::PairRFMEAMQEq(LAMMPS *lmp) :
    Pair(lmp), long_cutoff(0.0), neighbourhood_cutoff(0.0), list_neighbourhood(nullptr), list_coulomb(nullptr), nmax(0),
    density(nullptr), embedding(nullptr), electronegativity(nullptr), wants_electronegativity(false),
    surroundings_known(false), buffer(std::make_unique<rfmeam::NeighbourhoodBuffer>()),
    kept(std::make_unique<rfmeam::HostKeptNeighbourhoods>()), charges(std::make_unique<Charges>(this))
{
  single_enable = 0;
  restartinfo = 0;
  one_coeff = 1;
  manybody_flag = 1;
  centroidstressflag = CENTROID_NOTAVAIL;
  unit_convert_flag = utils::get_supported_conversions(utils::ENERGY);
  comm_forward = comm_reverse = 1;
  nextra = NUM_ENERGIES;
  pvector = new double[nextra]();    // read without compute() where pair_modify has compute no
  rfmeam::citations::cite(lmp, rfmeam::citations::package);
  rfmeam::citations::cite(lmp, rfmeam::citations::model);
}

/* ---------------------------------------------------------------------- */

PairRFMEAMQEq::~PairRFMEAMQEq()
{
  if (copymode) return;
  delete[] pvector;
  memory->destroy(density);
  memory->destroy(embedding);
  memory->destroy(electronegativity);
  if (allocated) {
    memory->destroy(setflag);
    memory->destroy(cutsq);
  }
}

/* ---------------------------------------------------------------------- */

void PairRFMEAMQEq::compute(int eflag, int vflag)
{
  ev_init(eflag, vflag);
  grow_peratom();
  std::fill_n(pvector, nextra, 0.0);

  if (potential.couples_charges()) update_surroundings();
  if (potential.has_meam()) compute_meam();
  if (potential.has_charges()) compute_charges();
  check_energy();

  if (is_long() && vflag_either) add_background_virial();
  if (vflag_fdotr) virial_fdotr_compute();
}

/* ----------------------------------------------------------------------
   atoms at the same place must not go on as NaN
------------------------------------------------------------------------- */

void PairRFMEAMQEq::check_energy() const
{
  if (eflag_global && !std::isfinite(eng_vdwl + eng_coul))
    error->one(FLERR,
               "Pair style {} computed a non-finite energy (RF-MEAM {}, charges {}) at step {}: atoms are at the "
               "same place, or charges are not finite",
               force->pair_style, eng_vdwl, eng_coul, update->ntimestep);
}

/* ----------------------------------------------------------------------
   what neighbours do to electronegativities and hardnesses; keeps
   neighbourhoods and screening for the forces of the same step
------------------------------------------------------------------------- */

void PairRFMEAMQEq::update_surroundings()
{
  update_charges();
  if (surroundings_known) return;
  surroundings_known = true;

  const double cutoff_sq = neighbourhood_cutoff * neighbourhood_cutoff;
  const rfmeam::ModelView<double> model = potential.model_view();
  buffer->place(atom->x, atom->type, type2element.data(), atom->nlocal + atom->nghost);
  double *const shift = charges->engine.shifts(), *const hardening = charges->engine.hardenings();    // or null
  std::fill_n(shift, atom->nlocal, 0.0);    // the list may leave out atoms mapped to NULL
  if (hardening) std::fill_n(hardening, atom->nlocal, 0.0);
  kept->clear();

  for (int ii = 0; ii < list_neighbourhood->inum; ii++) {
    const int i = list_neighbourhood->ilist[ii];
    const int element = element_of_type(atom->type[i]);
    if (element < 0) {
      kept->keep(0, nullptr, nullptr, 0.0);
      continue;
    }
    auto nb = buffer->find(model, cutoff_sq, i, list_neighbourhood->firstneigh[i], list_neighbourhood->numneigh[i]);
    nb.bare_environment = kept->make_room(nb.count);
    const auto &charge = potential.charge[element];
    const auto around = rfmeam::surroundings_of_charge(rfmeam::SerialTeam(), model, nb, charge);
    shift[i] = charge.environment_shift * around.environment;
    if (hardening) hardening[i] = -2.0 * charge.fade * around.embedding;
    kept->keep(nb.count, buffer->atom(), nb.screening, around.environment_density);
  }
}

/* ----------------------------------------------------------------------
   energy and forces of each owned atom's own E_i (rfmeam/atom_energy.h),
   but what charges do to it, whose energy is that of the charges
------------------------------------------------------------------------- */

void PairRFMEAMQEq::compute_meam()
{
  double *const *const f = atom->f;
  const int *const type = atom->type;
  const int nlocal = atom->nlocal;
  const double cutoff_sq = neighbourhood_cutoff * neighbourhood_cutoff;
  const bool couples_charges = potential.couples_charges();
  const rfmeam::ModelView<double> model = potential.model_view();
  const rfmeam::SerialTeam team;
  if (!couples_charges)    // otherwise update_surroundings() has
    buffer->place(atom->x, type, type2element.data(), nlocal + atom->nghost);

  std::fill_n(density, nlocal, 0.0);    // the list may leave out atoms mapped to NULL
  std::fill_n(embedding, nlocal, 0.0);

  for (int ii = 0; ii < list_neighbourhood->inum; ii++) {
    const int i = list_neighbourhood->ilist[ii];
    const int element = element_of_type(type[i]);
    if (element < 0) continue;

    const auto nb = couples_charges
        ? buffer->recall(i, *kept, ii)
        : buffer->find(model, cutoff_sq, i, list_neighbourhood->firstneigh[i], list_neighbourhood->numneigh[i]);
    const auto coupling =
        couples_charges ? charge_coupling(potential.charge[element], atom->q[i]) : rfmeam::ChargeCoupling<double>();
    const auto energy = rfmeam::atom_energy_gradient(team, model, nb, coupling);
    density[i] = energy.density;
    embedding[i] = energy.embedding;
    if (eflag_either) {
      pvector[PAIR] += energy.pair;
      pvector[EMBEDDING] += energy.embedding;
      if (eflag_global) eng_vdwl += energy.pair + energy.embedding;
      if (eflag_atom) eatom[i] += energy.pair + energy.embedding;
    }

    double fi[3] = {0.0, 0.0, 0.0};
    for (int m = 0; m < nb.count; m++) {
      const int j = buffer->atom()[m];
      const double gx = nb.gx[m], gy = nb.gy[m], gz = nb.gz[m];
      fi[0] += gx, fi[1] += gy, fi[2] += gz;
      f[j][0] -= gx, f[j][1] -= gy, f[j][2] -= gz;
      if (vflag_either) ev_tally_xyz(i, j, nlocal, 1, 0.0, 0.0, gx, gy, gz, -nb.x[m], -nb.y[m], -nb.z[m]);
    }
    f[i][0] += fi[0], f[i][1] += fi[1], f[i][2] += fi[2];
  }
}

/* ----------------------------------------------------------------------
   energy and forces of the charges as they stand
------------------------------------------------------------------------- */

void PairRFMEAMQEq::compute_charges()
{
  const int nall = atom->nlocal + atom->nghost;
  const rfmeam::ChargeTallies tally = {eflag_either != 0, vflag_global || vflag_atom, static_cast<bool>(eflag_atom),
                                       static_cast<bool>(vflag_atom), wants_electronegativity};
  if (wants_electronegativity) std::fill_n(electronegativity, nall, 0.0);

  update_charges();
  auto sum = charges->engine.forces<double>(
      atom->q, tally, rfmeam::HostRows<3>{atom->f[0]}, rfmeam::HostTarget<double>{eatom},
      rfmeam::HostTarget<double>{electronegativity}, rfmeam::HostRows<6>{vflag_atom ? vatom[0] : nullptr});
  if (eflag_either && charges->engine.has_sources_of_charge())
    sum.self +=
        charges->engine.source_energy(atom->mask, atom->q, tally.atom_energy, rfmeam::HostTarget<double>{eatom});
  pvector[COULOMB] = sum.pair;
  pvector[SELF] = sum.self;
  if (eflag_global) eng_coul += sum.pair + sum.self;
  if (vflag_global)
    for (int n = 0; n < 6; n++) virial[n] += sum.virial[n];
  if (!wants_electronegativity) return;
  charges->space.from_ghosts(electronegativity);
  if (!is_long()) return;
  prepare_kspace();
  kspace->add(atom->q, electronegativity);
}

/* ----------------------------------------------------------------------
   what fix qeq/vc asks for
------------------------------------------------------------------------- */

bigint PairRFMEAMQEq::list_stamp() const { return neighbor->lastcall * 1048576 + neighbor->ncalls; }

/* ---------------------------------------------------------------------- */

void PairRFMEAMQEq::update_charges()
{
  if (charges->update()) surroundings_known = false;
}

/* ---------------------------------------------------------------------- */

double PairRFMEAMQEq::total_charge(int group)
{
  update_charges();
  return charges->engine.total_charge(atom->mask, atom->q, group);
}

/* ---------------------------------------------------------------------- */

rfmeam::SolveReport PairRFMEAMQEq::solve_charges(const rfmeam::EquilibrationTask &task, bool directly)
{
  if (!start_charges(task)) {
    rfmeam::SolveReport report;
    report.status = rfmeam::SolveStatus::without_group;
    return report;
  }
  return directly ? solve_directly(task) : solve_iteratively(task);
}

/* ---------------------------------------------------------------------- */

bool PairRFMEAMQEq::start_charges(const rfmeam::EquilibrationTask &task)
{
  update_charges();
  if (potential.couples_charges()) update_surroundings();
  if (is_long()) prepare_kspace();
  return charges->engine.start(atom->mask, atom->q, task);
}

/* ---------------------------------------------------------------------- */

rfmeam::SolveReport PairRFMEAMQEq::solve_iteratively(const rfmeam::EquilibrationTask &task)
{
  return charges->engine.solve(task);
}

/* ---------------------------------------------------------------------- */

void PairRFMEAMQEq::accept_charges(const rfmeam::ChargeHistory &history, bool age)
{
  charges->engine.accept(atom->q, history, age);
  if (is_long()) kspace->charges_changed();
}

/* ---------------------------------------------------------------------- */

void PairRFMEAMQEq::prepare_kspace()
{
  charges->beyond.num_owned = atom->nlocal;
  kspace->prepare();
}

/* ---------------------------------------------------------------------- */

double PairRFMEAMQEq::count_beyond_walls() { return charges->engine.count_beyond_walls(); }

/* ---------------------------------------------------------------------- */

std::vector<rfmeam::MatrixElement> PairRFMEAMQEq::charge_matrix() { return charges->engine.matrix_elements(); }

/* ---------------------------------------------------------------------- */

PairRFMEAMQEq::DirectCharges PairRFMEAMQEq::direct_charges()
{
  auto &engine = charges->engine;
  return {engine.host_rows(), engine.host_charges(), engine.host_linear_coefficients(), engine.host_hardenings()};
}

/* ---------------------------------------------------------------------- */

void PairRFMEAMQEq::set_direct_charges(const std::vector<double> &q) { charges->engine.set_host_charges(q); }

/* ----------------------------------------------------------------------
   through the host and one rank, as the reference it is
------------------------------------------------------------------------- */

rfmeam::SolveReport PairRFMEAMQEq::solve_directly(const rfmeam::EquilibrationTask &task)
{
  DirectCharges direct = direct_charges();
  bigint mine = static_cast<bigint>(direct.rows.size()), count;
  MPI_Allreduce(&mine, &count, 1, MPI_LMP_BIGINT, MPI_SUM, world);
  if (count == 0) return {};
  if (count > rfmeam::max_direct)
    error->all(FLERR, "Fix qeq/vc solver direct has {} atoms, allowed are {}", count, rfmeam::max_direct);

  std::vector<rfmeam::DirectElement> elements;
  for (const rfmeam::MatrixElement &e : charge_matrix())
    if (atom->mask[e.row] & atom->mask[e.column] & task.group)
      elements.push_back({atom->tag[e.row], atom->tag[e.column], e.value});
  const rfmeam::ChargeGroups constraints = task.groups.constraints();
  std::vector<rfmeam::DirectUnknown> unknowns;
  for (const int i : direct.rows) {
    const int element = element_of_type(atom->type[i]);
    const double hardness = coulomb.charge[element].hardness + (direct.hardening.empty() ? 0.0 : direct.hardening[i]);
    unknowns.push_back(
        {atom->tag[i], i, element, constraints.of(atom->mask[i]), direct.linear[i], hardness, direct.charges[i]});
  }

  if (is_long()) add_kspace_elements(unknowns, elements);

  rfmeam::SolveReport report = rfmeam::solve_directly(coulomb, constraints, unknowns, elements, world);
  task.groups.potentials_from_constraints(report.mu);
  for (std::size_t n = 0; n < unknowns.size(); n++) direct.charges[direct.rows[n]] = unknowns[n].charge;
  set_direct_charges(direct.charges);
  return report;
}

/* ----------------------------------------------------------------------
   columns of the long-range part of the charge matrix: potentials of one
   charge after the other
------------------------------------------------------------------------- */

void PairRFMEAMQEq::add_kspace_elements(const std::vector<rfmeam::DirectUnknown> &unknowns,
                                        std::vector<rfmeam::DirectElement> &elements)
{
  std::vector<double> charge(atom->nlocal), potential(atom->nlocal);
  for (const tagint tag : rfmeam::tags_of_all(unknowns, world)) {
    for (int i = 0; i < atom->nlocal; i++) charge[i] = atom->tag[i] == tag ? 1.0 : 0.0;
    std::fill(potential.begin(), potential.end(), 0.0);
    kspace->add(charge.data(), potential.data());
    for (const rfmeam::DirectUnknown &u : unknowns) elements.push_back({u.tag, tag, potential[u.atom]});
  }
}

/* ---------------------------------------------------------------------- */

void PairRFMEAMQEq::allocate()
{
  allocated = 1;
  const int n = atom->ntypes + 1;
  memory->create(setflag, n, n, "pair:setflag");
  memory->create(cutsq, n, n, "pair:cutsq");
  for (int i = 1; i < n; i++)
    for (int j = 1; j < n; j++) setflag[i][j] = 0, cutsq[i][j] = 0.0;
  map = new int[n];
}

/* ---------------------------------------------------------------------- */

void PairRFMEAMQEq::grow_peratom()
{
  if (atom->nmax <= nmax) return;
  nmax = atom->nmax;
  for (double **array : {&density, &embedding, &electronegativity}) {
    memory->destroy(*array);
    memory->create(*array, nmax, "pair:rfmeam/qeq");
    std::fill_n(*array, nmax, 0.0);
  }
}

/* ---------------------------------------------------------------------- */

void PairRFMEAMQEq::settings(int narg, char **arg)
{
  long_cutoff = 0.0;
  ewaldflag = pppmflag = 0;
  if (narg == 0) return;
  if (strcmp(arg[0], "long") != 0)
    error->all(FLERR, "Illegal pair_style rfmeam/qeq command: read argument '{}', allowed are none, or long CUTOFF",
               arg[0]);
  if (narg != 2)
    error->all(FLERR, "Illegal pair_style rfmeam/qeq long command: read {} words behind it, allowed is the cutoff",
               narg - 1);
  long_cutoff = utils::numeric(FLERR, arg[1], false, lmp);
  if (!(long_cutoff > 0.0)) error->all(FLERR, "Pair style rfmeam/qeq long cutoff is {}, allowed is > 0", arg[1]);
  ewaldflag = pppmflag = 1;
  no_virial_fdotr_compute = 1;    // the virial of the background is of no forces
}

/* ----------------------------------------------------------------------
   the whole file, read once; factor converts its energies, which are in
   metal units, to ours
------------------------------------------------------------------------- */

std::string PairRFMEAMQEq::read_text(const char *file, double &factor)
{
  const std::string units = update->unit_style;
  if (units != "metal" && units != "real")
    error->all(FLERR, "Pair style rfmeam/qeq with units {}, allowed are units metal and real", units);
  factor = units == "real" ? utils::get_conversion_factor(utils::ENERGY, utils::METAL2REAL) : 1.0;

  std::string text;
  int convert = unit_convert_flag & utils::METAL2REAL;
  if (comm->me == 0) {
    FILE *fp = utils::open_potential(file, lmp, &convert);
    if (!fp) error->one(FLERR, "Cannot open potential file {}: {}", file, utils::getsyserror());
    char chunk[8192];
    std::size_t count;
    while ((count = fread(chunk, 1, sizeof(chunk), fp)) > 0) text.append(chunk, count);
    const bool failed = ferror(fp);
    fclose(fp);
    if (failed) error->one(FLERR, "Cannot read potential file {}: {}", file, utils::getsyserror());
  }
  bigint size = static_cast<bigint>(text.size());
  MPI_Bcast(&size, 1, MPI_LMP_BIGINT, 0, world);
  if (size > MAXSMALLINT) error->all(FLERR, "Potential file {} is too large: {} bytes", file, size);
  text.resize(size);
  MPI_Bcast(text.data(), static_cast<int>(size), MPI_CHAR, 0, world);
  return text;
}

/* ----------------------------------------------------------------------
   pair_coeff * * FILE El1 El2 ...
------------------------------------------------------------------------- */

void PairRFMEAMQEq::coeff(int narg, char **arg)
{
  if (narg != 3 + atom->ntypes)
    error->all(FLERR,
               "Incorrect args for pair coefficients: read {} words, allowed are * * FILE and an element "
               "or NULL for each of the {} atom types",
               narg, atom->ntypes);
  if (!allocated) allocate();

  double factor = 1.0;
  filename = arg[2];
  const std::string text = read_text(arg[2], factor);
  try {
    potential = rfmeam::PotentialReader::read(text, filename);
  } catch (const rfmeam::PotentialFileError &e) {
    error->all(FLERR, "Potential file {}", e.what());
  }
  potential.scale_energy(factor);
  neighbourhood_cutoff = potential.neighbourhood_cutoff();

  map_element2type(narg - 3, arg + 3);
  type2element.assign(atom->ntypes + 1, -1);
  for (int type = 1; type <= atom->ntypes; type++) {
    if (map[type] < 0) continue;
    const std::string name = elements[map[type]];
    const auto found = std::find(potential.elements.begin(), potential.elements.end(), name);
    if (found == potential.elements.end())
      error->all(FLERR, "Element {} of atom type {} is not in potential file {}, allowed are: {}", name, type, filename,
                 utils::join_words(potential.elements, " "));
    type2element[type] = static_cast<int>(found - potential.elements.begin());
  }
}

/* ---------------------------------------------------------------------- */

void PairRFMEAMQEq::init_style()
{
  if (!force->newton_pair)
    error->all(FLERR, "Pair style rfmeam/qeq requires newton pair on: {}",
               lmp->kokkos ? "add '-pk kokkos newton on neigh half' to the command line, or 'package kokkos newton on "
                             "neigh half' before the box, as KOKKOS switches it off on GPUs"
                           : "add 'newton on' before the box");
  if (potential.has_charges() && !atom->q_flag)
    error->all(FLERR, "Pair style rfmeam/qeq with the charges of potential file {} requires atom attribute q",
               filename);
  warn_of_no_charges();
  if (atom->molecular != Atom::ATOMIC && atom->nbonds > 0)
    for (int n = 1; n <= 3; n++)
      if (force->special_lj[n] != 1.0 || force->special_coul[n] != 1.0)
        error->all(FLERR,
                   "Pair style rfmeam/qeq with special_bonds of bonded atoms: the style is of many bodies, weights of "
                   "pairs have no meaning in it. Allowed is special_bonds lj/coul 1 1 1");
  coulomb = rfmeam::CoulombTable(potential, force->qqrd2e);
  if (is_long()) setup_kspace();
  charges->beyond.kspace = kspace.get();
  charges->engine.set_coulomb(coulomb.view(), charge_features(), is_long() ? &charges->beyond : nullptr);

  // a full list with the reach of RF-MEAM and a half list with the Coulomb cutoff, so that each cutoff costs
  // only its own neighbours

  if (potential.has_meam()) {
    auto *request = neighbor->add_request(this, NeighConst::REQ_FULL);
    request->set_id(LIST_NEIGHBOURHOOD);
    request->set_cutoff(neighbourhood_cutoff);

    // LAMMPS ignores the smallest of all custom cutoffs, see Neighbor::morph_unique(): a list that is never built
    // takes that place

    neighbor->add_request(this, NeighConst::REQ_FULL | NeighConst::REQ_OCCASIONAL)
        ->set_cutoff(0.5 * neighbourhood_cutoff);
  }
  if (potential.has_charges()) {
    auto *request = neighbor->add_request(this, NeighConst::REQ_DEFAULT);
    request->set_id(LIST_COULOMB);
    request->set_cutoff(coulomb.cutoff);
  }
}

/* ----------------------------------------------------------------------
   what pairs do beside the kspace style, which LAMMPS has initialised before
------------------------------------------------------------------------- */

void PairRFMEAMQEq::setup_kspace()
{
  if (!rfmeam::has_long_range(potential.coulomb_form))
    error->all(FLERR,
               "Pair style rfmeam/qeq long with the kernel {} of potential file {}, which has no long range. Allowed "
               "are direct_cut, gaussian and slater",
               rfmeam::name_of(potential.coulomb_form), filename);
  kspace = rfmeam::KSpacePotential::create(lmp);

  int mine = 0, any;
  for (int i = 0; i < atom->nlocal; i++)
    if (element_of_type(atom->type[i]) < 0 && atom->q[i] != 0.0) mine = atom->type[i];
  MPI_Allreduce(&mine, &any, 1, MPI_INT, MPI_MAX, world);
  if (any)
    error->all(FLERR,
               "Pair style rfmeam/qeq long with charges of atoms of type {}, which pair_coeff maps to NULL, but on "
               "which kspace acts: allowed is 0",
               any);

  const double splitting = force->kspace->g_ewald, width = rfmeam::longest_width(potential);
  if (width * splitting > 1.0)
    error->all(FLERR,
               "Pair style rfmeam/qeq long cutoff is {}, too short for Gaussian charges of width {:.6g} in potential "
               "file {}: allowed are widths up to 1/(2 g) = {:.6g} with the g = {:.6g} of kspace_style {}. Raise the "
               "cutoff or the accuracy",
               long_cutoff, 0.5 * width, filename, 0.5 / splitting, splitting, force->kspace_style);
  constexpr double rounding = 1e-14;
  const double diffuse = rfmeam::diffuseness(potential, long_cutoff), left = std::erfc(splitting * long_cutoff);
  if (diffuse > left + rounding)
    error->all(
        FLERR,
        "Pair style rfmeam/qeq long cutoff is {}, too short for the Slater densities of potential file {}: pairs "
        "at this distance lack {:.3g} of the interaction of point charges, allowed is erfc(g r) = {:.3g} with "
        "the g = {:.6g} of kspace_style {}. Raise the cutoff",
        long_cutoff, filename, diffuse, left, splitting, force->kspace_style);
  coulomb = rfmeam::real_space_table(potential, force->qqrd2e, long_cutoff, splitting);
}

/* ---------------------------------------------------------------------- */

void PairRFMEAMQEq::add_background_virial()
{
  const std::vector<double> shares = kspace->background_virial(atom->q);
  for (std::size_t i = 0; i < shares.size(); i++)
    for (int c = 0; c < 3; c++) {
      if (vflag_global) virial[c] += shares[i];
      if (vflag_atom) vatom[i][c] += shares[i];
    }
}

/* ---------------------------------------------------------------------- */

double PairRFMEAMQEq::gamma_of_kspace(double r) const
{
  return is_long() ? force->qqrd2e * std::erf(force->kspace->g_ewald * r) / r : 0.0;
}

/* ----------------------------------------------------------------------
   a potential with charges, and nothing that makes any
------------------------------------------------------------------------- */

void PairRFMEAMQEq::warn_of_no_charges() const
{
  if (!potential.has_charges() || !modify->get_fix_by_style("^qeq/").empty()) return;
  int mine = 0, any;
  for (int i = 0; i < atom->nlocal; i++)
    if (atom->q[i] != 0.0) mine = 1;
  MPI_Allreduce(&mine, &any, 1, MPI_INT, MPI_MAX, world);
  if (!any && comm->me == 0)
    error->warning(
        FLERR,
        "Pair style rfmeam/qeq with the charges of potential file {}: all atoms have charge 0, and there is no "
        "fix qeq/vc to equilibrate them",
        filename);
}

/* ---------------------------------------------------------------------- */

void PairRFMEAMQEq::init_list(int id, NeighList *ptr)
{
  if (id == LIST_NEIGHBOURHOOD) list_neighbourhood = ptr;
  if (id == LIST_COULOMB) list_coulomb = ptr;
}

/* ---------------------------------------------------------------------- */

double PairRFMEAMQEq::init_one(int i, int j)
{
  if (setflag[i][j] == 0)
    error->all(FLERR, Error::NOLASTLINE, "All pair coeffs are not set. Status:\n{}", Info::get_pair_coeff_status(lmp));
  return std::max(neighbourhood_cutoff, coulomb.cutoff);
}

/* ----------------------------------------------------------------------
   what kspace styles ask for
------------------------------------------------------------------------- */

void *PairRFMEAMQEq::extract(const char *name, int &dim)
{
  dim = 0;
  if (is_long() && strcmp(name, "cut_coul") == 0) return &long_cutoff;
  return nullptr;
}

/* ----------------------------------------------------------------------
   per-atom quantities for fix pair: background density, embedding energy,
   electronegativity dE/dq
------------------------------------------------------------------------- */

void *PairRFMEAMQEq::extract_peratom(const char *name, int &ncol)
{
  ncol = 0;
  if (strcmp(name, "density") == 0) return density;
  if (strcmp(name, "embedding") == 0) return embedding;
  if (strcmp(name, "electronegativity") == 0) {
    wants_electronegativity = true;
    return electronegativity;
  }
  return nullptr;
}

/* ---------------------------------------------------------------------- */

int PairRFMEAMQEq::pack_forward_comm(int n, int *list, double *buf, int /*pbc_flag*/, int * /*pbc*/)
{
  const double *const vector = travelling(false);
  for (int i = 0; i < n; i++) buf[i] = vector[list[i]];
  return n;
}

/* ---------------------------------------------------------------------- */

void PairRFMEAMQEq::unpack_forward_comm(int n, int first, double *buf)
{
  std::copy_n(buf, n, travelling(true) + first);
}

/* ---------------------------------------------------------------------- */

int PairRFMEAMQEq::pack_reverse_comm(int n, int first, double *buf)
{
  std::copy_n(travelling(false) + first, n, buf);
  return n;
}

/* ---------------------------------------------------------------------- */

void PairRFMEAMQEq::unpack_reverse_comm(int n, int *list, double *buf)
{
  double *const vector = travelling(true);
  for (int i = 0; i < n; i++) vector[list[i]] += buf[i];
}

/* ---------------------------------------------------------------------- */

double *PairRFMEAMQEq::travelling(bool /*changes*/) { return charges->space.traveller; }

/* ---------------------------------------------------------------------- */

double PairRFMEAMQEq::memory_usage()
{
  return Pair::memory_usage() + 3.0 * nmax * sizeof(double) + buffer->bytes() + kept->bytes() + charges->engine.bytes();
}
