"""Lists of structures (YAML): the method, the families with their recipes, and what is held out."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from zlib import crc32

import numpy as np
import yaml
from ase import Atoms

from ..campaign.files import FOREVER, locked
from ..errors import UserError
from . import recipes
from .method import Method, digest
from .store import read_frames, write_frames

LIST_KEYS = ("description", "seed", "validation", "method", "families")
VALIDATION_KEYS = ("chance", "seed")
PARTS = ("training", "validation")
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
RELAX_KEYS = ("force", "steps")
POSITION_DECIMALS = 5  # Å, of what universal potentials label: 1e-4 eV/Å in forces
USES = ("either", "fit", "validate")


@dataclass(frozen=True)
class Family:
    """Structures of one kind. group: families that are fitted to or held out together.

    use: "fit" keeps the family out of the validation set, "validate" in it. magnetic_moments: of
    each atom (μB), or None for no spin. relax: None, or {"force": eV/Å, "steps": at most in one
    run}.
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
    chance: float
    validation_seed: int
    method: Method
    families: tuple[Family, ...]

    @property
    def folder(self) -> Path:
        return self.path.parent

    @property
    def scratch(self) -> Path:
        """For the programs' logs and for locks."""
        return self.folder / "scratch"

    def structures_file(self, family: Family) -> Path:
        """Where the family's structures are kept, so that they outlive what made them."""
        return self.folder / "structures" / f"{family.name}.extxyz"

    def result_file(self, family: Family) -> Path:
        """Where the family's results are, by their use. UserError if some are in the other part."""
        part, other = reversed(PARTS) if self.is_held_out(family) else PARTS
        wrong = self.folder / other / f"{family.name}.extxyz"
        if wrong.exists():
            raise UserError(f"{wrong}: by {self.path} it is for {part}: move the file there")
        return self.folder / part / f"{family.name}.extxyz"

    def family(self, name: str) -> Family:
        """The family of a name. Raises KeyError where there is none."""
        return {family.name: family for family in self.families}[name]

    def results(self, family: Family) -> list[Atoms]:
        """What is computed of a family, in the order of the labels. UserError where another program
        than the list's computed any of it: labels of two levels are not mixed.
        """
        path = self.result_file(family)
        frames = read_frames(path) if path.exists() else []
        for atoms in frames:
            program = str(atoms.info.get("program"))
            if program.startswith("SevenNet") != (self.method.program == "sevennet-0"):
                raise UserError(
                    f"{path}: {atoms.info.get('label')} is by {program}, but {self.path} is for "
                    f"{self.method.program}: each program has a list in a folder of its own"
                )
        return frames

    def is_held_out(self, family: Family) -> bool:
        """Whether a family is for validation. Each group is drawn by itself, with the seed and its
        name: so a list that grows keeps its validation set.
        """
        if family.use != "either":
            return family.use == "validate"
        draw = np.random.default_rng([self.validation_seed, crc32(family.group.encode())])
        return draw.random() < self.chance

    def family_seed(self, family: Family) -> tuple[int, int]:
        """The seed of a family's random numbers, whatever other families there are."""
        return self.seed, crc32(family.name.encode())

    def structures(self, family: Family) -> list[Atoms]:
        """The family's structures, from their file; made and written if there is none yet.

        UserError where the file was made by another recipe than the list's, or magnetic moments
        are not one an atom.
        """
        path = self.structures_file(family)
        wanted = family.recipe_digest(self.seed)
        if not path.exists():
            with locked(self.scratch / f"{family.name}.structures.lock", FOREVER):
                if not path.exists():
                    write_frames(path, self._made(family))
        structures = read_frames(path)  # also those just made: as many digits as later
        if any(atoms.info.get("recipe") != wanted for atoms in structures):
            raise UserError(
                f"{path}: made by another recipe than that of {family.name} in {self.path}; "
                "remove it to make it anew"
            )
        moments = family.magnetic_moments
        for number, atoms in enumerate(structures):
            if moments is not None and len(moments) != len(atoms):
                raise UserError(
                    f"{self.path}: {family.name}: magnetic_moments has {len(moments)} values, its "
                    f"structure {number} {len(atoms)} atoms"
                )
        return structures

    def _made(self, family: Family) -> list[Atoms]:
        where = f"{self.path}: {family.name}"
        structures = recipes.make(family.recipe, self.family_seed(family), where, self.folder)
        for number, atoms in enumerate(structures):
            if self.method.program != "gpaw":  # of thousands, whose labels are off by 0.1 eV/Å
                atoms.positions = atoms.positions.round(POSITION_DECIMALS)
            atoms.info = {
                "label": f"{family.name}/{number:02d}",
                "recipe": family.recipe_digest(self.seed),
            }
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
    method = values.get("method") or {}
    if not isinstance(method, dict):
        raise UserError(f"{path}: method: {method!r} is not a mapping")
    method = Method.of(method, str(path))
    if method.program != "gpaw" and (others := set(values["method"]) - {"program"}):
        raise UserError(
            f"{path}: method: {method.program} has no settings, read {', '.join(sorted(others))}"
        )
    seed = values.get("seed", 0)
    if not isinstance(seed, int):
        raise UserError(f"{path}: seed is {seed!r}, a whole number is needed")
    validation = _mapping(values, "validation", VALIDATION_KEYS, f"{path}")
    chance = validation.get("chance", 0.0)
    if not _is_number(chance) or not 0 <= chance < 1:
        raise UserError(f"{path}: validation: chance is {chance!r}, allowed is 0 to less than 1")
    validation_seed = validation.get("seed", seed)
    if not isinstance(validation_seed, int):
        raise UserError(f"{path}: validation: seed is {validation_seed!r}, not a whole number")
    families = tuple(_family(name, keys, method, path) for name, keys in values["families"].items())
    uses: dict[str, str] = {}
    for family in families:
        if uses.setdefault(family.group, family.use) != family.use:
            raise UserError(
                f"{path}: {family.name}: use is {family.use!r}, but others of its group "
                f"{family.group!r} have {uses[family.group]!r}: one group has one use"
            )
    return StructureList(path, seed, float(chance), validation_seed, method, families)


