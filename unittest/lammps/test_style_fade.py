"""Embedding energies that fade with the charge, in LAMMPS: beside other terms, and where they do not fade.

Forces, virial, dE/dq, and agreement of all ways to run are in test_style_derivatives.py and test_style_variants.py.
"""

import numpy as np
import pytest
from harness import (
    FADE,
    WALLS,
    Variant,
    check_energy_error,
    check_equilibrium,
    environment_potential,
    few_variants,
    model,
    observe,
    potential,
    rocksalt,
    triclinic,
    variants,
)

SYSTEM = triclinic(rocksalt(2, rattle=0.1, seed=5))
SMALL = triclinic(rocksalt(1, rattle=0.1, seed=6))  # 8 atoms, edges of 4.2 Å
FIX = "all qeq/vc 1 1e-12 200"
EACH = pytest.mark.parametrize("variant", few_variants(), ids=str)
OBSERVE = observe(stress=False)
ALONE = potential(walls=FADE)
ALL = environment_potential("screened_gaussian", WALLS + FADE)


@pytest.mark.parametrize("system", [SYSTEM, SMALL], ids=["64 atoms", "8 atoms"])
@pytest.mark.parametrize("text", [ALONE, ALL], ids=["alone", "with all terms"])
@pytest.mark.parametrize("variant", variants(), ids=str)
def test_agrees_with_dense_solve(lammps, variant, text, system):
    check_equilibrium(lammps, system, text, FIX, variant)


@EACH
def test_moves_charges(lammps, variant):
    """What the tests of this file are about is there."""
    results = [
        lammps(model(fix=FIX) + OBSERVE + "run 0\n", SYSTEM, text, variant=variant) for text in (ALONE, potential())
    ]
    assert np.abs(results[0].frame()["q"] - results[1].frame()["q"]).max() > 0.01
    assert np.abs(results[0].frame().forces - results[1].frame().forces).max() > 0.01


@EACH
def test_without_effect_nothing_changes(lammps, variant):
    """c = 0: the numbers of a file without the line, bit for bit but for the order of sums over threads."""
    script = model(fix=FIX) + OBSERVE + "fix nve all nve\nrun 5\n"
    frames = [lammps(script, SYSTEM, potential(walls=walls), variant=variant).frame() for walls in ("fade * 0\n", "")]
    np.testing.assert_allclose(frames[0].forces, frames[1].forces, rtol=0, atol=1e-12)
    np.testing.assert_allclose(frames[0]["q"], frames[1]["q"], rtol=0, atol=1e-13)


@EACH
def test_solver_direct_finds_the_same(lammps, variant):
    found = [
        lammps(model(fix=FIX + solver) + OBSERVE + "run 0\n", SYSTEM, ALL, variant=variant).frame()
        for solver in ("", " solver direct")
    ]
    np.testing.assert_allclose(found[0]["q"], found[1]["q"], rtol=0, atol=1e-10)


@pytest.mark.parametrize("variant", [v for v in few_variants() if v.ranks == 1] or [Variant()], ids=str)
@pytest.mark.parametrize("solver", ["pcg", "xl"])
def test_energy_error_is_that_of_the_integrator(lammps, variant, solver):
    """Half the step, a quarter of the energy error, with every term on; in shadow dynamics (solver xl), too."""
    check_energy_error(lammps, SYSTEM, ALL, f"all qeq/vc 1 1e-10 300 solver {solver}", variant)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("fade Li -1", r"c is '-1', allowed is >= 0"),
        ("fade Na 1", r"'Na'"),
        ("fade Li", r"read 2 words in 'fade Li', allowed is 3: fade El c"),
    ],
)
def test_bad_lines(lammps, line, message):
    result = lammps(model(fix=FIX) + "run 0\n", SYSTEM, potential(walls=f"{line}\n"), fails=True)
    assert "Potential file LiF.rfmeam" in result.log
    assert message in " ".join(result.log.split())
