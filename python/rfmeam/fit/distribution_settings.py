"""Radial and angular distributions as properties: elements, and a curve or a trajectory to meet."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from ase.io import read
from scipy.integrate import trapezoid

from ..distributions import Distribution
from ..dynamics import Dynamics
from .reader import Section

# kind: elements, key of them, their form in messages, default width (Å, degrees)
FORMS = {"rdf": (2, "pair", "Li-F", 0.1), "adf": (3, "triple", "F-Li-F", 5.0)}
LONGEST = 6.0  # Å, of g(r) by default
CURVES = (".txt", ".dat", ".csv")


def read_distribution(section: Section, kind: str, run: Dynamics) -> Distribution:
    """A distribution of a run with its reference. Raises UserError."""
    count, key, form, usual = FORMS[kind]
    elements = tuple((section.text(key) or "").split("-"))
    if len(elements) != count or not all(elements):
        section.refuse(key, f"is {section.raw(key)!r}, allowed are elements like {form}")
    for element in elements:
        if element not in run.start.symbols:
            section.refuse(
                key,
                f"has {element}, the atoms of {run.name} are "
                f"{', '.join(sorted(set(run.start.symbols)))}",
            )
    if kind == "adf" and "reach" not in section:
        section.refuse("reach", "is missing: the longest bond (Å) that counts")
    reach = section.number("reach", LONGEST, above=0.0)
    width = section.number("width", usual, above=0.0)
    if not width < (reach if kind == "rdf" else 180):
        section.refuse("width", f"is {width:g}, allowed is less than the whole range")
    if "reference" not in section:
        section.refuse("reference", f"is missing: a trajectory, or a curve ({', '.join(CURVES)})")
    path = section.path.parent / section.text("reference")
    if not path.exists():
        section.refuse("reference", f"is {section.text('reference')!r}, there is no {path}")
    whole = Distribution(elements, reach, width, np.zeros(0), np.zeros(0))
    if path.suffix in CURVES:
        x, y = _curve(section, path, kind, reach)
    else:
        x, y = _of_trajectory(section, path, whole)
    return Distribution(elements, reach, width, x, y)


def _curve(section: Section, path: Path, kind: str, reach: float) -> tuple[np.ndarray, np.ndarray]:
    """Two columns, x rising; of angles, whatever their unit, made 1 on average over 180 degrees."""
    comma = "," if path.suffix == ".csv" else None
    try:
        values = np.loadtxt(path, delimiter=comma, ndmin=2)
    except ValueError as error:
        section.refuse("reference", f"{path}: not columns of numbers: {error}")
    if values.shape[1] != 2 or len(values) < 2 or not np.isfinite(values).all():
        section.refuse("reference", f"{path}: allowed are two columns of finite numbers")
    x, y = values.T
    if not (np.diff(x) > 0).all():
        section.refuse("reference", f"{path}: the first column does not rise")
    if x[0] >= (reach if kind == "rdf" else 180) or x[-1] <= 0:
        section.refuse("reference", f"{path}: runs from {x[0]:g} to {x[-1]:g}, out of the range")
    if kind == "adf":
        area = trapezoid(y, x)
        if not area > 0:
            section.refuse("reference", f"{path}: the curve has no area")
        y = y * 180 / area
    return x, y


def _of_trajectory(
    section: Section, path: Path, whole: Distribution
) -> tuple[np.ndarray, np.ndarray]:
    """The distribution of all frames of a file that ASE reads."""
    try:
        frames = read(path, ":")
    except Exception as error:  # ASE's readers raise all kinds
        section.refuse("reference", f"{path}: ASE cannot read it: {error}")
    for number, atoms in enumerate(frames):
        if atoms.cell.rank < 3 or not atoms.pbc.all():
            section.refuse("reference", f"{path}: frame {number} is not periodic")
        for element in whole.elements:
            if element not in atoms.get_chemical_symbols():
                section.refuse("reference", f"{path}: frame {number} has no {element}")
    return whole.of(frames)
