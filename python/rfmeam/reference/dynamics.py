"""Thermal structures by molecular dynamics with one of this package's potentials."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from ase import Atoms, units
from ase.md.langevin import Langevin
from ase.md.velocitydistribution import MaxwellBoltzmannDistribution
from ase.optimize import FIRE

from ..calculator import RFMEAM

TIME_STEP = 1.0  # fs
FRICTION = 0.02  # 1/fs


def thermal(
    atoms: Atoms,
    rng: np.random.Generator,
    *,
    potential: str,
    temperature: float,
    frames: int,
    equilibrate: int = 1000,
    interval: int = 300,
    quench: int = 0,
) -> list[Atoms]:
    """Snapshots at constant volume and temperature (K), by Langevin dynamics in steps of 1 fs.

    quench: steps of downhill motion before, for starts with atoms too close. equilibrate: steps
    before the first snapshot; interval: between snapshots.
    """
    if not Path(potential).exists():
        raise ValueError(f"there is no potential {potential}")
    atoms = atoms.copy()
    atoms.calc = RFMEAM(potential)
    if quench:
        atoms.positions += rng.normal(scale=0.05, size=(len(atoms), 3))
        FIRE(atoms, logfile=None, maxstep=0.1).run(fmax=1.0, steps=quench)
    numpy_rng = np.random.RandomState(rng.integers(2**31))
    MaxwellBoltzmannDistribution(atoms, temperature_K=temperature, rng=numpy_rng)
    dynamics = Langevin(
        atoms,
        TIME_STEP * units.fs,
        temperature_K=temperature,
        friction=FRICTION / units.fs,
        fixcm=False,
        rng=numpy_rng,
    )
    snapshots = []
    dynamics.run(equilibrate)
    for _ in range(frames):
        dynamics.run(interval)
        snapshots.append(Atoms(atoms.symbols, positions=atoms.positions, cell=atoms.cell, pbc=True))
    return snapshots
