"""Reads the parameter files of nap (pmd): in.params.RFMEAM, in.params.Coulomb and in.pmd.

The formats are those of nap's `read_params_RFMEAM` and `Coulomb::read_params`
(https://github.com/ryokbys/nap, folder pmd), which read as Fortran does: commas, quotes, 1.0d0,
3*0.0 and statements that go on in the next line are understood. What this package cannot represent
is refused; what has no meaning here, such as settings of nap's charge optimiser, is listed in the
notes.
"""

import math
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import product
from pathlib import Path
from typing import NoReturn

from ._core import Potential, PotentialFileError
from .errors import UserError
from .parameters import Parameters


class NapVersion(StrEnum):
    """Versions of nap by the r_p they compute with.

    Commit f5ac40a (9 May 2026) gave the kind of nap's reals the name of the local variable that
    held r_p: since then r_p is the number of that kind, whatever the file says.
    """

    releases = "releases"  # all tagged releases with RF-MEAM, rev220527 to rev260402
    may_2026 = "2026-05"
    may_2026_single = "2026-05-single"  # the same, configured with --enable-single


FORCED_RP = {
    NapVersion.releases: None,  # the file's
    NapVersion.may_2026: 8.0,
    NapVersion.may_2026_single: 4.0,
}
"""The r_p (Å) that a version of nap computes with."""

K_E = 14.3998554737
"""nap's Coulomb constant, eV Å/e²."""

DEFAULT_SIGMA = 3.5355339
"""nap's sigma (Å) of `terms long` where the file gives none."""

DEFAULT_RHO = 5.0
"""nap's screening length (Å) where the file gives none."""

BOUND_STIFFNESS = 400.0
"""K (eV/e²) of walls that stand for nap's charge bounds: 10 eV/e push a charge 0.02 e beyond."""

OLD_SIGMA = 1.0e-5
"""sigma of nap before 21 September 2022 (up to rev220809), whose `atomic` lines have none."""

NO_WINDOW = (-1.0e30, 2.0)
"""Cmin and Cmax of a `triple` line of nap that never screens: C is not negative, so
y = (C - Cmin)/(Cmax - Cmin) rounds to 1. A *.rfmeam file has no line for such a triple."""

_NUMBER = re.compile(r"([+-]?(?:\d+\.?\d*|\.\d+))(?:[deDE]?([+-]\d+)|[deDE](\d+))?")
_WORD = re.compile(r"""'[^']*'|"[^"]*"|[^\s,'"]+""")

_OPTIMISER = {
    "chgopt_method",
    "codmp_method",
    "conv_eps_qeq",
    "nstp_qeq",
    "minstp_qeq",
    "minstp_conv_qeq",
    "dt_codmp",
    "qmass",
    "fdamp_codmp",
    "dfdamp_codmp",
    "finc_codmp",
    "fdec_codmp",
    "alpha0_codmp",
    "falpha_codmp",
    "dqmax_cogrd",
    "dqeps_cogrd",
    "omg2dt2",
}
_OTHER_TERMS = {"pacc", "fbvs", "rcut"}
RFMEAM, COULOMB, PMD = "in.params.RFMEAM", "in.params.Coulomb", "in.pmd"
_MARKS = {
    RFMEAM: {"atomic", "element", "pair", "triple"},
    COULOMB: {"charges", "terms", "charge_dist"},
    PMD: {"cutoff_radius"},
}
_UNKNOWN_TERMS = {
    "short": "the real-space part of an Ewald sum, with a cutoff function of its own",
    "direct": "a Coulomb energy that jumps at the cutoff",
}
_KERNELS = {  # of a *.rfmeam file, by nap's terms
    "direct_cut": "direct_cut",
    "screened_cut": "screened_cut",
    "full": "direct_cut",
    "long": "gaussian",
}
_FIXED_HARDNESS = 1.0  # eV/e^2, of a file with fixed charges: E0 takes its energy off again


