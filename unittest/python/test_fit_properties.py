"""rfmeam.properties against closed forms and the older measurements, and properties as targets."""

import numpy as np
import pytest
import rfmeam
from ase.calculators.lj import LennardJones
from rfmeam.cli import app
from rfmeam.fit.objective import Objective
from rfmeam.fit.parameters import ParameterSpace, starting_potential
from rfmeam.fit.property_settings import measurement
from rfmeam.fit.run import read_data
from rfmeam.fit.settings import read_settings
from rfmeam.properties import GPA, Crystal, Measurement
from scipy.optimize import approx_fprime
from typer.testing import CliRunner

from fit_samples import TRUE, write_data, write_fit

SALT = Crystal("LiF", "rocksalt", 3.9)
METAL = Crystal("Li", "bcc", 3.3)


@pytest.fixture(scope="module")
def argon() -> Measurement:
    return Measurement(LennardJones(sigma=3.4, epsilon=0.0104, rc=12.0, smooth=False))


FCC = Crystal("Ar", "fcc", 5.2)


def test_lennard_jones():
    """fcc: a = 1.5417 σ, E = -8.609 ε, B = 75.2 ε/σ³ (sums to all distances: Kittel's numbers)."""
    argon = Measurement(LennardJones(sigma=3.4, epsilon=0.0104, rc=25.0, smooth=False))
    assert argon.lattice(FCC) / 3.4 == pytest.approx(1.5417, abs=0.004)
    assert argon.energy_per_atom(FCC) / 0.0104 == pytest.approx(-8.609, rel=0.02)
    assert argon.bulk_modulus(FCC) * 3.4**3 / (0.0104 * GPA) == pytest.approx(75.2, rel=0.03)


def test_elastic_constants_are_consistent(argon):
    c11, c12, c44 = argon.c11(FCC), argon.c12(FCC), argon.c44(FCC)
    # differences over a strain of 2e-3 leave some (2e-3)² times a hundred
    assert (c11 + 2 * c12) / 3 == pytest.approx(argon.bulk_modulus(FCC), rel=1e-3)
    assert c12 == pytest.approx(c44, rel=1e-3)  # Cauchy, for central forces without pressure


def test_lattice_has_no_pressure(argon):
    atoms = argon.cell(FCC)
    assert np.abs(argon.stress(atoms)).max() < 1e-6
    a = argon.lattice(FCC)
    energies = [argon.energy(FCC.at(a + d)) for d in (-0.01, 0, 0.01)]
    assert energies[1] < min(energies[0], energies[2])


def test_vacancy_of_a_pair_potential(argon):
    """Unrelaxed and into its own crystal: minus the energy of an atom there."""
    energy = argon.vacancy_energy(FCC, "Ar", FCC, 3)
    assert energy == pytest.approx(-argon.energy_per_atom(FCC), rel=1e-3)


def test_surface_phase_and_bond(argon):
    assert argon.surface_energy(FCC, (0, 0, 1), 3) > argon.surface_energy(FCC, (1, 1, 1), 3) > 0
    hcp = Crystal("Ar", "hcp", 3.7)
    assert abs(argon.phase_difference(hcp, FCC)) < 1.0
    assert argon.phase_difference(Crystal("Ar", "bcc", 4.2), FCC) > 1.0
    length, energy = argon.bond("Ar2", 3.0, 5.0)
    assert length == pytest.approx(3.4 * 2 ** (1 / 6), rel=1e-4)
    assert energy == pytest.approx(-0.0104, rel=0.01)


# ---- as part of a fit

CRYSTALS = {
    "salt": {"symbol": "LiF", "structure": "rocksalt", "a": 3.9},
    "metal": {"symbol": "Li", "structure": "bcc", "a": 3.3},
}
FREE = ["pair.Li-F.epsilon", "pair.Li-F.rp"]
WRONG = TRUE.replace("2.0 6.5 1.00", "2.05 6.5 0.95")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("fit")
    write_data(folder)
    return folder


def true_values() -> tuple[float, float]:
    measure = measurement(rfmeam.Potential.parse(TRUE))
    return measure.lattice(SALT), measure.bulk_modulus(SALT)


def changes(**more):
    a, b = true_values()
    return {
        "crystals": CRYSTALS,
        "properties": {
            "a": {"kind": "lattice", "crystal": "salt", "value": a, "tolerance": 0.01},
            "B": {"kind": "bulk_modulus", "crystal": "salt", "value": b, "tolerance": 1},
            "metal": {"kind": "c11", "crystal": "metal"},
        },
        "targets": {"charges": {"tolerance": 0.03}},
        "stages": [{"name": "x", "free": FREE, "targets": ["a", "B"]}],
        "report": {"ensemble": 2},
    } | more


