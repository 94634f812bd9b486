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
