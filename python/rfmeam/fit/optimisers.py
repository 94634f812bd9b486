"""The optimisers that a stage can name."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from .levenberg_marquardt import LevenbergMarquardt
from .objective import Evaluation, Objective
from .settings import Stage


class Optimiser(Protocol):
    """Moves coordinates to lower losses, one iteration at a time.

    best: coordinates of the lowest loss so far; finished: why it stopped, "" while it goes on.
    """

    best: np.ndarray
    finished: str

    def iterate(self) -> Evaluation:
        """One iteration; the evaluation at best."""

    def state(self) -> dict:
        """What resume needs, for JSON."""

    def resume(self, state: dict) -> None:
        """Goes on from a state."""


def make_optimiser(objective: Objective, u: np.ndarray, stage: Stage, start: int) -> Optimiser:
    """The optimiser of a stage, at its start u."""
    return LevenbergMarquardt(objective, u, stage.converged, stage.longest_step)
