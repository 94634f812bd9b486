"""potentials/LiF*.rfmeam keep their crystals for 10 ps of NVT at 300 K; the interface is examples/li_lif_interface."""

from pathlib import Path

import numpy as np
import pytest
from ase.build import bulk
from harness import model

POTENTIALS = Path(__file__).resolve().parents[2] / "potentials"
STEPS = 5000

CRYSTALS = {
    "Li": (bulk("Li", "bcc", 3.46, cubic=True) * (4, 4, 4), 3.0, 0.0, 0.02),
    "LiF": (bulk("LiF", "rocksalt", 4.10, cubic=True) * (3, 2, 2), 2.05, 0.9, 0.1),
}


@pytest.mark.parametrize("name", ["LiF", "LiF-q"])
@pytest.mark.parametrize(("atoms", "nearest", "charge", "deviation"), CRYSTALS.values(), ids=CRYSTALS.keys())
def test_crystal_stays(lammps, name, atoms, nearest, charge, deviation):
    """Atoms swing less than 0.2 of the nearest distance (Lindemann: they melt at about 0.15 of it); charges stay."""
    script = (
        model(fix="all qeq/vc 1 1e-6 100 onfail error")
        + f"""
group lithium type 1
velocity all create 600 4711 mom yes
fix nvt all nvt temp 300 300 0.1
timestep 0.002
compute msd all msd com yes average no
variable charge atom q
compute mean lithium reduce ave v_charge
fix late all ave/time 10 {STEPS // 20} {STEPS // 2} c_msd[4] c_mean c_thermo_temp file late.txt
thermo {STEPS}
run {STEPS}
"""
    )
    result = lammps(script, atoms, (POTENTIALS / f"{name}.rfmeam").read_text())
    _, msd, mean, temperature = np.loadtxt(result.folder / "late.txt")[-1]
    assert temperature == pytest.approx(300, abs=20)
    assert np.sqrt(msd) < 0.2 * nearest
    assert mean == pytest.approx(charge, abs=deviation)
