"""The same numbers from the plain and the Kokkos styles, on any number of ranks and threads."""

import numpy as np
import pytest
from harness import (
    ENVIRONMENT_CHARGES,
    FADE,
    PERATOM,
    PLAIN,
    PLAIN_FIX_ON_GPU,
    WALLS,
    disordered,
    environment_potential,
    kokkos_variants,
    model,
    observe,
    potential,
    rocksalt,
    triclinic,
    variants,
)

OTHERS = [variant for variant in variants() if variant != PLAIN]
CASES = {
    "triclinic": (triclinic(rocksalt(3, rattle=0.2)), potential(), "all qeq/vc 1 1e-13 200"),
    "direct": (triclinic(rocksalt(2)), potential(), "all qeq/vc 1 1e-13 200 solver direct"),
    "gaussian": (disordered(110), potential(coulomb="gaussian"), "all qeq/vc 1 1e-13 200"),
    "screened gaussian": (disordered(110), potential(coulomb="screened_gaussian"), "all qeq/vc 1 1e-13 200"),
    "slater": (triclinic(rocksalt(2)), potential(coulomb="slater"), "all qeq/vc 1 1e-13 200"),
    "slater, direct": (triclinic(rocksalt(2)), potential(coulomb="slater"), "all qeq/vc 1 1e-13 200 solver direct"),
    "slater, group": (triclinic(rocksalt(2)), potential(coulomb="slater"), "part qeq/vc 1 1e-13 200 qtotal 0.3"),
    "shielded": (triclinic(rocksalt(2)), potential(coulomb="shielded"), "all qeq/vc 1 1e-13 200"),
    "walls": (triclinic(rocksalt(2)), potential(walls=WALLS), "all qeq/vc 1 1e-13 200"),
    "environment": (triclinic(rocksalt(3, rattle=0.2)), environment_potential(), "all qeq/vc 1 1e-13 200"),
    "environment, direct": (
        disordered(60),
        environment_potential("screened_gaussian", WALLS),
        "all qeq/vc 1 1e-13 200 solver direct",
    ),
    "fade": (triclinic(rocksalt(2, rattle=0.2)), potential(walls=FADE), "all qeq/vc 1 1e-13 200"),
    "fade, environment, walls": (
        triclinic(rocksalt(3, rattle=0.2)),
        environment_potential("screened_gaussian", WALLS + FADE),
        "all qeq/vc 1 1e-13 200",
    ),
    "environment charges": (
        triclinic(rocksalt(3, rattle=0.2)),
        environment_potential("screened_gaussian", WALLS + FADE + ENVIRONMENT_CHARGES),
        "all qeq/vc 1 1e-13 200",
    ),
    "fade, direct": (disordered(60), potential(walls=FADE), "all qeq/vc 1 1e-13 200 solver direct"),
    "environment, given charges": (triclinic(rocksalt(2)), environment_potential(), ""),
    "charges": (rocksalt(2), potential(meam=False, coulomb="direct_cut"), "all qeq/vc 1 1e-13 200"),
    "meam": (disordered(110), potential(coulomb=None), ""),
    "given charges": (triclinic(rocksalt(2)), potential(), ""),
    "group": (triclinic(rocksalt(2)), potential(), "part qeq/vc 1 1e-13 200 qtotal 0.3"),
}
GROUP = "group part id 1:20 33:50\n"


def script_for(case: str, run: str) -> str:
    fix = CASES[case][2]
    script = model(fix=fix).replace("fix qeq part", f"{GROUP}fix qeq part")
    return script + observe(fix=bool(fix)) + run


@pytest.fixture(scope="module")
def reference():
    """Results of the plain styles on one rank, by case and run."""
    return {}


