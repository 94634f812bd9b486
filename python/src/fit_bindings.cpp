// Python bindings of the fit: sets of structures, parameters by name. SPDX-License-Identifier: GPL-2.0-only
#include "fit/named_parameters.h"
#include "fit/structure_set.h"
#include "system.h"

#include <pybind11/stl.h>

#include <algorithm>
#include <memory>
#include <optional>

namespace rfmeam::python {

/// An array that owns the numbers, without a copy.
static py::array_t<double> array_of(std::vector<double> &&numbers, std::vector<py::ssize_t> shape)
{
  auto owned = std::make_unique<std::vector<double>>(std::move(numbers));
  double *const data = owned->data();
  const py::capsule free(owned.release(), [](void *p) { delete static_cast<std::vector<double> *>(p); });
  return py::array_t<double>(std::move(shape), data, free);
}

/// SetResult as numpy arrays.
struct SetArrays {
  py::array_t<double> energy, forces, virial, charges, lowest_eigenvalue;
  std::optional<py::array_t<double>> d_energy, d_forces, d_virial, d_charges, d_lowest_eigenvalue;

  SetArrays(SetResult &&result, py::ssize_t num_structures, py::ssize_t num_atoms, bool derivatives)
  {
    const py::ssize_t s = num_structures, n = num_atoms, p = result.num_parameters;
    energy = array_of(std::move(result.energy), {s});
    forces = array_of(std::move(result.forces), {n, 3});
    virial = array_of(std::move(result.virial), {s, 3, 3});
    charges = array_of(std::move(result.charges), {n});
    lowest_eigenvalue = array_of(std::move(result.lowest_eigenvalue), {s});
    if (!derivatives) return;
    d_energy = array_of(std::move(result.d_energy), {s, p});
    d_forces = array_of(std::move(result.d_forces), {n, 3, p});
    d_virial = array_of(std::move(result.d_virial), {s, 3, 3, p});
    d_charges = array_of(std::move(result.d_charges), {n, p});
    d_lowest_eigenvalue = array_of(std::move(result.d_lowest_eigenvalue), {s, p});
  }
};

static StructureSet make_set(const Potential &potential, const std::vector<System> &systems,
                             const std::optional<std::vector<double>> &total_charges, double k_e)
{
  std::vector<PeriodicSystem> found;
  for (const System &system : systems) found.push_back(system.with(potential));
  const py::gil_scoped_release release;
  return {potential, std::move(found), total_charges.value_or(std::vector<double>(systems.size(), 0.0)), k_e};
}

static SetArrays differentiate(const StructureSet &set, const Potential &potential,
                               const std::vector<std::string> &names, int jobs, bool derivatives)
{
  SetResult result;
  {
    const py::gil_scoped_release release;
    result = set.differentiate(potential, names, jobs);
  }
  return {std::move(result), set.size(), set.num_atoms(), derivatives};
}

static std::vector<double> values_of(Potential potential, const std::vector<std::string> &names)
{
  auto parameters = named_parameters(potential);
  std::vector<double> values;
  for (const std::string &name : names) values.push_back(*find_parameter(parameters, name).places[0]);
  return values;
}

void bind_fit(py::module_ &m)
{
  m.def(
      "parameter_names",
      [](Potential potential) {
        std::vector<std::string> names;
        for (const auto &p : named_parameters(potential)) names.push_back(p.name);
        return names;
      },
      py::arg("potential"),
      "Names of all numbers of a potential: atomic.Li.e0, pair.Li-F.epsilon, triple.F.Li-Li.Cmin (F screens Li-Li), "
      "charge.F.J, wall.Li.upper.K, rho.Li-F, width.Li, coulomb.lambda.");
  m.def(
      "parameter_values",
      [](const Potential &potential, const std::vector<std::string> &names) {
        auto values = values_of(potential, names);
        const auto count = static_cast<py::ssize_t>(values.size());
        return array_of(std::move(values), {count});
      },
      py::arg("potential"), py::arg("names"), "Values of the named parameters, (P,), in the units of the file.");
  m.def(
      "with_parameters",
      [](const Potential &potential, const std::vector<std::string> &names, const std::vector<double> &values) {
        if (names.size() != values.size()) refuse("names and values must have the same length");
        return with_parameters(potential, names, values);
      },
      py::arg("potential"), py::arg("names"), py::arg("values"),
      "A potential with other values of the named parameters. Raises ValueError, if one is not allowed in a file.");

  py::class_<SetArrays>(
      m, "SetResult",
      "What a StructureSet gives for S structures with N atoms in all, and derivatives by P parameters: "
      "total ones, the charges' own changes included.")
      .def_readonly("energy", &SetArrays::energy, "(S,), eV; NaN, if the charges have no equilibrium.")
      .def_readonly("forces", &SetArrays::forces, "(N, 3), eV/Å")
      .def_readonly("virial", &SetArrays::virial, "(S, 3, 3), -dE/d(strain), eV")
      .def_readonly("charges", &SetArrays::charges, "(N,), e, at equilibrium")
      .def_readonly("lowest_eigenvalue", &SetArrays::lowest_eigenvalue,
                    "(S,), of the charge matrix at constant total charge, eV/e^2; infinite without charges to move.")
      .def_readonly("d_energy", &SetArrays::d_energy, "(S, P) or None")
      .def_readonly("d_forces", &SetArrays::d_forces, "(N, 3, P) or None")
      .def_readonly("d_virial", &SetArrays::d_virial, "(S, 3, 3, P) or None")
      .def_readonly("d_charges", &SetArrays::d_charges, "(N, P) or None")
      .def_readonly("d_lowest_eigenvalue", &SetArrays::d_lowest_eigenvalue, "(S, P) or None");

  py::class_<StructureSet>(m, "StructureSet",
                           "Structures with their neighbours found, for one potential after the other.")
      .def(py::init(&make_set), py::arg("potential"), py::arg("systems"), py::arg("total_charges") = py::none(),
           py::arg("k_e") = k_e_metal,
           "systems: list of System; total_charges: (S,), e, default 0. Neighbours reach as far as the potential does.")
      .def("__len__", &StructureSet::size)
      .def_property_readonly("num_atoms", &StructureSet::num_atoms)
      .def_property_readonly("first_atoms", &StructureSet::first_atoms,
                             "S + 1 numbers: structure s has the atoms first_atoms[s] to first_atoms[s + 1] - 1.")
      .def(
          "evaluate",
          [](const StructureSet &set, const Potential &potential, int jobs) {
            return differentiate(set, potential, {}, jobs, false);
          },
          py::arg("potential"), py::arg("jobs") = 0,
          "Energies, forces, virials and charges by `jobs` threads (0: one on each processor). Releases the GIL.")
      .def(
          "differentiate",
          [](const StructureSet &set, const Potential &potential, const std::vector<std::string> &names, int jobs) {
            return differentiate(set, potential, names, jobs, true);
          },
          py::arg("potential"), py::arg("names"), py::arg("jobs") = 0,
          "The same with derivatives by the named parameters. Releases the GIL.");
}

}    // namespace rfmeam::python
