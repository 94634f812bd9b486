"""Crystals from published coordinates: what the lists have, and what is refused."""

import json
from pathlib import Path

import numpy as np
import pytest
import spglib
from rfmeam.errors import UserError
from rfmeam.reference import recipes
from rfmeam.reference.published import primitive_cell, published

DATA = Path(__file__).resolve().parents[2] / "data"
FILES = sorted(DATA.glob("*/crystals.json"))
LI2O = {
    "source": "somewhere",
    "formula": "Li2O",
    "spacegroup": 225,
    "density": 2.01,
    "cell": [4.619, 4.619, 4.619, 90, 90, 90],
    "sites": [["Li", 0.25, 0.25, 0.25], ["O", 0, 0, 0]],
}


@pytest.fixture
def stored(write):
    """Writes a crystal, Li2O with changes, into a JSON file; returns the file's path."""

    def stored(**changes):
        entry = {key: value for key, value in (LI2O | changes).items() if value is not None}
        return str(write(json.dumps({"Li2O": entry}), "crystals.json"))

    return stored


@pytest.mark.parametrize(
    ("path", "name"), [(path, name) for path in FILES for name in json.loads(path.read_text())]
)
def test_crystals_of_the_lists_are_what_they_state(path, name):
    """Whatever published() checks, and that the primitive cell is the same crystal."""
    atoms = published(str(path), name)
    small = primitive_cell(atoms)
    assert len(atoms) % len(small) == 0
    assert small.get_volume() / len(small) == pytest.approx(atoms.get_volume() / len(atoms))
    assert json.loads(path.read_text())[name]["source"] not in ("", "x")


def test_a_known_crystal(stored):
    atoms = published(stored(), "Li2O")
    assert len(atoms) == 12 and len(primitive_cell(atoms)) == 3
    distances = atoms.get_all_distances(mic=True)[atoms.numbers == 3][:, atoms.numbers == 8]
    np.testing.assert_allclose(distances.min(axis=1), 4.619 * 3**0.5 / 4)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"spacegroup": 202}, r"have the space group 225 \(Fm-3m\), stated is 202"),
        ({"spacegroup": 216}, "the sites make LiO, stated is Li2O"),
        (
            {"cell": [4.6, 4.6, 4.7, 90, 90, 90], "density": 2.0},
            r"have the space group 139 \(I4/mmm\), stated is 225",
        ),
        ({"sites": [["Li", 0.25, 0.25, 0.25], ["O", 0.1, 0, 0]]}, "the sites make LiO3"),
        ({"sites": [["Li", 0.25, 0.25, 0.25]]}, "the sites make Li, stated is Li2O"),
        ({"formula": "LiO"}, "the sites make Li2O, stated is LiO"),
        ({"density": 2.2}, "make 2.014 g/cm3, stated is 2.2: allowed are 2 %"),
        (
            {"cell": [3.9, 3.9, 3.9, 90, 90, 90], "density": 3.35},
            "the oxygen nearest to a Li is 1.69 Å away, allowed are 1.7 to 2.4",
        ),
        (
            {"sites": [["Li", 0.25, 0.25, 0.25], ["O", 0, 0, 0], ["O", 0, 0, 0]]},
            "1 and 2 are equivalent",
        ),
        ({"source": " "}, "source is empty"),
        ({"source": None}, "'source' is missing, needed are source, formula"),
        ({"group": 225}, "'group' is unknown, allowed are source, formula"),
        ({"cell": [4.6, 4.6, 4.6]}, "needed are a, b, c, α, β, γ"),
        ({"sites": [["Xx", 0, 0, 0]]}, "needed are an element and three fractions"),
        ({"sites": [["Li", 0, 0, "a"]]}, "needed are an element and three fractions"),
    ],
)
def test_crystals_that_contradict_themselves_are_refused(stored, changes, message):
    path = stored(**changes)
    with pytest.raises(ValueError, match=message) as error:
        published(path, "Li2O")
    assert f"{path}: Li2O: " in str(error.value)


