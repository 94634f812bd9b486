"""The styles beside others that ask LAMMPS for neighbor lists: computes, commands, second pair styles, reruns."""

import numpy as np
import pytest
from harness import (
    PLAIN,
    WRITE_END,
    check_against_dense,
    check_frame,
    few_variants,
    has_package,
    has_style,
    model,
    observe,
    potential,
    rocksalt,
    serial_variants,
    thermo_output,
    triclinic,
    two_variants,
)

SYSTEM = triclinic(rocksalt(2, rattle=0.2, seed=5))
FIX = "all qeq/vc 1 1e-13 200"
OBSERVE = observe(stress=False, peratom=False)
EACH = pytest.mark.parametrize("variant", few_variants(), ids=str)
SERIAL = pytest.mark.parametrize("variant", serial_variants(), ids=str)


def distances() -> np.ndarray:
    """Distances between the atoms of SYSTEM in all images near by (27, n, n), Å; infinite for an atom and itself."""
    cell = SYSTEM.cell.array
    images = np.stack(np.meshgrid(*[[-1, 0, 1]] * 3), -1).reshape(-1, 1, 1, 3) @ cell
    r = np.linalg.norm(SYSTEM.positions[:, None] - SYSTEM.positions + images, axis=-1)
    r[r == 0] = np.inf
    return r


# ---- computes and commands that want a full list -------------------------------------------------

COMPUTES = {
    "centro": "centro/atom 12",
    "cna": "cna/atom 3.6",
    "cluster": "cluster/atom 2.0",
    "coordination": "coord/atom cutoff 3.2",
    "orientorder": "orientorder/atom nnn 6",
}
if has_package("EXTRA-COMPUTE"):
    COMPUTES |= {
        "ackland": "ackland/atom",
        "cnp": "cnp/atom 2.6",
        "entropy": "entropy/atom 0.25 5.0",
        "hexorder": "hexorder/atom",
        "average": "ave/sphere/atom cutoff 5.0",
        "field": "efield/wolf/atom 0.2",
    }
WITH_COLUMNS = ("orientorder", "hexorder", "average", "field")


def with_computes(*names: str) -> str:
    """Per-atom values of the computes, in the dump."""
    lines = [f"compute {name} all {COMPUTES[name]}" for name in names]
    columns = " ".join(f"c_{name}[*]" if name in WITH_COLUMNS else f"c_{name}" for name in names)
    return "\n".join(lines) + "\n" + OBSERVE.replace(" fx fy fz", f" fx fy fz {columns}")


def same_dump(result, expected) -> None:
    frame, other = result.frame(), expected.frame()
    assert frame.columns.keys() == other.columns.keys()
    for name in frame.columns:
        np.testing.assert_allclose(frame[name], other[name], rtol=0, atol=1e-9, err_msg=name)


@pytest.mark.parametrize("name", COMPUTES)
@pytest.mark.parametrize("variant", [v for v in serial_variants() if v.kokkos], ids=str)
def test_host_compute(lammps, variant, name):
    """A compute on the host alone with the Kokkos styles: its values are those beside the plain styles."""
    script = model(fix=FIX) + with_computes(name) + "run 0\n"
    expected = lammps(script, SYSTEM, potential())
    same_dump(lammps(script, SYSTEM, potential(), variant=variant), expected)
    frame, r = expected.frame(), distances()
    if name == "coordination":
        np.testing.assert_array_equal(frame["c_coordination"], (r < 3.2).sum(axis=(0, 2)))
    if name == "cluster":
        links = np.eye(64, dtype=bool) | (r.min(axis=0) < 2.0)
        reached = np.linalg.matrix_power(links.astype(float), 64) > 0
        np.testing.assert_array_equal(frame["c_cluster"], 1 + reached.argmax(axis=1))
        assert 1 < len(set(frame["c_cluster"])) < 64


@EACH
def test_all_host_computes_at_once(lammps, variant):
    """Lists of several cutoffs, perpetual and occasional, beside those of the styles, in several runs."""
    script = model(fix=FIX) + with_computes(*COMPUTES) + "compute rdf all rdf 20\ncompute short all rdf 20 cutoff 4.0\n"
    script += "compute near all property/local patom1 patom2 cutoff type\n"
    script += "compute count all reduce sum c_near[1] inputs local\n"
    script += thermo_output("step pe c_rdf[20][3] c_short[20][3] c_count f_qeq") + "run 0\nfix nve all nve\nrun 2\n"
    result, expected = (lammps(script, SYSTEM, potential(), variant=v) for v in (variant, PLAIN))
    same_dump(result, expected)
    neighbours = (distances() < 4.0).sum() / 64
    assert result.series("c_short[20][3]")[0] == pytest.approx(neighbours, rel=1e-12)
    for column in ("PotEng", "c_rdf[20][3]", "c_short[20][3]"):
        np.testing.assert_allclose(result.series(column), expected.series(column), rtol=1e-10)


