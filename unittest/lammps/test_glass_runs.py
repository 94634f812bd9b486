"""`rfmeam glass` with LAMMPS: from random atoms to a report, killed and resumed, 5000 K, files of the user."""

import json
import signal
import threading
import time
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from ase.build import bulk
from rfmeam.cli import app
from rfmeam.glass import composition, force_field, lammps, measure, pair_table, tabulated
from rfmeam.glass.frames import read_frames
from rfmeam.glass.protocol import Protocol
from rfmeam.glass.quench import Quench, Runner, alone
from rfmeam.glass.structure import random_structure
from typer.testing import CliRunner

from rfmeam import UserError

ROOT = Path(__file__).parents[2]
MODEL = composition.build_model(composition.parse_sample("40L30B30S"), 300)
SHORT = Protocol(melt_time=0.2, relax_time=0.4, rate=1000.0, timestep=2.0)


def glass(tmp_path, force=None, protocol=SHORT, name="glass") -> Quench:
    return Quench(tmp_path / name, MODEL, force or force_field.load("du", MODEL), protocol, 1)


def test_from_nothing_to_a_report(tmp_path):
    folder = tmp_path / "glass"
    short = ["--atoms", "300", "--rate", "1000", "--melt-time", "0.2", "--relax-time", "0.4"]
    command = ["glass", "40L30B30S", "--potential", "du", *short, "-o", str(folder)]
    result = CliRunner().invoke(app, command)
    assert result.exit_code == 0, result.output
    report = (folder / "report.html").read_text("utf-8")
    assert "57.5" in report and report.count("data:image/png;base64") == 3
    assert "cooled at 1000 K/ps at 2.31 g/cm³, relaxed" in report
    for name in ("glass.extxyz", "glass.data", "result.json"):
        assert (folder / "seed-1" / name).stat().st_size > 0
    found = json.loads((folder / "result.json").read_text("utf-8"))
    assert found["settings"]["versions"]["LAMMPS"].startswith("4 Jul 2026")
    assert 1.5 < found["summary"]["density g/cm3"]["mean"] < 3.0
    before = (folder / "seed-1" / "glass.extxyz").stat().st_mtime_ns
    assert CliRunner().invoke(app, command).exit_code == 0  # nothing is done twice
    assert (folder / "seed-1" / "glass.extxyz").stat().st_mtime_ns == before
    changed = CliRunner().invoke(app, [*command, "--density", "2.3"])
    assert changed.exit_code == 1 and "this folder holds another glass" in changed.output.replace("\n", " ")


@pytest.mark.parametrize("every", [200, 100_000])  # with restarts of the stage, and that of its beginning only
def test_killed_in_the_middle_it_goes_on(every, tmp_path, monkeypatch):
    monkeypatch.setattr(lammps, "RESTART_EVERY", every)
    run = glass(tmp_path, protocol=replace(SHORT, rate=500.0))

    def kill(process):
        def wait_and_kill():
            while process.poll() is None and lammps.last_step(run.folder / "cool.txt") < 1000:
                time.sleep(0.05)
            process.send_signal(signal.SIGKILL)

        threading.Thread(target=wait_and_kill, daemon=True).start()

    with pytest.raises(UserError, match="LAMMPS stopped"):
        run.run(lammps.Machine(), None, kill)
    assert not run.finished
    assert (run.folder / "melt.restart").exists()
    melt = (run.folder / "melt.restart").stat().st_mtime_ns
    run.run(lammps.Machine(), None)
    assert run.finished
    assert (run.folder / "melt.restart").stat().st_mtime_ns == melt
    record = lammps.read_record(run.folder / "cool.txt")
    steps = run.protocol.stages[1].steps
    assert record[:, 0].tolist() == list(range(0, steps + 1, lammps.RECORD_EVERY))
    assert "read_restart cool." in (run.folder / "in.cool").read_text()
    assert record[-1, 1] < 700


