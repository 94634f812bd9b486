"""`rfmeam glass`: makes all seeds of a glass, judges them, and leaves everything in one folder."""

import datetime
import json
import platform
import shlex
import shutil
import sys
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

from rich.console import Console

from .. import __version__
from ..campaign.files import write_json
from ..campaign.jobs import Place
from ..errors import UserError
from . import force_field as ff
from . import judge, lammps, report
from .composition import FORMERS, Composition, Model, build_model
from .ions import mobile_ion
from .protocol import Protocol
from .published_curves import Curve, compare
from .quench import Quench, alone
from .seeds import Seed, make_all
from .start import Start
from .tabulated import Truncation


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
    place: Place = field(default_factory=Place)
    machine: lammps.Machine = field(default_factory=lammps.Machine)
    measures: tuple[str, ...] = ()
    ion: str = ""  # whose diffusion is measured; "": the lightest alkali
    start: Start | None = None
    repair: bool = False
    truncation: Truncation = field(default_factory=Truncation)
    published: tuple[Curve, ...] = ()  # set beside those of the glass in the report


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
    data = ff.data_folder(study.potential)
    seeds = [
        Seed(
            Quench(
                judge.seed_folder(study.folder, seed),
                model,
                field_,
                study.protocol,
                seed,
                study.start,
            ),
            study.machine,
            data,
            study.measures,
            study.ion,
        )
        for seed in study.seeds
    ]
    failures = make_all(seeds, study.place, console)
    result = collect(study.folder, settings)
    if result["seeds"]:
        seen = [seed["curves"] for seed in result["seeds"]]
        beside = [compare(curve, seen, model.counts) for curve in study.published]
        report.write(study.folder, result, beside)
        console.print(f"[green]wrote[/] {study.folder / 'report.html'}", highlight=False)
    if failures:
        raise UserError("\n".join(failures))
    return result


def collect(folder: Path, settings: dict) -> dict:
    """All judged seeds of a folder and their summary; writes FOLDER/result.json."""
    paths = sorted(folder.glob("seed-*/result.json"), key=lambda path: int(path.parent.name[5:]))
    seeds = [json.loads(path.read_text("utf-8")) for path in paths]
    result = {"settings": settings, "summary": judge.summarise(seeds), "seeds": seeds}
    write_json(folder / "result.json", result)
    return result


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
    elif study.ion:
        raise UserError(
            f"--ion {study.ion}: no diffusion is measured; add --measure diffusion, or leave it out"
        )
    for curve in study.published:
        curve.check(model.counts)


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
    write_json(path, settings)


def _made(folder: Path) -> list[Path]:
    """Structures and restarts of other than the beginning of a melt."""
    beginning = {"start.restart", "start.new.restart", "melt.b.restart", "melt.new.restart"}
    files = [*folder.glob("seed-*/*.restart"), *folder.glob("seed-*/glass.*")]
    return sorted(file for file in files if file.name not in beginning)
