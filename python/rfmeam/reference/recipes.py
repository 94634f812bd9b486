"""Structures from a family's recipe: a start, then steps, each of which turns one structure into
several.

Every function here is a word of the lists: START those that make the first structure, STEPS those
that change it. The keyword arguments are the keys that a list may give.
"""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from ase import Atoms
from ase.build import add_vacuum, bulk, make_supercell, sort, surface
from ase.io import read
from ase.neighborlist import neighbor_list
from ase.spacegroup import crystal

from ..errors import UserError
from .dynamics import thermal
from .interface import interface
from .melt import melt
from .published import primitive_cell, published


def start_bulk(
    *, symbol: str, structure: str, a: float, c: float | None = None, cubic: bool = False
) -> Atoms:
    """A crystal that ASE knows by name: bcc, fcc, hcp, rocksalt, zincblende, … (a and c in Å)."""
    return bulk(symbol, structure, a=a, c=c, cubic=cubic)


def start_crystal(
    *,
    symbols: list[str],
    basis: list,
    spacegroup: int,
    cell: list[float],
    setting: int = 1,
    primitive: bool = False,
) -> Atoms:
    """A crystal from its space group: basis in fractions, cell as a, b, c (Å), α, β, γ (°)."""
    return crystal(
        symbols,
        basis,
        spacegroup=spacegroup,
        cellpar=cell,
        setting=setting,
        primitive_cell=primitive,
        onduplicates="error",
    )


def start_published(*, path: str, name: str, primitive: bool = False) -> Atoms:
    """A crystal of a JSON file of published coordinates, checked against its space group, formula,
    density and distances: see published.published.
    """
    atoms = published(path, name)
    return primitive_cell(atoms) if primitive else atoms


def start_melt(rng, **keys) -> list[Atoms]:
    """Melts and glasses by LAMMPS: see melt.melt."""
    return melt(rng, **keys)


start_melt.__signature__ = inspect.signature(melt)


def start_molecule(*, symbols: list[str], positions: list, box: float | list[float]) -> Atoms:
    """Atoms (positions in Å) in the middle of a box (Å), with which they repeat."""
    atoms = Atoms(symbols, positions=positions, cell=np.broadcast_to(box, 3), pbc=True)
    atoms.center()
    return atoms


def start_mixture(*, counts: dict[str, int], volumes: dict[str, float]) -> Atoms:
    """Atoms on a simple cubic grid in a cube, elements alternating as evenly as possible.

    volumes: of an atom of each element, Å^3. A start for molecular dynamics, nothing else.
    """
    total = sum(counts.values())
    volume = sum(number * volumes[symbol] for symbol, number in counts.items())
    side = int(np.ceil(total ** (1 / 3) - 1e-9))
    cells = np.array(np.unravel_index(np.arange(side**3), (side,) * 3)).T
    chosen = cells[np.linspace(0, len(cells) - 1, total).round().astype(int)]
    order = np.argsort(
        np.concatenate([(np.arange(n) + 0.5) / n for n in counts.values()]), kind="stable"
    )
    symbols = np.repeat(list(counts), list(counts.values()))[order]
    edge = volume ** (1 / 3)
    return Atoms(symbols, positions=chosen * edge / side, cell=[edge] * 3, pbc=True)


def start_file(*, path: str) -> list[Atoms]:
    """All structures of a file that ASE reads."""
    return [
        Atoms(a.symbols, positions=a.positions, cell=a.cell, pbc=True)
        for a in read(Path(path), ":")
    ]


def step_repeat(atoms: Atoms, rng, *, repeat: list[int]) -> list[Atoms]:
    """A supercell."""
    return [atoms.repeat(repeat)]


def step_supercell(atoms: Atoms, rng, *, matrix: list[list[int]]) -> list[Atoms]:
    """A supercell by a matrix of whole numbers, row by row."""
    return [make_supercell(atoms, matrix)]


def step_volume(atoms: Atoms, rng, *, ratios: list[float]) -> list[Atoms]:
    """The structure at several volumes, each a multiple of that before."""
    if min(ratios, default=1) <= 0:
        raise ValueError(f"ratios {ratios}: positive numbers are needed")
    return [_strained(atoms, np.eye(3) * ratio ** (1 / 3)) for ratio in ratios]


