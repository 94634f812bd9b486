"""Reads LAMMPS' thermo output, live or from a log file."""

from pathlib import Path

import numpy as np


class ThermoReader:
    """Finds the rows of thermo output among the lines LAMMPS prints."""

    def __init__(self) -> None:
        self.columns: list[str] = []

    def row(self, line: str) -> dict[str, float] | None:
        """The numbers of a line by their column's name; None if it is no row of thermo output."""
        words = line.split()
        if words[:1] == ["Step"]:
            self.columns = words
        if len(words) != len(self.columns) or not words or not words[0].isdigit():
            return None
        return dict(zip(self.columns, map(float, words), strict=True))


def read_log(log: Path) -> dict[str, np.ndarray]:
    """Thermo output by column; where a continued run wrote a step again, the last row counts."""
    reader = ThermoReader()
    with log.open() as lines:
        rows = {row["Step"]: row for row in map(reader.row, lines) if row}
    return {name: np.array([rows[s][name] for s in sorted(rows)]) for name in reader.columns}
