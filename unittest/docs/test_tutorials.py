"""What the tutorials and the README tell to do works, and says what they say.

In a page: blocks of `sh` and `python` are run in turn, in one folder. A block behind a line that ends with `FILE`: is
written to FILE first. A block of `text` is what the block before it printed, "…" standing for anything. Blocks behind
a comment <!-- takes … --> are too long to run: only their options are checked.
"""

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
TUTORIALS = sorted(CHECKOUT.glob("doc/tutorial-*.md"))
_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass
class Block:
    """language: sh, python, text, lammps or nothing. before: the last line of words above it."""

    language: str
    text: str
    before: str

    @property
    def file(self) -> str:
        match = re.search(r"`([\w.-]+)`:$", self.before)
        return match.group(1) if match else ""

    @property
    def long(self) -> bool:
        return self.before.startswith("<!-- takes ")


def blocks_of(page: Path) -> list[Block]:
    markdown = page.read_text("utf-8")
    found = []
    for match in _BLOCK.finditer(markdown):
        above = markdown[: match.start()].rstrip().rsplit("\n", 1)[-1]
        found.append(Block(match.group(1), match.group(2), above))
    return found


def shown(expected: str, printed: str) -> bool:
    """Whether each line of a `text` block is in what was printed, in this order."""
    lines = iter(" ".join(line.split()) for line in printed.splitlines())
    for line in expected.splitlines():
        pattern = re.escape(" ".join(line.split())).replace("…", ".*")
        if pattern != ".*" and not any(re.fullmatch(f".*{pattern}.*", each) for each in lines):
            return False
    return True


def run(block: Block, folder: Path) -> str:
    command = ["bash", "-eu"] if block.language == "sh" else [sys.executable, "-"]
    folders = {"POTENTIALS": str(CHECKOUT / "potentials"), "DATA": str(CHECKOUT / "data")}
    environment = os.environ | folders | {"COLUMNS": "160"}
    done = subprocess.run(
        command, input=block.text, cwd=folder, env=environment, capture_output=True, text=True, timeout=900, check=False
    )
    assert done.returncode == 0, f"{block.text}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    return done.stdout


@pytest.mark.parametrize("page", TUTORIALS, ids=lambda page: page.stem)
def test_tutorial(page, tmp_path):
    printed, ran = "", 0
    for block in blocks_of(page):
        if block.file:
            (tmp_path / block.file).write_text(block.text, encoding="utf-8")
        elif block.language == "text":
            assert shown(block.text, printed), f"expected\n{block.text}\nread\n{printed}"
        elif block.language in ("sh", "python") and not block.long:
            printed = run(block, tmp_path)
            ran += 1
    assert ran >= 2


LONG = [block for page in [*TUTORIALS, CHECKOUT / "README.md"] for block in blocks_of(page) if block.long]


@pytest.mark.parametrize("block", LONG, ids=lambda block: block.text.strip())
def test_long_commands_have_options_that_exist(block):
    for line in block.text.splitlines():
        words = line.split(" #")[0].split()
        assert words[0] == "rfmeam"
        command = ["glass-table"] if words[1:3] == ["glass", "table"] else words[1:2]
        text = subprocess.run(
            [sys.executable, "-m", "rfmeam", *command, "--help"], capture_output=True, text=True, check=True
        ).stdout
        for option in re.findall(r"(?<=\s)--?[a-z][\w-]*", f" {line}"):
            assert option in text, f"{line}: {option}"


def test_the_first_input_of_the_readme_runs_as_it_stands(tmp_path):
    """It needs no file but the potential, which LAMMPS finds."""
    (first,) = [b for b in blocks_of(CHECKOUT / "README.md") if b.language == "lammps" and "create_atoms" in b.text]
    (tmp_path / "in.first").write_text(first.text, encoding="utf-8")
    out = run(Block("sh", "lmp -in in.first", ""), tmp_path)
    last = re.findall(r"^ +\d+ .*$", out, re.MULTILINE)[-1].split()
    assert 150 < float(last[1]) < 450  # K
    assert "ERROR" not in out
