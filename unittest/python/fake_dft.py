"""Stands in for dft_worker.py: springs to the cell's centre instead of DFT, charges of equal and
opposite sign.

Asked for `-m gpaw dataset SYMBOL …`, it writes an empty file of PAW data, or fails if the options
name the state 9s. A structure whose label ends in a number listed in FAKE_DFT_FAILS fails; one that
is computed while the file FAKE_DFT_WAITS exists waits for its end; every call is counted in
FAKE_DFT_LOG.
"""

import json
import os
import sys
import time
from pathlib import Path

import numpy as np

if sys.argv[1:4] == ["-m", "gpaw", "dataset"]:
    if any("9s" in word for word in sys.argv):
        sys.exit("there is no 9s")
    Path(f"{sys.argv[4]}.made.{sys.argv[sys.argv.index('-f') + 1]}").touch()
    sys.exit()
job_file = Path(sys.argv[2])
job = json.loads(job_file.read_text())
with Path(os.environ["FAKE_DFT_LOG"]).open("a") as log:
    log.write(f"{job_file.name}\n")
if any(f"-{number}-" in job_file.name for number in os.environ.get("FAKE_DFT_FAILS", "").split()):
    sys.exit("the fake DFT was told to fail")
waits = os.environ.get("FAKE_DFT_WAITS")
while waits and Path(waits).exists():
    time.sleep(0.01)
positions = np.array(job["positions"])
n = len(positions)
charges = np.linspace(-1, 1, n) if n > 1 else np.zeros(1)
away = positions - np.array(job["cell"]).sum(axis=0) / 2
result = {
    "positions": job["positions"],
    "energy": 0.5 * float((away**2).sum()),
    "free_energy": 0.5 * float((away**2).sum()),
    "forces": (-away).tolist(),
    "stress": [0.0] * 6,
    "largest_force": 0.0,
    "relax_steps": 0,
    "bader_charges": charges.tolist(),
    "bader_charges_own_basin": charges.tolist(),
    "non_nuclear_electrons": 0.0,
    "seconds_dft": 0.1,
    "seconds_bader": 0.1,
    "program": "fake",
    "bader": "fake",
    "paw": {"Li": {"name": "fake", "valence": 3, "md5": "0"}},
}
Path(job["output"]).write_text(json.dumps(result))
