"""Charges, structure and energy conservation of a finished run."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
from build_structure import SPECIES, Layer, layers
from peak import first_peak
from rfmeam.thermo import read_log
from schedule import TIMESTEP, Schedule
from scipy.spatial import cKDTree

EQUILIBRATION = 0.2  # of the NVT part, left out of all averages
RDF_EDGES = np.linspace(0.0, 8.0, 401)  # Å

LAYERS: Sequence[Layer] = layers()
LAYER = np.repeat(np.arange(len(LAYERS)), [layer.atoms for layer in LAYERS])  # of each atom
METAL, SALT = ([n for n, la in enumerate(LAYERS) if la.material == m] for m in ("Li", "LiF"))
LOWER, UPPER = METAL[: len(METAL) // 2], METAL[len(METAL) // 2 :]

# Contiguous layers, in the order in which they lie, across the end of the box in the metal
REGIONS = {
    "Li metal": [[*UPPER[2:], *LOWER[:-2]]],
    "interface": [[*LOWER[-2:], SALT[0]], [SALT[-1], *UPPER[:2]]],
    "LiF": [SALT[1:-1]],
}


class AnalysisError(Exception):
    """What is wrong with the files of a run, for the user."""


@dataclass(frozen=True)
class Frame:
    """Atoms in the order of their IDs: type, unwrapped position (Å), charge (e); the box from 0."""

    types: np.ndarray
    positions: np.ndarray
    charges: np.ndarray
    box: np.ndarray

    @classmethod
    def read(cls, dump: Path) -> "Frame":
        """Errors: AnalysisError, if it is not the frame of all atoms."""
        with dump.open() as lines:
            head = list(islice(lines, 9))
            try:
                table = np.loadtxt(lines, ndmin=2)
            except ValueError as error:
                raise AnalysisError(f"{dump} is damaged: {error}") from None
        if len(table) != len(LAYER):
            raise AnalysisError(f"{dump} has {len(table)} atoms of {len(LAYER)}: atoms were lost")
        low, high = np.array([line.split() for line in head[5:8]], dtype=float).T
        return cls(table[:, 1].astype(int), table[:, 2:5] - low, table[:, 5], high - low)

    def heights(self) -> np.ndarray:
        """z of each atom from the middle of LiF."""
        z = self.positions[:, 2]
        return z - z[np.isin(LAYER, SALT)].mean()


def by_layer(values: np.ndarray) -> np.ndarray:
    """The mean of each layer's atoms."""
    return np.bincount(LAYER, values) / np.bincount(LAYER)


# ---- where the layers are and what charge they have ----------------------------------------------


@dataclass(frozen=True)
class LayerCharge:
    """A species in a layer: mean height (Å), mean charge (e), standard deviation of the charge."""

    layer: Layer
    species: str
    height: float
    charge: float
    spread: float


def charge_profile(frames: Sequence[Frame]) -> list[LayerCharge]:
    """All layers from z = 0 upwards; averages and spreads over atoms and frames."""
    heights = np.mean([f.heights() for f in frames], axis=0)
    charges = np.array([f.charges for f in frames])
    profile = []
    for n, layer in enumerate(LAYERS):
        for kind, species in enumerate(SPECIES, 1):
            atoms = (n == LAYER) & (frames[0].types == kind)
            if atoms.any():
                q = charges[:, atoms]
                height = float(heights[atoms].mean())
                profile.append(LayerCharge(layer, species, height, float(q.mean()), float(q.std())))
    return profile


@dataclass(frozen=True)
class Spacings:
    """Distances of layers (Å), means of both interfaces: last of LiF to first of metal, first to
    second of metal, layers inside the metal."""

    gap: float
    first: float
    bulk: float

    @property
    def shift_to_salt(self) -> float:
        """How far the first metal layer lies off its place in the metal, towards LiF."""
        return self.first - self.bulk

    @classmethod
    def of(cls, frames: Sequence[Frame]) -> "Spacings":
        z = by_layer(np.mean([f.heights() for f in frames], axis=0))
        lower, upper = np.diff(z[[*LOWER, SALT[0]]]), np.diff(z[[SALT[-1], *UPPER]])
        spacing = (lower[::-1] + upper) / 2  # from the interface inwards
        return cls(float(spacing[0]), float(spacing[1]), float(spacing[3:].mean()))


