"""The same system several times, for what to expect of one run."""

import json
from collections.abc import Callable
from pathlib import Path

from expected import Expected, Measured, Origin
from report import Quantity
from simulate import CONDITIONS, Conditions

WITHOUT_FMA = "glibc.cpu.hwcaps=-AVX512F,-AVX2,-FMA"


def conditions(count: int, seed: int, cores: int) -> list[Conditions]:
    """Other velocities in each; all cores and one core in turn, instruction sets two by two."""
    return [
        Conditions(seed + n, cores if n % 2 == 0 else 1, "" if n // 2 % 2 == 0 else WITHOUT_FMA)
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
