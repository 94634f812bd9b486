"""Iterations of the projected conjugate gradients of fix qeq/vc with other preconditioners than the diagonal.

./dev shell python bench/preconditioners.py
./dev shell python bench/preconditioners.py --md    # from the start charges that steps of MD have

Counts, no timings, from dense matrices of small systems: for each preconditioner the iterations to a relative residual
of 1e-8 from charges of the elements, and what they cost in products with the charge matrix, an application of the
preconditioner being counted as its share of the matrix elements. Rows:

jacobi            the diagonal: what the solver has by default
pairs             block Jacobi, an atom and its nearest one of the other element
local R           row i of the inverse of the matrix of the atoms within R (Å) of atom i, made symmetric: a sparse
                  approximate inverse, as block Jacobi with blocks around each atom that overlap
factors R         G^T G with rows of the lower triangle G from the same local matrices (factorised sparse approximate
                  inverse, Kolotilina and Yeremin), positive definite by its making: `precondition fsai`, with the order
                  of atoms that half of the neighbour list gives
…, reused         the same from before all atoms moved by up to 0.2 Å

-1: the preconditioner is not positive definite.

What came out (products): the factors of 3.5 Å, reused, take 10.5 for LiF and 9.5 for Li|LiF where the diagonal takes
18 and 17 (lif_coarse.rfmeam), and 16.7 and 16.8 for 29 and 34 (LiF-q.rfmeam, cutoff 9 Å): 0.5 to 0.6 of them. A
larger radius saves no more, pairs save nothing, and the symmetric local inverse is not safe.

In MD of Li|LiF (296 atoms, 1 fs, guess 3; 50 steps; of a step, beside the product that each solve begins with):

                          lif_coarse.rfmeam, 300 K  900 K   LiF-q.rfmeam, 300 K  900 K
1e-6 jacobi                                    2.7    4.0                    3.5    4.0
     factors 3.5, made every 1, 10     1.0, 1.0   2.0, 2.0        1.6, 1.7   1.8, 2.2
                  and 40 steps                 1.4    2.3                    2.1    4.2
1e-8 jacobi                                    6.9    8.2                    8.0   10.2
     factors 3.5, made every 1, 10     2.1, 2.2   3.0, 3.4        3.8, 4.0   4.2, 5.5
                  and 40 steps                 3.1    4.7                    5.7   10.5

An application costs 0.15 of a product with lif_coarse.rfmeam and 0.08 with LiF-q.rfmeam. So factors that are 10 steps
old save half of the iterations or more: of products, the first one and applications counted, 0.3 to 0.4 at 1e-6 and 0.4
to 0.55 at 1e-8. Those of 40 steps do not do where walls bend the energy (900 K). Making them is not counted here; it is
in the times of doc/fix_qeq_vc.md, precondition, with which they are built in, beside the diagonal.
Pairs across borders of ranks are needed: from charges of the elements to 1e-8, LiF and lif_coarse.rfmeam, the factors
take 6 iterations, without the pairs that cross 2 borders 13, and the diagonal 16. And row i may have the half of its
neighbours above it, in the order of coordinates, across periodic borders, too: 6 iterations as well.
"""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from math import comb
from pathlib import Path
from typing import Annotated

import ase.io
import numpy as np
import shadow_dynamics
import typer
from ase import Atoms
from ase.build import bulk
from measure import LIF

import rfmeam

POTENTIALS = (LIF, LIF.parents[2] / "potentials/LiF-q.rfmeam")
TOLERANCE = 1e-8
RADII = (2.5, 3.5, 4.5)
DUMP = """
dump all all custom 1 all.dump id element x y z
dump_modify all element Li F sort id format float %.15g
run {steps}
"""


@dataclass
class Problem:
    """A charge matrix (eV/e^2), what goes with it, and distances of the atoms (Å)."""

    matrix: np.ndarray
    electronegativity: np.ndarray
    distance: np.ndarray
    symbols: list[str]


def salt() -> Atoms:
    """216 atoms of rocksalt."""
    return bulk("LiF", "rocksalt", a=4.03, cubic=True).repeat(3)


def interface() -> Atoms:
    """324 atoms: six layers of LiF, and eight of Li on either side of them."""
    salt = bulk("LiF", "rocksalt", a=4.03, cubic=True).repeat((3, 3, 2))
    metal = bulk("Li", "bcc", a=3.5, cubic=True).repeat((3, 3, 10))
    metal.set_cell([12.09, 12.09, 35.0], scale_atoms=True)
    metal.positions[:, 2] += salt.positions[:, 2].max() + 2.1
    both = salt + metal
    both.set_cell([12.09, 12.09, metal.positions[:, 2].max() + 2.1])
    return both


