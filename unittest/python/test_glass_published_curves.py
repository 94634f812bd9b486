"""Published S(q) and g(r) beside those of a glass: --compare."""

import json

import numpy as np
import pytest
from ase.io import write as write_atoms
from rfmeam import UserError
from rfmeam.cli import app
from rfmeam.glass import figures, judge, report
from rfmeam.glass.analysis import scattering
from rfmeam.glass.published_curves import compare, described, read_curve, read_curves
from typer.testing import CliRunner

from crystals import crystal


@pytest.fixture(scope="module")
def diborate():
    atoms = crystal("Li2B4O7", 13.0)
    atoms.rattle(0.03, seed=1)
    return atoms


@pytest.fixture(scope="module")
def curves(diborate):
    return judge.curves([diborate])


@pytest.fixture
def counts(diborate):
    return diborate.symbols.formula.count()


def text(x, y, kind="S neutron", source="A. Author, J. Glass 1, 2 (1999)", more="", between=" "):
    rows = "".join(f"{a:.5f}{between}{b:.5f}\n" for a, b in zip(x, y, strict=True))
    return f"# curve: {kind}\n# source: {source}\n{more}{rows}"


def test_the_glass_itself_is_no_difference(tmp_path, curves, counts):
    path = tmp_path / "neutron.txt"
    path.write_text(text(curves["q"], curves["S neutron"]), "utf-8")
    found = compare(read_curve(path), [curves, curves], counts)
    assert found["R %"] < 0.01
    assert found["first peak"]["published"] == pytest.approx(found["first peak"]["model"], abs=1e-3)
    assert (found["from"], found["to"]) == (0.5, 15.0)
    q, height = found["first peak"]["model"]
    at = curves["q"].index(q)
    assert height == curves["S neutron"][at] > max(curves["S neutron"][at - 1 : at + 2 : 2])


def test_the_difference_is_wrights_and_at_the_published_points(tmp_path, curves, counts):
    """All of S 0.1 too high: R² = n 0.1² / Σ S²."""
    x = np.linspace(1.0, 20.0, 777)  # beyond what the glass has
    y = np.interp(x, curves["q"], curves["S xray"]) + 0.1
    path = tmp_path / "xray.dat"
    path.write_text(text(x, y, "S xray"), "utf-8")
    found = compare(read_curve(path), [curves], counts)
    inside = y[x <= 15.0]
    assert len(found["x"]) == len(inside) < 777
    expected = 100 * 0.1 * np.sqrt(len(inside) / (inside**2).sum())
    assert found["R %"] == pytest.approx(expected, rel=1e-3)


def test_isotopes(tmp_path, curves, counts):
    """Natural lengths give amorphouspy's S; boron 11 and lithium 7 what the formula says."""
    natural = scattering.neutron(curves, counts, {})
    assert natural == pytest.approx(np.array(curves["S neutron"]), abs=2e-4)
    n = sum(counts.values())
    b = {"Li": -2.22, "B": 6.65, "O": 5.803}
    mean = sum(counts[e] * b[e] for e in counts) / n
    excess = 0.0
    for first, second, factor in (
        ("Li", "Li", 1),
        ("B", "B", 1),
        ("O", "O", 1),
        ("Li", "B", 2),
        ("Li", "O", 2),
        ("B", "O", 2),
    ):
        name = next(k for k in (f"S {first}-{second}", f"S {second}-{first}") if k in curves)
        weight = factor * counts[first] * counts[second] * b[first] * b[second] / n**2
        excess = excess + weight * (np.array(curves[name]) - 1.0)
    path = tmp_path / "neutron.txt"
    more = "# isotopes: B=11, Li=7\n"
    path.write_text(text(curves["q"], 1.0 + excess / mean**2, more=more), "utf-8")
    found = compare(read_curve(path), [curves], counts)
    assert found["curve"] == "S neutron 11B 7Li"
    assert found["R %"] < 0.01
    assert np.abs(np.array(found["model"]) - natural).max() > 0.05


@pytest.mark.parametrize("kind", ["S O-B", "S B-O", "g B-O", "S X-ray"])
def test_partials_in_either_order(tmp_path, curves, counts, kind):
    x, name = ("r", kind) if kind[0] == "g" else ("q", {"S X-ray": "S xray"}.get(kind, "S B-O"))
    name = name if name in curves else "S O-B"
    path = tmp_path / "one.txt"
    path.write_text(text(curves[x], curves[name], kind, between=","), "utf-8-sig")
    curve = read_curve(path)
    curve.check(counts)
    assert compare(curve, [curves], counts)["R %"] < 0.1


