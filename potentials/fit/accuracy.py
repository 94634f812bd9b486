"""How far potentials are from the Li-F reference data: a table of errors, and the relaxed interfaces.

./dev shell python potentials/fit/accuracy.py potentials/LiF.rfmeam potentials/LiF-q.rfmeam

Errors are RMS over data/li_f, side by side for each potential. Energies are after constants of the elements, fitted to
the condensed phases of that side alone. An interface is relaxed from the DFT's own minimum, atoms and height, to
0.01 eV/Å; the movement of the first metal layer is against bulk lithium strained alike, as in data/li_f/RESULTS.md.
"""

import importlib.util
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType
from typing import Annotated

import numpy as np
import typer
from ase import Atoms
from ase.calculators.calculator import Calculator
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
    "mixtures, F and Li elsewhere": lambda f: f.startswith(("mixture", "f-", "li-in", "li-on")),
    "interface": lambda family: family.startswith("interface"),
    "all condensed": lambda family: not family.startswith((*GAS, *PRESSED, "f2-in")),
    "not among them: F2 in the salt": lambda family: family.startswith("f2-in"),
}


def structures(side: str) -> tuple[list[Atoms], list[str]]:
    """The structures of a side of the data, and their families."""
    atoms, families = [], []
    for file in sorted((DATA / side).glob("*.extxyz")):
        found = read(file, ":")
        atoms += found
        families += [file.stem] * len(found)
    return atoms, families


def errors(potential: Potential, side: str) -> dict[str, tuple[int, float, float, float | None]]:
    """Of a potential on a side of the data: see grouped."""
    atoms, families = structures(side)
    return grouped(GROUPS, atoms, families, *deviations(potential, atoms))


def deviations(potential: Potential, atoms: list[Atoms]) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
    """Energies (S,) in eV, mean square errors of forces and of charges: see force_squares, charge_squares."""
    result = StructureSet(potential, [system_of(a) for a in atoms]).evaluate(potential)
    ends = np.cumsum([len(a) for a in atoms])[:-1]
    known = potential.has_charges and all("bader_charge" in a.arrays for a in atoms)
    charges = np.split(result.charges, ends) if known else None
    return result.energy, force_squares(atoms, np.split(result.forces, ends)), charge_squares(atoms, charges)


def force_squares(atoms: list[Atoms], forces: list[np.ndarray]) -> np.ndarray:
    """Mean square errors (S,) of each structure's forces (n, 3), (eV/Å)²."""
    return np.array([np.mean((f - a.get_forces()) ** 2) for a, f in zip(atoms, forces, strict=True)])


def charge_squares(atoms: list[Atoms], charges: list[np.ndarray] | None) -> np.ndarray | None:
    """Mean square errors (S,) of each structure's charges (n,), e²; None where there are none."""
    if charges is None:
        return None
    return np.array([np.mean((q - a.arrays["bader_charge"]) ** 2) for a, q in zip(atoms, charges, strict=True)])


def grouped(
    groups: dict[str, Callable[[str], bool]],
    atoms: list[Atoms],
    families: list[str],
    energies: np.ndarray,
    forces: np.ndarray,
    charges: np.ndarray | None,
) -> dict[str, tuple[int, float, float, float | None]]:
    """For each group that has structures: atoms, RMS errors of energies (meV/atom), forces (eV/Å) and charges (e).

    energies (S,) eV, after constants of the elements; forces, charges (S,): see force_squares, charge_squares.
    """
    elements = sorted({symbol for a in atoms for symbol in a.symbols})
    counts = np.array([[list(a.symbols).count(e) for e in elements] for a in atoms])
    sizes = counts.sum(axis=1)
    reference = np.array([a.get_potential_energy(force_consistent=True) for a in atoms])
    condensed = np.array([GROUPS["all condensed"](family) for family in families])
    per_atom = (reference - energies) / sizes
    constants, *_ = np.linalg.lstsq(counts[condensed] / sizes[condensed, None], per_atom[condensed], rcond=None)
    energy = 1000 * (per_atom - counts @ constants / sizes)
    table = {}
    for name, belongs in groups.items():
        chosen = np.array([belongs(family) for family in families])
        if chosen.any():
            own = sizes[chosen]
            force, charge = (
                None if squares is None else float(np.sqrt(squares[chosen] @ own / own.sum()))
                for squares in (forces, charges)
            )
            table[name] = (int(own.sum()), rms(energy[chosen]), force, charge)
    return table


