"""Scattering, glass transition, diffusion and mechanics, each on a case with a known answer."""

from types import SimpleNamespace

import numpy as np
import pytest
from ase import Atoms
from rfmeam.glass import measure
from rfmeam.glass.analysis import diffusion, mechanics, scattering, transition

from crystals import crystal


def test_ideal_gas_does_not_scatter():
    random = np.random.default_rng(2)
    gas = [
        Atoms("Li150O300", random.uniform(0, 20, (450, 3)), cell=[20] * 3, pbc=True)
        for _ in range(6)
    ]
    found = scattering.structure_factors(gas)
    assert set(found) == {"q", "neutron", "xray", "Li-Li", "Li-O", "O-O"}
    for name in ("neutron", "xray", "O-O"):
        assert found[name][found["q"] > 1.5].mean() == pytest.approx(1.0, abs=0.03)
        assert np.abs(found[name][found["q"] > 3] - 1).max() < 0.25


def test_quartz_scatters_at_its_strongest_reflection():
    found = scattering.structure_factors([crystal("quartz", 22.0)], q_max=4.0)
    q, near = found["q"], (found["q"] > 1.2) & (found["q"] < 2.4)
    first = q[near][np.argmax(found["xray"][near])]
    assert first == pytest.approx(2 * np.pi / 3.343, abs=0.25)  # d(101), the window smears it


def test_glass_transition_of_two_lines():
    random = np.random.default_rng(3)
    t = np.linspace(3000, 300, 1350)
    h = 1e-3 * t + 2e-3 * np.maximum(t - 900, 0) + random.normal(0, 0.05, t.shape)
    found = transition.glass_transition(t, h)
    assert abs(found.temperature - 900) < 3 * found.error
    assert 0 < found.error < 30
    assert found.glass_slope == pytest.approx(1e-3, rel=0.05)
    assert found.melt_slope == pytest.approx(3e-3, rel=0.05)


@pytest.mark.parametrize("bend", [0.0, -1e-3])
def test_no_glass_transition_without_a_bend(bend):
    t = np.linspace(3000, 300, 500)
    with pytest.raises(ValueError, match="bend"):
        transition.glass_transition(t, 1e-3 * t + bend * np.maximum(t - 900, 0))


def test_random_walk_diffuses_as_it_should():
    random = np.random.default_rng(4)
    step, interval = 0.1, 0.05  # Å per axis, ps: D = step^2/(2 interval)
    walk = np.cumsum(random.normal(0, step, (600, 400, 3)), axis=0)
    d, error = diffusion.diffusion_coefficient(walk, interval)
    exact = step**2 / (2 * interval) * 1e-4
    assert d == pytest.approx(exact, rel=0.1)
    assert abs(d - exact) < 4 * error
    direct = np.mean(np.sum((walk[100:] - walk[:-100]) ** 2, axis=2))
    assert diffusion.mean_square_displacement(walk)[100] == pytest.approx(direct)


def test_atoms_at_rest_do_not_diffuse():
    d, error = diffusion.diffusion_coefficient(np.ones((50, 10, 3)), 1.0)
    assert d == pytest.approx(0, abs=1e-15)
    assert error == pytest.approx(0, abs=1e-15)


def test_nernst_einstein():
    # 1e22 ions/cm^3, 1e-7 cm^2/s, 300 K: n e^2 D/(k T)
    assert diffusion.conductivity(1e-7, 100, 1e4, 300.0) == pytest.approx(6.197e-3, rel=1e-3)


def test_arrhenius_line_is_found_and_extrapolated():
    t = np.array([600.0, 800.0, 1000.0, 1200.0])
    sigma = 5e3 / t * np.exp(-0.6 / (8.617333e-5 * t))
    found = diffusion.arrhenius(t, sigma, 0.05 * sigma)
    assert found.energy == pytest.approx(0.6, rel=1e-5)
    assert found.extrapolated == pytest.approx(
        5e3 / 300 * np.exp(-0.6 / (8.617333e-5 * 300)), rel=1e-4
    )
    assert found.factor > 1.1
    with pytest.raises(ValueError, match="3 are needed"):
        diffusion.arrhenius(t[:2], sigma[:2], sigma[:2])


