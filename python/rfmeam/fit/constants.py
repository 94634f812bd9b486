"""Energies of the elements' atoms in the reference data: constants fitted with the potential.

They enter residuals linearly, so for any potential the best ones follow by linear least squares;
with them gone (variable projection) the optimiser has the potential's parameters only.
"""

from __future__ import annotations

import numpy as np

from .losses import robust_loss


def best_constants(
    residual: np.ndarray, counts: np.ndarray, weight: np.ndarray, losses: list[tuple[str, float]]
) -> np.ndarray:
    """Constants c (elements,) that make Σ w C² ρ((r + A c)²/C²) least.

    residual r and weight w (rows,), counts A (rows, elements) in units of the tolerance; losses:
    name and scale C of each row. Robust losses by iterated weights. Of constants that the data do
    not determine, the shortest vector.
    """
    constants = _weighted(residual, counts, weight)
    if all(name == "linear" for name, _ in losses):
        return constants
    groups = {key: np.array([each == key for each in losses]) for key in set(losses)}
    for _ in range(100):
        left = residual + counts @ constants
        factor = np.ones_like(left)
        for (name, scale), rows in groups.items():
            factor[rows] = robust_loss(name, (left[rows] / scale) ** 2)[1]
        better = _weighted(residual, counts, weight * factor)
        done = np.allclose(better, constants, rtol=1e-12, atol=1e-12)
        constants = better
        if done:
            break
    return constants


def _weighted(residual: np.ndarray, counts: np.ndarray, weight: np.ndarray) -> np.ndarray:
    root = np.sqrt(weight)
    return np.linalg.lstsq(root[:, None] * counts, -root * residual, rcond=1e-10)[0]


def without_constants(rows: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """rows (rows, n) less their part that constants would take up: A of the same scaling."""
    basis, values, _ = np.linalg.svd(counts, full_matrices=False)
    basis = basis[:, values > 1e-10 * max(values.max(initial=0.0), 1e-300)]
    return rows - basis @ (basis.T @ rows)


def undetermined(counts: np.ndarray, elements: list[str]) -> list[str]:
    """Elements whose constant the compositions of the data (rows, elements) leave open."""
    if not len(counts):
        return list(elements)
    _, values, directions = np.linalg.svd(counts, full_matrices=True)
    rank = int((values > 1e-10 * values.max(initial=0.0)).sum())
    open_parts = np.abs(directions[rank:]).max(axis=0, initial=0.0)
    return [e for e, part in zip(elements, open_parts, strict=True) if part > 1e-8]
