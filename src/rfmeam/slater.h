// RF-MEAM physics library: Coulomb integrals of 1s Slater densities. SPDX-License-Identifier: GPL-2.0-only
//
// F. H. Streitz and J. W. Mintmire, Phys. Rev. B 50, 11996 (1994): the charge of an atom is a core Z_i at its site and
// the density (q_i - Z_i) f_i, f_i(r) = zeta_i^3/pi exp(-2 zeta_i r). In units of k_e (e = 1, Å):
//   [j|f_i](r)   = (1 - (1 + zeta_i r) exp(-2 zeta_i r))/r               a core and a density
//   [f_i|f_j](r) = (1 - exp(-a r) P(r) - exp(-b r) Q(r))/r               two densities
// With zeta_i = zeta_j, a = 2 zeta, P has the degree 3 and Q is 0; else a = 2 zeta_i, b = 2 zeta_j, and both have the
// degree 1, but coefficients that grow as 1/(zeta_i - zeta_j)^3. So close to equality P is a series in
// (zeta_i - zeta_j)^2 instead.
#ifndef RFMEAM_SLATER_H
#define RFMEAM_SLATER_H

#include "error_function.h"
#include "parameters.h"

namespace rfmeam {

/// Terms of the polynomial P.
constexpr int num_slater_terms = 8;

/// The integrals of a pair of elements i and j, as seen from i. Kernels take references to whole structs only, so that
/// compilers can gather their numbers for several pairs at a time.
template <class Real> struct SlaterPair {
  Real own_decay = 0, other_decay = 0;                ///< 2 zeta_i, 2 zeta_j, 1/Å
  Real decay = 0;                                     ///< a, 1/Å; b is 2 zeta_j
  Real polynomial[num_slater_terms] = {};             ///< of P, 1/Å^n
  Real other_constant = 0, other_linear = 0;          ///< of Q, -, 1/Å
  Real own_core = 0, other_core = 0;                  ///< Z_i, Z_j, e
  Real own_core_value = 0, own_core_slope = 0;        ///< of what the core of j does to chi_i, at the cutoff
  Real other_core_value = 0, other_core_slope = 0;    ///< the same of i and chi_j

  template <class Visit, class... Same> static void for_each_field(const Visit &visit, Same &...p)
  {
    visit(Field{"", "own_decay", "1/Å", 0}, p.own_decay...);
    visit(Field{"", "other_decay", "1/Å", 0}, p.other_decay...);
    visit(Field{"", "decay", "1/Å", 0}, p.decay...);
    for (int n = 0; n < num_slater_terms; n++) visit(Field{"", "polynomial", "1/Å^n", 0}, p.polynomial[n]...);
    visit(Field{"", "other_constant", "", 0}, p.other_constant...);
    visit(Field{"", "other_linear", "1/Å", 0}, p.other_linear...);
    visit(Field{"", "own_core", "e", 0}, p.own_core...);
    visit(Field{"", "other_core", "e", 0}, p.other_core...);
    visit(Field{"", "own_core_value", "eV/e", 1}, p.own_core_value...);
    visit(Field{"", "own_core_slope", "eV/e/Å", 1}, p.own_core_slope...);
    visit(Field{"", "other_core_value", "eV/e", 1}, p.other_core_value...);
    visit(Field{"", "other_core_slope", "eV/e/Å", 1}, p.other_core_slope...);
  }
};

// ---- the polynomials

/// Adds weight Q_p(a r) to a polynomial in r: exp(-x) Q_p(x), x = a r, is what is missing in the interaction of
/// densities whose product is (a^2/(a^2 + k^2))^p in reciprocal space. Q_1 = 1, and from the derivative by a^2 of that
/// power Q_{p+1} = Q_p + x (Q_p - Q_p')/(2p).
template <class Real> void add_power_of_lorentzian(SlaterPair<Real> &s, int power, Real weight)
{
  double q[num_slater_terms] = {1.0};
  for (int p = 1; p < power; p++)
    for (int n = p; n > 0; n--) q[n] += (q[n - 1] - n * q[n]) / (2.0 * p);
  Real scale = weight;
  for (int n = 0; n < num_slater_terms; n++) {
    s.polynomial[n] += scale * Real(q[n]);
    scale *= s.decay;
  }
}

/// The integrals of two exponents zeta_i, zeta_j (1/Å).
template <class Real> SlaterPair<Real> slater_pair(Real zeta_i, Real zeta_j)
{
  // where the series is cut off and the cancellation of the closed form cost about the same: 1e-10 of the value at most
  constexpr double nearly_equal = 0.01;
  SlaterPair<Real> s;
  s.own_decay = Real(2) * zeta_i, s.other_decay = Real(2) * zeta_j;
  const Real sum = zeta_i + zeta_j, difference = zeta_i - zeta_j, i_sq = zeta_i * zeta_i, j_sq = zeta_j * zeta_j;
  const double tau = double(difference) / double(sum);
  if (tau * tau < nearly_equal * nearly_equal) {
    // (A B)^2/((m + k^2)^2 - d^2)^2 with A = 4 zeta_i^2, B = 4 zeta_j^2, m, d = (A +- B)/2, in powers of t^2 = (d/m)^2
    const Real t = (i_sq - j_sq) / (i_sq + j_sq), t_sq = t * t, first = (Real(1) - t_sq) * (Real(1) - t_sq);
    s.decay = sqrt(Real(2) * (i_sq + j_sq));
    add_power_of_lorentzian(s, 4, first);
    add_power_of_lorentzian(s, 6, Real(2) * first * t_sq);
    add_power_of_lorentzian(s, 8, Real(1) - first * (Real(1) + Real(2) * t_sq));    // and the rest of the charge
    return s;
  }
  const Real product = sum * difference, inverse_sq = Real(1) / (product * product);
  const Real inverse_cube = inverse_sq / product;
  s.decay = s.own_decay;
  s.polynomial[0] = (Real(3) * i_sq - j_sq) * j_sq * j_sq * inverse_cube;
  s.polynomial[1] = zeta_i * j_sq * j_sq * inverse_sq;
  s.other_constant = (i_sq - Real(3) * j_sq) * i_sq * i_sq * inverse_cube;
  s.other_linear = zeta_j * i_sq * i_sq * inverse_sq;
  return s;
}

// ---- the integrals

/// P from the term `first` on, divided by r^first, and its derivative. Not a loop: those hinder the vectorisation of
/// loops around them.
template <int first, class Real>
RFMEAM_FUNCTION ValueDerivative<Real> polynomial_from(const SlaterPair<Real> &s, Real r)
{
  if constexpr (first + 1 < num_slater_terms) {
    const ValueDerivative<Real> rest = polynomial_from<first + 1>(s, r);
    return {rest.value * r + s.polynomial[first], rest.derivative * r + rest.value};
  } else
    return {s.polynomial[first], Real(0)};
}

/// exp(-c r) (S + r R(r)) - S, and its derivative; small at small r, without cancellation.
template <class Real>
RFMEAM_FUNCTION ValueDerivative<Real> decaying(Real c, Real constant, const ValueDerivative<Real> &rest, Real r)
{
  const DecayingExponential<Real> e(-c * r);
  const Real whole = rest.value * r;
  return {constant * e.minus_one + whole * e.value,
          e.value * (rest.value + rest.derivative * r - c * (constant + whole))};
}

/// r [f_i|f_j] of two densities, and of a core and a density.
template <class Real> struct SlaterIntegrals {
  ValueDerivative<Real> missing;    ///< r [f_i|f_j] with the other sign
  Real r, inverse_r;

  RFMEAM_FUNCTION SlaterIntegrals(const SlaterPair<Real> &s, Real r_) : r(r_), inverse_r(Real(1) / r_)
  {
    const ValueDerivative<Real> first = decaying(s.decay, s.polynomial[0], polynomial_from<1>(s, r), r);
    const ValueDerivative<Real> linear = {s.other_linear, Real(0)};
    const ValueDerivative<Real> second = decaying(s.other_decay, s.other_constant, linear, r);
    missing = {first.value + second.value, first.derivative + second.derivative};
  }
  /// [f_i|f_j], 1/Å
  RFMEAM_FUNCTION ValueDerivative<Real> densities() const
  {
    const Real value = -missing.value * inverse_r;
    return {value, (-missing.derivative - value) * inverse_r};
  }
  /// Z ([j|f_i] - [f_i|f_j]), e/Å, with the Z of atom j and 2 zeta of atom i, or the other way around.
  RFMEAM_FUNCTION ValueDerivative<Real> core(Real charge, Real twice_zeta) const
  {
    const ValueDerivative<Real> linear = {Real(0.5) * twice_zeta, Real(0)};
    const ValueDerivative<Real> own = decaying(twice_zeta, Real(1), linear, r);
    const Real value = (missing.value - own.value) * inverse_r;
    return {charge * value, charge * (missing.derivative - own.derivative - value) * inverse_r};
  }
};

}    // namespace rfmeam

#endif
