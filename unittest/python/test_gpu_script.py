"""bench/gpu.sh: what it says when it cannot begin; its course, with programs that do nothing."""

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


def run(arguments, cwd, path=None, **variables):
    environment = {**os.environ, "PATH": path or os.environ["PATH"], **variables}
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


@pytest.fixture
def tools(tmp_path):
    """A folder of programs that print their arguments; pytest fails if the variable FAIL is set."""
    folder = tmp_path / "tools"
    folder.mkdir()
    say = '#!/bin/sh\necho "$(basename "$0") $*"\n'
    programs = dict.fromkeys(["nvcc", "ninja", "cmake", "compute-sanitizer"], say)
    programs["nvidia-smi"] = (
        '#!/bin/sh\ncase "$1" in *compute_cap*) echo 8.0 ;; *) echo NVIDIA A100 ;; esac\n'
    )
    inner = say + 'case "$*" in *"-m pytest"*) exit ${FAIL:-0} ;; esac\n'
    programs["python3"] = (
        f'#!/bin/sh\nmkdir -p "$3/bin"\ncat > "$3/bin/python" <<\'EOF\'\n{inner}EOF\n'
        'cp "$3/bin/python" "$3/bin/pip"; chmod +x "$3"/bin/*\n'
    )
    for name, text in programs.items():
        (folder / name).write_text(text)
        (folder / name).chmod(0o755)
    return f"{folder}:{os.environ['PATH']}"


def test_course(tmp_path, sources, tools):
    work = tmp_path / "work"
    result = run([*sources, str(work)], tmp_path, path=tools)
    assert result.returncode == 0, result.stderr
    results = (work / "results.md").read_text()
    titles = [
        "Style tests, double",
        "compute-sanitizer",
        "Benchmark, double",
        "Style tests, mixed",
        "Benchmark, mixed",
    ]
    assert [line.split(":")[0] for line in results.splitlines() if line.startswith("## ")] == [
        f"## {t}" for t in titles
    ]
    assert "NVIDIA A100" in results
    assert results.count(": passed (") == len(titles)
    assert "-DKokkos_ARCH_AMPERE80=ON" in (work / "configure-double.log").read_text()
    assert "-DKOKKOS_PREC=mixed" in (work / "configure-mixed.log").read_text()
    assert (work / "lammps/lib/kokkos").resolve() == Path(sources[1])


def test_goes_on_where_it_stopped(tmp_path, sources, tools):
    """Only the plugin is built again; tests that fail do not keep the benchmark from running."""
    arguments = [*sources, str(tmp_path / "work")]
    first = run(arguments, tmp_path, path=tools)
    second = run(arguments, tmp_path, path=tools, FAIL="1")
    steps = [line.split(" ", 1)[1] for line in first.stderr.splitlines() if line[0].isdigit()]
    repeated = [line.split(" ", 1)[1] for line in second.stderr.splitlines() if line[0].isdigit()]
    once = {
        "python",
        "python-packages",
        "configure-double",
        "configure-mixed",
        "lammps-double",
        "lammps-mixed",
    }
    assert set(steps) - set(repeated) == once
    assert "plugin-double" in repeated
    assert second.returncode == 1
    results = (tmp_path / "work/results.md").read_text()
    assert results.count(": FAILED (") == 3
    assert results.count("Benchmark, double: passed (") == 1


def test_says_what_failed(tmp_path, sources, tools):
    cmake = tmp_path / "tools/cmake"
    cmake.write_text('#!/bin/sh\necho "no such compiler"\nexit 1\n')
    result = run(["--compile", *sources, str(tmp_path / "work")], tmp_path, path=tools)
    assert result.returncode == 1
    log = tmp_path / "work/configure-double.log"
    assert result.stderr.endswith(
        f"no such compiler\ngpu.sh: configure-double failed; all of its output is in {log}\n"
    )
