"""Energy of taking the coherent Li(001)|LiF(001) interface apart beside DFT: the table of doc/interface-li-lif.md.

./dev shell python potentials/fit/pulling_off.py potentials/LiF.rfmeam potentials/LiF-q.rfmeam

The structures of DFT are taken as they are, layers rigid. The fits have seen the two of the smallest gaps.
"""

from pathlib import Path
from typing import Annotated

import accuracy
import numpy as np
import typer
from ase import Atoms
from ase.units import J, m
from rfmeam.calculator import RFMEAM

from rfmeam import Potential

FAMILY = "interface-coherent-apart"


def gap(atoms: Atoms) -> float:
    """Mean distance (Å) of the metal's outer layers from those of the salt, on both sides."""
    return accuracy.layered(atoms, 0.0, None).gap


def works(calculator: RFMEAM | None = None) -> dict[float, float]:
    """For each gap (Å) the energy above that of the lowest in DFT, J/m² of one of the two interfaces; None: DFT's."""
    frames = accuracy.report.frames(FAMILY)
    lowest = int(np.argmin([atoms.get_potential_energy(force_consistent=True) for atoms in frames]))
    area = 2 * np.linalg.norm(np.cross(frames[0].cell[0], frames[0].cell[1]))  # Å², of both
    energies = []
    for atoms in frames:
        structure = atoms.copy()
        structure.calc = calculator or atoms.calc
        energies.append(structure.get_potential_energy(force_consistent=True))
    found = zip(frames, energies, strict=True)
    return dict(sorted((round(gap(atoms), 2), (e - energies[lowest]) / area / (J / m**2)) for atoms, e in found))


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
