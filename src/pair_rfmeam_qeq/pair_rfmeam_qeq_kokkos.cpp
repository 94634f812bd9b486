/* ----------------------------------------------------------------------
   LAMMPS - Large-scale Atomic/Molecular Massively Parallel Simulator
   https://www.lammps.org/

   This software is distributed under the GNU General Public License.
------------------------------------------------------------------------- */

#include "pair_rfmeam_qeq_kokkos.h"

#include "atom_kokkos.h"
#include "atom_masks.h"
#include "error.h"
#include "force.h"
#include "input.h"
#include "kokkos.h"
#include "memory_kokkos.h"
#include "neigh_list_kokkos.h"
#include "neigh_request.h"
#include "neighbor.h"

#include <algorithm>
#include <cstring>
#include <type_traits>

using namespace LAMMPS_NS;

using rfmeam::EnergyVirial;

namespace {

/* ----------------------------------------------------------------------
   values of a vector to and from the buffers of communication
------------------------------------------------------------------------- */

template <class DeviceType> struct PackKernel {
  typename ArrayTypes<DeviceType>::t_int_1d list;
  typename ArrayTypes<DeviceType>::t_double_1d vector, buf;
  KOKKOS_INLINE_FUNCTION void operator()(int i) const { buf(i) = vector(list(i)); }
};

template <class DeviceType> struct UnpackKernel {
  typename ArrayTypes<DeviceType>::t_double_1d vector, buf;
  int first;
  KOKKOS_INLINE_FUNCTION void operator()(int i) const { vector(first + i) = buf(i); }
};

}    // namespace

/* ---------------------------------------------------------------------- */

template <class DeviceType>
PairRFMEAMQEqKokkos<DeviceType>::PairRFMEAMQEqKokkos(LAMMPS *lmp) :
    PairRFMEAMQEq(lmp), space(this, comm, world), engine(space)
{
  kokkosable = 1;
  atomKK = dynamic_cast<AtomKokkos *>(atom);
  execution_space = ExecutionSpaceFromDevice<DeviceType>::space;
  datamask_read = X_MASK | F_MASK | TYPE_MASK | MASK_MASK | Q_MASK | ENERGY_MASK | VIRIAL_MASK;
  datamask_modify = F_MASK | ENERGY_MASK | VIRIAL_MASK;
  respa_enable = 0;
  no_virial_fdotr_compute = 1;    // with full rows, charges act on owned atoms only
}

/* ---------------------------------------------------------------------- */

template <class DeviceType> PairRFMEAMQEqKokkos<DeviceType>::~PairRFMEAMQEqKokkos()
{
  if (copymode) return;
  memoryKK->destroy_kokkos(k_eatom, eatom);
  memoryKK->destroy_kokkos(k_vatom, vatom);
  memoryKK->destroy_kokkos(k_density, density);
  memoryKK->destroy_kokkos(k_embedding, embedding);
  memoryKK->destroy_kokkos(k_electronegativity, electronegativity);
}

/* ---------------------------------------------------------------------- */

template <class DeviceType> void PairRFMEAMQEqKokkos<DeviceType>::init_style()
{
  PairRFMEAMQEq::init_style();
  refuse_on_gpu();
  listed_stamp = -1;
  tables = rfmeam::KokkosTables<DeviceType>(*this, atom->ntypes);
  beyond.kspace = kspace.get();
  engine.set_coulomb(tables.coulomb(), charge_features(), is_long() ? &beyond : nullptr);
  for (const int id : {LIST_NEIGHBOURHOOD, LIST_COULOMB}) {
    auto *request = neighbor->find_request(this, id);
    if (!request) continue;
    if (!Space::half_rows) request->enable_full();
    request->set_kokkos_host(std::is_same_v<DeviceType, LMPHostType> && !std::is_same_v<DeviceType, LMPDeviceType>);
    request->set_kokkos_device(std::is_same_v<DeviceType, LMPDeviceType>);
  }
}

/* ----------------------------------------------------------------------
   what would be computed wrongly there, as KOKKOS leaves data on the host
------------------------------------------------------------------------- */

