"""Crystals from published coordinates, refused where they contradict what is published with them.

The coordinates are in a JSON file, by name:

    {"Li2O": {"source": "…", "formula": "Li2O", "spacegroup": 225, "density": 2.01,
              "cell": [4.619, 4.619, 4.619, 90, 90, 90],
              "sites": [["Li", 0.25, 0.25, 0.25], ["O", 0, 0, 0]]}}

cell: a, b, c (Å), α, β, γ (°); sites: one of each set of equivalent ones, in fractions of the cell;
setting: ASE's, 1 if it is left out; density: g/cm^3, as published or from the published cell;
peroxide: true where oxygens are bound to each other; remarks: what was done to the coordinates, if
anything was.
"""

from __future__ import annotations

import json
import warnings
from pathlib import Path

import numpy as np
import spglib
from ase import Atoms
from ase.data import chemical_symbols
from ase.formula import Formula
from ase.neighborlist import neighbor_list
from ase.spacegroup import crystal
from ase.spacegroup.spacegroup import SpacegroupError
from ase.units import _amu as KG_PER_MASS

REQUIRED = ("source", "formula", "spacegroup", "density", "cell", "sites")
KEYS = (*REQUIRED, "setting", "peroxide", "remarks")
SAME_PLACE = 0.02  # Å: how exact the symmetry is; published coordinates have three or four digits
DENSITY_WITHIN = 0.02  # of the published one
# Å, from a cation to the oxygen nearest to it: what crystals at low pressure have
NEAREST_OXYGEN = {
    "Li": (1.70, 2.40),
    "B": (1.25, 1.55),
    "Si": (1.50, 1.85),
    "La": (2.15, 2.75),
    "Zr": (1.85, 2.35),
}
OXYGEN_APART = {False: 2.1, True: 1.4}  # Å, at least, without and with peroxide ions


def published(path: str, name: str) -> Atoms:
    """The conventional cell of a crystal of a JSON file.

    Raises ValueError with the file, the crystal, what was read and what was expected: where keys
    are missing, sites coincide, or space group, formula, density or distances are not those that
    the file states or that such a crystal has.
    """
    try:
        crystals = json.loads(Path(path).read_text(encoding="utf-8"))
    except json.JSONDecodeError as error:
        raise ValueError(f"{path}: not JSON: {error}") from error
    if name not in crystals:
        raise ValueError(f"{path}: there is no crystal {name!r}, there are {', '.join(crystals)}")
    entry, where = crystals[name], f"{path}: {name}"
    _check_entry(entry, where)
    symbols = [symbol for symbol, *_ in entry["sites"]]
    try:
        atoms = crystal(
            symbols,
            [place for _, *place in entry["sites"]],
            spacegroup=entry["spacegroup"],
            setting=entry.get("setting", 1),
            cellpar=entry["cell"],
            symprec=SAME_PLACE / min(entry["cell"][:3]),
            onduplicates="error",
        )
    except (ValueError, SpacegroupError) as error:
        raise ValueError(f"{where}: {error}") from error
    _check_formula(atoms, entry["formula"], where)
    _check_spacegroup(atoms, entry["spacegroup"], where)
    _check_density(atoms, entry["density"], where)
    _check_distances(atoms, OXYGEN_APART[bool(entry.get("peroxide"))], where)
    places = atoms.get_scaled_positions()
    return Atoms(atoms.symbols, scaled_positions=places, cell=atoms.cell, pbc=True)


def primitive_cell(atoms: Atoms) -> Atoms:
    """A primitive cell of a crystal, with the orientation that spglib gives it."""
    lattice, places, numbers = _quietly(
        spglib.find_primitive, _spglib_cell(atoms), symprec=SAME_PLACE
    )
    return Atoms(numbers, scaled_positions=places, cell=lattice, pbc=True)


