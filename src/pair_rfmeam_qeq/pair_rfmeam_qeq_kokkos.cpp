/* ----------------------------------------------------------------------
   LAMMPS - Large-scale Atomic/Molecular Massively Parallel Simulator
   https://www.lammps.org/

   This software is distributed under the GNU General Public License.
------------------------------------------------------------------------- */

#include "pair_rfmeam_qeq_kokkos.h"

#include "coulomb_chunk_kokkos.h"
#include "kokkos_team.h"

#include "../rfmeam/atom_energy.h"

#include "atom_kokkos.h"
#include "atom_masks.h"
#include "kokkos.h"
#include "memory_kokkos.h"
#include "neigh_list_kokkos.h"
#include "neigh_request.h"
#include "neighbor.h"

#include <algorithm>
#include <type_traits>

using namespace LAMMPS_NS;

namespace {

/// Sums over atoms: two energies and the virial xx, yy, zz, xy, xz, yz.
struct EnergyVirial {
  KK_ACC_FLOAT energy[2], virial[6];

  KOKKOS_INLINE_FUNCTION EnergyVirial() : energy{}, virial{} {}
  KOKKOS_INLINE_FUNCTION EnergyVirial &operator+=(const EnergyVirial &o)
  {
    for (int n = 0; n < 2; n++) energy[n] += o.energy[n];
    for (int n = 0; n < 6; n++) virial[n] += o.virial[n];
    return *this;
  }
};

/// Force on the central atom and virial of its bonds.
struct ForceVirial {
  KK_ACC_FLOAT force[3], virial[6];

  KOKKOS_INLINE_FUNCTION ForceVirial() : force{}, virial{} {}
  KOKKOS_INLINE_FUNCTION ForceVirial &operator+=(const ForceVirial &o)
  {
    for (int n = 0; n < 3; n++) force[n] += o.force[n];
    for (int n = 0; n < 6; n++) virial[n] += o.virial[n];
    return *this;
  }
};

/// r (x) f as xx, yy, zz, xy, xz, yz.
struct VirialTensor {
  KK_FLOAT v[6];

  KOKKOS_INLINE_FUNCTION VirialTensor(KK_FLOAT x, KK_FLOAT y, KK_FLOAT z, KK_FLOAT fx, KK_FLOAT fy, KK_FLOAT fz) :
      v{x * fx, y * fy, z * fz, x * fy, x * fz, y * fz}
  {
  }
};

}    // namespace

template <class Real> struct Kokkos::reduction_identity<rfmeam::BondSums<Real>> {
  KOKKOS_FORCEINLINE_FUNCTION static rfmeam::BondSums<Real> sum() { return {}; }
};
template <> struct Kokkos::reduction_identity<ForceVirial> {
  KOKKOS_FORCEINLINE_FUNCTION static ForceVirial sum() { return {}; }
};

