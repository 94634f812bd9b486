"""Ewald sums in closed form with a dense solve of the charges: what long-range charges are compared with. It knows
nothing of LAMMPS: its splitting parameter, and how far it sums, are its own."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.special import erfc

DIGITS = 6.2  # erfc and exp(-x^2) of it are below 1e-17


def _vectors(cell: np.ndarray, reach: float) -> np.ndarray:
    """All sums of the rows of `cell` as long as `reach` at most."""
    most = np.ceil(reach * np.linalg.norm(np.linalg.inv(cell), axis=0)).astype(int) + 1
    grid = np.stack(np.meshgrid(*[np.arange(-m, m + 1) for m in most], indexing="ij"), -1).reshape(-1, 3)
    vectors = grid @ cell
    return vectors[np.linalg.norm(vectors, axis=1) <= reach]


@dataclass
class Charges:
    """Point charges (width 0) or Gaussian ones (Å) in a periodic box with a uniform background; k_e in energy Å/e^2,
    chi, hardness, offset by atom."""

    cell: np.ndarray
    positions: np.ndarray
    width: np.ndarray
    chi: np.ndarray
    hardness: np.ndarray
    offset: np.ndarray
    k_e: float
    splitting: float = 0.7

    @cached_property
    def coulomb(self) -> np.ndarray:
        """The matrix A of the Coulomb energy ½ q.A q, self energies included."""
        g, n = self.splitting, len(self.positions)
        volume = abs(np.linalg.det(self.cell))
        between = self.positions[:, None] - self.positions[None]
        s = np.sqrt(2 * (self.width[:, None] ** 2 + self.width[None] ** 2))
        gaussian = s > 0
        inverse = np.divide(1, s, out=np.zeros((n, n)), where=gaussian)

        a = np.full((n, n), -np.pi / (g**2 * volume))
        reach = DIGITS * max(1 / g, s.max())
        longest = np.linalg.norm(between, axis=-1).max()
        for image in _vectors(self.cell, reach + longest):
            r = np.linalg.norm(between + image, axis=-1)
            other = r > 0
            r[~other] = 1.0
            a += np.where(other, (erfc(g * r) - np.where(gaussian, erfc(r * inverse), 0)) / r, 0)
        a[np.diag_indices(n)] += 2 / np.sqrt(np.pi) * (np.diag(inverse) - g)

        waves = _vectors(2 * np.pi * np.linalg.inv(self.cell).T, 2 * g * DIGITS)
        k_sq = (waves**2).sum(1)
        waves, k_sq = waves[k_sq > 0], k_sq[k_sq > 0]
        phase = self.positions @ waves.T
        weight = 4 * np.pi / volume * np.exp(-k_sq / (4 * g**2)) / k_sq
        for part in (np.cos(phase), np.sin(phase)):
            a += (part * weight) @ part.T
        return self.k_e * a

    def energy(self, q: np.ndarray) -> float:
        return float((self.offset + self.chi * q + 0.5 * self.hardness * q**2).sum() + 0.5 * q @ self.coulomb @ q)

    def slopes(self, q: np.ndarray) -> np.ndarray:
        """dE/dq"""
        return self.chi + self.hardness * q + self.coulomb @ q

    def equilibrium(self, total: float) -> np.ndarray:
        """The charges of the minimum at this sum."""
        n = len(self.positions)
        a = np.ones((n + 1, n + 1))
        a[:n, :n] = self.coulomb + np.diag(self.hardness)
        a[n, n] = 0.0
        return np.linalg.solve(a, np.append(-self.chi, total))[:n]

    def moved(self, positions: np.ndarray | None = None, strain: np.ndarray | None = None) -> "Charges":
        """The same charges at other positions, or in a strained box, rows r -> r (1 + strain)^T."""
        f = np.eye(3) + (np.zeros((3, 3)) if strain is None else strain)
        x = self.positions if positions is None else positions
        return Charges(
            self.cell @ f.T, x @ f.T, self.width, self.chi, self.hardness, self.offset, self.k_e, self.splitting
        )

    def slab(self, q: np.ndarray, height: float) -> float:
        """The correction of a slab in a box of this height (Yeh and Berkowitz; Ballenegger et al. for a total)."""
        area = abs(np.linalg.det(self.cell)) / height
        z = self.positions[:, 2]
        dipole, moment, total = q @ z, q @ z**2, q.sum()
        return 2 * np.pi * self.k_e / (area * height) * (dipole**2 - total * moment - total**2 * height**2 / 12)
