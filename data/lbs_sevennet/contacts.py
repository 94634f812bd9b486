"""Frames with two cations too near each other, to be labelled: contacts/COMPOSITION.extxyz, families contact-….

./dev shell python data/lbs_sevennet/contacts.py

Boron that falls into boron in melts of 4000 K by a potential that lets it (round 3 of LBS.rfmeam): of each trajectory
the first frame for each 0.15 Å of the shortest B-B distance, on the way over the barrier and behind it. Then, from the
frame whose boron is least close, two cations next to each other moved towards each other, each half of the way. A
file that is there is left alone: structures that have labels must not change.
"""

from pathlib import Path

import numpy as np
from ase import Atoms
from ase.io import write
from rfmeam.reference.melt import melt

HERE = Path(__file__).resolve().parent
POTENTIAL = str(HERE.parents[1] / "potentials/fit/LBS-round3/LBS-round3.lmp")
# formula units and density (g/cm³) of the melt
MELTS = {
    "33l67b": ({"Li2O": 4, "B2O3": 8}, 2.35),
    "40l30b30s": ({"Li2O": 8, "B2O3": 6, "SiO2": 6}, 2.45),
    "20l60b20s": ({"Li2O": 2, "B2O3": 6, "SiO2": 2}, 2.25),
    "60l25b15s": ({"Li2O": 12, "B2O3": 5, "SiO2": 3}, 2.35),
    "30l50b20s": ({"Li2O": 3, "B2O3": 5, "SiO2": 2}, 2.4),
    "b2o3": ({"B2O3": 10}, 2.0),
}
TEMPERATURE, TIME, BETWEEN = 4000.0, 4.0, 0.01  # K, ps, ps between frames
NEAR, FAR, BIN = 0.9, 2.25, 0.15  # Å
LEAST = 0.85  # Å, of oxygen from anything: the rest is not of interest
# Å, of two boron atoms in every melt, of other cations in these
BORON = (0.9, 1.15, 1.4, 1.65, 1.9)
OTHERS = ("20l60b20s", "40l30b30s", "30l50b20s")
DISTANCES = {"Li-Li": (1.2, 1.7), "Li-B": (1.0, 1.5), "Li-Si": (1.2, 1.7), "B-Si": (1.1, 1.7), "Si-Si": (1.2, 1.9)}


def main() -> None:
    (HERE / "contacts").mkdir(exist_ok=True)
    for number, (name, (units, density)) in enumerate(MELTS.items()):
        path = HERE / "contacts" / f"{name}.extxyz"
        if path.exists():
            continue
        frames = melt(
            np.random.default_rng([2026, number]),
            units=units,
            potential=POTENTIAL,
            densities=[density],
            temperatures=[TEMPERATURE],
            melt_time=TIME,
            frames=round(TIME / BETWEEN),
        )
        chosen = by_distance(frames)
        apart = max(frames, key=lambda atoms: shortest(atoms, "B", "B")[0])
        wanted = {"B-B": BORON} | (DISTANCES if name in OTHERS else {})
        moved = [pushed(apart, *pair.split("-"), d) for pair, all_d in wanted.items() for d in all_d]
        chosen += [atoms for atoms in moved if shortest(atoms, "O", "*")[0] > LEAST]
        write(path, chosen, format="extxyz", columns=["symbols", "positions"])
        print(f"{path}: {len(chosen)} frames", flush=True)


def shortest(atoms: Atoms, first: str, second: str) -> tuple[float, int, int]:
    """The shortest distance of two elements' atoms (Å; *: of any), and which two they are."""
    symbols = np.array(atoms.get_chemical_symbols())
    firsts, seconds = (np.flatnonzero((symbols == s) | (s == "*")) for s in (first, second))
    found = [atoms.get_distances(i, seconds, mic=True) for i in firsts]
    distances = np.where(firsts[:, None] == seconds, np.inf, found)
    i, j = np.unravel_index(np.argmin(distances), distances.shape)
    return distances[i, j], firsts[i], seconds[j]


def by_distance(frames: list[Atoms]) -> list[Atoms]:
    """The first frame of each bin of the shortest B-B distance."""
    distances = np.array([shortest(atoms, "B", "B")[0] for atoms in frames])
    bins = np.floor((distances - NEAR) / BIN).astype(int)
    inside = (distances >= NEAR) & (distances < FAR)
    return [frames[np.flatnonzero(inside & (bins == b))[0]] for b in np.unique(bins[inside])]


def pushed(atoms: Atoms, first: str, second: str, distance: float) -> Atoms:
    """The two nearest atoms of these elements at another distance (Å), their middle where it was."""
    _, i, j = shortest(atoms, first, second)
    moved = atoms.copy()
    moved.set_distance(i, j, distance, fix=0.5, mic=True)
    return moved


if __name__ == "__main__":
    main()
