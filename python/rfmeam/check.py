"""`rfmeam check`: a potential as tables, and what looks wrong with it."""

from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from . import stability
from ._core import Potential
from .errors import UserError
from .parameters import Header, pairs_of
from .tables import parameter_tables, table
from .unused import unused_parameters

# what each kind of warning means for simulations, and what to do about it
_HEADER = (
    "Who made a potential, when and from what is known from its header only: lines such as "
    "'# DATE: 2026-11-26 UNITS: metal CONTRIBUTOR: … CITATION: …' above 'format'."
)
_UNUSED = (
    "Such numbers change no energy. Harmless in a simulation; in a fit they are directions that "
    "nothing determines: set them to 0, or give them an effect."
)
_WALL = "Charges are pushed away from there, so that even separate neutral atoms get charges."
_INDEFINITE = (
    "At such distances charges grow without limit, and fix qeq/vc stops. Atoms that near are "
    "met in melts, under pressure and in collisions; in a crystal at room temperature hardly ever."
)
_FALLS = (
    "Atoms that get over the barrier fall into each other: the energy drops at once, and LAMMPS "
    "loses atoms. A crystal at room temperature stays outside; a melt, random initial positions, "
    "shocks and Monte Carlo moves may not. Add a core (pair_style zbl with hybrid/overlay), or fit "
    "with structures at short distances."
)


@dataclass
class Report:
    """What `rfmeam check` prints. findings: the warnings of each kind, by what they mean."""

    title: str
    header: Header
    tables: list[Table]
    findings: dict[str, list[str]]

    @property
    def warnings(self) -> list[str]:
        return [warning for found in self.findings.values() for warning in found]

    def print(self, console: Console) -> None:
        """The header, the tables, and the warnings last."""
        console.print(f"[bold]{escape(self.title)}[/]", highlight=False, soft_wrap=True)
        for key, value in vars(self.header).items():
            if value:
                console.print(f"[dim]{key}:[/] {escape(value)}", highlight=False, soft_wrap=True)
        console.print()
        for each in self.tables:
            console.print(each)
            console.print()
        for meaning, found in self.findings.items():
            for warning in found:
                console.print(
                    f"[yellow]warning:[/] {escape(warning)}", highlight=False, soft_wrap=True
                )
            if found:
                console.print(f"[dim]  {escape(meaning)}[/]", highlight=False, soft_wrap=True)
        if not self.warnings:
            console.print("[green]no warnings[/]")


def read_text(path: Path) -> str:
    """The text of a potential file. Raises UserError."""
    try:
        return path.read_bytes().decode("utf-8")
    except OSError as error:
        raise UserError(f"{path}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise UserError(f"{path}: byte {error.start} is not UTF-8 text, allowed is text") from None


def examine(text: str, name: str) -> Report:
    """Reads and judges a potential; name stands for the file in messages.

    Raises PotentialFileError.
    """
    potential = Potential.parse(text, name)
    header = Header.read(text)
    behaviour, indefinite, falls = _behaviour(potential)
    return Report(
        title=f"{name}: {' '.join(potential.elements)}",
        header=header,
        tables=[*parameter_tables(potential), behaviour],
        findings={
            _HEADER: _header_warnings(header),
            _UNUSED: unused_parameters(potential),
            _WALL: _wall_warnings(potential),
            _INDEFINITE: indefinite,
            _FALLS: falls,
        },
    )


def _header_warnings(header: Header) -> list[str]:
    keys = ("date", "contributor", "citation")
    return [f"the header has no {key.upper()}:" for key in keys if not getattr(header, key)]


def _wall_warnings(potential: Potential) -> list[str]:
    """Walls that a neutral atom is beyond."""
    if not potential.has_charges:
        return []
    found = []
    for i in potential.elements:
        for side, sign in (("upper", 1.0), ("lower", -1.0)):
            wall = potential.wall(i, side)
            if wall and sign * wall.q_s < 0.0:
                found.append(
                    f"a neutral {i} atom is beyond its {side} wall at {wall.q_s:g} e: "
                    "is its sign right?"
                )
    return found


def _behaviour(potential: Potential) -> tuple[Table, list[str], list[str]]:
    """Table of minima and stability of each pair as dimer and in rocksalt; warnings of charges
    without an equilibrium, and of energies that fall."""
    rows, indefinite, falls = [], [], []
    for i, j in pairs_of(potential.elements):
        for structure in stability.structures(i, j):
            name, contact = f"{i}-{j} {structure.name}", structure.contact(i, j)
            row = [name, f"{contact:.2f}"]
            above = 0.0
            if potential.has_charges:
                above = stability.stable_above(potential, structure, i, j)
                row.append(f"{above:.2f}")
                if above > contact:
                    indefinite.append(_indefinite(name, i, j, above, contact))
            if potential.has_meam:
                well = stability.well(potential, structure, i, j, above)
                row += [f"{well.r:.3f}", f"{well.energy:.3f}"] if well.bound else ["none", "–"]
                if well.barrier is not None and well.barrier < stability.LOW_BARRIER:
                    falls.append(_collapse(name, well))
            rows.append(row)
    columns = ["pair", "contact (Å)"]
    if potential.has_charges:
        columns.append("charges stable above (Å)")
    if potential.has_meam:
        columns += ["minimum (Å)", "energy (eV)"]
    meaning = "contact: how near atoms come, 0.8 of the sum of covalent radii in a dimer, the sum"
    meaning += " in a crystal."
    if potential.has_charges:
        meaning += " Charges have an equilibrium down to the next column at least."
    if potential.has_meam:
        meaning += " Minimum: where the energy of two atoms is lowest, beyond contact."
    return table("Behaviour of two atoms", columns, rows, meaning), indefinite, falls


def _indefinite(name: str, i: str, j: str, above: float, contact: float) -> str:
    return (
        f"{name}: the charge matrix is indefinite below {above:.2f} Å, and atoms come to "
        f"{contact:.2f} Å: raise J of {' or '.join(dict.fromkeys((i, j)))}, or lower the screening "
        "length"
    )


def _collapse(name: str, well: stability.Well) -> str:
    behind = f"a barrier of {well.barrier:.2f} eV" if well.barrier else "no barrier at all"
    return (
        f"{name}: inside of {well.falls_below:.2f} Å the energy falls, behind {behind}; "
        f"{stability.LOW_BARRIER:g} eV keep the atoms of a melt apart"
    )
