"""The command `rfmeam`."""

import re
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from typer.core import TyperGroup

from ._core import Potential, PotentialFileError
from .errors import UserError
from .glass.commands import glass, glass_table
from .parameters import Header
from .reference_cli import app as reference

_ELEMENT = re.compile("[A-Z][a-z]?")


class _Group(TyperGroup):
    """Takes `--elements Li F` as a list of words, and shows the user's mistakes as messages."""

    def parse_args(self, ctx, args):
        return super().parse_args(ctx, _repeat_elements(args))

    def invoke(self, ctx):
        try:
            return super().invoke(ctx)
        except (UserError, PotentialFileError) as error:
            _errors().print(f"[bold red]error:[/] {escape(str(error))}", highlight=False)
        except OSError as error:
            where = f"{error.filename}: " if error.filename else ""
            _errors().print(
                f"[bold red]error:[/] {escape(f'{where}{error.strerror or error}')}",
                highlight=False,
            )
        raise typer.Exit(1)


def _repeat_elements(args: list[str]) -> list[str]:
    """`--elements Li F` as `--elements Li --elements F`."""
    result: list[str] = []
    inside = False
    for word in args:
        if inside and _ELEMENT.fullmatch(word) and result[-1] != "--elements":
            result.append("--elements")
        inside = word == "--elements" or (inside and _ELEMENT.fullmatch(word) is not None)
        result.append(word)
    return result


def _errors() -> Console:
    return Console(stderr=True, soft_wrap=True)


app = typer.Typer(
    cls=_Group,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Tools for RF-MEAM potentials with variable charges (*.rfmeam), and for glasses.",
)
app.add_typer(reference, name="reference")


class Source(StrEnum):
    """Programs whose potentials can be converted."""

    nap = "nap"


@app.command()
def convert(
    files: Annotated[
        list[Path],
        typer.Argument(
            help="in.params.RFMEAM, in.params.Coulomb or both.", metavar="FILE…", show_default=False
        ),
    ],
    source: Annotated[Source, typer.Option("--from", help="The program the files are from.")],
    elements: Annotated[
        list[str],
        typer.Option(help="Elements of the new file, in this order.", metavar="EL…"),
    ],
    output: Annotated[Path, typer.Option("--output", "-o", help="The *.rfmeam file to write.")],
    cutoff: Annotated[
        float | None,
        typer.Option(help="Cutoff of the Coulomb terms, Å (nap's cutoff_radius).", metavar="Å"),
    ] = None,
    rp_as_nap: Annotated[
        bool,
        typer.Option(
            "--rp-as-nap", help="Write r_p = 8, with which nap computes whatever it reads."
        ),
    ] = False,
    date: Annotated[str, typer.Option(help="For the header; default: today.")] = "",
    contributor: Annotated[str, typer.Option(help="For the header.")] = "",
    citation: Annotated[str, typer.Option(help="For the header.")] = "",
) -> None:
    """Convert a potential of another program to a *.rfmeam file.

    rfmeam convert --from nap --elements Li F --cutoff 7 -o LiF.rfmeam in.params.RFMEAM
    """
    from .convert import convert_nap

    comment = f"converted from {source.value}: {', '.join(path.name for path in files)}"
    header = Header(date, contributor, citation, comment)
    conversion = convert_nap(files, elements, cutoff, rp_as_nap, header)
    output.write_text(conversion.text, encoding="utf-8")
    console = Console(soft_wrap=True)
    for note in conversion.notes:
        console.print(f"[yellow]note:[/] {escape(note)}", highlight=False)
    p = conversion.parameters
    console.print(
        f"[green]wrote[/] {escape(str(output))}: {len(p.elements)} elements, {len(p.pair)} pairs, "
        f"{len(p.triple)} triples, charges {p.coulomb[0] if p.coulomb else 'none'}",
        highlight=False,
    )


@app.command()
def check(
    file: Annotated[Path, typer.Argument(help="A *.rfmeam file.", show_default=False)],
    strict: Annotated[bool, typer.Option("--strict", help="Fail on warnings.")] = False,
) -> None:
    """Print a potential as tables and warn of what looks wrong with it."""
    from . import check as checks

    text = checks.read_text(file)
    report = checks.examine(text, str(file))
    report.print(Console())
    if report.warnings and strict:
        raise typer.Exit(1)


@app.command()
def plot(
    file: Annotated[Path, typer.Argument(help="A *.rfmeam file.", show_default=False)],
    output: Annotated[
        Path, typer.Option("--output", "-o", help="The picture: .png, .pdf or .svg.")
    ],
) -> None:
    """Plot pair energies, densities, embedding energies and charge kernels."""
    from .plot import plot_potential

    plot_potential(Potential.read(file), output, title=file.name)
    Console(soft_wrap=True).print(f"[green]wrote[/] {escape(str(output))}", highlight=False)


app.command()(glass)
app.command("glass-table")(glass_table)
