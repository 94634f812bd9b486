"""The command `rfmeam`."""

import os
import re
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from typer.core import TyperGroup

from . import __version__
from ._core import Potential, PotentialFileError
from .errors import UserError
from .fit_cli import fit
from .glass.commands import glass, glass_table
from .glass.judge_command import glass_judge
from .nap_rfmeam import NapVersion
from .new_cli import new
from .parameters import Header
from .reference_cli import app as reference
from .refine_cli import refine
from .terminal import table_console, writing

_ELEMENT = re.compile("[A-Z][a-z]?")


class _Group(TyperGroup):
    """Takes `--elements Li F` as a list of words, and shows the user's mistakes as messages."""

    def parse_args(self, ctx, args):
        return super().parse_args(ctx, _repeat_elements(_joined(args)))

    def invoke(self, ctx):
        try:
            return super().invoke(ctx)
        except (UserError, PotentialFileError) as error:
            _errors().print(f"[bold red]error:[/] {escape(str(error))}", highlight=False)
        except BrokenPipeError:  # `rfmeam … | head` has read enough; nothing is left to say at exit
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        except OSError as error:
            where = f"{error.filename}: " if error.filename else ""
            _errors().print(
                f"[bold red]error:[/] {escape(f'{where}{error.strerror or error}')}",
                highlight=False,
            )
        raise typer.Exit(1)


def _joined(args: list[str]) -> list[str]:
    """`glass judge` and `glass table` as the commands glass-judge and glass-table."""
    if args[:1] == ["glass"] and args[1:2] in (["judge"], ["table"]):
        return [f"glass-{args[1]}", *args[2:]]
    return args


def _repeat_elements(args: list[str]) -> list[str]:
    """`--elements Li F` and `--elements Li,F` as `--elements Li --elements F`."""
    result: list[str] = []
    inside = False
    for word in args:
        names = [name for name in word.split(",") if name]
        inside = inside and bool(names) and all(map(_ELEMENT.fullmatch, names))
        if inside:
            for name in names:
                result += [name] if result[-1] == "--elements" else ["--elements", name]
        else:
            result.append(word)
            inside = word == "--elements"
    return result


def _errors() -> Console:
    return Console(stderr=True, soft_wrap=True)


app = typer.Typer(
    cls=_Group,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(reference, name="reference")


def _print_version(wanted: bool) -> None:
    if wanted:
        print(f"rfmeam {__version__}")
        raise typer.Exit


@app.callback()
def common(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="And exit.")
    ] = False,
) -> None:
    """Tools for RF-MEAM potentials with variable charges (*.rfmeam), and for glasses."""


class Program(StrEnum):
    """Programs whose potentials can be converted."""

    nap = "nap"
    optzer = "optzer"
    streitz = "streitz"
    reaxff = "reaxff"


