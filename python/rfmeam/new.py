"""`rfmeam new`: a folder with everything that LAMMPS needs, from a structure of any source."""

import os
import shutil
from dataclasses import dataclass
from math import ceil
from pathlib import Path

import numpy as np
from ase import Atoms
from ase.io import read, write
from ase.neighborlist import neighbor_list

from ._core import Potential
from .errors import UserError
from .new_input import Run, input_script
from .radii import closest_approach
from .terminal import writing

_NEAR = 0.6  # of the closest approach: nearer atoms are two descriptions of one site
_VACUUM = 8.0  # Å without atoms along an axis
_MOST_ATOMS = 1_000_000


@dataclass(frozen=True)
class Made:
    """What was written, and what the user should know about it."""

    folder: Path
    script: str  # name of the input
    atoms: int
    repeat: tuple[int, int, int]
    notes: list[str]


def make(structure: Path, potential: str, folder: Path, length: float, run: Run) -> Made:
    """Writes structure, potential and input into a new folder. Raises UserError.

    length: the box is repeated until it is at least so long along each axis, Å.
    """
    source = find_potential(potential)
    known = Potential.read(source)
    atoms = _read(structure)
    _check_elements(atoms, known, structure, source)
    notes = _notes(atoms, run)
    repeat = _repeat(atoms, length)
    atoms = atoms.repeat(repeat)
    atoms.pbc = True
    if folder.exists() and any(folder.iterdir()):
        raise UserError(f"{folder}: is not empty: choose another folder with --output")
    folder.mkdir(parents=True, exist_ok=True)
    present = [element for element in known.elements if element in atoms.symbols]
    name = structure.stem.replace(" ", "_")
    data, script = folder / f"{name}.data", folder / f"in.{name}"
    with writing(data):
        write(
            data,
            atoms,
            format="lammps-data",
            specorder=present,
            atom_style="charge",
            units="metal",
            masses=True,
        )
    with writing(folder / source.name):
        shutil.copyfile(source, folder / source.name)
    text = input_script(structure.name, data.name, source.name, present, known.has_charges, run)
    with writing(script):
        script.write_text(text, encoding="utf-8")
    return Made(folder, script.name, len(atoms), repeat, notes)


def find_potential(name: str) -> Path:
    """The file of a name (LiF) or path, looked for as LAMMPS does: here, in LAMMPS_POTENTIALS, and
    among the potentials of this package. Raises UserError."""
    folders = [Path(), *map(Path, filter(None, os.environ.get("LAMMPS_POTENTIALS", "").split(":")))]
    folders.append(Path(__file__).resolve().parents[2] / "potentials")
    for folder in folders:
        for file in (folder / name, folder / f"{name}.rfmeam"):
            if file.is_file():
                return file
    known = sorted({file.stem for folder in folders for file in folder.glob("*.rfmeam")})
    raise UserError(
        f"--potential {name}: there is no such file, nor a potential of that name; "
        f"there are {', '.join(known) or 'none'}"
    )


def _read(path: Path) -> Atoms:
    """The last structure of a file. Raises UserError."""
    if not path.exists():
        raise UserError(f"{path}: no such file")
    try:
        atoms = read(path)
    except Exception as error:
        raise UserError(f"{path}: not a structure that ASE reads: {error!r}") from error
    if not len(atoms):
        raise UserError(f"{path}: there are no atoms in it")
    if atoms.cell.rank < 3:
        raise UserError(
            f"{path}: a structure without a cell, expected a periodic one. For a molecule or a "
            "slab add vacuum, in Python: atoms.center(vacuum=10); atoms.write('with-cell.extxyz')"
        )
    _check_occupancy(atoms, path)
    i, j, d = neighbor_list("ijd", atoms, 1.5)
    symbols = atoms.get_chemical_symbols()
    pairs = zip(i, j, strict=True)
    limits = np.array([_NEAR * closest_approach(symbols[a], symbols[b]) for a, b in pairs])
    if (d < limits).any():
        at = int(np.argmin(d - limits))
        raise UserError(
            f"{path}: {symbols[i[at]]} {i[at] + 1} and {symbols[j[at]]} {j[at] + 1} are "
            f"{d[at]:.2f} Å apart, atoms never are: sites of a disordered crystal that cannot be "
            "occupied at the same time, or atoms that stand twice?"
        )
    return atoms


def _check_occupancy(atoms: Atoms, path: Path) -> None:
    """CIF files of disordered crystals: ASE reads each site as one whole atom."""
    for site, parts in (atoms.info.get("occupancy") or {}).items():
        if len(parts) > 1 or sum(parts.values()) < 0.999:
            shares = ", ".join(f"{element} {share:g}" for element, share in parts.items())
            raise UserError(
                f"{path}: site {site} is partly occupied ({shares}). Atoms are whole: make an "
                "ordered cell of it first, for example with the OrderDisorderedStructure"
                "Transformation of pymatgen, or take the crystal from a calculation"
            )


def _check_elements(atoms: Atoms, potential: Potential, path: Path, source: Path) -> None:
    lacking = sorted(set(atoms.symbols) - set(potential.elements))
    if lacking:
        raise UserError(
            f"{path}: has {', '.join(lacking)}, which {source} lacks; it knows "
            f"{', '.join(potential.elements)}"
        )


def _notes(atoms: Atoms, run: Run) -> list[str]:
    notes = []
    axes = [axis for axis, periodic in zip("xyz", atoms.pbc, strict=True) if not periodic]
    if axes:
        notes.append(
            f"it is taken as periodic along {', '.join(axes)} too: vacuum separates images"
        )
    gaps = [gap for axis in range(3) if (gap := _vacuum(atoms, axis)) > _VACUUM]
    if gaps and run.pressure is not None:
        notes.append(
            f"there are {max(gaps):.0f} Å of vacuum in the box, which a barostat closes: use "
            "--ensemble nvt unless that is wanted"
        )
    return notes


def _vacuum(atoms: Atoms, axis: int) -> float:
    """The widest gap without atoms along an axis of the cell, Å."""
    height = atoms.get_volume() / np.linalg.norm(
        np.cross(atoms.cell[axis - 1], atoms.cell[axis - 2])
    )
    at = np.sort(atoms.get_scaled_positions()[:, axis])
    return float(np.diff(np.append(at, at[0] + 1.0)).max() * height)


def _repeat(atoms: Atoms, length: float) -> tuple[int, int, int]:
    lengths = atoms.cell.lengths()
    repeat = tuple(max(1, ceil(length / each - 1e-9)) for each in lengths)
    total = len(atoms) * int(np.prod(repeat))
    if total > _MOST_ATOMS:
        raise UserError(f"--length {length:g}: would make {total} atoms, allowed are {_MOST_ATOMS}")
    return repeat
