"""data/sevennet_error.py: errors of made-up results, whose size is known."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest
from ase import Atoms
from ase.calculators.singlepoint import SinglePointCalculator

FILE = Path(__file__).resolve().parents[2] / "data" / "sevennet_error.py"


@pytest.fixture(scope="module")
def report():
    spec = importlib.util.spec_from_file_location("sevennet_error", FILE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def frame(symbols: str, family: str, energy: float) -> Atoms:
    atoms = Atoms(symbols, positions=np.arange(3 * len(Atoms(symbols))).reshape(-1, 3))
    atoms.info["family"] = family
    forces, stress = np.ones((len(atoms), 3)), np.zeros(6)
    atoms.calc = SinglePointCalculator(
        atoms, energy=energy, free_energy=energy, forces=forces, stress=stress
    )
    return atoms


def test_a_constant_for_each_element_is_no_error(report):
    frames = [frame("Li2O", "a", -1.0), frame("LiO", "b", -2.0), frame("LiO", "b", -2.5)]
    shifts = np.array([2 * 7.0 + 3.0, 10.0, 10.0])
    np.testing.assert_allclose(report.elements_taken_out(frames, shifts), 0, atol=1e-12)
    left = report.elements_taken_out(frames, shifts + np.array([0, 0.1, -0.1]))
    np.testing.assert_allclose(left, [0, 0.1, -0.1], atol=1e-12)


def test_table_of_known_errors(report):
    frames = [frame("Li2O", "a", -1.0), frame("LiO", "b", -2.0), frame("LiO", "b", -2.5)]
    shifts = (17.0, 10.02, 9.98)
    others = [
        {
            "free_energy": atoms.calc.results["free_energy"] + shift,
            "forces": atoms.get_forces() + (0.3 if atoms.info["family"] == "b" else 0.0),
            "stress": np.full(6, 0.01),
        }
        for atoms, shift in zip(frames, shifts, strict=True)
    ]
    *_, a, b, everything = report.table(frames, others).splitlines()
    assert a == "| a | 1 | 0.0 | 0.000 | 1.00 | 1.60 |"
    assert b == "| b | 2 | 10.0 | 0.300 | 1.00 | 1.60 |"
    assert everything.startswith("| all | 3 | 8.2 | 0.227 ")
