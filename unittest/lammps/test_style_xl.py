"""fix qeq/vc solver xl: charges of shadow dynamics."""

import re

import numpy as np
import pytest
from ase import Atoms
from harness import (
    DATA,
    PLAIN,
    PLAIN_FIX_ON_GPU,
    WALLS,
    WRITE_END,
    Variant,
    check_against_dense,
    data_file,
    few_variants,
    kokkos_variants,
    model,
    observe,
    potential,
    rocksalt,
    thermo_output,
    triclinic,
    variants,
)
from test_style_variants import compare

SYSTEM = triclinic(rocksalt(2, rattle=0.1, seed=5))
XL = "all qeq/vc 1 1e-12 200 solver xl iterations 2 damping 4"
EACH = pytest.mark.parametrize("variant", few_variants(), ids=str)
OTHERS = pytest.mark.parametrize("variant", [v for v in few_variants() if v != PLAIN], ids=str)
ONE_RANK = pytest.mark.parametrize("variant", [v for v in few_variants() if v.ranks == 1], ids=str)
OBSERVE = observe(stress=False, peratom=False)
NVE = "velocity all create 600 4711 loop all\nfix nve all nve\ntimestep 0.0005\n"
FULL_SOLVES, LAG = "f_qeq[6]", "f_qeq[7]"


# ---- the same on any rank, with plain and Kokkos styles ------------------------------------------

GROUP = "group part id 1:20 33:50\n"
CASES = {
    "all": (XL, potential()),
    "undamped": (XL.replace("damping 4", "damping none"), potential()),
    "walls": (XL, potential(walls=WALLS)),
    "group": (XL.replace("all", "part", 1) + " qtotal 0.3", potential()),
}


@pytest.fixture(scope="module")
def reference():
    return {}


@OTHERS
@pytest.mark.parametrize("case", CASES)
def test_agrees_with_plain_serial(lammps, reference, case, variant):
    """Twelve steps, seven and more of them of shadow dynamics, with new neighbour lists on the way: everything that
    the styles compute, per-atom energy and stress included."""
    fix, text = CASES[case]
    script = model(fix=fix).replace("fix qeq part", f"{GROUP}fix qeq part") + observe() + NVE.replace("600", "3000")
    script += "neighbor 0.05 bin\nneigh_modify delay 0 every 1 check yes\ndump_modify observe every 12\nrun 12\n"
    if case not in reference:
        reference[case] = lammps(script, SYSTEM, text)
        assert "Neighbor list builds = 0" not in reference[case].log
        assert 0 < reference[case].last(LAG) < 0.01
        assert reference[case].last(FULL_SOLVES) < 7
    result = lammps(script, SYSTEM, text, variant=variant)
    compare(result, reference[case], 1e-10)
    assert result.last(FULL_SOLVES) == reference[case].last(FULL_SOLVES)


# ---- energy and forces ---------------------------------------------------------------------------


@ONE_RANK
@pytest.mark.parametrize("walls", ["", WALLS], ids=["quadratic", "walls"])
def test_forces_conserve_the_shadow_energy(lammps, variant, walls):
    """Half the time step, a quarter of the energy error: nothing but velocity-Verlet makes it, although charges are far
    from converged (one product a step)."""
    errors = []
    for timestep, steps in ((0.001, 60), (0.0005, 120)):
        script = model(fix="all qeq/vc 1 1e-12 200 solver xl iterations 1 damping none")
        script += NVE.replace("0.0005", str(timestep)) + thermo_output(f"step etotal {LAG}", every=2)
        energy = lammps(script + f"run {steps}\n", SYSTEM, potential(walls=walls), variant=variant).series("TotEng")
        errors.append(np.abs(energy - energy[0]).max())
    assert errors[0] < 0.1
    assert 3.0 < errors[0] / errors[1] < 5.0


