"""The command `rfmeam fit`."""

import os
from concurrent.futures import wait
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from .campaign.jobs import executor
from .campaign.options import SlurmOption, place
from .errors import needs
from .terminal import WIDTH, writing


def fit(
    file: Annotated[
        Path, typer.Argument(help="What is fitted to what, and how (YAML).", metavar="FIT.yaml")
    ],
    jobs: Annotated[int, typer.Option(min=0, help="Threads; 0: all cores.")] = 0,
    slurm: SlurmOption = None,
) -> None:
    """Fit a potential to reference data. Stop it at any time and start it again: it goes on.

    The potential, a log and a report are written beside FIT.yaml, in a folder of its name.
    """
    with needs("fit"):
        from .fit.settings import read_settings

    console = Console(soft_wrap=True)
    settings = read_settings(file)
    try:
        if slurm:
            _fit_on_cluster(file, jobs, slurm, settings.output, console)
        else:
            _fit(file, jobs, console)
    except KeyboardInterrupt:
        console.print("\nstopped; the same command goes on", highlight=False)
        raise typer.Exit(130) from None
    console.print(f"[green]wrote[/] {escape(str(settings.output))}", highlight=False)


def _fit(file: Path, jobs: int, console: Console) -> None:
    with needs("fit"):
        from .fit.finish import finish
        from .fit.progress import Progress
        from .fit.run import run
        from .fit.settings import read_settings

    settings = read_settings(file)
    progress = Progress(console)
    results, data = run(settings, jobs, progress)
    finish(settings, results, data, jobs, progress)


def _fit_into_log(file: Path, jobs: int, log: Path) -> None:
    """A fit as a job: what it prints goes into a file."""
    with log.open("a", encoding="utf-8") as output:
        _fit(file, jobs, Console(file=output, width=WIDTH, soft_wrap=True))


def _fit_on_cluster(file: Path, jobs: int, slurm: Path, output: Path, console: Console) -> None:
    """The fit on one node, all its cores for it; its lines are shown here."""
    where = place(1, slurm, output)
    assert where.cluster is not None
    cluster = replace(where.cluster, nodes=1, cores=where.cluster.cores_per_node)
    output.mkdir(parents=True, exist_ok=True)
    log = output / "slurm.log"
    log.touch()
    with executor(replace(where, cluster=cluster)) as pool, log.open(encoding="utf-8") as lines:
        lines.seek(0, os.SEEK_END)
        job = pool.submit(_fit_into_log, file, jobs or cluster.cores, log)
        ended = False
        while not ended:
            ended = job.done()  # before what it has written is read
            console.print(lines.read(), end="", markup=False, highlight=False)
            wait([job], timeout=1.0)
        job.result()


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
