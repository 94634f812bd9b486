"""Reads YAML whose errors name file, line, key, what was read and what is allowed."""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterable, Iterator
from pathlib import Path

import yaml

from ..errors import UserError


class _Mapping(dict):
    """A mapping of a YAML file that knows the line of each key."""

    def __init__(self):
        super().__init__()
        self.lines: dict[object, int] = {}


class _Loader(yaml.SafeLoader):
    pass


def _construct_mapping(loader: _Loader, node: yaml.MappingNode) -> _Mapping:
    loader.flatten_mapping(node)
    result = _Mapping()
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if key in result:
            raise yaml.constructor.ConstructorError(
                None, None, f"{key!r} is there twice", key_node.start_mark
            )
        result[key] = loader.construct_object(value_node, deep=True)
        result.lines[key] = key_node.start_mark.line + 1
    return result


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _construct_mapping)


def suggestion(word: str, allowed: Iterable[str]) -> str:
    """ ", did you mean 'x'?" where one of the allowed words is spelled alike, else ""."""
    near = difflib.get_close_matches(str(word), list(allowed), n=1)
    return f", did you mean {near[0]!r}?" if near else ""


class Section:
    """A mapping of the file, whose values are checked where they are read.

    where: what messages begin with, "file" or "file: section". Raises UserError.
    """

    def __init__(self, values: object, path: Path, where: str, allowed: Iterable[str] | None):
        if not isinstance(values, dict):
            keys = f" of {', '.join(allowed)}" if allowed else ""
            raise UserError(f"{path}: {where or 'the file'}: {values!r} is not a mapping{keys}")
        self._values, self.path, self._where = values, path, where
        if allowed is not None:
            for key in values:
                if key not in allowed:
                    near = suggestion(key, allowed) or ","
                    self.refuse(key, f"is unknown{near} allowed are {', '.join(allowed)}")

    def __contains__(self, key: str) -> bool:
        return self._values.get(key) is not None

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def raw(self, key: str) -> object:
        """The value as YAML has it; None where there is none."""
        return self._values.get(key)

    def refuse(self, key: object, problem: str):
        """Raises the UserError about a key."""
        line = getattr(self._values, "lines", {}).get(key)
        place = f"{self.path}:{line}" if line else f"{self.path}"
        raise UserError(": ".join(filter(None, (place, self._where, str(key)))) + f" {problem}")

    def section(self, key: str, allowed: Iterable[str] | None) -> Section:
        """A mapping below this one, empty where there is none."""
        values = self._values.get(key)
        where = f"{self._where}: {key}" if self._where else key
        return Section({} if values is None else values, self.path, where, allowed)

    def number(
        self,
        key: str,
        default: float | None = None,
        low: float = -math.inf,
        above: float = -math.inf,
        units: dict[str, float] | None = None,
    ) -> float | None:
        """A finite number >= low and > above, with one of the units if there are any."""
        value = self._values.get(key)
        if value is None:
            return default
        number = self._with_unit(key, value, units) if units else as_number(value)
        if number is None or not (number >= low and number > above):
            limit = (
                f" > {above:g}" if above > -math.inf else f" >= {low:g}" if low > -math.inf else ""
            )
            self.refuse(key, f"is {value!r}, allowed is a number{limit}")
        return number

    def _with_unit(self, key: str, value: object, units: dict[str, float]) -> float | None:
        if (number := as_number(value)) is not None or not isinstance(value, str):
            return number
        first, _, unit = value.strip().partition(" ")
        unit = unit.strip()
        if (number := as_number(first)) is None:
            return None
        if unit not in units:
            near = suggestion(unit, units)
            self.refuse(key, f"has the unit {unit!r}{near or ','} allowed are {', '.join(units)}")
        return number * units[unit]

    def whole(self, key: str, default: int | None = None, low: int = 0) -> int | None:
        """A whole number >= low."""
        value = self._values.get(key)
        if value is None:
            return default
        if not isinstance(value, int) or isinstance(value, bool) or value < low:
            self.refuse(key, f"is {value!r}, allowed is a whole number >= {low}")
        return value

    def choice(self, key: str, allowed: Iterable[str], default: str) -> str:
        """One of the words."""
        value = self._values.get(key, default)
        if value not in allowed:
            near = suggestion(value, allowed)
            self.refuse(key, f"is {value!r}{near or ','} allowed are {', '.join(allowed)}")
        return value

    def text(self, key: str, default: str | None = None) -> str | None:
        """A text that is not empty."""
        value = self._values.get(key, default)
        if value is not None and (not isinstance(value, str) or not value.strip()):
            self.refuse(key, f"is {value!r}, allowed is a text")
        return value

    def texts(self, key: str, default: Iterable[str] = ()) -> list[str]:
        """A list of texts; a single one may stand without brackets."""
        value = self._values.get(key)
        if value is None:
            return list(default)
        values = value if isinstance(value, list) else [value]
        for each in values:
            if not isinstance(each, str) or not each.strip():
                self.refuse(key, f"has {each!r}, allowed are texts")
        return values

    def factors(self, key: str) -> dict[str, float] | None:
        """Texts with a factor >= 0 each: a mapping, or a list (factors 1); None for none."""
        value = self._values.get(key)
        if value is None:
            return None
        if not isinstance(value, dict):
            return dict.fromkeys(self.texts(key), 1.0)
        section = self.section(key, None)
        return {str(word): section.number(word, low=0.0) for word in value}

    def interval(self, key: str) -> tuple[float, float] | None:
        """Two numbers in order; .inf and -.inf are allowed. None where there are none."""
        value = self._values.get(key)
        if value is None:
            return None
        numbers = [as_number(x, finite=False) for x in value] if isinstance(value, list) else []
        if len(numbers) != 2 or None in numbers or not numbers[0] < numbers[1]:
            self.refuse(key, f"is {value!r}, allowed are two numbers [low, high] with low < high")
        return numbers[0], numbers[1]


def as_number(value: object, finite: bool = True) -> float | None:
    """The value as a number, None if it is none. YAML reads 1e-3 as a text: it is a number here."""
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            return None
    if not isinstance(value, int | float) or math.isnan(value):
        return None
    return None if finite and math.isinf(value) else float(value)


def read_yaml(path: Path) -> object:
    """The content of a YAML file. Raises UserError."""
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # a SafeLoader
    except OSError as error:
        raise UserError(f"{path}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise UserError(f"{path}: byte {error.start} is not UTF-8 text, allowed is text") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"{path}:{mark.line + 1}" if mark else f"{path}"
        problem = getattr(error, "problem", None) or str(error)
        raise UserError(f"{place}: not YAML: {problem}") from None
