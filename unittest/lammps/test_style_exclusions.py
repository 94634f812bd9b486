"""Pairs that LAMMPS leaves out: neigh_modify exclude by types, groups and molecules; special_bonds."""

import functools
import re

import numpy as np
import pytest
from harness import (
    K_E,
    check_against_dense,
    data_file,
    few_variants,
    model,
    needs_package,
    observe,
    potential,
    rocksalt,
    triclinic,
)

import rfmeam

EACH = pytest.mark.parametrize("variant", few_variants(), ids=str)
FIX = "all qeq/vc 1 1e-12 200"
OBSERVE = observe(stress=False)
SYSTEM = triclinic(rocksalt(2, rattle=0.15, seed=5))
TYPE = np.repeat([1, 2], 32)
ID = np.arange(1, 65)
MOLECULE = (ID - 1) // 8 + 1

# atoms 1 to 8 are molecule 1 and so on; the ghosts must know theirs
MOLECULES = "fix mol all property/atom mol ghost yes\n" + "".join(
    f"set atom {8 * m - 7}*{8 * m} mol {m}\n" for m in range(1, 9)
)
GROUPS = "group a id 1:20 40:50\ngroup b id 15:64\n"
A, B = np.isin(ID, [*range(1, 21), *range(40, 51)]), ID >= 15


