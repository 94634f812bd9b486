"""Pair force fields with fixed charges as LAMMPS input: one table a pair, and where they end."""

from dataclasses import dataclass, replace
from itertools import combinations_with_replacement

from ..errors import UserError
from . import pair_table

INNER, POINTS = 0.25, 4000  # Å where the tables begin; rows of a table
TABLE_FILE = "pairs.table"
PPPM_ACCURACY = 1e-5  # of the forces, relative to those of two unit charges 1 Å apart
NEAREST, FARTHEST = 6.0, 15.0  # Å that short ranges may have


@dataclass(frozen=True)
class Reach:
    """Where interactions end, Å, and the damping of Coulomb's, 1/Å; with `pppm` that does not end,
    and `coulomb` is where real space does."""

    coulomb: float
    short: float
    alpha: float
    pppm: bool = False


@dataclass(frozen=True)
class Truncation:
    """What the user wants of a built-in force field's reach; by default what it has."""

    short: float | None = None  # Å
    pppm: bool = False

    def __post_init__(self) -> None:
        if self.short is not None and not NEAREST <= self.short <= FARTHEST:
            raise UserError(
                f"--short-range {self.short:g}: allowed are {NEAREST:g} to {FARTHEST:g} Å"
            )

    @property
    def words(self) -> list[str]:
        """For names of what is not by default."""
        return ([f"{self.short:g} Å"] if self.short else []) + (["PPPM"] if self.pppm else [])

    def of(self, reach: Reach) -> Reach:
        """A force field's own reach, changed."""
        return replace(reach, short=self.short or reach.short, pppm=self.pppm)


def lammps_input(
    source: str,
    charges: dict[str, float],
    terms: dict[frozenset[str], pair_table.Function],
    reach: Reach,
) -> tuple[list[str], dict[str, str]]:
    """Lines and files of charges (e) and short-range terms by pair of elements.

    Where Coulomb ends it is in the tables too; with PPPM they are the short range alone, beside
    LAMMPS' coul/long.
    """
    elements = tuple(charges)
    lines = [
        f"set type {i} charge {charges[element]:.12g}" for i, element in enumerate(elements, 1)
    ]
    if reach.pppm:
        lines += [
            f"pair_style hybrid/overlay coul/long {reach.coulomb:g} table spline {POINTS}",
            "pair_coeff * * coul/long",
            f"kspace_style pppm {PPPM_ACCURACY:g}",
        ]
    else:
        lines.append(f"pair_style table spline {POINTS}")
    style = " table" if reach.pppm else ""
    end = reach.short if reach.pppm else max(reach.coulomb, reach.short)
    sections = []
    for (i, first), (j, second) in combinations_with_replacement(enumerate(elements, 1), 2):
        parts: list[pair_table.Function] = []
        if not reach.pppm:
            product = charges[first] * charges[second]
            parts.append(pair_table.DampedCoulomb(product, reach.alpha, reach.coulomb))
        if term := terms.get(frozenset((first, second))):
            parts.append(pair_table.Faded(term, reach.short))
        if not parts:
            continue
        keyword = f"{first}-{second}"
        total = pair_table.total(*parts)
        sections.append(pair_table.table_section(keyword, total, INNER, end, POINTS))
        lines.append(f"pair_coeff {i} {j}{style} forcefield/{TABLE_FILE} {keyword}")
    return lines, {TABLE_FILE: f"# {source}\n\n" + "".join(sections)}
