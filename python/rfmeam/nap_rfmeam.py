"""Reads in.params.RFMEAM, the format of nap's `read_params_RFMEAM`."""

from collections.abc import Callable, Iterable
from enum import StrEnum
from itertools import product

from .errors import UserError
from .nap_reader import Reader, names_of
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

OLD_SIGMA = 1.0e-5
"""sigma of nap before 21 September 2022 (up to rev220809), whose `atomic` lines have none."""

NO_WINDOW = (-1.0e30, 2.0)
"""Cmin and Cmax of a `triple` line of nap that never screens: C is not negative, so
y = (C - Cmin)/(Cmax - Cmin) rounds to 1. A *.rfmeam file has no line for such a triple."""

_NO_PAIR = (1.0, 0.5, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)  # timonova-thijsse, of no effect


class RfmeamReader(Reader):
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
                f"{self.path}: no 'pair' line for {names_of(missing)}, which therefore do not "
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
                f"{self.path}: no 'triple' line for {names_of(refused)} (K I J): nap then leaves "
                "the product of the densities of J and K out of that of I, which a *.rfmeam file "
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


def _listed(lines: Iterable[int]) -> str:
    return ", ".join(map(str, lines))
