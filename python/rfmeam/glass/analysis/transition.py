"""The glass transition from a cooling run: two straight lines through enthalpy or volume over
temperature."""

import warnings
from dataclasses import dataclass

import numpy as np
from scipy.optimize import OptimizeWarning, curve_fit


@dataclass(frozen=True)
class Transition:
    """Where the lines meet (K), with its standard error, and their slopes, per K."""

    temperature: float
    error: float
    glass_slope: float
    melt_slope: float


def glass_transition(temperature: np.ndarray, values: np.ndarray, blocks: int = 40) -> Transition:
    """Fits two lines that meet to values over temperature (K), both of shape (n,), in the order of
    the run.

    The run is averaged over blocks first, which are independent enough for the error of the fit to
    mean something.
    Raises ValueError if there is no bend inside the range, or the liquid's slope is not the larger.
    """
    blocks = min(blocks, len(temperature) // 5)
    if blocks < 8:
        raise ValueError(f"{len(temperature)} records are too few for a glass transition")
    t = np.array([part.mean() for part in np.array_split(temperature, blocks)])
    y = np.array([part.mean() for part in np.array_split(values, blocks)])
    middle, spread = y.mean(), np.ptp(y)

    def lines(t, tg, level, glass, change):
        return level + glass * (t - tg) + change * np.maximum(t - tg, 0.0)

    scaled = (y - middle) / spread
    low, high = t.min(), t.max()
    best = None
    slope = 1.0 / (high - low)
    for guess in np.linspace(low, high, 7)[1:-1]:
        try:
            with warnings.catch_warnings():  # of a straight line, which is refused below
                warnings.simplefilter("ignore", OptimizeWarning)
                values_, covariance = curve_fit(lines, t, scaled, [guess, 0.0, slope, slope])
        except RuntimeError:
            continue
        residual = np.sum((scaled - lines(t, *values_)) ** 2)
        if best is None or residual < best[0]:
            best = residual, values_, covariance
    if best is None:
        raise ValueError("no two lines fit the cooling run")
    _, (tg, _, glass, change), covariance = best
    error = float(np.sqrt(covariance[0, 0]))
    margin = 0.05 * (high - low)
    if not (low + margin < tg < high - margin and change > 0 and error < high - low):
        raise ValueError("no bend towards a steeper liquid line inside the temperatures of the run")
    return Transition(float(tg), error, float(glass * spread), float((glass + change) * spread))
