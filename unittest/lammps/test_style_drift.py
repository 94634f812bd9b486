"""Drift of the energy in NVE with every charge-dependent term on; bench/shadow_dynamics.py measures it over 100 ps."""

import sys
from pathlib import Path

import numpy as np
import pytest
from harness import model, rocksalt, serial_variants, thermo_output

sys.path.insert(0, str(Path(__file__).parents[2] / "bench"))
import terms
from shadow_dynamics import drift_of

STEPS, TIMESTEP = 2000, 0.0005  # of 0.5 fs: 1 ps
TEXT = terms.potentials()[terms.ALL]


@pytest.mark.parametrize("variant", serial_variants(), ids=str)
@pytest.mark.parametrize("fix", ["1e-6 200", "1e-8 200 solver xl"], ids=["pcg", "xl"])
def test_energy_does_not_drift(lammps, variant, fix):
    """Wall, screened Gaussians, environments and the third pair form: the slope is none that its error leaves room
    for, and the energy stays within what the integrator makes of it."""
    atoms = rocksalt(2, a=4.03, rattle=0.05, seed=5)
    script = model(fix=f"all qeq/vc 1 {fix}") + "velocity all create 600 4711 loop all\nfix nve all nve\n"
    script += f"timestep {TIMESTEP}\n" + thermo_output("step temp etotal f_qeq[5]", every=10) + f"run {STEPS}\n"
    result = lammps(script, atoms, TEXT, variant=variant)
    half = STEPS // 20  # rows: what the start does is over
    time = TIMESTEP * result.series("Step")[half:]
    slope, error, spread = drift_of(time, 1000 * result.series("TotEng")[half:] / len(atoms))
    assert abs(slope) < error + 0.02  # meV/atom/ps
    assert spread < 0.02  # meV/atom
    assert np.ptp(result.series("Temp")) > 50  # something happens
    assert result.series("f_qeq[5]").max() > 0  # charges beyond a wall