def test_ranks_and_kokkos_at_a_given_density(tmp_path):
    run = glass(tmp_path, protocol=replace(SHORT, density=2.31))
    run.run(lammps.Machine(2, "kk"), None)
    assert run.finished
    said = (run.folder / "cool.out").read_text()
    assert "-np 2" in said and "2 MPI tasks" in said and "KOKKOS mode" in said
    volume = lammps.read_record(run.folder / "cool.txt")[:, 3]
    assert MODEL.density(volume.min()) == MODEL.density(volume.max()) == pytest.approx(2.31, rel=1e-6)
    assert np.ptp(lammps.read_record(run.folder / "relax.txt")[:, 3]) > 1.0


def test_two_runs_of_ranks_do_not_share_cores(tmp_path):
    fake = SimpleNamespace(command=lambda: ["sh", "-c", "cat /proc/self/environ > environment"])
    lammps.run_script("", tmp_path, "fake", fake)
    assert "hwloc_default_binding_policy=none" in (tmp_path / "environment").read_text()


def closest_approach(run: Quench) -> float:
    """The smallest distance of an oxygen to another atom in 2 ps of melt at 5000 K, Å: of the pairs with a Buckingham
    term, which could fall into each other. (Cations only repel; of those, fast ones meet at 0.8 Å.)"""
    run.folder.mkdir(parents=True)
    run.force_field.write(run.folder / "forcefield")
    stage = replace(run.protocol.stages[0], start=5000.0, stop=5000.0, steps=2000, frames=40)
    with alone(run.folder) as lock:
        run._run_stage(stage, None, Runner(lammps.Machine(), None, lambda process: None, lock))
    closest = np.inf
    for atoms in read_frames(run.folder / "melt.dump", run.force_field.elements):
        distances = atoms.get_all_distances(mic=True) + 9.0 * np.eye(len(atoms))
        closest = min(closest, distances[atoms.symbols == "O"].min())
    return closest


@pytest.mark.parametrize("name", ["agc", "du"])
def test_no_collapse_at_5000_K(name, tmp_path):
    assert closest_approach(glass(tmp_path, force_field.load(name, MODEL), replace(SHORT, timestep=1.0))) > 0.9


def test_a_file_of_the_user_gives_the_same_trajectory(tmp_path):
    built_in = glass(tmp_path, name="built-in")
    built_in.run(lammps.Machine(), None)
    own = tmp_path / "own.lmp"
    charges = built_in.force_field.charges
    lines = [f"set type ${{{element}}} charge {charge}" for element, charge in charges.items()]
    lines.append(f"pair_style table spline {tabulated.POINTS}")
    for line in built_in.force_field.lines:
        if line.startswith("pair_coeff"):
            first, second = line.split()[-1].split("-")
            lines.append(f"pair_coeff ${{{first}}} ${{{second}}} own.table {first}-{second}")
    own.write_text("\n".join(lines), "utf-8")
    (tmp_path / "own.table").write_text(built_in.force_field.files[tabulated.TABLE_FILE], "utf-8")
    run = glass(tmp_path, force_field.load(str(own), MODEL), name="file")
    run.run(lammps.Machine(), force_field.data_folder(str(own)))
    for stage in ("melt", "relax"):
        assert np.array_equal(
            lammps.read_record(run.folder / f"{stage}.txt"), lammps.read_record(built_in.folder / f"{stage}.txt")
        )


def test_what_lammps_refuses_is_told(tmp_path):
    own = tmp_path / "own.lmp"
    own.write_text("pair_style lj/cut 5.0\npair_coeff 1 1 0.1 2.0\n", "utf-8")
    run = glass(tmp_path, force_field.load(str(own), MODEL))
    with pytest.raises(UserError, match="All pair coeffs are not set"):
        run.run(lammps.Machine(), tmp_path)


def test_charges_that_do_not_balance_are_refused(tmp_path):
    own = tmp_path / "own.lmp"
    own.write_text("set type ${Li} charge 1.0\npair_style coul/dsf 0.2 8.0\npair_coeff * *\n", "utf-8")
    run = glass(tmp_path, force_field.load(str(own), MODEL))
    with pytest.raises(UserError, match="charges add up to 66 e"):
        run.run(lammps.Machine(), tmp_path)


