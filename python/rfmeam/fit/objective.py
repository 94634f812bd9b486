"""The loss of a stage: targets, barrier, soft bounds; its residuals and their exact Jacobian."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from .._core import Potential
from ..errors import UserError
from .blocks import Block, make_blocks
from .data import Structure
from .energies import DifferenceRows, EnergyRows
from .losses import loss_and_scaling
from .parameters import ParameterSpace
from .property_rows import PropertyRows
from .rows import stage_factors, stage_properties, stage_targets
from .settings import Settings
from .stage_settings import Stage
from .triangle import Triangle

CHARGE_PARTS = ("charge", "rho", "width", "slater", "shielding", "wall", "coulomb")


@dataclass
class Evaluation:
    """The loss at a point: half the weighted sum of squares, and its part of each target.

    problem: why there is none, or "" (then loss is infinite). constants: eV of each element.
    triangle (k, P), rest (k,): see Triangle; None without derivatives.
    """

    loss: float
    parts: dict[str, float] = field(default_factory=dict)
    problem: str = ""
    constants: np.ndarray | None = None
    triangle: np.ndarray | None = None
    rest: np.ndarray | None = None


class Objective:
    """The loss of the structures' targets as a function of a stage's coordinates u.

    With constants of the elements given it is for validation: nothing is fitted to it, it has no
    barrier and no penalties.
    """

    def __init__(
        self,
        space: ParameterSpace,
        structures: list[Structure],
        settings: Settings,
        stage: Stage,
        jobs: int = 0,
        constants: np.ndarray | None = None,
        times: dict[str, float] | None = None,
    ):
        """times: how often each family counts, none where it is not named; default: all once."""
        self.space, self.jobs = space, jobs
        self.margin, self.strength = settings.margin, settings.barrier_strength
        self.is_validation = constants is not None
        self.has_barrier = not self.is_validation and any(
            name.partition(".")[0] in CHARGE_PARTS for name in space.names
        )
        self.targets = stage_targets(settings.targets, stage)
        differences = [t for t in self.targets if t.kind == "energy_difference"]
        if self.is_validation:
            differences = []
        members = {label for target in differences for label in target.structures}
        factors = stage_factors(structures, stage)
        if times is not None:
            factors = factors * [times.get(structure.family, 0) for structure in structures]
        used = [
            (structure, factor)
            for structure, factor in zip(structures, factors, strict=True)
            if factor > 0 or self.has_barrier or structure.label in members
        ]
        self.structures = [structure for structure, _ in used]
        self.blocks = make_blocks(_reaching(space, settings), *_unzip(used), self.targets)
        self._differences = DifferenceRows(
            differences, self.structures, f"{settings.path}: targets"
        )
        properties = (
            ([], []) if self.is_validation else stage_properties(settings.properties, stage)
        )
        self._properties = PropertyRows(*properties)
        elements = list(space.base.elements)
        self.counts = atom_counts(self.structures, elements)
        start, free = energy_constants(settings, elements)
        if constants is not None:
            start, free = constants, np.zeros(len(elements), dtype=bool)
        self._energies = EnergyRows(self._energy_rows(), self.counts, start, free)

    @property
    def has_averages(self) -> bool:
        """Whether averages of molecular dynamics count, which have no derivatives."""
        return any(each.run is not None for each in self._properties.properties)

    @property
    def num_rows(self) -> int:
        """Values that are compared."""
        rows = sum(len(each.index) for block in self.blocks for each in block.rows)
        return rows + len(self._differences.targets) + len(self._properties.properties)

    def set_constants(self, constants: np.ndarray) -> None:
        """Constants of the elements (eV) for validation."""
        self._energies.constants = constants

    def energy_shares(self) -> tuple[np.ndarray, list[str]]:
        """Atoms of each element whose constant is fitted in the energies that count; elements."""
        elements = [
            e for e, free in zip(self.space.base.elements, self._energies.free, strict=True) if free
        ]
        if not self._energies.rows:
            return np.eye(len(elements)), elements
        return self._energies.shares[:, self._energies.free], elements

    def evaluate(self, u: np.ndarray, derivatives: bool = False) -> Evaluation:
        """The loss at u, with the Jacobian's triangle if asked for."""
        try:
            potential = self.space.potential(u)
            return self._evaluate(potential, u, derivatives)
        except ValueError as error:  # numbers that make no potential, or longer cutoffs than bounds
            return Evaluation(np.inf, problem=str(error))

    def _evaluate(self, potential: Potential, u: np.ndarray, derivatives: bool) -> Evaluation:
        losses = {t.name: 0.0 for t in self.targets}
        triangle = Triangle(len(u)) if derivatives else None
        chain = self.space.chain(u) if derivatives else None
        energies, d_energies = [], []
        for block in self.blocks:
            if derivatives:
                result = block.set.differentiate(potential, self.space.names, self.jobs)
                d_energies.append(result.d_energy @ chain)
            else:
                result = block.set.evaluate(potential, self.jobs)
            if problem := self._unstable(block, result):
                return Evaluation(np.inf, problem=problem)
            energies.append(result.energy)
            self._add_rows(block, result, losses, triangle, chain)
            if self.has_barrier:
                self._add_barrier(result, losses, triangle, chain)
        energy = np.concatenate([*energies, np.zeros(0)])
        d_energy = np.concatenate(d_energies) if d_energies else None
        constants = self._energies.add(energy, d_energy, losses, triangle)
        self._differences.add(energy, d_energy, losses, triangle)
        self._properties.add(self.space, u, potential, losses, triangle)
        if not self.is_validation:
            self._add_penalties(u, losses, triangle)
        loss = float(sum(losses.values()))
        if not np.isfinite(loss):
            return Evaluation(np.inf, problem="an energy, a force or a charge is not finite")
        parts = triangle.parts() if triangle else (None, None)
        if triangle and not all(np.isfinite(part).all() for part in parts):
            return Evaluation(np.inf, problem="a derivative by the parameters is not finite")
        return Evaluation(loss, losses, "", constants, *parts)

    def _add_rows(self, block: Block, result, losses, triangle, chain) -> None:
        for rows in block.rows:
            target = rows.target
            if target.kind == "energy":
                continue  # of all blocks at once
            residual = rows.residual(block.values(target.kind, result))
            loss, scaled, scaling = loss_and_scaling(
                target.loss, target.loss_scale, residual, rows.weight
            )
            losses[target.name] += loss
            if triangle is not None:
                derivatives = block.derivatives(target.kind, result)[rows.index] @ chain
                triangle.add((scaling / rows.tolerance)[:, None] * derivatives, scaled)

    def _unstable(self, block: Block, result) -> str:
        """Which structure's charges are too near to having no equilibrium, or ""."""
        if not self.space.base.has_charges:
            return ""
        margin = self.margin if self.has_barrier else 0.0
        worst = int(np.argmin(result.lowest_eigenvalue))
        lowest = float(result.lowest_eigenvalue[worst])
        if lowest > margin:
            return ""
        return (
            f"{block.structures[worst].label}: the lowest eigenvalue of the charge matrix is "
            f"{lowest:.3g} eV/e^2, allowed is > {margin:g}"
        )

    def _add_barrier(self, result, losses, triangle, chain) -> None:
        """Residuals ln(margin/(eigenvalue - margin)) of structures with less than two margins."""
        above = result.lowest_eigenvalue - self.margin
        near = above < self.margin
        residual = np.sqrt(self.strength) * np.log(self.margin / above[near])
        losses["barrier"] = losses.get("barrier", 0.0) + 0.5 * float(residual @ residual)
        if triangle is not None and near.any():
            slope = -np.sqrt(self.strength) / above[near]
            triangle.add(slope[:, None] * (result.d_lowest_eigenvalue[near] @ chain), residual)

    def _add_penalties(self, u: np.ndarray, losses, triangle) -> None:
        residual, jacobian = self.space.penalty(u)
        losses["soft bounds"] = 0.5 * float(residual @ residual)
        if triangle is not None:
            triangle.add(jacobian, residual)

    def _energy_rows(self):
        """The energy rows of all blocks, indexed by structures of all blocks."""
        rows, first = [], 0
        for block in self.blocks:
            rows += [
                replace(each, index=first + each.index)
                for each in block.rows
                if each.target.kind == "energy"
            ]
            first += len(block.structures)
        return rows


def _unzip(used: list[tuple[Structure, float]]) -> tuple[list[Structure], np.ndarray]:
    return [structure for structure, _ in used], np.array([factor for _, factor in used])


def _reaching(space: ParameterSpace, settings: Settings) -> Potential:
    try:
        return space.reaching()
    except ValueError as error:
        raise UserError(
            f"{settings.path}: parameters: the upper bounds of cutoffs make no potential: {error}"
        ) from None


def atom_counts(structures: list[Structure], elements: list[str]) -> np.ndarray:
    """Atoms of each element in each structure, (S, elements)."""
    counts = [[s.symbols.count(e) for e in elements] for s in structures]
    return np.array(counts, dtype=float).reshape(-1, len(elements))


def energy_constants(settings: Settings, elements: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """Constants of the elements at the start, and which of them are fitted."""
    given = settings.energy_constants
    if given == "none":
        given = dict.fromkeys(elements, 0.0)
    elif given == "fit":
        given = {}
    for element in given:
        if element not in elements:
            raise UserError(
                f"{settings.path}: energy_constants: has {element!r}, the potential's elements are "
                f"{', '.join(elements)}"
            )
    constants = np.array([given.get(element, 0.0) for element in elements])
    return constants, np.array([element not in given for element in elements])
