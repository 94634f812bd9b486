"""The same system several times, for what to expect of one run."""

import json
from collections.abc import Callable
from pathlib import Path

from expected import Expected, Measured, Origin
from report import Quantity
from simulate import CONDITIONS, Conditions

WITHOUT_FMA = "glibc.cpu.hwcaps=-AVX512F,-AVX2,-FMA"


def conditions(count: int, seed: int, cores: int) -> list[Conditions]:
    """Other velocities in each; all cores and one, two instruction sets, kk and plain styles in
    turn: all of them in eight runs."""
    return [
        Conditions(
            seed=seed + n,
            ranks=1 if n & 1 else cores,
            plain=bool(n & 4),
            tunables=WITHOUT_FMA if n & 2 else "",
        )
        for n in range(count)
    ]


def repeat(
    folder: Path,
    origin: Origin,
    runs: list[Conditions],
    one_run: Callable[[Path, Conditions], list[Quantity]],
) -> tuple[Expected, list[Quantity]]:
    """Runs those that are not finished, each in a folder of its own; the numbers of all, and those
    of the last."""
    made, numbers = [], []
    for n, run in enumerate(runs, 1):
        place = folder / f"{n:02d}"
        numbers.append(one_run(place, run))
        made.append(json.loads((place / CONDITIONS).read_text()))
    names = [q.name for q in numbers[-1]]
    values = {name: [q.value for run in numbers for q in run if q.name == name] for name in names}
    measured = {name: Measured.of(v) for name, v in values.items()}
    return Expected(origin, made, measured), numbers[-1]
