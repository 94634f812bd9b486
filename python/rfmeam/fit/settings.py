"""FIT.yaml: what is fitted to what, and how. `read_settings` checks all that needs no data."""

from __future__ import annotations

import glob
from dataclasses import dataclass
from pathlib import Path

from ..parameters import Header
from ..properties import Property
from .property_settings import read_properties
from .reader import Section, read_yaml
from .stage_settings import Stage, read_stages
from .target_settings import Target, read_target
from .ties import Tie, read_tie

FILE_KEYS = (
    "potential", "output", "header", "data", "energy_constants", "parameters", "ties", "targets",
    "crystals", "dynamics", "properties", "barrier", "stages", "report",
)  # fmt: skip
DATA_KEYS = ("training", "validation", "leave_out", "energy", "charges", "dipole", "total_charge")
PARAMETER_KEYS = ("start", "bounds", "soft", "scale", "prior")
BARRIER_KEYS = ("margin", "strength")
REPORT_KEYS = ("bootstrap", "ensemble", "seed")
HEADER_KEYS = ("contributor", "citation", "comment")


@dataclass(frozen=True)
class DataSettings:
    """Which files, and what their values are called."""

    training: list[str]
    validation: list[str]
    leave_out: list[str]
    energy: str
    charges: str
    dipole: str
    total_charge: str | None


@dataclass(frozen=True)
class ParameterSettings:
    """What FIT.yaml says of the parameters of a pattern; None where it says nothing.

    bounds are hard, beyond soft a penalty grows, prior (σ) pulls towards the start. All in the
    parameter's unit, prior on a logarithmic scale in ln of it.
    """

    pattern: str
    start: float | None
    bounds: tuple[float, float] | None
    soft: tuple[float, float] | None
    scale: str | None
    prior: float | None


@dataclass(frozen=True)
class Settings:
    """FIT.yaml. Paths are absolute or relative to the working folder, as FIT.yaml's own."""

    path: Path
    potential: Path
    output: Path
    header: Header
    data: DataSettings
    energy_constants: dict[str, float] | str  # "fit", "none", or values of elements
    parameters: list[ParameterSettings]
    ties: list[Tie]
    targets: list[Target]
    properties: list[Property]
    margin: float  # of the lowest eigenvalue of the charge matrix, eV/e^2
    barrier_strength: float
    stages: list[Stage]
    bootstrap: int
    ensemble: int
    report_seed: int


def read_settings(path: Path) -> Settings:
    """Reads and checks FIT.yaml. Raises UserError."""
    top = Section(read_yaml(path), path, "", FILE_KEYS)
    for key in ("potential", "data", "targets", "stages"):
        if key not in top:
            top.refuse(key, "is missing: potential, data, targets and stages are needed")
    folder = path.parent
    header = top.section("header", HEADER_KEYS)
    data = top.section("data", DATA_KEYS)
    barrier = top.section("barrier", BARRIER_KEYS)
    report = top.section("report", REPORT_KEYS)
    targets = [read_target(top, name) for name in top.section("targets", None)]
    properties = read_properties(top)
    names = [each.name for each in [*targets, *properties]]
    for name in names:
        if names.count(name) > 1:
            top.refuse("properties", f"has {name!r}, which is also the name of a target")
    countable = [each.name for each in targets] + [p.name for p in properties if p.tolerance]
    stages = read_stages(top, countable)
    _check_derivatives(top, properties, stages)
    return Settings(
        path=path,
        potential=folder / top.text("potential"),
        output=folder / top.text("output", path.stem),
        header=Header("", *(header.text(key) or "" for key in HEADER_KEYS)),
        data=DataSettings(
            training=_files(data, "training", folder),
            validation=_files(data, "validation", folder),
            leave_out=data.texts("leave_out"),
            energy=data.text("energy", "free_energy"),
            charges=data.text("charges", "bader_charge"),
            dipole=data.text("dipole", "dipole"),
            total_charge=data.text("total_charge"),
        ),
        energy_constants=_constants(top),
        parameters=[_parameter(top, pattern) for pattern in top.section("parameters", None)],
        ties=[read_tie(top, text) for text in top.texts("ties")],
        targets=targets,
        properties=properties,
        margin=barrier.number("margin", 0.1, above=0.0),
        barrier_strength=barrier.number("strength", 1.0, above=0.0),
        stages=stages,
        bootstrap=report.whole("bootstrap", 0),
        ensemble=report.whole("ensemble", 20),
        report_seed=report.whole("seed", 1),
    )


def _check_derivatives(top: Section, properties: list[Property], stages: list[Stage]) -> None:
    """UserError where a stage by lm names an average of molecular dynamics as its target."""
    averages = [each.name for each in properties if each.run is not None]
    for stage in stages:
        for name, factor in (stage.targets or {}).items():
            if stage.method == "lm" and name in averages and factor > 0:
                top.refuse(
                    "stages",
                    f"{stage.name}: the target {name!r} is an average of molecular dynamics, which "
                    "has no derivatives: allowed are the methods cma, tpe and cuckoo",
                )


def _files(data: Section, key: str, folder: Path) -> list[str]:
    """Files of folders, patterns and file names, each once, in order."""
    if key == "training" and key not in data:
        data.refuse(key, "is missing: files, folders or patterns of extended XYZ are needed")
    found: dict[str, None] = {}
    for text in data.texts(key):
        where = folder / text
        pattern = str(where / "*.extxyz") if where.is_dir() else str(where)
        files = sorted(glob.glob(pattern))
        if not files:
            data.refuse(key, f"has {text!r}, where there is no file: {pattern}")
        found.update(dict.fromkeys(files))
    return list(found)


def _constants(top: Section) -> dict[str, float] | str:
    value = top.raw("energy_constants")
    if value is None:
        return "fit"
    if isinstance(value, dict):
        section = top.section("energy_constants", None)
        return {str(element): section.number(element) for element in value}
    return top.choice("energy_constants", ("fit", "none"), "fit")


def _parameter(top: Section, pattern: str) -> ParameterSettings:
    section = top.section("parameters", None).section(pattern, PARAMETER_KEYS)
    scale = section.choice("scale", ("linear", "log"), "linear") if "scale" in section else None
    return ParameterSettings(
        pattern,
        section.number("start"),
        section.interval("bounds"),
        section.interval("soft"),
        scale,
        section.number("prior", above=0.0),
    )