template <class DeviceType> void PairRFMEAMQEqKokkos<DeviceType>::refuse_on_gpu() const
{
  if (!rfmeam::Shape<DeviceType>::on_gpu) return;
  if (neighbor->nex_mol > 0 && atom->molecular == Atom::ATOMIC)
    error->all(FLERR,
               "Pair style {} on a GPU with neigh_modify exclude molecule: KOKKOS' neighbor lists do not see the "
               "molecule IDs that fix property/atom gives to atom style {}; allowed are atom styles with molecules",
               force->pair_style, atom->atom_style);
  if (has_computed && input->command && strcmp(input->command, "rerun") == 0)
    error->all(
        FLERR,
        "Pair style {} on a GPU in a rerun after another run, where KOKKOS computes with the positions of before: "
        "clear and define the system anew, or use the plain styles (without -sf kk)",
        force->pair_style);
}

/* ---------------------------------------------------------------------- */

template <class DeviceType> void PairRFMEAMQEqKokkos<DeviceType>::grow_peratom()
{
  if (atom->nmax <= nmax) return;
  nmax = atom->nmax;
  memoryKK->destroy_kokkos(k_density, density);
  memoryKK->destroy_kokkos(k_embedding, embedding);
  memoryKK->destroy_kokkos(k_electronegativity, electronegativity);
  memoryKK->create_kokkos(k_density, density, nmax, "pair:density");
  memoryKK->create_kokkos(k_embedding, embedding, nmax, "pair:embedding");
  memoryKK->create_kokkos(k_electronegativity, electronegativity, nmax, "pair:electronegativity");
}

/* ---------------------------------------------------------------------- */

template <class DeviceType> void *PairRFMEAMQEqKokkos<DeviceType>::extract_peratom(const char *name, int &ncol)
{
  k_density.sync_host();
  k_embedding.sync_host();
  k_electronegativity.sync_host();
  return PairRFMEAMQEq::extract_peratom(name, ncol);
}

/* ---------------------------------------------------------------------- */

template <class DeviceType> void PairRFMEAMQEqKokkos<DeviceType>::compute(int eflag, int vflag)
{
  ev_init(eflag, vflag, 0);
  has_computed = true;
  grow_peratom();
  std::fill_n(pvector, nextra, 0.0);

  if (eflag_atom) {
    memoryKK->destroy_kokkos(k_eatom, eatom);
    memoryKK->create_kokkos(k_eatom, eatom, maxeatom, "pair:eatom");
  }
  if (vflag_atom) {
    memoryKK->destroy_kokkos(k_vatom, vatom);
    memoryKK->create_kokkos(k_vatom, vatom, maxvatom, "pair:vatom");
  }

  atomKK->sync(execution_space, datamask_read);
  if (evflag)
    atomKK->modified(execution_space, datamask_modify);
  else
    atomKK->modified(execution_space, F_MASK);

  if (potential.couples_charges()) update_surroundings();
  if (potential.has_meam()) compute_meam();
  if (potential.has_charges()) compute_charges();
  check_energy();

  if (eflag_atom) {
    k_eatom.template modify<DeviceType>();
    k_eatom.sync_host();
  }
  if (vflag_atom) {
    k_vatom.template modify<DeviceType>();
    k_vatom.sync_host();
  }
  if (is_long() && vflag_either) {
    atomKK->sync(Host, Q_MASK);
    add_background_virial();
    if (vflag_atom) k_vatom.modify_host();
  }
}

/* ---------------------------------------------------------------------- */

template <class DeviceType> void PairRFMEAMQEqKokkos<DeviceType>::compute_meam()
{
  Kokkos::deep_copy(k_density.template view<DeviceType>(), 0.0);    // the list may leave out atoms mapped to NULL
  Kokkos::deep_copy(k_embedding.template view<DeviceType>(), 0.0);

  EnergyVirial sum;
  const auto run = [&](const auto &force, const auto &atom_virial) { sum = run_meam(force, atom_virial); };
  typename AT::t_kkacc_1d_6 vatom_view;
  if (vflag_atom) vatom_view = k_vatom.view<DeviceType>();
  rfmeam::scatter_to<DeviceType>(run, atomKK->k_f.view<DeviceType>(), vatom_view);
  pvector[PAIR] = sum.energy[0];
  pvector[EMBEDDING] = sum.energy[1];
  if (eflag_global) eng_vdwl += sum.energy[0] + sum.energy[1];
  if (vflag_global)
    for (int n = 0; n < 6; n++) virial[n] += sum.virial[n];
  k_density.template modify<DeviceType>();
  k_embedding.template modify<DeviceType>();
}

/* ---------------------------------------------------------------------- */

