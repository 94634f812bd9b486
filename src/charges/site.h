// Charge equilibration: the atoms. SPDX-License-Identifier: GPL-2.0-only
#ifndef RFMEAM_CHARGES_SITE_H
#define RFMEAM_CHARGES_SITE_H

#include "../rfmeam/config.h"

namespace rfmeam {

/// Where an atom is (Å), and its element; -1: not there for this potential.
template <class Real> struct Site {
  Real x, y, z;
  int element;
};

/// The atoms of this rank, in memory of the Space: owned ones, then ghosts. x has three numbers an atom (Å).
/// element_of_type: -1 for types that are none of the potential's. present: atoms of which the mask lacks this bit
/// are not there at all.
template <class Real> struct AtomData {
  int num_owned, num_all;
  const Real *x;
  const int *type, *mask, *element_of_type;
  int present;

  RFMEAM_FUNCTION Site<Real> site(int i) const
  {
    return {x[3 * i], x[3 * i + 1], x[3 * i + 2], mask[i] & present ? element_of_type[type[i]] : -1};
  }
};

template <class Real> struct SetSite {
  AtomData<Real> atoms;
  Site<Real> *site;
  RFMEAM_FUNCTION void operator()(int i) const { site[i] = atoms.site(i); }
};

/// Counts the atoms that are not what and where they were; a NaN has moved.
template <class Real> struct CountMoved {
  AtomData<Real> atoms;
  const Site<Real> *site;
  RFMEAM_FUNCTION void operator()(int i, double &moved) const
  {
    const Site<Real> now = atoms.site(i), then = site[i];
    if (!(now.x == then.x && now.y == then.y && now.z == then.z && now.element == then.element)) moved += 1.0;
  }
};

}    // namespace rfmeam

#endif
