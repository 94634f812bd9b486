"""What to expect of a run: the numbers of several runs that differ in velocities and rounding."""

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from scipy.stats import t as student

OUTSIDE = 1e-3  # of further runs lie beyond the interval of a number, by chance


class ExpectedError(Exception):
    """What is wrong with a file of expected numbers, for the user."""


@dataclass(frozen=True)
class Measured:
    """A number in each of several runs; those that could not be found are left out."""

    values: tuple[float, ...]

    @classmethod
    def of(cls, values: Sequence[float | None]) -> "Measured":
        return cls(tuple(v for v in values if v is not None and math.isfinite(v)))

    @property
    def runs(self) -> int:
        return len(self.values)

    @property
    def mean(self) -> float:
        return float(np.mean(self.values)) if self.values else math.nan

    @property
    def std(self) -> float:
        """Standard deviation of single runs."""
        return float(np.std(self.values, ddof=1)) if self.runs > 1 else math.nan

    @property
    def interval(self) -> float:
        """How far off the mean a further run may lie: Student's prediction interval, which knows
        that mean and standard deviation are of few runs."""
        of_mean_and_run = self.std * (1 + 1 / self.runs) ** 0.5
        return float(student.isf(OUTSIDE / 2, self.runs - 1)) * of_mean_and_run


@dataclass(frozen=True)
class Origin:
    """What was run: other potentials and lengths have other numbers."""

    potential: str
    sha256: str
    picoseconds: float

    @classmethod
    def of(cls, potential: Path, picoseconds: float) -> "Origin":
        digest = hashlib.sha256(potential.read_bytes()).hexdigest()
        return cls(potential.name, digest, picoseconds)


@dataclass(frozen=True)
class Expected:
    """Numbers by name, of runs under several conditions (seed, ranks, instruction sets, ...)."""

    origin: Origin
    conditions: Sequence[Mapping[str, str | int]]
    numbers: Mapping[str, Measured]

    @classmethod
    def read(cls, file: Path) -> "Expected":
        """Errors: ExpectedError."""
        try:
            content = json.loads(file.read_text(encoding="utf-8"))
            numbers = {name: Measured.of(n["values"]) for name, n in content["numbers"].items()}
            return cls(Origin(**content["origin"]), content["conditions"], numbers)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ExpectedError(f"{file} is not what --repeat writes: {error!r}") from None

    def write(self, file: Path) -> None:
        numbers = {
            name: {"mean": m.mean, "std": m.std, "runs": m.runs, "values": m.values}
            for name, m in self.numbers.items()
        }
        content = {
            "origin": asdict(self.origin),
            "conditions": list(self.conditions),
            "numbers": rounded(numbers),
        }
        file.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def rounded(content: object) -> object:
    """With numbers to 6 digits, and null for nan, which JSON does not know."""
    if isinstance(content, float):
        return float(f"{content:.6g}") if math.isfinite(content) else None
    if isinstance(content, Mapping):
        return {name: rounded(part) for name, part in content.items()}
    if isinstance(content, list | tuple):
        return [rounded(part) for part in content]
    return content
