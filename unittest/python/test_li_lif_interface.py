"""examples/li_lif_interface on made-up runs: what its analysis finds, remarks and fails on."""

import errno
import json
import math
import os
import sys
from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
import pytest

EXAMPLE = Path(__file__).resolve().parents[2] / "examples/li_lif_interface"
sys.path.insert(0, str(EXAMPLE))

import run as example  # noqa: E402
from analyse import LAYER, METAL  # noqa: E402
from build_structure import SPECIES, interface  # noqa: E402
from expected import Expected, Measured, Origin  # noqa: E402
from peak import first_peak  # noqa: E402
from repeat import WITHOUT_FMA, conditions, repeat  # noqa: E402
from report import Comparison, Quantity, Verdict, markdown  # noqa: E402
from schedule import Schedule  # noqa: E402
from simulate import CONDITIONS, Conditions, prepare  # noqa: E402

PICOSECONDS = 1.0  # of NVT: frames at the steps 100 to 700
BOX = 8.0  # Å, to which the distances of g(r) go


# ---- the place of a peak -------------------------------------------------------------------------


def g_of(distances: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """g(r) of distances of which half lie in a sphere of radius BOX as if uniform."""
    counts, _ = np.histogram(distances, edges)
    return 2 * counts / len(distances) / (np.diff(edges**3) / BOX**3)


def shells(place: float, spread: float, pairs: int = 300_000) -> np.ndarray:
    """Distances with a Gaussian peak of g(r) at the place: r² times that is a density of pairs."""
    rng = np.random.default_rng(7)
    near = rng.normal(place, spread, 2 * pairs)
    near = near[rng.random(len(near)) < (near / (place + 5 * spread)) ** 2]
    far = BOX * rng.random(2 * len(near)) ** (1 / 3)
    return np.concatenate([near, far[far > 1.4 * place]])


@pytest.mark.parametrize("width", [0.01, 0.02, 0.05, 0.1])
@pytest.mark.parametrize(("place", "spread"), [(2.031, 0.10), (2.047, 0.13), (3.083, 0.13)])
def test_place_of_peak_does_not_depend_on_bins(place, spread, width):
    """As many pairs as a run has, bins from four origins. The highest bin would be off by half of
    its width and more."""
    distances = shells(place, spread)
    for origin in width * np.array([0.0, 0.3, 0.5, 0.8]):
        edges = np.arange(0.5 + origin, BOX, width)
        assert first_peak(edges, g_of(distances, edges)) == pytest.approx(place, abs=0.005)


def test_first_peak_is_not_the_highest():
    edges = np.linspace(0.0, BOX, 401)
    r = (edges[1:] + edges[:-1]) / 2
    g = 2.0 * np.exp(-(((r - 2.03) / 0.15) ** 2)) + 5.0 * np.exp(-(((r - 3.5) / 0.15) ** 2))
    assert first_peak(edges, g) == pytest.approx(2.03, abs=0.001)


def test_skew_peak():
    """The first peak of bcc: 8 neighbours, and 6 a little farther out."""
    edges = np.linspace(0.0, BOX, 401)

    def g(r):
        near = 8 * np.exp(-(((r - 3.03) / 0.28) ** 2))
        return near + 6 * np.exp(-(((r - 3.5) / 0.28) ** 2)) + (r > 4.2)

    fine = np.linspace(2.8, 3.3, 50_001)
    place = fine[np.argmax(g(fine))]
    assert place > 3.035
    assert first_peak(edges, g((edges[1:] + edges[:-1]) / 2)) == pytest.approx(place, abs=0.005)


@pytest.mark.parametrize("g", [np.zeros(400), np.ones(400), np.linspace(0, 2, 400)])
def test_no_peak(g):
    assert math.isnan(first_peak(np.linspace(0.0, BOX, 401), g))


def test_peak_in_one_bin():
    """A crystal at rest: the place is known to the bin."""
    g = np.zeros(400)
    g[101] = 50.0
    assert first_peak(np.linspace(0.0, BOX, 401), g) == pytest.approx(2.03)


# ---- ok, remark, broken --------------------------------------------------------------------------

SEVERAL = Measured.of([2.031, 2.029, 2.030, 2.032, 2.028, 2.030])


@pytest.mark.parametrize(
    ("value", "verdict"),
    [(2.031, Verdict.OK), (1.975, Verdict.REMARK), (math.nan, Verdict.REMARK)],
)
def test_noise_is_remarked_upon(value, verdict):
    assert Comparison(Quantity("peak", "Å", 3, value), SEVERAL).verdict is verdict


@pytest.mark.parametrize(
    ("value", "verdict"),
    [
        (0.001, Verdict.OK),
        (0.01, Verdict.REMARK),
        (-0.03, Verdict.BROKEN),
        (math.nan, Verdict.BROKEN),
    ],
)
def test_conservation_has_a_limit(value, verdict):
    drifts = Measured.of([0.001, -0.001, 0.0, 0.0005, -0.0005, 0.001])
    assert Comparison(Quantity("drift", "meV/atom/ps", 4, value, 0.02), drifts).verdict is verdict


def test_tolerance_is_the_prediction_interval():
    """Of further runs 1 in 1000 lies outside, though mean and std are those of six."""
    samples = np.random.default_rng(3).normal(5.0, 2.0, (20_000, 7))
    outside = 0
    for *first, further in samples:
        few = Measured.of(first)
        outside += abs(further - few.mean) > few.interval
    assert 7 <= outside <= 34  # 20, and three standard deviations on either side


def test_tolerance_is_at_least_the_last_decimal():
    same = Measured.of([2.1041, 2.1041, 2.1041])
    assert Comparison(Quantity("gap", "Å", 3, 2.1049), same).verdict is Verdict.OK
    assert Comparison(Quantity("gap", "Å", 3, 2.1061), same).verdict is Verdict.REMARK


# ---- whole runs, made up -------------------------------------------------------------------------


class MadeUp:
    """A finished run without LAMMPS: the interface, rattled, with charges and an energy."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.schedule = Schedule.of(PICOSECONDS)
        self.drift, self.charge, self.lost, self.gas = 0.0, 0.0, 0, False  # meV/atom/ps, e

    def write(self) -> Path:
        (self.folder / "frames").mkdir(parents=True)
        atoms = interface(3.44, 4.07)
        self.dump(self.folder / "minimised.dump", atoms, atoms.positions)
        rng = np.random.default_rng(1)
        for step in range(0, self.schedule.nve_end + 1, 100):
            moved = rng.normal(0.0, 0.1, (len(atoms), 3))
            if self.gas:
                moved = rng.uniform(-20.0, 20.0, (len(atoms), 3))
            path = self.folder / "frames" / f"{step:06d}.dump"
            self.dump(path, atoms, atoms.positions + moved)
        rows = ["Step Temp Econserve TotEng Pzz f_charges[3]"]
        for step in range(0, self.schedule.nve_end + 1, 10):
            energy = 1e-3 * len(atoms) * (rng.normal(0.0, 0.003) + self.drift * step * 0.002)
            rows.append(f"{step} 300.0 {energy:.8f} {energy:.8f} 10.0 {self.charge:g}")
        (self.folder / "dynamics.log").write_text("\n".join(rows))
        (self.folder / "final.data").touch()
        return self.folder

    def dump(self, path: Path, atoms, positions: np.ndarray) -> None:
        head = [f"ITEM: {n}" for n in range(5)] + [f"0.0 {side}" for side in atoms.cell.lengths()]
        inner = np.isin(LAYER, METAL)
        kinds = [SPECIES.index(s) + 1 for s in atoms.symbols]
        charges = np.where(inner, 0.01, np.where(atoms.symbols == "Li", 0.8, -0.8))
        lines = [
            f"{n} {kind} {x:.6f} {y:.6f} {z:.6f} {q}"
            for n, (kind, (x, y, z), q) in enumerate(zip(kinds, positions, charges, strict=True), 1)
        ]
        kept = lines[: len(lines) - self.lost]
        path.write_text("\n".join([*head, "ITEM: ATOMS", *kept]))


@pytest.fixture
def made_up(tmp_path) -> MadeUp:
    return MadeUp(tmp_path / "results")


@pytest.fixture
def expected(tmp_path) -> Path:
    """Numbers of runs of 2 ps, in which lithium moved and the first peak lay at 2.03 Å."""
    moved, peak = "Li of the metal moved in all, rms", "first peak of g(r), Li-F in LiF"
    numbers = {moved: [1.80, 1.81, 1.79], peak: [2.030, 2.031, 2.032]}
    origin = Origin.of(example.POTENTIAL, 2.0)
    file = tmp_path / "expected.json"
    Expected(origin, [], {name: Measured.of(v) for name, v in numbers.items()}).write(file)
    return file


def analysed(folder: Path, expected: Path, picoseconds: float = PICOSECONDS) -> int:
    options = ["--results", folder, "--expected", expected, "--picoseconds", picoseconds]
    return example.main(["--analyse", *map(str, options)])


def test_remarks_do_not_fail(made_up, expected, capsys):
    """A crystal that only swings, and conserves its energy."""
    folder = made_up.write()
    assert analysed(folder, expected) == 0
    printed = capsys.readouterr().out
    assert "remark: Li of the metal moved in all, rms: 3 runs gave 1.80 ± 0.01 Å; this" in printed
    assert "there is no expected number" in printed
    assert "The expected numbers are of runs with 2 ps of NVT." in printed
    assert "broken" not in printed
    assert (folder / "interface.png").stat().st_size > 10_000
    numbers = json.loads((folder / "results.json").read_text())
    assert numbers["first peak of g(r), Li-F in LiF"] == pytest.approx(2.015, abs=0.02)


def test_run_that_is_as_expected_has_no_remarks(made_up, tmp_path, capsys):
    file = tmp_path / "expected.json"
    folder = made_up.write()
    analysed(folder, file)
    numbers = json.loads((folder / "results.json").read_text())
    origin = Origin.of(example.POTENTIAL, PICOSECONDS)
    Expected(origin, [], {n: Measured.of([v, v]) for n, v in numbers.items()}).write(file)
    capsys.readouterr()
    assert analysed(folder, file) == 0
    assert "remark" not in capsys.readouterr().out


def test_energy_that_drifts_fails(made_up, expected, capsys):
    made_up.drift = 0.5
    assert analysed(made_up.write(), expected) == 1
    assert "broken: drift of the energy, NVE: 0." in capsys.readouterr().out


def test_charge_that_is_not_conserved_fails(made_up, expected, capsys):
    made_up.charge = -2e-3
    assert analysed(made_up.write(), expected) == 1
    assert "broken: total charge, largest: -0.002000 e" in capsys.readouterr().out


def test_lost_atom_fails(made_up, expected, capsys):
    made_up.lost = 1
    assert analysed(made_up.write(), expected) == 1
    assert "minimised.dump has 1031 atoms of 1032: atoms were lost" in capsys.readouterr().out


def test_missing_peak_is_a_remark(made_up, expected, capsys):
    made_up.gas = True
    folder = made_up.write()
    assert analysed(folder, expected) == 0
    name = "first peak of g(r), Li-F in LiF"
    assert f"remark: {name}: not found in this run; 3 runs gave 2.031 ±" in capsys.readouterr().out
    assert json.loads((folder / "results.json").read_text())[name] is None


def test_run_of_another_length_says_so(made_up, expected, capsys):
    assert analysed(made_up.write(), expected, 20.0) == 1
    assert "was the run of another length (--picoseconds)?" in capsys.readouterr().out


def test_run_that_is_not_there(tmp_path, expected, capsys):
    assert analysed(tmp_path / "nowhere", expected) == 1
    assert "nowhere has no finished run to analyse" in capsys.readouterr().out


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"numbers": {"a": [1.0]}}'])
def test_file_that_holds_something_else(made_up, tmp_path, content, capsys):
    file = tmp_path / "expected.json"
    file.write_text(content)
    assert analysed(made_up.write(), file) == 1
    assert "expected.json is not what --repeat writes: " in capsys.readouterr().out


def test_full_disk_names_the_folder(made_up, expected, capsys, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(example, "draw", full)
    folder = made_up.write()
    assert analysed(folder, expected) == 1
    assert f"error: {folder}: No space left on device" in capsys.readouterr().out


# ---- several runs --------------------------------------------------------------------------------


def test_conditions_differ():
    runs = conditions(8, 5, 2)
    assert [r.seed for r in runs] == list(range(5, 13))
    different = {(r.ranks, r.plain, r.tunables) for r in runs}
    assert different == set(product((1, 2), (False, True), ("", WITHOUT_FMA)))


def test_repeated_runs_are_kept_with_their_spread(tmp_path):
    """Numbers, conditions and origin survive the file; what one run lacks is of the others."""

    def one_run(place: Path, this: Conditions) -> list[Quantity]:
        place.mkdir(parents=True)
        (place / CONDITIONS).write_text(json.dumps({"seed": this.seed}))
        lacking = math.nan if this.seed == 7 else 1.0 + this.seed
        return [Quantity("a", "Å", 2, float(this.seed)), Quantity("b", "Å", 2, lacking)]

    origin = Origin("LiF-q.rfmeam", "abc", 20.0)
    expected, _ = repeat(tmp_path, origin, conditions(4, 5, 2), one_run)
    expected.write(tmp_path / "expected.json")
    read = Expected.read(tmp_path / "expected.json")
    assert read == replace(expected, conditions=[{"seed": n} for n in (5, 6, 7, 8)])
    assert read.numbers["a"].mean == 6.5
    assert read.numbers["a"].std == pytest.approx(np.std([5, 6, 7, 8], ddof=1))
    assert read.numbers["b"].values == (6.0, 7.0, 9.0)


def test_broken_runs_make_no_expected_numbers(tmp_path, capsys, monkeypatch):
    def simulated(place: Path, *_, again: bool) -> None:
        assert not again
        run = MadeUp(place)
        run.drift = 0.5 if place.name == "01" else 0.0
        run.write()
        (place / CONDITIONS).write_text("{}")

    monkeypatch.setattr(example, "simulate", simulated)
    file = tmp_path / "expected.json"
    options = ["--results", tmp_path, "--expected", file, "--picoseconds", PICOSECONDS]
    assert example.main(["--repeat", "2", *map(str, options)]) == 1
    assert "01: drift of the energy, NVE: 0." in capsys.readouterr().out
    assert not file.exists()


def test_finished_run_is_kept_unless_it_is_to_be_run_again(tmp_path):
    assert prepare(tmp_path, "inputs", again=True) == "none"
    for name in ("final.data", "results.json"):
        (tmp_path / name).touch()
    assert prepare(tmp_path, "inputs", again=False) == "finished"
    assert prepare(tmp_path, "others", again=False) == "none"
    for name in ("final.data", "results.json"):
        (tmp_path / name).touch()
    assert prepare(tmp_path, "others", again=True) == "none"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--repeat", "1"], "--repeat is at least 2"),
        (["--repeat", "3", "--analyse"], "without --analyse"),
        (["--seed", "0"], "at least 1"),
        (["--cores", "0"], "at least 1"),
        (["--picoseconds", "0.5"], "at least 1"),
    ],
)
def test_wrong_options(options, message, capsys):
    with pytest.raises(SystemExit) as stopped:
        example.main(options)
    assert stopped.value.code == 2
    assert message in capsys.readouterr().err


# ---- what is in the repository -------------------------------------------------------------------


def test_expected_numbers_are_of_several_runs_of_the_potential():
    expected = Expected.read(example.EXPECTED)
    assert expected.origin.sha256 == Origin.of(example.POTENTIAL, 2.0).sha256
    assert all(m.runs == len(expected.conditions) for m in expected.numbers.values())
    assert len({run["seed"] for run in expected.conditions}) == len(expected.conditions) >= 5
    for kind in ("plain", "tunables"):
        assert len({run[kind] for run in expected.conditions}) == 2


def test_readme_shows_the_expected_numbers(made_up):
    numbers = example.quantities(example.analyse(made_up.write(), made_up.schedule))
    expected = Expected.read(example.EXPECTED)
    assert {q.name for q in numbers} == set(expected.numbers)
    assert markdown(numbers, expected) in (EXAMPLE / "README.md").read_text(encoding="utf-8")
