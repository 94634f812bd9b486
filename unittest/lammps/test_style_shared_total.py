"""Electrodes that have a total charge together: keyword qtotal of fix qeq/vc after groups at a potential.

test_style_potential.py has forces by finite differences, ranks and variants of this setting, too.
"""

import re

import numpy as np
import pytest
from harness import PLAIN, few_variants, potential, rocksalt, serial_variants, two_variants
from test_style_long import SLAB, everything, long_model, long_potential
from test_style_potential import (
    ARRAY,
    CELL,
    FIX,
    IN_GROUP,
    NVE,
    START,
    SYSTEM,
    charges_in,
    check_forces,
    columns,
    script_with,
)

EACH = pytest.mark.parametrize("variant", few_variants(), ids=str)
SERIAL = pytest.mark.parametrize("variant", serial_variants(), ids=str)
TWO = pytest.mark.parametrize("variant", two_variants(), ids=str)

NEUTRAL = CELL + " qtotal 0"
KEPT = CELL + " qtotal keep"
HELD = START[IN_GROUP["left"]].sum() + START[IN_GROUP["right"]].sum()


def charges_held(frame) -> float:
    return charges_in(frame, "left") + charges_in(frame, "right")


# ---- the minimum ---------------------------------------------------------------------------------


@EACH
@pytest.mark.parametrize("solver", ["pcg", "direct", "xl"])
def test_potentials_differ_as_given(lammps, variant, solver):
    """The electrodes' chemical potentials are theirs and a level that goes with the total."""
    if solver == "direct" and variant != PLAIN:
        pytest.skip("of the host, whatever the variant")
    script = script_with(NEUTRAL, f"{FIX} solver {solver}") + columns(NEUTRAL) + "run 0\n"
    result = lammps(script, SYSTEM, potential(coulomb="gaussian"), variant=variant)
    frame, mu = result.frame(), [result.last(f"f_qeq[{g}][1]") for g in (1, 2, 3)]
    assert charges_held(frame) == pytest.approx(0.0, abs=1e-11)
    assert charges_in(frame, "middle") == pytest.approx(0.3, abs=1e-11)
    assert mu[1] - mu[0] == pytest.approx(1.5, abs=1e-9)
    assert abs(mu[0] - 4.0) > 0.01
    assert result.last("f_qeq[1]") == pytest.approx(mu[0], abs=1e-12)
    assert result.last("f_qeq[2]") < 1e-9
    for value, name in zip(mu, ("left", "right", "middle"), strict=True):
        np.testing.assert_allclose(frame["f_peratom[3]"][IN_GROUP[name]], value, rtol=0, atol=1e-8)
    flowed = charges_in(frame, "left") - START[IN_GROUP["left"]].sum()
    assert result.last("f_qeq[1][3]") == pytest.approx(flowed, abs=1e-11)


def test_order_of_keywords_and_a_common_constant_do_not_matter(lammps):
    """Only differences of potentials mean anything."""
    settings = [
        NEUTRAL,
        " group left potential 4.0 qtotal 0 group middle qtotal 0.3 group right potential 5.5",
        " group left potential -10.0 group right potential -8.5 group middle qtotal 0.3 qtotal 0",
    ]
    first, *others = [lammps(script_with(s) + "run 0\n", SYSTEM, potential()) for s in settings]
    for other in others:
        np.testing.assert_allclose(other.frame()["q"], first.frame()["q"], rtol=0, atol=1e-9)
        np.testing.assert_allclose(other.frame().forces, first.frame().forces, rtol=0, atol=1e-8)
        assert other.last("PotEng") == pytest.approx(first.last("PotEng"), abs=1e-8)


def test_equal_potentials_are_one_group(lammps):
    """Electrodes without a voltage share their charges as one group with this total does."""
    setting = " group left potential 2.0 group right potential 2.0 group middle qtotal 0.3 qtotal 0.5"
    together = lammps(script_with(setting) + "run 0\n", SYSTEM, potential())
    one = " group both qtotal 0.5 group middle qtotal 0.3"
    union = script_with(one).replace("fix qeq", "group both union left right\nfix qeq")
    single = lammps(union + "run 0\n", SYSTEM, potential())
    np.testing.assert_allclose(together.frame()["q"], single.frame()["q"], rtol=0, atol=1e-10)
    assert together.last("PotEng") == pytest.approx(single.last("PotEng") - 2.0 * 0.5, abs=1e-9)


