"""Programs of bench/ with budgets of a moment: they compare like with like, and write results."""

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
import optimisers
import preconditioners
import product
import terms

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


# ---- terms.py


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


def test_pairs_of_an_atom_of_the_crystal_that_products_are_timed_on():
    crystal = bulk("LiF", "rocksalt", a=product.LATTICE, cubic=True).repeat(6)
    distances = crystal.get_distances(0, range(1, len(crystal)), mic=True)
    assert product.pairs_of_an_atom() == np.sum(distances < product.CUTOFF) / 2
