"""Families whose structures differ by their volume or by one distance: energy over it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .data import Structure
from .predict import Prediction

_FEWEST = 4  # structures of a curve


@dataclass(frozen=True)
class Curve:
    """Energies (meV/atom, of the reference's lowest) over volume (Å^3/atom) or distance (Å)."""

    family: str
    label: str
    x: np.ndarray
    reference: np.ndarray
    model: np.ndarray


def curves(*predictions: Prediction) -> list[Curve]:
    """The curves there are: molecules of two atoms, and one crystal at several volumes."""
    found = []
    for prediction in predictions:
        for family in prediction.families():
            members = [s for s in prediction.structures if s.family == family]
            members = [s for s in members if s.label in prediction.model["energy"]]
            axis = _axis(members)
            if axis is None:
                continue
            label, x = axis
            labels = [s.label for s in members]
            reference, model = prediction.pairs("energy", labels)
            order = np.argsort(x)
            shift = reference.min()
            found.append(
                Curve(family, label, x[order], reference[order] - shift, model[order] - shift)
            )
    return found


def _axis(members: list[Structure]) -> tuple[str, np.ndarray] | None:
    """What the structures of a family differ by, None where it is not one number."""
    if len(members) < _FEWEST or len({tuple(s.symbols) for s in members}) > 1:
        return None
    volumes = np.array([s.volume / len(s) for s in members])
    if len(members[0]) == 2 and np.ptp(volumes) < 1e-6:
        return "distance (Å)", np.array(
            [np.linalg.norm(np.subtract(*s.positions)) for s in members]
        )
    shapes = np.array([s.positions / np.cbrt(s.volume) for s in members if s.volume > 0])
    if (
        len(shapes) == len(members)
        and np.ptp(shapes, axis=0).max() < 1e-3
        and np.ptp(volumes) > 0.1
    ):
        return "volume (Å³/atom)", volumes
    return None
