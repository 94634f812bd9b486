"""Comparisons of the styles with themselves: variants, terms, long range, sizes."""

import re
import statistics
from pathlib import Path

import numpy as np
from group import Goal, Group
from measure import HERE, LIF, Case, Samples, neighbours_in_lif
from terms import ALL, PLAIN, TERMS, with_long_range, write_potentials

RFMEAM_ONLY = HERE.parent / "unittest/data/nap/lif216_type1/potential.rfmeam"
NAP_RATE = 0.60  # katom-step/s of nap's RF-MEAM: LiF, 80 neighbours, one core of such a machine; nap is not run here

# LiF at the start of the runs that show how the time goes with the number of atoms
CRYSTALS = {
    "perfect": {"displace": 0.0, "temperature": 300.0},
    "hot": {"displace": 0.2, "temperature": 1000.0},
}
# cells and turns: 4096, 32 768, 1 000 000 atoms
SCALING = {8: 8, 16: 3, 50: 1}
# the same for all of them, as charges take fewer iterations with every step that they can be guessed from; so few that
# no neighbor list is made anew, which a million atoms have no time for
SCALING_STEPS = {"before": 3, "steps": 4}
SCALING_REPEATS = 3  # a run of a million atoms takes most of a minute
MEMORY_CELLS = [8, 10, 13, 16]

WHOLE, BARE = "RF-MEAM + qeq/vc", "RF-MEAM of it"
KK, KK2, RANKS = f"{WHOLE}, kk 1 thread", f"{WHOLE}, kk 2 threads", f"{WHOLE}, 2 ranks"
CUT, PPPM = "gaussian cut off at 9 Å", "gaussian long 9.0, pppm 1e-4"


def groups(quick: bool, folder: Path) -> list[Group]:
    return [
        nap(quick),
        variants(quick, folder),
        terms(quick, folder),
        long_range(quick, folder),
        *(sizes(crystal, quick) for crystal in CRYSTALS),
        memory(quick),
    ]


def without_charges(potential: Path, folder: Path) -> Path:
    """A copy of the potential file that has RF-MEAM alone."""
    lines = potential.read_text().splitlines(keepends=True)
    copy = folder / "without_charges.rfmeam"
    copy.write_text("".join(line for line in lines if not re.match(r"\s*(coulomb|rho|width|charge)\b", line)))
    return copy


def neighbours_of_lif() -> int:
    """Neighbours within the reach of RF-MEAM of an atom of the LiF that RF-MEAM alone is timed on."""
    from rfmeam import Potential

    return neighbours_in_lif(Potential.read(RFMEAM_ONLY).neighbourhood_cutoff)


def nap(quick: bool) -> Group:
    size = {"cells": 5, "steps": 5} if quick else {}
    lif = {"potential": RFMEAM_ONLY, "charges": "no", "timestep": 0.0001, **size}
    plain, kk = "RF-MEAM, LiF", "RF-MEAM, LiF, kk 1 thread"
    return Group(
        "nap",
        [Case(plain, "in.lif", lif), Case(kk, "in.lif", lif, threads=1)],
        lambda s: [
            f"`rfmeam_over_nap`: LiF with {neighbours_of_lif()} neighbours within the reach of RF-MEAM (perfect "
            f"crystal), against nap's {NAP_RATE} katom-step/s at 80 neighbours, which was measured on such a machine "
            "and is not run again."
        ],
        lambda s: [Goal("rfmeam_over_nap", s.rate(plain) / NAP_RATE, 120.0)],
    )


def share_of_charges(samples: Samples, variant: str) -> float:
    """The part of a step's time that the charges cost: their solution, and Coulomb's energy and forces."""
    whole, bare = samples.of[WHOLE + variant], samples.of[BARE + variant]
    return 1.0 - statistics.median(a.rate / b.rate for a, b in zip(whole, bare, strict=True))


def variants(quick: bool, folder: Path) -> Group:
    size = {"cells": 5 if quick else 11, "steps": 5 if quick else 30}
    bare = {**size, "potential": without_charges(LIF, folder), "charges": "no"}
    return Group(
        "variants",
        [
            Case(WHOLE, "in.lif", size),
            Case(RANKS, "in.lif", size, ranks=2),
            Case(KK, "in.lif", size, threads=1),
            Case(KK2, "in.lif", size, threads=2),
            Case(BARE, "in.lif", bare),
            Case(f"{BARE}, kk 1 thread", "in.lif", bare, threads=1),
        ],
        lambda s: [
            f"Charges, to 1e-6 at every step: {s.iterations(WHOLE):.1f} iterations a step (kk {s.iterations(KK):.1f}). "
            f"They, with Coulomb's energy and forces, take {share_of_charges(s, ''):.0%} of the time (kk, 1 thread: "
            f"{share_of_charges(s, ', kk 1 thread'):.0%}), by a step of RF-MEAM of the file alone.",
            f"`kk_one_thread_over_plain`, `kk_two_threads_over_one`, `two_ranks_over_one`: RF-MEAM and charges, "
            f"{s.of[WHOLE][0].atoms} atoms.",
        ],
        lambda s: [
            Goal("kk_one_thread_over_plain", s.ratio(KK, WHOLE), 0.95, aim=1.0),
            Goal("kk_two_threads_over_one", s.ratio(KK2, KK), 1.75, aim=1.85),
            Goal("two_ranks_over_one", s.ratio(RANKS, WHOLE), 1.8, aim=1.9),
        ],
    )


