"""Several groups of charges in one fix qeq/vc: totals of their own, and groups held at a potential."""

import re

import numpy as np
import pytest
from harness import (
    K_E,
    PLAIN,
    WALLS,
    few_variants,
    model,
    observe,
    potential,
    rocksalt,
    serial_variants,
    thermo_output,
    triclinic,
    two_variants,
)
from test_style_long import everything, long_model, long_potential
from test_style_variants import compare

import rfmeam

EACH = pytest.mark.parametrize("variant", few_variants(), ids=str)
OTHERS = pytest.mark.parametrize("variant", [v for v in few_variants() if v != PLAIN], ids=str)
SERIAL = pytest.mark.parametrize("variant", serial_variants(), ids=str)
TWO = pytest.mark.parametrize("variant", two_variants(), ids=str)

SYSTEM = triclinic(rocksalt(2, rattle=0.1, seed=5))
START = SYSTEM.get_initial_charges()
IN_GROUP = {"left": np.arange(64) % 3 == 0, "right": np.arange(64) % 3 == 1, "middle": np.arange(64) % 3 == 2}
GROUPS = "".join(
    f"group {name} id {' '.join(str(i + 1) for i in np.flatnonzero(members))}\n" for name, members in IN_GROUP.items()
)
FIX = "all qeq/vc 1 1e-12 300"
CELL = " group left potential 4.0 group right potential 5.5 group middle qtotal 0.3"
SETTINGS = {
    "electrodes": CELL,
    "totals": " group left qtotal 0.5 group middle qtotal -0.7 group right qtotal keep",
    "all held": " potential 4.8",
    "total together": CELL + " qtotal -0.4",
}
ARRAY = [f"f_qeq[{g}][{c}]" for g in (1, 2, 3) for c in (1, 2, 3)]
NVE = "velocity all create 600 4711 loop all\nfix nve all nve\n"


def script_with(setting: str = CELL, fix: str = FIX, observed: str | None = None) -> str:
    script = model(fix=fix + setting).replace("fix qeq", GROUPS + "fix qeq")
    return script + (observe(stress=False) if observed is None else observed)


def charges_in(frame, name: str) -> float:
    return float(frame["q"][IN_GROUP[name]].sum())


def columns(setting: str) -> str:
    """A thermo output with the array of the fix, which `observe` does not know of."""
    names = ARRAY[: 3 * (setting.count("group") or 1)]
    return thermo_output("step pe etotal f_qeq f_qeq[*] " + " ".join(names))


# ---- the minimum ---------------------------------------------------------------------------------


@EACH
def test_groups_have_what_they_are_given(lammps, variant):
    """A potential, or a total with a chemical potential of its own; what flowed is counted."""
    script = script_with() + columns(CELL) + "run 0\n"
    result = lammps(script, SYSTEM, potential(), variant=variant)
    frame = result.frame()
    mu = {"left": 4.0, "right": 5.5, "middle": result.last("f_qeq[3][1]")}
    assert mu["middle"] not in (4.0, 5.5)
    for g, name in enumerate(("left", "right", "middle"), 1):
        np.testing.assert_allclose(frame["f_peratom[3]"][IN_GROUP[name]], mu[name], rtol=0, atol=1e-9)
        assert result.last(f"f_qeq[{g}][1]") == pytest.approx(mu[name], abs=1e-9)
        assert result.last(f"f_qeq[{g}][2]") == pytest.approx(charges_in(frame, name), abs=1e-11)
        flowed = charges_in(frame, name) - START[IN_GROUP[name]].sum()
        assert result.last(f"f_qeq[{g}][3]") == pytest.approx(flowed, abs=1e-11)
    assert charges_in(frame, "middle") == pytest.approx(0.3, abs=1e-11)
    assert result.last("f_qeq[1]") == pytest.approx(4.0, abs=1e-9)
    assert result.last("f_qeq[2]") < 1e-9
    assert result.last("f_qeq[3]") == pytest.approx(frame["q"].sum(), abs=1e-11)


@pytest.fixture(scope="module")
def reference():
    return {}


@OTHERS
@pytest.mark.parametrize("setting", SETTINGS)
@pytest.mark.parametrize("solver", ["pcg", "xl damping 4"])
def test_agrees_with_plain_serial(lammps, reference, setting, solver, variant):
    """Ten steps with new neighbour lists, and energies and stresses of atoms."""
    script = script_with(SETTINGS[setting], f"{FIX} solver {solver}", observe()) + NVE.replace("600", "3000")
    script += "neighbor 0.05 bin\nneigh_modify delay 0 every 1 check yes\ndump_modify observe every 10\nrun 10\n"
    if (setting, solver) not in reference:
        reference[setting, solver] = lammps(script, SYSTEM, potential(coulomb="gaussian"))
        assert "Neighbor list builds = 0" not in reference[setting, solver].log
    result = lammps(script, SYSTEM, potential(coulomb="gaussian"), variant=variant)
    compare(result, reference[setting, solver], 1e-9)


