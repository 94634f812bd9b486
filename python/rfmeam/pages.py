"""Reports of headings, paragraphs, tables and pictures, as Markdown and as one HTML file."""

from __future__ import annotations

import base64
import html
from dataclasses import dataclass
from pathlib import Path

from .terminal import writing

_CSS = """
body { font: 15px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem;
color: #222; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.15rem; margin-top: 2rem; } img { max-width: 100%; }
.wide { overflow-x: auto; } table { border-collapse: collapse; }
td, th { padding: .2rem .7rem; text-align: right; border-bottom: 1px solid #ddd; }
td:first-child, th:first-child { text-align: left; }
"""


@dataclass
class Section:
    """A heading with paragraphs, a table (heading first) and a picture."""

    title: str
    paragraphs: list[str]
    table: list[list[str]] | None = None
    picture: str | None = None


def write_pages(title: str, sections: list[Section], folder: Path) -> None:
    """report.md and report.html of a folder that has the pictures."""
    with writing(folder / "report.md"):
        (folder / "report.md").write_text(_markdown(title, sections), encoding="utf-8")
    with writing(folder / "report.html"):
        (folder / "report.html").write_text(_page(title, sections, folder), encoding="utf-8")


def _markdown(title: str, sections: list[Section]) -> str:
    lines = [f"# {title}", ""]
    for section in sections:
        lines += [f"## {section.title}", ""]
        for paragraph in section.paragraphs:
            lines += [paragraph, ""]
        if section.table:
            head, *body = section.table
            lines += [f"| {' | '.join(head)} |", "|" + "---|" * len(head)]
            lines += [f"| {' | '.join(row)} |" for row in body] + [""]
        if section.picture:
            lines += [f"![{section.title}]({section.picture})", ""]
    return "\n".join(lines)


def _page(title: str, sections: list[Section], folder: Path) -> str:
    parts = [f"<h1>{html.escape(title)}</h1>"]
    for section in sections:
        parts.append(f"<h2>{html.escape(section.title)}</h2>")
        parts += [f"<p>{html.escape(text)}</p>" for text in section.paragraphs]
        if section.table:
            cells = [
                "".join(f"<{tag}>{_cell(word)}</{tag}>" for word in row)
                for row, tag in zip(
                    section.table, ["th"] + ["td"] * (len(section.table) - 1), strict=True
                )
            ]
            rows = "".join(f"<tr>{row}</tr>" for row in cells)
            parts.append(f'<div class="wide"><table>{rows}</table></div>')
        if section.picture:
            data = base64.b64encode((folder / section.picture).read_bytes()).decode()
            parts.append(f'<p><img alt="{section.title}" src="data:image/png;base64,{data}"></p>')
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f"<title>{html.escape(title)}</title><style>{_CSS}</style></head><body>"
        f"{''.join(parts)}</body></html>\n"
    )


def _cell(word: str) -> str:
    text = html.escape(word)
    return f"<i>{text[1:-1]}</i>" if len(word) > 2 and word[0] == word[-1] == "*" else text
