"""What commands have in common where they print and write."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console

WIDTH = 160  # columns of tables that go into a file or a pipe, where there is no terminal to fit


def table_console() -> Console:
    """Fits tables to the terminal; where there is none, it cuts no names off at 80 columns."""
    console = Console()
    return console if console.is_terminal else Console(width=WIDTH)


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Errors of the system that name no file (a full disk) are about this one."""
    try:
        yield
    except OSError as error:
        error.filename = error.filename or str(path)
        raise
