"""The first arrangement of atoms: random, but with no two of them too close."""

import math

import numpy as np
from ase import Atoms

from .composition import Model


def random_structure(model: Model, density: float, seed: int) -> Atoms:
    """Atoms on randomly chosen, displaced sites of a cubic grid, in a cubic box at density
    (g/cm^3).

    No two atoms are closer than 0.7 grid spacings (1.4 Å at the densities of oxide glasses).
    """
    random = np.random.default_rng(seed)
    symbols = [element for element, n in model.counts.items() for _ in range(n)]
    length = model.volume(density) ** (1.0 / 3.0)
    side = math.ceil(len(symbols) ** (1.0 / 3.0))
    sites = random.permutation(side**3)[: len(symbols)]
    grid = np.stack(np.unravel_index(sites, (side, side, side)), axis=1) + 0.5
    jitter = random.uniform(-0.15, 0.15, grid.shape)
    return Atoms(symbols, (grid + jitter) * length / side, cell=[length] * 3, pbc=True)
