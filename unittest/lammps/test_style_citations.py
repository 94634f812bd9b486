"""LAMMPS' reminder of what to cite: the package, the model, and the solver that was used."""

import subprocess

import pytest
from harness import potential

INPUT = """\
units         metal
atom_style    charge
lattice       fcc 4.03
region        box block 0 2 0 2 0 2
create_box    2 box
create_atoms  1 box
lattice       fcc 4.03 origin 0.5 0 0
create_atoms  2 box
mass          1 6.94
mass          2 18.998
pair_style    rfmeam/qeq
pair_coeff    * * LiF.rfmeam Li F
fix           charges all qeq/vc 1 1.0e-6 100 {keywords}
run           0
run           0
"""


@pytest.mark.parametrize(
    ("keywords", "cited", "not_cited"),
    [
        ("", ["{Lazic2012", "{RFMEAM-QEq", "{Gould2001"], ["{Niklasson2009"]),
        ("solver direct", ["{Lazic2012"], ["{Gould2001", "{Niklasson2009"]),
        ("solver xl", ["{Gould2001", "{Niklasson2009", "{Niklasson2014"], []),
    ],
    ids=["pcg", "direct", "xl"],
)
def test_what_a_run_used_is_cited_once(tmp_path, keywords, cited, not_cited):
    (tmp_path / "LiF.rfmeam").write_text(potential(), encoding="utf-8")
    (tmp_path / "in.lammps").write_text(INPUT.format(keywords=keywords), encoding="utf-8")
    command = ["lmp", "-in", "in.lammps", "-log", "none", "-cite", "log.cite"]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout
    text = (tmp_path / "log.cite").read_text("utf-8")
    for name in cited:
        assert text.count(name) == 1, name
    for name in not_cited:
        assert name not in text
