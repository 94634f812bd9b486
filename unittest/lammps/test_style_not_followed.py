"""Commands of LAMMPS that the equilibration does not follow: refused, or warned about."""

import re
from dataclasses import replace

import numpy as np
import pytest
from harness import (
    PLAIN,
    Variant,
    few_variants,
    model,
    needs_package,
    needs_style,
    observe,
    potential,
    rocksalt,
    serial_variants,
    two_variants,
)

EACH = pytest.mark.parametrize("variant", few_variants(), ids=str)
SERIAL = pytest.mark.parametrize("variant", serial_variants(), ids=str)
OBSERVE = observe(stress=False, peratom=False)
FIX = "all qeq/vc 1 1e-12 200"
CELL = rocksalt(1, rattle=0.15, seed=4)


def in_vacuum():
    atoms = CELL.copy()
    atoms.cell[:] = np.diag([20.0, 20.0, 20.0])
    atoms.positions += 6
    return atoms


# ---- electric fields -----------------------------------------------------------------------------


@SERIAL
def test_field_on_other_atoms(lammps, variant):
    """A field on atoms whose charges are fixed is none of the fix's business."""
    groups = "group fixed id 1\ngroup free subtract all fixed\n"
    script = model(fix="").replace("pair_style", groups + "pair_style")
    script += f"fix qeq {FIX.replace('all', 'free', 1)}\n" + OBSERVE
    without = lammps(script + "run 0\n", in_vacuum(), potential(), variant=variant)
    result = lammps(script + "fix field fixed efield 0.5 0.0 0.0\nrun 0\n", in_vacuum(), potential(), variant=variant)
    np.testing.assert_allclose(result.frame()["q"], without.frame()["q"], rtol=0, atol=1e-11)
    change = result.frame().forces - without.frame().forces
    np.testing.assert_allclose(change[0], [0.5 * result.frame()["q"][0], 0, 0], rtol=0, atol=1e-9)
    np.testing.assert_allclose(change[1:], 0, rtol=0, atol=1e-9)


@SERIAL
def test_field_taken_away(lammps, variant):
    script = model(fix=FIX) + "fix field all efield 0.5 0.0 0.0\nunfix field\nrun 0\n"
    lammps(script, in_vacuum(), potential(), variant=variant)


# ---- other fixes that set charges ----------------------------------------------------------------


@needs_package("QEQ")
@pytest.mark.parametrize("order", ["before", "after"])
def test_two_equilibrations(lammps, order):
    """Of the same atoms they are refused, of others not."""
    parameters = "1 3.0 9.0 0 0 0 0 0 0\n2 8.0 14.0 0 0 0 0 0 0\n"
    start = model(fix="").replace("pair_style", "group some id 1:4\ngroup others id 5:8\npair_style")
    fixes = ["fix point some qeq/point 1 5.0 1e-6 100 parameters\n", f"fix qeq {FIX}\n"]
    script = start + "".join(fixes if order == "before" else fixes[::-1]) + "run 0\n"
    files = {"parameters": parameters}
    log = lammps(script, CELL, potential(), files=files, fails=True).log
    assert re.search(r"ERROR: Fix qeq/vc with fix point \(qeq/point\) on the same atoms", log), log
    lammps(
        script.replace(f"fix qeq {FIX}", f"fix qeq {FIX.replace('all', 'others', 1)}"), CELL, potential(), files=files
    )


@pytest.mark.parametrize("order", ["before", "after"])
@SERIAL
def test_charges_that_adapt_sets(lammps, variant, order):
    """On atoms of the group they would be overwritten, or never be in equilibrium; other quantities may be adapted."""
    adapt = "variable ramp equal 0.1*step\nfix ramp all adapt 1 atom charge v_ramp\n"
    script = model(fix=FIX) + adapt if order == "after" else model(fix="") + adapt + f"fix qeq {FIX}\n"
    log = lammps(script + "run 1\n", CELL, potential(), variant=variant, fails=True).log
    assert re.search(r"ERROR: Fix qeq/vc.* with fix ramp \(adapt\) on the same atoms: both set their charges", log), log
    lj = "hybrid/overlay rfmeam/qeq lj/cut 5"
    script = model(fix=FIX, style=lj, coeff="* * rfmeam/qeq LiF.rfmeam Li F; * * lj/cut 0.01 1.5")
    script += adapt.replace("atom charge", "pair lj/cut epsilon * *") + "run 1\n"
    lammps(script, CELL, potential(), variant=variant, mixed=True)


