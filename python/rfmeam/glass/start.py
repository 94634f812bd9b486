"""A structure of the user's that is melted instead of random atoms (`--start`)."""

import hashlib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from ase import Atoms

from ..errors import UserError
from .composition import MAX_ATOMS, OXIDES, Composition, Model
from .frames import read_any

FEWEST = 200  # atoms: models of quantum MD are as small


@dataclass(frozen=True)
class Start:
    """The last structure of a file, in an orthogonal box."""

    path: Path
    atoms: Atoms
    model: Model

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the file."""
        return hashlib.sha256(self.path.read_bytes()).hexdigest()

    @property
    def density(self) -> float:
        """g/cm^3."""
        return self.model.density(self.atoms.get_volume())

    def at(self, density: float) -> Atoms:
        """The structure, scaled to a density (g/cm^3)."""
        atoms = self.atoms.copy()
        factor = (self.density / density) ** (1.0 / 3.0)
        atoms.set_cell(atoms.cell * factor, scale_atoms=True)
        return atoms


def read_start(path: Path) -> Start:
    """Raises UserError for what is no oxide in an orthogonal box, or has too few or many atoms."""
    if path.is_file() and path.read_bytes()[:5] == b"ITEM:":
        raise UserError(f"--start {path}: a dump does not name its elements: extxyz or data files")
    atoms = read_any(path, [])[-1]
    if not FEWEST <= len(atoms) <= MAX_ATOMS:
        raise UserError(f"--start {path}: {len(atoms)} atoms, allowed are {FEWEST} to {MAX_ATOMS}")
    lengths = atoms.cell.lengths()
    if np.abs(atoms.cell.array - np.diag(lengths)).max() > 1e-6 * lengths.max():
        raise UserError(f"--start {path}: its box is not orthogonal along x, y and z")
    return Start(path, atoms, _model(atoms, path))


def _model(atoms: Atoms, path: Path) -> Model:
    """Which oxides it is made of. Each element but oxygen has one."""
    left = Counter(atoms.get_chemical_symbols())
    oxygen = left.pop("O", 0)
    units: dict[str, int] = {}
    needed = 0
    for oxide, parts in OXIDES.items():
        cation, per_unit = next((e, n) for e, n in parts.items() if e != "O")
        count = left.pop(cation, 0)
        if count % per_unit:
            raise UserError(f"--start {path}: {count} {cation} are no whole number of {oxide}")
        if count:
            units[oxide] = count // per_unit
            needed += units[oxide] * parts["O"]
    if left:
        raise UserError(f"--start {path}: has {', '.join(left)}; known oxides: {', '.join(OXIDES)}")
    if oxygen != needed:
        raise UserError(
            f"--start {path}: {oxygen} O, but the formal charges of the others ask for {needed}"
        )
    total = sum(units.values())
    percent = {oxide: round(100.0 * n / total, 2) for oxide, n in units.items()}
    return Model(Composition(percent), units)
