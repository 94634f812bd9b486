"""Oxides with a hundredth of an electron an atom too few and too many: where the potential has their level of charge.

    python data/llzo/make_levels.py        # writes levels/level-NAME.extxyz

An insulator's Fermi level is in its gap, and so is that of lithium metal on it: metal gives charge to atoms that it
meets, and none to an oxide as a whole. A model of equilibrated charges has one definite level for each crystal,
μ = dE/dQ, and metal beside it takes (μ - μ_Li) over its hardness in every layer, however far from the interface; of
that a neutral crystal says nothing. E(+Q) - E(-Q) is 2 Q μ, and neutral lithium has μ = χ_Li = 0: so a fit wants 0.
"""

from pathlib import Path

from ase import Atoms
from ase.io import read, write

HERE = Path(__file__).parent
CHARGE = 0.01  # e an atom
# crystal: file of SevenNet-0's labels, and which of its structures is nearest to rest
CRYSTALS = {
    "li2o": ("sn-li2o", 2),
    "la2o3": ("sn-la2o3", 2),
    "zro2": ("sn-zro2", 2),
    "li8zro6": ("sn-li8zro6-volume", 2),
    "lalio2": ("sn-lalio2-volume", 2),
    "llzo": ("sn-llzo-volume", 1),
}


def pair(name: str, crystal: Atoms) -> list[Atoms]:
    """The crystal with more and with less charge; the name of its total is that of the fit's setting."""
    found = []
    for number, sign in enumerate((1, -1)):
        atoms = Atoms(crystal.symbols, positions=crystal.positions, cell=crystal.cell, pbc=True)
        family = f"level-{name}"
        atoms.info = {"label": f"{family}/{number:02d}", "family": family, "charge": sign * CHARGE * len(atoms)}
        found.append(atoms)
    return found


if __name__ == "__main__":
    for name, (file, number) in CRYSTALS.items():
        crystal = read(HERE.parent / f"llzo_sevennet/training/{file}.extxyz", number)
        write(HERE / f"levels/level-{name}.extxyz", pair(name, crystal))