@SERIAL
@pytest.mark.parametrize("setting", SETTINGS)
def test_factorisation_agrees(lammps, variant, setting):
    for walls in ("", WALLS):
        text = potential(walls=walls)
        iterated, factored = (
            lammps(
                script_with(SETTINGS[setting], f"{FIX} solver {solver}") + columns(SETTINGS[setting]) + "run 0\n",
                SYSTEM,
                text,
                variant=variant,
            )
            for solver in ("pcg", "direct")
        )
        np.testing.assert_allclose(iterated.frame()["q"], factored.frame()["q"], rtol=0, atol=1e-9)
        assert iterated.last("f_qeq[1][1]") == pytest.approx(factored.last("f_qeq[1][1]"), abs=1e-9)


def test_one_group_of_all_is_as_none(lammps):
    """keyword group with the fix' own group: the charges of a fix without keywords."""
    plain = lammps(script_with("") + "run 0\n", SYSTEM, potential())
    one = lammps(script_with(" group all qtotal keep") + "run 0\n", SYSTEM, potential())
    np.testing.assert_array_equal(one.frame()["q"], plain.frame()["q"])
    assert one.last("PotEng") == plain.last("PotEng")


# ---- energy and forces ---------------------------------------------------------------------------


@SERIAL
def test_energy_of_the_sources(lammps, variant):
    """-V Q of the groups at a potential V is in the energy, in the self energy of the pair style, and by atoms."""
    result = lammps(script_with() + "run 0\n", SYSTEM, potential(), variant=variant)
    frame = result.frame()
    expected = rfmeam.evaluate(rfmeam.Potential.parse(potential()), frame.system(), frame["q"], K_E["metal"])
    sources = -4.0 * charges_in(frame, "left") - 5.5 * charges_in(frame, "right")
    assert abs(sources) > 1
    assert result.last("PotEng") == pytest.approx(expected.total + sources, abs=1e-9)
    assert result.last("c_terms[4]") == pytest.approx(expected.self_energy + sources, abs=1e-9)
    assert frame["c_energy"].sum() == pytest.approx(result.last("PotEng"), abs=1e-9)
    np.testing.assert_allclose(frame.forces, expected.forces, rtol=0, atol=1e-9)


def check_forces(lammps, script: str, text: str, system=SYSTEM) -> None:
    """Against finite differences; charge flows at every displacement."""
    step, moved = 1e-4, [0, 13, 38]
    script += "run 0\nundump observe\nthermo_modify line one\n"
    for i in moved:
        for axis in range(3):
            shift = np.zeros((3, 3))
            shift[:, axis] = step, -2 * step, step
            script += f"group g id {i + 1}\n"
            for n, x in enumerate(shift):
                script += f"displace_atoms g move {x[0]} {x[1]} {x[2]}\n"
                script += 'run 0 post no\nprint "energy: $(pe:%.17g)"\n' if n < 2 else ""
            script += "group g delete\n"
    result = lammps(script, system, text)
    energies = np.array(result.printed("energy")).reshape(len(moved), 3, 2)
    forces = -(energies[..., 0] - energies[..., 1]) / (2 * step)
    np.testing.assert_allclose(forces, result.frame().forces[moved], rtol=0, atol=3e-6)


@pytest.mark.parametrize("setting", SETTINGS)
def test_forces_are_energy_derivatives(lammps, setting):
    fix = "all qeq/vc 1 1e-13 300"
    check_forces(lammps, script_with(SETTINGS[setting], fix, observe(stress=False, peratom=False)), potential())


def test_long_range(lammps):
    """In a box that is not neutral, with its uniform background: slopes of the groups, and forces."""
    script = long_model(fix="all qeq/vc 1 1e-13 400" + CELL).replace("fix qeq", GROUPS + "fix qeq")
    text = long_potential("gaussian")
    frame = lammps(script + everything(stress=False) + "run 0\n", SYSTEM, text).frame()
    np.testing.assert_allclose(frame["f_peratom[3]"][IN_GROUP["left"]], 4.0, rtol=0, atol=1e-8)
    np.testing.assert_allclose(frame["f_peratom[3]"][IN_GROUP["right"]], 5.5, rtol=0, atol=1e-8)
    assert charges_in(frame, "middle") == pytest.approx(0.3, abs=1e-11)
    assert abs(frame["q"].sum()) > 0.1
    check_forces(lammps, script + everything(stress=False, peratom=False), text)


