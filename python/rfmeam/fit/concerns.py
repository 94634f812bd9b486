"""What looks wrong with a stage before and after it."""

from __future__ import annotations

import numpy as np

from .constants import undetermined
from .objective import Evaluation, Objective
from .parameters import ParameterSpace

# a growth of the validation loss that is worth a warning: over its least, and for each value
GROWTH, GROWTH_PER_VALUE = 1.05, 1e-4


def at_start(space: ParameterSpace, objective: Objective, start: Evaluation) -> list[str]:
    """Parameters without effect, constants of elements that the data leave open."""
    found = []
    effect = np.linalg.norm(start.triangle, axis=0)
    idle = [name for name, x in zip(space.free, effect, strict=True) if x == 0]
    if idle:
        which = "any target with derivatives" if objective.has_averages else "any target"
        found.append(f"without effect on {which}: {', '.join(idle)}")
    open_elements = undetermined(*objective.energy_shares())
    if open_elements:
        found.append(
            "the energies do not determine the constants of "
            f"{', '.join(open_elements)}: structures of other compositions would; the shortest "
            "set of constants is taken, and other compositions mean nothing"
        )
    return found


def at_end(
    space: ParameterSpace, u: np.ndarray, history: list[dict], num_validation: int
) -> list[str]:
    """Parameters at a bound, and a loss of validation values that has grown."""
    found = []
    width = 1e-6 * np.where(np.isfinite(space.upper - space.lower), space.upper - space.lower, 1.0)
    stuck = (u - space.lower <= width) | (space.upper - u <= width)
    if stuck.any():
        names = [name for name, at in zip(space.free, stuck, strict=True) if at]
        found.append(f"at a bound: {', '.join(names)}")
    judged = [entry for entry in history if entry.get("validation")]
    if problem := judged and judged[-1]["validation"]["problem"]:
        found.append(f"validation has no loss: {problem}")
    losses = [(e["validation"]["loss"], e) for e in judged if e["validation"]["loss"] is not None]
    if losses and judged[-1] is losses[-1][1]:
        last = losses[-1][0]
        least, entry = min(losses, key=lambda pair: pair[0])
        if last > GROWTH * least and last - least > GROWTH_PER_VALUE * num_validation:
            parts = judged[-1]["validation"]["parts"]
            grown = [n for n, x in parts.items() if x > GROWTH * entry["validation"]["parts"][n]]
            found.append(
                f"the loss on validation data grows: {last:.4g}, it was {least:.4g} at iteration "
                f"{entry['iteration']}; {', '.join(grown)}. The parameters of each iteration are "
                "in log.jsonl"
            )
    return found