BKS = """\
set type ${Si} charge 2.4
set type ${O} charge -1.2
pair_style hybrid/overlay buck 8.0 coul/dsf 0.2 8.0
pair_coeff * * buck 0.0 1.0 0.0
pair_coeff ${Si} ${O} buck 18003.7572 0.205205 133.5381
pair_coeff ${O} ${O} buck 1388.773 0.362319 175.0
pair_coeff * * coul/dsf
"""
SILICA = ["--composition", "SiO2=100", "--atoms", "300", "--melt-time", "0.5", "--rate", "1000", "--relax-time", "0.5"]


def test_bare_buckingham_terms_collapse_and_the_advice_helps(tmp_path):
    own = tmp_path / "bks.lmp"
    own.write_text(BKS, "utf-8")
    command = ["glass", *SILICA, "--potential", str(own), "-o", str(tmp_path / "glass")]
    refused = CliRunner().invoke(app, command)
    said = refused.output.replace("\n", " ")
    assert refused.exit_code == 1
    assert "O and Si are 0.0" in said and "Å apart at the start, closer than atoms of a melt come" in said
    assert "--repair puts walls inside of them" in said and "--timestep" not in said
    helped = CliRunner().invoke(app, [*command, "--repair"])
    assert helped.exit_code == 0, helped.output
    assert "begins anew" in helped.output  # nothing was made without walls
    found = json.loads((tmp_path / "glass" / "result.json").read_text("utf-8"))
    assert 2.0 < found["summary"]["density g/cm3"]["mean"] < 2.8
    assert found["summary"]["Si mean coordination"]["mean"] == pytest.approx(4.0, abs=0.3)


def test_walls_change_nothing_outside(tmp_path):
    """Forces of LAMMPS with the table beside, in silica without close contacts."""
    silica = composition.build_model(composition.parse_composition("SiO2=100"), 300)
    own = tmp_path / "bks.lmp"
    own.write_text(BKS, "utf-8")
    forces = []
    for repair in (False, True):
        field = force_field.load(str(own), silica, repair)
        folder = tmp_path / str(repair)
        folder.mkdir()
        field.write(folder / "forcefield")
        random_structure(silica, 1.2, 1).write(
            folder / "start.data", format="lammps-data", atom_style="charge", specorder=list(field.elements)
        )
        head = lammps.header(field.elements, composition.MASSES, "read_data start.data", 1.0)
        dump = "write_dump all custom f.dump id fx fy fz modify sort id format float %.10g"
        lammps.run_script("\n".join([*head, "run 0", dump, ""]), folder, "forces", lammps.Machine())
        forces.append(np.loadtxt(folder / "f.dump", skiprows=9)[:, 1:])
    assert np.abs(forces[0]).max() > 1.0
    assert forces[1] == pytest.approx(forces[0], abs=1e-6)


def test_what_a_stage_had_is_written(tmp_path):
    run = glass(tmp_path)
    run.run(lammps.Machine(), None)
    facts = lammps.read_facts(run.folder / "relax.facts")
    assert facts["step"] == run.protocol.stages[2].steps
    assert facts["timestep"] == pytest.approx(0.002)
    assert {e: facts[e] for e in ("Li", "B", "Si", "O")} == pytest.approx(
        {e: composition.MASSES[e] for e in ("Li", "B", "Si", "O")}
    )


