"""Chooses frames that disagree much and are unlike each other."""

from __future__ import annotations

import numpy as np
from ase import Atoms
from ase.neighborlist import neighbor_list

from .disagreement import Judged

REACH, SMEARING, POINTS = 6.0, 0.3, 20  # Å, Å; of the neighbourhood's description
CLOSEST = 0.7  # Å; structures with nearer atoms `rfmeam reference build` refuses
OTHER_ELEMENT = 1.0  # between the descriptions of atoms of different elements


def neighbourhood(atoms: Atoms, atom: int, elements: list[str]) -> np.ndarray:
    """What surrounds an atom: for each element the numbers of neighbours over r, smeared and
    divided by r², and the atom's own element.
    """
    symbols = np.array(atoms.get_chemical_symbols())
    first, second, distance = neighbor_list("ijd", atoms, REACH)
    own = first == atom
    points = np.linspace(1.0, REACH, POINTS)
    parts = [OTHER_ELEMENT * (np.array(elements) == symbols[atom])]
    for element in elements:
        r = distance[own & (symbols[second] == element)]
        near = np.exp(-((points[:, None] - r) ** 2) / (2 * SMEARING**2))
        parts.append((near / r**2).sum(axis=1))
    return np.concatenate(parts)


def choose(
    judged: list[Judged], elements: list[str], count: int, least: float, most: float
) -> list[int]:
    """Indices of at most `count` frames whose disagreement is between least and most (eV/Å), and
    whose atoms have not fallen into each other.

    First that of the largest, then again and again the one with the largest product of its
    disagreement and the distance of its worst atom's neighbourhood from the nearest chosen one.
    """
    able = [
        k
        for k, each in enumerate(judged)
        if least <= each.disagreement <= most and not len(neighbor_list("d", each.atoms, CLOSEST))
    ]
    if not able:
        return []
    size = np.array([judged[k].disagreement for k in able])
    seen = np.array([neighbourhood(judged[k].atoms, judged[k].worst, elements) for k in able])
    chosen = [int(np.argmax(size))]
    distance = np.linalg.norm(seen - seen[chosen[0]], axis=1)
    while len(chosen) < min(count, len(able)):
        worth = size * distance
        worth[chosen] = -1.0
        chosen.append(int(np.argmax(worth)))
        distance = np.minimum(distance, np.linalg.norm(seen - seen[chosen[-1]], axis=1))
    return sorted(able[k] for k in chosen)
