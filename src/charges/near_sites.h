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

/// Those of the neighbours first ... listed - 1 that are there and nearer than the cutoff, or at no distance that can
/// be compared: into `near` from place n on; how many there are then.
template <class Real>
RFMEAM_FUNCTION int append_near_sites(const Site<Real> &mine, Real cutoff_sq, int first, int listed,
                                      const int *neighbour, const Site<Real> *site, const NearSites<Real> &near, int n)
{
  for (int m = first; m < listed; m++) {
    const int j = neighbour[m];
    const Site<Real> other = site[j];
    const Real dx = mine.x - other.x, dy = mine.y - other.y, dz = mine.z - other.z;
    const Real r_sq = dx * dx + dy * dy + dz * dz;
    near.atom[n] = j, near.element[n] = other.element, near.rsq[n] = r_sq;
    n += !(r_sq >= cutoff_sq) & (other.element >= 0);    // no branch: what is left out will be overwritten
  }
  return n;
}

/// All of them, on the host: by whole vectors, if the processor can sort out their elements. `near` has room for a
/// vector more than are listed.
int near_sites_on_host(const Site<double> &mine, double cutoff_sq, int listed, const int *neighbour,
                       const Site<double> *site, const NearSites<double> &near);

/// The same wherever it is called from.
template <class Real>
RFMEAM_FUNCTION int near_sites(const Site<Real> &mine, Real cutoff_sq, int listed, const int *neighbour,
                               const Site<Real> *site, const NearSites<Real> &near)
{
#if !RFMEAM_ON_DEVICE
  if constexpr (sizeof(Real) == sizeof(double))
    return near_sites_on_host(mine, cutoff_sq, listed, neighbour, site, near);
#endif
  return append_near_sites(mine, cutoff_sq, 0, listed, neighbour, site, near, 0);
}

}    // namespace rfmeam

#endif
