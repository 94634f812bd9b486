"""REFINE.yaml: an ensemble, the runs of molecular dynamics, how many structures are chosen."""

from __future__ import annotations

import glob
import re
from dataclasses import dataclass
from pathlib import Path

import yaml

from .._core import Potential
from ..dynamics import Dynamics
from ..errors import UserError
from ..fit.dynamics_settings import read_dynamics
from ..fit.property_settings import read_crystals
from ..fit.reader import Section, read_yaml
from ..reference.structure_list import read_list

FILE_KEYS = ("potential", "ensemble", "output", "crystals", "dynamics", "choose", "like")
CHOOSE_KEYS = ("count", "least", "most")
FORCE = {"eV/Å": 1.0, "eV/A": 1.0, "meV/Å": 1e-3, "meV/A": 1e-3}


@dataclass(frozen=True)
class Settings:
    """REFINE.yaml. The potential makes the trajectories, the members judge them.

    count: structures to choose; least, most: of the disagreement, eV/Å. method: of the list that is
    written, as in one for `rfmeam reference build`.
    """

    path: Path
    potential: Potential
    members: list[Potential]
    output: Path
    runs: list[Dynamics]
    count: int
    least: float
    most: float
    method: dict


def read_settings(path: Path) -> Settings:
    """Reads and checks REFINE.yaml and the potentials it names. Raises UserError."""
    top = Section(read_yaml(path), path, "", FILE_KEYS)
    for key in ("potential", "ensemble", "dynamics"):
        if key not in top:
            top.refuse(key, "is missing: potential, ensemble and dynamics are needed")
    runs = list(read_dynamics(top, read_crystals(top)).values())
    if not runs:
        top.refuse("dynamics", "has no run")
    names = [family_name(run) for run in runs]
    for name, run in zip(names, runs, strict=True):
        if names.count(name) > 1:
            top.refuse("dynamics", f"has {run.name!r}, whose family {name} another run has, too")
    potential = Potential.read(str(path.parent / top.text("potential")))
    choose = top.section("choose", CHOOSE_KEYS)
    least = choose.number("least", 0.0, low=0.0, units=FORCE)
    most = choose.number("most", float("inf"), above=0.0, units=FORCE)
    if not least < most:
        choose.refuse("most", f"is {most:g}, allowed is a number above least, {least:g}")
    for run in runs:
        if others := sorted(set(run.start.symbols) - set(potential.elements)):
            top.refuse(
                "dynamics",
                f"{run.name}: has {', '.join(others)}, the potential's elements are "
                f"{', '.join(potential.elements)}",
            )
    return Settings(
        path,
        potential,
        _members(top, potential),
        path.parent / top.text("output", path.stem),
        runs,
        choose.whole("count", 20, low=1),
        least,
        most,
        _method(top),
    )


def family_name(run: Dynamics) -> str:
    """What the family of a run is called, in lists and as a file."""
    return f"refine-{re.sub(r'[^A-Za-z0-9.]+', '-', run.name).strip('-').lower()}"


def _members(top: Section, potential: Potential) -> list[Potential]:
    """The members, of the potential's elements, that differ from each other."""
    files: dict[str, None] = {}
    for text in top.texts("ensemble"):
        where = top.path.parent / text
        pattern = str(where / "*.rfmeam") if where.is_dir() else str(where)
        found = sorted(glob.glob(pattern))
        if not found:
            top.refuse("ensemble", f"has {text!r}, where there is no potential: {pattern}")
        files.update(dict.fromkeys(found))
    members = [Potential.read(file) for file in files]
    for file, member in zip(files, members, strict=True):
        if set(member.elements) != set(potential.elements):
            top.refuse(
                "ensemble",
                f"{file} is for {', '.join(member.elements)}, the potential's elements are "
                f"{', '.join(potential.elements)}",
            )
        if member.has_charges != potential.has_charges:
            top.refuse("ensemble", f"{file} and the potential: one of them has no charges")
    if len(members) < 2:
        top.refuse("ensemble", "has 1 potential: at least two are needed to disagree")
    return members


def _method(top: Section) -> dict:
    """The method of the list that is to be like, {} where there is none."""
    text = top.text("like")
    if text is None:
        return {}
    path = top.path.parent / text
    if not path.exists():
        top.refuse("like", f"is {text!r}, there is no {path}")
    read_list(path)
    return yaml.safe_load(path.read_text(encoding="utf-8")).get("method") or {}


def check_output(settings: Settings) -> None:
    """UserError where the folder already has structures that a list was built from."""
    for part in ("structures", "training", "validation"):
        folder = settings.output / part
        if folder.exists() and any(folder.iterdir()):
            raise UserError(
                f"{settings.output}: has {part}/ of a list that is built already; give another "
                "`output`, as structures with results are not to change"
            )
