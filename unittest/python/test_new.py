"""`rfmeam new`: a folder for LAMMPS from a structure of any source."""

import re
import subprocess
from pathlib import Path

import pytest
import rfmeam
from ase import Atoms
from ase.build import bulk, fcc100
from ase.io import read, write
from rfmeam.cli import app
from rfmeam.new_input import Run, input_script
from typer.testing import CliRunner

LIF = bulk("LiF", "rocksalt", a=4.03, cubic=True)


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def new(*arguments):
    return CliRunner().invoke(app, ["new", *map(str, arguments)])


def said(result) -> str:
    return " ".join(result.output.split())


def test_a_crystal_becomes_a_folder():
    write("LiF.cif", LIF)
    result = new("LiF.cif", "--potential", "LiF-q")
    assert result.exit_code == 0, result.output
    assert "1000 atoms, 5×5×5 cells; run it: cd LiF && lmp -in in.LiF" in said(result)
    assert sorted(path.name for path in Path("LiF").iterdir()) == [
        "LiF-q.rfmeam",
        "LiF.data",
        "in.LiF",
    ]
    atoms = read("LiF/LiF.data", format="lammps-data")
    assert atoms.get_chemical_formula() == "F500Li500"
    assert atoms.cell.lengths() == pytest.approx([20.15] * 3)
    assert rfmeam.Potential.read("LiF/LiF-q.rfmeam").elements == ["Li", "F"]


def test_types_are_those_of_the_elements_that_are_there():
    """F alone is type 1, though the potential has Li before it."""
    write("F.extxyz", Atoms("F2", [[0, 0, 0], [0, 0, 1.42]], cell=[9, 9, 9], pbc=True))
    assert new("F.extxyz", "--potential", "LiF", "--length", 0).exit_code == 0
    assert re.search(r"pair_coeff +\* \* LiF.rfmeam F\b", Path("F/in.F").read_text())


@pytest.mark.parametrize("options", [(), ("--ensemble", "nvt")], ids=["npt", "nvt"])
def test_lammps_takes_the_input(options):
    """A primitive cell, so a sheared box; charges come out as those of LiF."""
    write("my crystal.cif", bulk("LiF", "rocksalt", a=4.03))
    command = ["my crystal.cif", "--potential", "LiF-q", "--length", 8, "--time", 0.2, *options]
    result = new(*command, "-o", "run")
    assert result.exit_code == 0, result.output
    lammps = subprocess.run(
        ["lmp", "-in", "in.my_crystal"], cwd="run", capture_output=True, text=True, check=False
    )
    assert lammps.returncode == 0, lammps.stdout[-2000:]
    rows = re.findall(r"^ +200 +.*", lammps.stdout, re.MULTILINE)
    _, temperature, _, _, _, density, lithium, fluorine, _ = map(float, rows[-1].split())
    assert 150 < temperature < 450
    assert 2.3 < density < 2.9
    assert 0.6 < lithium < 1.0
    assert lithium == pytest.approx(-fluorine, abs=1e-6)
    assert read("run/my_crystal.dump", ":", format="lammps-dump-text")[-1].symbols[0] in ("Li", "F")
    assert Path("run/my_crystal-final.data").exists()


def test_without_charges_there_is_no_fix():
    text = input_script("x.cif", "x.data", "x.rfmeam", ["Ni"], False, Run())
    assert "qeq" not in text.replace("rfmeam/qeq", "")
    assert "f_charges" not in text
    assert " q " not in text


def test_a_slab():
    slab = fcc100("Li", (2, 2, 3), a=4.3, vacuum=10.0)
    write("slab.extxyz", slab)
    result = new("slab.extxyz", "--potential", "LiF")
    assert result.exit_code == 0, result.output
    assert "taken as periodic along z too" in said(result)
    assert "20 Å of vacuum in the box, which a barostat closes: use --ensemble nvt" in said(result)
    result = new("slab.extxyz", "--potential", "LiF", "--ensemble", "nvt", "-o", "other")
    assert "barostat" not in result.output


DISORDERED = """\
data_x
_cell_length_a 4
_cell_length_b 4
_cell_length_c 4
_cell_angle_alpha 90
_cell_angle_beta 90
_cell_angle_gamma 90
_symmetry_space_group_name_H-M 'P 1'
loop_
_atom_site_label
_atom_site_type_symbol
_atom_site_fract_x
_atom_site_fract_y
_atom_site_fract_z
_atom_site_occupancy
Li1 Li 0 0 0 0.35
F1 F 0.5 0.5 0.5 1
"""


@pytest.mark.parametrize(
    ("name", "contents", "message"),
    [
        ("nothing.cif", None, "nothing.cif: no such file"),
        ("x.cif", "hello", "x.cif: not a structure that ASE reads"),
        ("x.xyz", "2\n\nLi 0 0 0\nF 0 0 2\n", "without a cell, expected a periodic one"),
        ("x.cif", DISORDERED, "site 0 is partly occupied (Li 0.35). Atoms are whole"),
        ("x.cif", bulk("LiCl", "rocksalt", a=5.1), "has Cl, which"),
        (
            "x.extxyz",
            Atoms("LiF", [[0, 0, 0], [0, 0, 0.4]], cell=[5, 5, 5], pbc=True),
            "Li 1 and F 2 are 0.40 Å apart",
        ),
    ],
)
def test_bad_structures(name, contents, message):
    if isinstance(contents, str):
        Path(name).write_text(contents)
    elif contents is not None:
        write(name, contents)
    result = new(name, "--potential", "LiF")
    assert result.exit_code == 1
    assert message in said(result)
    assert not Path("x").exists()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--potential", "Cu"], "--potential Cu: there is no such file, nor a potential of that"),
        (["--potential", "Cu"], "LiF, LiF-q"),
        (["--potential", "LiF", "--temperature", 0], "--temperature 0: allowed are 1 to 10000 K"),
        (["--potential", "LiF", "--time", 0], "--time 0: allowed are 0.01 to 1e+06 ps"),
        (["--potential", "LiF", "--timestep", 50], "--timestep 50: allowed are 0.05 to 10 fs"),
        (["--potential", "LiF", "--length", 900], "would make 89915392 atoms, allowed are 1000000"),
    ],
)
def test_bad_options(options, message):
    write("LiF.cif", LIF)
    result = new("LiF.cif", *options)
    assert result.exit_code == 1
    assert message in said(result)


def test_no_folder_is_written_over():
    write("LiF.cif", LIF)
    Path("LiF").mkdir()
    Path("LiF/mine").write_text("")
    result = new("LiF.cif", "--potential", "LiF")
    assert result.exit_code == 1
    assert "LiF: is not empty: choose another folder with --output" in said(result)
    assert [path.name for path in Path("LiF").iterdir()] == ["mine"]
