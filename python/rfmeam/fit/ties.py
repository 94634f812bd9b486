"""Ties between parameters: "A = 2 * B + 0.5"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .reader import Section, as_number

_NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
_TIE = re.compile(
    rf"\s*(?P<name>\S+)\s*=\s*(?:(?P<factor>{_NUMBER})\s*\*\s*)?(?P<master>[A-Za-z]\S*)"
    rf"\s*(?P<offset>[-+]\s*{_NUMBER})?\s*"
)


@dataclass(frozen=True)
class Tie:
    """name = factor · master + offset."""

    name: str
    master: str
    factor: float
    offset: float


def read_tie(section: Section, text: str) -> Tie:
    """A tie of FIT.yaml. Raises UserError."""
    found = _TIE.fullmatch(text)
    if not found:
        section.refuse(
            "ties", f"has {text!r}, allowed is NAME = NUMBER * NAME + NUMBER or parts of it"
        )
    offset = (found["offset"] or "0").replace(" ", "")
    return Tie(found["name"], found["master"], as_number(found["factor"] or "1"), as_number(offset))
