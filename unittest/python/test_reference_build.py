"""rfmeam reference: lists, structures, and builds that are interrupted or fail, with a stand-in for
GPAW.
"""

import json
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from ase import Atoms
from ase.build import bulk
from ase.calculators.emt import EMT
from ase.io import read
from rfmeam.cli import app
from rfmeam.errors import UserError
from rfmeam.reference import build, dft, recipes
from rfmeam.reference.dft_worker import by_nearest_atom, electrons_of_atoms, relax
from rfmeam.reference.kpoints import Mesh
from rfmeam.reference.method import Method
from rfmeam.reference.structure_list import read_list
from typer.testing import CliRunner

LIST = """
seed: 7
validation: {chance: 0.5, seed: 1}
method: {cutoff: 400, kpoint_length: 12}
families:
  volumes:
    start: {bulk: {symbol: Li, structure: bcc, a: 3.44}}
    steps: [{volume: {ratios: [0.9, 1.0, 1.1]}}]
  strained:
    start: {bulk: {symbol: LiF, structure: rocksalt, a: 4.07}}
    steps: [{strain: {modes: [uniaxial, orthorhombic, shear], sizes: [0.02]}}]
  rattled:
    use: fit
    start: {bulk: {symbol: LiF, structure: rocksalt, a: 4.07}}
    steps: [{rattle: {amplitudes: [0.05], copies: 4}}]
"""


@pytest.fixture
def fake(tmp_path, monkeypatch):
    """Makes the stand-in the Python of the computations; returns the file that counts its calls."""
    script = tmp_path / "python"
    worker = Path(__file__).with_name("fake_dft.py")
    script.write_text(f'#!/bin/sh\n[ "$1" = -c ] && exit 0\nexec {sys.executable} {worker} "$@"\n')
    script.chmod(0o755)
    log = tmp_path / "calls"
    monkeypatch.setenv("RFMEAM_DFT_PYTHON", str(script))
    monkeypatch.setenv("FAKE_DFT_LOG", str(log))
    return log


def run(path: Path, *options: str):
    return CliRunner().invoke(app, ["reference", "build", str(path), *options])


def frames(path: Path) -> dict:
    return {
        a.info["label"]: a
        for part in ("training", "validation")
        for f in path.parent.glob(f"{part}/*")
        for a in read(f, ":")
    }


def test_build_writes_every_structure(write, fake):
    path = write(LIST, "list.yaml")
    assert run(path, "--workers", "2").exit_code == 0
    found = frames(path)
    assert len(found) == 10
    atoms = found["rattled/02"]
    assert atoms.info["functional"] == "PBE" and atoms.info["cutoff_eV"] == 400.0
    np.testing.assert_allclose(
        atoms.get_forces(), atoms.cell.array.sum(axis=0) / 2 - atoms.positions, atol=1e-6
    )
    assert atoms.arrays["bader_charge"].tolist() == [-1, 1]
    assert "complete" in run(path).output
    assert len(fake.read_text().split()) == 10


def test_build_goes_on_after_an_interruption_and_a_failure(write, fake, monkeypatch):
    path = write(LIST, "list.yaml")
    assert run(path, "--hours", "0").exit_code == 0
    assert not frames(path)
    monkeypatch.setenv("FAKE_DFT_FAILS", "01")
    failed = run(path)
    assert failed.exit_code == 1
    assert "rattled/01" in failed.output and "told to fail" in failed.output
    assert len(frames(path)) == 7
    monkeypatch.delenv("FAKE_DFT_FAILS")
    assert run(path).exit_code == 0
    assert len(frames(path)) == 10
    assert not list(path.parent.rglob(".*.part"))


def started(path: Path) -> subprocess.Popen:
    """A build in a process of its own."""
    command = [sys.executable, "-c", "from rfmeam.cli import app; app()"]
    return subprocess.Popen([*command, "reference", "build", path], stdout=subprocess.DEVNULL)


