"""What a fit has computed so far, on disk after each iteration: killed, it can go on."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from pathlib import Path

from .._core import Potential
from ..campaign.files import write_text
from ..errors import UserError
from ..parameters import Parameters
from .settings import Settings
from .stage_settings import Stage

_LIMITS = ("iterations", "hours", "starts")  # a finished stage with larger ones goes on


class Checkpoint:
    """Records of stages, by name, in FOLDER/checkpoint.json.

    A record belongs to what it was computed from: the potential a stage starts from, the data, the
    targets and the stage's own settings. Where any of it has changed the stage begins anew.
    """

    def __init__(self, folder: Path):
        self.path = folder / "checkpoint.json"
        self._records: dict[str, dict] = {}
        if self.path.exists():
            try:
                self._records = json.loads(self.path.read_text(encoding="utf-8"))["stages"]
            except (ValueError, KeyError, TypeError):
                raise UserError(
                    f"{self.path}: not a checkpoint of rfmeam fit; remove it to fit anew"
                ) from None

    def record(self, stage: Stage, digest: str) -> tuple[dict, bool]:
        """The record of a stage, empty where there is none; and whether an older one is void."""
        found = self._records.get(stage.name)
        if found is None or found["digest"] != digest:
            return {"digest": digest, "runs": []}, found is not None
        return found, False

    def save(self, stage: Stage, record: dict) -> None:
        """Writes the record of a stage."""
        self._records[stage.name] = record
        write_text(self.path, json.dumps({"stages": self._records}, indent=1) + "\n")


def data_digest(files: list[str]) -> str:
    """Changes with the content of the data."""
    digest = hashlib.sha256()
    for file in files:
        digest.update(Path(file).read_bytes())
    return digest.hexdigest()


def stage_digest(settings: Settings, stage: Stage, potential: Potential, data: str) -> str:
    """Changes with anything that a stage's result depends on, but for how long it may take."""
    whole = asdict(settings)
    parts = {
        key: whole[key]
        for key in (
            "energy_constants",
            "parameters",
            "ties",
            "targets",
            "margin",
            "barrier_strength",
        )
    }
    parts["properties"] = [p.definition for p in settings.properties if p.tolerance]
    names = {
        key: value for key, value in whole["data"].items() if key not in ("training", "validation")
    }
    own = {key: value for key, value in asdict(stage).items() if key not in _LIMITS}
    text = Parameters.of(potential).write().partition("\n")[2]  # without the header's date
    words = json.dumps([parts, names, own, text, data], sort_keys=True)
    return hashlib.sha256(words.encode()).hexdigest()[:16]
