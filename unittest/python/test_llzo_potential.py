"""potentials/LLZO.rfmeam is what its README says of it."""

import sys
from pathlib import Path

import numpy as np
import pytest
from ase.io import read
from rfmeam.calculator import system_of

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "potentials/fit"))
pytest.importorskip("typer")
llzo = pytest.importorskip("llzo_accuracy")

from rfmeam import Potential, StructureSet  # noqa: E402

POTENTIAL = Potential.read(ROOT / "potentials/LLZO.rfmeam")


def evaluated(files: list[str]):
    """Structures of files of data/, and what the potential says of all of them."""
    atoms = [a for file in files for a in read(ROOT / "data" / file, ":")]
    return atoms, StructureSet(POTENTIAL, [system_of(a) for a in atoms]).evaluate(POTENTIAL)


def test_forces_on_llzo_that_was_not_fitted_to():
    """LLZO without Li2O; the README has 0.3 eV/Å for it."""
    atoms, found = evaluated(["llzo_sevennet/validation/sn-llzo-without-li2o.extxyz"])
    label = np.concatenate([a.get_forces() for a in atoms])
    assert np.sqrt(np.mean((found.forces - label) ** 2)) < 0.35


def test_charges_of_the_oxides():
    """Bader's, of the DFT that they were fitted to."""
    atoms, found = evaluated(
        [f"oxides/training/{name}.extxyz" for name in ("li2o", "la2o3", "zro2")]
    )
    bader = np.concatenate([a.arrays["bader_charge"] for a in atoms])
    assert np.sqrt(np.mean((found.charges - bader) ** 2)) < 0.005


def test_cells_and_phases():
    """Lengths of cells against SevenNet-0's, one as the README says; bcc lithium below fcc."""
    found = llzo.crystals(POTENTIAL)
    for name, (label, mine, _) in found.items():
        allowed = 0.017 if name == "ZrO2 tetragonal" else 0.0135
        assert (mine.volume / label.volume) ** (1 / 3) == pytest.approx(1, abs=allowed), name
    assert found["Li"][1].energy < found["Li fcc"][1].energy


def test_lithium_on_llzo():
    """Layers of the metal at the oxide give charge, the one between keeps it."""
    atoms = read(ROOT / "data/llzo_sevennet/starts/li-llzo.extxyz", 0)
    charges = StructureSet(POTENTIAL, [system_of(atoms)]).evaluate(POTENTIAL).charges
    height = atoms.positions[:, 2]
    metal = (atoms.symbols == "Li") & (height > height[atoms.symbols == "O"].max() + 0.8)
    layers = [charges[metal & (abs(height - z) < 0.1)] for z in np.unique(height[metal].round(1))]
    assert [len(layer) for layer in layers] == [16, 16, 16]
    first, middle, last = (layer.mean() for layer in layers)
    assert abs(middle) < 0.02 and 0.2 < first < 0.35 and 0.2 < last < 0.35
