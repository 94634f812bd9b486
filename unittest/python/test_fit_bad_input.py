"""Each kind of wrong input of `rfmeam fit`: what the message says."""

import numpy as np
import pytest
from ase.io import read
from rfmeam.cli import app
from typer.testing import CliRunner

from fit_samples import TRUE, write_data, write_fit, write_frames

FORCES = {"tolerance": 0.06}
STAGE = {"name": "all", "free": ["charge.F.J"], "iterations": 1}


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("data")
    write_data(folder)
    return folder


@pytest.fixture
def folder(tmp_path, data):
    """A folder of its own whose data are links to those of the module."""
    for part in ("training", "validation"):
        (tmp_path / part).mkdir()
        for file in (data / part).iterdir():
            (tmp_path / part / file.name).symlink_to(file)
    return tmp_path


def message(path) -> str:
    result = CliRunner().invoke(app, ["fit", str(path)])
    assert result.exit_code == 1, result.output
    assert "Traceback" not in result.output
    line = result.output.strip().splitlines()[-1]
    assert line.startswith("error: "), result.output
    return line


def targets(**keys):
    return {"targets": {"forces": FORCES | keys}}


def stages(**keys):
    return {"stages": [STAGE | keys]}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"potential": None}, "potential is missing: potential, data, targets and stages are"),
        ({"stages": None}, "stages is missing"),
        ({"stage": []}, "stage is unknown, did you mean 'stages'? allowed are potential"),
        ({"potential": 3}, "potential is 3, allowed is a text"),
        ({"data": [1]}, "data: [1] is not a mapping of training, validation"),
        ({"data": {"trainings": "x"}}, "data: trainings is unknown, did you mean 'training'?"),
        ({"data": {"validation": "validation"}}, "data: training is missing: files, folders or"),
        ({"data": {"training": "none"}}, "data: training has 'none', where there is no file: "),
        ({"data": {"training": "training/x*.extxyz"}}, "x*.extxyz"),
        (
            {"data": {"training": "training", "validation": "training/salt.extxyz"}},
            "salt/00 is also in",
        ),
        (
            {"data": {"training": "training", "leave_out": ["*"]}},
            "no structure is left for training",
        ),
        (
            {"data": {"training": "training", "leave_out": ["slat"]}},
            "data: leave_out: no structure fits 'slat', did you mean 'salt'? there are",
        ),
        ({"header": {"author": "x"}}, "header: author is unknown, allowed are contributor"),
        ({"energy_constants": "fitted"}, "energy_constants is 'fitted', did you mean 'fit'?"),
        ({"energy_constants": {"Na": 1}}, "energy_constants: has 'Na', the potential's elements"),
        ({"energy_constants": {"Li": "x"}}, "energy_constants: Li is 'x', allowed is a number"),
        ({"barrier": {"margin": 0}}, "barrier: margin is 0, allowed is a number > 0"),
        ({"barrier": {"margins": 1}}, "barrier: margins is unknown, did you mean 'margin'?"),
        ({"barrier": {"strength": "no"}}, "barrier: strength is 'no', allowed is a number > 0"),
        ({"report": {"bootstrap": -1}}, "report: bootstrap is -1, allowed is a whole number >= 0"),
        ({"report": {"ensemble": 1.5}}, "report: ensemble is 1.5, allowed is a whole number"),
        # targets
        ({"targets": {"force": FORCES}}, "targets: force: kind is 'force', did you mean 'forces'?"),
        ({"targets": {"forces": {}}}, "forces: tolerance is missing: a number in eV/Å"),
        (targets(tolerance=-1), "forces: tolerance is -1, allowed is a number > 0"),
        (targets(tolerance="1 GPa"), "tolerance has the unit 'GPa', allowed are eV/Å, eV/A, meV/Å"),
        (targets(tolerance="1 eV/Ang"), "the unit 'eV/Ang', did you mean 'eV/A'? allowed are"),
        (targets(weights=1), "weights is unknown, did you mean 'weight'?"),
        (targets(weight=-2), "weight is -2, allowed is a number >= 0"),
        (targets(loss="l1"), "loss is 'l1', allowed are linear, soft_l1"),
        (targets(loss_scale=0), "loss_scale is 0, allowed is a number > 0"),
        (targets(of=["slat"]), "no structure fits 'slat', did you mean 'salt'? there are"),
        (targets(of=[3]), "of has 3, allowed are texts"),
        (targets(**{"except": "gas"}), "except: no structure fits 'gas', there are the families"),
        (targets(atoms_power=1), "atoms_power does not belong to forces, only to energy"),
        (targets(structures={"a": 1}), "structures does not belong to forces"),
        (targets(force_growth=0), "force_growth is 0, allowed is a number > 0"),
        # energy differences
        (
            {"targets": {"d": {"kind": "energy_difference", "tolerance": 1}}},
            "targets: d: structures is missing: labels of structures",
        ),
        (
            {"targets": {"d": {"kind": "energy_difference", "tolerance": 1, "of": "*"}}},
            "structures is missing",
        ),
        (
            {"targets": {"d": {"kind": "energy_difference", "tolerance": 1,
                               "structures": {"salt/00": "a/2"}}}},
            "salt/00 is 'a/2', allowed is a number or a fraction 1/2",
        ),
        (
            {"targets": {"d": {"kind": "energy_difference", "tolerance": 1,
                               "structures": {"salt/99": 1}}}},
            "targets: d: there is no structure 'salt/99' in training",
        ),
        (
            {"targets": {"d": {"kind": "energy_difference", "tolerance": 1,
                               "structures": {"salt/00": 1, "metal/00": "-1/2"}}}},
            "targets: d: atoms do not cancel: +1 F are left",
        ),
        # parameters
        ({"parameters": {"charge.F.j": {}}}, "no parameter fits 'charge.F.j', did you mean"),
        ({"parameters": {"charge.F.J": {"bound": [1, 2]}}}, "bound is unknown, did you mean"),
        ({"parameters": {"charge.F.J": {"bounds": [2, 1]}}}, "bounds is [2, 1], allowed are two"),
        ({"parameters": {"charge.F.J": {"bounds": 1}}}, "bounds is 1, allowed are two numbers"),
        (
            {"parameters": {"charge.F.J": {"bounds": [1, 10]}}},
            "stage all: charge.F.J starts at 16, its bounds are 1 and 10",
        ),
        ({"parameters": {"charge.F.J": {"scale": "ln"}}}, "scale is 'ln', allowed are linear, log"),
        ({"parameters": {"charge.F.J": {"prior": 0}}}, "prior is 0, allowed is a number > 0"),
        ({"parameters": {"charge.F.J": {"start": -1}}}, "start or ties: "),
        (
            {"parameters": {"pair.*.c2": {"scale": "log"}}} | stages(free=["pair.Li-F.c2"]),
            "pair.Li-F.c2 starts at 0, scale: log is for numbers > 0",
        ),
        (stages(free=["pair.Li-F.rc"]), "pair.Li-F.rc is free: give it bounds, as neighbours"),
        # ties
        ({"ties": ["rho.F-F is 2"]}, "ties has 'rho.F-F is 2', allowed is NAME = NUMBER * NAME"),
        ({"ties": ["rho.F-F = rho.Li"]}, "ties: there is no parameter 'rho.Li', did you mean"),
        (
            {"ties": ["rho.F-F = rho.Li-F", "rho.Li-F = rho.F-F"]},
            "ties: rho.F-F = rho.Li-F = rho.F-F is a circle",
        ),
        ({"ties": ["rho.F-F = -1 * rho.Li-F"]}, "start or ties: "),
        # stages
        ({"stages": {}}, "stages is {}, allowed is a list of mappings"),
        ({"stages": ["x"]}, "stages: number 1: 'x' is not a mapping of name, free"),
        (stages(name=""), "stages: number 1: name is '', allowed is a text"),
        ({"stages": [STAGE, STAGE]}, "stages: number 2: name is 'all', allowed is a text"),
        ({"stages": [{"name": "a"}]}, "free is missing: names or patterns of parameters"),
        (stages(free=["charge.F.K"]), "stage all: free: no parameter fits 'charge.F.K', did you"),
        (stages(hold=["x*"]), "stage all: hold: no parameter fits 'x*'"),
        (stages(free=["charge.F.J"], hold=["charge.*"]), "stage all: no parameter is free"),
        (stages(targets=["charge"]), "targets has 'charge', allowed are energy, forces"),
        (stages(targets={"charges": -1}), "targets: charges is -1, allowed is a number >= 0"),
        (stages(targets={"charges": 0}), "stage all: no value of the data counts"),
        (stages(structures=["slat"]), "structures: no structure fits 'slat', did you mean 'salt'?"),
        (stages(method="lbfgs"), "method is 'lbfgs', allowed are lm, cma, tpe, cuckoo"),
        (stages(iterations=0), "iterations is 0, allowed is a whole number >= 1"),
        (stages(starts=True), "starts is True, allowed is a whole number >= 1"),
        (stages(spread=0), "spread is 0, allowed is a number > 0"),
        (stages(converged=-1), "converged is -1, allowed is a number >= 0"),
        (stages(longest_step=0), "longest_step is 0, allowed is a number > 0"),
        (stages(hours="x"), "hours is 'x', allowed is a number > 0"),
        (stages(population=5), "population does not belong to the method lm"),
        (stages(storage="sqlite:///x", method="cma"), "storage does not belong to the method cma"),
        (stages(population=1, method="cma"), "population is 1, allowed is a whole number >= 2"),
    ],
)  # fmt: skip
def test_settings(folder, changes, expected):
    assert expected in message(write_fit(folder, **changes))