def step_strain(atoms: Atoms, rng, *, modes: list[str], sizes: list[float]) -> list[Atoms]:
    """Strains of a cubic crystal: uniaxial (C11), orthorhombic at constant volume (C11 - C12),
    shear (C44).
    """
    result = []
    for mode in modes:
        for size in sizes:
            if mode == "uniaxial":
                deformation = np.diag([1 + size, 1, 1])
            elif mode == "orthorhombic":
                deformation = np.diag([1 + size, 1 - size, 1 / (1 - size**2)])
            elif mode == "shear":
                deformation = np.array([[1, size, 0], [size, 1, 0], [0, 0, 1 / (1 - size**2)]])
            else:
                raise ValueError(
                    f"mode {mode!r} is unknown, allowed are uniaxial, orthorhombic, shear"
                )
            result.append(_strained(atoms, deformation))
    return result


def step_stretch(atoms: Atoms, rng, *, axis: str, factors: list[float]) -> list[Atoms]:
    """One of the cell's vectors, a, b or c, made longer by several factors, the atoms with it."""
    result = []
    for factor in factors:
        stretched = atoms.copy()
        cell = atoms.cell.array.copy()
        cell["abc".index(axis)] *= factor
        stretched.set_cell(cell, scale_atoms=True)
        result.append(stretched)
    return result


def step_distances(atoms: Atoms, rng, *, distances: list[float]) -> list[Atoms]:
    """A molecule's last atom at several distances (Å) from its first, along their line."""
    result = []
    for distance in distances:
        moved = atoms.copy()
        moved.set_distance(0, len(atoms) - 1, distance, fix=0)
        result.append(moved)
    return result


def step_surface(
    atoms: Atoms,
    rng,
    *,
    miller: list[int],
    layers: int,
    vacuum: float,
    repeat: list[int] | None = None,
) -> list[Atoms]:
    """A slab of a crystal: layers as ASE counts them, vacuum between slab and slab in Å."""
    slab = surface(atoms, miller, layers, periodic=True)
    add_vacuum(slab, vacuum)
    slab = slab.repeat([*(repeat or [1, 1]), 1])
    slab.pbc = True
    return [slab]


def step_rattle(atoms: Atoms, rng, *, amplitudes: list[float], copies: int = 1) -> list[Atoms]:
    """Every coordinate moved at random by a normal distribution of these widths, Å."""
    result = []
    for amplitude in amplitudes:
        for _ in range(copies):
            moved = atoms.copy()
            moved.positions += rng.normal(scale=amplitude, size=(len(atoms), 3))
            result.append(moved)
    return result


def step_strained_at_random(atoms: Atoms, rng, *, size: float) -> list[Atoms]:
    """The six strains, each at random within ± size."""
    strain = rng.uniform(-size, size, (3, 3))
    return [_strained(atoms, np.eye(3) + (strain + strain.T) / 2)]


def step_squeeze(
    atoms: Atoms, rng, *, pair: list[str], fractions: list[float], copies: int = 1
) -> list[Atoms]:
    """Two atoms of these elements, nearest neighbours, moved to fractions of their distance along
    their line, each half of the way; copies: pairs, chosen at random."""
    first, second = pair
    chosen = rng.permutation(np.flatnonzero(atoms.symbols == first))[:copies]
    others = np.flatnonzero(atoms.symbols == second)
    result = []
    for atom in chosen:
        partners = others[others != atom]
        if not len(partners):
            raise ValueError(f"there is no {first} beside a {second}")
        lines = atoms.get_distances(atom, partners, mic=True, vector=True)
        partner = int(np.argmin(np.linalg.norm(lines, axis=1)))
        for fraction in fractions:
            moved = atoms.copy()
            half = lines[partner] * (1 - fraction) / 2
            moved.positions[atom] += half
            moved.positions[partners[partner]] -= half
            result.append(moved)
    if not result:
        raise ValueError(f"there is no {first} beside a {second}")
    return result


def step_remove(atoms: Atoms, rng, *, symbols: list[str]) -> list[Atoms]:
    """Takes out one atom of each of these elements: the first, then those nearest to it."""
    left = atoms.copy()
    taken: list[int] = []
    for symbol in symbols:
        places = [i for i in range(len(atoms)) if atoms.symbols[i] == symbol and i not in taken]
        if not places:
            raise ValueError(f"no {symbol} left to remove")
        distances = (
            atoms.get_distances(taken[0], places, mic=True) if taken else np.zeros(len(places))
        )
        taken.append(places[int(np.argmin(distances))])
    del left[taken]
    return [left]


def step_add(atoms: Atoms, rng, *, symbols: list[str], at: list) -> list[Atoms]:
    """Puts atoms at these places (Å from the cell's corner)."""
    return [atoms + Atoms(symbols, positions=at)]


