"""The properties in a fit's report: values before and after, distributions over references."""

from __future__ import annotations

import numpy as np

from .._core import Potential
from ..charges import IndefiniteChargesError
from ..dynamics import DynamicsError
from ..pages import Section
from ..properties import Measurement, Property
from . import figures
from .property_settings import measurement
from .settings import Settings


def property_sections(
    settings: Settings, measures: tuple[Measurement, Measurement], ensemble: list[Potential]
) -> list[Section]:
    """Sections of the report, none without properties. measures: with the potential before and
    after; ensemble: for error bars."""
    if not settings.properties:
        return []
    return [_values(settings, measures, ensemble), *_distributions(settings, measures[1])]


def _values(
    settings: Settings, measures: tuple[Measurement, Measurement], ensemble: list[Potential]
) -> Section:
    """Properties before and after, with the ensemble's standard deviation; averages of molecular
    dynamics without."""
    rows = [["property", "unit", "reference", "before", "after", "deviation", "±"]]
    members = [measurement(each) for each in ensemble]
    problems: dict[str, None] = {}
    for each in settings.properties:
        old, new = (_measured(each, measure, problems) for measure in measures)
        followed = members if each.run is None else []
        spread = np.array([_measured(each, member) for member in followed])
        spread = spread[np.isfinite(spread)]
        deviation = np.nan if each.value is None else new - each.value
        bar = spread.std(ddof=1) if len(spread) > 1 else np.nan
        numbers = (each.value, old, new, deviation, bar)
        rows.append([each.name, each.unit, *map(_number, numbers)])
    text = "±: standard deviation over the ensembles below; it knows nothing of the form's errors."
    return Section("Properties", [text, *(f"No value: {problem}." for problem in problems)], rows)


def _measured(
    each: Property, measure: Measurement, problems: dict[str, None] | None = None
) -> float:
    """NaN where charges have no equilibrium or molecular dynamics is unstable, which is noted."""
    try:
        return each.measure(measure)
    except IndefiniteChargesError:
        return np.nan
    except DynamicsError as error:
        if problems is not None:
            problems[str(error)] = None
        return np.nan


def _number(x: float | None) -> str:
    return "–" if x is None or np.isnan(x) else f"{x:.4g}"


def _distributions(settings: Settings, measure: Measurement) -> list[Section]:
    """A picture of the distributions of molecular dynamics that came to its end."""
    drawn = []
    for each in settings.properties:
        if each.distribution is None:
            continue
        try:
            drawn.append((each.name, each.distribution, measure.frames(each.run)))
        except DynamicsError:
            continue  # is told above
    if not drawn:
        return []
    figures.draw_distributions(drawn, settings.output / "distributions.png")
    text = "The potential's distributions as lines over the references' dots."
    return [Section("Distributions", [text], None, "distributions.png")]
