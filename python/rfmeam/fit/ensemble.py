"""Potentials that suit the data about as well as the best one: error bars of what they predict."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import numpy as np

from .._core import Potential
from ..campaign.files import write_text
from ..errors import UserError
from ..parameters import Header, Parameters
from .data import Structure
from .levenberg_marquardt import LevenbergMarquardt
from .objective import Objective
from .parameters import ParameterSpace
from .predict import QUANTITIES, Prediction, predict
from .settings import Settings
from .stage_settings import Stage
from .uncertainty import Directions

_REFIT_ITERATIONS = 20
_FARTHEST = 4.0  # standard deviations in loss beyond what a linear model expects of a member
_RISE = 4.0
_WIDEST, _LINEAR = 0.1, 0.003  # in ranges: narrower than _LINEAR the linear model is trusted


def hessian_members(
    objective: Objective, u: np.ndarray, found: Directions, count: int, seed: int
) -> tuple[list[np.ndarray], int]:
    """Coordinates drawn from the Gauss-Newton covariance, inside the bounds.

    Far from the best the loss is no parabola: combinations are drawn only as far as it rises about
    as it should, and a member whose loss is still much too large nearer (by halves): these are
    counted.
    """
    random = np.random.default_rng(seed)
    size, best = len(u), objective.evaluate(u).loss
    half = (found.parts * found.ranges).T * _widths(objective, u, found, best)
    expected = size + _FARTHEST * np.sqrt(2 * size)
    largest = best + 0.5 * found.residual**2 * expected
    members, shortened = [], 0
    for _ in range(count):
        shift = half @ random.normal(size=size)
        for halvings in range(20):
            there = _inside(objective, u + shift / 2**halvings)
            if objective.evaluate(there).loss <= largest:
                break
        shortened += halvings > 0
        members.append(there)
    return members, shortened


def _widths(objective: Objective, u: np.ndarray, found: Directions, best: float) -> np.ndarray:
    """Standard deviation of each combination in ranges: where the loss rises by at most _RISE times
    what the linear model says, and at most _WIDEST.
    """
    widths = np.minimum(found.width, _WIDEST)
    largest = best + _RISE * 0.5 * found.residual**2
    for k, part in enumerate(found.parts):
        while widths[k] > _LINEAR:
            shift = widths[k] * part * found.ranges
            ends = (_inside(objective, u + sign * shift) for sign in (1, -1))
            if all(objective.evaluate(end).loss <= largest for end in ends):
                break
            widths[k] /= 3
    return widths


def _inside(objective: Objective, u: np.ndarray) -> np.ndarray:
    return np.clip(u, objective.space.lower, objective.space.upper)


def bootstrap_members(
    settings: Settings,
    space: ParameterSpace,
    stage: Stage,
    training: list[Structure],
    u: np.ndarray,
    folder: Path,
    digest: str,
    jobs: int,
) -> list[np.ndarray]:
    """Coordinates fitted to families drawn with replacement, each from the best.

    Finished ones are kept in bootstrap.json: a stopped run goes on.
    """
    path = folder / "bootstrap.json"
    kept = _read_kept(path, digest)
    families = sorted({s.family for s in training})
    for number in range(len(kept), settings.bootstrap):
        random = np.random.default_rng([settings.report_seed, number])
        drawn = Counter(random.choice(families, len(families)).tolist())
        objective = Objective(space, training, settings, stage, jobs, times=drawn)
        optimiser = LevenbergMarquardt(objective, u, stage.converged, stage.longest_step)
        for _ in range(_REFIT_ITERATIONS):
            optimiser.iterate()
            if optimiser.finished:
                break
        kept.append(optimiser.best.tolist())
        write_text(path, json.dumps({"digest": digest, "members": kept}) + "\n")
    return [np.array(member) for member in kept[: settings.bootstrap]]


def _read_kept(path: Path, digest: str) -> list[list[float]]:
    if not path.exists():
        return []
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return found["members"] if found["digest"] == digest else []
    except (ValueError, KeyError, TypeError):
        raise UserError(f"{path}: not of rfmeam fit; remove it to make it anew") from None


def write_members(folder: Path, kind: str, potentials: list[Potential], header: Header) -> None:
    """ensemble/KIND-00.rfmeam and so on."""
    (folder / "ensemble").mkdir(exist_ok=True)
    for number, potential in enumerate(potentials):
        text = Parameters.of(potential).write(header)
        write_text(folder / "ensemble" / f"{kind}-{number:02d}.rfmeam", text)


def spreads(
    potentials: list[Potential], best: Prediction, jobs: int
) -> dict[str, dict[str, float]]:
    """By family and kind: root of the mean variance of what the members predict.

    Energies without their mean over each family, which the constants of the elements would take.
    """
    members = [predict(potential, best.structures, jobs) for potential in potentials]
    result: dict[str, dict[str, float]] = {}
    for family in best.families():
        result[family] = {}
        for kind in QUANTITIES:
            labels = [
                label
                for label in best.labels(family)
                if label in best.model[kind] and all(label in m.model[kind] for m in members)
            ]
            if not labels:
                continue
            values = np.array([m.pairs(kind, labels)[1] for m in members])
            if kind == "energy":
                values = values - values.mean(axis=1, keepdims=True)
            result[family][kind] = float(np.sqrt(values.var(axis=0, ddof=1).mean()))
    return result