@EACH
def test_charges_and_total(lammps, variant):
    """Charges keep their total, n lags little behind, and energies and forces are near those of converged charges."""
    result = lammps(model(fix=XL) + OBSERVE + NVE + "run 40\n", SYSTEM, potential(), variant=variant)
    exact = lammps(model(fix="all qeq/vc 1 1e-12 200") + OBSERVE + NVE + "run 40\n", SYSTEM, potential())
    assert result.series("f_qeq[3]") == pytest.approx(0.0, abs=1e-10)
    assert result.series("f_qeq")[-1] == 2
    assert result.last(FULL_SOLVES) == 5
    assert 0 < result.last(LAG) < 1e-3
    np.testing.assert_allclose(result.frame()["q"], exact.frame()["q"], rtol=0, atol=1e-3)
    assert np.abs(result.frame()["q"] - exact.frame()["q"]).max() > 1e-9
    np.testing.assert_allclose(result.frame().forces, exact.frame().forces, rtol=0, atol=1e-2)
    assert result.last("PotEng") == pytest.approx(exact.last("PotEng"), abs=1e-3)


def interface() -> Atoms:
    """144 atoms: four layers of LiF between eight of Li, on one lattice."""
    salt = rocksalt(2, a=4.03, rattle=0.0)
    metal = Atoms("Li2", [[0, 0, 0], [0.5, 0.5, 0.5]], cell=[1, 1, 1], pbc=True).repeat((2, 2, 4))
    metal.set_cell([8.06, 8.06, 14.0], scale_atoms=True)
    metal.positions[:, 2] += 6.045 + 2.1
    both = salt + metal
    both.set_cell([8.06, 8.06, metal.positions[:, 2].max() + 2.1])
    both.positions += np.random.default_rng(3).uniform(-0.05, 0.05, (len(both), 3))
    both.set_initial_charges(np.where(both.positions[:, 2] < 7, np.where(both.symbols == "Li", 0.9, -0.9), 0.0))
    return both


@pytest.mark.parametrize("atoms", [rocksalt(2, a=4.03, rattle=0.05), interface()], ids=["LiF", "interface"])
@ONE_RANK
def test_energy_is_conserved(lammps, variant, atoms):
    """0.75 ps of the salt and of Li|LiF in a fitted potential, as well as with converged charges
    (bench/shadow_dynamics.py has longer ones): what is left is velocity-Verlet's."""
    text = (DATA / "lif_coarse.rfmeam").read_text()
    errors = []
    for fix in ("1e-9 200", "1e-9 200 solver xl"):
        script = model(fix=f"all qeq/vc 1 {fix}") + thermo_output(f"step etotal {FULL_SOLVES}", every=5)
        script += "min_modify dmax 0.05\nminimize 0 0.05 50 100\nreset_timestep 0\n"
        script += "velocity all create 600 4711 loop all\nfix nve all nve\ntimestep 0.0005\nrun 1500\n"
        table = lammps(script, atoms, text, variant=variant).thermo()[-1]
        energy = np.array([row["TotEng"] for row in table]) * 1000 / len(atoms)
        errors.append(np.abs(energy - energy[0]).max())
    assert errors[1] < 1.1 * errors[0] + 1e-3  # meV/atom
    assert errors[1] < 0.1
    assert table[-1][FULL_SOLVES] - table[0][FULL_SOLVES] < 10


# ---- runs, restarts, atoms that come and go ------------------------------------------------------


@EACH
def test_runs_in_a_row(lammps, variant):
    """run 7, run 0, run 3, and runs without setup: as one run of 10."""
    script = model(fix=XL) + OBSERVE + NVE
    expected = lammps(script + "run 10\n", SYSTEM, potential(), variant=variant)
    for run in ("run 7\nrun 0\nrun 3\n", "run 3\nrun 7\n", "run 7\nrun 3 pre no\n"):
        result = lammps(script + run, SYSTEM, potential(), variant=variant)
        np.testing.assert_allclose(result.frame()["q"], expected.frame()["q"], rtol=0, atol=1e-11)
        np.testing.assert_allclose(result.frame().forces, expected.frame().forces, rtol=0, atol=1e-10)


def restarted(fix: str, run: str) -> str:
    start = "units metal\natom_style charge\nread_restart middle\npair_style rfmeam/qeq\n"
    return start + f"pair_coeff * * LiF.rfmeam Li F\nfix qeq {fix}\n" + OBSERVE + "fix nve all nve\n" + run


