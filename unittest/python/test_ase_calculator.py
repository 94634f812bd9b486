"""The ASE calculator."""

import numpy as np
import pytest
import rfmeam
from ase import Atoms
from ase.build import bulk
from ase.calculators.fd import calculate_numerical_forces, calculate_numerical_stress
from rfmeam.calculator import RFMEAM

from samples import ENVIRONMENT, REFERENCE, WALLED


@pytest.fixture
def triclinic():
    """Eight atoms off their sites in a sheared cell, so that screening is partial."""
    atoms = bulk("LiF", "rocksalt", a=4.0, cubic=True)
    atoms.rattle(0.1, seed=2)
    strain = [[0.02, 0.05, 0.01], [0.0, -0.01, 0.07], [0.03, 0.0, 0.02]]
    atoms.set_cell(atoms.cell.array @ (np.eye(3) + strain), scale_atoms=True)
    return atoms


@pytest.mark.parametrize("charges", ["equilibrated", "fixed"])
@pytest.mark.parametrize("folder", ["lif216_triclinic_rf_qeq", "lif_melt150_rf_qeq"])
def test_forces_and_stress_are_derivatives(triclinic, folder, charges):
    if charges == "fixed":
        triclinic.set_initial_charges([0.7, -0.8] * 4)
    triclinic.calc = RFMEAM(REFERENCE / folder / "potential.rfmeam", charges=charges)
    forces = calculate_numerical_forces(triclinic, eps=1e-4)
    np.testing.assert_allclose(triclinic.get_forces(), forces, atol=1e-6)
    stress = calculate_numerical_stress(triclinic, eps=1e-5)
    np.testing.assert_allclose(triclinic.get_stress(), stress, atol=1e-7)


def test_forces_and_stress_are_derivatives_with_walls(triclinic):
    """Charges are found again at each displacement, by Newton's method, and some meet a wall."""
    potential = rfmeam.Potential.parse(WALLED.replace("0.85", "0.5"))
    triclinic.calc = RFMEAM(potential)
    assert (triclinic.get_charges() > 0.5).any()
    forces = calculate_numerical_forces(triclinic, eps=1e-4)
    np.testing.assert_allclose(triclinic.get_forces(), forces, atol=1e-6)
    stress = calculate_numerical_stress(triclinic, eps=1e-5)
    np.testing.assert_allclose(triclinic.get_stress(), stress, atol=1e-7)


@pytest.mark.parametrize("charges", ["equilibrated", "fixed"])
def test_forces_and_stress_are_derivatives_with_environments(triclinic, charges):
    """Electronegativities and charges are found again at each displacement."""
    potential = rfmeam.Potential.parse(ENVIRONMENT)
    if charges == "fixed":
        triclinic.set_initial_charges([0.7, -0.8] * 4)
    triclinic.calc = RFMEAM(potential, charges=charges)
    forces = calculate_numerical_forces(triclinic, eps=1e-4)
    np.testing.assert_allclose(triclinic.get_forces(), forces, atol=1e-6)
    stress = calculate_numerical_stress(triclinic, eps=1e-5)
    np.testing.assert_allclose(triclinic.get_stress(), stress, atol=1e-7)


def test_screening_is_partial_there(triclinic):
    """Otherwise the test above would prove less than it says."""
    potential = rfmeam.Potential.read(REFERENCE / "lif216_triclinic_rf_qeq" / "potential.rfmeam")
    text = rfmeam.Parameters.of(potential)
    text.triple.clear()
    unscreened = rfmeam.Potential.parse(text.write())
    triclinic.calc = RFMEAM(potential)
    screened_energy = triclinic.get_potential_energy()
    triclinic.calc = RFMEAM(unscreened)
    assert abs(triclinic.get_potential_energy() - screened_energy) > 0.1


def test_charges(triclinic, lif):
    triclinic.calc = RFMEAM(lif)
    assert triclinic.get_charges()[0] > 0.3
    assert abs(triclinic.get_charges().sum()) < 1e-12
    triclinic.calc = RFMEAM(lif, total_charge=0.5)
    assert triclinic.get_charges().sum() == pytest.approx(0.5)
    triclinic.calc = RFMEAM(lif, charges="fixed")
    assert not triclinic.get_charges().any()


def test_without_charges_and_without_a_cell():
    potential = rfmeam.Potential.read(REFERENCE / "lif216_type1" / "potential.rfmeam")
    molecule = Atoms("LiF", positions=[[0, 0, 0], [0, 0, 1.7]], calculator=RFMEAM(potential))
    assert molecule.get_forces()[0, 2] == pytest.approx(-molecule.get_forces()[1, 2])
    assert molecule.get_charges().tolist() == [0, 0]
    assert "stress" not in molecule.calc.results


def test_indefinite_charges_are_an_error(lif):
    molecule = Atoms("LiF", positions=[[0, 0, 0], [0, 0, 0.7]], calculator=RFMEAM(lif))
    with pytest.raises(rfmeam.IndefiniteChargesError):
        molecule.get_potential_energy()


def test_unknown_kind_of_charges(lif):
    with pytest.raises(ValueError, match="charges is 'some', allowed are"):
        RFMEAM(lif, charges="some")


def test_unknown_arguments_are_refused(lif):
    """ASE would take any: charge="fixed" was one that equilibrated."""
    with pytest.raises(TypeError, match="no argument 'charge', allowed are potential, charges"):
        RFMEAM(lif, charge="fixed")
    assert RFMEAM(lif, label="run").label == "run"


def test_another_total_charge_is_another_result(triclinic, lif):
    triclinic.calc = RFMEAM(lif)
    neutral = triclinic.get_potential_energy()
    triclinic.calc.total_charge = 0.5
    assert triclinic.get_charges().sum() == pytest.approx(0.5)
    assert triclinic.get_potential_energy() != pytest.approx(neutral, abs=1e-3)
    triclinic.calc.total_charge = 0.0
    assert triclinic.get_potential_energy() == pytest.approx(neutral)
