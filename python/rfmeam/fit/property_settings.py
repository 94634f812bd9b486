"""The `properties` of FIT.yaml."""

from __future__ import annotations

from ase import Atoms

from .._core import Potential
from ..dynamics import Dynamics
from ..errors import UserError
from ..properties import Crystal, Measurement, Property
from .distribution_settings import read_distribution
from .dynamics_settings import read_dynamics
from .reader import Section, as_number

CRYSTAL_KEYS = ("symbol", "structure", "a", "c_over_a")
STRUCTURES = ("bcc", "fcc", "hcp", "sc", "diamond", "rocksalt", "zincblende", "cesiumchloride")
_COMMON = ("kind", "value", "tolerance")
# kind: unit, further keys
KINDS = {
    "lattice": ("Å", ("crystal",)),
    "bulk_modulus": ("GPa", ("crystal",)),
    "c11": ("GPa", ("crystal",)),
    "c12": ("GPa", ("crystal",)),
    "c44": ("GPa", ("crystal",)),
    "phase_difference": ("meV/atom", ("crystal", "other")),
    "surface_energy": ("J/m²", ("crystal", "face", "layers")),
    "vacancy_energy": ("eV", ("crystal", "atom", "reservoir", "cells")),
    "bond_length": ("Å", ("symbols", "between")),
    "bond_energy": ("eV", ("symbols", "between")),
    "volume": ("Å³/atom", ("dynamics",)),
    "rdf": ("", ("dynamics", "pair", "reach", "width", "reference")),
    "adf": ("", ("dynamics", "triple", "reach", "width", "reference")),
}


def read_properties(top: Section) -> list[Property]:
    """The properties of FIT.yaml, and the `crystals` and `dynamics` that they name. Raises
    UserError."""
    crystals = read_crystals(top)
    runs = read_dynamics(top, crystals)
    section = top.section("properties", None)
    return [_property(section, name, crystals, runs) for name in section]


def read_crystals(top: Section) -> dict[str, Crystal]:
    """The `crystals` of a file. Raises UserError."""
    named = top.section("crystals", None)
    return {name: _crystal(named.section(name, CRYSTAL_KEYS)) for name in named}


def _property(
    parent: Section, name: str, crystals: dict[str, Crystal], runs: dict[str, Dynamics]
) -> Property:
    every_key = dict.fromkeys(key for _, keys in KINDS.values() for key in keys)
    section = parent.section(name, (*_COMMON, *every_key))
    kind = section.choice("kind", KINDS, "")
    unit, keys = KINDS[kind]
    for key in every_key:
        if key in section and key not in keys:
            section.refuse(key, f"does not belong to {kind}, which has {', '.join(keys)}")
    value = section.number("value")
    tolerance = section.number("tolerance", above=0.0)
    if "dynamics" in keys:
        return _average(section, name, kind, value, tolerance, runs)
    if tolerance is not None and value is None:
        section.refuse("tolerance", f"needs a value: a number in {unit}")
    words = {key: section.raw(key) for key in section}
    used = [str(crystals.get(section.raw(key))) for key in ("crystal", "other", "reservoir")]
    measure = _measure(section, kind, crystals)
    return Property(
        name,
        unit,
        measure,
        value,
        tolerance,
        f"{sorted(words.items())} {used}",
        elements=_elements(section, crystals),
    )


def _elements(section: Section, crystals: dict[str, Crystal]) -> frozenset[str]:
    """Of the crystals or the two atoms that a property is measured on."""
    if "symbols" in section:
        return frozenset(_two_atoms(section).symbols)
    used = [
        crystals[section.raw(key)] for key in ("crystal", "other", "reservoir") if key in section
    ]
    return frozenset(symbol for crystal in used for symbol in crystal.at(crystal.a).symbols)


def _two_atoms(section: Section) -> Atoms:
    symbols = section.text("symbols")
    if symbols is None:
        section.refuse("symbols", "is missing: two elements, like LiF or F2")
    try:
        atoms = Atoms(symbols)
    except (KeyError, ValueError):
        atoms = Atoms()
    if len(atoms) != 2:
        section.refuse("symbols", f"is {symbols!r}, allowed are two elements, like LiF or F2")
    return atoms


