"""bench/gpu.sh: what it says when it cannot begin."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "bench/gpu.sh"


@pytest.fixture
def sources(tmp_path):
    """Folders with as much of the two source trees as the script looks at."""
    for name in ("lammps/src/version.h", "kokkos/core/src/Kokkos_Core.hpp"):
        path = tmp_path / name
        path.parent.mkdir(parents=True)
        path.write_text("")
    return [str(tmp_path / "lammps"), str(tmp_path / "kokkos")]


def run(arguments, cwd, path=None):
    environment = {**os.environ, "PATH": path or os.environ["PATH"]}
    command = [shutil.which("bash"), SCRIPT, *arguments]
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True)


def test_help(tmp_path):
    result = run(["--help"], tmp_path)
    assert result.returncode == 0
    assert result.stdout.startswith("Usage: bench/gpu.sh")


NUMBER = "expected LAMMPS_SOURCE and KOKKOS_SOURCE, got"
NO_LAMMPS = "is no source tree of LAMMPS: it has no src/version.h"
NO_KOKKOS = "is no source tree of Kokkos: it has no core/src/Kokkos_Core.hpp"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], f"{NUMBER} 0 arguments"),
        (["lammps"], f"{NUMBER} 1 arguments"),
        (["lammps", "kokkos", "folder", "more"], f"{NUMBER} 4 arguments"),
        (["--compile"], f"{NUMBER} 0 arguments"),
        (["--fast", "lammps", "kokkos"], "unknown option --fast"),
        (["nowhere", "kokkos"], f"LAMMPS_SOURCE nowhere {NO_LAMMPS}"),
        (["kokkos", "lammps"], f"LAMMPS_SOURCE kokkos {NO_LAMMPS}"),
        (["lammps", "lammps"], f"KOKKOS_SOURCE lammps {NO_KOKKOS}"),
    ],
)
def test_wrong_arguments(tmp_path, sources, arguments, message):
    result = run(arguments, tmp_path)
    assert result.returncode == 2
    assert result.stderr.startswith(f"gpu.sh: {message}\n")
    assert "Usage: bench/gpu.sh" in result.stderr


@pytest.mark.parametrize("option", [[], ["--compile"]])
def test_no_nvcc(tmp_path, sources, option):
    """Says what is missing before it makes a folder."""
    tools = tmp_path / "bin"
    tools.mkdir()
    for name in ("dirname", "realpath"):
        (tools / name).symlink_to(shutil.which(name))
    result = run([*option, *sources, str(tmp_path / "work")], tmp_path, path=str(tools))
    assert result.returncode == 1
    assert result.stderr == "gpu.sh: no nvcc on the PATH; it is needed, see bench/gpu.sh --help\n"
    assert not (tmp_path / "work").exists()
