"""What optimisers have in common that need losses only; one iteration is one generation."""

from __future__ import annotations

import base64
import pickle

import numpy as np

from .objective import Evaluation, Objective
from .parameters import ParameterSpace

_NO_LOSS = 1e30  # of points where charges have no equilibrium, as optimisers want numbers
_PATIENCE = 20  # generations without a lower loss


class Population:
    """The best so far, evaluation of candidates, and the state. Those below it have `_inside`, what
    their optimiser needs to go on, which must be possible to pickle, and `_restore`.
    """

    def __init__(self, objective: Objective, u: np.ndarray, converged: float):
        """converged: relative fall of the loss in 20 generations that counts as none."""
        self.objective, self.best = objective, np.array(u, dtype=float)
        self.converged, self.finished = converged, ""
        self._current = objective.evaluate(self.best)
        self._losses: list[float] = []

    def losses(self, candidates: list[np.ndarray]) -> list[float]:
        """Losses of candidates; keeps the best."""
        found = []
        for u in candidates:
            evaluation = self.objective.evaluate(u)
            if evaluation.loss < self._current.loss:
                self.best, self._current = np.array(u), evaluation
            found.append(min(evaluation.loss, _NO_LOSS))
        return found

    def end_generation(self) -> Evaluation:
        """Sees whether the fit has come to its end; the evaluation at best."""
        self._losses.append(self._current.loss)
        if len(self._losses) > _PATIENCE:
            before = self._losses[-1 - _PATIENCE]
            if before - self._current.loss <= self.converged * before:
                self.finished = (
                    f"{_PATIENCE} generations lowered the loss by less than {self.converged:g}"
                )
        return self._current

    def state(self) -> dict:
        """What resume needs, for JSON; the optimiser's inside is a pickle."""
        inside = base64.b64encode(pickle.dumps(self._inside())).decode()
        return {
            "best": self.best.tolist(), "finished": self.finished, "losses": self._losses,
            "inside": inside,
        }  # fmt: skip

    def resume(self, state: dict) -> None:
        """Goes on from a state."""
        self.best, self.finished = np.array(state["best"]), state["finished"]
        self._losses = list(state["losses"])
        self._current = self.objective.evaluate(self.best)
        self._restore(pickle.loads(base64.b64decode(state["inside"])))


class SearchRange:
    """Where candidates are drawn from: soft bounds, else hard ones, else the size of the start.

    Automatic, as optzer has it: every UPDATE generations the range of each parameter becomes that
    of the best max(FEWEST, PART · all) candidates, symmetric about the best, inside hard bounds.
    """

    UPDATE, FEWEST, PART = 10, 100, 0.15

    def __init__(self, space: ParameterSpace, u: np.ndarray):
        self._lower, self._upper = space.lower, space.upper
        size = space.ranges(u)
        low = np.where(np.isfinite(space.soft[0]), space.soft[0], space.lower)
        high = np.where(np.isfinite(space.soft[1]), space.soft[1], space.upper)
        self.low = np.clip(np.where(np.isfinite(low), low, u - size), self._lower, u)
        self.high = np.clip(np.where(np.isfinite(high), high, u + size), u, self._upper)
        self._points: list[np.ndarray] = []
        self._losses: list[float] = []
        self._generations = 0

    def add(self, points: list[np.ndarray], losses: list[float]) -> None:
        """A generation's candidates; updates the range when it is time."""
        self._points += points
        self._losses += losses
        self._generations += 1
        if self._generations % self.UPDATE or len(self._points) < self.FEWEST:
            return
        count = max(self.FEWEST, int(self.PART * len(self._points)))
        order = np.argsort(self._losses)[:count]
        good = np.array([self._points[k] for k in order if self._losses[k] < _NO_LOSS])
        if len(good) < 2:
            return
        reach = np.abs(good - good[0]).max(axis=0)
        self.low = np.maximum(good[0] - reach, self._lower)
        self.high = np.minimum(good[0] + reach, self._upper)
