"""`rfmeam convert --from optzer`: in.vars.optzer, in.optzer and nap's templates to a FIT.yaml."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import yaml

from .._core import Potential, parameter_names, parameter_values
from ..convert import convert_nap
from ..errors import UserError
from ..parameters import Header

METHODS = {"cs": "cuckoo", "tpe": "tpe", "wpe": "tpe"}
TAKEN_OVER = ("num_iteration", "num_individuals", "opt_method", "log_vars")
KNOWN = (
    *TAKEN_OVER, "target", "param_files", "cs_fraction", "update_vrange", "loss_criteria",
    "stuck_criteria", "temperature",
)  # fmt: skip
_SHIFT = 1e-3  # of a variable, of its soft range, to see what it moves


@dataclass
class Variable:
    """A line of in.vars.optzer."""

    name: str
    value: float
    soft: tuple[float, float]
    hard: tuple[float, float]


@dataclass
class OptzerFit:
    """A potential and a FIT.yaml, as texts, and what could not be taken over."""

    potential: str
    fit: str
    notes: list[str]


def convert_optzer(paths: list[Path], potential_name: str) -> OptzerFit:
    """From in.vars.optzer, in.optzer (may be missing), templates with {name} in them (nap's
    in.params.RFMEAM and in.params.Coulomb, in.pmd) and data.ref.*; potential_name: for FIT.yaml.

    Raises UserError.
    """
    variables_file = [p for p in paths if p.name.startswith("in.vars.optzer")]
    if len(variables_file) != 1:
        raise UserError(f"--from optzer: {len(variables_file)} files in.vars.optzer, one is needed")
    settings_files = [p for p in paths if p.name == "in.optzer"]
    data = [p for p in paths if p.name.startswith("data.")]
    templates = [p for p in paths if p not in (*variables_file, *settings_files, *data)]
    variables = read_variables(variables_file[0])
    settings = read_settings(settings_files[0]) if settings_files else {}
    notes: list[str] = []
    start = {v.name: v.value for v in variables}
    potential = _potential(templates, start)
    places = {v.name: _places(templates, start, v) for v in variables}
    log = set(settings.get("log_vars", []))
    parameters, ties = {}, []
    for variable in variables:
        found = places[variable.name]
        if not found:
            notes.append(f"{variables_file[0]}: {variable.name} is in no template, left out")
            continue
        (first, _, _), *others = found
        entry = {"bounds": list(variable.hard), "soft": list(variable.soft)}
        if variable.name in log:
            entry["scale"] = "log"
        parameters[first] = entry
        factor, offset = found[0][1:]
        if (factor, offset) != (1.0, 0.0):
            notes.append(f"{variable.name} is not {first} itself: check its bounds")
        for name, other_factor, other_offset in others:
            ratio = other_factor / factor
            ties.append(f"{name} = {ratio:.12g} * {first} {other_offset - ratio * offset:+.12g}")
    if not parameters:
        raise UserError(f"{variables_file[0]}: none of its variables is in a template as {{name}}")
    notes += _data_notes(data, settings)
    notes += [f"in.optzer: {key} is not taken over" for key in settings if key not in TAKEN_OVER]
    method = settings.get("opt_method", ["cs"])[0]
    if method == "wpe":
        notes.append("in.optzer: opt_method wpe is not there, tpe is taken")
    stage = {"name": "optzer", "free": list(parameters), "method": METHODS.get(method, "lm")}
    if "num_iteration" in settings:
        stage["iterations"] = int(settings["num_iteration"][0])
    if "num_individuals" in settings:
        stage["population"] = int(settings["num_individuals"][0])
    fit = {
        "potential": potential_name,
        "data": {"training": ["training"], "validation": ["validation"]},
        "targets": {
            "energy": {"tolerance": "4 meV/atom"},
            "forces": {"tolerance": 0.06, "force_growth": 1},
            "stress": {"tolerance": "0.3 GPa"},
            "charges": {"tolerance": 0.03},
        },
        "parameters": parameters,
        **({"ties": ties} if ties else {}),
        "stages": [stage],
    }
    notes.append("data and targets are a first guess: optzer's files name no structures")
    return OptzerFit(potential, yaml.safe_dump(fit, sort_keys=False), notes)


def read_variables(path: Path) -> list[Variable]:
    """The lines `value soft_low soft_high hard_low hard_high name` after their number."""
    lines = _lines(path)
    if not lines or not lines[0][1][0].isdigit():
        raise UserError(f"{path}: the first line must be the number of variables")
    variables = []
    for number, words in lines[1:]:
        try:
            value, *bounds = map(float, words[:5])
            name = words[5]
        except (ValueError, IndexError):
            raise UserError(
                f"{path}:{number}: {' '.join(words)!r}, allowed is: value soft_low soft_high "
                "hard_low hard_high name"
            ) from None
        if len(bounds) != 4 or not bounds[0] < bounds[1] or not bounds[2] < bounds[3]:
            raise UserError(f"{path}:{number}: {name}: bounds {bounds}, allowed are low < high")
        variables.append(Variable(name, value, tuple(bounds[:2]), tuple(bounds[2:])))
    if len(variables) != int(lines[0][1][0]):
        raise UserError(f"{path}: {len(variables)} variables, the first line has {lines[0][1][0]}")
    return variables


def read_settings(path: Path) -> dict[str, list[str]]:
    """Keys and words of in.optzer; UserError for a method there is not."""
    settings = {words[0]: words[1:] for _, words in _lines(path)}
    method = settings.get("opt_method", ["cs"])
    if method[:1] == [] or method[0] not in METHODS:
        raise UserError(f"{path}: opt_method is {' '.join(method)!r}, allowed are cs, tpe, wpe")
    return settings


def _lines(path: Path) -> list[tuple[int, list[str]]]:
    """Numbers and words of lines that are not comments."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise UserError(f"{path}: is not UTF-8 text") from None
    numbered = [(number, line.split()) for number, line in enumerate(text.splitlines(), 1)]
    return [(number, words) for number, words in numbered if words and words[0][0] not in "#!"]


