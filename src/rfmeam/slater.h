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

/// Terms of the polynomials P and Q.
constexpr int num_slater_terms = 8, num_other_slater_terms = 2;

/// The integrals of a pair of elements i and j, as seen from i.
template <class Real> struct SlaterPair {
  Real own_decay = 0, other_decay = 0;                   ///< 2 zeta_i, 2 zeta_j, 1/Å
  Real decay = 0;                                        ///< a, 1/Å; b is 2 zeta_j
  Real polynomial[num_slater_terms] = {};                ///< of P, 1/Å^n
  Real other_polynomial[num_other_slater_terms] = {};    ///< of Q, 1/Å^n
  Real own_core = 0, other_core = 0;                     ///< Z_i, Z_j, e
  /// of what the core of j does to chi_i, and that of i to chi_j, at the cutoff
  Real own_value_at_cutoff = 0, own_slope_at_cutoff = 0, other_value_at_cutoff = 0, other_slope_at_cutoff = 0;

  template <class Visit, class... Same> static void for_each_field(const Visit &visit, Same &...p)
  {
    visit(Field{"", "own_decay", "1/Å", 0}, p.own_decay...);
    visit(Field{"", "other_decay", "1/Å", 0}, p.other_decay...);
    visit(Field{"", "decay", "1/Å", 0}, p.decay...);
    for (int n = 0; n < num_slater_terms; n++) visit(Field{"", "polynomial", "1/Å^n", 0}, p.polynomial[n]...);
    for (int n = 0; n < num_other_slater_terms; n++)
      visit(Field{"", "other_polynomial", "1/Å^n", 0}, p.other_polynomial[n]...);
    visit(Field{"", "own_core", "e", 0}, p.own_core...);
    visit(Field{"", "other_core", "e", 0}, p.other_core...);
    visit(Field{"", "own_value_at_cutoff", "eV/e", 1}, p.own_value_at_cutoff...);
    visit(Field{"", "own_slope_at_cutoff", "eV/e/Å", 1}, p.own_slope_at_cutoff...);
    visit(Field{"", "other_value_at_cutoff", "eV/e", 1}, p.other_value_at_cutoff...);
    visit(Field{"", "other_slope_at_cutoff", "eV/e/Å", 1}, p.other_slope_at_cutoff...);
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
  s.other_polynomial[0] = (i_sq - Real(3) * j_sq) * i_sq * i_sq * inverse_cube;
  s.other_polynomial[1] = zeta_j * i_sq * i_sq * inverse_sq;
  return s;
}

// ---- the integrals

/// exp(-c r) S(r) - S(0) of a polynomial S, and its derivative; small at small r, without cancellation.
template <class Real, int terms>
RFMEAM_FUNCTION ValueDerivative<Real> decaying_polynomial(const DecayingExponential<Real> &e, Real c,
                                                          const Real (&s)[terms], Real r)
{
  Real rest = s[terms - 1], slope = Real(0);    // (S - S(0))/r and its derivative
#if defined(__GNUC__) && !defined(__CUDACC__)
#pragma GCC unroll 16
#endif
  for (int n = terms - 2; n > 0; n--) {
    slope = slope * r + rest;
    rest = rest * r + s[n];
  }
  const Real whole = rest * r;
  return {s[0] * e.minus_one + whole * e.value, e.value * (rest + slope * r - c * (s[0] + whole))};
}

/// 1 - r [f_i|f_j]: what two densities lack of two point charges.
template <class Real> struct SlaterIntegrals {
  ValueDerivative<Real> missing_minus_one;    ///< minus 1
  const SlaterPair<Real> &pair;
  Real r, inverse_r;

  RFMEAM_FUNCTION SlaterIntegrals(const SlaterPair<Real> &s, Real r_) : pair(s), r(r_), inverse_r(Real(1) / r_)
  {
    const auto first = decaying_polynomial(DecayingExponential<Real>(-s.decay * r), s.decay, s.polynomial, r);
    const auto second =
        decaying_polynomial(DecayingExponential<Real>(-s.other_decay * r), s.other_decay, s.other_polynomial, r);
    missing_minus_one = {first.value + second.value, first.derivative + second.derivative};
  }
  /// [f_i|f_j], 1/Å
  RFMEAM_FUNCTION ValueDerivative<Real> densities() const
  {
    const Real value = -missing_minus_one.value * inverse_r;
    return {value, (-missing_minus_one.derivative - value) * inverse_r};
  }
  /// Z ([j|f_i] - [f_i|f_j]), e/Å, with the Z of atom j and 2 zeta of atom i, or the other way around.
  RFMEAM_FUNCTION ValueDerivative<Real> core(Real charge, Real twice_zeta) const
  {
    const Real line[2] = {Real(1), Real(0.5) * twice_zeta};
    const auto own = decaying_polynomial(DecayingExponential<Real>(-twice_zeta * r), twice_zeta, line, r);
    const Real value = (missing_minus_one.value - own.value) * inverse_r;
    return {charge * value, charge * (missing_minus_one.derivative - own.derivative - value) * inverse_r};
  }
};

}    // namespace rfmeam

#endif