@EACH
@pytest.mark.parametrize("steps", [3, 10])
def test_restart_is_exact(lammps, variant, steps):
    """Before and after the first steps, with damping and without a full solve after the restart."""
    script = model(fix=XL) + OBSERVE + NVE + f"run {steps}\n"
    through = lammps(script + "run 10\n", SYSTEM, potential(), variant=variant)
    half = lammps(script + "write_restart middle\n", SYSTEM, potential(), variant=variant)
    files = {"middle": (half.folder / "middle").read_bytes()}
    text = "timestep 0.0005\nrun 10\n"
    result = lammps(restarted(XL, text), potential=potential(), variant=variant, files=files)
    np.testing.assert_allclose(result.frame()["q"], through.frame()["q"], rtol=0, atol=1e-11)
    np.testing.assert_allclose(result.frame().positions, through.frame().positions, rtol=0, atol=1e-12)
    assert result.series("PotEng")[-1] == pytest.approx(through.last("PotEng"), abs=1e-10)
    assert result.series(LAG) == pytest.approx(through.series(LAG)[-11:], abs=1e-10)
    if steps == 10:
        assert result.last(FULL_SOLVES) == 0


def test_restart_with_other_settings(lammps):
    """Another order of damping, and from solver pcg and to it: the history is used as far as it goes."""
    script = NVE + "run 10\nwrite_restart middle\n"
    for fix, again, solves in (
        (XL, XL.replace("damping 4", "damping 3"), 0),
        (XL, XL.replace("damping 4", "damping 7"), 4),
        (XL, "all qeq/vc 1 1e-12 200", 9),
        ("all qeq/vc 1 1e-12 200", XL, 5),
    ):
        half = lammps(model(fix=fix) + OBSERVE + script, SYSTEM, potential())
        files = {"middle": (half.folder / "middle").read_bytes()}
        text = "timestep 0.0005\nrun 8\n"
        result = lammps(restarted(again, text), potential=potential(), files=files)
        assert result.last(FULL_SOLVES) == solves, again
        exact = lammps(model(fix="all qeq/vc 1 1e-12 200") + OBSERVE + NVE + "run 18\n", SYSTEM, potential())
        np.testing.assert_allclose(result.frame()["q"], exact.frame()["q"], rtol=0, atol=2e-3)


@EACH
def test_full_solves_after_a_minimisation(lammps, variant):
    script = model(fix=XL) + OBSERVE + NVE + "run 8\nunfix nve\nmin_modify dmax 0.01\nminimize 0 0 4 20\n"
    result = lammps(script + "fix nve all nve\nrun 8\n", SYSTEM, potential(), variant=variant)
    md, minimisation, again = result.thermo()
    assert md[-1][FULL_SOLVES] == 5
    assert minimisation[-1][FULL_SOLVES] - minimisation[0][FULL_SOLVES] >= 4
    assert all(row[LAG] == 0 for row in minimisation)
    assert again[-1][FULL_SOLVES] - again[0][FULL_SOLVES] == 4  # and one at the setup
    assert again[3][LAG] == 0 < again[-1][LAG]


HARDER = potential().replace("charge Li 3.0  9.0", "charge Li 3.0  9.5")
# what commands between two runs change that n of the last step knows nothing of
CHANGES = {
    "positions": "displace_atoms all random 0.1 0.1 0.1 4711\n",
    "box": "change_box all x scale 1.03 y scale 0.98 remap\n",
    "total": "fix_modify qeq qtotal 0.5\n",
    "charges": "set atom 3 charge 0.9\n",
    "parameters": "pair_coeff * * harder.rfmeam Li F\n",
}


@pytest.mark.parametrize("change", CHANGES)
@EACH
def test_changes_between_runs(lammps, variant, change):
    """Where a run begins otherwise than the last one ended, its first charges are solved in full."""
    script = model(fix=XL) + OBSERVE + NVE + "run 10\nundump observe\n" + CHANGES[change] + "run 0\n" + WRITE_END
    result = lammps(script, SYSTEM, potential(), variant=variant, files={"harder.rfmeam": HARDER})
    before, after = (table[-1] for table in result.thermo())
    assert before[LAG] > 0 == after[LAG]
    assert after[FULL_SOLVES] == before[FULL_SOLVES] + 1
    text = HARDER if change == "parameters" else potential()
    check_against_dense(result, 0.5 if change == "total" else 0.0, name="end.dump", text=text)


