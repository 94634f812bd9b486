"""LAMMPS lines of a user's force field: which are taken, and walls for bare Buckingham terms.

Only lines that define interactions are taken. Whatever else a script has (integrators, velocities,
masses, runs, …) would act on every stage of the glass, and none of it would be in the report.
"""

import re
import shlex
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from ..errors import UserError
from . import pair_table


@dataclass(frozen=True)
class Statement:
    """A command of a file: the line where it begins, its words, and its text without `&`."""

    line: int
    words: list[str]
    text: str


def read(path: Path) -> list[Statement]:
    """The commands of a file, checked. Raises UserError with file and line."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise UserError(f"{path}: not a text file; expected LAMMPS pair lines") from None
    found = list(_statements(path, text))
    for statement in found:
        if refusal := _refusal(statement.words):
            raise UserError(
                f"{path}: line {statement.line}: {refusal}; allowed are lines that define "
                f"interactions: {', '.join(_ALLOWED)}"
            )
    if not any(statement.words[0] == "pair_style" for statement in found):
        raise UserError(f"{path}: no pair_style in it; expected LAMMPS pair lines")
    return found


def _statements(path: Path, text: str) -> Iterable[Statement]:
    first, parts = 0, []
    for number, line in enumerate(text.splitlines(), 1):
        first = first if parts else number
        parts.append(line.rstrip())
        if parts[-1].endswith("&"):
            parts[-1] = parts[-1][:-1]
            continue
        whole = " ".join(parts)
        parts = []
        if '"""' in whole:
            raise UserError(f'{path}: line {first}: """ is not taken; allowed are single quotes')
        lexer = shlex.shlex(whole, posix=True, punctuation_chars=False)
        lexer.whitespace_split, lexer.escape = True, ""
        try:
            words = list(lexer)
        except ValueError as error:
            raise UserError(f"{path}: line {first}: {error}".lower()) from None
        if words:
            yield Statement(first, words, whole.strip())


# ---- what is taken ----

_OURS = "is set by rfmeam glass"
_REASONS = {
    "units": f"{_OURS} (metal)",
    "atom_style": f"{_OURS} (charge)",
    "mass": f"{_OURS}: masses are those of the elements",
    "velocity": f"{_OURS}: it would begin every stage, and every resumption of one",
    "include": "is not taken: what it reads would not be checked; put the lines here",
    "shell": "is not taken",
}
_REASONS |= dict.fromkeys(
    (
        *("boundary", "read_data", "read_restart", "run", "minimize", "timestep", "dump", "thermo"),
        *("thermo_style", "thermo_modify", "neighbor", "newton", "processors", "reset_timestep"),
        *("restart", "write_data", "write_restart", "create_box", "create_atoms", "run_style"),
    ),
    _OURS,
)


def _refusal(words: list[str]) -> str:
    """Why a command is not taken; empty if it is."""
    command = words[0]
    if command not in _ALLOWED:
        return f"'{command}' {_REASONS.get(command, 'is not taken')}"
    why = _ALLOWED[command](words)
    return f"'{' '.join(words)}' {why}" if why else ""


_CHARGES = re.compile(r"(qeq|qtpie|acks2)/[a-z0-9/]+")


def _fix(words: list[str]) -> str:
    style = words[3] if len(words) > 3 else "nothing"
    if _CHARGES.fullmatch(style):
        return ""
    return f"is not taken: of the fixes only those that equilibrate charges (qeq/…), not {style}"


def _set(words: list[str]) -> str:
    ok = len(words) >= 5 and words[1] in ("type", "group") and set(words[3::2]) == {"charge"}
    return "" if ok else "is not taken: of set only 'set type … charge …'"


def _variable(words: list[str]) -> str:
    name, style = [*words[1:3], "", ""][:2]
    if name == "elements" or re.fullmatch("[A-Z][a-z]?", name):
        return f"{_OURS}"
    allowed = ("equal", "index", "string")
    return "" if style in allowed else f"is not taken: of variables only {', '.join(allowed)}"


def _group(words: list[str]) -> str:
    allowed = ("type", "union", "subtract", "intersect")
    return "" if words[2:3] and words[2] in allowed else f"is not taken: only {', '.join(allowed)}"


def _neigh_modify(words: list[str]) -> str:
    return "" if set(words[1::2]) <= {"one", "page"} else "is not taken: only one and page"


def _fix_modify(words: list[str]) -> str:
    return "" if set(words[2::2]) <= {"energy", "virial"} else "is not taken: only energy, virial"


def _comm_modify(words: list[str]) -> str:
    ok = set(words[1::2]) <= {"cutoff", "mode", "cutoff/multi"}
    return "" if ok else "is not taken: only cutoff and mode"


def _plugin(words: list[str]) -> str:
    return "" if words[1:2] == ["load"] else "is not taken: only load"


def _any(_: list[str]) -> str:
    return ""


_ALLOWED: dict[str, Callable[[list[str]], str]] = {
    "pair_style": _any,
    "pair_coeff": _any,
    "pair_modify": _any,
    "kspace_style": _any,
    "kspace_modify": _any,
    "dielectric": _any,
    "set": _set,
    "fix": _fix,
    "fix_modify": _fix_modify,
    "group": _group,
    "variable": _variable,
    "neigh_modify": _neigh_modify,
    "comm_modify": _comm_modify,
    "plugin": _plugin,
}


