"""Melts and glasses by LAMMPS as the start of a recipe; needs lmp, as ./dev has it."""

from pathlib import Path

import numpy as np
import pytest
from rfmeam.errors import UserError
from rfmeam.reference import melt as module
from rfmeam.reference import recipes

POTENTIALS = Path(__file__).resolve().parents[2] / "potentials"
MELT = {
    "units": {"Li2O": 2, "B2O3": 2, "SiO2": 1},
    "force_field": "du",
    "densities": [2.2, 2.42],
    "temperatures": [3000, 1000],
    "melt_time": 0.5,
    "rate": 4000,
    "hold_time": 0.2,
}


def made(**changes) -> list:
    recipe = {"start": {"melt": MELT | changes}}
    return recipes.make(recipe, (1,), "list.yaml: melt", Path())


def bonds(atoms) -> np.ndarray:
    """Each boron's distance (Å) to the oxygen nearest to it."""
    distances = atoms.get_all_distances(mic=True)
    return distances[atoms.symbols == "B"][:, atoms.symbols == "O"].min(axis=1)


@pytest.mark.parametrize("force_field", module.FORCE_FIELDS)
def test_frames_at_every_density_and_temperature(force_field):
    frames = made(force_field=force_field)
    assert len(frames) == 4
    for atoms, density in zip(frames, (2.2, 2.2, 2.42, 2.42), strict=True):
        assert atoms.symbols.formula.count() == {"B": 4, "Li": 4, "O": 10, "Si": 1}
        assert atoms.get_masses().sum() * 1.66054 / atoms.get_volume() == pytest.approx(
            density, rel=1e-3
        )
        assert np.all((bonds(atoms) > 1.1) & (bonds(atoms) < 1.8))
    assert not np.allclose(frames[0].positions, frames[1].positions, atol=0.1)


def test_kept_temperatures_and_the_same_seed_again():
    few = {"densities": [2.2], "keep": [1000]}
    (atoms,) = made(**few)
    (again,) = made(**few)
    np.testing.assert_allclose(atoms.positions, again.positions, atol=1e-3)


def test_several_frames_of_a_temperature_end_with_its_last():
    """0.2 ps in 200 steps: the last of three frames is the one that is kept alone."""
    few = {"densities": [2.2], "keep": [1000], "hold_time": 0.198}
    frames = made(**few, frames=3)
    (last,) = made(**few)
    assert len(frames) == 3
    np.testing.assert_allclose(frames[-1].positions, last.positions, atol=1e-3)
    assert not np.allclose(frames[0].positions, frames[1].positions, atol=0.01)


def test_relaxed_at_zero_pressure():
    """Only there the volume changes; from far too dense it grows."""
    few = {"densities": [2.8], "keep": [1000], "timestep": 2}
    held, *relaxed = made(**few, relax_time=2.0, frames=1)
    assert held.get_masses().sum() * 1.66054 / held.get_volume() == pytest.approx(2.8, rel=1e-3)
    assert len(relaxed) == 1 and relaxed[0].get_volume() > 1.03 * held.get_volume()


def test_a_potential_instead_of_a_force_field():
    """LAMMPS lines, with the file that they name beside them."""
    path = str(POTENTIALS / "LBS.lmp")
    (atoms,) = made(force_field=None, potential=path, densities=[2.2], keep=[1000], timestep=2)
    assert np.all((bonds(atoms) > 1.1) & (bonds(atoms) < 1.8))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"units": {"Li2O": 2, "XO": 1}}, "'XO' is unknown, allowed are Li2O"),
        ({"units": {"Li2O": 0.5}}, "Li2O: 0.5, a whole number from 1 on is needed"),
        ({"force_field": "best"}, "force_field 'best': allowed are du, shik, agc"),
        ({"densities": [0.1]}, "allowed are 1 to 8 g/cm3"),
        ({"temperatures": [300, 3000]}, "each has to be lower than the one before"),
        ({"temperatures": []}, "allowed are 1 to 6000 K"),
        ({"temperatures": [9000]}, "allowed are 1 to 6000 K"),
        ({"keep": [500]}, r"keep \[500\]: allowed are the temperatures \[3000, 1000\]"),
        ({"rate": 0}, "rate is 0, a positive number is needed"),
        ({"relax_time": -1}, "relax_time is -1, a positive number is needed"),
        ({"timestep": 0}, "timestep is 0, a positive number is needed"),
        ({"frames": 0}, "frames is 0, a whole number from 1 on is needed"),
        ({"frames": 1.5}, "frames is 1.5, a whole number from 1 on is needed"),
        ({"force_field": None}, "either force_field or potential is needed, not both"),
        ({"potential": "LBS.lmp"}, "either force_field or potential is needed, not both"),
        ({"force_field": None, "potential": "no.lmp"}, "nor a file with LAMMPS pair lines"),
        ({"units": {"ZrO2": 3}, "force_field": "shik"}, "no parameters for Zr"),
        ({"cooling": 1}, "the keys allowed are units, force_field, potential, densities"),
    ],
)
def test_mistakes_are_named(changes, message):
    with pytest.raises(UserError, match=message):
        made(**changes)


def test_what_lammps_says_is_shown():
    with pytest.raises(UserError, match="LAMMPS stopped"):
        made(timestep=1e6)
