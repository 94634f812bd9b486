"""Iterations of the projected conjugate gradients of fix qeq/vc with other preconditioners than the diagonal.

./dev shell python bench/preconditioners.py

Counts, no timings, from dense matrices of small systems: for each preconditioner the iterations to a relative residual
of 1e-8 from charges of the elements, and what they cost in products with the charge matrix, an application of the
preconditioner being counted as its share of the matrix elements. Rows:

jacobi            the diagonal: what the solver has
pairs             block Jacobi, an atom and its nearest one of the other element
local R           row i of the inverse of the matrix of the atoms within R (Å) of atom i, made symmetric: a sparse
                  approximate inverse, as block Jacobi with blocks around each atom that overlap
factors R         G^T G with rows of the lower triangle G from the same local matrices (factorised sparse approximate
                  inverse, Kolotilina and Yeremin), positive definite by its making
…, reused         the same from before all atoms moved by up to 0.2 Å

-1: the preconditioner is not positive definite.

What came out (products): the factors of 3.5 Å, reused, take 10.5 for LiF and 9.5 for Li|LiF where the diagonal takes
18 and 17 (lif_coarse.rfmeam), and 16.7 and 16.8 for 29 and 34 (LiF-q.rfmeam, cutoff 9 Å): 0.5 to 0.6 of them. A larger
radius saves no more, pairs save nothing, and the symmetric local inverse is not safe. The solver has the diagonal.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from ase import Atoms
from ase.build import bulk

import rfmeam

ROOT = Path(__file__).parents[1]
POTENTIALS = (ROOT / "unittest/data/lif_coarse.rfmeam", ROOT / "potentials/LiF-q.rfmeam")
TOLERANCE = 1e-8
RADII = (2.5, 3.5, 4.5)


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


def iterations(p: Problem, apply: Callable[[np.ndarray], np.ndarray]) -> int:
    """Conjugate gradients in the subspace of neutral changes, as src/charges/projected_pcg.h has them."""
    ones = np.ones(len(p.matrix))
    of_ones = apply(ones)
    residual = -p.electronegativity
    direction, previous = np.zeros_like(residual), 0.0
    target = TOLERANCE * np.linalg.norm(residual)
    for count in range(1000):
        centred = residual - residual.mean()
        if np.linalg.norm(centred) <= target:
            return count
        z = apply(centred)
        z -= of_ones * (z.sum() / of_ones.sum())
        rz = centred @ z
        direction = z + (rz / previous if previous else 0.0) * direction
        product = p.matrix @ direction
        residual = centred - rz / (direction @ product) * product
        previous = rz
    raise RuntimeError("no convergence in 1000 iterations")


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


def main() -> None:
    for file in POTENTIALS:
        potential = rfmeam.Potential.read(str(file))
        for name, atoms in (("LiF", salt()), ("Li|LiF", interface())):
            start = rattled(atoms, 0.1, 1)
            print(f"{file.name}, {name}, {len(atoms)} atoms: iterations, products", flush=True)
            for row, count, products in rows_of(potential, start):
                print(f"  {row:20s} {count:4d} {products:7.1f}", flush=True)


if __name__ == "__main__":
    main()
