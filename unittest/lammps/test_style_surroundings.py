"""The styles among other things of LAMMPS: small and half-empty boxes, other pair styles, units, atom styles."""

import numpy as np
import pytest
from ase import Atoms
from harness import (
    K_E,
    KCAL_PER_EV,
    few_variants,
    has_package,
    model,
    observe,
    potential,
    rattled,
    rocksalt,
    serial_variants,
    triclinic,
    variants,
)

import rfmeam

SYSTEM = triclinic(rocksalt(2, rattle=0.2, seed=5))
FIX = "all qeq/vc 1 1e-13 200"
OBSERVE = observe(peratom=False)
EACH = pytest.mark.parametrize("variant", few_variants(), ids=str)


def same_atoms(result, expected, tolerance: float = 1e-10):
    """Charges, forces, energies and stresses of all atoms agree."""
    frame, other = result.frame(), expected.frame()
    np.testing.assert_array_equal(frame["id"], other["id"])
    stresses = [f"c_stress[{i}]" for i in range(1, 7)]
    for names in (["q"], ["fx", "fy", "fz"], ["c_energy"], stresses):
        found, wanted = frame.vectors(*names), other.vectors(*names)
        bound = tolerance * max(np.abs(wanted).max(), 1e-3)
        np.testing.assert_allclose(found, wanted, rtol=0, atol=bound, err_msg=str(names))
    assert result.last("PotEng") == pytest.approx(expected.last("PotEng"), rel=tolerance)


# ---- boxes ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("cell", ["primitive", "8 atoms", "triclinic"])
@EACH
def test_box_smaller_than_the_cutoff(lammps, variant, cell):
    """Atoms see many images of themselves: the same energy an atom, charges and forces as in a supercell."""
    if cell == "primitive":
        atoms = Atoms(
            "LiF", [[0, 0, 0], [1.9, 0.1, -0.2]], cell=[[3.0, 0, 0], [1.4, 2.6, 0], [1.4, 0.9, 2.5]], pbc=True
        )
        atoms = rattled(atoms, 0.0, 2)
    else:
        atoms = rocksalt(1, rattle=0.2, seed=4)
        atoms = triclinic(atoms) if cell == "triclinic" else atoms
    assert atoms.cell.lengths().max() < 0.7 * 6.5
    script = model(fix=FIX) + OBSERVE + "run 0\n"
    small = lammps(script, atoms, potential(), variant=variant)
    repeated = script.replace("read_data system.data", "read_data system.data\nreplicate 3 2 3")
    large = lammps(repeated, atoms, potential())
    n = len(atoms)
    assert large.last("PotEng") == pytest.approx(18 * small.last("PotEng"), rel=1e-11)
    for names in (["q"], ["c_energy"], ["fx", "fy", "fz"], [f"c_stress[{i}]" for i in range(1, 7)]):
        few, many = small.frame().vectors(*names), large.frame().vectors(*names)
        np.testing.assert_allclose(many, np.tile(few, (18, 1)), rtol=0, atol=1e-10 * max(1, np.abs(few).max()))
    assert small.frame()["q"].shape == (n,)


def test_one_atom_in_a_box(lammps):
    """A metal of one atom a cell; its charge is the total charge, its force zero."""
    atoms = Atoms("Li", cell=[[3.0, 0, 0], [0, 3.1, 0], [0, 0, 2.9]], pbc=True)
    atoms.set_initial_charges([0.0])
    result = lammps(model(fix=FIX) + observe() + "run 0\n", atoms, potential())
    parsed = rfmeam.Potential.parse(potential())
    system = rfmeam.System(atoms.cell.array, atoms.pbc, atoms.positions, ["Li"])
    expected = rfmeam.evaluate(parsed, system, np.zeros(1), K_E["metal"])
    assert result.last("PotEng") == pytest.approx(expected.total, rel=1e-12)
    assert result.last("f_qeq[1]") == pytest.approx(expected.electronegativity[0], rel=1e-12)
    assert np.abs(result.frame().forces).max() < 1e-12