def test_no_file_and_no_yaml(folder, write):
    assert "cannot be read: No such file" in message(folder / "none.yaml")
    assert "x.yaml:2: not YAML: " in message(write("a: 1\nb: [", "x.yaml"))
    assert "x.yaml:2: not YAML: 'a' is there twice" in message(write("a: 1\na: 2\n", "x.yaml"))
    assert "the file: None is not a mapping of potential" in message(write("", "x.yaml"))


def test_line_numbers(folder):
    path = write_fit(folder, **targets(weight=-2))
    line = next(k for k, text in enumerate(path.read_text().splitlines(), 1) if "weight" in text)
    assert f"fit.yaml:{line}: targets: forces: weight is -2" in message(path)


def test_no_potential(folder):
    path = write_fit(folder)
    (folder / "start.rfmeam").unlink()
    assert "start.rfmeam" in message(path)


# ---- data


def with_frame(folder, change, **changes):
    """A fit in whose data one structure is changed."""
    atoms = read(folder / "training" / "mixed.extxyz")
    change(atoms)
    (folder / "training" / "mixed.extxyz").unlink()
    write_frames(folder / "training" / "mixed.extxyz", [atoms])
    return write_fit(folder, **(stages() | changes))


def test_elements_the_potential_lacks(folder):
    def change(atoms):
        atoms.symbols[0] = "Na"

    assert "mixed/00: has Na, the potential's elements are Li, F" in message(
        with_frame(folder, change)
    )


