"""`rfmeam glass judge`: structures of any source."""

import json

import pytest
from ase.io import write as write_atoms
from rfmeam.cli import app
from typer.testing import CliRunner

from crystals import crystal

ELEMENTS = ["Li", "B", "O"]


def judge(*arguments):
    return CliRunner().invoke(app, ["glass", "judge", *map(str, arguments)])


@pytest.fixture
def diborate():
    """Li2B4O7, 13 Å and more: half of the boron four-fold, all of it in diborates."""
    atoms = crystal("Li2B4O7", 13.0)
    atoms.rattle(0.03, seed=1)
    return atoms


def dump(atoms) -> str:
    lengths = atoms.cell.lengths()
    head = f"ITEM: TIMESTEP\n0\nITEM: NUMBER OF ATOMS\n{len(atoms)}\nITEM: BOX BOUNDS pp pp pp\n"
    head += "".join(f"0.0 {length}\n" for length in lengths) + "ITEM: ATOMS id type x y z\n"
    rows = (
        f"{i} {ELEMENTS.index(atom.symbol) + 1} {atom.x} {atom.y} {atom.z}\n"
        for i, atom in enumerate(atoms, 1)
    )
    return head + "".join(rows)


@pytest.mark.parametrize("kind", ["extxyz", "data", "data without masses", "dump", "two frames"])
def test_a_crystal_in_every_format(tmp_path, diborate, kind):
    path, options = tmp_path / "file", []
    if kind == "dump":
        path.write_text(dump(diborate), "utf-8")
        options = ["--elements", "Li,B", "O"]
    elif kind.startswith("data"):
        masses = kind == "data"
        write_atoms(path, diborate, format="lammps-data", specorder=ELEMENTS, masses=masses)
        options = [] if masses else ["--elements", *ELEMENTS]
    else:
        frames = [diborate] * (2 if kind == "two frames" else 1)
        write_atoms(path, frames, format="extxyz")
    result = judge(path, *options, "-o", tmp_path / "out.json")
    assert result.exit_code == 0, result.output
    found = json.loads((tmp_path / "out.json").read_text("utf-8"))
    assert found["values"]["B4 %"] == pytest.approx(50.0)
    assert found["values"]["B in all-boron 3-rings %"] == pytest.approx(100.0)
    assert found["values"]["non-bridging oxygen %"] == pytest.approx(0.0)
    mass = len(diborate) / 13 * 169.11  # g/mol of Li2B4O7
    density = mass / 0.602214 / diborate.get_volume()
    assert found["values"]["density g/cm3"] == pytest.approx(density, rel=1e-3)
    assert found["frames"] == (2 if kind == "two frames" else 1)
    assert "B4 %" in result.output


def test_cutoffs_by_option(tmp_path, diborate):
    write_atoms(tmp_path / "x", diborate, format="extxyz")
    result = judge(tmp_path / "x", "--cutoff", "B=1.41", "-o", tmp_path / "out.json")
    assert result.exit_code == 0, result.output
    found = json.loads((tmp_path / "out.json").read_text("utf-8"))
    assert found["bond cutoffs A"] == {"B": 1.41}
    assert found["values"]["B4 %"] < 10.0  # bonds of four-fold boron are longer


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--cutoff", "B"], "--cutoff: read 'B', expected such as B=1.9"),
        (["--cutoff", "B=9"], "--cutoff: read 'B=9'"),
        (["--cutoff", "Si=1.9"], "--cutoff Si: not among the formers B"),
    ],
)
def test_bad_options(tmp_path, diborate, arguments, message):
    write_atoms(tmp_path / "x", diborate, format="extxyz")
    result = judge(tmp_path / "x", *arguments)
    assert result.exit_code == 1
    assert message in result.output


def test_bad_files(tmp_path, diborate):
    path = tmp_path / "x"
    path.write_text(dump(diborate), "utf-8")
    assert "is a dump: give --elements" in judge(path).output
    path.write_text("hello\nworld\n", "utf-8")
    assert "not an extxyz, LAMMPS dump or data file" in judge(path).output.replace("\n", " ")
    write_atoms(path, diborate[diborate.symbols == "Li"], format="extxyz")
    assert "no network of oxygen and B, Si, Ge, P, Al" in judge(path).output.replace("\n", " ")
    write_atoms(tmp_path / "y", diborate, format="extxyz")
    assert "different compositions" in judge(path, tmp_path / "y").output
    assert "nothing: No such file" in judge(tmp_path / "nothing").output.replace("\n", "")