@pytest.mark.parametrize("boundary", ["p p p", "p p f", "f f f", "s s s", "p s m"])
@EACH
def test_boundaries(lammps, variant, boundary):
    """Against the sum over images with the same periodic directions."""
    atoms = rocksalt(2, rattle=0.2, seed=5)
    atoms.positions = (atoms.positions + 1) % atoms.cell.lengths()
    script = model(fix=FIX, start=f"boundary {boundary}") + observe() + "run 0\n"
    result = lammps(script, atoms, potential(), variant=variant)
    frame = result.frame()
    periodic = [word == "p" for word in boundary.split()]
    system = rfmeam.System(atoms.cell.array, periodic, atoms.positions, atoms.get_chemical_symbols())
    parsed = rfmeam.Potential.parse(potential())
    charges = rfmeam.equilibrate(parsed, system, 0.0, K_E["metal"])
    expected = rfmeam.evaluate(parsed, system, charges, K_E["metal"])
    np.testing.assert_allclose(frame["q"], charges, rtol=0, atol=1e-11)
    np.testing.assert_allclose(frame.forces, expected.forces, rtol=0, atol=1e-10)
    assert result.last("PotEng") == pytest.approx(expected.total, rel=1e-11)


@pytest.mark.parametrize("setting", ["processors 4 1 1", "processors 1 1 4", "boundary s s s\nprocessors 4 1 1"])
@pytest.mark.parametrize("solver", ["pcg", "direct"])
@pytest.mark.parametrize("variant", [v for v in variants() if v.ranks == 4], ids=str)
def test_ranks_without_atoms(lammps, variant, solver, setting):
    """All atoms in one corner of the box, on one rank of four, and in a slab on two of them."""
    atoms = rocksalt(1, rattle=0.2, seed=4)
    atoms.positions += 1
    atoms.cell[:] = np.diag([30.0, 30.0, 30.0])
    slab = SYSTEM.copy()
    slab.cell[2] = [0, 0, 40]
    script = model(fix=f"{FIX} solver {solver}", start=setting) + OBSERVE + "fix nve all nve\nrun 2\n"
    serial = script.replace(setting, setting.split("processors")[0])
    for system in (atoms, slab)[: 1 if "boundary" in setting else 2]:
        same_atoms(
            lammps(script, system, potential(), variant=variant), lammps(serial, system, potential()), tolerance=1e-9
        )


@pytest.mark.parametrize("variant", [v for v in variants() if v.ranks > 1], ids=str)
def test_tiled_communication(lammps, variant):
    atoms = triclinic(rocksalt(3, rattle=0.2))
    script = model(fix=FIX, start="comm_style tiled") + OBSERVE + "balance 1.0 rcb\nrun 0\n"
    plain = model(fix=FIX) + OBSERVE + "run 0\n"
    same_atoms(lammps(script, atoms, potential(), variant=variant), lammps(plain, atoms, potential()))


@pytest.mark.parametrize("variant", serial_variants(), ids=str)
def test_neighbor_settings_do_not_matter(lammps, variant):
    atoms = rocksalt(3, rattle=0.2)
    expected = lammps(model(fix=FIX) + OBSERVE + "run 0\n", atoms, potential())
    settings = ["neighbor 0.0 bin", "neighbor 4.0 bin", "neigh_modify one 10000 page 200000", "comm_modify cutoff 12.0"]
    if not variant.kokkos:
        settings.append("neighbor 1.0 nsq")
    for setting in settings:
        script = model(fix=FIX) + f"{setting}\n" + OBSERVE + "run 0\n"
        same_atoms(lammps(script, atoms, potential(), variant=variant), expected)


# ---- which type is which element -----------------------------------------------------------------

OXYGEN_MEAM = """
atomic O 1.7 0.5 0.1 0.2 0.4  1.1 0.9 0.2 0.1  1.2 1.0 1.4 1.5  0.1 0.2 0.3
pair O * srinivasan-duff 2.0 2.5 4.0  1.0 0.5 0.1  1.0 1.0 1.0 1.0
"""
OXYGEN_CHARGE = """
charge O 7.0 12.0 0.3
rho O 2.5
"""


def with_oxygen(text: str) -> str:
    """The same potential with a third element, between the others. (Later lines win: its wildcard comes first.)"""
    return text.replace("elements Li F", "elements Li O F" + OXYGEN_MEAM).replace("end\n", OXYGEN_CHARGE + "end\n")


