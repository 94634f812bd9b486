"""Programs of bench/ with budgets of a moment: they compare like with like, and write results."""

import importlib.util
import itertools
import json
import sys
from pathlib import Path

import numpy as np
import pytest
import rfmeam
from ase.build import bulk
from rfmeam.calculator import RFMEAM
from typer.testing import CliRunner

sys.path.insert(0, str(Path(__file__).parents[2] / "bench"))
import group
import measure
import optimisers
import own
import peers
import preconditioners
import product
import scaling
import terms

# run.py by another name: an example has one, too
_spec = importlib.util.spec_from_file_location(
    "run_of_bench", Path(own.__file__).with_name("run.py")
)
run = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(run)

# ---- optimisers.py


@pytest.fixture(scope="module")
def compared(tmp_path_factory):
    folder = tmp_path_factory.mktemp("optimisers")
    app = optimisers.typer.Typer()
    app.command()(optimisers.main)
    words = ["--seconds", "0.8", "--starts", "1", "--output", str(folder)]
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 0, result.output
    assert "20 targets, " in result.output
    return folder


def test_courses_begin_alike_and_keep_their_time(compared):
    courses = json.loads((compared / "optimisers.json").read_text())
    assert [course["method"] for course in courses] == list(optimisers.METHODS)
    assert len({course["losses"][0] for course in courses}) == 1
    for course in courses:
        assert course["losses"] == sorted(course["losses"], reverse=True)
        assert course["times"][0] == 0 and course["times"][-1] <= 0.8
        assert course["evaluations"] >= len(course["losses"]) - 1


def test_picture_and_table(compared):
    assert (compared / "optimisers.svg").read_text().count("<svg") == 1
    rows = (compared / "optimisers.md").read_text().splitlines()
    assert len(rows) == 3 + len(optimisers.METHODS)
    assert all(row.count("|") == rows[0].count("|") for row in rows)


def test_loss_at_a_time():
    course = optimisers.Course("lm", [0.0, 1.0, 3.0], [9.0, 5.0, 2.0])
    times = np.array([0.0, 0.9, 1.0, 2.9, 3.0, 9.0])
    assert list(course.loss_at(times)) == [9, 9, 5, 5, 2, 2]
    again = optimisers.Course("lm", [0.0], [9.0 * 4])
    text = optimisers.table([course, again], 10.0)
    assert "| 18 (9 to 36) |" in text  # geometric means of both


def test_an_unknown_method():
    app = optimisers.typer.Typer()
    app.command()(optimisers.main)
    result = CliRunner().invoke(app, ["--method", "sgd"])
    assert result.exit_code == 2 and "sgd, allowed are lm, cma, cuckoo, tpe" in result.output


# ---- run.py

SAMPLE = measure.Sample(
    100.0, {"Pair": 6.0, "Modify": 3.0, "Neigh": 0.0, "Comm": 1.0}, 1000, 50.0, 3.0
)


@pytest.fixture
def groups(tmp_path):
    return [*own.groups(False, tmp_path), *peers.groups(False), product.group(False)]


@pytest.fixture
def bench():
    app = run.typer.Typer()
    app.command()(run.main)
    return lambda *words: CliRunner().invoke(app, words)


def test_cases_differ_in_name_and_their_inputs_are_there(groups):
    cases = [case for each in groups for case in each.cases]
    assert len({case.name for case in cases}) == len(cases)
    for case in cases:
        assert (measure.HERE / case.script).exists()
        if "potential" in case.variables:
            rfmeam.Potential.read(case.variables["potential"])


def samples_of_products(each) -> measure.Samples:
    """250 ns a product and atom for the larger crystal, 200 ns for the other, and half a second."""
    samples = measure.Samples()
    for case in each.cases:
        cells, steps = (case.variables[word] for word in ("cells", "steps"))
        products, atoms = int(case.variables["solver"].split()[-1]), 8 * cells**3
        seconds = 0.5 + products * steps * atoms * (
            250e-9 if cells == max(product.SIZES) else 200e-9
        )
        samples.of[case.name] = [
            measure.Sample(100.0, {"Modify": seconds}, atoms, 50.0, products)
        ] * 3
    return samples


def product_share(seconds: float) -> float:
    return 12 * product.pairs_of_an_atom() / seconds / product.copy_speed()


