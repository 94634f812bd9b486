"""Distributions of distances and angles in structures, and how far they are from a reference."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from ase import Atoms
from ase.neighborlist import neighbor_list

Curve = tuple[np.ndarray, np.ndarray]  # x and y, (n,) each


def radial_distribution(
    frames: list[Atoms], pair: tuple[str, str], longest: float, width: float
) -> Curve:
    """Distances r (Å, middles of bins of `width`) and g(r) of a pair of elements, averaged over the
    frames; 1 for atoms without correlations. Frames are periodic.
    """
    edges = np.arange(round(longest / width) + 1) * width
    shells = 4 / 3 * np.pi * np.diff(edges**3)
    total = np.zeros(len(shells))
    for atoms in frames:
        symbols = np.array(atoms.get_chemical_symbols())
        first, second, distance = neighbor_list("ijd", atoms, {pair: edges[-1]})
        # neighbor_list has each pair of atoms from either side
        of_pair = (symbols[first] == pair[0]) & (symbols[second] == pair[1])
        count = np.histogram(distance[of_pair], edges)[0]
        expected = (symbols == pair[0]).sum() * (symbols == pair[1]).sum() / atoms.cell.volume
        total += count / (expected * shells)
    return (edges[1:] + edges[:-1]) / 2, total / len(frames)


def angular_distribution(
    frames: list[Atoms], triple: tuple[str, str, str], reach: float, width: float
) -> Curve:
    """Angles (degrees, middles of bins of `width`) at the middle one of three elements, between
    bonds shorter than `reach` (Å); their density, 1 on average over 0 to 180 degrees.
    """
    edges = np.linspace(0.0, 180.0, round(180 / width) + 1)
    count = np.zeros(len(edges) - 1)
    one, centre, other = triple
    for atoms in frames:
        symbols = np.array(atoms.get_chemical_symbols())
        first, second, bond = neighbor_list("ijD", atoms, reach)
        bond = bond / np.linalg.norm(bond, axis=1, keepdims=True)
        for middle in np.flatnonzero(symbols == centre):
            own = first == middle
            bonds, ends = bond[own], symbols[second[own]]
            cosine = bonds[ends == one] @ bonds[ends == other].T
            if one == other:
                cosine = cosine[np.triu_indices(len(cosine), 1)]
            count += np.histogram(np.degrees(np.arccos(np.clip(cosine, -1, 1))), edges)[0]
    return (edges[1:] + edges[:-1]) / 2, count / max(count.mean(), 1e-300)


@dataclass(frozen=True)
class Distribution:
    """A distribution with its reference, on the bins of the reference.

    elements: two for g(r), up to `reach`; three for angles at the middle one, bonds up to `reach`.
    x, y: the reference; where it has no values there is nothing to compare.
    """

    elements: tuple[str, ...]
    reach: float
    width: float
    x: np.ndarray
    y: np.ndarray

    @property
    def axis(self) -> str:
        """What x is."""
        return "distance (Å)" if len(self.elements) == 2 else "angle (degrees)"

    def of(self, frames: list[Atoms]) -> Curve:
        """The distribution of frames, on bins of its own."""
        if len(self.elements) == 2:
            return radial_distribution(frames, self.elements, self.reach, self.width)
        return angular_distribution(frames, self.elements, self.reach, self.width)

    def deviation(self, frames: list[Atoms]) -> float:
        """Root of the mean squared difference from the reference."""
        x, y = self.of(frames)
        common = (x >= self.x[0]) & (x <= self.x[-1])
        return float(np.sqrt(np.mean((y - np.interp(x, self.x, self.y))[common] ** 2)))
