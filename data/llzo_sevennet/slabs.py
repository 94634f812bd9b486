"""Slabs of an oxide along any face, and lithium metal that fits onto them."""

from __future__ import annotations

import itertools

import numpy as np
from ase import Atoms
from ase.build import bulk

REACH = 4  # of whole numbers that are tried for a vector of a lattice
ZR_O = 2.6  # Å: an oxygen nearer to Zr than this belongs to its octahedron


def face_vectors(lattice: np.ndarray, normal: np.ndarray) -> np.ndarray:
    """Rows: the shortest two vectors of a lattice (rows, Å) at right angles to `normal`, and one of the next plane."""
    numbers = np.array(list(itertools.product(range(-REACH, REACH + 1), repeat=3)))
    vectors = numbers @ lattice
    heights = vectors @ (normal / np.linalg.norm(normal))
    flat = vectors[(np.abs(heights) < 1e-6) & numbers.any(axis=1)]
    flat = flat[np.argsort(np.linalg.norm(flat, axis=1), kind="stable")]
    first = flat[0]
    areas = np.linalg.norm(np.cross(first, flat), axis=1)
    second = flat[np.flatnonzero(areas > 1e-6)[0]]
    if second @ first > 1e-6:
        second = -second
    above = vectors[heights > 1e-6]
    least = heights[heights > 1e-6].min()
    next_plane = above[heights[heights > 1e-6] < least + 1e-6]
    third = next_plane[np.argmin(np.linalg.norm(next_plane, axis=1))]
    if np.linalg.det([first, second, third]) < 0:
        first, second = second, first
    return np.array([first, second, third])


def slab(crystal: Atoms, lattice: np.ndarray, face: tuple[int, int, int], cut: float, layers: int) -> Atoms:
    """`layers` planes of a lattice thick, from the height `cut` (in planes) on; cell: the face's two vectors and a
    third along the normal, as long as the slab is thick.

    crystal: its conventional cell, whose indices `face` are; lattice: its primitive vectors (rows, Å). Where Zr is
    among the atoms, oxygen goes where its octahedron's Zr goes, so no octahedron is cut.
    """
    normal = np.linalg.inv(crystal.cell.array) @ np.array(face)
    vectors = face_vectors(lattice, normal)
    inverse = np.linalg.inv(vectors)
    primitive, at = _once_each(crystal, inverse)
    fractions = at + 0.0
    keys = fractions[:, 2].copy()
    centres = np.flatnonzero(primitive == "Zr")
    for o in np.flatnonzero(primitive == "O") if len(centres) else ():
        steps = fractions[o] - fractions[centres]
        shortest = steps - np.round(steps)
        distances = np.linalg.norm(shortest @ vectors, axis=1)
        nearest = int(np.argmin(distances))
        if distances[nearest] > ZR_O:
            raise ValueError(f"an O is {distances[nearest]:.2f} Å from any Zr: no octahedron is its own")
        fractions[o] = fractions[centres[nearest]] + shortest[nearest]
        keys[o] = fractions[centres[nearest], 2]
    moved = np.floor(keys - cut)
    fractions[:, 2] -= moved
    made = Atoms()
    for layer in range(layers):
        made += Atoms(primitive, positions=(fractions + np.array([0, 0, layer])) @ vectors)
    height = vectors[2] @ normal / np.linalg.norm(normal)
    made.set_cell([vectors[0], vectors[1], normal / np.linalg.norm(normal) * height * layers])
    made.pbc = True
    return upright(made)


