"""How far a potential of Li-La-Zr-O is from SevenNet-0's labels: Markdown tables. Charges: llzo_charges.py.

./dev shell python potentials/fit/llzo_accuracy.py potentials/LLZO.rfmeam

Errors by group of what was held out and of what was fitted to; energies are after constants of the elements. Crystals
over volume and reactions are at the cells of the lists, atoms at the same fractions for both, so nothing is relaxed:
the volume of lowest energy is that of a parabola through the three lowest points.
"""

from pathlib import Path
from typing import Annotated, NamedTuple

import accuracy
import numpy as np
import typer
from ase import Atoms, units
from ase.io import read
from rfmeam.calculator import RFMEAM

from rfmeam import Potential

ROOT = Path(__file__).parents[2] / "data"
OXIDES = ("li2o", "li2o2", "la2o3", "zro2", "la2zr2o7", "lalio2", "li2zro3", "li6zr2o7", "li8zro6")
METALS = (
    "sn-la-",
    "sn-zr-",
    *(f"sn-li-{name}" for name in ("bcc", "fcc", "hcp", "vacancy", "surface", "liquid", "short")),
)

PRESSED = ("sn-rocksalt-", "sn-sc-")
NEAR_REST = ("-relaxed", "-pulled", "-600K")  # frames of SevenNet-0's own


def is_oxide(family: str) -> bool:
    return family.split("-")[1] in OXIDES


def is_random(family: str) -> bool:
    return family.endswith(("-rattled", "-varied", "-strained", "-hot"))


GROUPS = {
    "metals": lambda f: f.startswith(METALS),
    "oxides over volume": lambda f: is_oxide(f) and not is_random(f),
    "oxides, moved at random": lambda f: is_oxide(f) and is_random(f),
    "LLZO, tetragonal": lambda f: f.startswith("sn-llzo-") and not f.startswith(("sn-llzo-cubic", "sn-llzo-melt")),
    "LLZO, cubic": lambda f: f.startswith("sn-llzo-cubic"),
    "LLZO, molten": lambda f: f.startswith("sn-llzo-melt"),
    "La and Zr in Li": lambda f: f.startswith("sn-mixed-"),
    "Li with O": lambda f: f.startswith("sn-o-"),
    "Li on Li2O": lambda f: f == "sn-li-li2o",
    "Li on LLZO, not relaxed": lambda f: f.startswith("sn-li-llzo") and not f.endswith(NEAR_REST),
    "Li on LLZO, relaxed": lambda f: f.startswith("sn-li-llzo") and f.endswith("-relaxed"),
    "Li pulled off LLZO": lambda f: f.startswith("sn-li-llzo") and f.endswith("-pulled"),
    "Li on LLZO, 600 K": lambda f: f.startswith("sn-li-llzo") and f.endswith("-600K"),
    "short contacts": lambda f: f.startswith("sn-short-"),
    "pressed rocksalts and simple cubes": lambda f: f.startswith(PRESSED),
    "all but short contacts": lambda f: not f.startswith(("sn-short-", *PRESSED)),
}
# a crystal's family over volume; its name begins with the formula
CRYSTALS = {
    "Li": "sn-li-bcc-volume",
    "Li fcc": "sn-li-fcc-volume",
    "La": "sn-la-dhcp-volume",
    "Zr": "sn-zr-hcp-volume",
    "Zr bcc": "sn-zr-bcc-volume",
    "Li2O": "sn-li2o",
    "Li2O2": "sn-li2o2-volume",
    "La2O3": "sn-la2o3",
    "ZrO2": "sn-zro2",
    "ZrO2 tetragonal": "sn-zro2-tetragonal-volume",
    "ZrO2 cubic": "sn-zro2-cubic-volume",
    "La2Zr2O7": "sn-la2zr2o7-volume",
    "LaLiO2": "sn-lalio2-volume",
    "Li2ZrO3": "sn-li2zro3-volume",
    "Li6Zr2O7": "sn-li6zr2o7-volume",
    "Li8ZrO6": "sn-li8zro6-volume",
    "Li7La3Zr2O12": "sn-llzo-volume",
}
# products minus educts; energies of formation cannot be had without oxygen, so Li2O stands for it
REACTIONS = {
    "Li fcc - bcc": {"Li fcc": 1, "Li": -1},
    "Zr bcc - hcp": {"Zr bcc": 1, "Zr": -1},
    "ZrO2 tetragonal - monoclinic": {"ZrO2 tetragonal": 1, "ZrO2": -1},
    "ZrO2 cubic - monoclinic": {"ZrO2 cubic": 1, "ZrO2": -1},
    "La2O3 + 6 Li = 2 La + 3 Li2O": {"La": 2, "Li2O": 3, "La2O3": -1, "Li": -6},
    "ZrO2 + 4 Li = Zr + 2 Li2O": {"Zr": 1, "Li2O": 2, "ZrO2": -1, "Li": -4},
    "Li2O2 + 2 Li = 2 Li2O": {"Li2O": 2, "Li2O2": -1, "Li": -2},
    "La2O3 + 2 ZrO2 = La2Zr2O7": {"La2Zr2O7": 1, "La2O3": -1, "ZrO2": -2},
    "Li2O + La2O3 = 2 LaLiO2": {"LaLiO2": 2, "Li2O": -1, "La2O3": -1},
    "Li2O + ZrO2 = Li2ZrO3": {"Li2ZrO3": 1, "Li2O": -1, "ZrO2": -1},
    "3 Li2O + 2 ZrO2 = Li6Zr2O7": {"Li6Zr2O7": 1, "Li2O": -3, "ZrO2": -2},
    "4 Li2O + ZrO2 = Li8ZrO6": {"Li8ZrO6": 1, "Li2O": -4, "ZrO2": -1},
    "7/2 Li2O + 3/2 La2O3 + 2 ZrO2 = LLZO": {"Li7La3Zr2O12": 1, "Li2O": -3.5, "La2O3": -1.5, "ZrO2": -2},
}


