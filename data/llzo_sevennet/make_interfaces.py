"""Makes lithium on LLZO along several faces: starts/li-llzo-FACE.extxyz, for round3.yaml; the same numbers every time.

./dev shell python data/llzo_sevennet/make_interfaces.py
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from ase import Atoms
from ase.build import sort
from ase.io import write
from rfmeam.reference.published import published
from slabs import lithium_on, slab

HERE = Path(__file__).parent
CRYSTALS = str(HERE.parent / "llzo" / "crystals.json")
A_LI = 3.44  # Å, as ../li_f has it
BODY_CENTRED = np.array([[-0.5, 0.5, 0.5], [0.5, -0.5, 0.5], [0.5, 0.5, -0.5]])
FORMAL = {"Li": 1, "La": 3, "Zr": 4, "O": -2}
FACES = ((0, 0, 1), (1, 0, 0), (1, 1, 0), (0, 1, 1), (1, 1, 2), (2, 1, 1))
CUTS = 40  # heights of cutting that are tried, all octahedra whole


def least_polar(face: tuple[int, int, int], layers: int) -> tuple[Atoms, float]:
    """A slab of LLZO cut where its dipole (of formal charges) is least; the height of the cut, in planes."""
    crystal = published(CRYSTALS, "Li7La3Zr2O12")
    lattice = BODY_CENTRED @ crystal.cell.array
    best = None
    for cut in np.arange(CUTS) / CUTS:
        atoms = slab(crystal, lattice, face, cut, layers)
        dipole = abs(sum(FORMAL[s] * z for s, z in zip(atoms.symbols, atoms.positions[:, 2], strict=True)))
        if best is None or dipole < best[0] - 1e-6:
            best = dipole, atoms, float(cut)
    return best[1], best[2]


def interface(oxide: Atoms, layers: int, gap: float) -> tuple[Atoms, str]:
    """Lithium between two faces of an oxide, the outermost atoms that meet `gap` (Å) apart in height: atoms in the
    order oxide, metal; and what it is."""
    metal, face, strain = lithium_on(oxide.cell.array, A_LI, layers)
    lower, upper = oxide.copy(), metal.copy()
    upper.positions[:, 2] += lower.positions[:, 2].max() + gap
    both = lower + upper
    both.set_cell([*lower.cell.array[:2], [0, 0, both.positions[:, 2].max() + gap]])
    return both, f"{len(oxide)} atoms of oxide, {len(metal)} of Li({face}) strained by up to {strain:.1%}"


def main() -> None:
    (HERE / "starts").mkdir(exist_ok=True)
    oxides = {f"li-llzo-{''.join(map(str, face))}": least_polar(face, 1)[0] for face in FACES}
    for name, oxide in oxides.items():
        made = []
        for gap in (1.6, 2.2, 3.0):
            atoms, what = interface(oxide, 3, gap)
            atoms.wrap()
            atoms = sort(atoms)
            made.append(Atoms(atoms.symbols, positions=atoms.positions, cell=atoms.cell, pbc=True))
        write(HERE / "starts" / f"{name}.extxyz", made, format="extxyz")
        distance = made[0].get_all_distances(mic=True)[~np.eye(len(made[0]), dtype=bool)].min()
        print(f"{name}: {what}, nearest {distance:.2f} Å")


if __name__ == "__main__":
    main()
