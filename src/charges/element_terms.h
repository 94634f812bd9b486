// Charge equilibration: the energy of each atom's own charge. SPDX-License-Identifier: GPL-2.0-only
#ifndef RFMEAM_CHARGES_ELEMENT_TERMS_H
#define RFMEAM_CHARGES_ELEMENT_TERMS_H

#include "../rfmeam/coulomb.h"
#include "charge_term.h"
#include "site.h"

namespace rfmeam {

// ---- derivatives of the energy of an atom of element e with charge q (e), in double in every precision

/// chi + J q
struct ElementSlope {
  template <class Real> RFMEAM_FUNCTION static double of(const CoulombView<Real> &coulomb, int e, double q)
  {
    return static_cast<double>(coulomb.charge[e].electronegativity) +
        static_cast<double>(coulomb.charge[e].hardness) * q;
  }
};
/// J
struct ElementHardness {
  template <class Real> RFMEAM_FUNCTION static double of(const CoulombView<Real> &coulomb, int e, double)
  {
    return static_cast<double>(coulomb.charge[e].hardness);
  }
};
/// Slope of the walls.
struct WallSlope {
  template <class Real> RFMEAM_FUNCTION static double of(const CoulombView<Real> &coulomb, int e, double q)
  {
    return coulomb.has_wall(e) ? coulomb.wall(e, q).derivative : 0.0;
  }
};
/// Second derivative of the walls.
struct WallHardness {
  template <class Real> RFMEAM_FUNCTION static double of(const CoulombView<Real> &coulomb, int e, double q)
  {
    return coulomb.has_wall(e) ? coulomb.wall(e, q).second_derivative : 0.0;
  }
};

/// out += one of them.
template <class Derivative, class Real> struct AddOfElement {
  CoulombView<Real> coulomb;
  const Site<Real> *site;
  const double *q;
  double *out;
  RFMEAM_FUNCTION void operator()(int i) const
  {
    const int element = site[i].element;
    if (element >= 0) out[i] += Derivative::of(coulomb, element, q[i]);
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

/// A sum over atoms of functions of their own charges, with these derivatives.
template <class Space, class Real, class Slope, class Hardness, bool quadratic>
class OwnChargeTerm : public ChargeTerm<Space> {
 public:
  using typename ChargeTerm<Space>::Vector;

  CoulombView<Real> coulomb;
  const Site<Real> *site = nullptr;
  int num_owned = 0;

  [[nodiscard]] bool is_quadratic() const override { return quadratic; }
  void add_gradient(Space &space, Vector &q, Vector &out) override
  {
    space.for_each("charges:own", num_owned, AddOfElement<Slope, Real>{coulomb, site, q.data(), out.data()});
  }
  void add_diagonal(Space &space, Vector &q, Vector &out) override
  {
    space.for_each("charges:own", num_owned, AddOfElement<Hardness, Real>{coulomb, site, q.data(), out.data()});
  }
};

/// sum_i (E0 + chi q_i + J q_i^2/2): electronegativity and hardness of the elements.
template <class Space, class Real> using ElementTerm = OwnChargeTerm<Space, Real, ElementSlope, ElementHardness, true>;

/// The walls of the elements, see rfmeam/charge_wall.h.
template <class Space, class Real> using WallTerm = OwnChargeTerm<Space, Real, WallSlope, WallHardness, false>;

}    // namespace rfmeam

#endif
