"""dE/d(cutoff) of the elements (eV/eV an atom), `dedcutoff` of the lists: what the stress lacks in a finite basis.

./dev shell --with gpaw python data/cutoff_derivative.py      # goes on where it was; ten minutes on one core

The energies of crystals at cutoffs 20 eV above and below the list's, each element the same in all of them.
Froyen & Cohen, J. Phys. C 19, 2623 (1986).
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
from rfmeam.reference import dft
from rfmeam.reference.structure_list import read_list

HERE = Path(__file__).resolve().parent
LISTS = {name: read_list(HERE / name / "structures.yaml") for name in ("li_f", "oxides")}
CRYSTALS = [  # list, family, number; as many as elements
    ("li_f", "li-bcc-volume", 5),
    ("li_f", "lif-volume", 5),
    ("oxides", "li2o", 2),
    ("oxides", "b2o3-ii", 2),
    ("oxides", "quartz", 2),
    ("oxides", "la2o3", 2),
    ("oxides", "zro2", 2),
]
CHECKS = [("oxides", "li2sio3", 2), ("li_f", "lif-volume", 2), ("li_f", "lif-zincblende-volume", 3)]
STEP = 20.0  # eV


def slope(python: str, folder: str, name: str, number: int) -> tuple[float, dict[str, int]]:
    """dE/d(cutoff) of a crystal (eV/eV) and its numbers of atoms by element."""
    structures = LISTS[folder]
    family = structures.family(name)
    atoms = structures.structures(family)[number]
    atoms.info["label"] = f"cutoff-{name}"
    energies = []
    for step in (-STEP, STEP):
        method = replace(family.method, cutoff=family.method.cutoff + step, dedcutoff={})
        changed = replace(family, method=method)
        energies.append(dft.compute(python, changed, atoms, structures.folder / "scratch")["free_energy"])
    return (energies[1] - energies[0]) / (2 * STEP), atoms.symbols.formula.count()


def main() -> None:
    python = dft.interpreter()
    slopes, atoms = zip(*(slope(python, *crystal) for crystal in CRYSTALS), strict=True)
    elements = sorted({element for counts in atoms for element in counts})
    table = [[counts.get(element, 0) for element in elements] for counts in atoms]
    solved = dict(zip(elements, np.linalg.solve(table, slopes), strict=True))
    print("dedcutoff: {" + ", ".join(f"{element}: {value:.1e}" for element, value in solved.items()) + "}")
    for crystal in CHECKS:
        value, counts = slope(python, *crystal)
        expected = sum(solved[element] * number for element, number in counts.items())
        print(f"{crystal[1]}/{crystal[2]:02d}: {expected:.2e} by these, {value:.2e} by its own energies")


if __name__ == "__main__":
    main()