@EACH
def test_types_in_any_order(lammps, variant):
    """Types in another order than the elements of the file, two types of one element, an element nobody uses."""
    expected = lammps(model(fix=FIX) + OBSERVE + "run 0\n", SYSTEM, potential())
    script = model(fix=FIX, coeff="* * LiF.rfmeam F Li Li") + OBSERVE
    script = script.replace("fix qeq", "set atom 5*20 type 3\nfix qeq") + "run 0\n"
    result = lammps(script, SYSTEM, with_oxygen(potential()), variant=variant, types=["F", "Li", "X"])
    assert set(result.frame()["type"]) == {1, 2, 3}
    same_atoms(result, expected)


def test_three_elements(lammps):
    """Against the sum over images, with elements of the file in another order than the types."""
    atoms = SYSTEM.copy()
    symbols = np.array(atoms.get_chemical_symbols())
    symbols[::5] = "O"
    atoms.set_chemical_symbols(list(symbols))
    text = with_oxygen(potential())
    script = model(fix="", coeff="* * LiF.rfmeam O F Li") + observe(fix=False) + "run 0\n"
    result = lammps(script, atoms, text, types=["O", "F", "Li"])
    system = rfmeam.System(atoms.cell.array, atoms.pbc, atoms.positions, list(symbols))
    expected = rfmeam.evaluate(rfmeam.Potential.parse(text), system, atoms.get_initial_charges(), K_E["metal"])
    assert result.last("PotEng") == pytest.approx(expected.total, rel=1e-11)
    np.testing.assert_allclose(result.frame().forces, expected.forces, rtol=0, atol=1e-10)
    np.testing.assert_allclose(result.frame()["f_peratom[3]"], expected.electronegativity, rtol=1e-11)


# ---- other pair styles ---------------------------------------------------------------------------


def with_argon(atoms: Atoms) -> Atoms:
    """Six more atoms in the middle of things, of an element the potential does not have."""
    rng = np.random.default_rng(3)
    more = Atoms("Ar6", rng.uniform(0, 1, (6, 3)) @ atoms.cell.array, cell=atoms.cell, pbc=True)
    more.set_initial_charges(np.full(6, 0.4))
    return atoms + more


LJ = "; ".join(f"{i} 3 lj/cut 0.02 1.5" for i in (1, 2, 3))


@pytest.mark.parametrize("hybrid", ["hybrid", "hybrid/overlay"])
@EACH
def test_hybrid_with_lj_and_null(lammps, variant, hybrid):
    """Atoms mapped to NULL do not exist for the style: neither neighbours, nor charges that act, nor charges that
    change. Their interactions come from the other style."""
    atoms = with_argon(SYSTEM)
    fix = "LiF qeq/vc 1 1e-13 200"
    style = f"{hybrid} rfmeam/qeq lj/cut 5.0"
    both = model(fix=fix, style=style, coeff=f"* * rfmeam/qeq LiF.rfmeam Li F NULL; {LJ}")
    both = both.replace("fix qeq", "group LiF type 1 2\nfix qeq") + OBSERVE
    both += "compute lj all pair lj/cut\n"
    result = lammps(both + "run 0\n", atoms, potential(), variant=variant, types=["Li", "F", "Ar"])

    alone = lammps(model(fix=FIX) + OBSERVE + "run 0\n", SYSTEM, potential())
    lj = "units metal\natom_style charge\nread_data system.data\npair_style lj/cut 5.0\npair_coeff * * 0 1\n"
    lj += "".join(f"pair_coeff {line.replace('lj/cut ', '')}\n" for line in LJ.split("; "))
    lj += "dump f all custom 1 lj.dump id fx fy fz\ndump_modify f sort id format float %.17g\n"
    lj += "thermo_style custom step pe\nthermo_modify line yaml format float %.17g\nrun 0\n"
    other = lammps(lj, atoms, types=["Li", "F", "Ar"])

    np.testing.assert_allclose(result.frame()["q"][:64], alone.frame()["q"], rtol=0, atol=1e-11)
    assert np.all(result.frame()["q"][64:] == 0.4)
    assert result.last("PotEng") == pytest.approx(alone.last("PotEng") + other.last("PotEng"), rel=1e-11)
    for term in range(1, 5):
        name = f"c_terms[{term}]"
        assert result.last(name) == pytest.approx(alone.last(name), rel=1e-11)
    forces = other.frame("lj.dump").forces
    forces[:64] += alone.frame().forces
    np.testing.assert_allclose(result.frame().forces, forces, rtol=0, atol=1e-10)


