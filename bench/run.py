"""Measures the styles against LAMMPS' own, alternating the runs; writes RESULTS.md. Run by ./dev bench.

A figure that misses its goal makes it end with exit code 1.
"""

import re
import statistics
import sys
import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from measure import HERE, Case, Samples, markdown, processor, run, version_of_lammps
from rich.progress import Progress
from terms import ALL, PLAIN, TERMS, write_potentials

RFMEAM_ONLY = HERE.parent / "unittest/data/nap/lif216_type1/potential.rfmeam"
LIF = HERE.parent / "unittest/data/lif_coarse.rfmeam"  # the one of all earlier measurements
NAP_RATE = 0.60  # katom-step/s of nap's RF-MEAM: LiF, 80 neighbours, one core of such a machine; nap is not run here

# LiF at the start of the runs that show how the time goes with the number of atoms
CRYSTALS = {
    "perfect": {"displace": 0.0, "temperature": 300.0},
    "hot": {"displace": 0.2, "temperature": 1000.0},
}
# cells, steps before and when timed: 4096, 32 768, 1 000 000 atoms. So few that no neighbor list is made anew, which a
# million atoms have no time for
SCALING = [(8, 2, 6), (16, 2, 6), (50, 1, 3)]
MEMORY_CELLS = [8, 10, 13, 16]

# published potentials beside LAMMPS' own implementations of them
SHIELDED, REAXFF = "qeq/vc shielded, LiF, 10 Å", "qeq/reaxff, LiF, 10 Å"
ALUMINA, STREITZ = "slater + qeq/vc + eam/alloy, Al₂O₃", "coul/streitz + qeq/slater + eam/alloy, Al₂O₃"


@dataclass(frozen=True)
class Goal:
    """A figure and how much or how little it must be."""

    name: str
    measured: float
    required: float
    at_least: bool = True

    @property
    def met(self) -> bool:
        return self.measured >= self.required if self.at_least else self.measured <= self.required

    def __str__(self) -> str:
        return f"goal {self.name} {self.measured:.3g} {self.required:g} {'ok' if self.met else 'short'}"


def without_charges(potential: Path, folder: Path) -> Path:
    """A copy of the potential file that has RF-MEAM alone."""
    lines = potential.read_text().splitlines(keepends=True)
    copy = folder / "without_charges.rfmeam"
    copy.write_text("".join(line for line in lines if not re.match(r"\s*(coulomb|rho|width|charge)\b", line)))
    return copy


def neighbours_of_lif() -> float:
    """Neighbours within the reach of RF-MEAM of an atom of the LiF that RF-MEAM alone is timed on."""
    from rfmeam import Potential

    cutoff = Potential.read(RFMEAM_ONLY).neighbourhood_cutoff
    half = 4.03 / 2
    grid = half * np.stack(np.meshgrid(*[np.arange(-4, 5)] * 3), -1).reshape(-1, 3)
    return float(np.sum(np.linalg.norm(grid, axis=1) < cutoff) - 1)


def cases(quick: bool, folder: Path) -> list[list[Case]]:
    """Those of a group are compared with each other."""
    size = {"cells": 5, "steps": 5} if quick else {}
    lif = {"potential": RFMEAM_ONLY, "charges": "no", "timestep": 0.0001, **size}
    big = {"cells": 5 if quick else 11, "steps": 5 if quick else 30}
    bare = {**big, "potential": without_charges(LIF, folder), "charges": "no"}
    return [
        [
            Case("RF-MEAM, LiF", "in.lif", lif),
            Case("RF-MEAM, LiF, kk 1 thread", "in.lif", lif, threads=1),
        ],
        [
            Case("RF-MEAM, Ni", "in.meam", {"style": "rfmeam", **size}),
            Case("meam, Ni", "in.meam", {"style": "meam", **size}),
        ],
        [
            Case("qeq/vc, LiF, 10 Å", "in.qeq", {"fix": "vc", **size}),
            Case("qeq/vc solver xl, LiF, 10 Å", "in.qeq", {"fix": "vc", "solver": "xl", **size}),
            Case("qeq/shielded, LiF, 10 Å", "in.qeq", {"fix": "shielded", **size}),
        ],
        [
            Case(SHIELDED, "in.qeq", {"fix": "vc", "kernel": "LiF_kernel", **size}),
            Case(REAXFF, "in.qeq", {"fix": "reaxff", **size}),
        ],
        [
            Case(ALUMINA, "in.alumina", {"fix": "vc", "steps": 2 if quick else 20}),
            Case(STREITZ, "in.alumina", {"fix": "slater", "steps": 2 if quick else 10}),
        ],
        [
            Case("RF-MEAM + qeq/vc", "in.lif", big),
            Case("RF-MEAM + qeq/vc, 2 ranks", "in.lif", big, ranks=2),
            Case("RF-MEAM + qeq/vc, kk 1 thread", "in.lif", big, threads=1),
            Case("RF-MEAM + qeq/vc, kk 2 threads", "in.lif", big, threads=2),
            Case("RF-MEAM of it", "in.lif", bare),
            Case("RF-MEAM of it, kk 1 thread", "in.lif", bare, threads=1),
        ],
        term_cases(quick, folder),
        *(scaling_cases(crystal, quick) for crystal in CRYSTALS),
    ]


