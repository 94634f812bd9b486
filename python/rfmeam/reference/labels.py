"""What labels structures, by the program that a list's method names."""

from __future__ import annotations

from pathlib import Path
from typing import IO, Protocol

from ase import Atoms

from . import dft
from .method import Method
from .structure_list import Family
from .universal import UniversalPotential


class Labeller(Protocol):
    """Computes energies, forces and stress of structures; close() ends what it has started."""

    def compute(
        self, family: Family, structure: Atoms, scratch: Path, lock: IO | None = None
    ) -> dict: ...

    def close(self) -> None: ...


def labeller(method: Method) -> Labeller:
    """The program of a method, ready to use. UserError where it cannot be used here."""
    return Gpaw() if method.program == "gpaw" else Universal(method.program)


class Gpaw:
    """Density functional theory and Bader charges: one process for each structure, see dft.py."""

    def __init__(self) -> None:
        self.python = dft.interpreter()

    def compute(
        self, family: Family, structure: Atoms, scratch: Path, lock: IO | None = None
    ) -> dict:
        return dft.compute(self.python, family, structure, scratch, lock)

    def close(self) -> None:
        pass


class Universal:
    """A universal machine-learned potential. Its energies are not on the scale of GPAW's, and it
    has no charges.
    """

    def __init__(self, program: str) -> None:
        self.potential = UniversalPotential(program)

    def compute(
        self, family: Family, structure: Atoms, scratch: Path, lock: IO | None = None
    ) -> dict:
        return self.potential.compute(structure, scratch)

    def close(self) -> None:
        self.potential.close()
