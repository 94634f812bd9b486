"""After the last stage: what the data determine, the ensemble, the report."""

from __future__ import annotations

from dataclasses import replace

from .._core import Potential
from ..pages import Section
from .ensemble import bootstrap_members, hessian_members, spreads, write_members
from .objective import Objective
from .parameters import starting_potential
from .predict import QUANTITIES, predict
from .progress import Progress
from .property_report import property_sections
from .property_settings import measurement
from .report import write_report
from .rows import with_derivatives
from .run import Data
from .settings import Settings
from .stage import StageResult
from .uncertainty import directions


def finish(
    settings: Settings, results: list[StageResult], data: Data, jobs: int, progress: Progress
) -> None:
    """Writes report.md, report.html, their pictures, and the ensemble's potentials."""
    last = results[-1]
    progress.note("report: errors, what the data determine")
    stage = with_derivatives(settings.properties, last.stage)
    objective = Objective(last.space, data.training, settings, stage, jobs)
    here = objective.evaluate(last.u, derivatives=True)
    found = directions(objective, last.u, here)
    extra: list[Section] = []
    measures = measurement(starting_potential(settings)), measurement(last.potential)
    ensemble: list[Potential] = []

    def write() -> None:
        first = property_sections(settings, measures, ensemble)
        write_report(
            settings, results, data.training, data.validation, found, first + extra,
            progress.warnings, jobs,
        )  # fmt: skip

    write()  # ensembles take a while
    if not objective.num_rows:
        progress.note("report: no ensemble, as no target has derivatives")
        return
    if settings.ensemble > 1:
        progress.note("report: ensemble from the Hessian")
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
        progress.note("report: ensemble from bootstrap")
        members = bootstrap_members(
            settings, last.space, stage, data.training, last.u, settings.output,
            last.record["digest"], jobs,
        )  # fmt: skip
        text = (
            f"{settings.bootstrap} potentials, each fitted again to families drawn with "
            "replacement, in ensemble/bootstrap-*.rfmeam."
        )
        extra.append(_section("bootstrap", text, members, settings, last, data, jobs))
        ensemble += [last.space.potential(u) for u in members]
    if extra:
        write()


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
