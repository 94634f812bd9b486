"""fix qeq/vc precondition fsai: the same charges as with the diagonal, by fewer products."""

import numpy as np
import pytest
from harness import WALLS, few_variants, model, observe, potential, rocksalt, triclinic
from test_style_long import HARD, KERNELS, long_model, long_potential

SYSTEM = triclinic(rocksalt(2, rattle=0.1, seed=5))
EACH = pytest.mark.parametrize("variant", few_variants(), ids=str)
# atoms that cross borders of ranks, and new neighbour lists on the way
DYNAMICS = "velocity all create 1500 4711 loop all\nfix nve all nve\ntimestep 0.001\n"
DYNAMICS += "neigh_modify every 4 delay 0\nrun 12\n"
KEYWORDS = {"groups": "group part potential 3.0 group rest qtotal 0.3", "xl": "solver xl"}


def trajectory(lammps, precondition: str, case: str = "all", variant=None, walls=WALLS, tolerance="1e-11"):
    atoms = "part" if case == "a group" else "all"
    fix = f"{atoms} qeq/vc 1 {tolerance} 300 {KEYWORDS.get(case, '')} precondition {precondition}"
    script = model(fix=fix).replace("fix qeq", "group part id 1:20 33:50\ngroup rest subtract all part\nfix qeq", 1)
    options = {"variant": variant} if variant else {}
    return lammps(script + observe(stress=False) + DYNAMICS, SYSTEM, potential(walls=walls), **options)


@EACH
@pytest.mark.parametrize("case", ["all", "a group", "groups", "xl"])
def test_charges_are_those_of_the_diagonal(lammps, variant, case):
    expected, result = trajectory(lammps, "jacobi", case), trajectory(lammps, "fsai", case, variant)
    np.testing.assert_allclose(result.frame()["q"], expected.frame()["q"], rtol=0, atol=1e-8)
    np.testing.assert_allclose(result.series("PotEng"), expected.series("PotEng"), rtol=0, atol=1e-6)


@EACH
def test_products_are_saved(lammps, variant):
    """From the second step on, without walls."""
    counts = [
        np.diff(trajectory(lammps, precondition, variant=variant, walls="", tolerance="1e-8").series("f_qeq[4]"))
        for precondition in ("fsai", "jacobi")
    ]
    assert counts[0].sum() < 0.7 * counts[1].sum()


def soft_potential() -> str:
    """Of atoms that a few volts charge: those of test_style_long.py have little to gain."""
    text = long_potential("gaussian").replace(HARD, "\ncharge Li 3.0 4.4 0\ncharge F  28.133 16.7 0\n")
    return text.replace(KERNELS["gaussian"], "coulomb gaussian 9.0\nwidth Li 0.9\nwidth F 0.7\n")


@EACH
def test_long_range(lammps, variant):
    """Pairs have what the kspace style sums, too: with the part of real space alone, little would be saved."""
    kspace = "kspace_style pppm 1e-6\n"
    results = []
    for precondition in ("fsai", "jacobi"):
        fix = f"all qeq/vc 1 1e-9 300 guess 0 precondition {precondition}"
        script = long_model(kspace, fix=fix) + observe(stress=False) + DYNAMICS
        results.append(lammps(script, SYSTEM, soft_potential(), variant=variant))
    fsai, jacobi = results
    np.testing.assert_allclose(fsai.frame()["q"], jacobi.frame()["q"], rtol=0, atol=1e-6)
    assert np.diff(fsai.series("f_qeq[4]")).sum() < 0.8 * np.diff(jacobi.series("f_qeq[4]")).sum()


def products(lammps, words: str, long: bool) -> np.ndarray:
    fix = f"all qeq/vc 1 1e-9 300 guess 0 {words}"
    text = long_model("kspace_style pppm 1e-6\n", fix=fix) if long else model(fix=fix)
    file = soft_potential() if long else potential(walls="")
    return lammps(text + observe(stress=False) + DYNAMICS, SYSTEM, file).series("f_qeq[4]")


@pytest.mark.parametrize("long", [False, True])
def test_factors_are_the_default_with_long_range_only(lammps, long):
    by_default, jacobi, fsai = (
        products(lammps, words, long) for words in ("", "precondition jacobi", "precondition fsai")
    )
    assert np.any(jacobi != fsai)
    np.testing.assert_array_equal(by_default, fsai if long else jacobi)
