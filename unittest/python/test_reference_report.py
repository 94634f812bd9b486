"""data/li_f/report.py: what it says of made-up results, whose answers are known."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest
from ase import Atoms
from ase.calculators.singlepoint import SinglePointCalculator
from rfmeam.reference import recipes

FILE = Path(__file__).resolve().parents[2] / "data" / "li_f" / "report.py"
C11, C12, C44 = 112.0, 46.0, 63.0  # GPa


@pytest.fixture(scope="module")
def report():
    spec = importlib.util.spec_from_file_location("li_f_report", FILE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_elastic_constants_of_a_known_crystal(report, monkeypatch):
    """Stress = C strain, on top of a pressure, as the cell is not that of lowest energy, and of
    terms of second and third order, which are not to change what is found at no strain.
    """
    edge = 4.07
    start = {"bulk": {"symbol": "LiF", "structure": "rocksalt", "a": edge, "cubic": True}}
    strain = {"modes": ["uniaxial", "orthorhombic", "shear"], "sizes": [-0.03, -0.015, 0.015, 0.03]}
    frames = recipes.make({"start": start, "steps": [{"strain": strain}]}, (1,), "test", Path())
    constants = np.diag([C11 - C12] * 3 + [C44] * 3)
    constants[:3, :3] += C12
    for atoms in frames:
        e = atoms.cell.array / edge - np.eye(3)
        voigt = np.array([e[0, 0], e[1, 1], e[2, 2], 2 * e[1, 2], 2 * e[0, 2], 2 * e[0, 1]])
        stress = constants @ (voigt + 3 * voigt**2 - 20 * voigt**3) + np.array([-1] * 3 + [0] * 3)
        stress /= report.GPA
        atoms.calc = SinglePointCalculator(atoms, stress=stress)
    monkeypatch.setattr(report, "frames", lambda family: frames)
    expected = {"C11": C11, "C12": C12, "C11 - C12, of its own": C11 - C12, "C44": C44}
    assert report.elastic("any") == pytest.approx(expected)


def test_layers_and_spacings_of_an_interface(report):
    interface = {
        "metal": {"symbol": "Li", "matrix": [[1, 0], [0, 1]], "layers": 4, "spacing": 2.4},
        "salt": {"symbols": ["Li", "F"], "matrix": [[1, 0], [0, 1]], "layers": 2, "spacing": 2.0},
        "side": 2.878,
        "gaps": [2.2],
        "shifts": [[0.0, 0.0]],
    }
    (atoms,) = recipes.make({"start": {"interface": interface}}, (1,), "test", Path())
    atoms *= (2, 1, 1)
    lowest_metal = np.flatnonzero(np.isclose(atoms.positions[:, 2], 4.2))
    atoms.positions[lowest_metal, 2] += [-0.3, 0.5]  # buckled, as in interface-4on5-relaxed
    found = report.layers(atoms)
    assert [name for name, _ in found] == ["Li", "F"] * 2 + ["Li metal"] * 4
    assert sorted(np.concatenate([those for _, those in found])) == list(range(len(atoms)))
    assert list(found[4][1]) == list(lowest_metal)
    assert report.metal_spacings(atoms) == pytest.approx([2.3, 2.4, 2.4])


def test_span_says_where_atoms_of_a_layer_differ(report):
    assert report.span(np.array([0.125, 0.125]), 3) == "+0.125"
    assert report.span(np.array([6.4, 7.0]), 2) == "+6.70 (+6.40 to +7.00)"


def test_gaps_and_shifts_are_read_from_the_positions(report):
    gaps, shifts = [1.8, 2.4], [[0.0, 0.0], [0.5, 0.5], [0.5, 0.0], [0.25, 0.25]]
    interface = {
        "metal": {"symbol": "Li", "matrix": [[1, 0], [0, 1]], "layers": 6, "spacing": 2.4},
        "salt": {"symbols": ["Li", "F"], "matrix": [[1, 0], [0, 1]], "layers": 4, "spacing": 2.0},
        "side": 2.878,
        "gaps": gaps,
        "shifts": shifts,
    }
    made = recipes.make({"start": {"interface": interface}}, (1,), "test", Path())
    found = [report.gap_and_shift(atoms) for atoms in made]
    assert [gap for gap, _ in found] == pytest.approx(np.repeat(gaps, 4))
    assert [list(shift) for _, shift in found] == shifts * 2


def test_well_of_a_known_molecule(report, monkeypatch):
    """Morse: 2 eV deep at 1.4 Å. A well of which only one side is computed is not reported."""
    frames = []
    for distance in (1.1, 1.2, 1.3, 1.36, 1.42, 1.48, 1.56, 1.7, 1.9):
        atoms = Atoms("F2", positions=[[0, 0, 0], [distance, 0, 0]])
        energy = 2 * ((1 - np.exp(-2.5 * (distance - 1.4))) ** 2 - 1)
        atoms.calc = SinglePointCalculator(atoms, energy=energy)
        frames.append(atoms)
    monkeypatch.setattr(report, "frames", lambda family: frames)
    assert report.well("any") == pytest.approx((1.4, -2.0), abs=2e-3)
    del frames[4:]
    assert report.well("any") is None


def test_energy_of_what_is_missing(report, monkeypatch):
    def crystal(symbols: str, energy: float) -> list[Atoms]:
        atoms = Atoms(symbols)
        atoms.calc = SinglePointCalculator(atoms, energy=energy)
        return [atoms]

    stored = {"vacancy": crystal("Li3", -5.0), "whole": crystal("Li4", -8.0), "none": []}
    monkeypatch.setattr(report, "frames", stored.get)
    assert report.missing_energy("vacancy", "whole") == pytest.approx(1.0)
    assert report.missing_energy("vacancy", "none") is None


def test_layers_move_towards_what_they_come_nearer_to(report):
    spacings = np.array([2.1, 2.4, 2.4, 2.3])
    assert "0.10 Å **towards the metal**" in report.moved(spacings, 2.3)
    assert "0.20 Å **towards LiF**" in report.moved(spacings, 2.0)
