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

/// out += dE/dq of the walls
template <class Real> struct WallGradient {
  CoulombView<Real> coulomb;
  const Site<Real> *site;
  const double *q;
  double *out;
  RFMEAM_FUNCTION void operator()(int i) const
  {
    const int element = site[i].element;
    if (element >= 0 && coulomb.has_wall(element)) out[i] += coulomb.wall(element, q[i]).derivative;
  }
};

/// out += d2E/dq2 of the walls
template <class Real> struct WallDiagonal {
  CoulombView<Real> coulomb;
  const Site<Real> *site;
  const double *q;
  double *out;
  RFMEAM_FUNCTION void operator()(int i) const
  {
    const int element = site[i].element;
    if (element >= 0 && coulomb.has_wall(element)) out[i] += coulomb.wall(element, q[i]).second_derivative;
  }
};

/// Counts the unknowns that are beyond a wall.
template <class Real> struct CountBeyondWall {
  CoulombView<Real> coulomb;
  const Site<Real> *site;
  const int *rows;
  const double *q;
  RFMEAM_FUNCTION void operator()(int row, double &count) const
  {
    const int i = rows[row];
    if (coulomb.beyond_wall(site[i].element, static_cast<Real>(q[i]))) count += 1.0;
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

/// The walls of the elements, see rfmeam/charge_wall.h.
template <class Space, class Real> class WallTerm : public ChargeTerm<Space> {
 public:
  using typename ChargeTerm<Space>::Vector;

  CoulombView<Real> coulomb;
  const Site<Real> *site = nullptr;
  int num_owned = 0;

  [[nodiscard]] bool is_quadratic() const override { return false; }
  void add_gradient(Space &space, Vector &q, Vector &out) override
  {
    space.for_each("charges:wall", num_owned, WallGradient<Real>{coulomb, site, q.data(), out.data()});
  }
  void add_diagonal(Space &space, Vector &q, Vector &out) override
  {
    space.for_each("charges:wall", num_owned, WallDiagonal<Real>{coulomb, site, q.data(), out.data()});
  }
};

}    // namespace rfmeam

#endif
