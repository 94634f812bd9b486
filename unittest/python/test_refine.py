"""`rfmeam refine`: what an ensemble disagrees on, what is chosen and written, bad input."""

import numpy as np
import pytest
import rfmeam
import yaml
from ase import Atoms
from ase.build import bulk
from ase.io import read, write
from rfmeam.calculator import RFMEAM
from rfmeam.cli import app
from rfmeam.reference.structure_list import read_list
from rfmeam.refine.choice import choose, neighbourhood
from rfmeam.refine.disagreement import Judged, force_spread, judge
from typer.testing import CliRunner

from fit_samples import INDEFINITE, MATERIAL

MEMBERS = [MATERIAL.replace("2.53025531 ", f"{rp} ") for rp in (2.51, 2.53025531, 2.56)]
assert len(set(MEMBERS)) == 3


def rattled(seed, a=4.0, size=0.1):
    atoms = bulk("LiF", "rocksalt", a, cubic=True)
    atoms.positions += np.random.default_rng(seed).normal(scale=size, size=(8, 3))
    return atoms


def potentials(*texts):
    return [rfmeam.Potential.parse(text) for text in texts]


# ---- disagreement


def test_spread_of_forces():
    """The standard deviation of the force vectors, atom by atom, from ASE's calculator."""
    members, frames = potentials(*MEMBERS), [rattled(1), rattled(2)[:7]]
    spreads, failing = force_spread(members, frames, jobs=1)
    assert list(failing) == [0, 0] and [len(s) for s in spreads] == [8, 7]
    for atoms, spread in zip(frames, spreads, strict=True):
        forces = np.array([RFMEAM(m).get_property("forces", atoms) for m in members])
        expected = np.sqrt(((forces - forces.mean(axis=0)) ** 2).sum(axis=2).mean(axis=0))
        assert spread == pytest.approx(expected, rel=1e-6)


def test_equal_members_agree():
    (judged,) = judge(potentials(MATERIAL, MATERIAL), "x", np.array([0.5]), [rattled(1)])
    assert judged.disagreement == pytest.approx(0, abs=1e-12) and judged.time == 0.5


def test_members_without_equilibrium_are_left_out():
    members = potentials(*MEMBERS, INDEFINITE)
    (judged,) = judge(members, "x", np.array([1.0]), [rattled(1)])
    (sound,) = judge(members[:3], "x", np.array([1.0]), [rattled(1)])
    assert judged.failing == 1 and judged.disagreement == pytest.approx(sound.disagreement)
    (none,) = judge(potentials(MATERIAL, INDEFINITE), "x", np.array([1.0]), [rattled(1)])
    assert np.isnan(none.disagreement)


# ---- choice


def frame(atoms, disagreement, worst=0):
    return Judged("x", 0.0, atoms, disagreement, worst, 0)


def test_neighbourhoods_do_not_depend_on_where_the_cell_begins():
    atoms = rattled(1)
    moved = atoms.copy()
    moved.positions += [1.0, 2.0, 3.0]
    moved.wrap()
    here, there = (neighbourhood(each, 3, ["Li", "F"]) for each in (atoms, moved))
    assert there == pytest.approx(here)
    assert neighbourhood(atoms, 4, ["Li", "F"]) != pytest.approx(here)


def test_variety_goes_before_more_of_the_same():
    """Of two kinds, one with larger disagreement, two choices take one of each."""
    same = [frame(rattled(1, size=1e-3), 1.0 - 0.01 * k) for k in range(5)]
    other = [frame(rattled(1, a=4.4, size=1e-3), 0.4 - 0.01 * k) for k in range(5)]
    assert choose(same + other, ["Li", "F"], 2, 0.1, np.inf) == [0, 5]


def test_limits_of_the_choice():
    judged = [frame(rattled(k), size) for k, size in enumerate([0.05, 0.2, 3.0, np.nan])]
    assert choose(judged, ["Li", "F"], 9, 0.1, 1.0) == [1]
    assert choose(judged, ["Li", "F"], 9, 0.1, np.inf) == [1, 2]
    assert choose(judged, ["Li", "F"], 1, 0.0, np.inf) == [2]
    assert choose(judged, ["Li", "F"], 9, 5.0, 9.0) == []
    close = Atoms("LiF", [(0, 0, 0), (0.6, 0, 0)], cell=[4] * 3, pbc=True)
    assert choose([frame(close, 1.0), *judged], ["Li", "F"], 9, 0.1, 1.0) == [2]


# ---- the command

RUN = {"crystal": "salt", "cells": 2, "temperature": 600, "equilibrate": 0.1, "time": 0.2,
       "interval": 0.02}  # fmt: skip
SETTINGS = {
    "potential": "members/1.rfmeam",
    "ensemble": ["members"],
    "crystals": {"salt": {"symbol": "LiF", "structure": "rocksalt", "a": 4.0}},
    "dynamics": {"Hot salt": RUN, "cell": {"file": "cell.extxyz", "temperature": 300} | {
        key: RUN[key] for key in ("equilibrate", "time", "interval")}},
    "choose": {"count": 15, "least": "1 meV/Å"},
}  # fmt: skip


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "members").mkdir()
    for number, text in enumerate(MEMBERS):
        (tmp_path / "members" / f"{number}.rfmeam").write_text(text)
    write(tmp_path / "cell.extxyz", rattled(1, a=4.1))
    return tmp_path


