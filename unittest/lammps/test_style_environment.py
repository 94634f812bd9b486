"""Electronegativities that depend on the environment, in LAMMPS: between runs, beside other terms, where they are 0.

Forces, virial, dE/dq, and agreement of all ways to run are in test_style_derivatives.py and test_style_variants.py.
"""

import numpy as np
import pytest
from harness import (
    ENVIRONMENT,
    PLAIN,
    WALLS,
    Variant,
    check_energy_error,
    check_equilibrium,
    environment_potential,
    few_variants,
    model,
    observe,
    rocksalt,
    triclinic,
    variants,
)

SYSTEM = triclinic(rocksalt(2, rattle=0.1, seed=5))
SMALL = triclinic(rocksalt(1, rattle=0.1, seed=6))  # 8 atoms, edges of 4.2 Å
FIX = "all qeq/vc 1 1e-12 200"
EACH = pytest.mark.parametrize("variant", few_variants(), ids=str)
OBSERVE = observe(stress=False)
TEXT = environment_potential("screened_gaussian", WALLS)


def charges_of(result) -> np.ndarray:
    return result.frame()["q"]


@pytest.mark.parametrize("system", [SYSTEM, SMALL], ids=["64 atoms", "8 atoms"])
@pytest.mark.parametrize("variant", variants(), ids=str)
def test_agrees_with_dense_solve(lammps, variant, system):
    check_equilibrium(lammps, system, TEXT, FIX, variant)


@EACH
def test_moves_charges(lammps, variant):
    """What the tests of this file are about is there."""
    without = environment_potential("screened_gaussian", WALLS, environment="")
    results = [lammps(model(fix=FIX) + OBSERVE + "run 0\n", SYSTEM, text, variant=variant) for text in (TEXT, without)]
    assert np.abs(charges_of(results[0]) - charges_of(results[1])).max() > 0.05
    assert np.abs(results[0].frame().forces - results[1].frame().forces).max() > 0.05


@EACH
def test_without_effect_nothing_changes(lammps, variant):
    """X = 0: the numbers of a file without environments, bit for bit but for the order of sums over threads."""
    texts = ["environment * 0 1.1\n", ""]
    script = model(fix=FIX) + OBSERVE + "fix nve all nve\nrun 5\n"
    with_, without = (
        lammps(script, SYSTEM, environment_potential(environment=text), variant=variant) for text in texts
    )
    np.testing.assert_allclose(charges_of(with_), charges_of(without), rtol=0, atol=1e-13)
    np.testing.assert_allclose(with_.frame().forces, without.frame().forces, rtol=0, atol=1e-11)
    assert with_.last("PotEng") == pytest.approx(without.last("PotEng"), rel=1e-14)


@pytest.mark.parametrize("variant", [v for v in few_variants() if v.ranks == 1] or [Variant()], ids=str)
@pytest.mark.parametrize("solver", ["pcg", "xl"])
def test_energy_error_is_that_of_the_integrator(lammps, variant, solver):
    """Half the step, a quarter of the energy error, with environments, walls and all three pair forms; in shadow
    dynamics (solver xl), too, whose forces are at constant auxiliary charges."""
    check_energy_error(lammps, SYSTEM, TEXT, f"all qeq/vc 1 1e-10 300 solver {solver}", variant)


@EACH
def test_goes_on_after_a_restart(lammps, variant):
    """Ten steps in one go, and with a restart file in between."""
    start = model(fix=FIX) + OBSERVE + "velocity all create 600 4711 loop all\nfix nve all nve\ntimestep 0.0005\n"
    expected = lammps(start + "run 10\n", SYSTEM, TEXT, variant=variant)
    again = model(fix=FIX).replace("read_data system.data", "read_restart half.restart")
    again += OBSERVE.replace("observe.dump", "again.dump") + "fix nve all nve\ntimestep 0.0005\nrun 5\n"
    result = lammps(
        start + "run 5\nwrite_restart half.restart\nclear\n" + again.replace("atom_style charge\n", ""),
        SYSTEM,
        TEXT,
        variant=variant,
    )
    frame, wanted = result.frame("again.dump"), expected.frame()
    apart = (frame.positions - wanted.positions) @ np.linalg.inv(wanted.cell)  # in cells: a restart wraps positions
    np.testing.assert_allclose(apart, np.round(apart), rtol=0, atol=1e-11)
    np.testing.assert_allclose(frame["q"], wanted["q"], rtol=0, atol=1e-10)
    np.testing.assert_allclose(frame.forces, wanted.forces, rtol=0, atol=1e-9)


