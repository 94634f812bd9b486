"""A plugin that LAMMPS loads by itself from LAMMPS_PLUGIN_PATH, and that was compiled for another LAMMPS."""

import os
import re
from pathlib import Path

import pytest
from harness import PLAIN, Variant, model, potential, rocksalt, variants

MISFIT = Path(os.environ["LAMMPS_PLUGIN_PATH"]) / "misfit"
pytestmark = pytest.mark.skipif(not MISFIT.exists(), reason="only the usual build makes it: ./dev test")
LJ = """
units lj
region box block 0 2 0 2 0 2
create_box 1 box
create_atoms 1 single 1 1 1
mass 1 1
pair_style lj/cut 0.8
pair_coeff 1 1 1 0.5
run 0
"""
EACH = pytest.mark.parametrize("variant", [v for v in (PLAIN, Variant(2)) if v in variants()], ids=str)


@EACH
def test_any_other_input_runs(lammps, monkeypatch, variant):
    """With one warning that names both versions."""
    monkeypatch.setenv("LAMMPS_PLUGIN_PATH", str(MISFIT))
    log = lammps(LJ, variant=variant, mixed=True).log
    assert len(re.findall("WARNING: The rfmeam/qeq plugin was compiled for LAMMPS version 1 Jan 2020", log)) == 1
    assert re.search(r"loaded into LAMMPS version \d+ \w+ 20\d\d\. .* Its styles are left out", log)


@EACH
def test_its_styles_are_unknown(lammps, monkeypatch, variant):
    monkeypatch.setenv("LAMMPS_PLUGIN_PATH", str(MISFIT))
    result = lammps(model() + "run 0\n", rocksalt(2), potential(), variant=variant, fails=True)
    assert "Unrecognized pair style 'rfmeam/qeq'" in result.log
