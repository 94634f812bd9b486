"""`rfmeam glass --start` and `--ion`: structures and ions of the user's."""

from types import SimpleNamespace

import numpy as np
import pytest
from ase import Atoms
from ase.io import read, write
from rfmeam.errors import UserError
from rfmeam.glass import density, force_field, lammps, measure
from rfmeam.glass.composition import build_model, parse_sample
from rfmeam.glass.ions import mobile_ion
from rfmeam.glass.protocol import Protocol
from rfmeam.glass.quench import Quench
from rfmeam.glass.start import read_start
from rfmeam.glass.structure import random_structure

MODEL = build_model(parse_sample("40L30B30S"), 300)
ATOMS = random_structure(MODEL, 2.2, 1)


@pytest.fixture
def file(tmp_path):
    def file(atoms):
        path = tmp_path / "start.extxyz"
        write(path, atoms)
        return path

    return file


def test_its_oxides_and_density(file):
    start = read_start(file(ATOMS))
    assert start.model.units == MODEL.units
    assert start.model.counts == MODEL.counts
    assert start.density == pytest.approx(2.2, rel=1e-6)
    assert start.model.asked.percent == {
        oxide: pytest.approx(x, abs=0.01) for oxide, x in MODEL.actual.percent.items()
    }
    held = density.hold_start(start, None, False)
    assert (held.density, str(held)) == (2.2, "2.2 g/cm³, that of start.extxyz")
    assert density.hold_start(start, 2.31, False).density == 2.31
    assert density.hold_start(start, None, True).density is None


def test_melting_begins_with_it(file, tmp_path):
    """At the density of the protocol, the same fractions."""
    start = read_start(file(ATOMS))
    field = force_field.load("du", start.model, False)
    run = Quench(tmp_path, start.model, field, Protocol(density=2.4), 1, start)
    order = np.argsort([field.elements.index(s) for s in ATOMS.symbols], kind="stable")
    data = read(run._write_start(), format="lammps-data", Z_of_type={1: 3, 2: 5, 3: 14, 4: 8})
    assert start.model.density(data.get_volume()) == pytest.approx(2.4, rel=1e-4)
    shift = data.get_scaled_positions() - ATOMS.get_scaled_positions()
    if np.abs(shift).max() > 1e-4:  # sorted by type
        shift = data.get_scaled_positions() - ATOMS[order].get_scaled_positions()
    assert np.abs(shift - np.round(shift)).max() < 1e-4


def sheared():
    atoms = ATOMS.copy()
    atoms.cell[1, 0] = 1.0
    return atoms


@pytest.mark.parametrize(
    ("atoms", "message"),
    [
        (ATOMS[:100], "100 atoms, allowed are 200 to 100000"),
        (sheared(), "its box is not orthogonal"),
        (ATOMS[[atom.index for atom in ATOMS if atom.symbol != "O"]].repeat((3, 1, 1)), "0 O, but"),
        (ATOMS + Atoms("Xe", [[0, 0, 0]]), "has Xe; known oxides: Li2O"),
        (ATOMS + Atoms("Li", [[0, 0, 0]]), "Li are no whole number of Li2O"),
    ],
)
def test_what_cannot_be_melted(file, atoms, message):
    with pytest.raises(UserError, match=message):
        read_start(file(atoms))


def test_a_dump_has_no_elements(tmp_path):
    path = tmp_path / "x.dump"
    path.write_text("ITEM: TIMESTEP\n0\n")
    with pytest.raises(UserError, match="a dump does not name its elements"):
        read_start(path)


def test_which_ion():
    assert mobile_ion({"Na": 3, "Li": 1, "O": 2}) == "Li"
    assert mobile_ion({"K": 3, "Ca": 1, "O": 2}) == "K"
    assert mobile_ion({"K": 3, "Ca": 1, "O": 2}, "Ca") == "Ca"


@pytest.mark.parametrize(("ion", "charge"), [("Na", 1), ("Ca", 2)])
def test_its_charge_makes_the_conductivity(ion, charge, monkeypatch):
    walk = np.cumsum(np.random.default_rng(5).normal(0, 0.3, (300, 40, 3)), axis=0)
    monkeypatch.setattr(measure, "_diffuse", lambda *_: (walk, 1e4))
    found = measure.measure_diffusion(SimpleNamespace(), lammps.Machine(), None, None, ion)
    reference = measure.measure_diffusion(SimpleNamespace(), lammps.Machine(), None, None)
    assert found["ion"] == ion
    assert found["values"][f"D {ion} 900 K cm2/s"] == reference["values"]["D Li 900 K cm2/s"]
    name = "conductivity 900 K S/cm"
    assert found["values"][name] == pytest.approx(charge**2 * reference["values"][name])
