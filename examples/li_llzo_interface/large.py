"""Data files of the large runs, and what dumps of the interface say.

python large.py make         # large.data (1174 atoms), cubic.data (192), which are repeated
lmp -k on g 1 -sf kk -pk kokkos newton on neigh half -in in.large -var T 300.0 -var out large-300
lmp … -in in.cubic -var T 1000.0 -var out cubic-1000       # diffusion.py reads what it writes
python large.py interface large-300.dump
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import typer
from ase import Atoms
from ase.build import make_supercell
from ase.io import read
from ase.io.lammpsdata import write_lammps_data
from llzo_cell import CHARGES, GAP, LAYER_ATOMS, SPECIES, with_metal
from llzo_layers import FACE, Frame, profile, width

DATA = Path(__file__).resolve().parents[2] / "data/llzo_sevennet"
sys.path.insert(0, str(DATA))
from make_interfaces import least_polar  # noqa: E402

LAYERS, PLANES = 14, 4  # of lithium; planes of LLZO(001), 6.34 Å each
TIMESTEP = 0.002  # ps
app = typer.Typer(add_completion=False)


def interface() -> Atoms:
    """LLZO(001), ZrO6 whole, √2 × √2 of its cell, and the metal of llzo_cell: 1174 atoms."""
    oxide, _ = least_polar((0, 0, 1), PLANES)
    whole = make_supercell(oxide, [[1, 1, 0], [-1, 1, 0], [0, 0, 1]], wrap=False)
    whole.rotate(whole.cell[0], (1, 0, 0), rotate_cell=True)
    whole.wrap(pbc=[True, True, False])
    whole.positions[:, 2] -= whole.positions[:, 2].min()
    whole.set_initial_charges([CHARGES[symbol] for symbol in whole.symbols])
    return with_metal(whole, LAYERS, GAP)


def cubic() -> Atoms:
    """A cubic cell with the first draw of lithium, 192 atoms."""
    primitive = read(DATA / "starts/llzo-cubic-1.extxyz")
    cell = make_supercell(primitive, [[0, 1, 1], [1, 0, 1], [1, 1, 0]])
    cell.set_cell(np.eye(3) * cell.cell.lengths().mean(), scale_atoms=True)
    cell.wrap()
    cell.set_initial_charges([CHARGES[symbol] for symbol in cell.symbols])
    return cell


@app.command()
def make(folder: Path = Path()) -> None:
    """Write large.data and cubic.data."""
    for name, atoms in (("large", interface()), ("cubic", cubic())):
        file = folder / f"{name}.data"
        write_lammps_data(file, atoms, specorder=SPECIES, atom_style="charge", masses=True)
        print(f"{file}: {len(atoms)} atoms")


def frames(dump: Path) -> Iterator[tuple[int, Frame]]:
    """Step and frame of each snapshot; the metal of all copies last, a layer of all copies
    together."""
    copy = 1174
    with dump.open(encoding="utf-8") as file:
        while head := [file.readline() for _ in range(9)]:
            if not head[0]:
                return
            count = int(head[3])
            table = np.array([file.readline().split() for _ in range(count)], dtype=float)
            low, high = map(float, head[7].split()[:2])
            place = (table[:, 0].astype(int) - 1) % copy
            order = np.lexsort((table[:, 0], place))
            table, place = table[order], place[order]
            species = np.array(SPECIES)[table[:, 1].astype(int) - 1]
            yield (
                int(head[1]),
                Frame(
                    species,
                    table[:, 2:5] - [0, 0, low],
                    table[:, 5],
                    high - low,
                    LAYERS,
                    LAYER_ATOMS * (count // copy),
                    FACE * (count // copy),
                ),
            )


@app.command("interface")
def show_interface(dumps: list[Path]) -> None:
    """Start, middle and end of each run: atoms of the metal in the oxide, charges of its layers."""
    print("| run | ps | crossed, of metal | width (Å) | charges of the layers (e) |")
    print("|---|---|---|---|---|")
    for dump in dumps:
        found = list(frames(dump))
        for step, frame in (found[0], found[len(found) // 2], found[-1]):
            below, above = frame.oxide_faces()
            z, q = frame.positions[frame.metal, 2], frame.charges[frame.metal]
            crossed = int(((z < below - 1) | (z > above + 1)).sum())
            layers = ((q + q[::-1]) / 2).mean(axis=1)[: LAYERS // 2]
            charges = ", ".join(f"{value:+.2f}" for value in layers)
            row = f"{crossed} of {z.size} | {width(*profile([frame])):.1f} | {charges}"
            print(f"| {dump.stem} | {step * TIMESTEP:.1f} | {row} |")


if __name__ == "__main__":
    app()
