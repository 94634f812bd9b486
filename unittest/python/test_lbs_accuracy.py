"""potentials/fit/lbs_accuracy.py: forces of built-in force fields in tilted cells, compositions."""

import shutil
import sys
from pathlib import Path

import numpy as np
import pytest
from ase import Atoms
from ase.io import read

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "potentials/fit"))
pytest.importorskip("typer")
pytest.importorskip("amorphouspy")
lbs = pytest.importorskip("lbs_accuracy")
QUARTZ = read(ROOT / "data/lbs_sevennet/training/quartz-rattled.extxyz", 2)


def test_oxides_of_a_structure():
    model = lbs.model_of(Atoms("Li2B2Si2O8"))
    assert model.units == {"Li2O": 1.0, "B2O3": 1.0, "SiO2": 2}
    assert model.asked.percent == {"Li2O": 25.0, "B2O3": 25.0, "SiO2": 50.0}
    assert lbs.model_of(Atoms("Si3O6")).units == {"SiO2": 3}
    odd = Atoms("Li2O2")
    odd.info["label"] = "peroxide/0"
    with pytest.raises(SystemExit, match="peroxide/0: Li2O2 is no mixture of Li2O, B2O3 and SiO2"):
        lbs.model_of(odd)


@pytest.mark.skipif(shutil.which("lmp") is None, reason="no lmp on the PATH")
def test_forces_are_the_energy_s_derivatives_in_the_axes_of_the_structure():
    """A cell that LAMMPS has in other axes; displacements along each."""
    assert np.abs(QUARTZ.cell.array[0, 1:]).max() > 0.01
    _, forces = lbs.by_lammps("du", QUARTZ)
    step = 1e-3
    for axis in range(3):
        energies = []
        for sign in (1, -1):
            moved = QUARTZ.copy()
            moved.positions[4, axis] += sign * step
            energies.append(lbs.by_lammps("du", moved)[0])
        slope = -(energies[0] - energies[1]) / (2 * step)
        assert forces[4, axis] == pytest.approx(slope, abs=2e-3 * np.abs(forces).max())


def test_errors_by_element_add_up_to_those_of_the_group():
    potential = lbs.Potential.read(ROOT / "potentials/LBS.rfmeam")
    atoms = read(ROOT / "data/lbs_sevennet/validation/glass-30l50b20s-pulled.extxyz", ":")
    found = lbs.by_element(potential, atoms)
    assert {e: row[0] for e, row in found.items()} == {"Li": 24, "B": 40, "Si": 8, "O": 88}
    mean = sum(n * error**2 for n, error, _ in found.values()) / 160
    families = [a.info["family"] for a in atoms]
    energies, forces, _ = lbs.accuracy.deviations(potential, atoms)
    whole = lbs.accuracy.grouped(lbs.GROUPS, atoms, families, energies, forces, None)[lbs.MELTS]
    assert whole[0] == 160
    assert np.sqrt(mean) == pytest.approx(whole[2], rel=1e-9)
    own = np.concatenate([a.get_forces()[a.symbols == "B"] for a in atoms])
    assert found["B"][2] == pytest.approx(np.sqrt(np.mean(own**2)), rel=1e-12)


def test_elements_without_a_potential_are_refused():
    with pytest.raises(SystemExit, match="--elements: which potentials"):
        lbs.main(None, elements=True)


def test_a_side_that_does_not_exist_is_refused():
    with pytest.raises(SystemExit, match="--side train: allowed are validation, training"):
        lbs.main([ROOT / "potentials/LBS.rfmeam"], side="train")
