"""Makes the structures that no word of the lists makes: cubic LLZO with its lithium drawn at random, LLZO with a
Frenkel pair, and slabs of lithium on Li2O and on LLZO. Writes starts/*.extxyz; the same numbers every time.

./dev shell python data/llzo_sevennet/make_starts.py
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from ase import Atoms
from ase.build import sort
from ase.io import write
from ase.spacegroup import crystal
from rfmeam.reference.published import primitive_cell, published

HERE = Path(__file__).parent
CRYSTALS = str(HERE.parent / "llzo" / "crystals.json")
LLZO = "Li7La3Zr2O12"
A_LI, A_LI2O = 3.44, 4.62  # Å, as ../li_f and ../lbs have them
CUBIC_A = 12.97  # Å, of cubic LLZO
# of cubic LLZO, in Ia-3d: the garnet's framework, and the places among which lithium is drawn
FRAMEWORK = {"La": (0.125, 0, 0.25), "Zr": (0, 0, 0), "O": (0.281, 0.105, 0.195)}
TETRAHEDRA, SPLIT_OCTAHEDRA = (0.375, 0, 0.25), (0.0972, 0.6853, 0.5773)
LEAST_LI_LI = 2.25  # Å


def cubic_llzo(rng: np.random.Generator) -> Atoms:
    """A primitive cell (96 atoms) of Ia-3d, 28 Li on its 60 places with no two nearer than LEAST_LI_LI."""
    symbols = [*FRAMEWORK, "He", "Ne"]  # stand-ins for the two kinds of places
    sites = [*FRAMEWORK.values(), TETRAHEDRA, SPLIT_OCTAHEDRA]
    cell = [CUBIC_A, CUBIC_A, CUBIC_A, 90, 90, 90]
    whole = crystal(symbols, sites, spacegroup=230, cellpar=cell, primitive_cell=True)
    places = np.flatnonzero(np.isin(whole.symbols, ["He", "Ne"]))
    near = whole[places].get_all_distances(mic=True) < LEAST_LI_LI
    np.fill_diagonal(near, False)
    taken = rng.permutation(len(places)) < 28
    for step in range(200_000):  # one Li moves at a time, by Metropolis, the number of near pairs being the energy
        pairs = near[taken][:, taken].sum()
        if not pairs:
            break
        out, into = rng.choice(np.flatnonzero(taken)), rng.choice(np.flatnonzero(~taken))
        change = 2 * (near[into] & taken).sum() - 2 * near[into, out] - 2 * (near[out] & taken).sum()
        if change <= 0 or rng.random() < np.exp(-change / (0.3 + 2 * np.exp(-step / 5000))):
            taken[[out, into]] = taken[[into, out]]
    else:
        raise SystemExit(f"cubic LLZO: {pairs // 2} pairs of Li stay nearer than {LEAST_LI_LI} Å")
    lithium = Atoms("Li28", positions=whole.positions[places[taken]])
    return whole[[i for i in range(len(whole)) if i not in places]] + lithium


def frenkel(rng: np.random.Generator) -> Atoms:
    """Tetragonal LLZO with one Li moved to the roomiest of 4000 random places that is at least 6 Å from its own."""
    atoms = primitive_cell(published(CRYSTALS, LLZO))
    gone = int(rng.choice(np.flatnonzero(atoms.symbols == "Li")))
    trial = rng.random((4000, 3)) @ atoms.cell.array
    best, roomiest = None, 0.0
    for place in trial:
        with_it = atoms + Atoms("Li", positions=[place])
        distances = with_it.get_distances(-1, range(len(atoms)), mic=True)
        away, others = distances[gone], np.delete(distances, gone)
        if away > 6 and others.min() > roomiest:
            best, roomiest = place, others.min()
    atoms.positions[gone] = best
    return atoms


def stacked(oxide: Atoms, metal: Atoms, gap: float) -> Atoms:
    """Metal on an oxide of the same cell in the plane, both repeated: two interfaces, `gap` (Å) between the atoms."""
    lower, upper = oxide.copy(), metal.copy()
    lower.positions[:, 2] -= lower.positions[:, 2].min()
    upper.positions[:, 2] += lower.positions[:, 2].max() + gap - upper.positions[:, 2].min()
    both = lower + upper
    both.cell[2] = [0, 0, both.positions[:, 2].max() + gap]
    return both


def on_li2o(gap: float, shift: float) -> Atoms:
    """Li(110) | Li2O(110): 4 layers of Li2O, 5 of lithium (squeezed by 5 % in the plane), 2 along the short side."""
    half = A_LI2O / np.sqrt(2)
    cell = [A_LI2O, half, 4 * half / 2]
    oxide = Atoms(pbc=True, cell=cell)
    for layer in range(4):  # of one Li2O each: O over the gaps of the layer below
        x, y, z = (layer % 2) * A_LI2O / 2, (layer % 2) * half / 2, layer * half / 2
        oxide += Atoms(
            "OLi2", positions=[[x, y, z], [x + A_LI2O / 4, y + half / 2, z], [x - A_LI2O / 4, y + half / 2, z]]
        )
    spacing = A_LI / np.sqrt(2)
    metal = Atoms(pbc=True, cell=[A_LI2O, half, 5 * spacing])
    for layer in range(5):  # two atoms each: a rectangle with its middle
        x, z = (layer % 2 + shift) * A_LI2O / 2, layer * spacing
        metal += Atoms("Li2", positions=[[x, 0, z], [x + A_LI2O / 2, half / 2, z]])
    return stacked(oxide, metal, gap).repeat((1, 2, 1))


def on_llzo(cut: float, gap: float) -> Atoms:
    """Li(001) | LLZO(001): half the tetragonal cell (96 atoms) from height `cut` (in c) on, 3 layers of 4 × 4 Li."""
    whole = published(CRYSTALS, LLZO)
    a, c = whole.cell.lengths()[[0, 2]]
    fractions = whole.get_scaled_positions()
    height = (fractions[:, 2] - cut) % 1
    oxide = whole[height < 0.5]
    oxide.positions[:, 2] = height[height < 0.5] * c
    metal = Atoms(pbc=True, cell=[a, a, 3 * A_LI / 2])
    for layer in range(3):
        grid = (np.mgrid[0:4, 0:4].reshape(2, -1).T + 0.5 * (layer % 2)) * a / 4
        metal += Atoms("Li16", positions=np.c_[grid, np.full(16, layer * A_LI / 2)])
    return stacked(oxide, metal, gap)


def main() -> None:
    made = {f"llzo-cubic-{n}": [cubic_llzo(np.random.default_rng([2026, n]))] for n in range(1, 9)}
    made["llzo-frenkel"] = [frenkel(np.random.default_rng([2026, 10 + n])) for n in range(3)]
    made["li-li2o"] = [on_li2o(gap, shift) for gap in (1.8, 2.1, 2.5) for shift in (0, 0.5)]
    made["li-llzo"] = [on_llzo(0.03, gap) for gap in (1.9, 2.3)]
    made["li-llzo-other-cut"] = [on_llzo(0.155, gap) for gap in (1.9, 2.3)]
    (HERE / "starts").mkdir(exist_ok=True)
    for name, structures in made.items():
        for atoms in structures:
            atoms.wrap()
        plain = [Atoms(a.symbols, positions=a.positions, cell=a.cell, pbc=True) for a in map(sort, structures)]
        write(HERE / "starts" / f"{name}.extxyz", plain, format="extxyz")
        distance = min(a.get_all_distances(mic=True)[~np.eye(len(a), dtype=bool)].min() for a in plain)
        print(f"{name}: {len(plain)} of {len(plain[0])} atoms, {plain[0].symbols}, nearest {distance:.2f} Å")


if __name__ == "__main__":
    main()
