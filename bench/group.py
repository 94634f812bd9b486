"""What run.py measures: groups of runs that are compared with each other, and what their figures must be."""

import re
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from measure import Case, Samples


@dataclass(frozen=True)
class Goal:
    """A figure, how much or how little it must be, and, where that is not reached yet, what it is to become."""

    name: str
    measured: float
    required: float
    at_least: bool = True
    aim: float | None = None

    @property
    def met(self) -> bool:
        return self.reaches(self.required)

    def reaches(self, figure: float) -> bool:
        return self.measured >= figure if self.at_least else self.measured <= figure

    def __str__(self) -> str:
        line = f"goal {self.name} {self.measured:.3g} {self.required:g} {'ok' if self.met else 'short'}"
        if self.aim is None:
            return line
        return f"{line}, aim {self.aim:g} {'reached' if self.reaches(self.aim) else 'not reached'}"


@dataclass(frozen=True)
class Group:
    """Cases that alternate; goals and lines of the report from their samples.

    styles: of LAMMPS' packages that the cases need, as "pair meam". repeats: at most, for what takes minutes.
    tabulated: whether rates of the cases are worth a table.
    """

    name: str
    cases: list[Case]
    notes: Callable[[Samples], list[str]]
    goals: Callable[[Samples], list[Goal]] = field(default=lambda samples: [])
    styles: tuple[str, ...] = ()
    repeats: int | None = None
    tabulated: bool = True

    def times(self, repeats: int) -> int:
        """How often it is measured where others are `repeats` times."""
        return repeats if self.repeats is None else min(repeats, self.repeats)


def chosen(groups: list[Group], only: list[str]) -> list[Group]:
    """Those that are named, all if none is. Raises ValueError for a name that there is not."""
    names = [group.name for group in groups]
    for name in only:
        if name not in names:
            raise ValueError(f"no group {name}, allowed are {', '.join(names)}")
    return [group for group in groups if not only or group.name in only]


def missing_styles(styles: set[str]) -> set[str]:
    """Those that this LAMMPS does not have, with its plugins. Raises RuntimeError with LAMMPS' output on failure."""
    kinds = sorted({style.split()[0] for style in styles})
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "in.styles"
        script.write_text("".join(f"info styles {kind}\n" for kind in kinds))
        words = ["lmp", "-in", str(script), "-log", "none", "-nocite"]
        done = subprocess.run(words, capture_output=True, text=True)
    lists = re.findall(r"^(\w+) styles:\n(.*?)\n\n\n", done.stdout, re.M | re.S)
    known = {f"{kind.lower()} {name}" for kind, names in lists for name in names.split()}
    if done.returncode != 0 or {kind.lower() for kind, _ in lists} != set(kinds):
        raise RuntimeError(f"lmp does not list its styles as expected\n{done.stdout[-3000:]}")
    return styles - known
