"""Runs: energy conservation, atoms that change ranks, restarts, minimisation, and whatever happens between runs."""

import re

import numpy as np
import pytest
from ase import Atoms
from harness import (
    PLAIN,
    Variant,
    data_file,
    few_variants,
    has_style,
    migration_variants,
    model,
    observe,
    potential,
    rocksalt,
    serial_variants,
    thermo_output,
    triclinic,
    variants,
)

SYSTEM = triclinic(rocksalt(2, rattle=0.1, seed=5))
FIX = "all qeq/vc 1 1e-11 200"
EACH = pytest.mark.parametrize("variant", few_variants(), ids=str)
OBSERVE = observe(stress=False, peratom=False)
NVE = "velocity all create 600 4711 loop all\nfix nve all nve\ntimestep 0.0005\n"
HOT = NVE.replace("600", "20000") + "neigh_modify delay 0 every 1 check yes\n"


def energies(result) -> np.ndarray:
    return result.series("TotEng")


# ---- energy conservation -------------------------------------------------------------------------


def nve(lammps, tolerance: str, timestep: float, steps: int, variant=PLAIN, guess: int = 3) -> np.ndarray:
    """Total energies (eV, 64 atoms) every 4th of the steps."""
    script = model(fix=f"all qeq/vc 1 {tolerance} 200 guess {guess}") + NVE.replace("0.0005", str(timestep))
    script += thermo_output("step temp etotal", every=4) + f"run {steps}\n"
    result = lammps(script, SYSTEM, potential(), variant=variant)
    temperature = result.series("Temp")
    assert np.ptp(temperature) > 100  # something happens
    return energies(result)


@pytest.mark.parametrize("variant", serial_variants(), ids=str)
def test_energy_error_is_that_of_the_integrator(lammps, variant):
    """Half the time step, a quarter of the energy error: nothing but velocity-Verlet makes it."""
    coarse = nve(lammps, "1e-10", 0.002, 80, variant)
    fine = nve(lammps, "1e-10", 0.001, 160, variant)
    error, quarter = np.abs(coarse - coarse[0]).max(), np.abs(fine - fine[0]).max()
    assert error < 0.2
    assert 3.5 < error / quarter < 4.5


def test_drift_decreases_with_the_tolerance(lammps):
    """Without a guess: the old charges are the start, so that unconverged charges lag behind the motion."""
    exact = nve(lammps, "1e-12", 0.001, 160)
    deviations = [np.abs(nve(lammps, t, 0.001, 160, guess=0) - exact).max() for t in ("1e-2", "1e-3", "1e-5", "1e-8")]
    assert deviations[0] > 10 * deviations[1] > 100 * deviations[2] > 0
    assert deviations[2] < 1e-4
    assert deviations[3] < 1e-7


# ---- atoms that change places --------------------------------------------------------------------


@pytest.mark.parametrize("setting", ["", "processors * 1 1", "comm_style tiled"])
@pytest.mark.parametrize("variant", migration_variants(), ids=str)
def test_history_stays_with_the_atoms(lammps, variant, setting):
    """Tolerance 0.9: the charges are the guess, a polynomial through constants that differ from atom to atom. They
    stay what they are while atoms are sorted, change ranks and cross the box, or the history is someone else's."""
    script = model(fix="all qeq/vc 1 0.9 200", start=setting) + OBSERVE + HOT
    script += "atom_modify sort 3 2.5\nneighbor 0.3 bin\n"
    if "tiled" in setting and variant.gpus:
        pytest.skip("on a GPU KOKKOS stops by itself with comm_style tiled")
    if "tiled" in setting and variant.ranks > 1:
        script += "fix balance all balance 10 1.0 rcb\n"
    result = lammps(script + "run 40\n", SYSTEM, potential(), variant=variant)
    builds = int(re.search(r"Neighbor list builds = (\d+)", result.log)[1])
    assert builds > 5
    moved = result.frame().positions - SYSTEM.positions
    assert (np.abs(moved) > 1).any()
    assert result.series("f_qeq").max() == 0
    np.testing.assert_allclose(result.frame()["q"], SYSTEM.get_initial_charges(), rtol=0, atol=1e-9)


