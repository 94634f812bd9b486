"""examples/li_llzo_interface: the cell, and what its analysis finds in made-up frames."""

import importlib.util
import json
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from ase import Atoms
from ase.calculators.morse import MorsePotential
from ase.io import read

EXAMPLE = Path(__file__).resolve().parents[2] / "examples/li_llzo_interface"
sys.path.insert(0, str(EXAMPLE))

import faces  # noqa: E402
from adhesion import parts, separation  # noqa: E402
from llzo_cell import CHARGES, LAYER_ATOMS, LAYERS, SPECIES, interface, metal, oxide  # noqa: E402
from llzo_layers import FACE, Frame, layers, profile, width  # noqa: E402
from relax_by_sevennet import VACUUM, study  # noqa: E402

spec = importlib.util.spec_from_file_location(
    "li_llzo_run", EXAMPLE / "run.py"
)  # another example has a run, too
example = importlib.util.module_from_spec(spec)
spec.loader.exec_module(example)

BULK, FIRST, GAP = 1.72, 1.60, 2.0  # Å


@pytest.fixture(scope="module")
def cell():
    return interface()


def made_up(atoms) -> Frame:
    """The cell with flat layers of given spacings, charges 0 from the second layer on."""
    z = atoms.positions[:, 2].copy()
    rows = np.arange(len(atoms) - LAYERS * LAYER_ATOMS, len(atoms)).reshape(LAYERS, LAYER_ATOMS)
    steps = [FIRST, *[BULK] * (LAYERS - 3), FIRST]
    oxygen = np.sort(z[atoms.symbols == "O"])
    heights = oxygen[-FACE:].mean() + GAP + np.r_[0, np.cumsum(steps)]
    charges = np.array([CHARGES[s] for s in atoms.symbols])
    for row, height, q in zip(rows, heights, [0.2, *[0.0] * (LAYERS - 2), 0.2], strict=True):
        z[row], charges[row] = height, q
    positions = np.c_[atoms.positions[:, :2], z]
    return Frame(
        np.array(atoms.symbols), positions, charges, float(heights[-1] + GAP - oxygen[:FACE].mean())
    )


def test_cell_is_the_formula_and_the_metal(cell):
    counts = Counter(cell.symbols)
    assert cell.get_initial_charges().sum() == pytest.approx(
        0, abs=1e-9
    )  # fix qeq/vc keeps the sum
    assert counts == {"Li": 56 + LAYERS * LAYER_ATOMS, "La": 24, "Zr": 16, "O": 96}
    apart = cell.get_all_distances(mic=True) + 9 * np.eye(len(cell))
    assert apart.min() > 1.85
    assert cell.cell[0, 0] == pytest.approx(18.57, abs=0.02) and cell.cell[0, 0] == cell.cell[1, 1]


def test_metal_is_bcc():
    """Each atom has 8 neighbours at √3/2 a and 6 at a; the plane is strained by 0.2 %."""
    lithium = metal(oxide().cell[0, 0])
    distances = lithium.get_all_distances(mic=True)
    assert (np.isclose(distances, 2.979, atol=0.02).sum(axis=1) == 8).all()
    assert (np.isclose(distances, 3.44, atol=0.02).sum(axis=1) == 6).all()


def test_layers_of_a_made_up_frame(cell):
    found = layers(made_up(cell))
    assert found.gap == pytest.approx(GAP)
    assert found.moved == pytest.approx(BULK - FIRST)
    assert found.charges == pytest.approx([0.2, 0, 0, 0])
    assert found.crossed == 0


def test_an_atom_in_the_oxide_has_crossed(cell):
    frame = made_up(cell)
    positions = frame.positions.copy()
    positions[frame.metal[0, 3], 2] -= GAP + 1.5
    positions[frame.metal[-1, 3], 2] += GAP + 1.5
    assert layers(replace(frame, positions=positions)).crossed == 2


def test_profile_is_measured_from_both_faces(cell):
    heights, charges = profile([made_up(cell)])
    assert charges[heights < -1] == pytest.approx(CHARGES["Li"])
    assert charges[-1] == pytest.approx(0)
    assert charges[np.argmin(abs(heights - GAP))] == pytest.approx(0.2)


def test_width_of_a_straight_fall():
    """From 0.8 at 0 to 0 at 5 Å: 80 % of it."""
    heights = np.arange(-5.5, 12)
    charges = np.clip(0.8 * (1 - heights / 5), 0, 0.8)
    assert width(heights, charges) == pytest.approx(4.0, abs=0.2)


def test_a_damaged_frame_is_refused(cell, tmp_path):
    lines = ["ITEM"] * 3 + [str(len(cell))] + ["0 1"] * 4 + ["ITEM: ATOMS"]
    lines += [f"{n} 1 0 0 0 0" for n in range(len(cell) - 1)]
    (tmp_path / "a.dump").write_text("\n".join(lines))
    with pytest.raises(ValueError, match=rf"a\.dump: {len(cell) - 1} atoms, expected {len(cell)}"):
        Frame.read(tmp_path / "a.dump")


