"""Dense charge equilibration."""

import numpy as np
import pytest
import rfmeam
from rfmeam.stability import cubic_rocksalt, dimer


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
