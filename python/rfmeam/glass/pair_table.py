"""Pair energies as functions of the distance, their short-range repair, and LAMMPS' table files.

Energies in eV, distances in Å. Every function takes distances of shape (n,) and returns energy and
force, -dE/dr,
of the same shape.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq
from scipy.special import erfc

COULOMB = 14.399645  # eV Å/e^2, as LAMMPS has it in metal units

Function = Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]


@dataclass(frozen=True)
class Wall:
    """B/r^n + D r^2 in place of a Buckingham term below r0 (Deng and Du, J. Am. Ceram. Soc. 2019,
    102, 2482)."""

    b: float
    n: float
    d: float
    r0: float

    def __call__(self, r: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return self.b / r**self.n + self.d * r**2, self.n * self.b / r ** (
            self.n + 1
        ) - 2 * self.d * r


@dataclass(frozen=True)
class Buckingham:
    """A exp(-r/rho) - C/r^6, with a wall where it would fall to minus infinity."""

    a: float
    rho: float
    c: float
    wall: Wall | None = None

    def __call__(self, r: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        energy, force = self._bare(r)
        if self.wall is not None:
            inside = r < self.wall.r0
            energy[inside], force[inside] = self.wall(r[inside])
        return energy, force

    def _bare(self, r: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        repulsion = self.a * np.exp(-r / self.rho)
        return repulsion - self.c / r**6, repulsion / self.rho - 6 * self.c / r**7


@dataclass(frozen=True)
class WallOnly:
    """What the wall adds to a bare Buckingham term: wall minus term below r0, else nothing."""

    term: Buckingham

    def __call__(self, r: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        bare = Buckingham(self.term.a, self.term.rho, self.term.c)
        with_wall, without = self.term(r), bare(r)
        return with_wall[0] - without[0], with_wall[1] - without[1]


def repaired(a: float, rho: float, c: float) -> Buckingham:
    """The Buckingham term with the wall that continues energy, force and curvature at r0.

    r0 is where the third derivative vanishes; further in the dispersion takes over. Three equations
    (energy f, slope f'
    and curvature f'' at r0) give the wall in closed form:
    n = 1 + (r^2 f'' - 2 f)/(2 f - r f'), B r^-n = (2 f - r f')/(n + 2).
    Raises ValueError where no such wall is repulsive: then the term has no stable range at all.
    """
    if c == 0.0:
        return Buckingham(a, rho, c)

    def third(r: float) -> float:
        return -a / rho**3 * math.exp(-r / rho) + 336 * c / r**9

    # third() is positive near 0, then (from 9 rho on at the latest, where r^9 exp(-r/rho) is
    # largest) negative, if ever
    if third(9 * rho) >= 0:
        raise ValueError(
            f"A = {a:g}, rho = {rho:g}, C = {c:g}: attractive everywhere, no wall can repair it"
        )
    r = brentq(third, 0.05 * rho, 9 * rho)
    repulsion = a * math.exp(-r / rho)
    f = repulsion - c / r**6
    slope = -repulsion / rho + 6 * c / r**7
    curvature = repulsion / rho**2 - 42 * c / r**8
    n = 1 + (r**2 * curvature - 2 * f) / (2 * f - r * slope)
    b = (2 * f - r * slope) / (n + 2)
    if not (n > 1 and b > 0):
        raise ValueError(
            f"A = {a:g}, rho = {rho:g}, C = {c:g}: no repulsive wall continues this Buckingham term"
        )
    return Buckingham(a, rho, c, Wall(b * r**n, n, (f - b) / r**2, r))


@dataclass(frozen=True)
class DampedCoulomb:
    """Damped shifted force Coulomb energy of two charges, LAMMPS' coul/dsf (Fennell and Gezelter
    2006)."""

    charge_product: float  # e^2
    alpha: float  # 1/Å
    cutoff: float  # Å

    def __call__(self, r: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        at_cutoff, slope = self._damped(np.array([self.cutoff]))
        energy, force = self._damped(r)
        scale = COULOMB * self.charge_product
        inside = r < self.cutoff
        shifted = energy - at_cutoff + slope * (r - self.cutoff)
        return scale * inside * shifted, scale * inside * (force - slope)

    def _damped(self, r: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        energy = erfc(self.alpha * r) / r
        gauss = 2 * self.alpha / math.sqrt(math.pi) * np.exp(-((self.alpha * r) ** 2))
        return energy, energy / r + gauss / r


@dataclass(frozen=True)
class Faded:
    """A function brought to zero over the last `width` before the cutoff, with a continuous
    force."""

    function: Function
    cutoff: float
    width: float = 0.5

    def __call__(self, r: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        energy, force = self.function(r)
        x = np.clip((r - self.cutoff + self.width) / self.width, 0.0, 1.0)
        switch = 1 - x**3 * (10 - 15 * x + 6 * x**2)
        slope = -30 * x**2 * (1 - x) ** 2 / self.width
        return energy * switch, force * switch - energy * slope


def total(*functions: Function) -> Function:
    """The sum of several functions."""

    def evaluate(r: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        parts = [function(r) for function in functions]
        return sum(energy for energy, _ in parts), sum(force for _, force in parts)

    return evaluate


def table_section(
    keyword: str, function: Function, inner: float, cutoff: float, points: int
) -> str:
    """One section of a LAMMPS pair_style table file, equidistant in r^2 as LAMMPS stores it."""
    r = np.sqrt(np.linspace(inner**2, cutoff**2, points))
    r[-1] = cutoff
    energy, force = function(r)
    rows = "\n".join(
        f"{i} {x:.12g} {e:.12g} {f:.12g}"
        for i, (x, e, f) in enumerate(zip(r, energy, force, strict=True), 1)
    )
    return f"{keyword}\nN {points} RSQ {inner:.12g} {cutoff:.12g}\n\n{rows}\n\n"
