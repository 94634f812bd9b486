"""Neutron and X-ray structure factors, by amorphouspy."""

import warnings

import numpy as np
from ase import Atoms

from ...errors import UserError, needs

# bound coherent scattering lengths, fm (V. F. Sears, Neutron News 3 (3), 26, 1992)
NATURAL = {
    "Li": -1.90,
    "B": 5.30,
    "O": 5.803,
    "F": 5.654,
    "Na": 3.63,
    "Mg": 5.375,
    "Al": 3.449,
    "Si": 4.1491,
    "P": 5.13,
    "K": 3.67,
    "Ca": 4.70,
    "Ti": -3.438,
    "Zn": 5.680,
    "Ge": 8.185,
    "Sr": 7.02,
    "Y": 7.75,
    "Zr": 7.16,
    "Ba": 5.07,
    "La": 8.24,
}
# natural boron absorbs, and so does lithium: samples are made of these
ISOTOPES = {("B", 11): 6.65, ("Li", 7): -2.22, ("Li", 6): 2.00}


Q_MIN, Q_MAX = 0.5, 15.0  # 1/Å


def structure_factors(frames: list[Atoms], q_max: float = Q_MAX) -> dict[str, np.ndarray]:
    """Faber-Ziman S(q), averaged over frames: `q` (1/Å), `neutron`, `xray` and the partials `B-O`,
    …, each (150,).

    From the sine transform of g(r) with Lorch's window up to half the box, so features narrower
    than about 2π/10 Å
    are smeared out. S = 1 for atoms without correlations.
    """
    with needs("glass"):
        from amorphouspy import compute_structure_factor
    r_max = min(10.0, 0.499 * min(atoms.cell.lengths().min() for atoms in frames))
    settings = {"q_min": Q_MIN, "q_max": q_max, "n_q": 150, "r_max": r_max, "n_bins": 500}
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


def neutron(
    partials: dict[str, list[float]], counts: dict[str, int], isotopes: dict[str, int]
) -> np.ndarray:
    """S(q) of a sample with isotopes (mass number by element, of `ISOTOPES`; others natural).

    partials: the S of all pairs as `S B-O` in either order, counts: atoms by element. As
    amorphouspy has it, S = 1 + Σ_ab c_a c_b b_a b_b (S_ab - 1) / <b>².
    Raises UserError for an element without a scattering length here.
    """
    b = {}
    for element in counts:
        try:
            number = isotopes.get(element)
            b[element] = ISOTOPES[element, number] if number else NATURAL[element]
        except KeyError:
            raise UserError(f"no neutron scattering length of {element} here") from None
    atoms = sum(counts.values())
    mean = sum(counts[element] * b[element] for element in counts) / atoms
    total = 0.0
    for i in counts:
        for j in counts:
            pair = partials.get(f"S {i}-{j}", partials.get(f"S {j}-{i}"))
            total += counts[i] * counts[j] * b[i] * b[j] * (np.array(pair) - 1.0)
    return 1.0 + total / (atoms * mean) ** 2
