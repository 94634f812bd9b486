"""Reads the parameter files of nap (pmd): in.params.RFMEAM, in.params.Coulomb and in.pmd.

The formats are those of https://github.com/ryokbys/nap, folder pmd.
"""

from dataclasses import dataclass, field
from pathlib import Path

from .errors import UserError
from .nap_coulomb import CoulombReader
from .nap_reader import number_of, split
from .nap_rfmeam import NapVersion, RfmeamReader
from .parameters import Parameters

RFMEAM, COULOMB, PMD = "in.params.RFMEAM", "in.params.Coulomb", "in.pmd"
_MARKS = {
    RFMEAM: {"atomic", "element", "pair", "triple"},
    COULOMB: {"charges", "terms", "charge_dist"},
    PMD: {"cutoff_radius"},
}


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
            RfmeamReader(self.parameters, self.notes, path, lines).run(self.version)
        elif cutoff is None:
            raise UserError(
                f"{path}: charges need --cutoff, the cutoff_radius (Å) of nap's in.pmd, which also "
                "cuts off its Coulomb terms; or give the in.pmd itself"
            )
        else:
            CoulombReader(self.parameters, self.notes, path, lines).run(cutoff)


def kind_of(path: Path) -> tuple[str, list[str]]:
    """RFMEAM, COULOMB or PMD, told apart by their keywords, and the lines. Raises UserError."""
    try:
        lines = path.read_text(encoding="utf-8-sig", errors="replace").splitlines()
    except OSError as error:
        raise UserError(f"{path}: cannot be read: {error.strerror}") from None
    keywords = {words[0] for line in lines if (words := split(line))}
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
        words = split(line)
        if words and words[0] == "cutoff_radius":
            value = number_of(words[1]) if len(words) > 1 else None
            if value is None or not value > 0.0:
                read = f"'{words[1]}'" if len(words) > 1 else "nothing"
                raise UserError(f"{path}:{number}: cutoff_radius is {read}, allowed is > 0")
            return value
    raise UserError(f"{path}: no cutoff_radius in it")


def elements_named(kind: str, lines: list[str]) -> list[str]:
    """The elements of the `atomic` or `charges` lines, in their order."""
    found: list[str] = []
    in_charges = False
    for words in map(split, lines):
        name = ""
        if kind == RFMEAM and len(words) > 1 and words[0] in ("atomic", "element"):
            name = words[1]
        elif kind == COULOMB and words and in_charges:
            name = words[0]
        in_charges = bool(words) and (in_charges or words[0] == "charges")
        if name not in ("", "*", *found):
            found.append(name)
    return found
