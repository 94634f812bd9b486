"""Draws errors of models against their cost."""

import itertools
from pathlib import Path

import matplotlib.pyplot as plt
from rfmeam.style import COLORS, STYLE


def draw(models: dict[str, tuple[float, float, float]], path: Path) -> None:
    """models: atom-steps/s, energy's error (meV/atom), forces' error (eV/Å) by title; the path's suffix is the format.

    Cost is CPU time, µs an atom and step. Without models there is no figure.
    """
    if not models:
        return
    plt.rcParams.update(STYLE | {"svg.hashsalt": path.name})  # the same figure gives the same file
    figure, axes = plt.subplots(1, 2, figsize=(9, 3.8), layout="constrained", sharex=True)
    for axis, column, label in zip(axes, (1, 2), ("energy (meV/atom)", "forces (eV/Å)"), strict=True):
        sides = itertools.cycle((-11, 11))  # points: neighbours' names below and above their dots
        for (title, values), color, side in zip(models.items(), itertools.cycle(COLORS), sides, strict=False):
            place = 1e6 / values[0], values[column]
            axis.plot(*place, "o", color=color)
            axis.annotate(title, place, (0, side), textcoords="offset points", ha="center", va="center", color=color)
        axis.set(xscale="log", xlabel="cost (µs an atom and step, one core)", ylabel=f"error, {label}")
        axis.set_ylim(bottom=0)
        axis.set_ylim(top=1.1 * max(values[column] for values in models.values()))
        axis.margins(x=0.25)
    path.parent.mkdir(exist_ok=True)
    figure.savefig(path, metadata={"Date": None})
    plt.close(figure)