def test_damped_coulomb_is_that_of_lammps(tmp_path):
    """The table of two charges against coul/dsf, in LAMMPS, on random ions."""
    term = pair_table.DampedCoulomb(-0.72, 0.25, 8.0)
    (tmp_path / "dsf.table").write_text(pair_table.table_section("LIO", term, 0.5, 8.0, 4000), "utf-8")
    script = """
units metal
atom_style charge
region box block 0 30 0 30 0 30
create_box 2 box
create_atoms 1 single 10.1 10.2 10.3
create_atoms 2 single 12.0 11.0 {z}
set type 1 charge 0.6
set type 2 charge -1.2
mass * 1.0
{pair}
fix f all ave/time 1 1 1 c_thermo_pe file {name}.txt
run 0
write_dump all custom {name}.dump id fx fy fz modify format float %.10g
"""
    forces = {}
    for z in (10.5, 13.0, 16.5):
        pairs = {"table": "pair_style table spline 4000\npair_coeff 1 2 dsf.table LIO\npair_coeff 1 1 dsf.table LIO"}
        pairs["table"] += "\npair_coeff 2 2 dsf.table LIO"
        pairs["dsf"] = "pair_style coul/dsf 0.25 8.0\npair_coeff * *"
        for name, pair in pairs.items():
            lammps.run_script(script.format(z=z, pair=pair, name=name), tmp_path, name, lammps.Machine())
            forces[name] = np.loadtxt(tmp_path / f"{name}.dump", skiprows=9)[:, 1:]
        assert forces["table"] == pytest.approx(forces["dsf"], abs=2e-6)
        assert np.abs(forces["dsf"]).max() > 1e-3


def test_with_pppm_and_a_far_end_forces_are_those_of_buck_coul_long(tmp_path):
    """du in a random lithium silicate without close contacts, beside LAMMPS' own Buckingham and Ewald's sum to 1e-6;
    what is left is the last half Ångström, over which ours ends."""
    silicate = composition.build_model(composition.parse_sample("30L0B70S"), 300)
    field = force_field.load("du", silicate, truncation=tabulated.Truncation(11.0, pppm=True))
    elements = field.elements
    own = [f"set type {i} charge {field.charges[element]}" for i, element in enumerate(elements, 1)]
    own += ["pair_style buck/coul/long 11.0", "pair_coeff * * 0.0 1.0 0.0", "kspace_style ewald 1.0e-6"]
    for i, element in enumerate(elements, 1):
        term = field.parameters[f"{element}-O"]
        first, second = sorted((i, elements.index("O") + 1))
        own.append(f"pair_coeff {first} {second} {term['A']} {term['rho']} {term['C']}")
    forces = []
    for name, lines in (("tables", field.lines), ("own", own)):
        folder = tmp_path / name
        folder.mkdir()
        replace(field, lines=lines).write(folder / "forcefield")
        random_structure(silicate, 1.2, 1).write(
            folder / "start.data", format="lammps-data", atom_style="charge", specorder=list(elements)
        )
        head = lammps.header(elements, composition.MASSES, "read_data start.data", 1.0)
        dump = "write_dump all custom f.dump id fx fy fz modify sort id format float %.10g"
        lammps.run_script("\n".join([*head, "run 0", dump, ""]), folder, "forces", lammps.Machine())
        forces.append(np.loadtxt(folder / "f.dump", skiprows=9)[:, 1:])
    assert np.abs(forces[1]).max() > 1.0
    assert forces[0] == pytest.approx(forces[1], abs=2e-3)


@pytest.fixture
def crystal(tmp_path):
    """A crystal of nearest-neighbour springs as if it were a finished glass: fcc, Morse, known stiffness."""
    a, depth, width = 4.0, 0.5, 1.5
    nearest = a / np.sqrt(2)
    folder = tmp_path / "crystal"
    (folder / "forcefield").mkdir(parents=True)
    lines = f"pair_style morse 3.4\npair_coeff 1 1 {depth} {width} {nearest:.10f}\n"
    (folder / "forcefield" / "forcefield.lmp").write_text(lines, "utf-8")
    atoms = bulk("Li", "fcc", a=a, cubic=True).repeat(4)
    atoms.write(folder / "fcc.data", format="lammps-data", atom_style="charge", specorder=["Li"])
    head = lammps.header(["Li"], composition.MASSES, "read_data fcc.data", 2.0)
    lammps.run_script("\n".join([*head, "run 0", "write_restart relax.restart", ""]), folder, "start", lammps.Machine())
    spring = 2 * depth * width**2
    run = SimpleNamespace(folder=folder, force_field=SimpleNamespace(elements=("Li",)), protocol=SHORT, seed=1)
    return run, spring / a * 160.21766  # k/a in GPa


