"""The report of a fit: errors by family, what the data determine, ensembles, curves."""

import json
import re

import numpy as np
import pytest
import rfmeam
from ase.build import bulk
from rfmeam.cli import app
from rfmeam.fit.curves import curves
from rfmeam.fit.ensemble import hessian_members
from rfmeam.fit.objective import Objective
from rfmeam.fit.parameters import ParameterSpace, starting_potential
from rfmeam.fit.predict import predict, predict_both
from rfmeam.fit.run import read_data
from rfmeam.fit.settings import read_settings
from rfmeam.fit.uncertainty import directions
from typer.testing import CliRunner

from fit_samples import TRUE, label, write_data, write_fit, write_frames

WRONG = TRUE.replace("2.0 6.5 1.00", "2.1 6.5 0.90")
FREE = ["pair.Li-F.epsilon", "pair.Li-F.rp", "charge.F.J", "atomic.Li.t3"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("fit")
    write_data(folder)
    true = rfmeam.Potential.parse(TRUE)
    frames = [
        label(bulk("LiF", "zincblende", a), f"cold-curve/{k:02d}", true)
        for k, a in enumerate((4.8, 4.2, 4.4, 4.6))
    ]
    write_frames(folder / "training" / "cold-curve.extxyz", frames)
    return folder


def prepared(folder, start=WRONG, **changes):
    settings = read_settings(write_fit(folder, start, **changes))
    potential = starting_potential(settings)
    data = read_data(settings, potential)
    stage = settings.stages[0]
    space = ParameterSpace(potential, settings, stage)
    return settings, data, space, Objective(space, data.training, settings, stage)


@pytest.fixture(scope="module")
def report(folder):
    path = write_fit(
        folder,
        WRONG,
        stages=[{"name": "all", "free": FREE, "iterations": 3}],
        report={"ensemble": 3, "bootstrap": 2},
    )
    result = CliRunner().invoke(app, ["fit", str(path)])
    assert result.exit_code == 0, result.output
    return (folder / "fit" / "report.md").read_text()


def test_all_of_it_is_there(folder, report):
    for title in ("Errors by family", "Curves", "Loss", "What the data determine"):
        assert f"## {title}" in report
    assert "## Ensemble: hessian" in report and "## Ensemble: bootstrap" in report
    page = (folder / "fit" / "report.html").read_text()
    assert page.count("data:image/png") == 4 and "<i>held-out</i>" in page
    members = sorted(path.name for path in (folder / "fit" / "ensemble").iterdir())
    assert members == [f"{kind}-{k:02d}.rfmeam" for kind, n in (("bootstrap", 2), ("hessian", 3))
                       for k in range(n)]  # fmt: skip
    for name in members:
        rfmeam.Potential.read(str(folder / "fit" / "ensemble" / name))
    assert len(json.loads((folder / "fit" / "bootstrap.json").read_text())["members"]) == 2


def test_errors_are_those_of_the_potential(folder, report):
    """Forces of a family, from the calculator."""
    row = next(line for line in report.splitlines() if line.startswith("| dimer "))
    after = float(re.findall(r"→ ([-\d.e+]+)", row)[1])
    from ase.io import read
    from rfmeam.calculator import RFMEAM

    atoms = read(folder / "training" / "dimer.extxyz")
    reference = atoms.get_forces()
    atoms.calc = RFMEAM(str(folder / "fit" / "potential.rfmeam"))
    error = np.sqrt(np.mean((atoms.get_forces() - reference) ** 2))
    assert after == pytest.approx(error, rel=0.01)


def test_no_errors_for_the_true_potential(folder):
    settings, data, *_ = prepared(folder, TRUE)
    potential = rfmeam.Potential.parse(TRUE)
    training, validation, constants = predict_both(
        settings, potential, data.training, data.validation, 1
    )
    assert constants == pytest.approx([1.25, -2.5], abs=1e-5)
    for prediction in (training, validation):
        for kind in ("energy", "forces", "stress", "charges"):
            assert prediction.error(kind, prediction.labels()) < 1e-4
    assert np.isnan(training.error("stress", ["dimer/00"]))


def test_structures_without_equilibrium_are_named(folder):
    start = TRUE.replace("charge F 8.00 16.00", "charge F 8.00 0.50").replace("11.00 0.0", "0.5 0")
    _, data, *_ = prepared(folder, TRUE)
    prediction = predict(rfmeam.Potential.parse(start), data.training, 1)
    assert "dimer/00" in prediction.unstable
    assert "dimer/00" not in prediction.model["forces"]


def test_curves(folder):
    _, data, *_ = prepared(folder, TRUE)
    found = curves(predict(rfmeam.Potential.parse(TRUE), data.training, 1))
    assert [curve.family for curve in found] == ["cold-curve"]
    assert found[0].x == pytest.approx(np.array([4.2, 4.4, 4.6, 4.8]) ** 3 / 8)
    assert found[0].reference.min() == 0


def test_what_the_data_determine(folder):
    """A parameter without effect has no width's end; others as from the covariance."""
    *_, space, objective = prepared(
        folder, stages=[{"name": "all", "free": FREE}], targets={"charges": {"tolerance": 0.03}}
    )
    here = objective.evaluate(space.start, derivatives=True)
    found = directions(objective, space.start, here)
    assert found.undetermined.sum() == 3
    assert found.text(0) in ("+1.00 charge.F.J", "-1.00 charge.F.J")
    slope = np.linalg.norm(here.triangle, axis=0)[space.free.index("charge.F.J")]
    residual = np.sqrt(2 * here.loss / (objective.num_rows - len(FREE)))
    assert found.width[0] * 16 == pytest.approx(residual / slope, rel=1e-6)


def test_members_of_an_ensemble_suit_the_data_about_as_well(folder):
    *_, space, objective = prepared(
        folder, TRUE.replace("2.0 6.5 1.00", "2.0 6.5 1.003"), stages=[{"name": "a", "free": FREE}]
    )
    here = objective.evaluate(space.start, derivatives=True)
    found = directions(objective, space.start, here)
    members, _ = hessian_members(objective, space.start, found, 5, seed=1)
    largest = here.loss + 0.5 * found.residual**2 * (4 + 4 * np.sqrt(8))
    losses = [objective.evaluate(u).loss for u in members]
    assert max(losses) <= largest
    assert len({tuple(u) for u in members}) == 5
    assert not np.allclose(members[0][3], space.start[3])  # t3, without effect, is not held