CAPACITOR = " group left potential -1.0 group right potential 1.0"


@TWO
def test_two_electrodes_that_share_a_box(lammps, variant):
    """To long range, in a slab: neutral together they are a minimum where free totals are not (indefinite: the slab
    correction lowers the energy of a net charge)."""
    atoms = rocksalt(2, rattle=0.1, seed=5)
    atoms.positions[:, 2] += 2.0
    atoms.cell[2, 2] += 5.0
    halves = "region low block INF INF INF INF INF 5.0 units box\ngroup left region low\n"
    halves += "group right subtract all left\n"
    kspace = "kspace_style ewald 1e-8\nkspace_modify gewald 0.45 kmax/ewald 14 14 60\n" + SLAB
    fix = "all qeq/vc 1 1e-12 400" + CAPACITOR
    script = long_model(kspace, fix=fix, start="boundary p p f").replace("fix qeq", halves + "fix qeq")
    text = long_potential("gaussian")
    observed = everything(stress=False, peratom=False)
    free = lammps(script + observed + "run 0\n", atoms, text, variant=variant, fails=True)
    assert "indefinite charge matrix" in free.log
    script = script.replace("potential 1.0", "potential 1.0 qtotal 0")
    result = lammps(script + observed + "run 0\n", atoms, text, variant=variant)
    charge = result.frame()["q"]
    assert charge.sum() == pytest.approx(0.0, abs=1e-10)
    check_forces(lammps, script + observed, text, atoms)


@SERIAL
@pytest.mark.parametrize("solver", ["pcg", "xl iterations 1 damping none"])
def test_energy_error_is_that_of_the_integrator(lammps, variant, solver):
    """Half the time step, a quarter of the error of the total energy, while charge flows from one to the other."""
    errors = []
    for timestep, steps in ((0.001, 60), (0.0005, 120)):
        script = script_with(NEUTRAL, f"all qeq/vc 1 1e-10 300 solver {solver}", "") + NVE + columns(NEUTRAL)
        result = lammps(
            script + f"timestep {timestep}\nthermo 4\nrun {steps}\n",
            SYSTEM,
            potential(coulomb="gaussian"),
            variant=variant,
        )
        energy = result.series("TotEng")
        errors.append(np.abs(energy - energy[0]).max())
        left, right = (result.series(f"f_qeq[{g}][3]") for g in (1, 2))
        assert np.ptp(left) > 1e-3
        np.testing.assert_allclose(left + right, left[0] + right[0], rtol=0, atol=1e-10)
    assert errors[0] < 0.1
    assert 3.0 < errors[0] / errors[1] < 5.0


# ---- runs, restarts, changes ---------------------------------------------------------------------


@TWO
@pytest.mark.parametrize("solver", ["pcg", "xl damping 3"])
def test_restart(lammps, variant, solver):
    """The total that is kept is in the restart file, and so is what fix_modify made of it."""
    fix = f"{FIX} solver {solver}"
    script = script_with(KEPT, fix) + columns(KEPT) + NVE + "run 4\nfix_modify qeq qtotal 0.25\nrun 4\n"
    whole = lammps(script + "run 6\n", SYSTEM, potential(coulomb="gaussian"), variant=variant)
    first = lammps(script + "write_restart middle\n", SYSTEM, potential(coulomb="gaussian"), variant=variant)
    again = "units metal\natom_style charge\nread_restart middle\npair_style rfmeam/qeq\n"
    again += "pair_coeff * * LiF.rfmeam Li F\nset group left charge 0.0\n"
    again += f"fix qeq {fix + KEPT}\n" + columns(KEPT) + "fix nve all nve\nrun 6\n"
    second = lammps(again.replace("set group left charge 0.0\n", ""), variant=variant, folder=first.folder)
    for name in ARRAY:
        assert second.last(name) == pytest.approx(whole.last(name), abs=1e-8), name
    assert whole.last("f_qeq[1][2]") + whole.last("f_qeq[2][2]") == pytest.approx(0.25, abs=1e-10)
    if variant == PLAIN and solver == "pcg":
        changed = lammps(again, folder=first.folder)
        assert "brings the atoms of the groups at a potential, whose charges add up to" in changed.log
        assert changed.last("f_qeq[1][2]") + changed.last("f_qeq[2][2]") == pytest.approx(0.25, abs=1e-10)


