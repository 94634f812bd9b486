"""`rfmeam fit`: finds known parameters again, goes on where it was stopped, says what is wrong."""

import json

import numpy as np
import pytest
import rfmeam
from rfmeam._core import parameter_values
from rfmeam.cli import app
from rfmeam.fit.progress import Progress
from typer.testing import CliRunner

from fit_samples import ATOMS, TRUE, write_data, write_fit

FREE = ["charge.F.J", "charge.F.chi", "pair.Li-F.epsilon", "pair.Li-F.rp", "pair.Li-Li.epsilon"]
STAGES = [
    {"name": "charges", "free": ["charge.F.*"], "hold": ["*.E0"], "targets": ["charges"]},
    {"name": "all", "free": FREE},
]
WRONG = (
    TRUE.replace("charge F 8.00 16.00", "charge F 9.00 14.00")
    .replace("2.0 6.5 1.00", "2.1 6.5 0.90")
    .replace("2.8 5.5 0.30", "2.8 5.5 0.33")
)


@pytest.fixture
def folder(tmp_path):
    write_data(tmp_path)
    return tmp_path


def fit(path, *options):
    return CliRunner().invoke(app, ["fit", str(path), *options])


def history(folder):
    return [json.loads(line) for line in (folder / "fit" / "log.jsonl").read_text().splitlines()]


def test_a_fit_on_a_cluster(folder, slurm):
    """The same as here, with its lines; an error there is an error here."""
    pytest.importorskip("parsl")
    (folder / "cluster.yaml").write_text("cores_per_node: 2")
    path = write_fit(folder, WRONG, stages=STAGES[:1])
    result = fit(path, "--slurm", str(folder / "cluster.yaml"))
    assert result.exit_code == 0, result.output
    assert "stage charges: 2 parameters, 19 values" in " ".join(result.output.split())
    assert history(folder)[-1]["loss"] < 1.0 and (folder / "fit" / "slurm").exists()
    (folder / "fit" / "checkpoint.json").write_text("none")
    assert (
        "not a checkpoint of rfmeam fit"
        in fit(path, "--slurm", str(folder / "cluster.yaml")).output
    )


def test_known_parameters_are_found_again(folder):
    result = fit(write_fit(folder, WRONG, stages=STAGES, header={"contributor": "Jane Doe"}))
    assert result.exit_code == 0, result.output
    assert "stage charges: 2 parameters, 19 values" in " ".join(result.output.split())
    assert "validation: 2 values of 1" in " ".join(result.output.split())
    potential = rfmeam.Potential.read(str(folder / "fit" / "potential.rfmeam"))
    found = parameter_values(potential, FREE)
    expected = parameter_values(rfmeam.Potential.parse(TRUE), FREE)
    # chi of one element and the energy of a charge are found from energies, to less digits
    assert found == pytest.approx(expected, rel=1e-3)
    last = history(folder)[-1]
    assert last["loss"] < 1e-4 and last["validation"]["loss"] < 1e-3
    assert last["constants"] == pytest.approx([-ATOMS["Li"], -ATOMS["F"]], abs=1e-3)
    header = rfmeam.Header.read((folder / "fit" / "potential.rfmeam").read_text())
    assert header.contributor == "Jane Doe"
    assert "fit fit.yaml to 7 structures" in header.comment and "stage all" in header.comment
    last = (folder / "fit" / "stages" / "all.rfmeam").read_text()
    assert last == (folder / "fit" / "potential.rfmeam").read_text()
    assert (folder / "fit" / "stages" / "charges.rfmeam").exists()
    stages = json.loads((folder / "fit" / "parameters.json").read_text())
    assert [stage["stage"] for stage in stages] == ["charges", "all"]
    assert stages[1]["parameters"]["pair.Li-F.rp"]["start"] == 2.1


def test_a_killed_fit_goes_on_as_if_nothing_had_been(folder, tmp_path_factory, monkeypatch):
    other = tmp_path_factory.mktemp("whole")
    write_data(other)
    settings = {"stages": [STAGES[0], STAGES[1] | {"iterations": 6}]}
    assert fit(write_fit(other, WRONG, **settings)).exit_code == 0
    path = write_fit(folder, WRONG, **settings)
    written = Progress.line
    for killed_at in (3, 2):  # lines of iterations of this run
        lines = []

        def line(self, stage, start, entry, lines=lines, killed_at=killed_at):
            lines.append(entry)
            if len(lines) == killed_at:
                raise KeyboardInterrupt

        monkeypatch.setattr(Progress, "line", line)
        result = fit(path)
        assert result.exit_code == 130
        assert "stopped; the same command goes on" in result.output
    monkeypatch.setattr(Progress, "line", written)
    assert fit(path).exit_code == 0
    assert history(folder) == history(other)
    whole = (other / "fit" / "potential.rfmeam").read_text()
    assert (folder / "fit" / "potential.rfmeam").read_text() == whole
    again = fit(path)
    assert again.exit_code == 0 and ": loss" not in again.output


def test_more_iterations_go_on(folder):
    def stages(iterations):
        return {"stages": [STAGES[1] | {"iterations": iterations}]}

    fit(write_fit(folder, WRONG, **stages(2)))
    first = history(folder)
    result = fit(write_fit(folder, WRONG, **stages(4)))
    assert history(folder)[:3] == first and len(history(folder)) == 5
    assert "all 3:" in result.output and "all 2:" not in result.output


