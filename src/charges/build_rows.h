// Charge equilibration: rows of the charge matrix from a neighbour list. SPDX-License-Identifier: GPL-2.0-only
#ifndef RFMEAM_CHARGES_BUILD_ROWS_H
#define RFMEAM_CHARGES_BUILD_ROWS_H

#include "near_sites.h"
#include "pair_rows.h"

namespace rfmeam {

/// Room for all neighbours in the list; atoms that the list leaves out have none.
template <class Neighbours> struct RoomForList {
  Neighbours neighbours;
  int *room;
  RFMEAM_FUNCTION void operator()(int ii) const
  {
    const int i = neighbours.atom(ii);
    room[i] = neighbours.count(i) + row_padding;
  }
};

/// Room for as many as are within the cutoff, and some that come in from the skin.
struct RoomForCount {
  const int *count;
  int *room;
  RFMEAM_FUNCTION void operator()(int i) const { room[i] = count[i] + count[i] / 32 + 2 * row_padding; }
};

struct FirstOfRow {
  const int *room;
  long long *first;
  RFMEAM_FUNCTION void operator()(int i, long long &place, bool final) const
  {
    if (final) first[i] = place;
    place += room[i];
  }
};

struct CountOverflow {
  const int *count, *room;
  RFMEAM_FUNCTION void operator()(int i, double &sum) const
  {
    if (count[i] > 0 && count[i] + row_padding > room[i]) sum += 1.0;
  }
};

/// Those among the neighbours of atom i from number `before` on, at most a chunk of them, that are within the cutoff:
/// see near_sites().
template <int chunk, class Real, class Neighbours>
RFMEAM_FUNCTION int near_listed_sites(const Site<Real> &mine, Real cutoff_sq, const Neighbours &neighbours, int i,
                                      int before, const Site<Real> *site, const NearSites<Real> &nearby)
{
  const int rest = neighbours.count(i) - before, here = rest < chunk ? rest : chunk;
  if constexpr (requires { neighbours.list(i); })
    return near_sites(mine, cutoff_sq, {here, neighbours.list(i) + before, Neighbours::index_bits}, site, nearby);
  else {
    int index[chunk];
    for (int m = 0; m < here; m++) index[m] = neighbours.neighbour(i, before + m);
    return near_sites(mine, cutoff_sq, {here, index, ~0}, site, nearby);
  }
}

/// One row: the neighbours within the cutoff, chunk by chunk, so that loops over them vectorise on a host, and threads
/// of a device work side by side with chunks of one. What finds no room is counted only.
template <int chunk, class Real, class Neighbours> struct BuildRow {
  CoulombView<Real> coulomb;
  Neighbours neighbours;
  const Site<Real> *site;
  const long long *first;
  const int *room;
  int *count, *column;
  Real *gamma, *slope_by_r;
  CorePairs<Real> cores;

  template <class Team> RFMEAM_FUNCTION void operator()(const Team &team, int ii) const
  {
    const int i = neighbours.atom(ii), listed = neighbours.count(i);
    const Site<Real> mine = site[i];
    const Real cutoff_sq = coulomb.cutoff * coulomb.cutoff;
    const long long begin = first[i];
    const int last = room[i] - row_padding;
    int found = 0;
    if constexpr (chunk > 1) prefetch_for_writing(column + begin, gamma + begin, slope_by_r + begin, room[i]);
    if (mine.element >= 0)
      found = team.scan((listed + chunk - 1) / chunk, [&](int part, int &place, bool final) {
        constexpr int padding = chunk > 1 ? row_padding : 0;
        int atom[chunk + padding], element[chunk + padding];
        Real rsq[chunk + padding];
        const int before = part * chunk;
        const NearSites<Real> nearby = {atom, element, rsq};
        const int n = near_listed_sites<chunk>(mine, cutoff_sq, neighbours, i, before, site, nearby);
        if (final && place + n <= last) {
          int whole = n;    // vectors
          if constexpr (padding > 0)
            for (; whole % padding != 0; whole++) element[whole] = 0, rsq[whole] = cutoff_sq;
          for (int m = 0; m < n; m++) column[begin + place + m] = atom[m];
          evaluate_gamma(coulomb, mine.element, whole, element, rsq, gamma + begin + place, slope_by_r + begin + place,
                         cores.from(begin + place));
        }
        place += n;
      });
    team.once([&]() { count[i] = found; });
  }
};

}    // namespace rfmeam

#endif
