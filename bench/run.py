"""Measures the styles against LAMMPS' own, alternating the runs; writes RESULTS.md. Run by ./dev bench.

./dev shell python bench/run.py --only alumina --only reaxff     these groups alone; RESULTS.md stays as it is

A figure that misses what it must be makes it end with exit code 1; what it is to become is printed beside it.
"""

import sys
import tempfile
import textwrap
from datetime import date
from pathlib import Path
from typing import Annotated

import own
import peers
import product
import typer
from group import Goal, Group, chosen, missing_styles
from measure import HERE, Samples, markdown, processor, version_of_lammps
from rich.progress import Progress

FEWEST = 5  # runs of each case in RESULTS.md


def main(
    only: Annotated[
        list[str] | None, typer.Option(help="a group, as often as wanted; RESULTS.md stays as it is")
    ] = None,
    quick: Annotated[bool, typer.Option(help="one short run of everything, no figures worth keeping")] = False,
    repeats: Annotated[int, typer.Option(min=1, help="runs of each case; the median counts")] = FEWEST,
) -> None:
    if repeats < FEWEST and not only:
        raise typer.BadParameter(f"{repeats} runs are for --only, RESULTS.md takes {FEWEST} or more")
    samples = Samples()
    with tempfile.TemporaryDirectory() as folder:
        try:
            groups = chosen([*own.groups(quick, Path(folder)), *peers.groups(quick), product.group(quick)], only or [])
        except ValueError as error:
            raise typer.BadParameter(str(error)) from None
        groups, left_out = those_with_styles(groups)
        measure(samples, groups, 1 if quick else repeats)

    goals = [goal for group in groups for goal in group.goals(samples)]
    text = report(samples, groups, left_out, goals, repeats)
    print(text)
    if quick:
        return
    if not only:
        (HERE / "RESULTS.md").write_text(text)
    short = [goal.name for goal in goals if not goal.met]
    if short:
        sys.exit(f"bench: short of the goal: {', '.join(short)}")


def those_with_styles(groups: list[Group]) -> tuple[list[Group], list[str]]:
    """The groups that this LAMMPS can run, and a line for each other one."""
    missing = missing_styles({style for group in groups for style in group.styles})
    left_out = [
        f"`{group.name}` is left out, this LAMMPS has no {', '.join(s for s in group.styles if s in missing)}."
        for group in groups
        if missing & set(group.styles)
    ]
    return [group for group in groups if not missing & set(group.styles)], left_out


def measure(samples: Samples, groups: list[Group], repeats: int) -> None:
    with Progress() as bar:
        total = sum(group.times(repeats) * case.turns for group in groups for case in group.cases)
        task = bar.add_task("measuring", total=total)

        def progress(name: str) -> None:
            bar.update(task, description=name, advance=1)

        for group in groups:
            samples.measure([group.cases], group.times(repeats), progress)


def report(samples: Samples, groups: list[Group], left_out: list[str], goals: list[Goal], repeats: int) -> str:
    notes = [note for group in groups for note in group.notes(samples)] + left_out
    return f"""# Measured

`./dev bench` on {date.today()}: {processor()},
LAMMPS {version_of_lammps()}. One core for each rank or thread, medians of {repeats} alternating
runs (smallest to largest); rates are of the whole MD loop, times in µs per atom and step. Inputs: `in.lif`, `in.meam`,
`in.qeq`, `in.alumina`, `in.reaxff`; with charges the potential is `unittest/data/lif_coarse.rfmeam`.

{markdown(samples.table([case.name for group in groups if group.tabulated for case in group.cases]))}

```
{chr(10).join(map(str, goals))}
```

{chr(10).join(map(item, notes))}
"""


def item(text: str) -> str:
    """An item of a list, in lines of 120."""
    return textwrap.fill(f"- {text}", 120, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)


if __name__ == "__main__":
    try:
        typer.run(main)
    except RuntimeError as error:
        sys.exit(f"bench: {error}")
