"""Universal machine-learned potentials on the Li-F validation set, and what is kept of them in rivals.json."""

from __future__ import annotations

import datetime
import json
import statistics
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from ase import Atoms
from ase.build import bulk
from ase.calculators.calculator import Calculator, all_changes
from rfmeam.errors import UserError
from rfmeam.reference.universal import PROGRAMS, UniversalPotential

KEPT = Path(__file__).with_name("rivals.json")
TITLES = {"sevennet-0": "SevenNet-0", "sevennet-l3i5": "SevenNet-l3i5", "chgnet": "CHGNet"}


class Program(Calculator):
    """ASE calculator of one of PROGRAMS, started when it is first asked for something. Results: energy (eV), forces
    (eV/Å), stress (eV/Å³). Raises UserError where its Python cannot be used, ComputationError where it fails."""

    implemented_properties = ("energy", "free_energy", "forces", "stress")

    def __init__(self, name: str):
        super().__init__()
        self.program = name
        self.potential: UniversalPotential | None = None

    def answer(self, atoms: Atoms) -> dict:
        """See universal_worker.py."""
        if self.potential is None:
            self.potential = UniversalPotential(self.program)
        return self.potential.compute(atoms, Path(tempfile.gettempdir()))

    def calculate(self, atoms=None, properties=("energy",), system_changes=all_changes):
        super().calculate(atoms, properties, system_changes)
        answer = self.answer(self.atoms)
        self.results = {name: answer[name] for name in ("energy", "free_energy")}
        self.results |= {name: np.array(answer[name]) for name in ("forces", "stress")}

    def rate(self) -> float:
        """Atoms and steps of a second of CPU time, one thread: median of three for 216 atoms of LiF, after one more."""
        atoms = bulk("LiF", "rocksalt", a=4.07, cubic=True).repeat(3)
        seconds = []
        for seed in range(4):
            atoms.rattle(0.05, seed=seed)  # calculators know what they have just computed
            seconds.append(self.answer(atoms)["seconds"])
        return len(atoms) / statistics.median(seconds[1:])

    def close(self) -> None:
        if self.potential is not None:
            self.potential.close()


@dataclass
class Rival:
    """What is known of a program: of each structure, by label, [fingerprint, energy (eV), mean square error of the
    forces ((eV/Å)²)]; the relaxed interface with the fingerprint of what it began from."""

    name: str
    version: str = ""
    date: str = ""
    structures: dict[str, list] = field(default_factory=dict)
    interface: dict[str, float | str] = field(default_factory=dict)

    @classmethod
    def read(cls, name: str) -> Rival:
        """From rivals.json; empty if it is not there. UserError for a name that is no program's."""
        if name not in PROGRAMS:
            raise UserError(f"{name!r} is no *.rfmeam file and none of {', '.join(PROGRAMS)}")
        return cls(name=name, **read_kept()["programs"].get(name, {}))

    def write(self) -> None:
        """Into rivals.json, beside what else is there, so that nothing computed is lost."""
        kept = read_kept()
        known = {key: value for key, value in vars(self).items() if key != "name"}
        kept["programs"][self.name] = known
        write_kept(kept)

    def lacking(self, atoms: list[Atoms]) -> list[Atoms]:
        """Structures without a value, or whose reference has changed since."""
        return [a for a in atoms if self.structures.get(a.info["label"], [""])[0] != a.info["fingerprint"]]

    def add(self, atoms: Atoms, answer: dict) -> None:
        error = float(np.mean((np.array(answer["forces"]) - atoms.get_forces()) ** 2))
        self.structures[atoms.info["label"]] = [atoms.info["fingerprint"], round(answer["free_energy"], 6), error]
        self.version, self.date = answer["program"], datetime.date.today().isoformat()

    def columns(self, atoms: list[Atoms]) -> tuple[np.ndarray, np.ndarray]:
        """Energies (eV) and mean square errors of forces ((eV/Å)²) of the structures."""
        rows = [self.structures[a.info["label"]] for a in atoms]
        return np.array([row[1] for row in rows]), np.array([row[2] for row in rows])


def read_kept() -> dict:
    """{"programs": {name: Rival's fields}, "rates": {name: {"rate", "processor", "load", "date"}}}"""
    if not KEPT.exists():
        return {"programs": {}, "rates": {}}
    return json.loads(KEPT.read_text(encoding="utf-8"))


def write_kept(kept: dict) -> None:
    KEPT.write_text(json.dumps(kept, indent=1, sort_keys=True) + "\n", encoding="utf-8")