template <class DeviceType>
template <class Force, class AtomVirial>
EnergyVirial PairRFMEAMQEqKokkos<DeviceType>::run_meam(const Force &force, const AtomVirial &atom_virial)
{
  using Teams = rfmeam::AtomTeams<DeviceType>;
  if (!potential.couples_charges()) place_atoms();    // otherwise update_surroundings() has
  const auto atoms = placed_atoms();
  int scratch_level;
  const auto policy = Teams::policy(list_neighbourhood->inum, atoms.max_neighbours(), scratch_level);
  const rfmeam::MeamKernel<DeviceType, Force, AtomVirial> kernel = {
      {},
      atoms,
      potential.couples_charges(),
      kept,
      potential.couples_charges() ? atomKK->k_q.view<DeviceType>().data() : nullptr,
      atoms.max_neighbours(),
      scratch_level,
      eflag_atom != 0,
      vflag_either != 0,
      vflag_atom != 0,
      force,
      atom_virial,
      k_eatom.view<DeviceType>(),
      k_density.template view<DeviceType>(),
      k_embedding.template view<DeviceType>()};

  EnergyVirial sum;
  if (evflag)
    Kokkos::parallel_reduce("rfmeam/qeq/kk:meam", policy, kernel, rfmeam::SumReducer<EnergyVirial>(sum));
  else
    Kokkos::parallel_for("rfmeam/qeq/kk:meam", policy, kernel);
  return sum;
}

/* ---------------------------------------------------------------------- */

template <class DeviceType> void PairRFMEAMQEqKokkos<DeviceType>::update_charge_pairs()
{
  atomKK->sync(execution_space, X_MASK | TYPE_MASK | MASK_MASK | Q_MASK);
  const rfmeam::AtomData<KK_FLOAT> atoms = {atom->nlocal,
                                            atom->nlocal + atom->nghost,
                                            atomKK->k_x.view<DeviceType>().data(),
                                            atomKK->k_type.view<DeviceType>().data(),
                                            atomKK->k_mask.view<DeviceType>().data(),
                                            tables.elements(),
                                            GROUP_ALL};
  if (engine.update_pairs(atoms, rfmeam::KokkosNeighbours<DeviceType>(list_coulomb), list_stamp()))
    surroundings_known = false;
}

/* ---------------------------------------------------------------------- */

template <class DeviceType> void PairRFMEAMQEqKokkos<DeviceType>::place_atoms()
{
  const int num_all = atom->nlocal + atom->nghost;
  rfmeam::reserve_view(sites, num_all, "rfmeam:sites");
  space.for_each(
      "rfmeam/qeq/kk:sites", num_all,
      rfmeam::PlaceAtoms<DeviceType>{tables, atomKK->k_x.view<DeviceType>(), atomKK->k_type.view<DeviceType>(), sites});
  if (listed_stamp == list_stamp()) return;
  listed_stamp = list_stamp();
  auto *const list = static_cast<NeighListKokkos<DeviceType> *>(list_neighbourhood);
  const auto longest = rfmeam::LongestList<DeviceType>{list->d_ilist, list->d_numneigh};
  max_listed = static_cast<int>(space.largest_of_rank("rfmeam/qeq/kk:listed", list->inum, longest));
}

/* ---------------------------------------------------------------------- */

template <class DeviceType> rfmeam::KokkosAtoms<DeviceType> PairRFMEAMQEqKokkos<DeviceType>::placed_atoms() const
{
  auto *const list = static_cast<NeighListKokkos<DeviceType> *>(list_neighbourhood);
  return {tables,
          static_cast<KK_FLOAT>(neighbourhood_cutoff * neighbourhood_cutoff),
          max_listed,
          sites,
          list->d_neighbors,
          list->d_ilist,
          list->d_numneigh};
}

/* ----------------------------------------------------------------------
   what neighbours do to electronegativities and hardnesses; keeps
   neighbourhoods and screening for the forces of the same step
------------------------------------------------------------------------- */

