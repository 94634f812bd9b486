"""Charge equilibration by a dense solve: the reference for small systems."""

import numpy as np

from ._core import K_E, Potential, System, charge_matrix


class IndefiniteChargesError(ValueError):
    """The charge energy has no minimum at fixed total charge (polarisation catastrophe)."""


def equilibrate(
    potential: Potential, system: System, total_charge: float = 0.0, k_e: float = K_E
) -> np.ndarray:
    """Charges (n,), in e, that minimise E_q = chi.q + q.M.q/2 at sum(q) = total_charge.

    total_charge in e, k_e in eV Å/e^2. Solves P M P dq = -P (chi + M q0), where P projects onto
    sum(dq) = 0 and q0 is the same charge on every atom.
    Raises IndefiniteChargesError where M is not positive definite on that subspace.
    """
    matrix = charge_matrix(potential, system, k_e)
    n = len(matrix)
    if n == 0:
        return np.zeros(0)
    chi = np.array([potential.charge(symbol).chi for symbol in system.symbols])
    uniform = np.full(n, total_charge / n)
    residual = chi + matrix @ uniform
    projected = project_neutral(matrix)
    try:
        np.linalg.cholesky(projected)
    except np.linalg.LinAlgError:
        raise IndefiniteChargesError(_explain(matrix, projected, system)) from None
    return uniform - np.linalg.solve(projected, residual - residual.mean())


def project_neutral(matrix: np.ndarray) -> np.ndarray:
    """P M P, (n, n), made regular along (1, ..., 1) by M's mean diagonal.

    Its other eigenvalues are those of the charge energy at fixed total charge (eV/e^2).
    """
    mean = matrix.mean(axis=0)
    regular = matrix.mean() + np.trace(matrix) / len(matrix) ** 2
    return matrix - mean - mean[:, None] + regular


def lowest_stiffness(potential: Potential, system: System, k_e: float = K_E) -> float:
    """Lowest eigenvalue (eV/e^2) of the charge energy at fixed total charge: > 0 if stable."""
    return float(np.linalg.eigvalsh(project_neutral(charge_matrix(potential, system, k_e)))[0])


def _explain(matrix: np.ndarray, projected: np.ndarray, system: System) -> str:
    """Names the pair of atoms that comes nearest to (or is beyond) 2 M_ij > M_ii + M_jj."""
    diagonal = matrix.diagonal()
    ratio = 2 * matrix / (diagonal[:, None] + diagonal)
    np.fill_diagonal(ratio, -np.inf)
    i, j = np.unravel_index(np.argmax(ratio), ratio.shape)
    lowest = np.linalg.eigvalsh(projected)[0]
    return (
        "the charge energy has no minimum: the charge matrix is indefinite at fixed total charge "
        f"(lowest eigenvalue {lowest:.3g} eV/e^2). Worst pair: {system.symbols[i]}-"
        f"{system.symbols[j]} (atoms {i} and {j}), 2 M_ij/(M_ii + M_jj) = {ratio[i, j]:.3f}. "
        "Raise the hardness J of these elements, or lower the screening length, or keep them apart."
    )