def rattled(atoms: Atoms, amplitude: float, seed: int) -> Atoms:
    moved = atoms.copy()
    moved.positions += np.random.default_rng(seed).uniform(-amplitude, amplitude, (len(atoms), 3))
    return moved


def problem(potential: rfmeam.Potential, atoms: Atoms) -> Problem:
    symbols = list(atoms.get_chemical_symbols())
    system = rfmeam.System(atoms.cell.array, atoms.pbc, atoms.positions, symbols)
    return Problem(
        np.array(rfmeam.charge_matrix(potential, system)),
        np.array(rfmeam.electronegativities(potential, system)),
        atoms.get_all_distances(mic=True),
        symbols,
    )


Apply = Callable[[np.ndarray], np.ndarray]


def conjugate_gradients(
    matrix: np.ndarray, residual: np.ndarray, apply: Apply, target: float
) -> tuple[np.ndarray, int]:
    """Neutral change of charges that brings the centred residual to the target norm, and the iterations for it, as
    src/charges/projected_pcg.h has them."""
    of_ones = apply(np.ones(len(matrix)))
    change = np.zeros_like(residual)
    direction, previous = np.zeros_like(residual), 0.0
    for count in range(1000):
        centred = residual - residual.mean()
        if np.linalg.norm(centred) <= target:
            return change, count
        z = apply(centred)
        z -= of_ones * (z.sum() / of_ones.sum())
        rz = centred @ z
        direction = z + (rz / previous if previous else 0.0) * direction
        product = matrix @ direction
        step = rz / (direction @ product)
        change += step * direction
        residual = centred - step * product
        previous = rz
    raise RuntimeError("no convergence in 1000 iterations")


def iterations(p: Problem, apply: Apply) -> int:
    """From the charges of the elements to TOLERANCE."""
    residual = -p.electronegativity
    return conjugate_gradients(p.matrix, residual, apply, TOLERANCE * np.linalg.norm(residual))[1]


def local_inverse(p: Problem, radius: float) -> np.ndarray:
    """Row i of the inverse of the matrix of the atoms around atom i, symmetric."""
    rows = np.zeros_like(p.matrix)
    for i, distances in enumerate(p.distance):
        near = np.flatnonzero(distances < radius)
        unit = (near == i).astype(float)
        rows[i, near] = np.linalg.solve(p.matrix[np.ix_(near, near)], unit)
    return (rows + rows.T) / 2


def local_factors(p: Problem, radius: float) -> np.ndarray:
    """G of the factorised sparse approximate inverse G^T G on the pattern of atoms within a radius."""
    rows = np.zeros_like(p.matrix)
    for i, distances in enumerate(p.distance):
        near = np.flatnonzero(distances[: i + 1] < radius)
        solution = np.linalg.solve(p.matrix[np.ix_(near, near)], (near == i).astype(float))
        rows[i, near] = solution / np.sqrt(solution[-1])
    return rows


def pairs(p: Problem) -> np.ndarray:
    """Inverse of 2 x 2 blocks: atoms are paired with the nearest one that is free, Li with F; others alone."""
    inverse = np.diag(1 / np.diag(p.matrix))
    free = np.ones(len(p.matrix), bool)
    for i in np.flatnonzero(np.array(p.symbols) == "F"):
        partners = np.flatnonzero(free & (np.array(p.symbols) == "Li"))
        j = partners[np.argmin(p.distance[i, partners])]
        free[j] = False
        block = np.ix_([i, j], [i, j])
        inverse[block] = np.linalg.inv(p.matrix[block])
    return inverse


def rows_of(potential: rfmeam.Potential, atoms: Atoms) -> list[tuple[str, int, float]]:
    before, now = problem(potential, atoms), problem(potential, rattled(atoms, 0.2, 2))
    elements = np.count_nonzero(now.matrix)
    found = []

    def add(name: str, inverse: np.ndarray, extra: float) -> None:
        lowest = np.linalg.eigvalsh(inverse)[0]
        count = iterations(now, lambda r: inverse @ r) if lowest > 0 else -1
        found.append((name, count, count * (1 + extra)))

    add("jacobi", np.diag(1 / np.diag(now.matrix)), 0.0)
    add("pairs", pairs(now), len(now.matrix) / elements)
    for radius in RADII:
        for name, of in ((f"local {radius}", now), (f"local {radius}, reused", before)):
            inverse = local_inverse(of, radius)
            add(name, inverse, np.count_nonzero(inverse) / elements)
            factors = local_factors(of, radius)
            add(name.replace("local", "factors"), factors.T @ factors, 2 * np.count_nonzero(factors) / elements)
    return found