@EACH
def test_other_parameters_after_a_restart(lammps, variant):
    half = lammps(model(fix=XL) + NVE + "run 10\nwrite_restart middle\n", SYSTEM, potential(), variant=variant)
    files = {"middle": (half.folder / "middle").read_bytes()}
    script = restarted(XL, "undump observe\nrun 0\n" + WRITE_END)
    result = lammps(script, potential=HARDER, variant=variant, files=files)
    check_against_dense(result, 0.0, name="end.dump", text=HARDER)


@EACH
def test_atoms_that_appear_and_leave(lammps, variant):
    """Full solves, until the new history is long enough; the charges are right all the time."""
    script = model(fix=XL) + OBSERVE + NVE + "run 8\ngroup gone id 7 40\ndelete_atoms group gone compress no\nrun 7\n"
    script += "create_atoms 1 single 3.1 3.0 3.2 units box\nrun 7\n"
    result = lammps(script, SYSTEM, potential(), variant=variant)
    for table in result.thermo()[1:]:
        solves = np.array([row[FULL_SOLVES] for row in table])
        assert solves[-1] - solves[0] == 4
        assert table[-1]["f_qeq[3]"] == pytest.approx(0.0, abs=1e-10)
        assert table[-1][LAG] > 0


@EACH
def test_atoms_deposited_in_a_run(lammps, variant):
    atoms = SYSTEM.copy()
    atoms.cell[2] = [0, 0, 25]
    atoms.pbc = True
    script = model(fix=XL) + OBSERVE + NVE
    script += "region top block 2 6 2 6 14 18 units box\nfix new all deposit 2 1 9 12345 region top near 2 vz -1 -1\n"
    result = lammps(script + "run 24\n", atoms, potential(), variant=variant)
    assert len(result.frame()["id"]) == 66
    lag, solves = result.series(LAG), result.series(FULL_SOLVES)
    for step in (1, 10):  # an atom more
        assert lag[step] == 0
        assert lag[step + 6] > 0
    assert solves[-1] == 11  # one of atoms without the new ones, five after each came
    assert result.series("f_qeq[3]") == pytest.approx(0.0, abs=1e-10)


@EACH
def test_limit(lammps, variant):
    """Auxiliary charges that are too far from the minimum are left, which is told once in a run and counted."""
    script = model(fix=f"{XL} limit 1e-7") + OBSERVE + NVE
    result = lammps(script + "run 20\nrun 5\n", SYSTEM, potential(), variant=variant)
    warnings, result.log = result.log, re.sub(r"^WARNING: .*\n", "", result.log, flags=re.M)
    told = re.findall(r"WARNING: Fix qeq/vc.* at step (\d+): auxiliary charges are up to .* limit is 1e-07", warnings)
    assert told[0] == "5"
    assert len(told) == 2
    assert result.last(FULL_SOLVES) >= 21
    assert (result.series(LAG) == 0).all()


@ONE_RANK
def test_rerun_solves_in_full(lammps, variant):
    again = model(fix=XL) + OBSERVE.replace("observe.dump", "again.dump") + "rerun observe.dump dump x y z q\n"
    result = lammps(model(fix=XL) + OBSERVE + NVE + "run 9\nclear\n" + again, SYSTEM, potential(), variant=variant)
    table = result.thermo()[-1]
    assert len(table) == 10
    assert [row[FULL_SOLVES] for row in table] == list(range(1, 11))
    assert all(row[LAG] == 0 for row in table)


