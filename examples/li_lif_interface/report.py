"""The numbers of a run beside those to expect."""

from dataclasses import dataclass

from analyse import Results
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table


@dataclass(frozen=True)
class Quantity:
    """A number of this run, what it was in the reference run, and how far off it may be."""

    name: str
    unit: str
    value: float
    expected: float
    tolerance: float

    @property
    def passed(self) -> bool:
        return abs(self.value - self.expected) <= self.tolerance  # False for nan


def quantities(results: Results) -> list[Quantity]:
    """All numbers of the example."""
    metal, metal_spread = results.mean_charge("Li", "Li")
    lithium, _ = results.mean_charge("Li", "LiF")
    fluorine, _ = results.mean_charge("F", "LiF")
    li_li, li_f = results.peak("Li metal", "Li", "Li"), results.peak("LiF", "Li", "F")
    cold, warm = results.spacings_minimised, results.spacings
    rows = [
        ("charge of Li in the metal", "e", metal, 0.014, 0.02),
        ("its spread over atoms and time", "e", metal_spread, 0.003, 0.02),
        ("charge of Li in LiF", "e", lithium, 0.82, 0.03),
        ("charge of F in LiF", "e", fluorine, -0.86, 0.03),
        ("width of the step in the charge of Li", "Å", results.width, 4.5, 1.0),
        ("distance LiF - metal, minimised", "Å", cold.gap, 2.10, 0.05),
        ("distance LiF - metal, 300 K", "Å", warm.gap, 2.32, 0.25),
        ("first metal layer towards LiF, minimised", "Å", cold.shift_to_salt, -0.31, 0.05),
        ("first metal layer towards LiF, 300 K", "Å", warm.shift_to_salt, -0.45, 0.2),
        ("first peak of g(r), Li-Li in the metal", "Å", li_li, 3.08, 0.1),
        ("first peak of g(r), Li-F in LiF", "Å", li_f, 2.03, 0.05),
        ("F moved in all, rms", "Å", results.displacement("F", "LiF"), 0.3, 0.15),
        ("Li of the metal moved in all, rms", "Å", results.displacement("Li", "Li"), 1.8, 1.0),
        ("temperature", "K", results.temperature, 300.0, 10.0),
        ("normal pressure", "GPa", results.pressure, 0.0, 0.2),
        ("drift of the energy, NVE", "meV/atom/ps", results.nve.drift, 0.0, 0.02),
        ("noise of the energy, NVE", "meV/atom", results.nve.noise, 0.0, 0.02),
    ]
    return [Quantity(*row) for row in rows]


def print_table(numbers: list[Quantity], console: Console) -> None:
    """One line for each number."""
    table = Table("", "unit", box=SIMPLE)
    for head in ("this run", "expected", "±"):
        table.add_column(head, justify="right")
    table.add_column("")
    for q in numbers:
        mark = "[green]ok[/]" if q.passed else "[bold red]off[/]"
        cells = [f"{number:.3f}" for number in (q.value, q.expected, q.tolerance)]
        table.add_row(q.name, q.unit, *cells, mark)
    console.print(table)
