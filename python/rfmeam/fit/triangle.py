"""QR decomposition of a Jacobian that comes in blocks of rows."""

from __future__ import annotations

import numpy as np


class Triangle:
    """Of the rows (J | r): R with RᵀR = JᵀJ, and c with Rᵀc = Jᵀr. Never more than a block is held.

    Unlike sums of JᵀJ it keeps the digits of small singular values.
    """

    def __init__(self, columns: int):
        self._rows = np.zeros((0, columns + 1))

    def add(self, jacobian: np.ndarray, residual: np.ndarray) -> None:
        """Rows of the Jacobian (rows, columns) and their residuals (rows,)."""
        rows = np.column_stack([jacobian, residual])
        self._rows = np.linalg.qr(np.vstack([self._rows, rows]), mode="r")

    def parts(self) -> tuple[np.ndarray, np.ndarray]:
        """R (k, columns) and c (k,)."""
        return self._rows[:, :-1], self._rows[:, -1]