@SERIAL
@pytest.mark.parametrize("solver", ["", " solver xl iterations 1 damping none"], ids=["pcg", "xl"])
def test_energy_error_is_that_of_the_integrator(lammps, variant, solver):
    """Half the time step, a quarter of the error of the total energy, while charge flows."""
    errors = []
    for timestep, steps in ((0.001, 60), (0.0005, 120)):
        script = script_with(CELL, "all qeq/vc 1 1e-10 300" + solver, "") + NVE
        script += f"timestep {timestep}\n" + thermo_output("step etotal f_qeq[1][3]", every=4) + f"run {steps}\n"
        result = lammps(script, SYSTEM, potential(coulomb="gaussian"), variant=variant)
        energy = result.series("TotEng")
        errors.append(np.abs(energy - energy[0]).max())
        assert np.ptp(result.series("f_qeq[1][3]")) > 1e-3
    assert errors[0] < 0.1
    assert 3.0 < errors[0] / errors[1] < 5.0


def test_minimization(lammps):
    """The line search finds the minimum of the energy with the sources in it."""
    script = script_with() + "dump_modify observe every 1000\nmin_style cg\nminimize 0 2e-3 200 400\n"
    result = lammps(script, SYSTEM, potential(coulomb="gaussian"))
    assert np.abs(result.frame().forces).max() < 2e-3
    assert (np.diff(result.series("PotEng")) < 1e-9).all()
    np.testing.assert_allclose(result.frame()["f_peratom[3]"][IN_GROUP["left"]], 4.0, rtol=0, atol=1e-8)


# ---- runs, restarts, changes ---------------------------------------------------------------------


@TWO
@pytest.mark.parametrize("solver", ["pcg", "xl damping 3"])
def test_restart(lammps, variant, solver):
    """A total that is kept, and the charge that flowed before, are in the restart file."""
    fix = f"{FIX} solver {solver}"
    setting = CELL.replace("qtotal 0.3", "qtotal keep")
    script = script_with(setting, fix) + columns(setting) + NVE
    whole = lammps(script + "run 8\nrun 6\n", SYSTEM, potential(coulomb="gaussian"), variant=variant)
    first = lammps(script + "run 8\nwrite_restart middle\n", SYSTEM, potential(coulomb="gaussian"), variant=variant)
    again = "units metal\natom_style charge\nread_restart middle\npair_style rfmeam/qeq\n"
    again += "pair_coeff * * LiF.rfmeam Li F\n" + f"fix qeq {fix + setting}\n" + observe(stress=False)
    again += columns(setting) + "fix nve all nve\nrun 6\n"
    second = lammps(again, variant=variant, folder=first.folder)
    np.testing.assert_allclose(second.frame()["q"], whole.frame()["q"], rtol=0, atol=1e-9)
    for name in ARRAY:
        assert second.last(name) == pytest.approx(whole.last(name), abs=1e-8), name
    if variant == PLAIN and solver == "pcg":
        other = again.replace("group right potential 5.5 group middle qtotal keep", "group rest qtotal keep")
        other = other.replace("fix qeq", "group rest union right middle\nfix qeq")
        log = lammps(other, folder=first.folder, fails=True).log
        assert "Restart file has fix qeq/vc qeq with 3 groups of charges, the input has 2" in log


@SERIAL
def test_fix_modify(lammps, variant):
    """Another potential, a total instead of a potential, and the other way round."""
    script = script_with() + columns(CELL) + "run 0\nfix_modify qeq group left potential 4.4\nrun 0\n"
    script += "fix_modify qeq group right qtotal keep\nrun 0\nfix_modify qeq group middle potential 5.0\nrun 0\n"
    table = [rows[-1] for rows in lammps(script, SYSTEM, potential(), variant=variant).thermo()]
    assert [row["f_qeq[1][1]"] for row in table] == pytest.approx([4.0, 4.4, 4.4, 4.4], abs=1e-9)
    assert table[1]["f_qeq[1][2]"] > table[0]["f_qeq[1][2]"]  # charge goes where the potential is higher
    assert table[2]["f_qeq[2][2]"] == pytest.approx(table[1]["f_qeq[2][2]"], abs=1e-10)
    assert table[3]["f_qeq[2][2]"] == pytest.approx(table[1]["f_qeq[2][2]"], abs=1e-10)
    assert table[3]["f_qeq[3][1]"] == pytest.approx(5.0, abs=1e-9)


