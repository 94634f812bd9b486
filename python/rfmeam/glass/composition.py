"""What a glass is made of: oxides in mol%, and the atoms of a model of it."""

import re
from dataclasses import dataclass

from ..errors import UserError

# cations and oxygens of one formula unit
OXIDES = {
    "Li2O": {"Li": 2, "O": 1},
    "Na2O": {"Na": 2, "O": 1},
    "K2O": {"K": 2, "O": 1},
    "MgO": {"Mg": 1, "O": 1},
    "CaO": {"Ca": 1, "O": 1},
    "SrO": {"Sr": 1, "O": 1},
    "BaO": {"Ba": 1, "O": 1},
    "B2O3": {"B": 2, "O": 3},
    "Al2O3": {"Al": 2, "O": 3},
    "SiO2": {"Si": 1, "O": 2},
    "P2O5": {"P": 2, "O": 5},
    "ZrO2": {"Zr": 1, "O": 2},
    "GeO2": {"Ge": 1, "O": 2},
    "TiO2": {"Ti": 1, "O": 2},
    "ZnO": {"Zn": 1, "O": 1},
    "Y2O3": {"Y": 2, "O": 3},
    "La2O3": {"La": 2, "O": 3},
}
FORMERS = ("B", "Si", "Ge", "P", "Al")
MASSES = {
    "Li": 6.94,
    "B": 10.81,
    "O": 15.999,
    "Na": 22.990,
    "Mg": 24.305,
    "Al": 26.982,
    "Si": 28.085,
    "P": 30.974,
    "K": 39.098,
    "Ca": 40.078,
    "Ti": 47.867,
    "Zn": 65.38,
    "Ge": 72.630,
    "Sr": 87.62,
    "Y": 88.906,
    "Zr": 91.224,
    "Ba": 137.327,
    "La": 138.905,
}  # g/mol, IUPAC 2021
MIN_ATOMS, MAX_ATOMS = 300, 100_000
AVOGADRO = 0.602214076  # 1e24/mol: g/mol and Å^3 to g/cm^3

_SAMPLE = re.compile(r"(\d+(?:\.\d+)?)L(\d+(?:\.\d+)?)B(\d+(?:\.\d+)?)S")


@dataclass(frozen=True)
class Composition:
    """Oxides and their mol%, adding up to 100."""

    percent: dict[str, float]

    def __getitem__(self, oxide: str) -> float:
        """mol% of an oxide, 0 where there is none."""
        return self.percent.get(oxide, 0.0)

    @property
    def label(self) -> str:
        """40L30B30S for lithium borosilicates, Li2O40-P2O560 for others."""
        if set(self.percent) <= {"Li2O", "B2O3", "SiO2"}:
            return f"{self['Li2O']:g}L{self['B2O3']:g}B{self['SiO2']:g}S"
        return "-".join(f"{oxide}{percent:g}" for oxide, percent in self.percent.items())


@dataclass(frozen=True)
class Model:
    """Whole formula units of each oxide that come nearest to a composition."""

    asked: Composition
    units: dict[str, int]

    @property
    def actual(self) -> Composition:
        """The composition after rounding to whole formula units."""
        total = sum(self.units.values())
        return Composition({oxide: 100.0 * n / total for oxide, n in self.units.items()})

    @property
    def counts(self) -> dict[str, int]:
        """Atoms of each element, oxygen last."""
        result: dict[str, int] = {}
        for oxide, n in self.units.items():
            for element, per_unit in OXIDES[oxide].items():
                result[element] = result.get(element, 0) + n * per_unit
        result["O"] = result.pop("O")
        return result

    @property
    def atoms(self) -> int:
        return sum(self.counts.values())

    @property
    def mass(self) -> float:
        """g/mol of the whole model."""
        return sum(n * MASSES[element] for element, n in self.counts.items())

    def volume(self, density: float) -> float:
        """Å^3 at a density in g/cm^3."""
        return self.mass / (density * AVOGADRO)

    def density(self, volume: float) -> float:
        """g/cm^3 at a volume in Å^3."""
        return self.mass / (volume * AVOGADRO)

    @property
    def rounding(self) -> str:
        """What rounding did to the composition, for the report."""
        return ", ".join(
            f"{oxide} {self.asked[oxide]:g} → {self.actual[oxide]:.2f} mol%" for oxide in self.units
        )


def parse_sample(name: str) -> Composition:
    """40L30B30S: mol% of Li2O, B2O3 and SiO2. Raises UserError."""
    match = _SAMPLE.fullmatch(name)
    if not match:
        raise UserError(
            f"sample '{name}': expected a name like 40L30B30S (mol% of Li2O, B2O3, SiO2); "
            "other glasses with --composition Li2O=40,B2O3=30,SiO2=30"
        )
    values = zip(("Li2O", "B2O3", "SiO2"), map(float, match.groups()), strict=True)
    return _validated(dict(values), f"sample '{name}'")


def parse_composition(text: str) -> Composition:
    """Li2O=40,B2O3=30,SiO2=30, in mol%. Raises UserError."""
    percent: dict[str, float] = {}
    for item in text.split(","):
        oxide, equals, value = item.strip().partition("=")
        if oxide not in OXIDES:
            raise UserError(
                f"--composition: unknown oxide '{oxide}'; known are {', '.join(OXIDES)}"
            )
        if oxide in percent:
            raise UserError(f"--composition: {oxide} is given twice")
        try:
            percent[oxide] = float(value)
        except ValueError:
            given = f"'{value}'" if equals else "nothing"
            raise UserError(f"--composition: {oxide}: expected mol%, read {given}") from None
    return _validated(percent, "--composition")


def _validated(percent: dict[str, float], where: str) -> Composition:
    for oxide, value in percent.items():
        if not 0.0 <= value <= 100.0:
            raise UserError(f"{where}: {oxide} is {value:g} mol%, allowed are 0 to 100")
    total = sum(percent.values())
    if abs(total - 100.0) > 0.01:
        raise UserError(f"{where}: the oxides add up to {total:g} mol%, not to 100")
    return Composition({oxide: value for oxide, value in percent.items() if value > 0.0})


def build_model(composition: Composition, atoms: int) -> Model:
    """Whole formula units (so the formal charges balance) for about that many atoms.

    Raises UserError for too few or too many atoms, and where an oxide would be rounded away.
    """
    if not MIN_ATOMS <= atoms <= MAX_ATOMS:
        raise UserError(f"--atoms {atoms}: allowed are {MIN_ATOMS} to {MAX_ATOMS}")
    per_unit = {oxide: sum(OXIDES[oxide].values()) for oxide in composition.percent}
    mean = sum(x * per_unit[oxide] for oxide, x in composition.percent.items()) / 100.0
    units = {oxide: round(atoms / mean * x / 100.0) for oxide, x in composition.percent.items()}
    for oxide, n in units.items():
        if n == 0:
            raise UserError(
                f"--atoms {atoms}: too few for {composition[oxide]:g} mol% of {oxide}, "
                "which would be rounded to none"
            )
    return Model(composition, units)
