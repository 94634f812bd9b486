"""`rfmeam glass`: makes all seeds of a glass, judges them, and leaves everything in one folder."""

import datetime
import json
import os
import platform
import shlex
import shutil
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from .. import __version__
from ..errors import UserError
from ..terminal import writing
from . import force_field as ff
from . import judge, lammps, measure, report
from .composition import FORMERS, Composition, Model, build_model
from .ions import mobile_ion
from .protocol import Protocol
from .quench import Quench, alone
from .start import Start
from .tabulated import Truncation

_LOG_EVERY = 60  # s between lines of progress where there is no terminal


@dataclass(frozen=True)
class Study:
    """What the user asked for."""

    composition: Composition
    potential: str
    folder: Path
    protocol: Protocol
    held: str  # what is kept while it is melted and quenched, in words
    atoms: int = 1000
    seeds: tuple[int, ...] = (1,)
    jobs: int = 1
    machine: lammps.Machine = field(default_factory=lammps.Machine)
    measures: tuple[str, ...] = ()
    ion: str = ""  # whose diffusion is measured; "": the lightest alkali
    start: Start | None = None
    repair: bool = False
    truncation: Truncation = field(default_factory=Truncation)


def run(study: Study, console: Console) -> dict:
    """Runs what is missing, returns the result that is also in FOLDER/result.json. Raises
    UserError.

    A seed that fails does not stop the others; finished seeds are judged and reported before its
    error is raised.
    """
    model = study.start.model if study.start else build_model(study.composition, study.atoms)
    _check_sense(study, model)
    field_ = ff.load(study.potential, model, study.repair, study.truncation)
    settings = _settings(study, model, field_)
    study.folder.mkdir(parents=True, exist_ok=True)
    _check_settings(study.folder, settings, console)
    console.print(f"{model.atoms} atoms: {model.rounding}", highlight=False)
    console.print(f"melt and quench: {study.held}", highlight=False)
    quenches = [
        Quench(
            judge.seed_folder(study.folder, seed), model, field_, study.protocol, seed, study.start
        )
        for seed in study.seeds
    ]
    failures = _run_all(study, quenches, console)
    result = collect(study.folder, settings)
    if result["seeds"]:
        report.write(study.folder, result)
        console.print(f"[green]wrote[/] {study.folder / 'report.html'}", highlight=False)
    if failures:
        raise UserError("\n".join(failures))
    return result


def collect(folder: Path, settings: dict) -> dict:
    """All judged seeds of a folder and their summary; writes FOLDER/result.json."""
    paths = sorted(folder.glob("seed-*/result.json"), key=lambda path: int(path.parent.name[5:]))
    seeds = [json.loads(path.read_text("utf-8")) for path in paths]
    result = {"settings": settings, "summary": judge.summarise(seeds), "seeds": seeds}
    _write_json(folder / "result.json", result)
    return result


def _run_all(study: Study, quenches: list[Quench], console: Console) -> list[str]:
    """Messages of the seeds that failed."""
    processes: list = []
    lock = threading.Lock()
    stopped = threading.Event()

    def started(process) -> None:
        with lock:
            processes.append(process)
            if stopped.is_set():  # between two stages
                process.terminate()

    def one(quench: Quench) -> None:
        data = ff.data_folder(study.potential)
        quench.run(study.machine, data, started)
        path = quench.folder / "result.json"
        if not path.exists():
            _write_json(path, judge.judge(quench))
        result = json.loads(path.read_text("utf-8"))
        for name in study.measures:
            options = {}
            if name == "diffusion":
                options["ion"] = mobile_ion(quench.model.counts, study.ion)
            known = result.setdefault("measured", {}).get(name)
            if not known or known.get("ion", "Li") != options.get("ion", "Li"):
                console.print(f"seed {quench.seed}: {name}", highlight=False)
                measured = measure.MEASURES[name](quench, study.machine, data, started, **options)
                result["measured"][name] = measured
                result["values"] |= measured["values"]
                _write_json(path, result)

    failures = []
    with _progress(quenches, console), ThreadPoolExecutor(study.jobs) as pool:
        futures = {pool.submit(one, quench): quench for quench in quenches}
        try:
            for future in as_completed(futures):
                if error := future.exception():
                    if not isinstance(error, UserError | OSError):
                        raise error
                    failures.append(f"seed {futures[future].seed}: {error}")
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            with lock:
                stopped.set()
                for process in processes:
                    process.terminate()
            raise
    return failures


