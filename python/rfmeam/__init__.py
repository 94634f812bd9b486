"""RF-MEAM potentials with variable charges, on the C++ library that the LAMMPS styles use."""

from ._core import (
    K_E,
    Energy,
    Potential,
    PotentialFileError,
    System,
    charge_matrix,
    cutoff_function,
    evaluate,
    screening_factor,
)
from .charges import IndefiniteChargesError, equilibrate

__all__ = [
    "K_E",
    "Energy",
    "IndefiniteChargesError",
    "Potential",
    "PotentialFileError",
    "System",
    "charge_matrix",
    "cutoff_function",
    "equilibrate",
    "evaluate",
    "screening_factor",
]