def term_cases(quick: bool, folder: Path) -> list[Case]:
    """The plain model, each charge-dependent term beside it, and all of them."""
    size = {"cells": 5, "steps": 5} if quick else {"cells": 8, "steps": 40}
    return [Case(name, "in.lif", {"potential": file, **size}) for name, file in write_potentials(folder).items()]


def cost(samples: Samples, name: str) -> float:
    """Time of a step with a potential over that with the plain model, run by run."""
    return samples.ratio(PLAIN, name)


def scaling_cases(crystal: str, quick: bool) -> list[Case]:
    sizes = [(4, 1, 5), (5, 1, 5)] if quick else SCALING
    return [
        Case(
            f"{crystal} LiF, {8 * cells**3} atoms",
            "in.lif",
            {"cells": cells, "before": before, "steps": steps, **CRYSTALS[crystal]},
        )
        for cells, before, steps in sizes
    ]


def spread(samples: Samples, crystal: str, quick: bool) -> float:
    """How much longer than the shortest the longest time an atom and step is, over the sizes."""
    return samples.spread([case.name for case in scaling_cases(crystal, quick)])


def fix_alone(samples: Samples, name: str) -> float:
    """Microseconds an atom and step that the charge fix takes."""
    return samples.microseconds(name, "Modify")


def share_of_charges(samples: Samples, variant: str) -> float:
    """The part of a step's time that the charges cost: their solution, and Coulomb's energy and forces."""
    whole, bare = f"RF-MEAM + qeq/vc{variant}", f"RF-MEAM of it{variant}"
    return 1.0 - statistics.median(a.rate / b.rate for a, b in zip(samples.of[whole], samples.of[bare], strict=True))


def goals_of(samples: Samples, quick: bool, memory_deviation: float) -> list[Goal]:
    whole = "RF-MEAM + qeq/vc"
    kk = f"{whole}, kk 1 thread"
    return [
        Goal("rfmeam_over_nap", samples.rate("RF-MEAM, LiF") / NAP_RATE, 120.0),
        Goal("rfmeam_over_meam", samples.ratio("RF-MEAM, Ni", "meam, Ni"), 2.5),
        Goal("qeq_vc_over_qeq_shielded", samples.ratio("qeq/vc, LiF, 10 Å", "qeq/shielded, LiF, 10 Å"), 10.0),
        Goal("xl_over_qeq_shielded", samples.ratio("qeq/vc solver xl, LiF, 10 Å", "qeq/shielded, LiF, 10 Å"), 20.0),
        Goal("qeq_vc_over_qeq_reaxff", fix_alone(samples, REAXFF) / fix_alone(samples, SHIELDED), 5.0),
        Goal("alumina_over_streitz", samples.ratio(ALUMINA, STREITZ), 8.0),
        Goal("kk_one_thread_over_plain", samples.ratio(kk, whole), 0.95),
        Goal("kk_two_threads_over_one", samples.ratio(f"{whole}, kk 2 threads", kk), 1.75),
        Goal("two_ranks_over_one", samples.ratio(f"{whole}, 2 ranks", whole), 1.8),
        Goal("all_terms_over_plain_model", cost(samples, ALL), 1.3, False),
        *(
            Goal(
                f"time_an_atom_{name}_crystal", samples.spread([c.name for c in scaling_cases(name, quick)]), 0.1, False
            )
            for name in CRYSTALS
        ),
        Goal("memory_deviation_from_linear", memory_deviation, 0.05, False),
    ]


