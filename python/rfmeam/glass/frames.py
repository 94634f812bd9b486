"""Reads LAMMPS' dump files."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
from ase import Atoms

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
