"""Measures the kk styles on one GPU, with a core's plain styles beside them; prints a table. Run by gpu.sh."""

import sys
import tempfile
from pathlib import Path

from measure import HERE, LIF, Case, Samples, markdown, processor, version_of_lammps
from own import RFMEAM_ONLY, without_charges
from terms import with_long_range

REPEATS = 3
CELLS = [8, 16, 32, 50]  # 8 cells^3 atoms: 4096 to 1 000 000
STEPS = 100
WHOLE, BARE, WIDE = "RF-MEAM + qeq/vc", "RF-MEAM of it", "RF-MEAM, LiF of 80 neighbours"
ALL_TERMS = HERE.parent / "potentials/LiF-q.rfmeam"


def cases(folder: Path) -> list[list[Case]]:
    """The same input on the GPU, and at the smallest size on one core."""
    long = folder / "long.rfmeam"
    long.write_text(with_long_range())
    kinds = {
        WHOLE: ({}, CELLS),
        f"{WHOLE}, solver xl": ({"solver": "xl"}, CELLS),
        f"{WHOLE}, LiF-q.rfmeam": ({"potential": ALL_TERMS}, CELLS[::2]),
        f"{WHOLE}, long 9 Å, pppm 1e-4": ({"potential": long, "long": "yes"}, CELLS[::2]),
        BARE: ({"potential": without_charges(LIF, folder), "charges": "no"}, CELLS),
        WIDE: ({"potential": RFMEAM_ONLY, "charges": "no", "timestep": 0.0001}, CELLS[::2]),
    }
    groups = []
    for name, (variables, sizes) in kinds.items():
        small = Case(f"{name}, one core", "in.lif", {**variables, "cells": CELLS[0], "steps": 30})
        groups.append([small])
        for cells in sizes:
            case = Case(f"{name}, GPU, {8 * cells**3}", "in.lif", {**variables, "cells": cells, "steps": STEPS}, gpus=1)
            groups[-1].append(case)
    nickel = {"cells": 40, "steps": STEPS}  # 256 000 atoms
    groups.append(
        [Case(f"{style}, Ni, GPU", "in.meam", {"style": style, **nickel}, gpus=1) for style in ("rfmeam", "meam")]
    )
    return groups


def main() -> None:
    samples = Samples()
    with tempfile.TemporaryDirectory() as folder:
        groups = cases(Path(folder))
        samples.measure(groups, REPEATS)
    print(f"{processor()}, LAMMPS {version_of_lammps()}; medians of {REPEATS} alternating runs (smallest to largest)\n")
    print(markdown(samples.table()))
    print(f"\nrfmeam over meam: {samples.ratio('rfmeam, Ni, GPU', 'meam, Ni, GPU'):.2f}")
    for group in groups[:-1]:
        core, largest = group[0], group[-1]
        cores = samples.rate(largest.name) / samples.rate(core.name)
        print(f"{largest.name} atoms: as fast as {cores:.0f} such cores")


if __name__ == "__main__":
    try:
        main()
    except RuntimeError as error:
        sys.exit(f"bench: {error}")