@pytest.mark.parametrize("variant", [v for v in migration_variants() if v != PLAIN], ids=str)
def test_solver_needs_the_same_iterations_on_any_rank(lammps, variant):
    script = model(fix="all qeq/vc 1 1e-6 200 guess 4") + OBSERVE + HOT.replace("20000", "3000")
    script += "neighbor 0.05 bin\natom_modify sort 3 2.5\nrun 30\n"
    expected = lammps(script, SYSTEM, potential())
    result = lammps(script, SYSTEM, potential(), variant=variant)
    assert np.abs(result.series("f_qeq") - expected.series("f_qeq")).max() <= 1
    np.testing.assert_allclose(result.frame()["q"], expected.frame()["q"], rtol=0, atol=1e-5)


# ---- several runs --------------------------------------------------------------------------------


@EACH
def test_runs_in_a_row(lammps, variant):
    """run 4, run 0, run 6 end where run 10 ends; run 0 changes nothing."""
    script = model(fix=FIX) + OBSERVE + NVE
    expected = lammps(script + "run 10\n", SYSTEM, potential(), variant=variant)
    result = lammps(script + "run 4\nrun 0\nrun 6\n", SYSTEM, potential(), variant=variant)
    np.testing.assert_allclose(result.frame()["q"], expected.frame()["q"], rtol=0, atol=1e-9)
    np.testing.assert_allclose(result.frame().forces, expected.frame().forces, rtol=0, atol=1e-8)
    first, second, _ = result.thermo()
    assert second[0]["PotEng"] == pytest.approx(first[-1]["PotEng"], rel=1e-10)
    assert second[0]["f_qeq"] <= 1


def test_trajectory_does_not_depend_on_output(lammps):
    """Energies and virial of every step or of the last one only: the same forces to the last bit (plain styles)."""
    script = model(fix=FIX) + NVE + "dump last all custom 10 last.dump id x y z q fx fy fz\n"
    script += "dump_modify last sort id format float %.17g\n"
    often, once = (
        lammps(script + f"thermo {every}\nrun 10\n", SYSTEM, potential()).frame("last.dump") for every in (1, 10)
    )
    for name in ("q", "fx", "fy", "fz"):
        np.testing.assert_array_equal(once[name], often[name])


@EACH
def test_pre_no_and_every(lammps, variant):
    """Runs without setup in between (pre no; every) go on as if they were one."""
    script = model(fix=FIX) + OBSERVE + NVE
    expected = lammps(script + "run 10\n", SYSTEM, potential(), variant=variant)
    for run in ("run 4\nrun 6 pre no\n", 'run 10 every 2 "variable a equal 1"\n'):
        result = lammps(script + run, SYSTEM, potential(), variant=variant)
        np.testing.assert_allclose(result.frame()["q"], expected.frame()["q"], rtol=0, atol=1e-9)


@EACH
def test_rerun(lammps, variant):
    """Each snapshot of a trajectory on its own: the charges follow from the positions."""
    script = model(fix=FIX) + OBSERVE + NVE + "run 6\n"
    again = model(fix=FIX) + OBSERVE.replace("observe.dump", "again.dump") + "rerun observe.dump dump x y z q\n"
    result = lammps(script + "clear\n" + again, SYSTEM, potential(), variant=variant)
    run, rerun = result.thermo()
    assert len(rerun) == 7
    energies = [[row["PotEng"] for row in table] for table in (run, rerun)]
    np.testing.assert_allclose(energies[1], energies[0], rtol=1e-10)
    frames = zip(result.frames("again.dump"), result.frames(), strict=True)
    for found, expected in frames:
        np.testing.assert_allclose(found["q"], expected["q"], rtol=0, atol=1e-9)


