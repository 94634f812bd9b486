"""The option `--slurm` of campaigns."""

from pathlib import Path
from typing import Annotated

import typer

from .jobs import Place

SlurmOption = Annotated[
    Path | None,
    typer.Option(
        "--slurm",
        help="Run the jobs on a SLURM cluster: the file (YAML) that describes it.",
        metavar="FILE",
        show_default=False,
    ),
]


def place(workers: int, slurm: Path | None, folder: Path) -> Place:
    """Where jobs run, as the options say; on a cluster, logs go into folder/slurm. Raises
    UserError."""
    from .cluster import read_cluster

    return Place(workers, read_cluster(slurm) if slurm else None, folder / "slurm")
