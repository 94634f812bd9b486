"""What the data say about the parameters near the best ones: the Gauss-Newton Hessian."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .objective import Evaluation, Objective


@dataclass(frozen=True)
class Directions:
    """Combinations of parameters, from the best determined to the worst.

    names: of the coordinates (free parameters; ln where the scale is logarithmic). ranges: of
    each. residual: root of the mean squared residual, in tolerances. width (P,): standard
    deviation of each combination, in ranges; from 1 on the data do not determine it. parts
    (P, P): each row a combination, in ranges.
    """

    names: list[str]
    ranges: np.ndarray
    residual: float
    width: np.ndarray
    parts: np.ndarray

    @property
    def undetermined(self) -> np.ndarray:
        """Which combinations the data do not determine."""
        return self.width >= 1

    def text(self, row: int) -> str:
        """The largest parts of a combination."""
        order = np.argsort(-np.abs(self.parts[row]))
        large = [k for k in order[:5] if abs(self.parts[row, k]) > 0.2]
        return " ".join(f"{self.parts[row, k]:+.2f} {self.names[k]}" for k in large)


def directions(objective: Objective, u: np.ndarray, here: Evaluation) -> Directions:
    """From the Jacobian's triangle at u, where the fit has come to its minimum.

    The residuals' own size is taken for the error of the data: what a potential of this form
    cannot follow counts as noise.
    """
    ranges = objective.space.ranges(u)
    _, values, parts = np.linalg.svd(here.triangle * ranges, full_matrices=True)
    values = np.concatenate([values, np.zeros(len(u) - len(values))])
    freedom = max(objective.num_rows - len(u), 1)
    residual = float(np.sqrt(2 * here.loss / freedom))
    with np.errstate(divide="ignore", invalid="ignore"):
        width = np.where(values > 0, residual / values, np.inf)
    return Directions(list(objective.space.free), ranges, residual, width, parts)