@EACH
def test_clear_and_start_again(lammps, variant):
    script = model(fix=FIX) + OBSERVE + "run 0\n"
    again = script.replace("observe.dump", "again.dump")
    result = lammps(script + "clear\n" + again, SYSTEM, potential(), variant=variant)
    first, second = (result.frame(name) for name in ("observe.dump", "again.dump"))
    np.testing.assert_allclose(second.forces, first.forces, rtol=0, atol=1e-12)
    # threads of a GPU add in an order of their own
    np.testing.assert_allclose(second["q"], first["q"], rtol=0, atol=1e-14 if variant.gpus else 0)


@EACH
def test_other_parameters_between_runs(lammps, variant):
    """A second pair_coeff: another cutoff, RF-MEAM taken away and given back, another k_e."""
    script = model(fix=FIX) + OBSERVE + "run 0\n"
    other = "pair_coeff * * other.rfmeam Li F\ndielectric 1.1\nrun 0\n"
    back = "pair_coeff * * LiF.rfmeam Li F\ndielectric 1.0\nrun 0\n"
    text = potential(meam=False, coulomb="gaussian").replace("gaussian 6.5", "gaussian 8.0")
    result = lammps(script + other + back, SYSTEM, potential(), variant=variant, files={"other.rfmeam": text})
    fresh = model(fix=FIX).replace("LiF.rfmeam", "other.rfmeam") + "dielectric 1.1\n" + OBSERVE + "run 0\n"
    alone = lammps(fresh, SYSTEM, variant=variant, files={"other.rfmeam": text})
    first, second, third = (table[0]["PotEng"] for table in result.thermo())
    assert second == pytest.approx(alone.last("PotEng"), rel=1e-10)
    assert third == pytest.approx(first, rel=1e-10)
    assert abs(second - first) > 1


@EACH
def test_atoms_deleted_and_created_between_runs(lammps, variant):
    """New atoms start with their own charge as history; the total charge is what the atoms have."""
    script = model(fix="all qeq/vc 1 1e-11 200") + OBSERVE + NVE + "run 5\n"
    script += "group gone id 7 40\ndelete_atoms group gone compress no\nrun 3\n"
    script += "create_atoms 1 single 3.1 3.0 3.2 units box\ngroup new id 65\nset group new charge 0.5\nrun 3\n"
    result = lammps(script, SYSTEM, potential(), variant=variant)
    total = SYSTEM.get_initial_charges().sum()
    for table in result.thermo():
        assert table[-1]["f_qeq[3]"] == pytest.approx(total, abs=1e-10)
    assert len(re.findall("WARNING: Fix qeq/vc.* back to their total charge", result.log)) == 2
    assert result.frame()["id"].max() == 65
    assert result.series("f_qeq").max() < 30
    fresh = lammps(write_and_reread(result), potential=potential(), variant=variant, folder=result.folder)
    np.testing.assert_allclose(fresh.frame("fresh.dump")["q"], result.frame()["q"], rtol=0, atol=1e-9)


def write_and_reread(result) -> str:
    """A fresh calculation on the last frame of a result, with its own charges as the start."""
    frame = result.frame()
    lines = ["fresh", "", f"{len(frame['id'])} atoms", "2 atom types"]
    a, b, c = SYSTEM.cell.array
    lines += [f"0 {a[0]:.17g} xlo xhi", f"0 {b[1]:.17g} ylo yhi", f"0 {c[2]:.17g} zlo zhi"]
    lines += [f"{b[0]:.17g} {c[0]:.17g} {c[1]:.17g} xy xz yz", "", "Masses", "", "1 6.94", "2 19", "", "Atoms", ""]
    for i in range(len(frame["id"])):
        x, y, z = frame.positions[i]
        lines.append(f"{frame['id'][i]:.0f} {frame['type'][i]:.0f} {frame['q'][i]:.17g} {x:.17g} {y:.17g} {z:.17g}")
    (result.folder / "fresh.data").write_text("\n".join(lines) + "\n")
    script = model(fix="all qeq/vc 1 1e-12 200").replace("system.data", "fresh.data")
    return script + OBSERVE.replace("observe.dump", "fresh.dump") + "run 0\n"


