"""Fields of fix efield in the equilibration of fix qeq/vc."""

import re

import numpy as np
import pytest
from harness import (
    PLAIN,
    WALLS,
    Variant,
    few_variants,
    model,
    needs_package,
    observe,
    potential,
    rocksalt,
    serial_variants,
    thermo_output,
    triclinic,
    two_variants,
)
from test_style_variants import compare

EACH = pytest.mark.parametrize("variant", few_variants(), ids=str)
OTHERS = pytest.mark.parametrize("variant", [v for v in few_variants() if v != PLAIN], ids=str)
SERIAL = pytest.mark.parametrize("variant", serial_variants(), ids=str)
OBSERVE = observe(stress=False)
FIX = "all qeq/vc 1 1e-12 200"
ENERGY = "fix_modify field energy yes\n"
NVE = "velocity all create 600 4711 loop all\nfix nve all nve\n"


def slab():
    """64 atoms between two layers of vacuum in z, in a tilted cell."""
    atoms = triclinic(rocksalt(2, rattle=0.15, seed=4), xy=0.12, xz=0, yz=0)
    cell = atoms.cell.array.copy()
    cell[2] = [0, 0, 20]
    atoms.set_cell(cell)
    atoms.positions[:, 2] += 6
    return atoms


SLAB = slab()
REGION = "region half block INF INF INF INF INF 10.1 units box\n"
# the command and the potential at z (V); atom-style components come with their potential
FIELDS = {
    "constant": ("fix field all efield 0 0 0.3\n" + ENERGY, lambda frame: -0.3 * frame["z"]),
    "region": (
        REGION + "fix field all efield 0 0 0.3 region half\n" + ENERGY,
        lambda frame: np.where(frame["z"] < 10.1, -0.3 * frame["z"], 0),
    ),
    "group": (
        "group lithium type 1\nfix field lithium efield 0 0 0.3\n" + ENERGY,
        lambda frame: np.where(frame["type"] == 1, -0.3 * frame["z"], 0),
    ),
    "potential": (
        "variable phi atom 0.04*z*z+0.1*sin(PI*x/4.2)\nvariable ez atom -0.08*z\n"
        "variable ex atom -0.1*PI/4.2*cos(PI*x/4.2)\n"
        "fix field all efield v_ex 0 v_ez potential v_phi\n" + ENERGY,
        lambda frame: 0.04 * frame["z"] ** 2 + 0.1 * np.sin(np.pi * frame["x"] / 4.2),
    ),
    "two": (
        "fix other all efield 0 0 -0.1\nfix_modify other energy yes\nfix field all efield 0 0 0.4\n" + ENERGY,
        lambda frame: -0.3 * frame["z"],
    ),
    "equal": ("variable e equal 0.2+0.1\nfix field all efield 0 0 v_e\n", lambda frame: -0.3 * frame["z"]),
}


def script_with(field: str, fix: str = FIX, observed: str = OBSERVE) -> str:
    return model(fix=fix, start="boundary p p f") + field + observed


# ---- the minimum ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def reference():
    return {}


@pytest.mark.parametrize("case", FIELDS)
def test_slopes_with_the_field_are_equal(lammps, case):
    """dE/dq of the pair style and the potential of the field at an atom add up to the chemical potential of all."""
    field, potential_at = FIELDS[case]
    result = lammps(script_with(field) + "run 0\n", SLAB, potential())
    frame = result.frame()
    slopes = frame["f_peratom[3]"] + potential_at(frame)
    np.testing.assert_allclose(slopes, result.last("f_qeq[1]"), rtol=0, atol=1e-9)
    assert result.last("f_qeq[3]") == pytest.approx(SLAB.get_initial_charges().sum(), abs=1e-10)


def test_the_field_does_something(lammps):
    without = lammps(script_with("") + "run 0\n", SLAB, potential()).frame()
    within = lammps(script_with(FIELDS["constant"][0]) + "run 0\n", SLAB, potential()).frame()
    assert np.abs(within["q"] - without["q"]).max() > 0.01
    assert (within["q"] - without["q"]) @ within["z"] > 0.1  # charges go with the field


@OTHERS
@pytest.mark.parametrize("case", ["constant", "potential", "region"])
def test_agrees_with_plain_serial(lammps, reference, case, variant):
    script = script_with(FIELDS[case][0], observed=observe()) + "run 0\n"
    if case not in reference:
        reference[case] = lammps(script, SLAB, potential())
    if case == "region" and variant.gpus:
        pytest.skip("not every region style is on GPUs")
    compare(lammps(script, SLAB, potential(), variant=variant), reference[case], 1e-10)


@SERIAL
@pytest.mark.parametrize("text", [potential(), potential(walls=WALLS)], ids=["quadratic", "walls"])
def test_factorisation_agrees(lammps, variant, text):
    field = FIELDS["constant"][0]
    iterated = lammps(script_with(field) + "run 0\n", SLAB, text, variant=variant)
    factored = lammps(script_with(field, FIX + " solver direct") + "run 0\n", SLAB, text, variant=variant)
    np.testing.assert_allclose(iterated.frame()["q"], factored.frame()["q"], rtol=0, atol=1e-9)
    assert iterated.last("f_qeq[1]") == pytest.approx(factored.last("f_qeq[1]"), abs=1e-9)


def test_units_real(lammps):
    """The field in V/Å, energies in kcal/mol: the charges are the same."""
    field = FIELDS["constant"][0]
    metal = lammps(script_with(field) + "run 0\n", SLAB, potential())
    real = model(fix=FIX, units="real", start="boundary p p f") + field + OBSERVE + "run 0\n"
    result = lammps(real, SLAB, potential())
    np.testing.assert_allclose(result.frame()["q"], metal.frame()["q"], rtol=0, atol=2e-5)  # k_e differ by 5e-6
    scale = np.abs(metal.frame().forces).max()
    np.testing.assert_allclose(result.frame().forces, metal.frame().forces * 23.0605, rtol=0, atol=0.002 * scale)