def check_elements(properties: list[Property], potential: Potential, where: str) -> None:
    """Refuses properties of elements that the potential lacks. Raises UserError."""
    for each in properties:
        if others := sorted(each.elements - set(potential.elements)):
            raise UserError(
                f"{where}: properties: {each.name}: has {', '.join(others)}, the potential's "
                f"elements are {', '.join(potential.elements)}"
            )


def _average(
    section: Section,
    name: str,
    kind: str,
    value: float | None,
    tolerance: float | None,
    runs: dict[str, Dynamics],
) -> Property:
    """A property from molecular dynamics."""
    run = runs[section.choice("dynamics", runs, "")]
    unit = KINDS[kind][0]
    if kind == "volume":
        if tolerance is not None and value is None:
            section.refuse("tolerance", f"needs a value: a number in {unit}")
        if run.pressure is None:
            section.refuse("dynamics", f"is {run.name!r}, which has no pressure: its volume is set")
        return Property(
            name,
            unit,
            lambda m: m.volume(run),
            value,
            tolerance,
            f"volume {run}",
            run,
            elements=frozenset(run.start.symbols),
        )
    if value is not None:
        section.refuse("value", f"does not belong to {kind}: its reference is a curve")
    found = read_distribution(section, kind, run)
    definition = f"{kind} {found.elements} {found.reach} {found.width} {found.x.tolist()} "
    definition += f"{found.y.tolist()} {run}"
    return Property(
        name,
        unit,
        lambda m: m.deviation(found, run),
        0.0,
        tolerance,
        definition,
        run,
        found,
        frozenset(run.start.symbols),
    )


def _measure(section: Section, kind: str, crystals: dict[str, Crystal]):
    def crystal(key: str) -> Crystal:
        return crystals[section.choice(key, crystals, "")]

    if kind in ("lattice", "bulk_modulus", "c11", "c12", "c44"):
        first = crystal("crystal")
        return lambda m: getattr(m, kind)(first)
    if kind == "phase_difference":
        first, other = crystal("crystal"), crystal("other")
        return lambda m: m.phase_difference(first, other)
    if kind == "surface_energy":
        first, layers = crystal("crystal"), section.whole("layers", 3, low=1)
        face = section.raw("face")
        if not (
            isinstance(face, list) and len(face) == 3 and all(isinstance(x, int) for x in face)
        ):
            section.refuse("face", f"is {face!r}, allowed are three whole numbers like [0, 0, 1]")
        return lambda m: m.surface_energy(first, tuple(face), layers)
    if kind == "vacancy_energy":
        first, reservoir = crystal("crystal"), crystal("reservoir")
        cells = section.whole("cells", 3, low=1)
        symbols = set(first.at(first.a).get_chemical_symbols())
        atom = section.choice("atom", sorted(symbols), "")
        return lambda m: m.vacancy_energy(first, atom, reservoir, cells)
    low, high = section.interval("between") or (1.0, 4.0)
    symbols = str(_two_atoms(section).symbols)
    part = 0 if kind == "bond_length" else 1
    return lambda m: m.bond(symbols, low, high)[part]


def _crystal(section: Section) -> Crystal:
    if "symbol" not in section or as_number(section.raw("a")) is None:
        section.refuse("symbol", "and a, a first guess of the lattice parameter (Å), are needed")
    crystal = Crystal(
        section.text("symbol"),
        section.choice("structure", STRUCTURES, ""),
        section.number("a", above=0.0),
        section.number("c_over_a", above=0.0),
    )
    try:
        crystal.at(crystal.a)
    except (KeyError, ValueError, RuntimeError) as error:
        section.refuse("symbol", f"and structure make no crystal: {error}")
    return crystal


def measurement(potential) -> Measurement:
    """A Measurement with a potential, charges at equilibrium."""
    from ..calculator import RFMEAM

    return Measurement(RFMEAM(potential))
