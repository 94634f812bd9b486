"""report.md and report.html of a fit: errors by family, curves, what the data determine."""

from __future__ import annotations

import numpy as np

from ..pages import Section, write_pages
from . import figures
from .curves import curves
from .data import Structure
from .parameters import starting_potential
from .predict import QUANTITIES, Prediction, predict_both
from .settings import Settings
from .stage import StageResult
from .uncertainty import Directions


def write_report(
    settings: Settings,
    results: list[StageResult],
    training: list[Structure],
    validation: list[Structure],
    found: Directions,
    extra: list[Section],
    warnings: list[str],
    jobs: int,
) -> None:
    """Draws the pictures and writes both files."""
    folder = settings.output
    last = results[-1]
    before = predict_both(settings, starting_potential(settings), training, validation, jobs)
    after = predict_both(settings, last.potential, training, validation, jobs)
    figures.draw_parity(*after[:2], folder / "parity.png")
    figures.draw_losses([(r.stage.name, r.run["history"]) for r in results], folder / "loss.png")
    figures.draw_directions(found, folder / "directions.png")
    sections = [
        Section(
            "Errors by family",
            [
                "Roots of mean squared errors: start → fit. "
                + _constants(last, after[2])
                + " Validation families are in italics: nothing was fitted to them.",
                *_unstable(after[0], after[1]),
            ],
            _error_table(before[:2], after[:2]),
            "parity.png",
        )
    ]
    if drawn := curves(*after[:2]):
        figures.draw_curves(drawn, folder / "curves.png")
        text = "The potential's energies as lines over the reference's dots."
        sections.append(Section("Curves", [text], None, "curves.png"))
    sections += [
        Section("Loss", _stage_texts(results), _loss_table(last), "loss.png"),
        Section(
            "What the data determine", _direction_texts(found), _parts(found), "directions.png"
        ),
        *extra,
    ]
    if warnings:
        sections.insert(0, Section("Warnings", warnings))
    title = f"{settings.path.name}: {len(training)} structures, {len(validation)} for validation"
    write_pages(title, sections, folder)


def _constants(last: StageResult, constants: np.ndarray) -> str:
    elements = last.space.base.elements
    words = ", ".join(f"{e} {c:+.4f} eV" for e, c in zip(elements, constants, strict=True))
    return f"Energies with these constants of the elements: {words}."


def _unstable(*predictions: Prediction) -> list[str]:
    labels = [label for each in predictions for label in each.unstable]
    return [f"Without equilibrium of the charges, not counted: {', '.join(labels)}."] * bool(labels)


def _error_table(before, after) -> list[list[str]]:
    rows = [["family", "structures", *(f"{n} ({unit})" for n, unit, _ in QUANTITIES.values())]]
    for (old, new), mark in zip(zip(before, after, strict=True), ("", "*"), strict=True):
        if not new.structures:
            continue
        name = "validation" if mark else "training"
        for family in [None, *new.families()]:
            labels = new.labels(family)
            row = [f"{mark}{family or f'all {name}'}{mark}", str(len(labels))]
            for kind in QUANTITIES:
                row.append(_change(old.error(kind, labels), new.error(kind, labels)))
            rows.append(row)
    return rows


def _change(before: float, after: float) -> str:
    if np.isnan(after):
        return "–"
    return f"{before:.3g} → {after:.3g}"


def _stage_texts(results: list[StageResult]) -> list[str]:
    texts = []
    for result in results:
        history = result.run["history"]
        texts.append(
            f"Stage {result.stage.name}: {len(result.space.free)} parameters by "
            f"{result.stage.method}, loss {history[0]['loss']:.5g} → {result.run['loss']:.5g} in "
            f"{len(history) - 1} iterations and {result.run['seconds']:.0f} s; "
            f"{result.run['finished'] or 'iterations were used up'}."
        )
    return texts


def _loss_table(last: StageResult) -> list[list[str]]:
    first = last.run["history"][0]
    best = min(last.run["history"], key=lambda entry: entry["loss"])
    rows = [[f"target in stage {last.stage.name}", "before", "after", "validation"]]
    for name, loss in best["parts"].items():
        judged = (best.get("validation") or {"parts": {}})["parts"].get(name)
        old = first["parts"].get(name, 0.0)
        rows.append([name, *("–" if x is None else f"{x:.4g}" for x in (old, loss, judged))])
    return rows


def _direction_texts(found: Directions) -> list[str]:
    count = int(found.undetermined.sum())
    return [
        f"Residuals are {found.residual:.3g} tolerances on average. Standard deviations of "
        "combinations of the last stage's parameters, in the parameters' ranges, from the "
        f"singular values of the weighted Jacobian: {count} of {len(found.width)} are 1 or more, "
        "which means that the data do not determine them.",
    ]


def _parts(found: Directions) -> list[list[str]]:
    rows = [["standard deviation", "combination of parameters, in ranges"]]
    shown = max(5, int(found.undetermined.sum()))
    for row in range(len(found.width) - 1, max(len(found.width) - 1 - shown, -1), -1):
        width = found.width[row]
        rows.append([f"{width:.2g}" if width < 1e6 else "no effect", found.text(row)])
    return rows