class Lowest(NamedTuple):
    """Where a crystal's energy is lowest: volume (Å³) and energy (eV) of a formula unit, bulk modulus there (GPa)."""

    volume: float
    energy: float
    bulk_modulus: float


def structures(side: str) -> list[Atoms]:
    return [a for file in sorted((ROOT / "llzo_sevennet" / side).glob("*.extxyz")) for a in read(file, ":")]


def formula_units(name: str, atoms: Atoms) -> float:
    """How many of the formula that begins a crystal's name a cell has."""
    formula = Atoms(name.split()[0])
    return len(atoms) / len(formula)


def lowest(volumes: np.ndarray, energies: np.ndarray) -> Lowest:
    """The bottom of a parabola through the three lowest points; the volume is no farther out than they are."""
    order = np.argsort(energies)[:3]
    c2, c1, c0 = np.polyfit(volumes[order], energies[order], 2)
    volume = float(np.clip(-c1 / (2 * c2), volumes.min(), volumes.max()))
    return Lowest(volume, float(np.polyval([c2, c1, c0], volume)), float(2 * c2 * volume / units.GPa))


def crystals(potential: Potential) -> dict[str, tuple[Lowest, Lowest, tuple[float, float]]]:
    """Of a formula unit, by the labels and by the potential, no constants taken out; and the smallest and the largest
    volume that there is."""
    calculator = RFMEAM(potential)
    found = {}
    everything = structures("training") + structures("validation")
    for name, family in CRYSTALS.items():
        own = [a for a in everything if a.info["family"] == family]
        if len(own) < 3:
            continue
        count = np.array([formula_units(name, a) for a in own])
        volumes = np.array([a.get_volume() for a in own]) / count
        labels = np.array([a.get_potential_energy() for a in own]) / count
        mine = []
        for a in own:
            a = a.copy()
            a.calc = calculator
            mine.append(a.get_potential_energy())
        edges = float(volumes.min()), float(volumes.max())
        found[name] = lowest(volumes, labels), lowest(volumes, np.array(mine) / count), edges
    return found


def main(
    path: Annotated[Path, typer.Argument(help="*.rfmeam file", metavar="POTENTIAL")],
) -> None:
    """Writes the tables."""
    potential = Potential.read(path)
    print("| side | group | atoms | meV/atom | eV/Å |\n|---|---|---|---|---|")
    for side in ("validation", "training"):
        # pressed crystals, eV an atom up, would move the constants of the elements
        atoms = [a for a in structures(side) if not a.info["family"].startswith(PRESSED)]
        energies, forces, _ = accuracy.deviations(potential, atoms)
        table = accuracy.grouped(GROUPS, atoms, [a.info["family"] for a in atoms], energies, forces, None)
        for group, (count, *errors) in table.items():
            print(f"| {side} | {group} | {count} | {' | '.join(accuracy.error_cells(*errors)[:2])} |")
    found = crystals(potential)
    print("\n| crystal | volume of a formula: SevenNet-0 (Å³) | potential (Å³) | cell length (%) | bulk moduli (GPa) |")
    print("|---|---|---|---|---|")
    for name, (label, mine, edges) in found.items():
        at_edge = {label.volume, mine.volume} & set(edges)
        length = "at the edge of the data" if at_edge else f"{100 * ((mine.volume / label.volume) ** (1 / 3) - 1):+.2f}"
        moduli = f"{label.bulk_modulus:.0f}, {mine.bulk_modulus:.0f}"
        print(f"| {name} | {label.volume:.2f} | {mine.volume:.2f} | {length} | {moduli} |")
    print("\n| reaction | SevenNet-0 (eV) | potential (eV) | off (%) |\n|---|---|---|---|")
    for reaction, parts in REACTIONS.items():
        if set(parts) <= set(found):
            label, mine = (sum(n * found[name][model].energy for name, n in parts.items()) for model in (0, 1))
            print(f"| {reaction} | {label:+.3f} | {mine:+.3f} | {100 * (mine / label - 1):+.0f} |")


if __name__ == "__main__":
    typer.run(main)