namespace {

/// Runs the loops of rfmeam/atom_energy.h on a Kokkos team.
template <class Member> struct KokkosTeam {
  const Member &member;

  template <class Function> KOKKOS_INLINE_FUNCTION void for_each(int n, const Function &f) const
  {
    Kokkos::parallel_for(Kokkos::TeamThreadRange(member, n), f);
    member.team_barrier();
  }
  template <class Sum, class Function> KOKKOS_INLINE_FUNCTION Sum reduce(int n, const Function &f) const
  {
    Sum sum;
    Kokkos::parallel_reduce(Kokkos::TeamThreadRange(member, n), f, Kokkos::Sum<Sum>(sum));
    member.team_barrier();
    return sum;
  }
  template <class Real> KOKKOS_INLINE_FUNCTION static void add(Real &target, Real value)
  {
    KOKKOS_IF_ON_HOST((target += value;))    // teams of one
    KOKKOS_IF_ON_DEVICE((Kokkos::atomic_add(&target, value);))
  }
};

/* ----------------------------------------------------------------------
   E_i, its forces and its virial, one team an atom. The neighbourhood lies
   in scratch memory.
------------------------------------------------------------------------- */

template <class DeviceType> struct MeamKernel {
  using AT = ArrayTypes<DeviceType>;
  using Policy = Kokkos::TeamPolicy<DeviceType>;
  using Member = typename Policy::member_type;
  using value_type = EnergyVirial;
  using Scratch = typename DeviceType::scratch_memory_space;
  template <class T> using ScratchView = Kokkos::View<T *, Scratch, Kokkos::MemoryTraits<Kokkos::Unmanaged>>;
  template <class View> using Scatter = decltype(Kokkos::Experimental::create_scatter_view(std::declval<View>()));

  static constexpr int team_size = ExecutionSpaceFromDevice<DeviceType>::space == Device ? 32 : 1;
  static constexpr int reals_per_neighbour = 8, ints_per_neighbour = 4;

  RFMEAMKokkosTables<DeviceType> tables;
  KK_FLOAT cutoff_sq;
  typename AT::t_kkfloat_1d_3_lr_randomread x;
  typename AT::t_int_1d_randomread type;
  typename AT::t_neighbors_2d neighbors;
  typename AT::t_int_1d_randomread ilist, numneigh;
  int max_neighbours, scratch_level;
  bool eflag_atom, vflag_either, vflag_atom;

  Scatter<typename AT::t_kkacc_1d_3> force;
  Scatter<typename AT::t_kkacc_1d_6> vatom;
  typename AT::t_kkacc_1d eatom;
  typename AT::t_double_1d density, embedding;

  static std::size_t scratch_size(int max_neighbours)
  {
    return ScratchView<KK_FLOAT>::shmem_size(reals_per_neighbour * max_neighbours) +
        ScratchView<int>::shmem_size(ints_per_neighbour * max_neighbours);
  }

  KOKKOS_INLINE_FUNCTION void operator()(const Member &member) const
  {
    EnergyVirial unused;
    (*this)(member, unused);
  }

  KOKKOS_INLINE_FUNCTION void operator()(const Member &member, EnergyVirial &sum) const
  {
    const int i = ilist[member.league_rank()];
    const int element = tables.element_of_type(type[i]);
    if (element < 0) return;

    ScratchView<KK_FLOAT> reals(member.team_scratch(scratch_level), reals_per_neighbour * max_neighbours);
    ScratchView<int> ints(member.team_scratch(scratch_level), ints_per_neighbour * max_neighbours);
    KK_FLOAT *const dx = reals.data(), *const dy = dx + max_neighbours, *const dz = dy + max_neighbours,
                    *const rsq = dz + max_neighbours, *const work = rsq + max_neighbours;
    int *const atom = ints.data(), *const neighbour_element = atom + max_neighbours,
               *const found_atom = neighbour_element + max_neighbours,
               *const found_element = found_atom + max_neighbours;
    KK_FLOAT *const found_x = work, *const found_y = found_x + max_neighbours,
                    *const found_z = found_y + max_neighbours, *const found_rsq = found_z + max_neighbours;

    const KK_FLOAT xi = x(i, 0), yi = x(i, 1), zi = x(i, 2);
    int count;
    team_scan<DeviceType>(member, numneigh[i], count, [&](int jj, int &found, bool final) {
      const int j = neighbors(i, jj) & NEIGHMASK;
      const KK_FLOAT rx = x(j, 0) - xi, ry = x(j, 1) - yi, rz = x(j, 2) - zi;
      const KK_FLOAT r_sq = rx * rx + ry * ry + rz * rz;
      const int neighbour = tables.element_of_type(type[j]);
      if (r_sq >= cutoff_sq || neighbour < 0) return;
      if (final) {
        found_atom[found] = j, found_element[found] = neighbour;
        found_x[found] = rx, found_y[found] = ry, found_z[found] = rz, found_rsq[found] = r_sq;
      }
      found++;
    });

    const KokkosTeam<Member> team = {member};
    team.for_each(count, [&](int k) {
      const int m = rfmeam::distance_rank(found_rsq, count, k);
      atom[m] = found_atom[k], neighbour_element[m] = found_element[k];
      dx[m] = found_x[k], dy[m] = found_y[k], dz[m] = found_z[k], rsq[m] = found_rsq[k];
    });

    const rfmeam::Neighbourhood<KK_FLOAT> nb = {count,
                                                element,
                                                neighbour_element,
                                                dx,
                                                dy,
                                                dz,
                                                rsq,
                                                work,
                                                work + max_neighbours,
                                                work + 2 * max_neighbours,
                                                work + 3 * max_neighbours};
    const rfmeam::AtomEnergy<KK_FLOAT> energy = rfmeam::atom_energy_gradient(team, tables.model(), nb);

    const auto bonds = team.template reduce<ForceVirial>(count, [&](int m, ForceVirial &bond) {
      const KK_FLOAT gx = nb.gx[m], gy = nb.gy[m], gz = nb.gz[m];
      auto f = force.access();
      f(atom[m], 0) -= gx, f(atom[m], 1) -= gy, f(atom[m], 2) -= gz;
      bond.force[0] += gx, bond.force[1] += gy, bond.force[2] += gz;
      if (!vflag_either) return;
      const VirialTensor virial(dx[m], dy[m], dz[m], -gx, -gy, -gz);
      auto v = vatom.access();
      for (int n = 0; n < 6; n++) {
        bond.virial[n] += virial.v[n];
        if (vflag_atom) v(atom[m], n) += KK_FLOAT(0.5) * virial.v[n];
      }
    });

    if (member.team_rank() != 0) return;
    auto f = force.access();
    for (int n = 0; n < 3; n++) f(i, n) += bonds.force[n];
    sum.energy[0] += energy.pair;
    sum.energy[1] += energy.embedding;
    for (int n = 0; n < 6; n++) sum.virial[n] += bonds.virial[n];
    if (eflag_atom) eatom(i) += energy.pair + energy.embedding;
    if (vflag_atom) {
      auto v = vatom.access();
      for (int n = 0; n < 6; n++) v(i, n) += KK_FLOAT(0.5) * bonds.virial[n];
    }
    density(i) = energy.density;
    embedding(i) = energy.embedding;
  }
};

/* ----------------------------------------------------------------------
   energy and forces of the charges on each atom, from a full list: no
   atom writes to another
------------------------------------------------------------------------- */

template <class DeviceType> struct ChargeKernel {
  using AT = ArrayTypes<DeviceType>;
  using value_type = EnergyVirial;

  RFMEAMKokkosTables<DeviceType> tables;
  typename AT::t_kkfloat_1d_3_lr_randomread x;
  typename AT::t_kkfloat_1d_randomread q;
  typename AT::t_int_1d_randomread type;
  typename AT::t_neighbors_2d neighbors;
  typename AT::t_int_1d_randomread ilist, numneigh;
  bool eflag_atom, vflag_either, vflag_atom;

  typename AT::t_kkacc_1d_3 f;
  typename AT::t_kkacc_1d eatom;
  typename AT::t_kkacc_1d_6 vatom;
  typename AT::t_double_1d electronegativity;

  KOKKOS_INLINE_FUNCTION void operator()(int ii) const
  {
    EnergyVirial unused;
    (*this)(ii, unused);
  }

  KOKKOS_INLINE_FUNCTION void operator()(int ii, EnergyVirial &sum) const
  {
    const int i = ilist[ii];
    const int element = tables.element_of_type(type[i]);
    if (element < 0) return;
    const rfmeam::CoulombView<KK_FLOAT> coulomb = tables.coulomb();
    const KK_FLOAT cutoff_sq = coulomb.cutoff * coulomb.cutoff;
    const KK_FLOAT xi = x(i, 0), yi = x(i, 1), zi = x(i, 2), qi = q(i);

    const auto neighbour = [&](int jj) -> CoulombNeighbour<KK_FLOAT> {
      const int j = neighbors(i, jj) & NEIGHMASK;
      return {j, tables.element_of_type(type[j]), xi - x(j, 0), yi - x(j, 1), zi - x(j, 2)};
    };
    KK_ACC_FLOAT fx = 0, fy = 0, fz = 0, potential = 0, virial[6] = {};
    CoulombChunk<KK_FLOAT, coulomb_chunk_size<DeviceType>> chunk;
    for (int next = 0; next < numneigh[i];) {
      next = chunk.fill(next, numneigh[i], cutoff_sq, neighbour);
      evaluate_chunk(coulomb, element, chunk);
      for (int n = 0; n < chunk.count; n++) {
        const KK_FLOAT qj = q(chunk.atom[n]), dx = chunk.dx[n], dy = chunk.dy[n], dz = chunk.dz[n];
        const KK_FLOAT fpair = -qi * qj * chunk.slope_by_r[n];
        potential += qj * chunk.gamma[n];
        fx += dx * fpair, fy += dy * fpair, fz += dz * fpair;
        if (vflag_either) {
          const VirialTensor pair(dx, dy, dz, dx * fpair, dy * fpair, dz * fpair);
          for (int m = 0; m < 6; m++) virial[m] += KK_FLOAT(0.5) * pair.v[m];
        }
      }
    }

    const auto self = coulomb.self_energy(element, qi);
    const KK_ACC_FLOAT pair_energy = KK_FLOAT(0.5) * qi * potential;
    f(i, 0) += fx, f(i, 1) += fy, f(i, 2) += fz;
    sum.energy[0] += pair_energy;
    sum.energy[1] += self.value;
    for (int n = 0; n < 6; n++) sum.virial[n] += virial[n];
    if (eflag_atom) eatom(i) += pair_energy + self.value;
    if (vflag_atom)
      for (int n = 0; n < 6; n++) vatom(i, n) += virial[n];
    electronegativity(i) = self.derivative + potential;
  }
};

}    // namespace

