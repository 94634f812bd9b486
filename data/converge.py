"""Makes the tables of convergence of the README.md beside each list: cutoff, k-points, density grid, Bader reach.

./dev shell --with gpaw python data/converge.py             # goes on where it was; about two hours on one core
./dev shell --with gpaw python data/converge.py mixture     # one system
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from ase import Atoms
from ase.build import bulk
from rfmeam.properties import GPA
from rfmeam.reference import dft
from rfmeam.reference.structure_list import Family, StructureList, read_list

HERE = Path(__file__).resolve().parent
LI_F = read_list(HERE / "li_f" / "structures.yaml")
OXIDES = read_list(HERE / "oxides" / "structures.yaml")
LBS = read_list(HERE / "lbs" / "structures.yaml")
LLZO = read_list(HERE / "llzo" / "structures.yaml")
FIELDS = {
    "cutoff": "cutoff",
    "spacing": "grid_spacing",
    "k": "kpoint_length",
    "density grid": "density_refinement",
    "reach": "basin_reach",
}
COLUMNS = (("forces", 1.0, 4), ("stress", GPA, 2), ("bader_charges", 1.0, 4))


@dataclass
class System:
    """Structures computed alike; energies are compared with the first of them.

    scans: by field of FIELDS the values, the first of them the reference, and what else is changed.
    """

    family: Family
    structures: list[Atoms]
    scans: list[tuple[str, list[float], dict]]


def crystal(structures: list[Atoms], *scans: tuple) -> System:
    family = Family("converge", "converge", {}, LI_F.method)
    return System(family, structures, list(scans))


def rattled(atoms: Atoms, seed: int) -> Atoms:
    atoms.positions += np.random.default_rng(seed).normal(scale=0.08, size=(len(atoms), 3))
    return atoms


def listed(labels: list[str], *scans: tuple, of: StructureList = LI_F) -> System:
    """Structures of a list, computed as their family says but for what is scanned."""
    family = of.family(labels[0].split("/")[0])
    stored = {atoms.info["label"]: atoms for atoms in of.structures(family)}
    return System(family, [stored[label] for label in labels], list(scans))


def oxide(name: str) -> System:
    """At the measured volume and two others: elements' atoms at other distances."""
    labels = [f"{name}/{number:02d}" for number in (2, 0, 4)]
    return listed(labels, ("cutoff", [800.0, 540.0], {}), ("k", [24.0, 16.0], {}), of=OXIDES)


