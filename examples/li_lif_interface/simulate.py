"""Runs in.li_lif with LAMMPS, from the beginning or from a restart file, and shows the progress."""

import fcntl
import hashlib
import json
import math
import os
import platform
import shutil
import signal
import subprocess
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from build_structure import build
from rfmeam.thermo import ThermoReader
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from schedule import TIMESTEP, Schedule

HERE = Path(__file__).resolve().parent
CONDITIONS = "conditions.json"  # of a run, in its folder
HOTTEST = 1500.0  # K; beyond it a run has gone wrong


class SimulationError(Exception):
    """What went wrong, for the user."""


@dataclass(frozen=True)
class Conditions:
    """What makes one run of the same system another trajectory: velocities and rounding."""

    seed: int
    ranks: int
    plain: bool  # styles without kk also where LAMMPS has KOKKOS
    tunables: (
        str  # GLIBC_TUNABLES: takes instruction sets, and with them rounding, from exp and pow
    )


def simulate(
    folder: Path,
    potential: Path,
    schedule: Schedule,
    conditions: Conditions,
    console: Console,
    *,
    again: bool,
) -> None:
    """Leaves a finished run in the folder; goes on with one that was stopped. again: what is
    finished and analysed is run again."""
    if not potential.is_file():
        raise SimulationError(f"there is no potential file {potential}")
    inputs = hashlib.sha256(f"{TIMESTEP} {schedule} {conditions.seed}".encode())
    for path in (potential, HERE / "in.li_lif", HERE / "build_structure.py"):
        inputs.update(path.read_bytes())
    with lock(folder) as held:
        restart = prepare(folder, inputs.hexdigest(), again)
        if restart == "finished":
            console.print("The simulation is finished; only the analysis is done.")
            return
        if restart == "none":
            console.print(build(potential, folder / "structure.data"))
        else:
            console.print("Going on with the run that was stopped.")
        variables = {
            "potential": potential,
            "folder": folder,
            "restart": restart,
            "timestep": TIMESTEP,
            "seed": conditions.seed,
            **asdict(schedule),
        }
        command = lammps(conditions.ranks, conditions.plain)
        about = {**asdict(conditions), "plain": "kk" not in command, "processor": processor()}
        (folder / CONDITIONS).write_text(json.dumps(about))
        for name, value in variables.items():
            command += ["-var", name, str(value)]
        console.print(f"{' '.join(command[: command.index('-in')])}, log in {folder}")
        environment = {**os.environ, "GLIBC_TUNABLES": conditions.tunables}
        run(command, environment, held, schedule, console)


def processor() -> str:
    """The name of this machine's processor, as far as it is known."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


@contextmanager
def lock(folder: Path) -> Iterator[int]:
    """A lock on the folder, as a file descriptor; LAMMPS inherits it, so that it outlives us."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SimulationError(f"another run is at work in {folder}") from None
        yield file.fileno()


def prepare(folder: Path, inputs: str, again: bool) -> str:
    """What is to be done: "none" after emptying the folder for a new run; "a" or "b", the restart
    to go on from, if a run of the same inputs was stopped; "finished" if only its analysis was, or
    if nothing is to be run again."""
    marker = folder / "inputs.sha256"
    contents = [path for path in folder.iterdir() if path.name != ".lock"]
    if contents and not marker.exists():
        raise SimulationError(f"{folder} holds something else; choose an empty folder")
    done = again and (folder / "results.json").exists()
    if contents and marker.read_text() == inputs and not done:
        if (folder / "final.data").exists():
            return "finished"
        restarts = sorted(folder.glob("*.restart"), key=lambda path: path.stat().st_mtime)
        if len(restarts) == 2:
            return restarts[0].stem  # the last but one: complete, whenever the run was stopped
    for path in contents:
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    (folder / "frames").mkdir()
    marker.write_text(inputs)
    return "none"


def lammps(ranks: int, plain: bool) -> list[str]:
    """The command that runs in.li_lif, with MPI and, unless plain, the Kokkos styles where LAMMPS
    has them."""
    try:
        about = subprocess.run(["lmp", "-help"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError) as error:
        raise SimulationError(f"the program lmp does not run: {error}") from None
    command = ["lmp"]
    if "MPI STUBS" not in about:
        command = ["mpirun", "-np", str(ranks), "lmp"]
    if "KOKKOS package API" in about and not plain:
        command += ["-k", "on", "t", "1", "-sf", "kk"]
        command += ["-pk", "kokkos", "comm", "device", "sort", "device"]
    return [*command, "-in", str(HERE / "in.li_lif"), "-log", "none"]


def run(
    command: list[str],
    environment: dict[str, str],
    held: int,
    schedule: Schedule,
    console: Console,
) -> None:
    """Runs LAMMPS to its end; stops it, and all its ranks, if anything goes wrong here."""
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=environment,
        pass_fds=[held],
        start_new_session=True,
    )
    last_lines: deque[str] = deque(maxlen=12)
    try:
        watch(process.stdout, last_lines, schedule, console)
        status = process.wait()
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait()
    if status != 0:
        errors = "\n".join([line for line in last_lines if "ERROR" in line] or last_lines)
        raise SimulationError(f"LAMMPS stopped with status {status}:\n{errors}")


def watch(
    output: Iterator[str], last_lines: deque[str], schedule: Schedule, console: Console
) -> None:
    """Shows how far LAMMPS is, until its output ends."""
    reader, minimising, printed = ThermoReader(), False, time.monotonic()
    end = schedule.nve_end
    columns = (
        TextColumn("{task.description:8}"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[state]}"),
        TimeRemainingColumn(),
        TextColumn("left"),
    )
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        task = progress.add_task("minimise", total=end, state="")
        for line in output:
            last_lines.append(line.rstrip())
            if "style minimization" in line or "Setting up Verlet" in line:
                minimising = "minimization" in line
            row = reader.row(line)
            if row is None:
                continue
            step, temperature = int(row["Step"]), row["Temp"]
            if not math.isfinite(row["TotEng"]) or not temperature < HOTTEST:
                raise SimulationError(f"step {step}: {temperature:g} K, {row['TotEng']:g} eV")
            stage = "minimise" if minimising else schedule.part(step)
            state = f"{row['PotEng']:.1f} eV" if minimising else f"{temperature:3.0f} K"
            done = 0 if minimising else step
            progress.update(task, description=stage, completed=done, state=state)
            if not console.is_terminal and time.monotonic() - printed > 20:
                printed = time.monotonic()
                left = progress.tasks[task].time_remaining
                remaining = "" if not left else f", {left:.0f} s left"
                console.print(f"{stage}: {100 * done / end:.0f} %, {state}{remaining}")
