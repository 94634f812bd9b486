"""pair_style rfmeam/qeq long: charges, energies and forces with kspace_style ewald and pppm."""

import numpy as np
import pytest
from ewald import Charges
from harness import (
    CHARGES,
    COULOMB,
    K_E,
    PLAIN,
    WALLS,
    few_variants,
    model,
    observe,
    potential,
    rocksalt,
    triclinic,
)
from test_style_derivatives import ENERGY, virial
from test_style_variants import compare

SYSTEM = rocksalt(2, rattle=0.15, seed=5)
SYSTEMS = {"cubic": SYSTEM, "triclinic": triclinic(SYSTEM)}
KERNELS = {
    "direct_cut": "coulomb direct_cut 3.0\n",  # this cutoff has no meaning here
    "gaussian": "coulomb gaussian 3.0\nwidth Li 0.7\nwidth F 0.9\n",
    "slater": "coulomb slater 3.0 0.2\nslater Li 2.0 0.8\nslater F 2.4 0.3\n",
}
# hard enough for point charges to have a minimum
HARD = "\ncharge Li 3.0 15.0  0.1\ncharge F  8.0 19.0 -0.2\n"
EXACT = "kspace_style ewald 1e-12\nkspace_modify gewald 0.55\n"
CUTOFF = 9.5
EACH_KERNEL = pytest.mark.parametrize("kernel", KERNELS)
# test_style_published.py has slater beside LAMMPS' own
OF_REFERENCE = pytest.mark.parametrize("kernel", ["direct_cut", "gaussian"])
EACH_SYSTEM = pytest.mark.parametrize("system", SYSTEMS)


def long_potential(kernel: str, meam: bool = False, walls: str = "") -> str:
    text = potential(meam=meam).replace(COULOMB["screened_cut"], KERNELS[kernel] + walls)
    assert CHARGES in text
    return text.replace(CHARGES, HARD)


def long_model(kspace: str = EXACT, cutoff: float = CUTOFF, fix: str = "all qeq/vc 1 1e-13 300", **options) -> str:
    style = f"rfmeam/qeq long {cutoff}"
    return model(fix=fix, style=style, **options).replace("pair_coeff", kspace + "pair_coeff", 1)


def everything(**options) -> str:
    return (
        observe(**options)
        .replace("pe/atom pair", "pe/atom pair kspace")
        .replace("stress/atom NULL pair", "stress/atom NULL pair kspace")
        .replace("evdwl ecoul", "evdwl ecoul elong")
    )


def reference(atoms, kernel: str) -> Charges:
    """The same system for the sums of ewald.py."""
    words = [line.split() for line in HARD.strip().splitlines()]
    parameters = {w[1]: [float(x) for x in w[2:]] for w in words}
    width = {"Li": 0.7, "F": 0.9} if kernel == "gaussian" else {"Li": 0.0, "F": 0.0}
    chi, hardness, offset = np.array([parameters[s] for s in atoms.symbols]).T
    widths = np.array([width[s] for s in atoms.symbols])
    return Charges(atoms.cell.array, atoms.positions, widths, chi, hardness, offset, K_E["metal"])


# ---- the reference itself ------------------------------------------------------------------------


@pytest.mark.parametrize("splitting", [0.4, 0.7])
def test_madelung_constant(splitting):
    atoms = rocksalt(1, a=4.0, rattle=0.0)
    q = np.where(atoms.symbols == "Li", 1.0, -1.0)
    zero = np.zeros(len(atoms))
    energy = Charges(atoms.cell.array, atoms.positions, zero, zero, zero, zero, 1.0, splitting).energy(q)
    assert -energy / 4 * 2.0 == pytest.approx(1.747564594633, abs=1e-12)


# ---- against it ----------------------------------------------------------------------------------


