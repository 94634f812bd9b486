"""Files of structures and results: extxyz through ASE, in full or not at all."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from ase import Atoms
from ase.calculators.singlepoint import SinglePointCalculator
from ase.io import read, write

from ..campaign.files import replacing
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
    with replacing(path) as part:
        write(part, frames, format="extxyz")


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
