"""Runs of other kinds: changing boxes and sources, other lists and communication, second derivatives, replicas."""

import numpy as np
import pytest
from harness import (
    K_E,
    WRITE_END,
    check_against_dense,
    few_variants,
    model,
    needs_package,
    observe,
    potential,
    rocksalt,
    serial_variants,
    triclinic,
    two_variants,
    variants,
)

import rfmeam

SYSTEM = triclinic(rocksalt(2, rattle=0.15, seed=5))
CELL = rocksalt(1, rattle=0.15, seed=4)
TWO = pytest.mark.parametrize("variant", two_variants(), ids=str)
EACH = pytest.mark.parametrize("variant", few_variants(), ids=str)
SERIAL = pytest.mark.parametrize("variant", serial_variants(), ids=str)
OBSERVE = observe(stress=False, peratom=False)
FIX = "all qeq/vc 1 1e-12 200"
NVE = "velocity all create 600 4711 loop all\nfix nve all nve\ntimestep 0.0005\n"
MASS = {"Li": 6.94, "F": 18.998}


# ---- boxes and sources that change during a run --------------------------------------------------

CHANGES = {
    "deform": "fix x all deform 1 x erate 40 yz erate 60 remap x\n",
    "deform flip": "fix x all deform 1 xy erate 200 remap x flip yes\n",
    "deform velocities": "fix x all deform 1 x erate -5 y volume z volume remap v\n",
    "npt": "unfix nve\nfix x all npt temp 600 600 0.05 tri 0 0 0.1\n",
    "nve/limit": "unfix nve\nfix x all nve/limit 0.02\n",
    "balance": "fix x all balance 2 1.0 shift xyz 5 1.01\n",
    "recenter": "fix x all recenter 0.1 0.2 0.3 shift all units box\n",
    "move": "group few id 5 40\nfix x few move linear 1.0 -2.0 0.5 units box\n",
}


@pytest.mark.parametrize("change", CHANGES)
@TWO
def test_changes_during_a_run(lammps, variant, change):
    """At each step all atoms have one chemical potential; where the run ends, another begins with what is there."""
    script = model(fix=FIX) + observe(stress=False) + NVE + CHANGES[change] + "run 12\nunfix x\nrun 0\n" + WRITE_END
    result = lammps(script, SYSTEM, potential(), variant=variant)
    np.testing.assert_allclose(result.series("f_qeq[3]"), 0, rtol=0, atol=1e-10)
    for frame in result.frames():
        assert np.ptp(frame["f_peratom[3]"]) < 1e-9
    check_against_dense(result, 0.0, name="end.dump")


@EACH
def test_sources_of_fix_adapt(lammps, variant):
    """Charges outside of the group that another fix ramps: at each step the group is in equilibrium with them."""
    adapt = "variable ramp equal 0.1+0.05*step\nfix ramp fixed adapt 1 atom charge v_ramp\n"
    script = model(fix="").replace("pair_style", "group fixed id 1:4\ngroup free subtract all fixed\npair_style")
    script += adapt + f"fix qeq {FIX.replace('all', 'free', 1)}\n" + observe(stress=False) + NVE + "run 4\n"
    frames = lammps(script, SYSTEM, potential(), variant=variant).frames()
    for step, frame in enumerate(frames):
        np.testing.assert_allclose(frame["q"][:4], 0.1 + 0.05 * step, rtol=0, atol=1e-12)
        assert np.ptp(frame["f_peratom[3]"][4:]) < 1e-9
    assert np.abs(frames[-1]["q"] - frames[0]["q"])[4:].max() > 1e-3


# ---- lists and communication of other kinds ------------------------------------------------------

SETTINGS = {
    "nsq": "neighbor 1.0 nsq\n",
    "multi": "neighbor 1.0 multi\n",
    "multi, comm multi": "neighbor 1.0 multi\ncomm_modify mode multi\n",
    "velocities of ghosts": "comm_modify vel yes\n",
    "small bins": "neigh_modify binsize 1.1\n",
    "check no": "neigh_modify delay 0 every 3 check no\n",
}


@pytest.mark.parametrize("setting", SETTINGS)
@TWO
def test_lists_of_other_kinds(lammps, variant, setting):
    """A setting of LAMMPS changes nothing, or LAMMPS refuses it for its own accelerated styles too."""
    if variant.kokkos and setting in ("nsq", "multi", "multi, comm multi"):
        pytest.skip("not in the KOKKOS package")
    script = model(fix=FIX) + SETTINGS[setting] + OBSERVE + NVE + "run 3\n"
    check_against_dense(lammps(script, SYSTEM, potential(), variant=variant), 0.0)