/* ---------------------------------------------------------------------- */

template <class DeviceType> PairRFMEAMQEqKokkos<DeviceType>::PairRFMEAMQEqKokkos(LAMMPS *lmp) : PairRFMEAMQEq(lmp)
{
  kokkosable = 1;
  atomKK = dynamic_cast<AtomKokkos *>(atom);
  execution_space = ExecutionSpaceFromDevice<DeviceType>::space;
  datamask_read = X_MASK | F_MASK | TYPE_MASK | Q_MASK | ENERGY_MASK | VIRIAL_MASK;
  datamask_modify = F_MASK | ENERGY_MASK | VIRIAL_MASK;
  respa_enable = 0;
  no_virial_fdotr_compute = 1;    // charges act on owned atoms only, from a full list
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
  tables = RFMEAMKokkosTables<DeviceType>(*this, atom->ntypes);
  for (const int id : {LIST_NEIGHBOURHOOD, LIST_COULOMB}) {
    auto *request = neighbor->find_request(this, id);
    if (!request) continue;
    request->enable_full();
    request->set_kokkos_host(std::is_same_v<DeviceType, LMPHostType> && !std::is_same_v<DeviceType, LMPDeviceType>);
    request->set_kokkos_device(std::is_same_v<DeviceType, LMPDeviceType>);
  }
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
}

