// Charge equilibration: energy, forces and virial of charges as they stand. SPDX-License-Identifier: GPL-2.0-only
#ifndef RFMEAM_CHARGES_CHARGE_FORCES_H
#define RFMEAM_CHARGES_CHARGE_FORCES_H

#include "pair_matrix.h"

namespace rfmeam {

/// Sums over atoms: energy of pairs, self energy, and the virial xx, yy, zz, xy, xz, yz.
template <class Sum> struct ChargeEnergy {
  Sum pair, self, virial[6];

  RFMEAM_FUNCTION ChargeEnergy() : pair(0), self(0), virial{} {}
  RFMEAM_FUNCTION ChargeEnergy &operator+=(const ChargeEnergy &o)
  {
    pair += o.pair, self += o.self;
    for (int n = 0; n < 6; n++) virial[n] += o.virial[n];
    return *this;
  }
};

/// What the pairs of one atom add up to: force on it, potential dE/dq_i of the pairs, virial.
template <class Sum> struct AtomSums {
  Sum force[3], potential, lagging, virial[6];    // lagging: potential of q - n
  Sum core, core_energy_of_others;                // potential of the others' cores; that of this one's in the others

  RFMEAM_FUNCTION AtomSums() : force{}, potential(0), lagging(0), virial{}, core(0), core_energy_of_others(0) {}
  RFMEAM_FUNCTION AtomSums &operator+=(const AtomSums &o)
  {
    for (int n = 0; n < 3; n++) force[n] += o.force[n];
    potential += o.potential, lagging += o.lagging;
    core += o.core, core_energy_of_others += o.core_energy_of_others;
    for (int n = 0; n < 6; n++) virial[n] += o.virial[n];
    return *this;
  }
};

/// A target of forces that takes none: they have been added by another kernel.
struct NoForces {
  struct Nothing {
    RFMEAM_FUNCTION void operator+=(double) const {}
    RFMEAM_FUNCTION void operator-=(double) const {}
  };
  RFMEAM_FUNCTION NoForces access() const { return {}; }
  RFMEAM_FUNCTION Nothing operator()(long long, int) const { return {}; }
};

/// What is wanted beside forces.
struct ChargeTallies {
  bool energy, virial, atom_energy, atom_virial, potential;
};

/// Forces (and more) of one atom's row. Force, Virial: access()(i, c) of atoms; Scalar: access()(i). With half rows,
/// the other atom of each pair gets its part, so that the targets must bear several threads. tallies: whether anything
/// but forces is wanted. The energy is E = sum_i (E0 + chi q + shift (q - q_0) + (J + hardness) q^2/2)
/// + ½ sum q_i q_j gamma; potential is dE/dq_i. Forces are those at constant shifts and hardnesses. cores: and
/// sum_ij q_i Z_j ([j|f_i] - [f_i|f_j]), as self energy.
///
/// shadow: the energy is E - ½ sum l_i l_j gamma with the lag l = q - n of auxiliary charges n behind the charges, see
/// shadow_energy.h; potential is its derivative at constant n.
template <bool half, bool tallies, bool shadow, bool cores, class Real, class Sum, class Force, class Scalar,
          class Virial>
struct ChargeForces {
  CoulombView<Real> coulomb;
  PairRows<Real> rows;
  const Site<Real> *site;
  const double *shift;       ///< of the electronegativities; null: none
  const double *hardness;    ///< added to those of the elements; null: none
  const Real *q;
  const double *lag;
  ChargeTallies tally;
  Force force;
  Scalar atom_energy, potential;
  Virial atom_virial;

  RFMEAM_FUNCTION Real lag_of(int i) const
  {
    if constexpr (shadow) return static_cast<Real>(lag[i]);
    return Real(0);
  }

