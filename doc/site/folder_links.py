"""Links that are right in the repository, made right for the site.

A link to a folder is one to its README.md. Other folders are no pages: their link becomes their name. (Links to
files that are no pages are downloads, by myst_parser. What does not exist is a warning, so that the build fails.)
"""

import re
from pathlib import Path

_LINK = re.compile(r"(?<!!)\[([^\]\n]+)\]\(([^)\s#:]+)(#[^)\s]*)?\)")


def for_site(text: str, page: Path) -> str:
    """The text of a page with its links to folders replaced. page: its path."""

    def replace(link: re.Match) -> str:
        words, target, anchor = link.groups()
        path = page.parent / target
        if not path.is_dir():
            return link.group()
        if (path / "README.md").exists():
            return f"[{words}]({target.rstrip('/')}/README.md{anchor or ''})"
        return words

    return _LINK.sub(replace, text)


def _on_source(app, docname: str, source: list[str]) -> None:
    source[0] = for_site(source[0], Path(app.srcdir) / f"{docname}.md")


def setup(app) -> dict:
    app.connect("source-read", _on_source)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
