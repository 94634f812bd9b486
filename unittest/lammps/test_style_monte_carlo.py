"""Atoms that come and go during runs: Monte Carlo, deposition, evaporation. The total charge stays what it was."""

import re

import numpy as np
import pytest
from ase import Atoms
from harness import check_against_dense, few_variants, model, needs_package, observe, potential, rocksalt

EACH = pytest.mark.parametrize("variant", few_variants(), ids=str)
MC = needs_package("MC")
OBSERVE = observe(stress=False, peratom=False)
FIX = "all qeq/vc 1 1e-12 200"


def slab() -> Atoms:
    """64 atoms and 12 Å of vacuum, charges ±0.6 e."""
    atoms = rocksalt(2, rattle=0.2, seed=5)
    atoms.positions[:, 2] += 1
    atoms.cell[2] = [0, 0, 20.4]
    atoms.set_initial_charges(np.where(atoms.symbols == "Li", 0.6, -0.6))
    return atoms


SLAB = slab()
VACUUM = "region vacuum block 0 8.4 0 8.4 11 18 units box\n"


def check_totals(result, total: float = 0.0) -> None:
    """At every step, in the fix's own count and in the dump."""
    np.testing.assert_allclose(result.series("f_qeq[3]"), total, rtol=0, atol=1e-10)
    for frame in result.frames():
        assert frame["q"].sum() == pytest.approx(total, abs=1e-10)


def thermo(more: str) -> str:
    return OBSERVE.replace("thermo_style custom step", f"thermo_style custom step atoms {more}")


# ---- trials that must leave no trace -------------------------------------------------------------


@MC
@pytest.mark.parametrize("solver", ["pcg", "direct"])
@EACH
def test_widom(lammps, variant, solver):
    """Widom's insertions change nothing; the chemical potential is that with the total given."""
    widom = VACUUM + "fix mc all widom 1 5 1 4321 300.0 full_energy charge 0.0 region vacuum\n"
    script = model(fix=f"{FIX} solver {solver}") + widom + thermo("f_mc[1]") + "run 3\n"
    result = lammps(script, SLAB, potential(), variant=variant)
    check_totals(result)
    np.testing.assert_array_equal(result.series("Atoms"), 64)
    np.testing.assert_allclose(result.series("PotEng"), result.series("PotEng")[0], rtol=1e-10)
    check_against_dense(result, 0.0)
    if solver == "pcg":
        given = lammps(script.replace("solver pcg", "qtotal 0.0"), SLAB, potential(), variant=variant)
        np.testing.assert_allclose(result.series("f_mc[1]")[1:], given.series("f_mc[1]")[1:], rtol=1e-7)
        assert abs(result.last("f_mc[1]")) > 0.01


@MC
@EACH
def test_gcmc(lammps, variant):
    """Insertions and deletions, some accepted: what remains has the total charge of the start."""
    gcmc = "fix mc all gcmc 1 10 2 1 4321 20000.0 -17.0 0.3 charge 0.0 full_energy overlap_cutoff 1.5\n"
    script = model(fix=FIX) + gcmc + thermo("f_mc[1] f_mc[2] f_mc[3] f_mc[4] f_mc[5] f_mc[6]") + "run 6\n"
    result = lammps(script, SLAB, potential(), variant=variant)
    assert result.last("f_mc[4]") > 0 and result.last("f_mc[6]") > 0, "no insertion or no deletion"
    assert result.last("f_mc[3]") + result.last("f_mc[5]") > result.last("f_mc[4]") + result.last("f_mc[6]")
    assert result.last("Atoms") == 64 + result.last("f_mc[4]") - result.last("f_mc[6]")
    check_totals(result)
    check_against_dense(result, 0.0)


