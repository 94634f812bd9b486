"""Molecular dynamics in fits: runs with LAMMPS as a library, their averages as properties."""

import numpy as np
import pytest
import rfmeam
from ase import Atoms
from ase.build import bulk
from ase.io import write
from rfmeam import dynamics
from rfmeam.cli import app
from rfmeam.dynamics import Dynamics, DynamicsError, Start
from rfmeam.fit.property_settings import measurement
from rfmeam.properties import Crystal
from typer.testing import CliRunner

from fit_samples import INDEFINITE, MATERIAL, write_data, write_fit

SALT = Crystal("LiF", "rocksalt", 4.0)
SHORT = {"equilibrate": 0.3, "time": 0.2, "interval": 0.02}


def salt(a: float, cells: int = 2) -> Start:
    return Start.of(bulk("LiF", "rocksalt", a, cubic=True) * cells, f"salt {a}")


@pytest.fixture(scope="module")
def potential():
    return rfmeam.Potential.parse(MATERIAL)


@pytest.fixture(scope="module")
def measure(potential):
    return measurement(potential)


# ---- runs


def test_a_cold_crystal_has_the_volume_of_its_lattice(measure):
    run = Dynamics("cold", salt(4.1), 1.0, 0.0, **SHORT)
    a = measure.lattice(SALT)
    assert 1.05 * a**3 < 4.1**3
    assert measure.volume(run) == pytest.approx(a**3 / 8, rel=1e-3)


def test_a_crystal_expands_with_temperature(measure):
    volumes = [
        measure.volume(Dynamics("x", salt(4.05), temperature, 0.0, **SHORT))
        for temperature in (1.0, 600.0)
    ]
    assert 1.01 < volumes[1] / volumes[0] < 1.2


def test_pressure_makes_it_smaller(measure):
    volumes = [
        measure.volume(Dynamics("p", salt(4.0), 1.0, pressure, **SHORT)) for pressure in (0.0, 5.0)
    ]
    # B is about 71 GPa, and rises with pressure
    assert volumes[1] / volumes[0] == pytest.approx(1 - 5 / 71, abs=0.02)


def test_frames_of_constant_volume(potential):
    run = Dynamics("nvt", salt(4.0), 300.0, **SHORT)
    trajectory = dynamics.run(potential, run)
    assert trajectory.problem == "" and len(trajectory.frames) == run.frames == 10
    first, last = trajectory.frames[0], trajectory.frames[-1]
    assert last.cell.volume == pytest.approx(8.0**3)
    assert last.get_chemical_symbols() == list(run.start.symbols)
    from_rest = first.get_distances(0, np.arange(1, 64), mic=True).min()
    assert from_rest != pytest.approx(4.0 / 2, abs=1e-3)  # they have moved
    again = dynamics.run(potential, run)
    assert np.array_equal(again.frames[-1].positions, last.positions)


def test_a_cell_that_is_not_orthogonal(potential):
    """Frames are in LAMMPS' orientation; distances stay."""
    atoms = bulk("LiF", "rocksalt", 4.0) * 3
    run = Dynamics("cold", Start.of(atoms, "x"), 1e-3, equilibrate=0, time=0.002, interval=0.002)
    (frame,) = dynamics.run(potential, run).whole()
    assert frame.cell.volume == pytest.approx(atoms.cell.volume)
    before, after = (each.get_all_distances(mic=True) for each in (atoms, frame))
    assert after == pytest.approx(before, abs=1e-2)


def test_metal_without_charges():
    """Potentials without charges run, too."""
    lines = MATERIAL.splitlines(keepends=True)
    words = ("charge", "coulomb", "rho", "wall")
    bare = rfmeam.Potential.parse("".join(x for x in lines if not x.startswith(words)))
    start = Start.of(bulk("Li", "bcc", 3.5, cubic=True) * 3, "metal")
    run = Dynamics("metal", start, 100.0, equilibrate=0.0, time=0.04, interval=0.02)
    assert len(dynamics.run(bare, run).whole()) == 2


