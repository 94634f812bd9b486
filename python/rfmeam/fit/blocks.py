"""Structures in blocks, so that only one block's derivatives are in memory at a time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .._core import Potential, StructureSet
from .data import VOIGT, Structure
from .rows import Rows, rows_of_block
from .settings import GPA, Target

ATOMS_PER_BLOCK = 10_000
_ROWS, _COLUMNS = np.array(VOIGT).T


@dataclass(frozen=True)
class Block:
    """Structures with their neighbour lists, and the rows that count."""

    structures: list[Structure]
    set: StructureSet
    rows: list[Rows]

    def values(self, kind: str, result) -> np.ndarray:
        """All values of a kind, flat, in the unit of its targets."""
        if kind == "energy":
            return result.energy / self._atoms
        if kind == "forces":
            return result.forces.ravel()
        if kind == "stress":
            return (self._to_stress * result.virial[:, _ROWS, _COLUMNS]).ravel()
        if kind == "charges":
            return result.charges
        return self._dipoles(result.charges[:, None])[:, :, 0].ravel()

    def derivatives(self, kind: str, result) -> np.ndarray:
        """Derivatives of `values` by the parameters, (values, P)."""
        if kind == "energy":
            return result.d_energy / self._atoms[:, None]
        if kind == "forces":
            return result.d_forces.reshape(-1, result.d_forces.shape[-1])
        if kind == "stress":
            stress = self._to_stress[:, :, None] * result.d_virial[:, _ROWS, _COLUMNS]
            return stress.reshape(-1, stress.shape[-1])
        if kind == "charges":
            return result.d_charges
        dipoles = self._dipoles(result.d_charges)
        return dipoles.reshape(-1, dipoles.shape[-1])

    @property
    def _atoms(self) -> np.ndarray:
        return np.array([len(s) for s in self.structures])

    @property
    def _to_stress(self) -> np.ndarray:
        """GPa in 1 eV of a virial -dE/dstrain, (S, 1); none without a cell."""
        volumes = [s.volume or np.inf for s in self.structures]
        return -GPA / np.array(volumes)[:, None]

    def _dipoles(self, charges: np.ndarray) -> np.ndarray:
        """Σ q r of each structure for charges (N, P): (S, 3, P)."""
        first = np.concatenate([[0], np.cumsum(self._atoms)[:-1]])
        positions = np.concatenate([s.positions for s in self.structures])
        return np.add.reduceat(positions[:, :, None] * charges[:, None, :], first, axis=0)


def make_blocks(
    potential: Potential, structures: list[Structure], factors: np.ndarray, targets: list[Target]
) -> list[Block]:
    """Blocks of at most ATOMS_PER_BLOCK atoms, or of one larger structure."""
    blocks, first, atoms = [], 0, 0
    for number, structure in enumerate(structures):
        if number > first and atoms + len(structure) > ATOMS_PER_BLOCK:
            blocks.append(_block(potential, structures, factors, targets, first, number))
            first, atoms = number, 0
        atoms += len(structure)
    if first < len(structures):
        blocks.append(_block(potential, structures, factors, targets, first, len(structures)))
    return blocks


def _block(potential, structures, factors, targets, first: int, last: int) -> Block:
    part = structures[first:last]
    total_charges = np.array([s.total_charge for s in part])
    structure_set = StructureSet(potential, [s.system for s in part], total_charges)
    return Block(part, structure_set, rows_of_block(part, factors[first:last], targets))
