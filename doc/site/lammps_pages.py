"""The reference pages of the styles as LAMMPS' own manual has them (reStructuredText), from the Markdown of doc/.

    python doc/site/lammps_pages.py FOLDER

pandoc turns Markdown into reStructuredText; what LAMMPS' pages have beyond that is added here: index entries,
accelerator variants, blocks of LAMMPS input, links between pages and to LAMMPS' own commands, the version that a
command is new in.
"""

import re
import sys
import unicodedata
from pathlib import Path

import pypandoc

DOC = Path(__file__).resolve().parents[1]
PAGES = {"pair_rfmeam_qeq": "pair_style", "fix_qeq_vc": "fix"}
_NEW = "\n.. versionadded:: TBD\n"
# LAMMPS' manual is ASCII (its `make char_check`)
_ASCII = {
    "…": "...", "–": "-", "—": "-", "−": "-", "‖": "\\|\\|", "≥": ">=", "≤": "<=", "≠": "!=", "±": "+/-",
    "×": "x", "·": "*", "→": "->", "∞": "infinity", "≈": "about", "½": "1/2", "’": "'", "\u00a0": " ",
    "Å": "Angstrom", "µ": "u", "∂": "d", "∇": "grad", "Σ": "sum", "Ω": "Omega",
    "ö": "oe", "ü": "ue", "ä": "ae", "é": "e",
    **{letter: unicodedata.name(letter).split()[-1].lower() for letter in "αβγδεζηθκλμνξπρστφχψω"},
    **dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹", map("^{}".format, range(10)), strict=True)), "⁻": "^-",
    **{digit: str(value) for value, digit in enumerate("₀₁₂₃₄₅₆₇₈₉")},
}  # fmt: skip


def page(name: str) -> str:
    """The page of a style. Raises ValueError where the Markdown has another form than these pages have."""
    markdown = (DOC / f"{name}.md").read_text("utf-8")
    title = re.match(r"# ((?:pair_style|fix) (\S+) command)\n", markdown)
    variants = re.search(r"^Accelerator variants: (.*)$", markdown, re.MULTILINE)
    if not title or not variants:
        raise ValueError(f"doc/{name}.md: expected '# … command' and 'Accelerator variants: …' at its beginning")
    kind, style = PAGES[name], title.group(2)
    text = _ascii(markdown[variants.end() :], f"doc/{name}.md")
    body = pypandoc.convert_text(
        _links(text), "rst", format="gfm+tex_math_dollars", extra_args=["--wrap=auto", "--columns=78"]
    )
    names = [style, *re.findall(r"`([^`]+)`", variants.group(1))]
    index = "".join(f".. index:: {kind} {each}\n" for each in names)
    head = f"{index}\n{title.group(1)}\n{'=' * len(title.group(1))}\n\n"
    head += f"Accelerator Variants: {', '.join(f'*{each}*' for each in names[1:])}\n\n"
    return head + _as_lammps(body)


def _ascii(text: str, where: str) -> str:
    """Raises ValueError for a character that nobody has said how to write."""
    text = "".join(_ASCII.get(letter, letter) for letter in text)
    text = re.sub(r"(?<=\d)\^-?\d?(?:\^\d)+", lambda m: "^" + m.group().replace("^", ""), text)  # 10^-^1^2
    if unknown := sorted({letter for letter in text if not letter.isascii()}):
        raise ValueError(f"{where}: say in lammps_pages.py how to write {' '.join(unknown)} in ASCII")
    return text


def _links(markdown: str) -> str:
    """Links to other pages become marks that survive pandoc."""
    markdown = re.sub(r"\[([^\]]+)\]\((pair_rfmeam_qeq|fix_qeq_vc)\.md(?:#[^)]*)?\)", r"`DOC:\1 <\2>`", markdown)
    # pages that are not in LAMMPS' manual
    markdown = re.sub(r"\[potential_file\.md\]\([^)]*\)", "the format of potential files of this package", markdown)
    markdown = re.sub(r"\[([^\]]+)\]\((?!https?:)[^)]*\)", r"\1", markdown)

    def related(section: re.Match) -> str:
        commands = re.sub(r"`([a-z_]+)( [\w/]+)?`", _command, section.group(2))
        return section.group(1) + commands

    return re.sub(r"(## Related commands\n)(.*?)(?=\n## )", related, markdown, flags=re.DOTALL)


def _command(match: re.Match) -> str:
    """A command of LAMMPS as a link to its page: `fix qeq/shielded` is on the page fix_qeq, others on their own."""
    command, style = match.group(1), (match.group(2) or "").strip()
    if not style:
        return f"`DOC:{command} <{command}>`"
    short = {"pair_style": "pair"}.get(command, command)
    page_name = "fix_qeq" if style == "qeq/shielded" else f"{short}_{style.replace('/', '_')}"
    return f"`DOC:{command} {style} <{page_name}>`"


def _heading(match: re.Match) -> str:
    return match.group(1) + "\n" + '"' * len(match.group(1))


def _as_lammps(rst: str) -> str:
    """pandoc's reStructuredText in the form of LAMMPS' pages."""
    rst = re.sub(r"``DOC:([^<`]+) <(\w+)>``", r":doc:`\1 <\2>`", rst)
    rst = re.sub(r"^(.+)\n-{3,}$", _heading, rst, flags=re.MULTILINE)
    rst = re.sub(r"^::$", ".. code-block:: LAMMPS", rst, flags=re.MULTILINE)
    return re.sub(r'^(Description\n"+\n)', rf"\1{_NEW}", rst, count=1, flags=re.MULTILINE)


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name in PAGES:
        (folder / f"{name}.rst").write_text(page(name), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
