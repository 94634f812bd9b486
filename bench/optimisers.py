"""Optimisers of `rfmeam fit` on the same targets for the same CPU time: the loss over time, a picture and a table.

OPENBLAS_NUM_THREADS=1 ./dev shell python bench/optimisers.py         # 20 s for each of four methods and two starts
OPENBLAS_NUM_THREADS=1 ./dev shell python bench/optimisers.py --seconds 600 --starts 5

Levenberg-Marquardt has exact derivatives; CMA-ES, cuckoo search and TPE have losses only, the latter two with the
automatic search range of optzer. Targets and parameters: optimisers.yaml. A start is the potential there with every
parameter moved at random, the same for all methods. What counts is the CPU time of this process (all of its threads),
not the time on the clock: so it may run beside other work. The optimisers' own arithmetic counts, too. Results are
written after each start: a stopped run leaves those of the starts that are finished.
"""

import json
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from matplotlib import rc_context
from matplotlib.figure import Figure
from rfmeam.fit.objective import Evaluation, Objective
from rfmeam.fit.optimisers import make_optimiser
from rfmeam.fit.parameters import starting_potential
from rfmeam.fit.run import read_data
from rfmeam.fit.settings import read_settings
from rfmeam.fit.stage import StageRun
from rfmeam.style import COLORS, STYLE

HERE = Path(__file__).parent
METHODS = {
    "lm": ("Levenberg-Marquardt, exact derivatives", COLORS[0]),
    "cma": ("CMA-ES", COLORS[1]),
    "cuckoo": ("cuckoo search, automatic range", COLORS[2]),
    "tpe": ("TPE, automatic range", COLORS[3]),
}
PARTS = (0.1, 0.3, 1.0)  # of the time, in the table


class OutOfTimeError(Exception):
    """The CPU time is used up."""


@dataclass
class Course:
    """One optimisation: CPU times (s) at which the loss fell, and the losses; how often it was asked for."""

    method: str
    times: list[float]
    losses: list[float]
    evaluations: int = 0

    def loss_at(self, seconds: float | np.ndarray) -> np.ndarray:
        """The least loss until then."""
        last = np.searchsorted(self.times, seconds, side="right") - 1
        return np.array(self.losses)[np.maximum(last, 0)]


class Watched:
    """An objective that keeps a course, and ends it by OutOfTimeError."""

    def __init__(self, objective: Objective, course: Course, seconds: float):
        self._objective, self._course, self._seconds = objective, course, seconds
        self.space = objective.space
        self._began = time.process_time()

    def evaluate(self, u: np.ndarray, derivatives: bool = False) -> Evaluation:
        found = self._objective.evaluate(u, derivatives)
        spent, course = time.process_time() - self._began, self._course
        if spent > self._seconds:
            raise OutOfTimeError
        course.evaluations += 1
        if found.loss < course.losses[-1]:
            course.times.append(round(spent, 4))
            course.losses.append(found.loss)
        return found


def compare(file: Path, methods: list[str], starts: int, seconds: float) -> Iterator[list[Course]]:
    """The courses of all methods from the starts so far, after each start."""
    settings = read_settings(file)
    potential = starting_potential(settings)
    data = read_data(settings, potential)
    stage = replace(settings.stages[0], converged=-1.0)  # no optimiser stops because it is slow
    at_work = StageRun(settings, stage, potential, data.training, [], jobs=1)
    print(
        f"{len(settings.targets)} targets, {at_work.objective.num_rows} values of {len(data.training)} structures, "
        f"{len(at_work.space.free)} parameters"
    )
    courses = []
    for number in range(1, starts + 1):  # 0 is the potential of the file itself
        start, first = at_work.starting_point(number)
        for method in methods:
            course = Course(method, [0.0], [first.loss])
            objective = Watched(at_work.objective, course, seconds)
            follow(objective, start, replace(stage, method=method), number)
            courses.append(course)
            print(
                f"start {number}, {method:6} loss {first.loss:.4g} -> {course.losses[-1]:.4g}, "
                f"{course.evaluations} evaluations",
                flush=True,
            )
        yield courses


