// Python bindings of the physics library: module rfmeam._core. SPDX-License-Identifier: GPL-2.0-only
//
// Units are metal (Å, eV, e). Elements are named by their symbols, parameters as in the potential file
// (doc/potential_file.md). A wrong argument is a ValueError, a bad potential file a PotentialFileError.
#include "rfmeam/system_energy.h"
#include "rfmeam/potential_file.h"
#include "system.h"

#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>
#include <pybind11/stl/filesystem.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>
#include <tuple>
#include <utility>

namespace py = pybind11;

namespace {

using rfmeam::Potential;
using rfmeam::python::Array;
using rfmeam::python::index_of;
using rfmeam::python::k_e_metal;
using rfmeam::python::refuse;
using rfmeam::python::System;
using ArrayPair = std::pair<py::array_t<double>, py::array_t<double>>;

// ---- potential: reading it and its tables

Potential read_file(const std::filesystem::path &path)
{
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  if (file) text << file.rdbuf();
  if (!file || std::filesystem::is_directory(path))
    throw rfmeam::PotentialFileError(path.string() + ": cannot be read");
  return rfmeam::PotentialReader::read(text.str(), path.string());
}

/// Index of a pair in the tables of a potential.
std::size_t index_of(const Potential &potential, const std::string &i, const std::string &j)
{
  return std::size_t(index_of(potential, i)) * potential.num_elements() + index_of(potential, j);
}

void need_meam(const Potential &potential)
{
  if (!potential.has_meam()) refuse("the potential has no RF-MEAM part");
}
void need_charges(const Potential &potential)
{
  if (!potential.has_charges()) refuse("the potential has no charges");
}
void need_environment(const Potential &potential)
{
  if (!potential.has_environment()) refuse("the potential has no environments");
}

template <std::size_t n> py::tuple tuple_of(const double (&values)[n], std::size_t from = 0)
{
  py::tuple result(n - from);
  for (std::size_t i = from; i < n; i++) result[i - from] = values[i];
  return result;
}

/// The numbers of a parameter struct that belong to a statement, in the order of its line.
template <class Parameters> py::tuple numbers_of(const Parameters &p, const std::string &statement)
{
  py::list numbers;
  Parameters::for_each_field(
      [&](const rfmeam::Field &field, double x) {
        if (field.statement == statement) numbers.append(x);
      },
      p);
  return py::tuple(numbers);
}

/// What these numbers are called in potential files.
template <class Parameters> py::tuple names_of(const Parameters &p, const std::string &statement)
{
  py::list names;
  Parameters::for_each_field(
      [&](const rfmeam::Field &field, double) {
        if (field.statement == statement) names.append(field.name);
      },
      p);
  return py::tuple(names);
}

/// The names of the numbers of each statement with such a list; for pairs, of each form.
py::dict columns()
{
  py::dict result;
  result["atomic"] = names_of(rfmeam::ElementParameters<double>{}, "atomic");
  for (rfmeam::PairForm form : rfmeam::pair_forms) {
    rfmeam::PairParameters<double> pair = {};
    pair.form = form;
    result[name_of(form)] = names_of(pair, "pair");
    result["environment_weight"] = names_of(pair, "environment_weight");
  }
  result["environment"] = names_of(rfmeam::ChargeParameters<double>{}, "environment") +
      names_of(rfmeam::ElementParameters<double>{}, "environment");
  result["environment_charge"] = names_of(rfmeam::ChargeParameters<double>{}, "environment_charge");
  result["fade"] = names_of(rfmeam::ChargeParameters<double>{}, "fade");
  result["triple"] = names_of(rfmeam::ScreeningParameters<double>{}, "triple");
  result["charge"] = names_of(rfmeam::ChargeParameters<double>{}, "charge");
  result["wall"] = names_of(rfmeam::ChargeParameters<double>{}, "wall upper");
  return result;
}

// ---- functions of one variable, over an array of any shape

/// Value and derivative of f(x), arrays of the shape of x.
template <class Function> ArrayPair map(const Array &x, const Function &f)
{
  const std::vector<py::ssize_t> shape(x.shape(), x.shape() + x.ndim());
  py::array_t<double> value(shape), derivative(shape);
  double *v = value.mutable_data(), *d = derivative.mutable_data();
  for (py::ssize_t m = 0; m < x.size(); m++) {
    const rfmeam::ValueDerivative<double> y = f(x.data()[m]);
    v[m] = y.value;
    d[m] = y.derivative;
  }
  return {value, derivative};
}

ArrayPair pair_potential(const Potential &potential, const std::string &i, const std::string &j, const Array &r)
{
  need_meam(potential);
  const auto &p = potential.pair[index_of(potential, i, j)];
  return map(r, [&](double x) { return rfmeam::pair_potential(p, x); });
}

ArrayPair density_amplitude(const Potential &potential, int l, const std::string &center, const std::string &neighbour,
                            const Array &r)
{
  need_meam(potential);
  if (l < 0 || l >= rfmeam::num_partial_densities) refuse("l is " + std::to_string(l) + ", allowed are 0 to 3");
  const auto &pair = potential.pair[index_of(potential, center, neighbour)];
  const auto &element = potential.element[index_of(potential, neighbour)];
  return map(r, [&](double x) -> rfmeam::ValueDerivative<double> {
    const rfmeam::DensityAmplitudes<double> a(element, pair, x);
    return {a.value[l], a.derivative[l]};
  });
}

ArrayPair environment_amplitude(const Potential &potential, const std::string &center, const std::string &neighbour,
                                const Array &r)
{
  need_environment(potential);
  const auto &pair = potential.pair[index_of(potential, center, neighbour)];
  const auto &element = potential.element[index_of(potential, neighbour)];
  return map(r, [&](double x) { return rfmeam::environment_amplitude(element, pair, x); });
}

ArrayPair embedding_energy(const Potential &potential, const std::string &element, const Array &density)
{
  need_meam(potential);
  const auto &e = potential.element[index_of(potential, element)];
  return map(density, [&](double rho) { return rfmeam::embedding_energy(e, rho); });
}

ArrayPair coulomb_kernel(const Potential &potential, const std::string &i, const std::string &j, const Array &r,
                         double k_e)
{
  need_charges(potential);
  const int ei = index_of(potential, i), ej = index_of(potential, j);
  const rfmeam::CoulombTable table(potential, k_e);
  const auto coulomb = table.view();
  return map(r, [&](double x) -> rfmeam::ValueDerivative<double> {
    if (x >= coulomb.cutoff) return {0.0, 0.0};
    return coulomb.gamma(ei, ej, x);
  });
}

ArrayPair core_kernel(const Potential &potential, const std::string &i, const std::string &j, const Array &r,
                      double k_e)
{
  need_charges(potential);
  const int ei = index_of(potential, i), ej = index_of(potential, j);
  const rfmeam::CoulombTable table(potential, k_e);
  const auto coulomb = table.view();
  return map(r, [&](double x) -> rfmeam::ValueDerivative<double> {
    if (x >= coulomb.cutoff || !table.has_cores()) return {0.0, 0.0};
    return coulomb.with_cores(ei, ej, x).own;
  });
}

double charge_hardness(const Potential &potential, const std::string &element, double k_e)
{
  need_charges(potential);
  return rfmeam::CoulombTable(potential, k_e).charge[index_of(potential, element)].hardness;
}

/// Energy of an element's walls at charges q and two derivatives by q, arrays of the shape of q.
std::tuple<py::array_t<double>, py::array_t<double>, py::array_t<double>>
wall_energy(const Potential &potential, const std::string &element, const Array &q)
{
  need_charges(potential);
  const int i = index_of(potential, element);
  const rfmeam::CoulombTable table(potential, k_e_metal);    // walls do not depend on k_e
  const std::vector<py::ssize_t> shape(q.shape(), q.shape() + q.ndim());
  py::array_t<double> value(shape), derivative(shape), second(shape);
  double *v = value.mutable_data(), *d = derivative.mutable_data(), *s = second.mutable_data();
  for (py::ssize_t m = 0; m < q.size(); m++) {
    const auto wall = table.view().wall(i, q.data()[m]);
    v[m] = wall.value, d[m] = wall.derivative, s[m] = wall.second_derivative;
  }
  return {value, derivative, second};
}

std::optional<rfmeam::WallParameters<double>> wall_of(const Potential &potential, const std::string &element,
                                                      const std::string &side)
{
  need_charges(potential);
  if (side != "upper" && side != "lower") refuse("side is '" + side + "', allowed are upper and lower");
  const auto &charge = potential.charge[index_of(potential, element)];
  const auto &wall = side == "upper" ? charge.upper : charge.lower;
  if (wall.stiffness == 0.0) return std::nullopt;
  return wall;
}

ArrayPair screening_factor(const Array &c, double c_min, double c_max)
{
  if (!(c_min >= 0.0 && c_min < c_max)) refuse("c_min and c_max must satisfy 0 <= c_min < c_max");
  const rfmeam::ScreeningParameters<double> p = {c_min, c_max};
  return map(c, [&](double x) -> rfmeam::ValueDerivative<double> {
    if (x <= c_min) return {0.0, 0.0};
    if (x >= c_max) return {1.0, 0.0};
    const rfmeam::ScreeningFactor<double> factor(x, p);
    return {factor.value, factor.value * factor.log_derivative};
  });
}

ArrayPair cutoff_function(const Array &r, double r_start, double r_cut)
{
  if (!(r_start < r_cut)) refuse("r_start must be below r_cut");
  return map(r, [&](double x) { return rfmeam::cutoff_function(x, r_start, r_cut); });
}

// ---- periodic systems

py::array_t<double> array_of(const std::vector<double> &values)
{
  return py::array_t<double>(static_cast<py::ssize_t>(values.size()), values.data());
}

py::array_t<double> rows_of(const rfmeam::Vector3 *rows, std::size_t count)
{
  return py::array_t<double>({static_cast<py::ssize_t>(count), py::ssize_t(3)}, count ? rows->data() : nullptr);
}

rfmeam::SystemEnergy evaluate(const Potential &potential, const System &atoms, const std::optional<Array> &charges,
                              double k_e)
{
  rfmeam::PeriodicSystem system = atoms.with(potential);
  if (charges) {
    need_charges(potential);
    if (charges->ndim() != 1 || charges->size() != system.num_atoms())
      refuse("charges must have the shape (" + std::to_string(system.num_atoms()) + ",)");
    system.charges.assign(charges->data(), charges->data() + charges->size());
  }
  rfmeam::SystemEnergy energy;
  {
    const py::gil_scoped_release release;
    energy = rfmeam::evaluate(potential, system, k_e);
  }
  if (!std::isfinite(energy.total())) refuse("the energy is not finite: two atoms coincide, or a charge is not finite");
  return energy;
}

py::array_t<double> charge_matrix(const Potential &potential, const System &atoms, double k_e)
{
  need_charges(potential);
  const rfmeam::PeriodicSystem system = atoms.with(potential);
  std::vector<double> matrix;
  {
    const py::gil_scoped_release release;
    matrix = rfmeam::charge_matrix(potential, system, k_e);
  }
  if (!std::all_of(matrix.begin(), matrix.end(), [](double x) { return std::isfinite(x); }))
    refuse("the charge matrix is not finite: two atoms coincide");
  const py::ssize_t n = system.num_atoms();
  return array_of(matrix).reshape({n, n});
}

py::array_t<double> electronegativities(const Potential &potential, const System &atoms, double k_e)
{
  need_charges(potential);
  const rfmeam::PeriodicSystem system = atoms.with(potential);
  std::vector<double> chi;
  {
    const py::gil_scoped_release release;
    chi = rfmeam::electronegativities(potential, system, k_e);
  }
  if (!std::all_of(chi.begin(), chi.end(), [](double x) { return std::isfinite(x); }))
    refuse("the electronegativities are not finite: two atoms coincide");
  return array_of(chi);
}

// ---- the module

void bind_parameters(py::module_ &m)
{
  using Element = rfmeam::ElementParameters<double>;
  py::class_<Element>(
      m, "AtomicParameters",
      "One `atomic` line: n, e0, e1, e2 (eV), sigma, p and q (l = 0..3), t (l = 1..3). numbers: all of them.")
      .def_property_readonly("numbers", [](const Element &e) { return numbers_of(e, "atomic"); })
      .def_readonly("n", &Element::density_scale)
      .def_readonly("e0", &Element::e0)
      .def_readonly("e1", &Element::e1)
      .def_readonly("e2", &Element::e2)
      .def_readonly("sigma", &Element::sigma)
      .def_property_readonly("p", [](const Element &e) { return tuple_of(e.density_amplitude); })
      .def_property_readonly("q", [](const Element &e) { return tuple_of(e.density_decay); })
      .def_property_readonly("t", [](const Element &e) { return tuple_of(e.density_weight, 1); });

  using Pair = rfmeam::PairParameters<double>;
  py::class_<Pair>(m, "PairParameters",
                   "One `pair` line. form says which fields count: timonova-thijsse: rp, alpha, epsilon, c2, c3; "
                   "srinivasan-duff: s, b; double-exponential: r0, A, k. All: rc, rs (of the cutoff function), w, "
                   "range (Å, nothing beyond it). numbers: those of the line.")
      .def_property_readonly("numbers", [](const Pair &p) { return numbers_of(p, "pair"); })
      .def_property_readonly("form", [](const Pair &p) { return rfmeam::name_of(p.form); })
      .def_readonly("rc", &Pair::r_cut)
      .def_readonly("rs", &Pair::r_start)
      .def_readonly("rp", &Pair::r_scale)
      .def_readonly("alpha", &Pair::alpha)
      .def_readonly("epsilon", &Pair::epsilon)
      .def_readonly("c2", &Pair::c2)
      .def_readonly("c3", &Pair::c3)
      .def_property_readonly("s", [](const Pair &p) { return tuple_of(p.knot); })
      .def_property_readonly("b", [](const Pair &p) { return tuple_of(p.coefficient); })
      .def_readonly("r0", &Pair::r_origin)
      .def_property_readonly("A", [](const Pair &p) { return tuple_of(p.amplitude); })
      .def_property_readonly("k", [](const Pair &p) { return tuple_of(p.decay); })
      .def_property_readonly("w", [](const Pair &p) { return tuple_of(p.weight); })
      .def_readonly("range", &Pair::range);

  using Screening = rfmeam::ScreeningParameters<double>;
  py::class_<Screening>(m, "TripleParameters", "One `triple` line: c_min, c_max. numbers: both.")
      .def_property_readonly("numbers", [](const Screening &s) { return numbers_of(s, "triple"); })
      .def_readonly("c_min", &Screening::c_min)
      .def_readonly("c_max", &Screening::c_max);

  using Charge = rfmeam::ChargeParameters<double>;
  py::class_<Charge>(m, "ChargeParameters",
                     "One `charge` line: chi (eV/e), J (eV/e^2) as in the file, E0 (eV). numbers: all of them.")
      .def_property_readonly("numbers", [](const Charge &c) { return numbers_of(c, "charge"); })
      .def_readonly("chi", &Charge::electronegativity)
      .def_readonly("J", &Charge::hardness)
      .def_readonly("E0", &Charge::energy);

  using Wall = rfmeam::WallParameters<double>;
  py::class_<Wall>(m, "WallParameters", "One `wall` line: K (eV/e^2), q_s (e).")
      .def_readonly("K", &Wall::stiffness)
      .def_readonly("q_s", &Wall::charge);
}

void bind_potential(py::module_ &m)
{
  py::class_<Potential>(m, "Potential", "What a *.rfmeam file holds; immutable. Made by read or parse.")
      .def_static("read", &read_file, py::arg("path"), "Reads a potential file. Raises PotentialFileError.")
      .def_static("parse", &rfmeam::PotentialReader::read, py::arg("text"), py::arg("name") = "potential",
                  "Reads the text of a potential file; name is used in messages only. Raises PotentialFileError.")
      .def_readonly("elements", &Potential::elements, "Element symbols, in the order of the file.")
      .def_property_readonly("has_meam", &Potential::has_meam)
      .def_property_readonly("has_charges", &Potential::has_charges)
      .def_property_readonly("pair_cutoff", &Potential::pair_cutoff, "Largest range of a pair, Å.")
      .def_property_readonly("neighbourhood_cutoff", &Potential::neighbourhood_cutoff,
                             "How far the neighbours of an atom must be known, with screening atoms, Å.")
      .def_property_readonly(
          "coulomb_form",
          [](const Potential &p) -> std::optional<std::string> {
            if (!p.has_charges()) return std::nullopt;
            return rfmeam::name_of(p.coulomb_form);
          },
          "screened_cut, direct_cut, gaussian, screened_gaussian, slater, shielded or None.")
      .def_readonly("coulomb_cutoff", &Potential::coulomb_cutoff, "Å")
      .def(
          "atomic",
          [](const Potential &p, const std::string &i) {
            need_meam(p);
            return p.element[index_of(p, i)];
          },
          py::arg("element"))
      .def(
          "pair",
          [](const Potential &p, const std::string &i, const std::string &j) {
            need_meam(p);
            return p.pair[index_of(p, i, j)];
          },
          py::arg("i"), py::arg("j"))
      .def(
          "triple",
          [](const Potential &p, const std::string &k, const std::string &i,
             const std::string &j) -> std::optional<rfmeam::ScreeningParameters<double>> {
            need_meam(p);
            const auto &s = p.screening[index_of(p, i, j) * p.elements.size() + index_of(p, k)];
            if (s.c_max <= 0.0) return std::nullopt;
            return s;
          },
          py::arg("k"), py::arg("i"), py::arg("j"), "Screening of the pair i-j by k; None: it does not screen.")
      .def(
          "charge",
          [](const Potential &p, const std::string &i) {
            need_charges(p);
            return p.charge[index_of(p, i)];
          },
          py::arg("element"))
      .def(
          "rho",
          [](const Potential &p, const std::string &i, const std::string &j) -> std::optional<double> {
            if (p.coulomb_form != rfmeam::CoulombForm::screened_cut) return std::nullopt;
            return p.screening_length[index_of(p, i, j)];
          },
          py::arg("i"), py::arg("j"), "Screening length of a pair (Å); None unless coulomb_form is screened_cut.")
      .def(
          "width",
          [](const Potential &p, const std::string &i) -> std::optional<double> {
            if (!rfmeam::has_widths(p.coulomb_form)) return std::nullopt;
            return p.gaussian_width[index_of(p, i)];
          },
          py::arg("element"),
          "Width of an element's charge (Å); None unless coulomb_form is gaussian or screened_gaussian.")
      .def_property_readonly(
          "gaussian_screening_length",
          [](const Potential &p) -> std::optional<double> {
            if (p.coulomb_form != rfmeam::CoulombForm::screened_gaussian) return std::nullopt;
            return p.gaussian_screening_length;
          },
          "lambda (Å); None unless coulomb_form is screened_gaussian.")
      .def(
          "slater",
          [](const Potential &p, const std::string &i) -> std::optional<std::pair<double, double>> {
            if (p.coulomb_form != rfmeam::CoulombForm::slater) return std::nullopt;
            const int element = index_of(p, i);
            return std::pair{p.slater_exponent[element], p.core_charge[element]};
          },
          py::arg("element"), "zeta (1/Å) and Z (e) of an element; None unless coulomb_form is slater.")
      .def_property_readonly(
          "damping",
          [](const Potential &p) -> std::optional<double> {
            if (p.coulomb_form != rfmeam::CoulombForm::slater) return std::nullopt;
            return p.damping;
          },
          "alpha (1/Å); None unless coulomb_form is slater.")
      .def(
          "shielding",
          [](const Potential &p, const std::string &i) -> std::optional<double> {
            if (p.coulomb_form != rfmeam::CoulombForm::shielded) return std::nullopt;
            return p.shielding[index_of(p, i)];
          },
          py::arg("element"), "gamma (1/Å) of an element; None unless coulomb_form is shielded.")
      .def_property_readonly(
          "has_walls", [](const Potential &p) { return rfmeam::CoulombTable(p, k_e_metal).has_walls(); },
          "Whether the charge energy of any element has a wall, so that it is not quadratic in the charges.")
      .def("wall", &wall_of, py::arg("element"), py::arg("side"),
           "The wall of an element on the side 'upper' or 'lower'; None: there is none.")
      .def("wall_energy", &wall_energy, py::arg("element"), py::arg("q"),
           "Energy (eV) of an element's walls and two derivatives by q, for charges q (e) of any shape.")
      .def_property_readonly("has_environment", &Potential::has_environment,
                             "Whether electronegativities depend on the environment of their atoms.")
      .def(
          "environment",
          [](const Potential &p, const std::string &i) -> std::optional<std::pair<double, double>> {
            const int element = index_of(p, i);
            if (!p.has_environment()) return std::nullopt;
            return std::pair{p.charge[element].environment_shift, p.element[element].environment_decay};
          },
          py::arg("element"), "X (eV/e) and kappa (1/Å) of an element; None in a potential without environments.")
      .def(
          "environment_charge",
          [](const Potential &p, const std::string &i) -> std::optional<double> {
            const int element = index_of(p, i);
            if (!p.has_environment()) return std::nullopt;
            return p.charge[element].environment_charge;
          },
          py::arg("element"), "q_0 (e) of an element, 0 without a line; None in a potential without environments.")
      .def(
          "fade",
          [](const Potential &p, const std::string &i) -> std::optional<double> {
            const int element = index_of(p, i);
            if (!p.has_charges()) return std::nullopt;
            return p.charge[element].fade;
          },
          py::arg("element"), "c (1/e^2) of an element, 0 without a line; None in a potential without charges.")
      .def(
          "environment_weight",
          [](const Potential &p, const std::string &center, const std::string &neighbour) -> std::optional<double> {
            if (!p.has_environment()) return std::nullopt;
            return p.pair[index_of(p, center, neighbour)].environment_weight;
          },
          py::arg("center"), py::arg("neighbour"),
          "s of a neighbour in the environment of an atom; None in a potential without environments.")
      .def(
          "environment_amplitude", &environment_amplitude, py::arg("center"), py::arg("neighbour"), py::arg("r"),
          "a(r) = s f_c exp(-kappa (r - 3 Å)) of a neighbour in the environment of an atom, and a'(r) (1/Å), for r (Å) "
          "of any shape.")
      .def("pair_potential", &pair_potential, py::arg("i"), py::arg("j"), py::arg("r"),
           "phi(r) (eV) and phi'(r) (eV/Å), unscreened, for r (Å) of any shape.")
      .def("density_amplitude", &density_amplitude, py::arg("l"), py::arg("center"), py::arg("neighbour"), py::arg("r"),
           "a_l(r) = f_c p_l exp(-q_l r) w_l of a neighbour, and a_l'(r) (1/Å), for r (Å) of any shape.")
      .def("embedding_energy", &embedding_energy, py::arg("element"), py::arg("density"),
           "F(rho) (eV) and dF/drho (eV) for densities of any shape.")
      .def("coulomb_kernel", &coulomb_kernel, py::arg("i"), py::arg("j"), py::arg("r"), py::arg("k_e") = k_e_metal,
           "gamma(r) (eV/e^2) and gamma'(r), zero from the cutoff on, for r (Å) of any shape; k_e in eV Å/e^2.")
      .def("core_kernel", &core_kernel, py::arg("i"), py::arg("j"), py::arg("r"), py::arg("k_e") = k_e_metal,
           "What the core charge of an atom of j adds to the electronegativity of one of i (eV/e), and its derivative "
           "by "
           "r, zero from the cutoff on and in forms other than slater; arguments as those of coulomb_kernel().")
      .def("hardness", &charge_hardness, py::arg("element"), py::arg("k_e") = k_e_metal,
           "Diagonal of the charge matrix without images: J, with the self term of a Gaussian charge or of Wolf's sum "
           "(eV/e^2).");
}

void bind_system(py::module_ &m)
{
  py::class_<System>(m, "System", "Atoms in a cell: cell (3, 3) with rows as vectors, positions (n, 3), in Å.")
      .def(py::init<const Array &, std::array<bool, 3>, const Array &, std::vector<std::string>>(), py::arg("cell"),
           py::arg("pbc"), py::arg("positions"), py::arg("symbols"))
      .def_readonly("symbols", &System::symbols)
      .def_property_readonly("pbc", [](const System &s) { return s.geometry.periodic; })
      .def_property_readonly("cell", [](const System &s) { return rows_of(s.geometry.cell.data(), 3); })
      .def_property_readonly(
          "positions",
          [](const System &s) { return rows_of(s.geometry.positions.data(), s.geometry.positions.size()); })
      .def("__len__", [](const System &s) { return s.symbols.size(); });

  using Energy = rfmeam::SystemEnergy;
  py::class_<Energy>(m, "Energy", "Result of evaluate: energies in eV, and what follows from them.")
      .def_readonly("pair", &Energy::pair)
      .def_readonly("embedding", &Energy::embedding)
      .def_readonly("coulomb", &Energy::coulomb, "Sum over pairs of charges.")
      .def_readonly("self_energy", &Energy::self, "Sum of E0 + (chi + X T) q + J q^2/2 and of the walls.")
      .def_property_readonly("total", &Energy::total)
      .def_property_readonly(
          "forces", [](const Energy &e) { return rows_of(e.forces.data(), e.forces.size()); },
          "(n, 3), eV/Å, at fixed charges.")
      .def_property_readonly(
          "virial", [](const Energy &e) { return rows_of(e.virial.data(), 3); },
          "(3, 3), -dE/d(strain) at fixed charges, eV.")
      .def_property_readonly(
          "density", [](const Energy &e) { return array_of(e.density); }, "(n,), background density rho of each atom.")
      .def_property_readonly(
          "electronegativity", [](const Energy &e) { return array_of(e.electronegativity); },
          "(n,), dE/dq of each atom, eV/e.")
      .def_property_readonly(
          "environment",
          [](const Energy &e) {
            std::vector<double> t;
            for (const auto &around : e.surroundings) t.push_back(around.environment);
            return array_of(t);
          },
          "(n,), T = d/(1 + d) of the environment of each atom; 0 in potentials without.");

  m.def("evaluate", &evaluate, py::arg("potential"), py::arg("system"), py::arg("charges") = py::none(),
        py::arg("k_e") = k_e_metal,
        "Energy, forces, virial, densities and dE/dq at the given charges (n,), in e; charges None leaves the "
        "charge energy out. Sums over all pairs and images: for small systems. Releases the GIL.");
  m.def(
      "charge_matrix", &charge_matrix, py::arg("potential"), py::arg("system"), py::arg("k_e") = k_e_metal,
      "(n, n) matrix M (eV/e^2) of E_q = sum_i (E0 + chi q_i) + q.M.q/2 with chi of electronegativities(); walls come "
      "on top. Releases the GIL.");
  m.def("electronegativities", &electronegativities, py::arg("potential"), py::arg("system"),
        py::arg("k_e") = k_e_metal,
        "chi + X T of each atom, with what core charges add (n,), eV/e: dE/dq at uncharged atoms, apart from walls. "
        "k_e in eV Å/e^2. Releases the GIL.");
}

}    // namespace

PYBIND11_MODULE(_core, m)
{
  m.doc() = "The RF-MEAM physics library that the LAMMPS styles are made of.";
  py::register_exception<rfmeam::PotentialFileError>(m, "PotentialFileError", PyExc_ValueError);
  bind_parameters(m);
  bind_potential(m);
  bind_system(m);
  rfmeam::python::bind_fit(m);
  m.attr("K_E") = k_e_metal;
  m.attr("COLUMNS") = columns();
  m.def("screening_factor", &screening_factor, py::arg("c"), py::arg("c_min"), py::arg("c_max"),
        "B(C) = [1 - (1 - y)^4]^2, y = (C - c_min)/(c_max - c_min), and dB/dC, for C of any shape.");
  m.def("cutoff_function", &cutoff_function, py::arg("r"), py::arg("r_start"), py::arg("r_cut"),
        "f_c(r) = 1 - z^3 (6 z^2 - 15 z + 10), z = (r - r_start)/(r_cut - r_start), and f_c'(r).");
}
