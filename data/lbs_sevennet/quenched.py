"""Frames of the glasses that LBS.rfmeam made (examples/glass/small.py), to be labelled: quenched/SAMPLE….extxyz.

./dev shell python data/lbs_sevennet/quenched.py --round 3 [--runs FOLDER] [--seeds 2]

Of each seed the end of the melt at 3000 K and the glass at 300 K; the names of round 2, which was the first, have no
number. A file that is there is left alone: structures that have labels must not change.
"""

import argparse
from pathlib import Path

from ase.data import atomic_numbers
from ase.io import read, write
from rfmeam.glass.composition import build_model, parse_sample

HERE = Path(__file__).resolve().parent
RUNS = HERE.parents[1] / "examples/glass/runs/small"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--round", type=int, required=True, help="of the fit that made the glasses")
    parser.add_argument("--runs", type=Path, default=RUNS, help="where the runs lie")
    parser.add_argument("--seeds", type=int, default=3, help="at most, of each sample")
    arguments = parser.parse_args()
    suffix = "" if arguments.round == 2 else f"-round{arguments.round}"
    (HERE / "quenched").mkdir(exist_ok=True)
    for folder in sorted(arguments.runs.glob("*-LBS")):
        sample = folder.name.removesuffix("-LBS")
        path = HERE / "quenched" / f"{sample.lower()}{suffix}.extxyz"
        seeds = sorted(glass.parent for glass in folder.glob("seed-*/glass.extxyz"))[: arguments.seeds]
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
