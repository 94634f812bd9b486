"""What results say of a crystal."""

from __future__ import annotations

import numpy as np
from ase.eos import EquationOfState

from ..properties import GPA


def equation_of_state(
    volumes: np.ndarray, energies: np.ndarray
) -> tuple[float, float, float] | None:
    """Volume (Å^3) and energy (eV) of lowest energy and bulk modulus (GPa): Birch-Murnaghan.

    Of volumes (m,) in Å^3 and energies (m,) in eV, those within 15 % of the lowest energy's are
    used; None with fewer than five of them.
    """
    volumes, energies = np.asarray(volumes), np.asarray(energies)
    if len(volumes) < 5:
        return None
    near = abs(volumes / volumes[energies.argmin()] - 1) < 0.15
    if near.sum() < 5:
        return None
    fit = EquationOfState(volumes[near], energies[near], eos="birchmurnaghan").fit()
    return fit[0], fit[1], fit[2] * GPA