def test_frames_are_read_in_units_of_the_box(tmp_path, cell):
    lines = ["ITEM"] * 3 + [str(len(cell)), "ITEM: BOX", "0 1", "0 1", "-2 38", "ITEM: ATOMS"]
    lines += [f"{n} {SPECIES.index(s) + 1} 1 2 3 0.5" for n, s in enumerate(cell.symbols)]
    (tmp_path / "a.dump").write_text("\n".join(lines))
    frame = Frame.read(tmp_path / "a.dump")
    assert (
        frame.height == 40 and (frame.positions[:, 2] == 5).all() and (frame.charges == 0.5).all()
    )
    assert (frame.species == np.array(cell.symbols)).all()


@pytest.mark.parametrize(("value", "status"), [(1.0, 0), (1.3, 1)])
def test_numbers_outside_are_an_error(value, status, capsys):
    assert example.compare({"gap": value}, {"gap": [0.9, 1.2]}) == status
    assert ("OUTSIDE" in capsys.readouterr().out) == bool(status)


@pytest.mark.parametrize(
    "options",
    [["--cut", "1.2"], ["--cores", "0"], ["--nvt", "10"], ["--nve", "1"], ["--seed", "0"]],
)
def test_options_that_make_no_run(options):
    with pytest.raises(SystemExit):
        example.main(options)


def test_parts_are_the_whole_with_vacuum(cell):
    whole, oxide_side, metal_side = parts(cell)
    assert len(whole) == len(oxide_side) + len(metal_side) == len(cell)
    assert set(metal_side.symbols) == {"Li"} and len(metal_side) == LAYERS * LAYER_ATOMS
    for side in (oxide_side, metal_side):
        assert side.cell[2, 2] - np.ptp(side.positions[:, 2]) == pytest.approx(VACUUM)
        assert side.cell[0, 0] == cell.cell[0, 0]


def test_separation_is_an_energy_of_two_areas(cell):
    """2 eV for both interfaces, 1 for each: 16.02 J/m² over the area in Å²."""
    area = cell.cell[0, 0] ** 2
    assert separation([-30.0, -18.0, -10.0], cell) == pytest.approx(16.0218 / area, rel=1e-4)


def test_the_faces_of_the_study_are_what_their_analysis_wants():
    """Oxide first, then whole layers of lithium; what SevenNet-0 relaxed is still on it."""
    files = sorted(faces.FACES.glob("*.extxyz"))
    assert len({file.stem[:3] for file in files}) >= 3
    for file in files:
        start, relaxed = read(file, ":")
        layer_atoms = start.info["layer_atoms"]
        assert (start.arrays["metal"][:192] == 0).all() and (start.arrays["metal"][192:] == 1).all()
        assert (len(start) - 192) % layer_atoms == 0
        heights = start.positions[192:, 2].reshape(-1, layer_atoms)
        assert np.ptp(heights, axis=1).max() < 1e-3
        found = layers(faces.frame(relaxed, np.zeros(len(relaxed))))
        assert 1 < found.gap < 3.5 and found.crossed < (len(start) - 192) // 2
        label = json.loads(file.with_suffix(".json").read_text(encoding="utf-8"))
        assert all(0 < label[key] < 3 for key in faces.SEPARATION)


def test_metal_that_only_moved_with_its_oxide_is_not_elsewhere():
    relaxed = read(faces.FACES / "011.extxyz", 1)
    shifted = relaxed.copy()
    shifted.positions += [0.3, -0.2, 0.7]
    shifted.wrap()
    assert faces.moved(relaxed, shifted) == pytest.approx(0, abs=1e-9)
    shifted.positions[-1] += [0, 0.5, 0]
    assert faces.moved(relaxed, shifted) == pytest.approx(0.5 / np.sqrt(84))


def test_two_springs_are_relaxed_and_taken_apart():
    """Metal and oxide of one atom each, held by a force without anything else: the work of
    separation is the depth of its minimum at both interfaces."""
    atoms = Atoms("LiLi", positions=[[0, 0, 1], [0, 0, 3.9]], cell=[20, 20, 6], pbc=True)
    atoms.set_array("metal", np.array([0, 1]))
    depth, length = 0.4, 3.0
    calculator = MorsePotential(epsilon=depth, r0=length, rho0=4, rcut1=1.5, rcut2=1.8)
    found, (_, relaxed, *_) = study(atoms, calculator)
    assert relaxed.cell[2, 2] == pytest.approx(2 * length, abs=0.05)
    area = 400 * 1e-20
    expected = 2 * depth * 1.602177e-19 / (2 * area)
    assert found[faces.SEPARATION[0]] == pytest.approx(expected, rel=0.01)
    assert found[faces.SEPARATION[1]] == pytest.approx(expected, rel=0.01)