template <class DeviceType> void PairRFMEAMQEqKokkos<DeviceType>::update_surroundings()
{
  using Teams = rfmeam::AtomTeams<DeviceType>;
  update_charge_pairs();
  if (surroundings_known) return;
  surroundings_known = true;

  place_atoms();
  const auto atoms = placed_atoms();
  const int num_atoms = list_neighbourhood->inum;
  double *const shift = engine.shifts(), *const hardening = engine.hardenings();
  kept.reserve(num_atoms, atoms.max_neighbours());
  space.for_each("rfmeam/qeq/kk:shifts", atom->nlocal,
                 rfmeam::Fill<double>{shift, 0.0});    // the list may leave out atoms mapped to NULL
  if (hardening) space.for_each("rfmeam/qeq/kk:shifts", atom->nlocal, rfmeam::Fill<double>{hardening, 0.0});
  int scratch_level;
  const auto policy = Teams::policy(num_atoms, atoms.max_neighbours(), scratch_level);
  Kokkos::parallel_for(
      "rfmeam/qeq/kk:surroundings", policy,
      rfmeam::SurroundingsKernel<DeviceType>{{}, atoms, kept, shift, hardening, atoms.max_neighbours(), scratch_level});
}

/* ---------------------------------------------------------------------- */

template <class DeviceType> void PairRFMEAMQEqKokkos<DeviceType>::compute_charges()
{
  using AT = ArrayTypes<DeviceType>;
  const rfmeam::ChargeTallies tally = {eflag_either != 0, static_cast<bool>(vflag_either),
                                       static_cast<bool>(eflag_atom), static_cast<bool>(vflag_atom),
                                       wants_electronegativity};
  const auto f = atomKK->k_f.view<DeviceType>();
  typename AT::t_kkacc_1d e;    // those that are not wanted stay empty
  typename AT::t_kkacc_1d_6 v;
  typename AT::t_double_1d mu;
  if (eflag_atom) e = k_eatom.view<DeviceType>();
  if (vflag_atom) v = k_vatom.view<DeviceType>();
  if (wants_electronegativity) {
    k_electronegativity.clear_sync_state();    // all of it is written anew
    mu = k_electronegativity.template view<DeviceType>();
    Kokkos::deep_copy(mu, 0.0);
  }

  update_charge_pairs();
  const KK_FLOAT *const q = atomKK->k_q.view<DeviceType>().data();
  rfmeam::ChargeEnergy<KK_ACC_FLOAT> sum;
  const auto run = [&](const auto &to_f, const auto &to_e, const auto &to_mu, const auto &to_v) {
    sum = engine.template forces<KK_ACC_FLOAT>(q, tally, to_f, to_e, to_mu, to_v);
  };
  const rfmeam::Unshared<decltype(f)> own_f = {f};
  if constexpr (Space::half_rows) {
    if (engine.has_forces_of_rows())
      rfmeam::scatter_to<DeviceType>([&](const auto &...targets) { run(own_f, targets...); }, e, mu, v);
    else
      rfmeam::scatter_to<DeviceType>(run, f, e, mu, v);
  } else
    run(own_f, rfmeam::Unshared<decltype(e)>{e}, rfmeam::Unshared<decltype(mu)>{mu}, rfmeam::Unshared<decltype(v)>{v});
  if (wants_electronegativity) {
    if constexpr (Space::half_rows)
      space.from_ghosts(k_electronegativity);
    else
      k_electronegativity.template modify<DeviceType>();
    if (is_long()) {
      prepare_kspace();
      atomKK->sync(Host, Q_MASK);
      k_electronegativity.sync_host();
      kspace->add(atom->q, electronegativity);
      k_electronegativity.modify_host();
    }
  }
  if (eflag_either && engine.has_sources_of_charge())
    sum.self += engine.source_energy(atomKK->k_mask.view<DeviceType>().data(), q, tally.atom_energy,
                                     rfmeam::Unshared<decltype(e)>{e});
  pvector[COULOMB] = sum.pair;
  pvector[SELF] = sum.self;
  if (eflag_global) eng_coul += sum.pair + sum.self;
  if (vflag_global)
    for (int n = 0; n < 6; n++) virial[n] += sum.virial[n];
}

/* ----------------------------------------------------------------------
   what fix qeq/vc asks for
------------------------------------------------------------------------- */

template <class DeviceType> double PairRFMEAMQEqKokkos<DeviceType>::total_charge(int group)
{
  update_charge_pairs();
  return engine.total_charge(atomKK->k_mask.view<DeviceType>().data(), atomKK->k_q.view<DeviceType>().data(), group);
}

/* ---------------------------------------------------------------------- */