def test_what_a_stage_depends_on_makes_it_begin_anew(folder):
    fit(write_fit(folder, WRONG, stages=STAGES))
    changed = [STAGES[0], STAGES[1] | {"targets": {"forces": 1, "energy": 1}}]
    result = fit(write_fit(folder, WRONG, stages=changed))
    assert "stage all: what it depends on has changed" in result.output
    assert "stage charges: what" not in result.output
    write_data(folder, TRUE.replace("16.00", "16.10"))
    assert "stage charges: what it depends on" in fit(
        write_fit(folder, WRONG, stages=changed)
    ).output  # fmt: skip


def test_several_starts_keep_the_best(folder):
    stage = STAGES[1] | {"starts": 3, "iterations": 3, "spread": 0.2}
    result = fit(write_fit(folder, WRONG, stages=[stage]))
    assert result.exit_code == 0, result.output
    lines = history(folder)
    assert {line["start"] for line in lines} == {0, 1, 2}
    firsts = [line["parameters"]["pair.Li-F.rp"] for line in lines if line["iteration"] == 0]
    assert len(set(firsts)) == 3
    best = min(lines, key=lambda line: line["loss"])
    potential = rfmeam.Potential.read(str(folder / "fit" / "potential.rfmeam"))
    names = list(best["parameters"])
    assert parameter_values(potential, names) == pytest.approx(list(best["parameters"].values()))


def test_bounds_hold_and_are_warned_of(folder):
    parameters = {"pair.Li-F.rp": {"bounds": [2.05, 2.3]}}
    result = fit(write_fit(folder, WRONG, stages=[STAGES[1]], parameters=parameters))
    assert result.exit_code == 0, result.output
    assert "at a bound: pair.Li-F.rp" in result.output
    values = [line["parameters"]["pair.Li-F.rp"] for line in history(folder)]
    assert min(values) == pytest.approx(2.05, abs=1e-9) and min(values) >= 2.05


def test_ties_hold(folder):
    ties = ["pair.F-F.epsilon = 2 * pair.Li-F.epsilon - 0.5"]
    fit(write_fit(folder, WRONG, stages=[STAGES[1]], ties=ties))
    potential = rfmeam.Potential.read(str(folder / "fit" / "potential.rfmeam"))
    tied, master = parameter_values(potential, ["pair.F-F.epsilon", "pair.Li-F.epsilon"])
    assert tied == pytest.approx(2 * master - 0.5, rel=1e-12)
    assert not np.isclose(master, 0.9)


# ---- warnings


def test_parameters_without_effect(folder):
    stage = {"name": "x", "free": ["atomic.*.t3", "pair.F-F.w0", "pair.Li-F.rp"]}
    target = {"charges": {"tolerance": 0.03}}
    result = fit(write_fit(folder, WRONG, stages=[stage | {"iterations": 1}], targets=target))
    assert "warning: without effect on any target: atomic.Li.t3, atomic.F.t3, " in result.output


def test_constants_that_are_not_determined(folder):
    target = {"energy": {"tolerance": 0.03, "of": ["salt"]}}
    result = fit(write_fit(folder, WRONG, stages=[STAGES[1] | {"iterations": 1}], targets=target))
    assert "warning: the energies do not determine the constants of Li, F" in result.output


def test_a_validation_loss_that_grows(folder):
    """Validation data of another potential: the better the fit, the worse they come out."""
    write_data(folder, WRONG.replace("9.00 14.00", "9.50 13.00"))
    held_out = (folder / "validation" / "held-out.extxyz").read_text()
    write_data(folder)
    (folder / "validation" / "held-out.extxyz").write_text(held_out)
    result = fit(write_fit(folder, WRONG, stages=[STAGES[1]]))
    assert "warning: the loss on validation data grows" in result.output


def test_no_validation_data(folder):
    data = {"training": "training"}
    result = fit(write_fit(folder, stages=[STAGES[1] | {"iterations": 1}], data=data))
    assert result.exit_code == 0, result.output
    assert "warning: there are no validation data" in result.output


@pytest.mark.parametrize("method", ["cma", "tpe", "cuckoo"])
def test_other_methods_lower_the_loss_and_go_on(folder, method):
    stage = STAGES[1] | {"method": method, "population": 6, "converged": 0}

    def stages(iterations):
        return {"stages": [stage | {"iterations": iterations}]}

    assert fit(write_fit(folder, WRONG, **stages(2))).exit_code == 0
    first = history(folder)
    result = fit(write_fit(folder, WRONG, **stages(12)))
    assert result.exit_code == 0, result.output
    lines = history(folder)
    assert lines[:3] == first and len(lines) == 13
    losses = [line["loss"] for line in lines]
    assert losses == sorted(losses, reverse=True) and losses[-1] < losses[0]


def test_two_runs_share_a_storage(folder):
    """What one run has found the study of the other knows."""
    import optuna

    storage = f"sqlite:///{folder}/study.db"
    stage = STAGES[1] | {"method": "tpe", "iterations": 2, "population": 4, "storage": storage}
    for output in ("one", "two"):
        result = fit(write_fit(folder, WRONG, stages=[stage], output=output))
        assert result.exit_code == 0, result.output
    study = optuna.load_study(study_name="rfmeam fit: all, start 0", storage=storage)
    assert len(study.trials) == 16
