"""Files of structures and results: extxyz through ASE, in full or not at all; and locks."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import numpy as np
from ase import Atoms
from ase.calculators.singlepoint import SinglePointCalculator
from ase.io import read, write

from ..errors import UserError


def read_frames(path: Path) -> list[Atoms]:
    """All frames of an extxyz file; a file that ASE cannot read is a UserError."""
    try:
        return read(path, ":", format="extxyz")
    except (OSError, FileNotFoundError):
        raise
    except Exception as error:
        raise UserError(f"{path}: not an extxyz file: {error}") from error


def write_frames(path: Path, frames: list[Atoms]) -> None:
    """Writes an extxyz file that replaces the old one only when it is complete."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    write(part, frames, format="extxyz")
    os.replace(part, path)


@contextmanager
def locked(path: Path, wait: bool) -> Iterator[IO | None]:
    """Holds a file's lock and yields the file; None where another process has it and wait is False.

    The lock ends with the last process that has the file open: one that is handed to a child
    outlives a parent that is killed.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            yield None
        else:
            yield file


def frame(structure: Atoms, result: dict, info: dict) -> Atoms:
    """A structure with what the worker computed (dft_worker.compute), ready for write_frames.

    Where it has charges, arrays `bader_charge` (e, basins without a nucleus shared among the
    nearest atoms) and `bader_charge_own_basin` (e, without them); info: label, family and the
    provenance.
    """
    atoms = Atoms(structure.symbols, positions=result["positions"], cell=structure.cell, pbc=True)
    if "bader_charges" in result:
        atoms.set_array("bader_charge", np.array(result["bader_charges"]))
        atoms.set_array("bader_charge_own_basin", np.array(result["bader_charges_own_basin"]))
    atoms.info = info
    atoms.calc = SinglePointCalculator(
        atoms,
        energy=result["energy"],
        free_energy=result["free_energy"],
        forces=np.array(result["forces"]),
        stress=np.array(result["stress"]),
    )
    return atoms
