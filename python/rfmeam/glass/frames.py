"""Reads LAMMPS' dump files."""

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
        while line := file.readline():
            if not line.startswith("ITEM: TIMESTEP"):
                continue
            try:
                step = int(file.readline())
                file.readline()
                count = int(file.readline())
                file.readline()
                box = np.array([file.readline().split()[:2] for _ in range(3)], dtype=float)
                columns = file.readline().split()[2:]
                rows = np.array([file.readline().split() for _ in range(count)], dtype=float)
                if rows.shape != (count, len(columns)):
                    continue
            except (ValueError, IndexError):
                continue  # LAMMPS was killed while it wrote this frame, and wrote it again later
            column = dict(zip(columns, rows.T, strict=True))
            order = np.argsort(column["id"])
            symbols = [elements[int(kind) - 1] for kind in column["type"][order]]
            positions = np.stack([column[axis] for axis in axes], axis=1)[order] - box[:, 0]
            frames[step] = Atoms(symbols, positions, cell=box[:, 1] - box[:, 0], pbc=True)
            frames[step].set_initial_charges(column["q"][order])
            frames[step].info["step"] = step
    return [frames[step] for step in sorted(frames)]
