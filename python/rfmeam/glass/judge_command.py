"""The command `rfmeam glass judge`."""

import json
import math
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from ..errors import UserError
from .commands import CompareOption, need_libraries


def glass_judge(
    files: Annotated[
        list[Path],
        typer.Argument(
            help="extxyz, LAMMPS dump or data; all frames are averaged over.",
            metavar="FILE…",
            show_default=False,
        ),
    ],
    elements: Annotated[
        list[str] | None,
        typer.Option(help="By atom type, for dumps: Li B Si O.", metavar="EL…", show_default=False),
    ] = None,
    cutoff: Annotated[
        str,
        typer.Option(
            help="Bond to oxygen, Å: B=1.9,Si=2.1; default: from g(r).", show_default=False
        ),
    ] = "",
    compare: CompareOption = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="All numbers, .json.", show_default=False)
    ] = None,
) -> None:
    """Judge structures of any source: coordination, non-bridging oxygen, Qn, rings, density."""
    need_libraries()
    from rich.table import Table

    from ..terminal import table_console, writing
    from . import figures, judge
    from .frames import read_any
    from .published_curves import COLUMNS, described, read_curves
    from .report import number

    frames = [atoms for path in files for atoms in read_any(path, elements or [])]
    if len({atoms.get_chemical_formula() for atoms in frames}) > 1:
        raise UserError("the structures have different compositions, expected are frames of one")
    found = judge.judge_structures(frames, _cutoffs(cutoff), read_curves(compare or []))
    console = table_console()
    bonds = ", ".join(f"{former}–O {r:g} Å" for former, r in found["bond cutoffs A"].items())
    console.print(f"{len(frames)} × {frames[0].get_chemical_formula()}; bonds: {bonds}")
    table = Table("", "value")
    for name, value in found["values"].items():
        table.add_row(name, number(value) if value else "0")
    for name, values in found["distributions"].items():
        table.add_row(name, ", ".join(f"{key}: {number(x)}" for key, x in values.items()) or "none")
    console.print(table)
    if beside := found.get("beside"):
        table = Table(*COLUMNS)
        for each in beside:
            table.add_row(*map(escape, described(each)))
        console.print(table)
    if output:
        with writing(output):
            output.write_text(json.dumps(found, indent=1, ensure_ascii=False), encoding="utf-8")
        if beside:
            picture = output.with_suffix(".png")
            figures.draw_structure_functions([found], picture, beside)
            console.print(f"[green]wrote[/] {escape(str(picture))}", highlight=False)


def _cutoffs(text: str) -> dict[str, float]:
    result = {}
    for item in filter(None, (item.strip() for item in text.split(","))):
        former, _, value = item.partition("=")
        try:
            result[former] = float(value)
        except ValueError:
            result[former] = math.nan
        if not 0.5 <= result[former] <= 4.0:
            raise UserError(f"--cutoff: read '{item}', expected such as B=1.9 (Å, 0.5 to 4)")
    return result
