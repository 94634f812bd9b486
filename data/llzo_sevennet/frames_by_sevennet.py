"""Frames where SevenNet-0 itself goes: relaxations of lithium on LLZO, the metal pulled off, short dynamics.

    python frames_by_sevennet.py FOLDER_OF_STARTS FOLDER_OF_RESULTS [DEVICE]

Needs ASE and sevenn only, and a GPU where DEVICE is not cpu. A start is an extended XYZ file with a column `metal`
(1 for atoms of the metal, 0 for the oxide; all 0: nothing to pull off), and in its second line, if need be,
temperature (K) and frames (steps of dynamics after which one is kept). Writes NAME.extxyz with the frames, atoms
sorted by element and wrapped as `rfmeam reference build` does it, and NAME.jsonl with their labels, by the sha256 of
the line that the build would send.
"""

from __future__ import annotations

import hashlib
import json
import sys
import time
from importlib.metadata import version
from pathlib import Path

import numpy as np
from ase import Atoms, units
from ase.build import sort
from ase.io import read, write
from ase.md.velocitydistribution import MaxwellBoltzmannDistribution
from ase.md.verlet import VelocityVerlet
from ase.optimize import FIRE

LIMIT = 55.0  # s for all: no start is begun later
RELAXATION = (8, 25, 70)  # steps after which a frame is kept; of starts without metal the first only
PULLED = (-0.4, 0.5, 1.0, 2.0, 4.0)  # Å, of the relaxed interface
TEMPERATURE, TIME_STEP = 600.0, 2.0  # K, fs
DYNAMICS = (25, 50)  # steps after which a frame is kept


def pulled(atoms: Atoms, distance: float) -> Atoms:
    """Both interfaces opened by a distance (Å), no atom moved inside of either side."""
    metal = atoms.arrays["metal"] == 1
    apart = atoms.copy()
    apart.positions[metal, 2] += distance
    apart.cell[2, 2] += 2 * distance
    return apart


def together(atoms: Atoms) -> Atoms:
    """The metal above the oxide, no atom across the cell's end, so that it can be pulled off."""
    metal = atoms.arrays["metal"] == 1
    height = atoms.cell[2, 2]
    middle = np.angle(np.exp(2j * np.pi * atoms.positions[~metal, 2] / height).mean()) * height / (2 * np.pi)
    made = atoms.copy()
    made.positions[~metal, 2] -= height * np.round((made.positions[~metal, 2] - middle) / height)
    upper = made.positions[metal, 2]
    made.positions[metal, 2] = upper - height * np.floor((upper - middle) / height)
    return made


def visited(start: Atoms, calculator) -> list[Atoms]:
    """The frames of one start."""
    atoms, frames, at = start.copy(), [], 0
    atoms.calc = calculator
    optimiser = FIRE(atoms, logfile=None, maxstep=0.12)
    has_metal = bool((start.arrays["metal"] == 1).any())
    for step in RELAXATION if has_metal else RELAXATION[:1]:
        optimiser.run(fmax=0.02, steps=step - at)
        at = step
        frames.append(atoms.copy())
    if has_metal:
        frames += [pulled(together(atoms), distance) for distance in PULLED]
    # half of the kinetic energy becomes potential energy
    MaxwellBoltzmannDistribution(
        atoms, temperature_K=2 * start.info.get("temperature", TEMPERATURE), rng=np.random.RandomState(1)
    )
    dynamics, at = VelocityVerlet(atoms, TIME_STEP * units.fs), 0
    for step in np.atleast_1d(start.info.get("frames", DYNAMICS)).tolist():
        dynamics.run(step - at)
        at = step
        frames.append(atoms.copy())
    return frames


def main() -> None:
    from sevenn.calculator import SevenNetCalculator

    starts, results = Path(sys.argv[1]), Path(sys.argv[2])
    results.mkdir(parents=True, exist_ok=True)
    calculator = SevenNetCalculator("7net-0", device=sys.argv[3] if len(sys.argv) > 3 else "cuda")
    begin = time.time()
    for file in sorted(starts.glob("*.extxyz")):
        if time.time() - begin > LIMIT:
            print(f"{file.stem}: no time left", flush=True)
            continue
        start, kept, labels = read(file), [], []
        for frame in visited(start, calculator):
            plain = Atoms(frame.symbols, positions=frame.positions, cell=frame.cell, pbc=True)
            plain.wrap()
            plain = sort(plain)
            plain.positions, plain.cell = plain.positions.round(8), plain.cell.array.round(8)
            job = {"symbols": plain.get_chemical_symbols(), "positions": plain.positions.tolist()}
            job["cell"] = plain.cell.array.tolist()
            plain.calc, clock = calculator, time.process_time()
            energy = float(plain.get_potential_energy())
            answer = {
                "energy": energy,
                "free_energy": energy,
                "forces": plain.get_forces().round(6).tolist(),
                "stress": plain.get_stress(voigt=True).tolist(),
                "seconds": time.process_time() - clock,
                "program": f"SevenNet-0 of sevenn {version('sevenn')}",
            }
            labels.append({"key": hashlib.sha256(json.dumps(job).encode()).hexdigest(), "answer": answer})
            plain.calc = None
            kept.append(plain)
        write(results / file.name, kept, format="extxyz")
        lines = "".join(json.dumps(label) + "\n" for label in labels)
        (results / f"{file.stem}.jsonl").write_text(lines, encoding="utf-8")
        energies = [round(label["answer"]["energy"], 3) for label in labels]
        print(f"{file.stem}: {len(start)} atoms, {time.time() - begin:.0f} s, {energies}", flush=True)


if __name__ == "__main__":
    main()