@ONE_RANK
def test_fix_taken_away(lammps, variant):
    """Without the fix the energy is that of the charges, not the shadow energy."""
    script = model(fix=XL) + OBSERVE + NVE + "run 9\nundump observe\nunfix qeq\nunfix nve\n"
    script += "thermo_style custom step pe\nthermo_modify line yaml format float %.17g\n" + "run 0\n"
    script += "write_dump all custom end.dump id type x y z q fx fy fz modify sort id format float %.17g\n"
    result = lammps(script, SYSTEM, potential(), variant=variant)
    frame = result.frame("end.dump")
    atoms = Atoms(["Li" if t == 1 else "F" for t in frame["type"]], frame.positions, cell=SYSTEM.cell, pbc=True)
    atoms.set_initial_charges(frame["q"])
    fresh = lammps(model(fix="") + OBSERVE.replace(" f_qeq f_qeq[*]", "") + "run 0\n", atoms, potential())
    shadow = result.thermo()[0][-1]["PotEng"]
    assert result.last("PotEng") == pytest.approx(fresh.last("PotEng"), abs=1e-10)
    assert abs(result.last("PotEng") - shadow) > 1e-9


@pytest.mark.parametrize("kokkos", kokkos_variants()[:1], ids=str)
@pytest.mark.parametrize("style", ["pair", "fix"])
def test_plain_and_kokkos_style_together(lammps, kokkos, style):
    script = model(fix=XL) + OBSERVE + NVE + "run 10\n"
    expected = lammps(script, SYSTEM, potential())
    if style == "pair":
        script = script.replace("fix qeq all", "suffix off\nfix qeq all").replace(
            "compute terms", "suffix on\ncompute terms"
        )
    else:
        script = script.replace("pair_style", "suffix off\npair_style").replace("fix qeq all", "suffix on\nfix qeq all")
    if kokkos.gpus and style == "pair":
        assert PLAIN_FIX_ON_GPU in lammps(script, SYSTEM, potential(), variant=kokkos, mixed=True, fails=True).log
        return
    result = lammps(script, SYSTEM, potential(), variant=kokkos, mixed=True)
    np.testing.assert_allclose(result.frame()["q"], expected.frame()["q"], rtol=0, atol=1e-10)
    assert result.last(FULL_SOLVES) == expected.last(FULL_SOLVES)


@pytest.mark.parametrize("variant", [v for v in few_variants() if v.ranks == 2], ids=str)
def test_history_moves_with_the_atoms(lammps, variant):
    """Atoms that are sorted, change ranks and cross the box: the same charges as on one rank without sorting."""
    script = model(fix=XL) + OBSERVE + NVE.replace("600", "20000") + "neigh_modify delay 0 every 1 check yes\n"
    expected = lammps(script + "atom_modify sort 0 0\nneighbor 1.0 bin\nrun 25\n", SYSTEM, potential())
    script += "atom_modify sort 3 2.5\nneighbor 0.3 bin\nrun 25\n"
    result = lammps(script, SYSTEM, potential(), variant=variant)
    assert int(re.search(r"Neighbor list builds = (\d+)", result.log)[1]) > 3
    np.testing.assert_allclose(result.frame()["q"], expected.frame()["q"], rtol=0, atol=1e-8)
    assert result.last(FULL_SOLVES) == expected.last(FULL_SOLVES)


# ---- bad input -----------------------------------------------------------------------------------

ARGUMENTS = {
    "iterations 0": ("solver xl iterations 0", "iterations is 0, allowed is 1 to 20"),
    "iterations 21": ("solver xl iterations 21", "iterations is 21, allowed is 1 to 20"),
    "iterations no number": ("solver xl iterations few", "integer .*'few'"),
    "damping 2": ("solver xl damping 2", "damping is 2, allowed is none or 3 to 9"),
    "damping 0": ("solver xl damping 0", "damping is 0, allowed is none or 3 to 9"),
    "damping 10": ("solver xl damping 10", "damping is 10, allowed is none or 3 to 9"),
    "damping no number": ("solver xl damping much", "integer .*'much'"),
    "limit 0": ("solver xl limit 0", "limit is 0, allowed is a finite number > 0"),
    "limit infinite": ("solver xl limit inf", "inf"),
    "limit no number": ("solver xl limit low", "floating point .*'low'"),
    "iterations of another solver": ("iterations 2", "keyword iterations without solver xl"),
    "damping of another solver": ("solver direct damping 5", "keyword damping without solver xl"),
    "limit of another solver": ("limit 0.1 solver pcg", "keyword limit without solver xl"),
    "no value": ("solver xl iterations", "qeq/vc iterations"),
}