@dataclass
class NapFiles:
    """What the files of nap say about some elements.

    parameters: the RF-MEAM part after in.params.RFMEAM was read, the charges after
    in.params.Coulomb. notes: what was read and is not carried over, and what nap understands in
    another way.
    """

    elements: list[str]
    version: NapVersion = NapVersion.releases
    parameters: Parameters = field(init=False)
    notes: list[str] = field(default_factory=list)

    def __post_init__(self):
        self.parameters = Parameters(list(self.elements))

    def read(self, path: Path, cutoff: float | None) -> None:
        """Reads in.params.RFMEAM or in.params.Coulomb. Raises UserError."""
        kind, lines = kind_of(path)
        if (
            (self.parameters.atomic or self.parameters.pair)
            if kind == RFMEAM
            else self.parameters.coulomb
        ):
            raise UserError(f"{path}: is a second {kind}, allowed is one of each kind")
        if kind == RFMEAM:
            _RfmeamReader(self, path, lines).run(self.version)
        elif cutoff is None:
            raise UserError(
                f"{path}: charges need --cutoff, the cutoff_radius (Å) of nap's in.pmd, which also "
                "cuts off its Coulomb terms; or give the in.pmd itself"
            )
        else:
            _CoulombReader(self, path, lines).run(cutoff)


def kind_of(path: Path) -> tuple[str, list[str]]:
    """RFMEAM, COULOMB or PMD, told apart by their keywords, and the lines. Raises UserError."""
    try:
        lines = path.read_text(encoding="utf-8-sig", errors="replace").splitlines()
    except OSError as error:
        raise UserError(f"{path}: cannot be read: {error.strerror}") from None
    keywords = {words[0] for line in lines if (words := _split(line))}
    if keywords & {"variable_charge", "screened_bvs"}:
        raise UserError(
            f"{path}: is an in.params.Coulomb of nap before 9 October 2019, which has no RF-MEAM: "
            "write its charges as nap reads them since, 'charges variable' and 'terms long'"
        )
    kinds = [kind for kind, marks in _MARKS.items() if keywords & marks]
    if len(kinds) != 1:
        raise UserError(
            f"{path}: is not a parameter file of nap, allowed are in.params.RFMEAM (keywords "
            "atomic, pair, triple), in.params.Coulomb (charges, terms) and in.pmd (cutoff_radius)"
        )
    return kinds[0], lines


def cutoff_radius(path: Path, lines: list[str]) -> float:
    """The cutoff_radius (Å) of an in.pmd. Raises UserError."""
    for number, line in enumerate(lines, 1):
        words = _split(line)
        if words and words[0] == "cutoff_radius":
            value = _number(words[1]) if len(words) > 1 else None
            if value is None or not value > 0.0:
                read = f"'{words[1]}'" if len(words) > 1 else "nothing"
                raise UserError(f"{path}:{number}: cutoff_radius is {read}, allowed is > 0")
            return value
    raise UserError(f"{path}: no cutoff_radius in it")


def elements_named(kind: str, lines: list[str]) -> list[str]:
    """The elements of the `atomic` or `charges` lines, in their order."""
    found: list[str] = []
    in_charges = False
    for words in map(_split, lines):
        name = ""
        if kind == RFMEAM and len(words) > 1 and words[0] in ("atomic", "element"):
            name = words[1]
        elif kind == COULOMB and words and in_charges:
            name = words[0]
        in_charges = bool(words) and (in_charges or words[0] == "charges")
        if name not in ("", "*", *found):
            found.append(name)
    return found


def _split(line: str) -> list[str]:
    """The words of a line as Fortran reads a list: between blanks or commas, quotes taken off,
    3*0.0 three times; nothing after # or !."""
    words: list[str] = []
    for word in _WORD.findall(re.split("[#!]", line, maxsplit=1)[0]):
        repeated = re.fullmatch(r"(\d+)\*(.+)", word)
        if word[0] in "'\"":
            words.append(word[1:-1].strip())
        elif repeated and int(repeated[1]) <= 99:
            words += [repeated[2]] * int(repeated[1])
        else:
            words.append(word)
    return words