def compare(result, expected, tolerance: float):
    """All thermo columns and all columns of the dump, relative to the largest of their kind."""
    row, wanted = result.thermo()[-1][-1], expected.thermo()[-1][-1]
    assert row.keys() == wanted.keys()
    pressures = [f"c_press[{i}]" for i in range(1, 7)]
    scale = {name: max(abs(wanted[p]) for p in pressures) for name in pressures} | {"f_qeq[3]": 1.0}
    solver = ("f_qeq", "f_qeq[2]", "f_qeq[4]")  # how far the solver went, not a result
    for name in row.keys() - solver:
        largest = max(scale.get(name, abs(wanted[name])), 1e-3)
        assert abs(row[name] - wanted[name]) <= tolerance * largest, name
    if "f_qeq" in row:
        assert abs(row["f_qeq"] - wanted["f_qeq"]) <= 2

    frame, other = result.frame(), expected.frame()
    assert frame.columns.keys() == other.columns.keys()
    np.testing.assert_array_equal(frame["id"], other["id"])
    groups = [[f"c_stress[{i}]" for i in range(1, 7)], ["fx", "fy", "fz"], ["x", "y", "z"], ["q"], ["c_energy"]]
    groups += [[f"f_peratom[{i + 1}]"] for i in range(len(PERATOM))]
    for names in groups:
        found, wanted_columns = frame.vectors(*names), other.vectors(*names)
        bound = tolerance * max(np.abs(wanted_columns).max(), 1e-3)
        np.testing.assert_allclose(found, wanted_columns, rtol=0, atol=bound, err_msg=str(names))


@pytest.mark.parametrize("variant", OTHERS, ids=str)
@pytest.mark.parametrize("case", CASES)
def test_agrees_with_plain_serial(lammps, reference, case, variant):
    atoms, text, _ = CASES[case]
    script = script_for(case, "run 0\n")
    if case not in reference:
        reference[case] = lammps(script, atoms, text)
    compare(lammps(script, atoms, text, variant=variant), reference[case], 1e-10)


@pytest.mark.parametrize("variant", OTHERS, ids=str)
@pytest.mark.parametrize("case", ["triclinic", "meam", "environment"])
def test_trajectory_agrees_with_plain_serial(lammps, reference, case, variant):
    """Ten steps with several new neighbour lists; stress and electronegativity only at the end."""
    atoms, text, _ = CASES[case]
    script = script_for(case, "velocity all create 3000 12345 loop all\nfix nve all nve\n")
    script += "neighbor 0.05 bin\nneigh_modify delay 0 every 1 check yes\nthermo 10\ndump_modify observe every 10\n"
    script += "run 10\n"
    if ("run", case) not in reference:
        reference["run", case] = lammps(script, atoms, text)
        assert "Neighbor list builds = 0" not in reference["run", case].log
    compare(lammps(script, atoms, text, variant=variant), reference["run", case], 1e-9)


@pytest.mark.parametrize("variant", kokkos_variants(), ids=str)
def test_host_suffix(lammps, reference, variant):
    """rfmeam/qeq/kk/host and qeq/vc/kk/host by name."""
    atoms, text, _ = CASES["triclinic"]
    if "triclinic" not in reference:
        reference["triclinic"] = lammps(script_for("triclinic", "run 0\n"), atoms, text)
    script = script_for("triclinic", "run 0\n").replace("pair_style rfmeam", "suffix off\npair_style rfmeam")
    script = script.replace("rfmeam/qeq", "rfmeam/qeq/kk/host").replace("qeq/vc", "qeq/vc/kk/host")
    compare(lammps(script, atoms, text, variant=variant), reference["triclinic"], 1e-10)


@pytest.mark.parametrize("kokkos_style", ["pair", "fix"])
@pytest.mark.parametrize("variant", kokkos_variants(), ids=str)
def test_plain_and_kokkos_style_together(lammps, reference, variant, kokkos_style):
    """A plain fix with the Kokkos pair style, and the other way round, in a run."""
    atoms, text, _ = CASES["triclinic"]
    script = script_for("triclinic", "run 2\n").replace("run 2", "fix nve all nve\nrun 2")
    if "mixed" not in reference:
        reference["mixed"] = lammps(script, atoms, text)
    if kokkos_style == "pair":
        script = script.replace("fix qeq all", "suffix off\nfix qeq all").replace(
            "compute terms", "suffix on\ncompute terms"
        )
    else:
        script = script.replace("pair_style", "suffix off\npair_style").replace("fix qeq all", "suffix on\nfix qeq all")
    if variant.gpus and kokkos_style == "pair":
        assert PLAIN_FIX_ON_GPU in lammps(script, atoms, text, variant=variant, mixed=True, fails=True).log
        return
    compare(lammps(script, atoms, text, variant=variant, mixed=True), reference["mixed"], 1e-9)
