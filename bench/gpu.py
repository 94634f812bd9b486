"""Measures the kk styles on one GPU, with a core's plain styles beside them; prints a table. Run by gpu.sh."""

import sys
import tempfile
from pathlib import Path

from measure import LIF, Case, Samples, markdown, processor, version_of_lammps
from own import RFMEAM_ONLY, without_charges

REPEATS = 5
CELLS = [8, 16, 32, 50]  # 8 cells^3 atoms: 4096 to 1 000 000
STEPS = 100


def cases(folder: Path) -> list[list[Case]]:
    """The same input on the GPU, and at the smallest size on one core."""
    kinds = {
        "RF-MEAM + qeq/vc": {},
        "RF-MEAM of it": {"potential": without_charges(LIF, folder), "charges": "no"},
        "RF-MEAM, LiF of 80 neighbours": {"potential": RFMEAM_ONLY, "charges": "no", "timestep": 0.0001},
    }
    groups = []
    for name, variables in kinds.items():
        small = Case(f"{name}, one core", "in.lif", {**variables, "cells": CELLS[0], "steps": 30})
        groups.append([small])
        for cells in CELLS:
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
        samples.measure(cases(Path(folder)), REPEATS)
    print(f"{processor()}, LAMMPS {version_of_lammps()}; medians of {REPEATS} alternating runs (smallest to largest)\n")
    print(markdown(samples.table()))
    print(f"\nrfmeam over meam: {samples.ratio('rfmeam, Ni, GPU', 'meam, Ni, GPU'):.2f}")
    for kind in ("RF-MEAM + qeq/vc", "RF-MEAM of it", "RF-MEAM, LiF of 80 neighbours"):
        atoms = 8 * CELLS[-1] ** 3
        cores = samples.rate(f"{kind}, GPU, {atoms}") / samples.rate(f"{kind}, one core")
        print(f"{kind}: as fast as {cores:.0f} cores at {atoms} atoms")


if __name__ == "__main__":
    try:
        main()
    except RuntimeError as error:
        sys.exit(f"bench: {error}")
