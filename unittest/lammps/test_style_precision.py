"""The kk styles in the precision of this LAMMPS against the plain styles, which are double in every build."""

import numpy as np
import pytest
from harness import PLAIN, all_variants, disordered, model, observe, potential, precision, rocksalt, triclinic

KOKKOS = [variant for variant in all_variants() if variant.kokkos]
CASES = {
    "screened": (rocksalt(3, rattle=0.2), potential()),
    "triclinic": (triclinic(rocksalt(3, rattle=0.2)), potential()),
    "gaussian": (disordered(110), potential(coulomb="gaussian")),
    "charges": (rocksalt(2, rattle=0.2), potential(meam=False, coulomb="direct_cut")),
    "meam": (disordered(110), potential(coulomb=None)),
}


@pytest.mark.parametrize("variant", KOKKOS, ids=str)
@pytest.mark.parametrize("case", CASES)
def test_measure(lammps, case, variant):
    atoms, text = CASES[case]
    charges = "charge Li" in text
    script = model(fix="all qeq/vc 1 1e-6 200" if charges else "") + observe(fix=charges) + "run 0\n"
    script = script.replace("variable", "variable")
    a, b = lammps(script, atoms, text), lammps(script, atoms, text, variant=variant)
    fa, fb = a.frame(), b.frame()
    out = [precision(), case, str(variant)]
    for names in (["fx", "fy", "fz"], ["q"], ["c_energy"], [f"c_stress[{i}]" for i in range(1, 7)], ["x", "y", "z"]):
        x, y = fa.vectors(*names), fb.vectors(*names)
        out.append(f"{names[0]} {np.abs(x - y).max():.2e} of {np.abs(x).max():.2e}")
    for n in ("pe", "evdwl", "ecoul"):
        out.append(f"{n} {abs(a.last(n) - b.last(n)):.2e} of {abs(a.last(n)):.3g}")
    p = [f"c_press[{i}]" for i in range(1, 7)]
    out.append(f"press {max(abs(a.last(n) - b.last(n)) for n in p):.2e} of {max(abs(a.last(n)) for n in p):.2e}")
    if charges:
        out.append(f"it {a.last('f_qeq')} {b.last('f_qeq')}")
        for i in (1, 2, 3): out.append(f"f{i} {a.last(f'f_qeq[{i}]'):.3e} {b.last(f'f_qeq[{i}]'):.3e}")
    print("  ".join(out))
