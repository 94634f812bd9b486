"""The place of a peak, finer than the bins it was counted in."""

import math

import numpy as np
from numpy.polynomial import Polynomial
from scipy.ndimage import gaussian_filter1d
from scipy.signal import find_peaks

SMOOTHING = 0.05  # Å, before a peak is looked for, not before it is fitted
PROMINENCE = 0.5  # what a peak of g(r) rises above the valleys beside it, at least
TOP = 0.8  # of its height: the part of the peak that is fitted


def first_peak(edges: np.ndarray, g: np.ndarray) -> float:
    """Where g(r), counted in equal bins between the edges (Å), has its first peak; nan without one.

    ln g at the top of the peak is fitted with a cubic, each bin weighted with its counts: exact
    for a Gaussian, and free to be skew. Bins may be as wide as the peak's standard deviation.
    """
    r, width = (edges[1:] + edges[:-1]) / 2, edges[1] - edges[0]
    smooth = gaussian_filter1d(g, SMOOTHING / width)
    peaks, _ = find_peaks(smooth, height=1.0, prominence=PROMINENCE)
    if not len(peaks):
        return math.nan
    top = peaks[0]
    valley = np.flatnonzero(smooth < TOP * smooth[top])
    low = min(valley[valley < top].max() + 1, top - 2)
    high = max(valley[valley > top].min() - 1, top + 2) if (valley > top).any() else len(g) - 1
    fitted = np.arange(max(low, 0), min(high + 1, len(g)))
    fitted = fitted[g[fitted] > 0]
    if len(fitted) < 4:  # all of it in one to three bins
        return float(np.average(r[fitted], weights=g[fitted]))
    x, weights = r[fitted] - r[top], np.sqrt(g[fitted]) * r[fitted]
    slope = Polynomial.fit(x, np.log(g[fitted]), 3, w=weights).deriv()
    maxima = [z.real for z in slope.roots() if np.isreal(z) and slope.deriv()(z.real) < 0]
    inside = [z for z in maxima if x[0] <= z <= x[-1]]
    return float(r[top] + inside[0]) if inside else math.nan
