// Charge equilibration: which neighbours of an atom are within the cutoff. SPDX-License-Identifier: GPL-2.0-only
#ifndef RFMEAM_CHARGES_NEAR_SITES_H
#define RFMEAM_CHARGES_NEAR_SITES_H

#include "site.h"

namespace rfmeam {

/// Neighbours of an atom, in the order of its list: squared distances in Å^2.
template <class Real> struct NearSites {
  int *atom, *element;
  Real *rsq;
};

/// A part of the list of an atom; bits: of which an index consists, the others of the numbers say something else.
struct ListedSites {
  int count;
  const int *index;
  int bits;
};

/// Those of the listed ones from the first on that are there and nearer than the cutoff, or at no distance that can be
/// compared: into `nearby` from place n on; how many there are then.
template <class Real>
RFMEAM_FUNCTION int append_near_sites(const Site<Real> &mine, Real cutoff_sq, const ListedSites &listed, int first,
                                      const Site<Real> *site, const NearSites<Real> &nearby, int n)
{
  for (int m = first; m < listed.count; m++) {
    const int j = listed.index[m] & listed.bits;
    const Site<Real> other = site[j];
    const Real dx = mine.x - other.x, dy = mine.y - other.y, dz = mine.z - other.z;
    const Real r_sq = dx * dx + dy * dy + dz * dz;
    nearby.atom[n] = j, nearby.element[n] = other.element, nearby.rsq[n] = r_sq;
    n += !(r_sq >= cutoff_sq) & (other.element >= 0);    // no branch: what is left out will be overwritten
  }
  return n;
}

/// All of them, on the host: by whole vectors, if the processor can sort out their elements. `nearby` has room for a
/// vector more than are listed.
int near_sites_on_host(const Site<double> &mine, double cutoff_sq, const ListedSites &listed, const Site<double> *site,
                       const NearSites<double> &nearby);

/// The same wherever it is called from.
template <class Real>
RFMEAM_FUNCTION int near_sites(const Site<Real> &mine, Real cutoff_sq, const ListedSites &listed,
                               const Site<Real> *site, const NearSites<Real> &nearby)
{
#if !RFMEAM_ON_DEVICE
  if constexpr (sizeof(Real) == sizeof(double)) return near_sites_on_host(mine, cutoff_sq, listed, site, nearby);
#endif
  return append_near_sites(mine, cutoff_sq, listed, 0, site, nearby, 0);
}

}    // namespace rfmeam

#endif