def _number(word: str) -> float | None:
    """A number with any of Fortran's exponents (1.0d0, 1.0+5); None if it is none."""
    found = _NUMBER.fullmatch(word)
    return float(f"{found[1]}e{found[2] or found[3] or 0}") if found else None


class _Reader:
    """One file: its lines, the position in it and the messages about it."""

    def __init__(self, files: NapFiles, path: Path, lines: list[str]):
        self.parameters = files.parameters
        self.notes = files.notes
        self.elements = files.elements
        self.path = path
        self.lines = lines
        self.line_number = 0
        self.words: list[str] = []
        self.skipped: set[str] = set()

    def statements(self) -> Iterator[list[str]]:
        """The words of each statement without comments; blank lines are empty lists.

        A line that begins with a number goes on with the statement of the line before.
        """
        number = 0
        while number < len(self.lines):
            line = self.lines[number]
            number += 1
            self.line_number = number
            self.words = _split(line)
            if not self.words and line.strip():
                continue
            while self.words and number < len(self.lines):
                more = _split(self.lines[number])
                if not more or _number(more[0]) is None:
                    break
                self.words += more
                number += 1
            yield self.words

    def fail(self, message: str) -> NoReturn:
        raise UserError(f"{self.path}:{self.line_number}: {message}")

    def expect(self, count: int, form: str) -> None:
        if len(self.words) != count:
            self.fail(
                f"read {len(self.words)} words in '{' '.join(self.words)}', "
                f"allowed is {count}: {form}"
            )

    def numbers(self, start: int) -> list[float]:
        """The words from `start` on."""
        values = []
        for word in self.words[start:]:
            value = _number(word)
            if value is None:
                self.fail(f"read '{word}', allowed is a number")
            values.append(value)
        return values

    def is_known(self, *names: str) -> bool:
        """Whether all names are among the elements or '*'; like nap, other lines are skipped."""
        unknown = [name for name in names if name != "*" and name not in self.elements]
        self.skipped.update(unknown)
        return not unknown

    def expand(self, name: str) -> list[str]:
        return self.elements if name == "*" else [name]

    def unordered(self, i: str, j: str) -> tuple[str, str]:
        return (i, j) if self.elements.index(i) <= self.elements.index(j) else (j, i)

    def check(self, part: Parameters) -> None:
        """Lets the reader of *.rfmeam files judge the values of the current line."""
        try:
            Potential.parse(part.write(), "")
        except PotentialFileError as error:
            # ":7: message" is about a line; ": message" about lines that are still to come
            if found := re.match(r":\d+: (.*)", str(error)):
                self.fail(found[1])

    def finish(self, part: Parameters) -> None:
        """Lets the reader of *.rfmeam files say what is missing."""
        if self.skipped:
            self.notes.append(
                f"{self.path}: lines about {', '.join(sorted(self.skipped))} are skipped, "
                "as they are not among --elements"
            )
        try:
            Potential.parse(part.write(), str(self.path))
        except PotentialFileError as error:
            raise UserError(str(error)) from None


