"""Synthetic reference data: what a known potential gives for a few small structures."""

from pathlib import Path

import numpy as np
import rfmeam
import yaml
from ase import Atoms
from ase.build import bulk
from ase.calculators.singlepoint import SinglePointCalculator
from ase.io import write
from rfmeam.calculator import RFMEAM

from samples import SOUND

TRUE = SOUND.replace("rho * * 2.0", "rho * * 2.0\nrho Li F 2.1").replace(
    "end\n", "wall Li upper 30.0 0.6\nend\n"
)
# a material, whose crystals last in molecular dynamics; TRUE is none
MATERIAL = (Path(__file__).parents[2] / "bench/LiF_terms.rfmeam").read_text("utf-8")
INDEFINITE = MATERIAL.replace("8.25902397", "0.5").replace("22.8168337", "0.5")  # its charges
assert INDEFINITE.count(" 0.5 0\n") == 2
ATOMS = {"Li": -1.25, "F": 2.5}  # energies of atoms in the data that the potential has not


def structures() -> dict[str, list[Atoms]]:
    """Families of structures: small cells, of several compositions."""
    random = np.random.default_rng(5)

    def rattled(atoms: Atoms) -> Atoms:
        atoms.positions += random.normal(scale=0.08, size=atoms.positions.shape)
        return atoms

    salt = [rattled(bulk("LiF", "rocksalt", a)) for a in (3.9, 4.1, 4.3)]
    metal = [rattled(bulk("Li", "bcc", a, cubic=True)) for a in (3.3, 3.5)]
    mixed = bulk("LiF", "rocksalt", 4.2, cubic=True)[:7]
    dimer = Atoms("LiF", [(0, 0, 0), (1.8, 0.1, 0)])
    return {"salt": salt, "metal": metal, "mixed": [rattled(mixed)], "dimer": [dimer]}


def label(atoms: Atoms, name: str, potential: rfmeam.Potential) -> Atoms:
    """The structure with what the potential gives, as reference data have it."""
    work = atoms.copy()
    work.calc = RFMEAM(potential)
    energy = work.get_potential_energy()
    energy -= sum(ATOMS[symbol] for symbol in work.symbols)
    charges = work.calc.results["charges"]
    results = {"energy": energy, "free_energy": energy, "forces": work.get_forces()}
    if atoms.cell.rank == 3:
        results["stress"] = work.get_stress()
    labelled = atoms.copy()
    labelled.calc = SinglePointCalculator(labelled, **results)
    labelled.arrays["bader_charge"] = charges
    labelled.info |= {"label": name, "dipole": charges @ atoms.positions}
    return labelled


def write_data(folder: Path, text: str = TRUE) -> None:
    """training/FAMILY.extxyz of all families, validation/held-out.extxyz of one more structure."""
    potential = rfmeam.Potential.parse(text)
    for family, members in structures().items():
        frames = [label(a, f"{family}/{k:02d}", potential) for k, a in enumerate(members)]
        write_frames(folder / "training" / f"{family}.extxyz", frames)
    held_out = bulk("LiF", "zincblende", 4.6)
    write_frames(
        folder / "validation" / "held-out.extxyz", [label(held_out, "held-out/00", potential)]
    )


def write_frames(path: Path, frames: list[Atoms]) -> None:
    """Writes extended XYZ, in a new folder if there is none."""
    path.parent.mkdir(exist_ok=True)
    write(path, frames, format="extxyz")


SETTINGS = {
    "potential": "start.rfmeam",
    "data": {"training": "training", "validation": ["validation"]},
    "targets": {
        "energy": {"tolerance": "2 meV/atom"},
        "forces": {"tolerance": 0.06, "force_growth": 1},
        "stress": {"tolerance": "0.3 GPa", "except": ["dimer"]},
        "charges": {"tolerance": 0.03},
    },
    "report": {"ensemble": 0},
    "stages": [{"name": "all", "free": ["charge.F.J", "pair.Li-F.epsilon"], "iterations": 20}],
}


def write_fit(folder: Path, start: str = TRUE, **changes) -> Path:
    """FIT.yaml with its starting potential; changes replace its keys, None removes one."""
    (folder / "start.rfmeam").write_text(start)
    settings = {k: v for k, v in (SETTINGS | changes).items() if v is not None}
    path = folder / "fit.yaml"
    path.write_text(yaml.safe_dump(settings, sort_keys=False))
    return path