def until(condition) -> None:
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end, "nothing happened for a minute"
        time.sleep(0.01)


def test_a_killed_build_leaves_no_structure_to_two_workers(write, fake, monkeypatch):
    """Its worker goes on, with the structure's lock; the next builds take what it has computed."""
    path = write(LIST, "list.yaml")
    waits = path.parent / "waits"
    waits.touch()
    monkeypatch.setenv("FAKE_DFT_WAITS", str(waits))
    first = started(path)
    until(lambda: fake.exists() and fake.read_text())
    first.kill()
    first.wait()
    (job,) = fake.read_text().split()
    monkeypatch.delenv("FAKE_DFT_WAITS")
    assert run(path).exit_code == 0
    assert len(frames(path)) == 9
    waits.unlink()
    until((path.parent / "scratch" / job).with_suffix(".json").exists)
    until(lambda: run(path).exit_code == 0 and len(frames(path)) == 10)
    assert len(fake.read_text().split()) == 10
    assert not list(path.parent.rglob("*.part"))


def test_builds_beside_each_other_share_the_work(write, fake):
    path = write(LIST, "list.yaml")
    builds = [started(path) for _ in range(4)]
    assert [process.wait() for process in builds] == [0] * 4
    assert len(frames(path)) == 10
    assert len(fake.read_text().split()) == 10


def test_a_build_on_a_cluster(write, fake, slurm, monkeypatch):
    """Its jobs run on the node, as many as are free to begin; what fails there is told here."""
    pytest.importorskip("parsl")
    path = write(LIST, "list.yaml")
    cluster = write("cores_per_node: 2", "cluster.yaml")
    monkeypatch.setenv("FAKE_DFT_FAILS", "01")
    result = run(path, "--slurm", str(cluster))
    assert result.exit_code == 1
    assert "rattled/01" in result.output and "told to fail" in result.output
    assert len(frames(path)) == 7
    assert (path.parent / "scratch" / "slurm").exists() and len(
        list(slurm.glob("submitted.*"))
    ) == 1
    assert len(fake.read_text().split()) == 10


def test_a_structure_that_cannot_be_stored_does_not_end_the_build(write, fake, monkeypatch):
    path = write(LIST, "list.yaml")
    add = build.add_result

    def full(structures, task, result):
        if task.label == "rattled/01":
            raise OSError("no space left")
        add(structures, task, result)

    monkeypatch.setattr(build, "add_result", full)
    failed = run(path)
    assert failed.exit_code == 1 and "rattled/01: OSError('no space left')" in failed.output
    assert len(frames(path)) == 9


def test_build_begins_with_something_of_every_family(write):
    """The dear family's first structures come before the cheap one's fifth."""
    long = LIST.replace("copies: 4", "copies: 6")
    long += "  large:\n    start: {bulk: {symbol: Li, structure: bcc, a: 3.44, cubic: true}}\n"
    long += "    steps: [{repeat: {repeat: [2, 2, 2]}}, {rattle: {amplitudes: [0.1], copies: 3}}]\n"
    order = [task.label for task in build.missing(read_list(write(long, "list.yaml")))]
    assert order[10:] == ["large/00", "large/01", "large/02", "rattled/04", "rattled/05"]


def test_changed_method_makes_results_out_of_date(write, fake):
    path = write(LIST, "list.yaml")
    run(path)
    path.write_text(LIST.replace("cutoff: 400", "cutoff: 500"))
    assert len(build.missing(read_list(path))) == 10


def test_paw_data_are_generated_once_for_each_method(write, fake):
    path = write(
        LIST.replace("cutoff: 400", "cutoff: 400, generated_paw: {Li: -P 2s}"), "list.yaml"
    )
    assert run(path, "--workers", "2").exit_code == 0
    scratch = path.parent / "scratch"
    (folder,) = scratch.glob("paw-*")
    assert [file.name for file in folder.iterdir()] == ["Li.made.PBE"]
    (job, *_) = scratch.glob("rattled-00-*.job")
    assert json.loads(job.read_text())["paw_folder"] == str(folder)


