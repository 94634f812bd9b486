"""Computes what a list lacks: resumable at each structure, with any number of workers."""

from __future__ import annotations

import atexit
import contextlib
import datetime
import time
from concurrent.futures import FIRST_COMPLETED, wait
from dataclasses import dataclass

from ase import Atoms

from ..campaign.files import FOREVER, locked
from ..campaign.jobs import Place, executor
from ..campaign.progress import Watch
from . import dft, labels, store
from .structure_list import Family, StructureList


@dataclass(frozen=True)
class Task:
    """A structure that has no result yet."""

    family: Family
    structure: Atoms
    work: float

    @property
    def label(self) -> str:
        return self.structure.info["label"]


PASS = 4  # structures of a family, before it is the turn of the others


def missing(structures: StructureList, only: list[str] | None = None) -> list[Task]:
    """The structures without a result, or with one of another method or another structure.

    The first few of every family come first, cheap families before dear ones, then the next few:
    so a build that is stopped has something of everything.
    """
    tasks: list[tuple[int, float, Task]] = []
    for family in structures.families:
        if only and family.name not in only:
            continue
        done = _done(structures, family)
        members = [
            Task(family, atoms, dft.work(family, atoms)) for atoms in structures.structures(family)
        ]
        dearest = max(task.work for task in members)
        tasks += [
            (number // PASS, dearest, task)
            for number, task in enumerate(members)
            if done.get(task.label) != dft.fingerprint(family, task.structure)
        ]
    return [task for *_, task in sorted(tasks, key=lambda entry: entry[:2])]


def build(
    structures: StructureList, tasks: list[Task], place: Place, hours: float | None, console
) -> list[str]:
    """Computes the tasks and writes each result into its family's file as soon as it is there.

    Several builds of one list may run at a time: a structure that another computes is left to it.
    hours: no structure is begun later than that. Returns what failed, as "label: reason".
    """
    failures: list[str] = []
    end = time.monotonic() + 3600 * hours if hours is not None else float("inf")
    finished = 0.0
    with (
        contextlib.closing(labels.labeller(structures.method)) as labeller,
        Watch(console, "structures", sum(t.work for t in tasks), lambda: finished) as watch,
        executor(place) as pool,
    ):
        # jobs on other machines have a labeller of their own
        job, common = (_on_node, ()) if place.cluster else (_one, (labeller,))
        queue = list(tasks)
        running = {}
        while queue or running:
            while queue and len(running) < place.jobs and time.monotonic() < end:
                task = queue.pop(0)
                running[pool.submit(job, *common, structures, task)] = task
            if not running:
                break
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                task = running.pop(future)
                note = ""
                try:
                    seconds = future.result()
                    note = "computed elsewhere" if seconds is None else f"{seconds:.0f} s"
                except Exception as error:  # the others shall be computed whatever it is
                    reason = f"{error}" if isinstance(error, dft.ComputationError) else repr(error)
                    failures.append(f"{task.label}: {reason}")
                    note = "failed"
                finished += task.work
                console.print(f"{task.label}: {note}, {watch.left()}", highlight=False)
    return failures


def _done(structures: StructureList, family: Family) -> dict[str, str]:
    """The fingerprints of the family's results, by label."""
    return {a.info["label"]: a.info["fingerprint"] for a in structures.results(family)}


def _is_missing(structures: StructureList, task: Task) -> bool:
    return _done(structures, task.family).get(task.label) != dft.fingerprint(
        task.family, task.structure
    )


def _one(labeller: labels.Labeller, structures: StructureList, task: Task) -> float | None:
    """Computes and stores one structure; None if another build is at it."""
    name = task.label.replace("/", "-")
    with locked(structures.scratch / f"{name}.lock", patience=0.0) as lock:
        if lock is None or not _is_missing(structures, task):
            return None
        start = time.monotonic()
        result = labeller.compute(task.family, task.structure, structures.scratch, lock)
        add_result(structures, task, result)
        return time.monotonic() - start


_labellers: dict[str, labels.Labeller] = {}  # of this process, on a node, by method


def _on_node(structures: StructureList, task: Task) -> float | None:
    """The same as a job in a process of its own."""
    key = structures.method.fingerprint()
    if key not in _labellers:
        _labellers[key] = labels.labeller(structures.method)
        atexit.register(_labellers[key].close)
    return _one(_labellers[key], structures, task)


def add_result(structures: StructureList, task: Task, result: dict) -> None:
    """Puts a result into its family's file, in the order of the labels."""
    path = structures.result_file(task.family)
    new = store.frame(task.structure, result, _info(task, result))
    with locked(structures.scratch / f"{task.family.name}.file.lock", FOREVER):
        frames = structures.results(task.family)
        frames = [atoms for atoms in frames if atoms.info["label"] != task.label] + [new]
        store.write_frames(path, sorted(frames, key=lambda atoms: atoms.info["label"]))


def _info(task: Task, result: dict) -> dict:
    method = task.family.method
    info = {
        "label": task.label,
        "family": task.family.name,
        "group": task.family.group,
        "fingerprint": dft.fingerprint(task.family, task.structure),
        "program": result["program"],
        "date": datetime.date.today().isoformat(),
    }
    if method.program != "gpaw":
        return info | {"seconds": round(result["seconds"], 3)}
    info |= {
        "bader": result["bader"],
        "paw": " ".join(
            f"{symbol}:{p['name']}:{p['valence']:g}e:{p['md5']}"
            for symbol, p in result["paw"].items()
        ),
        "functional": method.functional,
        "cutoff_eV": method.cutoff,
        "grid_spacing_A": method.grid_spacing,
        "kpoints": str(method.mesh(task.structure.cell.array)),
        "smearing": f"{method.smearing} {method.smearing_width} eV",
        "metals": " ".join(method.metals) or "none",
        "basin_reach_A": method.basin_reach,
        "non_nuclear_electrons": round(result["non_nuclear_electrons"], 4),
        "seconds": round(result["seconds_dft"] + result["seconds_bader"], 1),
    }
    if "magnetic_moment" in result:
        info["magnetic_moment"] = round(result["magnetic_moment"], 4)
    if task.family.relax:
        info |= {"relaxed": True, "largest_force_eV_A": round(result["largest_force"], 4)}
    return info
