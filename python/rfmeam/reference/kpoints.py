"""The k-points of a cell: how many, where, and how many of them symmetry leaves."""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass

import numpy as np
import spglib
from ase import Atoms

# Shift of a mesh from Γ, in steps of the mesh, along a direction of an odd and an even number.
#   monkhorst-pack: Monkhorst & Pack, Phys. Rev. B 13, 5188 (1976)
#   gamma: through Γ; a shifted mesh of even numbers breaks the symmetry of hexagonal cells
#   quarter: for cells without symmetry: no point is another's -k, so that each counts as two, and
#   with their -k they are a body-centred mesh of twice the points (for one point, in a cubic cell:
#   Baldereschi, Phys. Rev. B 7, 5212 (1973)). No symmetry is used then.
SHIFTS = {"monkhorst-pack": (0.0, 0.5), "gamma": (0.0, 0.0), "quarter": (0.25, 0.25)}


@dataclass(frozen=True)
class Mesh:
    """A number of points along each reciprocal vector, and one of SHIFTS."""

    size: tuple[int, int, int]
    kind: str

    @classmethod
    def of(cls, cell: np.ndarray, length: float, kind: str) -> Mesh:
        """Of a cell (3, 3), Å: the nearest whole numbers of length / (distance of the planes that
        the other two vectors span), at least 1.
        """
        heights = 1 / np.linalg.norm(np.linalg.inv(cell), axis=0)
        return cls(tuple(max(1, round(length / height)) for height in heights), kind)

    def __str__(self) -> str:
        return f"{'x'.join(map(str, self.size))} {self.kind}"

    @property
    def shift(self) -> np.ndarray:
        return np.array([SHIFTS[self.kind][number % 2 == 0] for number in self.size])

    def points(self) -> np.ndarray:
        """All points, (n, 3), in reciprocal vectors, from -1/2 to 1/2."""
        everyone = (np.indices(self.size).reshape(3, -1).T + self.shift) / self.size
        return everyone - np.round(everyone)

    def irreducible(self, structure: Atoms) -> int:
        """How many points the symmetry of a structure leaves."""
        if self.kind == "quarter":
            return math.prod(self.size)
        crystal = (structure.cell.array, structure.get_scaled_positions(), structure.numbers)
        with warnings.catch_warnings():  # spglib's, about how it will report errors one day
            warnings.simplefilter("ignore", DeprecationWarning)
            owners, _ = spglib.get_ir_reciprocal_mesh(
                self.size, crystal, is_shift=(2 * self.shift).astype(int)
            )
        return len(np.unique(owners))
