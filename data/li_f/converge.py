"""Makes the table of data/li_f/README.md: what cutoff, k-points and density grid do to energies, forces and charges.

./dev shell --with gpaw python data/li_f/converge.py      # goes on where it was; about half an hour on one core
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
from ase import Atoms
from ase.build import bulk
from rfmeam.reference import dft
from rfmeam.reference.structure_list import Family, read_list

HERE = Path(__file__).resolve().parent
LIST = read_list(HERE / "structures.yaml")


def rattled(atoms: Atoms, seed: int) -> Atoms:
    atoms.positions += np.random.default_rng(seed).normal(scale=0.08, size=(len(atoms), 3))
    return atoms


def cases() -> dict[str, list[Atoms]]:
    """Structures by system; energies are compared with the first of each."""
    return {
        "LiF": [bulk("LiF", "rocksalt", a=a) for a in (4.07, 3.85, 4.30)],
        "Li": [bulk("Li", "bcc", a=a) for a in (3.44, 3.25, 3.65)],
        "LiF rattled": [rattled(bulk("LiF", "rocksalt", a=4.07, cubic=True), 1)],
    }


def variants() -> dict[str, dict]:
    """What is changed, by name; the first of each kind is the reference."""
    return {
        "cutoff 800": {"cutoff": 800.0},
        "cutoff 640": {"cutoff": 640.0},
        "cutoff 540": {"cutoff": 540.0},
        "cutoff 480": {"cutoff": 480.0},
        "k 32": {"kpoint_length": 32.0},
        "k 24": {"kpoint_length": 24.0},
        "k 16": {"kpoint_length": 16.0},
        "k 12": {"kpoint_length": 12.0},
        "k 56": {"kpoint_length": 56.0},
        "k 42": {"kpoint_length": 42.0},
        "k 28": {"kpoint_length": 28.0},
        "grid 4": {"density_refinement": 4},
        "grid 2": {"density_refinement": 2},
    }


KINDS = {
    "LiF": [
        ("cutoff", ["800", "640", "540", "480"], {}),
        ("k", ["32", "24", "16", "12"], {}),
        ("grid", ["4", "2"], {}),
    ],
    "Li": [("cutoff", ["800", "540"], {"kpoint_length": 28.0}), ("k", ["56", "42", "28"], {})],
    "LiF rattled": [("cutoff", ["800", "540", "480"], {"kpoint_length": 8.0}), ("k", ["24", "16", "12"], {})],
}


def compute(python: str, system: str, number: int, atoms: Atoms, name: str, changes: dict) -> dict:
    atoms.info["label"] = f"converge-{system}-{number}-{name}".replace(" ", "")
    method = replace(LIST.method, **changes)
    family = Family("converge", "converge", {}, method, False, None, None, "fit", "")
    return dft.compute(python, family, atoms, HERE / "scratch")


def main() -> None:
    python = dft.interpreter()
    structures, changes = cases(), variants()
    print("| system | changed | energy differences (meV/atom) | forces (eV/Å) | stress (GPa) | Bader (e) |")
    print("|---|---|---|---|---|---|")
    for system, kinds in KINDS.items():
        for kind, values, common in kinds:
            found = {}
            for value in values:
                name = f"{kind} {value}"
                found[value] = [
                    compute(python, system, n, atoms.copy(), name, common | changes[name])
                    for n, atoms in enumerate(structures[system])
                ]
            reference = found[values[0]]
            atoms = len(structures[system][0])
            for value in values[1:]:
                shift = np.array([a["energy"] - b["energy"] for a, b in zip(found[value], reference, strict=True)])
                energy = 1000 * np.abs(shift - shift[0]).max() / atoms if len(shift) > 1 else None
                row = [
                    f"{energy:.2f}" if energy is not None else f"(total {1000 * shift[0] / atoms:+.1f})",
                    *(f"{largest(found[value], reference, key) * unit:.{digits}f}" for key, unit, digits in COLUMNS),
                ]
                print(f"| {system} | {kind} {value} against {values[0]} | {' | '.join(row)} |", flush=True)


COLUMNS = (("forces", 1.0, 4), ("stress", 160.2176634, 2), ("bader_charges", 1.0, 4))


def largest(found: list[dict], reference: list[dict], key: str) -> float:
    return max(np.abs(np.subtract(a[key], b[key])).max() for a, b in zip(found, reference, strict=True))


if __name__ == "__main__":
    main()
