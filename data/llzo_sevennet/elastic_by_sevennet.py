"""Elastic constants and energies of relaxed crystals by SevenNet-0.

    python elastic_by_sevennet.py FOLDER_OF_CRYSTALS FOLDER_OF_RESULTS [DEVICE]

Needs ASE and sevenn only, and a GPU where DEVICE is not cpu. Every crystal (NAME.extxyz) is relaxed, cell and atoms;
then each of six strains of ± 0.5 % is put on it and its atoms relaxed. Writes NAME.json: energy (eV), cell (Å), the
6 × 6 elastic constants (GPa, Voigt order, symmetrised), and NAME.extxyz, the relaxed crystal.
"""

from __future__ import annotations

import numpy as np
from ase import Atoms, units
from ase.filters import FrechetCellFilter
from ase.optimize import FIRE
from by_sevennet import each_start

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


def study(start: Atoms, calculator) -> tuple[dict, list[Atoms]]:
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
    return found, [crystal]


if __name__ == "__main__":
    each_start(study)
