"""What a potential gives for all structures, and how far it is from the reference, by family."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .._core import Potential, StructureSet
from .blocks import Block
from .data import Structure
from .energies import EnergyRows
from .objective import atom_counts, energy_constants
from .rows import rows_of_block
from .settings import Settings

# kind: name in tables, unit, factor from the unit of targets to it
QUANTITIES = {
    "energy": ("energy", "meV/atom", 1e3),
    "forces": ("force", "eV/Å", 1.0),
    "stress": ("stress", "GPa", 1.0),
    "charges": ("charge", "e", 1.0),
}


@dataclass
class Prediction:
    """Values of each structure by kind, flat, in the units of QUANTITIES: the potential's and the
    reference's. Structures without equilibrium or without a reference are missing from a kind.

    Energies are per atom, with constants of the elements (eV) that suit the training data best.
    """

    structures: list[Structure]
    model: dict[str, dict[str, np.ndarray]]
    reference: dict[str, dict[str, np.ndarray]]
    unstable: list[str]

    def families(self) -> list[str]:
        """Families in the order of their structures."""
        return list(dict.fromkeys(s.family for s in self.structures))

    def pairs(self, kind: str, labels: list[str]) -> tuple[np.ndarray, np.ndarray]:
        """Reference and model of the structures, joined."""
        known = [label for label in labels if label in self.model[kind]]
        if not known:
            return np.zeros(0), np.zeros(0)
        return tuple(
            np.concatenate([values[kind][label] for label in known])
            for values in (self.reference, self.model)
        )

    def error(self, kind: str, labels: list[str]) -> float:
        """Root of the mean squared error; NaN where there is nothing to compare."""
        reference, model = self.pairs(kind, labels)
        return float(np.sqrt(np.mean((model - reference) ** 2))) if len(model) else np.nan

    def labels(self, family: str | None = None) -> list[str]:
        """Labels of a family, or of all."""
        return [s.label for s in self.structures if family in (None, s.family)]


def predict(potential: Potential, structures: list[Structure], jobs: int) -> Prediction:
    """All values of the structures. Energies are those of the potential, without constants."""
    prediction = Prediction(structures, {}, {}, [])
    for kind in QUANTITIES:
        prediction.model[kind], prediction.reference[kind] = {}, {}
    if not structures:
        return prediction
    charges = np.array([s.total_charge for s in structures])
    block = Block(structures, StructureSet(potential, [s.system for s in structures], charges), [])
    result = block.set.evaluate(potential, jobs)
    atoms = 0
    flat = {kind: block.values(kind, result) for kind in QUANTITIES}
    for number, structure in enumerate(structures):
        n = len(structure)
        if not np.isfinite(result.energy[number]):
            prediction.unstable.append(structure.label)
        for kind, (_, _, factor) in QUANTITIES.items():
            reference = getattr(structure, kind)
            if reference is None or structure.label in prediction.unstable:
                continue
            per = {"energy": (number, 1), "forces": (3 * atoms, 3 * n), "stress": (6 * number, 6),
                   "charges": (atoms, n)}  # fmt: skip
            first, count = per[kind]
            scale = factor / n if kind == "energy" else factor
            prediction.model[kind][structure.label] = factor * flat[kind][first : first + count]
            prediction.reference[kind][structure.label] = scale * np.ravel(reference)
        atoms += n
    return prediction


def constants_of(settings: Settings, potential: Potential, training: Prediction) -> np.ndarray:
    """Constants of the elements that suit all energy targets of the training data best, eV."""
    stable = [s for s in training.structures if s.label in training.model["energy"]]
    elements = list(potential.elements)
    rows = rows_of_block(stable, np.ones(len(stable)), settings.targets)
    rows = [each for each in rows if each.target.kind == "energy"]
    counts = atom_counts(stable, elements)
    model = np.array([training.model["energy"][s.label][0] for s in stable])
    energies = model * counts.sum(axis=1) / QUANTITIES["energy"][2]
    losses = dict.fromkeys((t.name for t in settings.targets), 0.0)
    constants = EnergyRows(rows, counts, *energy_constants(settings, elements))
    return constants.add(energies, None, losses, None)


def add_constants(prediction: Prediction, elements: list[str], constants: np.ndarray) -> None:
    """Adds the constants of the elements (eV) to the energies of a prediction."""
    for structure in prediction.structures:
        if structure.label in prediction.model["energy"]:
            counts = np.array([structure.symbols.count(e) for e in elements])
            shift = QUANTITIES["energy"][2] * (counts @ constants) / len(structure)
            prediction.model["energy"][structure.label] = (
                prediction.model["energy"][structure.label] + shift
            )


def predict_both(
    settings: Settings,
    potential: Potential,
    training: list[Structure],
    validation: list[Structure],
    jobs: int,
) -> tuple[Prediction, Prediction, np.ndarray]:
    """Training and validation with the same constants of the elements, and these."""
    predictions = predict(potential, training, jobs), predict(potential, validation, jobs)
    constants = constants_of(settings, potential, predictions[0])
    for each in predictions:
        add_constants(each, list(potential.elements), constants)
    return *predictions, constants
