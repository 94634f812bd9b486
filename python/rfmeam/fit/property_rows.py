"""Properties as targets of a fit. Derivatives are differences: one measurement a parameter.

Averages of molecular dynamics have none: a change of a parameter makes another trajectory, and what
that changes is mostly noise. They are part of the loss, not of the triangle.
"""

from __future__ import annotations

import numpy as np

from .._core import Potential
from ..properties import Property
from .parameters import ParameterSpace
from .property_settings import measurement
from .triangle import Triangle

_STEP = 1e-4  # of the differences, in ranges of the parameters


class PropertyRows:
    """(property - value)/tolerance of properties, each with a weight."""

    def __init__(self, properties: list[Property], weights: list[float]):
        self.properties = properties
        self._weights = np.sqrt(np.array(weights))

    def measured(self, potential: Potential) -> np.ndarray:
        """All properties. ValueError where charges have no equilibrium or a run is unstable."""
        return _measured(self.properties, potential)

    def add(
        self,
        space: ParameterSpace,
        u: np.ndarray,
        potential: Potential,
        losses: dict[str, float],
        triangle: Triangle | None,
    ) -> None:
        """Adds to the losses by name and to the triangle."""
        if not self.properties:
            return
        values = self.measured(potential)
        tolerance = np.array([each.tolerance for each in self.properties])
        residual = (values - [each.value for each in self.properties]) / tolerance * self._weights
        for each, r in zip(self.properties, residual, strict=True):
            losses[each.name] = 0.5 * float(r**2)
        smooth = np.array([each.run is None for each in self.properties])
        if triangle is None or not smooth.any():
            return
        which = [each for each in self.properties if each.run is None]
        jacobian = np.zeros((len(which), len(u)))
        for k, step in enumerate(_STEP * space.ranges(u)):
            moved = u.copy()
            moved[k] += step if u[k] + step <= space.upper[k] else -step
            there = _measured(which, space.potential(moved))
            slope = (there - values[smooth]) / (moved[k] - u[k])
            jacobian[:, k] = slope / tolerance[smooth] * self._weights[smooth]
        triangle.add(jacobian, residual[smooth])


def _measured(properties: list[Property], potential: Potential) -> np.ndarray:
    measure = measurement(potential)
    return np.array([each.measure(measure) for each in properties])
