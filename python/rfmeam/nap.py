"""Reads the parameter files of nap (pmd): in.params.RFMEAM and in.params.Coulomb.

The formats are those of nap's `read_params_RFMEAM` and `Coulomb::read_params`
(https://github.com/ryokbys/nap, folder pmd). What this package cannot represent is refused; what
has no meaning here, such as settings of nap's charge optimiser, is listed in the notes.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import NoReturn

from ._core import Potential, PotentialFileError
from .errors import UserError
from .parameters import Parameters

NAP_RP = 8.0
"""The r_p (Å) that nap computes with: it reads that of its file into a variable it never uses."""

DEFAULT_RHO = 5.0
"""nap's screening length (Å) where the file gives none."""

BOUND_STIFFNESS = 400.0
"""K (eV/e²) of walls that stand for nap's charge bounds: 10 eV/e push a charge 0.02 e beyond."""

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([deDE][+-]?\d+)?")

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
_OTHER_TERMS = {"sigma", "pacc", "fbvs", "rcut"}


@dataclass
class NapFiles:
    """What the files of nap say about some elements.

    parameters: the RF-MEAM part after read_rfmeam, the charges after read_coulomb.
    notes: what was read and is not carried over, and what nap understands in another way.
    """

    elements: list[str]
    parameters: Parameters = field(init=False)
    notes: list[str] = field(default_factory=list)

    def __post_init__(self):
        self.parameters = Parameters(list(self.elements))

    def read(self, path: Path, cutoff: float | None, rp_as_nap: bool) -> None:
        """Reads either file, told apart by its keywords. Raises UserError."""
        try:
            lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError as error:
            raise UserError(f"{path}: cannot be read: {error.strerror}") from None
        keywords = {words[0] for line in lines if (words := line.split())}
        is_rfmeam = bool(keywords & {"atomic", "element", "pair", "triple"})
        is_coulomb = bool(keywords & {"charges", "terms", "charge_dist"})
        if is_rfmeam == is_coulomb:
            raise UserError(
                f"{path}: is not a parameter file of nap, allowed are in.params.RFMEAM (keywords "
                "atomic, pair, triple) and in.params.Coulomb (charges, terms)"
            )
        if (
            (self.parameters.atomic or self.parameters.pair)
            if is_rfmeam
            else self.parameters.coulomb
        ):
            kind = "in.params.RFMEAM" if is_rfmeam else "in.params.Coulomb"
            raise UserError(f"{path}: is a second {kind}, allowed is one of each kind")
        if is_rfmeam:
            _RfmeamReader(self, path, lines).run(rp_as_nap)
        elif cutoff is None:
            raise UserError(
                f"{path}: charges need --cutoff, the cutoff_radius (Å) of nap's in.pmd, which also "
                "cuts off its Coulomb terms"
            )
        else:
            _CoulombReader(self, path, lines).run(cutoff)


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
        """The words of each line without comments; blank lines are empty lists."""
        for number, line in enumerate(self.lines, 1):
            self.line_number = number
            text = re.split("[#!]", line, maxsplit=1)[0]
            self.words = text.replace(",", " ").split()
            if self.words or not line.strip():
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
        """The words from `start` on, with Fortran's exponents (1.0d0)."""
        for word in self.words[start:]:
            if not _NUMBER.fullmatch(word):
                self.fail(f"read '{word}', allowed is a number")
        return [float(re.sub("[dD]", "e", word)) for word in self.words[start:]]

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
    def run(self, rp_as_nap: bool) -> None:
        readers: dict[str, Callable[[], None]] = {
            "atomic": self.read_atomic,
            "element": self.read_atomic,
            "pair": self.read_pair,
            "triple": self.read_triple,
            "pairtype": lambda: None,
        }
        self.rp_as_nap = rp_as_nap
        for words in self.statements():
            if not words:
                continue
            if words[0] not in readers:
                self.fail(f"read '{words[0]}', allowed are {', '.join(readers)}")
            readers[words[0]]()
        p = self.parameters
        self.finish(Parameters(p.elements, p.atomic, p.pair, p.triple))

    def read_atomic(self) -> None:
        self.expect(18, "atomic El n e0 e1 e2 sigma p0 p1 p2 p3 q0 q1 q2 q3 t1 t2 t3")
        values = tuple(self.numbers(2))
        if not self.is_known(self.words[1]):
            return
        new = {i: values for i in self.expand(self.words[1])}
        self.check(Parameters(self.elements, atomic=new))
        self.parameters.atomic.update(new)

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
        if form == "timonova-thijsse" and values[2] != NAP_RP:
            self.note_rp(values[2])
            if self.rp_as_nap:
                values[2] = NAP_RP
        names = product(self.expand(self.words[1]), self.expand(self.words[2]))
        new = {self.unordered(i, j): (form, tuple(values)) for i, j in names}
        self.check(Parameters(self.elements, pair=new))
        self.parameters.pair.update(new)

    def note_rp(self, rp: float) -> None:
        what = (
            f"{NAP_RP:g} is written instead (--rp-as-nap)"
            if self.rp_as_nap
            else f"{rp:g} is kept; --rp-as-nap writes {NAP_RP:g}, which reproduces nap's numbers"
        )
        self.notes.append(
            f"{self.path}:{self.line_number}: r_p is {rp:g}, but nap computes with r_p = "
            f"{NAP_RP:g} whatever its file says: {what}"
        )

    def read_triple(self) -> None:
        self.expect(6, "triple K I J Cmin Cmax")
        c_min, c_max = self.numbers(4)
        if not self.is_known(*self.words[1:4]):
            return
        names = product(*(self.expand(name) for name in self.words[1:4]))
        new = {(k, *self.unordered(i, j)): (c_min, c_max) for k, i, j in names}
        self.check(Parameters(self.elements, triple=new))
        self.parameters.triple.update(new)