@pytest.mark.parametrize(("step", "remarks"), [(0.3, 0), (0.01, 3)])
def test_li_that_stays_in_its_cage_is_remarked(step, remarks, monkeypatch):
    walk = np.cumsum(np.random.default_rng(5).normal(0, step, (300, 40, 3)), axis=0)
    monkeypatch.setattr(measure, "_diffuse", lambda *_: (walk, 1e4))
    glass = SimpleNamespace(model=SimpleNamespace(counts={"Li": 40}))
    found = measure.measure_diffusion(glass, None, None, None)
    assert sum("less than a jump" in text for text in found["remarks"]) == remarks


def test_the_drawn_line_is_the_fitted_one():
    t = np.array([600.0, 800.0, 1000.0])
    sigma = 5e3 / t * np.exp(-0.6 / (8.617333e-5 * t))
    fit = diffusion.arrhenius(t, sigma, 0.05 * sigma)
    assert diffusion.on_line(t, fit.energy, fit.extrapolated) == pytest.approx(sigma, rel=1e-6)


def test_an_arrhenius_line_that_bends_has_larger_errors():
    t = np.array([600.0, 800.0, 1000.0, 1200.0])
    sigma = 5e3 / t * np.exp(-0.6 / (8.617333e-5 * t))
    straight = diffusion.arrhenius(t, sigma, 0.05 * sigma)
    bent = diffusion.arrhenius(t, sigma * [3.0, 1.0, 1.0, 3.0], 0.05 * sigma * [3, 1, 1, 3])
    assert bent.factor > straight.factor**5
    assert bent.energy_error > 5 * straight.energy_error


def test_moduli_of_an_isotropic_solid():
    bulk, shear = 40.0, 30.0
    c = np.zeros((6, 6))
    c[:3, :3] = bulk - 2 * shear / 3
    c[np.arange(3), np.arange(3)] += 2 * shear
    c[np.arange(3, 6), np.arange(3, 6)] = shear
    found = mechanics.isotropic_moduli(c)
    assert found["bulk modulus GPa"] == pytest.approx(bulk)
    assert found["shear modulus GPa"] == pytest.approx(shear)
    assert found["Young's modulus GPa"] == pytest.approx(9 * bulk * shear / (3 * bulk + shear))


def test_moduli_of_quartz():
    # Heyliger, Ledbetter and Kim, J. Acoust. Soc. Am. 2003, 114, 644
    c11, c33, c44, c12, c13, c14 = 87.2, 105.8, 57.2, 6.6, 12.0, -17.2
    c = np.array(
        [
            [c11, c12, c13, c14, 0, 0],
            [c12, c11, c13, -c14, 0, 0],
            [c13, c13, c33, 0, 0, 0],
            [c14, -c14, 0, c44, 0, 0],
            [0, 0, 0, 0, c44, c14],
            [0, 0, 0, 0, c14, (c11 - c12) / 2],
        ]
    )
    found = mechanics.isotropic_moduli(c)
    assert found["bulk modulus GPa"] == pytest.approx(37.7, abs=0.7)
    assert found["shear modulus GPa"] == pytest.approx(44.4, abs=0.7)


def test_an_unstable_stiffness_is_refused():
    with pytest.raises(ValueError, match="not stable"):
        mechanics.isotropic_moduli(-np.eye(6))


def test_strength_of_a_known_curve():
    strain = np.linspace(0, 0.3, 601)
    stress = 60 * strain * np.exp(-strain / 0.15)  # steepest 60 at 0, highest at 0.15
    found = mechanics.strength(strain, stress)
    assert found["strain at strength"] == pytest.approx(0.15, abs=0.01)
    assert found["strength GPa"] == pytest.approx(60 * 0.15 / np.e, rel=0.01)
    assert found["Young's modulus GPa"] == pytest.approx(60, rel=0.15)
