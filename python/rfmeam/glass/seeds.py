"""Makes, judges and measures the seeds of a study: each is a job."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from concurrent.futures import as_completed
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from rich.console import Console

from ..campaign.files import write_json
from ..campaign.jobs import Place, executor
from ..campaign.progress import Watch
from ..errors import UserError
from . import judge, lammps, measure
from .ions import mobile_ion
from .quench import Quench


@dataclass(frozen=True)
class Seed:
    """data_folder: of the files that the force field names. measures: names of measure.MEASURES.
    ion: whose diffusion is measured; "": the lightest alkali."""

    quench: Quench
    machine: lammps.Machine
    data_folder: Path | None
    measures: tuple[str, ...] = ()
    ion: str = ""


def make(
    seed: Seed,
    started: Callable = lambda process: None,
    say: Callable[[str], None] = print,
) -> None:
    """Does what is missing of a seed; its result.json has all of it. started: is told LAMMPS'
    processes; say: what goes on. Raises UserError."""
    quench = seed.quench
    quench.run(seed.machine, seed.data_folder, started)
    path = quench.folder / "result.json"
    if not path.exists():
        write_json(path, judge.judge(quench))
    result = json.loads(path.read_text("utf-8"))
    for name in seed.measures:
        options = {"ion": mobile_ion(quench.model.counts, seed.ion)} if name == "diffusion" else {}
        known = result.setdefault("measured", {}).get(name)
        if not known or known.get("ion", "Li") != options.get("ion", "Li"):
            say(f"seed {quench.seed}: {name}")
            measured = measure.MEASURES[name](
                quench, seed.machine, seed.data_folder, started, **options
            )
            result["measured"][name] = measured
            result["values"] |= measured["values"]
            write_json(path, result)


def make_all(seeds: list[Seed], place: Place, console: Console) -> list[str]:
    """Makes them, side by side. Returns messages of those that failed."""
    processes = _Processes()
    # on other machines LAMMPS ends with the worker that started it
    here = () if place.cluster else (processes.add, partial(console.print, highlight=False))
    failures = []
    watch = Watch(
        console,
        "melt, quench, relax",
        sum(seed.quench.protocol.steps for seed in seeds),
        lambda: sum(_steps_done(seed.quench) for seed in seeds),
        "steps",
    )
    with watch, executor(place) as pool:
        futures = {}
        try:
            for seed in seeds:
                futures[pool.submit(make, seed, *here)] = seed
            for future in as_completed(futures):
                if error := future.exception():
                    if not isinstance(error, UserError | OSError):
                        raise error
                    failures.append(f"seed {futures[future].quench.seed}: {error}")
        except BaseException:
            for future in futures:
                future.cancel()
            processes.end()
            raise
    return failures


def _steps_done(quench: Quench) -> int:
    return quench.protocol.steps if quench.finished else quench.steps_done


class _Processes:
    """What runs on this machine, so that it can be ended."""

    def __init__(self) -> None:
        self._all: list = []
        self._lock = threading.Lock()
        self._ended = False

    def add(self, process) -> None:
        with self._lock:
            self._all.append(process)
            if self._ended:  # between two stages
                process.terminate()

    def end(self) -> None:
        with self._lock:
            self._ended = True
            for process in self._all:
                process.terminate()