@MC
@EACH
def test_gcmc_self_energy_of_deleted_atoms(lammps, variant):
    """E0, chi and J of an atom that fix gcmc has taken out of all groups do not count: every deletion of atoms far
    apart with E0 = 5 eV is downhill and accepted, every insertion refused."""
    text = "# UNITS: metal\nformat rfmeam 1\nelements A\ncharge A 3.0 12.0 5.0\ncoulomb direct_cut 6.0\nend\n"
    grid = 20.0 * np.array([[x, y, z] for x in range(2) for y in range(2) for z in range(3)])
    atoms = Atoms("X12", grid + 5, cell=[40, 40, 60], pbc=True)
    atoms.set_initial_charges(np.zeros(12))
    gcmc = "fix mc all gcmc 1 10 0 1 4321 1000.0 2.5 0.0 charge 0.0 full_energy overlap_cutoff 3\n"
    script = model(fix=FIX, coeff="* * LiF.rfmeam A") + gcmc + thermo("f_mc[3] f_mc[4] f_mc[5] f_mc[6]") + "run 1\n"
    result = lammps(script, atoms, text, variant=variant, types=["X"])
    assert result.last("f_mc[3]") > 1 and result.last("f_mc[4]") == 0
    assert result.last("f_mc[5]") > 1 and result.last("f_mc[6]") == result.last("f_mc[5]")
    remaining = 12 - result.last("f_mc[6]")
    assert result.last("Atoms") == remaining
    assert result.last("PotEng") == pytest.approx(5.0 * remaining, rel=1e-12)


@MC
@EACH
def test_gcmc_until_nothing_is_left(lammps, variant):
    """The last atom goes as well."""
    text = "# UNITS: metal\nformat rfmeam 1\nelements A\ncharge A 3.0 12.0 5.0\ncoulomb direct_cut 6.0\nend\n"
    atoms = Atoms("X2", [[5, 5, 5], [25, 25, 25]], cell=[40, 40, 60], pbc=True)
    atoms.set_initial_charges(np.zeros(2))
    gcmc = "fix mc all gcmc 1 10 0 1 4321 1000.0 2.5 0.0 charge 0.0 full_energy overlap_cutoff 3\n"
    script = model(fix=FIX, coeff="* * LiF.rfmeam A") + gcmc + thermo("f_mc[5] f_mc[6]") + "run 2\n"
    result = lammps(script, atoms, text, variant=variant, types=["X"])
    assert result.last("f_mc[6]") == 2
    assert result.last("Atoms") == 0
    assert result.last("PotEng") == 0


@MC
@EACH
def test_gcmc_from_an_empty_box(lammps, variant):
    """With the total given the group may begin without atoms."""
    box = "region box block 0 12 0 12 0 12\ncreate_box 2 box\nmass 1 6.94\nmass 2 18.998\n"
    gcmc = "fix mc all gcmc 1 10 0 1 4321 1000.0 2.0 0.0 charge 0.0 full_energy overlap_cutoff 2.5\n"
    script = model(fix=FIX + " qtotal 0.3").replace("read_data system.data\n", box) + gcmc + OBSERVE + "run 2\n"
    result = lammps(script, potential=potential(), variant=variant)
    assert len(result.frame()["id"]) > 2
    check_against_dense(result, 0.3)
    failed = lammps(script.replace("qtotal 0.3", "qtotal keep"), potential=potential(), variant=variant, fails=True)
    assert "group all has no atoms" in failed.log


@MC
@EACH
def test_monte_carlo_between_equilibrations(lammps, variant):
    """Nevery 3 and trials at each step would accept by energies of charges that are not in equilibrium: refused."""
    gcmc = "fix mc all gcmc 1 10 2 1 4321 20000.0 -17.0 0.3 charge 0.0 full_energy overlap_cutoff 1.5\n"
    script = model(fix=FIX.replace("qeq/vc 1", "qeq/vc 3")) + gcmc + "run 1\n"
    log = lammps(script, SLAB, potential(), variant=variant, fails=True).log
    assert re.search(r"ERROR: Fix qeq/vc.* Nevery is 3 .*gcmc", log), log


@MC
@pytest.mark.parametrize("temperature", [1.0, 30000.0])
@EACH
def test_atom_swap(lammps, variant, temperature):
    """The swap gives atoms the charges of types: of refused and accepted ones nothing remains but the types."""
    swap = f"fix mc all atom/swap 1 10 29494 {temperature} types 1 2 ke no\n"
    script = model(fix=FIX) + swap + thermo("f_mc[1] f_mc[2]") + "run 4\n"
    result = lammps(script, SLAB, potential(), variant=variant)
    assert result.last("f_mc[1]") == 40
    check_totals(result)
    if temperature == 1.0:
        np.testing.assert_allclose(result.series("PotEng")[result.series("f_mc[2]") == 0], result.series("PotEng")[0])
    else:
        assert 0 < result.last("f_mc[2]") < 40
        assert not np.array_equal(result.frames()[0]["type"], result.frame()["type"])
    check_against_dense(result, 0.0)


