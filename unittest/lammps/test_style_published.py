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
def test_streitz_and_mintmire_to_long_range(lammps, variant):
    """At the charges of fix qeq/slater, the energy and forces of coul/streitz ewald; the minimum of that energy is at
    others."""
    folder = DATA / "lammps" / "alumina"
    atoms, text = read(folder / "ewald.extxyz"), (folder / "potential.rfmeam").read_text()
    theirs = atoms.get_initial_charges()
    kspace = "kspace_style ewald 1e-10\nkspace_modify gewald 0.3\n"

    def run(fix: str):
        script = model(fix=fix, coeff="* * LiF.rfmeam Al O", style="rfmeam/qeq long 12.0")
        script = script.replace("pair_coeff", kspace + "pair_coeff", 1) + observe(fix=bool(fix)) + "run 0\n"
        return lammps(script, atoms, text, variant=variant, types=["Al", "O"])

    given, relaxed = run(""), run(FIX)
    assert given.last("PotEng") == pytest.approx(atoms.get_potential_energy(), abs=1e-8)
    np.testing.assert_allclose(given.frame().forces, atoms.get_forces(), rtol=0, atol=1e-10)
    np.testing.assert_allclose(relaxed.frame()["f_peratom[3]"], relaxed.last("f_qeq[1]"), rtol=0, atol=1e-8)
    np.testing.assert_allclose(relaxed.frame()["q"], theirs, rtol=0, atol=0.016)
    assert np.abs(relaxed.frame()["q"] - theirs).max() > 0.015
    assert 5e-5 < (given.last("PotEng") - relaxed.last("PotEng")) / len(atoms) < 7e-5


@EACH
def test_reaxff(lammps, variant):
    atoms, text = load("rdx")
    types = ["C", "H", "O", "N"]
    start = "dielectric 0.99997535\n"
    script = model(fix=FIX, coeff="* * LiF.rfmeam C H O N").replace("pair_coeff", start + "pair_coeff", 1)
    result = lammps(script + observe() + "run 0\n", atoms, text, variant=variant, types=types)
    np.testing.assert_allclose(result.frame()["q"], atoms.get_initial_charges(), rtol=0, atol=2e-7)