@OF_REFERENCE
@EACH_SYSTEM
def test_ewald_agrees_with_dense_ewald_sum(lammps, system, kernel):
    """Charges are those of the minimum of the whole energy; forces and virial its derivatives: with the reference's
    finite differences, its charges equilibrated anew at each."""
    atoms = SYSTEMS[system]
    result = lammps(long_model() + everything() + "run 0\n", atoms, long_potential(kernel))
    frame, exact = result.frame(), reference(atoms, kernel)
    q = exact.equilibrium(atoms.get_initial_charges().sum())
    np.testing.assert_allclose(frame["q"], q, rtol=0, atol=1e-9)
    assert result.last("PotEng") == pytest.approx(exact.energy(q), abs=1e-8)
    np.testing.assert_allclose(frame["f_peratom[3]"], exact.slopes(q), rtol=0, atol=1e-8)
    assert result.last("f_qeq[1]") == pytest.approx(exact.slopes(q).mean(), abs=1e-8)

    def energy(changed: Charges) -> float:
        return changed.energy(changed.equilibrium(q.sum()))

    step = 1e-4
    for i in (0, 40):
        for axis in range(3):
            shift = np.zeros_like(atoms.positions)
            shift[i, axis] = step
            plus, minus = (energy(exact.moved(atoms.positions + s * shift)) for s in (1, -1))
            assert frame.forces[i, axis] == pytest.approx((minus - plus) / (2 * step), abs=1e-6)
    for (a, b), found in zip([(0, 0), (1, 1), (2, 2), (0, 1), (0, 2), (1, 2)], virial(result), strict=True):
        strain = np.zeros((3, 3))
        strain[a, b] = step
        plus, minus = (energy(exact.moved(strain=s * strain)) for s in (1, -1))
        assert found == pytest.approx((minus - plus) / (2 * step), abs=1e-5)


def test_electrostatics_of_rocksalt(lammps):
    """The Madelung constant, with charges given."""
    atoms = rocksalt(2, a=4.0, rattle=0.0)
    atoms.set_initial_charges(np.where(atoms.symbols == "Li", 1.0, -1.0))
    script = long_model(fix="") + everything(fix=False) + "run 0\n"
    result = lammps(script, atoms, long_potential("direct_cut"))
    coulomb = result.last("c_terms[3]") + result.last("E_long")
    assert -coulomb / 32 * 2.0 / K_E["metal"] == pytest.approx(1.747564594633, abs=1e-10)


# ---- finite differences of LAMMPS' own energies --------------------------------------------------

# the same waves in every box, and the same grid for all charges, so that nothing jumps
FIXED_WAVES = "kspace_style ewald 1e-8\nkspace_modify gewald 0.45 kmax/ewald 14 14 14\n"


@pytest.mark.parametrize("total", [0.0, 1.5])
@EACH_KERNEL
def test_virial_is_strain_derivative(lammps, kernel, total):
    """Of the whole energy, RF-MEAM and walls included; a total charge has its uniform background strained with the
    box. Charges are equilibrated anew at every strain."""
    atoms = SYSTEMS["triclinic"]
    cell, step = atoms.cell.array, 1e-5
    script = long_model(FIXED_WAVES, fix=f"all qeq/vc 1 1e-13 300 qtotal {total}")
    script += everything(fix=False, stress=False, peratom=False) + "run 0\nundump observe\nthermo_modify line one\n"
    for a, b in [(0, 0), (1, 1), (2, 2), (0, 1), (0, 2), (1, 2)]:
        for sign in (1, -1, 0):
            strain = np.eye(3)
            strain[a, b] += sign * step
            h = cell @ strain.T
            script += (
                f"change_box all x final 0 {h[0, 0]:.17g} y final 0 {h[1, 1]:.17g} z final 0 {h[2, 2]:.17g} "
                f"xy final {h[1, 0]:.17g} xz final {h[2, 0]:.17g} yz final {h[2, 1]:.17g} remap units box\n"
            )
            script += f"run 0 post no\n{ENERGY}" if sign else ""
    text = long_potential(kernel, meam=True, walls=WALLS)
    result = lammps(script, atoms, text)
    energies = np.array(result.printed("energy")).reshape(6, 2)
    expected = virial(result)
    strained = -(energies[:, 0] - energies[:, 1]) / (2 * step)
    np.testing.assert_allclose(strained, expected, rtol=0, atol=2e-6 * np.abs(expected).max())


