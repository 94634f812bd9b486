"""What fix qeq/vc can do, several things at a time: groups, long range, Monte Carlo, restarts, walls; and what a total
charge means that does not go with them."""

import numpy as np
import pytest
from harness import few_variants, model, needs_package, observe, potential, two_variants
from test_style_long import EXACT, long_model, long_potential
from test_style_monte_carlo import SLAB
from test_style_potential import ARRAY, CELL, GROUPS, NVE, SYSTEM, columns, script_with

EACH = pytest.mark.parametrize("variant", few_variants(), ids=str)
TWO = pytest.mark.parametrize("variant", two_variants(), ids=str)
SETTINGS = {
    "totals": " group left qtotal 0.5 group middle qtotal -0.7 group right qtotal keep",
    "electrodes": CELL,
    "electrodes together": CELL + " qtotal keep",
}
SETTING = pytest.mark.parametrize("setting", SETTINGS)


@needs_package("MC")
@EACH
def test_groups_and_monte_carlo(lammps, variant):
    """Atoms join the group that fix gcmc is told, and leave theirs; groups keep their totals, electrodes together."""
    gcmc = "fix mc all gcmc 1 10 2 1 4321 20000.0 -17.0 0.3 charge 0.0 full_energy overlap_cutoff 1.5 group middle\n"
    setting = CELL + " qtotal -0.2"
    script = script_with(setting, observed="") + gcmc + columns(setting)
    script = script.replace("custom step", "custom step atoms f_mc[4] f_mc[6]") + "run 6\n"
    result = lammps(script, SLAB, potential(), variant=variant)
    assert result.last("f_mc[4]") > 0 and result.last("f_mc[6]") > 0, "no insertion or no deletion"
    np.testing.assert_allclose(result.series("f_qeq[3][2]"), 0.3, rtol=0, atol=1e-10)
    np.testing.assert_allclose(result.series("f_qeq[1][2]") + result.series("f_qeq[2][2]"), -0.2, rtol=0, atol=1e-10)
    np.testing.assert_allclose(result.series("f_qeq[2][1]") - result.series("f_qeq[1][1]"), 1.5, rtol=0, atol=1e-8)


@TWO
@SETTING
def test_groups_long_range_and_restart(lammps, variant, setting):
    """A run that goes on from a file, to long range: charges, potentials and what flowed are those of one run."""
    words = SETTINGS[setting]
    fix = f"all qeq/vc 1 1e-12 400{words}"
    define = columns(words) + "neigh_modify delay 0 every 1\ntimestep 0.0005\n"
    script = long_model(EXACT, fix=fix).replace("fix qeq", GROUPS + "fix qeq") + define + NVE
    text = long_potential("gaussian", meam=True)
    whole = lammps(script + "run 4\nrun 3\n", SYSTEM, text, variant=variant)
    first = lammps(script + "run 4\nwrite_restart middle\n", SYSTEM, text, variant=variant)
    again = "units metal\natom_style charge\nread_restart middle\npair_style rfmeam/qeq long 9.5\n" + EXACT
    again += f"pair_coeff * * LiF.rfmeam Li F\nfix qeq {fix}\n" + define + "fix nve all nve\nrun 3\n"
    second = lammps(again, variant=variant, folder=first.folder)
    assert second.last("Step") == 7
    assert second.last("TotEng") == pytest.approx(whole.last("TotEng"), abs=1e-7)
    for name in ARRAY:
        assert second.last(name) == pytest.approx(whole.last(name), abs=1e-8), name


@pytest.mark.parametrize("solver", ["pcg", "direct", "xl"])
def test_walls_that_exclude_the_total(lammps, solver):
    """Walls are soft: the total is kept, charges lie beyond the walls, are in equilibrium there, and are counted."""
    text = potential(walls="wall Li lower 300 0.1\nwall F lower 300 0.1\n")
    script = model(fix=f"all qeq/vc 1 1e-12 300 solver {solver} qtotal 0") + observe(stress=False) + "run 0\n"
    result = lammps(script, SYSTEM, text)
    frame = result.frame()
    assert frame["q"].sum() == pytest.approx(0.0, abs=1e-10)
    assert result.last("f_qeq[5]") > 32
    np.testing.assert_allclose(frame["f_peratom[3]"], result.last("f_qeq[1]"), rtol=0, atol=1e-8)


def test_total_that_is_not_neutral(lammps):
    """To long range it has a uniform background, of which LAMMPS warns; cut off, it is a total as any other."""
    charged = "set group all charge 0.01\npair_style"
    script = long_model(fix="all qeq/vc 1 1e-10 300 qtotal 0.5").replace("pair_style", charged)
    script += observe(stress=False, peratom=False) + "run 0\n"
    log = lammps(script, SYSTEM, long_potential("gaussian")).log
    assert "System is not charge neutral" in log
    short = model(fix="all qeq/vc 1 1e-10 300 qtotal 0.5") + observe(stress=False, peratom=False) + "run 0\n"
    result = lammps(short, SYSTEM, potential())
    assert "not charge neutral" not in result.log
    assert result.frame()["q"].sum() == pytest.approx(0.5, abs=1e-10)