def both(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Pairs (n, n) of an atom of one set with an atom of the other, in either order."""
    return np.outer(first, second) | np.outer(second, first)


SAME_MOLECULE = MOLECULE[:, None] == MOLECULE
# command, and the pairs (n, n) that it leaves out, an atom and its own images included
EXCLUDED = {
    "type 1 2": ("type 1 2", both(TYPE == 1, TYPE == 2)),
    "type 1 1": ("type 1 1", both(TYPE == 1, TYPE == 1)),
    "group a a": ("group a a", both(A, A)),
    "group a b": ("group a b", both(A, B)),
    "molecule/intra": ("molecule/intra all", SAME_MOLECULE),
    "molecule/inter": ("molecule/inter all", ~SAME_MOLECULE),
    "molecule/intra of a group": ("molecule/intra a", SAME_MOLECULE & np.outer(A, A)),
}


@functools.cache
def kernels() -> np.ndarray:
    """Coulomb kernel of each pair of atoms (n, n), summed over the second's images, eV/e^2."""
    parsed = rfmeam.Potential.parse(potential())
    grid = np.stack(np.meshgrid(*[[-1, 0, 1]] * 3), -1).reshape(-1, 1, 1, 3)
    r = np.linalg.norm(SYSTEM.positions - SYSTEM.positions[:, None] + grid @ SYSTEM.cell.array, axis=-1)
    gamma = np.zeros((64, 64))
    for i in range(64):
        for j in range(64):
            near = r[:, i, j][(r[:, i, j] > 0) & (r[:, i, j] < parsed.coulomb_cutoff)]
            value = [parsed.coulomb_kernel(SYSTEM.symbols[i], SYSTEM.symbols[j], d, K_E["metal"])[0] for d in near]
            gamma[i, j] = np.sum(value)
    return gamma


def equilibrium(excluded: np.ndarray) -> tuple[float, np.ndarray]:
    """Energy (eV) and charges (e, with the total 0) of the charges alone, from the dense matrix of the pairs left."""
    parsed = rfmeam.Potential.parse(potential())
    chi, hardness, constant = np.array(
        [(c.chi, c.J, c.E0) for c in (parsed.charge(s) for s in SYSTEM.get_chemical_symbols())]
    ).T
    matrix = np.where(excluded, 0.0, kernels()) + np.diag(hardness)
    ones = np.ones((64, 1))
    bordered = np.block([[matrix, ones], [ones.T, np.zeros((1, 1))]])
    charges = np.linalg.solve(bordered, np.append(-chi, 0.0))[:64]
    return constant.sum() + chi @ charges + charges @ matrix @ charges / 2, charges


@pytest.mark.parametrize("case", EXCLUDED)
@EACH
def test_charges_without_excluded_pairs(lammps, variant, case):
    """A file with charges only: energy and charges are those of the matrix without the pairs."""
    command, excluded = EXCLUDED[case]
    script = model(fix="") + MOLECULES + GROUPS + f"neigh_modify exclude {command}\nfix qeq {FIX}\n" + OBSERVE
    if variant.gpus and "molecule" in case:
        log = lammps(script + "run 0\n", SYSTEM, potential(meam=False), variant=variant, fails=True).log
        assert "KOKKOS' neighbor lists do not see the molecule IDs that fix property/atom gives" in log
        return
    result = lammps(script + "run 0\n", SYSTEM, potential(meam=False), variant=variant)
    energy, charges = equilibrium(excluded)
    np.testing.assert_allclose(result.frame()["q"], charges, rtol=0, atol=1e-9)
    assert result.last("PotEng") == pytest.approx(energy, abs=1e-8)
    complete, _ = equilibrium(np.zeros((64, 64), dtype=bool))
    assert abs(energy - complete) > 0.1


@needs_package("EXTRA-FIX")
@pytest.mark.parametrize("case", ["group a b", "molecule/intra"])
@EACH
def test_forces_without_excluded_pairs(lammps, variant, case):
    """RF-MEAM, too, whose atoms then have neighbourhoods that differ from each other: forces are the derivatives of
    the energy, and the charges have one chemical potential, also after atoms have moved and lists were built anew."""
    command, _ = EXCLUDED[case]
    script = model(fix="", start="atom_modify map array") + MOLECULES + GROUPS
    script += f"neigh_modify exclude {command}\nneigh_modify every 1 delay 0 check no\nfix qeq {FIX}\n"
    script += "velocity all create 600 4711 loop all\nfix nve all nve\ntimestep 0.0005\nfix num all numdiff 4 1e-4\n"
    script += OBSERVE.replace(" fx fy fz", " fx fy fz f_num[*]").replace("custom 1 ", "custom 4 ") + "run 4\n"
    result = lammps(script, SYSTEM, potential(), variant=variant)
    for frame in result.frames():
        numerical = frame.vectors("f_num[1]", "f_num[2]", "f_num[3]")
        np.testing.assert_allclose(numerical, frame.forces, rtol=0, atol=1e-5)
        assert np.ptp(frame["f_peratom[3]"]) < 1e-9
    assert len(result.frames()) == 2


# ---- weights of bonded pairs ---------------------------------------------------------------------


@EACH
def test_special_bonds_without_bonds(lammps, variant):
    """In an atom style without bonds the weights concern no pair."""
    script = model(fix=FIX) + "special_bonds lj/coul 0.0 0.25 0.5\n" + OBSERVE + "run 0\n"
    check_against_dense(lammps(script, SYSTEM, potential(), variant=variant), 0.0)


# bonds without energy between atoms 1 and 33 and between 33 and 2
BONDS = "bond_style zero\nbond_coeff *\ncreate_bonds single/bond 1 1 33\ncreate_bonds single/bond 1 33 2 special yes\n"


def bonded(weights: str) -> tuple[str, dict[str, str]]:
    """Beginning of a script for an atom style with bonds, and its data file."""
    script = model(fix=FIX).replace("atom_style charge", "atom_style hybrid charge bond")
    room = "read_data bonded.data extra/bond/per/atom 2 extra/special/per/atom 4"
    script = script.replace("read_data system.data", room).replace("fix qeq", f"special_bonds {weights}\nfix qeq")
    header, atoms = data_file(SYSTEM, ["Li", "F"]).split("Atoms # charge\n\n")
    header = header.replace("2 atom types\n", "2 atom types\n1 bond types\n")
    rows = [
        line.split() for line in atoms.splitlines()
    ]  # ID, type, q, x, y, z; in hybrid q comes last, then the molecule
    atoms = "".join(f"{i} {t} {x} {y} {z} {q} 0\n" for i, t, q, x, y, z in rows)
    return script + BONDS, {"bonded.data": header + "Atoms # hybrid\n\n" + atoms}


@needs_package("MOLECULE")
@pytest.mark.parametrize("weights", ["lj/coul 0 0 0.5", "lj 0 1 1 coul 1 1 1", "lj 1 1 1 coul 1 1 0.5"])
@EACH
def test_weights_of_bonded_atoms(lammps, variant, weights):
    """They have no meaning between many bodies: refused, with the setting that is allowed."""
    script, files = bonded(weights)
    log = lammps(script + "run 0\n", potential=potential(), files=files, variant=variant, fails=True).log
    assert re.search(r"ERROR: Pair style rfmeam/qeq with special_bonds of bonded atoms.* lj/coul 1 1 1", log), log


@needs_package("MOLECULE")
@EACH
def test_bonds_without_weights(lammps, variant):
    """Pairs of bonded atoms are pairs like others."""
    script, files = bonded("lj/coul 1 1 1")
    result = lammps(script + OBSERVE + "run 0\n", potential=potential(), files=files, variant=variant)
    assert float(re.search(r"Ave special neighs/atom = (\S+)", result.log)[1]) > 0
    check_against_dense(result, 0.0)
