"""Reads structures: LAMMPS' dump files, and files of any source."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
from ase import Atoms
from ase.data import atomic_numbers
from ase.io import read

from ..errors import UserError


def read_frames(
    path: Path, elements: tuple[str, ...], axes: tuple[str, ...] = ("x", "y", "z")
) -> list[Atoms]:
    """Frames of a `dump custom id type x y z q` file (or other axes) in orthogonal boxes, each
    timestep once, half frames left out.

    Raises UserError if there is no such file.
    """
    if not path.exists():
        raise UserError(f"{path}: no such file; the run that writes it has not finished")
    frames: dict[int, Atoms] = {}
    with open(path, encoding="utf-8") as file:
        for lines in _split(file):
            try:
                step, count = int(lines[0]), int(lines[2])
                box = np.array([line.split()[:2] for line in lines[4:7]], dtype=float)
                columns = lines[7].split()[2:]
                rows = np.array([line.split() for line in lines[8:]], dtype=float)
            except (ValueError, IndexError):
                continue  # LAMMPS was killed while it wrote this frame, and wrote it again later
            if rows.shape != (count, len(columns)):
                continue
            column = dict(zip(columns, rows.T, strict=True))
            order = np.argsort(column["id"])
            symbols = [elements[int(kind) - 1] for kind in column["type"][order]]
            positions = np.stack([column[axis] for axis in axes], axis=1)[order] - box[:, 0]
            frames[step] = Atoms(symbols, positions, cell=box[:, 1] - box[:, 0], pbc=True)
            frames[step].set_initial_charges(column["q"][order])
            frames[step].info["step"] = step
    return [frames[step] for step in sorted(frames)]


def read_any(path: Path, elements: list[str]) -> list[Atoms]:
    """All frames of an extxyz file, a LAMMPS dump or data file, by their contents.

    elements: by atom type, for dumps and for data files without masses. Raises UserError.
    """
    for element in elements:
        if element not in atomic_numbers:
            raise UserError(f"--elements: there is no element '{element}'")
    try:
        with open(path, encoding="utf-8") as file:
            head = file.read(20_000)
        if head.startswith("ITEM:"):
            if not elements:
                raise UserError(f"{path}: is a dump: give --elements, by atom type")
            frames = read(path, ":", format="lammps-dump-text", specorder=elements)
        elif re.search(r"^\s*\d+\s+atoms\b", head, re.MULTILINE):
            types = {i: atomic_numbers[element] for i, element in enumerate(elements, 1)}
            frames = [read(path, format="lammps-data", Z_of_type=types or None)]
        else:
            frames = read(path, ":", format="extxyz")
    except UserError:
        raise
    except Exception as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise  # of the system; ASE's own are OSErrors too
        raise UserError(
            f"{path}: not an extxyz, LAMMPS dump or data file that ASE reads: {error!r}"
        ) from error
    if not frames:
        raise UserError(f"{path}: no structure in it")
    for atoms in frames:
        if atoms.cell.rank < 3:
            raise UserError(f"{path}: a structure without a cell, expected periodic ones")
        atoms.pbc = True
    return frames


def _split(file: Iterable[str]) -> Iterator[list[str]]:
    """The lines of each frame behind its first, `ITEM: TIMESTEP`, which follows half a line where
    LAMMPS was killed."""
    frame: list[str] = []
    for line in file:
        before, header, _ = line.partition("ITEM: TIMESTEP")
        if before:
            frame.append(before)
        if header:
            yield frame
            frame = []
    yield frame
