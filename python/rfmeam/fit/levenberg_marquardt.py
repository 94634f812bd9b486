"""Levenberg-Marquardt with bounds, step by step.

Of our own, as SciPy's least_squares wants the whole Jacobian in memory, cannot refuse a point
(where charges have no equilibrium), and cannot be stopped and go on. The step is the exact minimum
of the damped linear problem inside the bounds, by scipy.optimize.lsq_linear.
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import lsq_linear

from .objective import Evaluation, Objective

_FIRST_DAMPING, _LEAST_DAMPING, _LARGEST_DAMPING = 1e-3, 1e-10, 1e12
# of a parameter over its range, as a part of the largest one: less is rounding and moves nothing
_LEAST_EFFECT = 1e-8


class LevenbergMarquardt:
    """Moves u downhill; `iterate` makes one accepted step, until `finished` says why it stopped.

    Damping λ multiplies the squared largest column norms D of the Jacobian so far (Marquardt,
    as in MINPACK), so that units of parameters do not matter. No step is longer than a part of a
    parameter's range (ParameterSpace.ranges): energies are far from linear in some parameters, and
    where the data say nothing the linear model would go anywhere.
    """

    def __init__(
        self, objective: Objective, u: np.ndarray, converged: float, longest_step: float = 0.1
    ):
        """converged: relative fall of the loss by a step that counts as none. longest_step: in
        ranges of the parameters.
        """
        self.objective, self.converged = objective, converged
        self.longest_step = longest_step
        self.best = np.array(u, dtype=float)
        self.damping, self.growth = _FIRST_DAMPING, 2.0
        self.scale = np.zeros(len(self.best))
        self.small_steps = 0
        self.finished = ""
        self.current: Evaluation | None = None

    def state(self) -> dict:
        """What `resume` needs, for JSON."""
        return {
            "best": self.best.tolist(), "damping": self.damping, "growth": self.growth,
            "scale": self.scale.tolist(), "small_steps": self.small_steps,
            "finished": self.finished,
        }  # fmt: skip

    def resume(self, state: dict) -> None:
        """Goes on from a state."""
        self.best, self.scale = np.array(state["best"]), np.array(state["scale"])
        self.damping, self.growth = state["damping"], state["growth"]
        self.small_steps, self.finished = state["small_steps"], state["finished"]

    def linearize(self) -> Evaluation:
        """The evaluation with derivatives at u."""
        if self.current is None or self.current.triangle is None:
            self.current = self.objective.evaluate(self.best, derivatives=True)
            if not self.current.problem:
                self.scale = np.maximum(self.scale, np.linalg.norm(self.current.triangle, axis=0))
        return self.current

    def iterate(self) -> Evaluation:
        """One accepted step, or `finished` is set; returns the evaluation at u."""
        here = self.linearize()
        if here.problem:
            self.finished = here.problem
            return here
        while not self.finished:
            u, predicted = self._step(here)
            if predicted <= 1e-15 * max(here.loss, 1e-300) or np.array_equal(u, self.best):
                self.finished = "the loss is at a minimum"
                break
            there = self.objective.evaluate(u)
            gain = (here.loss - there.loss) / predicted if not there.problem else -1.0
            if gain > 1e-4:
                self._accept(u, gain, there, here.loss)
                break
            self.damping *= self.growth
            self.growth *= 2
            if self.damping > _LARGEST_DAMPING:
                self.finished = "no step lowers the loss" + (
                    f" ({there.problem})" if there.problem else ""
                )
        return self.current

    def _accept(self, u: np.ndarray, gain: float, there: Evaluation, before: float) -> None:
        self.best = u
        self.current = there
        self.damping = max(self.damping * max(1 / 3, 1 - (2 * gain - 1) ** 3), _LEAST_DAMPING)
        self.growth = 2.0
        fell = (before - there.loss) / max(before, 1e-300)
        self.small_steps = self.small_steps + 1 if fell < self.converged else 0
        if self.small_steps == 3:
            self.finished = f"three steps lowered the loss by less than {self.converged:g} each"

    def _step(self, here: Evaluation) -> tuple[np.ndarray, float]:
        """Where the damped step inside the bounds leads, and by how much the linear model falls."""
        space = self.objective.space
        ranges = space.ranges(self.best)
        effect = self.scale * ranges
        scale = np.maximum(self.scale, max(_LEAST_EFFECT * effect.max(), 1e-300) / ranges)
        rows = np.vstack([here.triangle, np.diag(np.sqrt(self.damping) * scale)])
        right = np.concatenate([-here.rest, np.zeros(len(self.best))])
        longest = self.longest_step * ranges
        low = np.maximum(space.lower - self.best, -longest)
        high = np.minimum(space.upper - self.best, longest)
        # columns of length one, as bounds are met to a tolerance of the step's length
        bounds = _open(low * scale, high * scale)
        step = lsq_linear(rows / scale, right, bounds=bounds, method="bvls").x
        # best + (lower - best) may round to beyond lower, where potentials are refused
        u = np.clip(self.best + np.clip(step / scale, low, high), space.lower, space.upper)
        left = here.rest + here.triangle @ (u - self.best)
        return u, 0.5 * float(here.rest @ here.rest - left @ left)


def _open(low: np.ndarray, high: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Bounds as lsq_linear takes them: low < high also where a parameter has no room."""
    return np.minimum(low, -1e-300), np.maximum(high, 1e-300)
