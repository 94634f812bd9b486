"""The numbers of a potential as plain Python data, and how they are written as a *.rfmeam file."""

import datetime
import re
from dataclasses import dataclass, field
from itertools import combinations_with_replacement, product

from ._core import COLUMNS, Potential

HEADER_KEYS = ("DATE", "UNITS", "CONTRIBUTOR", "CITATION", "COMMENT")
_PAIR_FORMS = ("timonova-thijsse", "srinivasan-duff", "double-exponential")
_KEY = re.compile(rf"\b({'|'.join(HEADER_KEYS)}):")
_FREE = re.compile(r"#( ?\S.*)?")  # a comment that neither holds a key nor goes on with one


@dataclass
class Header:
    """Who made a potential, when and from what: the comments above its first statement."""

    date: str = ""
    contributor: str = ""
    citation: str = ""
    comment: str = ""

    @classmethod
    def read(cls, text: str) -> "Header":
        """From the comment lines above `format`; a key that is not there is an empty string.

        A value goes on in lines that are indented by two spaces and more; other comments are free.
        """
        lines, inside = [], False
        for line in map(str.strip, text.splitlines()):
            if line and not line.startswith("#"):
                break
            has_key = _KEY.search(line) is not None
            inside = has_key or (inside and line != "" and not _FREE.fullmatch(line))
            if inside:
                lines.append(line.lstrip("# "))
        parts = _KEY.split("\n".join(lines))
        values = {key.lower(): " ".join(value.split()) for key, value in _pairs(parts[1:])}
        values.pop("units", None)
        return cls(**values)

    def write(self) -> str:
        """Comment lines; today's date where there is none."""
        values = {key: " ".join(value.split()) for key, value in vars(self).items()}
        date = values["date"] or datetime.date.today().isoformat()
        lines = [f"# DATE: {date} UNITS: metal"]
        lines += [f"# {key.upper()}: {v}" for key, v in values.items() if v and key != "date"]
        return "\n".join(lines) + "\n"


