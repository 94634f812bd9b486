"""Relaxes interfaces with SevenNet-0 and takes them apart: structure and work of separation.

    python relax_by_sevennet.py FOLDER_OF_STARTS FOLDER_OF_RESULTS [DEVICE]

Needs ASE and sevenn only, and a GPU where DEVICE is not cpu. A start is an extended XYZ file whose
column `metal` is 1 for atoms of the metal and 0 for the oxide or salt below it; atoms and height of
the cell are relaxed. Writes NAME.extxyz (start, relaxed interface, relaxed sides) and NAME.json:
energies in eV; J/m² of separating it rigidly, and with both sides relaxed.
"""

from __future__ import annotations

import numpy as np
from ase import Atoms, units
from ase.filters import FrechetCellFilter
from ase.optimize import FIRE
from by_sevennet import each_start, together

STEPS, SIDE_STEPS, FORCE = 110, 50, 0.05  # at most, eV/Å
VACUUM = 12.0  # Å
J_PER_M2 = units.J / units.m**2


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


if __name__ == "__main__":
    each_start(study)