/* ---------------------------------------------------------------------- */

template <class DeviceType> void PairRFMEAMQEqKokkos<DeviceType>::compute_meam()
{
  using Kernel = MeamKernel<DeviceType>;
  auto *const list = static_cast<NeighListKokkos<DeviceType> *>(list_neighbourhood);
  auto f = atomKK->k_f.view<DeviceType>();
  auto vatom_view = k_vatom.view<DeviceType>();

  Kernel kernel;
  kernel.tables = tables;
  kernel.cutoff_sq = static_cast<KK_FLOAT>(neighbourhood_cutoff * neighbourhood_cutoff);
  kernel.x = atomKK->k_x.view<DeviceType>();
  kernel.type = atomKK->k_type.view<DeviceType>();
  kernel.neighbors = list->d_neighbors;
  kernel.ilist = list->d_ilist;
  kernel.numneigh = list->d_numneigh;
  kernel.max_neighbours = static_cast<int>(list->d_neighbors.extent(1));
  kernel.eflag_atom = eflag_atom;
  kernel.vflag_either = vflag_either;
  kernel.vflag_atom = vflag_atom;
  kernel.force = Kokkos::Experimental::create_scatter_view(f);
  kernel.vatom = Kokkos::Experimental::create_scatter_view(vatom_view);
  kernel.eatom = k_eatom.view<DeviceType>();
  kernel.density = k_density.template view<DeviceType>();
  kernel.embedding = k_embedding.template view<DeviceType>();
  Kokkos::deep_copy(kernel.density, 0.0);    // the list may leave out atoms mapped to NULL
  Kokkos::deep_copy(kernel.embedding, 0.0);

  const std::size_t bytes = Kernel::scratch_size(kernel.max_neighbours);
  typename Kernel::Policy policy(list->inum, Kernel::team_size);
  kernel.scratch_level = bytes <= static_cast<std::size_t>(Kernel::Policy::scratch_size_max(0)) ? 0 : 1;
  policy.set_scratch_size(kernel.scratch_level, Kokkos::PerTeam(bytes));

  if (evflag) {
    EnergyVirial sum;
    Kokkos::parallel_reduce("rfmeam/qeq/kk:meam", policy, kernel, sum);
    pvector[PAIR] = sum.energy[0];
    pvector[EMBEDDING] = sum.energy[1];
    if (eflag_global) eng_vdwl += sum.energy[0] + sum.energy[1];
    if (vflag_global)
      for (int n = 0; n < 6; n++) virial[n] += sum.virial[n];
  } else
    Kokkos::parallel_for("rfmeam/qeq/kk:meam", policy, kernel);

  Kokkos::Experimental::contribute(f, kernel.force);
  if (vflag_atom) Kokkos::Experimental::contribute(vatom_view, kernel.vatom);
  k_density.template modify<DeviceType>();
  k_embedding.template modify<DeviceType>();
}

