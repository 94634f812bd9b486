"""The C++ library seen from Python: nap's references, derivatives, arguments."""

import copy
import pickle

import numpy as np
import pytest
import rfmeam
from ase.io import read
from rfmeam.calculator import system_of

from samples import ENVIRONMENT, EXPONENTIAL, LIF, REFERENCE, WALLED

K_E_OF_NAP = 14.3998554737

FOLDERS = sorted(path.parent.name for path in REFERENCE.glob("*/reference.extxyz"))


def test_there_are_references():
    assert len(FOLDERS) == 6


@pytest.mark.parametrize("folder", FOLDERS)
def test_reference(folder):
    """Energy and forces of nap, at the charges that minimise the energy."""
    atoms = read(REFERENCE / folder / "reference.extxyz")
    potential = rfmeam.Potential.read(REFERENCE / folder / "potential.rfmeam")
    system = system_of(atoms)
    charges = None
    if potential.has_charges:
        charges = rfmeam.equilibrate(potential, system, k_e=K_E_OF_NAP)
        assert np.abs(charges - atoms.get_initial_charges()).max() < 1e-5
    energy = rfmeam.evaluate(potential, system, charges, K_E_OF_NAP)
    assert abs(energy.total - atoms.get_potential_energy()) < 1e-9 * len(atoms)
    tolerance = 5e-5 if potential.has_charges else 1e-8
    assert np.abs(energy.forces - atoms.get_forces()).max() < tolerance


# ---- functions of one variable against finite differences

R = np.linspace(1.2, 4.7, 29)


