"""Several replicas in one run, each with charges of its own: paths, exchanges, accelerated dynamics, ring polymers."""

import numpy as np
import pytest
from harness import (
    check_against_dense,
    few_variants,
    model,
    needs_package,
    observe,
    potential,
    rocksalt,
    triclinic,
    variants,
)

SYSTEM = triclinic(rocksalt(2, rattle=0.15, seed=5))
FIX = "all qeq/vc 1 1e-12 200"
OBSERVE = observe(stress=False, peratom=False)
REPLICAS = [v for v in few_variants() if not v.gpus] if any(v.ranks > 1 for v in variants()) else []
# no min_style of the KOKKOS package fits neb
REPLICAS_OF_NEB = [v for v in REPLICAS if not v.kokkos]
EACH = pytest.mark.parametrize("variant", REPLICAS, ids=str)
REPLICA = needs_package("REPLICA")

START = "variable r world a b\n"
DUMP = "write_dump all custom end.${r}.dump id type x y z q fx fy fz modify sort id format float %.17g\n"
PRINT = 'print "pe_${r}: $(pe:%.17g) $(f_qeq[3]:%.17g)"\n'
END = "run 0\n" + DUMP + PRINT


def check_replicas(result, **options) -> list[float]:
    """Charges, forces and energy of each replica are those of its atoms."""
    energies = []
    for replica in "ab":
        energy, total = result.printed(f"pe_{replica}")[-1]
        assert total == pytest.approx(0, abs=1e-10)
        check_against_dense(result, 0.0, name=f"end.{replica}.dump", energy=energy, tolerance=1e-8, **options)
        energies.append(energy)
    return energies


# ---- paths and exchanges -------------------------------------------------------------------------


@REPLICA
@pytest.mark.parametrize("variant", REPLICAS_OF_NEB, ids=str)
def test_nudged_elastic_band(lammps, variant):
    """Each replica has charges of its own."""
    x, y, z = SYSTEM.positions[4] + [0.3, -0.2, 0.4]
    start = START + "atom_modify map array sort 0 0.0"
    script = model(fix=FIX, start=start) + "fix band all neb 1.0\nthermo 5\ntimestep 0.0005\n"
    script += "min_style quickmin\nneb 0.0 0.01 5 5 5 final final.txt\nunfix band\n" + END
    files = {"final.txt": f"1\n5 {x:.17g} {y:.17g} {z:.17g}\n"}
    result = lammps(script, SYSTEM, potential(), variant=variant, files=files, replicas=2)
    first, second = check_replicas(result)
    assert abs(first - second) > 0.01


@REPLICA
@pytest.mark.parametrize("ensemble", ["nvt", "npt"])
@EACH
def test_temper(lammps, variant, ensemble):
    """Two temperatures that swap, in boxes of their own with temper/npt."""
    fix = "nvt temp $t $t 0.05" if ensemble == "nvt" else "npt temp $t $t 0.05 iso 0 0 0.5"
    command = "temper 20 5 $t move 1234 5678" if ensemble == "nvt" else "temper/npt 20 5 $t move 1234 5678 0.0"
    script = model(fix=FIX, start=START + "variable t world 300.0 320.0\n")
    script += f"velocity all create $t 4711 loop all\nfix move all {fix}\ntimestep 0.0005\nthermo 5\n{command}\n" + END
    check_replicas(lammps(script, SYSTEM, potential(), variant=variant, replicas=2))


# ---- accelerated dynamics ------------------------------------------------------------------------

DYNAMICS = "velocity all create 600 4711 loop all\nfix nve all nve\nfix bath all langevin 600 600 0.05 48279\n"
DYNAMICS += "timestep 0.001\nthermo 10\ncompute event all event/displace 0.4\n"
MAP = "atom_modify map array"


