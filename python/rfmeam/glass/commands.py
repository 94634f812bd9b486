"""The commands `rfmeam glass` and `rfmeam glass table`."""

import os
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from ..campaign.options import SlurmOption, place
from ..errors import UserError, install

CompareOption = Annotated[
    list[Path] | None,
    typer.Option(
        help="Published S(q) or g(r), a file of two columns or a folder of them; repeatable.",
        metavar="FILE|FOLDER",
        show_default=False,
    ),
]


def glass(
    sample: Annotated[
        str,
        typer.Argument(
            help="Such as 40L30B30S: mol% of Li2O, B2O3, SiO2.",
            metavar="[SAMPLE]",
            show_default=False,
        ),
    ] = "",
    potential: Annotated[
        str,
        typer.Option(help="du, shik, agc, or a file with LAMMPS pair lines.", metavar="NAME|FILE"),
    ] = "du",
    repair: Annotated[
        bool,
        typer.Option("--repair", help="Put walls inside the Buckingham terms of the file."),
    ] = False,
    short_range: Annotated[
        float | None,
        typer.Option(help="Where it ends in du, shik, agc, Å; default: 8.", show_default=False),
    ] = None,
    pppm: Annotated[
        bool, typer.Option("--pppm", help="Coulomb of du, shik, agc to the end, not cut off.")
    ] = False,
    composition: Annotated[
        str,
        typer.Option(
            help="Instead of SAMPLE: Li2O=40,B2O3=30,SiO2=30, in mol%.", show_default=False
        ),
    ] = "",
    atoms: Annotated[int, typer.Option(help="About so many; 300 to 100000.")] = 1000,
    seeds: Annotated[
        int, typer.Option(help="Glasses to make, for error bars.", min=1, max=100)
    ] = 1,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", help="Folder; default: SAMPLE-POTENTIAL.", show_default=False
        ),
    ] = None,
    melt: Annotated[float, typer.Option(help="Temperature of the melt, K.")] = 3000.0,
    melt_time: Annotated[float, typer.Option(help="ps.")] = 30.0,
    rate: Annotated[float, typer.Option(help="Cooling, K/ps; 1 to 1000.")] = 10.0,
    relax_time: Annotated[float, typer.Option(help="At 300 K and zero pressure, ps.")] = 30.0,
    density: Annotated[
        float | None,
        typer.Option(
            help="g/cm3, kept until 300 K; default: measured, else estimated.", show_default=False
        ),
    ] = None,
    zero_pressure: Annotated[
        bool, typer.Option("--zero-pressure", help="Instead of a density, throughout.")
    ] = False,
    timestep: Annotated[
        float | None,
        typer.Option(help="fs; default: 2 for du and agc, else 1.", show_default=False),
    ] = None,
    measures: Annotated[
        str,
        typer.Option(
            "--measure", help="Also: diffusion, elastic, strength; comma between.", metavar="NAMES"
        ),
    ] = "",
    ion: Annotated[
        str,
        typer.Option(
            help="Whose diffusion is measured; default: Li, else Na, else K.",
            metavar="EL",
            show_default=False,
        ),
    ] = "",
    start: Annotated[
        Path | None,
        typer.Option(
            help="Melts this structure (extxyz, LAMMPS data) instead of random atoms.",
            show_default=False,
        ),
    ] = None,
    compare: CompareOption = None,
    jobs: Annotated[
        int | None,
        typer.Option(help="Seeds at a time; default: cores over ranks.", min=1, show_default=False),
    ] = None,
    ranks: Annotated[int, typer.Option(help="MPI ranks of a seed.", min=1)] = 1,
    suffix: Annotated[
        str, typer.Option("--suffix", "-sf", help="LAMMPS' -sf: kk, opt, omp, gpu, intel.")
    ] = "",
    gpus: Annotated[int, typer.Option(help="GPUs of the node, for -sf kk.", min=0)] = 0,
    slurm: SlurmOption = None,
) -> None:
    """Make, quench and judge a glass; all results in one folder.

    Stopped at any moment, the same command goes on where it was. Structures that there are already
    are judged by rfmeam glass judge FILE, and melted by --start FILE.
    """
    need_libraries()
    from . import composition as compositions
    from . import density as densities
    from . import force_field, lammps, measure, study
    from .protocol import Protocol
    from .published_curves import read_curves
    from .start import read_start
    from .tabulated import Truncation

    if bool(sample) + bool(composition) + bool(start) != 1:
        raise UserError("give one of a SAMPLE such as 40L30B30S, --composition and --start")
    begins = read_start(start) if start else None
    if begins:
        made_of = begins.model.asked
        held = densities.hold_start(begins, density, zero_pressure)
    else:
        made_of = (
            compositions.parse_sample(sample)
            if sample
            else compositions.parse_composition(composition)
        )
        held = densities.hold(made_of, density, zero_pressure)
    if suffix not in ("", *lammps.SUFFIXES):
        known = ", ".join(lammps.SUFFIXES)
        raise UserError(f"--suffix: unknown '{suffix}'; known are {known}")
    if gpus and suffix != "kk":
        raise UserError("--gpus goes with -sf kk")
    wanted = tuple(name.strip() for name in measures.split(",") if name.strip())
    for name in wanted:
        if name not in measure.MEASURES:
            raise UserError(f"--measure: unknown '{name}'; known are {', '.join(measure.MEASURES)}")
    protocol = Protocol(
        melt_temperature=melt,
        melt_time=melt_time,
        rate=rate,
        relax_time=relax_time,
        timestep=timestep if timestep is not None else force_field.timestep(potential),
        density=held.density,
    )
    truncation = Truncation(short_range, pppm)
    if slurm and ranks > 1:
        raise UserError("--slurm: a seed is one process there, allowed is --ranks 1")
    folder = output or Path(f"{made_of.label}-{force_field.label(potential, truncation)}")
    wanted_study = study.Study(
        composition=made_of,
        potential=potential,
        folder=folder,
        protocol=protocol,
        held=str(held),
        atoms=atoms,
        seeds=tuple(range(1, seeds + 1)),
        place=place(jobs or max(1, (os.cpu_count() or 1) // ranks), slurm, folder),
        machine=lammps.Machine(ranks, suffix, gpus),
        measures=wanted,
        ion=ion,
        start=begins,
        repair=repair,
        truncation=truncation,
        published=tuple(read_curves(compare or [])),
    )
    console = Console(soft_wrap=True)
    try:
        study.run(wanted_study, console)
    except KeyboardInterrupt:
        console.print(
            f"\nstopped; the same command goes on with {wanted_study.folder}", highlight=False
        )
        raise typer.Exit(130) from None


def glass_table(
    folders: Annotated[
        list[Path],
        typer.Argument(
            help="Folders of rfmeam glass, or result.json files.",
            metavar="FOLDER…",
            show_default=False,
        ),
    ],
    output: Annotated[
        Path, typer.Option("--output", "-o", help="The table, .md; a .png is written beside it.")
    ],
) -> None:
    """Compare finished glasses with experiment, quantum MD and the published Buckingham model."""
    need_libraries()
    from . import table

    table.write(folders, output)
    Console(soft_wrap=True).print(
        f"[green]wrote[/] {output} and {output.with_suffix('.png')}", highlight=False
    )


def need_libraries() -> None:
    for name in ("ase", "matplotlib", "networkx", "scipy"):
        if find_spec(name) is None:
            raise UserError(f"{name} is not installed: {install('glass')}")