def rms(values) -> float:
    return float(np.sqrt(np.mean(np.square(values))))


@dataclass(frozen=True)
class Interface:
    """A relaxed interface: movement of the first metal layer towards the metal (Å), its distance from the salt's last
    layer (Å), charges of the metal's layers (e), None where the calculator has none, whether forces ended below
    0.01 eV/Å, and by how much the metal's spacings (Å) are wider than those of bulk lithium strained alike."""

    moved: float
    gap: float
    charges: np.ndarray | None
    converged: bool = True
    widened: np.ndarray | None = None

    @property
    def first_charge(self) -> float:
        """Of the layers at the salt (e), their mean."""
        return float(self.charges[0] + self.charges[-1]) / 2

    @property
    def inner_charge(self) -> float:
        """Largest of the layers beyond (e), by absolute value."""
        return float(np.abs(self.charges[1:-1]).max())


def dft_interface(family: str) -> Interface:
    """The reference's own, with Bader charges."""
    atoms = report.frames(family)[0]
    return layered(atoms, report.bulk_spacing(family), atoms.arrays["bader_charge"])


def relax_interface(calculator: Calculator, family: str) -> Interface:
    """Relaxes atoms and height of a family's interface from the DFT's minimum."""
    atoms = report.frames(family)[0].copy()
    atoms.calc = calculator
    height_only = FrechetCellFilter(atoms, mask=[False, False, True, False, False, False])
    converged = BFGS(height_only, logfile=None).run(fmax=0.01, steps=300)
    charges = atoms.get_charges() if "charges" in calculator.implemented_properties else None
    bulk = []
    for cell in report.strained_bulk(family):
        cell = cell.copy()
        cell.calc = calculator
        bulk.append((cell.cell[2, 2] / 2, cell.get_potential_energy()))
    spacing = report.spacing_of_lowest(np.array(bulk), beyond=0.2, tried=2001)
    return replace(layered(atoms, spacing, charges), converged=bool(converged))


def layered(atoms: Atoms, bulk_spacing: float, charges: np.ndarray | None) -> Interface:
    """What an interface of the metal above the salt looks like; bulk_spacing (Å): of the metal, strained alike."""
    spacings = report.metal_spacings(atoms)
    order = np.argsort(atoms.positions[:, 2])
    metal = [i for i in order if atoms.symbols[i] == "Li" and atoms.positions[i, 2] > last_fluorine(atoms)]
    fluorine = atoms.positions[atoms.symbols == "F", 2]
    heights = report.metal_heights(atoms)
    gaps = heights[0] - fluorine.max(), fluorine.min() + atoms.cell[2, 2] - heights[-1]
    return Interface(
        moved=float(bulk_spacing - (spacings[0] + spacings[-1]) / 2),
        gap=float(np.mean(gaps)),
        charges=None if charges is None else charges[metal],
        widened=spacings - bulk_spacing,
    )


def error_cells(energy: float, force: float, charge: float | None) -> tuple[str, str, str]:
    """Errors of a group with as many digits as they are worth; a dash for charges that are not there."""
    return f"{energy:.1f}", f"{force:.3f}", "-" if charge is None else f"{charge:.3f}"


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
            cells = [", ".join(error_cells(*t[group][1:])) for t in found.values()]
            print(f"| {group} | {next(iter(found.values()))[group][0]} | {' | '.join(cells)} |")
        print()
    print(
        "| coherent interface, relaxed | first metal layer, towards the metal (Å) | its charge, of those beyond (e) |"
    )
    print("|---|---|---|")
    family = "interface-coherent-relaxed"
    relaxed = {"DFT": dft_interface(family)}
    relaxed |= {name: relax_interface(RFMEAM(potential), family) for name, potential in read_all.items()}
    for name, interface in relaxed.items():
        print(f"| {name} | {interface.moved:+.2f} | {interface.first_charge:.2f}; {interface.inner_charge:.3f} |")


if __name__ == "__main__":
    typer.run(main)