def systems() -> dict[str, System]:
    return {
        "LiF": crystal(
            [bulk("LiF", "rocksalt", a=a) for a in (4.07, 3.85, 4.30)],
            ("cutoff", [800.0, 640.0, 540.0, 480.0], {}),
            ("k", [32.0, 24.0, 16.0, 12.0], {}),
            ("density grid", [4, 2], {}),
        ),
        "Li": crystal(
            [bulk("Li", "bcc", a=a) for a in (3.44, 3.25, 3.65)],
            ("cutoff", [800.0, 540.0], {"kpoint_length": 28.0}),
            ("k", [56.0, 42.0, 28.0], {}),
        ),
        "LiF rattled": crystal(
            [rattled(bulk("LiF", "rocksalt", a=4.07, cubic=True), 1)],
            ("cutoff", [800.0, 540.0, 480.0], {"kpoint_length": 8.0}),
            ("k", [24.0, 16.0, 12.0], {}),
        ),
        "lif-molten": listed(
            ["lif-molten/00", "lif-molten/02"],
            ("spacing", [0.13, 0.165, 0.187], {}),
            ("cutoff", [800.0, 540.0], {}),
        ),
        "lif-900K": listed(["lif-900K/00", "lif-900K/01"], ("k", [16.0, 6.0], {})),
        "li-bcc-strained": listed(["li-bcc-strained/01", "li-bcc-strained/02"], ("k", [84.0, 70.0, 56.0, 42.0], {})),
        "li-bcc-600K": listed(["li-bcc-600K/00"], ("k", [28.0, 17.0], {})),
        "li-bcc-rattled": listed(["li-bcc-rattled/00"], ("k", [28.0, 21.0], {})),
        "li-surface-001": listed(["li-surface-001/00", "li-surface-001/01"], ("k", [42.0, 28.0], {})),
        "interface-coherent": listed(["interface-coherent/00", "interface-coherent/08"], ("k", [35.0, 23.0, 20.0], {})),
        "smearing 0.2 eV": listed(
            ["interface-coherent/00", "interface-coherent/08"], ("k", [35.0, 23.0], {"smearing_width": 0.2})
        ),
        "mixture": listed(["mixture-75/00", "mixture-75/01"], ("k", [24.0, 16.0], {})),
        "mixture-59": listed(["mixture-59/00"], ("k", [24.0, 16.0], {}), ("density grid", [4, 2], {})),
        "stray electron": listed(["mixture-59/00"], ("reach", [9.0, 2.5, 2.1], {})),
        "molecule": listed(["lif-dimer/04"], ("reach", [9.0, 2.5, 2.1], {})),
        "lif-dimer": listed(["lif-dimer/04", "lif-dimer/01", "lif-dimer/07"], ("cutoff", [800.0, 540.0], {})),
        "f2-distance": listed(["f2-distance/04", "f2-distance/00", "f2-distance/07"], ("cutoff", [800.0, 540.0], {})),
        **{name: oxide(name) for name in ("li2o", "quartz", "la2o3", "b2o3-ii", "zro2")},
        **{
            name: listed([f"{name}/02"], ("k", [20.0, 10.0], {}), of=LBS)
            for name in ("quartz-rattled", "b2o3-i-rattled", "li2sio3-rattled")
        },
        "bo-dimer": listed(["bo-dimer/04", "bo-dimer/00", "bo-dimer/06"], ("cutoff", [800.0, 540.0], {}), of=LBS),
        "glass": listed(["glass-40l30b30s-du/00"], ("k", [16.0, 6.0], {}), of=LBS),
        "la-fcc": listed(["la-fcc-volume/03", "la-fcc-volume/01"], ("k", [48.0, 32.0], {}), of=LLZO),
        "zr-hcp": listed(["zr-hcp-volume/03", "zr-hcp-volume/01"], ("k", [48.0, 32.0], {}), of=LLZO),
        "zro2-rattled": listed(["zro2-rattled/02"], ("k", [20.0, 10.0], {}), of=LLZO),
    }


def largest(found: list[dict], reference: list[dict], key: str) -> float:
    pairs = zip(found, reference, strict=True)
    return max(np.abs(np.subtract(a[key], b[key])).max() for a, b in pairs)


def row(name: str, atoms: int, found: list[dict], reference: list[dict]) -> str:
    """A line of the table: the largest changes against the reference."""
    shift = np.array([a["energy"] - b["energy"] for a, b in zip(found, reference, strict=True)])
    differences = f"{1000 * np.abs(shift - shift[0]).max() / atoms:.2f}" if len(shift) > 1 else ""
    changes = [f"{largest(found, reference, key) * unit:.{digits}f}" for key, unit, digits in COLUMNS]
    if "cutoff" in name:  # what the stress lacks is known at the list's cutoff only
        changes[1] = ""
    lowest = min(min(result["bader_charges"]) for result in found)
    cells = [name, f"{1000 * shift[0] / atoms:+.2f}", differences, *changes, f"{lowest:.3f}"]
    return f"| {' | '.join(cells)} |"


def scan(python: str, name: str, system: System) -> None:
    """Prints the lines of a system. Equal settings in two scans are computed once."""
    for number, atoms in enumerate(system.structures):
        atoms.info["label"] = f"converge-{name}-{number}".replace(" ", "")
    for kind, values, common in system.scans:
        results = []
        for value in values:
            changes = common | {FIELDS[kind]: value}
            if changes.get("cutoff", 0) not in (0, system.family.method.cutoff):
                changes["dedcutoff"] = {}  # known at the list's cutoff only
            method = replace(system.family.method, **changes)
            family = replace(system.family, method=method)
            results.append([dft.compute(python, family, atoms, LI_F.scratch) for atoms in system.structures])
        for value, found in zip(values[1:], results[1:], strict=True):
            title = f"{name} | {kind} {value:g} against {values[0]:g}"
            print(row(title, len(system.structures[0]), found, results[0]), flush=True)


def main() -> None:
    python = dft.interpreter()
    found = systems()
    heads = ["system", "changed", "energy", "differences (meV/atom)", "forces (eV/Å)", "stress (GPa)"]
    print(f"| {' | '.join([*heads, 'Bader (e)', 'lowest charge (e)'])} |")
    print("|---|---|---|---|---|---|---|---|")
    for name in sys.argv[1:] or found:
        scan(python, name, found[name])


if __name__ == "__main__":
    main()
