"""How far the forces of an ensemble of potentials differ from each other."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
from ase import Atoms

from .._core import Potential, StructureSet
from ..calculator import system_of


@dataclass(frozen=True)
class Judged:
    """A frame of a run: largest spread of an atom's force (eV/Å), which atom, and how many members
    have no equilibrium of the charges there. disagreement is NaN with less than two that have.
    """

    run: str
    time: float  # ps after the first frames began
    atoms: Atoms
    disagreement: float
    worst: int
    failing: int


def force_spread(
    members: list[Potential], frames: list[Atoms], jobs: int = 0
) -> tuple[list[np.ndarray], np.ndarray]:
    """√⟨|F - ⟨F⟩|²⟩ over the members for each atom of each frame, eV/Å; and how many members have
    no forces there. jobs: threads, 0 for all cores.
    """
    systems = [system_of(atoms) for atoms in frames]
    ends = np.cumsum([len(atoms) for atoms in frames])[:-1]
    forces, sound = [], []
    for member in members:
        result = StructureSet(member, systems).evaluate(member, jobs)
        fine = np.isfinite(result.energy)
        sound.append(fine)
        of_atoms = np.repeat(fine, [len(atoms) for atoms in frames])
        forces.append(np.where(of_atoms[:, None], result.forces, np.nan))
    forces = np.array(forces)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # frames that no member has forces of
        apart = forces - np.nanmean(forces, axis=0)
        spread = np.sqrt(np.nanmean((apart**2).sum(axis=2), axis=0))
    failing = len(members) - np.array(sound).sum(axis=0)
    return np.split(spread, ends), failing


def judge(
    members: list[Potential], run: str, times: np.ndarray, frames: list[Atoms], jobs: int = 0
) -> list[Judged]:
    """The frames of a run at their times (ps)."""
    if not frames:
        return []
    spreads, failing = force_spread(members, frames, jobs)
    judged = []
    for time, atoms, spread, without in zip(times, frames, spreads, failing, strict=True):
        enough = len(members) - without >= 2
        worst = int(np.argmax(spread)) if enough else 0
        value = float(spread[worst]) if enough else np.nan
        judged.append(Judged(run, float(time), atoms, value, worst, int(without)))
    return judged