def displacements(moved: list[int], step: float) -> str:
    """Runs that print the energy with each of these atoms moved forth and back along each axis."""
    script = "undump observe\nthermo_modify line one\n"
    for i in moved:
        for axis in range(3):
            for distance in (step, -2 * step):
                shift = " ".join(str(distance if a == axis else 0.0) for a in range(3))
                script += f"group g id {i + 1}\ndisplace_atoms g move {shift}\nrun 0 post no\n{ENERGY}"
            shift = " ".join(str(step if a == axis else 0.0) for a in range(3))
            script += f"displace_atoms g move {shift}\ngroup g delete\n"
    return script


# kspace style, and how far its forces are from derivatives of its energy: those of a grid as far as it is coarse
FORCES = {
    "ewald": (FIXED_WAVES, 2e-6),
    "pppm ik": ("kspace_style pppm 1e-6\nkspace_modify gewald 0.45 mesh 24 24 24\n", 2e-4),
    "pppm ad": ("kspace_style pppm 1e-6\nkspace_modify gewald 0.45 mesh 24 24 24 diff ad\n", 2e-4),
}


@pytest.mark.parametrize("style", FORCES)
@EACH_KERNEL
def test_forces_are_energy_derivatives(lammps, kernel, style):
    kspace, tolerance = FORCES[style]
    atoms = SYSTEMS["cubic" if style == "pppm ad" else "triclinic"]
    step, moved = 1e-4, [0, 37]
    script = long_model(kspace) + everything(fix=False, stress=False, peratom=False) + "run 0\n"
    result = lammps(script + displacements(moved, step), atoms, long_potential(kernel, meam=True, walls=WALLS))
    energies = np.array(result.printed("energy")).reshape(len(moved), 3, 2)
    forces = -(energies[..., 0] - energies[..., 1]) / (2 * step)
    np.testing.assert_allclose(forces, result.frame().forces[moved], rtol=0, atol=tolerance)


SLAB = "kspace_modify slab 3.0\n"


def slab_model(kspace: str, **options) -> str:
    return long_model(kspace + SLAB, start="boundary p p f", **options)


@pytest.mark.parametrize("style", ["ewald", "pppm"])
@pytest.mark.parametrize("total", [0.0, 0.8])
def test_slab(lammps, style, total):
    """kspace_modify slab: the charges see the correction, forces are derivatives, and dE/dq is the slope."""
    atoms = SYSTEM.copy()
    atoms.positions[:, 2] += 2.0
    atoms.cell[2, 2] += 5.0
    kspace = FORCES["ewald" if style == "ewald" else "pppm ik"][0]
    kspace = kspace.replace("14 14 14", "14 14 50").replace("24 24 24", "24 24 96")
    step, moved = 1e-4, [0, 37]
    script = slab_model(kspace, fix=f"all qeq/vc 1 1e-13 300 qtotal {total}") + everything(stress=False) + "run 0\n"
    result = lammps(script + displacements(moved, step), atoms, long_potential("gaussian"))
    frame = result.frame()
    slopes = frame["f_peratom[3]"]
    np.testing.assert_allclose(slopes, slopes.mean(), rtol=0, atol=1e-9)
    energies = np.array(result.printed("energy")).reshape(len(moved), 3, 2)
    forces = -(energies[..., 0] - energies[..., 1]) / (2 * step)
    np.testing.assert_allclose(forces, frame.forces[moved], rtol=0, atol=1e-5 if style == "ewald" else 5e-4)

    tall = atoms.copy()
    tall.cell[2, 2] *= 3.0
    exact = reference(tall, "gaussian")
    energy = exact.energy(frame["q"]) + exact.slab(frame["q"], tall.cell[2, 2])
    assert result.series("PotEng")[0] == pytest.approx(energy, abs=1e-6 if style == "ewald" else 1e-3)
    shift = np.where(np.arange(len(atoms)) == 5, 0.5, 0.0)
    for q in (frame["q"],):
        up, down = (exact.energy(q + s * shift) + exact.slab(q + s * shift, tall.cell[2, 2]) for s in (1, -1))
        assert up - down == pytest.approx(slopes[5], abs=1e-6 if style == "ewald" else 1e-3)


