"""Reference data of a fit: structures with energies, forces, stresses and charges."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

import numpy as np
from ase.io import iread

from .._core import Potential, System
from ..errors import UserError
from ..properties import GPA
from .reader import suggestion
from .settings import DataSettings

VOIGT = ((0, 0), (1, 1), (2, 2), (1, 2), (0, 2), (0, 1))


@dataclass(frozen=True)
class Structure:
    """A structure with its reference values, each None where the data have none.

    energy eV, forces (n, 3) eV/Å, stress (6,) GPa in Voigt's order, positive where it pulls the
    cell together, charges (n,) e, dipole (3,) e Å, volume Å^3.
    """

    label: str
    family: str
    file: str
    system: System
    positions: np.ndarray
    symbols: list[str]
    volume: float
    total_charge: float
    energy: float | None
    forces: np.ndarray | None
    stress: np.ndarray | None
    charges: np.ndarray | None
    dipole: np.ndarray | None

    def __len__(self) -> int:
        return len(self.symbols)

    def matches(self, patterns: list[str]) -> bool:
        """Whether a pattern fits the family or the label."""
        return any(fnmatchcase(self.family, p) or fnmatchcase(self.label, p) for p in patterns)


def read_structures(
    files: list[str], settings: DataSettings, potential: Potential
) -> list[Structure]:
    """All structures of the files, also those that are to be left out. Raises UserError."""
    structures = []
    for file in files:
        try:
            for number, atoms in enumerate(iread(file, ":", format="extxyz")):
                structures.append(_structure(atoms, Path(file), number, settings, potential))
        except OSError as error:
            raise UserError(f"{file}: cannot be read: {error.strerror or error}") from None
        except (KeyError, IndexError, ValueError) as error:
            if isinstance(error, UserError):
                raise
            raise UserError(f"{file}: not extended XYZ: {error}") from None
    return structures


def check_patterns(patterns: list[str], structures: list[Structure], where: str) -> None:
    """UserError where a pattern fits no family and no label."""
    names = sorted({s.family for s in structures})
    for pattern in patterns:
        if not any(s.matches([pattern]) for s in structures):
            near = suggestion(pattern, names)
            raise UserError(
                f"{where}: no structure fits {pattern!r}{near or ','} there are the families "
                f"{', '.join(names)}"
            )


def _structure(
    atoms, file: Path, number: int, settings: DataSettings, potential: Potential
) -> Structure:
    family = str(atoms.info.get("family", file.stem))
    label = str(atoms.info.get("label", f"{family}/{number:02d}"))
    where = f"{file}: {label}"
    symbols = atoms.get_chemical_symbols()
    if others := sorted(set(symbols) - set(potential.elements)):
        raise UserError(
            f"{where}: has {', '.join(others)}, the potential's elements are "
            f"{', '.join(potential.elements)}"
        )
    results = atoms.calc.results if atoms.calc else {}

    def value(key: str, shape: tuple[int, ...]) -> np.ndarray | None:
        found = results.get(key, atoms.arrays.get(key, atoms.info.get(key)))
        if found is None:
            return None
        array = np.asarray(found, dtype=float)
        if array.shape != shape:
            raise UserError(f"{where}: {key} has the shape {array.shape}, allowed is {shape}")
        if not np.isfinite(array).all():
            raise UserError(f"{where}: {key} is not a finite number")
        return array

    n = len(atoms)
    if not np.isfinite(atoms.positions).all() or not np.isfinite(atoms.cell.array).all():
        raise UserError(f"{where}: positions or cell are not finite numbers")
    energy = value(settings.energy, ())
    stress = value("stress", (6,))
    total = value(settings.total_charge, ()) if settings.total_charge else None
    charged = n and potential.has_charges
    return Structure(
        label=label,
        family=family,
        file=str(file),
        system=System(atoms.cell.array, atoms.pbc, atoms.positions, symbols),
        positions=atoms.positions,
        symbols=symbols,
        volume=float(atoms.cell.volume),
        total_charge=float(total) if total is not None else 0.0,
        energy=None if energy is None else float(energy),
        forces=value("forces", (n, 3)),
        stress=None if stress is None else GPA * stress,
        charges=value(settings.charges, (n,)) if charged else None,
        dipole=value(settings.dipole, (3,)) if charged else None,
    )
