"""Neutron and X-ray structure factors, by amorphouspy."""

import warnings

import numpy as np
from ase import Atoms

from ...errors import UserError, install


def structure_factors(frames: list[Atoms], q_max: float = 15.0) -> dict[str, np.ndarray]:
    """Faber-Ziman S(q), averaged over frames: `q` (1/Å), `neutron`, `xray` and the partials `B-O`,
    …, each (150,).

    From the sine transform of g(r) with Lorch's window up to half the box, so features narrower
    than about 2π/10 Å
    are smeared out. S = 1 for atoms without correlations.
    """
    try:
        from amorphouspy import compute_structure_factor
    except ImportError:
        raise UserError(f"amorphouspy is not installed: {install('glass')}") from None
    r_max = min(10.0, 0.499 * min(atoms.cell.lengths().min() for atoms in frames))
    settings = {"q_min": 0.5, "q_max": q_max, "n_q": 150, "r_max": r_max, "n_bins": 500}
    sums: dict[str, np.ndarray] = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for atoms in frames:
            for radiation in ("neutron", "xray"):
                q, total, partials = compute_structure_factor(
                    atoms, radiation=radiation, **settings
                )
                sums[radiation] = sums.get(radiation, 0.0) + total
            for pair, values in partials.items():
                name = "-".join(Atoms(list(pair)).get_chemical_symbols())
                sums[name] = sums.get(name, 0.0) + values
    return {"q": q} | {name: values / len(frames) for name, values in sums.items()}