def _check_entry(entry, where: str) -> None:
    """ValueError unless the keys are those of KEYS, and of the kinds that crystal() can take."""
    if not isinstance(entry, dict):
        raise ValueError(f"{where}: {entry!r} is not a mapping of {', '.join(KEYS)}")
    for key in entry:
        if key not in KEYS:
            raise ValueError(f"{where}: {key!r} is unknown, allowed are {', '.join(KEYS)}")
    for key in REQUIRED:
        if key not in entry:
            raise ValueError(f"{where}: {key!r} is missing, needed are {', '.join(REQUIRED)}")
    if not str(entry["source"]).strip():
        raise ValueError(f"{where}: source is empty: coordinates without a source are not taken")
    if not (_is_list_of_numbers(entry["cell"]) and len(entry["cell"]) == 6):
        raise ValueError(f"{where}: cell is {entry['cell']!r}, needed are a, b, c, α, β, γ")
    for site in entry["sites"]:
        if not (
            isinstance(site, list)
            and len(site) == 4
            and site[0] in chemical_symbols[1:]
            and _is_list_of_numbers(site[1:])
        ):
            raise ValueError(f"{where}: site {site!r}, needed are an element and three fractions")


def _is_list_of_numbers(values) -> bool:
    return isinstance(values, list) and all(
        isinstance(value, int | float) and not isinstance(value, bool) for value in values
    )


def _check_spacegroup(atoms: Atoms, stated: int, where: str) -> None:
    """Operations put every atom where the group wants it, so that the group found is larger where
    coordinates have more symmetry than stated, and smaller where the cell does not bear it."""
    found = _quietly(spglib.get_symmetry_dataset, _spglib_cell(atoms), symprec=SAME_PLACE)
    if found is None or found.number != stated:
        what = f"{found.number} ({found.international})" if found else "none"
        raise ValueError(f"{where}: cell and sites have the space group {what}, stated is {stated}")


def _check_formula(atoms: Atoms, stated: str, where: str) -> None:
    found, _ = Formula(atoms.get_chemical_formula()).reduce()
    wanted, _ = Formula(stated).reduce()
    if found.count() != wanted.count():
        raise ValueError(f"{where}: the sites make {found}, stated is {stated}")


def _check_density(atoms: Atoms, stated: float, where: str) -> None:
    found = atoms.get_masses().sum() * KG_PER_MASS * 1e3 / (atoms.get_volume() * 1e-24)
    if abs(found / stated - 1) > DENSITY_WITHIN:
        raise ValueError(
            f"{where}: cell and sites make {found:.3f} g/cm3, stated is {stated:g}: allowed are "
            f"{100 * DENSITY_WITHIN:.0f} % of difference"
        )


def _check_distances(atoms: Atoms, apart: float, where: str) -> None:
    """ValueError where a cation's nearest oxygen, or two oxygens, are not as far as they can be."""
    first, second, distances = neighbor_list("ijd", atoms, 3.0)
    oxygen = atoms.numbers == 8
    for symbol, (least, most) in NEAREST_OXYGEN.items():
        for atom in np.flatnonzero(atoms.symbols == symbol):
            near = distances[(first == atom) & oxygen[second]]
            nearest = near.min(initial=np.inf)
            if not least <= nearest <= most:
                raise ValueError(
                    f"{where}: the oxygen nearest to a {symbol} is {nearest:.2f} Å away, allowed "
                    f"are {least} to {most}"
                )
    pairs = distances[oxygen[first] & oxygen[second]]
    if len(pairs) and pairs.min() < apart:
        raise ValueError(
            f"{where}: two oxygens are {pairs.min():.2f} Å apart, {apart} is the least"
        )


def _spglib_cell(atoms: Atoms) -> tuple:
    return atoms.cell.array, atoms.get_scaled_positions(), atoms.numbers


def _quietly(function, *arguments, **keys):
    """Without spglib's warning about how it will report errors one day."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return function(*arguments, **keys)
