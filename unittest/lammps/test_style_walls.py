"""Walls of the charge energy: Newton's method around the conjugate gradients, in LAMMPS."""

import numpy as np
import pytest
from harness import (
    WALLS,
    check_energy_error,
    few_variants,
    model,
    observe,
    potential,
    rocksalt,
    serial_variants,
    triclinic,
)

SYSTEM = triclinic(rocksalt(2, rattle=0.1, seed=5))
TYPE_OF_LI = 1
EACH = pytest.mark.parametrize("variant", few_variants(), ids=str)
OBSERVE = observe(stress=False)


def run(lammps, walls: str, fix: str = "1 1e-12 200", steps: str = "run 0\n", **kwargs):
    return lammps(model(fix=f"all qeq/vc {fix}") + OBSERVE + steps, SYSTEM, potential(walls=walls), **kwargs)


@EACH
@pytest.mark.parametrize("solver", ["pcg", "direct"])
def test_electronegativities_are_equal(lammps, variant, solver):
    """With walls, of which the pair style's dE/dq has the derivative, and which some charges are beyond."""
    result = run(lammps, WALLS, f"1 1e-12 200 solver {solver}", variant=variant)
    frame = result.frame()
    np.testing.assert_allclose(frame["f_peratom[3]"], result.last("f_qeq[1]"), rtol=0, atol=1e-9)
    assert result.last("f_qeq[2]") < 1e-9
    lithium = frame["type"] == TYPE_OF_LI
    beyond = np.where(lithium, frame["q"] > 0.25, frame["q"] < -0.3).sum()
    assert 0 < beyond == result.last("f_qeq[5]")
    assert frame["q"].sum() == pytest.approx(SYSTEM.get_initial_charges().sum(), abs=1e-10)


def test_walls_far_away_change_nothing(lammps):
    without, far = run(lammps, ""), run(lammps, "wall * upper 30 9\nwall * lower 30 -9\n")
    assert without.last("f_qeq[5]") == far.last("f_qeq[5]") == 0
    # K delta^4/(32 x^2) is left of a wall at the distance x, for 64 atoms with two walls
    assert far.last("PotEng") == pytest.approx(without.last("PotEng"), abs=128 * 30 * 0.05**4 / (32 * 8**2))
    np.testing.assert_allclose(far.frame()["q"], without.frame()["q"], rtol=0, atol=1e-6)


@pytest.mark.parametrize("side, bound", [("upper", 0.2), ("lower", -0.2)])
def test_stiff_walls_are_bounds(lammps, side, bound):
    """With K of 1e4 eV/e^2 and slopes dE/dq of some eV/e, no charge is beyond its bound by more than delta."""
    q = run(lammps, f"wall * {side} 1e4 {bound}\n").frame()["q"]
    assert (q.max() if side == "upper" else -q.min()) < abs(bound) + 0.05
    free = run(lammps, "").frame()["q"]
    assert (free.max() if side == "upper" else -free.min()) > abs(bound) + 0.1


@pytest.mark.parametrize("variant", serial_variants(), ids=str)
@pytest.mark.parametrize("stiffness", [30, 2000])
def test_energy_error_is_that_of_the_integrator(lammps, variant, stiffness):
    """Half the step, a quarter of the energy error, while charges go through a soft wall or lean on a stiff one."""
    free = run(lammps, "").frame()
    wall = 0.9 * np.median(free["q"][free["type"] == TYPE_OF_LI])
    walls = f"wall Li upper {stiffness} {wall}\n"
    for result in check_energy_error(
        lammps,
        SYSTEM,
        potential(walls=walls),
        "all qeq/vc 1 1e-10 300",
        variant,
        columns="step temp etotal f_qeq[5]",
    ):
        assert np.ptp(result.series("f_qeq[5]")) > 0 or stiffness == 2000


def test_newton_costs_no_products_of_its_own(lammps):
    """One product at the start and one an iteration, as without walls; and few iterations more."""
    results = {walls: run(lammps, walls, "1 1e-8 200") for walls in ("", WALLS)}
    for result in results.values():
        assert result.last("f_qeq[4]") == result.last("f_qeq") + 1
    assert results[WALLS].last("f_qeq") < 3 * results[""].last("f_qeq")


@pytest.mark.parametrize("variant", serial_variants(), ids=str)
def test_too_few_iterations(lammps, variant):
    result = run(lammps, WALLS, "1 1e-12 3", variant=variant)
    assert "did not converge at step 0: relative residual" in result.log
    result = run(lammps, WALLS, "1 1e-12 3 onfail error", variant=variant, fails=True)
    assert "did not converge" in result.log
