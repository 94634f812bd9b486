"""Force fields of glasses as LAMMPS input: those of the literature, and files of the user.

The parameters of `du` and `shik` are taken from the package amorphouspy. The full pair interaction,
damped shifted Coulomb included, goes into one table per pair (tabulated.py): one look-up instead of
erfc, exp and r^-6 makes the same forces several times cheaper.
"""

import hashlib
import json
import math
from dataclasses import dataclass, field
from importlib import import_module
from itertools import combinations_with_replacement
from pathlib import Path

from ..errors import UserError, needs
from ..terminal import writing
from . import pair_table, user_lines
from .composition import Model
from .tabulated import Reach, Truncation, lammps_input

# of the composition-dependent A(B-O): the parabola's lowest point
_AGC_P_MIN, _AGC_A_MIN = 26.7629, 19985.32
# Calibrated on 40L30B30S, as only A(B-O) is known of the published potential: doc/glass.md, "agc"
AGC_RHO = 0.1608
AGC_C = 28.5


@dataclass(frozen=True)
class ForceField:
    """LAMMPS input lines that define the interactions, and the files they read."""

    name: str
    source: str
    elements: tuple[str, ...]  # by atom type
    lines: list[str]
    files: dict[str, str] = field(default_factory=dict)
    charges: dict[str, float] | None = None  # None: set by the user's file
    parameters: dict = field(default_factory=dict)
    bare_buckingham: bool = False  # some ions attract each other at contact: --repair

    @property
    def fingerprint(self) -> str:
        """SHA-256 of everything LAMMPS reads."""
        digest = hashlib.sha256("\n".join(self.lines).encode())
        if self.charges is None:  # the user's file: those that it names
            digest.update(json.dumps(self.parameters).encode())
        for name in sorted(self.files):
            digest.update(name.encode() + self.files[name].encode())
        return digest.hexdigest()

    def write(self, folder: Path) -> None:
        """Writes forcefield.lmp and the tables."""
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in self.files.items():
            with writing(folder / name):
                (folder / name).write_text(text, encoding="utf-8")
        (folder / "forcefield.lmp").write_text(
            "\n".join([f"# {self.source}", *self.lines, ""]), encoding="utf-8"
        )
        (folder / "parameters.json").write_text(
            json.dumps(self.parameters, indent=1), encoding="utf-8"
        )


def load(
    potential: str, model: Model, repair: bool = False, truncation: Truncation | None = None
) -> ForceField:
    """`du`, `shik`, `agc`, `agc:RHO`, or a file with LAMMPS pair lines; `repair`: with walls inside
    its Buckingham terms; `truncation`: of one that is built in. Raises UserError."""
    truncation = truncation or Truncation()
    name, colon, value = potential.partition(":")
    if repair and _is_built_in(potential):
        raise UserError(f"--repair: is for a file; {name} needs none")
    if name == "agc" and colon:
        return _agc(model, truncation, _agc_rho(value))
    if potential in _BUILT_IN:
        return _BUILT_IN[potential](model, truncation)
    path = Path(potential)
    if not path.is_file():
        raise UserError(
            f"--potential {potential}: neither one of {', '.join(_BUILT_IN)} "
            "nor a file with LAMMPS pair lines"
        )
    if truncation.words:
        raise UserError(
            f"--short-range and --pppm: are for {', '.join(_BUILT_IN)}; {path} says itself how far "
            "it reaches"
        )
    return _from_file(path, model, repair)


def label(potential: str, truncation: Truncation) -> str:
    """The name of a potential in names of folders."""
    name = potential.replace(":", "-rho") if _is_built_in(potential) else Path(potential).stem
    return "-".join([name, *truncation.words]).replace(" ", "")


def timestep(potential: str) -> float:
    """What conserves energy in a melt at 3000 K, fs. SHIK's walls of r^-24 are too steep for more:
    1000 atoms gain 5 eV/ps in NVE at 1.6 fs, 0.1 eV/ps at 1 fs; with `du`, nothing at 2 fs."""
    return 2.0 if _is_built_in(potential) and potential != "shik" else 1.0


def _is_built_in(potential: str) -> bool:
    return potential.partition(":")[0] in _BUILT_IN


