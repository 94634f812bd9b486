"""The optimisers that a stage can name."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from ..errors import UserError, install
from .cuckoo import Cuckoo
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
    """The optimiser of a stage, at u; start: its number among the stage's starts.

    Raises UserError where the package of a method is missing.
    """
    if stage.method == "lm":
        return LevenbergMarquardt(objective, u, stage.converged, stage.longest_step)
    if stage.method == "cuckoo":
        return Cuckoo(objective, u, stage, start)
    try:
        if stage.method == "cma":
            from .evolution import CmaEs

            return CmaEs(objective, u, stage, start)
        from .tpe import Tpe

        return Tpe(objective, u, stage, start)
    except ModuleNotFoundError as error:
        raise UserError(f"the method {stage.method} needs {error.name}: {install('fit')}") from None
