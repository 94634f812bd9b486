"""`rfmeam convert --from optzer`."""

import pytest
import rfmeam
import yaml
from rfmeam._core import parameter_values
from rfmeam.cli import app
from rfmeam.fit.settings import read_settings
from typer.testing import CliRunner

RFMEAM = """\
atomic Li  3.0  1.20 -0.10 0.05 0.30   1.0 0.6 0.8 0.5   {q} 1.30 {q} 1.40   0.30 -0.20 0.15
atomic F   2.5  0.90  0.20 0.02 0.25   1.4 0.7 0.5 0.9   1.30 1.50 1.10 1.60  -0.20  0.25 0.10
pair * *   1  5.00 4.20  {rp} 2.0 0.035  0.10 0.02   1.0 0.9 1.1 0.8
triple * * * 0.5 2.8
"""
COULOMB = """\
charges variable
Li  3.00  {J}  0.1  -1.0 1.0
F   8.00 10.00  0.0  -1.0 1.0

terms screened_cut
rho_screened_cut 2.0
"""
VARIABLES = """\
# variables
4
1.1   0.8 1.6   0.1 3.0   q
2.8   2.0 3.5   1.5 4.0   rp
9.0   5.0 20.0  1.0 50.0  J
1.0   0.5 2.0   0.1 9.0   unused
"""
SETTINGS = """\
num_iteration 40
target rdf lat
opt_method cs
num_individuals 12
cs_fraction 0.25
log_vars J
"""
LAT = "# datatype independent\n1 0.5\n4.03\n"
FILES = {
    "in.params.RFMEAM": RFMEAM,
    "in.params.Coulomb": COULOMB,
    "in.pmd": "cutoff_radius 7.0\n",
    "in.vars.optzer": VARIABLES,
    "in.optzer": SETTINGS,
    "data.ref.lat": LAT,
}


def convert(folder, **changes):
    paths = []
    for name, text in (FILES | {key.replace("_", "."): x for key, x in changes.items()}).items():
        if text is not None:
            paths.append(folder / name)
            paths[-1].write_text(text)
    output = folder / "new.yaml"
    arguments = ["convert", "--from", "optzer", "-o", str(output), *map(str, paths)]
    return CliRunner().invoke(app, arguments), output


def test_variables_become_parameters_with_bounds_and_ties(tmp_path):
    result, output = convert(tmp_path)
    assert result.exit_code == 0, result.output
    fit = yaml.safe_load(output.read_text())
    names = ["atomic.Li.q0", "pair.Li-Li.rp", "charge.Li.J"]
    assert list(fit["parameters"]) == names
    assert fit["parameters"]["atomic.Li.q0"] == {"bounds": [0.1, 3.0], "soft": [0.8, 1.6]}
    assert fit["parameters"]["charge.Li.J"]["scale"] == "log"
    assert fit["ties"] == [
        "atomic.Li.q2 = 1 * atomic.Li.q0 +0",
        "pair.Li-F.rp = 1 * pair.Li-Li.rp +0",
        "pair.F-F.rp = 1 * pair.Li-Li.rp +0",
    ]
    stage = fit["stages"][0]
    assert (stage["method"], stage["iterations"], stage["population"]) == ("cuckoo", 40, 12)
    potential = rfmeam.Potential.read(str(tmp_path / "new.rfmeam"))
    assert parameter_values(potential, names).tolist() == [1.1, 2.8, 9.0]


def test_what_is_not_taken_over_is_named(tmp_path):
    result, _ = convert(tmp_path)
    for note in (
        "unused is in no template, left out",
        "1 values of 'lat', weight 0.5, are not taken over: a property of kind lattice may stand",
        "target rdf: no file data.ref.rdf is given",
        "cs_fraction is not taken over",
        "data and targets are a first guess",
    ):
        assert note in " ".join(result.output.split())


def test_the_result_can_be_read(tmp_path):
    _, output = convert(tmp_path)
    for part in ("training", "validation"):
        (tmp_path / part).mkdir()
        (tmp_path / part / "x.extxyz").write_text("")
    settings = read_settings(output)
    assert settings.stages[0].method == "cuckoo" and len(settings.ties) == 3


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"in_vars_optzer": None}, "0 files in.vars.optzer, one is needed"),
        ({"in_vars_optzer": "x\n"}, "the first line must be the number of variables"),
        ({"in_vars_optzer": "1\n1 2 3 q\n"}, "in.vars.optzer:2: '1 2 3 q', allowed is: value"),
        ({"in_vars_optzer": "1\n1 2 1 0 3 q\n"}, "in.vars.optzer:2: q: bounds"),
        ({"in_vars_optzer": "2\n1 0 2 0 3 q\n"}, "1 variables, the first line has 2"),
        ({"in_optzer": "opt_method ga\n"}, "opt_method is 'ga', allowed are cs, tpe, wpe"),
        (
            {"in_vars_optzer": "1\n1 0 2 0 3 z\n"},
            "in.params.RFMEAM:1: read '{q}', allowed is a number",
        ),
        ({"in_params_RFMEAM": None, "in_params_Coulomb": None}, "no file given"),
    ],
)
def test_wrong_files(tmp_path, changes, expected):
    result, _ = convert(tmp_path, **changes)
    assert result.exit_code == 1 and "Traceback" not in result.output
    assert expected in " ".join(result.output.split()), result.output


def test_nothing_is_written_for_optzer(tmp_path):
    arguments = ["convert", "--to", "optzer", "-o", str(tmp_path / "x"), str(tmp_path / "y")]
    assert "allowed is nap" in CliRunner().invoke(app, arguments).output