def _agc_rho(text: str) -> float:
    try:
        rho = float(text)
    except ValueError:
        rho = math.nan
    if not 0.14 <= rho <= 0.19:
        raise UserError(f"--potential agc:{text}: expected rho(B-O), 0.14 to 0.19 Å")
    return rho


# ---- Buckingham of Teter's charges: du and agc ----


def _du(model: Model, truncation: Truncation) -> ForceField:
    """Deng and Du 2019: A(B-O) by composition, all modifiers counted."""
    du = _amorphouspy("du_teter_potential")
    if model.asked["B2O3"] > 0:
        modifiers = ("Li2O", "Na2O", "K2O", "MgO", "CaO", "SrO", "BaO")
        ratio = (
            max(sum(map(model.asked.__getitem__, modifiers)) - model.asked["Al2O3"], 0.0)
            / model.asked["B2O3"]
        )
        silica = model.asked["SiO2"] / model.asked["B2O3"]
        try:
            four_fold = du.N4_dbx(ratio, silica)
        except ValueError as error:
            raise UserError(f"--potential du: {error}") from None
        boron = {"A": du.get_A_for_BO(silica, ratio, four_fold)}
        boron |= {name: du.du_teter_potential_params["B"][name] for name in ("rho", "C")}
    else:
        boron = {}
    return _teter(
        "du",
        "Deng and Du, J. Am. Ceram. Soc. 2019, 102, 2482; parameters from amorphouspy",
        model,
        boron,
        truncation,
    )


def _agc(model: Model, truncation: Truncation, rho: float = AGC_RHO) -> ForceField:
    """A(B-O) by composition, as for the AGC glasses; rho(B-O) calibrated, the rest Teter's."""
    boron = {}
    if model.asked["B2O3"] > 0:
        if others := set(model.asked.percent) - {"Li2O", "B2O3", "SiO2"}:
            raise UserError(
                f"--potential agc: its A(B-O) knows Li2O, B2O3 and SiO2 only, not "
                f"{', '.join(sorted(others))}, which it would take for nothing; du counts all "
                "modifiers"
            )
        boron = {"A": agc_a_boron_oxygen(model), "rho": rho, "C": AGC_C}
    source = f"A(B-O) by composition, rho(B-O) = {rho:g} (doc/glass.md); the rest from amorphouspy"
    return _teter("agc" if rho == AGC_RHO else f"agc:{rho:g}", source, model, boron, truncation)


def agc_a_boron_oxygen(model: Model) -> float:
    """A(B-O) in eV: 145.5 P^2 - 7788 P + 124200 with P = K - 1.56 R + 30.944, K = SiO2/B2O3, R =
    Li2O/B2O3."""
    p = (model.asked["SiO2"] - 1.56 * model.asked["Li2O"]) / model.asked["B2O3"] + 30.944
    return 145.5 * p**2 - 7788 * p + 124200 if p >= _AGC_P_MIN else _AGC_A_MIN


def _teter(
    name: str, source: str, model: Model, boron: dict[str, float], truncation: Truncation
) -> ForceField:
    """Charges and cation-oxygen Buckingham terms of Teter; B-O as given; walls against the collapse
    of hot ions."""
    known = _amorphouspy("du_teter_potential").du_teter_potential_params
    _require(name, model, known)
    terms, parameters = {}, {"cutoff": 8.0, "alpha": 0.25, "B-O": boron}
    for element in model.counts:
        p = boron if element == "B" else known[element]
        term = pair_table.repaired(p["A"], p["rho"], p["C"])
        if element != "B" and p["C"] != 0:  # walls as published
            wall = pair_table.Wall(p["B"], p["n"], p["D"], p["r0"])
            term = pair_table.Buckingham(p["A"], p["rho"], p["C"], wall)
        terms[_pair(element, "O")] = term
        parameters[f"{element}-O"] = {"A": term.a, "rho": term.rho, "C": term.c}
        if term.wall:
            parameters[f"{element}-O"] |= {
                "B": term.wall.b,
                "n": term.wall.n,
                "D": term.wall.d,
                "r0": term.wall.r0,
            }
    charges = {element: known[element]["q"] for element in model.counts}
    reach = truncation.of(Reach(coulomb=8.0, short=8.0, alpha=0.25))
    return _tabulated(name, source, charges, terms, parameters, reach, truncation)


# ---- SHIK ----