def transition_width(profile: Sequence[LayerCharge]) -> float:
    """Distance (Å) in which the charge of Li goes from 90 to 10 % of the step to the metal; nan
    if there is no such step."""
    lithium = [p for p in profile if p.species == "Li"]
    middle = len(lithium) // 2
    widths = []
    for side in (lithium[middle - 1 :: -1], lithium[middle:]):  # outwards
        z, q = np.array([(abs(p.height), p.charge) for p in side]).T
        if not q[0] > q[-1]:
            return math.nan
        fraction = (q - q[-1]) / (q[0] - q[-1])
        widths.append(crossing(z, fraction, 0.1) - crossing(z, fraction, 0.9))
    return float(np.mean(widths))


def crossing(z: np.ndarray, fraction: np.ndarray, level: float) -> float:
    """Where a fraction that starts from 1 and ends at 0 first falls below a level."""
    n = int(np.argmax(fraction < level))
    f = (fraction[n - 1] - level) / (fraction[n - 1] - fraction[n])
    return float(z[n - 1] + f * (z[n] - z[n - 1]))


# ---- radial distribution functions ---------------------------------------------------------------


def rdf(frames: Sequence[Frame], region: str, pair: tuple[str, str]) -> np.ndarray | None:
    """g(r) of a region's atoms among themselves, 1 for a uniform slab; None without such atoms."""
    kinds = [SPECIES.index(s) + 1 for s in pair]
    counts, expected = 0.0, 0.0
    for slab in REGIONS[region]:
        members = [np.isin(LAYER, slab) & (frames[0].types == kind) for kind in kinds]
        if not all(m.any() for m in members):
            return None
        for frame in frames:
            found, uniform = pair_counts(frame, slab, members)
            counts, expected = counts + found, expected + uniform
    return counts / expected


def pair_counts(
    frame: Frame, slab: Sequence[int], members: Sequence[np.ndarray]
) -> tuple[np.ndarray, np.ndarray]:
    """Pairs in each bin of the RDF, and as many as there would be were the slab uniform.

    Of a sphere of radius r around an atom, (min(r, up) + min(r, down))/2r lies in the slab, with
    the distances up and down to the slab's faces.
    """
    box = frame.box
    trees = [cKDTree(np.mod(frame.positions[m], box), boxsize=box) for m in members]
    pairs = trees[0].sparse_distance_matrix(trees[1], RDF_EDGES[-1], output_type="ndarray")
    found, _ = np.histogram(pairs["v"], RDF_EDGES)
    found[0] = 0  # an atom with itself

    z = by_layer(frame.heights())[list(slab)]
    extent = np.mod(np.diff(z), box[2]).sum()
    thickness = extent * len(z) / (len(z) - 1)
    offset = frame.heights()[members[0]] - (z[0] + extent / 2)  # from the middle of the slab
    offset -= box[2] * np.round(offset / box[2])
    down = np.clip(offset + thickness / 2, 0.0, thickness)[:, None]
    r = (RDF_EDGES[1:] + RDF_EDGES[:-1]) / 2
    inside = (np.minimum(r, down) + np.minimum(r, thickness - down)) / (2 * r)
    density = members[1].sum() / (thickness * box[0] * box[1])
    shells = 4 / 3 * np.pi * np.diff(RDF_EDGES**3)
    return found, density * shells * inside.sum(axis=0)


# ---- conservation of energy ----------------------------------------------------------------------


@dataclass(frozen=True)
class ConservedEnergy:
    """An energy (meV/atom) that should not change with time (ps)."""

    time: np.ndarray
    energy: np.ndarray

    @property
    def drift(self) -> float:
        """Slope, meV/atom/ps."""
        return float(self.line()[1])

    @property
    def noise(self) -> float:
        """Standard deviation from the slope, meV/atom."""
        return float(np.std(self.energy - np.polynomial.polynomial.polyval(self.time, self.line())))

    @property
    def drift_uncertainty(self) -> float:
        """Standard error of the slope at most: as if all noise were one slow wave, meV/atom/ps."""
        return math.sqrt(12.0) * self.noise / float(self.time[-1] - self.time[0])

    def line(self) -> np.ndarray:
        """The energy as c[0] + c[1] time."""
        return np.polynomial.polynomial.polyfit(self.time, self.energy, 1)