@EACH
def test_new_atoms_have_no_history_of_others(lammps, variant):
    """Tolerance 0.9: charges are the guess. New atoms, in the places of deleted ones, keep the charge they come with,
    0 from create_atoms, any from read_data; the others keep theirs; then all are shifted alike to the total."""
    script = model(fix="all qeq/vc 1 0.9 200") + OBSERVE + NVE + "run 5\ngroup gone id 7 40\n"
    script += "delete_atoms group gone compress no\ncreate_atoms 1 single 3.1 3.0 3.2 units box\n"
    script += "read_data more.data add append\nrun 4\n"
    more = Atoms("F", [[5.3, 5.0, 5.2]], cell=SYSTEM.cell, pbc=True)
    more.set_initial_charges([-0.4])
    files = {"more.data": data_file(more, ["Li", "F"])}
    result = lammps(script, SYSTEM, potential(), variant=variant, files=files)
    expected = np.append(np.delete(SYSTEM.get_initial_charges(), [6, 39]), [0, -0.4])
    expected += (SYSTEM.get_initial_charges().sum() - expected.sum()) / len(expected)
    assert result.series("f_qeq").max() == 0
    np.testing.assert_allclose(result.frame()["q"], expected, rtol=0, atol=1e-12)


@EACH
def test_atoms_deposited_in_a_run(lammps, variant):
    """Atoms that appear during a run take part from then on."""
    atoms = SYSTEM.copy()
    atoms.cell[2] = [0, 0, 25]
    atoms.pbc = True
    script = model(fix="all qeq/vc 1 1e-11 200") + OBSERVE + NVE
    script += "region top block 2 6 2 6 14 18 units box\nfix new all deposit 3 1 4 12345 region top near 2 vz -1 -1\n"
    result = lammps(script + "run 14\n", atoms, potential(), variant=variant)
    frames = result.frames()
    assert len(frames[0]["id"]) == 64
    assert len(frames[-1]["id"]) == 67
    for frame in frames:
        assert frame["q"].sum() == pytest.approx(0, abs=1e-10)
    assert result.series("f_qeq").max() < 40
    assert np.abs(frames[-1]["q"][64:]).max() > 1e-6


@EACH
def test_lost_atoms(lammps, variant):
    """An atom flies out of the box: an error of LAMMPS; with `lost ignore` the others go on, with the total charge
    of the group as it was (qtotal keep)."""
    atoms = SYSTEM.copy()
    atoms.positions[:, 2] += 1
    start = "boundary p p f"
    script = model(fix="all qeq/vc 1 1e-11 200", start=start) + OBSERVE
    script += "velocity all create 300 4711 loop all\nfix nve all nve\ntimestep 0.0005\n"
    script += "neigh_modify delay 0 every 1 check yes\n"
    script += "group flying id 62\nvelocity flying set 0 0 4000 units box\n"
    atoms.cell[2] = [0, 0, 16]
    if variant.gpus:
        pytest.skip("on a GPU KOKKOS keeps atoms that left the box, whatever the pair style")
    stopped = lammps(script + "run 20\n", atoms, potential(), variant=variant, fails=True)
    assert "Lost atoms" in stopped.log

    result = lammps(script + "thermo_modify lost ignore\nrun 20\n", atoms, potential(), variant=variant)
    frames = result.frames()
    assert len(frames[-1]["id"]) == 63
    assert np.all(np.isfinite(frames[-1]["q"]))
    assert frames[-1]["q"].sum() == pytest.approx(frames[0]["q"].sum(), abs=1e-10)


# ---- restart -------------------------------------------------------------------------------------