class _RfmeamReader(_Reader):
    def run(self, version: NapVersion) -> None:
        readers: dict[str, Callable[[], None]] = {
            "atomic": self.read_atomic,
            "element": self.read_atomic,
            "pair": self.read_pair,
            "triple": self.read_triple,
            "pairtype": lambda: None,
        }
        self.forced_rp = FORCED_RP[version]
        self.rp: dict[int, float] = {}  # by line, where versions of nap differ
        self.without_sigma: list[int] = []  # lines
        self.listed: set[tuple[str, str, str]] = set()  # triples with a line
        for words in self.statements():
            if not words:
                continue
            if words[0] not in readers:
                self.fail(f"read '{words[0]}', allowed are {', '.join(readers)}")
            readers[words[0]]()
        self.note_rp()
        self.note_sigma()
        self.add_missing_pairs()
        self.leave_out_missing_densities()
        p = self.parameters
        self.finish(Parameters(p.elements, p.atomic, p.pair, p.triple))

    def read_atomic(self) -> None:
        if len(self.words) == 17:
            self.without_sigma.append(self.line_number)
            self.words = [*self.words[:6], repr(OLD_SIGMA), *self.words[6:]]
        self.expect(18, "atomic El n e0 e1 e2 sigma p0 p1 p2 p3 q0 q1 q2 q3 t1 t2 t3")
        values = tuple(self.numbers(2))
        if not self.is_known(self.words[1]):
            return
        new = {i: values for i in self.expand(self.words[1])}
        self.check(Parameters(self.elements, atomic=new))
        self.parameters.atomic.update(new)

    def note_sigma(self) -> None:
        if self.without_sigma:
            self.notes.append(
                f"{self.path}: line {_listed(self.without_sigma)}: without sigma, as nap before 21 "
                f"September 2022 had it: its sigma of {OLD_SIGMA:g} is written. Later ones cannot "
                "read such lines"
            )

    def read_pair(self) -> None:
        if len(self.words) < 4 or self.words[3] not in ("1", "2"):
            read = f"'{self.words[3]}'" if len(self.words) > 3 else "nothing"
            self.fail(f"the type of the pair is {read}, allowed are 1 and 2")
        if self.words[3] == "1":
            self.expect(15, "pair El El 1 rc rs rp alpha epsilon c2 c3 w0 w1 w2 w3")
            form = "timonova-thijsse"
        else:
            self.expect(14, "pair El El 2 s1 s2 s3 b1 b2 b3 w0 w1 w2 w3")
            form = "srinivasan-duff"
        values = self.numbers(4)
        if not self.is_known(self.words[1], self.words[2]):
            return
        if form == "timonova-thijsse":
            if values[2] != FORCED_RP[NapVersion.may_2026]:
                self.rp[self.line_number] = values[2]
            if self.forced_rp is not None:
                values[2] = self.forced_rp
        names = product(self.expand(self.words[1]), self.expand(self.words[2]))
        new = {self.unordered(i, j): (form, tuple(values)) for i, j in names}
        self.check(Parameters(self.elements, pair=new))
        self.parameters.pair.update(new)

    def note_rp(self) -> None:
        """What versions of nap differ in."""
        if not self.rp:
            return
        where = f"{self.path}: line {_listed(self.rp)}: r_p is "
        where += ", ".join(f"{rp:g}" for rp in dict.fromkeys(self.rp.values()))
        forced = FORCED_RP[NapVersion.may_2026]
        if self.forced_rp is None:
            self.notes.append(
                f"{where}, which is kept: all releases of nap up to rev260402 compute with it. nap "
                f"from 9 May 2026 on (commit f5ac40a) computes with {forced:g} whatever its file "
                f"says; for a potential that was fitted with that, --nap-version "
                f"{NapVersion.may_2026}"
            )
        else:
            self.notes.append(
                f"{where}, and {self.forced_rp:g} is written instead, with which nap from 9 May "
                "2026 on (commit f5ac40a) computes; its releases up to rev260402 use the file's"
            )

    def read_triple(self) -> None:
        self.expect(6, "triple K I J Cmin Cmax")
        c_min, c_max = self.numbers(4)
        if not self.is_known(*self.words[1:4]):
            return
        names = product(*(self.expand(name) for name in self.words[1:4]))
        new = {(k, *self.unordered(i, j)): (c_min, c_max) for k, i, j in names}
        self.listed.update(new)
        # C is not negative: where y is 1 at C = 0 already, k never screens
        if c_min < c_max and -c_min / (c_max - c_min) >= 1.0:
            for triple in new:
                self.parameters.triple.pop(triple, None)
            return
        self.check(Parameters(self.elements, triple=new))
        self.parameters.triple.update(new)

    def add_missing_pairs(self) -> None:
        """A pair without a line does not interact in nap: here it gets a line with zeros."""
        p = self.parameters
        if not p.pair or len(p.atomic) < len(self.elements):
            return  # for finish() to refuse
        missing = [pair for pair in p.pairs() if pair not in p.pair]
        p.pair.update({pair: ("timonova-thijsse", _NO_PAIR) for pair in missing})
        if missing:
            self.notes.append(
                f"{self.path}: no 'pair' line for {_names(missing)}, which therefore do not "
                "interact in nap: lines with epsilon = w = 0 are written, which say the same"
            )

    def leave_out_missing_densities(self) -> None:
        """In the density of an atom I nap takes the product of neighbours J and K only where there
        is a line `triple K I J`; that K does not screen is one thing, that its density is cut is
        another. Here densities are always complete.

        Where all products of I are missing, I has no density in nap, and no embedding energy: the
        same is written. Where only some are, nothing here is equal to it.
        """
        p = self.parameters
        refused: list[tuple[str, str, str]] = []
        for i in self.elements:
            needed = self.triples_of_density(i)
            missing = [triple for triple in needed if triple not in self.listed]
            if needed and len(missing) == len(needed):
                n, _, _, _, *rest = p.atomic[i]
                p.atomic[i] = (n, 0.0, 0.0, 0.0, *rest)
                self.notes.append(
                    f"{self.path}: no 'triple' line for any neighbours of {i}: nap then gives {i} "
                    "no density and no embedding energy, so e0 = e1 = e2 = 0 is written"
                )
            else:
                refused += [triple for triple in missing if triple not in refused]
        if refused:
            low, high = NO_WINDOW
            raise UserError(
                f"{self.path}: no 'triple' line for {_names(refused)} (K I J): nap then leaves the "
                "product of the densities of J and K out of that of I, which a *.rfmeam file "
                "cannot say. If the densities are meant to be complete, add lines; "
                f"'triple K I J {low:g} {high:g}' does not screen"
            )

    def triples_of_density(self, i: str) -> list[tuple[str, str, str]]:
        """The triples (k, i, j), with the pair in order, whose lines nap asks for in the density of
        an atom of element i; those whose product is zero anyway are left out."""
        p = self.parameters
        if i not in p.atomic or not any(p.atomic[i][1:4]):
            return []
        contributions: dict[str, list[bool]] = {}
        for j in self.elements:
            pair = p.pair.get(self.unordered(i, j))
            if pair and j in p.atomic:
                amplitude, weight = p.atomic[j][5:9], pair[1][-4:]
                contributions[j] = [a * w != 0.0 for a, w in zip(amplitude, weight, strict=True)]
        found = [
            (k, *self.unordered(i, j))
            for j, of_j in contributions.items()
            for k, of_k in contributions.items()
            if any(a and b for a, b in zip(of_j, of_k, strict=True))
        ]
        return list(dict.fromkeys(found))


