"""Fixtures of the style tests."""

import json
import re
import subprocess
import sys

import pytest
from ase import Atoms
from harness import PLAIN, Result, Variant, data_file, environment

FIX_COMMAND = re.compile(r"^fix +\S+ +\S+ +qeq/vc.*", re.M)
PAIR_COMMAND = re.compile(r"^pair_style .*rfmeam/qeq", re.M)
RUN_COMMAND = re.compile(r"^(run|minimize|rerun|neb|temper|dynamical_matrix|third_order) ", re.M)


def check_styles(script: str, log: str, kokkos: bool | None) -> None:
    """Pair style and fix of a script were there, those of the KOKKOS package or the plain ones (None: either).

    LAMMPS tells the pair style with its neighbor lists, at the first run (in a hybrid style without its suffix); the
    fix is asked for (`info fixes`).
    """
    lists = re.findall(r"^ +\(\d+\) pair rfmeam/qeq\S*, perpetual.*\n +attributes: (.*)", log, re.M)
    fixes = re.findall(r"^Fix\[.*style = (qeq/vc\S*),", log, re.M)
    if PAIR_COMMAND.search(script) and RUN_COMMAND.search(script):
        assert lists, f"LAMMPS lists no neighbors for pair style rfmeam/qeq:\n{log}"
    if FIX_COMMAND.search(script):
        assert fixes, f"LAMMPS knows no fix qeq/vc:\n{log}"
    if kokkos is None:
        return
    for attributes in lists:
        assert ("kokkos_" in attributes) == kokkos, f"the pair style of another variant ran: {attributes}"
    for style in fixes:
        assert ("/kk" in style) == kokkos, f"fix {style} ran"


@pytest.fixture
def lammps(tmp_path):
    """Runs a script in a folder of its own with system.data, LiF.rfmeam and other files in it.

    The program must succeed, or, with fails=True, stop with an error (not a crash). Pair style and fix must be those
    of the variant, unless mixed.
    """
    count = 0

    def run(
        script: str,
        atoms: Atoms | None = None,
        potential: str | None = None,
        *,
        variant: Variant = PLAIN,
        types: list[str] | None = None,
        files: dict[str, str | bytes] | None = None,
        fails: bool = False,
        mixed: bool = False,
        replicas: int = 1,
        folder=None,
    ) -> Result:
        nonlocal count
        count += 1
        folder = folder or tmp_path / str(count)
        folder.mkdir(exist_ok=True)
        contents = dict(files or {})
        if atoms is not None:
            contents["system.data"] = data_file(atoms, types or ["Li", "F"])
        if potential is not None:
            contents["LiF.rfmeam"] = potential
        contents["in.lammps"] = FIX_COMMAND.sub(r"\g<0>\ninfo fixes", script)
        for name, content in contents.items():
            (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
        process = subprocess.run(
            [*variant.command(replicas), "-in", "in.lammps", "-log", "none", "-nocite"],
            cwd=folder,
            env=environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=300,
        )
        screens = [path.read_text(errors="replace") for path in sorted(folder.glob("screen.*"))]
        result = Result(folder, process.returncode, "\n".join([process.stdout, *screens]))
        if fails:
            assert process.returncode > 0, f"no error:\n{process.stdout}"
            assert "ERROR" in result.log, result.log
            assert "Signal" not in process.stdout, process.stdout
        else:
            assert process.returncode == 0, result.log
            check_styles(script, result.log, None if mixed else variant.kokkos)
        return result

    return run


@pytest.fixture
def lammps_python(tmp_path):
    """Runs a Python program that uses LAMMPS as a library; returns what it prints after the word RESULT."""

    def run(program: str, arguments: list[str], script: str, atoms: Atoms, potential: str):
        (tmp_path / "system.data").write_text(data_file(atoms, ["Li", "F"]))
        (tmp_path / "LiF.rfmeam").write_text(potential)
        (tmp_path / "in.lammps").write_text(script)
        process = subprocess.run(
            [sys.executable, "-c", program, *arguments],
            cwd=tmp_path,
            env=environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=300,
        )
        results = [line for line in process.stdout.splitlines() if line.startswith("RESULT ")]
        assert results, process.stdout
        return json.loads(results[0].removeprefix("RESULT "))

    return run
