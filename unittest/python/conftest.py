"""Fixtures of the tests of the Python package."""

import os
import stat
from pathlib import Path

import pytest
import rfmeam

from samples import LIF


def pytest_configure(config):
    config.addinivalue_line("markers", "slow: takes minutes; run with -m slow")


def pytest_collection_modifyitems(config, items):
    if "slow" not in config.option.markexpr:
        for item in items:
            if "slow" in item.keywords:
                item.add_marker(pytest.mark.skip(reason="slow: run with -m slow"))


@pytest.fixture
def lif() -> rfmeam.Potential:
    return rfmeam.Potential.parse(LIF, "LiF")


@pytest.fixture
def write(tmp_path):
    """Writes a text into a new file and returns its path."""

    def write(text: str, name: str = "file") -> Path:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.fixture
def parsl_workers(monkeypatch):
    """Parsl's workers find the modules of the tests, as they find rfmeam."""
    path = os.pathsep.join(filter(None, [str(Path(__file__).parent), os.environ.get("PYTHONPATH")]))
    monkeypatch.setenv("PYTHONPATH", path)


SBATCH = """#!/bin/sh
# a cluster of this machine: runs the script at once, as sbatch would on a node
cp "$1" "{folder}/submitted.$$"
setsid bash "$1" > "{folder}/job.out" 2>&1 &
echo $! >> "{folder}/jobs"
echo "Submitted batch job $!"
"""
SCANCEL = """#!/bin/sh
echo "$@" >> "{folder}/cancelled"
for job in "$@"; do kill -- "-$job" 2> /dev/null; done
exit 0
"""
SQUEUE = """#!/bin/sh
while read -r job; do kill -0 "$job" 2> /dev/null && echo "$job R"; done < "{folder}/jobs"
exit 0
"""
SACCT = "#!/bin/sh\nexit 1\n"


@pytest.fixture
def slurm(monkeypatch, tmp_path, parsl_workers):
    """Programs under the names of SLURM's, which leave files in the folder that this is."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name, text in {
        "sbatch": SBATCH,
        "scancel": SCANCEL,
        "squeue": SQUEUE,
        "sacct": SACCT,
    }.items():
        program = folder / name
        program.write_text(text.format(folder=tmp_path))
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    return tmp_path