@pytest.mark.parametrize(
    ("what", "name"),
    [
        ("free_energy", "energy"),
        ("forces", "forces"),
        ("stress", "stress"),
        ("bader_charge", "charges"),
        ("dipole", "dipole"),
    ],
)
def test_missing_values(folder, what, name):
    def change(atoms):
        for values in (atoms.calc.results, atoms.arrays, atoms.info):
            values.pop(what, None)

    text = message(with_frame(folder, change, targets={name: {"tolerance": 0.1, "of": ["mixed"]}}))
    assert f"mixed.extxyz: mixed/00 has no {name}, which the target {name} wants" in text


def test_missing_stress_of_a_molecule(folder):
    target = {"stress": {"tolerance": "0.3 GPa"}}
    text = message(write_fit(folder, targets=target))
    assert "dimer/00 has no stress, which the target stress wants: leave it out" in text


@pytest.mark.parametrize("what", ["free_energy", "forces", "stress", "bader_charge", "dipole"])
@pytest.mark.parametrize("number", [np.nan, np.inf])
def test_values_that_are_no_numbers(folder, what, number):
    def change(atoms):
        for values in (atoms.calc.results, atoms.arrays, atoms.info):
            if what in values:
                values[what] = np.full_like(values[what], number, dtype=float)

    assert f"mixed/00: {what} is not a finite number" in message(with_frame(folder, change))


