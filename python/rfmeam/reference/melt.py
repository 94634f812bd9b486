"""Melts and glasses of oxides, made by LAMMPS with the force fields of `rfmeam glass`."""

from __future__ import annotations

import itertools
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from ase import Atoms

from ..errors import UserError
from ..glass import lammps
from ..glass.composition import MASSES, OXIDES, Composition, Model
from ..glass.density import check
from ..glass.force_field import ForceField, data_folder, load
from ..glass.frames import read_frames
from ..glass.protocol import Stage
from ..glass.structure import random_structure

FORCE_FIELDS = ("du", "shik", "agc")
TIME_STEP = 1.0  # fs: for hot melts under pressure, whichever the force field


@dataclass(frozen=True)
class Field:
    """A force field, the folder of the files that it names (None: it names none) and its time step
    (fs)."""

    pairs: ForceField
    folder: Path | None
    timestep: float

    def steps(self, time: float, frames: int = 0) -> int:
        """Steps of a time in ps; a multiple of what lies between dumps, two for each frame."""
        parts = max(1, 2 * frames)
        return parts * max(1, round(time * 1000 / self.timestep / parts))


def melt(
    rng: np.random.Generator,
    *,
    units: dict[str, int],
    force_field: str | None = None,
    potential: str | None = None,
    densities: list[float],
    temperatures: list[float],
    melt_time: float = 10.0,
    rate: float = 100.0,
    hold_time: float = 3.0,
    relax_time: float | None = None,
    keep: list[float] | None = None,
    frames: int = 1,
    timestep: float = TIME_STEP,
) -> list[Atoms]:
    """Frames at each temperature (K, falling), for each density (g/cm^3) a model of its own.

    units: formula units of each oxide; force_field: one of FORCE_FIELDS, or instead potential: a
    file of LAMMPS lines as for `rfmeam glass`; melt_time and hold_time in ps, at the first
    temperature and at the others; rate: of cooling between them, K/ps; relax_time: ps at the last
    temperature and zero pressure after all others, at the density as given before; keep: the
    temperatures whose frames are kept, else all of them; frames: of each, evenly over its time, the
    last one at its end; timestep in fs. Needs lmp on the PATH.
    """
    model = _model(units)
    _check_temperatures(temperatures)
    times = {"melt_time": melt_time, "rate": rate, "hold_time": hold_time, "timestep": timestep}
    if relax_time is not None:
        times["relax_time"] = relax_time
    for name, value in times.items():
        if not value > 0:
            raise ValueError(f"{name} is {value!r}, a positive number is needed")
    if not isinstance(frames, int) or frames < 1:
        raise ValueError(f"frames is {frames!r}, a whole number from 1 on is needed")
    if keep is not None and not set(keep) <= set(temperatures):
        raise ValueError(f"keep {keep}: allowed are the temperatures {temperatures}")
    field = _field(force_field, potential, model, timestep)
    kept = {temperature: frames for temperature in (temperatures if keep is None else keep)}
    stages = _stages(field, temperatures, kept, melt_time, rate, hold_time)
    if relax_time is not None:
        last = temperatures[-1]
        steps = field.steps(relax_time, frames)
        stages.append(Stage("relax", last, last, steps, True, frames))
    made = []
    for density in densities:
        start = random_structure(model, check(density), int(rng.integers(2**31)))
        made += _run(start, field, stages, int(rng.integers(1, 2**31)))
    return made


def _field(force_field: str | None, potential: str | None, model: Model, timestep: float) -> Field:
    """ValueError where not one of the two is given, or the name is unknown; UserError of a file."""
    if (force_field is None) == (potential is None):
        raise ValueError("either force_field or potential is needed, not both")
    if potential is not None:
        return Field(load(potential, model), data_folder(potential), timestep)
    if force_field not in FORCE_FIELDS:
        raise ValueError(f"force_field {force_field!r}: allowed are {', '.join(FORCE_FIELDS)}")
    return Field(load(force_field, model), None, timestep)


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
    field: Field,
    temperatures: list[float],
    kept: dict[float, int],
    melt_time: float,
    rate: float,
    hold_time: float,
) -> list[Stage]:
    """The first temperature, then cooling to and staying at each of the others, with as many frames
    as are kept of each."""

    def stay(name: str, temperature: float, time: float) -> Stage:
        frames = kept.get(temperature, 0)
        steps = field.steps(time, frames)
        return Stage(name, temperature, temperature, steps, False, frames)

    stages = [stay("melt", temperatures[0], melt_time)]
    for number, (hot, cold) in enumerate(itertools.pairwise(temperatures), 1):
        steps = field.steps((hot - cold) / rate)
        stages.append(Stage(f"cool{number}", hot, cold, steps, False))
        stages.append(stay(f"hold{number}", cold, hold_time))
    return stages


def _run(start: Atoms, field: Field, stages: list[Stage], seed: int) -> list[Atoms]:
    """The frames of each stage that keeps some. UserError with LAMMPS' own words."""
    kept = []
    pairs = field.pairs
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
        head = lammps.header(elements, MASSES, "read_data start.data", field.timestep)
        script = lammps.start_script(head, stages[0].start, seed)
        lammps.run_script(script, folder, "start", lammps.Machine(), data_folder=field.folder)
        begin = "read_restart start.new.restart"
        for stage in stages:
            head = lammps.header(elements, MASSES, begin, field.timestep)
            script = lammps.stage_script(stage, head, elements, seed, fresh=True)
            lammps.run_script(
                script, folder, stage.name, lammps.Machine(), data_folder=field.folder
            )
            begin = f"read_restart {stage.name}.new.restart"
            if stage.frames:
                found = read_frames(folder / f"{stage.name}.dump", pairs.elements)
                if not found or found[-1].info["step"] != stage.steps:
                    raise UserError(f"{stage.name}.dump: LAMMPS did not write its last frame")
                kept += found[-1 : -2 * stage.frames : -2][::-1]  # two are dumped for each
    return [Atoms(a.symbols, positions=a.positions, cell=a.cell, pbc=True) for a in kept]
