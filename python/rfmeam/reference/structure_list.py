"""Lists of structures (YAML): the method, the families with their recipes, and what is held out."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from zlib import crc32

import numpy as np
import yaml
from ase import Atoms

from ..errors import UserError
from . import recipes
from .method import Method, digest
from .store import read_frames, write_frames

LIST_KEYS = ("description", "seed", "validation", "method", "families")
# of the method, which a family may have its own of
METHOD_KEYS = ("kpoint_length", "kpoint_mesh", "smearing_width", "density_tolerance")
FAMILY_KEYS = (
    "about",
    "group",
    "start",
    "steps",
    *METHOD_KEYS,
    "magnetic_moments",
    "relax",
    "use",
)
USES = ("either", "fit")


@dataclass(frozen=True)
class Family:
    """Structures of one kind. group: families that are fitted to or held out together.

    use: "fit" keeps the family out of the validation set. magnetic_moments: of each atom (μB), or
    None for no spin. relax: None, or {"force": eV/Å, "steps": n, "fixed": element or None}.
    """

    name: str
    group: str
    recipe: dict
    method: Method
    magnetic_moments: list[float] | None = None
    relax: dict | None = None
    use: str = "either"
    about: str = ""

    def recipe_digest(self, seed: int) -> str:
        """Changes with anything that changes the structures."""
        return digest([self.recipe, seed])


@dataclass(frozen=True)
class StructureList:
    """A list, and the folder beside it that holds the structures and the results."""

    path: Path
    seed: int
    fraction: float
    method: Method
    families: tuple[Family, ...]

    @property
    def folder(self) -> Path:
        return self.path.parent

    def structures_file(self, family: Family) -> Path:
        """Where the family's structures are kept, so that they outlive what made them."""
        return self.folder / "structures" / f"{family.name}.extxyz"

    def result_file(self, family: Family) -> Path:
        """Where the family's results are, by their use."""
        part = "validation" if family.group in self.held_out else "training"
        return self.folder / part / f"{family.name}.extxyz"

    def family(self, name: str) -> Family:
        """The family of a name. Raises KeyError where there is none."""
        return {family.name: family for family in self.families}[name]

    def results(self, family: Family) -> list[Atoms]:
        """What is computed of a family, in the order of the labels."""
        path = self.result_file(family)
        return read_frames(path) if path.exists() else []

    @cached_property
    def held_out(self) -> frozenset[str]:
        """The groups of the validation set: in an order drawn with the seed, as many as fit the
        fraction.

        Sizes are those of the stored structures; a group that would go beyond the fraction is
        passed over.
        """
        sizes: dict[str, int] = {}
        total = 0
        for family in self.families:
            number = len(self.structures(family))
            total += number
            if family.use == "either":
                sizes[family.group] = sizes.get(family.group, 0) + number
        order = np.random.default_rng(self.seed).permutation(sorted(sizes))
        chosen: set[str] = set()
        left = self.fraction * total
        for group in order:
            if sizes[group] <= left:
                chosen.add(str(group))
                left -= sizes[group]
        return frozenset(chosen)

    def family_seed(self, family: Family) -> tuple[int, int]:
        """The seed of a family's random numbers, whatever other families there are."""
        return self.seed, crc32(family.name.encode())

    def structures(self, family: Family) -> list[Atoms]:
        """The family's structures, from their file; made and written if there is none yet.

        UserError where the file was made by another recipe than the list's.
        """
        path = self.structures_file(family)
        wanted = family.recipe_digest(self.seed)
        if path.exists():
            structures = read_frames(path)
            if any(atoms.info.get("recipe") != wanted for atoms in structures):
                raise UserError(
                    f"{path}: made by another recipe than that of {family.name} in {self.path}; "
                    "remove it to make it anew"
                )
            return structures
        structures = recipes.make(
            family.recipe, self.family_seed(family), f"{self.path}: {family.name}", self.folder
        )
        for number, atoms in enumerate(structures):
            atoms.info = {"label": f"{family.name}/{number:02d}", "recipe": wanted}
        write_frames(path, structures)
        return structures


def read_list(path: Path) -> StructureList:
    """Reads and checks a list; UserError names the file, the family and the key."""
    try:
        values = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise UserError(f"{path}: not YAML: {error}") from error
    if not isinstance(values, dict) or not isinstance(values.get("families"), dict):
        raise UserError(
            f"{path}: a list has the keys {', '.join(LIST_KEYS)}; `families` maps names to recipes"
        )
    _only(values, LIST_KEYS, f"{path}")
    method = Method.of(values.get("method") or {}, str(path))
    fraction = (values.get("validation") or {}).get("fraction", 0.0)
    if not isinstance(fraction, int | float) or not 0 <= fraction < 1:
        raise UserError(
            f"{path}: validation: fraction is {fraction!r}, allowed is 0 to less than 1"
        )
    seed = values.get("seed", 0)
    if not isinstance(seed, int):
        raise UserError(f"{path}: seed is {seed!r}, a whole number is needed")
    families = tuple(_family(name, keys, method, path) for name, keys in values["families"].items())
    uses: dict[str, str] = {}
    for family in families:
        if uses.setdefault(family.group, family.use) != family.use:
            raise UserError(
                f"{path}: {family.name}: use is {family.use!r}, but others of its group "
                f"{family.group!r} have {uses[family.group]!r}: one group has one use"
            )
    return StructureList(path, seed, float(fraction), method, families)


def _family(name: str, keys, method: Method, path: Path) -> Family:
    where = f"{path}: {name}"
    if not isinstance(keys, dict):
        raise UserError(f"{where}: {keys!r} is not a mapping of {', '.join(FAMILY_KEYS)}")
    _only(keys, FAMILY_KEYS, where)
    use = keys.get("use", "either")
    if use not in USES:
        raise UserError(f"{where}: use is {use!r}, allowed are {', '.join(USES)}")
    own = {key: keys[key] for key in METHOD_KEYS if key in keys}
    method = Method.of(asdict(method) | own, where)
    return Family(
        name=str(name),
        group=str(keys.get("group", name)),
        recipe={"start": keys.get("start"), "steps": keys.get("steps")},
        method=method,
        magnetic_moments=keys.get("magnetic_moments"),
        relax=keys.get("relax"),
        use=use,
        about=str(keys.get("about", "")),
    )


def _only(values: dict, allowed: tuple[str, ...], where: str) -> None:
    for key in values:
        if key not in allowed:
            raise UserError(f"{where}: {key!r} is unknown, allowed are {', '.join(allowed)}")