def assert_is_derivative(function, x):
    value, derivative = function(x)
    h = 1e-6
    difference = (function(x + h)[0] - function(x - h)[0]) / (2 * h)
    assert value.shape == derivative.shape == x.shape
    np.testing.assert_allclose(derivative, difference, rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize(("i", "j"), [("Li", "Li"), ("Li", "F"), ("F", "Li")])
def test_pair_potential(lif, i, j):
    assert_is_derivative(lambda r: lif.pair_potential(i, j, r), R)


@pytest.mark.parametrize("level", range(4))
def test_density_amplitude(lif, level):
    assert_is_derivative(lambda r: lif.density_amplitude(level, "Li", "F", r), R)
    value, _ = lif.density_amplitude(level, "Li", "F", 2.0)
    fluorine, pair = lif.atomic("F"), lif.pair("Li", "F")
    expected = fluorine.p[level] * np.exp(-fluorine.q[level] * 2.0) * pair.w[level]
    assert value == pytest.approx(expected, rel=1e-14)


def test_embedding_energy(lif):
    assert_is_derivative(lambda rho: lif.embedding_energy("Li", rho), np.linspace(0.1, 9.0, 20))
    value, derivative = lif.embedding_energy("Li", 0.0)
    assert value == derivative == 0.0


@pytest.mark.parametrize(
    "kernel",
    [
        "screened_cut 7.0\nrho * * 2.0",
        "direct_cut 7.0",
        "gaussian 7.0\nwidth Li 0.7\nwidth F 0.5",
        "screened_gaussian 7.0 2.6\nwidth Li 0.7\nwidth F 0.5",
    ],
)
def test_coulomb_kernel(kernel):
    potential = rfmeam.Potential.parse(
        f"# UNITS: metal\nformat rfmeam 1\nelements Li F\ncharge * 1 9 0\ncoulomb {kernel}\nend\n"
    )
    assert_is_derivative(lambda r: potential.coulomb_kernel("Li", "F", r), R)
    value, slope = potential.coulomb_kernel("Li", "F", np.array([6.9999999, 7.0, 20.0]))
    np.testing.assert_allclose(value, 0.0, atol=1e-12)
    np.testing.assert_allclose(slope, 0.0, atol=1e-6)
    doubled, _ = potential.coulomb_kernel("Li", "F", R, k_e=2 * rfmeam.K_E)
    np.testing.assert_allclose(doubled, 2 * potential.coulomb_kernel("Li", "F", R)[0])


def test_screening_factor():
    assert_is_derivative(lambda c: rfmeam.screening_factor(c, 0.5, 2.8), np.linspace(0.6, 2.7, 20))
    value, slope = rfmeam.screening_factor([0.2, 0.5, 2.8, 9.0], 0.5, 2.8)
    assert value.tolist() == [0, 0, 1, 1]
    assert slope.tolist() == [0, 0, 0, 0]
    with pytest.raises(ValueError, match="c_min < c_max"):
        rfmeam.screening_factor(1.0, 2.0, 2.0)


def test_cutoff_function():
    assert_is_derivative(lambda r: rfmeam.cutoff_function(r, 3.0, 4.0), np.linspace(2.9, 4.1, 23))
    assert rfmeam.cutoff_function([2.0, 3.5, 5.0], 3.0, 4.0)[0].tolist() == [1.0, 0.5, 0.0]
    with pytest.raises(ValueError, match="below r_cut"):
        rfmeam.cutoff_function(1.0, 4.0, 4.0)


def test_functions_keep_the_shape(lif):
    assert lif.pair_potential("Li", "F", 2.0)[0].shape == ()
    assert lif.pair_potential("Li", "F", np.ones((2, 3)))[1].shape == (2, 3)
    assert lif.pair_potential("Li", "F", [])[0].shape == (0,)


# ---- tables


def test_tables_are_those_of_the_file(lif):
    assert lif.elements == ["Li", "F"]
    lithium = lif.atomic("Li")
    assert (lithium.n, lithium.e0, lithium.e1, lithium.e2, lithium.sigma) == (
        3,
        1.2,
        -0.1,
        0.05,
        0.3,
    )
    assert lithium.p == (1.0, 0.6, 0.8, 0.5)
    assert lithium.q == (1.1, 1.3, 1.2, 1.4)
    assert lithium.t == (0.3, -0.2, 0.15)
    p = lif.pair("Li", "Li")
    assert p.form == "timonova-thijsse"
    assert (p.rc, p.rs, p.rp, p.alpha, p.epsilon, p.c2, p.c3) == (5, 4.2, 8, 2, 0.035, 0.1, 0.02)
    assert p.w == (1.0, 0.9, 1.1, 0.8)
    p = lif.pair("F", "Li")
    assert p.form == "srinivasan-duff"
    assert (p.s, p.b, p.range, p.rc, p.rs) == ((2.6, 3.5, 4.8), (0.3, -0.1, 0.01), 4.8, 4.8, 4.3)
    p = rfmeam.Potential.parse(EXPONENTIAL).pair("Li", "Li")
    assert (p.form, p.r0, p.A, p.k) == ("double-exponential", 2.8, (0.3, -0.6), (3.9, 1.9))
    assert p.numbers == (5, 4.2, 2.8, 0.3, 3.9, -0.6, 1.9, 1.0, 0.9, 1.1, 0.8)
    assert lif.triple("F", "F", "Li").c_max == 2.0
    assert lif.triple("F", "F", "F") is None
    assert (lif.charge("F").chi, lif.charge("F").J, lif.charge("F").E0) == (8.0, 10.0, -0.2)
    assert (lif.rho("Li", "Li"), lif.rho("Li", "F"), lif.width("Li")) == (1.8, 1.65, None)
    assert (lif.coulomb_form, lif.coulomb_cutoff, lif.pair_cutoff) == ("screened_cut", 7.0, 5.0)
    assert lif.neighbourhood_cutoff == pytest.approx(5.0 * 2.8 / (2 * np.sqrt(1.8)))


def test_hardness_has_the_self_term_of_a_gaussian():
    potential = rfmeam.Potential.parse(
        "# UNITS: metal\nformat rfmeam 1\nelements Li\ncharge Li 1 5 0\ncoulomb gaussian 8\n"
        "width Li 0.7\nend\n"
    )
    assert potential.hardness("Li") == pytest.approx(5 + rfmeam.K_E / (np.sqrt(np.pi) * 0.7))


def test_hardness_has_the_self_term_of_a_screened_gaussian():
    potential = rfmeam.Potential.parse(WALLED)
    s, screened = 1.8, np.hypot(1.8, 2.6)
    expected = 2.5 + 2 * rfmeam.K_E / np.sqrt(np.pi) * (1 / s - 1 / screened)
    assert potential.hardness("Li") == pytest.approx(expected)
    assert potential.gaussian_screening_length == 2.6
    assert potential.width("F") == 0.7


def test_numbers_are_those_of_the_line(lif):
    numbers = (2.5, 0.9, 0.2, 0.02, 0.25, 1.4, 0.7, 0.5, 0.9, 1.3, 1.5, 1.1, 1.6, -0.2, 0.25, 0.1)
    assert lif.atomic("F").numbers == numbers
    assert lif.pair("F", "Li").numbers == (2.6, 3.5, 4.8, 0.3, -0.1, 0.01, 0.9, 1.1, 0.7, 1.2)
    assert lif.pair("F", "F").numbers == (4.6, 3.9, 8, 2.2, 0.02, 0.08, 0.01, 1.1, 0.8, 1, 0.9)
    assert lif.triple("F", "Li", "F").numbers == (0.8, 2.0)
    assert lif.charge("F").numbers == (8.0, 10.0, -0.2)


def test_walls(lif):
    potential = rfmeam.Potential.parse(WALLED)
    assert potential.has_walls
    wall = potential.wall("Li", "upper")
    assert (wall.K, wall.q_s) == (30.0, 0.85)
    assert potential.wall("F", "upper") is None
    q = np.linspace(-1.6, 1.2, 29)
    _, slope, bend = potential.wall_energy("Li", q)
    h = 1e-5
    up, down = (potential.wall_energy("Li", q + x) for x in (h, -h))
    np.testing.assert_allclose(slope, (up[0] - down[0]) / (2 * h), rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(bend, (up[1] - down[1]) / (2 * h), rtol=1e-5, atol=1e-5)
    assert potential.wall_energy("Li", np.ones((2, 3)))[2].shape == (2, 3)
    one = rfmeam.System(np.eye(3), (False,) * 3, [[0, 0, 0]], ["Li"])
    lone = rfmeam.evaluate(potential, one, [1.1])
    self_energy = 0.1 + 3.0 * 1.1 + potential.hardness("Li") * 1.1**2 / 2
    assert lone.self_energy == pytest.approx(self_energy + potential.wall_energy("Li", 1.1)[0])
    assert not lif.has_walls
    assert lif.wall_energy("Li", q)[0].tolist() == [0.0] * 29
    with pytest.raises(ValueError, match="side is 'left', allowed are upper and lower"):
        lif.wall("Li", "left")


def test_environments(lif):
    potential = rfmeam.Potential.parse(ENVIRONMENT)
    assert potential.has_environment
    assert potential.environment("F") == (-2.5, 1.2)
    assert potential.environment_weight("Li", "F") == 0.06
    assert potential.environment_weight("F", "Li") == 0.05
    assert potential.environment_charge("F") == 0.0
    r = np.linspace(1.5, 5.0, 24)
    assert_is_derivative(lambda x: potential.environment_amplitude("Li", "F", x), r)
    value, _ = potential.environment_amplitude("Li", "F", 3.5)
    assert value == pytest.approx(0.06 * np.exp(-1.2 * 0.5))
    dimer = rfmeam.System(np.eye(3), (False,) * 3, [[0, 0, 0], [3.5, 0, 0]], ["Li", "F"])
    charged = rfmeam.evaluate(potential, dimer, [0.7, -0.6])
    shift = value / (1 + value)
    assert charged.environment[0] == pytest.approx(shift, rel=1e-14)
    chi = rfmeam.electronegativities(potential, dimer)
    assert chi[0] == pytest.approx(3.0 + 1.5 * shift, rel=1e-14)
    matrix = rfmeam.charge_matrix(potential, dimer)
    np.testing.assert_allclose(charged.electronegativity, chi + matrix @ [0.7, -0.6], rtol=1e-13)

    # of Li at its own charge the environment has no energy; dE/dq is the same
    own = rfmeam.Potential.parse(ENVIRONMENT.replace("\nend", "\nenvironment_charge Li 0.7\nend"))
    assert own.environment_charge("Li") == 0.7
    beside = rfmeam.evaluate(own, dimer, [0.7, -0.6])
    assert beside.electronegativity.tolist() == charged.electronegativity.tolist()
    assert charged.self_energy - beside.self_energy == pytest.approx(1.5 * shift * 0.7, rel=1e-12)

    assert not lif.has_environment
    assert lif.environment("F") is None
    assert lif.environment_charge("F") is None
    assert lif.environment_weight("F", "F") is None
    assert not rfmeam.evaluate(lif, dimer, [0.7, -0.6]).environment.any()
    assert rfmeam.electronegativities(lif, dimer).tolist() == [3.0, 8.0]
    with pytest.raises(ValueError, match="has no environments"):
        lif.environment_amplitude("F", "F", r)
    with pytest.raises(ValueError, match="'Na' is not in the potential"):
        potential.environment("Na")


def test_pickle_and_copy(lif):
    for twin in (pickle.loads(pickle.dumps(lif)), copy.deepcopy(lif)):
        assert rfmeam.Parameters.of(twin) == rfmeam.Parameters.of(lif)


# ---- systems


def lithium_fluoride(potential, **changes):
    arguments = {
        "cell": 4.0 * np.eye(3),
        "pbc": (True, True, True),
        "positions": [[0, 0, 0], [2.0, 0, 0.1]],
        "symbols": ["Li", "F"],
    }
    return rfmeam.System(**(arguments | changes))


def test_energy_has_parts(lif):
    system = lithium_fluoride(lif)
    energy = rfmeam.evaluate(lif, system, [0.5, -0.5])
    parts = energy.pair + energy.embedding + energy.coulomb + energy.self_energy
    assert energy.total == pytest.approx(parts)
    assert energy.forces.shape == (2, 3)
    assert energy.virial.shape == (3, 3)
    assert energy.density.shape == energy.electronegativity.shape == (2,)
    without = rfmeam.evaluate(lif, system)
    assert without.coulomb == without.self_energy == 0.0
    assert without.pair == energy.pair


def test_electronegativity_and_matrix(lif):
    """dE/dq = chi + M q, and its finite difference."""
    system = lithium_fluoride(lif)
    matrix = rfmeam.charge_matrix(lif, system)
    np.testing.assert_allclose(matrix, matrix.T, rtol=1e-14)
    q = np.array([0.5, -0.4])
    slope = rfmeam.evaluate(lif, system, q).electronegativity
    np.testing.assert_allclose(slope, [3.0, 8.0] + matrix @ q, rtol=1e-13)
    h = np.array([1e-5, 0])
    up, down = (rfmeam.evaluate(lif, system, q + x).total for x in (h, -h))
    assert (up - down) / 2e-5 == pytest.approx(slope[0], rel=1e-8)


def test_isolated_atom(lif):
    free = lithium_fluoride(lif, pbc=(False,) * 3, positions=[[0, 0, 0]], symbols=["Li"])
    energy = rfmeam.evaluate(lif, free, [0.0])
    assert (energy.pair, energy.embedding, energy.coulomb, energy.self_energy) == (0, 0, 0, 0.1)
    assert not energy.forces.any()


def test_no_atoms(lif):
    empty = lithium_fluoride(lif, positions=np.zeros((0, 3)), symbols=[])
    assert rfmeam.evaluate(lif, empty, []).total == 0.0
    assert len(empty) == 0


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"cell": np.eye(2)}, r"cell must have the shape \(3, 3\)"),
        ({"positions": [[0, 0, 0]]}, r"positions must have the shape \(2, 3\)"),
        ({"positions": [[0, 0, 0], [0, np.nan, 0]]}, "must be finite"),
        ({"cell": np.full((3, 3), np.inf)}, "must be finite"),
    ],
)
def test_bad_system(lif, changes, message):
    with pytest.raises(ValueError, match=message):
        lithium_fluoride(lif, **changes)


