"""One stage of a fit: its optimisations from one or several starts."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from .._core import Potential
from ..errors import UserError
from . import concerns
from .data import Structure
from .objective import Evaluation, Objective
from .optimisers import make_optimiser
from .parameters import ParameterSpace
from .progress import Progress
from .rows import left_out_properties
from .settings import Settings
from .stage_settings import Stage


@dataclass
class StageResult:
    """A stage as far as it is: its best coordinates and their potential.

    record: for the checkpoint, of plain data. "runs" has one entry for each start: "history" (one
    entry for each iteration, the first is the start), "loss" and "best" (coordinates) of the best
    iteration, the optimiser's "state", "seconds", and why it "finished".
    """

    stage: Stage
    space: ParameterSpace
    record: dict

    @property
    def run(self) -> dict:
        """The best of the starts."""
        return min(self.record["runs"], key=lambda run: run["loss"])

    @property
    def u(self) -> np.ndarray:
        return np.array(self.run["best"])

    @property
    def potential(self) -> Potential:
        return self.space.potential(self.u)

    @property
    def constants(self) -> np.ndarray:
        """Constants of the elements at the best iteration, eV."""
        return np.array(min(self.run["history"], key=lambda entry: entry["loss"])["constants"])


class StageRun:
    """A stage at work on training data; validation is followed."""

    def __init__(
        self,
        settings: Settings,
        stage: Stage,
        potential: Potential,
        training: list[Structure],
        validation: list[Structure],
        jobs: int,
    ):
        self.stage, self.where = stage, f"{settings.path}: stage {stage.name}"
        self._left_out = left_out_properties(settings.properties, stage)
        self.space = ParameterSpace(potential, settings, stage)
        self.objective = Objective(self.space, training, settings, stage, jobs)
        if not self.objective.num_rows:
            raise UserError(f"{self.where}: no value of the data counts")
        zero = np.zeros(len(potential.elements))
        self.validation = Objective(self.space, validation, settings, stage, jobs, zero)

    def run(
        self, record: dict, progress: Progress, save: Callable[[StageResult], None]
    ) -> StageResult:
        """Goes on from a record, which may be empty; saves after each iteration."""
        result = StageResult(self.stage, self.space, record)
        progress.begin(self.stage, self.space, self.objective, self.validation)
        if not record["runs"]:
            start = self.objective.evaluate(self.space.start, derivatives=True)
            if start.problem:
                raise UserError(f"{self.where} cannot start: {start.problem}")
            record["warnings"] = concerns.at_start(self.space, self.objective, start)
            if self._left_out:
                record["warnings"].append(
                    f"stage {self.stage.name}: lm wants derivatives, which averages of molecular "
                    f"dynamics have not: not counted are {', '.join(self._left_out)}"
                )
            progress.warn(*record["warnings"])
        for number in range(self.stage.starts):
            self._optimise(result, number, progress, save)
        history, values = result.run["history"], self.validation.num_rows
        progress.warn(*concerns.at_end(self.space, result.u, history, values))
        return result

    def _optimise(self, result: StageResult, number: int, progress: Progress, save) -> None:
        """One optimisation, from where its record says it was."""
        runs = result.record["runs"]
        if number == len(runs):
            u, first = self.starting_point(number)
            entry = self._entry(0, first, u)
            runs.append(
                {"history": [entry], "loss": first.loss, "start": u.tolist(), "best": u.tolist(),
                 "state": None, "seconds": 0.0, "finished": ""}
            )  # fmt: skip
            progress.line(self.stage, number, entry)
        run = runs[number]
        optimiser = make_optimiser(self.objective, np.array(run["start"]), self.stage, number)
        if run["state"] is not None:
            optimiser.resume(run["state"])
        began, spent = time.monotonic(), run["seconds"]
        limit = np.inf if self.stage.hours is None else 3600 * self.stage.hours
        while not optimiser.finished and len(run["history"]) <= self.stage.iterations:
            if run["seconds"] > limit:
                progress.note(f"stage {self.stage.name}: {self.stage.hours:g} hours are used up")
                break
            evaluation = optimiser.iterate()
            run["state"], run["finished"] = optimiser.state(), optimiser.finished
            run["seconds"] = spent + time.monotonic() - began
            if optimiser.finished and evaluation.loss >= run["loss"]:
                save(result)
                break
            run["loss"], run["best"] = evaluation.loss, optimiser.best.tolist()
            run["history"].append(self._entry(len(run["history"]), evaluation, optimiser.best))
            save(result)
            progress.line(self.stage, number, run["history"][-1])
        progress.note(f"stage {self.stage.name}: {optimiser.finished or 'iterations are used up'}")

    def starting_point(self, number: int) -> tuple[np.ndarray, Evaluation]:
        """The stage's start, or one near it: `spread` of the range, less where there is no loss."""
        if number == 0:
            return self.space.start, self.objective.evaluate(self.space.start)
        random = np.random.default_rng([self.stage.seed, number])
        spread = self.stage.spread
        for _ in range(50):
            shift = (
                spread
                * self.space.ranges(self.space.start)
                * random.uniform(-1, 1, len(self.space.start))
            )
            u = np.clip(self.space.start + shift, self.space.lower, self.space.upper)
            evaluation = self.objective.evaluate(u)
            if not evaluation.problem:
                return u, evaluation
            spread *= 0.8
        raise UserError(
            f"{self.where}: no start was found near the first: {evaluation.problem}; lower `spread`"
        )

    def _entry(self, iteration: int, training: Evaluation, u: np.ndarray) -> dict:
        """What the history has of an iteration."""
        entry = {
            "iteration": iteration,
            "loss": training.loss,
            "parts": training.parts,
            "constants": training.constants.tolist(),
            "parameters": dict(
                zip(self.space.free, self.space.parameters(u).tolist(), strict=True)
            ),
        }
        if self.validation.num_rows:
            self.validation.set_constants(training.constants)
            judged = self.validation.evaluate(u)
            entry["validation"] = {
                "loss": None if judged.problem else judged.loss,
                "parts": judged.parts,
                "problem": judged.problem,
            }
        return entry
