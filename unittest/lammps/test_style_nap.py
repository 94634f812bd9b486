"""Every reference of nap through LAMMPS: the only numbers of a program that shares no code with us."""

import numpy as np
import pytest
from ase.io import read
from harness import DIELECTRIC_OF_NAP, NAP, model, observe, serial_variants

FOLDERS = sorted(path.parent.name for path in NAP.glob("*/reference.extxyz"))


def test_all_references_are_there():
    assert len(FOLDERS) == 6


@pytest.mark.parametrize("variant", serial_variants(), ids=str)
@pytest.mark.parametrize("folder", FOLDERS)
def test_nap_reference(lammps, folder, variant):
    atoms = read(NAP / folder / "reference.extxyz")
    potential = (NAP / folder / "potential.rfmeam").read_text()
    charged = "coulomb" in potential
    energy, forces = atoms.get_potential_energy(), atoms.get_forces()
    charges = atoms.get_initial_charges()
    atoms.set_initial_charges(np.zeros(len(atoms)))
    script = model(fix="all qeq/vc 1 1e-10 200" if charged else "")
    script += f"dielectric {DIELECTRIC_OF_NAP}\n" + observe(fix=charged, stress=False)

    result = lammps(script + "run 0\n", atoms, potential, variant=variant)

    frame = result.frame()
    assert result.last("PotEng") / len(atoms) == pytest.approx(energy / len(atoms), abs=1e-9)
    np.testing.assert_allclose(frame.forces, forces, rtol=0, atol=5e-5 if charged else 1e-8)
    if charged:
        np.testing.assert_allclose(frame["q"], charges, rtol=0, atol=1e-5)
    else:
        assert np.all(frame["q"] == 0)
