"""RF-MEAM potentials with variable charges, on the C++ library that the LAMMPS styles use."""

import copyreg

from ._core import (
    COLUMNS,
    K_E,
    Energy,
    Potential,
    PotentialFileError,
    StructureSet,
    System,
    charge_matrix,
    cutoff_function,
    electronegativities,
    evaluate,
    parameter_names,
    parameter_values,
    screening_factor,
    with_parameters,
)
from .charges import IndefiniteChargesError, equilibrate
from .errors import UserError
from .parameters import Header, Parameters

__version__ = "0.1.0"

__all__ = [
    "COLUMNS",
    "K_E",
    "Energy",
    "Header",
    "IndefiniteChargesError",
    "Parameters",
    "Potential",
    "PotentialFileError",
    "StructureSet",
    "System",
    "UserError",
    "charge_matrix",
    "cutoff_function",
    "electronegativities",
    "equilibrate",
    "evaluate",
    "parameter_names",
    "parameter_values",
    "screening_factor",
    "with_parameters",
]


def _potential_of(text: str) -> Potential:
    return Potential.parse(text)


# so that potentials can be copied, and sent to other processes
copyreg.pickle(Potential, lambda potential: (_potential_of, (Parameters.of(potential).write(),)))
