"""`rfmeam plot`."""

import sys

import numpy as np
import pytest
import rfmeam
from rfmeam import style
from rfmeam.cli import app
from typer.testing import CliRunner

from samples import ENVIRONMENT, LIF, REFERENCE, SOUND, WALLED


def run(*arguments):
    return CliRunner().invoke(app, ["plot", *map(str, arguments)])


SIGNATURES = {".png": b"\x89PNG", ".pdf": b"%PDF", ".svg": b"<?xml"}


@pytest.mark.parametrize("suffix", SIGNATURES)
def test_formats(write, tmp_path, suffix):
    output = tmp_path / f"x{suffix}"
    result = run(write(LIF), "-o", output)
    assert result.exit_code == 0, result.output
    assert output.read_bytes().startswith(SIGNATURES[suffix])


@pytest.mark.parametrize("folder", ["lif216_type2", "lif216_qeq_direct"])
def test_one_part_only(tmp_path, folder):
    output = tmp_path / "x.svg"
    assert run(REFERENCE / folder / "potential.rfmeam", "-o", output).exit_code == 0
    text = output.read_text(encoding="utf-8")
    assert ("Charge kernel" in text) == ("qeq" in folder)
    assert ("Pair energy" in text) == ("qeq" not in folder)


def test_all_panels_and_names(write, tmp_path):
    output = tmp_path / "x.svg"
    assert run(write(SOUND, "My.rfmeam"), "-o", output).exit_code == 0
    text = output.read_text(encoding="utf-8")
    for words in (
        "My.rfmeam",
        "Pair energy",
        "Embedding energy",
        "Charge kernel",
        "Li–F",
        "F ← Li",
    ):
        assert words in text


def test_walls(write, tmp_path):
    output = tmp_path / "x.svg"
    assert run(write(WALLED), "-o", output).exit_code == 0
    assert "Charge energy of an atom" in output.read_text(encoding="utf-8")
    with_meam = SOUND.replace("end\n", "wall Li upper 30 0.85\nend\n")
    assert run(write(with_meam), "-o", output).exit_code == 0
    text = output.read_text(encoding="utf-8")
    assert "Charge energy of an atom" in text
    assert "Embedding energy" in text


def test_environments(write, tmp_path):
    output = tmp_path / "x.svg"
    assert run(write(ENVIRONMENT), "-o", output).exit_code == 0
    text = output.read_text(encoding="utf-8")
    assert "Shift of χ" in text
    assert "atom ← its only neighbour" in text


def test_many_elements(tmp_path):
    """More curves than colours; different kernels."""
    elements = ["Li", "B", "O", "F", "Na", "Si", "Al"]
    p = rfmeam.Parameters(elements, coulomb=("screened_cut", 8.0))
    for m, element in enumerate(elements):
        p.atomic[element] = (3, 1, -0.1, 0.05, 0.3, *(1, 1, 1, 1), *(1, 1, 1, 1), 0.1, 0.1, 0.1)
        p.charge[element] = (5.0, 10.0 + m, 0.0)
    for m, ij in enumerate(p.pairs()):
        p.pair[ij] = ("srinivasan-duff", (2.0, 3.0, 4.0, 1.0, 0.1 * m, 0.1, 1, 1, 1, 1))
        p.rho[ij] = 1.0 + 0.05 * m
    path = tmp_path / "many.rfmeam"
    path.write_text(p.write(), encoding="utf-8")
    output = tmp_path / "x.svg"
    assert run(path, "-o", output).exit_code == 0
    assert "Al ← Al" in output.read_text(encoding="utf-8")


def test_other_ending(write, tmp_path):
    output = tmp_path / "x.jpg"
    result = run(write(LIF), "-o", output)
    assert result.exit_code == 1
    assert "ends in '.jpg', allowed are .png, .pdf and .svg" in result.output.replace("\n", "")
    assert not output.exists()


def test_without_matplotlib(write, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    result = run(write(LIF), "-o", tmp_path / "x.png")
    assert result.exit_code == 1
    assert "pip install './python[plot]'" in result.output


def test_bad_file(write, tmp_path):
    result = run(write("format rfmeam 2\n"), "-o", tmp_path / "x.png")
    assert result.exit_code == 1
    assert "format is 'rfmeam 2', allowed is 'rfmeam 1'" in result.output


# ---- what is drawn


def axes_of(potential, tmp_path, monkeypatch):
    """The panels of a picture, by title."""
    from matplotlib.figure import Figure
    from rfmeam import plot

    kept = []
    monkeypatch.setattr(Figure, "savefig", lambda figure, *_, **__: kept.append(figure))
    plot.plot_potential(potential, tmp_path / "x.png")
    return {axes.get_title(loc="left"): axes for axes in kept[0].axes}


def test_wells_are_seen(tmp_path, monkeypatch):
    """Those of lif_coarse.rfmeam are 0.1 eV deep, its walls many eV high."""
    path = REFERENCE.parent / "lif_coarse.rfmeam"
    panels = axes_of(rfmeam.Potential.read(path), tmp_path, monkeypatch)
    low, high = panels["Pair energy"].get_ylim()
    assert "Density, $l$ = 2" in panels
    assert "Density, $l$ = 1" not in panels  # p1 is not 0, but all weights w1 are
    assert low < 0.0
    assert -low > 0.2 * (high - low)


def test_no_panel_is_empty(lif, tmp_path, monkeypatch):
    """Densities that are zero everywhere, and embedding energies that are, have none."""
    p = rfmeam.Parameters.of(lif)
    all_of_them = axes_of(lif, tmp_path, monkeypatch)
    assert {"Density, $l$ = 0", "Density, $l$ = 3", "Embedding energy"} <= set(all_of_them)
    for element, numbers in p.atomic.items():
        numbers = list(numbers)
        numbers[1:4] = 0.0, 0.0, 0.0  # e0, e1, e2
        numbers[6:9] = 0.0, 0.0, 0.0  # p1, p2, p3
        p.atomic[element] = tuple(numbers)
    few = axes_of(rfmeam.Potential.parse(p.write(), "few"), tmp_path, monkeypatch)
    assert "Density, $l$ = 0" in few
    assert not {
        "Density, $l$ = 1",
        "Density, $l$ = 2",
        "Density, $l$ = 3",
        "Embedding energy",
    } & set(few)
    for axes in (*all_of_them.values(), *few.values()):
        assert any(np.ptp(line.get_ydata()) > 0 for line in axes.lines)


def test_energies_above_the_lowest():
    energies, curve = style.above(np.array([3.0, 1.0, 2.0]), np.array([2.5, 0.8, 1.5]))
    assert min(energies.min(), curve.min()) == 0.0
    assert energies[0] - curve[0] == pytest.approx(0.5)
    assert style.above(np.array([3.0, 1.0])).tolist() == [2.0, 0.0]
