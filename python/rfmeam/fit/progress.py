"""Lines that tell how far a fit is."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape

from .objective import Objective
from .parameters import ParameterSpace
from .settings import Stage


class Progress:
    """Prints to a console; warnings are also kept."""

    def __init__(self, console: Console):
        self._console = console
        self.warnings: list[str] = []

    def warn(self, *messages: str) -> None:
        """Messages that something looks wrong."""
        for message in messages:
            self.warnings.append(message)
            self._console.print(f"[yellow]warning:[/] {escape(message)}", highlight=False)

    def note(self, message: str) -> None:
        """A message that tells what goes on."""
        self._console.print(f"[dim]{escape(message)}[/]", highlight=False)

    def begin(
        self, stage: Stage, space: ParameterSpace, objective: Objective, validation: Objective
    ) -> None:
        """The heading of a stage."""
        self._console.print(
            f"[bold]stage {escape(stage.name)}[/]: {len(space.free)} parameters, "
            f"{objective.num_rows} values of {len(objective.structures)} structures; validation: "
            f"{validation.num_rows} values of {len(validation.structures)}",
            highlight=False,
        )

    def line(self, stage: Stage, start: int, entry: dict) -> None:
        """The losses of an iteration, in all and by target; those of validation in brackets."""
        judged = entry.get("validation") or {"loss": None, "parts": {}, "problem": "–"}
        parts = [
            f"{name} {loss:.4g}"
            + (f" ({judged['parts'][name]:.4g})" if name in judged["parts"] else "")
            for name, loss in entry["parts"].items()
            if loss > 0
        ]
        whole = "–" if judged["loss"] is None else f"{judged['loss']:.5g}"
        number = f"{start + 1}." if stage.starts > 1 else ""
        self._console.print(
            f"{escape(stage.name)} {number}{entry['iteration']}: loss {entry['loss']:.6g} ({whole})"
            f"  {escape(', '.join(parts))}",
            highlight=False,
        )
