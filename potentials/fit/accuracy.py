"""How far potentials are from the Li-F reference data: a table of errors, and the relaxed interfaces.

./dev shell python potentials/fit/accuracy.py potentials/LiF.rfmeam potentials/LiF-q.rfmeam

Errors are RMS over data/li_f, side by side for each potential. Energies are after constants of the elements, fitted to
the condensed phases of that side alone. An interface is relaxed from the DFT's own minimum, atoms and height, to
0.01 eV/Å; the movement of the first metal layer is against bulk lithium strained alike, as in data/li_f/RESULTS.md.
"""

import importlib.util
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Annotated

import numpy as np
import typer
from ase import Atoms
from ase.filters import FrechetCellFilter
from ase.io import read
from ase.optimize import BFGS
from rfmeam.calculator import RFMEAM, system_of

from rfmeam import Potential, StructureSet

DATA = Path(__file__).parents[2] / "data/li_f"


def load_report() -> ModuleType:
    """data/li_f/report.py; by its path, as another program of the repository has that name, too."""
    spec = importlib.util.spec_from_file_location("li_f_report", DATA / "report.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


report = load_report()

GAS = ("atom-", "f2-distance", "f2-short", "f2-stretched", "f2-two", "li2-", "lif-dimer")
PRESSED = ("li-pressed", "li-short", "lif-pressed")


def is_metal(family: str) -> bool:
    return family.startswith("li-") and not family.startswith(("li-in", "li-on", *PRESSED))


def is_salt(family: str) -> bool:
    return family.startswith("lif-") and not family.startswith(("lif-molten", *GAS, *PRESSED))


GROUPS: dict[str, Callable[[str], bool]] = {
    "metal": is_metal,
    "salt": is_salt,
    "molten salt": lambda family: family.startswith("lif-molten"),
    "mixtures, F and Li elsewhere": lambda f: f.startswith(("mixture", "f-", "f2-in", "li-in", "li-on")),
    "interface": lambda family: family.startswith("interface"),
    "all condensed": lambda family: not family.startswith((*GAS, *PRESSED)),
}


def structures(side: str) -> tuple[list[Atoms], list[str]]:
    """The structures of a side of the data, and their families."""
    atoms, families = [], []
    for file in sorted((DATA / side).glob("*.extxyz")):
        found = read(file, ":")
        atoms += found
        families += [file.stem] * len(found)
    return atoms, families


def errors(potential: Potential, side: str) -> dict[str, tuple[int, float, float, float]]:
    """For each group: atoms, RMS errors of energies (meV/atom), forces (eV/Å) and charges (e)."""
    atoms, families = structures(side)
    result = StructureSet(potential, [system_of(a) for a in atoms]).evaluate(potential)
    counts = np.array([[list(a.symbols).count(e) for e in potential.elements] for a in atoms])
    sizes = counts.sum(axis=1)
    reference = np.array([a.get_potential_energy(force_consistent=True) for a in atoms])
    condensed = np.array([GROUPS["all condensed"](family) for family in families])
    per_atom = (reference - result.energy) / sizes
    constants, *_ = np.linalg.lstsq(counts[condensed] / sizes[condensed, None], per_atom[condensed], rcond=None)
    energy = 1000 * (per_atom - counts @ constants / sizes)
    owner = np.repeat(np.arange(len(atoms)), sizes)
    force = result.forces - np.concatenate([a.get_forces() for a in atoms])
    charge = result.charges - np.concatenate([a.arrays["bader_charge"] for a in atoms])
    table = {}
    for name, belongs in GROUPS.items():
        chosen = np.array([belongs(family) for family in families])
        if chosen.any():
            own = chosen[owner]
            table[name] = (int(own.sum()), rms(energy[chosen]), rms(force[own]), rms(charge[own]))
    return table


def rms(values: np.ndarray) -> float:
    return float(np.sqrt(np.mean(values**2)))


def first_layer(potential: Potential, family: str) -> tuple[float, np.ndarray]:
    """Movement of the first metal layer towards the metal (Å), and charges of the metal's layers (e)."""
    atoms = report.frames(family)[0].copy()
    atoms.calc = RFMEAM(potential)
    height_only = FrechetCellFilter(atoms, mask=[False, False, True, False, False, False])
    BFGS(height_only, logfile=None).run(fmax=0.01, steps=300)
    spacings = report.metal_spacings(atoms)
    bulk = []
    for cell in report.frames(family.replace("-relaxed", "-bulk")):
        cell = cell.copy()
        cell.calc = RFMEAM(potential)
        bulk.append((cell.cell[2, 2] / 2, cell.get_potential_energy()))
    distance, energy = np.transpose(bulk)
    cubic = np.poly1d(np.polyfit(distance, energy, 3))
    tried = np.linspace(distance[0] - 0.2, distance[-1] + 0.2, 2001)
    spacing = tried[cubic(tried).argmin()]
    order = np.argsort(atoms.positions[:, 2])
    metal = [i for i in order if atoms.symbols[i] == "Li" and atoms.positions[i, 2] > last_fluorine(atoms)]
    return float(spacing - (spacings[0] + spacings[-1]) / 2), atoms.get_charges()[metal]


def last_fluorine(atoms: Atoms) -> float:
    """z (Å) of the salt's upper face."""
    return atoms.positions[atoms.symbols == "F", 2].max() + 1.0


def main(potentials: Annotated[list[Path], typer.Argument(help="*.rfmeam files")]) -> None:
    """Writes the tables as Markdown."""
    read_all = {path.stem: Potential.read(path) for path in potentials}
    for side in ("training", "validation"):
        found = {name: errors(potential, side) for name, potential in read_all.items()}
        titles = " | ".join(f"{name}: meV/atom, eV/Å, e" for name in found)
        print(f"| {side} | atoms | {titles} |\n|---|---|{'---|' * len(found)}")
        for group in next(iter(found.values())):
            cells = [f"{e:.1f}, {f:.3f}, {q:.3f}" for _, e, f, q in (t[group] for t in found.values())]
            print(f"| {group} | {next(iter(found.values()))[group][0]} | {' | '.join(cells)} |")
        print()
    print(
        "| coherent interface, relaxed | first metal layer, towards the metal (Å) | its charge, of those beyond (e) |"
    )
    print("|---|---|---|\n| DFT | 0.15 | 0.14; < 0.003 |")
    for name, potential in read_all.items():
        moved, charges = first_layer(potential, "interface-coherent-relaxed")
        inner = np.abs(charges[1:-1]).max()
        print(f"| {name} | {moved:+.2f} | {(charges[0] + charges[-1]) / 2:.2f}; {inner:.3f} |")


if __name__ == "__main__":
    typer.run(main)
