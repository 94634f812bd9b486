"""data/li_f/report.py: what it says of made-up results, whose answers are known."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest
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
    """Stress = C strain, on top of a pressure: the cell is not that of lowest energy."""
    edge = 4.07
    start = {"bulk": {"symbol": "LiF", "structure": "rocksalt", "a": edge, "cubic": True}}
    strain = {"modes": ["uniaxial", "orthorhombic", "shear"], "sizes": [-0.03, -0.015, 0.015, 0.03]}
    frames = recipes.make({"start": start, "steps": [{"strain": strain}]}, (1,), "test", Path())
    constants = np.diag([C11 - C12] * 3 + [C44] * 3)
    constants[:3, :3] += C12
    for atoms in frames:
        e = atoms.cell.array / edge - np.eye(3)
        voigt = np.array([e[0, 0], e[1, 1], e[2, 2], 2 * e[1, 2], 2 * e[0, 2], 2 * e[0, 1]])
        stress = (constants @ voigt + np.array([-1, -1, -1, 0, 0, 0])) / report.GPA
        atoms.calc = SinglePointCalculator(atoms, stress=stress)
    monkeypatch.setattr(report, "frames", lambda family: frames)
    assert report.elastic("any") == pytest.approx({"C11": C11, "C12": C12, "C44": C44})


def test_layers_and_spacings_of_an_interface(report):
    interface = {
        "metal": {"symbol": "Li", "matrix": [[1, 0], [0, 1]], "layers": 4, "spacing": 2.4},
        "salt": {"symbols": ["Li", "F"], "matrix": [[1, 0], [0, 1]], "layers": 2, "spacing": 2.0},
        "side": 2.878,
        "gaps": [2.2],
        "shifts": [[0.0, 0.0]],
    }
    (atoms,) = recipes.make({"start": {"interface": interface}}, (1,), "test", Path())
    atoms.set_array("bader_charge", np.where(atoms.symbols == "F", -0.9, 0.3))
    found = report.layers(atoms)
    assert [name for _, name, _ in found] == ["Li", "F"] * 2 + ["Li metal"] * 4
    assert [charge for *_, charge in found] == pytest.approx([0.3, -0.9] * 2 + [0.3] * 4)
    assert report.metal_spacings(atoms) == pytest.approx([2.4] * 3)
