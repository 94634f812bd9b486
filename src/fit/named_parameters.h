// Fit: the numbers of a potential by name. SPDX-License-Identifier: GPL-2.0-only
#ifndef RFMEAM_FIT_NAMED_PARAMETERS_H
#define RFMEAM_FIT_NAMED_PARAMETERS_H

#include "../rfmeam/potential.h"

#include <cmath>
#include <stdexcept>
#include <string>
#include <vector>

namespace rfmeam {

/// What of the energy a parameter has a part in.
enum class ParameterKind {
  meam,      ///< RF-MEAM, and what charges do to it
  charge,    ///< the energy of an atom's own charge
  kernel     ///< gamma(r), and with Gaussian charges their self term
};

/// A number of a potential, in all places that hold it (a pair is stored twice), and the elements that an energy needs
/// to have to depend on it.
template <class Real> struct NamedParameter {
  std::string name;    ///< as in `atomic.Li.e0`, `pair.Li-F.epsilon`, `triple.F.Li-Li.Cmin`
  ParameterKind kind;
  Field::Allowed allowed;
  std::vector<int> elements;
  std::vector<Real *> places;
};

/// All numbers of the statements of a potential file, in the order: atomic, pair, triple, environment,
/// environment_charge, environment_weight, fade, charge, wall, rho, width, coulomb, slater, shielding. Cutoffs of the
/// charges are not among them, and neither are a q_0 and a c of 0, which are as if there was no line.
template <class Real> class ParameterNames {
 public:
  static std::vector<NamedParameter<Real>> of(PotentialOf<Real> &potential)
  {
    ParameterNames names(potential);
    if (potential.has_meam()) names.add_meam();
    if (potential.has_charges()) names.add_charges();
    return std::move(names.found);
  }

 private:
  PotentialOf<Real> &potential;
  std::vector<NamedParameter<Real>> found;

  explicit ParameterNames(PotentialOf<Real> &potential_) : potential(potential_) {}

  /// The numbers of a statement in equal structs.
  template <class Parameters>
  void add(ParameterKind kind, const std::string &prefix, const char *statement, std::vector<int> elements,
           const std::vector<Parameters *> &structs)
  {
    const std::size_t first = found.size();
    for (Parameters *each : structs) {
      std::size_t at = first;
      each->for_each_field(
          [&](const Field &field, Real &number) {
            if (std::string(field.statement) != statement) return;
            if (at == found.size()) found.push_back({prefix + "." + field.name, kind, field.allowed, elements, {}});
            found[at++].places.push_back(&number);
          },
          *each);
    }
  }
  void add_length(const std::string &name, std::vector<int> elements, std::vector<Real *> places)
  {
    add_to_kernel(name, Field::positive, std::move(elements), std::move(places));
  }
  void add_to_kernel(const std::string &name, Field::Allowed allowed, std::vector<int> elements,
                     std::vector<Real *> places)
  {
    found.push_back({name, ParameterKind::kernel, allowed, std::move(elements), std::move(places)});
  }
  [[nodiscard]] std::string name_of_pair(int i, int j) const
  {
    return potential.elements[i] + "-" + potential.elements[j];
  }
  template <class Visit> void for_each_pair(const Visit &visit)
  {
    for (int i = 0; i < potential.num_elements(); i++)
      for (int j = i; j < potential.num_elements(); j++) visit(i, j);
  }
  /// The entries of a table of pairs that belong to i and j.
  template <class T> std::vector<T *> both(std::vector<T> &table, int i, int j)
  {
    const int n = potential.num_elements();
    if (i == j) return {&table[i * n + i]};
    return {&table[i * n + j], &table[j * n + i]};
  }

  void add_meam()
  {
    const int n = potential.num_elements();
    for (int i = 0; i < n; i++)
      add<ElementParameters<Real>>(ParameterKind::meam, "atomic." + potential.elements[i], "atomic", {i},
                                   {&potential.element[i]});
    for_each_pair([&](int i, int j) {
      add(ParameterKind::meam, "pair." + name_of_pair(i, j), "pair", {i, j}, both(potential.pair, i, j));
    });
    for (int k = 0; k < n; k++)
      for_each_pair([&](int i, int j) {
        std::vector<ScreeningParameters<Real> *> triples = {&potential.screening[(i * n + j) * n + k]};
        if (i != j) triples.push_back(&potential.screening[(j * n + i) * n + k]);
        if (triples[0]->c_max > Real(0))
          add(ParameterKind::meam, "triple." + potential.elements[k] + "." + name_of_pair(i, j), "triple", {k, i, j},
              triples);
      });
    if (potential.has_environment()) add_environments();
    for (int i = 0; i < n && potential.has_charges(); i++)
      if (potential.charge[i].fade > Real(0))
        add<ChargeParameters<Real>>(ParameterKind::meam, "fade." + potential.elements[i], "fade", {i},
                                    {&potential.charge[i]});
  }

  /// The weights are of ordered pairs: `environment_weight.Li.F.s` is that of F for Li.
  void add_environments()
  {
    const int n = potential.num_elements();
    for (int i = 0; i < n; i++) {
      const std::string name = "environment." + potential.elements[i];
      add<ChargeParameters<Real>>(ParameterKind::meam, name, "environment", {i}, {&potential.charge[i]});
      add<ElementParameters<Real>>(ParameterKind::meam, name, "environment", {i}, {&potential.element[i]});
    }
    for (int i = 0; i < n; i++)
      if (potential.charge[i].environment_charge != Real(0))
        add<ChargeParameters<Real>>(ParameterKind::meam, "environment_charge." + potential.elements[i],
                                    "environment_charge", {i}, {&potential.charge[i]});
    for (int i = 0; i < n; i++)
      for (int j = 0; j < n; j++)
        add<PairParameters<Real>>(ParameterKind::meam,
                                  "environment_weight." + potential.elements[i] + "." + potential.elements[j],
                                  "environment_weight", {i, j}, {&potential.pair[i * n + j]});
  }

  void add_charges()
  {
    for (int i = 0; i < potential.num_elements(); i++) {
      ChargeParameters<Real> &charge = potential.charge[i];
      const std::string &element = potential.elements[i];
      const std::vector<ChargeParameters<Real> *> places = {&charge};
      add(ParameterKind::charge, "charge." + element, "charge", {i}, places);
      if (charge.upper.stiffness > Real(0))
        add(ParameterKind::charge, "wall." + element + ".upper", "wall upper", {i}, places);
      if (charge.lower.stiffness > Real(0))
        add(ParameterKind::charge, "wall." + element + ".lower", "wall lower", {i}, places);
    }
    switch (potential.coulomb_form) {
      case CoulombForm::none:
      case CoulombForm::direct_cut:
        break;
      case CoulombForm::screened_cut:
        for_each_pair([&](int i, int j) {
          add_length("rho." + name_of_pair(i, j), {i, j}, both(potential.screening_length, i, j));
        });
        break;
      case CoulombForm::screened_gaussian:
        add_length("coulomb.lambda", {}, {&potential.gaussian_screening_length});
        [[fallthrough]];
      case CoulombForm::gaussian:
        for (int i = 0; i < potential.num_elements(); i++)
          add_length("width." + potential.elements[i], {i}, {&potential.gaussian_width[i]});
        break;
      case CoulombForm::slater:
        add_to_kernel("coulomb.alpha", Field::not_negative, {}, {&potential.damping});
        for (int i = 0; i < potential.num_elements(); i++) {
          const std::string prefix = "slater." + potential.elements[i];
          add_to_kernel(prefix + ".zeta", Field::positive, {i}, {&potential.slater_exponent[i]});
          add_to_kernel(prefix + ".Z", Field::not_negative, {i}, {&potential.core_charge[i]});
        }
        break;
      case CoulombForm::shielded:
        for (int i = 0; i < potential.num_elements(); i++)
          add_length("shielding." + potential.elements[i], {i}, {&potential.shielding[i]});
        break;
    }
  }
};

template <class Real> std::vector<NamedParameter<Real>> named_parameters(PotentialOf<Real> &potential)
{
  return ParameterNames<Real>::of(potential);
}

/// The parameter of that name. Throws std::invalid_argument.
template <class Real>
NamedParameter<Real> &find_parameter(std::vector<NamedParameter<Real>> &parameters, const std::string &name)
{
  for (auto &p : parameters)
    if (p.name == name) return p;
  throw std::invalid_argument("the potential has no parameter '" + name + "'");
}

/// A potential with other values of some parameters, checked as those of a file are. Throws std::invalid_argument.
inline Potential with_parameters(Potential potential, const std::vector<std::string> &names,
                                 const std::vector<double> &values)
{
  auto parameters = named_parameters(potential);
  for (std::size_t n = 0; n < names.size(); n++) {
    NamedParameter<double> &p = find_parameter(parameters, names[n]);
    const double x = values[n];
    const auto refuse = [&](const char *allowed) {
      throw std::invalid_argument(names[n] + " is " + std::to_string(x) + ", allowed is " + allowed);
    };
    if (!std::isfinite(x)) refuse("a finite number");
    switch (p.allowed) {
      case Field::any:
        break;
      case Field::not_negative:
        if (!(x >= 0.0)) refuse(">= 0");
        break;
      case Field::positive:
        if (!(x > 0.0)) refuse("> 0");
        break;
    }
    for (double *place : p.places) *place = x;
  }
  for (PairParameters<double> &p : potential.pair) {
    set_range(p);
    if (!(p.r_start < p.r_cut)) throw std::invalid_argument("rs of a pair is not below its rc");
    if (p.form == PairForm::double_exponential && !(p.decay[1] < p.decay[0]))
      throw std::invalid_argument("k2 of a pair is not below its k1");
    if (!(p.r_start >= 0.0)) throw std::invalid_argument("the cutoff function of a pair starts below 0: s3 < 0.5");
  }
  for (const ScreeningParameters<double> &s : potential.screening)
    if (s.c_max != 0.0 && !(s.c_max > 1.0 && s.c_min < s.c_max))
      throw std::invalid_argument("Cmin and Cmax of a triple must satisfy Cmin < Cmax and 1 < Cmax");
  if (potential.has_meam()) potential.set_screening_reach();
  return potential;
}

}    // namespace rfmeam

#endif