def _shik(model: Model, truncation: Truncation) -> ForceField:
    """Sundararaman et al. 2020; the oxygen charge makes the model neutral."""
    shik = _amorphouspy("shik_potential")
    _require("shik", model, shik.shik_charges)
    counts = model.counts
    charges = {element: shik.shik_charges[element] for element in counts if element != "O"}
    charges["O"] = (
        -sum(charges[element] * n for element, n in counts.items() if element != "O") / counts["O"]
    )
    terms, parameters = {}, {"cutoff": 10.0, "short-range cutoff": 8.0, "alpha": 0.2}
    for i, j in combinations_with_replacement(counts, 2):
        values = shik.shik_params.get((i, j)) or shik.shik_params.get((j, i))
        if values is None:
            if "O" in (i, j):
                raise UserError(f"--potential shik: no parameters for {i}–{j}")
            continue
        terms[_pair(i, j)] = _shik_term(shik, values)
        parameters[f"{i}-{j}"] = dict(zip("ABCD", values, strict=True))
    source = "Sundararaman et al., J. Chem. Phys. 2020, 152, 104501; parameters from amorphouspy"
    reach = truncation.of(Reach(coulomb=10.0, short=8.0, alpha=0.2))
    return _tabulated("shik", source, charges, terms, parameters, reach, truncation)


def _shik_term(shik, values) -> pair_table.Function:
    return lambda r: shik.potential_and_force(r, *values)[1:]


# ---- a file of the user ----


def _from_file(path: Path, model: Model, repair: bool) -> ForceField:
    """LAMMPS lines that define the interactions.

    ${elements} stands for the elements by atom type (`pair_coeff * * LBS.rfmeam ${elements}`),
    ${Li} for the type of
    Li. Charges are set there too (`set type ${Li} charge 0.6`), or by a fix such as qeq/vc.
    """
    statements = user_lines.read(path)
    elements = tuple(model.counts)
    source = f"{path.name}, SHA-256 {hashlib.sha256(path.read_bytes()).hexdigest()[:16]}"
    parameters: dict = {"file": path.name}
    lines = [statement.text for statement in statements]
    parameters |= _files_named_in(lines, path.parent)
    if repair:
        lines, table, walls = user_lines.with_walls(path, statements, elements)
        source += ", with walls inside its Buckingham terms"
        parameters["walls"] = walls
        files = {user_lines.WALLS_FILE: table}
        return ForceField(path.stem, source, elements, lines, files, parameters=parameters)
    bare = user_lines.has_bare_buckingham(statements)
    return ForceField(
        path.stem, source, elements, lines, parameters=parameters, bare_buckingham=bare
    )


def _files_named_in(lines: list[str], folder: Path) -> dict[str, str]:
    """SHA-256 of the files that lines name (tables, LBS.rfmeam …), so that a glass cannot go on
    with other ones."""
    words = sorted({word for line in lines for word in line.split("#")[0].split()})
    files = {word: folder / word for word in words if (folder / word).is_file()}
    return {
        f"SHA-256 of {name}": hashlib.sha256(file.read_bytes()).hexdigest()
        for name, file in files.items()
    }


def data_folder(potential: str) -> Path | None:
    """Where a user's force field looks for its files."""
    return None if _is_built_in(potential) else Path(potential).resolve().parent


# ---- shared ----


def _tabulated(
    name: str,
    source: str,
    charges: dict[str, float],
    terms: dict,
    parameters: dict,
    reach: Reach,
    truncation: Truncation,
) -> ForceField:
    lines, files = lammps_input(source, charges, terms, reach)
    if truncation.words:
        parameters |= {"short-range cutoff": reach.short, "PPPM": reach.pppm}
    name = ", ".join([name, *truncation.words])
    return ForceField(name, source, tuple(charges), lines, files, charges, parameters)


def _pair(i: str, j: str) -> frozenset[str]:
    return frozenset((i, j))


def _require(name: str, model: Model, known: dict) -> None:
    for element in model.counts:
        if element not in known:
            raise UserError(
                f"--potential {name}: no parameters for {element}; it has those of "
                f"{', '.join(e for e in known if len(e) < 3)}"
            )


def _amorphouspy(module: str):
    with needs("glass"):
        return import_module(f"amorphouspy.lammps.potentials.{module}")


_BUILT_IN = {"du": _du, "shik": _shik, "agc": _agc}
