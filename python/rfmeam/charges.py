"""Charge equilibration by a dense solve: the reference for small systems."""

import numpy as np

from ._core import K_E, Potential, System, charge_matrix, electronegativities


class IndefiniteChargesError(ValueError):
    """The charge energy has no minimum at fixed total charge (polarisation catastrophe)."""


def equilibrate(
    potential: Potential, system: System, total_charge: float = 0.0, k_e: float = K_E
) -> np.ndarray:
    """Charges (n,), in e, that minimise E_q = chi.q + q.M.q/2 + walls at sum(q) = total_charge.

    chi is that of electronegativities(): of the elements, and shifted by the environments and by
    core charges.

    total_charge in e, k_e in eV Å/e^2. Solves P M P dq = -P (chi + M q0), where P projects onto
    sum(dq) = 0 and q0 is the same charge on every atom. With walls, which are convex but not
    quadratic, Newton's method with a line search repeats that with their derivatives.
    Raises IndefiniteChargesError where M is not positive definite on that subspace.
    """
    matrix = charge_matrix(potential, system, k_e)
    n = len(matrix)
    if n == 0:
        return np.zeros(0)
    chi = electronegativities(potential, system, k_e)
    uniform = np.full(n, total_charge / n)
    residual = chi + matrix @ uniform
    projected = project_neutral(matrix)
    try:
        np.linalg.cholesky(projected)
    except np.linalg.LinAlgError:
        raise IndefiniteChargesError(_explain(matrix, projected, system)) from None
    if potential.has_walls:
        return _newton(potential, system, matrix, chi, uniform)
    return uniform - np.linalg.solve(projected, residual - residual.mean())


def _newton(
    potential: Potential, system: System, matrix: np.ndarray, chi: np.ndarray, charges: np.ndarray
) -> np.ndarray:
    """The charges of lowest energy at the sum of the given ones, from where it starts."""

    def energy(q: np.ndarray) -> float:
        return chi @ q + q @ matrix @ q / 2 + _walls(potential, system, q)[0].sum()

    for _ in range(100):
        _, wall_slope, wall_bend = _walls(potential, system, charges)
        slope = chi + matrix @ charges + wall_slope
        step = -np.linalg.solve(project_neutral(matrix + np.diag(wall_bend)), slope - slope.mean())
        if np.abs(step).max() < 1e-10:  # the next one would be of the order of its square
            return charges + step
        before, fall = energy(charges), slope @ step
        rounding = 1e-13 * (abs(before) + np.abs(slope).sum())
        length = 1.0
        while energy(charges + length * step) > before + 1e-4 * length * fall + rounding:
            length /= 2
        charges = charges + length * step
    raise ArithmeticError(f"charges still change by {np.abs(step).max():.3g} e after 100 steps")


def _walls(potential: Potential, system: System, charges: np.ndarray) -> np.ndarray:
    """Energy of each atom's walls and two derivatives, (3, n)."""
    result = np.zeros((3, len(charges)))
    symbols = np.array(system.symbols)
    for element in potential.elements:
        own = symbols == element
        result[:, own] = potential.wall_energy(element, charges[own])
    return result


def project_neutral(matrix: np.ndarray) -> np.ndarray:
    """P M P, (n, n), made regular along (1, ..., 1) by M's mean diagonal.

    Its other eigenvalues are those of the charge energy at fixed total charge (eV/e^2).
    """
    mean = matrix.mean(axis=0)
    regular = matrix.mean() + np.trace(matrix) / len(matrix) ** 2
    return matrix - mean - mean[:, None] + regular


def lowest_stiffness(potential: Potential, system: System, k_e: float = K_E) -> float:
    """Lowest eigenvalue (eV/e^2) of the charge energy at fixed total charge: > 0 if stable.

    Without the walls, which only add to it, and only where charges are near them.
    """
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