@EACH
def test_per_atom_fields_of_null_atoms(lammps, variant):
    """They are 0, also after atoms have changed places."""
    weak = LJ.replace("0.02 1.5", "1e-6 1.0")
    style = "hybrid rfmeam/qeq lj/cut 5.0"
    script = model(fix="LiF qeq/vc 1 1e-6 100", style=style, coeff=f"* * rfmeam/qeq LiF.rfmeam Li F NULL; {weak}")
    script = script.replace("fix qeq", "atom_modify sort 2 2.0\ngroup LiF type 1 2\nfix qeq") + observe(stress=False)
    script += "velocity all create 3000 1 loop all\nfix nve all nve\ntimestep 0.0005\nneighbor 0.1 bin\n"
    script += "neigh_modify delay 0 every 1\nrun 20\n"
    frame = lammps(script, with_argon(SYSTEM), potential(), variant=variant, types=["Li", "F", "Ar"]).frame()
    for field in range(1, 4):
        assert np.all(frame[f"f_peratom[{field}]"][64:] == 0)
        assert np.all(frame[f"f_peratom[{field}]"][:64] != 0)


@EACH
def test_overlay_with_coulomb(lammps, variant):
    """Energies and forces of given charges add up."""
    style = "hybrid/overlay rfmeam/qeq coul/cut 5.5"
    script = model(fix="", style=style, coeff="* * rfmeam/qeq LiF.rfmeam Li F; * * coul/cut") + observe(fix=False)
    result = lammps(script + "run 0\n", SYSTEM, potential(), variant=variant)
    alone = lammps(model(fix="") + observe(fix=False) + "run 0\n", SYSTEM, potential())
    coulomb = model(fix="", style="coul/cut 5.5", coeff="* *") + observe(fix=False).replace("rfmeam/qeq", "coul/cut")
    lines = [line for line in coulomb.split("\n") if not line.startswith(("compute terms", "fix peratom"))]
    coulomb = "\n".join(lines).replace(" c_terms c_terms[*]", "").replace(" f_peratom[*]", "")
    other = lammps(coulomb + "run 0\n", SYSTEM)
    assert result.last("PotEng") == pytest.approx(alone.last("PotEng") + other.last("PotEng"), rel=1e-11)
    forces = alone.frame().forces + other.frame().forces
    np.testing.assert_allclose(result.frame().forces, forces, rtol=0, atol=1e-10)
    np.testing.assert_allclose(result.frame()["f_peratom[3]"], alone.frame()["f_peratom[3]"], rtol=1e-11)


@pytest.mark.skipif(not has_package("KSPACE"), reason="LAMMPS without KSPACE")
def test_overlay_with_long_range(lammps):
    """coul/long may have a cutoff of its own."""
    style = "hybrid/overlay rfmeam/qeq coul/long 7.5"
    script = model(fix="", style=style, coeff="* * rfmeam/qeq LiF.rfmeam Li F; * * coul/long")
    result = lammps(script + "kspace_style ewald 1e-6\n" + observe(fix=False) + "run 0\n", SYSTEM, potential())
    alone = lammps(model(fix="") + observe(fix=False) + "run 0\n", SYSTEM, potential())
    for term in range(1, 5):
        assert result.last(f"c_terms[{term}]") == pytest.approx(alone.last(f"c_terms[{term}]"), rel=1e-11)


