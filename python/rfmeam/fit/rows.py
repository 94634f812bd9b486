"""Which values of which structures count, with what tolerance: rows of the least squares."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ..errors import UserError
from ..properties import Property
from .data import Structure, check_patterns
from .settings import Settings
from .stage_settings import Stage
from .target_settings import Target


@dataclass(frozen=True)
class Rows:
    """Rows of one target: index into the flat values of its kind in a block, and the reference.

    tolerance in the unit of the kind; weight multiplies squares.
    """

    target: Target
    index: np.ndarray
    reference: np.ndarray
    tolerance: np.ndarray
    weight: np.ndarray

    def residual(self, values: np.ndarray) -> np.ndarray:
        """(value - reference)/tolerance of the rows, from the block's flat values."""
        return (values[self.index] - self.reference) / self.tolerance


def stage_targets(targets: list[Target], stage: Stage) -> list[Target]:
    """The targets that count in a stage, their weights times its factors."""
    if stage.targets is None:
        return [t for t in targets if t.weight > 0]
    weighted = [replace(t, weight=t.weight * stage.targets.get(t.name, 0.0)) for t in targets]
    return [t for t in weighted if t.weight > 0]


def stage_properties(
    properties: list[Property], stage: Stage
) -> tuple[list[Property], list[float]]:
    """The properties that count in a stage, and their weights: for `lm` those with derivatives."""
    counting = [p for p in properties if p.tolerance is not None]
    if stage.method == "lm":
        counting = [p for p in counting if p.run is None]
    weights = [1.0 if stage.targets is None else stage.targets.get(p.name, 0.0) for p in counting]
    used = [(p, w) for p, w in zip(counting, weights, strict=True) if w > 0]
    return [p for p, _ in used], [w for _, w in used]


def left_out_properties(properties: list[Property], stage: Stage) -> list[str]:
    """Averages of molecular dynamics that a stage cannot count, as its method wants derivatives."""
    if stage.method != "lm":
        return []
    return [p.name for p in properties if p.run is not None and p.tolerance is not None]


def with_derivatives(properties: list[Property], stage: Stage) -> Stage:
    """The stage as one whose targets all have derivatives."""
    return replace(stage, method="lm") if any(p.run for p in properties) else stage


def stage_factors(structures: list[Structure], stage: Stage) -> np.ndarray:
    """By how much each structure counts in a stage: later patterns win, 0 where none fits."""
    if stage.structures is None:
        return np.ones(len(structures))
    factors = np.zeros(len(structures))
    for pattern, factor in stage.structures.items():
        factors[[s.matches([pattern]) for s in structures]] = factor
    return factors


def check_targets(settings: Settings, structures: list[Structure]) -> None:
    """UserError where patterns of targets or stages fit nothing that there is."""
    for target in settings.targets:
        where = f"{settings.path}: targets: {target.name}"
        check_patterns(target.of, structures, f"{where}: of")
        check_patterns(target.excluded, structures, f"{where}: except")
    for stage in settings.stages:
        where = f"{settings.path}: stage {stage.name}: structures"
        check_patterns(list(stage.structures or ()), structures, where)


def chosen_targets(targets: list[Target], structure: Structure) -> dict[str, Target]:
    """The target of each kind that holds for a structure: the last that fits."""
    chosen = {}
    for target in targets:
        if target.kind == "energy_difference":
            continue
        if structure.matches(target.of) and not structure.matches(target.excluded):
            chosen[target.kind] = target
    return chosen


def rows_of_block(
    structures: list[Structure], factors: np.ndarray, targets: list[Target]
) -> list[Rows]:
    """The rows of a block of structures. UserError where a wanted value is missing."""
    pieces: dict[str, list[tuple[np.ndarray, ...]]] = {t.name: [] for t in targets}
    atoms = 0
    for number, (structure, factor) in enumerate(zip(structures, factors, strict=True)):
        if factor > 0:
            for target in chosen_targets(targets, structure).values():
                pieces[target.name].append(_piece(target, structure, factor, number, atoms))
        atoms += len(structure)
    return [
        Rows(target, *map(np.concatenate, zip(*found, strict=True)))
        for target in targets
        if (found := pieces[target.name])
    ]


def _piece(
    target: Target, structure: Structure, factor: float, number: int, first_atom: int
) -> tuple[np.ndarray, ...]:
    """Index, reference, tolerance and weight of a structure's rows."""
    reference = getattr(structure, target.kind)
    if reference is None:
        raise UserError(
            f"{structure.file}: {structure.label} has no {target.kind}, which the target "
            f"{target.name} wants: leave it out with `except`, or with `of`"
        )
    n = len(structure)
    tolerance = np.full(np.shape(reference), target.tolerance)
    if target.kind == "energy":
        reference, tolerance, first = reference / n, tolerance * n**target.atoms_power, number
    elif target.kind == "forces":
        first = 3 * first_atom
        if target.force_growth:
            size = np.linalg.norm(reference, axis=1, keepdims=True) / target.force_growth
            tolerance = tolerance * np.sqrt(1 + size**2)
    elif target.kind == "stress":
        first = 6 * number
    elif target.kind == "charges":
        first = first_atom
    else:
        first = 3 * number
    reference = np.ravel(reference).astype(float)
    weight = np.full(len(reference), target.weight * factor)
    return first + np.arange(len(reference)), reference, np.ravel(tolerance), weight