def test_paw_data_that_cannot_be_generated_are_named(write, fake):
    path = write(
        LIST.replace("cutoff: 400", "cutoff: 400, generated_paw: {Li: -P 9s}"), "list.yaml"
    )
    result = run(path)
    assert result.exit_code == 1 and "gpaw dataset Li -P 9s: there is no 9s" in result.output


def test_changed_recipe_is_refused(write, fake):
    path = write(LIST, "list.yaml")
    run(path)
    path.write_text(LIST.replace("[0.9, 1.0, 1.1]", "[0.9, 1.1]"))
    result = run(path)
    assert (
        result.exit_code == 1
        and "volumes.extxyz" in result.output
        and "another recipe" in result.output
    )


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("cutoff", "cutof", "method: 'cutof' is unknown, allowed are functional, cutoff"),
        ("cutoff: 400", "cutoff: high", "cutoff: 'high' is not a float"),
        (
            "cutoff: 400",
            "generated_paw: {Li: -P 1s,2s}",
            "generated_paw: '2s': None: allowed are elements, with text in quotes",
        ),
        (
            "cutoff: 400",
            "dedcutoff: {Li: much}",
            "'Li': 'much': allowed are elements, with a number",
        ),
        ("cutoff: 400", "metals: [Li, Xx]", "metals: ['Li', 'Xx']: allowed are elements"),
        (
            "cutoff: 400",
            "smearing: marzari-vanderbilt",
            "'marzari-vanderbilt': allowed are methfessel-paxton, fermi-dirac",
        ),
        (
            "use: fit",
            "kpoint_mesh: diagonal",
            "rattled: method: kpoint_mesh: 'diagonal': allowed are monkhorst-pack, gamma, quarter",
        ),
        ("use: fit", "smearing_width: wide", "rattled: method: smearing_width: 'wide' is not"),
        ("cutoff: 400", "cutoff: -5", "method: cutoff: -5.0 is not a positive number"),
        ("method: {cutoff: 400, kpoint_length: 12}", "method: 3", "method: 3 is not a mapping"),
        ("chance: 0.5", "chance: 3", "chance is 3"),
        ("chance: 0.5", "fraction: 0.5", "'fraction' is unknown, allowed are chance, seed"),
        ("{chance: 0.5, seed: 1}", "0.15", "validation: 0.15 is not a mapping of chance, seed"),
        ("seed: 1", "seed: x", "validation: seed is 'x'"),
        ("seed: 7", "seed: x", "seed is 'x'"),
        ("use: fit", "relax: 0.05", "rattled: relax: 0.05 is not a mapping of force, steps"),
        ("use: fit", "relax: {force: 0.05}", "rattled: relax: steps is None, a positive number"),
        ("use: fit", "relax: {force: -1, steps: 3}", "rattled: relax: force is -1, a positive"),
        ("use: fit", "relax: {forces: 1, steps: 3}", "rattled: relax: 'forces' is unknown"),
        ("use: fit", "magnetic_moments: 1", "rattled: magnetic_moments is 1, allowed is a number"),
        (
            "use: fit",
            "magnetic_moments: [1]",
            "rattled: magnetic_moments has 1 values, its structure 0 2 atoms",
        ),
        ("[0.9, 1.0, 1.1]", "[]", "volumes: the recipe makes no structure"),
        ("[0.9, 1.0, 1.1]", "[-1]", "volumes: step 1: volume: ratios [-1]: positive numbers"),
        ("use: fit", "use: train", "rattled: use is 'train', allowed are either, fit, validate"),
        (
            "use: fit",
            "use: fit\n    group: volumes",
            "rattled: use is 'fit', but others of its group",
        ),
        ("use: fit", "user: fit", "rattled: 'user' is unknown"),
        ("volume: {", "volumes: {", "volumes: step 1: 'volumes' is unknown, allowed are repeat"),
        ("ratios:", "ratio:", "the keys allowed are ratios"),
        ("structure: bcc", "structure: bbc", "volumes: start: bulk"),
        ("symbol: LiF, structure", "symbol: LiX, structure", "structure 0: 'X' is no element"),
        ("modes: [uniaxial", "modes: [axial", "mode 'axial' is unknown"),
        ("[0.9, 1.0", "[0.009, 1.0", "apart, at least 0.7 Å"),
    ],
)
def test_mistakes_are_named(write, old, new, message):
    assert old in LIST
    path = write(LIST.replace(old, new), "list.yaml")
    with pytest.raises(UserError) as error:
        build.missing(read_list(path))
    assert message in str(error.value) and "list.yaml" in str(error.value)