@dataclass
class Parameters:
    """All statements of a potential file, without wildcards; numbers in the order of the file.

    elements: symbols. Each dict has one entry for each element or unordered pair of elements
    (in the order of `elements`); triples (k, i, j) may be missing: such a k does not screen i-j.
    coulomb: kernel, cutoff, and lambda for screened_gaussian, alpha for slater. slater: (zeta, Z).
    wall: (K, q_s) by element and side ("upper", "lower"), where there is one. environment:
    (X, kappa); environment_charge: q_0, where there is one; environment_weight: s by ordered pair
    (atom, neighbour), for all pairs, with environments. fade: c, where there is one.
    Units: Å, eV, e. Without the RF-MEAM part `atomic`, `pair` and `triple` are empty; without
    charges `coulomb` is None and `charge`, `wall` and what kernels have (`rho`, `width`, `slater`,
    `shielding`) are empty. Environment and fade need both.
    """

    elements: list[str]
    atomic: dict[str, tuple[float, ...]] = field(default_factory=dict)
    pair: dict[tuple[str, str], tuple[str, tuple[float, ...]]] = field(default_factory=dict)
    triple: dict[tuple[str, str, str], tuple[float, float]] = field(default_factory=dict)
    coulomb: tuple[str, float] | tuple[str, float, float] | None = None
    charge: dict[str, tuple[float, float, float]] = field(default_factory=dict)
    rho: dict[tuple[str, str], float] = field(default_factory=dict)
    width: dict[str, float] = field(default_factory=dict)
    slater: dict[str, tuple[float, float]] = field(default_factory=dict)
    shielding: dict[str, float] = field(default_factory=dict)
    wall: dict[tuple[str, str], tuple[float, float]] = field(default_factory=dict)
    environment: dict[str, tuple[float, float]] = field(default_factory=dict)
    environment_charge: dict[str, float] = field(default_factory=dict)
    environment_weight: dict[tuple[str, str], float] = field(default_factory=dict)
    fade: dict[str, float] = field(default_factory=dict)

    def pairs(self) -> list[tuple[str, str]]:
        """The unordered pairs of elements."""
        return pairs_of(self.elements)

    @classmethod
    def of(cls, potential: Potential) -> "Parameters":
        """The parameters of a potential."""
        new = cls(list(potential.elements))
        if potential.has_meam:
            for i in new.elements:
                new.atomic[i] = potential.atomic(i).numbers
            for i, j in new.pairs():
                p = potential.pair(i, j)
                new.pair[i, j] = (p.form, p.numbers)
                for k in new.elements:
                    if (t := potential.triple(k, i, j)) is not None:
                        new.triple[k, i, j] = t.numbers
        if potential.has_charges:
            new.coulomb = (potential.coulomb_form, potential.coulomb_cutoff)
            for third in (potential.gaussian_screening_length, potential.damping):
                if third is not None:
                    new.coulomb = (*new.coulomb, third)
            for i in new.elements:
                new.charge[i] = potential.charge(i).numbers
                if (width := potential.width(i)) is not None:
                    new.width[i] = width
                if (slater := potential.slater(i)) is not None:
                    new.slater[i] = slater
                if (shielding := potential.shielding(i)) is not None:
                    new.shielding[i] = shielding
                for side in ("upper", "lower"):
                    if (wall := potential.wall(i, side)) is not None:
                        new.wall[i, side] = (wall.K, wall.q_s)
            if potential.coulomb_form == "screened_cut":
                new.rho = {(i, j): potential.rho(i, j) for i, j in new.pairs()}
        if potential.has_charges:
            new.fade = {i: c for i in new.elements if (c := potential.fade(i))}
        if potential.has_environment:
            new.environment = {i: potential.environment(i) for i in new.elements}
            new.environment_charge = {
                i: q for i in new.elements if (q := potential.environment_charge(i))
            }
            new.environment_weight = {
                (i, j): potential.environment_weight(i, j)
                for i, j in product(new.elements, repeat=2)
            }
        return new

    def write(self, header: Header | None = None) -> str:
        """The text of a potential file, from which Potential.parse gets each number exactly."""
        sections = [
            f"elements {' '.join(self.elements)}",
            _section(
                f"atomic El {' '.join(COLUMNS['atomic'])}",
                [("atomic", i, *numbers) for i, numbers in self.atomic.items()],
            ),
            *(
                _section(
                    f"pair El El {form} {' '.join(COLUMNS[form])}",
                    [("pair", *ij, form, *x) for ij, (f, x) in self.pair.items() if f == form],
                )
                for form in _PAIR_FORMS
            ),
            _section(
                f"triple K I J {' '.join(COLUMNS['triple'])} (K screens I-J)",
                [("triple", *kij, *window) for kij, window in self.triple.items()],
            ),
            _section(
                "coulomb kernel cutoff, lambda of screened_gaussian, alpha of slater",
                [("coulomb", *self.coulomb)] if self.coulomb else [],
            ),
            _section(
                f"charge El {' '.join(COLUMNS['charge'])}",
                [("charge", i, *numbers) for i, numbers in self.charge.items()],
            ),
            _section("rho El El value", [("rho", *ij, x) for ij, x in self.rho.items()]),
            _section("width El sigma", [("width", i, x) for i, x in self.width.items()]),
            _section("slater El zeta Z", [("slater", i, *x) for i, x in self.slater.items()]),
            _section(
                "shielding El gamma", [("shielding", i, x) for i, x in self.shielding.items()]
            ),
            _section(
                f"wall El upper|lower {' '.join(COLUMNS['wall'])}",
                [("wall", *key, *numbers) for key, numbers in self.wall.items()],
            ),
            _section(
                f"environment El {' '.join(COLUMNS['environment'])}",
                [("environment", i, *numbers) for i, numbers in self.environment.items()],
            ),
            _section(
                f"environment_charge El {' '.join(COLUMNS['environment_charge'])}",
                [("environment_charge", i, q) for i, q in self.environment_charge.items()],
            ),
            _section(
                "environment_weight El El s (of the second in the environment of the first)",
                [("environment_weight", *ij, x) for ij, x in self.environment_weight.items()],
            ),
            _section(
                f"fade El {' '.join(COLUMNS['fade'])}",
                [("fade", i, c) for i, c in self.fade.items()],
            ),
        ]
        body = "\n\n".join(section for section in sections if section)
        return f"{(header or Header()).write()}format rfmeam 1\n{body}\n\nend\n"


def pairs_of(elements: list[str]) -> list[tuple[str, str]]:
    """The unordered pairs of elements, in their order."""
    return list(combinations_with_replacement(elements, 2))


def _section(title: str, statements: list[tuple[str | float, ...]]) -> str:
    """The statements in columns, with a title as a comment; nothing where there are none."""
    if not statements:
        return ""
    rows = [[x if isinstance(x, str) else repr(float(x)) for x in words] for words in statements]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = (" ".join(map(str.ljust, row, widths)).rstrip() for row in rows)
    return "\n".join((f"# {title}", *lines))


def _pairs(flat: list[str]) -> list[tuple[str, str]]:
    return list(zip(flat[::2], flat[1::2], strict=True))
