"""Stands in for sevennet_worker.py: springs to the cell's centre instead of SevenNet-0.

It answers a structure with one atom with an error, and ends at one with three atoms. Every process
writes a line into FAKE_SEVENNET_LOG when it starts.
"""

import json
import os
import sys
from pathlib import Path

import numpy as np

with Path(os.environ["FAKE_SEVENNET_LOG"]).open("a") as log:
    log.write(f"{os.getpid()}\n")
for line in sys.stdin:
    job = json.loads(line)
    if len(job["symbols"]) == 3:
        sys.exit("the fake SevenNet was told to end")
    away = np.array(job["positions"]) - np.array(job["cell"]).sum(axis=0) / 2
    energy = 0.5 * float((away**2).sum())
    answer = {
        "positions": job["positions"],
        "energy": energy,
        "free_energy": energy,
        "forces": (-away).tolist(),
        "stress": [0.0] * 6,
        "seconds": 0.1,
        "program": "SevenNet-0 of a fake",
    }
    print(json.dumps({"error": "one atom"} if len(away) == 1 else answer), flush=True)