# ---- all numbers ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Results:
    """What a run gives; averages are over the NVT part after its equilibration."""

    minimised: Frame
    last: Frame
    profile: list[LayerCharge]
    spacings_minimised: Spacings
    spacings: Spacings
    rdfs: dict[str, dict[tuple[str, str], np.ndarray]]
    nvt: ConservedEnergy
    nve: ConservedEnergy
    temperature: float
    pressure: float  # normal to the interface, GPa
    total_charge: float  # of the whole box, that farthest from 0 in all of the dynamics, e

    @property
    def width(self) -> float:
        """Å in which the charge of Li goes from 90 to 10 % of the step from LiF to the metal."""
        return transition_width(self.profile)

    def peak(self, region: str, *pair: str) -> float:
        """Where an RDF has its first peak, Å; nan without one."""
        g = self.rdfs[region].get(pair)
        return math.nan if g is None else first_peak(RDF_EDGES, g)

    def displacement(self, species: str, material: str) -> float:
        """How far a species of a material is from its minimised places at the end, rms, Å."""
        material_of_layer = np.array([layer.material for layer in LAYERS])
        kind = SPECIES.index(species) + 1
        atoms = (material_of_layer[LAYER] == material) & (self.last.types == kind)
        moved = self.last.positions - self.minimised.positions
        moved[:, 2] = self.last.heights() - self.minimised.heights()
        return float(np.sqrt((moved[atoms] ** 2).sum(axis=1).mean()))

    def mean_charge(self, species: str, material: str) -> tuple[float, float]:
        """Charge and its spread in the inner layers, beyond the second from the interface."""
        inner = [
            p
            for p in self.profile
            if (p.species, p.layer.material) == (species, material) and p.layer.depth > 2
        ]
        return float(np.mean([p.charge for p in inner])), float(np.mean([p.spread for p in inner]))


def analyse(folder: Path, schedule: Schedule) -> Results:
    """Reads what LAMMPS left in the folder. Errors: AnalysisError."""
    minimised = Frame.read(folder / "minimised.dump")
    paths = sorted((folder / "frames").glob("*.dump"), key=lambda path: int(path.stem))
    begin, end = schedule.npt_end, schedule.nvt_end
    start = begin + EQUILIBRATION * (end - begin)
    frames = [Frame.read(path) for path in paths if start <= int(path.stem) <= end]
    if not frames:
        raise AnalysisError(
            f"{folder / 'frames'} has no frame of steps {start:.0f} to {end}, the NVT part: "
            "was the run of another length (--picoseconds)?"
        )
    last = Frame.read(paths[-1])

    thermo = read_log(folder / "dynamics.log")
    step, time = thermo["Step"], thermo["Step"] * TIMESTEP
    charge = thermo["f_charges[3]"]
    nve = step >= end
    nvt = (step >= start) & ~nve
    if nve.sum() < 3:
        raise AnalysisError(f"{folder / 'dynamics.log'} has no energies of the NVE part")
    milli = 1e3 / len(LAYER)
    pairs = [("Li", "Li"), ("Li", "F"), ("F", "F")]
    rdfs = {region: {p: rdf(frames, region, p) for p in pairs} for region in REGIONS}
    return Results(
        minimised=minimised,
        last=last,
        profile=charge_profile(frames),
        spacings_minimised=Spacings.of([minimised]),
        spacings=Spacings.of(frames),
        rdfs={
            region: {p: g for p, g in gs.items() if g is not None} for region, gs in rdfs.items()
        },
        nvt=ConservedEnergy(time[nvt], milli * thermo["Econserve"][nvt]),
        nve=ConservedEnergy(time[nve], milli * thermo["TotEng"][nve]),
        temperature=float(thermo["Temp"][nvt].mean()),
        pressure=float(thermo["Pzz"][nvt].mean()) / 1e4,
        total_charge=float(charge[np.argmax(np.abs(charge))]),
    )