class _CoulombReader(_Reader):
    def run(self, cutoff: float) -> None:
        self.terms: str | None = None
        self.has_charges = False
        self.common_rho = DEFAULT_RHO
        self.radius: dict[str, float] = {}
        self.rho: dict[tuple[str, str], float] = {}
        self.left_out: list[str] = []
        self.bounds: dict[str, tuple[float, float, int]] = {}  # qbot, qtop, line
        self.bound_factor = {"bound_k2": 100.0, "bound_k4": 0.0}  # nap's defaults
        in_charges = False
        for words in self.statements():
            if not words:
                in_charges = False
            elif in_charges:
                self.read_charge()
            else:
                in_charges = self.read_keyword(words[0]) == "charges"
        if not self.has_charges:
            raise UserError(
                f"{self.path}: no 'charges variable' line: it is not about variable charges"
            )
        if self.terms is None:
            raise UserError(
                f"{self.path}: no 'terms' line, allowed are direct_cut and screened_cut"
            )

        self.parameters.coulomb = (self.terms, cutoff)
        if self.terms == "screened_cut":
            self.parameters.rho.update(self.screening_lengths())
        self.write_walls()
        if self.left_out:
            self.notes.append(f"{self.path}: not carried over: {', '.join(self.left_out)}")
        p = self.parameters
        self.finish(
            Parameters(p.elements, coulomb=p.coulomb, charge=p.charge, rho=p.rho, wall=p.wall)
        )

    def read_keyword(self, keyword: str) -> str:
        readers: dict[str, Callable[[], None]] = {
            "charges": self.read_charges,
            "charge_dist": lambda: self.read_choice("point"),
            "terms": self.read_terms,
            "interactions": lambda: self.read_choice("full"),
            "dielectric": self.read_unit_factor,
            "scale_factor": self.read_unit_factor,
            "rho_screened_cut": self.read_common_rho,
            "rad_screened_cut": self.read_radius,
            "rhoii_screened_cut": self.read_rho_ii,
            "rhoij_screened_cut": self.read_rho_ij,
            "bound_k2": self.read_bound_factor,
            "bound_k4": self.read_bound_factor,
        }
        if keyword in readers:
            readers[keyword]()
        elif keyword in _OPTIMISER | _OTHER_TERMS:
            self.leave_out(keyword)
        else:
            allowed = sorted([*readers, *_OPTIMISER, *_OTHER_TERMS])
            self.fail(f"read '{keyword}', allowed are {', '.join(allowed)}")
        return keyword

    def leave_out(self, what: str) -> None:
        if what not in self.left_out:
            self.left_out.append(what)

    def read_choice(self, *allowed: str) -> str:
        self.expect(2, f"{self.words[0]} {'|'.join(allowed)}")
        if self.words[1] not in allowed:
            self.fail(f"{self.words[0]} is '{self.words[1]}', allowed is {' or '.join(allowed)}")
        return self.words[1]

    def read_charges(self) -> None:
        self.read_choice("variable", "qeq")
        self.has_charges = True

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
        self.terms = self.read_choice("direct_cut", "screened_cut")

    def read_unit_factor(self) -> None:
        self.expect(2, f"{self.words[0]} 1")
        if self.numbers(1) != [1.0]:
            self.fail(f"{self.words[0]} is '{self.words[1]}', allowed is 1: use LAMMPS' dielectric")

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
