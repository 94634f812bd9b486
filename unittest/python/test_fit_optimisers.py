"""Optimisers on functions whose minima are known, and on a fit."""

import numpy as np
import pytest
from rfmeam.fit.levenberg_marquardt import LevenbergMarquardt
from rfmeam.fit.objective import Evaluation
from rfmeam.fit.optimisers import make_optimiser
from rfmeam.fit.population import SearchRange
from rfmeam.fit.stage_settings import Stage
from scipy.optimize import rosen

STAGE = Stage("x", [], [], None, None, "lm", 50, 1, 0.1, 1, 1e-5, 1.0, None, None, None)


class Space:
    """Bounds of two coordinates without a potential."""

    def __init__(self, lower=(-5.0, -5.0), upper=(5.0, 5.0)):
        self.lower, self.upper = np.array(lower), np.array(upper)
        self.soft = np.array([[-np.inf] * 2, [np.inf] * 2])
        self.free = ["a", "b"]

    def ranges(self, u):
        return self.upper - self.lower


class Rosenbrock:
    """½(10(b - a²))² + ½(1 - a)², with a region without a loss; the least is 0 at (1, 1)."""

    def __init__(self, forbidden=lambda u: False, **bounds):
        self.space, self.forbidden, self.calls = Space(**bounds), forbidden, 0

    def evaluate(self, u, derivatives=False):
        self.calls += 1
        if self.forbidden(u):
            return Evaluation(np.inf, problem="forbidden")
        a, b = u
        rest = np.array([10 * (b - a**2), 1 - a])
        here = Evaluation(0.5 * float(rest @ rest), {"rosen": 0.5 * float(rest @ rest)})
        assert here.loss == pytest.approx(rosen(u) / 2)
        if derivatives:
            here.triangle, here.rest = np.array([[-20 * a, 10.0], [-1.0, 0.0]]), rest
        return here


def minimise(optimiser, iterations=200):
    for _ in range(iterations):
        optimiser.iterate()
        if optimiser.finished:
            break
    return optimiser.best


def test_levenberg_marquardt_goes_through_a_valley():
    objective = Rosenbrock()
    lm = LevenbergMarquardt(objective, np.array([-1.2, 1.0]), 1e-12, 1.0)
    assert minimise(lm) == pytest.approx([1, 1], abs=1e-6)
    assert objective.calls < 120 and lm.finished


def test_levenberg_marquardt_with_a_bound():
    """The least inside b <= 0.5: of ½(10(0.5 - a²))² + ½(1 - a)² over a."""
    lm = LevenbergMarquardt(Rosenbrock(upper=(5.0, 0.5)), np.array([-1.2, 0.4]), 1e-12, 1.0)
    a, b = minimise(lm)
    assert b == pytest.approx(0.5, abs=1e-9)
    assert -200 * a * (0.5 - a**2) - (1 - a) == pytest.approx(0, abs=1e-4)


class Bowl:
    """½(a + 1)² + ½b², where a has a bound."""

    def __init__(self, lower: float):
        self.space, self.least = Space(lower=(lower, -5.0)), np.inf

    def evaluate(self, u, derivatives=False):
        self.least = min(self.least, u[0])
        rest = np.array([u[0] + 1.0, u[1]])
        here = Evaluation(0.5 * float(rest @ rest))
        if derivatives:
            here.triangle, here.rest = np.eye(2), rest
        return here


def test_levenberg_marquardt_ends_on_a_bound_exactly():
    """start + (bound - start) may round to beyond the bound, where a potential is refused."""
    start, bound = 0.3542347217331985, 0.05
    assert start + (bound - start) < bound
    lm = LevenbergMarquardt(Bowl(bound), np.array([start, 0.9]), 1e-12, 1.0)
    best = minimise(lm)
    assert best[0] == lm.objective.least == bound
    assert best[1] == pytest.approx(0, abs=1e-6)


def test_levenberg_marquardt_keeps_out_of_where_there_is_no_loss():
    visited = []

    def forbidden(u):
        visited.append(u.copy())
        return u[0] > 0.8

    lm = LevenbergMarquardt(Rosenbrock(forbidden), np.array([-1.2, 1.0]), 1e-12, 1.0)
    best = minimise(lm)
    assert 0.7 < best[0] <= 0.8
    assert any(u[0] > 0.8 for u in visited)


def test_steps_are_not_longer_than_asked_for():
    lm = LevenbergMarquardt(Rosenbrock(), np.array([-1.2, 1.0]), 1e-12, 0.01)
    before = lm.best
    lm.iterate()
    assert np.abs(lm.best - before).max() == pytest.approx(0.1)


def test_a_start_without_loss_ends():
    lm = LevenbergMarquardt(Rosenbrock(lambda u: True), np.array([0.0, 0.0]), 1e-5)
    lm.iterate()
    assert lm.finished == "forbidden"


def stage_of(method, **changes):
    return Stage(**(vars(STAGE) | {"method": method, "converged": 1e-9} | changes))


@pytest.mark.parametrize(
    ("method", "iterations", "loss"), [("cma", 200, 1e-9), ("tpe", 30, 0.2), ("cuckoo", 100, 0.1)]
)
def test_methods_without_derivatives(method, iterations, loss):
    pytest.importorskip("optuna")
    objective = Rosenbrock(lambda u: u[0] < -3)
    optimiser = make_optimiser(objective, np.array([-1.2, 1.0]), stage_of(method), 0)
    best = minimise(optimiser, iterations)
    assert objective.evaluate(best).loss < loss


@pytest.mark.parametrize("method", ["lm", "cma", "tpe", "cuckoo"])
def test_resumed_is_the_same_as_never_stopped(method):
    pytest.importorskip("optuna")
    stage = stage_of(method, population=8)

    def start():
        return make_optimiser(Rosenbrock(), np.array([-1.2, 1.0]), stage, 0)

    whole = start()
    minimise(whole, 7)
    first = start()
    minimise(first, 3)
    state = first.state()
    second = start()
    second.resume(state)
    minimise(second, 4)
    assert second.best == pytest.approx(whole.best, rel=1e-12)


def test_the_search_range_follows_the_best():
    """Symmetric about the best of 100 or of 15 %, inside the hard bounds (optzer)."""
    search = SearchRange(Space(), np.zeros(2))
    assert search.low == pytest.approx([-5, -5])
    points = [np.array([x, 4.9]) for x in np.linspace(-4, 4, 101)]
    losses = [abs(p[0] - 1) for p in points]
    for _ in range(SearchRange.UPDATE - 1):
        search.add([], [])
    search.add(points, losses)
    assert search.low[0] == pytest.approx(1.04 - 4.96, abs=0.1)
    assert search.high[0] == pytest.approx(5.0)
    assert search.low[1] == search.high[1] == pytest.approx(4.9)


def test_a_fit_stops_where_the_loss_does_not_fall_any_more():
    stage = stage_of("cuckoo", converged=0.5)
    optimiser = make_optimiser(Rosenbrock(), np.array([1.0, 1.0]), stage, 0)
    minimise(optimiser, 100)
    assert optimiser.finished == "20 generations lowered the loss by less than 0.5"
