"""Draws errors of models against their cost."""

from pathlib import Path

import matplotlib.pyplot as plt


def draw(models: dict[str, tuple[float, float, float]], path: Path) -> None:
    """models: atom-steps/s, energy's error (meV/atom), forces' error (eV/Å) by title; the path's suffix is the format.

    Cost is CPU time, µs an atom and step. Without models there is no figure.
    """
    if not models:
        return
    plt.rcParams["svg.hashsalt"] = path.name  # the same figure gives the same file
    figure, axes = plt.subplots(1, 2, figsize=(9, 3.8), layout="constrained", sharex=True)
    for axis, column, label in zip(axes, (1, 2), ("energy (meV/atom)", "forces (eV/Å)"), strict=True):
        for title, values in models.items():
            (dot,) = axis.plot(1e6 / values[0], values[column], "o")
            axis.annotate(
                title, (1e6 / values[0], values[column]), (5, 5), textcoords="offset points", color=dot.get_color()
            )
        axis.set(xscale="log", xlabel="cost (µs an atom and step, one core)", ylabel=f"error, {label}")
        axis.set_ylim(bottom=0)
        axis.margins(x=0.3)
    path.parent.mkdir(exist_ok=True)
    figure.savefig(path, metadata={"Date": None})
    plt.close(figure)