@SERIAL
def test_charges_that_fix_set_may_set(lammps, variant):
    """It acts at the end of a step, after the forces. Atoms that are not the fix' own are sources like others."""
    sets = "variable value atom 0.1\nfix other GROUP set 2 0 group GROUP charge v_value\nrun 2\n"
    log = lammps(model(fix=FIX) + sets.replace("GROUP", "all"), CELL, potential(), variant=variant).log
    assert re.search(r"WARNING: Fix other \(set\) on atoms of fix qeq/vc.*: charges that it sets", log), log
    start = model(fix="").replace("pair_style", "group some id 1:4\ngroup others id 5:8\npair_style")
    script = start + f"fix qeq {FIX.replace('all', 'others', 1)}\n" + sets.replace("GROUP", "some")
    assert not any(lammps(script, CELL, potential(), variant=variant).warnings())


@needs_style("verlet/split")
@pytest.mark.skipif(Variant(2) not in few_variants(), reason="LAMMPS without MPI")
def test_kspace_on_other_processors(lammps):
    """They would compute the long range of the charges of the last neighbor list."""
    text = potential(meam=False, coulomb="gaussian")
    script = model(fix=FIX, style="rfmeam/qeq long 8.0").replace("read_data", "processors * * *\nread_data")
    script += "kspace_style ewald 1e-6\nrun_style verlet/split\nfix nve all nve\nrun 1\n"
    log = lammps(script, CELL, text, replicas=2, fails=True).log
    assert re.search(r"ERROR: Fix qeq/vc with run_style verlet/split.* allowed is run_style verlet", log), log


@needs_package("MC")
def test_charge_regulation(lammps):
    """It knows ions by charges that it sets."""
    script = (
        model(fix=FIX)
        + "fix acid all charge/regulation 1 2 pIp 3 pIm 3 onlysalt yes 1 -1 seed 1 tag yes temp 300\nrun 1\n"
    )
    assert "ERROR: Fix qeq/vc with fix acid (charge/regulation)" in lammps(script, CELL, potential(), fails=True).log


# ---- charges in other styles ---------------------------------------------------------------------


@SERIAL
def test_coulomb_of_another_style_is_warned_about(lammps, variant):
    """Its potential is not in the equilibration, so that forces are not the derivative of the energy."""
    style = "hybrid/overlay rfmeam/qeq coul/cut 5.5"
    script = model(fix=FIX, style=style, coeff="* * rfmeam/qeq LiF.rfmeam Li F; * * coul/cut") + "run 0\n"
    log = lammps(script, CELL, potential(), variant=variant).log
    assert re.search(r"WARNING: Pair style coul/cut.*qeq/vc", log), log
    other = model(fix=FIX, style=style.replace("coul", "lj"), coeff="* * rfmeam/qeq LiF.rfmeam Li F; * * lj/cut 0.01 1")
    assert not any(lammps(other + "run 0\n", CELL, potential(), variant=variant).warnings())


@needs_package("KSPACE")
@SERIAL
def test_long_range_is_warned_about(lammps, variant):
    style = "hybrid/overlay rfmeam/qeq coul/long 5.5"
    script = model(fix=FIX, style=style, coeff="* * rfmeam/qeq LiF.rfmeam Li F; * * coul/long")
    log = lammps(script + "kspace_style ewald 1e-4\nrun 0\n", CELL, potential(), variant=variant, mixed=True).log
    assert re.search(r"WARNING: Kspace style ewald.*qeq/vc", log), log


# ---- second derivatives at fixed charges ---------------------------------------------------------


