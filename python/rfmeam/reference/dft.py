"""Runs dft_worker.py for one structure, in a Python that has GPAW and baderkit."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import IO

import numpy as np
from ase import Atoms

from ..errors import UserError
from .method import Method, digest
from .structure_list import Family

WORKER = Path(__file__).with_name("dft_worker.py")
# variables that are 1 for a worker: it has one core, for GPAW as for baderkit
ONE_EACH = ("OMP_NUM_THREADS", "NUMBA_NUM_THREADS", "PYTHONUNBUFFERED")


class ComputationError(RuntimeError):
    """A structure that could not be computed; says where the log is."""


def interpreter() -> str:
    """The Python with GPAW and baderkit: RFMEAM_DFT_PYTHON. UserError where it cannot be used."""
    python = os.environ.get("RFMEAM_DFT_PYTHON")
    if not python:
        raise UserError(
            "RFMEAM_DFT_PYTHON is not set: it names a Python with GPAW and baderkit; "
            "`./dev shell --with gpaw` sets it"
        )
    check = subprocess.run(
        [python, "-c", "import gpaw, baderkit"], capture_output=True, text=True, check=False
    )
    if check.returncode:
        raise UserError(f"RFMEAM_DFT_PYTHON={python}: {check.stderr.strip().splitlines()[-1]}")
    return python


def fingerprint(family: Family, structure: Atoms) -> str:
    """The same for the same structure, computed in the same way."""
    return digest(
        [
            structure.get_chemical_symbols(),
            structure.positions.round(6).tolist(),
            structure.cell.array.round(6).tolist(),
            family.method.fingerprint(),
            family.magnetic_moments,
            family.relax,
        ]
    )


def work(family: Family, structure: Atoms) -> float:
    """About how long a structure takes, in seconds of one core: 1.5, 0.7 an atom, and what the
    grid and the plane waves at each k-point take, by a fit to 115 structures of Li-F (half of them
    within a sixth), on a machine whose other core was as busy.

    Electrons are those beyond the noble-gas shells, and two more an atom. SevenNet-0: 0.02 an atom.
    """
    if family.method.program != "gpaw":
        return 0.02 * len(structure)
    shells = np.array([0, 2, 10, 18, 36, 54, 86])
    electrons = sum(z - shells[shells < z].max() + 2 for z in structure.numbers)
    points = family.method.mesh(structure.cell.array).irreducible(structure)
    spins = 2 if family.magnetic_moments else 1
    waves = points * (family.method.cutoff / 540) ** 1.5 * (8e-4 + 2e-4 * electrons)
    steps = 1 + (0.7 * family.relax["steps"] if family.relax else 0)
    volume = structure.get_volume()
    return steps * (1.5 + 0.7 * len(structure) + spins * volume * (0.017 + waves))


def paw_folder(python: str, method: Method, scratch: Path) -> Path:
    """A folder with the PAW data that the method says are generated, named ELEMENT.made.XC.

    Made once for each method: several processes may ask for it at a time. Raises ComputationError
    with gpaw's last line where that does not make them.
    """
    folder = scratch / f"paw-{digest([method.functional, method.generated_paw])}"
    if folder.exists():
        return folder
    with tempfile.TemporaryDirectory(dir=scratch) as temporary:
        made = Path(temporary) / "made"
        made.mkdir()
        for symbol, options in method.generated_paw.items():
            command = [python, "-m", "gpaw", "dataset", symbol, "-f", method.functional]
            command += ["--scalar-relativistic", "--write", "--no-check", "--tag", "made"]
            done = subprocess.run(
                [*command, *options.split()], cwd=made, capture_output=True, text=True, check=False
            )
            if not (made / f"{symbol}.made.{method.functional}").exists():
                lines = (done.stderr or done.stdout).strip().splitlines() or ["no message"]
                raise ComputationError(f"gpaw dataset {symbol} {options}: {lines[-1]}")
        with contextlib.suppress(OSError):  # another process was first
            made.rename(folder)
    return folder


def compute(
    python: str, family: Family, structure: Atoms, scratch: Path, lock: IO | None = None
) -> dict:
    """The worker's result. Its files are kept in `scratch`; a relaxation goes on from there.

    lock: an open file with the structure's lock, which the worker holds as long as it lives: a
    build that is killed leaves it. Raises ComputationError if the worker fails.
    """
    name = structure.info["label"].replace("/", "-")
    scratch.mkdir(parents=True, exist_ok=True)
    key = fingerprint(family, structure)
    files = {
        kind: scratch / f"{name}-{key}.{kind}" for kind in ("job", "txt", "json", "err", "traj")
    }
    job = {
        "symbols": structure.get_chemical_symbols(),
        "positions": structure.positions.tolist(),
        "cell": structure.cell.array.tolist(),
        "magnetic_moments": family.magnetic_moments,
        "kpoints": family.method.mesh(structure.cell.array).points().tolist(),
        "method": asdict(family.method),
        "dedcutoff": family.method.stress_derivative(structure.get_chemical_symbols()),
        "paw_folder": str(paw_folder(python, family.method, scratch)),
        "relax": family.relax,
        "log": str(files["txt"]),
        "output": str(files["json"]),
        "trajectory": str(files["traj"]),
    }
    if not files["json"].exists():
        files["job"].write_text(json.dumps(job))
        with files["err"].open("w") as log:
            status = subprocess.run(
                [python, str(WORKER), str(files["job"])],
                stdout=log,
                stderr=log,
                check=False,
                pass_fds=[lock.fileno()] if lock else [],
                env=os.environ | dict.fromkeys(ONE_EACH, "1"),
            ).returncode
        if status or not files["json"].exists():
            lines = files["err"].read_text().strip().splitlines() or [f"exit status {status}"]
            raise ComputationError(f"{lines[-1]} ({files['err']})")
    return json.loads(files["json"].read_text())
