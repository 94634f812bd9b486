"""`rfmeam glass`: compositions, force fields, and what is said about bad input."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from rfmeam import UserError
from rfmeam.campaign.jobs import Place
from rfmeam.cli import app
from rfmeam.glass import (
    composition,
    figures,
    force_field,
    lammps,
    pair_table,
    quench,
    report,
    seeds,
    structure,
    study,
    table,
    tabulated,
)
from rfmeam.glass.frames import read_frames
from rfmeam.glass.protocol import Protocol
from rfmeam.glass.reference import CONDUCTIVITY
from rich.console import Console
from scipy.interpolate import CubicSpline
from typer.testing import CliRunner


def model(sample="40L30B30S", atoms=1000):
    return composition.build_model(composition.parse_sample(sample), atoms)


def test_whole_formula_units_and_neutral_charges():
    found = model()
    assert abs(found.atoms - 1000) <= 10
    for name in ("du", "agc", "shik"):
        charges = force_field.load(name, found).charges
        total = sum(charges[element] * n for element, n in found.counts.items())
        assert total == pytest.approx(0.0, abs=1e-9)
    assert "Li2O 40 → 40.07 mol%" in found.rounding


def test_density_and_volume_are_each_others_inverse():
    found = model()
    assert found.density(found.volume(2.31)) == pytest.approx(2.31)
    assert model("0L0B100S", 300).density(100 * 113.0) == pytest.approx(
        100 * 3 * 20.028 / (100 * 113.0 * 0.602214), rel=0.01
    )


def test_random_atoms_keep_their_distance():
    atoms = structure.random_structure(model(), 2.3, seed=3)
    distances = atoms.get_all_distances(mic=True)[np.triu_indices(len(atoms), 1)]
    assert distances.min() > 1.3
    assert len(atoms) == model().atoms


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["40L30B"], "expected a name like 40L30B30S"),
        (["40L30B40S"], "add up to 110 mol%, not to 100"),
        (["--composition", "Li2O=40,XeO3=60"], "unknown oxide 'XeO3'; known are Li2O"),
        (["--composition", "Li2O=40,B2O3=50"], "add up to 90 mol%"),
        (["--composition", "Li2O=40,Li2O=60"], "Li2O is given twice"),
        (["--composition", "Li2O=forty,B2O3=60"], "Li2O: expected mol%, read 'forty'"),
        (["--composition", "Li2O=-10,B2O3=110"], "Li2O is -10 mol%, allowed are 0 to 100"),
        (["40L30B30S", "--composition", "SiO2=100"], "give one of a SAMPLE"),
        (["40L30B30S", "--atoms", "100"], "--atoms 100: allowed are 300 to 100000"),
        (["0.1L49.9B50S", "--atoms", "300"], "too few for 0.1 mol% of Li2O"),
        (["40L30B30S", "--density", "23"], "--density 23: allowed are 1 to 8 g/cm3"),
        (
            ["40L30B30S", "--density", "2.3", "--zero-pressure"],
            "--zero-pressure exclude each other",
        ),
        (["40L30B30S", "--short-range", "3"], "--short-range 3: allowed are 6 to 15 Å"),
        (["40L30B30S", "--rate", "0.01"], "--rate 0.01: allowed are 1 to 1000 K/ps"),
        (["40L30B30S", "--melt", "9000"], "--melt 9000: allowed are 1000 to 6000 K"),
        (["40L30B30S", "--potential", "none.lmp"], "neither one of du, shik, agc nor a file"),
        (["40L30B30S", "--potential", "agc:2"], "agc:2: expected rho(B-O), 0.14 to 0.19 Å"),
        (["40L30B30S", "--gpus", "1"], "--gpus goes with -sf kk"),
        (["40L30B30S", "-sf", "kokkos"], "--suffix: unknown 'kokkos'; known are kk, opt"),
        (["40L30B30S", "--measure", "colour"], "unknown 'colour'; known are diffusion, elastic"),
        (
            ["--composition", "SrO=20,SiO2=80", "--potential", "shik"],
            "no parameters for Sr; it has those of Li, Na, K",
        ),
        (["--composition", "Li2O=50,ZrO2=50"], "no network former in it"),
        (
            ["--composition", "CaO=20,SiO2=80", "--measure", "diffusion"],
            "--measure diffusion: no Li, Na, K in this glass; name another ion with --ion",
        ),
        (["40L30B30S", "--measure", "diffusion", "--ion", "Na"], "--ion Na: not in this glass"),
        (["40L30B30S", "--ion", "Li"], "--ion Li: no diffusion is measured; add --measure"),
        (["40L30B30S", "--measure", "diffusion", "--ion", "O"], "--ion O: known are Li, Na, K"),
        (["40L30B30S", "--start", "x.extxyz"], "give one of a SAMPLE such as 40L30B30S"),
        (["--start", "none.extxyz"], "none.extxyz: No such file"),
        (["40L30B30S", "--repair"], "--repair: is for a file; du needs none"),
        (
            ["--composition", "Na2O=40,B2O3=30,SiO2=30", "--potential", "agc"],
            "its A(B-O) knows Li2O, B2O3 and SiO2 only, not Na2O",
        ),
    ],
)
def test_bad_input(arguments, message, tmp_path):
    output = tmp_path / "out"
    result = CliRunner().invoke(app, ["glass", *arguments, "-o", str(output)])
    assert result.exit_code == 1
    assert message in result.output.replace("\n", " ")
    assert not output.exists()


def test_an_element_that_the_potential_lacks(tmp_path):
    """Named by LAMMPS before a step is made, with those that the file has."""
    potential = Path(__file__).parents[2] / "potentials/LBS.lmp"
    composition = ["--composition", "Na2O=30,B2O3=70", "--atoms", "300"]
    output = tmp_path / "glass"
    arguments = ["glass", *composition, "--potential", str(potential), "-o", str(output)]
    result = CliRunner().invoke(app, arguments)
    said = " ".join(result.output.split())
    assert result.exit_code == 1
    assert "Element Na of atom type 1 is not in potential file LBS.rfmeam" in said
    assert "allowed are: Li B Si O" in said
    assert not list(output.glob("seed-1/*.restart"))


def test_other_parameters_are_another_force_field(write):
    path = write("pair_style rfmeam/qeq\npair_coeff * * LBS.rfmeam ${elements}\n")
    (path.parent / "LBS.rfmeam").write_text("1", "utf-8")
    before = force_field.load(str(path), model())
    (path.parent / "LBS.rfmeam").write_text("2", "utf-8")
    after = force_field.load(str(path), model())
    assert before.fingerprint != after.fingerprint
    assert before.parameters != after.parameters
    assert before.parameters["SHA-256 of LBS.rfmeam"].startswith("6b86b273ff34fce1")


def test_walls_are_those_published():
    # Si-O and O-O of Deng and Du 2019
    for a, rho, c, b, n, d, r0 in (
        (13702.9050, 0.193817, 54.681, 28.950, 3.9320, -3.059, 1.168),
        (2029.2204, 0.343640, 192.580, 46.462, 3.430, -0.32605, 1.906),
    ):
        wall = pair_table.repaired(a, rho, c).wall
        assert (wall.b, wall.n, wall.d, wall.r0) == pytest.approx((b, n, d, r0), rel=5e-3)


def test_walls_repel_where_bare_ions_collapse():
    coulomb = pair_table.DampedCoulomb(1.8 * -1.2, 0.25, 8.0)
    r = np.linspace(0.3, 0.8, 6)
    walled = pair_table.repaired(21384.6, force_field.AGC_RHO, 28.5)
    bare = pair_table.Buckingham(walled.a, walled.rho, walled.c)
    assert np.all(pair_table.total(bare, coulomb)(r)[1][r < 0.6] < 0)
    assert np.all(pair_table.total(walled, coulomb)(r)[1] > 0)
    outside = np.linspace(walled.wall.r0, 8, 50)
    assert np.array_equal(walled(outside), bare(outside))


def test_a_hopeless_buckingham_term_is_refused():
    with pytest.raises(ValueError, match="no wall can repair it"):
        pair_table.repaired(100.0, 0.17, 50.0)


@pytest.mark.parametrize("name", ["du", "agc", "shik"])
def test_forces_are_slopes_and_repel_at_short_range(name):
    text = force_field.load(name, model()).files[tabulated.TABLE_FILE]
    sections = text.split("\nN ")[1:]
    assert len(sections) == 10
    for section in sections:
        rows = section.split("\n\n")[1].splitlines()
        _, r, energy, force = np.array([row.split() for row in rows], dtype=float).T
        assert np.all(force[r < 0.9] > 0)
        assert energy[-1] == pytest.approx(0, abs=1e-9)
        mid, far = (r[1:] + r[:-1]) / 2, r[:-1] > 2.0
        slope = -np.diff(energy) / np.diff(r)
        assert np.abs(slope - np.interp(mid, r, force))[far].max() < 0.01


@pytest.mark.parametrize("name", ["du", "agc", "shik"])
def test_splines_through_the_rows_do_not_overshoot(name, monkeypatch):
    # LAMMPS lays a cubic spline of force/r over r^2 through the rows; walls of r^-24 spoil it far
    # out. Against a table whose every second row is a row of ours.
    monkeypatch.setattr(tabulated, "POINTS", 2 * tabulated.POINTS - 1)
    for section in force_field.load(name, model()).files[tabulated.TABLE_FILE].split("\nN ")[1:]:
        rows = section.split("\n\n")[1].splitlines()
        _, r, _, force = np.array([row.split() for row in rows], dtype=float).T
        spline = CubicSpline(r[::2] ** 2, (force / r)[::2])
        between = slice(1, None, 2)
        error = np.abs(spline(r[between] ** 2) * r[between] - force[between])
        assert np.all((error < 5e-3 * np.maximum(1, np.abs(force[between])))[r[between] > 0.9])


def test_agc_form():
    assert force_field.agc_a_boron_oxygen(model("40L30B30S")) == pytest.approx(21384.6, abs=0.1)
    assert force_field.agc_a_boron_oxygen(model("75L20B5S")) == 19985.32


def test_agc_without_boron_takes_other_modifiers():
    silicate = composition.build_model(composition.parse_composition("Na2O=20,SiO2=80"), 300)
    assert force_field.load("agc", silicate).parameters["B-O"] == {}


def test_cold_and_hot_stages_of_a_protocol():
    stages = Protocol(rate=10, timestep=2.0).stages
    assert [stage.steps for stage in stages] == [15000, 135000, 15000]
    assert all(stage.constant_pressure for stage in stages)
    assert not Protocol(density=2.3).stages[1].constant_pressure
    assert Protocol(density=2.3).stages[2].constant_pressure


def test_half_written_lines_of_a_killed_run_are_left_out(write):
    path = write("0 1 2 3 4 5\n100 1 2 3 4 5\n200 1 2\n100 7 2 3 4 5\n200 1 2 3 4")
    record = lammps.read_record(path)
    assert record[:, 0].tolist() == [0, 100]
    assert record[1, 1] == 7
    assert lammps.last_step(path) == 100


def test_enthalpy_is_without_the_fluctuations_of_pressure():
    # step, K, bar, Å^3, potential, LAMMPS' E + P V
    record = np.array([[0, 1000.0, 9e3, 1e4, -50.0, 7.0], [100, 1000.0, -9e3, 1e4, -50.0, -99.0]])
    assert lammps.enthalpy(record, 101) == pytest.approx([-50 + 150 * 0.08617333] * 2)


@pytest.mark.parametrize("kept", [0.3, 0.6, 0.8, 0.97])
def test_a_half_written_frame_is_replaced_by_the_one_written_later(kept, write):
    def frame(step, x):
        head = f"ITEM: TIMESTEP\n{step}\nITEM: NUMBER OF ATOMS\n2\nITEM: BOX BOUNDS pp pp pp\n"
        atoms = f"2 1 1.0 2.0 3.0 0.6\n1 2 {x} 5.0 6.0 -0.6\n"
        return head + "-1 9\n-1 9\n-1 9\nITEM: ATOMS id type x y z q\n" + atoms

    whole = frame(100, 4.0)
    half = whole[: round(kept * len(whole))]
    found = read_frames(write(frame(0, 1.0) + half + whole + frame(200, 7.0)), ("Li", "O"))
    assert [atoms.info["step"] for atoms in found] == [0, 100, 200]
    assert [atoms.positions[0, 0] for atoms in found] == [2.0, 5.0, 8.0]  # from the box's corner
    assert found[1].get_chemical_symbols() == ["O", "Li"]
    assert found[1].cell.lengths() == pytest.approx(10)


def test_a_half_written_restart_is_not_used(tmp_path):
    stage, end = Protocol().stages[0], b"LammpS RestartT\0"
    a, b = tmp_path / "melt.a.restart", tmp_path / "melt.b.restart"
    assert lammps.latest_restart(tmp_path, stage) is None
    a.write_bytes(b"half of it, but longer than all of the other")
    assert lammps.latest_restart(tmp_path, stage) is None
    b.write_bytes(b"whole" + end)
    os.utime(b, (1, 1))
    assert lammps.latest_restart(tmp_path, stage) == b
    a.write_bytes(b"newer" + end)
    assert lammps.latest_restart(tmp_path, stage) == a


def test_a_stage_whose_last_restart_is_cut_off_is_not_finished(tmp_path, monkeypatch):
    # as a full disk does: LAMMPS does not see what is lost when a file is closed
    def fake(*_, **__):
        (tmp_path / "melt.new.restart").write_bytes(b"cut o")

    monkeypatch.setattr(lammps, "run_script", fake)
    monkeypatch.setattr(quench.Quench, "_check_stage", lambda *_: None)
    run = quench.Quench(tmp_path, model(), force_field.load("du", model()), Protocol(), 1)
    (tmp_path / "melt.a.restart").write_bytes(b"LammpS RestartT\0")
    with pytest.raises(UserError, match="is the disk full"):
        run.run(lammps.Machine(), None)
    assert not (tmp_path / "melt.restart").exists()
    assert (tmp_path / "melt.a.restart").exists()


def test_a_data_file_is_whole_with_a_velocity_of_every_atom(write):
    text = "Atoms # charge\n\n1 1 0 0 0 0\n2 1 0 1 1 1\n\nVelocities\n\n1 0 0 0\n2 0.5 0.5 0.5\n"
    assert lammps.is_whole_data(write(text), 2)
    for cut in (text[:-15], text[:-2].rpartition(" ")[0] + "\n", text.partition("Vel")[0]):
        assert not lammps.is_whole_data(write(cut), 2)


def test_kokkos_runs_on_threads_or_gpus(monkeypatch):
    monkeypatch.setattr(lammps.shutil, "which", lambda _: "lmp")
    assert lammps.Machine(1, "kk").command() == ["lmp", "-k", "on", "t", "1", "-sf", "kk"]
    newton = ["-pk", "kokkos", "newton", "on", "neigh", "half"]
    assert lammps.Machine(4, "kk", 4).command()[4:] == ["-k", "on", "g", "4", *newton, "-sf", "kk"]


def test_lammps_errors_are_explained(tmp_path):
    said = "...\nERROR: Lost atoms: original 1000 current 998 (src/thermo.cpp:494)\n"
    message = lammps._explain(said, 1, tmp_path / "melt.out")
    assert "Lost atoms" in message
    assert "or --timestep may be the cause" in message
    assert "melt.out" in message
    full = lammps._explain("write: No space left on device\n", 1, tmp_path / "melt.out")
    assert "disk is full" in full


OLD, NEW = {"potential SHA-256": "1"}, {"potential SHA-256": "2"}


@pytest.mark.parametrize(
    "made", ["melt.restart", "melt.a.restart", "glass.extxyz", "cool.b.restart"]
)
def test_another_glass_in_the_folder_is_refused(tmp_path, made):
    (tmp_path / "seed-1").mkdir()
    (tmp_path / "seed-1" / made).touch()
    study._check_settings(tmp_path, OLD, Console())
    with pytest.raises(UserError, match=f"holds another glass .seed-1/{made} was made with it"):
        study._check_settings(tmp_path, NEW, Console())
    study._check_settings(tmp_path, OLD | {"versions": 2, "made": 3}, Console())


def test_settings_with_which_nothing_was_made_are_forgotten(tmp_path):
    study._check_settings(tmp_path, OLD, Console())
    seed = tmp_path / "seed-1"
    seed.mkdir()
    for name in ("start.restart", "melt.b.restart", "melt.new.restart", "melt.txt"):
        (seed / name).touch()
    study._check_settings(tmp_path, NEW, Console())
    assert not seed.exists()  # nothing of the old melt is taken for the new one
    assert json.loads((tmp_path / "settings.json").read_text("utf-8")) == NEW


def test_two_runs_in_one_folder_are_refused(tmp_path):
    message = "another rfmeam glass"
    with (
        quench.alone(tmp_path),
        pytest.raises(UserError, match=message),
        quench.alone(tmp_path, patience=0.2),
    ):
        pass


RUN_A_WRAPPER = """
import sys
from pathlib import Path
from types import SimpleNamespace
from rfmeam.glass import lammps, quench
folder = Path(sys.argv[1])
machine = SimpleNamespace(command=lambda: ["sh", "wrapper"])
with quench.alone(folder) as lock:
    lammps.run_script("", folder, "fake", machine, lock=lock)