def restarted(fix: str, run: str, integrate: str = "fix nve all nve\ntimestep 0.0005\n") -> str:
    return (
        "units metal\natom_style charge\nread_restart middle\npair_style rfmeam/qeq\n"
        f"pair_coeff * * LiF.rfmeam Li F\nfix qeq {fix}\n" + OBSERVE + integrate + run
    )


@EACH
def test_restart_goes_on_as_if_never_stopped(lammps, variant):
    """With the same iterations, as the history is in the restart file."""
    fix = "all qeq/vc 1 1e-9 200 guess 3"
    script = model(fix=fix) + OBSERVE + NVE + "run 10\n"
    through = lammps(script + "run 10\n", SYSTEM, potential(), variant=variant)
    half = lammps(script + "write_restart middle\n", SYSTEM, potential(), variant=variant)
    files = {"middle": (half.folder / "middle").read_bytes()}
    result = lammps(restarted(fix, "run 10\n"), potential=potential(), variant=variant, files=files)
    assert "Resetting peratom fix info from restart file" in result.log
    np.testing.assert_allclose(result.frame()["q"], through.frame()["q"], rtol=0, atol=1e-8)
    np.testing.assert_allclose(result.frame().positions, through.frame().positions, rtol=0, atol=1e-10)
    again, uninterrupted = result.series("f_qeq")[1:], through.thermo()[1]
    assert np.abs(again - [row["f_qeq"] for row in uninterrupted[1:]]).max() <= 1


def test_restart_on_other_ranks_and_with_another_guess(lammps):
    """The file of one serial run read on four ranks, and with more and fewer charges of history."""
    script = model(fix="all qeq/vc 1 1e-9 200 guess 3") + OBSERVE + NVE + "run 10\nwrite_restart middle\nrun 3\n"
    expected = lammps(script, SYSTEM, potential())
    files = {"middle": (expected.folder / "middle").read_bytes()}
    reached = [Variant(4)] if Variant(4) in variants() else []
    for variant in [PLAIN, *reached]:
        for guess in (0, 1, 5):
            script = restarted(f"all qeq/vc 1 1e-9 200 guess {guess}", "run 3\n")
            result = lammps(script, potential=potential(), variant=variant, files=files)
            np.testing.assert_allclose(result.frame()["q"], expected.frame()["q"], rtol=0, atol=1e-7)
            assert result.series("f_qeq").max() <= expected.series("f_qeq")[0]


@pytest.mark.parametrize("kokkos", [v for v in serial_variants() if v.kokkos], ids=str)
def test_restart_between_plain_and_kokkos(lammps, kokkos):
    """The charges go on; LAMMPS hands over the history of the atoms only between fixes of the same style."""
    fix = "all qeq/vc 1 1e-9 200 guess 3"
    script = model(fix=fix) + OBSERVE + NVE + "run 10\nwrite_restart middle\nrun 3\n"
    for before, after in ((PLAIN, kokkos), (kokkos, PLAIN)):
        expected = lammps(script, SYSTEM, potential(), variant=before)
        files = {"middle": (expected.folder / "middle").read_bytes()}
        result = lammps(restarted(fix, "run 3\n"), potential=potential(), variant=after, files=files)
        np.testing.assert_allclose(result.frame()["q"], expected.frame()["q"], rtol=0, atol=1e-7)
        assert result.series("f_qeq").max() <= expected.series("f_qeq")[0]


def test_restart_without_the_fix_and_with_a_new_one(lammps):
    """A restart file is readable without the fix, and a fix of another name starts without history."""
    script = model(fix="all qeq/vc 1 1e-9 200") + OBSERVE + NVE + "run 5\nwrite_restart middle\n"
    half = lammps(script, SYSTEM, potential())
    files = {"middle": (half.folder / "middle").read_bytes()}
    script = restarted(FIX, "run 0\n").replace("fix qeq ", "fix another ").replace("f_qeq", "f_another")
    result = lammps(script, potential=potential(), files=files)
    np.testing.assert_allclose(result.frame()["q"], half.frame()["q"], rtol=0, atol=1e-8)