GOOD = [(0.5 + 0.1 * n, 1.0 + 0.1 * (n % 2)) for n in range(40)]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (text(*zip(*GOOD, strict=True), "T(r)"), "'# curve: T(r)', allowed is 'S neutron'"),
        (text(*zip(*GOOD, strict=True), source=""), "no line '# source: …'"),
        (text(*zip(*GOOD[:9], strict=True)), "9 points, expected 10 or more"),
        (text(*zip(*GOOD[::-1], strict=True)), ":4: read '4.30000 1.00000', expected an x above"),
        ("1.0 high\n", ":1: read '1.0 high', expected two numbers"),
        ("1.0\n", ":1: read '1.0', expected two numbers"),
        (text([x for x, _ in GOOD], [y - 1 for _, y in GOOD]), "ends at 0.05, expected 1"),
        (
            text(*zip(*GOOD, strict=True), more="# isotopes: B=12\n"),
            "'# isotopes: B=12', allowed are B=11",
        ),
        (
            text(*zip(*GOOD, strict=True), "S xray", more="# isotopes: B=11\n"),
            "isotopes belong to 'S neutron'",
        ),
    ],
)
def test_bad_files(tmp_path, content, message):
    path = tmp_path / "curve.txt"
    path.write_text(content, "utf-8")
    with pytest.raises(UserError) as error:
        read_curve(path)
    assert str(error.value).startswith(str(path)) and message in str(error.value)


@pytest.mark.parametrize(
    ("kind", "x", "more", "message"),
    [
        ("S Si-O", 0.5, "", "'S Si-O', a glass of Li B O has S neutron, S xray, g B-O, and"),
        ("g O-B", 0.5, "", "'g O-B', a glass of"),
        ("S neutron", 15.0, "", "1 points between 0.5 and 15 1/Å"),
    ],
)
def test_curves_that_the_glass_has_not(tmp_path, counts, kind, x, more, message):
    path = tmp_path / "curve.txt"
    rows = [(a + x - 0.5, b) for a, b in GOOD]
    path.write_text(text(*zip(*rows, strict=True), kind, more=more), "utf-8")
    with pytest.raises(UserError) as error:
        read_curve(path).check(counts)
    assert message in str(error.value)
    path.write_text(text(*zip(*GOOD, strict=True), more="# isotopes: B=11\n"), "utf-8")
    with pytest.raises(UserError, match="isotopes of B, which the glass lacks"):
        read_curve(path).check({"Si": 1, "O": 2})


def test_folders(tmp_path):
    with pytest.raises(UserError, match=r"no \.txt or \.dat file"):
        read_curves([tmp_path])
    for name in ("b.dat", "a.txt", "README.md"):
        (tmp_path / name).write_text(text(*zip(*GOOD, strict=True)), "utf-8")
    assert [curve.path.name for curve in read_curves([tmp_path])] == ["a.txt", "b.dat"]


def test_the_command(tmp_path, diborate, curves):
    write_atoms(tmp_path / "x", diborate, format="extxyz")
    (tmp_path / "neutron.txt").write_text(text(curves["q"], curves["S neutron"]), "utf-8")
    arguments = ["x", "--compare", "neutron.txt", "-o", "out.json"]
    arguments = [str(tmp_path / a) if a[0] != "-" else a for a in arguments]
    result = CliRunner().invoke(app, ["glass", "judge", *arguments])
    assert result.exit_code == 0, result.output
    assert "A. Author, J. Glass 1, 2 (1999)" in result.output
    (found,) = json.loads((tmp_path / "out.json").read_text("utf-8"))["beside"]
    assert found["R %"] < 0.1
    assert (tmp_path / "out.png").read_bytes()[:4] == b"\x89PNG"
    (tmp_path / "neutron.txt").write_text(text(*zip(*GOOD, strict=True), "S Si-O"), "utf-8")
    result = CliRunner().invoke(app, ["glass", "judge", *arguments])
    assert result.exit_code == 1 and "'S Si-O', a glass of" in result.output


def test_the_report_and_the_picture(tmp_path, curves, counts, monkeypatch):
    path = tmp_path / "neutron.txt"
    x, y = curves["q"], curves["S neutron"]
    path.write_text(text(x, y, source="B & C <1>", more="# isotopes: B=11\n"), "utf-8")
    beside = [compare(read_curve(path), [curves], counts)]
    page = report._published(beside)
    assert "B &amp; C &lt;1&gt;" in page and f"<td>{described(beside[0])[3]}</td>" in page
    assert "None: no measured S(q)" in report._published([])
    drawn = []
    monkeypatch.setattr(figures.Figure, "savefig", lambda figure, _: drawn.append(figure))
    seeds = [{"curves": curves, "bond cutoffs A": {"B": 2.0}}]
    figures.draw_structure_functions(seeds, tmp_path / "x.png", beside)
    figures.draw_structure_functions(seeds, tmp_path / "x.png")
    (left, right), (_, alone) = (figure.axes for figure in drawn)
    assert len(right.lines) == len(alone.lines) + 2  # points, and the isotopes' own line
    assert len(left.lines) == 2  # g(r) and its cutoff