def test_no_interpreter_is_named(write, monkeypatch):
    monkeypatch.delenv("RFMEAM_DFT_PYTHON", raising=False)
    result = run(write(LIST, "list.yaml"))
    assert result.exit_code == 1 and "RFMEAM_DFT_PYTHON is not set" in result.output


def held_out(structures) -> set:
    return {f.group for f in structures.families if structures.is_held_out(f)}


def test_validation_set_is_drawn_by_group_and_stays_when_the_list_grows(write):
    text = LIST.split("families:")[0] + "families:\n"
    start = "{start: {bulk: {symbol: Li, structure: bcc, a: 3.44}}"
    few = text + "".join(f"  f{i}: {start}, group: g{i // 2}}}\n" for i in range(80))
    more = few + "".join(f"  a{i}: {start}}}\n" for i in range(80))
    drawn = held_out(read_list(write(few, "few.yaml")))
    assert 10 <= len(drawn) <= 30  # of 40, with a chance of a half
    grown = held_out(read_list(write(more, "more.yaml")))
    assert {group for group in grown if group.startswith("g")} == drawn
    other = few.replace("seed: 1}", "seed: 2}")
    assert held_out(read_list(write(other, "other.yaml"))) != drawn
    for use, expected in (("fit", 0), ("validate", 40)):
        text = few.replace("a: 3.44}}", f"a: 3.44}}}}, use: {use}")
        assert len(held_out(read_list(write(text, f"{use}.yaml")))) == expected


def test_results_in_the_wrong_part_are_refused(write, fake):
    path = write(LIST, "list.yaml")
    run(path)
    assert (path.parent / "training/volumes.extxyz").exists()
    path.write_text(LIST.replace("chance: 0.5", "chance: 0.999"))
    result = run(path)
    assert result.exit_code == 1 and "training/volumes.extxyz: by" in result.output
    assert "it is for validation: move the file there" in result.output


def test_moments_are_counted_also_where_structures_are_stored(write):
    path = write(LIST, "list.yaml")
    build.missing(read_list(path))
    path.write_text(LIST.replace("use: fit", "magnetic_moments: [1]"))
    with pytest.raises(UserError, match="rattled: magnetic_moments has 1 values"):
        build.missing(read_list(path))


def test_structures_are_the_same_when_made_and_when_read(write):
    """Digits that a file does not keep would change the fingerprint of a result."""
    text = LIST.replace("amplitudes: [0.05], copies: 4", "amplitudes: [0.05], copies: 20")
    text = text.replace("a: 4.07}}\n    steps: [{r", "a: 4.07, cubic: true}}\n    steps: [{r")
    structures = read_list(write(text, "list.yaml"))
    rattled = structures.family("rattled")
    first, second = (
        [dft.fingerprint(rattled, atoms) for atoms in structures.structures(rattled)]
        for _ in range(2)
    )
    assert len(first) == 20 and first == second


