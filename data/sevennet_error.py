"""Prints how far SevenNet-0 is from the DFT of a list, family by family.

RFMEAM_SEVENNET_PYTHON=… ./dev shell python data/sevennet_error.py data/lbs/structures.yaml

Energies are compared after a constant for each element, fitted to all structures of the table: the two programs' zeros
differ. Families of atoms and molecules are left out: SevenNet-0 knows crystals.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from ase import Atoms
from rfmeam.properties import GPA
from rfmeam.reference import dft, labels
from rfmeam.reference.method import Method
from rfmeam.reference.structure_list import StructureList, read_list


def condensed(structures: StructureList) -> list[Atoms]:
    """DFT's results for what is not an atom or a molecule in a box."""
    families = [f for f in structures.families if "molecule" not in (f.recipe["start"] or {})]
    return [atoms for family in families for atoms in structures.results(family)]


def elements_taken_out(frames: list[Atoms], shifts: np.ndarray) -> np.ndarray:
    """What of the energies' differences (n,) in eV is left after a constant for each element."""
    elements = sorted({symbol for atoms in frames for symbol in atoms.symbols})
    counts = np.array([[np.sum(atoms.symbols == element) for element in elements] for atoms in frames])
    constants, *_ = np.linalg.lstsq(counts.astype(float), shifts, rcond=None)
    return shifts - counts @ constants


def rms(values) -> float:
    return float(np.sqrt(np.mean(np.square(values))))


def table(frames: list[Atoms], others: list[dict]) -> str:
    """Lines of a Markdown table: DFT's frames against another program's results."""
    shifts = np.array([r["free_energy"] - a.calc.results["free_energy"] for a, r in zip(frames, others, strict=True)])
    left = elements_taken_out(frames, shifts) / [len(atoms) for atoms in frames]
    forces = [np.array(r["forces"]) - a.get_forces() for a, r in zip(frames, others, strict=True)]
    stress = [np.array(r["stress"]) - a.get_stress() for a, r in zip(frames, others, strict=True)]
    families = [atoms.info["family"] for atoms in frames]
    lines = [
        "| family | structures | energy (meV/atom) | forces (eV/Å) | DFT's forces (eV/Å) | stress (GPa) |",
        "|---|---|---|---|---|---|",
    ]
    for name in [*dict.fromkeys(families), "all"]:
        rows = [i for i, family in enumerate(families) if name in (family, "all")]
        size = rms(np.concatenate([frames[i].get_forces() for i in rows]))
        cells = [
            name,
            str(len(rows)),
            f"{1000 * rms(left[rows]):.1f}",
            f"{rms(np.concatenate([forces[i] for i in rows])):.3f}",
            f"{size:.2f}",
            f"{GPA * rms(np.concatenate([stress[i] for i in rows])):.2f}",
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def main() -> None:
    structures = read_list(Path(sys.argv[1]))
    frames = condensed(structures)
    if not frames:
        sys.exit(f"{structures.path}: nothing is computed yet")
    program = labels.labeller(Method(program="sevennet-0"))
    family = structures.families[0]  # which SevenNet-0 takes nothing from
    others = []
    for atoms in frames:
        try:
            others.append(program.compute(family, atoms, structures.scratch))
        except dft.ComputationError as error:
            sys.exit(f"{atoms.info['label']}: {error}")
    program.close()
    print(f"{others[0]['program']} against {frames[0].info['program']}, root mean squares\n")
    print(table(frames, others))


if __name__ == "__main__":
    main()