def _family(name: str, keys, method: Method, path: Path) -> Family:
    where = f"{path}: {name}"
    if not isinstance(keys, dict):
        raise UserError(f"{where}: {keys!r} is not a mapping of {', '.join(FAMILY_KEYS)}")
    _only(keys, FAMILY_KEYS, where)
    use = keys.get("use", "either")
    if use not in USES:
        raise UserError(f"{where}: use is {use!r}, allowed are {', '.join(USES)}")
    own = {key: keys[key] for key in METHOD_KEYS if key in keys}
    settings = sorted({*own, *(key for key in ("magnetic_moments", "relax") if key in keys)})
    if method.program != "gpaw" and settings:
        raise UserError(f"{where}: {method.program} has no settings, read {', '.join(settings)}")
    method = Method.of(asdict(method) | own, where)
    moments = keys.get("magnetic_moments")
    if moments is not None and not (isinstance(moments, list) and all(map(_is_number, moments))):
        raise UserError(f"{where}: magnetic_moments is {moments!r}, allowed is a number an atom")
    relax = _mapping(keys, "relax", RELAX_KEYS, where)
    for key in RELAX_KEYS if relax else ():
        if not _is_number(relax.get(key)) or relax[key] <= 0:
            raise UserError(
                f"{where}: relax: {key} is {relax.get(key)!r}, a positive number is needed"
            )
    return Family(
        name=str(name),
        group=str(keys.get("group", name)),
        recipe={"start": keys.get("start"), "steps": keys.get("steps")},
        method=method,
        magnetic_moments=moments,
        relax=relax or None,
        use=use,
        about=str(keys.get("about", "")),
    )


def _mapping(values: dict, key: str, allowed: tuple[str, ...], where: str) -> dict:
    """A mapping of a mapping, {} where there is none; UserError if it is none or has other keys."""
    found = values.get(key) or {}
    if not isinstance(found, dict):
        raise UserError(f"{where}: {key}: {found!r} is not a mapping of {', '.join(allowed)}")
    _only(found, allowed, f"{where}: {key}")
    return found


def _is_number(value) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _only(values: dict, allowed: tuple[str, ...], where: str) -> None:
    for key in values:
        if key not in allowed:
            raise UserError(f"{where}: {key!r} is unknown, allowed are {', '.join(allowed)}")
