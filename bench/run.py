"""Measures the styles against LAMMPS' own, alternating the runs; writes RESULTS.md. Run by ./dev bench."""

import os
import re
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

HERE = Path(__file__).parent
RFMEAM_ONLY = HERE.parent / "unittest/data/nap/lif216_type1/potential.rfmeam"
NAP_RATE = 0.60  # katom-step/s of nap's RF-MEAM: LiF, 80 neighbours, one core of such a machine; nap is not run here


@dataclass
class Case:
    """One LAMMPS run that is repeated; all figures come from its last `run` command."""

    name: str
    script: str
    variables: dict[str, object] = field(default_factory=dict)
    ranks: int = 1
    kokkos: bool = False

    def command(self) -> list[str]:
        words = ["lmp", "-in", self.script, "-log", "none", "-nocite"]
        if self.kokkos:
            words += ["-k", "on", "t", "1", "-sf", "kk"]
        for name, value in self.variables.items():
            words += ["-var", name, str(value)]
        if self.ranks > 1:
            words = ["mpirun", "-np", str(self.ranks), *words]
        return words


@dataclass
class Sample:
    """rate in katom-step/s; seconds of each part of the loop; peak memory of the process in MiB."""

    rate: float
    parts: dict[str, float]
    atoms: int
    memory: float


def run(case: Case) -> Sample:
    """Runs one case; on one rank pinned to the first core. Raises RuntimeError with LAMMPS' output on failure."""
    cores = sorted(os.sched_getaffinity(0))

    def pin() -> None:
        if case.ranks == 1:
            os.sched_setaffinity(0, cores[:1])

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
    return Sample(rate, parts, atoms, usage.ru_maxrss / 1024.0)


def loops_of(text: str) -> list[tuple[float, int]]:
    """katom-step/s and atoms of each `run` in LAMMPS' output."""
    found = re.findall(r"Loop time of (\S+) on \d+ procs for (\d+) steps with (\d+) atoms", text)
    return [(int(atoms) * int(steps) / float(seconds) / 1000.0, int(atoms)) for seconds, steps, atoms in found]


def neighbours_of_lif() -> float:
    """Neighbours within the reach of RF-MEAM of an atom of the LiF that RF-MEAM alone is timed on."""
    from rfmeam import Potential

    cutoff = Potential.read(RFMEAM_ONLY).neighbourhood_cutoff
    half = 4.03 / 2
    grid = half * np.stack(np.meshgrid(*[np.arange(-4, 5)] * 3), -1).reshape(-1, 3)
    return float(np.sum(np.linalg.norm(grid, axis=1) < cutoff) - 1)


