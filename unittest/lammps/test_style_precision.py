"""The kk styles in mixed or single precision against the plain styles, which are double in every build.

Bounds are the unit roundoff of float times a condition number. A position is off by at most u times the largest
coordinate, and a term changes by itself over `LENGTH`; what sums up over all atoms comes from parameters rounded once
and arguments of exponentials, up to `ARGUMENT`.
"""

import numpy as np
import pytest
from harness import (
    K_E,
    all_variants,
    disordered,
    model,
    observe,
    potential,
    precision,
    rocksalt,
    thermo_output,
    triclinic,
)

import rfmeam

KOKKOS = [variant for variant in all_variants() if variant.kokkos]
pytestmark = pytest.mark.skipif(precision() == "double", reason="double: see test_style_variants.py")

UNIT = 2.0**-24
LENGTH = 0.2  # Å
ARGUMENT = 20.0
REACH = 6.5 + 2.0  # Å, Coulomb cutoff and skin: how far ghosts lie outside the box

CASES = {
    "screened": (rocksalt(3, rattle=0.2), potential()),
    "triclinic": (triclinic(rocksalt(3, rattle=0.2)), potential()),
    "gaussian": (disordered(110), potential(coulomb="gaussian")),
    "charges": (rocksalt(2, rattle=0.2), potential(meam=False, coulomb="direct_cut")),
    "meam": (disordered(110), potential(coulomb=None)),
}


@pytest.fixture(scope="module")
def reference():
    """Results of the plain styles by case."""
    return {}


def assert_within(found, expected, bound: float, what: str):
    deviation = np.abs(np.asarray(found) - expected).max()
    assert deviation <= bound, f"{what}: {deviation:.2e}, allowed {bound:.2e}"


def charge_bound(atoms, text, charges):
    """Largest error of a charge: the matrix of float γ, each off by the positions, solved on a fixed total charge."""
    n = len(atoms)
    system = rfmeam.System(atoms.cell.array, atoms.pbc, atoms.positions, atoms.get_chemical_symbols())
    matrix = rfmeam.charge_matrix(rfmeam.Potential.parse(text), system, K_E["metal"])
    projector = np.eye(n) - 1.0 / n
    inverse = np.linalg.pinv(projector @ matrix @ projector, rcond=1e-10)
    position = UNIT * (atoms.cell.lengths().max() + REACH) / 1.5  # δr/r, r at least 1.5 Å
    return position * (np.abs(inverse) @ np.abs(matrix - np.diag(np.diag(matrix))) @ np.abs(charges)).max()


@pytest.mark.parametrize("variant", KOKKOS, ids=str)
@pytest.mark.parametrize("case", CASES)
def test_agrees_with_double(lammps, reference, case, variant):
    """Energies, forces, charges, virial. Found: at most two thirds of what is allowed, of charges a fifth."""
    atoms, text = CASES[case]
    charged = "charge Li" in text
    script = model(fix="all qeq/vc 1 1e-9 200" if charged else "") + observe(fix=charged) + "run 0\n"
    if case not in reference:
        reference[case] = lammps(script, atoms, text)
    plain, result = reference[case], lammps(script, atoms, text, variant=variant)
    frame, expected = result.frame(), plain.frame()

    local = UNIT * (atoms.cell.lengths().max() + REACH) / LENGTH
    for names in (["fx", "fy", "fz"], ["c_energy"], [f"c_stress[{i}]" for i in range(1, 7)]):
        wanted = expected.vectors(*names)
        assert_within(frame.vectors(*names), wanted, local * np.abs(wanted).max(), names[0])
    total = UNIT * ARGUMENT
    for name in ("PotEng", "E_vdwl", "E_coul"):
        assert_within(result.last(name), plain.last(name), total * np.abs(expected["c_energy"]).sum(), name)
    pressure = [f"c_press[{i}]" for i in range(1, 7)]
    wanted = np.array([plain.last(name) for name in pressure])
    assert_within([result.last(name) for name in pressure], wanted, total * np.abs(wanted).max(), "pressure")
    if charged:
        assert "did not converge" not in result.log
        assert_within(frame["q"], expected["q"], charge_bound(atoms, text, expected["q"]), "q")
        rounding = UNIT * np.abs(expected["q"]).sum()
        assert_within(result.last("f_qeq[3]"), plain.last("f_qeq[3]"), rounding, "total charge")


@pytest.mark.parametrize("variant", KOKKOS[::2], ids=str)
def test_follows_the_energy_in_double(lammps, reference, variant):
    """100 steps: the total energy goes as in double, that is up and down with the time step and nothing else."""
    atoms, text = CASES["screened"]
    script = model(fix="all qeq/vc 1 1e-9 200") + thermo_output("step etotal pe")
    script += "velocity all create 600 1 loop all\nfix nve all nve\nrun 100\n"
    if "run" not in reference:
        reference["run"] = lammps(script, atoms, text)
    energy = lammps(script, atoms, text, variant=variant).series("TotEng")
    expected = reference["run"].series("TotEng")
    bound = UNIT * ARGUMENT * np.abs(reference["run"].series("PotEng")).max()
    assert_within(energy - energy[0], expected - expected[0], bound, "change of the total energy")
