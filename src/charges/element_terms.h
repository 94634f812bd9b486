// Charge equilibration: the energy of each atom's own charge. SPDX-License-Identifier: GPL-2.0-only
#ifndef RFMEAM_CHARGES_ELEMENT_TERMS_H
#define RFMEAM_CHARGES_ELEMENT_TERMS_H

#include "charge_term.h"
#include "pair_matrix.h"

namespace rfmeam {

/// out += chi + J q
template <class Real> struct ElementGradient {
  CoulombView<Real> coulomb;
  const Site<Real> *site;
  const double *q;
  double *out;
  RFMEAM_FUNCTION void operator()(int i) const
  {
    const int element = site[i].element;
    if (element < 0) return;
    const ChargeParameters<Real> &c = coulomb.charge[element];
    out[i] += static_cast<double>(c.electronegativity) + static_cast<double>(c.hardness) * q[i];
  }
};

/// out += J
template <class Real> struct ElementDiagonal {
  CoulombView<Real> coulomb;
  const Site<Real> *site;
  double *out;
  RFMEAM_FUNCTION void operator()(int i) const
  {
    if (site[i].element >= 0) out[i] += static_cast<double>(coulomb.charge[site[i].element].hardness);
  }
};

/// sum_i (E0 + chi q_i + J q_i^2/2): electronegativity and hardness of the elements.
template <class Space, class Real> class ElementTerm : public ChargeTerm<Space> {
 public:
  using typename ChargeTerm<Space>::Vector;

  CoulombView<Real> coulomb;
  const Site<Real> *site = nullptr;
  int num_owned = 0;

  void add_gradient(Space &space, Vector &q, Vector &out) override
  {
    space.for_each("charges:element", num_owned, ElementGradient<Real>{coulomb, site, q.data(), out.data()});
  }
  void add_diagonal(Space &space, Vector &, Vector &out) override
  {
    space.for_each("charges:element", num_owned, ElementDiagonal<Real>{coulomb, site, out.data()});
  }
};

}    // namespace rfmeam

#endif
