"""Makes data/oxides/RESULTS.md and doc/reference-data/oxides.png from what is computed so far.

./dev shell python data/oxides/report.py
"""

from __future__ import annotations

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from ase import Atoms
from rfmeam.reference import results
from rfmeam.reference.structure_list import Family, read_list
from rfmeam.style import STYLE, above
from scipy.interpolate import CubicSpline

HERE = Path(__file__).resolve().parent
PICTURE = HERE.parents[1] / "doc" / "reference-data" / "oxides.png"
LIST = read_list(HERE / "structures.yaml")
MIDDLE = 2  # of the five volumes: that of the cell in the list
HEADER = """# Oxides: what the data say

Written by `python data/oxides/report.py` from {count} computed structures.

V is the volume of lowest energy over that of the cell in `structures.yaml`, which is the measured one, with atoms at
the fractions that this cell has. So the modulus B is not that of a crystal whose atoms would move (α-quartz: 37 GPa
measured, Levien et al. 1980); of Li2O it is, where symmetry holds them. Li2B4O7's cell is a calculated one, 1.1 %
larger than measured (a 9.475, c 10.283 Å: Sennova et al., Z. Anorg. Allg. Chem. 634, 2601 (2008)), with forces of up to
0.34 eV/Å. Charges are those at the cell's own volume; where atoms of an element differ, from the lowest to the highest.

| crystal | V | B (GPa), fractions kept | Bader charges (e) |
|---|---|---|---|
"""


def charges(atoms: Atoms) -> str:
    """Each element's charge, or from its lowest to its highest."""
    cells = []
    for element in sorted(set(atoms.symbols)):
        held = atoms.arrays["bader_charge"][atoms.symbols == element]
        low, high = held.min(), held.max()
        cells.append(f"{element} {low:+.2f}" + (f" to {high:+.2f}" if high - low > 0.01 else ""))
    return ", ".join(cells)


def row(family: Family) -> str:
    found = LIST.results(family)
    name = family.about.split(";")[0]
    if len(found) < 5:
        return f"| {name} | not computed yet | | |"
    volumes = np.array([atoms.get_volume() for atoms in found])
    fit = results.equation_of_state(volumes, [atoms.get_potential_energy() for atoms in found])
    return f"| {name} | {fit[0] / volumes[MIDDLE]:.3f} | {fit[2]:.0f} | {charges(found[MIDDLE])} |"


def picture() -> None:
    figure, axis = plt.subplots(figsize=(6.5, 4.5), layout="constrained")
    for family in LIST.families:
        found = LIST.results(family)
        if len(found) < 5:
            continue
        ratios = np.array([atoms.get_volume() for atoms in found]) / found[MIDDLE].get_volume()
        energies = np.array([atoms.get_potential_energy() / len(atoms) for atoms in found])
        smooth = np.linspace(ratios[0], ratios[-1], 200)
        energies, curve = above(energies, CubicSpline(ratios, energies)(smooth))
        (line,) = axis.plot(ratios, energies, "o", markersize=4, label=family.about.split(";")[0])
        axis.plot(smooth, curve, linewidth=1, color=line.get_color())
    axis.set(xlabel="volume over the measured one", ylabel="energy above the lowest (eV/atom)")
    axis.legend(fontsize=8)
    figure.savefig(PICTURE, dpi=130)
    plt.close(figure)


def main() -> None:
    count = sum(len(LIST.results(family)) for family in LIST.families)
    lines = HEADER.format(count=count) + "\n".join(row(family) for family in LIST.families)
    (HERE / "RESULTS.md").write_text(lines + "\n", encoding="utf-8")
    with plt.rc_context(STYLE):
        picture()


if __name__ == "__main__":
    main()
