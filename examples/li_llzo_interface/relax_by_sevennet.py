"""Relaxes interfaces with SevenNet-0 and takes them apart: structure and work of separation.

    python relax_by_sevennet.py FOLDER_OF_STARTS FOLDER_OF_RESULTS [DEVICE]

Needs ASE and sevenn only, and a GPU where DEVICE is not cpu. A start is an extended XYZ file whose
column `metal` is 1 for atoms of the metal and 0 for the oxide or salt below it; atoms and height of
the cell are relaxed. Writes NAME.extxyz (start, relaxed interface, relaxed sides) and NAME.json:
energies in eV; J/m² of separating it rigidly, and with both sides relaxed.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import numpy as np
from ase import Atoms, units
from ase.filters import FrechetCellFilter
from ase.io import read, write
from ase.optimize import FIRE

LIMIT = 56.0  # s for all: no start is begun later
STEPS, SIDE_STEPS, FORCE = 110, 50, 0.05  # at most, eV/Å
VACUUM = 12.0  # Å
J_PER_M2 = units.J / units.m**2


def together(atoms: Atoms) -> Atoms:
    """The metal above the oxide, no atom across the end of the cell."""
    metal = atoms.arrays["metal"] == 1
    height = atoms.cell[2, 2]
    turns = np.exp(2j * np.pi * atoms.positions[~metal, 2] / height).mean()
    middle = float(np.angle(turns)) * height / (2 * np.pi)
    made = atoms.copy()
    oxide, upper = made.positions[~metal], made.positions[metal]
    oxide[:, 2] -= height * np.round((oxide[:, 2] - middle) / height)
    upper[:, 2] -= height * np.floor((upper[:, 2] - middle) / height)
    made.positions[~metal], made.positions[metal] = oxide, upper
    return made


def sides(atoms: Atoms) -> tuple[Atoms, Atoms]:
    """Oxide and metal with vacuum instead of the other."""
    whole = together(atoms)
    metal = whole.arrays["metal"] == 1
    parts = whole[~metal], whole[metal]
    for part in parts:
        cell = part.cell.array
        cell[2] = [0, 0, np.ptp(part.positions[:, 2]) + VACUUM]
        part.set_cell(cell)
    return parts


def relaxed(atoms: Atoms, calculator, steps: int, height: bool) -> tuple[Atoms, float]:
    """The atoms at the end of FIRE, and the largest force (eV/Å) on one."""
    moved = atoms.copy()
    moved.calc = calculator
    target = FrechetCellFilter(moved, mask=[0, 0, 1, 0, 0, 0]) if height else moved
    FIRE(target, logfile=None, maxstep=0.12).run(fmax=FORCE, steps=steps)
    return moved, float(np.linalg.norm(moved.get_forces(), axis=1).max())


def study(start: Atoms, calculator) -> tuple[dict, list[Atoms]]:
    interface, force = relaxed(start, calculator, STEPS, height=True)
    energy = interface.get_potential_energy()
    area = np.linalg.norm(np.cross(interface.cell[0], interface.cell[1]))
    rigid, kept, side_forces = [], [interface], []
    loose = []
    for side in sides(interface):
        side.calc = calculator
        rigid.append(side.get_potential_energy())
        end, largest = relaxed(side, calculator, SIDE_STEPS, height=False)
        loose.append(end.get_potential_energy())
        side_forces.append(largest)
        kept.append(end)
    found = {
        "atoms": len(start),
        "energy (eV)": energy,
        "largest force (eV/Å)": force,
        "largest forces of the sides (eV/Å)": side_forces,
        "separation, rigid (J/m²)": (sum(rigid) - energy) / (2 * area) / J_PER_M2,
        "separation, relaxed (J/m²)": (sum(loose) - energy) / (2 * area) / J_PER_M2,
    }
    return found, [start, *kept]


def main() -> None:
    from sevenn.calculator import SevenNetCalculator

    starts, results = Path(sys.argv[1]), Path(sys.argv[2])
    results.mkdir(parents=True, exist_ok=True)
    device = sys.argv[3] if len(sys.argv) > 3 else "cuda"
    calculator = SevenNetCalculator("7net-0", device=device)
    begin = time.time()
    for file in sorted(starts.glob("*.extxyz")):
        if time.time() - begin > LIMIT:
            print(f"{file.stem}: no time left", flush=True)
            continue
        found, kept = study(read(file), calculator)
        for atoms in kept:
            atoms.calc = None
        write(results / file.name, kept, format="extxyz")
        text = json.dumps(found, indent=1, ensure_ascii=False) + "\n"
        (results / f"{file.stem}.json").write_text(text, encoding="utf-8")
        print(f"{file.stem}: {time.time() - begin:.0f} s, {json.dumps(found)}", flush=True)


if __name__ == "__main__":
    main()