def test_an_unstable_run_says_so_and_keeps_its_frames(potential):
    """Steps far too long: the atoms heat up."""
    run = Dynamics("wild", salt(4.0), 300.0, timestep=20.0, equilibrate=0.0, time=20, interval=0.1)
    trajectory = dynamics.run(potential, run)
    assert trajectory.problem.startswith("wild: ")
    assert len(trajectory.frames) < 200
    with pytest.raises(DynamicsError, match="wild: "):
        trajectory.whole()


def test_charges_without_equilibrium():
    run = Dynamics("x", salt(4.0), 300.0)
    trajectory = dynamics.run(rfmeam.Potential.parse(INDEFINITE), run)
    assert trajectory.problem.startswith("x: LAMMPS stopped: ") and not trajectory.frames


def test_elements_that_the_potential_lacks(potential):
    run = Dynamics("x", Start.of(bulk("NaCl", "rocksalt", 5.6, cubic=True), "x"), 300.0)
    with pytest.raises(rfmeam.UserError, match="x: has Cl, Na, the potential's elements are Li, F"):
        dynamics.run(potential, run)


# ---- in FIT.yaml


@pytest.fixture(scope="module")
def folder(tmp_path_factory, potential):
    folder = tmp_path_factory.mktemp("fit")
    write_data(folder, MATERIAL)
    reference = dynamics.run(potential, Dynamics("salt", salt(4.0), 300.0, **SHORT)).whole()
    write(folder / "reference.extxyz", reference)
    (folder / "liquid.extxyz").write_text("1\n\nLi 0 0 0\n")
    (folder / "curve.txt").write_text("# r g\n1 0\n1.9 4\n3 1\n6 1\n")
    (folder / "falling.txt").write_text("3 0\n2 4\n")
    (folder / "one.csv").write_text("1,2,3\n2,3,4\n")
    (folder / "words.dat").write_text("a b\n")
    (folder / "far.dat").write_text("7 1\n8 1\n")
    (folder / "empty.dat").write_text("10 0\n20 0\n")
    write(folder / "metal.extxyz", bulk("Li", "bcc", 3.3, cubic=True))
    write(folder / "gas.extxyz", Atoms("LiF", [(0, 0, 0), (1.6, 0, 0)]))
    return folder


RUN = {"crystal": "salt", "cells": 2, "temperature": "300 K", "equilibrate": "0.3 ps",
       "time": "0.2 ps", "interval": "20 fs"}  # fmt: skip
RDF = {"kind": "rdf", "dynamics": "salt", "pair": "Li-F", "reference": "reference.extxyz"}
ADF = {"kind": "adf", "dynamics": "salt", "triple": "F-Li-F", "reach": 2.6,
       "reference": "reference.extxyz"}  # fmt: skip
STAGE = {"name": "x", "free": ["pair.Li-F.rp"], "iterations": 2}


def changes(properties, run=RUN, **more):
    return {
        "crystals": {"salt": {"symbol": "LiF", "structure": "rocksalt", "a": 4.0}},
        "dynamics": {"salt": run},
        "properties": properties,
        "targets": {"charges": {"tolerance": 0.03}},
        "stages": [STAGE],
        "report": {"ensemble": 2},
    } | more


def fit(folder, start=MATERIAL, **settings):
    return CliRunner().invoke(app, ["fit", str(write_fit(folder, start, **settings))])


def test_averages_are_reported(folder):
    """With the potential that made the reference nothing differs from it, before and after."""
    properties = {"g(r)": RDF, "angles": ADF, "V": {"kind": "volume", "dynamics": "npt"}}
    runs = {"salt": RUN, "npt": RUN | {"pressure": "0 GPa"}}
    result = fit(folder, **changes(properties, dynamics=runs))
    assert result.exit_code == 0, result.output
    assert "averages" not in result.output
    lines = (folder / "fit" / "report.md").read_text().splitlines()
    cells = {line.split("|")[1].strip(): line.split("|")[2:8] for line in lines if "|" in line}
    for name in ("g(r)", "angles"):
        _, reference, before, _, _, bar = map(str.strip, cells[name])
        # positions in the file have eight decimals
        assert float(reference) == 0 and float(before) < 0.02 and bar == "–"
    volume = float(cells["V"][2])
    assert volume == pytest.approx(4.03**3 / 8, rel=0.05)
    assert (folder / "fit" / "distributions.png").exists()


