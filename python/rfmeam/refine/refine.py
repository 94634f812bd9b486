"""Runs molecular dynamics, judges its frames by an ensemble, writes those worth computing."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from rich.console import Console
from rich.markup import escape

from .. import dynamics
from ..errors import UserError
from .choice import choose
from .disagreement import Judged, judge
from .results import write_list, write_report
from .settings import Settings, check_output


def refine(settings: Settings, jobs: int, console: Console) -> Path:
    """The list that is written. jobs: threads, 0 for all cores.

    A run that becomes unstable gives the frames until then, as that is where a potential is to
    learn; UserError where no run has a frame, or none disagrees enough.
    """
    check_output(settings)
    judged: list[Judged] = []
    problems: list[str] = []
    for run in settings.runs:
        trajectory = dynamics.run(settings.potential, run)
        times = run.interval * np.arange(1, len(trajectory.frames) + 1)
        own = judge(settings.members, run.name, times, trajectory.frames, jobs)
        judged += own
        if trajectory.problem:
            problem = f"{trajectory.problem}; {len(own)} of {run.frames} frames are used"
            problems.append(problem)
            console.print(f"[yellow]warning:[/] {escape(problem)}", highlight=False)
        console.print(f"{escape(run.name)}: {escape(_summary(own))}", highlight=False)
    if not judged:
        raise UserError(f"{settings.path}: no run has a frame: {'; '.join(problems)}")
    elements = list(settings.potential.elements)
    chosen = choose(judged, elements, settings.count, settings.least, settings.most)
    write_report(settings, judged, chosen, problems)
    if not chosen:
        raise UserError(
            f"{settings.path}: no frame has a disagreement between least, {settings.least:g}, and "
            f"most, {settings.most:g} eV/Å: nothing is chosen; {settings.output / 'report.md'} has "
            "the numbers"
        )
    return write_list(settings, judged, chosen)


def _summary(own: list[Judged]) -> str:
    sizes = [each.disagreement for each in own if np.isfinite(each.disagreement)]
    if not sizes:
        return "no frame to judge"
    failing = sum(each.failing > 0 for each in own)
    more = f"; on {failing} some have no equilibrium of the charges" if failing else ""
    return (
        f"{len(own)} frames, disagreement {np.mean(sizes):.3g} eV/Å on average, "
        f"{np.max(sizes):.3g} at most{more}"
    )
