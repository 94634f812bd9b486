"""LiF's lattice constant by the PAW data of lithium (1s frozen or not), of fluorine, and by the cutoff.

./dev shell --with gpaw python data/li_f/frozen_core.py      # goes on where it was; five minutes on one core
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
from ase.build import bulk
from rfmeam.reference import dft
from rfmeam.reference.results import equation_of_state
from rfmeam.reference.structure_list import Family, read_list

HERE = Path(__file__).resolve().parent
METHOD = read_list(HERE / "structures.yaml").method
LITHIUM = METHOD.generated_paw  # 1s as valence
FLUORINE = {"F": "-P 2s,s,2p,p,d -r 1.2,1.4 -e 7"}
VOLUMES = np.linspace(15.34, 18.18, 5)  # Å^3 a pair
CASES = [(540, {}), (900, {}), (800, FLUORINE), (800, LITHIUM), (540, LITHIUM), (800, LITHIUM | FLUORINE)]


def lattice_constant(python: str, cutoff: float, generated_paw: dict[str, str]) -> tuple[float, float]:
    """a (Å) and bulk modulus (GPa) of rocksalt LiF by energies at five volumes (Birch-Murnaghan)."""
    method = replace(METHOD, cutoff=float(cutoff), generated_paw=generated_paw)
    family = Family("frozen-core", "frozen-core", {}, method)
    energies = []
    for number, volume in enumerate(VOLUMES):
        atoms = bulk("LiF", "rocksalt", a=(4 * volume) ** (1 / 3))
        atoms.info["label"] = f"frozen-core-{number}"
        energies.append(dft.compute(python, family, atoms, HERE / "scratch")["energy"])
    volume, _, modulus = equation_of_state(VOLUMES, energies)
    return (4 * volume) ** (1 / 3), modulus


def main() -> None:
    python = dft.interpreter()
    print("| Li | F | cutoff (eV) | a (Å) | B (GPa) |\n|---|---|---|---|---|")
    for cutoff, made in CASES:
        edge, modulus = lattice_constant(python, cutoff, made)
        lithium = "1s as valence" if "Li" in made else "1s frozen (Debian's)"
        fluorine = "made here" if "F" in made else "Debian's"
        print(f"| {lithium} | {fluorine} | {cutoff} | {edge:.3f} | {modulus:.1f} |", flush=True)


if __name__ == "__main__":
    main()