def main(
    quick: Annotated[bool, typer.Option(help="one short run of everything, no figures worth keeping")] = False,
    repeats: Annotated[int, typer.Option(min=1, help="runs of each case; the median counts")] = 5,
) -> None:
    console = Console()
    size = {"cells": 5, "steps": 5} if quick else {}
    repeats = 1 if quick else repeats
    lif = {"potential": RFMEAM_ONLY, "charges": "no", "timestep": 0.0001, **size}
    big = {"cells": 5 if quick else 11, "steps": 5 if quick else 30}
    groups = [
        [
            Case("RF-MEAM, LiF", "in.lif", lif),
            Case("RF-MEAM, LiF, kk 1 thread", "in.lif", lif, kokkos=True),
        ],
        [
            Case("RF-MEAM, Ni", "in.meam", {"style": "rfmeam", **size}),
            Case("meam, Ni", "in.meam", {"style": "meam", **size}),
        ],
        [
            Case("qeq/vc, LiF, 10 Å", "in.qeq", {"fix": "vc", **size}),
            Case("qeq/shielded, LiF, 10 Å", "in.qeq", {"fix": "shielded", **size}),
        ],
        [
            Case("RF-MEAM + qeq/vc, LiF.rfmeam, 1 rank", "in.lif", big),
            Case("RF-MEAM + qeq/vc, LiF.rfmeam, 2 ranks", "in.lif", big, ranks=2),
            Case("RF-MEAM + qeq/vc, LiF.rfmeam, kk 1 thread", "in.lif", big, kokkos=True),
        ],
    ]
    memory_cells = [4, 5, 6] if quick else [8, 10, 13, 16]
    memory_cases = [Case(f"memory {cells}", "in.lif", {"cells": cells, "steps": 5}) for cells in memory_cells]

    samples: dict[str, list[Sample]] = {}
    with Progress(console=console) as progress:
        bar = progress.add_task("measuring", total=repeats * sum(map(len, groups)) + len(memory_cases))
        for group in groups:
            for _ in range(repeats):
                for case in group:  # alternating, so that a slow machine is slow for both
                    progress.update(bar, description=case.name)
                    samples.setdefault(case.name, []).append(run(case))
                    progress.advance(bar)
        memory = []
        for case in memory_cases:
            progress.update(bar, description=case.name)
            sample = run(case)
            memory.append((sample.atoms, sample.memory))
            progress.advance(bar)

    def rate(name: str) -> float:
        return statistics.median(s.rate for s in samples[name])

    def ratio(name: str, peer: str) -> float:
        return statistics.median(a.rate / b.rate for a, b in zip(samples[name], samples[peer], strict=True))

    def per_step(name: str, part: str) -> float:
        """Median microseconds per atom and step of one part of the loop."""
        return statistics.median(s.parts[part] / sum(s.parts.values()) * 1000.0 / s.rate for s in samples[name])

    atoms, mebibytes = np.array(memory, dtype=float).T
    slope, offset = np.polyfit(atoms, mebibytes, 1)
    deviation = float(np.max(np.abs(mebibytes - slope * atoms - offset) / mebibytes))

    goals = [
        ("rfmeam_over_nap", rate("RF-MEAM, LiF") / NAP_RATE, 100.0, True),
        ("rfmeam_over_meam", ratio("RF-MEAM, Ni", "meam, Ni"), 0.5, True),
        ("qeq_vc_over_qeq_shielded", ratio("qeq/vc, LiF, 10 Å", "qeq/shielded, LiF, 10 Å"), 3.0, True),
        ("two_ranks_over_one", ratio(groups[3][1].name, groups[3][0].name), 1.7, True),
        ("memory_deviation_from_linear", deviation, 0.05, False),
    ]

    table = Table(title="katom-step/s, median (min to max)")
    for heading in ("case", "atoms", "rate", "Pair µs", "Modify µs", "Neigh µs"):
        table.add_column(heading, justify="left" if heading == "case" else "right")
    lines = [
        "| case | atoms | katom-step/s, median (min to max) | Pair | Modify | Neigh |",
        "|---|---|---|---|---|---|",
    ]
    for name, runs in samples.items():
        rates = [s.rate for s in runs]
        row = [
            name,
            str(runs[0].atoms),
            f"{rate(name):.1f} ({min(rates):.1f} to {max(rates):.1f})",
            *(f"{per_step(name, part):.1f}" for part in ("Pair", "Modify", "Neigh")),
        ]
        table.add_row(*row)
        lines.append("| " + " | ".join(row) + " |")
    console.print(table)

    verdicts = []
    for name, measured, required, at_least in goals:
        ok = measured >= required if at_least else measured <= required
        verdicts.append(f"goal {name} {measured:.3g} {required:g} {'ok' if ok else 'short'}")

    processor = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    version = subprocess.run(["lmp", "-h"], capture_output=True, text=True).stdout
    version = re.search(r"\d+ \w+ 20\d\d", version)
    shielded = per_step("qeq/shielded, LiF, 10 Å", "Modify") / per_step("qeq/vc, LiF, 10 Å", "Modify")
    report = f"""# Measured

`./dev bench` on {date.today()}: {processor[1] if processor else "unknown processor"}, {os.cpu_count()} cores,
LAMMPS {version[0] if version else "unknown"}. One core for each rank, medians of {repeats} alternating
runs; rates are of the whole MD loop, times in µs per atom and step. Inputs: `in.lif`, `in.meam`, `in.qeq`.

{chr(10).join(lines)}

```
{chr(10).join(verdicts)}
```

- `rfmeam_over_nap`: LiF with {neighbours_of_lif():.0f} neighbours within the reach of RF-MEAM (perfect crystal),
  against nap's {NAP_RATE} katom-step/s at 80 neighbours, which was measured on such a machine and is not run again.
- `rfmeam_over_meam`: the same Ni atoms, cutoff (4.0 Å), skin (2.0 Å) and screening window. Ratios are taken run by run.
- `qeq_vc_over_qeq_shielded`: the same LiF atoms, cutoff 10 Å, tolerance 1e-6 in both, the same Lennard-Jones repulsion
  beside; rates of the whole loop. The fix alone (Modify): {shielded:.1f} times.
- `two_ranks_over_one`: {samples[groups[3][0].name][0].atoms} atoms.
- `memory_deviation_from_linear`: {", ".join(f"{m:.0f}" for m in mebibytes)} MiB at most with
  {", ".join(f"{a:.0f}" for a in atoms)} atoms, that is {offset:.0f} MiB + {slope * 1024:.2f} KiB an atom;
  the largest relative deviation is given.
"""
    if not quick:
        (HERE / "RESULTS.md").write_text(report)
    for line in verdicts:
        print(line)


if __name__ == "__main__":
    try:
        typer.run(main)
    except RuntimeError as error:
        sys.exit(f"bench: {error}")