def _once_each(crystal: Atoms, inverse: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Symbols and fractions of the atoms of a conventional cell that differ by no vector of the lattice."""
    fractions = crystal.positions @ inverse
    kept: list[int] = []
    for i in range(len(crystal)):
        steps = fractions[kept] - fractions[i]
        if not len(kept) or (np.abs(steps - np.round(steps)).max(axis=1) > 1e-3).all():
            kept.append(i)
    return np.array(crystal.get_chemical_symbols())[kept], fractions[kept]


def upright(atoms: Atoms) -> Atoms:
    """Turned so that the first vector is x and the plane of the first two is xy."""
    x = atoms.cell[0] / np.linalg.norm(atoms.cell[0])
    z = np.cross(atoms.cell[0], atoms.cell[1])
    z /= np.linalg.norm(z)
    turn = np.array([x, np.cross(z, x), z]).T
    made = Atoms(atoms.symbols, positions=atoms.positions @ turn, cell=atoms.cell.array @ turn, pbc=True)
    made.positions[:, 2] -= made.positions[:, 2].min()
    return made


def lithium_on(cell: np.ndarray, a: float, layers: int) -> tuple[Atoms, str, float]:
    """BCC lithium (a in Å) of `layers` layers, (001) or (110), strained onto the first two vectors of a cell; its face
    and the largest of its principal strains. The cell of lithium that needs the smallest strain is taken."""
    target = cell[:2, :2]
    best = None
    for face in ((0, 0, 1), (1, 1, 0)):
        crystal = bulk("Li", "bcc", a=a, cubic=True)
        primitive = bulk("Li", "bcc", a=a).cell.array
        one = slab(crystal, primitive, face, -1e-3, 1)
        plane = one.cell.array[:2, :2]
        size = round(abs(np.linalg.det(target) / np.linalg.det(plane)))
        for matrix in _matrices(target, plane):
            if abs(round(np.linalg.det(matrix))) not in (size - 1, size, size + 1):
                continue
            deformation = np.linalg.solve(matrix @ plane, target)
            stretches = np.linalg.svd(deformation, compute_uv=False)
            strain = float(np.abs(stretches - 1).max())
            if best is None or strain < best[0] - 1e-9:
                best = strain, face, matrix
    strain, face, matrix = best
    return _layers(face, matrix, a, layers, target), "".join(map(str, face)), strain


def _matrices(target: np.ndarray, plane: np.ndarray) -> list[np.ndarray]:
    """Whole-numbered 2 × 2 matrices whose vectors are within 12 % as long as the target's, of positive determinant."""
    numbers = np.array(list(itertools.product(range(-9, 10), repeat=2)))
    lengths = np.linalg.norm(numbers @ plane, axis=1)
    near = [numbers[np.abs(lengths / np.linalg.norm(t) - 1) < 0.12] for t in target]
    return [np.array(pair) for pair in itertools.product(*near) if np.linalg.det(pair) > 0.5]


def _layers(face: tuple, matrix: np.ndarray, a: float, layers: int, target: np.ndarray) -> Atoms:
    """Layers of lithium on the target's cell in the plane (rows, Å), unstrained across it."""
    primitive = bulk("Li", "bcc", a=a).cell.array
    vectors = face_vectors(primitive, np.array(face, dtype=float))
    one = upright(Atoms("Li", positions=[[0, 0, 0]], cell=vectors, pbc=True))
    plane, third = one.cell.array[:2, :2], one.cell.array[2]
    inverse = np.linalg.inv(matrix @ plane)
    reach = int(np.abs(matrix).sum()) + layers
    cells = np.array(list(itertools.product(range(-reach, reach + 1), repeat=2)))
    positions = []
    for layer in range(layers):
        fractions = (cells @ plane + layer * third[:2]) @ inverse
        fractions = fractions[((fractions > -1e-6) & (fractions < 1 - 1e-6)).all(axis=1)]
        positions += [[*xy, layer * third[2]] for xy in fractions @ target]
    count = round(abs(np.linalg.det(matrix))) * layers
    if len(positions) != count:
        raise ValueError(f"{len(positions)} atoms of lithium, expected {count}")
    cell = np.zeros((3, 3))
    cell[:2, :2], cell[2, 2] = target, layers * third[2]
    return Atoms(f"Li{count}", positions=positions, cell=cell, pbc=True)