@pytest.mark.parametrize("case", ARGUMENTS)
def test_arguments(lammps, case):
    words, message = ARGUMENTS[case]
    result = lammps(model(fix=f"all qeq/vc 1 1e-6 100 {words}") + "run 0\n", SYSTEM, potential(), fails=True)
    assert re.search(message, result.log), result.log


def test_not_every_step(lammps):
    script = model(fix="all qeq/vc 2 1e-6 100 solver xl") + "run 0\n"
    assert "Nevery is 2 with solver xl, allowed is 1" in lammps(script, SYSTEM, potential(), fails=True).log


@EACH
def test_refused_integrators_and_trials(lammps, variant):
    respa = model(fix=XL) + NVE + "run_style respa 2 2 pair 2\nrun 2\n"
    if not variant.kokkos:
        message = "solver xl with run_style respa, allowed are solver pcg and run_style verlet"
        assert message in lammps(respa, SYSTEM, potential(), variant=variant, fails=True).log
    swap = model(fix=XL) + NVE + "fix mc all atom/swap 1 1 123 300 ke no types 1 2\nrun 1\n"
    log = lammps(swap, SYSTEM, potential(), variant=variant, fails=True).log
    if "Unrecognized fix style" not in log:
        assert re.search("solver xl with fix mc .*atom/swap.*Allowed is solver pcg", log), log


@EACH
def test_convergence_failure_is_told_as_ever(lammps, variant):
    """The full solves of the first steps."""
    fix = "all qeq/vc 1 1e-10 2 solver xl"
    warned = lammps(model(fix=fix) + NVE + "run 2\n", SYSTEM, potential(), variant=variant)
    assert re.search("WARNING: Fix qeq/vc.* did not converge at step 0", warned.log)
    stopped = lammps(model(fix=f"{fix} onfail error") + "run 0\n", SYSTEM, potential(), variant=variant, fails=True)
    assert re.search("ERROR: Fix qeq/vc.* did not converge at step 0", stopped.log)


@EACH
def test_indefinite_matrix_is_told_as_ever(lammps, variant):
    """Two atoms come so near during the run that there is no minimum: not a step of shadow dynamics, but the error."""
    atoms = Atoms(["Li", "F"], [[3, 3, 3], [6.2, 3, 3]], cell=[14, 14, 14], pbc=True)
    atoms.set_initial_charges([0.1, -0.1])
    text = potential(meam=False, coulomb="direct_cut")
    script = model(fix="all qeq/vc 1 1e-10 50 solver xl") + NVE.replace("create 600 4711 loop all", "set 0 0 0")
    script += "velocity all set 0 0 0\ngroup F type 2\nvelocity F set -40 0 0 units box\nrun 200\n"
    log = lammps(script, atoms, text, variant=variant, fails=True).log
    assert re.search("indefinite charge matrix at step", log), log


def test_file_of_one_rank_goes_on_on_two(lammps):
    if Variant(2) not in variants():
        pytest.skip("LAMMPS without MPI")
    script = model(fix=XL) + OBSERVE + NVE + "run 10\nwrite_restart middle\nrun 5\n"
    expected = lammps(script, SYSTEM, potential())
    files = {"middle": (expected.folder / "middle").read_bytes()}
    text = "timestep 0.0005\nrun 5\n"
    result = lammps(restarted(XL, text), potential=potential(), variant=Variant(2), files=files)
    np.testing.assert_allclose(result.frame()["q"], expected.frame()["q"], rtol=0, atol=1e-10)


def test_atoms_read_later_have_no_history(lammps):
    """read_data add: new atoms in the places of deleted ones, as many as there were."""
    more = Atoms("F", [[5.3, 5.0, 5.2]], cell=SYSTEM.cell, pbc=True)
    more.set_initial_charges([-0.4])
    script = model(fix=XL) + OBSERVE + NVE + "run 8\ngroup gone id 40\ndelete_atoms group gone compress no\n"
    script += "read_data more.data add append\nrun 7\n"
    result = lammps(script, SYSTEM, potential(), files={"more.data": data_file(more, ["Li", "F"])})
    solves = [row[FULL_SOLVES] for row in result.thermo()[1]]
    assert solves[-1] - solves[0] == 4