@pytest.mark.parametrize("variant", [v for v in few_variants() if not v.kokkos], ids=str)
def test_lists_of_one_group_only(lammps, variant):
    """neigh_modify include: the others have no neighbors; the group is what it would be without them. (The KOKKOS
    package leaves the others in its bins, as neighbors of the group.)"""
    start = "group part id 1:20 33:52\natom_modify first part\nneigh_modify include part\nfix qeq"
    script = model(fix=FIX.replace("all", "part", 1)).replace("fix qeq", start) + OBSERVE + "run 0\n"
    result = lammps(script, SYSTEM, potential(), variant=variant)
    part = np.r_[0:20, 32:52]
    atoms = SYSTEM[part]
    system = rfmeam.System(atoms.cell.array, atoms.pbc, atoms.positions, atoms.get_chemical_symbols())
    parsed = rfmeam.Potential.parse(potential())
    charges = rfmeam.equilibrate(parsed, system, atoms.get_initial_charges().sum(), K_E["metal"])
    expected = rfmeam.evaluate(parsed, system, charges, K_E["metal"])
    np.testing.assert_allclose(result.frame()["q"][part], charges, rtol=0, atol=1e-9)
    np.testing.assert_allclose(result.frame().forces[part], expected.forces, rtol=0, atol=1e-8)
    np.testing.assert_array_equal(np.delete(result.frame().forces, part, axis=0), 0)


# ---- derivatives by LAMMPS' own commands ---------------------------------------------------------


def dense_forces(positions: np.ndarray) -> np.ndarray:
    """Forces of CELL's atoms (n, 3), eV/Å, with charges in equilibrium."""
    parsed = rfmeam.Potential.parse(potential())
    system = rfmeam.System(CELL.cell.array, CELL.pbc, positions, CELL.get_chemical_symbols())
    return rfmeam.evaluate(parsed, system, rfmeam.equilibrate(parsed, system, 0.0, K_E["metal"]), K_E["metal"]).forces


FEW = [0, 5]  # indices of the atoms that are displaced
MAP = "atom_modify map array"


def displaced(step: float, *which: tuple[int, int]) -> np.ndarray:
    positions = CELL.positions.copy()
    for atom, axis in which:
        positions[atom, axis] += step
    return positions


@needs_package("PHONON")
@EACH
def test_dynamical_matrix(lammps, variant):
    """The charges follow each displacement."""
    script = model(fix=FIX, start=MAP) + "group few id 1 6\ndynamical_matrix few regular 1e-4 file d.dat\n"
    result = lammps(script, CELL, potential(), variant=variant)
    found = np.loadtxt(result.folder / "d.dat").reshape(6, 6)
    masses = np.repeat([MASS[CELL.symbols[i]] for i in FEW], 3)
    rows = []
    for i in FEW:
        for axis in range(3):
            plus, minus = (dense_forces(displaced(s * 1e-4, (i, axis)))[FEW].ravel() for s in (1, -1))
            rows.append(-(plus - minus) / 2e-4)
    expected = np.array(rows) / np.sqrt(np.outer(masses, masses))
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-6 * np.abs(expected).max())


