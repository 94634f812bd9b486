"""Melts and glasses of oxides, made by LAMMPS with the pair force fields of `rfmeam glass`."""

from __future__ import annotations

import itertools
import tempfile
from pathlib import Path

import numpy as np
from ase import Atoms

from ..errors import UserError
from ..glass import lammps
from ..glass.composition import MASSES, OXIDES, Composition, Model
from ..glass.density import check
from ..glass.force_field import ForceField, load
from ..glass.frames import read_frames
from ..glass.protocol import Stage
from ..glass.structure import random_structure

FORCE_FIELDS = ("du", "shik", "agc")
TIME_STEP = 1.0  # fs: for hot melts under pressure, whichever the force field


def melt(
    rng: np.random.Generator,
    *,
    units: dict[str, int],
    force_field: str,
    densities: list[float],
    temperatures: list[float],
    melt_time: float = 10.0,
    rate: float = 100.0,
    hold_time: float = 3.0,
    keep: list[float] | None = None,
) -> list[Atoms]:
    """The last frames at each temperature (K, falling), for each density (g/cm^3) a model of its
    own.

    units: formula units of each oxide; force_field: one of FORCE_FIELDS; melt_time and hold_time in
    ps, at the first temperature and at the others; rate: of cooling between them, K/ps; keep: the
    temperatures whose frames are kept, else all of them. The density stays as given. Needs lmp on
    the PATH.
    """
    model = _model(units)
    _check_temperatures(temperatures)
    for name, value in (("melt_time", melt_time), ("rate", rate), ("hold_time", hold_time)):
        if not value > 0:
            raise ValueError(f"{name} is {value!r}, a positive number is needed")
    if force_field not in FORCE_FIELDS:
        raise ValueError(f"force_field {force_field!r}: allowed are {', '.join(FORCE_FIELDS)}")
    if keep is not None and not set(keep) <= set(temperatures):
        raise ValueError(f"keep {keep}: allowed are the temperatures {temperatures}")
    pairs = load(force_field, model)
    frames = []
    for density in densities:
        start = random_structure(model, check(density), int(rng.integers(2**31)))
        stages = _stages(temperatures, keep or temperatures, melt_time, rate, hold_time)
        frames += _run(start, pairs, stages, int(rng.integers(1, 2**31)))
    return frames


def _model(units: dict[str, int]) -> Model:
    """A model of whole formula units. ValueError for unknown oxides and numbers."""
    for oxide, number in units.items():
        if oxide not in OXIDES:
            raise ValueError(f"units: {oxide!r} is unknown, allowed are {', '.join(OXIDES)}")
        if not isinstance(number, int) or number < 1:
            raise ValueError(f"units: {oxide}: {number!r}, a whole number from 1 on is needed")
    total = sum(units.values())
    return Model(Composition({oxide: 100 * n / total for oxide, n in units.items()}), units)


def _check_temperatures(temperatures: list[float]) -> None:
    if not temperatures or any(not 1 <= value <= 6000 for value in temperatures):
        raise ValueError(f"temperatures {temperatures}: allowed are 1 to 6000 K")
    if any(hot <= cold for hot, cold in itertools.pairwise(temperatures)):
        raise ValueError(f"temperatures {temperatures}: each has to be lower than the one before")


def _stages(
    temperatures: list[float], keep: list[float], melt_time: float, rate: float, hold_time: float
) -> list[Stage]:
    """The first temperature, then cooling to and staying at each of the others; a frame is kept at
    the end of those in `keep`."""
    first = temperatures[0]
    stages = [Stage("melt", first, first, _steps(melt_time), False, int(first in keep))]
    for number, (hot, cold) in enumerate(itertools.pairwise(temperatures), 1):
        stages.append(Stage(f"cool{number}", hot, cold, _steps((hot - cold) / rate), False))
        stages.append(
            Stage(f"hold{number}", cold, cold, _steps(hold_time), False, int(cold in keep))
        )
    return stages


def _steps(time: float) -> int:
    """Steps of a time in ps."""
    return max(1, round(time * 1000 / TIME_STEP))


def _run(start: Atoms, pairs: ForceField, stages: list[Stage], seed: int) -> list[Atoms]:
    """The last frame of each stage that keeps frames. UserError with LAMMPS' own words."""
    kept = []
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        pairs.write(folder / "forcefield")
        elements = list(pairs.elements)
        start.write(
            folder / "start.data",
            format="lammps-data",
            specorder=elements,
            atom_style="charge",
            masses=False,
        )
        seed = seed % 900_000_000 + 1
        head = lammps.header(elements, MASSES, "read_data start.data", TIME_STEP)
        script = lammps.start_script(head, stages[0].start, seed)
        lammps.run_script(script, folder, "start", lammps.Machine())
        begin = "read_restart start.new.restart"
        for stage in stages:
            head = lammps.header(elements, MASSES, begin, TIME_STEP)
            script = lammps.stage_script(stage, head, elements, seed, fresh=True)
            lammps.run_script(script, folder, stage.name, lammps.Machine())
            begin = f"read_restart {stage.name}.new.restart"
            if stage.frames:
                frames = read_frames(folder / f"{stage.name}.dump", pairs.elements)
                if not frames or frames[-1].info["step"] != stage.steps:
                    raise UserError(f"{stage.name}.dump: LAMMPS did not write its last frame")
                kept.append(frames[-1])
    return [Atoms(a.symbols, positions=a.positions, cell=a.cell, pbc=True) for a in kept]