template <class DeviceType> bool PairRFMEAMQEqKokkos<DeviceType>::start_charges(const rfmeam::EquilibrationTask &task)
{
  update_charge_pairs();
  if (potential.couples_charges()) update_surroundings();
  if (is_long()) prepare_kspace();
  return engine.start(atomKK->k_mask.view<DeviceType>().data(), atomKK->k_q.view<DeviceType>().data(), task);
}

/* ---------------------------------------------------------------------- */

template <class DeviceType>
rfmeam::SolveReport PairRFMEAMQEqKokkos<DeviceType>::solve_iteratively(const rfmeam::EquilibrationTask &task)
{
  return engine.solve(task);
}

/* ---------------------------------------------------------------------- */

template <class DeviceType>
void PairRFMEAMQEqKokkos<DeviceType>::accept_charges(const rfmeam::ChargeHistory &history, bool age)
{
  engine.accept(atomKK->k_q.view<DeviceType>().data(), history, age);
  atomKK->modified(execution_space, Q_MASK);
  if (!is_long()) return;
  atomKK->sync(Host, Q_MASK);
  kspace->charges_changed();
}

/* ---------------------------------------------------------------------- */

template <class DeviceType> void PairRFMEAMQEqKokkos<DeviceType>::prepare_kspace()
{
  atomKK->sync(Host, X_MASK);
  beyond.num_owned = atom->nlocal;
  kspace->prepare();
}

/* ---------------------------------------------------------------------- */

template <class DeviceType> double PairRFMEAMQEqKokkos<DeviceType>::count_beyond_walls()
{
  return engine.count_beyond_walls();
}

/* ---------------------------------------------------------------------- */

template <class DeviceType> std::vector<rfmeam::MatrixElement> PairRFMEAMQEqKokkos<DeviceType>::charge_matrix()
{
  atomKK->sync(Host, X_MASK | TAG_MASK | TYPE_MASK | MASK_MASK);
  return engine.matrix_elements();
}

/* ---------------------------------------------------------------------- */

template <class DeviceType> PairRFMEAMQEq::DirectCharges PairRFMEAMQEqKokkos<DeviceType>::direct_charges()
{
  return {engine.host_rows(), engine.host_charges(), engine.host_linear_coefficients(), engine.host_hardenings()};
}

/* ---------------------------------------------------------------------- */

template <class DeviceType> void PairRFMEAMQEqKokkos<DeviceType>::set_direct_charges(const std::vector<double> &charges)
{
  engine.set_host_charges(charges);
}

/* ---------------------------------------------------------------------- */

template <class DeviceType>
int PairRFMEAMQEqKokkos<DeviceType>::pack_forward_comm_kokkos(int n, DAT::tdual_int_1d k_list,
                                                              DAT::tdual_double_1d &k_buf, int /*pbc_flag*/,
                                                              int * /*pbc*/)
{
  Kokkos::parallel_for(Kokkos::RangePolicy<DeviceType>(0, n),
                       PackKernel<DeviceType>{k_list.view<DeviceType>(), space.traveller->template view<DeviceType>(),
                                              k_buf.view<DeviceType>()});
  return n;
}

/* ---------------------------------------------------------------------- */

template <class DeviceType>
void PairRFMEAMQEqKokkos<DeviceType>::unpack_forward_comm_kokkos(int n, int first, DAT::tdual_double_1d &k_buf)
{
  Kokkos::parallel_for(
      Kokkos::RangePolicy<DeviceType>(0, n),
      UnpackKernel<DeviceType>{space.traveller->template view<DeviceType>(), k_buf.view<DeviceType>(), first});
}

/* ---------------------------------------------------------------------- */

template <class DeviceType> double *PairRFMEAMQEqKokkos<DeviceType>::travelling(bool changes)
{
  space.traveller->sync_host();
  if (changes) space.traveller->modify_host();
  return space.traveller->view_host().data();
}

/* ---------------------------------------------------------------------- */

template <class DeviceType> double PairRFMEAMQEqKokkos<DeviceType>::memory_usage()
{
  return PairRFMEAMQEq::memory_usage() + engine.bytes() + kept.bytes() +
      static_cast<double>(sites.span() * sizeof(rfmeam::Site<KK_FLOAT>));
}

namespace LAMMPS_NS {
template class PairRFMEAMQEqKokkos<LMPDeviceType>;
#ifdef LMP_KOKKOS_GPU
template class PairRFMEAMQEqKokkos<LMPHostType>;
#endif
}    // namespace LAMMPS_NS
