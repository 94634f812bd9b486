"""The command as a whole."""

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
        named |= set(re.findall(r"\binstall\(['\"](\w+)", text))
    assert {"glass", "plot"} <= named <= set(extras)
