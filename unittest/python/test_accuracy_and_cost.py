"""bench/accuracy_and_cost.py: what is kept of programs, errors of known size, the page's table."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest
from ase import Atoms
from ase.calculators.singlepoint import SinglePointCalculator
from rfmeam.errors import UserError

ROOT = Path(__file__).resolve().parents[2]
pytest.importorskip("typer")
pytest.importorskip("matplotlib")
sys.path[:0] = [str(ROOT / "bench"), str(ROOT / "potentials/fit")]
accuracy = pytest.importorskip("accuracy")
bench = pytest.importorskip("accuracy_and_cost")
rivals = pytest.importorskip("rivals")


def frame(symbols: str, label: str, energy: float) -> Atoms:
    atoms = Atoms(symbols, positions=np.arange(3.0 * len(Atoms(symbols))).reshape(-1, 3))
    atoms.info = {"label": label, "fingerprint": f"h-{label}"}
    forces = np.zeros((len(atoms), 3))
    atoms.calc = SinglePointCalculator(atoms, energy=energy, free_energy=energy, forces=forces)
    return atoms


FRAMES = [frame("LiF", "lif/0", -10.0), frame("Li2", "li/0", -4.0), frame("Li4", "li/1", -8.0)]


@pytest.fixture
def kept(tmp_path, monkeypatch):
    path = tmp_path / "rivals.json"
    monkeypatch.setattr(rivals, "KEPT", path)
    return path


def test_errors_of_known_size():
    energies = np.array([-10.0 + 1.5, -4.0 + 2 * 0.7 + 0.06, -8.0 + 4 * 0.7 - 0.12])
    forces = [np.full((len(a), 3), 0.1 * number) for number, a in enumerate(FRAMES)]
    squares = accuracy.force_squares(FRAMES, forces)
    groups = {"metal": lambda f: f == "li", "all": lambda f: True, "none": lambda f: False}
    found = accuracy.grouped(groups, FRAMES, ["lif", "li", "li"], energies, squares, None)
    assert set(found) == {"metal", "all"}
    atoms, energy, force, charge = found["metal"]
    assert (atoms, charge) == (6, None)
    assert energy == pytest.approx(30.0)  # the constant of Li takes up 0.7 eV of each
    assert force == pytest.approx(np.sqrt((2 * 0.01 + 4 * 0.04) / 6))
    assert found["all"][1] == pytest.approx(30.0 * np.sqrt(2 / 3))
    assert accuracy.error_cells(1.23, 0.1234, None) == ("1.2", "0.123", "-")


def test_layers_of_an_interface():
    """Salt below, three metal layers: gap and spacing of the two sides are averaged."""
    heights = [0.0, 0.0, 2.0, 4.1, 6.4]
    places = np.array([[0, 0, z] for z in heights])
    atoms = Atoms("FLiLiLiLi", positions=places, cell=[2.9, 2.9, 8.6], pbc=True)
    found = accuracy.layered(atoms, 2.3, np.arange(5.0))
    assert found.gap == pytest.approx((2.0 + 2.2) / 2)
    assert found.moved == pytest.approx(2.3 - (2.1 + 2.3) / 2)
    np.testing.assert_array_equal(found.charges, [2.0, 3.0, 4.0])


def test_what_is_kept_of_a_program(kept):
    rival = rivals.Rival.read("chgnet")
    assert len(rival.lacking(FRAMES)) == 3
    answer = {
        "free_energy": -1.5,
        "forces": [[0.2, 0, 0], [0, 0, 0]],
        "program": "CHGNet of a fake",
    }
    rival.add(FRAMES[0], answer)
    rival.write()
    again = rivals.Rival.read("chgnet")
    assert again == rival and again.version == "CHGNet of a fake"
    energies, squares = again.columns(FRAMES[:1])
    assert energies == [-1.5] and squares == pytest.approx([0.04 / 6])
    changed = FRAMES[0].copy()
    changed.info["fingerprint"] = "computed anew"
    assert again.lacking([changed, *FRAMES[1:]]) == [changed, *FRAMES[1:]]
    rivals.Rival.read("sevennet-0").write()
    assert set(json.loads(kept.read_text())["programs"]) == {"chgnet", "sevennet-0"}


def test_unknown_programs_and_missing_pythons(kept, monkeypatch):
    with pytest.raises(UserError, match=r"'mace' is no \*\.rfmeam file and none of sevennet-0, "):
        rivals.Rival.read("mace")
    monkeypatch.delenv("RFMEAM_CHGNET_PYTHON", raising=False)
    with pytest.raises(UserError, match=r"RFMEAM_CHGNET_PYTHON is not set: .* chgnet 0\.4"):
        rivals.Program("chgnet").answer(FRAMES[0])
    monkeypatch.setenv("RFMEAM_CHGNET_PYTHON", "/no/such/python")
    with pytest.raises(UserError, match="/no/such/python: No such file"):
        rivals.Program("chgnet").answer(FRAMES[0])


def test_the_page_has_its_markers(tmp_path, monkeypatch):
    page = tmp_path / "page.md"
    monkeypatch.setattr(bench, "DOCUMENT", page)
    page.write_text(f"before\n{bench.BEGIN}\nold\n{bench.END}\nafter\n")
    bench.replace_between(bench.DOCUMENT, bench.BEGIN, bench.END, "new")
    assert page.read_text() == f"before\n{bench.BEGIN}\nnew\n{bench.END}\nafter\n"
    page.write_text("no markers\n")
    with pytest.raises(UserError, match=r"page\.md: has no lines <!-- table: begin"):
        bench.replace_between(bench.DOCUMENT, bench.BEGIN, bench.END, "new")
    assert page.read_text() == "no markers\n"


def test_rows_of_the_table():
    errors = dict.fromkeys(bench.GROUPS, (10, 1.23, 0.0456, None))
    model = bench.Model("CHGNet", errors, accuracy.Interface(-0.1, 2.5, None), None)
    row = bench.table([model]).splitlines()[2]
    assert row.startswith("| CHGNet | 1.2, 0.046, - |")
    assert row.endswith("| -0.10, 2.50 | not measured |")


def test_a_rate_brings_a_dot(tmp_path):
    draw = bench.draw
    path = tmp_path / "figure.svg"
    draw({}, path)
    assert not path.exists()
    draw({"LiF": (1.4e5, 80.0, 0.25)}, path)
    assert "svg" in path.read_text()[:500]
