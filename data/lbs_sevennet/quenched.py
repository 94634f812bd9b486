"""Frames of the glasses that LBS.rfmeam made (examples/glass/small.py), to be labelled: quenched/SAMPLE.extxyz.

./dev shell python data/lbs_sevennet/quenched.py

Of each seed the end of the melt at 3000 K and the glass at 300 K. A file that is there is left alone: structures
that have labels must not change.
"""

from pathlib import Path

from ase.data import atomic_numbers
from ase.io import read, write
from rfmeam.glass.composition import build_model, parse_sample

HERE = Path(__file__).resolve().parent
RUNS = HERE.parents[1] / "examples/glass/runs/small"


def main() -> None:
    (HERE / "quenched").mkdir(exist_ok=True)
    for folder in sorted(RUNS.glob("*-LBS")):
        sample = folder.name.removesuffix("-LBS")
        path = HERE / "quenched" / f"{sample.lower()}.extxyz"
        seeds = sorted(glass.parent for glass in folder.glob("seed-*/glass.extxyz"))
        if seeds and not path.exists():
            elements = build_model(parse_sample(sample), 300).counts
            types = {n: atomic_numbers[element] for n, element in enumerate(elements, 1)}
            frames = []
            for seed in seeds:
                frames.append(read(seed / "melt.data", format="lammps-data", atom_style="charge", Z_of_type=types))
                frames.append(read(seed / "glass.extxyz"))
            write(path, frames, format="extxyz", columns=["symbols", "positions"])
            print(f"{path}: {len(frames)} frames of {len(seeds)} seeds")


if __name__ == "__main__":
    main()
