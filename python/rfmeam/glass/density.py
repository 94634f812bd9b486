"""The density that a glass is melted and quenched at: measured, else estimated."""

from dataclasses import dataclass

from ..errors import UserError
from .composition import MASSES, OXIDES, Composition
from .reference import DENSITY, REFERENCES, SOURCE
from .start import Start

# Molar volumes in oxide glasses, cm^3/mol; that of B2O3 is of three-fold boron, as in its own glass
_MOLAR_VOLUME = {
    "Li2O": 11.0,
    "Na2O": 20.2,
    "K2O": 34.1,
    "MgO": 12.5,
    "CaO": 14.4,
    "SrO": 17.5,
    "BaO": 22.0,
    "B2O3": 37.8,
    "Al2O3": 40.4,
    "SiO2": 27.0,
    "P2O5": 60.0,
    "ZrO2": 22.0,
    "GeO2": 28.7,
    "TiO2": 20.0,
    "ZnO": 14.5,
    "Y2O3": 46.0,
    "La2O3": 52.0,
}
# how much smaller B2O3 is where all of its boron is four-fold, cm^3/mol: by the three lithium
# borosilicates of reference.py whose density is measured, each met within 2 %
_FOUR_FOLD_SHRINKS = 12.0
_MODIFIERS = ("Li2O", "Na2O", "K2O", "MgO", "CaO", "SrO", "BaO")


@dataclass(frozen=True)
class Hold:
    """The density that is kept until the glass relaxes."""

    density: float | None = None  # g/cm^3; None: zero pressure throughout
    source: str = ""

    def __str__(self) -> str:
        if self.density is None:
            return "zero pressure"
        return f"{self.density:g} g/cm³, {self.source}"


def hold(composition: Composition, given: float | None, zero_pressure: bool) -> Hold:
    """What the user asks for; else the measured density of this composition, else an estimate.

    Raises UserError for a density that no oxide glass has, or both wishes at a time.
    """
    if given is not None and zero_pressure:
        raise UserError("--density and --zero-pressure exclude each other: give one of them")
    if given is not None:
        return Hold(check(given), "as asked for")
    if zero_pressure:
        return Hold()
    known = REFERENCES.get(composition.label)
    if known and DENSITY in known.experiment:
        return Hold(known.experiment[DENSITY], f"measured ({SOURCE})")
    return Hold(round(estimate(composition), 2), "estimated from molar volumes of the oxides")


def hold_start(start: Start, given: float | None, zero_pressure: bool) -> Hold:
    """The same for a structure of the user's, whose own density is kept unless another is given."""
    if given is None and not zero_pressure:
        return Hold(round(check(start.density), 4), f"that of {start.path.name}")
    return hold(start.model.asked, given, zero_pressure)


def check(density: float) -> float:
    """Raises UserError for densities that no oxide glass has."""
    if not 1.0 <= density <= 8.0:
        raise UserError(f"--density {density:g}: allowed are 1 to 8 g/cm3")
    return density


def estimate(composition: Composition) -> float:
    """g/cm^3 from molar volumes of the oxides, within about 5 % (lithium borosilicates: 2 %)."""
    mass = volume = 0.0
    for oxide, x in composition.percent.items():
        mass += x * sum(n * MASSES[element] for element, n in OXIDES[oxide].items())
        volume += x * _MOLAR_VOLUME[oxide]
    volume -= composition["B2O3"] * four_fold_share(composition) * _FOUR_FOLD_SHRINKS
    return mass / volume


def four_fold_share(composition: Composition) -> float:
    """The share of four-fold boron by Dell, Bray and Xiao, J. Non-Cryst. Solids 58, 1 (1983), with
    all modifiers counted that aluminium leaves; 0 without boron.
    """
    boron = composition["B2O3"]
    if boron == 0.0:
        return 0.0
    ratio = max(sum(map(composition.__getitem__, _MODIFIERS)) - composition["Al2O3"], 0.0) / boron
    silica = composition["SiO2"] / boron
    most = 0.5 + silica / 16.0  # until non-bridging oxygen begins at ratios of 0.5 + silica/4
    falling = (8.0 + silica) / 12.0 * (1.0 - ratio / (2.0 + silica))
    return max(0.0, min(ratio, most, falling))
