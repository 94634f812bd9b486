"""Files that are the old one or the new one, never half of one, and locks."""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from ..terminal import writing

FOREVER = float("inf")


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A path to write to, beside `path`, which takes its place when the block ends without an
    error."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    with writing(path):
        yield part
        os.replace(part, path)


def write_text(path: Path, text: str) -> None:
    """Writes a file at once."""
    with replacing(path) as part:
        part.write_text(text, encoding="utf-8")


def write_json(path: Path, data: dict) -> None:
    """Writes a JSON file at once."""
    write_text(path, json.dumps(data, indent=1, ensure_ascii=False))


@contextmanager
def locked(path: Path, patience: float) -> Iterator[IO | None]:
    """Holds a file's lock and yields the file; None where another process has it for longer than
    `patience`, in s, 0 to FOREVER.

    The lock ends with the last process that has the file open: one that is handed to a child
    outlives a parent that is killed. It holds between the nodes of a cluster if their file system
    has locks (flock).
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    end = time.monotonic() + patience
    with path.open("w") as file:
        while not _take(file, wait=patience == FOREVER):
            if time.monotonic() >= end:
                yield None
                return
            time.sleep(0.1)
        yield file


def _take(file: IO, wait: bool) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError:
        return False
    return True