@pytest.mark.parametrize("style", FORCES)
def test_electronegativity_is_charge_derivative(lammps, style):
    """dE/dq of given charges, with whatever total, in the energy of the kspace style: quadratic, on a grid, too."""
    kspace, _ = FORCES[style]
    atoms = SYSTEMS["cubic" if style == "pppm ad" else "triclinic"]
    step, changed = 0.5, [0, 9, 40]
    script = long_model(kspace, fix="") + everything(fix=False) + "run 0\nundump observe\nthermo_modify line one\n"
    for i in changed:
        q = atoms.get_initial_charges()[i]
        for shifted in (q + step, q - step, q):
            script += f"set atom {i + 1} charge {shifted:.17g}\nrun 0 post no\n{ENERGY}"
    result = lammps(script, atoms, long_potential("gaussian"))
    energies = np.array(result.printed("energy")).reshape(len(changed), 3)
    slopes = (energies[:, 0] - energies[:, 1]) / (2 * step)
    np.testing.assert_allclose(slopes, result.frame()["f_peratom[3]"][changed], rtol=0, atol=1e-9)


# ---- pppm ----------------------------------------------------------------------------------------


@EACH_SYSTEM
@pytest.mark.parametrize("accuracy", [1e-4, 1e-6])
def test_pppm_agrees_to_the_accuracy_asked_for(lammps, system, accuracy):
    """Forces within the accuracy that kspace_style is given, in units of that of two charges e at 1 Å."""
    atoms = SYSTEMS[system]
    script = long_model(f"kspace_style pppm {accuracy}\n", fix="all qeq/vc 1 1e-10 300") + everything() + "run 0\n"
    result = lammps(script, atoms, long_potential("gaussian"))
    frame, exact = result.frame(), reference(atoms, "gaussian")
    q = exact.equilibrium(0.0)
    error = accuracy * K_E["metal"]
    assert np.sqrt(((frame["q"] - q) ** 2).mean()) < error / 5.0  # hardness, eV/e^2, of a distance of 1 Å
    slopes = frame["f_peratom[3]"]
    np.testing.assert_allclose(slopes, slopes.mean(), rtol=0, atol=1e-7)  # the minimum of the energy of the grid
    np.testing.assert_allclose(slopes, exact.slopes(frame["q"]), rtol=0, atol=20 * error)
    assert result.last("PotEng") / len(atoms) == pytest.approx(exact.energy(q) / len(atoms), abs=error)


# ---- other ways to run ---------------------------------------------------------------------------

OTHERS = [variant for variant in few_variants() if variant != PLAIN]
CASES = {
    "ewald": (EXACT, "all qeq/vc 1 1e-13 300"),
    "ewald, slater": (EXACT, "all qeq/vc 1 1e-13 300"),
    "pppm, slater": ("kspace_style pppm 1e-5\n", "all qeq/vc 1 1e-13 300"),
    "ewald, direct": (EXACT, "all qeq/vc 1 1e-13 300 solver direct"),
    "ewald, given charges": (EXACT, ""),
    "ewald, group": (EXACT, "part qeq/vc 1 1e-13 300 qtotal 0.3"),
    "pppm": ("kspace_style pppm 1e-5\n", "all qeq/vc 1 1e-13 300"),
    "pppm, given charges": ("kspace_style pppm 1e-5\n", ""),
    "pppm of the host": ("suffix off\nkspace_style pppm 1e-5\nsuffix on\n", "all qeq/vc 1 1e-13 300"),
}


