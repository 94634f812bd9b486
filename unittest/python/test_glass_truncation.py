"""How far built-in force fields of `rfmeam glass` reach; by default as in doc/glass.md's table."""

import json
from pathlib import Path

import numpy as np
import pytest
from rfmeam import UserError
from rfmeam.glass import composition, force_field
from rfmeam.glass.tabulated import TABLE_FILE, Truncation

RESULTS = sorted((Path(__file__).parents[2] / "examples/glass/results").glob("*.json"))
MODEL = composition.build_model(composition.parse_sample("40L30B30S"), 1000)


@pytest.mark.parametrize("path", RESULTS, ids=lambda path: path.stem)
def test_force_fields_are_those_of_the_table(path):
    """To the last digit: the same SHA-256 of all that LAMMPS reads."""
    settings = json.loads(path.read_text("utf-8"))["settings"]
    model = composition.build_model(composition.parse_sample(settings["sample"]), 1000)
    found = force_field.load(settings["potential"], model)
    assert found.fingerprint == settings["potential SHA-256"]
    assert found.parameters == settings["potential parameters"]


def section(field: force_field.ForceField, pair: str) -> np.ndarray:
    """Distance, energy and force of a pair's table."""
    text = field.files[TABLE_FILE].split(f"\n{pair}\nN ")[1]
    rows = [line.split() for line in text.split("\n\n")[1].splitlines()]
    return np.array(rows, float)[:, 1:]


def test_short_range_ends_where_it_is_told_to():
    """The tail between 8 and 11 Å is that of -C/r^6, Coulomb beside it ends at 8 Å as before."""
    far = force_field.load("du", MODEL, truncation=Truncation(11.0))
    r, energy, force = section(far, "O-O").T
    assert r[-1] == 11.0 and energy[-1] == force[-1] == 0.0
    tail = (r > 8.5) & (r < 10.5)
    assert energy[tail] == pytest.approx(-far.parameters["O-O"]["C"] / r[tail] ** 6, rel=1e-3)
    assert far.name == "du, 11 Å" and far.parameters["short-range cutoff"] == 11.0
    r, energy, _ = section(far, "Li-Li").T
    assert np.all(energy[r > 8.0] == 0.0) and np.all(energy[(r > 2.0) & (r < 7.9)] > 0.0)


def test_with_pppm_coulomb_is_in_no_table():
    field = force_field.load("du", MODEL, truncation=Truncation(pppm=True))
    assert "pair_coeff * * coul/long" in field.lines and "kspace_style pppm 1e-05" in field.lines
    assert "Li-Li" not in field.files[TABLE_FILE]
    assert not any(line.endswith("Li-Li") for line in field.lines)
    r, energy, _ = section(field, "Li-O").T
    term = field.parameters["Li-O"]
    plain = term["A"] * np.exp(-r / term["rho"]) - term["C"] / r**6
    outside = (r > 1.8) & (r < 7.5)
    assert energy[outside] == pytest.approx(plain[outside], abs=1e-9)
    assert field.fingerprint != force_field.load("du", MODEL).fingerprint


def test_names_of_folders_tell_them_apart():
    assert force_field.label("du", Truncation()) == "du"
    assert force_field.label("agc:0.164", Truncation(11.0, True)) == "agc-rho0.164-11Å-PPPM"


def test_a_file_says_itself_how_far_it_reaches(tmp_path):
    path = tmp_path / "own.lmp"
    path.write_text("pair_style coul/dsf 0.2 8.0\npair_coeff * *\n", "utf-8")
    for truncation in (Truncation(11.0), Truncation(pppm=True)):
        with pytest.raises(UserError, match="--short-range and --pppm: are for du, shik, agc"):
            force_field.load(str(path), MODEL, truncation=truncation)
