"""The command as a whole."""

import subprocess
import sys

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