def test_two_potentials_overlaid(lammps):
    """RF-MEAM from one file, the charges from another; the fix finds no single pair style then."""
    style = "hybrid/overlay rfmeam/qeq rfmeam/qeq"
    coeff = "* * rfmeam/qeq 1 meam.rfmeam Li F; * * rfmeam/qeq 2 charges.rfmeam Li F"
    files = {"meam.rfmeam": potential(coulomb=None), "charges.rfmeam": potential(meam=False)}
    script = model(fix="", style=style, coeff=coeff)
    result = lammps(script + observe(fix=False, peratom=False, pair="rfmeam/qeq 2") + "run 0\n", SYSTEM, files=files)
    alone = lammps(model(fix="") + observe(fix=False, peratom=False) + "run 0\n", SYSTEM, potential())
    same_atoms(result, alone)
    failed = lammps(script + f"fix qeq {FIX}\nrun 0\n", SYSTEM, files=files, fails=True)
    assert "Fix qeq/vc requires pair style rfmeam/qeq" in failed.log


# ---- units and atom styles -----------------------------------------------------------------------


@EACH
def test_real_units(lammps, variant):
    """Energies and forces in kcal/mol; the same charges. (dielectric: k_e of both units is rounded.)"""
    metal = lammps(model(fix=FIX) + observe() + "run 0\n", SYSTEM, potential())
    same_k_e = K_E["real"] / (K_E["metal"] * KCAL_PER_EV)
    script = model(fix=FIX, units="real") + f"dielectric {same_k_e:.17g}\n" + observe() + "run 0\n"
    real = lammps(script, SYSTEM, potential(), variant=variant)
    assert "Converting potential file in metal units to real units" in real.log
    assert real.last("PotEng") == pytest.approx(KCAL_PER_EV * metal.last("PotEng"), rel=1e-11)
    for term in range(1, 5):
        name = f"c_terms[{term}]"
        assert real.last(name) == pytest.approx(KCAL_PER_EV * metal.last(name), rel=1e-11)
    frame, other = real.frame(), metal.frame()
    np.testing.assert_allclose(frame["q"], other["q"], rtol=0, atol=1e-11)
    np.testing.assert_allclose(frame.forces, KCAL_PER_EV * other.forces, rtol=0, atol=1e-9)
    np.testing.assert_allclose(frame["f_peratom[1]"], other["f_peratom[1]"], rtol=1e-11)
    for column in ("c_energy", "f_peratom[2]", "f_peratom[3]"):
        np.testing.assert_allclose(frame[column], KCAL_PER_EV * other[column], rtol=0, atol=1e-9)
    assert real.last("f_qeq[1]") == pytest.approx(KCAL_PER_EV * metal.last("f_qeq[1]"), rel=1e-11)


def test_real_units_with_units_not_in_the_first_line(lammps):
    """The line with UNITS need not be the first one of the file."""
    text = "# a potential of the tests\n" + potential()
    metal = lammps(model(fix=FIX) + OBSERVE + "run 0\n", SYSTEM, text)
    real = lammps(model(fix=FIX, units="real") + OBSERVE + "run 0\n", SYSTEM, text)
    assert real.last("PotEng") == pytest.approx(KCAL_PER_EV * metal.last("PotEng"), rel=1e-6)


@pytest.mark.parametrize("style", ["atomic", "charge", "sphere"])
def test_atom_styles_without_charge(lammps, style):
    """RF-MEAM alone needs no charges."""
    expected = lammps(model(fix="") + observe(fix=False) + "run 0\n", SYSTEM, potential(coulomb=None))
    columns = "id type x y z"
    script = "units metal\natom_style charge\nread_data system.data\nwrite_dump all custom p.dump "
    script += columns + " modify sort id format float %.17g\n"
    positions = lammps(script, SYSTEM).frame("p.dump")
    a, b, c = SYSTEM.cell.array
    build = f"units metal\natom_style {style}\natom_modify map yes\n"
    build += f"region box prism 0 {a[0]:.17g} 0 {b[1]:.17g} 0 {c[2]:.17g} {b[0]:.17g} {c[0]:.17g} {c[1]:.17g}\n"
    build += "create_box 2 box\nmass * 1.0\n" if style != "sphere" else "create_box 2 box\n"
    for i in range(64):
        x, y, z = positions.positions[i]
        build += f"create_atoms {positions['type'][i]:.0f} single {x:.17g} {y:.17g} {z:.17g} units box\n"
    build += "pair_style rfmeam/qeq\npair_coeff * * LiF.rfmeam Li F\n"
    quiet = observe(fix=False).replace(" q fx", " fx")
    result = lammps(build + quiet + "run 0\n", potential=potential(coulomb=None))
    np.testing.assert_allclose(result.frame().forces, expected.frame().forces, rtol=0, atol=1e-10)
    assert result.last("PotEng") == pytest.approx(expected.last("PotEng"), rel=1e-11)


