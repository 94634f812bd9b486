"""How far potentials of lithium borosilicates are from SevenNet-0's labels: RMS errors by group, as a Markdown table.

./dev shell python potentials/fit/lbs_accuracy.py potentials/LBS.rfmeam                # du and shik beside it
./dev shell python potentials/fit/lbs_accuracy.py --elements potentials/LBS.rfmeam     # forces of melts and glasses

Energies are after constants of the elements, for each model those that suit it best on that side. du and shik are as in
`rfmeam glass`, for each structure with the numbers of its composition.
"""

import re
import subprocess
import tempfile
from pathlib import Path
from typing import Annotated

import accuracy
import numpy as np
import typer
from ase import Atoms
from ase.calculators.lammps import Prism
from ase.io import read
from ase.io.lammpsdata import write_lammps_data
from rfmeam.calculator import system_of
from rfmeam.glass.composition import MASSES, Composition, Model
from rfmeam.glass.force_field import load

from rfmeam import Potential, StructureSet

DATA = Path(__file__).parents[2] / "data/lbs_sevennet"
SIDES = ("validation", "training")
OXIDES = ("Li2O", "B2O3", "SiO2")
MELTS = "melts and glasses"
MOVED = ("-varied", "-strained", "-pressed")  # what was done to melts and glasses: no frames of dynamics
MD_MELT = re.compile(r"md-(\d.*|b2o3|sio2)")  # by composition; of crystals by name
TOUCHING = ("short-", "contacts-")
GROUPS = {
    MELTS: lambda f: f.startswith(("glass-", "melt-")) and not f.endswith(MOVED),
    "the same, pressed, pulled and moved": lambda f: f.startswith(("glass-", "melt-")) and f.endswith(MOVED),
    "by LBS, rounds 2 and 3": lambda f: f.startswith(("lbs-", "quenched-")),
    "by SevenNet-0: melts and glasses": lambda f: bool(MD_MELT.fullmatch(f)),
    "by SevenNet-0: hot crystals": lambda f: f.startswith("md-") and not MD_MELT.fullmatch(f),
    "30L50B20S": lambda f: "30l50b20s" in f and not f.startswith(TOUCHING),
    "crystals": lambda f: f.endswith("-rattled"),
    "crystals, sheared": lambda f: f.endswith("-sheared"),
    "crystals over volume": lambda f: f.endswith("-volume"),
    "cations that touch": lambda f: f.startswith("contacts-"),
    "all but short contacts": lambda f: not f.startswith(TOUCHING),
}
SCRIPT = """units metal
atom_style charge
read_data system.data
{masses}
include forcefield/forcefield.lmp
thermo_style custom pe
thermo_modify format float %.15g
dump forces all custom 1 forces.txt id fx fy fz
dump_modify forces sort id format float %.12g
run 0
"""


def structures(side: str) -> tuple[list[Atoms], list[str]]:
    """Those of a side, and their families."""
    if side not in SIDES:
        raise SystemExit(f"--side {side}: allowed are {', '.join(SIDES)}")
    atoms = [a for file in sorted((DATA / side).glob("*.extxyz")) for a in read(file, ":")]
    return atoms, [a.info["family"] for a in atoms]


def model_of(atoms: Atoms) -> Model:
    """Oxides of a structure, whose oxygen must be that of its cations."""
    count = {symbol: int((atoms.symbols == symbol).sum()) for symbol in ("Li", "B", "Si", "O")}
    if 2 * count["O"] != count["Li"] + 3 * count["B"] + 4 * count["Si"]:
        raise SystemExit(f"{atoms.info['label']}: {atoms.symbols} is no mixture of Li2O, B2O3 and SiO2")
    units = {oxide: n for oxide, n in zip(OXIDES, (count["Li"] / 2, count["B"] / 2, count["Si"]), strict=True) if n}
    total = sum(units.values())
    return Model(Composition({oxide: 100 * n / total for oxide, n in units.items()}), units)