@EACH
def test_delete_atoms_that_overlap(lammps, variant):
    """The command builds a full list: before, between and after runs."""
    delete = "delete_atoms overlap 1.95 lithium fluorine compress no\n"
    groups = "group lithium type 1\ngroup fluorine type 2\n"
    expected = np.where((distances() < 1.95)[:, :32, 32:].any(axis=(0, 2)))[0] + 1
    assert 5 < len(expected) < 27
    before = model(fix=FIX + " qtotal 0.0") + groups + delete + OBSERVE + "run 0\n"
    between = model(fix=FIX + " qtotal 0.0") + groups + OBSERVE + "run 0\n" + delete + "run 1\n"
    for script in (before, between):
        result = lammps(script, SYSTEM, potential(), variant=variant)
        gone = np.setdiff1d(np.arange(1, 65), result.frame()["id"])
        np.testing.assert_array_equal(gone, expected)
        check_against_dense(result, 0.0)


# ---- a second pair style over all pairs ----------------------------------------------------------

# with a cutoff below, equal to and above that of the charges, 6.5 Å
SECOND = {
    "zbl": ("zbl 0.5 1.5", "1 1 zbl 3 3; 1 2 zbl 3 9; 2 2 zbl 9 9"),
    "lj 5": ("lj/cut 5.0", "* * lj/cut 0.02 1.5"),
    "lj 6.5": ("lj/cut 6.5", "* * lj/cut 0.02 1.5"),
    "lj 8": ("lj/cut 8.0", "* * lj/cut 0.02 1.5"),
    "zero": ("zero 6.5", "* * zero"),
}
SHORT = model(fix="").split("pair_style")[0]


def forces(script: str) -> str:
    dump = "dump f all custom 1 f.dump id x y z q fx fy fz\ndump_modify f sort id format float %.17g\n"
    return script + thermo_output("step pe") + dump + "run 0\n"


@pytest.mark.parametrize("second", SECOND)
@pytest.mark.parametrize("variant", two_variants(), ids=str)
def test_overlay(lammps, variant, second):
    """Energy and forces are the sum of the two styles alone; the charges do not notice."""
    style, coeff = SECOND[second]
    both = model(fix=FIX, style=f"hybrid/overlay rfmeam/qeq {style}", coeff=f"* * rfmeam/qeq LiF.rfmeam Li F; {coeff}")
    result = lammps(forces(both), SYSTEM, potential(), variant=variant)
    alone = lammps(forces(model(fix=FIX)), SYSTEM, potential())
    lines = [f"pair_coeff {line.replace(' ' + style.split()[0], '')}\n" for line in coeff.split("; ")]
    other = lammps(forces(SHORT + f"pair_style {style}\n" + "".join(lines)), SYSTEM)
    frame, first, rest = (r.frame("f.dump") for r in (result, alone, other))
    np.testing.assert_allclose(frame["q"], first["q"], rtol=0, atol=1e-11)
    np.testing.assert_allclose(frame.forces, first.forces + rest.forces, rtol=0, atol=1e-10)
    assert result.last("PotEng") == pytest.approx(alone.last("PotEng") + other.last("PotEng"), rel=1e-11)


