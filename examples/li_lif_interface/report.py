"""The numbers of a run beside those to expect, and what is said where they differ."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from analyse import Results
from expected import Expected, Measured, Origin
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

# Beyond these, physics is broken: forces are not the derivative of the energy, charges did not
# converge, or the step is too long. Drift and noise: means of the runs of expected.json and ten
# standard deviations or more.
LARGEST_DRIFT = 0.03  # meV/atom/ps
LARGEST_NOISE = 0.02  # meV/atom
LARGEST_CHARGE = 1e-6  # e, of the whole box


@dataclass(frozen=True)
class Quantity:
    """A number of a run, to so many decimals. limit: what it must not exceed on either side."""

    name: str
    unit: str
    decimals: int
    value: float
    limit: float | None = None

    def text(self, number: float) -> str:
        return f"{number:.{self.decimals}f}" if math.isfinite(number) else "none"


def quantities(results: Results) -> list[Quantity]:
    """All numbers of the example."""
    metal, metal_spread = results.mean_charge("Li", "Li")
    lithium, _ = results.mean_charge("Li", "LiF")
    fluorine, _ = results.mean_charge("F", "LiF")
    li_li, li_f = results.peak("Li metal", "Li", "Li"), results.peak("LiF", "Li", "F")
    cold, warm = results.spacings_minimised, results.spacings
    fluorine_moved = results.displacement("F", "LiF")
    lithium_moved = results.displacement("Li", "Li")
    nve = results.nve
    largest_drift = LARGEST_DRIFT + nve.drift_uncertainty
    return [
        Quantity("charge of Li in the metal", "e", 4, metal),
        Quantity("its spread over atoms and time", "e", 4, metal_spread),
        Quantity("charge of Li in LiF", "e", 4, lithium),
        Quantity("charge of F in LiF", "e", 4, fluorine),
        Quantity("width of the step in the charge of Li", "Å", 2, results.width),
        Quantity("distance LiF - metal, minimised", "Å", 3, cold.gap),
        Quantity("distance LiF - metal, 300 K", "Å", 3, warm.gap),
        Quantity("first metal layer towards LiF, minimised", "Å", 3, cold.shift_to_salt),
        Quantity("first metal layer towards LiF, 300 K", "Å", 3, warm.shift_to_salt),
        Quantity("first peak of g(r), Li-Li in the metal", "Å", 3, li_li),
        Quantity("first peak of g(r), Li-F in LiF", "Å", 3, li_f),
        Quantity("F moved in all, rms", "Å", 2, fluorine_moved),
        Quantity("Li of the metal moved in all, rms", "Å", 2, lithium_moved),
        Quantity("temperature", "K", 1, results.temperature),
        Quantity("normal pressure", "GPa", 3, results.pressure),
        Quantity("drift of the energy, NVE", "meV/atom/ps", 4, nve.drift, largest_drift),
        Quantity("noise of the energy, NVE", "meV/atom", 4, nve.noise, LARGEST_NOISE),
        Quantity("total charge, largest", "e", 6, results.total_charge, LARGEST_CHARGE),
    ]


class Verdict(Enum):
    OK = "[green]ok[/]"
    REMARK = "[yellow]remark[/]"
    BROKEN = "[bold red]broken[/]"


@dataclass(frozen=True)
class Comparison:
    """A number of this run and what other runs gave, if anything."""

    quantity: Quantity
    measured: Measured | None

    @property
    def tolerance(self) -> float:
        """What is off by more is remarked upon; at least the last decimal that is shown."""
        if self.measured is None or self.measured.runs < 2:
            return math.nan
        return max(self.measured.interval, 10.0**-self.quantity.decimals)

    @property
    def verdict(self) -> Verdict:
        limit, value = self.quantity.limit, self.quantity.value
        if limit is not None and not abs(value) <= limit:  # nan is not
            return Verdict.BROKEN
        if self.measured is None or not abs(value - self.measured.mean) <= self.tolerance:
            return Verdict.REMARK
        return Verdict.OK

    @property
    def reason(self) -> str:
        """Why the verdict is not "ok"."""
        q, measured = self.quantity, self.measured
        if self.verdict is Verdict.BROKEN:
            return f"{q.text(q.value)} {q.unit}, at most ±{q.text(q.limit)} where physics is sound"
        if measured is None or measured.runs < 2:
            return f"{q.text(q.value)} {q.unit}; there is no expected number"
        spread = f"{q.text(measured.mean)} ± {q.text(measured.std)} {q.unit}"
        others = f"{measured.runs} runs gave {spread}"
        if not math.isfinite(q.value):
            return f"not found in this run; {others}"
        off = abs(q.value - measured.mean)
        deviations = f", {off / measured.std:.0f} standard deviations" if measured.std else ""
        return f"{others}; this one is {q.text(off)} off{deviations}"


def compare(numbers: Sequence[Quantity], expected: Expected | None) -> list[Comparison]:
    """Each number with those of the expected runs, if there are any."""
    known = expected.numbers if expected else {}
    return [Comparison(q, known.get(q.name)) for q in numbers]


def print_comparison(
    comparisons: Sequence[Comparison], expected: Expected | None, origin: Origin, console: Console
) -> None:
    """One line for each number, then what is to be said about those that are off."""
    table = Table("", "unit", box=SIMPLE)
    for head in ("this run", "expected", "±"):
        table.add_column(head, justify="right", no_wrap=True)
    table.add_column("", no_wrap=True)
    for c in comparisons:
        q = c.quantity
        mean = q.text(c.measured.mean) if c.measured else "none"
        table.add_row(q.name, q.unit, q.text(q.value), mean, q.text(c.tolerance), c.verdict.value)
    console.print(table)
    remarks = [c for c in comparisons if c.verdict is Verdict.REMARK]
    for verdict in (Verdict.REMARK, Verdict.BROKEN):
        for c in comparisons:
            if c.verdict is verdict:
                console.print(f"{verdict.value}: {c.quantity.name}: {c.reason}", soft_wrap=True)
    if remarks:
        console.print(explanation(expected, origin), soft_wrap=True)


def explanation(expected: Expected | None, origin: Origin) -> str:
    """What remarks mean."""
    if expected is None:
        return "Nothing was measured to compare with: see --repeat."
    known = expected.origin
    if known.sha256 != origin.sha256:
        return "The expected numbers are of another potential."
    if known != origin:
        return f"The expected numbers are of runs with {known.picoseconds:g} ps of NVT."
    return (
        "MD is chaotic: other velocities, numbers of ranks and processors give other numbers.\n"
        "Fewer than one run in 1000 lies that far off by chance; another LAMMPS, plugin or\n"
        "library may have moved it."
    )


def markdown(numbers: Sequence[Quantity], expected: Expected) -> str:
    """The table of README.md."""
    lines = ["| | unit | mean | std | ± |", "|---|---|---|---|---|"]
    for c in compare(numbers, expected):
        if c.measured:
            shown = [c.quantity.text(x) for x in (c.measured.mean, c.measured.std, c.tolerance)]
            cells = [c.quantity.name, c.quantity.unit, *shown]
            lines.append(f"| {' | '.join(cells)} |".replace("-0.", "−0."))
    return "\n".join(lines)
