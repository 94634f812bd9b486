"""The command as a whole."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import rfmeam
from rfmeam.cli import app
from typer.testing import CliRunner


def test_help_names_the_commands():
    result = CliRunner().invoke(app, ["--help"])
    assert result.exit_code == 0
    for name in ("convert", "check", "plot"):
        assert name in result.output


def test_unknown_command():
    result = CliRunner().invoke(app, ["melt"])
    assert result.exit_code == 2
    assert "melt" in result.output


def test_as_a_module(write):
    command = [sys.executable, "-m", "rfmeam", "check", str(write("nothing"))]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 1
    assert result.stderr.startswith("error: ")
    assert "Traceback" not in result.stderr


def test_a_reader_that_has_read_enough():
    """`rfmeam --help | head` ends without a message."""
    reading, writing = os.pipe()
    os.close(reading)
    result = subprocess.run(
        [sys.executable, "-m", "rfmeam", "check", "--help"],
        stdout=writing,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    os.close(writing)
    assert result.stderr == ""
    assert result.returncode == 1


def test_version():
    result = CliRunner().invoke(app, ["--version"])
    assert result.exit_code == 0
    assert result.output == f"rfmeam {rfmeam.__version__}\n"
    pyproject = Path(__file__).parents[2] / "python" / "pyproject.toml"
    metadata = tomllib.loads(pyproject.read_text("utf-8"))
    assert metadata["tool"]["scikit-build"]["metadata"]["version"]["input"] == "rfmeam/__init__.py"


def test_every_extra_that_a_message_names_exists():
    """There is no rfmeam on PyPI: messages name the folder, and extras that it has."""
    folder = Path(__file__).parents[2] / "python"
    extras = tomllib.loads((folder / "pyproject.toml").read_text("utf-8"))
    extras = extras["project"]["optional-dependencies"]
    named = set()
    for path in sorted((folder / "rfmeam").rglob("*.py")):
        text = path.read_text("utf-8")
        assert "pip install 'rfmeam[" not in text, path
        for extra in re.findall(r"\b(?:install|needs)\(['\"]([\w,]+)", text):
            named |= set(extra.split(","))
    assert {"glass", "plot"} <= named <= set(extras)


def test_a_full_disk_names_the_file(write):
    """/dev/full takes nothing: the write fails, not the opening."""
    path = write(
        "pair * * 1 5 4 8 2 .1 0 0 1 1 1 1\natomic Li " + "1 " * 16 + "\ntriple * * * .5 2\n"
    )
    command = ["convert", "--from", "nap", "--elements", "Li", "-o", "/dev/full", str(path)]
    result = CliRunner().invoke(app, command)
    assert result.exit_code == 1
    assert "/dev/full: No space left on device" in result.output


LONG = "a-family-of-lithium-crystals-with-a-name-that-is-longer-than-half-of-a-narrow-terminal"
LIST = f"""\
families:
  {LONG}:
    start: {{bulk: {{symbol: Li, structure: bcc, a: 3.44}}}}
  other:
    start: {{bulk: {{symbol: Li, structure: fcc, a: 4.3}}}}
"""


def test_long_names_are_not_cut_off(write):
    result = CliRunner().invoke(app, ["reference", "status", str(write(LIST, "list.yaml"))])
    assert result.exit_code == 0, result.output
    assert LONG in result.output


def test_families_with_commas_between(write, monkeypatch):
    monkeypatch.setenv("RFMEAM_DFT_PYTHON", "/nowhere")
    path = write(LIST, "list.yaml")
    command = ["reference", "build", str(path), "--family", f"other, {LONG},"]
    result = CliRunner().invoke(app, command)
    assert "there is no family" not in result.output
    result = CliRunner().invoke(app, ["reference", "build", str(path), "--family", "other,no"])
    assert result.exit_code == 1
    assert "there is no family 'no'" in result.output
