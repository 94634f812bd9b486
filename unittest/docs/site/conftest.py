"""The programs of doc/site, and what ./dev docs has just made with them."""

import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(CHECKOUT / "doc" / "site"))


@pytest.fixture(scope="session")
def site() -> Path:
    folder = CHECKOUT / "build" / "docs"
    assert folder.exists(), "run ./dev docs, which makes the site first"
    return folder
