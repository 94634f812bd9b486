"""Takes the labelled frames of md_gpu.py into the list: structures/md-….extxyz and their results.

./dev shell python data/lbs_sevennet/md_frames.py FRAMES.jsonl

The families md-NAME of structures.yaml, NAME: what a trajectory's name has before its colon. Their frames are in the
order of the trajectories and of time. A family that has structures is left alone.
"""

import json
import sys
from pathlib import Path

import numpy as np
from ase import Atoms
from ase.io import write
from rfmeam.reference.build import add_result, missing
from rfmeam.reference.structure_list import read_list

HERE = Path(__file__).resolve().parent


def main() -> None:
    frames: dict[str, list[dict]] = {}
    for line in Path(sys.argv[1]).read_text("utf-8").splitlines():
        frame = json.loads(line)
        frames.setdefault(frame["name"].partition(":")[0], []).append(frame)
    structures = read_list(HERE / "structures.yaml")
    for name, found in frames.items():
        family = structures.family(f"md-{name}")
        if structures.structures_file(family).exists():
            continue
        found.sort(key=lambda frame: (frame["name"], frame["step"]))
        path = HERE / family.recipe["start"]["file"]["path"]
        path.parent.mkdir(exist_ok=True)
        write(path, [Atoms(f["symbols"], f["positions"], cell=f["cell"], pbc=True) for f in found], format="extxyz")
        made = structures.structures(family)
        for frame, task in zip(found, missing(structures, [family.name]), strict=True):
            same_order(task.structure, frame)
            result = {key: frame[key] for key in ("energy", "stress", "program")}
            result |= {"free_energy": frame["energy"], "forces": frame["forces"], "seconds": 0.0}
            add_result(structures, task, result | {"positions": task.structure.positions})
        print(f"{family.name}: {len(made)} frames")


def same_order(structure: Atoms, frame: dict) -> None:
    """SystemExit unless the structure is the frame, but for wrapped atoms."""
    moved = np.array(frame["positions"]) - structure.positions
    cells = moved @ np.linalg.inv(structure.cell.array)
    if structure.get_chemical_symbols() != frame["symbols"] or np.abs(cells - cells.round()).max() > 2e-6:
        raise SystemExit(f"{structure.info['label']}: is not {frame['name']} at step {frame['step']}")


if __name__ == "__main__":
    main()
