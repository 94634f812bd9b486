"""More Monte Carlo: fixes that swap molecules or neighbours, move atoms, or try with charges from before the trial."""

import re

import numpy as np
import pytest
from harness import (
    WRITE_END,
    check_against_dense,
    few_variants,
    model,
    needs_package,
    needs_style,
    observe,
    potential,
    rocksalt,
    serial_variants,
)

EACH = pytest.mark.parametrize("variant", few_variants(), ids=str)
MC = needs_package("MC")
OBSERVE = observe(stress=False, peratom=False)
FIX = "all qeq/vc 1 1e-12 200"


def crystal():
    atoms = rocksalt(2, rattle=0.2, seed=5)
    atoms.set_initial_charges(np.where(atoms.symbols == "Li", 0.6, -0.6))
    return atoms


SYSTEM = crystal()


def thermo(more: str) -> str:
    return OBSERVE.replace("thermo_style custom step", f"thermo_style custom step {more}")


def check_totals(result) -> None:
    np.testing.assert_allclose(result.series("f_qeq[3]"), 0, rtol=0, atol=1e-10)


# an atom of Li and one of F each
MOLECULES = "fix mol all property/atom mol ghost yes\n" + "".join(
    f"set atom {n} mol {n}\nset atom {n + 32} mol {n}\n" for n in range(1, 33)
)


@MC
@pytest.mark.parametrize("temperature", [1.0, 30000.0])
@EACH
def test_molecule_swap(lammps, variant, temperature):
    """The types in a molecule are exchanged, and the charges that the two types had at the start of the first run."""
    swap = f"fix mc all mol/swap 1 10 1 2 29494 {temperature} ke no\n"
    script = model(fix="") + MOLECULES + f"fix qeq {FIX}\n" + swap + thermo("f_mc[1] f_mc[2]") + "run 4\nrun 2\n"
    result = lammps(script, SYSTEM, potential(), variant=variant)
    assert result.last("f_mc[1]") == 60
    check_totals(result)
    types = result.frame()["type"]
    np.testing.assert_array_equal(types[:32] + types[32:], 3)
    if temperature == 1.0:
        unchanged = result.series("f_mc[2]") == 0
        np.testing.assert_allclose(result.series("PotEng")[unchanged], result.series("PotEng")[0])
    else:
        assert 0 < result.last("f_mc[2]") < 60
        assert not np.array_equal(result.frames()[0]["type"], types)
    check_against_dense(result, 0.0)


# fix neighbor/swap takes any local table of three columns, the first two of them IDs, for that of compute voronoi/atom
NEIGHBORS = "compute near all property/local patom1 patom2 ptype1\n"


@needs_style("neighbor/swap")
@EACH
def test_neighbor_swap(lammps, variant):
    """Two neighbors change places; the total charge stays. A later run finds charges that differ: LAMMPS says so."""
    swap = NEIGHBORS + "fix mc all neighbor/swap 1 10 29494 3000.0 2.0 near types 1 2 ke no\n"
    script = model(fix=FIX) + swap + thermo("f_mc[1] f_mc[2]") + "run 4\n"
    result = lammps(script, SYSTEM, potential(), variant=variant)
    assert 0 < result.last("f_mc[2]") <= result.last("f_mc[1]") == 40
    check_totals(result)
    assert (result.frame()["type"] == 1).sum() == 32
    check_against_dense(result, 0.0)
    log = lammps(script + "run 1\n", SYSTEM, potential(), variant=variant, fails=True).log
    assert "All atoms of a swapped type must have" in log


@MC
@EACH
def test_forced_bias(lammps, variant):
    """fix tfmc moves atoms by their forces, which are those of the equilibrium."""
    script = model(fix=FIX) + "fix mc all tfmc 0.1 1000.0 4321\n" + OBSERVE + "run 6\n"
    result = lammps(script, SYSTEM, potential(), variant=variant)
    check_totals(result)
    assert np.abs(result.frame().positions - result.frames()[0].positions).max() > 0.05
    check_against_dense(result, 0.0)


@needs_style("hmc")
@pytest.mark.parametrize("temperature", [3.0, 3000.0])
@EACH
def test_hybrid_monte_carlo(lammps, variant, temperature):
    """A refused path takes positions and charges back to where it began. (Not the forces of that step: so does fix hmc
    with every pair style.)"""
    script = model(fix=FIX) + "fix nve all nve\ntimestep 0.0005\n"
    script += f"fix mc all hmc 5 4321 {temperature}\n" + thermo("f_mc[1] f_mc[2]")
    script += "run 30\nrun 0\n" + WRITE_END
    result = lammps(script, SYSTEM, potential(), variant=variant)
    check_totals(result)
    accepted = result.last("f_mc[1]")
    assert accepted < 6 if temperature == 3.0 else accepted > 0
    check_against_dense(result, 0.0, name="end.dump")


@needs_style("fep")
@pytest.mark.parametrize("variant", serial_variants(), ids=str)
def test_perturbations_are_warned_about(lammps, variant):
    """compute fep changes charges or the box without a word to the fixes."""
    fep = "variable d equal 0.1\ncompute fep all fep 300 atom charge 1 v_d\nthermo_style custom step pe c_fep[1]\n"
    log = lammps(model(fix=FIX) + fep + "run 0\n", SYSTEM, potential(), variant=variant).log
    assert re.search(r"WARNING: Compute fep \(fep\) perturbs atoms and box at fixed charges", log), log


@needs_style("sgcmc")
@pytest.mark.parametrize("variant", serial_variants(), ids=str)
def test_energies_of_charges_from_before_the_trial(lammps, variant):
    """fix sgcmc computes the energies of trials without telling other fixes: refused, with what to use."""
    script = model(fix=FIX) + "fix mc all sgcmc 1 0.1 1000.0 0.0\nrun 1\n"
    log = lammps(script, SYSTEM, potential(), variant=variant, fails=True).log
    assert re.search(r"ERROR: Fix qeq/vc.* with fix mc \(sgcmc\).*atom/swap", log), log
