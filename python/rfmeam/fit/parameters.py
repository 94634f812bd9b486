"""The free parameters of a stage: coordinates an optimiser moves, their bounds, and ties."""

from __future__ import annotations

from fnmatch import fnmatchcase

import numpy as np

from .._core import Potential, parameter_names, parameter_values, with_parameters
from ..errors import UserError
from .reader import suggestion
from .settings import ParameterSettings, Settings
from .stage_settings import Stage
from .ties import Tie

_TINY = 1e-9
# what potential files allow, by the name, its first word, or its last
NATURAL = {
    "n": (_TINY, np.inf), "sigma": (_TINY, np.inf), "p0": (0.0, np.inf), "w0": (0.0, np.inf),
    "rc": (_TINY, np.inf), "rs": (0.0, np.inf), "rp": (_TINY, np.inf), "s1": (_TINY, np.inf),
    "s2": (_TINY, np.inf), "s3": (0.5, np.inf), "Cmin": (0.0, np.inf), "Cmax": (1 + _TINY, np.inf),
    "J": (_TINY, np.inf), "K": (_TINY, np.inf), "rho": (_TINY, np.inf), "width": (_TINY, np.inf),
    "lambda": (_TINY, np.inf), "zeta": (_TINY, np.inf), "Z": (0.0, np.inf),
    "shielding": (_TINY, np.inf), "coulomb.alpha": (0.0, np.inf),
}  # fmt: skip
REACHES = ("rc", "s1", "s2", "s3", "Cmax")  # on which the cutoffs of neighbour lists depend


