"""The `stages` of FIT.yaml."""

from __future__ import annotations

from dataclasses import dataclass

from .reader import Section

METHODS = ("lm", "cma", "tpe", "cuckoo")
STAGE_KEYS = (
    "name", "free", "hold", "targets", "structures", "method", "iterations", "starts", "spread",
    "seed", "converged", "longest_step", "hours", "population", "storage",
)  # fmt: skip


@dataclass(frozen=True)
class Stage:
    """A part of the fit: free parameters, targets and structures with factors (None: all by 1)."""

    name: str
    free: list[str]
    hold: list[str]
    targets: dict[str, float] | None
    structures: dict[str, float] | None
    method: str
    iterations: int
    starts: int
    spread: float
    seed: int
    converged: float
    longest_step: float
    hours: float | None
    population: int | None
    storage: str | None


def read_stages(top: Section, target_names: list[str]) -> list[Stage]:
    """The stages of FIT.yaml; target_names: what may count in one. Raises UserError."""
    values = top.raw("stages")
    if not isinstance(values, list) or not values:
        top.refuse(
            "stages", f"is {values!r}, allowed is a list of mappings: {', '.join(STAGE_KEYS)}"
        )
    stages = []
    for number, value in enumerate(values):
        section = Section(value, top.path, f"stages: number {number + 1}", STAGE_KEYS)
        name = section.text("name")
        if name is None or any(stage.name == name for stage in stages):
            section.refuse("name", f"is {name!r}, allowed is a text of its own")
        if "free" not in section:
            section.refuse("free", "is missing: names or patterns of parameters")
        targets = section.factors("targets")
        for each in targets or ():
            if each not in target_names:
                section.refuse("targets", f"has {each!r}, allowed are {', '.join(target_names)}")
        method = section.choice("method", METHODS, "lm")
        for key in ("population", "storage"):
            if key in section and (method == "lm" or (key == "storage" and method != "tpe")):
                section.refuse(key, f"does not belong to the method {method}")
        stages.append(
            Stage(
                name=name,
                free=section.texts("free"),
                hold=section.texts("hold"),
                targets=targets,
                structures=section.factors("structures"),
                method=method,
                iterations=section.whole("iterations", 50, low=1),
                starts=section.whole("starts", 1, low=1),
                spread=section.number("spread", 0.1, above=0.0),
                seed=section.whole("seed", 1),
                converged=section.number("converged", 1e-5, low=0.0),
                longest_step=section.number("longest_step", 0.1, above=0.0),
                hours=section.number("hours", above=0.0),
                population=section.whole("population", low=2),
                storage=section.text("storage"),
            )
        )
    return stages
