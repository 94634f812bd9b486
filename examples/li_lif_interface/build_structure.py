"""Builds Li(001)|LiF(001) as a LAMMPS data file: periodic in all directions, two interfaces.

Six cells of bcc Li lie on five conventional cells of LiF, with all cube axes parallel. The box
has the lattice constant of LiF in the plane; the metal takes up the mismatch (6 x 3.44 Å on
5 x 4.07 Å: -1.4 %). Atoms are numbered layer by layer from z = 0, the middle of the metal.

    python build_structure.py POTENTIAL DATA_FILE
"""

import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from ase import Atoms
from ase.build import bulk
from ase.io.lammpsdata import write_lammps_data
from rfmeam.calculator import RFMEAM
from rfmeam.properties import Crystal, Measurement

LI_CELLS = (6, 6, 6)  # bcc: two layers a cell, half of them on either side of
LIF_CELLS = (5, 5, 3)  # rocksalt: two layers a cell
GAP = 2.1  # Å, between the layers that meet
SPECIES = ("Li", "F")  # LAMMPS types 1 and 2


@dataclass(frozen=True)
class Layer:
    """A layer of atoms; depth counts away from the nearer interface, from 1."""

    material: str
    depth: int
    atoms: int


def layers() -> list[Layer]:
    """All layers from z = 0 upwards, which is also the order of the atoms."""
    metal = [Layer("Li", n + 1, LI_CELLS[0] * LI_CELLS[1]) for n in range(LI_CELLS[2])]
    count = 2 * LIF_CELLS[2]
    salt = [
        Layer("LiF", min(n + 1, count - n), 4 * LIF_CELLS[0] * LIF_CELLS[1]) for n in range(count)
    ]
    return [*reversed(metal), *salt, *metal]


def interface(a_li: float, a_lif: float) -> Atoms:
    """LiF in the middle of the box, Li on both sides (a in Å). The charges are a first guess."""
    width = LIF_CELLS[0] * a_lif
    li = bulk("Li", "bcc", a=a_li, cubic=True).repeat(LI_CELLS)
    li.set_cell([width, width, li.cell[2, 2]], scale_atoms=True)
    lif = bulk("LiF", "rocksalt", a=a_lif, cubic=True).repeat(LIF_CELLS)
    lif.set_initial_charges(np.where(lif.symbols == "Li", 0.9, -0.9))

    li.positions[:, 2] += a_li / 4  # the end of the box between two layers
    below = (LI_CELLS[2] / 2 - 1 / 4) * a_li  # z of the last metal layer below LiF
    inserted = lif.cell[2, 2] - a_lif / 2 + 2 * GAP - a_li / 2
    lif.positions[:, 2] += below + GAP
    li.positions[li.positions[:, 2] > below + 0.1, 2] += inserted

    atoms = Atoms(li + lif, cell=[width, width, li.cell[2, 2] + inserted], pbc=True)
    return atoms[np.argsort(atoms.positions[:, 2].round(3), kind="stable")]


def build(potential: Path, data_file: Path) -> str:
    """Writes the interface of this potential as a LAMMPS data file; says what it is."""
    measure = Measurement(RFMEAM(str(potential)))
    a_li = measure.lattice(Crystal("Li", "bcc", 3.44))
    a_lif = measure.lattice(Crystal("LiF", "rocksalt", 4.07))
    atoms = interface(a_li, a_lif)
    write_lammps_data(data_file, atoms, specorder=SPECIES, atom_style="charge", masses=True)
    strain = LIF_CELLS[0] * a_lif / (LI_CELLS[0] * a_li) - 1
    return (
        f"{len(atoms)} atoms, a(Li) = {a_li:.3f} Å, a(LiF) = {a_lif:.3f} Å: "
        f"Li is strained by {strain:+.2%} in the plane"
    )


if __name__ == "__main__":
    print(build(Path(sys.argv[1]), Path(sys.argv[2])))