@pytest.mark.parametrize(
    ("changes", "charges", "message"),
    [
        ({"symbols": ["Li", "Na"]}, None, "'Na' is not in the potential, allowed are: Li F"),
        ({}, [0.1], r"charges must have the shape \(2,\)"),
        ({}, [0.1, np.nan], "not finite"),
        ({"positions": np.zeros((2, 3))}, [0.1, -0.1], "two atoms coincide"),
        ({"cell": np.ones((3, 3))}, None, "linearly dependent"),
    ],
)
def test_bad_evaluation(lif, changes, charges, message):
    with pytest.raises(ValueError, match=message):
        rfmeam.evaluate(lif, lithium_fluoride(lif, **changes), charges)


def test_absent_parts():
    head = "# UNITS: metal\nformat rfmeam 1\nelements Li\n"
    charges = rfmeam.Potential.parse(f"{head}charge Li 1 9 0\ncoulomb direct_cut 5\nend\n")
    meam = rfmeam.Potential.parse(
        f"{head}atomic Li 3 1 0 0 .3 1 1 1 1 1 1 1 1 0 0 0\n"
        "pair Li Li srinivasan-duff 2 3 4 1 1 1 1 1 1 1\nend\n"
    )
    for call in (
        lambda: charges.pair_potential("Li", "Li", 1.0),
        lambda: charges.density_amplitude(0, "Li", "Li", 1.0),
        lambda: charges.embedding_energy("Li", 1.0),
        lambda: charges.atomic("Li"),
        lambda: charges.pair("Li", "Li"),
        lambda: charges.triple("Li", "Li", "Li"),
    ):
        with pytest.raises(ValueError, match="no RF-MEAM part"):
            call()
    system = rfmeam.System(np.eye(3), (False,) * 3, [[0, 0, 0]], ["Li"])
    for call in (
        lambda: meam.coulomb_kernel("Li", "Li", 1.0),
        lambda: meam.charge("Li"),
        lambda: meam.wall("Li", "upper"),
        lambda: meam.wall_energy("Li", 1.0),
        lambda: meam.hardness("Li"),
        lambda: rfmeam.charge_matrix(meam, system),
        lambda: rfmeam.evaluate(meam, system, [0.0]),
    ):
        with pytest.raises(ValueError, match="no charges"):
            call()
    with pytest.raises(ValueError, match="l is 4, allowed are 0 to 3"):
        meam.density_amplitude(4, "Li", "Li", 1.0)


def test_file_errors(tmp_path):
    with pytest.raises(rfmeam.PotentialFileError, match="cannot be read"):
        rfmeam.Potential.read(tmp_path / "missing.rfmeam")
    with pytest.raises(rfmeam.PotentialFileError, match="cannot be read"):
        rfmeam.Potential.read(tmp_path)
    with pytest.raises(rfmeam.PotentialFileError, match=r"^name:4: n is '0'"):
        rfmeam.Potential.parse(LIF.replace("Li  3.0", "Li  0"), "name")
