"""Elastic constants and energies of relaxed crystals of Li-La-Zr-O beside SevenNet-0's: Markdown tables.

./dev shell python potentials/fit/llzo_elastic.py potentials/LLZO.rfmeam

Crystals and SevenNet-0's numbers are in data/llzo_sevennet/elastic; the function that made them
(elastic_by_sevennet.py) relaxes and strains here, too, cell and atoms.
"""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer
from ase.io import read
from rfmeam.calculator import RFMEAM

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "data/llzo_sevennet"
sys.path.insert(0, str(DATA))
from elastic_by_sevennet import study  # noqa: E402

# crystal: which constants its symmetry leaves, by row and column of the matrix from 1 on
CONSTANTS = {
    "Li2O": ("11", "12", "44"),
    "La2O3": ("11", "12", "13", "33", "44"),
    "ZrO2": ("11", "22", "33", "12", "13", "23", "44", "55", "66"),
    "LLZO-tetragonal": ("11", "33", "12", "13", "44", "66"),
    "LLZO-cubic-1": ("11", "12", "44"),
}
CONSTANTS_KEY, ENERGY, FORMULA_ATOMS = "elastic constants (GPa)", "energy (eV)", 24  # of LLZO


def constant(found: dict, name: str) -> float:
    """GPa, of what `study` found."""
    return found[CONSTANTS_KEY][int(name[0]) - 1][int(name[1]) - 1]


def main(
    potential: Annotated[Path, typer.Argument(help="*.rfmeam", metavar="POTENTIAL")],
    crystal: Annotated[list[str] | None, typer.Option(help="Only this one, may be given again.")] = None,
) -> None:
    """Writes the tables."""
    calculator = RFMEAM(str(potential))
    print("| crystal | constant | SevenNet-0 (GPa) | potential (GPa) | off (%) |\n|---|---|---|---|---|")
    energies = {}
    for name in crystal or CONSTANTS:
        label = json.loads((DATA / f"elastic/{name}.json").read_text(encoding="utf-8"))
        found, _ = study(read(DATA / f"elastic/{name}.extxyz"), calculator)
        energies[name] = label[ENERGY] / label["atoms"], found[ENERGY] / found["atoms"]
        for key in CONSTANTS[name]:
            theirs, mine = constant(label, key), constant(found, key)
            print(f"| {name} | C{key} | {theirs:.0f} | {mine:.0f} | {100 * (mine / theirs - 1):+.0f} |", flush=True)
    if {"LLZO-tetragonal", "LLZO-cubic-1"} <= set(energies):
        theirs, mine = (
            1000 * FORMULA_ATOMS * (cubic - tetragonal)
            for tetragonal, cubic in zip(energies["LLZO-tetragonal"], energies["LLZO-cubic-1"], strict=True)
        )
        print(f"\ncubic - tetragonal LLZO, relaxed (meV a formula): SevenNet-0 {theirs:+.0f}, potential {mine:+.0f}")


if __name__ == "__main__":
    typer.run(main)
