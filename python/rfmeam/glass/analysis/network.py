"""The network of a glass: which former is bonded to which oxygen, and what follows from
counting."""

from collections import Counter
from dataclasses import dataclass

import numpy as np
from ase import Atoms
from ase.neighborlist import neighbor_list

from ...errors import UserError
from ..composition import FORMERS

BIN = 0.02  # Å
R_MAX = 3.2  # Å: how far the first minimum of a former-oxygen g(r) is looked for


@dataclass(frozen=True)
class Network:
    """Bonds between formers and oxygens, periodic.

    `formers` and `oxygens` are atom indices, shape (bonds,); `shifts`, shape (bonds, 3), the cells
    to go from the
    former to the image of the oxygen it is bonded to.
    """

    atoms: Atoms
    formers: np.ndarray
    oxygens: np.ndarray
    shifts: np.ndarray

    @property
    def coordination(self) -> np.ndarray:
        """Bonds of each atom of the structure, shape (atoms,)."""
        count = np.bincount(self.formers, minlength=len(self.atoms))
        return count + np.bincount(self.oxygens, minlength=len(self.atoms))

    def of(self, element: str) -> np.ndarray:
        """Indices of an element."""
        return np.flatnonzero(np.array(self.atoms.get_chemical_symbols()) == element)


def formers_in(atoms: Atoms) -> list[str]:
    """The network formers of a structure."""
    present = set(atoms.get_chemical_symbols())
    return [element for element in FORMERS if element in present]


def partial_rdf(
    frames: list[Atoms], first: str, second: str, r_max: float
) -> tuple[np.ndarray, np.ndarray]:
    """g(r) between two elements, averaged over frames: r in Å and g, both of shape (bins,).

    g = 1 for atoms without correlations. Any r_max: images are counted.
    """
    bins = round(r_max / BIN)
    edges = np.linspace(0.0, bins * BIN, bins + 1)
    total = np.zeros(bins)
    for atoms in frames:
        symbols = np.array(atoms.get_chemical_symbols())
        n_first, n_second = (symbols == first).sum(), (symbols == second).sum()
        i, j, d = neighbor_list("ijd", atoms, {(first, second): edges[-1]})
        wanted = (symbols[i] == first) & (symbols[j] == second)
        pairs = n_first * (n_second - (first == second)) / atoms.get_volume()
        shells = 4.0 / 3.0 * np.pi * np.diff(edges**3)
        total += np.histogram(d[wanted], edges)[0] / (pairs * shells)
    return (edges[1:] + edges[:-1]) / 2, total / len(frames)


def first_minimum(r: np.ndarray, g: np.ndarray) -> float:
    """The distance where bonds end, Å: the middle of the lowest part of g(r) behind its first peak.

    Raises ValueError if g has no peak that is followed by a minimum.
    """
    smooth = np.convolve(g, np.array([1, 2, 3, 2, 1]) / 9, mode="same")
    top = int(np.argmax(smooth))
    behind = slice(top, min(len(r), top + round(1.2 / BIN)))
    low = smooth[behind].min()
    if not low < 0.5 * smooth[top]:
        raise ValueError("g(r) has no minimum behind its first peak")
    flat = r[behind][smooth[behind] <= low + 0.002 * smooth[top]]
    return float((flat[0] + flat[-1]) / 2)


def cutoffs_of(frames: list[Atoms], formers: list[str] | None = None) -> dict[str, float]:
    """Bond cutoff of each former (by default all) to oxygen, Å, from the first minimum of g(r) over
    all frames."""
    result = {}
    for former in formers_in(frames[0]) if formers is None else formers:
        try:
            result[former] = round(first_minimum(*partial_rdf(frames, former, "O", R_MAX)), 2)
        except ValueError as error:
            raise UserError(f"{former}–O: {error}: is this a glass?") from None
    return result


def build_network(atoms: Atoms, cutoffs: dict[str, float]) -> Network:
    """Bonds shorter than the cutoffs (Å, by former)."""
    symbols = np.array(atoms.get_chemical_symbols())
    i, j, shifts = neighbor_list("ijS", atoms, {(former, "O"): r for former, r in cutoffs.items()})
    wanted = symbols[j] == "O"
    return Network(atoms, i[wanted], j[wanted], shifts[wanted])


def describe(network: Network) -> dict[str, float | dict]:
    """Coordination, oxygens and Qn of one structure, in % (of boron, of the oxygens, of each
    former).

    A bridging oxygen has two former neighbours, a tricluster three, a non-bridging oxygen one, a
    free oxygen none.
    Qn: formers with n oxygens that other formers share.
    """
    count = network.coordination
    oxygen = count[network.of("O")]
    result: dict[str, float | dict] = {
        "non-bridging oxygen %": _percent(oxygen == 1),
        "free oxygen %": _percent(oxygen == 0),
        "triclusters %": _percent(oxygen >= 3),
    }
    single = np.isin(network.oxygens, np.flatnonzero(count == 1))
    symbols = np.array(network.atoms.get_chemical_symbols())
    owners = Counter(symbols[network.formers[single]].tolist())
    shared = np.bincount(
        network.formers, weights=count[network.oxygens] >= 2, minlength=len(count)
    ).astype(int)
    for former in formers_in(network.atoms):
        atoms = network.of(former)
        result[f"{former} coordination %"] = _histogram(count[atoms])
        result[f"{former} mean coordination"] = float(count[atoms].mean())
        result[f"{former} Qn %"] = _histogram(shared[atoms])
        result[f"{former} non-bridging oxygen per atom"] = owners[former] / len(atoms)
    if len(boron := network.of("B")):
        result["B4 %"] = _percent(count[boron] >= 4)
    return result


def _percent(mask: np.ndarray) -> float:
    return 100.0 * float(np.mean(mask))


def _histogram(values: np.ndarray) -> dict[str, float]:
    numbers, counts = np.unique(values, return_counts=True)
    return {
        str(n): 100.0 * c / len(values)
        for n, c in zip(numbers.tolist(), counts.tolist(), strict=True)
    }
