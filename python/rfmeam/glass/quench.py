"""Makes one glass: random atoms, melt, quench, relax. Goes on where it was stopped."""

import fcntl
import os
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from ase import Atoms
from ase.io import write

from ..errors import UserError
from . import lammps
from .composition import MASSES, Model, guess_density
from .force_field import ForceField
from .frames import read_frames
from .protocol import Protocol, Stage
from .structure import random_structure


class Quench:
    """One seed of a glass in a folder of its own."""

    def __init__(
        self, folder: Path, model: Model, force_field: ForceField, protocol: Protocol, seed: int
    ):
        self.folder = folder
        self.model = model
        self.force_field = force_field
        self.protocol = protocol
        self.seed = seed

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
        with alone(self.folder):
            if self.finished:
                return
            self.force_field.write(self.folder / "forcefield")
            before: Stage | None = None
            for stage in self.protocol.stages:
                if not self._done(stage).exists():
                    self._run_stage(stage, before, machine, data_folder, started)
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

    def _run_stage(self, stage: Stage, before: Stage | None, machine, data_folder, started) -> None:
        restart = lammps.latest_restart(self.folder, stage)
        if restart:
            start = f"read_restart {restart.name}"
        elif before:
            start = f"read_restart {self._done(before).name}"
        else:
            start = f"read_data {self._write_start().name}"
        head = lammps.header(self.force_field.elements, MASSES, start, self.protocol.timestep)
        script = lammps.stage_script(stage, start, head, self.seed, fresh=restart is None)
        lammps.run_script(
            script, self.folder, stage.name, machine, data_folder=data_folder, started=started
        )
        new = self.folder / f"{stage.name}.new.restart"
        _require_whole(new, lammps.is_whole(new))
        data = self.folder / f"{stage.name}.data"
        _require_whole(data, lammps.is_whole_data(data, self.model.atoms))
        os.replace(new, self._done(stage))
        for which in "ab":
            (self.folder / f"{stage.name}.{which}.restart").unlink(missing_ok=True)

    def _write_start(self) -> Path:
        density = self.protocol.density or guess_density(self.model.asked)
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
        part = self.folder / "glass.part"
        write(
            part, frames[-1], format="extxyz", columns=["symbols", "positions", "initial_charges"]
        )
        os.replace(part, self.folder / "glass.extxyz")


def _require_whole(file: Path, whole: bool) -> None:
    if not whole:
        raise UserError(f"{file}: LAMMPS did not write it to its end: is the disk full?")


@contextmanager
def alone(folder: Path):
    """Keeps a second run out of the folder."""
    lock: TextIO
    with open(folder / ".lock", "w", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise UserError(f"{folder}: another rfmeam glass is at work there") from None
        yield
