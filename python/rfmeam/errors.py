"""The error of a user's mistake: shown as a message, never as a traceback."""

from collections.abc import Iterator
from contextlib import contextmanager


class UserError(ValueError):
    """A mistake in what the user gave: "where: what was read, what is allowed"."""


_PYTHON = {"glass": " (Python 3.12 or later)"}


def install(extra: str) -> str:
    """How the libraries of an extra are installed. There is no rfmeam on PyPI: only here."""
    return f"pip install './python[{extra}]' in the folder of rfmeam-qeq{_PYTHON.get(extra, '')}"


@contextmanager
def needs(extra: str) -> Iterator[None]:
    """Around imports of what an extra installs: a UserError tells how, if a library is missing."""
    try:
        yield
    except ModuleNotFoundError as error:
        raise UserError(f"{error.name} is not installed: {install(extra)}") from None
