"""The `dynamics` of FIT.yaml and of REFINE.yaml: short runs of molecular dynamics."""

from __future__ import annotations

from ase import Atoms
from ase.io import iread

from ..dynamics import Dynamics, Start
from ..properties import Crystal
from .reader import Section

DYNAMICS_KEYS = (
    "crystal", "file", "cells", "temperature", "pressure", "timestep", "equilibrate", "time",
    "interval", "seed",
)  # fmt: skip
PS, FS, KELVIN = {"ps": 1.0, "fs": 1e-3}, {"fs": 1.0, "ps": 1e3}, {"K": 1.0}
PRESSURE = {"GPa": 1.0, "MPa": 1e-3, "bar": 1e-4, "kbar": 0.1}


def read_dynamics(top: Section, crystals: dict[str, Crystal]) -> dict[str, Dynamics]:
    """The runs of a file by name. Raises UserError."""
    section = top.section("dynamics", None)
    return {str(name): _dynamics(section, name, crystals) for name in section}


def _dynamics(parent: Section, name: str, crystals: dict[str, Crystal]) -> Dynamics:
    section = parent.section(name, DYNAMICS_KEYS)
    if "temperature" not in section:
        section.refuse("temperature", "is missing: a number in K")
    run = Dynamics(
        str(name),
        _start(section, crystals),
        temperature=section.number("temperature", above=0.0, units=KELVIN),
        pressure=section.number("pressure", units=PRESSURE),
        timestep=section.number("timestep", 1.0, above=0.0, units=FS),
        equilibrate=section.number("equilibrate", 1.0, low=0.0, units=PS),
        time=section.number("time", 2.0, above=0.0, units=PS),
        interval=section.number("interval", 0.02, above=0.0, units=PS),
        seed=section.whole("seed", 1, low=1),
    )
    if run.steps(run.interval) < 1:
        section.refuse("interval", f"of {run.interval:g} ps is shorter than a step")
    if run.frames < 1:
        section.refuse("time", f"of {run.time:g} ps is shorter than the interval of the frames")
    return run


def _start(section: Section, crystals: dict[str, Crystal]) -> Start:
    if ("crystal" in section) == ("file" in section):
        section.refuse("crystal", "or file is needed, and not both")
    if "crystal" in section:
        crystal = crystals[section.choice("crystal", crystals, "")]
        cell, text = crystal.at(crystal.a, cubic=True), str(crystal)
    else:
        cell, text = _first(section), section.text("file")
    if cell.cell.rank < 3:
        section.refuse("file", "has a structure without a cell: periodic ones are allowed")
    return Start.of(cell * _cells(section), text)


def _first(section: Section) -> Atoms:
    """The first structure of a file that ASE reads."""
    path = section.path.parent / section.text("file")
    try:
        return next(iread(path, ":"))
    except FileNotFoundError:
        section.refuse("file", f"is {section.text('file')!r}, there is no {path}")
    except Exception as error:  # ASE's readers raise all kinds
        section.refuse("file", f"is {section.text('file')!r}, which ASE cannot read: {error}")


def _cells(section: Section) -> tuple[int, int, int]:
    value = section.raw("cells")
    if value is None:
        return 1, 1, 1
    cells = value if isinstance(value, list) else [value] * 3
    if len(cells) != 3 or not all(type(n) is int and n > 0 for n in cells):
        section.refuse("cells", f"is {value!r}, allowed is a whole number >= 1, or three of them")
    return tuple(cells)
