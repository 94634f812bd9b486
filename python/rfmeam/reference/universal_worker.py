"""Labels structures with a universal machine-learned potential, which the only argument names: a
JSON line on the standard input, one on the standard output.

A script of its own, run by a Python that has the potential (universal.py starts it): it imports
nothing of this package. A structure is {"symbols", "positions" and "cell" in Å}, periodic; the
answer has energies (eV), forces (eV/Å), stress (eV/Å^3, ASE's signs), CPU `seconds`, or `error`.
It computes on a GPU where PyTorch sees one.
"""

from __future__ import annotations

import json
import os
import sys
import time
from importlib.metadata import version


def device() -> str:
    import torch

    return "cuda" if torch.cuda.is_available() else "cpu"


def sevennet_0():
    from sevenn.calculator import SevenNetCalculator

    name = f"SevenNet-0 of sevenn {version('sevenn')}"
    return SevenNetCalculator("7net-0", device=device()), name


def sevennet_l3i5():
    from sevenn.calculator import SevenNetCalculator

    name = f"SevenNet-l3i5 of sevenn {version('sevenn')}"
    return SevenNetCalculator("7net-l3i5", device=device()), name


def chgnet():
    from chgnet.model.dynamics import CHGNetCalculator

    return CHGNetCalculator(use_device=device()), f"CHGNet of chgnet {version('chgnet')}"


# an ASE calculator, and what it is
CALCULATORS = {"sevennet-0": sevennet_0, "sevennet-l3i5": sevennet_l3i5, "chgnet": chgnet}


def main() -> None:
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what libraries print is no answer
    import torch
    from ase import Atoms

    torch.set_num_threads(1)
    calculator, program = CALCULATORS[sys.argv[1]]()
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
                "program": program,
            }
        except Exception as error:  # the next structure may be possible
            answer = {"error": repr(error)}
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    main()
