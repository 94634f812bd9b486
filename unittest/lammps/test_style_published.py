"""Published variable-charge potentials through the styles, against LAMMPS' own: unittest/data/lammps.

What the converted potentials are, and where they differ, is in unittest/python/test_published_kernels.py.
"""

import numpy as np
import pytest
from ase.io import read
from harness import DATA, few_variants, model, observe

EACH = pytest.mark.parametrize("variant", few_variants(), ids=str)
FIX = "all qeq/vc 1 1e-12 500"


def load(name: str):
    folder = DATA / "lammps" / name
    return read(folder / "reference.extxyz"), (folder / "potential.rfmeam").read_text()


@EACH
def test_streitz_and_mintmire(lammps, variant):
    atoms, text = load("alumina")
    types = ["Al", "O"]
    expected_charges, expected_forces = atoms.get_initial_charges(), atoms.get_forces()
    script = model(fix=FIX, coeff="* * LiF.rfmeam Al O")
    result = lammps(script + observe() + "run 0\n", atoms, text, variant=variant, types=types)
    frame = result.frame()
    np.testing.assert_allclose(frame["q"], expected_charges, rtol=0, atol=8e-5)
    np.testing.assert_allclose(frame.forces, expected_forces, rtol=0, atol=2e-4)
    np.testing.assert_allclose(frame["f_peratom[3]"], result.last("f_qeq[1]"), rtol=0, atol=1e-8)
    assert result.last("PotEng") == pytest.approx(atoms.get_potential_energy(), abs=1e-3)
    assert frame["c_energy"].sum() == pytest.approx(result.last("PotEng"), rel=1e-12)


@EACH
def test_reaxff(lammps, variant):
    atoms, text = load("rdx")
    types = ["C", "H", "O", "N"]
    start = "dielectric 0.99997535\n"
    script = model(fix=FIX, coeff="* * LiF.rfmeam C H O N").replace("pair_coeff", start + "pair_coeff", 1)
    result = lammps(script + observe() + "run 0\n", atoms, text, variant=variant, types=types)
    np.testing.assert_allclose(result.frame()["q"], atoms.get_initial_charges(), rtol=0, atol=2e-7)
