"""Judges finished glasses: every number of one seed, then mean and standard error over the
seeds."""

import math
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from ase import Atoms

from ..errors import UserError
from . import lammps
from .analysis import network, ring_sizes, rings, scattering, transition
from .composition import AVOGADRO, FORMERS
from .published_curves import Curve, compare
from .quench import Quench

FRAMES = 5  # snapshots that structure is averaged over
LINES_BELOW = 2000.0  # K: above it enthalpy and volume of the liquid are no straight lines


def judge(quench: Quench) -> dict:
    """Numbers (`values`), distributions, curves and remarks on one finished glass.

    Structure is the mean over snapshots of the second half of the relaxation at 300 K.
    """
    frames = quench.frames()
    frames = frames[:: max(1, len(frames) // FRAMES)][-FRAMES:]
    cutoffs = network.cutoffs_of(frames)
    means = structure(frames, cutoffs)
    record = lammps.read_record(quench.folder / "relax.txt")
    values = {"density g/cm3": quench.model.density(float(record[len(record) // 2 :, 3].mean()))}
    values |= {name: value for name, value in means.items() if not isinstance(value, dict)}
    result = {
        "seed": quench.seed,
        "values": values,
        "bond cutoffs A": cutoffs,
        "distributions": {name: value for name, value in means.items() if isinstance(value, dict)},
        "curves": curves(frames),
        "remarks": [],
    }
    cooling = lammps.read_record(quench.folder / "cool.txt")
    cooling = cooling[cooling[:, 1] < LINES_BELOW]
    enthalpy = lammps.enthalpy(cooling, quench.model.atoms)
    quantities = {"enthalpy": enthalpy, "volume": cooling[:, 3]}
    if quench.protocol.density is not None:
        del quantities["volume"]
    for name, quantity in quantities.items():
        try:
            found = transition.glass_transition(cooling[:, 1], quantity)
        except ValueError as error:
            result["remarks"].append(f"no glass transition from the {name}: {error}")
            continue
        values[f"Tg from {name} K"] = found.temperature
        values[f"Tg from {name}, error of the fit K"] = found.error
    return result


def structure(frames: list[Atoms], cutoffs: dict[str, float]) -> dict:
    """Numbers and distributions (dicts) of the network, mean over frames; cutoffs in Å."""
    described = []
    for atoms in frames:
        net = network.build_network(atoms, cutoffs)
        sizes = {"links by their shortest ring %": ring_sizes.ring_sizes(net)}
        described.append(network.describe(net) | rings.describe(net) | sizes)
    return _mean(described)


def judge_structures(
    frames: list[Atoms], cutoffs: dict[str, float], published: Iterable[Curve] = ()
) -> dict:
    """`judge` for structures of any source: `values`, `distributions`, `bond cutoffs A`; where
    there are published curves also `curves` and what they are `beside`.

    cutoffs: of some formers to oxygen, Å; the others are found as in `judge`. Raises UserError.
    """
    present = network.formers_in(frames[0])
    if not present or "O" not in frames[0].symbols:
        raise UserError(
            f"{frames[0].get_chemical_formula()}: no network of oxygen and {', '.join(FORMERS)}"
        )
    for former in cutoffs:
        if former not in present:
            raise UserError(f"--cutoff {former}: not among the formers {', '.join(present)}")
    if missing := [former for former in present if former not in cutoffs]:
        found = network.cutoffs_of(frames, missing)
        cutoffs = {former: cutoffs.get(former) or found[former] for former in present}
    means = structure(frames, cutoffs)
    density = np.mean([atoms.get_masses().sum() / atoms.get_volume() for atoms in frames])
    values = {"density g/cm3": float(density / AVOGADRO)}
    values |= {name: value for name, value in means.items() if not isinstance(value, dict)}
    found = {
        "frames": len(frames),
        "values": values,
        "bond cutoffs A": cutoffs,
        "distributions": {name: value for name, value in means.items() if isinstance(value, dict)},
    }
    counts = frames[0].symbols.formula.count()
    for curve in published:
        curve.check(counts)
    if published:
        found["curves"] = curves(frames[:: max(1, len(frames) // FRAMES)])
        found["beside"] = [compare(each, [found["curves"]], counts) for each in published]
    return found


def summarise(seeds: Iterable[dict]) -> dict[str, dict]:
    """Mean, standard error (None for one seed) and number of seeds of every value."""
    by_name: dict[str, list[float]] = {}
    for seed in seeds:
        for name, value in seed["values"].items():
            by_name.setdefault(name, []).append(value)
    return {name: _statistics(values) for name, values in by_name.items()}


def _statistics(values: list[float]) -> dict:
    n = len(values)
    error = float(np.std(values, ddof=1) / math.sqrt(n)) if n > 1 else None
    return {"mean": float(np.mean(values)), "error": error, "seeds": n}


def _mean(described: list[dict]) -> dict:
    """Means of numbers and of distributions; a missing entry counts as 0."""
    result = {}
    for name in described[0]:
        parts = [one[name] for one in described]
        if isinstance(parts[0], dict):
            keys = sorted({key for part in parts for key in part}, key=lambda key: (len(key), key))
            result[name] = {
                key: float(np.mean([part.get(key, 0.0) for part in parts])) for key in keys
            }
        else:
            result[name] = float(np.mean(parts))
    return result


def curves(frames: list[Atoms]) -> dict[str, list[float]]:
    """g(r) of formers and oxygen (`r`, `g B-O`, …) over all frames, structure factors (`q`,
    `S neutron`, `S xray`, `S B-O`, …) over the last two, rounded for a small file."""
    found = {}
    for former in network.formers_in(frames[0]):
        r, g = network.partial_rdf(frames, former, "O", network.R_MAX)
        found["r"], found[f"g {former}-O"] = r, g
    for name, values in scattering.structure_factors(frames[-2:]).items():
        found["q" if name == "q" else f"S {name}"] = values
    return {name: [round(float(x), 4) for x in values] for name, values in found.items()}


def seed_folder(folder: Path, seed: int) -> Path:
    return folder / f"seed-{seed}"