def _filled(templates: list[Path], values: dict[str, float]) -> Potential:
    """The potential of the templates with numbers in them."""
    with tempfile.TemporaryDirectory() as folder:
        files = []
        for template in templates:
            text = template.read_text(encoding="utf-8")
            for name, value in values.items():
                text = text.replace(f"{{{name}}}", repr(value))
            files.append(Path(folder) / template.name)
            files[-1].write_text(text, encoding="utf-8")
        try:
            return Potential.parse(convert_nap(files).text)
        except UserError as error:
            where = str(templates[0].parent)
            raise UserError(str(error).replace(folder, where)) from None


def _potential(templates: list[Path], values: dict[str, float]) -> str:
    from ..parameters import Parameters

    header = Header(comment="Start of a fit, converted from optzer.")
    return Parameters.of(_filled(templates, values)).write(header)


def _places(
    templates: list[Path], values: dict[str, float], variable: Variable
) -> list[tuple[str, float, float]]:
    """Parameters that a variable moves: name, factor and offset. UserError if it is not linear."""
    step = _SHIFT * (variable.soft[1] - variable.soft[0])
    points = [variable.value + k * step for k in (0, 1, 2)]
    potentials = [_filled(templates, values | {variable.name: x}) for x in points]
    names = parameter_names(potentials[0])
    table = np.array([parameter_values(p, names) for p in potentials])
    found = []
    for name, column in zip(names, table.T, strict=True):
        if column[1] == column[0]:
            continue
        factor = float(f"{(column[1] - column[0]) / step:.9g}")
        if not np.isclose(column[2] - column[0], 2 * step * factor, rtol=1e-6):
            raise UserError(f"{name} does not depend linearly on the variable {variable.name}")
        offset = float(f"{column[0] - factor * points[0]:.9g}")
        found.append((name, factor, 0.0 if abs(offset) < 1e-9 else offset))
    return found


def _data_notes(data: list[Path], settings: dict[str, list[str]]) -> list[str]:
    """What the data.ref files are, and that they cannot be taken over."""
    notes = []
    for path in data:
        target = path.name.rpartition(".")[2]
        lines = _lines(path)
        count, weight = (lines[0][1] + ["?", "?"])[:2] if lines else ("0", "?")
        what = f"{path}: {count} values of {target!r}, weight {weight}, are not taken over: "
        if target in ("lat", "vol"):
            values = " ".join(word for _, words in lines[1:] for word in words)
            notes.append(what + f"a property of kind lattice may stand for them ({values})")
        else:
            notes.append(what + "they are averages of MD; fit to structures instead")
    given = [path.name.rpartition(".")[2] for path in data]
    for target in settings.get("target", []):
        if target not in given:
            notes.append(f"in.optzer: target {target}: no file data.ref.{target} is given")
    return notes
