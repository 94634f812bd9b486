"""What a fit leaves: the potential with its provenance, its parameters, a log."""

from __future__ import annotations

import json
import re
from dataclasses import replace

from .. import __version__
from .._core import parameter_values
from ..campaign.files import write_text
from ..parameters import Parameters
from .settings import Settings
from .stage import StageResult


def write_results(
    settings: Settings, results: list[StageResult], num_training: int, digest: str
) -> None:
    """potential.rfmeam, stages/NAME.rfmeam, parameters.json and log.jsonl of the stages so far."""
    (settings.output / "stages").mkdir(exist_ok=True)
    for result in results:
        text = _text(settings, result, num_training, digest)
        name = re.sub(r"[^\w.-]+", "-", result.stage.name)
        write_text(settings.output / "stages" / f"{name}.rfmeam", text)
    write_text(settings.output / "potential.rfmeam", text)
    stages = [_stage(result) for result in results]
    write_text(settings.output / "parameters.json", json.dumps(stages, indent=1) + "\n")
    lines = [
        json.dumps({"stage": result.stage.name, "start": number} | each)
        for result in results
        for number, run in enumerate(result.record["runs"])
        for each in run["history"]
    ]
    write_text(settings.output / "log.jsonl", "\n".join(lines) + "\n")


def _text(settings: Settings, result: StageResult, num_training: int, digest: str) -> str:
    """The potential of a stage, with what it was fitted to in the header."""
    entry = min(result.run["history"], key=lambda each: each["loss"])
    comment = (
        f"{settings.header.comment} Fitted by rfmeam {__version__} fit {settings.path.name} to "
        f"{num_training} structures (sha256 {digest[:12]}), started from "
        f"{settings.potential.name}, stage {result.stage.name}, iteration {entry['iteration']}, "
        f"loss {entry['loss']:.6g}."
    )
    return Parameters.of(result.potential).write(replace(settings.header, comment=comment))


def _stage(result: StageResult) -> dict:
    """A stage's parameters before and after, with their bounds; the constants of the elements."""
    space = result.space
    values = parameter_values(result.potential, space.names)
    before = parameter_values(space.base, space.names)
    low, high = space.parameters(space.lower), space.parameters(space.upper)
    parameters = {
        name: {"value": float(x), "start": float(start)}
        for name, x, start in zip(space.names, values, before, strict=True)
    }
    for name, *bounds in zip(space.free, low, high, strict=True):
        parameters[name]["bounds"] = [float(x) if abs(x) < 1e300 else None for x in bounds]
    return {
        "stage": result.stage.name,
        "loss": result.run["loss"],
        "energy_constants": dict(
            zip(space.base.elements, map(float, result.constants), strict=True)
        ),
        "parameters": parameters,
    }
