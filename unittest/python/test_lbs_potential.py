"""potentials/LBS.rfmeam is what its README says of it."""

import sys
from pathlib import Path

import numpy as np
import pytest
from ase.io import read
from rfmeam.calculator import system_of

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "potentials/fit"))
pytest.importorskip("typer")
pytest.importorskip("amorphouspy")
accuracy = pytest.importorskip("accuracy")
lbs = pytest.importorskip("lbs_accuracy")

from rfmeam import Potential, StructureSet  # noqa: E402

POTENTIAL = Potential.read(ROOT / "potentials/LBS.rfmeam")
# what there was to hold out when the table was made
FIRST = ("cristobalite-", "libo2-", "short-lib-libo2", "glass-30l50b20s-", "melt-30l50b20s")
LATER = ("-strained", "-pressed", "-free", "-sheared")
README = (ROOT / "potentials/README.md").read_text(encoding="utf-8")


def table() -> dict[str, list[float]]:
    """Rows of the README's table: energy and force errors of LBS, du and shik."""
    rows = README.split("| shik: meV/atom, eV/Å |")[1].split("\n\n")[0].splitlines()[2:]
    cells = [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]
    return {c[0]: [float(x) for cell in c[2:] for x in cell.split(",")] for c in cells}


def test_errors_on_what_was_not_fitted_to():
    """Of the structures that there were: the list of SevenNet's labels grows."""
    atoms, families = lbs.structures("validation")
    old = [i for i, f in enumerate(families) if f.startswith(FIRST) and not f.endswith(LATER)]
    atoms, families = [atoms[i] for i in old], [families[i] for i in old]
    energies, forces, _ = accuracy.deviations(POTENTIAL, atoms)
    found = accuracy.grouped(lbs.GROUPS, atoms, families, energies, forces, None)
    written = table()
    assert set(written) == set(found)
    for group, numbers in written.items():
        assert numbers[:2] == pytest.approx(found[group][1:3], rel=0.02, abs=1e-3), group
        assert numbers[1] < numbers[3] and numbers[1] < numbers[5], group  # du, shik


def test_charges_of_the_oxides():
    """Bader's, of the DFT that they were fitted to."""
    files = [f"data/oxides/training/{name}.extxyz" for name in ("b2o3-ii", "quartz", "li2sio3")]
    atoms = [a for file in files for a in read(ROOT / file, ":")]
    found = StructureSet(POTENTIAL, [system_of(a) for a in atoms]).evaluate(POTENTIAL)
    bader = np.concatenate([a.arrays["bader_charge"] for a in atoms])
    assert np.sqrt(np.mean((found.charges - bader) ** 2)) < 0.03
