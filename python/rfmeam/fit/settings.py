"""FIT.yaml: what is fitted to what, and how. `read_settings` checks all that needs no data."""

from __future__ import annotations

import glob
from dataclasses import dataclass
from pathlib import Path

from ..parameters import Header
from ..properties import Property
from .losses import LOSSES
from .property_settings import read_properties
from .reader import Section, as_number, read_yaml
from .ties import Tie, read_tie

GPA = 160.2176634  # GPa in 1 eV/Å^3
METHODS = ("lm", "cma", "tpe", "cuckoo")
FILE_KEYS = (
    "potential", "output", "header", "data", "energy_constants", "parameters", "ties", "targets",
    "crystals", "properties", "barrier", "stages", "report",
)  # fmt: skip
DATA_KEYS = ("training", "validation", "leave_out", "energy", "charges", "dipole", "total_charge")
PARAMETER_KEYS = ("start", "bounds", "soft", "scale", "prior")
TARGET_KEYS = (
    "kind", "of", "except", "tolerance", "atoms_power", "force_growth", "weight", "loss",
    "loss_scale", "structures", "value",
)  # fmt: skip
STAGE_KEYS = (
    "name", "free", "hold", "targets", "structures", "method", "iterations", "starts", "spread",
    "seed", "converged", "longest_step", "hours", "population", "storage",
)  # fmt: skip
BARRIER_KEYS = ("margin", "strength")
REPORT_KEYS = ("bootstrap", "ensemble", "seed")
HEADER_KEYS = ("contributor", "citation", "comment")
# units of the tolerance of each kind of target, in the unit that comes first
UNITS = {
    "energy": {"eV/atom": 1.0, "meV/atom": 1e-3, "kJ/mol": 1 / 96.48533212},
    "forces": {"eV/Å": 1.0, "eV/A": 1.0, "meV/Å": 1e-3, "meV/A": 1e-3},
    "stress": {"GPa": 1.0, "MPa": 1e-3, "kbar": 0.1, "eV/Å^3": GPA, "eV/A^3": GPA},
    "charges": {"e": 1.0, "me": 1e-3},
    "dipole": {"e Å": 1.0, "e A": 1.0, "D": 0.2081943},
    "energy_difference": {"eV": 1.0, "meV": 1e-3},
}
KINDS = tuple(UNITS)


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
class Target:
    """Values of one kind that count with one tolerance; see doc/fit.md.

    A structure with N atoms has the tolerance tolerance·N^atoms_power, an atom whose reference
    force is F tolerance·√(1 + (F/force_growth)²).
    """

    name: str
    kind: str
    of: list[str]
    excluded: list[str]
    tolerance: float
    atoms_power: float = 0.0
    force_growth: float | None = None
    weight: float = 1.0
    loss: str = "linear"
    loss_scale: float = 1.0
    structures: dict[str, float] | None = None
    value: float | None = None


@dataclass(frozen=True)
class Stage:
    """A part of the fit: free parameters, targets and structures with factors (None: all by 1)."""

    name: str
    free: list[str]
    hold: list[str]
    targets: dict[str, float] | None
    structures: dict[str, float] | None
    method: str
    iterations: int
    starts: int
    spread: float
    seed: int
    converged: float
    longest_step: float
    hours: float | None
    population: int | None
    storage: str | None


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
    targets = [_target(top, name) for name in top.section("targets", None)]
    properties = read_properties(top)
    names = [each.name for each in [*targets, *properties]]
    for name in names:
        if names.count(name) > 1:
            top.refuse("properties", f"has {name!r}, which is also the name of a target")
    countable = [each.name for each in targets] + [p.name for p in properties if p.tolerance]
    stages = _stages(top, countable)
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


def _target(top: Section, name: str) -> Target:
    section = top.section("targets", None).section(name, TARGET_KEYS)
    kind = section.choice("kind", KINDS, name)
    if "tolerance" not in section:
        section.refuse("tolerance", f"is missing: a number in {next(iter(UNITS[kind]))}")
    for key, kinds in (
        ("atoms_power", ("energy",)),
        ("force_growth", ("forces",)),
        ("structures", ("energy_difference",)),
        ("value", ("energy_difference",)),
    ):
        if key in section and kind not in kinds:
            section.refuse(key, f"does not belong to {kind}, only to {', '.join(kinds)}")
    structures = None
    if kind == "energy_difference":
        structures = _coefficients(section)
        for key in ("of", "except"):
            if key in section:
                section.refuse(key, "does not belong to energy_difference, which has structures")
    return Target(
        name=name,
        kind=kind,
        of=section.texts("of", ["*"]),
        excluded=section.texts("except"),
        tolerance=section.number("tolerance", above=0.0, units=UNITS[kind]),
        atoms_power=section.number("atoms_power", 0.0),
        force_growth=section.number("force_growth", above=0.0),
        weight=section.number("weight", 1.0, low=0.0),
        loss=section.choice("loss", LOSSES, "linear"),
        loss_scale=section.number("loss_scale", 1.0, above=0.0),
        structures=structures,
        value=section.number("value", units=UNITS[kind]),
    )


def _coefficients(section: Section) -> dict[str, float]:
    """Labels of structures and how often each cell counts; "-1/2" is a number."""
    below = section.section("structures", None)
    result = {}
    for label in below:
        numerator, _, denominator = str(below.raw(label)).partition("/")
        above, under = as_number(numerator), as_number(denominator or "1")
        if above is None or not under:
            below.refuse(label, f"is {below.raw(label)!r}, allowed is a number or a fraction 1/2")
        result[str(label)] = above / under
    if not result:
        section.refuse("structures", "is missing: labels of structures with coefficients")
    return result


def _stages(top: Section, target_names: list[str]) -> list[Stage]:
    values = top.raw("stages")
    if not isinstance(values, list) or not values:
        top.refuse(
            "stages", f"is {values!r}, allowed is a list of mappings: {', '.join(STAGE_KEYS)}"
        )
    stages = []
    for number, value in enumerate(values):
        section = Section(value, top.path, f"stages: number {number + 1}", STAGE_KEYS)
        name = section.text("name")
        if name is None or any(stage.name == name for stage in stages):
            section.refuse("name", f"is {name!r}, allowed is a text of its own")
        if "free" not in section:
            section.refuse("free", "is missing: names or patterns of parameters")
        targets = section.factors("targets")
        for each in targets or ():
            if each not in target_names:
                section.refuse("targets", f"has {each!r}, allowed are {', '.join(target_names)}")
        method = section.choice("method", METHODS, "lm")
        for key in ("population", "storage"):
            if key in section and (method == "lm" or (key == "storage" and method != "tpe")):
                section.refuse(key, f"does not belong to the method {method}")
        stages.append(
            Stage(
                name=name,
                free=section.texts("free"),
                hold=section.texts("hold"),
                targets=targets,
                structures=section.factors("structures"),
                method=method,
                iterations=section.whole("iterations", 50, low=1),
                starts=section.whole("starts", 1, low=1),
                spread=section.number("spread", 0.1, above=0.0),
                seed=section.whole("seed", 1),
                converged=section.number("converged", 1e-5, low=0.0),
                longest_step=section.number("longest_step", 0.1, above=0.0),
                hours=section.number("hours", above=0.0),
                population=section.whole("population", low=2),
                storage=section.text("storage"),
            )
        )
    return stages
