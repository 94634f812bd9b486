"""Finished runs of Li(001)|LLZO(001), minimised: layers, charges, and the work of separation.

./dev shell python examples/li_llzo_interface/adhesion.py examples/li_llzo_interface/results

The work of separation is that of taking both interfaces apart without moving atoms inside of
either side. Where RFMEAM_SEVENNET_PYTHON names a Python with SevenNet-0, its number for the same
atoms stands beside, and how far forces are from its.
"""

import os
import sys
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from ase import Atoms
from ase.units import J, m
from llzo_cell import LAYER_ATOMS, LAYERS, oxide
from llzo_layers import Frame, layers, profile, width
from rfmeam.calculator import RFMEAM
from rfmeam.reference.universal import UniversalPotential

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "data/llzo_sevennet"))
from relax_by_sevennet import sides  # noqa: E402


def parts(atoms: Atoms) -> list[Atoms]:
    """The interface, and its oxide and its metal with vacuum instead of the other."""
    whole = Atoms(atoms.symbols, positions=atoms.positions, cell=atoms.cell, pbc=True)
    whole.set_array(
        "metal", (np.arange(len(whole)) >= len(whole) - LAYERS * LAYER_ATOMS).astype(int)
    )
    return [whole, *sides(whole)]


def separation(energies: list[float], atoms: Atoms) -> float:
    """J/m²; energies (eV) of the interface, the oxide and the metal."""
    area = atoms.cell[0, 0] * atoms.cell[1, 1]
    return (energies[1] + energies[2] - energies[0]) / (2 * area) * m**2 / J


def row(folder: Path, calculator: RFMEAM, universal: UniversalPotential | None) -> list[str]:
    """Cells of the table for a run."""
    frame = Frame.read(folder / "minimised.dump")
    side = oxide().cell[0, 0]
    atoms = Atoms(list(frame.species), positions=frame.positions, cell=[side, side, frame.height])
    pieces = parts(atoms)
    mine = separation([calculator.get_property("energy", piece) for piece in pieces], atoms)
    beside = "-"
    if universal:
        answers = [universal.compute(piece, ROOT / "build/scratch") for piece in pieces]
        theirs = separation([answer["energy"] for answer in answers], atoms)
        forces = calculator.get_property("forces", pieces[0])
        off = np.sqrt(np.mean((np.array(answers[0]["forces"]) - forces) ** 2))
        beside = f"{theirs:.2f}, {off:.2f}"
    found = layers(frame)
    charges = ", ".join(f"{q:+.2f}" for q in found.charges)
    cells = [folder.name, f"{found.gap:.2f}", f"{found.moved:+.2f}", charges]
    return [*cells, f"{width(*profile([frame])):.1f}", f"{found.crossed}", f"{mine:.2f}", beside]


def main(
    runs: Annotated[list[Path], typer.Argument(help="Folders with minimised.dump of run.py.")],
    potential: Annotated[Path, typer.Option(help="*.rfmeam")] = ROOT / "potentials/LLZO.rfmeam",
) -> None:
    """Prints a row for each run."""
    calculator = RFMEAM(str(potential))
    universal = "RFMEAM_SEVENNET_PYTHON" in os.environ and UniversalPotential("sevennet-0")
    print(
        "| run | gap (Å) | first layer, towards the metal (Å) | charges of the layers (e) ", end=""
    )
    print("| width (Å) | crossed | separation (J/m²) | SevenNet-0 (J/m²), forces off (eV/Å) |")
    print("|---|---|---|---|---|---|---|---|")
    for folder in runs:
        print(f"| {' | '.join(row(folder, calculator, universal or None))} |", flush=True)


if __name__ == "__main__":
    typer.run(main)