@REPLICA
@EACH
def test_parallel_replica_dynamics(lammps, variant):
    """Replicas dephase, are quenched and go on, with minimizations between their runs."""
    script = model(fix=FIX, start=START + MAP) + DYNAMICS
    script += "min_style cg\nprd 60 20 5 10 20 event 54985 min 1e-3 1e-3 10 20 vel all gaussian\nunfix bath\n" + END
    result = lammps(script, SYSTEM, potential(), variant=variant, replicas=2)
    check_replicas(result)


@REPLICA
@pytest.mark.parametrize("style", ["global", "local"])
@pytest.mark.parametrize("variant", few_variants(), ids=str)
def test_hyperdynamics(lammps, variant, style):
    """A bias on bonds, and quenches that look for events."""
    bias = {"global": "3.0 0.1 0.2 300", "local": "3.0 0.1 0.2 300 5.0 500.0 100.0"}[style]
    script = model(fix=FIX, start=MAP) + DYNAMICS + f"fix bias all hyper/{style} {bias}\n"
    script += "min_style cg\nhyper 40 20 bias event min 1e-3 1e-3 10 20\nunfix bias\nunfix bath\n" + OBSERVE + "run 0\n"
    result = lammps(script, SYSTEM, potential(), variant=variant)
    np.testing.assert_allclose(result.series("f_qeq[3]"), 0, rtol=0, atol=1e-10)
    check_against_dense(result, 0.0, tolerance=1e-8)


# ---- replicas that act on each other at each step ------------------------------------------------


@REPLICA
@EACH
def test_ring_polymer(lammps, variant):
    """Beads of fix pimd/nvt have the forces of their own positions and charges."""
    start = START + "variable seed world 4711 4712\n" + MAP
    script = model(fix=FIX, start=start) + "fix move all pimd/nvt method pimd fmass 1.0 sp 1.0 temp 600.0 nhc 4\n"
    script += "velocity all create 600 ${seed} loop all\ntimestep 0.0005\nthermo 5\nrun 10\nunfix move\n" + END
    first, second = check_replicas(lammps(script, SYSTEM, potential(), variant=variant, replicas=2))
    assert first != second


@REPLICA
@EACH
def test_alchemy(lammps, variant):
    """Two replicas with the same positions and other elements; forces are mixed, charges are not."""
    script = model(fix=FIX, start=START + MAP) + 'variable w equal 0.3\nif "$r == b" then "set atom 7 type 2"\n'
    script += "velocity all create 300 4711 loop all\nfix nve all nve\nfix mix all alchemy v_w\ntimestep 0.0005\n"
    script += "thermo 5\nrun 10\nunfix mix\n" + END
    result = lammps(script, SYSTEM, potential(), variant=variant, replicas=2)
    check_replicas(result)
    first, second = (result.frame(f"end.{replica}.dump") for replica in "ab")
    np.testing.assert_array_equal(first.positions, second.positions)
    assert (first["type"] != second["type"]).sum() == 1


# ---- Monte Carlo between two boxes ---------------------------------------------------------------


@needs_package("MC")
@EACH
def test_gibbs_ensemble(lammps, variant):
    """fix gemc moves atoms of type 1 from box to box and changes the boxes; each box keeps its total charge. It has no
    overlap_cutoff: with Gaussian charges the matrix is definite however close an atom is put to another."""
    slab = rocksalt(2, rattle=0.15, seed=5)
    slab.cell[2] = [0, 0, 20.4]
    text = potential(coulomb="gaussian")
    script = model(fix=FIX, start=START) + "fix mc all gemc 1 5 5 5 20000.0 0.2 0.02 4711\n"
    script += "thermo 1\nrun 4\nunfix mc\n" + END + 'print "box_${r}: $(atoms) $(vol:%.17g)"\n'
    result = lammps(script, slab, text, variant=variant, replicas=2)
    check_replicas(result, text=text)
    (first,), (second,) = result.printed("box_a"), result.printed("box_b")
    assert first[0] + second[0] == 128
    assert first[0] != 64, "no exchange was accepted"
    assert first[1] + second[1] == pytest.approx(2 * slab.get_volume(), rel=1e-10)
    assert first[1] != pytest.approx(second[1], rel=1e-6), "no change of the boxes was accepted"
