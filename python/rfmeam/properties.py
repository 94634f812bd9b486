"""Properties of crystals and molecules that a potential is judged by, with any ASE calculator.

Nothing here relaxes atoms inside a cell: for crystals whose atoms sit by symmetry, and for
unrelaxed surfaces and vacancies. Averages of molecular dynamics want a potential of this package.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from ase import Atoms
from ase.build import bulk, surface
from ase.calculators.calculator import Calculator
from ase.stress import voigt_6_to_full_3x3_stress
from scipy.optimize import brentq, minimize_scalar

from . import dynamics
from .distributions import Distribution
from .dynamics import Dynamics, Trajectory

GPA = 160.2176634  # GPa in 1 eV/Å^3
JOULE_PER_M2 = 16.02176634  # J/m^2 in 1 eV/Å^2
_STRAIN = 2e-3  # of the central differences
_VACUUM, _FAR = 10.0, 0.12  # Å; how far a lattice parameter is sought, of the first guess


@dataclass(frozen=True)
class Crystal:
    """A crystal of ASE's `bulk`: symbol, structure, and a first guess of its lattice parameter (Å).

    c_over_a: of hexagonal ones, which keep it; None: ideal.
    """

    symbol: str
    structure: str
    a: float
    c_over_a: float | None = None

    def at(self, a: float, cubic: bool = False) -> Atoms:
        """The crystal with a lattice parameter; its cubic cell if asked for."""
        if self.structure == "hcp":
            return bulk(self.symbol, "hcp", a, c=a * (self.c_over_a or np.sqrt(8 / 3)))
        return bulk(self.symbol, self.structure, a, cubic=cubic)


@dataclass
class Measurement:
    """Properties with one calculator; lattice parameters are found once for each crystal, and
    molecular dynamics is run once."""

    calculator: Calculator
    _lattices: dict[Crystal, float] = field(default_factory=dict)
    _trajectories: dict[Dynamics, Trajectory] = field(default_factory=dict)

    def energy(self, atoms: Atoms) -> float:
        """eV"""
        return self.calculator.get_property("energy", atoms)

    def stress(self, atoms: Atoms) -> np.ndarray:
        """(3, 3), GPa"""
        return GPA * voigt_6_to_full_3x3_stress(self.calculator.get_property("stress", atoms))

    def lattice(self, crystal: Crystal) -> float:
        """The lattice parameter of lowest energy within 12 % of the first guess, Å."""
        if crystal not in self._lattices:
            low, high = (1 - _FAR) * crystal.a, (1 + _FAR) * crystal.a
            near = minimize_scalar(
                lambda a: self.energy(crystal.at(a)),
                bounds=(low, high),
                method="bounded",
                options={"xatol": 1e-3},
            ).x
            self._lattices[crystal] = self._without_pressure(crystal, near - 0.01, near + 0.01)
        return self._lattices[crystal]

    def _without_pressure(self, crystal: Crystal, low: float, high: float) -> float:
        """The lattice parameter without pressure, to all digits; the middle where there is none."""

        def pull(a: float) -> float:
            return float(np.trace(self.stress(crystal.at(a))))

        if pull(low) * pull(high) > 0:
            return (low + high) / 2
        return float(brentq(pull, low, high, xtol=1e-10))

    def cell(self, crystal: Crystal, cubic: bool = False) -> Atoms:
        """The crystal with its own lattice parameter."""
        return crystal.at(self.lattice(crystal), cubic)

    def energy_per_atom(self, crystal: Crystal) -> float:
        """eV"""
        atoms = self.cell(crystal)
        return self.energy(atoms) / len(atoms)

    def _stiffness(self, crystal: Crystal, strain: np.ndarray) -> np.ndarray:
        """d(stress)/d(strain), (3, 3), GPa, for a strain of size one."""
        atoms = self.cell(crystal)
        stresses = []
        for sign in (1, -1):
            strained = atoms.copy()
            strained.set_cell(
                atoms.cell.array @ (np.eye(3) + sign * _STRAIN * strain), scale_atoms=True
            )
            stresses.append(self.stress(strained))
        return (stresses[0] - stresses[1]) / (2 * _STRAIN)

    def c11(self, crystal: Crystal) -> float:
        """Of a cubic crystal, GPa."""
        return float(self._stiffness(crystal, np.diag([1.0, 0, 0]))[0, 0])

    def c12(self, crystal: Crystal) -> float:
        """Of a cubic crystal, GPa."""
        return float(self._stiffness(crystal, np.diag([1.0, 0, 0]))[1, 1])

    def c44(self, crystal: Crystal) -> float:
        """Of a cubic crystal, GPa."""
        shear = np.zeros((3, 3))
        shear[1, 2] = shear[2, 1] = 0.5
        return float(self._stiffness(crystal, shear)[1, 2])

    def bulk_modulus(self, crystal: Crystal) -> float:
        """GPa"""
        return float(np.trace(self._stiffness(crystal, np.eye(3))) / 9)

    def phase_difference(self, crystal: Crystal, other: Crystal) -> float:
        """Energy of the crystal above the other, meV/atom, each with its own lattice parameter."""
        return 1e3 * (self.energy_per_atom(crystal) - self.energy_per_atom(other))

    def surface_energy(self, crystal: Crystal, face: tuple[int, int, int], layers: int) -> float:
        """Of an unrelaxed slab of so many cubic cells, J/m^2."""
        cell = self.cell(crystal, cubic=True)
        slab = surface(cell, face, layers, vacuum=_VACUUM)
        slab.pbc = (True, True, False)
        area = np.linalg.norm(np.cross(slab.cell[0], slab.cell[1]))
        inside = self.energy(cell) * len(slab) / len(cell)
        return float((self.energy(slab) - inside) / (2 * area) * JOULE_PER_M2)

    def vacancy_energy(
        self, crystal: Crystal, symbol: str, reservoir: Crystal, n: int, cubic: bool = True
    ) -> float:
        """Of a neutral, unrelaxed one in n x n x n cells, cubic or primitive ones, its atom in a
        reservoir, eV."""
        whole = self.cell(crystal, cubic) * (n, n, n)
        rest = whole.copy()
        del rest[next(atom.index for atom in whole if atom.symbol == symbol)]
        gained = self.energy_per_atom(reservoir)
        return self.energy(rest) + gained - self.energy(whole)

    def bond(self, symbols: str, low: float, high: float) -> tuple[float, float]:
        """Distance (Å) between low and high with the lowest energy, and that energy (eV), of two
        atoms."""

        def energy(r: float) -> float:
            return self.energy(Atoms(symbols, [(0, 0, 0), (r, 0, 0)]))

        found = minimize_scalar(
            energy, bounds=(low, high), method="bounded", options={"xatol": 1e-6}
        )
        return float(found.x), float(found.fun)

    def frames(self, run: Dynamics) -> list[Atoms]:
        """The frames of molecular dynamics with the calculator's potential. DynamicsError where it
        comes to no good end."""
        if run not in self._trajectories:
            self._trajectories[run] = dynamics.run(self.calculator.potential, run)
        return self._trajectories[run].whole()

    def volume(self, run: Dynamics) -> float:
        """Mean volume of an atom in molecular dynamics, Å^3."""
        return float(np.mean([atoms.cell.volume / len(atoms) for atoms in self.frames(run)]))

    def deviation(self, distribution: Distribution, run: Dynamics) -> float:
        """Root of the mean squared difference of a distribution from its reference."""
        return distribution.deviation(self.frames(run))


@dataclass(frozen=True)
class Property:
    """A property with a name, how to measure it, and its reference.

    tolerance: the deviation that counts as 1 in a fit, None if it is only reported. definition:
    changes with what is measured. run: the molecular dynamics that it is an average of; it has no
    derivatives by parameters then, as trajectories are chaotic. distribution: what is averaged.
    elements: of the atoms that are measured.
    """

    name: str
    unit: str
    measure: Callable[[Measurement], float]
    value: float | None = None
    tolerance: float | None = None
    definition: str = ""
    run: Dynamics | None = None
    distribution: Distribution | None = None
    elements: frozenset[str] = frozenset()
