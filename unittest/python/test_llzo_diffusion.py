"""examples/li_llzo_interface/diffusion.py: D of a made-up random walk in a drifting framework."""

import sys
from pathlib import Path

import numpy as np
import pytest
from ase import Atoms

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "examples/li_llzo_interface"))

from diffusion import TIMESTEP, Run

WANTED = 2e-5  # cm²/s
EVERY, COUNT = 50, 4000  # steps between frames


@pytest.fixture(scope="module")
def walk() -> list[Atoms]:
    """Lithium walks at random, the framework vibrates; all of it drifts by 20 Å."""
    generator = np.random.default_rng(1)
    interval = EVERY * TIMESTEP  # ps
    step = np.sqrt(2 * WANTED * 1e4 * interval)  # Å, of each direction; 1 cm²/s is 10⁴ Å²/ps
    symbols = ["Li"] * 56 + ["La"] * 24 + ["Zr"] * 16 + ["O"] * 96
    lithium = np.cumsum(generator.normal(0, step, (COUNT, 56, 3)), axis=0)
    framework = generator.normal(0, 0.1, (COUNT, 136, 3))
    positions = np.concatenate([lithium, framework], axis=1)
    positions += np.linspace(0, 20, COUNT)[:, None, None]
    frames = [Atoms(symbols, p, cell=[13] * 3, pbc=True) for p in positions]
    for number, frame in enumerate(frames):
        frame.info["step"] = number * EVERY
    return frames


def test_a_random_walk_has_its_own_diffusion_constant(walk):
    run = Run.of(walk, 1000.0)
    assert run.time == pytest.approx((COUNT - 1) * EVERY * TIMESTEP)
    assert run.ions == 56 and run.volume == pytest.approx(13**3)
    assert abs(run.diffusion - WANTED) < 4 * run.error < WANTED


def test_what_drifts_with_the_framework_has_not_moved(walk):
    run = Run.of(walk, 1000.0)
    assert run.moved["O"] == pytest.approx(0.1 * np.sqrt(6), rel=0.05)
    assert run.moved["Li"] == pytest.approx(np.sqrt(6 * WANTED * 1e4 * run.time / 2), rel=0.3)