# ---- derivatives ---------------------------------------------------------------------------------


@pytest.mark.parametrize("case", ["constant", "group", "potential"])
def test_forces_are_energy_derivatives(lammps, case):
    """Of the potential energy with that of the field; charges are equilibrated anew at every displacement."""
    step, moved = 1e-4, [0, 21, 40]
    script = script_with(FIELDS[case][0], "all qeq/vc 1 1e-13 200", observe(stress=False, peratom=False))
    script += "run 0\nundump observe\nthermo_modify line one\n"
    for i in moved:
        for axis in range(3):
            shift = np.zeros((3, 3))
            shift[:, axis] = step, -2 * step, step
            script += f"group g id {i + 1}\n"
            for n, x in enumerate(shift):
                script += f"displace_atoms g move {x[0]} {x[1]} {x[2]}\n"
                script += 'run 0 post no\nprint "energy: $(pe:%.17g)"\n' if n < 2 else ""
            script += "group g delete\n"
    result = lammps(script, SLAB, potential())
    energies = np.array(result.printed("energy")).reshape(len(moved), 3, 2)
    forces = -(energies[..., 0] - energies[..., 1]) / (2 * step)
    np.testing.assert_allclose(forces, result.frame().forces[moved], rtol=0, atol=3e-6)


@SERIAL
@pytest.mark.parametrize("solver", ["", " solver xl iterations 1 damping none"], ids=["pcg", "xl"])
def test_energy_error_is_that_of_the_integrator(lammps, variant, solver):
    """Half the time step, a quarter of the error of the total energy: with converged charges and with those of shadow
    dynamics, whose energy has the field's in it."""
    errors = []
    for timestep, steps in ((0.001, 60), (0.0005, 120)):
        script = script_with(FIELDS["constant"][0], "all qeq/vc 1 1e-10 200" + solver, "") + NVE
        script += f"timestep {timestep}\n" + thermo_output("step etotal", every=4) + f"run {steps}\n"
        energy = lammps(script, SLAB, potential(), variant=variant).series("TotEng")
        errors.append(np.abs(energy - energy[0]).max())
    assert errors[0] < 0.1
    assert 3.0 < errors[0] / errors[1] < 5.0


@pytest.mark.parametrize("variant", two_variants(), ids=str)
def test_field_that_changes_in_time(lammps, variant):
    """The charges of each step are those of its field."""
    field = "variable e equal 0.05*step\nfix field all efield 0 0 v_e\n"
    result = lammps(script_with(field) + NVE + "run 6\n", SLAB, potential(), variant=variant)
    for frame, mu in zip(result.frames(), result.series("f_qeq[1]"), strict=True):
        slopes = frame["f_peratom[3]"] - 0.05 * frame.step * frame["z"]
        np.testing.assert_allclose(slopes, mu, rtol=0, atol=1e-8)


def test_minimization(lammps):
    script = script_with(FIELDS["constant"][0], observed=thermo_output("step pe f_qeq[1]")) + "min_style cg\n"
    script += "minimize 0 2e-3 200 400\nreset_timestep 0\n" + OBSERVE + "run 0\n"
    result = lammps(script, SLAB, potential())
    assert np.abs(result.frame().forces).max() < 2e-3
    assert (np.diff(result.series("PotEng")) < 1e-9).all()
    slopes = result.frame()["f_peratom[3]"] - 0.3 * result.frame()["z"]
    np.testing.assert_allclose(slopes, result.last("f_qeq[1]"), rtol=0, atol=1e-8)


# ---- what is refused -----------------------------------------------------------------------------

BAD = {
    "periodic": ("fix field all efield 0.1 0 0\n", "along the periodic direction x of the box"),
    "tilted": ("fix field all efield 0 0.1 0.3\n", "along the periodic direction y of the box"),
    "periodic, equal-style": (
        "variable e equal 0.1\nfix field all efield v_e 0 0\n",
        "along the periodic direction x of the box",
    ),
    "atom-style": (
        "variable e atom 0.1*z\nfix field all efield 0 0 v_e\n",
        "a field of atom-style variables.*Allowed is its keyword potential",
    ),
}


@pytest.mark.parametrize("variant", [v for v in two_variants() if v in (PLAIN, Variant(threads=1))] or [PLAIN], ids=str)
@pytest.mark.parametrize("case", BAD)
def test_refused(lammps, case, variant):
    field, message = BAD[case]
    log = lammps(script_with(field) + "run 0\n", SLAB, potential(), variant=variant, fails=True).log
    assert re.search(f"ERROR: Fix qeq/vc.* with fix field.*{message}", log), log


@needs_package("LEPTON")
def test_lepton_is_refused(lammps):
    field = 'fix field all efield/lepton "0.1*z"\n'
    log = lammps(script_with(field) + "run 0\n", SLAB, potential(), fails=True).log
    assert re.search(r"ERROR: Fix qeq/vc with fix field \(efield/lepton\) on the same atoms", log), log


def test_field_of_zero_along_a_period(lammps):
    """None, until it is one."""
    field = "variable e equal 0.1*(step>2)\nfix field all efield v_e 0 0\n"
    log = lammps(script_with(field) + NVE + "run 4\n", SLAB, potential(), fails=True).log
    assert re.search(r"ERROR: Fix qeq/vc.*\(0.1, 0, 0\) has a component along the periodic direction x", log), log
    assert " - [2, " in log or re.search(r"^ *- \[2,", log, re.M), log
