"""The commands `rfmeam reference …`."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Column, Table

from .campaign.options import SlurmOption, place
from .terminal import table_console

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Quantum-mechanical reference data: structures, energies, forces, Bader charges.",
)

ListArgument = Annotated[Path, typer.Argument(help="A list of structures (YAML).", metavar="LIST")]
FamilyOption = Annotated[
    list[str] | None,
    typer.Option("--family", help="Only this family, or these: NAME,NAME.", metavar="NAME"),
]


@app.command()
def build(
    file: ListArgument,
    workers: Annotated[
        int, typer.Option(min=1, help="Structures computed at a time, one core each.")
    ] = 1,
    family: FamilyOption = None,
    hours: Annotated[
        float | None,
        typer.Option(min=0.0, help="Begin no structure later than this.", show_default=False),
    ] = None,
    slurm: SlurmOption = None,
) -> None:
    """Make the structures, compute those without a result, write training/ and validation/ beside
    the list.

    Stop it at any time and start it again: what is finished is kept. Needs GPAW and baderkit (./dev
    shell --with gpaw).
    """
    from .reference.build import build, missing
    from .reference.structure_list import read_list

    console = Console(soft_wrap=True)
    structures = read_list(file)
    family = _families(structures, family)
    tasks = missing(structures, family)
    if not tasks:
        console.print("[green]complete:[/] every structure has its result", highlight=False)
        return
    try:
        failures = build(
            structures, tasks, place(workers, slurm, structures.scratch), hours, console
        )
    except KeyboardInterrupt:
        console.print("\nstopped; the same command goes on", highlight=False)
        raise typer.Exit(130) from None
    for failure in failures:
        console.print(f"[bold red]failed:[/] {escape(failure)}", highlight=False)
    left = len(missing(structures, family))
    console.print(
        f"{len(tasks) - left} structures computed, {len(failures)} failed, {left} left",
        highlight=False,
    )
    if failures:
        raise typer.Exit(1)


@app.command()
def status(file: ListArgument) -> None:
    """Show the families of a list: sizes, use, what is computed."""
    from .reference.build import missing
    from .reference.structure_list import read_list

    structures = read_list(file)
    table = Table(
        Column("family", overflow="fold"), "use", "structures", "atoms", "computed", "CPU time"
    )
    totals = [0, 0, 0, 0.0]
    for family in structures.families:
        atoms = structures.structures(family)
        left = len(missing(structures, [family.name]))
        seconds = sum(result.info["seconds"] for result in structures.results(family))
        row = [len(atoms), sum(map(len, atoms)), len(atoms) - left, seconds]
        totals = [a + b for a, b in zip(totals, row, strict=True)]
        table.add_row(family.name, structures.result_file(family).parent.name, *_texts(row))
    table.add_section()
    table.add_row("all", "", *_texts(totals))
    table_console().print(table)


def _texts(row: list) -> list[str]:
    return [*(str(number) for number in row[:3]), f"{row[3] / 60:.0f} min"]


def _families(structures, given: list[str] | None) -> list[str] | None:
    """The names of `--family a,b --family c`, which the list must have; None for all."""
    from .errors import UserError

    known = [family.name for family in structures.families]
    names = [name.strip() for text in given or [] for name in text.split(",") if name.strip()]
    for name in names:
        if name not in known:
            raise UserError(
                f"{structures.path}: there is no family {name!r}, allowed are {', '.join(known)}"
            )
    return names or None
