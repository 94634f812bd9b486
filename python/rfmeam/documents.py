"""Parts of documents that programs write."""

from pathlib import Path

from .errors import UserError


def replace_between(document: Path, begin: str, end: str, text: str) -> None:
    """Puts the text between two markers of the document, on lines of its own.

    Raises UserError if a marker is not there.
    """
    before, found, rest = document.read_text(encoding="utf-8").partition(begin)
    _, found_end, after = rest.partition(end)
    if not found or not found_end:
        raise UserError(f"{document}: has no lines {begin} and {end}")
    document.write_text(f"{before}{begin}\n{text.rstrip()}\n{end}{after}", encoding="utf-8")