def test_methods_without_derivatives_count_averages(folder):
    wrong = MATERIAL.replace("2.53025531 ", "2.65 ")
    stage = STAGE | {"method": "cma", "population": 4, "targets": ["g(r)"], "spread": 0.03}
    result = fit(folder, wrong, **changes({"g(r)": RDF | {"tolerance": 0.05}}, stages=[stage]))
    assert result.exit_code == 0, result.output
    losses = [float(x) for x in _after("loss ", result.output)]
    assert losses[0] > 10 and losses[-1] < 0.7 * losses[0]
    assert "without effect on any target with derivatives: pair.Li-F.rp" in result.output
    assert "no ensemble, as no target has derivatives" in result.output


def _after(word, text):
    return [piece.split()[0] for piece in text.split(word)[1:] if piece[0].isdigit()]


def test_lm_leaves_averages_out_and_says_so(folder):
    result = fit(folder, **changes({"g(r)": RDF | {"tolerance": 0.05}}))
    assert result.exit_code == 0, result.output
    assert "warning: stage x: lm wants derivatives" in result.output
    assert "not counted are g(r)" in result.output


def test_lm_with_an_average_by_name(folder):
    stage = STAGE | {"targets": ["g(r)"]}
    result = fit(folder, **changes({"g(r)": RDF | {"tolerance": 0.05}}, stages=[stage]))
    assert result.exit_code == 1
    assert "x: the target 'g(r)' is an average of molecular dynamics, which has no" in result.output
    assert "allowed are the methods cma, tpe and cuckoo" in result.output


def test_an_unstable_run_has_no_value_in_the_report(folder):
    run = RUN | {"timestep": "20 fs", "time": "4 ps", "interval": "0.1 ps"}
    result = fit(folder, **changes({"g(r)": RDF}, run))
    assert result.exit_code == 0, result.output
    report = (folder / "fit" / "report.md").read_text()
    assert "No value: salt: " in report
    assert "| g(r) |  | 0 | – | – | – | – |" in report


def test_an_unstable_run_at_the_start_of_a_stage(folder):
    run = RUN | {"timestep": "20 fs", "time": "4 ps", "interval": "0.1 ps"}
    stage = STAGE | {"method": "cuckoo", "targets": ["g(r)"]}
    result = fit(folder, **changes({"g(r)": RDF | {"tolerance": 0.05}}, run, stages=[stage]))
    assert result.exit_code == 1
    assert "stage x cannot start: salt: " in result.output


