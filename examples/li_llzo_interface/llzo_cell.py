"""Builds Li(001)|LLZO(001): periodic in all directions, so with two interfaces.

Both crystals are turned about z so that 29 atoms of a layer of bcc lithium (vectors 5, 2 and -2, 5
of its square) lie on a √2 × √2 cell of tetragonal LLZO: 18.52 on 18.57 Å, a strain of 0.2 % where
both keep their published lattices. Atoms are in the order oxide, then metal, layer by layer.

    python llzo_cell.py DATA_FILE
"""

import sys
from pathlib import Path

import numpy as np
from ase import Atoms
from ase.build import bulk, make_supercell
from ase.io.lammpsdata import write_lammps_data
from rfmeam.reference.published import published

CRYSTALS = Path(__file__).resolve().parents[2] / "data/llzo/crystals.json"
SPECIES = ("Li", "La", "Zr", "O")  # LAMMPS types 1 to 4
A_LI = 3.44  # Å
LAYERS = 8  # of lithium
LAYER_ATOMS = 29
CUT, THICKNESS = 0.03, 0.5  # where the oxide begins, and how much of c it has
GAP = 2.1  # Å, between the outermost atoms that meet
CHARGES = {"Li": 0.86, "La": 2.0, "Zr": 2.5, "O": -136.16 / 96}  # e, a first guess; neutral


def oxide(cut: float = CUT) -> Atoms:
    """LLZO(001) from the height `cut` (in c) on: 192 atoms, the formula's elements. Its lowest atom
    is at z = 0; the cell's height is that of the crystal's part."""
    crystal = published(str(CRYSTALS), "Li7La3Zr2O12")
    whole = make_supercell(crystal, [[1, 1, 0], [-1, 1, 0], [0, 0, 1]])
    whole.rotate(whole.cell[0], (1, 0, 0), rotate_cell=True)
    height = (whole.get_scaled_positions()[:, 2] - cut) % 1
    c = whole.cell[2, 2]
    whole.positions[:, 2] = height * c
    slab = whole[height < THICKNESS]
    slab.cell[2] = [0, 0, THICKNESS * c]
    slab.positions[:, 2] -= slab.positions[:, 2].min()
    slab.set_initial_charges([CHARGES[symbol] for symbol in slab.symbols])
    return slab


def metal(side: float, layers: int = LAYERS) -> Atoms:
    """Li(001), an even number of layers in a square cell of that side (Å), the lowest at z = 0."""
    cubic = bulk("Li", "bcc", a=A_LI, cubic=True)
    turned = make_supercell(cubic, [[5, 2, 0], [-2, 5, 0], [0, 0, layers // 2]])
    turned.rotate(turned.cell[0], (1, 0, 0), rotate_cell=True)
    turned.set_cell([side, side, layers * A_LI / 2], scale_atoms=True)
    turned.wrap(eps=1e-3)
    return turned[np.argsort(turned.positions[:, 2].round(3), kind="stable")]


def with_metal(lower: Atoms, layers: int, gap: float) -> Atoms:
    """An oxide, of a square cell and from z = 0 on, and metal above it, between two interfaces."""
    side = lower.cell[0, 0]
    upper = metal(side, layers)
    upper.set_initial_charges(np.zeros(len(upper)))
    upper.positions[:, 2] += lower.positions[:, 2].max() + gap
    height = upper.positions[:, 2].max() + gap
    return Atoms(lower + upper, cell=[side, side, height], pbc=True)


def interface(cut: float = CUT, layers: int = LAYERS, gap: float = GAP) -> Atoms:
    """The metal on the oxide."""
    return with_metal(oxide(cut), layers, gap)


def build(data_file: Path, cut: float = CUT) -> str:
    """Writes the interface as a LAMMPS data file; says what it is."""
    atoms = interface(cut)
    write_lammps_data(data_file, atoms, specorder=SPECIES, atom_style="charge", masses=True)
    strain = atoms.cell[0, 0] / (np.sqrt(LAYER_ATOMS) * A_LI) - 1
    return f"{len(atoms)} atoms, {LAYERS} layers of Li, strained by {strain:+.2%} in the plane"


if __name__ == "__main__":
    print(build(Path(sys.argv[1])))
