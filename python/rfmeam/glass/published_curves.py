"""S(q) and g(r) of others, from two-column files, beside those of a glass.

None come with the package: where they are published they are pictures, or belong to somebody.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.signal import find_peaks

from ..errors import UserError
from .analysis import network, scattering
from .composition import FORMERS

_POINTS = 10  # fewer are no curve
_TAIL = 0.3  # how far S(q) and g(r) may end from 1: more is another function, such as S - 1
_PEAK = 0.1  # by how much a peak stands out of what is beside it
_ALLOWED = "'S neutron', 'S xray', a partial such as 'S Si-O', or 'g Si-O'"


@dataclass(frozen=True)
class Curve:
    """x in 1/Å (S) or Å (g), ascending, and y, both of shape (points,)."""

    path: Path
    kind: str  # as in the curves of a glass: "S neutron", "S xray", "S B-O", "g B-O"
    source: str
    isotopes: dict[str, int]  # mass numbers, of elements that are not natural in the sample
    x: np.ndarray
    y: np.ndarray

    @property
    def label(self) -> str:
        """The kind, with the isotopes."""
        return " ".join([self.kind, *(f"{n}{element}" for element, n in self.isotopes.items())])

    @property
    def unit(self) -> str:
        """Of x."""
        return "1/Å" if self.kind.startswith("S") else "Å"

    @property
    def limits(self) -> tuple[float, float]:
        """Where a glass has its curve."""
        return (scattering.Q_MIN, scattering.Q_MAX) if self.unit == "1/Å" else (0.0, network.R_MAX)

    @property
    def inside(self) -> np.ndarray:
        """Which points lie there, shape (points,)."""
        return (self.x >= self.limits[0]) & (self.x <= self.limits[1])

    def check(self, counts: dict[str, int]) -> None:
        """Raises UserError if a glass of these atoms has no such curve."""
        formers = [f"g {former}-O" for former in FORMERS if former in counts]
        pairs = [f"S {i}-{j}" for i in counts for j in counts]
        known = ["S neutron", "S xray", *formers]
        if self.kind not in (*known, *pairs):
            raise UserError(
                f"{self.path}: '{self.kind}', a glass of {' '.join(counts)} has "
                f"{', '.join(known)}, and S of each pair of elements"
            )
        for element in self.isotopes:
            if element not in counts:
                raise UserError(f"{self.path}: isotopes of {element}, which the glass lacks")
        if self.inside.sum() < _POINTS:
            low, high = self.limits
            raise UserError(
                f"{self.path}: {self.inside.sum()} points between {low:g} and {high:g} "
                f"{self.unit}, where the glass has its curve; expected {_POINTS} or more"
            )


def read_curves(paths: list[Path]) -> list[Curve]:
    """Of files, and of all *.txt and *.dat of folders. Raises UserError."""
    curves = []
    for path in paths:
        if not path.is_dir():
            curves.append(read_curve(path))
            continue
        files = sorted(each for each in path.iterdir() if each.suffix in (".txt", ".dat"))
        if not files:
            raise UserError(f"{path}: no .txt or .dat file in this folder")
        curves += [read_curve(each) for each in files]
    return curves


def read_curve(path: Path) -> Curve:
    """A file of two columns, with `# curve:`, `# source:` and, for neutrons, `# isotopes:` above
    them. Raises UserError."""
    header: dict[str, str] = {}
    rows = []
    for n, line in enumerate(_text(path).splitlines(), 1):
        if line.lstrip().startswith("#"):
            key, colon, value = line.strip().lstrip("# ").partition(":")
            if colon and key.lower() in ("curve", "source", "isotopes"):
                header[key.lower()] = value.strip()
        elif words := line.replace(",", " ").split():
            try:
                x, y = (float(word) for word in words[:2])
            except ValueError:
                raise UserError(
                    f"{path}:{n}: read '{line.strip()}', expected two numbers"
                ) from None
            if not np.isfinite([x, y]).all() or (rows and x <= rows[-1][0]):
                raise UserError(f"{path}:{n}: read '{line.strip()}', expected an x above the last")
            rows.append((x, y))
    if len(rows) < _POINTS:
        raise UserError(f"{path}: {len(rows)} points, expected {_POINTS} or more")
    if not header.get("source"):
        raise UserError(f"{path}: no line '# source: …': whose curve is it?")
    kind = _kind(path, header.get("curve", ""))
    x, y = np.array(rows).T
    if abs(y[-(len(y) // 5) :].mean() - 1.0) > _TAIL and kind.startswith("S"):
        raise UserError(
            f"{path}: ends at {y[-(len(y) // 5) :].mean():.2f}, expected 1: a Faber-Ziman S(q), "
            "neither S - 1 nor a cross-section"
        )
    return Curve(path, kind, header["source"], _isotopes(path, kind, header), x, y)


def compare(curve: Curve, seeds: list[dict], counts: dict[str, int]) -> dict:
    """A published curve beside the mean of the seeds, at the points of the published one.

    seeds: `curves` of each glass; counts: atoms by element. R is Wright's
    (J. Non-Cryst. Solids 159, 264, 1993): the root of Σ (model - published)² / Σ published².
    `Curve.check` comes first.
    """
    x = np.array(seeds[0]["q" if curve.unit == "1/Å" else "r"])
    mean = np.mean([_model(curve, each, counts) for each in seeds], axis=0)
    here = curve.inside
    published = curve.y[here]
    model = np.interp(curve.x[here], x, mean)
    return {
        "curve": curve.label,
        "unit": curve.unit,
        "source": curve.source,
        "from": float(curve.x[here][0]),
        "to": float(curve.x[here][-1]),
        "R %": float(100.0 * np.sqrt(((model - published) ** 2).sum() / (published**2).sum())),
        "first peak": {"published": _peak(curve.x, curve.y), "model": _peak(x, mean)},
        "x": curve.x[here].tolist(),
        "published": published.tolist(),
        "model": [round(float(value), 4) for value in model],
    }


def described(compared: dict) -> list[str]:
    """curve, source, range, R, first peaks: a row of a table."""
    unit, peaks = compared["unit"], compared["first peak"]
    return [
        compared["curve"],
        compared["source"],
        f"{compared['from']:.1f} to {compared['to']:.1f} {unit}",
        f"{compared['R %']:.1f}",
        *(
            f"{peaks[side][1]:.2f} at {peaks[side][0]:.2f} {unit}" if peaks[side] else "none"
            for side in ("published", "model")
        ),
    ]


COLUMNS = ("curve", "source", "range", "R %", "first peak, published", "here")


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UserError(f"{path}: byte {error.start} is not UTF-8 text, allowed is text") from None


def _kind(path: Path, text: str) -> str:
    function, _, what = text.partition(" ")
    what = what.strip().replace("X-ray", "xray")
    if function == "S" and what in ("neutron", "xray"):
        return f"S {what}"
    if function in ("S", "g") and len(what.split("-")) == 2:
        return f"{function} {what}"
    raise UserError(f"{path}: '# curve: {text}', allowed is {_ALLOWED}")


def _isotopes(path: Path, kind: str, header: dict[str, str]) -> dict[str, int]:
    found = {}
    for word in header.get("isotopes", "").replace(",", " ").split():
        element, _, number = word.partition("=")
        if (element, number) not in {(e, str(n)) for e, n in scattering.ISOTOPES}:
            allowed = " ".join(f"{e}={n}" for e, n in scattering.ISOTOPES)
            raise UserError(f"{path}: '# isotopes: {word}', allowed are {allowed}")
        found[element] = int(number)
    if found and kind != "S neutron":
        raise UserError(f"{path}: isotopes belong to 'S neutron', not to '{kind}'")
    return found


def _model(curve: Curve, curves: dict, counts: dict[str, int]) -> np.ndarray:
    if curve.isotopes:
        return scattering.neutron(curves, counts, curve.isotopes)
    function, _, pair = curve.kind.partition(" ")
    reverse = f"{function} {'-'.join(reversed(pair.split('-')))}"
    return np.array(curves[curve.kind if curve.kind in curves else reverse])


def _peak(x: np.ndarray, y: np.ndarray) -> list[float] | None:
    """Position and height of the first peak."""
    tops, _ = find_peaks(y, prominence=_PEAK)
    return [float(x[tops[0]]), float(y[tops[0]])] if len(tops) else None