@pytest.mark.parametrize(
    ("run", "expected"),
    [
        (RUN | {"temperatur": 300}, "temperatur is unknown, did you mean 'temperature'?"),
        ({"crystal": "salt"}, "dynamics: salt: temperature is missing: a number in K"),
        (RUN | {"temperature": "27 C"}, "temperature has the unit 'C', allowed are K"),
        (RUN | {"temperature": 0}, "temperature is 0, allowed is a number > 0"),
        (RUN | {"pressure": "1 atm"}, "pressure has the unit 'atm', allowed are GPa, MPa, bar"),
        (RUN | {"timestep": "1 as"}, "timestep has the unit 'as', allowed are fs, ps"),
        (RUN | {"equilibrate": -1}, "equilibrate is -1, allowed is a number >= 0"),
        (RUN | {"time": "10 fs"}, "time of 0.01 ps is shorter than the interval of the frames"),
        (RUN | {"interval": "0.1 fs"}, "interval of 0.0001 ps is shorter than a step"),
        (RUN | {"seed": 0}, "seed is 0, allowed is a whole number >= 1"),
        (RUN | {"cells": 0}, "cells is 0, allowed is a whole number >= 1, or three of them"),
        (RUN | {"cells": [1, 2]}, "cells is [1, 2], allowed is a whole number >= 1, or three"),
        (RUN | {"crystal": "slat"}, "crystal is 'slat', did you mean 'salt'?"),
        (RUN | {"file": "metal.extxyz"}, "crystal or file is needed, and not both"),
        ({"temperature": 300}, "crystal or file is needed, and not both"),
        ({"temperature": 300, "file": "none.xyz"}, "file is 'none.xyz', there is no "),
        ({"temperature": 300, "file": "words.dat"}, "file is 'words.dat', which ASE cannot read: "),
        ({"temperature": 300, "file": "gas.extxyz"}, "file has a structure without a cell"),
    ],
)
def test_wrong_dynamics(folder, run, expected):
    result = fit(folder, **changes({"g(r)": RDF}, run))
    assert result.exit_code == 1 and expected in result.output, result.output


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        (RDF | {"dynamics": "slat"}, "dynamics is 'slat', did you mean 'salt'?"),
        ({"kind": "rdf"}, "dynamics is '', allowed are salt"),
        (RDF | {"pair": "LiF"}, "pair is 'LiF', allowed are elements like Li-F"),
        (RDF | {"pair": None}, "pair is None, allowed are elements like Li-F"),
        (RDF | {"pair": "Li-Na"}, "pair has Na, the atoms of salt are F, Li"),
        (RDF | {"triple": "Li-F-Li"}, "triple does not belong to rdf"),
        (RDF | {"value": 1}, "value does not belong to rdf: its reference is a curve"),
        (RDF | {"reach": 0}, "reach is 0, allowed is a number > 0"),
        (RDF | {"width": 9}, "width is 9, allowed is less than the whole range"),
        (RDF | {"reference": None}, "reference is missing: a trajectory, or a curve (.txt, .dat"),
        (RDF | {"reference": "none.xyz"}, "reference is 'none.xyz', there is no "),
        (RDF | {"reference": "words.dat"}, "words.dat: not columns of numbers: "),
        (RDF | {"reference": "one.csv"}, "one.csv: allowed are two columns of finite numbers"),
        (RDF | {"reference": "falling.txt"}, "falling.txt: the first column does not rise"),
        (RDF | {"reference": "far.dat"}, "far.dat: runs from 7 to 8, out of the range"),
        (RDF | {"reference": "fit.yaml"}, "fit.yaml: ASE cannot read it: "),
        (RDF | {"reference": "gas.extxyz"}, "gas.extxyz: frame 0 is not periodic"),
        (RDF | {"reference": "metal.extxyz"}, "metal.extxyz: frame 0 has no F"),
        (ADF | {"reach": None}, "reach is missing: the longest bond"),
        (ADF | {"triple": "F-Li"}, "triple is 'F-Li', allowed are elements like F-Li-F"),
        (ADF | {"reference": "empty.dat"}, "empty.dat: the curve has no area"),
        ({"kind": "volume", "dynamics": "salt"}, "dynamics is 'salt', which has no pressure"),
        (
            {"kind": "volume", "dynamics": "salt", "tolerance": 1},
            "tolerance needs a value: a number in Å³/atom",
        ),
        (
            {"kind": "volume", "dynamics": "salt", "pair": "Li-F"},
            "pair does not belong to volume, which has dynamics",
        ),
    ],
)
def test_wrong_averages(folder, properties, expected):
    result = fit(folder, **changes({"g(r)": properties}))
    assert result.exit_code == 1 and expected in result.output, result.output


def test_curves_of_angles_have_any_unit(folder):
    """A density per degree, or of another scale, is the same curve."""
    from rfmeam.fit.settings import read_settings

    x = np.linspace(0, 180, 37)
    found = []
    for scale in (1.0, 7.0):
        np.savetxt(folder / "angles.txt", np.column_stack([x, scale * (1 + np.sin(np.radians(x)))]))
        settings = changes({"angles": ADF | {"reference": "angles.txt"}})
        found.append(
            read_settings(write_fit(folder, MATERIAL, **settings)).properties[0].distribution.y
        )
    assert found[1] == pytest.approx(found[0])
    assert np.mean((found[0][1:] + found[0][:-1]) / 2) == pytest.approx(1)


def test_a_given_curve(folder):
    """g(r) of a crystal that hardly moves against a curve that is 1 from 4 Å on."""
    from rfmeam.fit.settings import read_settings

    settings = changes({"g(r)": RDF | {"reference": "curve.txt"}})
    (each,) = read_settings(write_fit(folder, MATERIAL, **settings)).properties
    assert each.value == 0.0 and each.unit == ""
    assert list(each.distribution.y) == [0, 4, 1, 1]