@needs_package("PHONON")
@EACH
def test_third_order(lammps, variant):
    """The same for the forces' second derivatives (LAMMPS prints these, without the sign of the energy's)."""
    script = model(fix=FIX, start=MAP) + "group few id 1 2\nthird_order few regular 1e-2 file t.dat\n"
    result = lammps(script, CELL, potential(), variant=variant)
    table = np.loadtxt(result.folder / "t.dat")
    assert len(table) > 10
    d = 1e-2
    for i, a, j, b, k, *found in table[:: len(table) // 5]:
        first, second = (int(i) - 1, int(a) - 1), (int(j) - 1, int(b) - 1)
        sums = np.zeros(3)
        for s in (1, -1):
            for t in (1, -1):
                positions = displaced(s * d, first)
                positions[second] += t * d
                sums += s * t * dense_forces(positions)[int(k) - 1]
        np.testing.assert_allclose(found, sums / (4 * d * d), rtol=1e-5, atol=1e-4)


@needs_package("EXTRA-FIX")
@EACH
def test_numerical_forces_and_virial(lammps, variant):
    """fix numdiff and numdiff/virial move atoms at fixed charges: the same first derivatives, at the minimum."""
    script = model(fix=FIX, start=MAP) + OBSERVE.replace(" fx fy fz", " fx fy fz f_num[*]")
    fixes = "fix num all numdiff 1 1e-4\nfix virial all numdiff/virial 1 1e-4\n"
    script = script.replace("dump observe", fixes + "dump observe")
    script = script.replace("f_qeq[*]", "f_qeq[*] f_virial[*]") + NVE + "run 1\n"
    result = lammps(script, CELL, potential(), variant=variant)
    frame = result.frame()
    numerical = frame.vectors("f_num[1]", "f_num[2]", "f_num[3]")
    np.testing.assert_allclose(numerical, frame.forces, rtol=0, atol=1e-5)
    for numerical, pressure in enumerate((1, 2, 3, 6, 5, 4), start=1):  # xx yy zz yz xz xy
        expected = result.last(f"c_press[{pressure}]")
        accuracy = 1e-4 * abs(result.last("c_press[1]"))
        assert result.last(f"f_virial[{numerical}]") == pytest.approx(expected, abs=accuracy)
    check_against_dense(result, 0.0, tolerance=1e-8)


# ---- replicas ------------------------------------------------------------------------------------

REPLICAS = [v for v in few_variants() if not v.gpus] if any(v.ranks > 1 for v in variants()) else []
# no min_style of the KOKKOS package fits neb
REPLICAS_OF_NEB = [v for v in REPLICAS if not v.kokkos]
END = "run 0\nwrite_dump all custom end.${r}.dump id type x y z q fx fy fz modify sort id format float %.17g\n"
END += 'print "pe_${r}: $(pe:%.17g) $(f_qeq[3]:%.17g)"\n'


def check_replicas(result) -> list[float]:
    energies = []
    for replica in "ab":
        energy, total = result.printed(f"pe_{replica}")[-1]
        assert total == pytest.approx(0, abs=1e-10)
        check_against_dense(result, 0.0, name=f"end.{replica}.dump", energy=energy, tolerance=1e-8)
        energies.append(energy)
    return energies


@needs_package("REPLICA")
@pytest.mark.parametrize("variant", REPLICAS_OF_NEB, ids=str)
def test_nudged_elastic_band(lammps, variant):
    """Each replica has charges of its own."""
    x, y, z = SYSTEM.positions[4] + [0.3, -0.2, 0.4]
    start = "variable r world a b\natom_modify map array sort 0 0.0"
    script = model(fix=FIX, start=start) + "fix band all neb 1.0\nthermo 5\ntimestep 0.0005\n"
    script += "min_style quickmin\nneb 0.0 0.01 5 5 5 final final.txt\nunfix band\n" + END
    files = {"final.txt": f"1\n5 {x:.17g} {y:.17g} {z:.17g}\n"}
    result = lammps(script, SYSTEM, potential(), variant=variant, files=files, replicas=2)
    first, second = check_replicas(result)
    assert abs(first - second) > 0.01


@needs_package("REPLICA")
@pytest.mark.parametrize("variant", REPLICAS, ids=str)
def test_temper(lammps, variant):
    """Two temperatures that swap."""
    script = model(fix=FIX, start="variable r world a b\nvariable t world 300.0 320.0\n")
    script += "velocity all create $t 4711 loop all\nfix nvt all nvt temp $t $t 0.05\ntimestep 0.0005\nthermo 5\n"
    script += "temper 20 5 $t nvt 1234 5678\n" + END
    check_replicas(lammps(script, SYSTEM, potential(), variant=variant, replicas=2))


# ---- restart on other ranks ----------------------------------------------------------------------


@pytest.mark.parametrize("before", few_variants(), ids=str)
def test_restart_on_another_number_of_ranks(lammps, before):
    """The group's total and the history are for all ranks: one where there were two, two where there was one."""
    after = next((v for v in few_variants() if v.kokkos == before.kokkos and v.ranks != before.ranks), before)
    script = model(fix="all qeq/vc 1 1e-10 200") + OBSERVE + NVE + "restart 6 restart.*\nrun 9\n"
    through = lammps(script, SYSTEM, potential(), variant=before)
    again = "units metal\natom_style charge\nread_restart middle\npair_style rfmeam/qeq\n"
    again += "pair_coeff * * LiF.rfmeam Li F\nfix qeq all qeq/vc 1 1e-10 200\n" + OBSERVE
    again += "fix nve all nve\ntimestep 0.0005\nrun 3\n"
    files = {"middle": (through.folder / "restart.6").read_bytes()}
    result = lammps(again, potential=potential(), variant=after, files=files)
    np.testing.assert_allclose(result.frame()["q"], through.frame()["q"], rtol=0, atol=1e-8)
    assert np.abs(result.series("f_qeq")[1:] - through.series("f_qeq")[7:]).max() <= 1
    check_against_dense(result, 0.0, tolerance=1e-7)
