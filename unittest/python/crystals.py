"""Crystals from published coordinates (unittest/data/crystals), as ASE atoms."""

import json
import re
from pathlib import Path

import numpy as np
from ase import Atoms

_DATA = Path(__file__).resolve().parents[1] / "data" / "crystals" / "crystals.json"
CRYSTALS = json.loads(_DATA.read_text("utf-8"))


def crystal(name: str, length: float = 0.0) -> Atoms:
    """The unit cell, repeated until every edge is at least that long (Å)."""
    entry = CRYSTALS[name]
    symbols, positions = [], []
    for symbol, *site in entry["sites"]:
        for operation in entry["operations"]:
            at = _apply(operation, np.array(site)) % 1.0
            if all(np.abs((at - old + 0.5) % 1.0 - 0.5).max() > 2e-3 for old in positions):
                symbols.append(symbol)
                positions.append(at)
    atoms = Atoms(symbols, scaled_positions=positions, cell=entry["cell"], pbc=True)
    return atoms.repeat([max(1, int(np.ceil(length / edge))) for edge in atoms.cell.lengths()])


def _apply(operation: str, site: np.ndarray) -> np.ndarray:
    """A symmetry operation such as 1/2-y,x,z+1/3."""
    result = []
    for part in operation.split(","):
        value = 0.0
        for sign, term in re.findall(r"([+-]?)([xyz]|\d+/\d+)", part):
            number = site["xyz".index(term)] if term in "xyz" else eval(term)
            value += -number if sign == "-" else number
        result.append(value)
    return np.array(result)
