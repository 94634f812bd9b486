"""What a frame of Li(001)|LLZO(001) says: the metal's layers, the charge profile, what crossed."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from llzo_cell import LAYER_ATOMS, LAYERS, SPECIES

BIN = 1.5  # Å of the profile
FACE = 10  # oxygens of a copy: the mean height of the outermost ones is where the oxide ends
CROSSED = 1.0  # Å below: an atom of the metal that lies there is in the oxide


@dataclass(frozen=True)
class Frame:
    """Atoms in the order of llzo_cell: species, unwrapped positions (Å), charges (e); the height of
    the box (Å); how many layers the metal has, and atoms a layer; how many oxygens make a face."""

    species: np.ndarray
    positions: np.ndarray
    charges: np.ndarray
    height: float
    layers: int = LAYERS
    layer_atoms: int = LAYER_ATOMS
    face: int = FACE

    @classmethod
    def read(cls, dump: Path) -> "Frame":
        """Raises ValueError for a file that has not all atoms."""
        lines = dump.read_text(encoding="utf-8").splitlines()
        count = int(lines[3])
        table = np.array([line.split() for line in lines[9:]], dtype=float)
        if len(table) != count or count <= LAYERS * LAYER_ATOMS:
            least = LAYERS * LAYER_ATOMS
            raise ValueError(
                f"{dump}: {len(table)} atoms, expected {count}, more than {least} of metal"
            )
        low, high = map(float, lines[7].split()[:2])
        positions = table[:, 2:5] - [0, 0, low]
        species = np.array(SPECIES)[table[:, 1].astype(int) - 1]
        return cls(species, positions, table[:, 5], high - low)

    @property
    def metal(self) -> np.ndarray:
        """Atoms of each layer of the metal, upwards: (layers, layer_atoms)."""
        last = len(self.species)
        count = self.layers * self.layer_atoms
        return np.arange(last - count, last).reshape(self.layers, self.layer_atoms)

    def oxide_faces(self) -> tuple[float, float]:
        """z (Å) of the oxide's end below the metal, and of that above it."""
        z = np.sort(self.positions[self.species == "O", 2])
        return float(z[-self.face :].mean()), float(z[: self.face].mean() + self.height)


@dataclass(frozen=True)
class Layers:
    """By depth from the nearer interface, means of both: charges (e), spacings (Å) to the next;
    gap (Å) from the oxide's end to the first layer; how many atoms of the metal are in the
    oxide."""

    charges: np.ndarray
    spacings: np.ndarray
    gap: float
    crossed: int

    @property
    def moved(self) -> float:
        """Of the first layer towards the metal (Å), against the metal's innermost spacing."""
        return float(self.spacings[-1] - self.spacings[0])


def layers(frame: Frame) -> Layers:
    heights, charges = frame.positions[frame.metal, 2], frame.charges[frame.metal]
    place = heights.mean(axis=1)
    below, above = frame.oxide_faces()
    half = frame.layers // 2
    spacings = np.diff(place)
    inside = (heights < below - CROSSED) | (heights > above + CROSSED)
    return Layers(
        charges=((charges + charges[::-1]) / 2).mean(axis=1)[:half],
        spacings=((spacings + spacings[::-1]) / 2)[:half],
        gap=float((place[0] - below + above - place[-1]) / 2),
        crossed=int(inside.sum()),
    )


def profile(frames: list[Frame]) -> tuple[np.ndarray, np.ndarray]:
    """Heights (Å) from the end of the oxide, positive in the metal, and the mean charge (e) of
    lithium there; both interfaces, all frames."""
    depth, charge = [], []
    for frame in frames:
        below, above = frame.oxide_faces()
        lithium = frame.species == "Li"
        z = frame.positions[lithium, 2]
        middle = (below + above) / 2  # of the metal; atoms are measured to the nearer face
        z = z - frame.height * np.round((z - middle) / frame.height)
        depth.append(np.where(z < middle, z - below, above - z))
        charge.append(frame.charges[lithium])
    depths, charges = np.concatenate(depth), np.concatenate(charge)
    number = np.floor(depths / BIN).astype(int)
    bins = np.unique(number)
    return (bins + 0.5) * BIN, np.array([charges[number == b].mean() for b in bins])


def width(heights: np.ndarray, charges: np.ndarray) -> float:
    """Distance (Å) in which the charge of lithium goes from 90 to 10 % of its step to the metal:
    from the last bin that has 90 %, to the first beyond the face that has less than 10 %."""
    oxide, metal = charges[heights < -1].mean(), charges[-1]
    fraction = (charges - metal) / (oxide - metal)
    last = int(np.flatnonzero(fraction >= 0.9)[-1])
    face = int(np.flatnonzero(heights < 0)[-1])
    first = face + int(np.argmax(fraction[face:] < 0.1))
    return _crossing(heights, fraction, first - 1, 0.1) - _crossing(heights, fraction, last, 0.9)


def _crossing(heights: np.ndarray, fraction: np.ndarray, at: int, level: float) -> float:
    """Where the fraction passes a level between a bin and the next, on a straight line."""
    step = (fraction[at] - level) / (fraction[at] - fraction[at + 1])
    return float(heights[at] + step * (heights[at + 1] - heights[at]))
