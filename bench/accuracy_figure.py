"""Draws errors of models against their cost."""

import itertools
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from rfmeam.style import COLORS, STYLE


def is_close_above(place: tuple[float, float], other: tuple[float, float], top: float) -> bool:
    """Whether a name above the dot would meet that of the other one: within a decade of cost, a sixth of the axis."""
    return abs(np.log10(other[0] / place[0])) < 1 and 0 < other[1] - place[1] < top / 6


def draw(models: dict[str, tuple[float, float, float]], path: Path) -> None:
    """models: atom-steps/s, energy's error (meV/atom), forces' error (eV/Å) by title; the path's suffix is the format.

    Cost is CPU time, µs an atom and step. Without models there is no figure.
    """
    if not models:
        return
    plt.rcParams.update(STYLE | {"svg.hashsalt": path.name})  # the same figure gives the same file
    figure, axes = plt.subplots(1, 2, figsize=(9, 3.8), layout="constrained", sharex=True)
    for axis, column, label in zip(axes, (1, 2), ("energy (meV/atom)", "forces (eV/Å)"), strict=True):
        places = {title: (1e6 / values[0], values[column]) for title, values in models.items()}
        top = 1.1 * max(error for _, error in places.values())
        for (title, place), color in zip(places.items(), itertools.cycle(COLORS), strict=False):
            side = -11 if any(is_close_above(place, other, top) for other in places.values()) else 11  # points
            axis.plot(*place, "o", color=color)
            axis.annotate(title, place, (0, side), textcoords="offset points", ha="center", va="center", color=color)
        axis.set(xscale="log", xlabel="cost (µs an atom and step, one core)", ylabel=f"error, {label}")
        axis.set_ylim(0, top)
        axis.margins(x=0.25)
    path.parent.mkdir(exist_ok=True)
    figure.savefig(path, metadata={"Date": None})
    plt.close(figure)