class _progress:
    """A bar over the MD steps of all seeds with the time left; lines now and then where there is no
    terminal."""

    def __init__(self, quenches: list[Quench], console: Console):
        self.quenches = quenches
        self.console = console
        self.total = sum(quench.protocol.steps for quench in quenches)
        self.done = threading.Event()

    def __enter__(self):
        self.thread = threading.Thread(target=self._watch, daemon=True)
        self.thread.start()

    def __exit__(self, *_):
        self.done.set()
        self.thread.join()

    def _steps(self) -> int:
        return sum(
            quench.protocol.steps if quench.finished else quench.steps_done
            for quench in self.quenches
        )

    def _watch(self) -> None:
        if self.console.is_terminal:
            columns = (
                TextColumn("melt, quench, relax"),
                BarColumn(),
                TextColumn("{task.percentage:.0f} %"),
            )
            with Progress(*columns, TimeRemainingColumn(), console=self.console) as bar:
                task = bar.add_task("", total=self.total, completed=self._steps())
                while not self.done.wait(1.0):
                    bar.update(task, completed=self._steps())
            return
        start, first = time.monotonic(), self._steps()
        while not self.done.wait(_LOG_EVERY):
            steps = self._steps()
            if steps >= self.total:
                return
            rate = (steps - first) / (time.monotonic() - start)
            left = f", about {(self.total - steps) / rate / 60:.0f} min left" if rate > 0 else ""
            self.console.print(f"{steps} of {self.total} steps{left}", highlight=False)


def _settings(study: Study, model: Model, field_: ff.ForceField) -> dict:
    """What makes a result what it is. `versions` and `made` may change between a run and its
    resumption, the rest may not."""
    return {
        "sample": study.composition.label,
        "composition mol%": study.composition.percent,
        "actual mol%": model.actual.percent,
        "atoms": model.counts,
        "potential": field_.name,
        "potential source": field_.source,
        "potential SHA-256": field_.fingerprint,
        "potential parameters": field_.parameters,
        "charges": field_.charges,
        **({"start SHA-256": study.start.fingerprint} if study.start else {}),
        "protocol": study.protocol.as_dict(),
        "made": {
            "command": shlex.join(["rfmeam", *sys.argv[1:]]),
            "date": datetime.date.today().isoformat(),
            "melt and quench": study.held,
        },
        "versions": {
            "LAMMPS": lammps.version(),
            "python": platform.python_version(),
            "rfmeam": __version__,
            **{name: version(name) for name in ("amorphouspy", "ase", "numpy")},
        },
    }


def _check_sense(study: Study, model: Model) -> None:
    """What would end in an error after all MD only."""
    if not set(FORMERS) & set(model.counts):
        raise UserError(
            f"{study.composition.label}: no network former in it, so there is no network to judge; "
            f"formers are {', '.join(FORMERS)}"
        )
    if "diffusion" in study.measures:
        mobile_ion(model.counts, study.ion)


def _check_settings(folder: Path, settings: dict, console: Console) -> None:
    """Refuses to mix two kinds of glass in one folder; settings with which nothing was made are
    forgotten."""
    path = folder / "settings.json"
    if path.exists():
        try:
            old = json.loads(path.read_text("utf-8"))
        except json.JSONDecodeError as error:
            raise UserError(f"{path}: line {error.lineno}: not JSON ({error.msg})") from None
        changed = [
            key
            for key in settings
            if key not in ("made", "versions") and old.get(key) != settings[key]
        ]
        if changed and (made := _made(folder)):
            key = changed[0]
            raise UserError(
                f"{path}: {key} was {old.get(key)}, now {settings[key]}: "
                f"this folder holds another glass ({made[0].relative_to(folder)} was made with "
                "it); choose another with --output, or remove it"
            )
        if changed and (begun := sorted(folder.glob("seed-*"))):
            for seed in begun:
                with alone(seed):
                    shutil.rmtree(seed)
            console.print(
                f"begins anew: with the settings before ({changed[0]}) nothing was made",
                highlight=False,
            )
    _write_json(path, settings)


def _made(folder: Path) -> list[Path]:
    """Structures and restarts of other than the beginning of a melt."""
    beginning = {"start.restart", "start.new.restart", "melt.b.restart", "melt.new.restart"}
    files = [*folder.glob("seed-*/*.restart"), *folder.glob("seed-*/glass.*")]
    return sorted(file for file in files if file.name not in beginning)


def _write_json(path: Path, data: dict) -> None:
    part = path.with_suffix(".part")
    with writing(part):
        part.write_text(json.dumps(data, indent=1, ensure_ascii=False), encoding="utf-8")
    os.replace(part, path)