# ---- walls for Buckingham terms ----

_BUCK = re.compile(r"buck(/coul/(cut|long|msm)|/long/coul/long)?(/(omp|opt|gpu|kk|intel))?")
WALLS_FILE = "walls.table"
INNER, POINTS = 0.25, 2000  # Å where the tables begin; rows of a table


def has_bare_buckingham(statements: list[Statement]) -> bool:
    """Whether a pair_style among the commands has a term A exp(-r/rho) - C/r^6."""
    return any(
        statement.words[0] == "pair_style" and any(map(_BUCK.fullmatch, statement.words[1:]))
        for statement in statements
    )


def with_walls(
    path: Path, statements: list[Statement], elements: tuple[str, ...]
) -> tuple[list[str], str, dict]:
    """The lines with walls inside of all Buckingham terms (see pair_table.repaired), the table file
    they need, and the walls' numbers by pair.

    The walls are a table of wall minus bare term, added with pair_style hybrid/overlay. Raises
    UserError where that cannot be done.
    """
    style = _only_pair_style(path, statements)
    overlay = style.words[1].startswith("hybrid/overlay")
    terms: dict[tuple[int, int], tuple[float, float, float]] = {}
    lines = []
    for statement in statements:
        words = statement.words
        if statement is style:
            inner = words[2:] if overlay else words[1:]
            lines.append(
                " ".join(["pair_style hybrid/overlay", *inner, "table spline", str(POINTS)])
            )
        elif words[0] == "pair_coeff":
            name = words[3] if overlay else style.words[1]
            numbers = words[4:] if overlay else words[3:]
            if _BUCK.fullmatch(name):
                terms |= _terms(path, statement, numbers, elements)
            lines.append(" ".join([*words[:3], name, *numbers]))
        else:
            lines.append(statement.text)
    sections, walls = [], {}
    for (i, j), (a, rho, c) in sorted(terms.items()):
        if c == 0.0:
            continue
        pair = f"{elements[i - 1]}-{elements[j - 1]}"
        try:
            term = pair_table.repaired(a, rho, c)
        except ValueError as error:
            raise UserError(f"{path}: --repair: {pair}: {error}") from None
        assert term.wall
        lines.append(f"pair_coeff {i} {j} table forcefield/{WALLS_FILE} {pair}")
        sections.append(
            pair_table.table_section(pair, pair_table.WallOnly(term), INNER, term.wall.r0, POINTS)
        )
        walls[pair] = {"A": a, "rho": rho, "C": c} | vars(term.wall)
    if not walls:
        raise UserError(f"{path}: --repair: there is no Buckingham term with C > 0 in it")
    return lines, "# walls inside Buckingham terms\n\n" + "".join(sections), walls


def _only_pair_style(path: Path, statements: list[Statement]) -> Statement:
    styles = [statement for statement in statements if statement.words[0] == "pair_style"]
    style = styles[-1]
    if not has_bare_buckingham([style]):
        raise UserError(f"{path}: --repair: no buck… in its pair_style, which is what it repairs")
    hybrid = style.words[1].startswith("hybrid") and not style.words[1].startswith("hybrid/overlay")
    twice = sum(_BUCK.fullmatch(word) is not None for word in style.words) > 1
    if len(styles) > 1 or hybrid or twice or "table" in style.words:
        raise UserError(
            f"{path}: line {style.line}: --repair adds tables with hybrid/overlay to one "
            "pair_style with one buck… that is not hybrid and has no table yet; write the walls "
            "into the file"
        )
    return style


def _terms(path: Path, statement: Statement, numbers: list[str], elements: tuple[str, ...]) -> dict:
    """A, rho, C by pair of types of a pair_coeff line."""
    try:
        a, rho, c = map(float, numbers[:3])
    except ValueError:
        raise UserError(
            f"{path}: line {statement.line}: --repair: read '{' '.join(numbers)}', expected the "
            "numbers A, rho, C"
        ) from None
    first, second = (_types(path, statement, word, elements) for word in statement.words[1:3])
    return {(min(pair), max(pair)): (a, rho, c) for pair in product(first, second)}


def _types(path: Path, statement: Statement, word: str, elements: tuple[str, ...]) -> list[int]:
    """Atom types of 2, 1*3, *, ${O}."""
    if found := re.fullmatch(r"\$\{?([A-Z][a-z]?)\}?", word):
        if found[1] in elements:
            return [elements.index(found[1]) + 1]
    elif found := re.fullmatch(r"(\d*)(\*?)(\d*)", word):
        low, star, high = found.groups()
        if star:
            return list(range(int(low or 1), int(high or len(elements)) + 1))
        if low and not high and 1 <= int(low) <= len(elements):
            return [int(low)]
    raise UserError(
        f"{path}: line {statement.line}: read '{word}', expected an atom type: 1 to "
        f"{len(elements)}, * or " + ", ".join(f"${{{element}}}" for element in elements)
    )
