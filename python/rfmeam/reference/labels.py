"""What labels structures, by the program that a list's method names."""

from __future__ import annotations

import json
import os
import subprocess
import threading
from pathlib import Path
from typing import IO, Protocol

from ase import Atoms

from ..errors import UserError
from . import dft
from .method import Method
from .structure_list import Family

SEVENNET_WORKER = Path(__file__).with_name("sevennet_worker.py")


class Labeller(Protocol):
    """Computes energies, forces and stress of structures; close() ends what it has started."""

    def compute(
        self, family: Family, structure: Atoms, scratch: Path, lock: IO | None = None
    ) -> dict: ...

    def close(self) -> None: ...


def labeller(method: Method) -> Labeller:
    """The program of a method, ready to use. UserError where it cannot be used here."""
    return SevenNet() if method.program == "sevennet-0" else Gpaw()


class Gpaw:
    """Density functional theory and Bader charges: one process for each structure, see dft.py."""

    def __init__(self) -> None:
        self.python = dft.interpreter()

    def compute(
        self, family: Family, structure: Atoms, scratch: Path, lock: IO | None = None
    ) -> dict:
        return dft.compute(self.python, family, structure, scratch, lock)

    def close(self) -> None:
        pass


class SevenNet:
    """SevenNet-0, a universal machine-learned potential: one process for each thread, which loads
    the potential once and ends with this program. Its energies are not on the scale of GPAW's, and
    it has no charges.
    """

    def __init__(self) -> None:
        self.python = os.environ.get("RFMEAM_SEVENNET_PYTHON")
        if not self.python:
            raise UserError(
                "RFMEAM_SEVENNET_PYTHON is not set: it names a Python with sevenn 0.13 and PyTorch"
            )
        check = subprocess.run(
            [self.python, "-c", "import sevenn"], capture_output=True, text=True, check=False
        )
        if check.returncode:
            last = (check.stderr.strip().splitlines() or ["no message"])[-1]
            raise UserError(f"RFMEAM_SEVENNET_PYTHON={self.python}: {last}")
        self._own = threading.local()
        self._started: list[subprocess.Popen] = []

    def compute(
        self, family: Family, structure: Atoms, scratch: Path, lock: IO | None = None
    ) -> dict:
        """Raises dft.ComputationError where the process ends or says what went wrong."""
        scratch.mkdir(parents=True, exist_ok=True)
        log = scratch / f"sevennet-{os.getpid()}-{threading.get_ident()}.err"
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
                    [self.python, str(SEVENNET_WORKER)],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=errors,
                    text=True,
                    env=os.environ | dict.fromkeys(dft.ONE_EACH, "1"),
                )
            self._own.process = process
            self._started.append(process)
        return process