def test_each_group_reports_its_own_cases_alone(groups):
    """With the same sample for all: ratios are 1, and nobody else's sample is asked for."""
    measured = {}
    for each in groups:
        samples = measure.Samples()
        samples.of = {case.name: [SAMPLE] * 3 for case in each.cases}
        if each.name == "memory":
            for case in each.cases:
                atoms = 8 * case.variables["cells"] ** 3
                samples.of[case.name] = [measure.Sample(100.0, {}, atoms, 30.0 + atoms / 256, 3.0)]
        if each.name == "product":
            samples = samples_of_products(each)
        measured |= {goal.name: goal.measured for goal in each.goals(samples)}
        for note in each.notes(samples):
            assert max(map(len, run.item(note).splitlines())) <= 120
    assert measured.pop("product_over_copies") == pytest.approx(product_share(250e-9))
    assert measured.pop("rfmeam_over_nap") == pytest.approx(100.0 / own.NAP_RATE)
    zero = (
        "time_an_atom_perfect_crystal",
        "time_an_atom_hot_crystal",
        "memory_deviation_from_linear",
    )
    for name in zero:
        assert measured.pop(name) == pytest.approx(0.0, abs=1e-10)
    assert set(measured.values()) == {1.0}
    assert len(measured) == 10


def test_a_faster_peer_is_a_smaller_ratio(groups):
    (meam,) = group.chosen(groups, ["meam"])
    samples = measure.Samples()
    ours, theirs = (case.name for case in meam.cases)
    samples.of = {
        ours: [SAMPLE],
        theirs: [measure.Sample(200.0, SAMPLE.parts, 1000, 50.0, 0.0)],
    }
    (goal,) = meam.goals(samples)
    assert goal.measured == 0.5 and not goal.met


def test_goals_say_what_they_are_to_become():
    met = group.Goal("speed", 2.6, 2.5, aim=3.0)
    assert met.met and str(met) == "goal speed 2.6 2.5 ok, aim 3 not reached"
    assert str(group.Goal("speed", 3.1, 2.5, aim=3.0)).endswith("ok, aim 3 reached")
    assert str(group.Goal("speed", 2.4, 2.5)) == "goal speed 2.4 2.5 short"
    most = group.Goal("cost", 1.2, 1.3, at_least=False)
    assert most.met and not group.Goal("cost", 1.4, 1.3, at_least=False).met


def test_long_runs_are_repeated_less(groups):
    by_name = {each.name: each.times(5) for each in groups}
    assert (
        by_name["sizes-hot"] == own.SCALING_REPEATS
        and by_name["memory"] == 1
        and by_name["meam"] == 5
    )


def test_short_runs_take_more_turns(monkeypatch):
    ran = []
    monkeypatch.setattr(measure, "run", lambda case: ran.append(case.name) or SAMPLE)
    samples = measure.Samples()
    samples.measure([[measure.Case("short", "in.lif", turns=2), measure.Case("long", "in.lif")]], 2)
    assert ran == ["short", "short", "long"] * 2
    assert [len(samples.of[name]) for name in ("short", "long")] == [4, 2]


def test_sizes_are_compared_at_the_same_steps(groups):
    for name in ("sizes-perfect", "sizes-hot"):
        (each,) = group.chosen(groups, [name])
        steps = {(case.variables["before"], case.variables["steps"]) for case in each.cases}
        assert len(steps) == 1
        turns = [case.turns for case in each.cases]  # the more atoms, the fewer
        assert turns == sorted(turns, reverse=True)


def test_a_style_that_lammps_does_not_have():
    assert group.missing_styles({"kspace pppm", "pair lj/cut", "fix no/such"}) == {"fix no/such"}


def test_a_group_without_its_styles_is_left_out(groups, monkeypatch):
    monkeypatch.setattr(run, "missing_styles", lambda styles: {"pair meam"})
    able, left_out = run.those_with_styles(groups)
    assert len(able) == len(groups) - 1
    assert left_out == ["`meam` is left out, this LAMMPS has no pair meam."]


def test_an_unknown_group(bench):
    result = bench("--only", "speed")
    assert result.exit_code == 2 and "no group speed, allowed are" in result.output


def test_few_repeats_are_for_chosen_groups(bench):
    result = bench("--repeats", "2")
    assert result.exit_code == 2 and "RESULTS.md takes" in result.output


def test_one_group_leaves_the_results_as_they_are(bench):
    before = (measure.HERE / "RESULTS.md").read_bytes()
    result = bench("--only", "memory", "--quick")
    assert result.exit_code == 0, result.output
    assert (
        "goal memory_deviation_from_linear" in result.output
        and "rfmeam_over_nap" not in result.output
    )
    assert (measure.HERE / "RESULTS.md").read_bytes() == before


# ---- terms.py


def test_charges_that_are_summed_to_long_range():
    """About those of the other potentials, with a kernel that falls off as 1/r."""
    potential = rfmeam.Potential.parse(terms.with_long_range(), "long range")
    salt = bulk("LiF", "rocksalt", 4.03, cubic=True)
    assert np.abs(RFMEAM(potential).get_property("charges", salt)) == pytest.approx(0.9, abs=0.01)
    assert "coulomb gaussian 9.0" in terms.with_long_range()