def test_data_file_keeps_the_charges(lammps):
    script = model(fix=FIX) + OBSERVE + "run 0\nwrite_data written.data\n"
    result = lammps(script, SYSTEM, potential())
    files = {"written.data": (result.folder / "written.data").read_text()}
    script = model(fix="").replace("system.data", "written.data") + observe(fix=False) + "run 0\n"
    again = lammps(script, potential=potential(), files=files)
    assert again.last("PotEng") == pytest.approx(result.last("PotEng"), rel=1e-12)


# ---- minimisation and integrators ----------------------------------------------------------------


@pytest.mark.parametrize("style", ["cg", "fire", "hftn", "sd", "quickmin"])
def test_minimize(lammps, style):
    script = model(fix=FIX) + OBSERVE + f"min_style {style}\nminimize 0 1e-5 400 2000\n"
    result = lammps(script, SYSTEM, potential())
    energy = result.series("PotEng")
    assert energy[-1] < energy[0] - 0.1
    if style not in ("fire", "quickmin"):
        assert np.all(np.diff(energy) < 1e-9)
    if style in ("cg", "fire"):
        assert np.abs(result.frame().forces).max() < 2e-4
    again = lammps(write_and_reread(result), potential=potential(), folder=result.folder)
    assert again.last("PotEng") == pytest.approx(energy[-1], abs=1e-8)


@pytest.mark.parametrize("variant", serial_variants(), ids=str)
def test_minimize_with_the_box(lammps, variant):
    """Energy and stress fall; the charges of the minimum are in equilibrium."""
    script = (
        model(fix=FIX)
        + OBSERVE
        + "fix box all box/relax tri 0.0 vmax 0.01\nminimize 0 1e-4 300 1000\nunfix box\nrun 0\n"
    )
    result = lammps(script, SYSTEM, potential(), variant=variant)
    start, end = result.thermo()[0][0], result.thermo()[-1][-1]
    assert end["PotEng"] < start["PotEng"] - 1
    pressures = [f"c_press[{i}]" for i in range(1, 7)]
    assert max(abs(end[p]) for p in pressures) < 0.005 * max(abs(start[p]) for p in pressures)
    assert end["f_qeq"] <= 1


def test_dynamics_after_minimisation(lammps):
    """The history of a minimisation is not extrapolated."""
    script = model(fix=FIX) + OBSERVE + "minimize 0 0 20 20\n" + NVE + "run 5\n"
    result = lammps(script, SYSTEM, potential())
    rows = result.thermo()[1]
    assert rows[0]["f_qeq"] <= 1
    assert max(row["f_qeq"] for row in rows) < 15


@pytest.mark.parametrize("levels", ["2 2 pair 2", "2 3", "3 2 2 pair 3"])
def test_respa(lammps, levels):
    """Charges are solved at the outermost level, once a step; energy is conserved."""
    script = model(fix="all qeq/vc 1 1e-10 200") + OBSERVE + NVE + f"run_style respa {levels}\n"
    script += "fix walls all spring/self 0.5\n" + thermo_output("step pe etotal f_walls f_qeq[*] f_qeq") + "run 40\n"
    result = lammps(script, SYSTEM, potential())
    conserved = energies(result) + result.series("f_walls")
    assert np.abs(conserved - conserved[0]).max() < 0.05
    assert np.ptp(result.series("PotEng")) > 0.5
    products = np.diff(result.series("f_qeq[4]"))
    np.testing.assert_array_equal(products, result.series("f_qeq")[1:] + 1)  # one solve a step


@pytest.mark.parametrize("levels", ["2 3 pair 1", "3 2 2 pair 2"])
def test_respa_with_the_pair_style_at_an_inner_level(lammps, levels):
    """Its forces would be those of old charges."""
    result = lammps(model(fix=FIX) + f"run_style respa {levels}\nrun 0\n", SYSTEM, potential(), fails=True)
    assert "Fix qeq/vc requires run_style respa to compute the pair style at its outermost level" in result.log