@pytest.mark.parametrize("setting", ["atom_modify map array", "atom_modify map hash", "atom_modify first part"])
def test_atom_settings(lammps, setting):
    expected = lammps(model(fix=FIX) + OBSERVE + "run 0\n", SYSTEM, potential())
    for solver in ("pcg", "direct"):
        script = model(fix=f"{FIX} solver {solver}")
        if "first" in setting:
            script = script.replace("fix qeq", f"group part id 5:30\n{setting}\nfix qeq")
        else:
            script = script.replace("atom_style charge", f"atom_style charge\n{setting}")
        same_atoms(lammps(script + OBSERVE + "run 0\n", SYSTEM, potential()), expected)


# ---- what other commands can and cannot do with the style ---------------------------------------------


def test_heat_flux(lammps):
    """Per-atom energy and stress are there for compute heat/flux."""
    script = model(fix=FIX) + OBSERVE + "velocity all create 300 1\ncompute ke all ke/atom\n"
    script += "compute flux all heat/flux ke energy stress\nfix nve all nve\n"
    script += "thermo_style custom step c_flux[*]\nthermo_modify line yaml format float %.17g\nrun 2\n"
    result = lammps(script, SYSTEM, potential())
    assert np.all(np.isfinite([result.last(f"c_flux[{i}]") for i in range(1, 7)]))


@pytest.mark.parametrize(
    ("command", "message"),
    [
        ("compute x all group/group all\nrun 0", "does not support compute group/group"),
        ("pair_write 1 2 10 r 1 3 table.txt Li_F", "does not support pair_write"),
        ("compute x all centroid/stress/atom NULL pair\ndump d all custom 1 d.dump c_x[1]\nrun 0", "centroid"),
        ("compute x all pair/local eng\ndump d all local 1 d.dump c_x\nrun 0", "does not support compute pair/local"),
    ],
)
def test_commands_that_need_a_pair_energy(lammps, command, message):
    """There is no energy of a single pair: LAMMPS says so."""
    log = lammps(model(fix="") + command + "\n", SYSTEM, potential(), fails=True).log
    assert message in log


@pytest.mark.parametrize("variant", serial_variants(), ids=str)
def test_excluded_pairs(lammps, variant):
    """neigh_modify exclude takes pairs out of the energy and out of the charge matrix: the halves do not feel each
    other, but have one chemical potential."""
    groups = "group a id 1:32\ngroup b id 33:64\nneigh_modify exclude group a b\n"
    result = lammps(model(fix=FIX) + groups + OBSERVE + "run 0\n", SYSTEM, potential(), variant=variant)
    charges, slopes = result.frame()["q"], []
    halves = [SYSTEM[:32], SYSTEM[32:]]
    alone = []
    for half, q in zip(halves, (charges[:32], charges[32:]), strict=True):
        half.set_initial_charges(q)
        alone.append(lammps(model(fix="") + observe(fix=False) + "run 0\n", half, potential()))
        slopes.append(alone[-1].frame()["f_peratom[3]"])
    assert result.last("PotEng") == pytest.approx(sum(half.last("PotEng") for half in alone), rel=1e-11)
    np.testing.assert_allclose(np.concatenate(slopes), result.last("f_qeq[1]"), rtol=1e-10)


def test_a_type_that_no_atom_has(lammps):
    atoms = SYSTEM[:32]
    assert set(atoms.symbols) == {"Li"}
    result = lammps(model(fix=FIX) + OBSERVE + "run 0\n", atoms, potential())
    assert result.frame()["q"].sum() == pytest.approx(atoms.get_initial_charges().sum(), abs=1e-12)
    assert result.last("f_qeq[2]") < 1e-10
