"""Pictures of a fit's report."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from ase import Atoms
from matplotlib import rc_context
from matplotlib.figure import Figure

from ..distributions import Distribution
from ..style import COLORS, STYLE
from ..terminal import writing
from .curves import Curve
from .predict import QUANTITIES, Prediction
from .uncertainty import Directions


@rc_context(STYLE)
def draw_parity(training: Prediction, validation: Prediction, path: Path) -> None:
    """Model over reference for each kind of value, coloured by the family's first word."""
    words = list(dict.fromkeys(f.partition("-")[0] for f in training.families()))
    words += [w for f in validation.families() if (w := f.partition("-")[0]) not in words]
    color = {word: COLORS[k % len(COLORS)] for k, word in enumerate(words)}
    figure = Figure(figsize=(10, 10), layout="constrained")
    for axes, (kind, (name, unit, _)) in zip(
        figure.subplots(2, 2).flat, QUANTITIES.items(), strict=True
    ):
        for prediction, marker, size in ((training, ".", 8), (validation, "x", 14)):
            for family in prediction.families():
                word = family.partition("-")[0]
                x, y = prediction.pairs(kind, prediction.labels(family))
                axes.scatter(
                    x, y, size, color[word], marker=marker, linewidths=0.8, rasterized=True
                )
        _diagonal(axes)
        axes.set(xlabel=f"{name}, reference ({unit})", ylabel=f"{name}, potential ({unit})")
    axes = figure.axes[0]
    for word in words:
        axes.scatter([], [], 20, color[word], label=word)
    axes.scatter([], [], 20, "black", marker="x", label="validation")
    axes.legend(fontsize=8)
    _save(figure, path)


@rc_context(STYLE)
def draw_losses(histories: list[tuple[str, list[dict]]], path: Path) -> None:
    """Loss over iterations of each stage, training and validation."""
    figure = Figure(figsize=(3.2 * max(len(histories), 2), 3.4), layout="constrained")
    for axes, (name, history) in zip(
        figure.subplots(1, len(histories), squeeze=False).flat, histories, strict=True
    ):
        steps = [entry["iteration"] for entry in history]
        axes.plot(steps, [e["loss"] for e in history], color=COLORS[0], label="training")
        judged = [(e["iteration"], e["validation"]["loss"]) for e in history if e.get("validation")]
        judged = [(step, loss) for step, loss in judged if loss is not None]
        if judged:
            axes.plot(*zip(*judged, strict=True), color=COLORS[1], label="validation")
        axes.set(title=name, xlabel="iteration", ylabel="loss", yscale="log")
        axes.legend(fontsize=8)
    _save(figure, path)


@rc_context(STYLE)
def draw_directions(found: Directions, path: Path) -> None:
    """Width of each combination of parameters."""
    figure = Figure(figsize=(7, 3.2), layout="constrained")
    axes = figure.subplots()
    width = np.minimum(found.width, 1e6)
    axes.bar(
        np.arange(len(width)) + 1,
        width,
        color=[COLORS[1] if each else COLORS[0] for each in found.undetermined],
    )
    axes.axhline(1.0, color="black", linewidth=0.8)
    axes.set(
        xlabel="combination of parameters",
        ylabel="standard deviation (ranges)",
        yscale="log",
    )
    _save(figure, path)


@rc_context(STYLE)
def draw_curves(curves: list[Curve], path: Path) -> None:
    """Energies over volume or distance, the potential's as lines over the reference's dots."""
    figure, all_axes = _panels(len(curves))
    for axes, curve in zip(all_axes, curves, strict=True):
        axes.plot(curve.x, curve.reference, "o", color="black", markersize=4)
        axes.plot(curve.x, curve.model, color=COLORS[1])
        axes.set_title(curve.family, fontsize=9)
        axes.set(xlabel=curve.label, ylabel="meV/atom")
    _save(figure, path)


@rc_context(STYLE)
def draw_distributions(drawn: list[tuple[str, Distribution, list[Atoms]]], path: Path) -> None:
    """Distributions of frames as lines over the dots of their references, with their names."""
    figure, all_axes = _panels(len(drawn))
    for axes, (name, distribution, frames) in zip(all_axes, drawn, strict=True):
        x, y = distribution.of(frames)
        axes.plot(distribution.x, distribution.y, "o", color="black", markersize=2.5)
        axes.plot(x, y, color=COLORS[1])
        axes.set_title(name, fontsize=9)
        axes.set(xlabel=distribution.axis, xlim=(0, x[-1] + x[0]), ylim=(0, None))
    _save(figure, path)


def _panels(count: int) -> tuple[Figure, list]:
    """A figure with so many axes, four in a row."""
    columns = min(4, count)
    rows = -(-count // columns)
    figure = Figure(figsize=(3.2 * columns, 2.8 * rows), layout="constrained")
    axes = list(figure.subplots(rows, columns, squeeze=False).flat)
    for unused in axes[count:]:
        unused.remove()
    return figure, axes[:count]


def _diagonal(axes) -> None:
    low = min(axes.get_xlim()[0], axes.get_ylim()[0])
    high = max(axes.get_xlim()[1], axes.get_ylim()[1])
    axes.plot([low, high], [low, high], color="black", linewidth=0.6, zorder=0)
    axes.set(xlim=(low, high), ylim=(low, high), aspect="equal")


def _save(figure: Figure, path: Path) -> None:
    with writing(path):
        figure.savefig(path, dpi=130)
