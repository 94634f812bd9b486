"""What the programs have in common that study structures with SevenNet-0: python PROGRAM.py FOLDER_OF_STARTS
FOLDER_OF_RESULTS [DEVICE]. They need ASE and sevenn only, and a GPU where DEVICE is not cpu.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from ase import Atoms
from ase.io import read, write

LIMIT = 56.0  # s for all: no start is begun later


def together(atoms: Atoms) -> Atoms:
    """The metal (column `metal`: 1) above the oxide, no atom across the cell's end, so that it can be pulled off."""
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


def each_start(study: Callable[[Atoms, object], tuple[dict, list[Atoms]]]) -> None:
    """study(start, calculator) of every NAME.extxyz: what it found goes to NAME.json, its frames to NAME.extxyz."""
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