def trajectory(potential: Path, temperature: float, steps: int) -> list[Atoms]:
    """Li|LiF of bench/shadow_dynamics.py at every femtosecond of NVE, after half a picosecond at the temperature."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shadow_dynamics.warm_up(shadow_dynamics.interface(), potential, temperature, 0.001, 500, folder)
        script = shadow_dynamics.start_again(potential, 0.001, "1e-8 200")
        shadow_dynamics.lammps(script + DUMP.format(steps=steps), folder)
        return ase.io.read(folder / "all.dump", ":", format="lammps-dump-text")


def walls(potential: rfmeam.Potential, symbols: list[str], charges: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """First and second derivatives of the walls' energy."""
    slope, curvature = np.zeros_like(charges), np.zeros_like(charges)
    for element in set(symbols):
        of = np.array(symbols) == element
        _, slope[of], curvature[of] = potential.wall_energy(element, charges[of])
    return slope, curvature


@dataclass
class Solver:
    """Charges step by step as fix qeq/vc has them: Newton's method around conjugate gradients, from the cubic through
    the last four solves; the preconditioner is made anew every `lifetime` steps."""

    potential: rfmeam.Potential
    tolerance: float
    make: Callable[[Problem], Apply]
    lifetime: int
    step: int = 0

    def __post_init__(self) -> None:
        self.history: list[np.ndarray] = []

    def solve(self, p: Problem) -> int:
        order = min(len(self.history), 4)
        weights = [(-1) ** m * comb(order, m + 1) for m in range(order)]
        q = sum(
            (w * old for w, old in zip(weights, reversed(self.history[-4:]), strict=False)),
            np.zeros_like(p.electronegativity),
        )
        target, total = self.tolerance * np.linalg.norm(p.electronegativity), 0
        while True:
            slope, curvature = walls(self.potential, p.symbols, q)
            residual = -(p.electronegativity + p.matrix @ q + slope)
            left = np.linalg.norm(residual - residual.mean())
            if left <= target:
                break
            matrix = p.matrix + np.diag(curvature)
            if self.step % self.lifetime == 0 or not hasattr(self, "apply"):
                self.apply = self.make(Problem(matrix, p.electronegativity, p.distance, p.symbols))
            change, count = conjugate_gradients(matrix, residual, self.apply, max(0.5 * target, 0.02 * left))
            q = q + change
            total += count
        self.history.append(q)
        self.step += 1
        return total


def diagonal(p: Problem) -> Apply:
    inverse = 1 / np.diag(p.matrix)
    return lambda r: inverse * r


def factors(p: Problem) -> Apply:
    rows = local_factors(p, 3.5)
    return lambda r: rows.T @ (rows @ r)


def compare_in_md() -> None:
    """Prints iterations a step of the diagonal and of factors of 3.5 Å that are made anew every 1, 10 and 40 steps."""
    steps, settled = 60, 10
    solvers = {"jacobi": (diagonal, 1)} | {f"factors 3.5, {n} steps": (factors, n) for n in (1, 10, 40)}
    for file in POTENTIALS:
        potential = rfmeam.Potential.read(str(file))
        for temperature in (300.0, 900.0):
            problems = [problem(potential, atoms) for atoms in trajectory(file, temperature, steps)]
            share = np.count_nonzero(local_factors(problems[0], 3.5)) / np.count_nonzero(problems[0].matrix)
            print(f"{file.name}, Li|LiF, {temperature:.0f} K: factors are {2 * share:.3f} of a product", flush=True)
            for tolerance in (1e-6, 1e-8):
                for name, (make, lifetime) in solvers.items():
                    solver = Solver(potential, tolerance, make, lifetime)
                    counts = [solver.solve(p) for p in problems][settled:]
                    print(f"  {tolerance:g} {name:22s} {np.mean(counts):6.2f} iterations a step", flush=True)


def main(md: Annotated[bool, typer.Option("--md", help="from the start charges of MD")] = False) -> None:
    if md:
        compare_in_md()
        return
    for file in POTENTIALS:
        potential = rfmeam.Potential.read(str(file))
        for name, atoms in (("LiF", salt()), ("Li|LiF", interface())):
            start = rattled(atoms, 0.1, 1)
            print(f"{file.name}, {name}, {len(atoms)} atoms: iterations, products", flush=True)
            for row, count, products in rows_of(potential, start):
                print(f"  {row:20s} {count:4d} {products:7.1f}", flush=True)


if __name__ == "__main__":
    typer.run(main)
