"""`rfmeam plot`."""

import sys

import pytest
import rfmeam
from rfmeam.cli import app
from typer.testing import CliRunner

from samples import ENVIRONMENT, LIF, REFERENCE, SOUND, WALLED


def run(*arguments):
    return CliRunner().invoke(app, ["plot", *map(str, arguments)])


SIGNATURES = {".png": b"\x89PNG", ".pdf": b"%PDF", ".svg": b"<?xml"}


@pytest.mark.parametrize("suffix", SIGNATURES)
def test_formats(write, tmp_path, suffix):
    output = tmp_path / f"x{suffix}"
    result = run(write(LIF), "-o", output)
    assert result.exit_code == 0, result.output
    assert output.read_bytes().startswith(SIGNATURES[suffix])


@pytest.mark.parametrize("folder", ["lif216_type2", "lif216_qeq_direct"])
def test_one_part_only(tmp_path, folder):
    output = tmp_path / "x.svg"
    assert run(REFERENCE / folder / "potential.rfmeam", "-o", output).exit_code == 0
    text = output.read_text(encoding="utf-8")
    assert ("Charge kernel" in text) == ("qeq" in folder)
    assert ("Pair energy" in text) == ("qeq" not in folder)


def test_all_panels_and_names(write, tmp_path):
    output = tmp_path / "x.svg"
    assert run(write(SOUND, "My.rfmeam"), "-o", output).exit_code == 0
    text = output.read_text(encoding="utf-8")
    for words in (
        "My.rfmeam",
        "Pair energy",
        "Embedding energy",
        "Charge kernel",
        "Li–F",
        "F ← Li",
    ):
        assert words in text


def test_walls(write, tmp_path):
    output = tmp_path / "x.svg"
    assert run(write(WALLED), "-o", output).exit_code == 0
    assert "Charge energy of an atom" in output.read_text(encoding="utf-8")
    with_meam = SOUND.replace("end\n", "wall Li upper 30 0.85\nend\n")
    assert run(write(with_meam), "-o", output).exit_code == 0
    text = output.read_text(encoding="utf-8")
    assert "Charge energy of an atom" in text
    assert "Embedding energy" in text


def test_environments(write, tmp_path):
    output = tmp_path / "x.svg"
    assert run(write(ENVIRONMENT), "-o", output).exit_code == 0
    text = output.read_text(encoding="utf-8")
    assert "Shift of χ" in text
    assert "atom ← its only neighbour" in text


def test_many_elements(tmp_path):
    """More curves than colours; different kernels."""
    elements = ["Li", "B", "O", "F", "Na", "Si", "Al"]
    p = rfmeam.Parameters(elements, coulomb=("screened_cut", 8.0))
    for m, element in enumerate(elements):
        p.atomic[element] = (3, 1, -0.1, 0.05, 0.3, *(1, 1, 1, 1), *(1, 1, 1, 1), 0.1, 0.1, 0.1)
        p.charge[element] = (5.0, 10.0 + m, 0.0)
    for m, ij in enumerate(p.pairs()):
        p.pair[ij] = ("srinivasan-duff", (2.0, 3.0, 4.0, 1.0, 0.1 * m, 0.1, 1, 1, 1, 1))
        p.rho[ij] = 1.0 + 0.05 * m
    path = tmp_path / "many.rfmeam"
    path.write_text(p.write(), encoding="utf-8")
    output = tmp_path / "x.svg"
    assert run(path, "-o", output).exit_code == 0
    assert "Al ← Al" in output.read_text(encoding="utf-8")


def test_other_ending(write, tmp_path):
    output = tmp_path / "x.jpg"
    result = run(write(LIF), "-o", output)
    assert result.exit_code == 1
    assert "ends in '.jpg', allowed are .png, .pdf and .svg" in result.output.replace("\n", "")
    assert not output.exists()


def test_without_matplotlib(write, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    result = run(write(LIF), "-o", tmp_path / "x.png")
    assert result.exit_code == 1
    assert "pip install './python[plot]'" in result.output


def test_bad_file(write, tmp_path):
    result = run(write("format rfmeam 2\n"), "-o", tmp_path / "x.png")
    assert result.exit_code == 1
    assert "format is 'rfmeam 2', allowed is 'rfmeam 1'" in result.output
