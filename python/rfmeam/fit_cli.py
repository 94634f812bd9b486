"""The command `rfmeam fit`."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from .errors import UserError, install
from .terminal import writing


def fit(
    file: Annotated[
        Path, typer.Argument(help="What is fitted to what, and how (YAML).", metavar="FIT.yaml")
    ],
    jobs: Annotated[int, typer.Option(min=0, help="Threads; 0: all cores.")] = 0,
) -> None:
    """Fit a potential to reference data. Stop it at any time and start it again: it goes on.

    The potential, a log and a report are written beside FIT.yaml, in a folder of its name.
    """
    try:
        from .fit.finish import finish
        from .fit.progress import Progress
        from .fit.run import run
        from .fit.settings import read_settings
    except ModuleNotFoundError as error:
        raise UserError(f"{error.name} is missing: {install('fit')}") from None

    console = Console(soft_wrap=True)
    settings = read_settings(file)
    progress = Progress(console)
    try:
        results, data = run(settings, jobs, progress)
        finish(settings, results, data, jobs, progress)
    except KeyboardInterrupt:
        console.print("\nstopped; the same command goes on", highlight=False)
        raise typer.Exit(130) from None
    console.print(f"[green]wrote[/] {escape(str(settings.output))}", highlight=False)


def write_optzer(files: list[Path], output: Path, console: Console) -> None:
    """Writes a FIT.yaml and, beside it, the potential it starts from; notes on what is missing."""
    from .fit.optzer import convert_optzer

    potential = output.with_suffix(".rfmeam")
    converted = convert_optzer(files, potential.name)
    for path, text in ((potential, converted.potential), (output, converted.fit)):
        with writing(path):
            path.write_text(text, encoding="utf-8")
        console.print(f"[green]wrote[/] {escape(str(path))}", highlight=False)
    for note in converted.notes:
        console.print(f"[yellow]note:[/] {escape(note)}", highlight=False)
