"""Labels structures with SevenNet-0: a JSON line on the standard input, one on the standard output.

A script of its own, run by a Python that has sevenn (labels.py starts it): it imports nothing of
this package. A structure is {"symbols", "positions" and "cell" in Å}, periodic; the answer has
energies (eV), forces (eV/Å), stress (eV/Å^3, ASE's signs), or `error`.
"""

from __future__ import annotations

import json
import os
import sys
import time
from importlib.metadata import version


def main() -> None:
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what libraries print is no answer
    import torch
    from ase import Atoms
    from sevenn.calculator import SevenNetCalculator

    torch.set_num_threads(1)
    calculator = SevenNetCalculator("7net-0", device="cpu")
    for line in sys.stdin:
        job = json.loads(line)
        start = time.process_time()
        try:
            atoms = Atoms(job["symbols"], positions=job["positions"], cell=job["cell"], pbc=True)
            atoms.calc = calculator
            answer = {
                "positions": job["positions"],
                "energy": float(atoms.get_potential_energy()),
                "free_energy": float(atoms.get_potential_energy()),
                "forces": atoms.get_forces().tolist(),
                "stress": atoms.get_stress(voigt=True).tolist(),
                "seconds": time.process_time() - start,
                "program": f"SevenNet-0 of sevenn {version('sevenn')}",
            }
        except Exception as error:  # the next structure may be possible
            answer = {"error": repr(error)}
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    main()
