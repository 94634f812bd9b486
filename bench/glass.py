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

LBS = Path(__file__).resolve().parents[1] / "potentials" / "LBS.lmp"
POTENTIALS = {"du": "du", "agc": "agc", "shik": "shik", "LBS": str(LBS)}
TIME_STEPS = {"LBS": 2.0}  # fs, as in examples/glass/small.py; of the others rfmeam glass has its own
REPEATS = 3
PROTOCOL = {"melt_temperature": 1500.0, "melt_time": 2.0, "rate": 1000.0, "relax_time": 4.0}


def rate(name: str, folder: Path) -> float:
    """katom-step/s (by wall time) of the relaxation at 300 K of a glass that is quenched at once."""
    model = composition.build_model(composition.parse_sample("40L30B30S"), 1000)
    potential = POTENTIALS[name]
    protocol = Protocol(**PROTOCOL, timestep=TIME_STEPS.get(name, force_field.timestep(potential)))
    quench = Quench(folder, model, force_field.load(potential, model), protocol, 1)
    quench.run(lammps.Machine(), force_field.data_folder(potential))
    return loops_of((folder / "relax.out").read_text())[-1][0]


def main() -> None:
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    with tempfile.TemporaryDirectory() as place:
        found = [[rate(name, Path(place) / f"{name}-{n}") for name in POTENTIALS] for n in range(REPEATS)]
    for name, rates in zip(POTENTIALS, zip(*found, strict=True), strict=True):
        print(f"{name}: {statistics.median(rates):.0f} katom-step/s ({min(rates):.0f} to {max(rates):.0f})")
    for name in ("shik", "LBS"):  # steps of it take so many times as long
        place = list(POTENTIALS).index(name)
        print(f"du over {name}: {statistics.median(row[0] / row[place] for row in found):.2f}")


if __name__ == "__main__":
    main()
