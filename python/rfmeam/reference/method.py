"""What the structures are computed with."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field, fields

import numpy as np
from ase.data import atomic_numbers

from ..errors import UserError
from .kpoints import SHIFTS, Mesh

# Marzari-Vanderbilt smearing is not among them: its occupations do not only fall with energy, so
# that an insulator may have a second, metallic solution. Measured: data/li_f/README.md.
WORDS = {
    "program": ("gpaw", "sevennet-0"),
    "smearing": ("methfessel-paxton", "fermi-dirac"),
    "kpoint_mesh": tuple(SHIFTS),
}


@dataclass(frozen=True)
class Method:
    """Plane-wave DFT and the grid of the Bader charges, as in a list's `method`.

    program: gpaw, which everything below is for, or sevennet-0, which has no settings.
    cutoff and smearing_width in eV; grid_spacing, Å: of the grid of potential and density, at
    most; GPAW's own for a cutoff, which is the finer one from 700 eV on, is too coarse for small
    ions; energy_tolerance in eV, density_tolerance in electrons and eigenstate_tolerance in eV^2,
    per valence electron; kpoint_length in Å: as many k-points along each reciprocal vector as make
    the crystal of that length; kpoint_mesh: of kpoints.SHIFTS; smearing: in GPAW's words, one with
    a single Fermi level for any number of electrons; methfessel-paxton is of order 0, Gaussian;
    dedcutoff: dE/d(cutoff) of each element's atoms, without unit (eV/eV), for the stress of a
    finite basis: Froyen & Cohen, J. Phys. C 19, 2623 (1986). generated_paw: options of
    `gpaw dataset` by element, for elements whose PAW data are generated instead of taken from
    gpaw-data.

    What the charges are, beyond Bader's partition of the density's grid (density_refinement points
    for each of the calculation's): nucleus_within, Å: a basin whose maximum is farther from every
    nucleus has none; metals: elements whose valence electrons leave their nuclei, so that the
    points of their basins and of basins without a nucleus go to the nearest of their atoms;
    basin_reach, Å: points of other basins farther from their nucleus go to the nearest atom.
    """

    functional: str = "PBE"
    cutoff: float = 500.0
    grid_spacing: float = 0.165
    kpoint_length: float = 20.0
    kpoint_mesh: str = "monkhorst-pack"
    smearing: str = "methfessel-paxton"
    smearing_width: float = 0.2
    energy_tolerance: float = 5e-4
    density_tolerance: float = 1e-4
    eigenstate_tolerance: float = 1e-6
    max_iterations: int = 150
    density_refinement: int = 2
    dedcutoff: dict[str, float] = field(default_factory=dict)
    generated_paw: dict[str, str] = field(default_factory=dict)
    nucleus_within: float = 0.8
    metals: list[str] = field(default_factory=list)
    basin_reach: float = 2.5
    program: str = "gpaw"

    @classmethod
    def of(cls, values: dict, where: str) -> Method:
        """From a list's mapping; an unknown key or a value of a wrong kind is a UserError."""
        known = {f.name: f for f in fields(cls)}
        result = {}
        for key, value in values.items():
            if key not in known:
                raise UserError(
                    f"{where}: method: {key!r} is unknown, allowed are {', '.join(known)}"
                )
            kind = type(getattr(cls(), key))
            if kind is float and isinstance(value, int | float) and not isinstance(value, bool):
                value = float(value)
            if not isinstance(value, kind):
                raise UserError(f"{where}: method: {key}: {value!r} is not a {kind.__name__}")
            if kind in (int, float) and not value > 0:
                raise UserError(f"{where}: method: {key}: {value!r} is not a positive number")
            if kind is dict:
                _check_values(key, value, where)
            if kind is list and not all(element in atomic_numbers for element in value):
                raise UserError(f"{where}: method: {key}: {value!r}: allowed are elements")
            if key in WORDS and value not in WORDS[key]:
                allowed = ", ".join(WORDS[key])
                raise UserError(f"{where}: method: {key}: {value!r}: allowed are {allowed}")
            result[key] = value
        return cls(**result)

    def stress_derivative(self, symbols: list[str]) -> float:
        """dE/d(cutoff) of all atoms (eV/eV): the sum of the elements' values, 0 where unknown."""
        return sum(self.dedcutoff.get(symbol, 0.0) for symbol in symbols)

    def mesh(self, cell: np.ndarray) -> Mesh:
        """The k-points of a cell (3, 3), Å."""
        return Mesh.of(cell, self.kpoint_length, self.kpoint_mesh)

    def fingerprint(self) -> str:
        """The same for the same method; changes with any number in it that the program uses."""
        settings = asdict(self)
        if self.program != "gpaw":
            return digest(self.program)
        del settings["program"]  # which older results do not have
        return digest(settings)


def _check_values(key: str, values: dict, where: str) -> None:
    """UserError where a mapping from elements holds anything but what its method field is made
    of."""
    kind, name = (str, "text in quotes") if key == "generated_paw" else (float | int, "a number")
    for element, value in values.items():
        if element not in atomic_numbers or not isinstance(value, kind):
            raise UserError(
                f"{where}: method: {key}: {element!r}: {value!r}: allowed are elements, with {name}"
            )


def digest(value) -> str:
    """A letter (so that no file format takes it for a number) and 12 hex digits of a value made of
    plain data.
    """
    return "h" + hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:12]
