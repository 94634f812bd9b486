"""potentials/LiF.rfmeam has the properties that its README claims."""

import sys
from pathlib import Path

import numpy as np
import pytest
import rfmeam
from ase import Atoms
from ase.build import bulk
from rfmeam.calculator import system_of

POTENTIALS = Path(__file__).resolve().parents[2] / "potentials"
sys.path.insert(0, str(POTENTIALS / "fit"))
lif_properties = pytest.importorskip("lif_properties", reason="needs scipy")

LATTICE, ENERGY, ELASTIC = 0.02, 0.10, 0.15


@pytest.fixture(scope="module")
def potential() -> rfmeam.Potential:
    return rfmeam.Potential.read(POTENTIALS / "LiF.rfmeam")


@pytest.fixture(scope="module")
def measured(potential) -> dict[str, float]:
    return lif_properties.measure_li(potential) | lif_properties.measure_lif(potential)


def charges(potential: rfmeam.Potential, atoms: Atoms) -> np.ndarray:
    return rfmeam.equilibrate(potential, system_of(atoms))


@pytest.mark.parametrize(
    ("name", "published", "tolerance"),
    [
        ("LiF rocksalt a", 4.03, LATTICE),
        ("LiF formation enthalpy", -6.40, ENERGY),
        ("Li bcc a", 3.50, LATTICE),
        ("Li bcc cohesive energy", 1.63, ENERGY),
        ("F2 bond length", 1.412, LATTICE),
        ("F2 bond energy", 1.60, ENERGY),
    ],
)
def test_published_number(measured, name, published, tolerance):
    assert measured[name] == pytest.approx(published, rel=tolerance)


@pytest.mark.parametrize(("crystal", "published"), [("Li bcc", 12.1), ("LiF", 68.0)])
def test_bulk_modulus(measured, crystal, published):
    modulus = (measured[f"{crystal} C11"] + 2 * measured[f"{crystal} C12"]) / 3
    assert modulus == pytest.approx(published, rel=ELASTIC)


def test_stable_phases(measured):
    assert measured["Li fcc - bcc"] > 1.0  # meV
    assert measured["Li hcp - bcc"] > 1.0
    assert measured["LiF CsCl - rocksalt"] > 0.1  # eV
    assert measured["LiF zincblende - rocksalt"] > 0.1
    assert measured["Li softest force constant"] > 0.05  # eV/Å^2
    assert measured["LiF softest force constant"] > 1.0


def test_defects_and_surfaces_cost_energy(measured):
    costs = {
        name: cost for name, cost in measured.items() if "vacancy" in name or "surface" in name
    }
    assert len(costs) == 4
    assert min(costs.values()) > 0.1


def test_charges_of_crystals(potential, measured):
    assert 0.85 <= measured["LiF charge"] <= 0.95
    lithium = bulk("Li", "bcc", 3.5, cubic=True) * (2, 2, 2)
    lithium.rattle(0.2, seed=1)
    assert np.abs(charges(potential, lithium)).max() < 1e-12


@pytest.mark.parametrize(("a", "displacement"), [(4.03, 0.1), (3.8, 0.05), (4.5, 0.2)])
def test_charges_of_distorted_lif(potential, a, displacement):
    crystal = bulk("LiF", "rocksalt", a, cubic=True) * (2, 2, 2)
    crystal.rattle(displacement, seed=2)
    q = charges(potential, crystal)  # raises where they have no equilibrium
    lithium = crystal.symbols == "Li"
    assert q[lithium].min() > 0.5
    assert q[~lithium].max() < -0.5
    assert np.abs(q).max() < 1.6


@pytest.mark.parametrize(
    ("pair", "from_", "to"),
    [
        ("Li2", 1.1, 2.0),
        ("LiF", 0.9, 1.5),
        ("F2", 0.7, 1.35),
    ],
)
def test_atoms_in_contact_repel(potential, pair, from_, to):
    distances = np.arange(from_, to, 0.05)
    measure = lif_properties.measurement(potential)
    energies = [measure.energy(Atoms(pair, [(0, 0, 0), (r, 0, 0)])) for r in distances]
    assert np.all(np.diff(energies) < 0)