_NO_PAIR = (1.0, 0.5, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)  # timonova-thijsse, of no effect


def _listed(lines: Iterable[int]) -> str:
    return ", ".join(map(str, lines))


def _names(tuples: list[tuple[str, ...]]) -> str:
    return ", ".join(" ".join(names) for names in tuples)


class _CoulombReader(_Reader):
    def run(self, cutoff: float) -> None:
        self.terms: str | None = None
        self.gaussian = False  # charge_dist
        self.sigma = DEFAULT_SIGMA
        self.has_charges = False
        self.common_rho = DEFAULT_RHO
        self.radius: dict[str, float] = {}
        self.rho: dict[tuple[str, str], float] = {}
        self.left_out: list[str] = []
        self.interacting: set[tuple[str, str]] | None = None  # None: all
        self.fixed: dict[str, float] = {}
        block = ""
        self.bounds: dict[str, tuple[float, float, int]] = {}  # qbot, qtop, line
        self.bound_factor = {"bound_k2": 100.0, "bound_k4": 0.0}  # nap's defaults
        for words in self.statements():
            if not words:
                block = ""
            elif block == "charges":
                self.read_charge()
            elif block == "fixed":
                self.read_fixed_charge()
            elif block == "interactions":
                self.read_interaction()
            else:
                block = self.read_keyword(words[0])
        if not self.has_charges:
            raise UserError(f"{self.path}: no 'charges' line, allowed are variable, qeq and fixed")
        self.require_all_interactions()
        if self.fixed:
            self.note_fixed_charges()
        if self.terms is None:
            raise UserError(f"{self.path}: no 'terms' line, allowed are {', '.join(_KERNELS)}")

        if self.gaussian and self.terms == "full":
            self.terms = "long"  # as nap corrects it
        self.parameters.coulomb = (_KERNELS[self.terms], cutoff)
        if self.terms in ("full", "long"):
            self.sum_to_the_end()
        if self.terms == "screened_cut":
            self.parameters.rho.update(self.screening_lengths())
        self.write_walls()
        if self.left_out:
            self.notes.append(f"{self.path}: not carried over: {', '.join(self.left_out)}")
        p = self.parameters
        self.finish(
            Parameters(
                p.elements,
                coulomb=p.coulomb,
                charge=p.charge,
                rho=p.rho,
                width=p.width,
                wall=p.wall,
            )
        )

    def read_keyword(self, keyword: str) -> str:
        """Reads a statement; returns the block that begins with it: charges, fixed, interactions
        or none."""
        readers: dict[str, Callable[[], str | None]] = {
            "charges": self.read_charges,
            "charge_dist": self.read_distribution,
            "terms": self.read_terms,
            "sigma": self.read_sigma,
            "interactions": self.read_interactions,
            "dielectric": self.read_dielectric,
            "scale_factor": self.read_scale_factor,
            "rho_screened_cut": self.read_common_rho,
            "rad_screened_cut": self.read_radius,
            "rhoii_screened_cut": self.read_rho_ii,
            "rhoij_screened_cut": self.read_rho_ij,
            "bound_k2": self.read_bound_factor,
            "bound_k4": self.read_bound_factor,
        }
        if keyword in readers:
            return readers[keyword]() or ""
        if keyword not in _OPTIMISER | _OTHER_TERMS:
            allowed = sorted([*readers, *_OPTIMISER, *_OTHER_TERMS])
            self.fail(f"read '{keyword}', allowed are {', '.join(allowed)}")
        self.leave_out(keyword)
        return ""

    def leave_out(self, what: str) -> None:
        if what not in self.left_out:
            self.left_out.append(what)

    def read_choice(self, *allowed: str) -> str:
        self.expect(2, f"{self.words[0]} {'|'.join(allowed)}")
        if self.words[1] not in allowed:
            self.fail(f"{self.words[0]} is '{self.words[1]}', allowed is {' or '.join(allowed)}")
        return self.words[1]

    def read_charges(self) -> str:
        if self.words[1:] == ["fixed_bvs"]:
            self.fail(
                "charges is 'fixed_bvs', which makes charges of the composition of each system: "
                "allowed is variable, qeq or fixed"
            )
        kind = self.read_choice("variable", "qeq", "fixed")
        self.has_charges = True
        return "fixed" if kind == "fixed" else "charges"

    def read_fixed_charge(self) -> None:
        self.expect(2, "El q (a blank line ends the charges)")
        (value,) = self.numbers(1)
        if self.is_known(self.words[0]):
            self.fixed[self.words[0]] = value

    def note_fixed_charges(self) -> None:
        """nap has no energy of an atom for fixed charges: E0 takes off that of the hardness."""
        p = self.parameters
        p.charge.update(
            {i: (0.0, _FIXED_HARDNESS, -_FIXED_HARDNESS * q**2 / 2) for i, q in self.fixed.items()}
        )
        charges = ", ".join(f"{i} {q:g}" for i, q in self.fixed.items())
        self.notes.append(
            f"{self.path}: charges are fixed ({charges} e): set them in LAMMPS (`set type …"
            " charge`), or in ASE as initial charges, and do not use fix qeq/vc. J of the file is"
            " arbitrary, and E0 makes the atoms' own energy zero at these charges, as in nap"
        )

    def read_interactions(self) -> str:
        if len(self.words) == 2 and self.words[1] == "same_sign":
            self.fail("interactions is 'same_sign', allowed is full, or a list of all pairs")
        if len(self.words) > 1:
            self.read_choice("full")
            return ""
        self.interacting = set()
        return "interactions"

    def read_interaction(self) -> None:
        self.expect(2, "El El (a blank line ends the interactions)")
        if self.is_known(*self.words):
            assert self.interacting is not None
            self.interacting.update(
                self.unordered(i, j)
                for i, j in product(*(self.expand(name) for name in self.words))
            )

    def require_all_interactions(self) -> None:
        if self.interacting is None:
            return
        missing = [pair for pair in self.parameters.pairs() if pair not in self.interacting]
        if missing:
            raise UserError(
                f"{self.path}: 'interactions' leaves out {_names(missing)}: here charges interact "
                "between all elements, allowed is a list of all pairs"
            )

    def read_distribution(self) -> None:
        self.gaussian = self.read_choice("point", "gaussian") == "gaussian"

    def read_sigma(self) -> None:
        self.sigma = self.positive(0, "sigma width")

    def sum_to_the_end(self) -> None:
        """`full`: point charges. `long`: the reciprocal part of an Ewald sum alone, factors
        exp(-σ² k²/2): charges that are Gaussians of width σ/√2. nap takes their own energy,
        ½ k_e √(2/π)/σ q², out of J; a *.rfmeam file's J comes without it, and its kernel adds it.
        """
        if self.terms == "long":
            if self.fixed:
                raise UserError(
                    f"{self.path}: terms is 'long', and charges are fixed: nap then takes the width"
                    " of the charges from the cutoff; allowed is full"
                )
            own = K_E * math.sqrt(2.0 / math.pi) / self.sigma
            for name, (chi, hardness, offset) in self.parameters.charge.items():
                if not hardness > own:
                    self.line_number = self.bounds[name][2]
                    self.fail(
                        f"J of {name} is {hardness:g}, allowed with 'terms long' is more than "
                        f"k_e √(2/π)/sigma = {own:.6g} eV/e²: a softer atom has no equilibrium"
                    )
                self.parameters.charge[name] = (chi, hardness - own, offset)
                self.parameters.width[name] = self.sigma / math.sqrt(2.0)
            self.notes.append(
                f"{self.path}: nap (init_vc_Ewald) takes {own:.6g} eV/e² off J at every step anew; "
                "converted is what it computes at its first"
            )
        # LAMMPS splits its sum at g = 3.4/CUTOFF for 1e-6; Gaussians must be narrower than 1/2g
        cutoff = f"{5.0 * self.sigma:.1f}" if self.terms == "long" else "CUTOFF"
        self.notes.append(
            f"{self.path}: terms is '{self.terms}', a sum without cutoff: in LAMMPS 'pair_style "
            f"rfmeam/qeq long {cutoff}' and 'kspace_style ewald 1e-6' (or pppm), without which it "
            "is another model"
        )

    def read_charge(self) -> None:
        self.expect(6, "El chi J E0 qbot qtop (a blank line ends the charges)")
        values = self.numbers(1)
        name = self.words[0]
        if name == "*":
            self.fail("read '*', allowed is an element")
        if not self.is_known(name):
            return
        new = {name: tuple(values[:3])}
        self.check(Parameters(self.elements, coulomb=("direct_cut", 1.0), charge=new))
        self.parameters.charge.update(new)
        self.bounds[name] = (*values[3:], self.line_number)

    def read_bound_factor(self) -> None:
        self.expect(2, f"{self.words[0]} factor")
        (self.bound_factor[self.words[0]],) = self.numbers(1)

    def write_walls(self) -> None:
        """nap adds bound_k2 x² + bound_k4 x⁴ to the charge energy, x beyond qbot or qtop."""
        if not any(self.bound_factor.values()):
            self.leave_out("the charge bounds qbot and qtop (bound_k2 and bound_k4 are 0)")
            return
        for name, (bottom, top, line_number) in self.bounds.items():
            self.line_number = line_number
            if not bottom < top:
                self.fail(f"qbot is {bottom:g}, allowed is < qtop = {top:g}")
            self.parameters.wall[name, "lower"] = (BOUND_STIFFNESS, bottom)
            self.parameters.wall[name, "upper"] = (BOUND_STIFFNESS, top)
        if self.bounds:
            k2, k4 = self.bound_factor.values()
            self.notes.append(
                f"{self.path}: the charge bounds qbot and qtop become walls with K = "
                f"{BOUND_STIFFNESS:g} eV/e²: 10 eV/e push a charge 0.02 e beyond, and it feels "
                f"them from 0.1 e before (nap: {k2:g} x² + {k4:g} x⁴ beyond); without the 'wall' "
                "lines charges are unbounded"
            )

    def read_terms(self) -> None:
        if len(self.words) == 2 and (meaning := _UNKNOWN_TERMS.get(self.words[1])):
            self.fail(
                f"terms is '{self.words[1]}', {meaning}, which cannot be converted; allowed is "
                f"{' or '.join(_KERNELS)}"
            )
        self.terms = self.read_choice(*_KERNELS)

    def read_dielectric(self) -> None:
        value = self.positive(0, "dielectric 1")
        if value != 1.0:
            self.fail(
                f"dielectric is '{self.words[1]}', allowed is 1: a *.rfmeam file has none; give 1 "
                f"here and 'dielectric {self.words[1]}' in LAMMPS, which says the same"
            )

    def read_scale_factor(self) -> None:
        value = self.positive(0, "scale_factor 1")
        if value != 1.0:
            self.fail(
                f"scale_factor is '{self.words[1]}', allowed is 1: nap scales the energies of the "
                "atoms (chi, J, E0) too, so LAMMPS' dielectric alone is no substitute; give 1 here,"
                f" chi, J and E0 times {value:g}, and 'dielectric {1 / value:.12g}' in LAMMPS"
            )

    def positive(self, names: int, form: str) -> float:
        """The last word of a line with so many names of elements."""
        self.expect(names + 2, form)
        (value,) = self.numbers(names + 1)
        if not value > 0.0:
            self.fail(f"{self.words[0]} is '{self.words[-1]}', allowed is > 0")
        return value

    def read_common_rho(self) -> None:
        self.common_rho = self.positive(0, "rho_screened_cut rho")

    def read_radius(self) -> None:
        value = self.positive(1, "rad_screened_cut El radius")
        if self.is_known(self.words[1]):
            self.radius[self.words[1]] = value

    def read_rho_ii(self) -> None:
        value = self.positive(1, "rhoii_screened_cut El rho")
        if self.is_known(self.words[1]):
            self.rho[self.words[1], self.words[1]] = value

    def read_rho_ij(self) -> None:
        value = self.positive(2, "rhoij_screened_cut El El rho")
        if self.is_known(self.words[1], self.words[2]):
            self.rho[self.unordered(self.words[1], self.words[2])] = value

    def screening_lengths(self) -> dict[tuple[str, str], float]:
        """rho_ij as nap chooses them: all radii, else all rho_ii where a rho_ij is missing, else
        what is given and the common rho for the rest."""
        pairs = self.parameters.pairs()
        if all(i in self.radius for i in self.elements):
            return {(i, j): self.radius[i] + self.radius[j] for i, j in pairs}
        if self.radius:
            raise UserError(
                f"{self.path}: 'rad_screened_cut' lines for some elements, allowed is for all"
            )
        some_missing = any((i, j) not in self.rho for i, j in pairs if i != j)
        if some_missing and all((i, i) in self.rho for i in self.elements):
            overridden = [f"{i}-{j}" for i, j in self.rho if i != j]
            if overridden:
                self.notes.append(
                    f"{self.path}: rhoij_screened_cut of {', '.join(overridden)} is not used: nap "
                    "averages rhoii_screened_cut unless all pairs are given"
                )
            return {(i, j): (self.rho[i, i] + self.rho[j, j]) / 2 for i, j in pairs}
        return {ij: self.rho.get(ij, self.common_rho) for ij in pairs}
