"""data/llzo_sevennet: slabs along a face, lithium that fits onto them, frames pulled apart."""

import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from ase.io import read
from rfmeam.reference.structure_list import read_list

DATA = Path(__file__).resolve().parents[2] / "data/llzo_sevennet"
sys.path.insert(0, str(DATA))

import frames_by_sevennet  # noqa: E402
import make_interfaces  # noqa: E402
from slabs import lithium_on  # noqa: E402

A_LI = 3.44  # Å


@pytest.mark.parametrize("face", make_interfaces.FACES)
def test_a_slab_of_llzo_has_its_formula_volume_and_whole_octahedra(face):
    atoms, cut = make_interfaces.least_polar(face, 1)
    assert Counter(atoms.symbols) == {"Li": 28, "La": 12, "Zr": 8, "O": 48}
    assert 0 <= cut < 1
    assert atoms.get_volume() == pytest.approx(13.1279**2 * 12.6715 / 2, rel=1e-3)
    atoms.pbc = [True, True, False]
    distances = atoms.get_all_distances(mic=True)
    around = (distances[atoms.symbols == "Zr"][:, atoms.symbols == "O"] < 2.6).sum(axis=1)
    assert (around == 6).all()


@pytest.mark.parametrize("face", make_interfaces.FACES)
def test_lithium_keeps_its_density_but_for_the_strain(face):
    oxide, _ = make_interfaces.least_polar(face, 1)
    metal, _, strain = lithium_on(oxide.cell.array, A_LI, 4)
    assert strain < 0.08
    assert metal.get_volume() / len(metal) == pytest.approx(A_LI**3 / 2, rel=2.2 * strain)
    nearest = metal.get_all_distances(mic=True)[~np.eye(len(metal), dtype=bool)].min()
    assert nearest > A_LI * np.sqrt(3) / 2 * (1 - 1.1 * strain)
    np.testing.assert_allclose(metal.cell[:2], oxide.cell[:2], atol=1e-9)


def test_starts_are_what_the_script_makes():
    oxide, _ = make_interfaces.least_polar((0, 1, 1), 1)
    atoms, _ = make_interfaces.interface(oxide, 3, 2.2)
    stored = read(DATA / "starts/li-llzo-011.extxyz", 1)
    assert Counter(stored.symbols) == Counter(atoms.symbols)
    np.testing.assert_allclose(stored.cell.array, atoms.cell.array, atol=1e-6)


def test_pulled_apart_both_interfaces_open_by_the_distance():
    oxide, _ = make_interfaces.least_polar((0, 0, 1), 1)
    atoms, _ = make_interfaces.interface(oxide, 3, 2.0)
    atoms.set_array("metal", (np.arange(len(atoms)) >= len(oxide)).astype(int))
    atoms.positions[:, 2] += 9.0
    atoms.wrap()  # the metal is across the cell's end
    apart = frames_by_sevennet.pulled(frames_by_sevennet.together(atoms), 1.5)
    metal = apart.arrays["metal"] == 1
    z = apart.positions[:, 2]
    assert z[metal].min() - z[~metal].max() == pytest.approx(3.5)
    assert z[~metal].min() + apart.cell[2, 2] - z[metal].max() == pytest.approx(3.5)


def test_the_list_of_round_3_is_read_and_holds_out_by_the_same_draw():
    first, third = (read_list(DATA / name) for name in ("structures.yaml", "round3.yaml"))
    assert (first.chance, first.validation_seed) == (third.chance, third.validation_seed)
    names = [family.name for family in (*first.families, *third.families)]
    assert len(names) == len(set(names))
    held_out = {family.group for family in third.families if third.is_held_out(family)}
    assert any(group.startswith("li-llzo-") for group in held_out)
