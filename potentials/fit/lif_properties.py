"""What potentials/LiF.rfmeam is fitted to and judged by: published numbers, and the same measured in a potential."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from ase import Atoms
from ase.build import bulk
from ase.io import read
from ase.units import kB
from rfmeam.calculator import RFMEAM
from rfmeam.properties import GPA, Crystal, Measurement
from scipy.optimize import minimize_scalar

from rfmeam import IndefiniteChargesError, Potential


@dataclass(frozen=True)
class Target:
    """A published number, the deviation that counts as 1 in the fit, and where the number is from."""

    stage: str
    name: str
    value: float
    tolerance: float
    unit: str
    source: str


HUBER = "Huber & Herzberg, Constants of Diatomic Molecules (1979)"
KITTEL = "Kittel, Introduction to Solid State Physics, 8th ed."
NASH = "Nash & Smith, J. Phys. Chem. Solids 9, 113 (1959), 300 K"
BRISCOE = "Briscoe & Squire, Phys. Rev. 106, 1175 (1957), 300 K"
SMITH = "Smith, Dolling, Nicklow et al., Neutron Inelastic Scattering I, 149 (1968)"
ROSE = "Rose's equation of state with B = 12.1 GPa and the a and energy above"
JANAF = "Chase, NIST-JANAF Thermochemical Tables, 4th ed. (1998): -616.9 kJ/mol"
TYSON = "Tyson & Miller, Surf. Sci. 62, 267 (1977), average over faces"
GILMAN = "Gilman, J. Appl. Phys. 31, 2208 (1960): 0.34, relaxed"
RITTNER = "sanity, no published number: ions in contact repel, no collapse of charges"
GUESS = "sanity, no published number"

TARGETS = [
    Target("LiF", "F2 bond length", 1.412, 0.003, "Å", HUBER),
    Target("LiF", "F2 bond energy", 1.60, 0.02, "eV", HUBER),
    Target("LiF", "F2 force constant", 29.4, 6.0, "eV/Å²", HUBER + ", 917 cm⁻¹"),
    Target("LiF", "F3 linear below F2 + F", 0.0, 0.1, "eV", GUESS + ": F has one bond"),
    Target("Li", "Li bcc a", 3.50, 0.005, "Å", KITTEL + ", room temperature 3.51"),
    Target("Li", "Li bcc cohesive energy", 1.63, 0.005, "eV", KITTEL),
    Target("Li", "Li bcc C11", 13.5, 1.0, "GPa", NASH),
    Target("Li", "Li bcc C12", 11.4, 1.0, "GPa", NASH),
    Target("Li", "Li bcc C44", 8.8, 1.0, "GPa", NASH),
    Target("Li", "Li softest force constant", 0.105, 0.02, "eV/Å²", SMITH + ", 1.9 THz at N"),
    Target("Li", "Li hardest force constant", 2.3, 0.3, "eV/Å²", SMITH + ", 9.0 THz at N"),
    Target("Li", "Li N phonon, 0.2 Å", 2.1, 0.3, "meV", SMITH + ", 1.9 THz at N: harmonic"),
    Target("Li", "Li N phonon, 0.4 Å", 8.4, 1.0, "meV", GUESS + ": harmonic as far as atoms go at 300 K"),
    Target("Li", "Li displaced by 0.15 Å", 37.0, 3.0, "meV", GUESS + ": harmonic, 6.2 THz on average"),
    Target("Li", "Li displaced by 0.30 Å", 150.0, 15.0, "meV", GUESS + ": the same, so that it does not melt"),
    Target("Li", "Li Grüneisen at 0.15 Å", 0.9, 0.15, "", GUESS + ": thermal expansion near 46e-6/K"),
    Target("Li", "Li Grüneisen at 0.30 Å", 0.9, 0.15, "", GUESS + ": thermal expansion near 46e-6/K"),
    Target("Li", "Li liquid - bcc", 110.0, 2.0, "meV", GUESS + ": melts above 450 K, see liquid_li.xyz"),
    Target("Li", "Li liquid pressure", 0.0, 0.3, "GPa", GUESS + ": at 22.5 Å³ an atom, 450 K"),
    Target("Li", "Li fcc - bcc", 4.0, 0.8, "meV", GUESS + ": bcc must be stable at 300 K"),
    Target("Li", "Li hcp - bcc", 3.0, 0.8, "meV", GUESS + ": bcc must be stable at 300 K"),
    Target("Li", "Li vacancy energy, unrelaxed", 0.55, 0.10, "eV", GUESS + ": about 0.5"),
    Target("Li", "Li (001) surface energy, unrelaxed", 0.52, 0.10, "J/m²", TYSON),
    Target("Li", "Li energy at 0.8 a", 0.44, 0.08, "eV", ROSE),
    Target("Li", "Li energy at 1.2 a", 0.20, 0.03, "eV", ROSE),
    Target("LiF", "LiF rocksalt a", 4.03, 0.005, "Å", KITTEL),
    Target("LiF", "LiF formation enthalpy", -6.40, 0.02, "eV", JANAF),
    Target("LiF", "LiF C11", 112.0, 6.0, "GPa", BRISCOE),
    Target("LiF", "LiF C12", 46.0, 6.0, "GPa", BRISCOE),
    Target("LiF", "LiF C44", 63.5, 6.0, "GPa", BRISCOE),
    Target("LiF", "LiF softest force constant", 1.8, 0.2, "eV/Å²", GUESS + ": stable phonons at Γ, X and L"),
    Target("LiF", "LiF charge", 0.90, 0.01, "e", "PBE and Bader, by GPAW 25.1 and baderkit 0.10"),
    Target("LiF", "LiF charge, Li breathing", 1.00, 0.03, "e", GUESS + ": Li+ stays Li+ in a close shell"),
    Target("LiF", "LiF CsCl - rocksalt", 0.40, 0.05, "eV", GUESS + ": rocksalt must be stable"),
    Target("LiF", "LiF zincblende - rocksalt", 0.30, 0.05, "eV", GUESS + ": rocksalt must be stable"),
    Target("LiF", "LiF Li vacancy, Li to metal", 2.5, 0.3, "eV", GUESS + ": LiF must not give Li to the metal"),
    Target("LiF", "Li2F, fluorite", 1.2, 0.2, "eV", GUESS + ": LiF and Li must not mix"),
    Target("LiF", "Li3F, D0_3", 1.2, 0.2, "eV", GUESS + ": LiF and Li must not mix"),
    Target("LiF", "Li3F, L1_2", 1.2, 0.2, "eV", GUESS + ": LiF and Li must not mix"),
    Target("LiF", "F in Li, unrelaxed", 2.0, 0.3, "eV", GUESS + ": LiF and Li must not mix"),
    Target("LiF", "LiF (001) surface energy, unrelaxed", 0.36, 0.15, "J/m²", GILMAN),
    Target("LiF", "LiF molecule bond length", 1.564, 0.04, "Å", HUBER),
    Target("LiF", "LiF molecule bond energy", 5.97, 0.40, "eV", HUBER),
    Target("LiF", "LiF molecule at 1.0 Å", 0.5, 1.0, "eV", RITTNER),
    Target("LiF", "LiF molecule, 0.85 Å - 1.0 Å", 3.5, 2.0, "eV", RITTNER),
]


@dataclass(frozen=True)
class Compound(Crystal):
    """A cubic crystal that ASE's `bulk` does not know: atoms of `symbol` at `sites` (fractional) of the cell, which is
    primitive for the structure fcc."""

    sites: tuple[tuple[float, float, float], ...] = ()

    def at(self, a: float, cubic: bool = False) -> Atoms:
        cell = a / 2 * (1 - np.eye(3)) if self.structure == "fcc" else a * np.eye(3)
        return Atoms(self.symbol, scaled_positions=self.sites, cell=cell, pbc=True)


def on_diagonal(*sites: float) -> tuple[tuple[float, float, float], ...]:
    return tuple((x, x, x) for x in sites)


LI = Crystal("Li", "bcc", 3.5)
LI_FCC, LI_HCP = Crystal("Li", "fcc", 4.4), Crystal("Li", "hcp", 3.11)
LIF = Crystal("LiF", "rocksalt", 4.03)
LIF_CSCL, LIF_ZINCBLENDE = Crystal("LiF", "cesiumchloride", 2.5), Crystal("LiF", "zincblende", 4.35)
LI2F = Compound("FLi2", "fcc", 4.8, sites=on_diagonal(0, 0.25, 0.75))
LI3F_D03 = Compound("FLi3", "fcc", 5.2, sites=on_diagonal(0, 0.25, 0.5, 0.75))
LI3F_L12 = Compound("FLi3", "sc", 4.0, sites=((0, 0, 0), (0.5, 0.5, 0), (0.5, 0, 0.5), (0, 0.5, 0.5)))


def measurement(potential: Potential) -> Measurement:
    """With charges at equilibrium."""
    return Measurement(RFMEAM(potential))


def f_in_lithium(a: float) -> Atoms:
    """F in a tetrahedral hole of 3x3x3 cells of bcc lithium."""
    crystal = bulk("Li", "bcc", a, cubic=True) * (3, 3, 3)
    return crystal + Atoms("F", [(a / 2, a / 4, 0)])


def force_constants(measure: Measurement, cell: Atoms) -> np.ndarray:
    """The force constants (eV/Å^2) of a 2x2x2 supercell, ascending, without translations; negative: unstable."""
    crystal, n, step = cell * (2, 2, 2), len(cell), 0.01
    rows = np.zeros((n, 3, 8, n, 3))  # atom and direction moved; cell, atom and direction of the force
    for atom, axis, sign in itertools.product(range(n), range(3), (1, -1)):
        moved = crystal.copy()
        moved.positions[atom, axis] += sign * step
        forces = measure.calculator.get_property("forces", moved)
        rows[atom, axis] -= sign * forces.reshape(8, n, 3) / (2 * step)
    # the cells are numbered by the bits of their translation, so that differences are bitwise
    blocks = [[rows[:, :, i ^ j].reshape(3 * n, 3 * n) for j in range(8)] for i in range(8)]
    constants = np.linalg.eigvalsh(np.block(blocks))
    return np.sort(np.delete(constants, np.argsort(np.abs(constants))[:3]))


def disorder(measure: Measurement, crystal: Atoms, rms: float) -> tuple[float, float]:
    """Energy (eV/atom) of seeded normal displacements of rms Å along each axis; their Grüneisen parameter.

    That is the pressure they cause over twice the density of their energy, as for harmonic motion.
    """
    displaced = crystal * (3, 3, 3)
    at_rest = measure.energy(displaced)
    displaced.rattle(rms, seed=1)
    gained = measure.energy(displaced) - at_rest
    pressure = -float(np.trace(measure.stress(displaced))) / (3 * GPA)
    return gained / len(displaced), pressure * displaced.cell.volume / (2 * gained)


def liquid(measure: Measurement) -> tuple[float, float]:
    """Energy (eV/atom) and pressure at 450 K (GPa) of the liquid configurations in liquid_li.xyz, means.

    They are from MD at 450 K and 22.5 Å^3 an atom with a potential of an earlier step of the fit: in the final one
    a liquid of its own lies about 10 meV lower.
    """
    frames = read(Path(__file__).with_name("liquid_li.xyz"), ":")
    energies, pressures = [], []
    for atoms in frames:
        energies.append(measure.energy(atoms) / len(atoms))
        ideal = GPA * len(atoms) * kB * 450.0 / atoms.cell.volume
        pressures.append(ideal - np.trace(measure.stress(atoms)) / 3)
    return float(np.mean(energies)), float(np.mean(pressures))


def phonon_energy(measure: Measurement, a: float, amplitude: float) -> float:
    """Energy (eV/atom) of bcc Li with all atoms displaced by the amplitude (Å) along the softest phonon, T1 at N."""
    crystal = bulk("Li", "bcc", a, cubic=True) * (2, 2, 1)
    moved = crystal.copy()
    phase = np.cos(crystal.positions @ (np.pi / a * np.array([1, 1, 0])))
    moved.positions += amplitude * phase[:, None] * np.array([1, -1, 0]) / math.sqrt(2)
    return (measure.energy(moved) - measure.energy(crystal)) / len(crystal)


def above_lif_and_li(measure: Measurement, compound: Compound) -> float:
    """Energy (eV) per F of a compound richer in Li than LiF, above LiF and lithium metal."""
    atoms = measure.cell(compound)
    fluorine = atoms.symbols.count("F")
    lithium = len(atoms) - fluorine
    reference = fluorine * measure.energy(measure.cell(LIF)) + (lithium - fluorine) * measure.energy_per_atom(LI)
    return (measure.energy(atoms) - reference) / fluorine


def breathing_charge(measure: Measurement) -> float:
    """Charge (e) of a Li, in 2x2x2 conventional cells of LiF, whose six F have come 0.15 Å closer."""
    crystal = measure.cell(LIF, cubic=True)
    li = int(np.flatnonzero(crystal.symbols == "Li")[0])
    moved = crystal * (2, 2, 2)
    for j in range(len(moved)):
        bond = moved.get_distance(li, j, mic=True, vector=True)
        if 0 < np.linalg.norm(bond) < 0.6 * crystal.cell[0, 0] and moved.symbols[j] == "F":
            moved.positions[j] -= 0.15 * bond / np.linalg.norm(bond)
    return float(measure.calculator.get_property("charges", moved)[li])


def measure_f2(potential: Potential) -> dict[str, float]:
    measure = measurement(potential)

    def chain(r: float, n: int) -> float:
        return measure.energy(Atoms(["F"] * n, [(i * r, 0, 0) for i in range(n)]))

    r, energy = measure.bond("F2", 1.1, 2.0)
    h = 0.01
    curvature = (chain(r + h, 2) + chain(r - h, 2) - 2 * energy) / h**2
    f3 = min(chain(x, 3) for x in np.linspace(1.3, 2.2, 19))
    return {
        "F2 bond length": r,
        "F2 bond energy": -energy,
        "F2 force constant": curvature,
        "F3 linear below F2 + F": max(0.0, energy - f3),
    }


def measure_li(potential: Potential) -> dict[str, float]:
    measure = measurement(potential)
    a, e = measure.lattice(LI), measure.energy_per_atom(LI)
    constants = force_constants(measure, measure.cell(LI))
    crystal = measure.cell(LI, cubic=True)
    (small, gruneisen_small), (large, gruneisen_large) = (disorder(measure, crystal, rms) for rms in (0.15, 0.30))
    liquid_energy, liquid_pressure = liquid(measure)
    return {
        "Li bcc a": a,
        "Li bcc cohesive energy": -e,
        "Li bcc C11": measure.c11(LI),
        "Li bcc C12": measure.c12(LI),
        "Li bcc C44": measure.c44(LI),
        "Li softest force constant": float(constants[0]),
        "Li hardest force constant": float(constants[-1]),
        "Li N phonon, 0.2 Å": 1e3 * phonon_energy(measure, a, 0.2),
        "Li N phonon, 0.4 Å": 1e3 * phonon_energy(measure, a, 0.4),
        "Li displaced by 0.15 Å": 1e3 * small,
        "Li displaced by 0.30 Å": 1e3 * large,
        "Li Grüneisen at 0.15 Å": gruneisen_small,
        "Li Grüneisen at 0.30 Å": gruneisen_large,
        "Li liquid - bcc": 1e3 * (liquid_energy - e),
        "Li liquid pressure": liquid_pressure,
        "Li fcc - bcc": measure.phase_difference(LI_FCC, LI),
        "Li hcp - bcc": measure.phase_difference(LI_HCP, LI),
        "Li vacancy energy, unrelaxed": measure.vacancy_energy(LI, "Li", LI, 3, cubic=False),
        "Li (001) surface energy, unrelaxed": measure.surface_energy(LI, (0, 0, 1), 5),
        "Li energy at 0.8 a": measure.energy(LI.at(0.8 * a)) - e,
        "Li energy at 1.2 a": measure.energy(LI.at(1.2 * a)) - e,
    }


def measure_lif(potential: Potential) -> dict[str, float]:
    measure = measurement(potential)
    f2 = measure_f2(potential)
    li, crystal = measure.energy_per_atom(LI), measure.cell(LIF)
    e = measure.energy(crystal)

    def above(phase: Crystal) -> float:
        return 1e-3 * len(crystal) * measure.phase_difference(phase, LIF)

    def molecule(r: float) -> float:
        try:
            return measure.energy(Atoms("LiF", [(0, 0, 0), (r, 0, 0)]))
        except IndefiniteChargesError:
            return -20.0

    r = minimize_scalar(molecule, bounds=(1.2, 2.4), method="bounded").x
    return f2 | {
        "LiF rocksalt a": measure.lattice(LIF),
        "LiF formation enthalpy": e - li + f2["F2 bond energy"] / 2,
        "LiF C11": measure.c11(LIF),
        "LiF C12": measure.c12(LIF),
        "LiF C44": measure.c44(LIF),
        "LiF softest force constant": float(force_constants(measure, crystal)[0]),
        "LiF charge": measure.calculator.get_property("charges", crystal)[0],
        "LiF charge, Li breathing": breathing_charge(measure),
        "LiF CsCl - rocksalt": above(LIF_CSCL),
        "LiF zincblende - rocksalt": above(LIF_ZINCBLENDE),
        "LiF Li vacancy, Li to metal": measure.vacancy_energy(LIF, "Li", LI, 3, cubic=False),
        "Li2F, fluorite": above_lif_and_li(measure, LI2F),
        "Li3F, D0_3": above_lif_and_li(measure, LI3F_D03),
        "Li3F, L1_2": above_lif_and_li(measure, LI3F_L12),
        "F in Li, unrelaxed": measure.energy(f_in_lithium(3.5)) - e - 53 * li,
        "LiF (001) surface energy, unrelaxed": measure.surface_energy(LIF, (0, 0, 1), 3),
        "LiF molecule bond length": r,
        "LiF molecule bond energy": -molecule(r),
        "LiF molecule at 1.0 Å": molecule(1.0),
        "LiF molecule, 0.85 Å - 1.0 Å": molecule(0.85) - molecule(1.0),
    }


MEASURES = {"Li": measure_li, "LiF": measure_lif}


def table(potential: Potential) -> list[str]:
    """Quantity, published, this potential, deviation, unit, source: one line each, and a heading."""
    measured = {name: value for measure in MEASURES.values() for name, value in measure(potential).items()}
    lines = [f"{'quantity':36}{'published':>10}{'here':>10}{'deviation':>10}  unit    source"]
    for t in TARGETS:
        here = measured[t.name]
        deviation = f"{100 * (here / t.value - 1):+.1f} %" if t.value else f"{here:+.3f}"
        lines.append(f"{t.name:36}{t.value:10.3f}{here:10.3f}{deviation:>10}  {t.unit:7} {t.source}")
    return lines
