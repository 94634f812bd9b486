"""Robust losses: how far outliers count. ρ(z) of the squared residual z as in SciPy."""

from __future__ import annotations

import numpy as np

LOSSES = ("linear", "soft_l1", "huber", "cauchy", "arctan")


def robust_loss(name: str, z: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """ρ(z) and two derivatives, of the shape of z = (residual)²: LOSSES has the names.

    linear z; soft_l1 2(√(1+z) - 1); huber z, beyond 1: 2√z - 1; cauchy ln(1+z); arctan arctan(z).
    """
    one = np.ones_like(z)
    if name == "linear":
        return z, one, 0 * z
    if name == "soft_l1":
        t = 1 + z
        return 2 * (np.sqrt(t) - 1), t**-0.5, -0.5 * t**-1.5
    if name == "huber":
        far = np.maximum(z, 1.0)
        inside = z <= 1
        return (
            np.where(inside, z, 2 * np.sqrt(far) - 1),
            np.where(inside, one, far**-0.5),
            np.where(inside, 0.0, -0.5 * far**-1.5),
        )
    if name == "cauchy":
        t = 1 + z
        return np.log1p(z), 1 / t, -1 / t**2
    if name == "arctan":
        t = 1 + z**2
        return np.arctan(z), 1 / t, -2 * z / t**2
    raise ValueError(f"loss is {name!r}, allowed are {', '.join(LOSSES)}")


def loss_and_scaling(
    name: str, scale: float, residual: np.ndarray, weight: np.ndarray
) -> tuple[float, np.ndarray, np.ndarray]:
    """½ Σ w C² ρ(r²/C²) with C = scale, and what makes it a least-squares problem near r.

    Returns the loss, the residuals r' and the factors s of the rows of the Jacobian, so that
    Σ r' s J is its gradient and (s J)ᵀ(s J) the part of its Hessian that has no second
    derivatives of r, made positive (Triggs' correction, as in SciPy).
    """
    z = (residual / scale) ** 2
    rho, first, second = robust_loss(name, z)
    root = np.sqrt(np.maximum(first + 2 * second * z, np.finfo(float).eps))
    loss = 0.5 * scale**2 * float(weight @ rho)
    return loss, np.sqrt(weight) * residual * first / root, np.sqrt(weight) * root
