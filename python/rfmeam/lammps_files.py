"""Charge parameters of LAMMPS' potential files: `*.streitz` of coul/streitz, ffield of ReaxFF."""

import math
from collections.abc import Iterator
from pathlib import Path

from .errors import UserError
from .parameters import Parameters

_LOWER_TAPER, _UPPER_TAPER = 11, 12  # places among ReaxFF's general parameters


def streitz_parameters(
    path: Path, elements: list[str], cutoff: float | None, alpha: float | None
) -> tuple[Parameters, list[str]]:
    """coulomb slater from lines `El chi J gamma zeta Z`, and what the user must know.

    elements: those wanted, in this order; empty: all of the file. cutoff (Å) and alpha (1/Å) are
    not in the file, but in LAMMPS' pair_style. Raises UserError.
    """
    if cutoff is None:
        raise UserError("give --cutoff: the one of pair_style coul/streitz, Å")
    if alpha is None:
        raise UserError("give --alpha: the one after 'wolf' in pair_style coul/streitz, 1/Å")
    if not 0.0 <= alpha < math.inf:
        raise UserError(f"--alpha is '{alpha:g}', allowed is >= 0")
    found: dict[str, list[float]] = {}
    for number, words in _lines(path, comments=True):
        where = f"{path}:{number}"
        if len(words) != 6:
            raise UserError(
                f"{where}: read {len(words)} words, allowed are 6: El chi J gamma zeta Z"
            )
        if words[0] in found:
            raise UserError(f"{where}: a second line for '{words[0]}', allowed is one")
        chi, hardness, gamma, zeta, core = (_number(where, word) for word in words[1:])
        if gamma != 0.0:
            raise UserError(f"{where}: gamma is '{words[3]}', allowed is 0")
        for name, value, word in (("J", hardness, words[2]), ("zeta", zeta, words[4])):
            if value <= 0.0:
                raise UserError(f"{where}: {name} is '{word}', allowed is > 0")
        if core < 0.0:
            raise UserError(f"{where}: Z is '{words[5]}', allowed is >= 0")
        found[words[0]] = [chi, hardness, zeta, core]
    new = Parameters(_chosen(path, elements, found), coulomb=("slater", cutoff, alpha))
    for i in new.elements:
        chi, hardness, zeta, core = found[i]
        new.charge[i] = (chi, hardness, 0.0)
        new.slater[i] = (zeta, core)
    return new, [
        "pair_style coul/streitz counts what its cutoff takes off the slopes in its forces, but "
        "not in its energy; the converted potential counts it in both",
    ]


def reaxff_parameters(
    path: Path, elements: list[str], cutoff: float | None
) -> tuple[Parameters, list[str]]:
    """coulomb shielded from the EEM parameters of an ffield, and what the user must know.

    elements: those wanted, in this order; empty: all of the file that have EEM parameters. cutoff
    (Å): if it is not the upper taper radius of the file. Raises UserError.
    """
    lines = list(_lines(path, comments=False))
    at = 1  # behind the title
    count = _count(path, lines, at, "number of general parameters")
    general = [_number(f"{path}:{n}", words[0]) for n, words in _part(path, lines, at + 1, count)]
    if count <= _UPPER_TAPER:
        raise UserError(
            f"{path}: {count} general parameters, allowed are more: the taper's are missing"
        )
    if general[_LOWER_TAPER] != 0.0:
        raise UserError(
            f"{path}: the lower taper radius is {general[_LOWER_TAPER]:g}, allowed is 0"
        )
    at += 1 + count
    atoms = _count(path, lines, at, "number of atoms")
    at += 4  # with three lines of titles behind it
    found: dict[str, list[float]] = {}
    for _ in range(atoms):
        (first, one), (second, two) = _part(path, lines, at, 2)
        for number, words, wanted in ((first, one, 9), (second, two, 8)):
            if len(words) < wanted:
                raise UserError(f"{path}:{number}: read {len(words)} words, allowed are {wanted}")
        chi, eta = (_number(f"{path}:{second}", word) for word in two[5:7])
        found[one[0].capitalize()] = [chi, 2.0 * eta, _number(f"{path}:{first}", one[6])]
        at += 4
        if at < len(lines) and len(lines[at][1]) == 2:
            at += 1  # those of van der Waals terms of ReaxFF-lg
    chosen = elements or [
        i for i, (_, hardness, gamma) in found.items() if min(hardness, gamma) > 0
    ]
    new = Parameters(
        _chosen(path, chosen, found),
        coulomb=("shielded", general[_UPPER_TAPER] if cutoff is None else cutoff),
    )
    for i in new.elements:
        chi, hardness, gamma = found[i]
        if min(hardness, gamma) <= 0.0:
            raise UserError(
                f"{path}: {i} has eta {hardness / 2:g} and gamma {gamma:g}, allowed is > 0"
            )
        new.charge[i] = (chi, hardness, 0.0)
        new.shielding[i] = gamma
    return new, [
        "ReaxFF has k_e = 14.4 eV Å/e²: charges agree with those of fix qeq/reaxff at 'dielectric "
        "0.99997535'",
        "the potential holds the charges alone, nothing else of ReaxFF",
    ]


def _lines(path: Path, comments: bool) -> Iterator[tuple[int, list[str]]]:
    """Line numbers and words; comments: without those behind #, and without empty lines."""
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise UserError(f"{path}: cannot be read: {error.strerror}") from None
    for number, line in enumerate(text.splitlines(), 1):
        words = (line.partition("#")[0] if comments else line).split()
        if words or not comments:
            yield number, words


def _part(path: Path, lines: list[tuple[int, list[str]]], at: int, count: int):
    part = lines[at : at + count]
    if len(part) < count or not all(words for _, words in part):
        raise UserError(
            f"{path}: ends at line {len(lines)} or has an empty one before it: truncated"
        )
    return part


def _count(path: Path, lines: list[tuple[int, list[str]]], at: int, what: str) -> int:
    [(number, words)] = _part(path, lines, at, 1)
    if not words[0].isdigit():
        raise UserError(f"{path}:{number}: {what} is '{words[0]}', allowed is a whole number")
    return int(words[0])


def _number(where: str, word: str) -> float:
    try:
        value = float(word)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise UserError(f"{where}: read '{word}', allowed is a finite number")
    return value


def _chosen(path: Path, elements: list[str], found: dict[str, list[float]]) -> list[str]:
    for element in elements:
        if element not in found:
            raise UserError(f"{path}: no element '{element}', allowed are {' '.join(found)}")
    if not found:
        raise UserError(f"{path}: no element in the file, allowed is at least one")
    return elements or list(found)