@SERIAL
def test_fix_modify(lammps, variant):
    """Another total, the present one, another voltage, another total of the other group."""
    changes = ["qtotal 0.7", "group right potential 6.0", "group middle qtotal -0.2", "qtotal keep"]
    script = script_with(KEPT) + columns(KEPT) + "run 0\n"
    script += "".join(f"fix_modify qeq {change}\nrun 0\n" for change in changes)
    rows = [block[-1] for block in lammps(script, SYSTEM, potential(), variant=variant).thermo()]
    held = [row["f_qeq[1][2]"] + row["f_qeq[2][2]"] for row in rows]
    assert held == pytest.approx([HELD, 0.7, 0.7, 0.7, 0.7], abs=1e-10)
    assert [r["f_qeq[2][1]"] - r["f_qeq[1][1]"] for r in rows] == pytest.approx([1.5, 1.5, 2.0, 2.0, 2.0], abs=1e-9)
    assert [r["f_qeq[3][2]"] for r in rows] == pytest.approx([0.3, 0.3, 0.3, -0.2, -0.2], abs=1e-10)
    assert rows[2]["f_qeq[2][2]"] > rows[1]["f_qeq[2][2]"]


# ---- what is refused -----------------------------------------------------------------------------

TOO_FEW = "qtotal after keyword group, of the groups at a potential together: there are {}, allowed are two or more"
BAD = {
    "none at a potential": (" group left qtotal 0 qtotal 1", TOO_FEW.format(0)),
    "one at a potential": (" group left potential 1 group right qtotal 0 qtotal 0", TOO_FEW.format(1)),
    "word": (CELL + " qtotal neutral", "Expected floating point"),
    "infinite": (CELL + " qtotal 1e999", "number 1e999 .*out of range"),
    "NaN": (CELL + " qtotal nan", "Expected floating point"),
    "no value": (CELL + " qtotal", "fix qeq/vc qtotal command: missing"),
    "twice": (NEUTRAL + " qtotal 1", "qtotal of the groups at a potential is given twice"),
    "wrong order": (" qtotal 0" + CELL, "keyword group after qtotal of all its atoms"),
    "without groups": (" potential 1 qtotal 0", "keywords qtotal and potential of the same atoms"),
}


@pytest.mark.parametrize("case", BAD)
def test_refused(lammps, case):
    setting, message = BAD[case]
    log = lammps(script_with(setting, observed="") + "run 0\n", SYSTEM, potential(), fails=True).log
    assert re.search(f"ERROR.*{message}", log), log


MODIFY = {
    "held to total": ("group left qtotal 0", "group left qtotal: allowed is potential, as groups at a potential share"),
    "total to held": ("group middle potential 1", "group middle potential: allowed is qtotal, as groups at a"),
    "potential of all": ("potential 1", "allowed is group NAME potential VALUE, as the fix has 3 groups"),
    "not a number": ("qtotal some", "Expected floating point"),
    "no value": ("qtotal", "fix_modify qtotal command: missing"),
}


@pytest.mark.parametrize("case", MODIFY)
def test_fix_modify_refused(lammps, case):
    command, message = MODIFY[case]
    script = script_with(NEUTRAL, observed="") + f"fix_modify qeq {command}\n"
    log = lammps(script, SYSTEM, potential(), fails=True).log
    assert re.search(f"ERROR.*{message}", log), log


@TWO
def test_atom_in_both_electrodes(lammps, variant):
    """In a run; before the first one, the fix looks at its groups."""
    script = script_with(" group left potential 4 group right potential 5 qtotal 0", "pair qeq/vc 1 1e-12 300", "")
    script = script.replace("fix qeq", "group pair union left right\nfix qeq") + "run 0\ngroup right id 1\nrun 0\n"
    log = lammps(script, SYSTEM, potential(), variant=variant, fails=True).log
    assert re.search("ERROR: Fix qeq/vc.* atom 1 is in none or several of the groups", log), log
