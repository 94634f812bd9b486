"""dE/d(cutoff) of the elements (eV/eV an atom), structures.yaml's dedcutoff: what the stress lacks in a finite basis.

./dev shell --with gpaw python data/oxides/cutoff_derivative.py      # goes on where it was; five minutes on one core

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
LIST = read_list(HERE / "structures.yaml")
KNOWN = {"Li": read_list(HERE.parent / "li_f" / "structures.yaml").method.dedcutoff["Li"]}
CRYSTALS = ["li2o", "b2o3-ii", "quartz", "la2o3", "zro2"]  # as many as elements to be found
CHECK = "li2sio3"  # no part of the fit
MIDDLE = 2  # of the volumes
STEP = 20.0  # eV


def slope(python: str, name: str) -> tuple[float, dict[str, int]]:
    """dE/d(cutoff) of a crystal (eV/eV) and its numbers of atoms by element."""
    family = next(f for f in LIST.families if f.name == name)
    atoms = LIST.structures(family)[MIDDLE]
    atoms.info["label"] = f"cutoff-{name}"
    energies = []
    for step in (-STEP, STEP):
        method = replace(family.method, cutoff=family.method.cutoff + step, dedcutoff={})
        changed = replace(family, method=method)
        energies.append(dft.compute(python, changed, atoms, HERE / "scratch")["free_energy"])
    return (energies[1] - energies[0]) / (2 * STEP), atoms.symbols.formula.count()


def main() -> None:
    python = dft.interpreter()
    found = {name: slope(python, name) for name in [*CRYSTALS, CHECK]}
    elements = sorted({e for name in CRYSTALS for e in found[name][1]} - KNOWN.keys())
    counts = [[found[name][1].get(element, 0) for element in elements] for name in CRYSTALS]
    rest = [found[name][0] - sum(found[name][1].get(e, 0) * value for e, value in KNOWN.items()) for name in CRYSTALS]
    solved = dict(zip(elements, np.linalg.solve(counts, rest), strict=True)) | KNOWN
    print("dedcutoff: {" + ", ".join(f"{e}: {value:.1e}" for e, value in solved.items()) + "}")
    value, atoms = found[CHECK]
    print(f"{CHECK}: {sum(solved[e] * n for e, n in atoms.items()):.2e} by these, {value:.2e} by its own energies")


if __name__ == "__main__":
    main()