/* ---------------------------------------------------------------------- */

template <class DeviceType> void PairRFMEAMQEqKokkos<DeviceType>::compute_charges()
{
  auto *const list = static_cast<NeighListKokkos<DeviceType> *>(list_coulomb);

  ChargeKernel<DeviceType> kernel;
  kernel.tables = tables;
  kernel.x = atomKK->k_x.view<DeviceType>();
  kernel.q = atomKK->k_q.view<DeviceType>();
  kernel.type = atomKK->k_type.view<DeviceType>();
  kernel.neighbors = list->d_neighbors;
  kernel.ilist = list->d_ilist;
  kernel.numneigh = list->d_numneigh;
  kernel.eflag_atom = eflag_atom;
  kernel.vflag_either = vflag_either;
  kernel.vflag_atom = vflag_atom;
  kernel.f = atomKK->k_f.view<DeviceType>();
  kernel.eatom = k_eatom.view<DeviceType>();
  kernel.vatom = k_vatom.view<DeviceType>();
  kernel.electronegativity = k_electronegativity.template view<DeviceType>();
  Kokkos::deep_copy(kernel.electronegativity, 0.0);

  const Kokkos::RangePolicy<DeviceType> policy(0, list->inum);
  if (evflag) {
    EnergyVirial sum;
    Kokkos::parallel_reduce("rfmeam/qeq/kk:charges", policy, kernel, sum);
    pvector[COULOMB] = sum.energy[0];
    pvector[SELF] = sum.energy[1];
    if (eflag_global) eng_coul += sum.energy[0] + sum.energy[1];
    if (vflag_global)
      for (int n = 0; n < 6; n++) virial[n] += sum.virial[n];
  } else
    Kokkos::parallel_for("rfmeam/qeq/kk:charges", policy, kernel);
  k_electronegativity.template modify<DeviceType>();
}

namespace LAMMPS_NS {
template class PairRFMEAMQEqKokkos<LMPDeviceType>;
#ifdef LMP_KOKKOS_GPU
template class PairRFMEAMQEqKokkos<LMPHostType>;
#endif
}    // namespace LAMMPS_NS