class ParameterSpace:
    """Coordinates u of the free parameters x: x, or ln x on a logarithmic scale.

    names: those that derivatives are needed by, free ones first, then what is tied to them;
    free: the free ones. lower, upper: hard bounds in u. start: u of the potential.
    """

    def __init__(self, potential: Potential, settings: Settings, stage: Stage):
        self.base = potential
        known = parameter_names(potential)
        where = f"{settings.path}: stage {stage.name}"
        tied = {tie.name: tie for tie in settings.ties}
        self.free = [
            name
            for name in matching(known, stage.free, f"{where}: free")
            if name not in tied and not any(fnmatchcase(name, p) for p in stage.hold)
        ]
        matching(known, stage.hold, f"{where}: hold")
        if not self.free:
            raise UserError(f"{where}: no parameter is free")
        rows = _tied_rows(self.free, tied)
        self.names = self.free + list(rows)
        # values of names = transform @ x + offset
        self.transform = np.vstack([np.eye(len(self.free)), *(row for row, _ in rows.values())])
        self.offset = np.array([0.0] * len(self.free) + [offset for _, offset in rows.values()])
        self._set_bounds(potential, settings, where)

    def _set_bounds(self, potential: Potential, settings: Settings, where: str) -> None:
        rules = [_rule(name, settings.parameters) for name in self.free]
        self.log = np.array([rule.scale == "log" for rule in rules])
        x = parameter_values(potential, self.free)
        bounds = np.array([_bounds(n, r) for n, r in zip(self.free, rules, strict=True)])
        for name, value, (low, high), log in zip(self.free, x, bounds, self.log, strict=True):
            if not low <= value <= high:
                raise UserError(
                    f"{where}: {name} starts at {value:g}, its bounds are {low:g} and {high:g}"
                )
            if log and not value > 0:
                raise UserError(
                    f"{where}: {name} starts at {value:g}, scale: log is for numbers > 0"
                )
        bounds[self.log, 0] = np.maximum(bounds[self.log, 0], _TINY)
        self.start = self.coordinates(x)
        self.lower, self.upper = self.coordinates(bounds[:, 0]), self.coordinates(bounds[:, 1])
        soft = np.array([r.soft or (-np.inf, np.inf) for r in rules])
        soft[self.log, 0] = np.maximum(soft[self.log, 0], _TINY)
        self.soft = np.array([self.coordinates(soft[:, 0]), self.coordinates(soft[:, 1])])
        self.prior = np.array([np.inf if r.prior is None else r.prior for r in rules])
        for name, high in zip(self.free, bounds[:, 1], strict=True):
            if name.rpartition(".")[2] in REACHES and not np.isfinite(high):
                raise UserError(
                    f"{where}: {name} is free: give it bounds, as neighbours are found once"
                )

    def coordinates(self, x: np.ndarray) -> np.ndarray:
        """u of the parameters x."""
        u = np.array(x, dtype=float)
        u[self.log] = np.log(u[self.log])
        return u

    def parameters(self, u: np.ndarray) -> np.ndarray:
        """x of the coordinates u."""
        x = np.array(u, dtype=float)
        x[self.log] = np.exp(x[self.log])
        return x

    def values(self, u: np.ndarray) -> np.ndarray:
        """Values of all names at u."""
        return self.transform @ self.parameters(u) + self.offset

    def potential(self, u: np.ndarray) -> Potential:
        """The potential at u. ValueError where these numbers make none."""
        return with_parameters(self.base, self.names, self.values(u))

    def chain(self, u: np.ndarray) -> np.ndarray:
        """d(values of names)/du, (names, free)."""
        return self.transform * np.where(self.log, self.parameters(u), 1.0)

    def reaching(self) -> Potential:
        """A potential with the longest cutoffs that the bounds allow, for neighbour lists."""
        return with_parameters(self.base, self.names, self.values(self._longest()))

    def _longest(self) -> np.ndarray:
        reaches = np.array([name.rpartition(".")[2] in REACHES for name in self.free])
        return np.where(reaches, self.upper, self.start)

    def ranges(self, u: np.ndarray) -> np.ndarray:
        """How far each of u may be expected to go: from one soft bound to the other, else from one
        hard bound to the other, else its size."""
        soft, hard = self.soft[1] - self.soft[0], self.upper - self.lower
        size = np.where(self.log, 1.0, np.maximum(np.abs(u), 0.5))
        return np.where(np.isfinite(soft), soft, np.where(np.isfinite(hard), hard, size))

    def penalty(self, u: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Residuals of soft bounds and priors, and their derivatives by u, one for each of u each.

        Beyond a soft bound the residual is the distance, 1 for a tenth of the soft range.
        """
        low, high = self.soft
        width = 0.1 * np.where(
            np.isfinite(high - low), high - low, np.maximum(1.0, abs(self.start))
        )
        beyond = (np.maximum(u - high, 0.0) - np.maximum(low - u, 0.0)) / width
        outside = np.where((u > high) | (u < low), 1 / width, 0.0)
        pull = (u - self.start) / self.prior
        return np.concatenate([beyond, pull]), np.vstack(
            [np.diag(outside), np.diag(1 / self.prior)]
        )


def matching(known: list[str], patterns: list[str], where: str) -> list[str]:
    """The known names that a pattern fits, in their order. UserError where it fits none."""
    for pattern in patterns:
        if not any(fnmatchcase(name, pattern) for name in known):
            near = suggestion(pattern, known)
            raise UserError(
                f"{where}: no parameter fits {pattern!r}{near or ','} there are {', '.join(known)}"
            )
    return [name for name in known if any(fnmatchcase(name, p) for p in patterns)]


def starting_potential(settings: Settings) -> Potential:
    """The potential of FIT.yaml with its starts and ties. Raises UserError."""
    potential = Potential.read(str(settings.potential))
    known = parameter_names(potential)
    starts: dict[str, float] = {}
    for rule in settings.parameters:
        for name in matching(known, [rule.pattern], f"{settings.path}: parameters"):
            if rule.start is not None:
                starts[name] = rule.start
    tied = {tie.name: tie for tie in settings.ties}
    for tie in settings.ties:
        for name in (tie.name, tie.master):
            if name not in known:
                near = suggestion(name, known)
                raise UserError(f"{settings.path}: ties: there is no parameter {name!r}{near}")
        _chain(tie.name, tied, settings)
    values = dict(zip(known, parameter_values(potential, known), strict=True)) | starts
    for name in tied:
        values[name] = _tied_value(name, tied, values)
    changed = [*dict.fromkeys([*starts, *tied])]
    if not changed:
        return potential
    try:
        return with_parameters(potential, changed, np.array([values[n] for n in changed]))
    except ValueError as error:
        raise UserError(f"{settings.path}: start or ties: {error}") from None


def _tied_value(name: str, tied: dict[str, Tie], values: dict[str, float]) -> float:
    if name not in tied:
        return values[name]
    tie = tied[name]
    return tie.factor * _tied_value(tie.master, tied, values) + tie.offset


def _chain(name: str, tied: dict[str, Tie], settings: Settings) -> None:
    """UserError where a parameter is tied to itself."""
    seen = [name]
    while seen[-1] in tied:
        seen.append(tied[seen[-1]].master)
        if seen[-1] in seen[:-1]:
            raise UserError(f"{settings.path}: ties: {' = '.join(seen)} is a circle")


def _tied_rows(free: list[str], tied: dict[str, Tie]) -> dict[str, tuple[np.ndarray, float]]:
    """The parameters that are tied to free ones: their row of the transform, and the offset."""
    rows = {}
    for name in tied:
        factor, offset, master = 1.0, 0.0, name
        while master in tied:
            tie = tied[master]
            offset += factor * tie.offset
            factor, master = factor * tie.factor, tie.master
        if master in free:
            row = np.zeros(len(free))
            row[free.index(master)] = factor
            rows[name] = (row, offset)
    return rows


def _rule(name: str, rules: list[ParameterSettings]) -> ParameterSettings:
    """What FIT.yaml says of a parameter: later patterns win, key by key."""
    merged = {key: None for key in ("start", "bounds", "soft", "scale", "prior")}
    for rule in rules:
        if fnmatchcase(name, rule.pattern):
            merged |= {key: getattr(rule, key) for key in merged if getattr(rule, key) is not None}
    return ParameterSettings(name, **merged)


def _bounds(name: str, rule: ParameterSettings) -> tuple[float, float]:
    first, last = name.partition(".")[0], name.rpartition(".")[2]
    key = name if name in NATURAL else first if first in NATURAL else last
    low, high = NATURAL.get(key, (-np.inf, np.inf))
    own = rule.bounds or (-np.inf, np.inf)
    return max(low, own[0]), min(high, own[1])
