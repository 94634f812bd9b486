"""Cuckoo search with Lévy flights (Yang and Deb, 2009); the search range follows the best."""

from __future__ import annotations

from math import gamma, pi, sin

import numpy as np

from .objective import Evaluation, Objective
from .population import Population, SearchRange
from .settings import Stage

_NESTS, _ABANDONED = 20, 0.25
_BETA, _STEP = 1.5, 0.01  # of the Lévy flights; the step in ranges
# of Mantegna's way to draw Lévy-distributed numbers
_SIGMA = (
    gamma(1 + _BETA)
    * sin(pi * _BETA / 2)
    / (gamma((1 + _BETA) / 2) * _BETA * 2 ** ((_BETA - 1) / 2))
) ** (1 / _BETA)


class Cuckoo(Population):
    """A nest is a point. Each flies; what it finds replaces a random nest that is worse; a quarter,
    the worst, is given up for new ones anywhere in the range.
    """

    def __init__(self, objective: Objective, u: np.ndarray, stage: Stage, start: int):
        super().__init__(objective, u, stage.converged)
        self._random = np.random.default_rng([stage.seed, start])
        self._range = SearchRange(objective.space, u)
        self._count = stage.population or _NESTS
        self._nests: list[np.ndarray] = []
        self._worth: list[float] = []

    def iterate(self) -> Evaluation:
        """One generation; the evaluation at best. The first makes the nests, one at the start."""
        if not self._nests:
            points = [self.best, *(self._anywhere() for _ in range(self._count - 1))]
            self._nests, self._worth = points, self.losses(points)
            self._range.add(points, self._worth)
            return self.end_generation()
        flown = [self._flight(nest) for nest in self._nests]
        losses = self.losses(flown)
        for point, loss in zip(flown, losses, strict=True):
            other = self._random.integers(self._count)
            if loss < self._worth[other]:
                self._nests[other], self._worth[other] = point, loss
        worst = np.argsort(self._worth)[self._count - int(_ABANDONED * self._count) :]
        fresh = [self._anywhere() for _ in worst]
        found = self.losses(fresh)
        for nest, point, loss in zip(worst, fresh, found, strict=True):
            self._nests[nest], self._worth[nest] = point, loss
        self._range.add(flown + fresh, losses + found)
        return self.end_generation()

    def _anywhere(self) -> np.ndarray:
        return self._random.uniform(self._range.low, self._range.high)

    def _flight(self, nest: np.ndarray) -> np.ndarray:
        size = len(nest)
        levy = self._random.normal(0, _SIGMA, size)
        levy /= np.abs(self._random.normal(size=size)) ** (1 / _BETA)
        width = self._range.high - self._range.low
        return np.clip(nest + _STEP * levy * width, self._range.low, self._range.high)

    def _inside(self) -> object:
        return self._random, self._range, self._nests, self._worth

    def _restore(self, inside: object) -> None:
        self._random, self._range, self._nests, self._worth = inside
