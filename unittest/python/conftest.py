"""Fixtures of the tests of the Python package."""

from pathlib import Path

import pytest
import rfmeam

from samples import LIF


def pytest_configure(config):
    config.addinivalue_line("markers", "slow: takes minutes; run with -m slow")


def pytest_collection_modifyitems(config, items):
    if "slow" not in config.option.markexpr:
        for item in items:
            if "slow" in item.keywords:
                item.add_marker(pytest.mark.skip(reason="slow: run with -m slow"))


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
