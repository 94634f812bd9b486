"""Makes one glass: random atoms, melt, quench, relax. Goes on where it was stopped."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from ase import Atoms
from ase.io import write
from ase.neighborlist import neighbor_list

from ..campaign.files import locked, replacing
from ..errors import UserError
from . import lammps
from .composition import MASSES, Model
from .density import estimate
from .force_field import ForceField
from .frames import read_frames
from .protocol import Protocol, Stage
from .start import Start
from .structure import random_structure

CLOSEST = 0.8  # Å: no two atoms of an oxide melt come closer, but for
CLOSEST_LIKE = 0.5  # two with charges of one sign, fast ones of which meet at 0.8 Å at 5000 K
HOT, SHORT = 0.25, 0.5  # how far the mean temperature may be from that of the thermostat; relative
SHORT_TIME = 2.0  # ps: below, a stage is too short for the thermostat


class Quench:
    """One seed of a glass in a folder of its own."""

    def __init__(
        self,
        folder: Path,
        model: Model,
        force_field: ForceField,
        protocol: Protocol,
        seed: int,
        begins: Start | None = None,
    ):
        self.folder = folder
        self.model = model
        self.force_field = force_field
        self.protocol = protocol
        self.seed = seed
        self.begins = begins  # else with random atoms

    @property
    def finished(self) -> bool:
        return (self.folder / "glass.extxyz").exists()

    @property
    def steps_done(self) -> int:
        """For progress."""
        done = 0
        for stage in self.protocol.stages:
            if self._done(stage).exists():
                done += stage.steps
            else:
                return done + lammps.last_step(self.folder / f"{stage.name}.txt")
        return done

    def run(
        self,
        machine: lammps.Machine,
        data_folder: Path | None,
        started: Callable = lambda process: None,
    ) -> None:
        """Runs what is missing. Raises UserError; finished stages are kept."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with alone(self.folder) as lock:
            if self.finished:
                return
            self.force_field.write(self.folder / "forcefield")
            run = Runner(machine, data_folder, started, lock)
            before: Stage | None = None
            for stage in self.protocol.stages:
                if not self._done(stage).exists():
                    self._run_stage(stage, before, run)
                before = stage
            self._finish()

    def structure(self) -> Atoms:
        """The last frame."""
        return self.frames()[-1]

    def frames(self) -> list[Atoms]:
        """Snapshots of the second half of the relaxation at the final temperature and zero
        pressure."""
        frames = read_frames(self.folder / "relax.dump", self.force_field.elements)
        return frames[len(frames) // 2 :]

    def _done(self, stage: Stage) -> Path:
        return self.folder / f"{stage.name}.restart"

    def _run_stage(self, stage: Stage, before: Stage | None, run: "Runner") -> None:
        restart = lammps.latest_restart(self.folder, stage)
        fresh = restart is None
        if restart is None:
            restart = self._done(before) if before else self._start(stage.start, run)
        head = self._head(f"read_restart {restart.name}")
        elements = self.force_field.elements
        script = lammps.stage_script(stage, head, elements, self.seed, fresh=fresh)
        run(script, self.folder, stage.name)
        self._check_stage(stage, before)
        new = self.folder / f"{stage.name}.new.restart"
        _require_whole(new, lammps.is_whole(new))
        data = self.folder / f"{stage.name}.data"
        _require_whole(data, lammps.is_whole_data(data, self.model.atoms))
        os.replace(new, self._done(stage))
        for which in "ab":
            (self.folder / f"{stage.name}.{which}.restart").unlink(missing_ok=True)

    def _head(self, start: str) -> list[str]:
        return lammps.header(self.force_field.elements, MASSES, start, self.protocol.timestep)

    def _start(self, temperature: float, run: "Runner") -> Path:
        """The restart file of random atoms at a temperature. Raises UserError where they fell into
        each other."""
        done = self.folder / "start.restart"
        if done.exists():
            return done
        head = self._head(f"read_data {self._write_start().name}")
        (self.folder / "start.dump").unlink(missing_ok=True)
        try:
            run(lammps.start_script(head, temperature, self.seed), self.folder, "start")
        except UserError as error:
            if not any(words in str(error) for words in lammps.COLLAPSE):
                raise
            raise UserError(f"{error}\n{self._advice()}") from None
        if self._closest_pair():
            raise UserError(f"{self.folder / 'start.dump'}: {self._advice()}")
        new = self.folder / "start.new.restart"
        _require_whole(new, lammps.is_whole(new))
        os.replace(new, done)
        return done

    def _closest_pair(self) -> str:
        """The two atoms that are closest, in words, where they are too close; else nothing."""
        path = self.folder / "start.dump"
        if not path.exists():
            return ""
        for atoms in read_frames(path, self.force_field.elements)[-1:]:
            i, j, d = neighbor_list("ijd", atoms, CLOSEST)
            charge = atoms.get_initial_charges()
            near = d < np.where(charge[i] * charge[j] > 0, CLOSEST_LIKE, CLOSEST)
            if near.any():
                at = int(np.argmin(np.where(near, d, np.inf)))
                first, second = sorted((atoms.symbols[i[at]], atoms.symbols[j[at]]))
                return (
                    f"{first} and {second} are {d[at]:.2f} Å apart at the start, closer than atoms "
                    "of a melt come"
                )
        return ""

    def _advice(self) -> str:
        """What helps where atoms fall into each other at the start."""
        found = self._closest_pair()
        fell = f"{found}. " if found else ""
        if self.force_field.bare_buckingham:
            return (
                f"{fell}Its Buckingham terms, A exp(-r/rho) - C/r^6, attract without limit at "
                "short distances: ions of a hot melt fall in. --repair puts walls inside of them, "
                "which change nothing outside; or add walls to the file"
            )
        if found:
            return f"{fell}The force field must repel at such distances"
        return "This was the start, random atoms brought to the melt: does the force field repel?"

    def _check_stage(self, stage: Stage, before: Stage | None) -> None:
        """Whether LAMMPS had the step, the masses, the charge and the temperature of the protocol.
        Raises UserError."""
        path = self.folder / f"{stage.name}.facts"
        facts = lammps.read_facts(path)
        wanted = {"step": stage.steps, "timestep": self.protocol.timestep / 1000.0}
        wanted |= {element: MASSES[element] for element in self.force_field.elements}
        for name, value in wanted.items():
            if not abs(facts[name] / value - 1.0) < 1e-4:
                what = f"mass of {name}, g/mol," if name in MASSES else name
                raise UserError(f"{path}: the {what} was {facts[name]:g}, not {value:g}")
        if not abs(facts["charge"]) < 1e-3:
            raise UserError(f"{path}: the charges add up to {facts['charge']:g} e")
        self._check_temperature(stage, before)

    def _check_temperature(self, stage: Stage, before: Stage | None) -> None:
        path = self.folder / f"{stage.name}.txt"
        found = lammps.read_record(path)[:, lammps.COLUMNS.index("temperature")]
        if stage.start == stage.stop:
            allowed = SHORT if stage.steps * self.protocol.timestep / 1e3 < SHORT_TIME else HOT
            mean = float(found[len(found) // 2 :].mean())
            if not abs(mean / stage.stop - 1.0) < allowed:
                raise UserError(
                    f"{path}: in its second half the temperature was {mean:.0f} K, not "
                    f"{stage.stop:g} K: something else than the thermostat sets it"
                )
        if before:
            earlier = lammps.read_record(self.folder / f"{before.name}.txt")
            end = float(earlier[-1, lammps.COLUMNS.index("temperature")])
            if not abs(found[0] / end - 1.0) < 0.1:
                raise UserError(
                    f"{path}: it began at {found[0]:.0f} K, where {before.name} had ended at "
                    f"{end:.0f} K: something sets velocities between the stages"
                )

    def _write_start(self) -> Path:
        if self.begins:
            atoms = self.begins.at(self.protocol.density or self.begins.density)
        else:
            density = self.protocol.density or estimate(self.model.asked)
            atoms = random_structure(self.model, density, self.seed)
        path = self.folder / "start.data"
        elements = list(self.force_field.elements)
        write(
            path, atoms, format="lammps-data", specorder=elements, atom_style="charge", masses=False
        )
        return path

    def _finish(self) -> None:
        """Publishes the results under their final names, the last one when all is whole."""
        if (data := self.folder / "relax.data").exists():  # or killed here before
            os.replace(data, self.folder / "glass.data")
        frames = read_frames(self.folder / "relax.dump", self.force_field.elements)
        if not frames:
            raise UserError(f"{self.folder / 'relax.dump'}: no frames in it")
        columns = ["symbols", "positions", "initial_charges"]
        with replacing(self.folder / "glass.extxyz") as part:
            write(part, frames[-1], format="extxyz", columns=columns)


class Runner:
    """Runs scripts in the way of one `Quench.run`."""

    def __init__(self, machine: lammps.Machine, data_folder: Path | None, started, lock: int):
        self.machine = machine
        self.settings = {"data_folder": data_folder, "started": started, "lock": lock}

    def __call__(self, script: str, folder: Path, name: str) -> None:
        lammps.run_script(script, folder, name, self.machine, **self.settings)


def _require_whole(file: Path, whole: bool) -> None:
    if not whole:
        raise UserError(f"{file}: LAMMPS did not write it to its end: is the disk full?")


@contextmanager
def alone(folder: Path, patience: float = 5.0) -> Iterator[int]:
    """Keeps a second run out of the folder; yields the descriptor of the lock.

    LAMMPS of a run that was just killed may need a moment to end: `patience`, in s.
    """
    with locked(folder / ".lock", patience) as lock:
        if lock is None:
            raise UserError(f"{folder}: another rfmeam glass is at work there")
        yield lock.fileno()
