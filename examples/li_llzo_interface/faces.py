"""Lithium on several faces of LLZO, relaxed by this potential as SevenNet-0 relaxed them: layers,
charges, work of separation beside SevenNet-0's.

./dev shell python examples/li_llzo_interface/faces.py --as-they-are    # relaxes nothing: seconds
./dev shell python examples/li_llzo_interface/faces.py                  # minutes a face

Starts, SevenNet-0's relaxed interfaces and its numbers are in data/llzo_sevennet/faces
(relax_by_sevennet.py made them); the same function relaxes here.
"""

import json
import sys
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from ase import Atoms
from ase.io import read
from llzo_layers import Frame, layers, profile, width
from rfmeam.calculator import RFMEAM

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "data/llzo_sevennet"
FACES = DATA / "faces"
sys.path.insert(0, str(DATA))
from by_sevennet import together  # noqa: E402
from relax_by_sevennet import J_PER_M2, sides, study  # noqa: E402

SEPARATION = "separation, rigid (J/m²)", "separation, relaxed (J/m²)"


def frame(atoms: Atoms, charges: np.ndarray) -> Frame:
    """An interface with its metal last, as the layers' functions want it; charges in e."""
    whole = together(atoms)
    metal = whole.arrays["metal"] == 1
    if metal[: np.flatnonzero(metal)[0]].any() or not metal[np.flatnonzero(metal)[0] :].all():
        raise ValueError("the metal's atoms have to be the last ones")
    layer_atoms = int(whole.info["layer_atoms"])
    return Frame(
        np.array(whole.get_chemical_symbols()),
        whole.positions - [0, 0, whole.positions[~metal, 2].min()],
        charges,
        float(whole.cell[2, 2]),
        int(metal.sum()) // layer_atoms,
        layer_atoms,
    )


def moved(first: Atoms, second: Atoms) -> float:
    """RMS distance (Å) of the metal's atoms in two relaxed structures, each against the oxide."""
    cell = first.cell.array
    fractions = (first.positions - second.positions) @ np.linalg.inv(cell)
    difference = (fractions - np.round(fractions)) @ cell
    metal = first.arrays["metal"] == 1
    difference = difference[metal] - difference[~metal].mean(axis=0)
    return float(np.sqrt((difference**2).sum(axis=1).mean()))


def row(file: Path, calculator: RFMEAM) -> str:
    start, theirs = read(file, ":")
    label = json.loads(file.with_suffix(".json").read_text(encoding="utf-8"))
    theirs.calc = calculator
    off = float(np.sqrt(np.mean(theirs.get_forces() ** 2)))
    found, (_, mine, *_) = study(start, calculator)
    mine.info, theirs.info = start.info, start.info
    charges = calculator.get_property("charges", mine)
    ours = frame(mine, charges)
    beside = layers(frame(theirs, charges))
    own = layers(ours)
    cells = [
        file.stem,
        f"{len(start)}",
        " / ".join(f"{label[key]:.2f}" for key in SEPARATION),
        " / ".join(f"{found[key]:.2f}" for key in SEPARATION),
        f"{beside.gap:+.2f}, {own.gap:+.2f}",
        f"{beside.moved:+.2f}, {own.moved:+.2f}",
        f"{beside.crossed}, {own.crossed}",
        f"{moved(mine, theirs):.2f}",
        ", ".join(f"{q:+.2f}" for q in own.charges),
        f"{width(*profile([ours])):.1f}",
        f"{off:.2f}",
    ]
    return f"| {' | '.join(cells)} |"


def row_as_they_are(file: Path, calculator: RFMEAM) -> str:
    """Work of separation of SevenNet-0's interface, both sides rigid; this potential's charges of
    the metal's layers, and its forces."""
    theirs = read(file, 1)
    label = json.loads(file.with_suffix(".json").read_text(encoding="utf-8"))
    whole, *parts = (calculator.get_property("energy", atoms) for atoms in (theirs, *sides(theirs)))
    area = np.linalg.norm(np.cross(theirs.cell[0], theirs.cell[1]))
    mine = (sum(parts) - whole) / (2 * area) / J_PER_M2
    off = float(np.sqrt(np.mean(calculator.get_property("forces", theirs) ** 2)))
    theirs.info = read(file, 0).info
    found = layers(frame(theirs, calculator.get_property("charges", theirs)))
    charges = ", ".join(f"{q:+.2f}" for q in found.charges)
    return f"| {file.stem} | {label[SEPARATION[0]]:.2f} | {mine:.2f} | {charges} | {off:.2f} |"


def main(
    potential: Annotated[Path, typer.Option(help="*.rfmeam")] = ROOT / "potentials/LLZO.rfmeam",
    as_they_are: Annotated[bool, typer.Option("--as-they-are", help="Relax nothing.")] = False,
    face: Annotated[str, typer.Option(help="Only faces whose names fit this pattern.")] = "*",
) -> None:
    """Prints a row for each face."""
    calculator = RFMEAM(str(potential))
    if as_they_are:
        print("| face | separation: SevenNet-0 (J/m²) | here (J/m²) ", end="")
        print("| charges of the layers (e) | forces here (eV/Å) |\n|---|---|---|---|---|")
    else:
        print(
            "| face | atoms | separation, rigid / relaxed: SevenNet-0 (J/m²) | here (J/m²) "
            "| gap: SevenNet-0, here (Å) | first layer, towards the metal (Å) | crossed "
            "| metal elsewhere by (Å) | charges of the layers (e) | width (Å) | forces off (eV/Å) |"
        )
        print("|" + "---|" * 11)
    for file in sorted(FACES.glob(f"{face}.extxyz")):
        print((row_as_they_are if as_they_are else row)(file, calculator), flush=True)


if __name__ == "__main__":
    typer.run(main)
