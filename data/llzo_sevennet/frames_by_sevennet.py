"""Frames where SevenNet-0 itself goes: relaxations of lithium on LLZO, the metal pulled off, short dynamics.

    python frames_by_sevennet.py FOLDER_OF_STARTS FOLDER_OF_RESULTS [DEVICE]

Needs ASE and sevenn only, and a GPU where DEVICE is not cpu. A start is an extended XYZ file with a column `metal`
(1 for atoms of the metal, 0 for the oxide; all 0: nothing to pull off), and in its second line, if need be,
temperature (K) and frames (steps of dynamics after which one is kept). Writes NAME.extxyz with the frames, atoms
sorted by element and wrapped as `rfmeam reference build` does it, which labels them.
"""

from __future__ import annotations

import numpy as np
from ase import Atoms, units
from ase.build import sort
from ase.md.velocitydistribution import MaxwellBoltzmannDistribution
from ase.md.verlet import VelocityVerlet
from ase.optimize import FIRE
from by_sevennet import each_start, together

RELAXATION = (8, 25, 70)  # steps after which a frame is kept; of starts without metal the first only
PULLED = (-0.4, 0.5, 1.0, 2.0, 4.0)  # Å, of the relaxed interface
TEMPERATURE, TIME_STEP = 600.0, 2.0  # K, fs
DYNAMICS = (25, 50)  # steps after which a frame is kept


def pulled(atoms: Atoms, distance: float) -> Atoms:
    """Both interfaces opened by a distance (Å), no atom moved inside of either side."""
    metal = atoms.arrays["metal"] == 1
    apart = atoms.copy()
    apart.positions[metal, 2] += distance
    apart.cell[2, 2] += 2 * distance
    return apart


def visited(start: Atoms, calculator) -> list[Atoms]:
    """The frames of one start."""
    atoms, frames, at = start.copy(), [], 0
    atoms.calc = calculator
    optimiser = FIRE(atoms, logfile=None, maxstep=0.12)
    has_metal = bool((start.arrays["metal"] == 1).any())
    for step in RELAXATION if has_metal else RELAXATION[:1]:
        optimiser.run(fmax=0.02, steps=step - at)
        at = step
        frames.append(atoms.copy())
    if has_metal:
        frames += [pulled(together(atoms), distance) for distance in PULLED]
    # half of the kinetic energy becomes potential energy
    MaxwellBoltzmannDistribution(
        atoms, temperature_K=2 * start.info.get("temperature", TEMPERATURE), rng=np.random.RandomState(1)
    )
    dynamics, at = VelocityVerlet(atoms, TIME_STEP * units.fs), 0
    for step in np.atleast_1d(start.info.get("frames", DYNAMICS)).tolist():
        dynamics.run(step - at)
        at = step
        frames.append(atoms.copy())
    return frames


def study(start: Atoms, calculator) -> tuple[dict, list[Atoms]]:
    kept = []
    for frame in visited(start, calculator):
        plain = Atoms(frame.symbols, positions=frame.positions, cell=frame.cell, pbc=True)
        plain.wrap()
        plain = sort(plain)
        plain.positions, plain.cell = plain.positions.round(8), plain.cell.array.round(8)
        kept.append(plain)
    return {"atoms": len(start), "frames": len(kept)}, kept


if __name__ == "__main__":
    each_start(study)
