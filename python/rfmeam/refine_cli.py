"""The command `rfmeam refine`."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from .errors import needs


def refine(
    file: Annotated[
        Path,
        typer.Argument(help="An ensemble and runs to judge (YAML).", metavar="REFINE.yaml"),
    ],
    jobs: Annotated[int, typer.Option(min=0, help="Threads; 0: all cores.")] = 0,
) -> None:
    """Find structures on which an ensemble of potentials disagrees, for `rfmeam reference build`.

    A list, its structures and a report are written beside REFINE.yaml, in a folder of its name.
    """
    with needs("fit,reference"):
        from .refine.refine import refine as run
        from .refine.settings import read_settings

    console = Console(soft_wrap=True)
    written = run(read_settings(file), jobs, console)
    console.print(f"[green]wrote[/] {escape(str(written))}", highlight=False)