def follow(objective: Watched, start: np.ndarray, stage, number: int) -> None:
    """Iterates until the time is used up or the optimiser has come to its end."""
    try:
        optimiser = make_optimiser(objective, start, stage, number)
        while not optimiser.finished:
            optimiser.iterate()
        print(f"  {stage.method}: {optimiser.finished}")
    except OutOfTimeError:
        pass


def by_method(courses: list[Course]) -> dict[str, list[Course]]:
    return {m: [c for c in courses if c.method == m] for m in METHODS if any(c.method == m for c in courses)}


@rc_context(STYLE)
def draw(courses: list[Course], seconds: float, path: Path) -> None:
    """Loss over CPU time: each start a thin line, their geometric mean a thick one."""
    figure = Figure(figsize=(7, 4.2), layout="constrained")
    axes = figure.subplots()
    times = np.geomspace(seconds / 100, seconds, 400)
    for method, found in by_method(courses).items():
        label, color = METHODS[method]
        losses = np.array([course.loss_at(times) for course in found])
        for each in losses:
            axes.plot(times, each, color=color, linewidth=0.7, alpha=0.5)
        axes.plot(times, np.exp(np.log(losses).mean(axis=0)), color=color, linewidth=2.2, label=label)
    axes.set(xlabel="CPU time (s)", ylabel="loss", xscale="log", yscale="log", xlim=(times[0], times[-1]))
    axes.grid(alpha=0.3)
    axes.legend(fontsize=9)
    figure.savefig(path, metadata={"Date": None})


def table(courses: list[Course], seconds: float) -> str:
    """Loss after parts of the time, evaluations: geometric means over the starts, in brackets least and largest."""
    heads = [f"loss after {part * seconds:g} s" for part in PARTS]
    lines = [f"| method | {' | '.join(heads)} | evaluations |", "|---|" + "---|" * (len(heads) + 1)]
    first = [course.losses[0] for course in courses]
    lines.append(f"| at the start | {_range(first)} |" + " |" * len(heads))
    for method, found in by_method(courses).items():
        cells = [_range([float(c.loss_at(part * seconds)) for c in found]) for part in PARTS]
        asked = round(float(np.mean([c.evaluations for c in found])))
        lines.append(f"| {METHODS[method][0]} | {' | '.join(cells)} | {asked} |")
    return "\n".join(lines) + "\n"


def _range(losses: list[float]) -> str:
    mean = float(np.exp(np.mean(np.log(losses))))
    return f"{mean:.3g} ({min(losses):.3g} to {max(losses):.3g})"


def main(
    seconds: Annotated[float, typer.Option(min=0.1, help="CPU time of each optimisation.")] = 20.0,
    starts: Annotated[int, typer.Option(min=1, help="Optimisations by each method.")] = 2,
    method: Annotated[list[str], typer.Option(help="Only these: lm, cma, cuckoo, tpe.")] = list(METHODS),  # noqa: B006
    file: Annotated[Path, typer.Option(help="Targets and parameters.")] = HERE / "optimisers.yaml",
    output: Annotated[Path, typer.Option(help="Folder of the results.")] = HERE.parent / "doc/figures",
) -> None:
    """Writes optimisers.svg, optimisers.md and the courses they show, optimisers.json."""
    if unknown := set(method) - set(METHODS):
        raise typer.BadParameter(f"{', '.join(unknown)}, allowed are {', '.join(METHODS)}", param_hint="--method")
    output.mkdir(parents=True, exist_ok=True)
    for courses in compare(file, method, starts, seconds):
        (output / "optimisers.json").write_text(json.dumps([asdict(course) for course in courses]) + "\n")
        draw(courses, seconds, output / "optimisers.svg")
        (output / "optimisers.md").write_text(table(courses, seconds), encoding="utf-8")
    print((output / "optimisers.md").read_text(encoding="utf-8"))


if __name__ == "__main__":
    typer.run(main)