def terms(quick: bool, folder: Path) -> Group:
    """The plain model, each charge-dependent term beside it, and all of them."""
    files = write_potentials(folder)
    size = {"cells": 5, "steps": 5} if quick else {"cells": 8, "steps": 40}
    return Group(
        "terms",
        [Case(name, "in.lif", {"potential": file, **size}) for name, file in files.items()],
        lambda s: [
            "`all_terms_over_plain_model`: time of a step with every charge-dependent term, by that of the plain "
            f"model, with one of them alone: {', '.join(f'{name} {s.ratio(PLAIN, name):.2f}' for name in TERMS)} "
            "(potentials: `terms.py`)."
        ],
        lambda s: [Goal("all_terms_over_plain_model", s.ratio(PLAIN, ALL), 1.3, at_least=False)],
    )


def long_range(quick: bool, folder: Path) -> Group:
    potential = folder / "long_range.rfmeam"
    potential.write_text(with_long_range(), encoding="utf-8")
    size = {"cells": 5, "steps": 5} if quick else {"cells": 8, "steps": 40}
    return Group(
        "long-range",
        [
            Case(CUT, "in.lif", {"potential": potential, **size}),
            Case(PPPM, "in.lif", {"potential": potential, "long": "yes", **size}),
        ],
        lambda s: [
            "`long_range_over_cut_off`: whole steps with Coulomb to long range, pppm 1e-4, over those with the same "
            "Gaussian charges cut off where pairs end here, at 9 Å; charges to 1e-6 in both, "
            f"{s.iterations(PPPM):.1f} and {s.iterations(CUT):.1f} iterations a step."
        ],
        lambda s: [Goal("long_range_over_cut_off", s.ratio(PPPM, CUT), 0.5)],
        ("kspace pppm",),
    )


def sizes(crystal: str, quick: bool) -> Group:
    cases = [
        Case(
            f"{crystal} LiF, {8 * cells**3} atoms",
            "in.lif",
            {"cells": cells, **SCALING_STEPS, **CRYSTALS[crystal]},
            turns=turns,
        )
        for cells, turns in ({4: 2, 5: 1} if quick else SCALING).items()
    ]
    start = {"perfect": "on lattice sites", "hot": "displaced by up to 0.2 Å along each axis"}[crystal]
    return Group(
        f"sizes-{crystal}",
        cases,
        lambda s: [
            f"`time_an_atom_{crystal}_crystal`: the longest time an atom and step over the shortest, less 1; atoms at "
            f"first {start}, velocities of {CRYSTALS[crystal]['temperature']:.0f} K; steps "
            f"{SCALING_STEPS['before'] + 1} to {SCALING_STEPS['before'] + SCALING_STEPS['steps']} of each, medians of "
            f"{', '.join(str(len(s.of[case.name])) for case in cases)} runs."
        ],
        lambda s: [
            Goal(f"time_an_atom_{crystal}_crystal", s.spread([case.name for case in cases]), 0.1, at_least=False)
        ],
        repeats=SCALING_REPEATS,
    )


def memory(quick: bool) -> Group:
    cells = [4, 5, 6] if quick else MEMORY_CELLS
    cases = [Case(f"memory, {8 * n**3} atoms", "in.lif", {"cells": n, "steps": 5}) for n in cells]

    def line(samples: Samples) -> tuple[np.ndarray, np.ndarray, float, float]:
        """Atoms and MiB at most, slope and offset of the line through them."""
        measured = [samples.of[case.name][0] for case in cases]
        atoms, mebibytes = np.array([(s.atoms, s.memory) for s in measured]).T
        slope, offset = np.polyfit(atoms, mebibytes, 1)
        return atoms, mebibytes, slope, offset

    def note(samples: Samples) -> list[str]:
        atoms, mebibytes, slope, offset = line(samples)
        return [
            f"`memory_deviation_from_linear`: {', '.join(f'{m:.0f}' for m in mebibytes)} MiB at most with "
            f"{', '.join(f'{a:.0f}' for a in atoms)} atoms, that is {offset:.0f} MiB + {slope * 1024:.2f} KiB an atom; "
            "the largest relative deviation is given."
        ]

    def goal(samples: Samples) -> list[Goal]:
        atoms, mebibytes, slope, offset = line(samples)
        deviation = float(np.max(np.abs(mebibytes - slope * atoms - offset) / mebibytes))
        return [Goal("memory_deviation_from_linear", deviation, 0.05, at_least=False)]

    return Group("memory", cases, note, goal, repeats=1, tabulated=False)
