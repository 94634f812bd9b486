// RF-MEAM physics library: parameters of the model. SPDX-License-Identifier: GPL-2.0-only
//
// Units: length Å, energy eV, charge e (LAMMPS "metal"), or whatever Potential::scale_energy made of them.
// The structs are plain data, so that they can be copied to a device; potential.h holds the validated set.
#ifndef RFMEAM_PARAMETERS_H
#define RFMEAM_PARAMETERS_H

#include "config.h"

namespace rfmeam {

/// Partial densities run over l = 0..3.
constexpr int num_partial_densities = 4;

/// What a number of a parameter struct is in potential files, and how it scales.
struct Field {
  enum Allowed { any, not_negative, positive };

  const char *statement;    ///< keyword of its line ("wall upper": keyword and side); "" for what follows from others
  const char *name, *unit;
  int energy_power;    ///< of its unit: 1 for eV, eV/e, eV/Å^3 ..., 0 for lengths, charges and pure numbers
  Allowed allowed = any;
};

// Each parameter struct has one list of its numbers:
//   template <class Visit, class... Same> static void for_each_field(const Visit &visit, Same &...p)
// calls visit(Field, Real &...) for each number, with that number of all the structs p, which may differ in precision.
// What belongs to a statement comes in the order of its words. For setting up; kernels name their members.

/// Parameters of one element: density of a neighbour of this element (p, q) and what it adds to environments (kappa),
/// and how an atom of this element turns density into energy (t, n, e0, e1, e2, sigma).
template <class Real> struct ElementParameters {
  Real density_scale;                               ///< n: y = rho / n
  Real e0, e1, e2;                                  ///< eV, embedding energy
  Real sigma;                                       ///< width in y over which the embedding energy sets in
  Real density_amplitude[num_partial_densities];    ///< p_l
  Real density_decay[num_partial_densities];        ///< q_l, 1/Å
  Real density_weight[num_partial_densities];       ///< t_l, l = 1..3 (t_0 is not used and 0)
  Real environment_decay;                           ///< kappa, 1/Å: environment.h; 0: there are no environments

  template <class Visit, class... Same> static void for_each_field(const Visit &visit, Same &...p)
  {
    constexpr const char *amplitude[] = {"p0", "p1", "p2", "p3"}, *decay[] = {"q0", "q1", "q2", "q3"},
                         *weight[] = {"", "t1", "t2", "t3"};
    visit(Field{"atomic", "n", "", 0, Field::positive}, p.density_scale...);
    visit(Field{"atomic", "e0", "eV", 1}, p.e0...);
    visit(Field{"atomic", "e1", "eV", 1}, p.e1...);
    visit(Field{"atomic", "e2", "eV", 1}, p.e2...);
    visit(Field{"atomic", "sigma", "", 0, Field::positive}, p.sigma...);
    for (int l = 0; l < num_partial_densities; l++)
      visit(Field{"atomic", amplitude[l], "", 0, l == 0 ? Field::not_negative : Field::any}, p.density_amplitude[l]...);
    for (int l = 0; l < num_partial_densities; l++) visit(Field{"atomic", decay[l], "1/Å", 0}, p.density_decay[l]...);
    for (int l = 1; l < num_partial_densities; l++) visit(Field{"atomic", weight[l], "", 0}, p.density_weight[l]...);
    visit(Field{"environment", "kappa", "1/Å", 0, Field::positive}, p.environment_decay...);
  }
};

enum class PairForm : int { timonova_thijsse = 1, srinivasan_duff = 2, double_exponential = 3 };

/// The forms that a potential file can name.
constexpr PairForm pair_forms[] = {PairForm::timonova_thijsse, PairForm::srinivasan_duff, PairForm::double_exponential};

/// As in potential files.
inline const char *name_of(PairForm form)
{
  switch (form) {
    case PairForm::timonova_thijsse:
      return "timonova-thijsse";
    case PairForm::srinivasan_duff:
      return "srinivasan-duff";
    case PairForm::double_exponential:
      return "double-exponential";
  }
  return "unknown";
}

/// Parameters of an unordered pair of elements; the weight in the environment is that of an ordered one.
template <class Real> struct PairParameters {
  PairForm form;
  Real r_start, r_cut;                      ///< Å, range of the cutoff function f_c
  Real r_scale, alpha, epsilon, c2, c3;     ///< timonova_thijsse: r_p (Å), -, eV, -, -
  Real knot[3], coefficient[3];             ///< srinivasan_duff: s_m (Å), b_m (eV/Å^3)
  Real r_origin, amplitude[2], decay[2];    ///< double_exponential: r_0 (Å), A_m (eV), k_m (1/Å)
  Real weight[num_partial_densities];       ///< w_l of the partial densities
  Real environment_weight;                  ///< s of the second element in the environment of the first
  Real range;                               ///< Å, neither pair energy nor density beyond it
  Real screening_reach_sq;                  ///< atoms with r_ik^2 above this times r_ij^2 do not screen the pair
  Real reach_sq;                            ///< Å^2, how far the second element matters to the first, see Potential

  /// The fields of the form of the first struct.
  template <class Visit, class... Same> static void for_each_field(const Visit &visit, Same &...p)
  {
    constexpr const char *knot[] = {"s1", "s2", "s3"}, *coefficient[] = {"b1", "b2", "b3"},
                         *weight[] = {"w0", "w1", "w2", "w3"};
    switch (form_of(p...)) {
      case PairForm::timonova_thijsse:
        visit(Field{"pair", "rc", "Å", 0, Field::positive}, p.r_cut...);
        visit(Field{"pair", "rs", "Å", 0, Field::not_negative}, p.r_start...);
        visit(Field{"pair", "rp", "Å", 0, Field::positive}, p.r_scale...);
        visit(Field{"pair", "alpha", "", 0}, p.alpha...);
        visit(Field{"pair", "epsilon", "eV", 1}, p.epsilon...);
        visit(Field{"pair", "c2", "", 0}, p.c2...);
        visit(Field{"pair", "c3", "", 0}, p.c3...);
        break;
      case PairForm::srinivasan_duff:
        for (int m = 0; m < 3; m++) visit(Field{"pair", knot[m], "Å", 0, Field::positive}, p.knot[m]...);
        for (int m = 0; m < 3; m++) visit(Field{"pair", coefficient[m], "eV/Å^3", 1}, p.coefficient[m]...);
        visit(Field{"", "rc", "Å", 0}, p.r_cut...);
        visit(Field{"", "rs", "Å", 0}, p.r_start...);
        break;
      case PairForm::double_exponential:
        visit(Field{"pair", "rc", "Å", 0, Field::positive}, p.r_cut...);
        visit(Field{"pair", "rs", "Å", 0, Field::not_negative}, p.r_start...);
        visit(Field{"pair", "r0", "Å", 0, Field::positive}, p.r_origin...);
        visit(Field{"pair", "A1", "eV", 1, Field::positive}, p.amplitude[0]...);
        visit(Field{"pair", "k1", "1/Å", 0, Field::positive}, p.decay[0]...);
        visit(Field{"pair", "A2", "eV", 1}, p.amplitude[1]...);
        visit(Field{"pair", "k2", "1/Å", 0}, p.decay[1]...);
        break;
    }
    for (int l = 0; l < num_partial_densities; l++)
      visit(Field{"pair", weight[l], "", 0, l == 0 ? Field::not_negative : Field::any}, p.weight[l]...);
    visit(Field{"environment_weight", "s", "", 0, Field::not_negative}, p.environment_weight...);
    visit(Field{"", "range", "Å", 0}, p.range...);
    visit(Field{"", "screening_reach_sq", "", 0}, p.screening_reach_sq...);
    visit(Field{"", "reach_sq", "Å^2", 0}, p.reach_sq...);
  }

 private:
  template <class First, class... Rest> static PairForm form_of(const First &first, const Rest &...)
  {
    return first.form;
  }
};

/// Derives range, and of srinivasan_duff r_cut and r_start, from the numbers of a pair line.
template <class Real> void set_range(PairParameters<Real> &p)
{
  switch (p.form) {
    case PairForm::timonova_thijsse:
    case PairForm::double_exponential:
      p.range = p.r_cut;
      break;
    case PairForm::srinivasan_duff:
      p.r_cut = p.knot[2];
      p.r_start = p.r_cut - Real(0.5);
      p.range = p.knot[0];
      for (int m = 1; m < 3; m++)
        if (p.knot[m] > p.range) p.range = p.knot[m];
      break;
  }
}

/// Screening of the pair (i,j) by an atom k: C_min and C_max. The default (a triple that is not listed) does
/// not screen: every C >= 0 lies above C_max = 0.
template <class Real> struct ScreeningParameters {
  Real c_min = -1, c_max = 0;

  template <class Visit, class... Same> static void for_each_field(const Visit &visit, Same &...p)
  {
    visit(Field{"triple", "Cmin", "", 0, Field::not_negative}, p.c_min...);
    visit(Field{"triple", "Cmax", "", 0}, p.c_max...);
  }
};

/// One side of the charges that an element takes without much effort: charge_wall.h.
template <class Real> struct WallParameters {
  Real stiffness = 0;    ///< K, eV/e^2; 0: there is no wall
  Real charge = 0;       ///< q_s, e

  template <class Visit, class... Same>
  static void for_each_field(const char *statement, const Visit &visit, Same &...p)
  {
    visit(Field{statement, "K", "eV/e^2", 1, Field::positive}, p.stiffness...);
    visit(Field{statement, "q_s", "e", 0}, p.charge...);
  }
};

/// Charge energy of one element: E0 + chi q + X T (q - q_0) + J q^2 / 2 - c F q^2 with T of the environment
/// (environment.h) and the embedding energy F, and the walls on either side.
template <class Real> struct ChargeParameters {
  Real electronegativity;                         ///< chi, eV/e
  Real hardness;                                  ///< J, eV/e^2; CoulombTable adds the self term of a Gaussian
  Real energy;                                    ///< E0, eV
  WallParameters<Real> upper = {}, lower = {};    ///< against charges above and below their q_s
  Real environment_shift = 0;                     ///< X, eV/e
  Real environment_charge = 0;                    ///< q_0, e, at which environments make no energy
  Real fade = 0;                                  ///< c, 1/e^2, of the embedding energy

  template <class Visit, class... Same> static void for_each_field(const Visit &visit, Same &...p)
  {
    visit(Field{"charge", "chi", "eV/e", 1}, p.electronegativity...);
    visit(Field{"charge", "J", "eV/e^2", 1, Field::positive}, p.hardness...);
    visit(Field{"charge", "E0", "eV", 1}, p.energy...);
    WallParameters<Real>::for_each_field("wall upper", visit, p.upper...);
    WallParameters<Real>::for_each_field("wall lower", visit, p.lower...);
    visit(Field{"environment", "X", "eV/e", 1}, p.environment_shift...);
    visit(Field{"environment_charge", "q_0", "e", 0}, p.environment_charge...);
    visit(Field{"fade", "c", "1/e^2", 0, Field::not_negative}, p.fade...);
  }
};

/// What the charge of an atom does to its RF-MEAM energy, which is pair + (1 + embedding) F + environment T:
/// X (q - q_0) (eV) and -c q^2.
template <class Real> struct ChargeCoupling {
  Real environment = Real(0), embedding = Real(0);
};

template <class Real> RFMEAM_FUNCTION ChargeCoupling<Real> charge_coupling(const ChargeParameters<Real> &p, Real q)
{
  return {p.environment_shift * (q - p.environment_charge), -p.fade * q * q};
}

/// Element tables as the kernels see them. Not owning; the pointers are to host or to device memory.
/// Pairs are stored at [i * num_elements + j], triples at [(i * num_elements + j) * num_elements + k].
template <class Real> struct ModelView {
  int num_elements;
  const ElementParameters<Real> *element;
  const PairParameters<Real> *pair;
  const ScreeningParameters<Real> *screening;

  RFMEAM_FUNCTION const PairParameters<Real> &pair_of(int i, int j) const { return pair[i * num_elements + j]; }
  /// Whether electronegativities depend on the environment.
  RFMEAM_FUNCTION bool has_environment() const { return element[0].environment_decay > Real(0); }
  /// The screening parameters of the pair (i,j) for all elements k.
  RFMEAM_FUNCTION const ScreeningParameters<Real> *screening_of(int i, int j) const
  {
    return screening + (i * num_elements + j) * num_elements;
  }
};

// ---- the same parameters in another precision, for devices

template <class To, template <class> class Parameters, class From> Parameters<To> convert(const Parameters<From> &from)
{
  Parameters<To> to = {};
  Parameters<To>::for_each_field([](const Field &, const From &x, To &y) { y = To(x); }, from, to);
  return to;
}

template <class To, class From> PairParameters<To> convert(const PairParameters<From> &from)
{
  PairParameters<To> to = {};
  to.form = from.form;
  PairParameters<To>::for_each_field([](const Field &, const From &x, To &y) { y = To(x); }, from, to);
  return to;
}

}    // namespace rfmeam

#endif