def by_lammps(force_field: str, atoms: Atoms) -> tuple[float, np.ndarray]:
    """Energy (eV) and forces (eV/Å) of a built-in force field."""
    pairs = load(force_field, model_of(atoms))
    elements = [e for e in pairs.elements if e in MASSES]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        pairs.write(folder / "forcefield")
        prism = Prism(atoms.cell)
        write_lammps_data(folder / "system.data", atoms, specorder=elements, atom_style="charge", prismobj=prism)
        masses = "\n".join(f"mass {i} {MASSES[e]}" for i, e in enumerate(elements, 1))
        (folder / "in.lammps").write_text(SCRIPT.format(masses=masses))
        command = ["lmp", "-in", "in.lammps", "-log", "none", "-nocite"]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(f"{force_field}, {atoms.info['label']}: {(done.stdout + done.stderr)[-1000:]}")
        energy = float(done.stdout.split("PotEng")[1].split()[0])
        forces = np.loadtxt(folder / "forces.txt", skiprows=9, usecols=(1, 2, 3), ndmin=2)
    return energy, prism.vector_to_ase(forces)


def by_element(potential: Potential, atoms: list[Atoms]) -> dict[str, tuple[int, float, float]]:
    """For each element: atoms, RMS errors of the forces on them, RMS forces of the labels (eV/Å)."""
    found = StructureSet(potential, [system_of(a) for a in atoms]).evaluate(potential).forces
    labels = np.concatenate([a.get_forces() for a in atoms])
    symbols = np.concatenate([a.get_chemical_symbols() for a in atoms])
    return {
        element: (int(own.sum()), accuracy.rms(found[own] - labels[own]), accuracy.rms(labels[own]))
        for element in potential.elements
        if (own := symbols == element).any()
    }


def write_elements(potentials: list[Path], atoms: list[Atoms]) -> None:
    """A table of force errors by element, of potentials that are files."""
    found = {path.stem: by_element(Potential.read(path), atoms) for path in potentials}
    print(f"| element | atoms | forces (eV/Å) | {' | '.join(f'{name}: eV/Å' for name in found)} |")
    print(f"|---|---|---|{'---|' * len(found)}")
    for element, (number, _, size) in next(iter(found.values())).items():
        cells = [f"{rows[element][1]:.3f}" for rows in found.values()]
        print(f"| {element} | {number} | {size:.2f} | {' | '.join(cells)} |")


def main(
    potentials: Annotated[list[Path] | None, typer.Argument(help="*.rfmeam files")] = None,
    side: Annotated[str, typer.Option(help="validation or training")] = "validation",
    elements: Annotated[bool, typer.Option(help="Instead: forces of melts and glasses, by element.")] = False,
    pairs: Annotated[bool, typer.Option(help="du and shik beside them, by LAMMPS, one run for each structure.")] = True,
) -> None:
    """Writes the table."""
    atoms, families = structures(side)
    if elements:
        if not potentials:
            raise SystemExit("--elements: which potentials? Give *.rfmeam files; du and shik are not among them")
        melts = [a for a, family in zip(atoms, families, strict=True) if GROUPS[MELTS](family)]
        return write_elements(potentials, melts)
    found = {}
    for path in potentials or ():
        energies, forces, _ = accuracy.deviations(Potential.read(path), atoms)
        found[path.stem] = accuracy.grouped(GROUPS, atoms, families, energies, forces, None)
    for name in ("du", "shik") if pairs else ():
        energies, forces = zip(*(by_lammps(name, a) for a in atoms), strict=True)
        squares = accuracy.force_squares(atoms, list(forces))
        found[name] = accuracy.grouped(GROUPS, atoms, families, np.array(energies), squares, None)
    print(f"| {side} | atoms | {' | '.join(f'{name}: meV/atom, eV/Å' for name in found)} |")
    print(f"|---|---|{'---|' * len(found)}")
    for group in next(iter(found.values())):
        cells = [", ".join(accuracy.error_cells(*table[group][1:])[:2]) for table in found.values()]
        print(f"| {group} | {next(iter(found.values()))[group][0]} | {' | '.join(cells)} |")


if __name__ == "__main__":
    typer.run(main)