def test_relaxation_goes_on_until_forces_are_small(tmp_path):
    atoms = bulk("Cu", cubic=True)
    atoms.rattle(0.1, seed=1)
    job = {"relax": {"force": 0.02, "steps": 2}, "trajectory": str(tmp_path / "traj")}
    atoms.calc = EMT()
    start = atoms.positions.copy()
    with pytest.raises(SystemExit, match=r"forces above 0\.02 eV/Å after 2 steps"):
        relax(atoms, job)
    stopped = np.array(json.loads((tmp_path / "traj").read_text()))
    np.testing.assert_allclose(stopped, atoms.positions)
    assert not np.allclose(stopped, start)
    again = bulk("Cu", cubic=True)
    again.calc = EMT()
    job["relax"]["steps"] = 100
    assert relax(again, job) > 0  # from the last positions, not from its own, which are relaxed
    assert np.linalg.norm(again.get_forces(), axis=1).max() <= 0.02


def test_structures_are_kept_and_made_again_alike(write):
    path = write(LIST, "list.yaml")
    structures = read_list(path)
    rattled = structures.family("rattled")
    first = structures.structures(rattled)
    structures.structures_file(rattled).unlink()
    for a, b in zip(first, structures.structures(rattled), strict=True):
        np.testing.assert_allclose(a.positions, b.positions, atol=1e-8)


def test_kpoints_follow_the_distance_of_lattice_planes():
    assert Mesh.of(np.diag([4.0, 8.0, 30.0]), 16, "gamma").size == (4, 2, 1)
    primitive = 3.44 / 2 * np.array([[-1, 1, 1], [1, -1, 1], [1, 1, -1]])
    assert Mesh.of(primitive, 24.3, "gamma").size == (10, 10, 10)


@pytest.mark.parametrize(("kind", "squared"), [("monkhorst-pack", 4), ("gamma", 4), ("quarter", 8)])
def test_a_mesh_integrates_what_its_size_promises(kind, squared):
    """cos(2 pi k.R), averaged over k, is 0 for lattice vectors R shorter than (2, 0, 0), or
    (2, 2, 0) for the body-centred mesh.
    """
    points = Mesh((2, 2, 2), kind).points()
    assert points.shape == (8, 3) and abs(points).max() <= 0.5
    vectors = np.indices((7, 7, 7)).reshape(3, -1).T - 3
    means = np.cos(2 * np.pi * vectors @ points.T).mean(axis=1)
    left = vectors[(abs(means) > 1e-9) & vectors.any(axis=1)]
    assert (left**2).sum(axis=1).min() == squared


def test_kpoints_that_symmetry_leaves():
    simple_cubic = Atoms("Li", cell=[4, 4, 4], pbc=True)
    assert Mesh((4, 4, 4), "gamma").irreducible(simple_cubic) == 10
    # Monkhorst & Pack, Phys. Rev. B 13, 5188 (1976)
    assert Mesh((4, 4, 4), "monkhorst-pack").irreducible(simple_cubic) == 4
    disordered = Atoms(
        "Li3F", positions=np.random.default_rng(1).uniform(0, 8, (4, 3)), cell=[8, 8, 8]
    )
    assert Mesh((2, 2, 2), "monkhorst-pack").irreducible(disordered) == 4  # time reversal alone
    assert Mesh((1, 1, 1), "monkhorst-pack").irreducible(disordered) == 1
    assert Mesh((2, 2, 2), "quarter").irreducible(disordered) == 8


def make(start: dict, *steps: dict) -> list:
    return recipes.make({"start": start, "steps": list(steps)}, (1,), "test", Path())


def test_strains_keep_their_promises():
    cubic = {"bulk": {"symbol": "Li", "structure": "bcc", "a": 3.44, "cubic": True}}
    uniaxial, orthorhombic, shear = make(
        cubic, {"strain": {"modes": ["uniaxial", "orthorhombic", "shear"], "sizes": [0.02]}}
    )
    assert uniaxial.get_volume() == pytest.approx(1.02 * 3.44**3)
    assert orthorhombic.get_volume() == pytest.approx(3.44**3)
    assert shear.get_volume() == pytest.approx(3.44**3)
    assert shear.cell[0, 1] == shear.cell[1, 0] == pytest.approx(0.02 * 3.44)