  template <class Team> RFMEAM_FUNCTION void operator()(const Team &team, int i, ChargeEnergy<Sum> &sum) const
  {
    const Site<Real> mine = site[i];
    if (mine.element < 0) return;
    const Real qi = q[i], li = lag_of(i);
    const long long begin = rows.first[i];
    const int *const column = rows.column + begin;
    const Real *const gamma = rows.gamma + begin, *const slope_by_r = rows.slope_by_r + begin;
    const CorePairs<const Real> core = rows.cores.from(begin);
    auto f = force.access();
    auto e = atom_energy.access();
    auto w = atom_virial.access();
    auto mu = potential.access();

    const auto atom = team.template reduce<AtomSums<Sum>>(rows.count[i], [&](int n, AtomSums<Sum> &row) {
      const int j = column[n];
      const Site<Real> other = site[j];
      const Real dx = mine.x - other.x, dy = mine.y - other.y, dz = mine.z - other.z;
      const Real qj = q[j], lj = lag_of(j);
      Real pair = -qi * qj;
      if constexpr (shadow) pair += li * lj;
      Real by_r = pair * slope_by_r[n];
      if constexpr (cores) by_r -= qi * core.own_slope_by_r[n] + qj * core.other_slope_by_r[n];
      const Real fx = dx * by_r, fy = dy * by_r, fz = dz * by_r;
      row.force[0] += fx, row.force[1] += fy, row.force[2] += fz;
      if constexpr (half) f(j, 0) -= fx, f(j, 1) -= fy, f(j, 2) -= fz;
      if constexpr (!tallies) return;
      row.potential += (qj - lj) * gamma[n];
      if constexpr (shadow) row.lagging += lj * gamma[n];
      if constexpr (half) {
        if (tally.potential) mu(j) += (qi - li) * gamma[n];
        if (tally.atom_energy) e(j) += Real(0.5) * -pair * gamma[n];
      }
      if constexpr (cores) {
        row.core += core.own[n];
        if constexpr (half) {
          row.core_energy_of_others += qj * core.other[n];
          if (tally.potential) mu(j) += core.other[n];
          if (tally.atom_energy) e(j) += qj * core.other[n];
        }
      }
      if (!tally.virial) return;
      const Real v[6] = {dx * fx, dy * fy, dz * fz, dx * fy, dx * fz, dy * fz};
      for (int m = 0; m < 6; m++) {
        row.virial[m] += v[m];
        if constexpr (half)
          if (tally.atom_virial) w(j, m) += Real(0.5) * v[m];
      }
    });

    team.once([&]() {
      for (int c = 0; c < 3; c++) f(i, c) += atom.force[c];
      if constexpr (!tallies) return;
      auto self = coulomb.self_energy(mine.element, qi);
      if (shift) {
        self.value += static_cast<Real>(shift[i]) * qi;
        self.value -= static_cast<Real>(shift[i]) * coulomb.charge[mine.element].environment_charge;
        self.derivative += static_cast<Real>(shift[i]);
      }
      if (hardness) {
        const Real slope = static_cast<Real>(hardness[i]) * qi;
        self.value += Real(0.5) * slope * qi;
        self.derivative += slope;
      }
      if constexpr (cores) {
        self.value += qi * static_cast<Real>(atom.core);
        self.derivative += static_cast<Real>(atom.core);
        sum.self += atom.core_energy_of_others;
      }
      const Real share = Real(half ? 1 : 0.5);                              // of the row in the energy of all pairs
      const Sum energy = qi * atom.potential + (qi - li) * atom.lagging;    // q_i (q_j - l_j) + (q_i - l_i) l_j
      sum.pair += share * energy;
      sum.self += self.value;
      for (int m = 0; m < 6; m++) sum.virial[m] += share * atom.virial[m];
      if (tally.atom_energy) e(i) += Real(0.5) * energy + self.value;
      if (tally.potential) mu(i) += atom.potential + self.derivative;
      if (tally.atom_virial)
        for (int m = 0; m < 6; m++) w(i, m) += Real(0.5) * atom.virial[m];
    });
  }
};

}    // namespace rfmeam

#endif