def test_without_the_fix_there_are_no_sources(lammps):
    """The energy is that of the charges again, as they stand."""
    result = lammps(script_with(observed=observe(fix=False)) + "run 0\nunfix qeq\nrun 0\n", SYSTEM, potential())
    frame = result.frame()
    expected = rfmeam.evaluate(rfmeam.Potential.parse(potential()), frame.system(), frame["q"], K_E["metal"])
    assert result.last("PotEng") == pytest.approx(expected.total, abs=1e-9)


@SERIAL
def test_sources_between_solves(lammps, variant):
    """With Nevery 3, the energy of the steps between is that of the charges and sources, too."""
    result = lammps(script_with(fix="all qeq/vc 3 1e-12 300") + NVE + "run 5\n", SYSTEM, potential(), variant=variant)
    frame = result.frame()
    expected = rfmeam.evaluate(rfmeam.Potential.parse(potential()), frame.system(), frame["q"], K_E["metal"])
    sources = -4.0 * charges_in(frame, "left") - 5.5 * charges_in(frame, "right")
    assert result.last("PotEng") == pytest.approx(expected.total + sources, abs=1e-9)


# ---- what is refused -----------------------------------------------------------------------------

NEXT = "allowed next is qtotal VALUE or potential VALUE"
BAD = {
    "potential": (" potential x", "Expected floating point"),
    "potential inf": (" potential 1e999", "number 1e999 .*out of range"),
    "potential keep": (" potential keep", "Expected floating point"),
    "no value": (" potential", "fix qeq/vc potential command: missing"),
    "no group": (" group", "fix qeq/vc group command: missing"),
    "unknown group": (" group other qtotal 0", "group is other, allowed is a group that is defined"),
    "wrong order": (" group left solver pcg", f"group left solver: {NEXT}"),
    "nothing after": (" group left", f"keyword group left: {NEXT}"),
    "total": (" group left qtotal 1e999", "number 1e999 .*out of range"),
    "twice": (" group left qtotal 0 group left potential 1", "group left is given twice, allowed is once"),
    "both": (" qtotal 0 potential 1", "keywords qtotal and potential of the same atoms"),
    "all, then group": (" qtotal 0 group left potential 1", "keyword group after qtotal of all its atoms"),
    "group, then all": (" group left qtotal 0 potential 1", "keyword potential of all its atoms after keyword group"),
    "not all": (" group left potential 1 group right qtotal 0", "atom 3 is in none or several of the groups"),
    "overlap": (CELL + " group both qtotal 0", "atom 1 is in none or several of the groups"),
    "empty": (CELL + " group nobody potential 1", "group nobody has no atoms that could be held at potential 1"),
    "empty, keep": (CELL + " group nobody qtotal keep", "group nobody has no atoms. To begin without any"),
}


@pytest.mark.parametrize("case", BAD)
def test_refused(lammps, case):
    setting, message = BAD[case]
    script = script_with(setting, observed="") + "run 0\n"
    script = script.replace("fix qeq", "group both id 1:20\ngroup nobody empty\nfix qeq")
    log = lammps(script, SYSTEM, potential(), fails=True).log
    assert re.search(f"ERROR.*{message}", log), log


MODIFY = {
    "no potential": ("", "potential 1.0", "allowed is a fix qeq/vc that has keyword potential or group"),
    "which": (CELL, "qtotal 0.1", "allowed is group NAME qtotal VALUE, as the fix has 3 groups"),
    "other group": (CELL, "group all qtotal 0.1", "group is all, allowed is a group of the fix"),
    "word": (CELL, "group left limit 0.1", f"group left limit: {NEXT}"),
    "short": (CELL, "group left qtotal", "fix_modify group command: missing"),
}


@pytest.mark.parametrize("case", MODIFY)
def test_fix_modify_refused(lammps, case):
    setting, command, message = MODIFY[case]
    log = lammps(script_with(setting, observed="") + f"fix_modify qeq {command}\n", SYSTEM, potential(), fails=True).log
    assert re.search(f"ERROR.*{message}", log), log


@TWO
def test_atom_of_no_group_in_a_run(lammps, variant):
    """Added in a run, by another command."""
    script = script_with(observed="") + "run 0\ncreate_atoms 1 single 1.05 1.05 1.05\nset atom 65 charge 0\nrun 0\n"
    log = lammps(script, SYSTEM, potential(), variant=variant, fails=True).log
    assert re.search("ERROR: Fix qeq/vc.* atom 65 is in none or several of the groups", log), log


def test_too_many_groups(lammps):
    groups = "".join(f"group g{n} id {n + 1}\n" for n in range(9))
    words = "".join(f" group g{n} potential 1" for n in range(9))
    script = script_with(words, observed="").replace("fix qeq", groups + "fix qeq")
    log = lammps(script, SYSTEM, potential(), fails=True).log
    assert "has more than 8 groups, allowed are 8" in log
