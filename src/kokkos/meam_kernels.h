/* -*- c++ -*- ----------------------------------------------------------
   LAMMPS - Large-scale Atomic/Molecular Massively Parallel Simulator
   https://www.lammps.org/

   This software is distributed under the GNU General Public License.
------------------------------------------------------------------------- */

#ifndef LMP_RFMEAM_MEAM_KERNELS_H
#define LMP_RFMEAM_MEAM_KERNELS_H

#include "kokkos_neighbourhood.h"
#include "kokkos_team.h"

#include <type_traits>

namespace rfmeam {

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

/// One team an atom, the neighbourhood in its scratch memory.
template <class DeviceType> struct AtomTeams {
  using Policy = typename Shape<DeviceType>::template Teams<512>;
  using Member = typename Policy::member_type;
  using Team = std::conditional_t<Shape<DeviceType>::teams, KokkosTeam<Member>, SerialTeam>;

  /// A team of one is a SerialTeam, that is without atomics and barriers.
  KOKKOS_INLINE_FUNCTION static Team team_of(const Member &member)
  {
    if constexpr (Shape<DeviceType>::teams)
      return {member};
    else
      return {};
  }
  /// The policy for so many atoms; level: of the scratch memory, which kernels ask for.
  static Policy policy(int num_atoms, int max_neighbours, int &level)
  {
    const std::size_t bytes = ScratchNeighbourhood<DeviceType>::bytes(max_neighbours);
    Policy policy(num_atoms, Shape<DeviceType>::atom_team);
    level = bytes <= static_cast<std::size_t>(Policy::scratch_size_max(0)) ? 0 : 1;
    policy.set_scratch_size(level, Kokkos::PerTeam(bytes));
    return policy;
  }
};

/* ----------------------------------------------------------------------
   what its neighbours do to the charge of an atom
------------------------------------------------------------------------- */

template <class DeviceType> struct SurroundingsKernel : AtomTeams<DeviceType> {
  using Teams = AtomTeams<DeviceType>;

  KokkosAtoms<DeviceType> atoms;
  KokkosKeptNeighbourhoods<DeviceType> kept;
  double *shift, *hardening;    // null: hardnesses stay as they are
  int max_neighbours, scratch_level;

  KOKKOS_INLINE_FUNCTION void operator()(const typename Teams::Member &member) const
  {
    const int ii = member.league_rank(), i = atoms.ilist[ii], element = atoms.element(i);
    if (element < 0) return;

    const auto team = Teams::team_of(member);
    const ScratchNeighbourhood<DeviceType> scratch(member, scratch_level, max_neighbours);
    Neighbourhood<KK_FLOAT> nb = scratch.find(team, atoms, i);
    nb.bare_environment = &kept.bare_environment(ii, 0);
    const ChargeParameters<KK_FLOAT> &charge = atoms.tables.charge_of(element);
    const FoundSurroundings<KK_FLOAT> around = surroundings_of_charge(team, atoms.tables.model(), nb, charge);
    team.for_each(nb.count, [&](int m) {
      kept.atom(ii, m) = scratch.atom(m);
      kept.screening(ii, m) = nb.screening[m];
    });
    team.once([&]() {
      kept.count(ii) = nb.count;
      kept.environment(ii) = around.environment_density;
      shift[i] = charge.environment_shift * around.environment;
      if (hardening) hardening[i] = KK_FLOAT(-2) * charge.fade * around.embedding;
    });
  }
};

/* ----------------------------------------------------------------------
   E_i, its forces and its virial; of what charges do to it, whose energy is
   that of the charges, forces and virial only
------------------------------------------------------------------------- */

template <class DeviceType, class Force, class AtomVirial> struct MeamKernel : AtomTeams<DeviceType> {
  using AT = ArrayTypes<DeviceType>;
  using Teams = AtomTeams<DeviceType>;
  using value_type = EnergyVirial;

  KokkosAtoms<DeviceType> atoms;
  bool couples_charges;
  KokkosKeptNeighbourhoods<DeviceType> kept;    // if charges are coupled
  const KK_FLOAT *q;
  int max_neighbours, scratch_level;
  bool eflag_atom, vflag_either, vflag_atom;

  Force force;
  AtomVirial vatom;
  typename AT::t_kkacc_1d eatom;
  typename AT::t_double_1d density, embedding;

  KOKKOS_INLINE_FUNCTION void operator()(const typename Teams::Member &member) const
  {
    EnergyVirial unused;
    (*this)(member, unused);
  }

  KOKKOS_INLINE_FUNCTION void operator()(const typename Teams::Member &member, EnergyVirial &sum) const
  {
    const int ii = member.league_rank(), i = atoms.ilist[ii], element = atoms.element(i);
    if (element < 0) return;

    const auto team = Teams::team_of(member);
    const ScratchNeighbourhood<DeviceType> scratch(member, scratch_level, max_neighbours);
    const Neighbourhood<KK_FLOAT> nb =
        couples_charges ? scratch.recall(team, atoms, i, kept, ii) : scratch.find(team, atoms, i);
    const ChargeCoupling<KK_FLOAT> coupling =
        couples_charges ? charge_coupling(atoms.tables.charge_of(element), KK_FLOAT(q[i])) : ChargeCoupling<KK_FLOAT>();
    const AtomEnergy<KK_FLOAT> energy = atom_energy_gradient(team, atoms.tables.model(), nb, coupling);

    auto f = force.access();
    auto v = vatom.access();
    const auto bonds = team.template reduce<ForceVirial>(nb.count, [&](int m, ForceVirial &bond) {
      const int j = scratch.atom(m);
      const KK_FLOAT gx = nb.gx[m], gy = nb.gy[m], gz = nb.gz[m];
      f(j, 0) -= gx, f(j, 1) -= gy, f(j, 2) -= gz;
      bond.force[0] += gx, bond.force[1] += gy, bond.force[2] += gz;
      if (!vflag_either) return;
      const VirialTensor virial(nb.x[m], nb.y[m], nb.z[m], -gx, -gy, -gz);
      for (int n = 0; n < 6; n++) {
        bond.virial[n] += virial.v[n];
        if (vflag_atom) v(j, n) += KK_FLOAT(0.5) * virial.v[n];
      }
    });

    team.once([&]() {
      for (int n = 0; n < 3; n++) f(i, n) += bonds.force[n];
      sum.energy[0] += energy.pair;
      sum.energy[1] += energy.embedding;
      for (int n = 0; n < 6; n++) sum.virial[n] += bonds.virial[n];
      if (eflag_atom) eatom(i) += energy.pair + energy.embedding;
      if (vflag_atom)
        for (int n = 0; n < 6; n++) v(i, n) += KK_FLOAT(0.5) * bonds.virial[n];
      density(i) = energy.density;
      embedding(i) = energy.embedding;
    });
  }
};

}    // namespace rfmeam

#endif
