"""How far charges of potentials of Li-La-Zr-O are from DFT's, and at what level the oxides are: Markdown tables.

./dev shell python potentials/fit/llzo_charges.py potentials/LLZO.rfmeam potentials/fit/LLZO-round3.rfmeam

The level of an oxide is dE/dQ of the whole crystal, lithium metal's being 0: data/llzo/make_levels.py tells what for.
"""

from pathlib import Path
from typing import Annotated

import accuracy
import numpy as np
import typer
from ase import Atoms
from ase.io import read
from rfmeam.calculator import system_of

from rfmeam import Potential, StructureSet

ROOT = Path(__file__).parents[2] / "data"
FAR = 4.2  # Å from the nearest oxygen: beyond its second shell of lithium in the bcc metal


def files(side: str) -> list[Path]:
    """Of our DFT of oxides and of metal with oxygen."""
    older = (
        [ROOT / f"oxides/training/{name}.extxyz" for name in ("li2o", "la2o3", "zro2")] if side == "training" else []
    )
    return [*older, *sorted((ROOT / "llzo" / side).glob("*.extxyz"))]


def kinds(atoms: Atoms) -> np.ndarray:
    """The element of each atom; of metal with oxygen, lithium far from oxygen is a kind of its own."""
    symbols = np.array(atoms.get_chemical_symbols(), dtype="U6")
    if atoms.info.get("group") == "o-in-li":
        distances = atoms.get_all_distances(mic=True)[:, symbols == "O"].min(axis=1)
        symbols[distances > FAR] = "far Li"
    return symbols


def charges(potentials: list[Potential]) -> list[str]:
    """Rows: by file and kind of atom the mean of DFT's charges, and the RMS error of each potential; then of all oxides
    and of metal with oxygen."""
    rows = []
    every: dict[str, list[list[float]]] = {}
    for file in [*files("training"), *files("validation")]:
        atoms = read(file, ":")
        kind = np.concatenate([kinds(a) for a in atoms])
        reference = np.concatenate([a.arrays["bader_charge"] for a in atoms])
        errors = [StructureSet(p, [system_of(a) for a in atoms]).evaluate(p).charges - reference for p in potentials]
        group = "all metal with O" if atoms[0].info.get("group") == "o-in-li" else "all oxides"
        for sums, error in zip(every.setdefault(group, [[] for _ in potentials]), errors, strict=True):
            sums.extend(error)
        for name in dict.fromkeys(kind):
            own = kind == name
            cells = " | ".join(f"{accuracy.rms(error[own]):.3f}" for error in errors)
            rows.append(f"| {file.stem} | {name} | {reference[own].mean():+.2f} | {cells} |")
    for group, sums in every.items():
        rows.append(f"| {group} | | | {' | '.join(f'{accuracy.rms(np.array(e)):.4f}' for e in sums)} |")
    return rows


def level(potential: Potential, pair: list[Atoms]) -> float:
    """dE/dQ (eV/e) of two cells of one crystal that differ in their charge."""
    total = [a.info["charge"] for a in pair]
    energy = StructureSet(potential, [system_of(a) for a in pair], total).evaluate(potential).energy
    return float((energy[0] - energy[1]) / (total[0] - total[1]))


def levels(potentials: list[Potential]) -> list[str]:
    """Rows: the level of each crystal of data/llzo/levels in each potential."""
    rows = []
    for file in sorted((ROOT / "llzo/levels").glob("*.extxyz")):
        pair = read(file, ":")
        cells = " | ".join(f"{level(potential, pair):+.2f}" for potential in potentials)
        rows.append(f"| {file.stem.removeprefix('level-')} | {cells} |")
    return rows


def main(paths: Annotated[list[Path], typer.Argument(help="*.rfmeam", metavar="POTENTIAL...")]) -> None:
    """Writes the tables."""
    potentials = [Potential.read(path) for path in paths]
    names = " | ".join(path.stem for path in paths)
    errors = " | ".join(f"{path.stem}: RMS error (e)" for path in paths)
    print(f"| charges | | DFT's mean (e) | {errors} |\n|---|---|---|{'---|' * len(paths)}")
    print("\n".join(charges(potentials)))
    print(f"\n| level (eV/e) | {names} |\n|---|{'---|' * len(paths)}")
    print("\n".join(levels(potentials)))


if __name__ == "__main__":
    typer.run(main)
