"""CMA-ES of the package cma, in coordinates scaled by the parameters' ranges."""

from __future__ import annotations

import pickle

import cma
import numpy as np

from .objective import Evaluation, Objective
from .population import Population
from .settings import Stage


class CmaEs(Population):
    """The stage's spread is the first standard deviation, in ranges."""

    def __init__(self, objective: Objective, u: np.ndarray, stage: Stage, start: int):
        super().__init__(objective, u, stage.converged)
        space = objective.space
        self._scale = space.ranges(u)
        options = {
            "bounds": [_or_none(space.lower / self._scale), _or_none(space.upper / self._scale)],
            "seed": 1000 * stage.seed + start + 1,
            "verbose": -9,
        }
        if stage.population:
            options["popsize"] = stage.population
        self._strategy = cma.CMAEvolutionStrategy(u / self._scale, stage.spread, options)

    def iterate(self) -> Evaluation:
        """One generation; the evaluation at best."""
        points = self._strategy.ask()
        self._strategy.tell(points, self.losses([self._scale * x for x in points]))
        if reasons := self._strategy.stop():
            self.finished = f"CMA-ES has converged ({', '.join(reasons)})"
        return self.end_generation()

    def _inside(self) -> object:
        return self._strategy.pickle_dumps()  # with its random numbers

    def _restore(self, inside: object) -> None:
        self._strategy = pickle.loads(inside)


def _or_none(bounds: np.ndarray) -> list[float | None]:
    return [float(x) if np.isfinite(x) else None for x in bounds]