def test_oxygens_that_touch_are_refused_unless_they_are_a_peroxide():
    path = str(DATA / "llzo" / "crystals.json")
    entry = json.loads(Path(path).read_text())["Li2O2"]
    atoms = published(path, "Li2O2")
    oxygen = atoms[atoms.numbers == 8].get_all_distances(mic=True)
    assert 1.5 < oxygen[oxygen > 0].min() < 1.6 and entry["peroxide"]


def test_touching_oxygens_are_named(write):
    entry = json.loads((DATA / "llzo" / "crystals.json").read_text())["Li2O2"]
    del entry["peroxide"]
    path = str(write(json.dumps({"Li2O2": entry}), "crystals.json"))
    with pytest.raises(ValueError, match=r"two oxygens are 1\.55 Å apart, 2.1 is the least"):
        published(path, "Li2O2")


def test_a_recipe_names_the_list_and_the_crystal(stored):
    path = Path(stored(spacegroup=202))
    start = {"published": {"path": path.name, "name": "Li2O"}}
    with pytest.raises(UserError, match=r"family: start: published: .*Li2O: cell and sites have"):
        recipes.make({"start": start}, (1,), "family", path.parent)
    start["published"]["name"] = "LiO2"
    with pytest.raises(UserError, match="there is no crystal 'LiO2', there are Li2O"):
        recipes.make({"start": start}, (1,), "family", path.parent)


def test_primitive_published_crystal(stored):
    path = Path(stored())
    start = {"published": {"path": path.name, "name": "Li2O", "primitive": True}}
    (atoms,) = recipes.make({"start": start}, (1,), "family", path.parent)
    assert len(atoms) == 3
    found = spglib.get_symmetry_dataset(
        (atoms.cell.array, atoms.get_scaled_positions(), atoms.numbers)
    )
    assert found.number == 225


def shortest(atoms, first: int, second: int) -> float:
    """The least distance (Å) between atoms of two atomic numbers."""
    distances = atoms.get_all_distances(mic=True)
    distances = distances[atoms.numbers == first][:, atoms.numbers == second]
    return distances[distances > 0].min()


def test_squeezed_neighbours():
    """Silicon and an oxygen of quartz, 1.61 Å apart, and nothing else moved."""
    quartz = {
        "symbols": ["Si", "O"],
        "basis": [[0.4697, 0, 0.666667], [0.4135, 0.2669, 0.785767]],
        "spacegroup": 154,
        "cell": [4.916, 4.916, 5.4054, 90, 90, 120],
    }
    whole = recipes.make({"start": {"crystal": quartz}}, (1,), "test", Path())[0]
    bond = shortest(whole, 14, 8)
    step = {"squeeze": {"pair": ["Si", "O"], "fractions": [0.7, 0.9], "copies": 2}}
    made = recipes.make({"start": {"crystal": quartz}, "steps": [step]}, (1,), "test", Path())
    found = [shortest(atoms, 14, 8) / bond for atoms in made]
    np.testing.assert_allclose(found, [0.7, 0.9, 0.7, 0.9], atol=0.005)
    for atoms in made:
        moved = np.linalg.norm(atoms.positions - whole.positions, axis=1) > 1e-6
        assert sorted(atoms.symbols[moved]) == ["O", "Si"]
    alike = {"squeeze": {"pair": ["O", "O"], "fractions": [0.7]}}
    (atoms,) = recipes.make({"start": {"crystal": quartz}, "steps": [alike]}, (1,), "test", Path())
    assert shortest(atoms, 8, 8) / shortest(whole, 8, 8) == pytest.approx(0.7, abs=0.005)
    wrong = {"squeeze": {"pair": ["Si", "B"], "fractions": [0.7]}}
    with pytest.raises(UserError, match="there is no Si beside a B"):
        recipes.make({"start": {"crystal": quartz}, "steps": [wrong]}, (1,), "test", Path())