def main(
    quick: Annotated[bool, typer.Option(help="one short run of everything, no figures worth keeping")] = False,
    repeats: Annotated[int, typer.Option(min=5, help="runs of each case; the median counts")] = 5,
) -> None:
    repeats = 1 if quick else repeats
    memory_cells = [4, 5, 6] if quick else MEMORY_CELLS
    samples, memory = Samples(), []
    with tempfile.TemporaryDirectory() as folder, Progress() as bar:
        groups = cases(quick, Path(folder))
        task = bar.add_task("measuring", total=repeats * sum(map(len, groups)) + len(memory_cells))

        def progress(name: str) -> None:
            bar.update(task, description=name, advance=1)

        samples.measure(groups, repeats, progress)
        for cells in memory_cells:
            progress(f"memory {cells}")
            sample = run(Case(f"memory {cells}", "in.lif", {"cells": cells, "steps": 5}))
            memory.append((sample.atoms, sample.memory))

    atoms, mebibytes = np.array(memory, dtype=float).T
    slope, offset = np.polyfit(atoms, mebibytes, 1)
    deviation = float(np.max(np.abs(mebibytes - slope * atoms - offset) / mebibytes))
    goals = goals_of(samples, quick, deviation)

    memory_line = (
        f"{', '.join(f'{m:.0f}' for m in mebibytes)} MiB at most with {', '.join(f'{a:.0f}' for a in atoms)} atoms, "
        f"that is {offset:.0f} MiB + {slope * 1024:.2f} KiB an atom"
    )
    text = report(samples, goals, repeats, memory_line)
    print(text)
    if quick:
        return
    (HERE / "RESULTS.md").write_text(text)
    short = [goal.name for goal in goals if not goal.met]
    if short:
        sys.exit(f"bench: short of the goal: {', '.join(short)}")


def report(samples: Samples, goals: list[Goal], repeats: int, memory_line: str) -> str:
    whole = "RF-MEAM + qeq/vc"
    kk = f"{whole}, kk 1 thread"
    shielded = samples.microseconds("qeq/shielded, LiF, 10 Å", "Modify")
    vc = samples.microseconds("qeq/vc, LiF, 10 Å", "Modify")
    xl = samples.microseconds("qeq/vc solver xl, LiF, 10 Å", "Modify")
    return f"""# Measured

`./dev bench` on {date.today()}: {processor()},
LAMMPS {version_of_lammps()}. One core for each rank or thread, medians of {repeats} alternating
runs (smallest to largest); rates are of the whole MD loop, times in µs per atom and step. Inputs: `in.lif`, `in.meam`,
`in.qeq`, `in.alumina`; with charges the potential is `unittest/data/lif_coarse.rfmeam`.

{markdown(samples.table())}

```
{chr(10).join(map(str, goals))}
```

- Charges, to 1e-6 at every step: {samples.iterations(whole):.1f} iterations a step
  (kk {samples.iterations(kk):.1f}). They, with Coulomb's energy and forces, take {share_of_charges(samples, ""):.0%}
  of the time (kk, 1 thread: {share_of_charges(samples, ", kk 1 thread"):.0%}), by a step of RF-MEAM of the file alone.
- `rfmeam_over_nap`: LiF with {neighbours_of_lif():.0f} neighbours within the reach of RF-MEAM (perfect crystal),
  against nap's {NAP_RATE} katom-step/s at 80 neighbours, which was measured on such a machine and is not run again.
- `rfmeam_over_meam`: the same Ni atoms, cutoff (4.0 Å), skin (2.0 Å) and screening window. Ratios are taken run by run.
- `qeq_vc_over_qeq_shielded`: the same LiF atoms, cutoff 10 Å, tolerance 1e-6 in both, the same Lennard-Jones repulsion
  beside; rates of the whole loop. The fix alone (Modify): {shielded / vc:.1f} times.
- `xl_over_qeq_shielded`: the same with shadow dynamics of the charges, `solver xl`, after its first full solves; the
  fix alone: {shielded / xl:.1f} times.
- `qeq_vc_over_qeq_reaxff`: the fix alone (Modify), on the same atoms with the kernel of `fix qeq/reaxff`, its cutoff
  of 10 Å, and 1e-6 in both.
- `alumina_over_streitz`: whole steps of LAMMPS' example `streitz` (cutoff 12 Å, Wolf's sum), `eam/alloy` in both,
  1e-6 in both.
- `kk_one_thread_over_plain`, `kk_two_threads_over_one`, `two_ranks_over_one`: RF-MEAM and charges,
  {samples.of[whole][0].atoms} atoms.
- `all_terms_over_plain_model`: time of a step with every charge-dependent term, by that of the plain model; with one of
  them alone: {", ".join(f"{name} {cost(samples, name):.2f}" for name in TERMS)} (potentials: `terms.py`).
- `time_an_atom_…_crystal`: the longest time an atom and step over the shortest, less 1. Perfect: on lattice sites,
  velocities of 300 K; hot: displaced by up to 0.2 Å along each axis, velocities of 1000 K.
- `memory_deviation_from_linear`: {memory_line};
  the largest relative deviation is given.
"""


if __name__ == "__main__":
    try:
        typer.run(main)
    except RuntimeError as error:
        sys.exit(f"bench: {error}")
