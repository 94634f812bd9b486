"""Radial and angular distributions of structures whose neighbours are known."""

import numpy as np
import pytest
from ase import Atoms
from ase.build import bulk
from rfmeam.distributions import Distribution, angular_distribution, radial_distribution

SALT = bulk("LiF", "rocksalt", 4.0, cubic=True)


def neighbours(atoms, pair, low, high):
    """Atoms of the second element around the first between two distances, from g(r)."""
    r, g = radial_distribution([atoms], pair, 6.0, 0.1)
    density = atoms.get_chemical_symbols().count(pair[1]) / atoms.cell.volume
    inside = (r > low) & (r < high)
    shells = 4 / 3 * np.pi * ((r + 0.05) ** 3 - (r - 0.05) ** 3)
    return (density * g * shells)[inside].sum()


@pytest.mark.parametrize(
    ("pair", "low", "high", "count"),
    [
        (("Li", "F"), 1.9, 2.2, 6),
        (("F", "Li"), 1.9, 2.2, 6),
        (("Li", "F"), 3.3, 3.6, 8),
        (("Li", "Li"), 2.7, 3.0, 12),
        (("F", "F"), 3.9, 4.2, 6),
        (("Li", "Li"), 0.0, 2.7, 0),
    ],
)
@pytest.mark.parametrize("cell", [SALT, bulk("LiF", "rocksalt", 4.0)], ids=["cubic", "primitive"])
def test_shells_of_rocksalt(cell, pair, low, high, count):
    assert neighbours(cell, pair, low, high) == pytest.approx(count, rel=1e-12)


def test_atoms_without_correlations():
    random = np.random.default_rng(1)
    frames = [
        Atoms("Li200F100", random.uniform(0, 14, (300, 3)), cell=[14] * 3, pbc=True)
        for _ in range(8)
    ]
    for pair in (("Li", "F"), ("Li", "Li")):
        r, g = radial_distribution(frames, pair, 4.5, 0.5)
        assert r == pytest.approx(np.arange(9) * 0.5 + 0.25)
        assert g[4:] == pytest.approx(1, abs=0.06)


def test_angles_of_rocksalt():
    """Twelve right angles and three straight ones at each atom."""
    angle, density = angular_distribution([SALT], ("F", "Li", "F"), 2.1, 5.0)
    assert density.mean() == pytest.approx(1)
    share = density / density.sum()
    assert share[np.abs(angle - 90) < 5.1].sum() == pytest.approx(12 / 15)
    assert share[angle > 175].sum() == pytest.approx(3 / 15)


def test_angles_between_different_elements():
    """An atom with Li to one side and F at right angles."""
    atoms = Atoms("LiLiF", [(5, 5, 5), (7, 5, 5), (5, 7, 5)], cell=[10] * 3, pbc=True)
    angle, density = angular_distribution([atoms], ("Li", "Li", "F"), 2.1, 5.0)
    assert angle[density > 0] == pytest.approx([92.5])
    none, nothing = angular_distribution([atoms], ("F", "Li", "F"), 2.1, 5.0)
    assert not nothing.any() and none == pytest.approx(angle)


def test_deviation_from_a_reference():
    """Of itself none; of a reference that is higher by 0.5, that; only where the reference is."""
    frames = [SALT]
    x, y = radial_distribution(frames, ("Li", "F"), 6.0, 0.1)
    same = Distribution(("Li", "F"), 6.0, 0.1, x, y)
    assert same.deviation(frames) == 0
    assert Distribution(("Li", "F"), 6.0, 0.1, x, y + 0.5).deviation(frames) == pytest.approx(0.5)
    short = Distribution(("Li", "F"), 6.0, 0.1, np.array([0.0, 1.5]), np.array([1.0, 1.0]))
    assert short.deviation(frames) == pytest.approx(1.0)