def script_for(case: str, run: str, kokkos: bool) -> str:
    kspace, fix = CASES[case]
    if not kokkos:
        kspace = kspace.replace("suffix off\n", "").replace("suffix on\n", "")
    script = long_model(kspace, fix=fix).replace("fix qeq part", "group part id 1:20 33:50\nfix qeq part")
    return script + everything(fix=bool(fix)) + run


@pytest.mark.parametrize("variant", OTHERS, ids=str)
@pytest.mark.parametrize("case", CASES)
def test_agrees_with_plain_serial(lammps, case, variant):
    """Ten steps with new neighbour lists on the way."""
    run = "velocity all create 3000 4711 loop all\nfix nve all nve\ntimestep 0.001\n"
    run += "neigh_modify every 2 delay 0\nrun 10\n"
    text = long_potential("slater" if "slater" in case else "gaussian", meam=True, walls=WALLS)
    system = SYSTEMS["triclinic"]
    expected = lammps(script_for(case, run, kokkos=False), system, text)
    result = lammps(script_for(case, run, variant.kokkos), system, text, variant=variant)
    compare(result, expected, 1e-9)


def test_direct_solver_is_the_same(lammps):
    results = [
        lammps(
            long_model(kspace, fix=f"all qeq/vc 1 1e-13 300 solver {solver} qtotal 0.4") + everything() + "run 0\n",
            SYSTEMS["triclinic"],
            long_potential("gaussian", walls=WALLS),
        )
        for kspace in (EXACT, "kspace_style pppm 1e-4\n")
        for solver in ("direct", "pcg")
    ]
    for direct, iterated in (results[:2], results[2:]):
        np.testing.assert_allclose(direct.frame()["q"], iterated.frame()["q"], rtol=0, atol=1e-10)


@pytest.mark.parametrize("kspace", ["kspace_style ewald 1e-6\n", "kspace_style pppm 1e-6\n"])
def test_energy_is_conserved(lammps, kspace):
    """0.2 ps at 1000 K: what the kspace style has kept of charges, its self energy, is that of the present ones."""
    script = long_model(kspace, fix="all qeq/vc 1 1e-8 100") + observe(stress=False, peratom=False)
    script += "undump observe\nthermo_style custom step etotal pe ke\n"
    script += "thermo_modify line yaml format float %.17g\nthermo 10\n"
    script += "velocity all create 1000 4711 loop all\nfix nve all nve\ntimestep 0.0005\nrun 400\n"
    result = lammps(script, rocksalt(2, a=4.1), long_potential("gaussian", meam=True))
    total, kinetic = result.series("TotEng"), result.series("KinEng")
    assert np.ptp(kinetic) > 100 * np.ptp(total)
    assert np.ptp(total) < 1e-3 * len(SYSTEM)


def test_box_changes(lammps):
    """fix box/relax: the potential follows a box that changes between the steps at which kspace is initialised."""
    run = "fix relax all box/relax aniso 0.0 vmax 0.01\nminimize 0 1e-3 5 50\n"
    script = long_model(FIXED_WAVES) + everything(stress=False) + run
    frames = lammps(script, SYSTEMS["triclinic"], long_potential("gaussian", meam=True)).frames()
    last = SYSTEMS["triclinic"].copy()
    last.set_cell(frames[-1].cell)
    last.positions = frames[-1].positions - frames[-1].origin
    assert abs(last.cell.volume / abs(np.linalg.det(frames[0].cell)) - 1) > 1e-3
    exact = reference(last, "gaussian")
    np.testing.assert_allclose(frames[-1]["q"], exact.equilibrium(0.0), rtol=0, atol=1e-7)
