"""Rows of energies and of their differences, which join structures of all blocks."""

from __future__ import annotations

import numpy as np

from ..errors import UserError
from .constants import best_constants, without_constants
from .data import Structure
from .losses import loss_and_scaling
from .rows import Rows
from .settings import Target
from .triangle import Triangle


class EnergyRows:
    """Energies per atom. To the model's energy of a structure come constants of its elements.

    constants: eV of each element; free: which of them are fitted, the others stay.
    """

    def __init__(
        self, rows: list[Rows], counts: np.ndarray, constants: np.ndarray, free: np.ndarray
    ):
        """rows: their index counts the structures of all blocks; counts (S, elements): atoms."""
        self.rows, self.constants, self.free = rows, constants, free
        if not rows:
            return
        self.index = np.concatenate([each.index for each in rows])
        self.reference = np.concatenate([each.reference for each in rows])
        self.weight = np.concatenate([each.weight for each in rows])
        atoms = counts[self.index].sum(axis=1)
        self.factor = 1 / (atoms * np.concatenate([each.tolerance for each in rows]))
        self.shares = counts[self.index] * self.factor[:, None]
        self.reference = self.reference * atoms * self.factor
        self.kinds = [(r.target.loss, r.target.loss_scale) for r in rows for _ in r.index]

    def add(
        self,
        energies: np.ndarray,
        d_energies: np.ndarray | None,
        losses: dict[str, float],
        triangle: Triangle | None,
    ) -> np.ndarray:
        """Adds to the losses by target and to the triangle; returns the constants.

        energies (S,) eV, d_energies (S, P) by the coordinates.
        """
        constants = self.constants.copy()
        if not self.rows:
            return constants
        residual = energies[self.index] * self.factor - self.reference
        residual = residual + self.shares[:, ~self.free] @ constants[~self.free]
        shares = self.shares[:, self.free]
        if self.free.any():
            constants[self.free] = best_constants(residual, shares, self.weight, self.kinds)
            residual = residual + shares @ constants[self.free]
        parts, first = [], 0
        for each in self.rows:
            part = slice(first, first := first + len(each.index))
            target = each.target
            loss, *scaled = loss_and_scaling(
                target.loss, target.loss_scale, residual[part], each.weight
            )
            losses[target.name] += loss
            parts.append(scaled)
        if triangle is not None:
            scaled, scaling = (np.concatenate(each) for each in zip(*parts, strict=True))
            jacobian = (scaling * self.factor)[:, None] * d_energies[self.index]
            triangle.add(without_constants(jacobian, scaling[:, None] * shares), scaled)
        return constants


class DifferenceRows:
    """Σ coefficient · energy of a cell, for named structures whose atoms cancel."""

    def __init__(self, targets: list[Target], structures: list[Structure], where: str):
        """Raises UserError where a structure is missing or atoms do not cancel."""
        self.targets = targets
        number = {s.label: k for k, s in enumerate(structures)}
        self.coefficients = np.zeros((len(targets), len(structures)))
        self.references = np.zeros(len(targets))
        for row, target in enumerate(targets):
            place = f"{where}: {target.name}"
            left: dict[str, float] = {}
            for label, factor in target.structures.items():
                if label not in number:
                    raise UserError(f"{place}: there is no structure {label!r} in training")
                structure = structures[number[label]]
                self.coefficients[row, number[label]] += factor
                for symbol in structure.symbols:
                    left[symbol] = left.get(symbol, 0.0) + factor
                if target.value is None and structure.energy is None:
                    raise UserError(f"{place}: {label} has no energy: give the `value`")
                self.references[row] += factor * (structure.energy or 0.0)
            if any(abs(x) > 1e-9 for x in left.values()):
                rest = ", ".join(f"{x:+g} {e}" for e, x in left.items() if abs(x) > 1e-9)
                raise UserError(f"{place}: atoms do not cancel: {rest} are left")
            if target.value is not None:
                self.references[row] = target.value

    def values(self, energies: np.ndarray) -> np.ndarray:
        """The differences, eV."""
        return self.coefficients @ energies

    def add(
        self,
        energies: np.ndarray,
        d_energies: np.ndarray | None,
        losses: dict[str, float],
        triangle: Triangle | None,
    ) -> None:
        """Adds to the losses by target and to the triangle."""
        for target, coefficients, reference in zip(
            self.targets, self.coefficients, self.references, strict=True
        ):
            residual = np.array([(coefficients @ energies - reference) / target.tolerance])
            loss, scaled, scaling = loss_and_scaling(
                target.loss, target.loss_scale, residual, np.array([target.weight])
            )
            losses[target.name] += loss
            if triangle is not None:
                row = scaling * (coefficients @ d_energies) / target.tolerance
                triangle.add(row[None, :], scaled)