@EACH
def test_three_styles_scaled(lammps, variant):
    """hybrid/scaled with three styles, one of which is for charges and has a cutoff of its own."""
    if variant.kokkos and not has_style("hybrid/scaled/kk"):
        pytest.skip("LAMMPS without hybrid/scaled/kk, which KOKKOS asks for")
    style = "hybrid/scaled 1.0 rfmeam/qeq 0.5 zbl 0.5 1.5 0.25 coul/cut 6.5"
    coeff = f"* * rfmeam/qeq LiF.rfmeam Li F; {SECOND['zbl'][1]}; * * coul/cut"
    result = lammps(forces(model(fix=FIX, style=style, coeff=coeff)), SYSTEM, potential(), variant=variant)
    alone = lammps(forces(model(fix=FIX)), SYSTEM, potential())
    charged = alone.frame("f.dump")
    expected, energy = charged.forces.copy(), alone.last("PotEng")
    atoms = SYSTEM.copy()
    atoms.set_initial_charges(charged["q"])
    for factor, one in (
        (0.5, "pair_style zbl 0.5 1.5\npair_coeff 1 1 3 3\npair_coeff 1 2 3 9\npair_coeff 2 2 9 9\n"),
        (0.25, "pair_style coul/cut 6.5\npair_coeff * *\n"),
    ):
        other = lammps(forces(SHORT + one), atoms)
        expected += factor * other.frame("f.dump").forces
        energy += factor * other.last("PotEng")
    frame = result.frame("f.dump")
    np.testing.assert_allclose(frame["q"], charged["q"], rtol=0, atol=1e-11)
    np.testing.assert_allclose(frame.forces, expected, rtol=0, atol=1e-10)
    assert result.last("PotEng") == pytest.approx(energy, rel=1e-11)


# ---- after a rerun -------------------------------------------------------------------------------

TRAJECTORY = "velocity all create 600 1 loop all\nfix nve all nve\ntimestep 0.0005\n"
AFTER_RERUN = {
    "run": "run 0\n",
    "minimize": "min_style cg\nminimize 0 0 2 10\n",
    "write_data": "write_data out.data\nrun 0\n",
    "write_restart": "write_restart out.restart\nrun 0\n",
    "rerun": "rerun path.dump first 2 every 2 dump x y z\nrun 0\n",
    "delete_atoms": "delete_atoms overlap 0.5 all all\nrun 0\n",
}


@pytest.mark.parametrize("command", AFTER_RERUN)
@pytest.mark.parametrize("variant", two_variants(), ids=str)
def test_after_a_rerun(lammps, variant, command):
    """The run before, the snapshots of the rerun, and what comes after have the energies of their positions."""
    script = model(fix="all qeq/vc 1 1e-12 200") + OBSERVE + TRAJECTORY
    script += "dump path all custom 2 path.dump id x y z\ndump_modify path format float %.17g\nrun 6\nundump path\n"
    script += "rerun path.dump last 4 dump x y z\n" + AFTER_RERUN[command]
    script += WRITE_END
    if variant.gpus:  # KOKKOS repeats the first snapshot there, whatever the pair style
        log = lammps(script, SYSTEM, potential(), variant=variant, fails=True).log
        assert "on a GPU in a rerun after another run" in log
        return
    result = lammps(script, SYSTEM, potential(), variant=variant)
    run, first, *more = result.thermo()
    energies = {row["Step"]: row["PotEng"] for row in run}
    assert [row["Step"] for row in first] == [0, 2, 4]
    if command == "rerun":
        assert [row["Step"] for row in more[0]] == [2, 4, 6]
    last = 6 if command == "rerun" else 4
    for table in (first, *more[:-1]):
        for row in table:
            assert row["PotEng"] == pytest.approx(energies[row["Step"]], abs=1e-7)
    assert more[-1][0]["PotEng"] == pytest.approx(energies[last], abs=1e-7)
    check_against_dense(result, 0.0, name="end.dump", tolerance=1e-8)
    if command.startswith("write"):
        assert (result.folder / f"out.{command.removeprefix('write_')}").stat().st_size > 1000


@SERIAL
def test_rerun_of_a_changing_box(lammps, variant):
    """Snapshots with boxes of their own, read with their own lists."""
    script = model(fix="all qeq/vc 1 1e-12 200") + thermo_output("step pe")
    script += "timestep 0.0005\nfix deform all deform 1 x scale 1.1 xy delta 0.5 remap x\nfix nve all nve/limit 0.1\n"
    script += "dump path all custom 1 path.dump id x y z\ndump_modify path format float %.17g\nrun 6\n"
    script += "undump path\nunfix deform\n" + OBSERVE + "rerun path.dump every 3 dump x y z\n"
    result = lammps(script, SYSTEM, potential(), variant=variant)
    frames, rows = result.frames(), result.thermo()[1]
    assert [frame.step for frame in frames] == [row["Step"] for row in rows] == [0, 3, 6]
    assert frames[2].cell[0, 0] > frames[0].cell[0, 0] + 0.5
    for frame, row in zip(frames, rows, strict=True):
        check_frame(frame, row["PotEng"], 0.0)
