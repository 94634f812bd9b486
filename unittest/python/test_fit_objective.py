"""The loss of a fit: its gradient by finite differences, its parts, constants of elements."""

import numpy as np
import pytest
import rfmeam
from rfmeam.fit.losses import LOSSES, loss_and_scaling, robust_loss
from rfmeam.fit.objective import Objective
from rfmeam.fit.parameters import ParameterSpace, starting_potential
from rfmeam.fit.run import read_data
from rfmeam.fit.settings import read_settings
from scipy.optimize import approx_fprime

from fit_samples import ATOMS, TRUE, write_data, write_fit

FREE = ["charge.F.J", "charge.Li.chi", "pair.Li-F.epsilon", "atomic.Li.e0", "atomic.F.q0", "rho.*"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("fit")
    write_data(folder)
    return folder


def objective_of(folder, **changes) -> Objective:
    settings = read_settings(write_fit(folder, **changes))
    potential = starting_potential(settings)
    data = read_data(settings, potential)
    stage = settings.stages[0]
    space = ParameterSpace(potential, settings, stage)
    return Objective(space, data.training, settings, stage)


def check_gradient(objective: Objective, u: np.ndarray) -> None:
    """Gradient from the Jacobian's triangle against differences of the loss."""
    here = objective.evaluate(u, derivatives=True)
    assert here.problem == ""
    gradient = here.triangle.T @ here.rest
    numeric = approx_fprime(u, lambda x: objective.evaluate(x).loss, 1e-5)
    numeric_back = approx_fprime(u, lambda x: objective.evaluate(x).loss, -1e-5)
    expected = (numeric + numeric_back) / 2
    assert gradient == pytest.approx(expected, rel=1e-4, abs=1e-5 * np.abs(expected).max())


STAGE = {"name": "all", "free": FREE}
TARGETS = {
    "energy": {"tolerance": 0.004, "atoms_power": 0.5},
    "forces": {"tolerance": 0.06, "force_growth": 1},
    "stress": {"tolerance": 0.3, "except": ["dimer"]},
    "charges": {"tolerance": 0.03},
    "dipole": {"tolerance": 0.01, "of": ["dimer"]},
    "dissociation": {
        "kind": "energy_difference",
        "tolerance": 0.05,
        "structures": {"salt/00": 1, "dimer/00": "-2/2"},
    },
}


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("kind", TARGETS)
def test_gradient_of_each_target(folder, kind, loss):
    target = TARGETS[kind] | {"loss": loss, "loss_scale": 3.0}
    objective = objective_of(folder, targets={kind: target}, stages=[STAGE])
    u = objective.space.start * 1.03
    assert objective.evaluate(u).parts[kind] > 0.05
    check_gradient(objective, u)


def test_gradient_of_all_with_ties_logarithms_soft_bounds_and_priors(folder):
    objective = objective_of(
        folder,
        targets=TARGETS,
        ties=["rho.F-F = 0.9 * rho.Li-Li + 0.1", "pair.F-F.epsilon = pair.Li-F.epsilon"],
        parameters={
            "charge.*.J": {"scale": "log"},
            "atomic.Li.e0": {"soft": [0.2, 0.4]},
            "atomic.F.q0": {"prior": 0.2},
        },
        stages=[STAGE | {"hold": ["rho.F-F"]}],
    )
    assert objective.space.names[-2:] == ["rho.F-F", "pair.F-F.epsilon"]
    u = objective.space.start * 1.03
    assert objective.evaluate(u).parts["soft bounds"] > 0
    check_gradient(objective, u)


def test_barrier(folder):
    """It is zero beyond twice the margin, has a gradient below, and no loss at the margin."""
    objective = objective_of(folder, stages=[STAGE])
    lowest = objective.blocks[0].set.evaluate(objective.space.base).lowest_eigenvalue.min()
    assert objective.evaluate(objective.space.start).parts["barrier"] == 0
    near = objective_of(folder, stages=[STAGE], barrier={"margin": float(lowest) / 1.6})
    assert near.evaluate(near.space.start).parts["barrier"] > 0.05
    check_gradient(near, near.space.start)
    beyond = objective_of(folder, stages=[STAGE], barrier={"margin": float(lowest) * 1.01})
    assert (
        "the lowest eigenvalue of the charge matrix is"
        in beyond.evaluate(beyond.space.start).problem
    )


def test_no_barrier_where_charges_do_not_change(folder):
    objective = objective_of(folder, stages=[{"name": "x", "free": ["pair.Li-F.epsilon"]}])
    assert not objective.has_barrier


@pytest.mark.parametrize("loss", ["linear", "cauchy"])
def test_constants_of_elements_are_those_of_the_data(folder, loss):
    targets = {"energy": {"tolerance": 0.004, "loss": loss}}
    objective = objective_of(folder, targets=targets)
    here = objective.evaluate(objective.space.start)
    assert here.loss < 1e-8
    assert here.constants == pytest.approx([-ATOMS["Li"], -ATOMS["F"]], abs=1e-6)


def test_given_constants(folder):
    targets = {"energy": {"tolerance": 0.004}}
    objective = objective_of(folder, targets=targets, energy_constants="none")
    here = objective.evaluate(objective.space.start)
    assert here.loss > 1e3 and not here.constants.any()
    some = {"Li": -ATOMS["Li"]}
    here = objective_of(folder, targets=targets, energy_constants=some)
    constants = here.evaluate(here.space.start).constants
    assert constants[0] == 1.25 and constants[1] == pytest.approx(-2.5, abs=1e-6)


def test_true_parameters_have_no_loss(folder):
    objective = objective_of(folder, targets=TARGETS, stages=[STAGE])
    assert objective.evaluate(objective.space.start).loss < 1e-6


def test_blocks_change_nothing(folder, monkeypatch):
    whole = objective_of(folder, targets=TARGETS, stages=[STAGE])
    monkeypatch.setattr("rfmeam.fit.blocks.ATOMS_PER_BLOCK", 4)
    parts = objective_of(folder, targets=TARGETS, stages=[STAGE])
    assert len(parts.blocks) > 3 and len(whole.blocks) == 1
    u = whole.space.start * 1.03
    a, b = (each.evaluate(u, derivatives=True) for each in (whole, parts))
    assert a.parts == pytest.approx(b.parts, rel=1e-9)
    assert a.triangle.T @ a.triangle == pytest.approx(b.triangle.T @ b.triangle, rel=1e-7)


def test_tolerances_and_weights(folder):
    """By the formulas of doc/fit.md, with a potential that is off."""
    start = TRUE.replace("2.0 6.5 1.00", "2.0 6.5 1.05")
    assert start != TRUE

    def loss(**changes):
        objective = objective_of(folder, start=start, **changes)
        return objective.evaluate(objective.space.start).loss

    def forces(**keys):
        return {"forces": {"tolerance": 0.06, "of": ["dimer"], "weight": 1.0} | keys}

    plain = loss(targets=forces())
    assert plain > 1
    assert loss(targets=forces(tolerance="120 meV/Å")) == pytest.approx(plain / 4)
    assert loss(targets=forces(weight=3)) == pytest.approx(3 * plain)
    stage = {
        "name": "a",
        "free": ["charge.F.J"],
        "targets": {"forces": 0.5},
        "structures": {"*": 4},
    }
    assert loss(targets=forces(), stages=[stage]) == pytest.approx(2 * plain)
    true = rfmeam.Potential.parse(TRUE)
    from fit_samples import label, structures

    dimer = label(structures()["dimer"][0], "x", true)
    force = np.linalg.norm(dimer.get_forces()[0])
    grown = loss(targets=forces(force_growth=0.5))
    assert grown == pytest.approx(plain / (1 + (force / 0.5) ** 2), rel=1e-6)
    energy = {"energy": {"tolerance": 0.01, "of": ["mixed"]}}
    first = loss(targets=energy, energy_constants={k: -v for k, v in ATOMS.items()})
    energy["energy"]["atoms_power"] = -0.5
    second = loss(targets=energy, energy_constants={k: -v for k, v in ATOMS.items()})
    assert second == pytest.approx(7 * first, rel=1e-6)


def test_later_targets_win(folder):
    start = TRUE.replace("2.0 6.5 1.00", "2.0 6.5 1.05")
    targets = {
        "forces": {"tolerance": 0.06},
        "forces of the dimer": {"kind": "forces", "tolerance": 0.6, "of": ["dimer/00"]},
    }
    objective = objective_of(folder, start=start, targets=targets)
    both = objective.evaluate(objective.space.start).parts
    alone = {"forces": {"tolerance": 0.06, "except": ["dimer"]}}
    objective = objective_of(folder, start=start, targets=alone)
    assert objective.evaluate(objective.space.start).loss == pytest.approx(both["forces"])
    assert both["forces of the dimer"] > 0


@pytest.mark.parametrize("name", LOSSES)
def test_losses_and_their_derivatives(name):
    z = np.array([0.0, 0.3, 0.9, 1.4, 30.0])
    rho, first, second = robust_loss(name, z)
    assert rho[0] == 0 and first[0] == 1
    h = 1e-6
    up, down = (robust_loss(name, z[1:] + s * h) for s in (1, -1))
    assert first[1:] == pytest.approx((up[0] - down[0]) / (2 * h), rel=1e-6)
    assert second[1:] == pytest.approx((up[1] - down[1]) / (2 * h), rel=1e-5, abs=1e-9)


def test_unknown_loss():
    with pytest.raises(ValueError, match="allowed are linear"):
        robust_loss("square", np.zeros(1))
    loss, residual, scaling = loss_and_scaling("linear", 1.0, np.array([2.0]), np.array([3.0]))
    assert (loss, residual[0], scaling[0]) == pytest.approx((6.0, 2 * 3**0.5, 3**0.5))
