"""The `targets` of FIT.yaml."""

from __future__ import annotations

from dataclasses import dataclass

from ..properties import GPA
from .losses import LOSSES
from .reader import Section, as_number

TARGET_KEYS = (
    "kind", "of", "except", "tolerance", "atoms_power", "force_growth", "weight", "loss",
    "loss_scale", "structures", "value",
)  # fmt: skip
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


def read_target(top: Section, name: str) -> Target:
    """A target of FIT.yaml. Raises UserError."""
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
