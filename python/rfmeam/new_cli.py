"""The command `rfmeam new`."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from .errors import needs


class Ensemble(StrEnum):
    """What is kept in the molecular dynamics."""

    npt = "npt"
    nvt = "nvt"


def new(
    structure: Annotated[
        Path,
        typer.Argument(
            help="CIF, POSCAR, extxyz, … : what ASE reads.", metavar="FILE", show_default=False
        ),
    ],
    potential: Annotated[
        str, typer.Option(help="A *.rfmeam file, or a name such as LiF-q.", metavar="NAME|FILE")
    ],
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Folder; default: the structure's name."),
    ] = None,
    length: Annotated[
        float, typer.Option(help="The box is repeated until it is so long, Å.", min=0.0)
    ] = 20.0,
    temperature: Annotated[float, typer.Option(help="K.")] = 300.0,
    time: Annotated[float, typer.Option(help="Of the molecular dynamics, ps.")] = 10.0,
    timestep: Annotated[float, typer.Option(help="fs.")] = 1.0,
    ensemble: Annotated[
        Ensemble, typer.Option(help="npt: zero pressure; nvt: the box stays as it is.")
    ] = Ensemble.npt,
    seed: Annotated[int, typer.Option(help="Of the velocities.", min=1)] = 1,
) -> None:
    """Start from your crystal: writes a data file and an explained input for LAMMPS.

    rfmeam new LiF.cif --potential LiF-q && cd LiF && lmp -in in.LiF
    """
    with needs("ase"):
        from .new import make
    from .new_input import Run

    run = Run(temperature, time, timestep, 0.0 if ensemble is Ensemble.npt else None, seed)
    made = make(structure, potential, output or Path(structure.stem), length, run)
    console = Console(soft_wrap=True)
    size = "×".join(map(str, made.repeat))
    for note in made.notes:
        console.print(f"[yellow]note:[/] {escape(note)}", highlight=False)
    console.print(
        f"[green]wrote[/] {escape(str(made.folder))}: {made.atoms} atoms, {size} cells; run it: "
        f"cd {escape(str(made.folder))} && lmp -in {escape(made.script)}",
        highlight=False,
    )
