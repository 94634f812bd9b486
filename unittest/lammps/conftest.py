"""Fixtures of the style tests."""

import json
import re
import subprocess
import sys

import pytest
from ase import Atoms
from harness import PLAIN, Result, Variant, data_file, environment


@pytest.fixture
def lammps(tmp_path):
    """Runs a script in a folder of its own with system.data, LiF.rfmeam and other files in it.

    The program must succeed, or, with fails=True, stop with an error (not a crash). The pair style must be that of
    the variant, unless mixed.
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
        contents["in.lammps"] = script
        for name, content in contents.items():
            (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
        process = subprocess.run(
            [*variant.command(), "-in", "in.lammps", "-log", "none", "-nocite"],
            cwd=folder,
            env=environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=300,
        )
        result = Result(folder, process.returncode, process.stdout)
        if fails:
            assert process.returncode > 0, f"no error:\n{process.stdout}"
            assert "ERROR" in process.stdout, process.stdout
            assert "Signal" not in process.stdout, process.stdout
        else:
            assert process.returncode == 0, process.stdout
            lists = re.findall(r"pair rfmeam/qeq\S*, perpetual.*\n +attributes: (.*)", process.stdout)
            for attributes in lists:
                assert mixed or ("kokkos_" in attributes) == variant.kokkos, "the styles of another variant ran"
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