@app.command()
def convert(
    files: Annotated[
        list[Path],
        typer.Argument(
            help="in.params.RFMEAM, in.params.Coulomb or both; in.pmd for its cutoff_radius. "
            "A *.streitz file, or an ffield.",
            metavar="FILE…",
            show_default=False,
        ),
    ],
    output: Annotated[
        Path,
        typer.Option(
            "--output", "-o", help="The *.rfmeam file to write; with --to, the folder of its files."
        ),
    ],
    source: Annotated[
        Program | None,
        typer.Option("--from", help="The program the files are from.", show_default=False),
    ] = None,
    target: Annotated[
        Program | None,
        typer.Option("--to", help="The program to write files for.", show_default=False),
    ] = None,
    elements: Annotated[
        list[str] | None,
        typer.Option(
            help="Elements of the new file, in this order; default: those of the files.",
            metavar="EL…",
            show_default=False,
        ),
    ] = None,
    cutoff: Annotated[
        float | None,
        typer.Option(help="Cutoff of the Coulomb terms, Å (nap's cutoff_radius).", metavar="Å"),
    ] = None,
    alpha: Annotated[
        float | None,
        typer.Option(help="Damping of Wolf's sum, for --from streitz.", metavar="1/Å"),
    ] = None,
    nap_version: Annotated[
        NapVersion,
        typer.Option(
            help="nap from 9 May 2026 on computes with r_p = 8 (4 in single precision) whatever "
            "its file says; its releases, up to rev260402, with the file's.",
        ),
    ] = NapVersion.releases,
    date: Annotated[str, typer.Option(help="For the header; default: today.")] = "",
    contributor: Annotated[str, typer.Option(help="For the header.")] = "",
    citation: Annotated[str, typer.Option(help="For the header.")] = "",
) -> None:
    """Convert a potential of another program to a *.rfmeam file, or back.

    rfmeam convert --from nap -o LiF.rfmeam in.params.RFMEAM in.params.Coulomb in.pmd

    rfmeam convert --to nap -o folder LiF.rfmeam

    rfmeam convert --from optzer -o fit.yaml in.vars.optzer in.optzer in.params.RFMEAM data.ref.lat

    rfmeam convert --from streitz --cutoff 12 --alpha 0.31 -o AlO.rfmeam AlO.streitz

    rfmeam convert --from reaxff --elements C H O N -o CHON.rfmeam ffield.reax
    """
    from .convert import convert_lammps, convert_nap, write_nap

    if (source is None) == (target is None):
        raise UserError(
            "give either --from nap, optzer, streitz or reaxff, for a *.rfmeam file, or --to nap, "
            "for nap's files"
        )
    console = Console(soft_wrap=True)
    if target is not None and target is not Program.nap:
        raise UserError(f"--to is '{target.value}', allowed is nap")
    if source is Program.optzer:
        from .fit_cli import write_optzer

        write_optzer(files, output, console)
        return
    if target is not None:
        written, notes = write_nap(files, output)
        _print_notes(console, notes)
        for path in written:
            console.print(f"[green]wrote[/] {escape(str(path))}", highlight=False)
        return
    assert source is not None
    comment = f"converted from {source.value}: {', '.join(path.name for path in files)}"
    header = Header(date, contributor, citation, comment)
    if source is Program.nap:
        if alpha is not None:
            raise UserError("--alpha, allowed only with --from streitz, not nap")
        conversion = convert_nap(files, elements, cutoff, nap_version, header)
    else:
        conversion = convert_lammps(source.value, files, elements, cutoff, alpha, header)
    with writing(output):
        output.write_text(conversion.text, encoding="utf-8")
    _print_notes(console, conversion.notes)
    p = conversion.parameters
    console.print(
        f"[green]wrote[/] {escape(str(output))}: {len(p.elements)} elements, {len(p.pair)} pairs, "
        f"{len(p.triple)} triples, charges {p.coulomb[0] if p.coulomb else 'none'}",
        highlight=False,
    )


def _print_notes(console: Console, notes: list[str]) -> None:
    for note in notes:
        console.print(f"[yellow]note:[/] {escape(note)}", highlight=False)


@app.command()
def check(
    files: Annotated[
        list[Path], typer.Argument(help="*.rfmeam files.", metavar="FILE…", show_default=False)
    ],
    strict: Annotated[bool, typer.Option("--strict", help="Fail on warnings.")] = False,
) -> None:
    """Print potentials as tables and warn of what looks wrong with them."""
    from . import check as checks

    console = table_console()
    warned = False
    for n, file in enumerate(files):
        report = checks.examine(checks.read_text(file), str(file))
        if n:
            console.print()
        report.print(console)
        warned |= bool(report.warnings)
    if warned and strict:
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

    with writing(output):
        plot_potential(Potential.read(file), output, title=file.name)
    Console(soft_wrap=True).print(f"[green]wrote[/] {escape(str(output))}", highlight=False)


app.command()(new)
app.command()(fit)
app.command()(refine)
app.command()(glass)
app.command("glass-judge")(glass_judge)
app.command("glass-table")(glass_table)