def test_potentials_differ_by_their_terms_alone():
    """Charges about 0.9 e, so that a wall at 0.85 e counts; the same neighbours; another energy."""
    salt = bulk("LiF", "rocksalt", 4.03, cubic=True)
    salt.rattle(0.05, seed=1)
    energies = {}
    for name, text in terms.potentials().items():
        potential = rfmeam.Potential.parse(text, name)
        calculator = RFMEAM(potential)
        charges = calculator.get_property("charges", salt)
        assert np.abs(charges) == pytest.approx(0.9, abs=0.1), name
        assert potential.neighbourhood_cutoff == pytest.approx(5.426, abs=1e-3), name
        energies[name] = calculator.get_property("energy", salt)
    assert len({round(energy, 3) for energy in energies.values()}) == 7
    third = energies["+ pair form 3"] - energies[terms.PLAIN]
    assert third / len(salt) == pytest.approx(0, abs=0.05)  # it is fitted to the first form


def test_all_terms_are_in_the_last_potential():
    text = terms.potentials()[terms.ALL]
    for word in (
        "wall Li upper",
        "screened_gaussian",
        "environment Li",
        "fade Li",
        "double-exponential",
    ):
        assert word in text
    assert "timonova" not in text and "screened_cut" not in text and "rho" not in text


# ---- preconditioners.py, product.py


def test_conjugate_gradients_keep_the_total_and_end_at_once_with_the_inverse():
    rng = np.random.default_rng(5)
    root = rng.normal(size=(12, 12))
    matrix, residual = root @ root.T + 5 * np.eye(12), rng.normal(size=12)
    inverse = np.linalg.inv(matrix)
    target = 1e-10 * np.linalg.norm(residual)
    change, count = preconditioners.conjugate_gradients(
        matrix, residual, lambda r: inverse @ r, target
    )
    assert count == 1
    by_diagonal, more = preconditioners.conjugate_gradients(
        matrix, residual, lambda r: r / np.diag(matrix), target
    )
    assert more > 1
    np.testing.assert_allclose(by_diagonal, change, atol=1e-9)
    assert abs(change.sum()) < 1e-12
    left = residual - matrix @ change
    np.testing.assert_allclose(left, left.mean(), atol=1e-9)


def test_trajectories_begin_warm_and_have_every_step():
    frames = preconditioners.trajectory(measure.LIF, 300.0, 2)
    assert [len(atoms) for atoms in frames] == [296] * 3
    moved = [np.abs(b.positions - a.positions).max() for a, b in itertools.pairwise(frames)]
    assert all(1e-3 < step < 0.1 for step in moved)  # Å in a femtosecond


def test_pairs_of_an_atom_of_the_crystal_that_products_are_timed_on():
    crystal = bulk("LiF", "rocksalt", a=measure.LATTICE, cubic=True).repeat(6)
    distances = crystal.get_distances(0, range(1, len(crystal)), mic=True)
    assert product.pairs_of_an_atom() == np.sum(distances < product.CUTOFF) / 2


# ---- scaling.py


def test_the_page_has_the_tables_of_the_script():
    page = scaling.PAGE.read_text(encoding="utf-8")
    assert scaling.with_tables(page) == page


def test_a_page_without_a_place_for_a_table():
    with pytest.raises(ValueError, match="0 places for the table sensitivity, expected is 1"):
        scaling.with_tables("<!-- prediction -->\n\n<!-- end -->\n")


def test_parts_of_a_step_go_as_they_must():
    machine = scaling.Machine()
    few, many = (scaling.seconds(scaling.LONG, machine, atoms) for atoms in (1e5, 8e5))
    for part in ("RF-MEAM", "charges"):
        assert many[part] == pytest.approx(8 * few[part])
    for part in ("reductions", "launches"):
        assert many[part] == few[part]
    assert 1 < many["halo"] / few["halo"] < 4  # a surface, and latency
    assert 1 < many["FFTs"] / few["FFTs"] < 8


def test_the_halo_is_what_a_crystal_has_around_a_cube():
    edge, reach = 20 * 4.03, 8.0
    atoms = 8 * 20**3
    side = np.arange(-4, 44) * 2.015 + 0.1
    inside = lambda x, more: (x > -more) & (x < edge + more)  # noqa: E731
    counts = [np.sum(inside(side, more)) ** 3 for more in (0.0, reach)]
    assert counts[0] == atoms
    assert scaling.CUT.ghosts(atoms) == pytest.approx(counts[1] - counts[0], rel=0.05)


def test_half_of_a_step_is_waiting():
    machine = scaling.Machine()
    parts = scaling.seconds(scaling.CUT, machine, scaling.half_efficiency(scaling.CUT, machine))
    assert parts["RF-MEAM"] + parts["charges"] == pytest.approx(sum(parts.values()) / 2, rel=2e-3)
    slow = scaling.replace(machine, network=1e8)
    assert scaling.half_efficiency(scaling.LONG, slow) == np.inf
