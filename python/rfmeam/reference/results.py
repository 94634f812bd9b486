"""Reads what is computed of a list, and fits its curves."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from ase import Atoms
from ase.eos import EquationOfState

from .store import read_frames

GPA = 160.2176634  # GPa in 1 eV/Å^3


def frames_of(folder: Path, family: str) -> list[Atoms]:
    """What is computed of a family of the list in `folder`, in the order of the labels."""
    for part in ("training", "validation"):
        path = folder / part / f"{family}.extxyz"
        if path.exists():
            return read_frames(path)
    return []


def equation_of_state(
    volumes: np.ndarray, energies: np.ndarray
) -> tuple[float, float, float] | None:
    """Volume (Å^3) and energy (eV) of lowest energy and bulk modulus (GPa): Birch-Murnaghan.

    Of volumes (m,) in Å^3 and energies (m,) in eV, those within 15 % of the lowest energy's are
    used; None with fewer than five of them.
    """
    volumes, energies = np.asarray(volumes), np.asarray(energies)
    if len(volumes) < 5:
        return None
    near = abs(volumes / volumes[energies.argmin()] - 1) < 0.15
    if near.sum() < 5:
        return None
    fit = EquationOfState(volumes[near], energies[near], eos="birchmurnaghan").fit()
    return fit[0], fit[1], fit[2] * GPA
