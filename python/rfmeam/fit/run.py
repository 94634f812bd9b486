"""The stages of a fit, one after the other, each from the last."""

from __future__ import annotations

from dataclasses import dataclass

from .._core import Potential
from ..errors import UserError
from .checkpoint import Checkpoint, data_digest, stage_digest
from .data import Structure, check_patterns, read_structures
from .parameters import starting_potential
from .progress import Progress
from .property_settings import check_elements
from .results import write_results
from .rows import check_targets
from .settings import Settings
from .stage import StageResult, StageRun


@dataclass
class Data:
    """The structures of a fit; nothing is fitted to validation. digest: of the training files."""

    training: list[Structure]
    validation: list[Structure]
    digest: str


def read_data(settings: Settings, potential: Potential) -> Data:
    """Reads training and validation. UserError where a structure is in both, or none is there."""
    training = read_structures(settings.data.training, settings.data, potential)
    validation = read_structures(settings.data.validation, settings.data, potential)
    left_out = settings.data.leave_out
    check_patterns(left_out, training + validation, f"{settings.path}: data: leave_out")
    training, validation = (
        [s for s in side if not s.matches(left_out)] for side in (training, validation)
    )
    seen: dict[str, str] = {}
    for structure in training + validation:
        if structure.label in seen:
            raise UserError(
                f"{structure.file}: {structure.label} is also in {seen[structure.label]}: a "
                "structure counts once, in training or in validation"
            )
        seen[structure.label] = structure.file
    if not training:
        raise UserError(f"{settings.path}: data: no structure is left for training")
    return Data(training, validation, data_digest(settings.data.training))


def run(settings: Settings, jobs: int, progress: Progress) -> tuple[list[StageResult], Data]:
    """Runs all stages, or what is left of them. Results are written after each iteration.

    jobs: threads, 0 for all cores. Raises UserError.
    """
    potential = starting_potential(settings)
    check_elements(settings.properties, potential, f"{settings.path}")
    data = read_data(settings, potential)
    check_targets(settings, data.training + data.validation)
    if not data.validation:
        progress.warn("there are no validation data: nothing tells whether the fit is good")
    settings.output.mkdir(parents=True, exist_ok=True)
    checkpoint = Checkpoint(settings.output)
    results: list[StageResult] = []
    for stage in settings.stages:
        record, is_void = checkpoint.record(
            stage, stage_digest(settings, stage, potential, data.digest)
        )
        if is_void:
            progress.note(f"stage {stage.name}: what it depends on has changed, it begins anew")

        def save(result: StageResult, stage=stage) -> None:
            checkpoint.save(stage, result.record)
            write_results(settings, [*results, result], len(data.training), data.digest)

        at_work = StageRun(settings, stage, potential, data.training, data.validation, jobs)
        results.append(at_work.run(record, progress, save))
        potential = results[-1].potential
    return results, data