@needs_package("EXTRA-COMPUTE")
@pytest.mark.parametrize("order", ["before", "after"])
@pytest.mark.parametrize("variant", two_variants(), ids=str)
def test_born_matrix_is_warned_about(lammps, variant, order):
    """LAMMPS' compute changes the box without a word to the fixes: second derivatives at fixed charges."""
    born = "compute virial all pressure NULL virial\ncompute born all born/matrix numdiff 1e-4 virial\n"
    born += "thermo_style custom step pe c_born[1]\n"
    script = model(fix=FIX) + born if order == "after" else model(fix="") + born + f"fix qeq {FIX}\n"
    log = lammps(script + "run 0\n", CELL, potential(), variant=variant).log
    assert re.search(r"WARNING: Compute .*born/matrix.*qeq/vc", log), log
    assert not any(lammps(model(fix=FIX) + "run 0\n", CELL, potential(), variant=variant).warnings())


@needs_package("EXTRA-COMPUTE")
def test_born_matrix_without_the_fix(lammps):
    """Given charges are what the compute takes them for: no warning."""
    born = "compute virial all pressure NULL virial\ncompute born all born/matrix numdiff 1e-4 virial\n"
    result = lammps(model(fix="") + born + "thermo_style custom step pe c_born[1]\nrun 0\n", CELL, potential())
    assert "WARNING: Compute" not in result.log


@needs_package("EXTRA-COMPUTE")
def test_born_matrix_from_derivatives_of_the_pairs(lammps):
    """Not offered: LAMMPS says so."""
    script = model(fix=FIX) + "compute born all born/matrix\nthermo_style custom step pe c_born[1]\nrun 0\n"
    assert "born" in lammps(script, CELL, potential(), fails=True).log


# ---- newton --------------------------------------------------------------------------------------


def test_newton_off(lammps):
    log = lammps(model(start="newton off") + "run 0\n", CELL, potential(), fails=True).log
    assert re.search(r"ERROR: Pair style rfmeam/qeq requires newton pair on", log)


@pytest.mark.parametrize("package", ["newton off neigh full", "newton off neigh half"])
@pytest.mark.parametrize("variant", [v for v in serial_variants() if v.kokkos], ids=str)
def test_newton_off_by_package_kokkos(lammps, variant, package):
    """What LAMMPS chooses on GPUs; the error prints what to type."""
    wrong = replace(variant, package=package)
    log = lammps(model() + "run 0\n", CELL, potential(), variant=wrong, fails=True).log
    assert "-pk kokkos newton on neigh half" in log


# ---- options of package kokkos -------------------------------------------------------------------


PACKAGE = ["pair/only on", "neigh/transpose on", "neigh/qeq full", "comm no"]


@pytest.mark.parametrize("package", PACKAGE)
@pytest.mark.parametrize("variant", [v for v in serial_variants() if v.kokkos], ids=str)
def test_options_of_package_kokkos(lammps, variant, package):
    """None changes the numbers."""
    script = model(fix=FIX) + OBSERVE + "velocity all create 600 1\nfix nve all nve\nrun 5\n"
    expected = lammps(script, CELL, potential(), variant=PLAIN)
    other = replace(variant, package=package)
    if package == "pair/only on":  # the fix is the plain one then
        script = script.replace("atom_style charge", "atom_style charge/kk")
        if variant.gpus:
            log = lammps(script, CELL, potential(), variant=other, fails=True).log
            assert "on another device: allowed is fix qeq/vc/kk" in log
            return
    result = lammps(script, CELL, potential(), variant=other, mixed=package == "pair/only on")
    np.testing.assert_allclose(result.frame()["q"], expected.frame()["q"], rtol=0, atol=1e-9)
    np.testing.assert_allclose(result.frame().forces, expected.frame().forces, rtol=0, atol=1e-8)


# ---- forces that are not wanted ------------------------------------------------------------------


@SERIAL
def test_pair_style_that_is_not_computed(lammps, variant):
    """pair_modify compute no: charges are in equilibrium, energies 0, those of compute pair too."""
    script = model(fix=FIX) + "pair_modify compute no\n" + OBSERVE + "run 1\n"
    result = lammps(script, CELL, potential(), variant=variant)
    assert [result.last(f"c_terms[{n}]") for n in range(1, 5)] == [0, 0, 0, 0]
    expected = lammps(model(fix=FIX) + OBSERVE + "run 0\n", CELL, potential(), variant=variant)
    np.testing.assert_allclose(result.frame()["q"], expected.frame()["q"], rtol=0, atol=1e-9)