def test_interface_has_two_equal_gaps():
    (atoms,) = make(
        {
            "interface": {
                "metal": {"symbol": "Li", "matrix": [[2, 0], [0, 2]], "layers": 5, "spacing": 1.93},
                "salt": {
                    "symbols": ["Li", "F"],
                    "matrix": [[2, 1], [-1, 2]],
                    "layers": 3,
                    "spacing": 2.035,
                },
                "side": 6.435,
                "gaps": [2.3],
                "shifts": [[0.25, 0.0]],
            }
        }
    )
    assert atoms.symbols.formula.count() == {"Li": 35, "F": 15}
    levels, counts = np.unique(atoms.positions[:, 2].round(3), return_counts=True)
    assert counts.tolist() == [10] * 3 + [4] * 5
    assert np.diff(levels).tolist() == pytest.approx([2.035] * 2 + [2.3] + [1.93] * 4)
    assert atoms.cell[2, 2] - levels[-1] == pytest.approx(2.3)
    distances = atoms.get_all_distances(mic=True) + 9 * np.eye(50)
    salt = atoms.positions[:, 2] < 4.1
    assert distances[np.ix_(salt, salt)].min() == pytest.approx(2.035, abs=1e-4)


def rows_on_rows(**changed) -> dict:
    """1x5 metal on 1x6 pairs, for a start; changed: its keys."""
    metal = {"symbol": "Li", "matrix": [[1, 0], [0, 5]], "layers": 4, "spacing": 2.0}
    salt = {"symbols": ["Li", "F"], "matrix": [[1, 0], [0, 6]], "layers": 2, "spacing": 2.035}
    where = {"side": [2.878, 17.268], "gaps": [2.4], "shifts": [[0.0, 0.1]]}
    return {"interface": {"metal": metal, "salt": salt} | where | changed}


def test_interface_of_a_rectangle():
    """Rows in step along x and not along y: distances in the salt are those of the crystal."""
    (atoms,) = make(rows_on_rows())
    assert atoms.symbols.formula.count() == {"Li": 32, "F": 12}
    assert atoms.cell.array[:2].tolist() == [[2.878, 0, 0], [0, 17.268, 0]]
    assert atoms.cell[2].tolist() == pytest.approx([0, 0.2 * 17.268, 2.035 + 3 * 2.0 + 2 * 2.4])
    first = np.flatnonzero(np.isclose(atoms.positions[:, 2], 2.035 + 2.4))
    rows = atoms.positions[first]
    assert rows[:, 0].tolist() == pytest.approx([0.0] * 5)
    assert np.sort(rows[:, 1]).tolist() == pytest.approx(
        [1.7268 + 17.268 / 5 * i for i in range(5)]
    )
    distances = atoms.get_all_distances(mic=True) + 9 * np.eye(44)
    salt = atoms.positions[:, 2] < 2.1
    assert distances[np.ix_(salt, salt)].min() == pytest.approx(2.035, abs=1e-3)


@pytest.mark.parametrize(
    "side, matrix, message",
    [
        ([2.9, 17.3, 4.0], [[1, 0], [0, 6]], "has 3 numbers, allowed are one or two"),
        ([2.9, 17.3], [[1, 1], [0, 6]], "not a rectangle"),
        ([2.9, 17.3], [[0, 0], [0, 6]], "not a rectangle"),
    ],
)
def test_interface_that_is_no_rectangle(side, matrix, message):
    salt = {"symbols": ["Li", "F"], "matrix": matrix, "layers": 2, "spacing": 2.0}
    with pytest.raises(UserError, match=message):
        make(rows_on_rows(side=side, salt=salt))


