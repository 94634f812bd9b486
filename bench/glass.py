"""What the glass force fields cost, on one core, alternating: katom-step/s of 40L30B30S.

./dev shell python bench/glass.py        # three minutes
"""

import os
import statistics
import tempfile
from pathlib import Path

from measure import loops_of
from rfmeam.glass import composition, force_field, lammps
from rfmeam.glass.protocol import Protocol
from rfmeam.glass.quench import Quench

POTENTIALS = ("du", "agc", "shik")
REPEATS = 3
PROTOCOL = {"melt_temperature": 1500.0, "melt_time": 2.0, "rate": 1000.0, "relax_time": 4.0}


def rate(potential: str, folder: Path) -> float:
    """katom-step/s (by wall time) of the relaxation at 300 K of a glass that is quenched at once."""
    model = composition.build_model(composition.parse_sample("40L30B30S"), 1000)
    protocol = Protocol(**PROTOCOL, timestep=force_field.timestep(potential))
    Quench(folder, model, force_field.load(potential, model), protocol, 1).run(lammps.Machine(), None)
    return loops_of((folder / "relax.out").read_text())[-1][0]


def main() -> None:
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    with tempfile.TemporaryDirectory() as place:
        found = [[rate(name, Path(place) / f"{name}-{n}") for name in POTENTIALS] for n in range(REPEATS)]
    for name, rates in zip(POTENTIALS, zip(*found, strict=True), strict=True):
        print(f"{name}: {statistics.median(rates):.0f} katom-step/s ({min(rates):.0f} to {max(rates):.0f})")
    ratios = [row[0] / row[2] for row in found]
    print(f"du over shik: {statistics.median(ratios):.2f}")


if __name__ == "__main__":
    main()