def test_positions_that_are_no_numbers(folder):
    def change(atoms):
        atoms.positions[2, 1] = np.nan

    text = message(with_frame(folder, change))
    assert "mixed/00: positions or cell are not finite numbers" in text


def test_values_of_the_wrong_shape(folder):
    def change(atoms):
        atoms.arrays["bader_charge"] = atoms.positions

    assert "bader_charge has the shape (7, 3), allowed is (7,)" in message(
        with_frame(folder, change)
    )


def test_files_that_are_no_extended_xyz(folder):
    (folder / "training" / "odd.extxyz").write_text("3\nLattice\nLi 0 0\n")
    assert "odd.extxyz: not extended XYZ: " in message(write_fit(folder))


# ---- what shows only when it starts


def test_an_indefinite_matrix_at_the_start(folder):
    start = TRUE.replace("charge F 8.00 16.00", "charge F 8.00 0.50").replace("11.00 0.0", "0.5 0")
    text = message(write_fit(folder, start))
    assert "stage all cannot start: " in text
    assert "the lowest eigenvalue of the charge matrix is -" in text


def test_a_data_base_that_cannot_be_opened(folder):
    for storage in ("nosql://x", "sqlite:////no/such/folder/x.db"):
        text = message(write_fit(folder, **stages(method="tpe", storage=storage)))
        assert f"stage all: storage is '{storage}', a data base that cannot be opened: " in text


def test_a_margin_that_the_start_is_below(folder):
    text = message(write_fit(folder, barrier={"margin": 1000}))
    assert "allowed is > 1000" in text


def test_upper_bounds_of_cutoffs_that_make_no_potential(folder):
    parameters = {"pair.F-F.rc": {"bounds": [3, 5]}, "pair.F-F.rs": {"bounds": [1, 4.5]}}
    fit = write_fit(folder, parameters=parameters, **stages(free=["pair.F-F.rc"]))
    assert CliRunner().invoke(app, ["fit", str(fit)]).exit_code == 0


def test_a_checkpoint_that_is_none(folder):
    path = write_fit(folder, **stages())
    (folder / "fit").mkdir()
    (folder / "fit" / "checkpoint.json").write_text("{}")
    assert "checkpoint.json: not a checkpoint of rfmeam fit; remove it" in message(path)


def test_an_output_that_is_a_file(folder):
    path = write_fit(folder, **stages())
    (folder / "fit").write_text("mine")
    assert "fit: File exists" in message(path)
    assert (folder / "fit").read_text() == "mine"


def test_nothing_is_lost_by_a_mistake(folder):
    """A later stage that cannot start leaves what was found before."""
    second = STAGE | {"name": "second", "free": ["pair.Li-F.rc"]}
    assert "pair.Li-F.rc is free" in message(write_fit(folder, stages=[STAGE, second]))
    assert (folder / "fit" / "potential.rfmeam").exists()
