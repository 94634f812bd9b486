// Python bindings: what several files of them share. SPDX-License-Identifier: GPL-2.0-only
#ifndef RFMEAM_PYTHON_SYSTEM_H
#define RFMEAM_PYTHON_SYSTEM_H

#include "rfmeam/periodic_system.h"
#include "rfmeam/potential.h"

#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>

#include <array>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

namespace rfmeam::python {

namespace py = pybind11;
using Array = py::array_t<double, py::array::c_style | py::array::forcecast>;

[[noreturn]] inline void refuse(const std::string &message) { throw py::value_error(message); }

/// Coulomb constant of LAMMPS' metal units, eV Å/e^2.
constexpr double k_e_metal = 14.399645;

inline int index_of(const Potential &potential, const std::string &element)
{
  std::string allowed;
  for (int i = 0; i < potential.num_elements(); i++) {
    if (potential.elements[i] == element) return i;
    allowed += " " + potential.elements[i];
  }
  refuse("element '" + element + "' is not in the potential, allowed are:" + allowed);
}

/// Atoms without charges, their elements by name: independent of a potential.
struct System {
  PeriodicSystem geometry;    // its elements and charges stay empty
  std::vector<std::string> symbols;

  System(const Array &cell, std::array<bool, 3> pbc, const Array &positions, std::vector<std::string> symbols_) :
      symbols(std::move(symbols_))
  {
    const auto n = static_cast<py::ssize_t>(symbols.size());
    if (cell.ndim() != 2 || cell.shape(0) != 3 || cell.shape(1) != 3) refuse("cell must have the shape (3, 3)");
    if (positions.ndim() != 2 || positions.shape(0) != n || positions.shape(1) != 3)
      refuse("positions must have the shape (" + std::to_string(n) + ", 3), one row for each symbol");
    for (const Array *array : {&cell, &positions})
      for (py::ssize_t m = 0; m < array->size(); m++)
        if (!std::isfinite(array->data()[m])) refuse("cell and positions must be finite");
    geometry.periodic = pbc;
    for (py::ssize_t a = 0; a < 3; a++) geometry.cell[a] = {cell.at(a, 0), cell.at(a, 1), cell.at(a, 2)};
    for (py::ssize_t i = 0; i < n; i++)
      geometry.positions.push_back({positions.at(i, 0), positions.at(i, 1), positions.at(i, 2)});
  }

  PeriodicSystem with(const Potential &potential) const
  {
    PeriodicSystem system = geometry;
    for (const auto &symbol : symbols) system.elements.push_back(index_of(potential, symbol));
    return system;
  }
};

/// StructureSet and the parameters by name (fit_bindings.cpp).
void bind_fit(py::module_ &m);

}    // namespace rfmeam::python

#endif
