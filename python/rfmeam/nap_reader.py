"""Statements of nap's parameter files, which nap reads as Fortran does: commas, quotes, 1.0d0,
3*0.0 and statements that go on in the next line."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

from ._core import Potential, PotentialFileError
from .errors import UserError
from .parameters import Parameters

_NUMBER = re.compile(r"([+-]?(?:\d+\.?\d*|\.\d+))(?:[deDE]?([+-]\d+)|[deDE](\d+))?")
_WORD = re.compile(r"""'[^']*'|"[^"]*"|[^\s,'"]+""")


def split(line: str) -> list[str]:
    """The words of a line as Fortran reads a list: between blanks or commas, quotes taken off,
    3*0.0 three times; nothing after # or !."""
    words: list[str] = []
    for word in _WORD.findall(re.split("[#!]", line, maxsplit=1)[0]):
        repeated = re.fullmatch(r"(\d+)\*(.+)", word)
        if word[0] in "'\"":
            words.append(word[1:-1].strip())
        elif repeated and int(repeated[1]) <= 99:
            words += [repeated[2]] * int(repeated[1])
        else:
            words.append(word)
    return words


def number_of(word: str) -> float | None:
    """A number with any of Fortran's exponents (1.0d0, 1.0+5); None if it is none."""
    found = _NUMBER.fullmatch(word)
    return float(f"{found[1]}e{found[2] or found[3] or 0}") if found else None


class Reader:
    """One file: its lines, the position in it and the messages about it."""

    def __init__(self, parameters: Parameters, notes: list[str], path: Path, lines: list[str]):
        self.parameters = parameters
        self.notes = notes
        self.elements = parameters.elements
        self.path = path
        self.lines = lines
        self.line_number = 0
        self.words: list[str] = []
        self.skipped: set[str] = set()

    def statements(self) -> Iterator[list[str]]:
        """The words of each statement without comments; blank lines are empty lists.

        A line that begins with a number goes on with the statement of the line before.
        """
        number = 0
        while number < len(self.lines):
            line = self.lines[number]
            number += 1
            self.line_number = number
            self.words = split(line)
            if not self.words and line.strip():
                continue
            while self.words and number < len(self.lines):
                more = split(self.lines[number])
                if not more or number_of(more[0]) is None:
                    break
                self.words += more
                number += 1
            yield self.words

    def fail(self, message: str) -> NoReturn:
        raise UserError(f"{self.path}:{self.line_number}: {message}")

    def expect(self, count: int, form: str) -> None:
        if len(self.words) != count:
            self.fail(
                f"read {len(self.words)} words in '{' '.join(self.words)}', "
                f"allowed is {count}: {form}"
            )

    def numbers(self, start: int) -> list[float]:
        """The words from `start` on."""
        values = []
        for word in self.words[start:]:
            value = number_of(word)
            if value is None:
                self.fail(f"read '{word}', allowed is a number")
            values.append(value)
        return values

    def is_known(self, *names: str) -> bool:
        """Whether all names are among the elements or '*'; like nap, other lines are skipped."""
        unknown = [name for name in names if name != "*" and name not in self.elements]
        self.skipped.update(unknown)
        return not unknown

    def expand(self, name: str) -> list[str]:
        return self.elements if name == "*" else [name]

    def unordered(self, i: str, j: str) -> tuple[str, str]:
        return (i, j) if self.elements.index(i) <= self.elements.index(j) else (j, i)

    def check(self, part: Parameters) -> None:
        """Lets the reader of *.rfmeam files judge the values of the current line."""
        try:
            Potential.parse(part.write(), "")
        except PotentialFileError as error:
            # ":7: message" is about a line; ": message" about lines that are still to come
            if found := re.match(r":\d+: (.*)", str(error)):
                self.fail(found[1])

    def finish(self, part: Parameters) -> None:
        """Lets the reader of *.rfmeam files say what is missing."""
        if self.skipped:
            self.notes.append(
                f"{self.path}: lines about {', '.join(sorted(self.skipped))} are skipped, "
                "as they are not among --elements"
            )
        try:
            Potential.parse(part.write(), str(self.path))
        except PotentialFileError as error:
            raise UserError(str(error)) from None


def names_of(tuples: list[tuple[str, ...]]) -> str:
    return ", ".join(" ".join(names) for names in tuples)
