"""Universal machine-learned potentials whose weights come inside a package, each run by a Python of
its own.
"""

from __future__ import annotations

import json
import os
import subprocess
import threading
from pathlib import Path

from ase import Atoms

from ..errors import UserError
from . import dft

WORKER = Path(__file__).with_name("universal_worker.py")
# the variable that names a Python which has the package (and PyTorch), and the package's version
PROGRAMS = {
    "sevennet-0": ("RFMEAM_SEVENNET_PYTHON", "sevenn", "0.13"),
    "sevennet-l3i5": ("RFMEAM_SEVENNET_PYTHON", "sevenn", "0.13"),
    "chgnet": ("RFMEAM_CHGNET_PYTHON", "chgnet", "0.4"),
}


class UniversalPotential:
    """Energies, forces and stress by one of PROGRAMS: one process for each thread, which loads the
    potential once and ends with this program.

    Raises UserError where the program is unknown or its Python cannot be used.
    """

    def __init__(self, program: str) -> None:
        if program not in PROGRAMS:
            raise UserError(f"{program!r} is unknown, allowed are {', '.join(PROGRAMS)}")
        self.program = program
        variable, package, version = PROGRAMS[program]
        self.python = os.environ.get(variable)
        if not self.python:
            raise UserError(
                f"{variable} is not set: it names a Python with {package} {version} and PyTorch"
            )
        try:
            check = subprocess.run(
                [self.python, "-c", f"import {package}"],
                capture_output=True,
                text=True,
                check=False,
            )
        except OSError as error:
            raise UserError(f"{variable}={self.python}: {error.strerror}") from None
        if check.returncode:
            last = (check.stderr.strip().splitlines() or ["no message"])[-1]
            raise UserError(f"{variable}={self.python}: {last}")
        self._own = threading.local()
        self._started: list[subprocess.Popen] = []

    def compute(self, structure: Atoms, scratch: Path) -> dict:
        """What universal_worker.py answers; its standard error goes into the folder `scratch`.

        Raises dft.ComputationError where the process ends or says what went wrong.
        """
        scratch.mkdir(parents=True, exist_ok=True)
        log = scratch / f"{self.program}-{os.getpid()}-{threading.get_ident()}.err"
        process = self._process(log)
        job = {
            "symbols": structure.get_chemical_symbols(),
            "positions": structure.positions.tolist(),
            "cell": structure.cell.array.tolist(),
        }
        try:
            process.stdin.write(json.dumps(job) + "\n")
            process.stdin.flush()
            answer = process.stdout.readline()
        except BrokenPipeError:
            answer = ""
        if not answer:
            self._own.process = None
            last = (log.read_text().strip().splitlines() or ["no message"])[-1]
            raise dft.ComputationError(f"{last} ({log})")
        result = json.loads(answer)
        if "error" in result:
            raise dft.ComputationError(result["error"])
        return result

    def close(self) -> None:
        """Ends the processes."""
        for process in self._started:
            process.stdin.close()
            process.wait()
            process.stdout.close()

    def _process(self, log: Path) -> subprocess.Popen:
        """This thread's process, started if need be."""
        process = getattr(self._own, "process", None)
        if process is None:
            with log.open("w") as errors:
                process = subprocess.Popen(
                    [self.python, str(WORKER), self.program],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=errors,
                    text=True,
                    env=os.environ | dict.fromkeys(dft.ONE_EACH, "1"),
                )
            self._own.process = process
            self._started.append(process)
        return process