def step_adsorb(
    atoms: Atoms, rng, *, symbol: str, over: list[float], heights: list[float]
) -> list[Atoms]:
    """Puts an atom over a slab: `over` in fractions of the cell's first two vectors, heights in Å
    above the top.
    """
    place = np.array([*over, 0.0]) @ atoms.cell.array
    top = atoms.positions[:, 2].max()
    return [
        atoms + Atoms(symbol, positions=[[place[0], place[1], top + height]]) for height in heights
    ]


def step_substitute(atoms: Atoms, rng, *, symbol: str, by: str, count: int) -> list[Atoms]:
    """Makes `count` atoms of one element, chosen at random, atoms of another."""
    places = np.flatnonzero(atoms.symbols == symbol)
    changed = atoms.copy()
    changed.symbols[rng.choice(places, size=count, replace=False)] = by
    return [changed]


def step_thermal(atoms: Atoms, rng, **keys) -> list[Atoms]:
    """Snapshots of molecular dynamics: see dynamics.thermal."""
    return thermal(atoms, rng, **keys)


step_thermal.__signature__ = inspect.signature(thermal)

START = {
    name.removeprefix("start_"): value
    for name, value in globals().items()
    if name.startswith("start_")
}
START["interface"] = interface
DRAWN = ("melt",)  # words of START that use random numbers
FILES = ("path", "potential")  # keys whose values are file names
STEPS = {
    name.removeprefix("step_"): value
    for name, value in globals().items()
    if name.startswith("step_")
}


def make(recipe: dict, seed: Sequence[int], where: str, folder: Path) -> list[Atoms]:
    """The structures of a recipe: {"start": {word: keys}, "steps": [{word: keys}, …]}.

    seed: of the random numbers; folder: what file names in the recipe are relative to. Raises
    UserError with `where`, the word and what is allowed.
    """
    rng = np.random.default_rng(list(seed))
    start = recipe.get("start")
    starts = start if isinstance(start, list) else [start]
    structures: list[Atoms] = []
    for one in starts:
        made = _call(START, one, _randomness(one, rng), f"{where}: start", folder)
        structures += made if isinstance(made, list) else [made]
    for number, step in enumerate(recipe.get("steps") or [], 1):
        place = f"{where}: step {number}"
        structures = [
            new for atoms in structures for new in _call(STEPS, step, (atoms, rng), place, folder)
        ]
    if not structures:
        raise UserError(f"{where}: the recipe makes no structure")
    for index, atoms in enumerate(structures):
        if 0 in atoms.numbers:
            raise UserError(f"{where}: structure {index}: 'X' is no element")  # ASE's dummy atom
        atoms.wrap()
        _check_distances(atoms, f"{where}: structure {index}")
    return [sort(atoms) if len(atoms) > 2 else atoms for atoms in structures]


def _randomness(start, rng: np.random.Generator) -> tuple:
    """The positional arguments of a start: the random numbers, for those that use them."""
    return (rng,) if isinstance(start, dict) and set(start) & set(DRAWN) else ()


def _call(words: dict, item, arguments: tuple, where: str, folder: Path):
    if not isinstance(item, dict) or len(item) != 1:
        raise UserError(
            f"{where}: {item!r} is not one word with its keys, allowed are {', '.join(words)}"
        )
    (word, keys), *_ = item.items()
    if word not in words:
        raise UserError(f"{where}: {word!r} is unknown, allowed are {', '.join(words)}")
    function = words[word]
    allowed = [
        p.name for p in inspect.signature(function).parameters.values() if p.kind is p.KEYWORD_ONLY
    ]
    if not isinstance(keys, dict) or not set(keys) <= set(allowed):
        raise UserError(
            f"{where}: {word}: read {keys!r}, the keys allowed are {', '.join(allowed)}"
        )
    keys = {key: str(folder / value) if key in FILES else value for key, value in keys.items()}
    try:
        return function(*arguments, **keys)
    except (TypeError, ValueError, KeyError) as error:
        raise UserError(f"{where}: {word}: {error}") from error


def _check_distances(atoms: Atoms, where: str, least: float = 0.7) -> None:
    """No two atoms, or an atom and its image, nearer than `least` Å: that would be a mistake."""
    distances = neighbor_list("d", atoms, least)
    if len(distances):
        raise UserError(
            f"{where}: two atoms are {min(distances):.2f} Å apart, at least {least} Å is allowed"
        )


def _strained(atoms: Atoms, deformation: np.ndarray) -> Atoms:
    result = atoms.copy()
    result.set_cell(atoms.cell.array @ deformation, scale_atoms=True)
    return result
