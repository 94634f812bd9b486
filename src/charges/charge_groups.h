// Charge equilibration: groups of unknowns, each with a total of its own or at a potential. SPDX-License-Identifier:
// GPL-2.0-only
#ifndef RFMEAM_CHARGES_CHARGE_GROUPS_H
#define RFMEAM_CHARGES_CHARGE_GROUPS_H

#include "../rfmeam/config.h"

namespace rfmeam {

constexpr int max_groups = 8;

/// Unknowns with a common chemical potential mu = dE/dq: the one that goes with their total charge, or, held at a
/// potential, a given one; then charge flows to and from a source outside.
struct ChargeGroup {
  int bit = 0;           ///< of its atoms in their masks
  bool held = false;     ///< at a potential
  double value = 0.0;    ///< total charge, e; held: mu, energy/e
};

/// The groups that share the unknowns among them: each unknown is in one.
struct ChargeGroups {
  int count = 0;
  ChargeGroup group[max_groups];
  /// Whether those at a potential have a total together (e): then charge flows among them only, and mu is their
  /// potential plus a level, common to all of them, that goes with the total.
  bool share_total = false;
  double shared_total = 0.0;

  /// Whether all unknowns have one total, so that nothing need be known of groups.
  [[nodiscard]] bool is_one_total() const { return count == 1 && !group[0].held; }
  [[nodiscard]] bool any_held() const
  {
    for (int g = 0; g < count; g++)
      if (group[g].held) return true;
    return false;
  }
  /// The group of an atom with this mask, the first of several; -1: none.
  RFMEAM_FUNCTION int of(int mask) const
  {
    for (int g = 0; g < count; g++)
      if (mask & group[g].bit) return g;
    return -1;
  }
  /// The groups whose sums are constrained or free: those that share a total are one, with that total.
  [[nodiscard]] ChargeGroups constraints() const
  {
    if (!share_total) return *this;
    ChargeGroups result;
    int shared = -1;
    for (int g = 0; g < count; g++) {
      if (group[g].held && shared >= 0) {
        result.group[shared].bit |= group[g].bit;
        continue;
      }
      if (group[g].held) shared = result.count;
      result.group[result.count++] = group[g].held ? ChargeGroup{group[g].bit, false, shared_total} : group[g];
    }
    return result;
  }
  /// mu of each group from that of each of the constraints(), in place: where a total is shared, from the level.
  void potentials_from_constraints(double *mu) const
  {
    if (!share_total) return;
    double of_constraint[max_groups];
    for (int g = 0; g < max_groups; g++) of_constraint[g] = mu[g];
    int shared = -1, next = 0;
    for (int g = 0; g < count; g++) {
      if (group[g].held && shared < 0) shared = next++;
      mu[g] = group[g].held ? group[g].value + of_constraint[shared] : of_constraint[next++];
    }
  }
  /// How many groups an atom with this mask is in.
  RFMEAM_FUNCTION int times(int mask) const
  {
    int times = 0;
    for (int g = 0; g < count; g++)
      if (mask & group[g].bit) times++;
    return times;
  }
  /// mu of the source of a group, 0 where there is none.
  RFMEAM_FUNCTION double potential(int g) const { return g >= 0 && group[g].held ? group[g].value : 0.0; }
};

inline ChargeGroups one_total(int bit, double total)
{
  ChargeGroups groups;
  groups.count = 1;
  groups.group[0] = {bit, false, total};
  return groups;
}

// ---- which group an unknown is in, as the solvers ask: compiled for one group, in which nothing is looked up, and for
// several

struct OneGroup {
  static constexpr int size = 1;
  RFMEAM_FUNCTION int of(int) const { return 0; }
};
struct SeveralGroups {
  static constexpr int size = max_groups;
  const int *group;    ///< of each unknown, by owned index
  RFMEAM_FUNCTION int of(int i) const { return group[i]; }
};

/// A number of each group.
template <int size> struct OfGroups {
  double at[size] = {};

  RFMEAM_FUNCTION OfGroups &operator+=(const OfGroups &o)
  {
    for (int g = 0; g < size; g++) at[g] += o.at[g];
    return *this;
  }
  OfGroups operator-(const OfGroups &o) const
  {
    OfGroups difference;
    for (int g = 0; g < size; g++) difference.at[g] = at[g] - o.at[g];
    return difference;
  }
};

}    // namespace rfmeam

#endif