def test_elastic_constants_of_springs(crystal):
    run, unit = crystal
    c = np.array(measure.measure_elastic(run, lammps.Machine(), None, lambda p: None)["curves"]["stiffness GPa"])
    # nearest-neighbour springs k in fcc: C11 = 2 k/a, C12 = C44 = k/a
    for i in range(3):
        assert c[i, i] == pytest.approx(2 * unit, rel=0.02)
        assert c[i, (i + 1) % 3] == pytest.approx(unit, rel=0.02)
        assert c[i + 3, i + 3] == pytest.approx(unit, rel=0.02)


def test_measures_on_a_glass(tmp_path, monkeypatch):
    monkeypatch.setattr(measure, "TEMPERATURES", (1500.0, 2000.0, 2500.0))
    monkeypatch.setattr(measure, "DIFFUSION_TIME", 2.0)
    monkeypatch.setattr(measure, "DIFFUSION_INTERVAL", 0.02)
    monkeypatch.setattr(measure, "LARGEST_STRAIN", 0.05)
    monkeypatch.setattr(measure, "STRAIN_RATE", 0.05)
    run = glass(tmp_path)
    run.run(lammps.Machine(), None)
    found = measure.measure_diffusion(run, lammps.Machine(), None, lambda p: None)
    assert found["values"]["D Li 2500 K cm2/s"] > 1e-6
    load = measure.measure_strength(run, lammps.Machine(), None, lambda p: None)
    assert load["values"]["compression: Young's modulus GPa"] > 5
    assert load["curves"]["tension strain"][-1] == pytest.approx(0.05, rel=0.1)
    assert len(load["curves"]["tension B4 %"]) == 13


def without_a_minimum(folder) -> None:
    """LBS.rfmeam with charges that are too soft for their distances, and the lines that use it."""
    text = (ROOT / "potentials/LBS.rfmeam").read_text("utf-8")
    kept = [line for line in text.splitlines() if not line.startswith(("coulomb", "charge", "width", "wall", "end"))]
    soft = ["coulomb screened_cut 8.0", *(f"charge {element} 1.0 2.5 0.0" for element in MODEL.counts), "rho * * 9.0"]
    (folder / "soft.rfmeam").write_text("\n".join([*kept, *soft, "end", ""]), "utf-8")
    lines = ["pair_style rfmeam/qeq", "pair_coeff * * soft.rfmeam ${elements}", "fix charges all qeq/vc 1 1.0e-6 100"]
    (folder / "soft.lmp").write_text("\n".join([*lines, ""]), "utf-8")


def test_charges_without_a_minimum_end_the_run_and_what_is_finished_stays(tmp_path):
    """From the melt that another force field has left, so that it happens on the way."""
    begun = glass(tmp_path)
    run = Runner(lammps.Machine(), None, lambda process: None, None)
    begun.folder.mkdir()
    begun.force_field.write(begun.folder / "forcefield")
    begun._run_stage(SHORT.stages[0], None, run)
    melt = (begun.folder / "melt.restart").stat().st_mtime_ns
    without_a_minimum(tmp_path)
    soft = force_field.load(str(tmp_path / "soft.lmp"), MODEL)
    with pytest.raises(UserError) as caught:
        glass(tmp_path, soft).run(lammps.Machine(), tmp_path)
    said = str(caught.value)
    assert "found an indefinite charge matrix at step" in said and "Worst pair: types" in said
    assert "Raise J or lower the screening lengths rho in soft.rfmeam" in said
    assert "rfmeam check looks for it" in said and "Finished stages are kept" in said
    assert str(begun.folder / "cool.out") in said
    assert (begun.folder / "melt.restart").stat().st_mtime_ns == melt
    begun.run(lammps.Machine(), None)
    assert begun.finished and (begun.folder / "melt.restart").stat().st_mtime_ns == melt
