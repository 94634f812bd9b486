"""Structures of data/llzo_sevennet/starts: what they are said to be, and made by make_starts.py."""

import importlib.util
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from ase.io import read
from rfmeam.reference.structure_list import read_list

DATA = Path(__file__).resolve().parents[2] / "data/llzo_sevennet"
LLZO = Counter({"Li": 28, "La": 12, "Zr": 8, "O": 48})  # four formula units


@pytest.fixture(scope="module")
def make_starts():
    spec = importlib.util.spec_from_file_location("make_starts", DATA / "make_starts.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def nearest(atoms, first: str, second: str) -> np.ndarray:
    """From each atom of one element to the nearest other atom of another, Å."""
    distances = atoms.get_all_distances(mic=True)
    np.fill_diagonal(distances, np.inf)
    return distances[atoms.symbols == first][:, atoms.symbols == second].min(axis=1)


@pytest.mark.parametrize("draw", range(1, 5))
def test_cubic_llzo(make_starts, draw):
    """The framework of the garnet, and no two Li nearer than is allowed; different draws differ."""
    (atoms,) = read(DATA / f"starts/llzo-cubic-{draw}.extxyz", ":")
    assert Counter(atoms.symbols) == LLZO
    np.testing.assert_allclose(nearest(atoms, "Zr", "O"), 2.05, atol=0.01)
    np.testing.assert_allclose(nearest(atoms, "La", "O"), 2.54, atol=0.01)
    assert nearest(atoms, "Li", "O").min() > 1.8
    assert nearest(atoms, "Li", "Li").min() >= make_starts.LEAST_LI_LI
    (other,) = read(DATA / f"starts/llzo-cubic-{draw % 4 + 1}.extxyz", ":")
    assert not np.allclose(atoms.positions, other.positions)


def test_the_same_seed_makes_the_same_structure(make_starts):
    made = make_starts.cubic_llzo(np.random.default_rng([2026, 1]))
    (stored,) = read(DATA / "starts/llzo-cubic-1.extxyz", ":")
    for symbol in LLZO:
        wrapped = [
            np.sort((a[a.symbols == symbol].get_scaled_positions() + 1e-5) % 1, axis=0)
            for a in (made, stored)
        ]
        np.testing.assert_allclose(*wrapped, atol=1e-6)


def test_frenkel_pairs():
    """One Li is elsewhere: at none of the crystal's places, and not on top of another atom."""
    crystals = read(DATA.parent / "llzo/structures/llzo-volume.extxyz", ":")
    crystal = crystals[1]  # at its own volume
    for atoms in read(DATA / "starts/llzo-frenkel.extxyz", ":"):
        assert Counter(atoms.symbols) == LLZO
        both = crystal + atoms[atoms.symbols == "Li"]
        moved = both.get_all_distances(mic=True)[len(crystal) :, : len(crystal)].min(axis=1)
        assert (moved > 0.05).sum() == 1
        assert nearest(atoms, "Li", "O").min() > 1.6 and nearest(atoms, "Li", "Zr").min() > 2


@pytest.mark.parametrize(
    ("name", "metal"), [("li-llzo", 48), ("li-llzo-other-cut", 48), ("li-li2o", 20)]
)
def test_slabs_are_whole_oxides_with_lithium_on_them(name, metal):
    for atoms in read(DATA / f"starts/{name}.extxyz", ":"):
        count = Counter(atoms.symbols)
        count["Li"] -= metal
        assert count == (Counter({"Li": 16, "O": 8}) if name == "li-li2o" else LLZO)
        distances = atoms.get_all_distances(mic=True)
        assert distances[~np.eye(len(atoms), dtype=bool)].min() > 1.75


def test_what_is_held_out():
    """No name is that of DFT's list, so a fit can tell them apart; groups are held out as there."""
    ours, dft = read_list(DATA / "structures.yaml"), read_list(DATA.parent / "llzo/structures.yaml")
    assert not {family.name for family in ours.families} & {family.name for family in dft.families}
    held_out = {family.group for family in ours.families if ours.is_held_out(family)}
    assert held_out >= {family.group for family in dft.families if dft.is_held_out(family)}
    assert held_out >= {"llzo-cubic-4", "li-llzo-other-cut", "llzo-frenkel"}
