"""Energies, forces, virial and dE/dq of the styles against finite differences of LAMMPS' own energies, against
sums over atoms, and against the plain sums over all images of the package rfmeam."""

import numpy as np
import pytest
from harness import (
    ENVIRONMENT_CHARGES,
    FADE,
    K_E,
    PRESSURE_OF_VIRIAL,
    WALLS,
    disordered,
    environment_potential,
    model,
    observe,
    potential,
    rocksalt,
    triclinic,
)

import rfmeam

SYSTEMS = {
    "cubic": rocksalt(2),
    "triclinic": triclinic(rocksalt(2, a=3.9, rattle=0.25, seed=3)),
    "disordered": disordered(60),
}
POTENTIALS = {
    "screened_cut": potential(),
    "gaussian": potential(coulomb="gaussian"),
    "direct_cut": potential(coulomb="direct_cut"),
    "meam": potential(coulomb=None),
    "charges": potential(meam=False),
    "screened_gaussian": potential(coulomb="screened_gaussian"),
    "slater": potential(coulomb="slater"),
    "shielded": potential(coulomb="shielded"),
    "walls": potential(walls=WALLS),
    "environment": environment_potential(),
    "environment_and_walls": environment_potential("screened_gaussian", WALLS),
    "fade": potential(walls=FADE),
    "fade_environment_and_walls": environment_potential("screened_gaussian", WALLS + FADE),
    "environment_charges": environment_potential("screened_gaussian", WALLS + FADE + ENVIRONMENT_CHARGES),
}
ENERGY = 'print "energy: $(pe:%.17g)"\n'


def fix_for(name: str) -> str:
    return "" if name == "meam" else "all qeq/vc 1 1e-13 200"


def virial(result) -> np.ndarray:
    """-dE/dstrain (eV): xx yy zz xy xz yz, of the last thermo line."""
    row = result.thermo()[-1][-1]
    pressure = np.array([row[f"c_press[{i}]"] for i in range(1, 7)])
    return pressure * row["Volume"] / PRESSURE_OF_VIRIAL["metal"]


@pytest.mark.parametrize("name", POTENTIALS)
@pytest.mark.parametrize("system", SYSTEMS)
def test_agrees_with_sum_over_all_images(lammps, system, name):
    """Everything the pair style computes, with given charges, against rfmeam.evaluate."""
    atoms = SYSTEMS[system]
    charged = name != "meam"
    result = lammps(model(fix="") + observe(fix=False) + "run 0\n", atoms, POTENTIALS[name])

    symbols = atoms.get_chemical_symbols()
    periodic = rfmeam.System(atoms.cell.array, atoms.pbc, atoms.positions, symbols)
    model_potential = rfmeam.Potential.read(str(result.folder / "LiF.rfmeam"))
    charges = atoms.get_initial_charges() if charged else None
    expected = rfmeam.evaluate(model_potential, periodic, charges, K_E["metal"])

    frame, row = result.frame(), result.thermo()[-1][-1]
    terms = [row[f"c_terms[{i}]"] for i in range(1, 5)]
    assert terms == pytest.approx(
        [expected.pair, expected.embedding, expected.coulomb, expected.self_energy], rel=1e-11, abs=1e-11
    )
    assert row["PotEng"] == pytest.approx(expected.total, rel=1e-11)
    assert row["c_terms"] == pytest.approx(expected.total, rel=1e-11)
    assert row["E_vdwl"] == pytest.approx(terms[0] + terms[1], rel=1e-12, abs=1e-12)
    assert row["E_coul"] == pytest.approx(terms[2] + terms[3], rel=1e-12, abs=1e-12)
    np.testing.assert_allclose(frame.forces, expected.forces, rtol=0, atol=1e-11 * np.abs(expected.forces).max())
    w = expected.virial
    voigt = [w[0][0], w[1][1], w[2][2], w[0][1], w[0][2], w[1][2]]
    np.testing.assert_allclose(virial(result), voigt, rtol=0, atol=1e-11 * np.abs(w).max())
    np.testing.assert_allclose(frame["f_peratom[1]"], expected.density, rtol=1e-11)
    if charged:
        np.testing.assert_allclose(frame["f_peratom[3]"], expected.electronegativity, rtol=1e-11)


@pytest.mark.parametrize("name", POTENTIALS)
@pytest.mark.parametrize("system", SYSTEMS)
def test_sums_over_atoms(lammps, system, name):
    """Energies and virials of the atoms add up to the global ones, which are the same with and without them."""
    fix = fix_for(name)
    parts = [
        lammps(model(fix=fix) + observe(fix=bool(fix), stress=stress) + "run 0\n", SYSTEMS[system], POTENTIALS[name])
        for stress in (True, False)
    ]
    result, without = parts
    frame, row = result.frame(), result.thermo()[-1][-1]
    assert frame["c_energy"].sum() == pytest.approx(row["PotEng"], rel=1e-12)
    assert frame["f_peratom[2]"].sum() == pytest.approx(row["c_terms[2]"], rel=1e-12, abs=1e-14)
    assert without.last("PotEng") == pytest.approx(row["PotEng"], rel=1e-12)

    sums = np.array([frame[f"c_stress[{i}]"].sum() for i in range(1, 7)]) / PRESSURE_OF_VIRIAL["metal"]
    scale = np.abs(virial(result)).max()
    np.testing.assert_allclose(-sums, virial(result), rtol=0, atol=1e-12 * scale)
    np.testing.assert_allclose(virial(without), virial(result), rtol=0, atol=1e-12 * scale)


