"""The error of a user's mistake: shown as a message, never as a traceback."""


class UserError(ValueError):
    """A mistake in what the user gave: "where: what was read, what is allowed"."""


_PYTHON = {"glass": " (Python 3.12 or later)"}


def install(extra: str) -> str:
    """How the libraries of an extra are installed. There is no rfmeam on PyPI: only here."""
    return f"pip install './python[{extra}]' in the folder of rfmeam-qeq{_PYTHON.get(extra, '')}"
