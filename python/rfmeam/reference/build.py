"""Computes what a list lacks: resumable at each structure, with any number of workers."""

from __future__ import annotations

import contextlib
import time
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from dataclasses import dataclass

from ase import Atoms
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

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
    structures: StructureList, tasks: list[Task], workers: int, hours: float | None, console
) -> list[str]:
    """Computes the tasks and writes each result into its family's file as soon as it is there.

    Several builds of one list may run at a time: a structure that another computes is left to it.
    hours: no structure is begun later than that. Returns what failed, as "label: reason".
    """
    failures: list[str] = []
    end = time.monotonic() + 3600 * hours if hours is not None else float("inf")
    left = sum(task.work for task in tasks)
    finished, began = 0.0, time.monotonic()
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with (
        contextlib.closing(labels.labeller(structures.method)) as labeller,
        Progress(*columns, TextColumn("left {task.fields[left]}"), console=console) as bar,
        ThreadPoolExecutor(workers) as pool,
    ):
        shown = bar.add_task("structures", total=len(tasks), left="?")
        queue = list(tasks)
        running = {}
        while queue or running:
            while queue and len(running) < workers and time.monotonic() < end:
                task = queue.pop(0)
                running[pool.submit(_one, labeller, structures, task)] = task
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
                remaining = (time.monotonic() - began) * (left - finished) / finished
                bar.update(shown, advance=1, left=_duration(remaining))
                console.print(f"{task.label}: {note}, {_duration(remaining)} left", highlight=False)
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
    with store.locked(structures.scratch / f"{name}.lock", wait=False) as lock:
        if lock is None or not _is_missing(structures, task):
            return None
        start = time.monotonic()
        result = labeller.compute(task.family, task.structure, structures.scratch, lock)
        _add(structures, task, result)
        return time.monotonic() - start


def _add(structures: StructureList, task: Task, result: dict) -> None:
    """Puts a result into its family's file, in the order of the labels."""
    path = structures.result_file(task.family)
    new = store.frame(task.structure, result, _info(task, result))
    with store.locked(structures.scratch / f"{task.family.name}.file.lock", wait=True):
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


def _duration(seconds: float) -> str:
    minutes = round(seconds / 60)
    return f"{minutes // 60} h {minutes % 60:02d} min" if minutes >= 60 else f"{minutes} min"