def test_respa_agrees_with_verlet(lammps):
    """With everything at one level, rRESPA is velocity-Verlet."""
    script = model(fix="all qeq/vc 1 1e-11 200") + OBSERVE + NVE
    verlet = lammps(script + "run 10\n", SYSTEM, potential())
    respa = lammps(script + "run_style respa 1\nrun 10\n", SYSTEM, potential())
    np.testing.assert_allclose(respa.frame()["q"], verlet.frame()["q"], rtol=0, atol=1e-9)
    np.testing.assert_allclose(respa.frame().forces, verlet.frame().forces, rtol=0, atol=1e-8)


@EACH
def test_barostat(lammps, variant):
    """NPT in a triclinic box: the conserved quantity is conserved."""
    script = model(fix="all qeq/vc 1 1e-9 200") + OBSERVE + NVE.replace("fix nve all nve", "")
    script += "fix npt all npt temp 600 600 0.05 tri 0 0 0.2\n"
    script += thermo_output("step pe vol econserve f_qeq", every=5) + "run 60\n"
    result = lammps(script, SYSTEM, potential(), variant=variant)
    conserved = result.series("Econserve")
    assert np.abs(conserved - conserved[0]).max() < 0.1
    assert np.ptp(result.series("Volume")) > 1


# ---- plugin --------------------------------------------------------------------------------------

AS_PLUGIN = pytest.mark.skipif(has_style("rfmeam/qeq"), reason="the styles are compiled into this LAMMPS")


@AS_PLUGIN
@pytest.mark.parametrize("variant", serial_variants(), ids=str)
def test_styles_are_the_plugins(lammps, variant):
    """Unloading the styles removes the pair style and the fix in use; without them they are unknown."""
    suffix = "/kk" if variant.kokkos else ""
    script = model(fix=FIX) + OBSERVE + "run 0\nplugin list\n"
    result = lammps(script, SYSTEM, potential(), variant=variant)
    listed = re.findall(r"\d+: (pair|fix) style plugin (\S+)", result.log)
    assert {("pair", "rfmeam/qeq"), ("fix", "qeq/vc")} <= set(listed)
    if variant.kokkos:
        assert {("pair", "rfmeam/qeq/kk"), ("fix", "qeq/vc/kk")} <= set(listed)

    unload = f"undump observe\nthermo_style one\nuncompute terms\nplugin unload fix qeq/vc{suffix}\n"
    result = lammps(script + unload + "run 0\n", SYSTEM, potential(), variant=variant)
    unload += f"plugin unload pair rfmeam/qeq{suffix}\n"
    result = lammps(script + unload + "run 0\n", SYSTEM, potential(), variant=variant)
    assert result.log.count("Loop time") == 2
    again = f"pair_style rfmeam/qeq{suffix}\n"
    failed = lammps(script + unload + "suffix off\n" + again, SYSTEM, potential(), variant=variant, fails=True)
    assert f"Unrecognized pair style 'rfmeam/qeq{suffix}'" in failed.log


@AS_PLUGIN
def test_plugin_loaded_again(lammps):
    """After all of its styles are unloaded, the plugin can be loaded and used again, with the same result."""
    first = model(fix=FIX) + OBSERVE + "run 0\n"
    unload = "undump observe\nclear\nplugin clear\n"
    load = "variable path getenv LAMMPS_PLUGIN_PATH\nplugin load ${path}/rfmeamqeqplugin.so\n"
    second = first.replace("observe.dump", "again.dump")
    result = lammps(first + unload + load + second, SYSTEM, potential())
    first, second = (result.frame(name) for name in ("observe.dump", "again.dump"))
    np.testing.assert_array_equal(second["q"], first["q"])
    np.testing.assert_array_equal(second.forces, first.forces)
