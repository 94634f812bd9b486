"""Files of structures and results: extxyz through ASE, in full or not at all."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
from ase import Atoms
from ase.calculators.singlepoint import SinglePointCalculator
from ase.io import read, write

from ..campaign.files import replacing
from ..errors import UserError

FORCE_DECIMALS = 4  # eV/Å, of universal potentials, which are off by 0.1 eV/Å


def read_frames(path: Path) -> list[Atoms]:
    """All frames of an extxyz file; a file that ASE cannot read is a UserError."""
    try:
        return read(path, ":", format="extxyz")
    except (OSError, FileNotFoundError):
        raise
    except Exception as error:
        raise UserError(f"{path}: not an extxyz file: {error}") from error


def write_frames(path: Path, frames: list[Atoms]) -> None:
    """Writes an extxyz file that replaces the old one only when it is complete.

    Without the zeros and blanks that ASE fills its columns with: they carry nothing, and are half
    of a file of rounded numbers.
    """
    text = io.StringIO()
    write(text, frames, format="extxyz")
    lines = text.getvalue().splitlines()
    with replacing(path) as part, part.open("w", encoding="utf-8") as file:
        at = 0
        while at < len(lines):
            atoms = at + 2  # after their number and the comment
            end = atoms + int(lines[at])
            rows = [" ".join(map(_short, line.split())) for line in lines[atoms:end]]
            file.write("\n".join([*lines[at:atoms], *rows, ""]))
            at = end


def _short(word: str) -> str:
    """A number without zeros at its end; else the word."""
    return word.rstrip("0").rstrip(".") if "." in word else word


def frame(structure: Atoms, result: dict, info: dict) -> Atoms:
    """A structure with what the worker computed (dft_worker.compute), ready for write_frames.

    Where it has charges, arrays `bader_charge` (e, basins without a nucleus shared among the
    nearest atoms) and `bader_charge_own_basin` (e, without them); info: label, family and the
    provenance. Forces of universal potentials (those without charges) are kept to
    FORCE_DECIMALS.
    """
    atoms = Atoms(structure.symbols, positions=result["positions"], cell=structure.cell, pbc=True)
    if "bader_charges" in result:
        atoms.set_array("bader_charge", np.array(result["bader_charges"]))
        atoms.set_array("bader_charge_own_basin", np.array(result["bader_charges_own_basin"]))
    forces = np.array(result["forces"])
    if "bader_charges" not in result:
        forces = forces.round(FORCE_DECIMALS)
    atoms.info = info
    atoms.calc = SinglePointCalculator(
        atoms,
        energy=result["energy"],
        free_energy=result["free_energy"],
        forces=forces,
        stress=np.array(result["stress"]),
    )
    return atoms
