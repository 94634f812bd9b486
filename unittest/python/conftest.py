"""Fixtures of the tests of the Python package."""

from pathlib import Path

import pytest
import rfmeam

from samples import LIF


@pytest.fixture
def lif() -> rfmeam.Potential:
    return rfmeam.Potential.parse(LIF, "LiF")


@pytest.fixture
def write(tmp_path):
    """Writes a text into a new file and returns its path."""

    def write(text: str, name: str = "file") -> Path:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write