@MC
@EACH
def test_semi_grand(lammps, variant):
    """Atoms change their element; the total charge stays."""
    swap = "fix mc all atom/swap 1 10 29494 20000.0 types 1 2 semi-grand yes mu 0.0 0.0 ke no\n"
    script = model(fix=FIX) + swap + thermo("f_mc[1] f_mc[2]") + "run 4\nrun 2\n"
    result = lammps(script, SLAB, potential(), variant=variant)
    assert 0 < result.last("f_mc[2]") < 60
    check_totals(result)
    check_against_dense(result, 0.0)


# ---- atoms that come and go for good -------------------------------------------------------------

NVE = "velocity all create 600 4711 loop all\nfix nve all nve\ntimestep 0.0005\n"
DEPOSIT = VACUUM + "fix new all deposit 3 1 3 12345 region vacuum near 2 vz -1 -1\n"
EVAPORATE = "region low block INF INF INF INF INF 6 units box\nfix gone all evaporate 3 2 low 4711\n"
COMMANDS = {"deposit": (DEPOSIT, 67), "evaporate": (EVAPORATE, 60), "both": (DEPOSIT + EVAPORATE, 63)}


@pytest.mark.parametrize("command", COMMANDS)
@EACH
def test_atoms_come_and_go(lammps, variant, command):
    """The group's total stays; new atoms are equilibrated at once, those that go leave their charge behind."""
    lines, count = COMMANDS[command]
    atoms = SLAB.copy()
    atoms.set_initial_charges(atoms.get_initial_charges() + 0.01)
    script = model(fix=FIX) + NVE + lines + thermo("temp") + "run 8\n"
    result = lammps(script, atoms, potential(), variant=variant)
    assert result.last("Atoms") == count
    check_totals(result, 0.64)
    check_against_dense(result, 0.64)


@EACH
def test_deleted_and_created_between_runs(lammps, variant):
    """A change of the atoms' sum is told at the next run, and not followed."""
    script = model(fix=FIX) + OBSERVE + "run 0\ngroup gone id 7 8 40\ndelete_atoms group gone compress no\nrun 1\n"
    script += "create_atoms 1 single 3.1 3.0 12.2 units box\nset atom 65 charge 0.5\nrun 1\n"
    result = lammps(script, SLAB, potential(), variant=variant)
    assert [len(frame["id"]) for frame in result.frames()] == [64, 61, 62]
    check_totals(result)
    check_against_dense(result, 0.0)
    assert [len(lines) for lines in result.warnings()] == [0, 1, 1, 0]


@EACH
def test_other_total(lammps, variant):
    """fix_modify sets another total, a restart file keeps it, a new fix takes that of the atoms."""
    script = model(fix=FIX) + OBSERVE + "run 0\nfix_modify qeq qtotal 0.5\nrun 0\nset group all charge 0.1\nrun 1\n"
    script += "write_restart middle\n"
    result = lammps(script, SLAB, potential(), variant=variant)
    assert result.series("f_qeq[3]") == pytest.approx([0.0, 0.5, 0.5, 0.5], abs=1e-10)
    check_against_dense(result, 0.5)

    files = {"middle": (result.folder / "middle").read_bytes()}
    again = "units metal\natom_style charge\nread_restart middle\nset group all charge -0.1\npair_style rfmeam/qeq\n"
    again += f"pair_coeff * * LiF.rfmeam Li F\nfix qeq {FIX}\n" + OBSERVE + "run 0\n"
    result = lammps(again, potential=potential(), variant=variant, files=files)
    check_totals(result, 0.5)
    again = again.replace("fix qeq", "fix new").replace("f_qeq", "f_new")
    result = lammps(again, potential=potential(), variant=variant, files=files)
    assert result.last("f_new[3]") == pytest.approx(-6.4, abs=1e-10)


@EACH
def test_total_of_the_first_setup(lammps, variant):
    """`keep` is what the group has when its first run starts, whatever it had when the fix was defined; a new fix of
    the same name starts anew."""
    script = model(fix=FIX) + OBSERVE + "set group all charge 0.01\nrun 0\nunfix qeq\nset group all charge -0.02\n"
    script += f"fix qeq {FIX}\nrun 1\n"
    result = lammps(script, SLAB, potential(), variant=variant)
    assert result.series("f_qeq[3]") == pytest.approx([0.64, -1.28, -1.28], abs=1e-10)
    check_against_dense(result, -1.28)