@pytest.mark.parametrize("name", POTENTIALS)
def test_forces_are_energy_derivatives(lammps, name):
    """Charges are equilibrated anew at every displacement."""
    atoms = SYSTEMS["triclinic"]
    step = 1e-4
    moved = [0, 13, 37, 50]
    script = model(fix=fix_for(name)) + observe(fix=False, stress=False, peratom=False) + "run 0\n"
    script += "undump observe\nthermo_modify line one\n"
    for i in moved:
        for axis in range(3):
            shift = np.zeros((2, 3))
            shift[:, axis] = step, -2 * step
            for x in shift:
                script += f"group g id {i + 1}\ndisplace_atoms g move {x[0]} {x[1]} {x[2]}\n"
                script += f"run 0 post no\n{ENERGY}"
            script += f"displace_atoms g move {-shift.sum(0)[0]} {-shift.sum(0)[1]} {-shift.sum(0)[2]}\n"
            script += "group g delete\n"
    result = lammps(script, atoms, POTENTIALS[name])

    energies = np.array(result.printed("energy")).reshape(len(moved), 3, 2)
    forces = -(energies[..., 0] - energies[..., 1]) / (2 * step)
    expected = result.frame().forces
    np.testing.assert_allclose(forces, expected[moved], rtol=0, atol=2e-6 * max(1, np.abs(expected).max()))


@pytest.mark.parametrize("name", POTENTIALS)
@pytest.mark.parametrize("system", ["cubic", "triclinic"])
def test_virial_is_strain_derivative(lammps, system, name):
    """All six components; charges are equilibrated anew at every strain."""
    atoms = triclinic(SYSTEMS[system], 0, 0, 0) if system == "cubic" else SYSTEMS[system]
    cell = atoms.cell.array
    step = 1e-5
    components = [(0, 0), (1, 1), (2, 2), (0, 1), (0, 2), (1, 2)]
    script = model(fix=fix_for(name)) + "change_box all triclinic\n"
    script += observe(fix=False, stress=False, peratom=False) + "run 0\n"
    script += "undump observe\nthermo_modify line one\n"
    for a, b in components:
        for sign in (1, -1, 0):
            strain = np.eye(3)
            strain[a, b] += sign * step
            h = cell @ strain.T  # rows are cell vectors; upper strains keep them lower triangular
            script += (
                f"change_box all x final 0 {h[0, 0]:.17g} y final 0 {h[1, 1]:.17g} z final 0 {h[2, 2]:.17g} "
                f"xy final {h[1, 0]:.17g} xz final {h[2, 0]:.17g} yz final {h[2, 1]:.17g} remap units box\n"
            )
            script += f"run 0 post no\n{ENERGY}" if sign else ""
    result = lammps(script, atoms, POTENTIALS[name])

    energies = np.array(result.printed("energy")).reshape(6, 2)
    expected = virial(result)
    strained = -(energies[:, 0] - energies[:, 1]) / (2 * step)
    np.testing.assert_allclose(strained, expected, rtol=0, atol=1e-6 * np.abs(expected).max())
    if system == "triclinic":
        assert np.abs(expected[3:]).min() > 0.01 * np.abs(expected).max()  # the test is about something


@pytest.mark.parametrize(
    "name", ["screened_cut", "gaussian", "direct_cut", "screened_gaussian", "slater", "shielded", "environment"]
)
def test_electronegativity_is_charge_derivative(lammps, name):
    """dE/dq of given charges; the energy is quadratic in q, so that a large step is exact."""
    atoms = SYSTEMS["triclinic"]
    step, changed = 0.5, [0, 9, 40, 63]
    script = model(fix="") + observe(fix=False) + "run 0\nundump observe\nthermo_modify line one\n"
    for i in changed:
        q = atoms.get_initial_charges()[i]
        for shifted in (q + step, q - step, q):
            script += f"set atom {i + 1} charge {shifted:.17g}\nrun 0 post no\n{ENERGY}"
    result = lammps(script, atoms, POTENTIALS[name])

    energies = np.array(result.printed("energy")).reshape(len(changed), 3)
    slopes = (energies[:, 0] - energies[:, 1]) / (2 * step)
    np.testing.assert_allclose(slopes, result.frame()["f_peratom[3]"][changed], rtol=1e-10)