def refine(folder, **changes):
    path = folder / "refine.yaml"
    settings = {k: v for k, v in (SETTINGS | changes).items() if v is not None}
    path.write_text(yaml.safe_dump(settings, sort_keys=False, allow_unicode=True))
    return CliRunner().invoke(app, ["refine", str(path), "--jobs", "1"])


def test_a_list_for_reference_build(folder):
    like = folder / "like.yaml"
    like.write_text("method: {functional: PBE, cutoff: 540}\nfamilies: {}\n")
    result = refine(folder, like="like.yaml")
    assert result.exit_code == 0, result.output
    assert "Hot salt: 10 frames, disagreement 0." in result.output
    found = read_list(folder / "refine" / "structures.yaml")
    assert found.method.cutoff == 540
    assert {family.name for family in found.families} == {"refine-hot-salt", "refine-cell"}
    made = {family.name: found.structures(family) for family in found.families}
    assert sum(map(len, made.values())) == 15
    for family in found.families:
        assert family.use == "fit"
        chosen = read(folder / "refine" / "chosen" / f"{family.name}.extxyz", ":")
        assert len(chosen) == len(made[family.name])
        for atoms, other in zip(chosen, made[family.name], strict=True):
            assert atoms.cell.array == pytest.approx(other.cell.array, abs=1e-6)
            assert sorted(atoms.symbols) == sorted(other.symbols)
    report = (folder / "refine" / "report.md").read_text()
    assert "Of frames with a disagreement of at least 0.001 eV/Å those" in report
    assert "| Hot salt | 10 | 0 | 0." in report and "| refine-hot-salt/00 | Hot salt |" in report
    assert (folder / "refine" / "disagreement.png").exists()
    again = refine(folder)  # its structures are made: they do not change any more
    assert again.exit_code == 1 and "has structures/ of a list that is built" in again.output


def test_an_unstable_run_gives_the_frames_until_then(folder):
    wild = RUN | {"timestep": "20 fs", "equilibrate": 0, "time": 8, "interval": 0.1}
    result = refine(folder, dynamics={"wild": wild, "salt": RUN}, choose={"count": 3, "least": 0})
    assert result.exit_code == 0, result.output
    assert "warning: wild: " in result.output and " of 80 frames are used" in result.output
    assert "## Warnings" in (folder / "refine" / "report.md").read_text()


def test_no_run_that_lasts(folder):
    close = Atoms("LiF", [(0, 0, 0), (0.2, 0, 0)], cell=[4] * 3, pbc=True)
    write(folder / "close.extxyz", close)
    result = refine(folder, dynamics={"x": RUN | {"file": "close.extxyz", "crystal": None}})
    assert result.exit_code == 1 and "no run has a frame: x: " in result.output


def test_members_that_agree_everywhere(folder):
    result = refine(folder, dynamics={"x": RUN}, choose={"least": 100})
    assert result.exit_code == 1
    assert "no frame has a disagreement between least, 100, and most, inf" in result.output
    assert "| x | 10 | 0 | 0." in (folder / "refine" / "report.md").read_text()
    assert not (folder / "refine" / "structures.yaml").exists()


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"ensemble": None}, "ensemble is missing: potential, ensemble and dynamics are needed"),
        ({"dynamics": None}, "dynamics is missing"),
        ({"dynamics": {}}, "dynamics has no run"),
        ({"members": ["x"]}, "members is unknown, allowed are potential, ensemble, output"),
        ({"ensemble": ["none"]}, "ensemble has 'none', where there is no potential: "),
        ({"ensemble": ["members/1.rfmeam"]}, "ensemble has 1 potential: at least two are needed"),
        ({"ensemble": ["members", "other.rfmeam"]}, "other.rfmeam is for Li, Cl, the potential's"),
        (
            {"ensemble": ["members", "bare.rfmeam"]},
            "bare.rfmeam and the potential: one of them has",
        ),
        ({"potential": "none.rfmeam"}, "none.rfmeam"),
        ({"dynamics": {"Na": {"file": "na.extxyz", "temperature": 300}}}, "Na: has Na, the potent"),
        ({"dynamics": {"a b": RUN, "A-b": RUN}}, "whose family refine-a-b another run has, too"),
        ({"choose": {"number": 3}}, "choose: number is unknown"),
        ({"choose": {"count": 0}}, "choose: count is 0, allowed is a whole number >= 1"),
        ({"choose": {"least": "1 GPa"}}, "least has the unit 'GPa', allowed are eV/Å"),
        ({"choose": {"least": 1, "most": 0.5}}, "most is 0.5, allowed is a number above least, 1"),
        ({"like": "none.yaml"}, "like is 'none.yaml', there is no "),
        ({"like": "na.extxyz"}, "na.extxyz"),
    ],
)
def test_wrong_settings(folder, changes, expected):
    (folder / "other.rfmeam").write_text(MATERIAL.replace(" F", " Cl"))
    words = ("charge", "coulomb", "rho", "wall")
    bare = [line for line in MATERIAL.splitlines(True) if not line.startswith(words)]
    (folder / "bare.rfmeam").write_text("".join(bare))
    write(folder / "na.extxyz", bulk("Na", "bcc", 4.2))
    result = refine(folder, **changes)
    assert result.exit_code == 1 and "Traceback" not in result.output
    assert expected in result.output, result.output
