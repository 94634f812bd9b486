"""What a potential does with a dimer and a rocksalt crystal as their atoms come closer.

Two things go wrong in fitted potentials: the charge matrix becomes indefinite (polarisation
catastrophe), and the energy falls without bound, or into a deep well, behind a low barrier.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import product

import numpy as np

from ._core import Potential, System, evaluate
from .charges import equilibrate, lowest_stiffness
from .radii import closest_approach

LOW_BARRIER = 10.0
"""eV per pair of atoms: barriers above it are out of reach of the atoms of a melt."""

SHALLOW = 1e-3
"""eV: a shallower minimum is a ripple where the cutoff sets in, no bond."""

SHORTEST_BOND = 0.85
"""Of the closest approach: bonds this short exist (ZrO, 1.72 Å, has 0.89), shorter ones hardly."""

_MOLECULES = {"H", "N", "O", "F", "Cl", "Br", "I"}
"""Elements that form diatomic molecules: a dense crystal of them tells nothing."""


def dimer(i: str, j: str, r: float) -> System:
    """Two atoms r (Å) apart in free space."""
    return System(np.eye(3), (False,) * 3, [[0, 0, 0], [r, 0, 0]], [i, j])


def rocksalt(i: str, j: str, r: float) -> System:
    """Rocksalt of nearest-neighbour distance r (Å), its primitive cell; simple cubic for i = j."""
    cell = r * np.array([[0, 1, 1], [1, 0, 1], [1, 1, 0]])
    return System(cell, (True,) * 3, [[0, 0, 0], [r, r, r]], [i, j])


def cubic_rocksalt(i: str, j: str, r: float) -> System:
    """The same with the cubic cell of 8 atoms, which has room for more waves of charge."""
    corners = np.array(list(product((0, 1), repeat=3)))
    symbols = [(i, j)[sum(corner) % 2] for corner in corners]
    return System(2 * r * np.eye(3), (True,) * 3, r * corners, symbols)


@dataclass(frozen=True)
class Structure:
    """Two elements at a distance r (Å): make(i, j, r) has one atom of each.

    make_for_charges: the same atoms in the cell that the charge matrix is judged in.
    reach: how near atoms come in this structure, as a multiple of closest_approach.
    """

    name: str
    make: Callable[[str, str, float], System]
    make_for_charges: Callable[[str, str, float], System]
    reach: float

    def contact(self, i: str, j: str) -> float:
        """How near (Å) atoms i and j come in this structure."""
        return self.reach * closest_approach(i, j)


def structures(i: str, j: str) -> list[Structure]:
    """The structures that a pair of elements is judged in."""
    pair = Structure("dimer", dimer, dimer, 1.0)
    if i != j:
        return [pair, Structure("rocksalt", rocksalt, cubic_rocksalt, 1.25)]
    if i in _MOLECULES:
        return [pair]
    return [pair, Structure("simple cubic", rocksalt, cubic_rocksalt, 1.25)]


def stable_above(potential: Potential, structure: Structure, i: str, j: str) -> float:
    """The distance r (Å) down to which the structure has equilibrium charges.

    The search ends at half the closest approach of i and j, which is then returned.
    """

    def stiffness(r: float) -> float:
        return lowest_stiffness(potential, structure.make_for_charges(i, j, r))

    grid = distances(i, j)[::-1]
    stable = grid[0]
    for r in grid:
        if stiffness(r) <= 0.0:
            return _bisect(stiffness, r, stable)
        stable = r
    return stable


@dataclass
class Well:
    """The energy minimum at sound distances, and what is behind the barrier inside of it.

    r (Å), energy (eV for two atoms). bound: whether r is a minimum and SHALLOW below the largest
    distance looked at. barrier: eV from the minimum to the top that is passed before the energy
    falls by more than 1 eV, at falls_below (Å); both None where it does not fall.
    """

    r: float
    energy: float
    bound: bool
    barrier: float | None = None
    falls_below: float | None = None


def well(
    potential: Potential, structure: Structure, i: str, j: str, charges_stable_above: float
) -> Well:
    """Energy of structure.make(i, j, r) with equilibrium charges, as a Well.

    Below charges_stable_above (Å) the energy counts as minus infinity. Where the energy still falls
    at the contact, what it falls into is the minimum, unless that is shorter than any bond.
    """

    def energy(r: float) -> float:
        if r < charges_stable_above:
            return -np.inf
        system = structure.make(i, j, r)
        charges = equilibrate(potential, system) if potential.has_charges else None
        return evaluate(potential, system, charges).total

    grid = distances(i, j)
    energies = np.array([energy(r) for r in grid])
    sound = np.flatnonzero((grid >= structure.contact(i, j)) & (energies > -np.inf))
    if sound.size == 0:
        sound = np.array([len(grid) - 1])
    first = sound[0]
    lowest = sound[np.argmin(energies[sound])]
    if lowest == first:
        bottom = _downhill(energies, lowest)
        if grid[bottom] >= SHORTEST_BOND * closest_approach(i, j):
            lowest, first = bottom, 0
    r = _minimum(energy, grid[max(lowest - 1, first)], grid[min(lowest + 1, len(grid) - 1)])
    bound = lowest < len(grid) - 1 and energy(r) < energies[-1] - SHALLOW
    result = Well(r, energy(r), bound=bool(bound))
    top = energies[lowest]
    for m in range(lowest - 1, -1, -1):
        top = max(top, energies[m])
        if energies[m] < top - 1.0:
            result.barrier = float(top - energies[lowest])
            result.falls_below = float(grid[m + 1])
            break
    return result


def _downhill(energies: np.ndarray, m: int) -> int:
    """Where a walk from m to shorter distances ends that only goes down."""
    while m > 0 and energies[m - 1] < energies[m]:
        m -= 1
    return m


def distances(i: str, j: str) -> np.ndarray:
    """The distances (Å) to look at: 0.5 to 3 times the closest approach, 4 % apart."""
    return closest_approach(i, j) * np.geomspace(0.5, 3.0, 46)


def _bisect(f: Callable[[float], float], low: float, high: float) -> float:
    """The zero of f between low, where it is not positive, and high, where it is; to 1e-3."""
    while high - low > 1e-3:
        middle = (low + high) / 2
        low, high = (middle, high) if f(middle) <= 0.0 else (low, middle)
    return float(high)


def _minimum(f: Callable[[float], float], low: float, high: float) -> float:
    """The minimum of f between low and high, by golden section; to 1e-4."""
    golden = (np.sqrt(5.0) - 1.0) / 2.0
    a, b = high - golden * (high - low), low + golden * (high - low)
    fa, fb = f(a), f(b)
    while high - low > 1e-4:
        if fa < fb:
            high, b, fb = b, a, fa
            a = high - golden * (high - low)
            fa = f(a)
        else:
            low, a, fa = a, b, fb
            b = low + golden * (high - low)
            fb = f(b)
    return float((low + high) / 2)
