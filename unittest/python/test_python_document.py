"""The programs in doc/python.md run."""

import re
from pathlib import Path

import pytest
from rfmeam.cli import app

from samples import SOUND

DOCUMENT = (Path(__file__).resolve().parents[2] / "doc" / "python.md").read_text("utf-8")
PROGRAMS = re.findall("```python\n(.*?)```", DOCUMENT, re.DOTALL)


@pytest.mark.parametrize("program", PROGRAMS, ids=range(len(PROGRAMS)))
def test_program(program, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    Path("LiF.rfmeam").write_text(SOUND, encoding="utf-8")
    exec(compile(program, "doc/python.md", "exec"), {})
    assert "-7.0213388" in capsys.readouterr().out


def test_commands_are_described():
    for command in app.registered_commands:
        assert f"## `rfmeam {command.name or command.callback.__name__}" in DOCUMENT
