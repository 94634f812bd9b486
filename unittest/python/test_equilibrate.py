"""Dense charge equilibration."""

import numpy as np
import pytest
import rfmeam
from rfmeam.stability import cubic_rocksalt, dimer

from samples import ENVIRONMENT, SOUND, WALLED


def test_charges_minimise_the_energy(lif):
    system = cubic_rocksalt("Li", "F", 2.0)
    charges = rfmeam.equilibrate(lif, system)
    assert abs(charges.sum()) < 1e-13
    assert charges[0] > 0.5
    slope = rfmeam.evaluate(lif, system, charges).electronegativity
    np.testing.assert_allclose(slope, slope.mean(), rtol=1e-12)
    lowest = rfmeam.evaluate(lif, system, charges).total
    rng = np.random.default_rng(1)
    for _ in range(5):
        change = rng.normal(size=8) * 0.1
        changed = charges + change - change.mean()
        assert rfmeam.evaluate(lif, system, changed).total > lowest


def test_dimer_in_closed_form(lif):
    """q = (chi_F - chi_Li)/(J_Li + J_F - 2 gamma) on Li, and half the total charge more."""
    gamma, _ = lif.coulomb_kernel("Li", "F", 1.6)
    q = 5.0 / (14.77 - 2 * gamma)
    np.testing.assert_allclose(rfmeam.equilibrate(lif, dimer("Li", "F", 1.6)), [q, -q])
    charges = rfmeam.equilibrate(lif, dimer("Li", "F", 1.6), total_charge=1.0)
    assert charges.sum() == pytest.approx(1.0)
    slope = rfmeam.evaluate(lif, dimer("Li", "F", 1.6), charges).electronegativity
    assert slope[0] == pytest.approx(slope[1])


def test_environments_move_the_charges():
    """q = (chi_F + X_F T_F - chi_Li - X_Li T_Li)/(J_Li + J_F - 2 gamma) on Li."""
    potential, system = rfmeam.Potential.parse(ENVIRONMENT), dimer("Li", "F", 2.0)
    charges = rfmeam.equilibrate(potential, system)
    gamma, _ = potential.coulomb_kernel("Li", "F", 2.0)
    d = np.array([0.06 * np.exp(1.2), 0.05 * np.exp(0.9)])
    chi = np.array([3.0, 8.0]) + np.array([1.5, -2.5]) * d / (1 + d)
    q = (chi[1] - chi[0]) / (27.0 - 2 * gamma)
    np.testing.assert_allclose(charges, [q, -q], rtol=1e-12)
    without = rfmeam.equilibrate(rfmeam.Potential.parse(SOUND), system)
    assert abs(charges[0] - without[0]) > 0.02


def test_one_atom_has_the_total_charge(lif):
    one = rfmeam.System(np.eye(3), (False,) * 3, [[0, 0, 0]], ["Li"])
    np.testing.assert_allclose(rfmeam.equilibrate(lif, one, 0.3), [0.3])
    none = rfmeam.System(np.eye(3), (False,) * 3, np.zeros((0, 3)), [])
    assert rfmeam.equilibrate(lif, none).shape == (0,)


def test_indefinite_matrix_names_the_pair(lif):
    with pytest.raises(rfmeam.IndefiniteChargesError, match=r"no minimum.*Li-F \(atoms 0 and 1\)"):
        rfmeam.equilibrate(lif, dimer("Li", "F", 0.7))


def test_coinciding_atoms(lif):
    with pytest.raises(ValueError, match="charge matrix is not finite: two atoms coincide"):
        rfmeam.equilibrate(lif, dimer("Li", "F", 0.0))


def test_a_matrix_that_is_only_indefinite_for_total_charge_is_fine():
    """Repulsion of like charges beyond J is no catastrophe: only neutral changes count."""
    potential = rfmeam.Potential.parse(
        "# UNITS: metal\nformat rfmeam 1\nelements Li\ncharge Li 1 4 0\ncoulomb gaussian 9\n"
        "width Li 1.0\nend\n"
    )
    system = cubic_rocksalt("Li", "Li", 2.5)
    np.testing.assert_allclose(rfmeam.equilibrate(potential, system), 0.0, atol=1e-12)


# ---- walls


def walled(*changes):
    text = WALLED
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return rfmeam.Potential.parse(text)


@pytest.mark.parametrize("stiffness", ["30.0", "400.0", "1e6"])
def test_charges_with_walls_minimise_the_energy(stiffness):
    """Atoms at and beyond their walls, on both sides, and a charged cell."""
    potential = walled(("upper 30.0 0.85", f"upper {stiffness} 0.3"), ("400.0 -1.3", "400 -0.4"))
    rng = np.random.default_rng(3)
    ideal = cubic_rocksalt("Li", "F", 2.0)
    system = rfmeam.System(
        ideal.cell, ideal.pbc, ideal.positions + rng.normal(size=(8, 3)) * 0.15, ideal.symbols
    )
    for total in (0.0, 1.0, -2.0):
        charges = rfmeam.equilibrate(potential, system, total)
        assert charges.sum() == pytest.approx(total, abs=1e-12)
        energy = rfmeam.evaluate(potential, system, charges)
        np.testing.assert_allclose(
            energy.electronegativity, energy.electronegativity.mean(), rtol=1e-9
        )
        for _ in range(5):
            change = rng.normal(size=8) * 0.02
            changed = charges + change - change.mean()
            assert rfmeam.evaluate(potential, system, changed).total > energy.total
    neutral = rfmeam.equilibrate(potential, system)
    lithium = neutral[np.array(system.symbols) == "Li"]
    assert potential.wall_energy("Li", lithium)[1].min() > 0.5


def test_a_wall_far_away_changes_nothing():
    system = cubic_rocksalt("Li", "F", 2.0)
    without = walled(("wall Li upper 30.0 0.85\nwall * lower 400.0 -1.3\n", ""))
    far = walled(("30.0 0.85", "30.0 1e6"), ("400.0 -1.3", "400 -1e6"))
    assert far.has_walls and not without.has_walls
    np.testing.assert_allclose(
        rfmeam.equilibrate(far, system), rfmeam.equilibrate(without, system), atol=1e-12
    )


def test_walled_dimer_in_closed_form():
    """(q - q0)(J_Li + J_F - 2 gamma) + K p p' = 0: the slope of the wall balances the rest."""
    potential = walled(("lower 400.0 -1.3", "lower 400.0 -1e6"))
    system = dimer("Li", "F", 1.6)
    matrix = rfmeam.charge_matrix(potential, system)
    stiffness = matrix[0, 0] + matrix[1, 1] - 2 * matrix[0, 1]
    q = rfmeam.equilibrate(potential, system)[0]
    x = q - 0.85
    root = np.hypot(x, 0.05)
    assert q * stiffness - 17.0 + 30.0 * (x + root) ** 2 / 4 / root == pytest.approx(0, abs=1e-8)


def test_walls_do_not_mend_an_indefinite_matrix():
    potential = walled(
        ("screened_gaussian 9.0 2.6", "direct_cut 9.0"), ("width Li 0.9\nwidth F 0.7\n", "")
    )
    with pytest.raises(rfmeam.IndefiniteChargesError):
        rfmeam.equilibrate(potential, dimer("Li", "F", 1.2))
