"""Energy of taking the coherent Li(001)|LiF(001) interface apart beside DFT: the table of doc/interface-li-lif.md.

./dev shell python potentials/fit/pulling_off.py potentials/LiF.rfmeam potentials/LiF-q.rfmeam

The structures of DFT are taken as they are, layers rigid. The fits have seen the two of the smallest gaps.
"""

from pathlib import Path
from typing import Annotated

import accuracy
import numpy as np
import typer
from rfmeam.calculator import RFMEAM
from rfmeam.properties import JOULE_PER_M2

from rfmeam import Potential

FAMILY = "interface-coherent-apart"


def works(calculator: RFMEAM | None = None) -> dict[float, float]:
    """For each gap (Å) the energy above that of the lowest in DFT, J/m² of one of the two interfaces; None: DFT's."""
    frames = accuracy.report.frames(FAMILY)
    lowest = int(np.argmin([atoms.get_potential_energy(force_consistent=True) for atoms in frames]))
    found = {}
    for atoms in frames:
        structure = atoms.copy()
        structure.calc = calculator or atoms.calc
        gap, _ = accuracy.report.gap_and_shift(atoms)
        found[round(gap, 2)] = structure.get_potential_energy(force_consistent=True)
    to_work = JOULE_PER_M2 / (2 * frames[0].cell[0, 0] ** 2)
    zero = list(found.values())[lowest]
    return {gap: (energy - zero) * to_work for gap, energy in sorted(found.items())}


def main(potentials: Annotated[list[Path], typer.Argument(help="*.rfmeam files")]) -> None:
    """Writes the table as Markdown."""
    found = {"DFT": works()} | {path.stem: works(RFMEAM(Potential.read(path))) for path in potentials}
    gaps = list(found["DFT"])
    print("| gap (Å) | " + " | ".join(f"{x:.1f}" for x in gaps) + " |")
    print("|---" * (len(gaps) + 1) + "|")
    for name, curve in found.items():
        print(f"| {name} | " + " | ".join(f"{curve[x]:.3f}" for x in gaps) + " |")


if __name__ == "__main__":
    typer.run(main)