def test_gradient_of_properties(folder):
    settings = read_settings(write_fit(folder, WRONG, **changes()))
    potential = starting_potential(settings)
    data = read_data(settings, potential)
    stage = settings.stages[0]
    space = ParameterSpace(potential, settings, stage)
    objective = Objective(space, data.training, settings, stage)
    here = objective.evaluate(space.start, derivatives=True)
    assert here.parts["a"] > 0.1 and here.parts["B"] > 0.1
    expected = approx_fprime(space.start, lambda x: objective.evaluate(x).loss, 1e-5)
    assert here.triangle.T @ here.rest == pytest.approx(expected, rel=1e-2)


def test_a_potential_is_fitted_to_properties(folder):
    result = CliRunner().invoke(app, ["fit", str(write_fit(folder, WRONG, **changes()))])
    assert result.exit_code == 0, result.output
    measure = measurement(rfmeam.Potential.read(str(folder / "fit" / "potential.rfmeam")))
    assert (measure.lattice(SALT), measure.bulk_modulus(SALT)) == pytest.approx(
        true_values(), rel=1e-4
    )
    report = (folder / "fit" / "report.md").read_text()
    row = next(line for line in report.splitlines() if line.startswith("| metal | GPa"))
    assert float(row.split("|")[5]) == pytest.approx(measure.c11(METAL), rel=1e-3)


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        ({"kind": "latice", "crystal": "salt"}, "kind is 'latice', did you mean 'lattice'?"),
        ({"kind": "lattice", "crystal": "slat"}, "crystal is 'slat', did you mean 'salt'?"),
        ({"kind": "lattice"}, "crystal is '', allowed are salt, metal"),
        (
            {"kind": "lattice", "crystal": "salt", "face": [0, 0, 1]},
            "face does not belong to lattice",
        ),
        ({"kind": "lattice", "crystal": "salt", "tolerance": 1}, "tolerance needs a value"),
        ({"kind": "lattice", "crystal": "salt", "val": 1}, "val is unknown, did you mean 'value'?"),
        ({"kind": "surface_energy", "crystal": "salt", "face": 1}, "face is 1, allowed are three"),
        (
            {"kind": "vacancy_energy", "crystal": "salt", "reservoir": "metal", "atom": "Na"},
            "atom is 'Na', allowed are F, Li",
        ),
        ({"kind": "bond_length"}, "symbols is missing: two elements"),
        ({"kind": "bond_length", "symbols": "Li2F"}, "symbols is 'Li2F', allowed are two elements"),
        ({"kind": "bond_length", "symbols": "Qq"}, "symbols is 'Qq', allowed are two elements"),
        (
            {"kind": "bond_length", "symbols": "NaF"},
            "properties: p: has Na, the potential's elements are Li, F",
        ),
        (
            {"kind": "bond_length", "symbols": "LiF", "between": [3, 1]},
            "between is [3, 1], allowed",
        ),
    ],
)
def test_wrong_properties(folder, properties, expected):
    stages = [{"name": "x", "free": FREE}]
    path = write_fit(folder, **changes(properties={"p": properties}, stages=stages))
    result = CliRunner().invoke(app, ["fit", str(path)])
    assert result.exit_code == 1 and expected in result.output, result.output


@pytest.mark.parametrize(
    ("crystal", "expected"),
    [
        ({"symbol": "LiF", "structure": "bct", "a": 4}, "structure is 'bct', did you mean 'bcc'?"),
        ({"symbol": "LiF", "structure": "rocksalt"}, "symbol and a, a first guess of the lattice"),
        ({"symbol": "LiF", "structure": "bcc", "a": -4}, "a is -4, allowed is a number > 0"),
        ({"symbol": "Xx1", "structure": "rocksalt", "a": 4}, "make no crystal: "),
    ],
)
def test_wrong_crystals(folder, crystal, expected):
    more = {"crystals": {"x": crystal}, "properties": None, "stages": [{"name": "x", "free": FREE}]}
    result = CliRunner().invoke(app, ["fit", str(write_fit(folder, **changes(**more)))])
    assert result.exit_code == 1 and expected in result.output, result.output


def test_a_crystal_of_elements_that_the_potential_lacks(folder):
    """Said before the fit, not by its report."""
    more = {
        "crystals": {"x": {"symbol": "NaF", "structure": "rocksalt", "a": 4.6}},
        "properties": {"p": {"kind": "lattice", "crystal": "x"}},
        "stages": [{"name": "x", "free": FREE}],
    }
    result = CliRunner().invoke(app, ["fit", str(write_fit(folder, **changes(**more)))])
    assert result.exit_code == 1
    assert "properties: p: has Na, the potential's elements are Li, F" in result.output
    assert "loss" not in result.output


def test_a_property_named_as_a_target(folder):
    more = {"properties": {"charges": {"kind": "lattice", "crystal": "salt"}}}
    result = CliRunner().invoke(app, ["fit", str(write_fit(folder, **changes(**more)))])
    assert "has 'charges', which is also the name of a target" in result.output
