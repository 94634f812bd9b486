"""Runs lmp on the inputs of this folder and reads what a run cost."""

import os
import re
import statistics
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
LIF = HERE.parent / "unittest/data/lif_coarse.rfmeam"  # the potential of all measurements, since the first one
LATTICE = 4.03  # Å, of LiF in the inputs


def neighbours_in_lif(radius: float) -> int:
    """Of an atom of perfect LiF, closer than a radius (Å)."""
    spacing = LATTICE / 2
    reach = np.arange(-int(radius / spacing), int(radius / spacing) + 1)
    grid = spacing * np.stack(np.meshgrid(reach, reach, reach), -1).reshape(-1, 3)
    return int(np.sum(np.linalg.norm(grid, axis=1) < radius)) - 1


@dataclass(frozen=True)
class Case:
    """One LAMMPS run that is repeated; all figures come from its last `run` command.

    threads > 0 and gpus > 0 take the kk styles, on that many threads or GPUs. turns: how often it is run each time
    when it is its turn, more than once if a run is so short that the machine's other work shows in it.
    """

    name: str
    script: str
    variables: dict[str, object] = field(default_factory=dict)
    ranks: int = 1
    threads: int = 0
    gpus: int = 0
    turns: int = 1

    def command(self) -> list[str]:
        words = ["lmp", "-in", self.script, "-log", "none", "-nocite"]
        if self.threads:
            words += ["-k", "on", "t", str(self.threads), "-sf", "kk"]
        if self.gpus:
            words += ["-k", "on", "g", str(self.gpus), "-sf", "kk", "-pk", "kokkos", "newton", "on", "neigh", "half"]
        for name, value in self.variables.items():
            words += ["-var", name, str(value)]
        if self.ranks > 1:
            words = ["mpirun", "-np", str(self.ranks), *words]
        return words


@dataclass(frozen=True)
class Sample:
    """Rate in katom-step/s; seconds of each part of the loop; peak memory of the process in MiB; iterations of
    fix qeq/vc a step (0 without it)."""

    rate: float
    parts: dict[str, float]
    atoms: int
    memory: float
    iterations: float


def run(case: Case) -> Sample:
    """Runs one case; on one rank pinned to as many cores as it has threads. Raises RuntimeError with LAMMPS' output
    on failure."""
    cores = sorted(os.sched_getaffinity(0))

    def pin() -> None:
        if case.ranks == 1:
            os.sched_setaffinity(0, cores[-max(case.threads, 1) :])  # the first one serves the machine, too

    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    with tempfile.TemporaryFile("w+") as output:
        process = subprocess.Popen(
            case.command(), cwd=HERE, env=environment, stdout=output, stderr=subprocess.STDOUT, preexec_fn=pin
        )
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        text = output.read()
    loops = loops_of(text)
    if process.returncode != 0 or len(loops) < 2:
        raise RuntimeError(f"{case.name} failed: {' '.join(case.command())}\n{text[-3000:]}")
    rate, atoms = loops[-1]
    last = text[text.rfind("Loop time") :]
    parts = {
        name: float(t) for name, t in re.findall(r"^(\w+) +\|\s*\S+\s*\|\s*(\S+)\s*\|", last, re.M) if name != "Section"
    }
    return Sample(rate, parts, atoms, usage.ru_maxrss / 1024.0, iterations_of(text))


def loops_of(text: str) -> list[tuple[float, int]]:
    """katom-step/s and atoms of each `run` in LAMMPS' output."""
    found = re.findall(r"Loop time of (\S+) on \d+ procs for (\d+) steps with (\d+) atoms", text)
    return [(int(atoms) * int(steps) / float(seconds) / 1000.0, int(atoms)) for seconds, steps, atoms in found]


def iterations_of(text: str) -> float:
    """Iterations a step in the last `run`, from its first and last value of f_charges[4], the products so far: each
    solve takes one product more than it has iterations."""
    table = re.findall(r"^ *Step .*f_charges\[4\]\s*\n(.*?)^Loop time", text, re.M | re.S)
    if not table:
        return 0.0
    rows = [line.split() for line in table[-1].splitlines() if re.match(r" *\d+ ", line)]
    steps = int(rows[-1][0]) - int(rows[0][0])
    return (float(rows[-1][-1]) - float(rows[0][-1])) / steps - 1.0


class Samples:
    """What was measured, by the name of the case; medians of it."""

    def __init__(self) -> None:
        self.of: dict[str, list[Sample]] = {}

    def measure(self, groups: list[list[Case]], repeats: int, progress=None) -> None:
        """Runs each group, its cases alternating, so that a slow machine is slow for all of them."""
        for group in groups:
            for _ in range(repeats):
                for case in group:
                    for _ in range(case.turns):
                        if progress:
                            progress(case.name)
                        self.of.setdefault(case.name, []).append(run(case))

    def rate(self, name: str) -> float:
        return statistics.median(s.rate for s in self.of[name])

    def ratio(self, name: str, peer: str) -> float:
        """Of the rates, run by run."""
        return statistics.median(a.rate / b.rate for a, b in zip(self.of[name], self.of[peer], strict=True))

    def spread(self, names: list[str]) -> float:
        """Longest over shortest time an atom and step of these cases, less 1."""
        return max(map(self.rate, names)) / min(map(self.rate, names)) - 1.0

    def microseconds(self, name: str, part: str) -> float:
        """An atom and step, of one part of the loop."""
        return statistics.median(s.parts[part] / sum(s.parts.values()) * 1000.0 / s.rate for s in self.of[name])

    def iterations(self, name: str) -> float:
        return statistics.median(s.iterations for s in self.of[name])

    def table(self, names: list[str] | None = None) -> list[list[str]]:
        """A row of text for each of these cases (default: all), below HEADINGS."""
        rows = []
        for name in self.of if names is None else names:
            runs = self.of[name]
            rates = [s.rate for s in runs]
            rows.append([name, str(runs[0].atoms), f"{self.rate(name):.1f} ({min(rates):.1f} to {max(rates):.1f})"])
            rows[-1] += [f"{self.microseconds(name, part):.1f}" for part in ("Pair", "Modify", "Neigh", "Comm")]
            rows[-1].append(f"{self.iterations(name):.1f}" if self.iterations(name) else "")
        return rows


HEADINGS = ["case", "atoms", "katom-step/s", "Pair µs", "Modify µs", "Neigh µs", "Comm µs", "iterations"]


def markdown(rows: list[list[str]]) -> str:
    lines = [HEADINGS, ["---"] * len(HEADINGS), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def processor() -> str:
    name = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    return f"{name[1] if name else 'unknown processor'}, {os.cpu_count()} cores"


def version_of_lammps() -> str:
    text = subprocess.run(["lmp", "-h"], capture_output=True, text=True).stdout
    version = re.search(r"\d+ \w+ 20\d\d", text)
    return version[0] if version else "unknown"