"""


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_killed_it_leaves_no_lammps_behind_a_wrapper(tmp_path, how):
    """As the lmp of the PyPI wheel: a script that starts LAMMPS and waits."""
    (tmp_path / "wrapper").write_text("sleep 60 & echo $! > child; wait\n", "utf-8")
    program = subprocess.Popen([sys.executable, "-c", RUN_A_WRAPPER, str(tmp_path)])
    try:
        child = tmp_path / "child"
        wait_for(lambda: child.exists() and child.read_text("utf-8").endswith("\n"))
        program.send_signal(how)
        program.wait()
        with quench.alone(tmp_path, patience=20.0):  # not before LAMMPS has ended
            assert not is_running(int(child.read_text("utf-8")))
    finally:
        program.kill()


def test_a_wrapper_that_dies_leaves_no_lammps_behind(tmp_path):
    (tmp_path / "wrapper").write_text("sleep 60 & echo $! > child; kill -9 $$\n", "utf-8")
    machine = SimpleNamespace(command=lambda: ["sh", "wrapper"])
    with pytest.raises(UserError, match="ended with status 137"):
        lammps.run_script("", tmp_path, "fake", machine)
    assert not is_running(int((tmp_path / "child").read_text("utf-8")))


def wait_for(condition):
    end = time.monotonic() + 60.0
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


def is_running(process):
    """Whether a process is there, and not only waiting to be reaped."""
    try:
        state = Path(f"/proc/{process}/stat").read_text("utf-8").rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def test_a_warning_of_two_integrators_is_an_error(tmp_path):
    warning = "WARNING: One or more atoms are time integrated more than once (src/modify.cpp:290)"
    machine = SimpleNamespace(command=lambda: ["echo", warning])
    with pytest.raises(UserError, match="LAMMPS warned: atoms are time integrated more than once"):
        lammps.run_script("", tmp_path, "fake", machine)
    # what an earlier run has said does not count
    lammps.run_script("", tmp_path, "fake", SimpleNamespace(command=lambda: ["true"]))


FACTS = "step 30000 timestep 0.001 charge 1e-13 Li 6.94 B 10.81 Si 28.085 O 15.999\n"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("", "", ""),
        ("O 15.999", "O 160", "melt.facts: the mass of O, g/mol, was 160, not 15.999"),
        ("timestep 0.001", "timestep 0.002", "melt.facts: the timestep was 0.002, not 0.001"),
        ("step 30000", "step 3000", "melt.facts: the step was 3000, not 30000"),
        ("1e-13", "-0.4", "melt.facts: the charges add up to -0.4 e"),
    ],
)
def test_what_lammps_had_is_checked(tmp_path, old, new, message):
    run = quench.Quench(tmp_path, model(), force_field.load("du", model()), Protocol(), 1)
    (tmp_path / "melt.facts").write_text(FACTS.replace(old, new), "utf-8")
    (tmp_path / "melt.txt").write_text("0 3000 0 0 0 0\n100 3050 0 0 0 0\n", "utf-8")
    if not message:
        run._check_stage(Protocol().stages[0], None)
        return
    with pytest.raises(UserError, match=message):
        run._check_stage(Protocol().stages[0], None)


@pytest.mark.parametrize(
    ("relax", "message"),
    [
        ([310, 290, 310, 290], ""),
        ([310, 400, 2800, 2900], "in its second half the temperature was 2850 K, not 300 K"),
        ([9000, 900, 300, 300], "it began at 9000 K, where cool had ended at 305 K"),
    ],
)
def test_temperatures_are_those_of_the_protocol(tmp_path, relax, message):
    run = quench.Quench(tmp_path, model(), force_field.load("du", model()), Protocol(), 1)
    for name, values in (("cool", [3000, 1500, 305]), ("relax", relax)):
        rows = [f"{100 * i} {value} 0 0 0 0\n" for i, value in enumerate(values)]
        (tmp_path / f"{name}.txt").write_text("".join(rows), "utf-8")
    _, cool, relaxing = Protocol().stages
    if not message:
        run._check_temperature(relaxing, cool)
        return
    with pytest.raises(UserError, match=message):
        run._check_temperature(relaxing, cool)


@pytest.mark.parametrize(
    ("types", "distance", "found"),
    [
        ((1, 4), 0.7, "Li and O are 0.70 Å apart at the start"),
        ((1, 4), 0.9, ""),
        ((1, 1), 0.7, ""),
        ((4, 4), 0.3, "O and O are 0.30 Å apart"),
    ],
)
def test_atoms_in_each_other_are_named(tmp_path, types, distance, found):
    run = quench.Quench(tmp_path, model(), force_field.load("du", model()), Protocol(), 1)
    rows = [(1, types[0], 1.0), (2, types[1], 1.0 + distance), (3, 1, 5.0)]
    charges = {1: 0.6, 4: -1.2}
    text = "ITEM: TIMESTEP\n0\nITEM: NUMBER OF ATOMS\n3\nITEM: BOX BOUNDS pp pp pp\n"
    text += "0 9\n0 9\n0 9\nITEM: ATOMS id type x y z q\n"
    text += "".join(f"{i} {kind} {x} 1 1 {charges[kind]}\n" for i, kind, x in rows)
    (tmp_path / "start.dump").write_text(text, "utf-8")
    assert run._closest_pair().startswith(found)
    assert bool(run._closest_pair()) == bool(found)


FAKE_LMP = """\
case $1 in -h) echo "LAMMPS - 4 Jul 2026"; exit ;; esac
sleep 60 & echo $! > {folder}/child; wait
"""


def test_ctrl_c_ends_lammps_and_says_how_to_go_on(tmp_path):
    lmp = tmp_path / "lmp"
    lmp.write_text("#!/bin/sh\n" + FAKE_LMP.format(folder=tmp_path), "utf-8")
    lmp.chmod(0o755)
    command = [sys.executable, "-m", "rfmeam", "glass", "0L0B100S", "--atoms", "300"]
    program = subprocess.Popen(
        [*command, "-o", str(tmp_path / "g")],
        env=os.environ | {"PATH": f"{tmp_path}:{os.environ['PATH']}"},
        stdout=subprocess.PIPE,
        text=True,
        # what runs in the background of a shell ignores it, and so would its children
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    try:
        child = tmp_path / "child"
        wait_for(lambda: child.exists() and child.read_text("utf-8").endswith("\n"))
        program.send_signal(signal.SIGINT)
        said, _ = program.communicate(timeout=30)
        assert program.returncode == 130
        assert "stopped; the same command goes on with" in said
        assert not is_running(int(child.read_text("utf-8")))
    finally:
        program.kill()


def test_killed_while_publishing_it_goes_on(tmp_path, monkeypatch):
    run = quench.Quench(tmp_path, model(), force_field.load("du", model()), Protocol(), 1)
    (tmp_path / "relax.data").write_text("whole", "utf-8")
    monkeypatch.setattr(quench, "read_frames", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        run._finish()
    frame = structure.random_structure(model(), 2.3, seed=1)
    frame.set_initial_charges(np.zeros(len(frame)))
    monkeypatch.setattr(quench, "read_frames", lambda *_: [frame])
    run._finish()
    assert run.finished
    assert (tmp_path / "glass.data").read_text("utf-8") == "whole"


def test_a_glass_is_reported_although_a_measure_of_it_fails(tmp_path, monkeypatch):
    def fails(*_, **__):
        raise UserError("no Li in it")

    made = SimpleNamespace(
        folder=tmp_path / "seed-1",
        seed=1,
        run=lambda *_: None,
        protocol=SimpleNamespace(steps=1),
        model=SimpleNamespace(counts={"Li": 2}),
        finished=True,
    )
    made.folder.mkdir()
    monkeypatch.setattr(seeds.judge, "judge", lambda _: {"seed": 1, "values": {"B4 %": 20.0}})
    monkeypatch.setitem(seeds.measure.MEASURES, "diffusion", fails)
    asked = [seeds.Seed(made, None, None, ("diffusion",))]
    assert seeds.make_all(asked, Place(), Console()) == ["seed 1: no Li in it"]
    assert study.collect(tmp_path, {})["summary"]["B4 %"]["mean"] == 20.0


def test_report_beside_all_that_is_published():
    names = ("B in all-boron 3-rings %", "conductivity 300 K, extrapolated S/cm")
    summary = {name: {"mean": 0.0, "error": None, "seeds": 1} for name in names}
    page = report._comparison({"settings": {"sample": "60L25B15S"}, "summary": summary})
    assert "Experiment, quantum MD and published Buckingham: AGC talk at CCSE-35" in page
    unknown = report._comparison({"settings": {"sample": "Na2O20-SiO280"}, "summary": summary})
    assert "AGC" not in unknown
    assert "experiment" not in unknown
    cells = [cell.split("<")[0] for cell in page.split("<td>")[1:]]
    assert cells == [names[0], "0.00", "41.8", "8.3", "&lt;0.1", names[1], "0.00", "8.7e-7", "", ""]


@pytest.mark.parametrize(("rate", "atoms", "compares"), [(10, 997, True), (1000, 997, False)])
def test_a_test_run_compares_with_nothing(rate, atoms, compares):
    settings = {"protocol": {"rate": rate}, "atoms": {"O": atoms}}
    assert ("Compares with nothing" in report._warning(settings)) is not compares


@pytest.mark.parametrize(("volumes", "panels"), [((3200.0, 3200.0), 1), ((3300.0, 3200.0), 2)])
def test_a_density_that_was_kept_is_not_drawn(tmp_path, monkeypatch, volumes, panels):
    drawn = []
    monkeypatch.setattr(figures.Figure, "savefig", lambda figure, _: drawn.append(figure))
    record = np.array([[0, 3000, 0, volumes[0], -2000, 0], [100, 300, 0, volumes[1], -2100, 0]])
    monkeypatch.setattr(figures.lammps, "read_record", lambda _: record.astype(float))
    figures.draw_cooling([tmp_path], {"Li": 100, "O": 50}, None, tmp_path / "x.png")
    assert len(drawn[0].axes) == panels
    assert drawn[0].axes[0].lines[0].get_ydata().min() == 0.0


def test_an_upper_bound_is_not_drawn_as_a_value(tmp_path, monkeypatch):
    drawn = []
    monkeypatch.setattr(figures.Figure, "savefig", lambda figure, _: drawn.append(figure))
    rows = [row for row in table._references() if row["sample"] == "40L30B30S"]
    figures.draw_comparison(rows, tmp_path / "x.png")
    assert "AGC talk at CCSE-35" in drawn[0].legends[0].get_title().get_text()
    rings = drawn[0].axes[1]
    assert [text.get_text() for text in rings.texts] == ["<0.1"]
    assert sorted(bar.get_height() for bar in rings.patches) == [10.4, 32.7]


@pytest.mark.parametrize("line", [{}, {CONDUCTIVITY: 1e-7, "activation energy eV": 0.6}])
def test_conductivity_is_drawn_with_and_without_a_line(tmp_path, line):
    curves = {"T": [700, 900, 1100], "conductivity": [0.01, 0.1, 0.5], "error": [0.001] * 3}
    seed = {"seed": 1, "measured": {"diffusion": {"values": line, "curves": curves}}}
    figures.draw_conductivity([seed, seed], tmp_path / "c.png")
    assert (tmp_path / "c.png").stat().st_size > 1000


def test_table_of_finished_glasses(tmp_path):
    folder = tmp_path / "run"
    folder.mkdir()
    summary = {
        "B4 %": {"mean": 20.0, "error": 1.0, "seeds": 3},
        "B in all-boron 3-rings %": {"mean": 0.0, "error": 0.0, "seeds": 3},
    }
    for held, name in ((2.31, "result.json"), (None, "free.json")):
        settings = {
            "sample": "40L30B30S",
            "potential": "du",
            "potential parameters": {},
            "protocol": {"rate": 10, "density": held},
            "atoms": {"Li": 1000},
        }
        result = {"settings": settings, "summary": summary, "seeds": [{}, {}, {}]}
        (folder / name).write_text(json.dumps(result), "utf-8")
    table.write([folder, folder / "free.json", tmp_path / "unfinished"], tmp_path / "table.md")
    text = (tmp_path / "table.md").read_text("utf-8")
    assert "| 40L30B30S | experiment |  |  | 57.5 | 32.7 |" in text
    assert "| 40L30B30S | du | 10 K/ps, 2.31 g/cm³, 1000 atoms | 3 | 20.0 ± 1.0 | 0 |" in text
    assert "| 40L30B30S | du, zero pressure | 10 K/ps, 1000 atoms | 3 | 20.0 ± 1.0 | 0 |" in text
    assert "<0.1" in text
    assert text.endswith("Experiment, quantum MD and published Buckingham: AGC talk at CCSE-35.\n")
    assert "60L25B15S" not in text
    assert (tmp_path / "table.png").stat().st_size > 1000
    with pytest.raises(UserError, match="none of the folders"):
        table.write([tmp_path], tmp_path / "empty.md")
