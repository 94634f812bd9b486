// Charge equilibration: a shorter neighbour list, within that of a style. SPDX-License-Identifier: GPL-2.0-only
//
// Lists reach beyond the cutoff by the skin, so that they last for many steps: with 2 Å beyond 10 Å, two of five pairs
// that are looked at are none. Those within a margin of the cutoff stay the ones that matter until an atom has gone
// half of it.
#ifndef RFMEAM_CHARGES_INNER_LIST_H
#define RFMEAM_CHARGES_INNER_LIST_H

#include "build_rows.h"
#include "space.h"

namespace rfmeam {

/// Counts the atoms that have gone farther than a distance, or are none of the same element; a NaN has gone.
template <class Real> struct CountGone {
  const Site<Real> *now, *then;
  double distance_sq;
  RFMEAM_FUNCTION void operator()(int i, double &gone) const
  {
    const Site<Real> a = now[i], b = then[i];
    const double dx = a.x - b.x, dy = a.y - b.y, dz = a.z - b.z;
    if (!(dx * dx + dy * dy + dz * dz <= distance_sq) || a.element != b.element) gone += 1.0;
  }
};

/// The neighbours of an atom that are nearer than a cutoff, in the order of their list. There is room for all.
template <class Real, class Neighbours> struct BuildInnerRow {
  Neighbours neighbours;
  const Site<Real> *site;
  Real cutoff_sq;
  const long long *first;
  int *count, *index;

  RFMEAM_FUNCTION void operator()(int ii) const
  {
    constexpr int chunk = 512;
    const int i = neighbours.atom(ii), listed = neighbours.count(i);
    const Site<Real> mine = site[i];
    int found = 0;
    for (int before = 0; mine.element >= 0 && before < listed; before += chunk) {
      int unused[chunk + row_padding];
      Real rsq[chunk + row_padding];
      found += near_listed_sites<chunk>(mine, cutoff_sq, neighbours, i, before, site,
                                        {index + first[i] + found, unused, rsq});
    }
    count[i] = found;
  }
};

/// What InnerList has found, as a list of neighbours.
template <class Neighbours> struct InnerNeighbours {
  Neighbours outer;
  const long long *first;
  const int *counts, *index;
  int num = outer.num;

  RFMEAM_FUNCTION int atom(int ii) const { return outer.atom(ii); }
  RFMEAM_FUNCTION int count(int i) const { return counts[i]; }
  RFMEAM_FUNCTION const int *list(int i) const { return index + first[i]; }
  static constexpr int index_bits = ~0;
};

/// On hosts.
template <class Space, class Real> class InnerList {
 public:
  /// The list has changed.
  void forget() { known = given_up = false; }

  /// Whether find() is worth while: not where atoms are so fast that what was found lasted for a few steps only. site:
  /// of all owned and ghost atoms.
  bool is_worth_while(Space &space, const Site<Real> *site, int num_all)
  {
    if (given_up) return false;
    if (known &&
        space.template local_sum<double>("charges:inner", num_all,
                                         CountGone<Real>{site, found_at.data(), margin * margin / 4.0}) > 0.0) {
      known = false;
      given_up = uses < fewest_uses;
    }
    return !given_up;
  }

  /// Neighbours of the list within the cutoff, and some that are a bit farther away.
  template <class Neighbours>
  InnerNeighbours<Neighbours> find(Space &space, Real cutoff, const Neighbours &neighbours, const Site<Real> *site,
                                   int num_owned, int num_all)
  {
    if (!known) {
      for (auto *array : {&room, &count}) array->reserve(num_owned);
      first.reserve(num_owned);
      space.for_each("charges:inner", num_owned, Fill<int>{room.data(), 0});
      space.for_each("charges:inner", num_owned, Fill<int>{count.data(), 0});
      space.for_each("charges:inner", neighbours.num, RoomForList<Neighbours>{neighbours, room.data()});
      index.reserve(space.template scan<long long>("charges:inner", num_owned, FirstOfRow{room.data(), first.data()}));
      found_at.reserve(num_all);
      space.for_each("charges:inner", num_all, CopyElement<Site<Real>, Site<Real>>{site, found_at.data()});
      const Real reach = cutoff + Real(margin);
      space.for_each(
          "charges:inner", neighbours.num,
          BuildInnerRow<Real, Neighbours>{neighbours, site, reach * reach, first.data(), count.data(), index.data()});
      known = true;
      uses = 0;
    }
    uses++;
    return {neighbours, first.data(), count.data(), index.data()};
  }

  [[nodiscard]] double bytes() const
  {
    return first.bytes() + room.bytes() + count.bytes() + index.bytes() + found_at.bytes();
  }

 private:
  static constexpr double margin = 0.5;    // Å
  static constexpr int fewest_uses = 4;    // that save as much as it costs to find them
  bool known = false, given_up = false;
  int uses = 0;
  typename Space::template Array<long long> first;
  typename Space::template Array<int> room, count, index;
  typename Space::template Array<Site<Real>> found_at;
};

}    // namespace rfmeam

#endif
