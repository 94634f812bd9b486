"""After the last stage: what the data determine, the ensemble, the report."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from .._core import Potential
from ..charges import IndefiniteChargesError
from ..properties import Measurement, Property
from .ensemble import bootstrap_members, hessian_members, spreads, write_members
from .objective import Objective
from .parameters import starting_potential
from .predict import QUANTITIES, predict
from .progress import Progress
from .property_settings import measurement
from .report import Section, write_report
from .run import Data
from .settings import Settings
from .stage import StageResult
from .uncertainty import directions


def finish(
    settings: Settings, results: list[StageResult], data: Data, jobs: int, progress: Progress
) -> None:
    """Writes report.md, report.html, their pictures, and the ensemble's potentials."""
    last = results[-1]
    progress.note("report: what the data determine, ensemble")
    objective = Objective(last.space, data.training, settings, last.stage, jobs)
    here = objective.evaluate(last.u, derivatives=True)
    found = directions(objective, last.u, here)
    extra, ensemble = [], []
    if settings.ensemble > 1:
        members, shortened = hessian_members(
            objective, last.u, found, settings.ensemble, settings.report_seed
        )
        text = (
            f"{settings.ensemble} potentials drawn from the Gauss-Newton covariance, scaled by the "
            f"residuals, in ensemble/hessian-*.rfmeam; {shortened} were drawn nearer, as the loss "
            "rises faster than the linear model says."
        )
        extra.append(_section("hessian", text, members, settings, last, data, jobs))
        ensemble += [last.space.potential(u) for u in members]
    if settings.bootstrap > 1:
        members = bootstrap_members(
            settings, last.space, last.stage, data.training, last.u, settings.output,
            last.record["digest"], jobs,
        )  # fmt: skip
        text = (
            f"{settings.bootstrap} potentials, each fitted again to families drawn with "
            "replacement, in ensemble/bootstrap-*.rfmeam."
        )
        extra.append(_section("bootstrap", text, members, settings, last, data, jobs))
        ensemble += [last.space.potential(u) for u in members]
    if settings.properties:
        extra.insert(0, _properties(settings, last.potential, ensemble))
    write_report(
        settings, results, data.training, data.validation, found, extra, progress.warnings, jobs
    )


def _properties(settings: Settings, potential: Potential, ensemble: list[Potential]) -> Section:
    """Properties before and after, with the ensemble's standard deviation."""
    rows = [["property", "unit", "reference", "before", "after", "deviation", "±"]]
    before = measurement(starting_potential(settings))
    after = measurement(potential)
    members = [measurement(each) for each in ensemble]
    for each in settings.properties:
        old, new = _measured(each, before), _measured(each, after)
        spread = np.array([_measured(each, member) for member in members])
        spread = spread[np.isfinite(spread)]
        deviation = np.nan if each.value is None else new - each.value
        bar = spread.std(ddof=1) if len(spread) > 1 else np.nan
        numbers = (each.value, old, new, deviation, bar)
        rows.append([each.name, each.unit, *map(_number, numbers)])
    text = "±: standard deviation over the ensembles below; it knows nothing of the form's errors."
    return Section("Properties", [text], rows)


def _measured(each: Property, measure: Measurement) -> float:
    """NaN where charges have no equilibrium."""
    try:
        return each.measure(measure)
    except IndefiniteChargesError:
        return np.nan


def _number(x: float | None) -> str:
    return "–" if x is None or np.isnan(x) else f"{x:.4g}"


def _section(kind, text, members, settings, last: StageResult, data: Data, jobs) -> Section:
    potentials = [last.space.potential(u) for u in members]
    header = replace(
        settings.header, comment=f"Member of the ensemble ({kind}) of potential.rfmeam."
    )
    write_members(settings.output, kind, potentials, header)
    rows = [["family", *(f"{name} ({unit})" for name, unit, _ in QUANTITIES.values())]]
    for structures, mark in ((data.training, ""), (data.validation, "*")):
        best = predict(last.potential, structures, jobs)
        rows += _rows(spreads(potentials, best, jobs), mark)
    return Section(
        f"Ensemble: {kind}",
        [text, "Spread of what the members predict for each family: a standard deviation."],
        rows,
    )


def _rows(spread: dict[str, dict[str, float]], mark: str) -> list[list[str]]:
    return [
        [f"{mark}{family}{mark}"]
        + [f"{kinds[kind]:.2g}" if kind in kinds else "–" for kind in QUANTITIES]
        for family, kinds in spread.items()
    ]
