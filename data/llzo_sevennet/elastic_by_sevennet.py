"""Elastic constants and energies of relaxed crystals by SevenNet-0.

    python elastic_by_sevennet.py FOLDER_OF_CRYSTALS FOLDER_OF_RESULTS [DEVICE]

Needs ASE and sevenn only, and a GPU where DEVICE is not cpu. Every crystal (NAME.extxyz) is relaxed, cell and atoms;
then each of six strains of ± 0.5 % is put on it and its atoms relaxed. Writes NAME.json: energy (eV), cell (Å), the
6 × 6 elastic constants (GPa, Voigt order, symmetrised), and NAME.extxyz, the relaxed crystal.
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

LIMIT = 56.0  # s for all: no crystal is begun later
SIZE = 0.005  # of a strain
FORCE, STEPS, STRAINED_STEPS = 0.01, 80, 15  # eV/Å; steps at most
VOIGT = ((0, 0), (1, 1), (2, 2), (1, 2), (0, 2), (0, 1))


def strained(atoms: Atoms, component: int, size: float) -> Atoms:
    i, j = VOIGT[component]
    strain = np.zeros((3, 3))
    strain[i, j] += size / 2
    strain[j, i] += size / 2
    made = atoms.copy()
    made.set_cell(atoms.cell.array @ (np.eye(3) + strain), scale_atoms=True)
    return made


def study(start: Atoms, calculator) -> tuple[dict, Atoms]:
    crystal = start.copy()
    crystal.calc = calculator
    FIRE(FrechetCellFilter(crystal), logfile=None).run(fmax=FORCE, steps=STEPS)
    constants = np.zeros((6, 6))
    found = {
        "atoms": len(crystal),
        "energy (eV)": crystal.get_potential_energy(),
        "largest force (eV/Å)": float(np.abs(crystal.get_forces()).max()),
        "cell (Å, °)": crystal.cell.cellpar().round(4).tolist(),
    }
    for component in range(6):
        for sign in (1, -1):
            atoms = strained(crystal, component, sign * SIZE)
            atoms.calc = calculator
            FIRE(atoms, logfile=None).run(fmax=FORCE, steps=STRAINED_STEPS)
            constants[component] += sign * atoms.get_stress(voigt=True) / (2 * SIZE) / units.GPa
    found["elastic constants (GPa)"] = ((constants + constants.T) / 2).round(2).tolist()
    return found, crystal


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
        found, crystal = study(read(file), calculator)
        crystal.calc = None
        write(results / file.name, crystal, format="extxyz")
        text = json.dumps(found, indent=1, ensure_ascii=False) + "\n"
        (results / f"{file.stem}.json").write_text(text, encoding="utf-8")
        print(f"{file.stem}: {time.time() - begin:.0f} s, {json.dumps(found)}", flush=True)


if __name__ == "__main__":
    main()
