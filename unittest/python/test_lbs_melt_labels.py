"""The table of data/lbs/README.md, SevenNet-0 beside DFT in melts, from the two files of labels."""

from pathlib import Path

import numpy as np
import pytest
from ase.io import read
from rfmeam.properties import GPA

DATA = Path(__file__).resolve().parents[2] / "data"
README = (DATA / "lbs/README.md").read_text(encoding="utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("| ").split("|")]
    for line in README.splitlines()
    if line.startswith("| melt-small-") and "/" in line.split("|")[1]
]


def labelled(level: str, label: str):
    file = DATA / level / "training" / f"{label.split('/')[0]}.extxyz"
    return next(atoms for atoms in read(file, ":") if atoms.info["label"] == label)


def rms(values) -> float:
    return float(np.sqrt(np.mean(np.square(values))))


def test_there_is_a_table():
    assert len(ROWS) == 12


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_row(row):
    dft, other = (labelled(level, row[0]) for level in ("lbs", "lbs_sevennet"))
    assert np.abs(dft.positions - other.positions).max() < 1e-6
    off = other.get_forces() - dft.get_forces()
    assert float(row[2]) == pytest.approx(rms(off), abs=6e-4)
    assert float(row[3]) == pytest.approx(rms(dft.get_forces()), abs=6e-3)
    for element, cell in zip(("Li", "B", "Si", "O"), row[4].split(", "), strict=True):
        own = off[dft.symbols == element]
        assert (cell == "–") == (len(own) == 0)
        assert not len(own) or float(cell) == pytest.approx(rms(own), abs=6e-3)
    stress = GPA * rms(other.get_stress() - dft.get_stress())
    assert float(row[5]) == pytest.approx(stress, abs=6e-3)