def test_vacancy_pair_is_a_pair():
    cubic = {"bulk": {"symbol": "LiF", "structure": "rocksalt", "a": 4.07, "cubic": True}}
    (whole,) = make(cubic, {"repeat": {"repeat": [2, 2, 2]}})
    (atoms,) = make(cubic, {"repeat": {"repeat": [2, 2, 2]}}, {"remove": {"symbols": ["Li", "F"]}})
    present = {tuple(p) for p in atoms.positions.round(3)}
    gone = [p for p in whole.positions.round(3) if tuple(p) not in present]
    assert len(gone) == 2 and np.linalg.norm(gone[0] - gone[1]) == pytest.approx(2.035)


def test_points_about_midway_between_atoms_are_shared():
    atoms = Atoms("Li2", positions=[[1, 1, 1], [4, 1, 1]], cell=[8, 8, 8], pbc=True)
    places = np.array([[2.5, 1, 1], [2.5, 3, 1], [1.5, 1, 1], [7.0, 1, 1], [6.5, 1, 1]])
    amounts = np.array([1.0, 2.0, 10.0, 100.0, 1000.0])
    assert by_nearest_atom(atoms, places, amounts, spacing=0.4).tolist() == [611.5, 501.5]
    near = np.array([[2.4, 1, 1]])  # farther from the second by half the spacing: a third
    assert by_nearest_atom(atoms, near, np.array([3.0]), 0.4) == pytest.approx([2.0, 1.0])


def slabs(symbols: str, basins: dict[int, tuple[range, int]], method: dict) -> list[float]:
    """Electrons of atoms 3 Å apart along a cell of 12 Å, from basins that are planes of its 12
    points: basin: (points, atom); an electron at each point.
    """
    atoms = Atoms(symbols, positions=[[3 * i, 0, 0] for i in range(4)], cell=[12, 1, 1])
    labels = np.zeros((12, 1, 1), int)
    for basin, (points, _) in basins.items():
        labels[list(points)] = basin
    held = np.bincount(labels.ravel()).astype(float)
    owners = np.array([atom for _, atom in basins.values()])
    method = {"metals": ["Li"], "basin_reach": 2.1} | method
    density = np.ones(labels.shape)
    return electrons_of_atoms(atoms, density, labels, held, owners, method).round(6).tolist()


OWN = {0: (range(0, 4), 0), 1: (range(4, 6), 1), 2: (range(6, 9), 2), 3: (range(9, 12), 3)}


def test_basins_within_reach_stay_with_their_atoms_but_for_metals():
    # points at 0, 1, … 11 Å; atoms at 0, 3, 6, 9; point 3 is the first atom's, out of its reach
    assert slabs("FFFF", OWN, {"basin_reach": 3.5}) == [4, 2, 3, 3]
    assert slabs("FFFF", OWN, {}) == [3, 3, 3, 3]
    # a metal's points go to the nearest metal atom, here point 5 to the one at 6 Å; F's stay
    assert slabs("FLiLiF", OWN, {"basin_reach": 3.5}) == [4, 1, 4, 3]
    assert slabs("FLiFLi", OWN, {"basin_reach": 3.5}) == [4, 2, 3, 3]
    shifted = {0: (range(0, 3), 0), 1: (range(3, 6), 1), 2: (range(6, 9), 1), 3: (range(9, 12), 3)}
    assert slabs("FLiLiF", shifted, {}) == [3, 2, 4, 3]


def test_basins_without_a_nucleus_go_to_the_metal_or_to_any_atom():
    empty = {0: (range(0, 3), 0), 1: (range(3, 5), 1), 2: (range(5, 9), 2), 3: (range(9, 12), -1)}
    # of points 9, 10, 11, metal at 3 and 6 Å: 11 is nearest to the image at 15 Å
    assert slabs("FLiLiF", empty, {}) == [3, 3, 6, 0]
    # without metal, 11 is nearest to the atom at 12 Å, 10 to the one at 9
    assert slabs("FFFF", empty, {}) == [4, 2, 4, 2]


def test_stress_of_a_finite_basis_counts_the_known_elements():
    assert Method(dedcutoff={"F": -8e-4}).stress_derivative(["Li", "F", "F"]) == pytest.approx(
        -1.6e-3
    )
