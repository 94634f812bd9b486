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

from rfmeam import Potential, StructureSet, stability  # noqa: E402
from rfmeam._core import evaluate  # noqa: E402
from rfmeam.charges import IndefiniteChargesError, equilibrate  # noqa: E402

POTENTIAL = Potential.read(ROOT / "potentials/LLZO.rfmeam")


def evaluated(files: list[str]):
    """Structures of files of data/, and what the potential says of all of them."""
    atoms = [a for file in files for a in read(ROOT / "data" / file, ":")]
    return atoms, StructureSet(POTENTIAL, [system_of(a) for a in atoms]).evaluate(POTENTIAL)


def test_forces_on_llzo_that_was_not_fitted_to():
    """LLZO without Li2O; the README has 0.3 eV/Å for tetragonal LLZO."""
    atoms, found = evaluated(["llzo_sevennet/validation/sn-llzo-without-li2o.extxyz"])
    label = np.concatenate([a.get_forces() for a in atoms])
    assert np.sqrt(np.mean((found.forces - label) ** 2)) < 0.35


@pytest.mark.parametrize(
    ("file", "allowed"),
    [
        ("oxides/training/li2o", 0.030),
        ("oxides/training/la2o3", 0.020),
        ("oxides/training/zro2", 0.012),
        ("llzo/training/li8zro6-volume", 0.025),
        ("llzo/training/li2o2-volume", 0.025),
        ("llzo/validation/zro2-tetragonal-volume", 0.015),
    ],
)
def test_charges_of_crystals(file, allowed):
    """Bader's, of DFT; the last was not fitted to."""
    atoms, found = evaluated([f"{file}.extxyz"])
    bader = np.concatenate([a.arrays["bader_charge"] for a in atoms])
    assert np.sqrt(np.mean((found.charges - bader) ** 2)) < allowed


def test_cells_and_phases():
    """Lengths of cells against SevenNet-0's; bcc lithium below fcc."""
    found = llzo.crystals(POTENTIAL)
    for name, (label, mine, _) in found.items():
        assert (mine.volume / label.volume) ** (1 / 3) == pytest.approx(1, abs=0.015), name
    assert found["Li"][1].energy < found["Li fcc"][1].energy


@pytest.mark.parametrize("i", POTENTIAL.elements)
@pytest.mark.parametrize("j", POTENTIAL.elements)
def test_atoms_keep_apart(i, j):
    """From the minimum inwards, down to half the closest approach, energy rises by 7 eV for two
    atoms, in dimers, rocksalts and simple cubes; for two bare Zr by 1.5 eV, as the README says.
    Where charges have no minimum, farther in still, it has risen by 40 eV before."""
    if i > j:
        pytest.skip("the same pair")
    for structure in stability.structures(i, j):
        places = structure.contact(i, j) * np.linspace(0.45, 1.05, 13)
        energies, least = [], 1.5 if (structure.name, i, j) == ("dimer", "Zr", "Zr") else 7.0
        for place in places[::-1]:  # from outside
            system = structure.make(i, j, place)
            try:
                energies.append(evaluate(POTENTIAL, system, equilibrate(POTENTIAL, system)).total)
            except IndefiniteChargesError:
                least = 40.0
                break
        lowest = int(np.argmin(energies))
        assert max(energies[lowest:]) - energies[lowest] > least, structure.name


def test_forces_where_lithium_rests_on_a_face_that_was_held_out():
    """LLZO(211), relaxed by SevenNet-0; the README has 0.25 eV/Å, and of round 3 0.31 eV/Å."""
    atoms, found = evaluated(["llzo_sevennet/validation/sn-li-llzo-211-relaxed.extxyz"])
    label = np.concatenate([a.get_forces() for a in atoms])
    assert np.sqrt(np.mean((found.forces - label) ** 2)) < 0.28


def test_the_metal_stays_out_of_a_flat_cut():
    """Frames where it went in (round 4 at 600 K) are above the unrelaxed start at a gap of 2.3 Å,
    as SevenNet-0 says (11 to 16 eV); round 3 had them below it."""
    start = "llzo_sevennet/training/sn-li-llzo.extxyz"
    sunk = "llzo_sevennet_sunk/training/sn-li-llzo-flat-hot.extxyz"
    atoms, found = evaluated([start, sunk])
    assert len(atoms) == 8
    assert min(found.energy[2:]) > found.energy[1]


def test_lithium_on_llzo():
    """Layers of the metal at the oxide give charge; the one between keeps its own."""
    atoms = read(ROOT / "data/llzo_sevennet/starts/li-llzo.extxyz", 0)
    charges = StructureSet(POTENTIAL, [system_of(atoms)]).evaluate(POTENTIAL).charges
    height = atoms.positions[:, 2]
    metal = (atoms.symbols == "Li") & (height > height[atoms.symbols == "O"].max() + 0.8)
    layers = [charges[metal & (abs(height - z) < 0.1)] for z in np.unique(height[metal].round(1))]
    assert [len(layer) for layer in layers] == [16, 16, 16]
    first, middle, last = (layer.mean() for layer in layers)
    assert -0.03 < middle < 0.03 and 0.1 < first < 0.35 and 0.1 < last < 0.35