@EACH
def test_other_parameters_between_runs(lammps, variant):
    """Atoms stay where they are while environments come and go: what was kept of them must not."""
    other = environment_potential("screened_gaussian", WALLS, environment=ENVIRONMENT.replace("5.0 0.9", "-3.0 0.6"))
    without = environment_potential("screened_gaussian", WALLS, environment="")
    files = {"other.rfmeam": other, "without.rfmeam": without}
    script = model(fix=FIX) + OBSERVE + "run 0\n"
    for name in ("other", "without", "LiF"):
        script += f"pair_coeff * * {name}.rfmeam Li F\nrun 0\n"
    result = lammps(script, SYSTEM, TEXT, variant=variant, files=files)
    energies = result.series("PotEng")
    for energy, text in zip(energies, (TEXT, other, without, TEXT), strict=True):
        alone = lammps(model(fix=FIX) + OBSERVE + "run 0\n", SYSTEM, text, variant=variant)
        assert energy == pytest.approx(alone.last("PotEng"), rel=1e-10)
    assert len({round(energy, 3) for energy in energies}) == 3


@EACH
def test_atoms_of_no_element_are_no_environment(lammps, variant):
    """Types mapped to NULL, in a style overlaid on another, beside the same atoms alone."""
    atoms = SYSTEM.copy()
    ghostly = SYSTEM[:5].copy()
    ghostly.symbols = "Ar5"
    ghostly.positions += [1.0, 0.9, 1.1]
    atoms += ghostly
    style = "hybrid/overlay rfmeam/qeq zero 5.0"
    script = model(fix="LiF qeq/vc 1 1e-12 200", style=style, coeff="* * rfmeam/qeq LiF.rfmeam Li F NULL; * * zero")
    script = script.replace("fix qeq", "group LiF type 1 2\nfix qeq") + OBSERVE
    result = lammps(script + "run 0\n", atoms, TEXT, variant=variant, types=["Li", "F", "Ar"])
    alone = lammps(model(fix=FIX) + OBSERVE + "run 0\n", SYSTEM, TEXT, variant=PLAIN)
    np.testing.assert_allclose(charges_of(result)[:64], charges_of(alone), rtol=0, atol=1e-11)
    np.testing.assert_allclose(result.frame().forces[:64], alone.frame().forces, rtol=0, atol=1e-10)
    assert result.last("PotEng") == pytest.approx(alone.last("PotEng"), rel=1e-12)


@EACH
def test_in_other_units(lammps, variant):
    """X is an energy by charge, kappa and the weights are not."""
    results = [
        lammps(model(fix="", units=units) + observe(fix=False) + "run 0\n", SYSTEM, TEXT, variant=variant)
        for units in ("metal", "real")
    ]
    metal, real = (result.last("c_terms[4]") for result in results)
    assert real == pytest.approx(23.060549 * metal, rel=1e-6)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("environment Li 1.5", r"read 3 words in 'environment Li 1.5', allowed is 4: environment El X kappa"),
        ("environment * 1.5 0", r"kappa is '0', allowed is > 0"),
        ("environment Li 1.5 1", r"no 'environment' line for element F, allowed is one for all"),
        ("environment_charge Li 1", r"'environment_charge' line, allowed only with 'environment' lines"),
        ("environment_charge Li", r"read 2 words in 'environment_charge Li', allowed is 3: environment_charge El q_0"),
        ("environment_charge Na 1", r"'Na'"),
        ("environment_charge Li one", r"q_0 is 'one', allowed is a finite number"),
        ("environment_weight Li F 1", r"'environment_weight' line, allowed only with 'environment' lines"),
    ],
)
def test_bad_lines(lammps, line, message):
    text = environment_potential(environment=f"{line}\n")
    result = lammps(model(fix=FIX) + "run 0\n", SYSTEM, text, fails=True)
    assert "Potential file LiF.rfmeam" in result.log
    assert message in " ".join(result.log.split())
