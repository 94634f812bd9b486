"""`rfmeam check`: tables and warnings."""

from pathlib import Path

import numpy as np
import pytest
import rfmeam
from rfmeam import stability
from rfmeam.check import examine
from rfmeam.cli import app
from rfmeam.radii import closest_approach
from rfmeam.unused import unused_parameters
from typer.testing import CliRunner

from samples import ENVIRONMENT, EXPONENTIAL, REFERENCE, SOUND, WALLED

POTENTIALS = Path(__file__).resolve().parents[2] / "potentials"


def run(*arguments):
    return CliRunner().invoke(app, ["check", *map(str, arguments)], terminal_width=100)


def warnings_of(*changes):
    text = SOUND
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return examine(text, "LiF").warnings


# ---- the command


def test_a_sound_potential(write):
    result = run("--strict", write(SOUND))
    assert result.exit_code == 0, result.output
    assert "no warnings" in result.output
    for title in (
        "Embedding energy", "Partial densities", "Pair energy, timonova-thijsse",
        "Density cutoff and weights", "Screening, C_min … C_max", "Charges, screened_cut",
        "Coulomb screening length", "Cutoffs", "Behaviour of two atoms", "contributor: nobody",
    ):  # fmt: skip
        assert title in result.output


@pytest.mark.parametrize("folder", sorted(path.name for path in REFERENCE.glob("lif*")))
def test_references_have_warnings_only(folder):
    path = REFERENCE / folder / "potential.rfmeam"
    result = run(path)
    assert result.exit_code == 0, result.output
    assert "warning: the header has no CITATION:" in result.output
    assert run("--strict", path).exit_code == 1


def test_a_long_header_makes_a_short_greeting_and_warnings_are_explained():
    """A long header, such as a table of results, stays in the file."""
    result = run(REFERENCE.parent / "lif_coarse.rfmeam")
    assert result.exit_code == 0, result.output
    greeting = result.output[: result.output.index("Embedding energy")]
    assert len(greeting.splitlines()) < 6
    assert len(greeting) < 400
    lines = result.output.splitlines()
    last = max(n for n, line in enumerate(lines) if "the energy falls" in line)
    assert "pair_style zbl" in lines[last + 1]
    assert "change no energy" in result.output
    assert "grow without limit" not in result.output


def test_several_files(write):
    sound, warned = write(SOUND, "a.rfmeam"), REFERENCE.parent / "lif_coarse.rfmeam"
    result = run(sound, warned)
    assert result.exit_code == 0, result.output
    assert result.output.index("a.rfmeam: Li F") < result.output.index("lif_coarse.rfmeam: Li F")
    assert "no warnings" in result.output and "the energy falls" in result.output
    assert run("--strict", sound, warned).exit_code == 1
    assert run("--strict", sound, sound).exit_code == 0


def test_tables_say_what_they_mean(write):
    """No table of atoms that do not screen; columns explained; a ripple at the cutoff no bond."""
    result = run(POTENTIALS / "LBS.rfmeam")
    assert result.exit_code == 0, result.output
    words = " ".join(result.output.split())
    assert "Screening" not in words and "no atom screens a pair" in words
    assert "contact: how near atoms come" in words
    assert "Si-Si dimer 1.78 0.89 none –" in words
    assert "no atom screens" not in run(write(SOUND)).output


def test_double_exponentials(write):
    result = run("--strict", write(EXPONENTIAL))
    assert result.exit_code == 0, result.output
    words = " ".join(result.output.split())
    assert "Pair energy, double-exponential" in words
    assert "Li-Li 2.8 0.3 3.9 -0.6 1.9" in words
    (warning,) = examine(EXPONENTIAL.replace("-0.60 1.9", "0 1.9"), "LiF").warnings
    assert warning == "k2 of pair Li-Li has no effect: A2 is 0"


def test_environments(write):
    result = run("--strict", write(ENVIRONMENT))
    assert result.exit_code == 0, result.output
    words = " ".join(result.output.split())
    assert "Environments of the charges element X (eV/e) κ (1/Å) q₀ (e) s of Li s of F" in words
    assert "Li 1.5 0.9 0 1 0.06" in words
    assert "F -2.5 1.2 0 0.05 0.1" in words


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"1.5 0.9": "0 0.9", "-2.5 1.2": "0 1.2"},
            "the environment has no effect: X is 0 for all elements",
        ),
        (
            {"F Li 0.05": "F Li 0", "F F 0.1": "F F 0"},
            "X of F has no effect: all environment_weight F El are 0",
        ),
        (
            {"Li F 0.06": "Li F 0", "F F 0.1": "F F 0"},
            "kappa of F has no effect: it has no weight in the environment of Li or F",
        ),
    ],
)
def test_environment_without_effect(changes, message):
    text = ENVIRONMENT
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    assert unused_parameters(rfmeam.Potential.parse(text)) == [message]


def test_gaussians(write):
    text = SOUND.replace("screened_cut", "gaussian")
    result = run(write(text.replace("rho * * 2.0", "width Li 0.8\nwidth F 0.6")))
    assert result.exit_code == 0, result.output
    assert "J with self term" in " ".join(result.output.split())


def test_walls_and_screened_gaussians(write):
    result = run(write(WALLED))
    assert result.exit_code == 0, result.output
    words = " ".join(result.output.split())
    assert "Charges, screened_gaussian, λ = 2.6 Å" in words
    assert "J with self term" in words
    assert "Walls of the charges" in words
    assert "Li -1.3 400 0.85 30" in words
    assert "F -1.3 400 – –" in words
    assert "is beyond its" not in words


def test_a_wall_on_the_wrong_side():
    warnings = examine(WALLED.replace("-1.3", "0.4"), "LiF").warnings
    for element in ("Li", "F"):
        warning = f"a neutral {element} atom is beyond its lower wall at 0.4 e: is its sign right?"
        assert warning in warnings


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            SOUND.replace("2.0\nend", "x\nend").encode(),
            ":13: rho is 'x', allowed is a finite number",
        ),
        (SOUND.encode("utf-16"), "is not UTF-8 text"),
        (b"", "no 'format rfmeam 1' line"),
        (b"\0\0", ":1: read byte 0, allowed is text"),
    ],
)
def test_bad_files(tmp_path, content, message):
    path = tmp_path / "bad"
    path.write_bytes(content)
    result = run(path)
    assert result.exit_code == 1
    assert result.output.startswith(f"error: {path}")
    assert message in result.output
    assert "Traceback" not in result.output


def test_missing_file_and_folder(tmp_path):
    for path in (tmp_path / "none", tmp_path):
        result = run(path)
        assert result.exit_code == 1
        assert result.output.startswith(f"error: {path}: cannot be read")


# ---- warnings, one by one


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (" CITATION: none", "", "the header has no CITATION:"),
        ("DATE: 2026-01-01 ", "", "the header has no DATE:"),
        ("CONTRIBUTOR: nobody ", "", "the header has no CONTRIBUTOR:"),
        ("0.10 -0.30 0.08", "0 0 0",
         "Li has no embedding energy, and its n, sigma and t no effect: e0, e1 and e2 are 0"),
        ("1.0 0.9 1.1 0.8", "1.0 0.9 0.0 0.8", None),
        ("0.30 -0.20 0.15", "0.30 0 0.15", None),
        ("5.5 0.30", "5.5 0", "pair Li-Li has no pair energy: epsilon is 0"),
        ("* * * 0.5 2.8", "Li F F 0 1.01\ntriple * Li * .5 2.8", None),
    ],
)  # fmt: skip
def test_warning(old, new, message):
    found = [w for w in warnings_of((old, new)) if "falls" not in w]
    assert found == ([message] if message else [])


def test_no_embedding_without_density():
    found = warnings_of(
        ("1.0 0.6 0.8 0.5", "0 0.6 0.8 0.5"),
        ("1.4 0.7 0.5 0.9", "0 0.7 0.5 0.9"),
    )
    assert "F has no embedding energy, and its n, sigma and t no effect: p0 w0 is 0" in found
    assert any(w.startswith("p1 and q1 of Li have no effect") for w in found)


def test_density_without_effect():
    potential = rfmeam.Potential.parse(
        SOUND.replace("0.30 -0.20 0.15", "0 -0.20 0.15").replace("-0.20  0.25 0.10", "0  0.25 0.10")
    )
    assert unused_parameters(potential) == [
        f"p1 and q1 of {i} have no effect: w1 or t1 is 0 for all atoms that {i} is a neighbour of"
        for i in ("Li", "F")
    ]
    potential = rfmeam.Potential.parse(
        SOUND.replace("1.0 0.6 0.8 0.5", "1.0 0.6 0 0.5").replace(
            "1.4 0.7 0.5 0.9", "1.4 0.7 0 0.9"
        )
    )
    assert unused_parameters(potential) == [
        f"t2 of {i} has no effect: p2 w2 is 0 for all its neighbours" for i in ("Li", "F")
    ]


def test_knots_without_effect():
    found = [
        w
        for w in warnings_of(
            (
                "timonova-thijsse  4.60 3.90  1.4 6.0 1.00  0.0 0.0 ",
                "srinivasan-duff 0.8 2.1 4.6  9 0 3",
            )
        )
        if "falls" not in w
    ]
    assert found == [
        "b1 of pair F-F has no effect: s1 is 0.8 Å, atoms come to 0.91 Å",
        "s2 of pair F-F has no effect: b2 is 0",
    ]


def test_pair_without_effect():
    found = warnings_of(("5.00 4.20", "1.90 1.00"))
    assert "pair Li-Li has no effect: it ends at 1.9 Å, atoms come to 2.05 Å" in found


def test_triple_without_effect():
    """A fluorine pair so short that no lithium fits in between."""
    found = warnings_of(("4.60 3.90", "1.50 1.20"))
    assert (
        "triple Li F F has no effect: to screen F-F, Li would have to be within 1.46 Å of both, "
        "atoms come to 1.48 Å"
    ) in found


def test_indefinite_charges():
    found = warnings_of(("11.00", "2.00"), ("16.00", "7.00"))
    assert any(
        w.startswith("Li-F rocksalt: the charge matrix is indefinite below 2.00 Å")
        and "atoms come to 1.85 Å: raise J of Li or F" in w
        for w in found
    )


def test_well_behind_a_low_barrier():
    found = warnings_of(("6.0 1.00  0.0 0.0", "6.0 1.00  0.9 0.0"))
    assert any(w.startswith("F-F dimer: inside of ") for w in found)


# ---- the distances behind the warnings


def test_stable_above_is_where_the_stiffness_vanishes():
    potential = rfmeam.Potential.parse(SOUND)
    for structure in stability.structures("Li", "F"):
        r = stability.stable_above(potential, structure, "Li", "F")
        system = structure.make_for_charges("Li", "F", r)
        below = structure.make_for_charges("Li", "F", r - 0.01)
        rfmeam.equilibrate(potential, system)
        if r > 0.5 * closest_approach("Li", "F"):
            with pytest.raises(rfmeam.IndefiniteChargesError):
                rfmeam.equilibrate(potential, below)
    dimer = stability.structures("Li", "Li")[0]
    r = stability.stable_above(potential, dimer, "Li", "Li")
    if r > 0.5 * closest_approach("Li", "Li"):
        gamma, _ = potential.coulomb_kernel("Li", "Li", r)
        assert 2 * gamma == pytest.approx(22.0, rel=1e-2)


def test_direct_dimer_in_closed_form():
    """2 gamma = J_i + J_j for the plain Coulomb kernel."""
    potential = rfmeam.Potential.parse(
        "# UNITS: metal\nformat rfmeam 1\nelements Li F\ncharge Li 3 3 0\ncharge F 8 8 0\n"
        "coulomb direct_cut 9\nend\n"
    )
    dimer = stability.structures("Li", "F")[0]
    r = stability.stable_above(potential, dimer, "Li", "F")
    assert potential.coulomb_kernel("Li", "F", r)[0] == pytest.approx(5.5, rel=2e-3)


def test_well_is_the_minimum():
    potential = rfmeam.Potential.parse(SOUND)
    structure = stability.structures("Li", "F")[1]
    well = stability.well(potential, structure, "Li", "F", 1.2)

    def energy(r):
        system = structure.make("Li", "F", r)
        return rfmeam.evaluate(potential, system, rfmeam.equilibrate(potential, system)).total

    near = well.r + np.linspace(-0.05, 0.05, 101)
    energies = [energy(r) for r in near]
    assert near[np.argmin(energies)] == pytest.approx(well.r, abs=1.1e-3)
    assert min(energies) == pytest.approx(well.energy, abs=1e-4)


def test_energy_that_rises_to_the_end_of_the_range_does_not_fall():
    """Two Li of LiF-q: 7 eV at the shortest distance looked at, and more inside of it."""
    potential = rfmeam.Potential.read(POTENTIALS / "LiF-q.rfmeam")
    dimer = stability.structures("Li", "Li")[0]
    above = stability.stable_above(potential, dimer, "Li", "Li")
    assert above == pytest.approx(stability.distances("Li", "Li")[0])
    assert stability.well(potential, dimer, "Li", "Li", above).barrier is None


@pytest.mark.parametrize(("part", "is_bond"), [(0.9, True), (0.6, False)])
def test_short_bonds_are_minima_and_deep_wells_are_not(part, is_bond):
    """Rocksalt with its minimum moved to a part of the contact: what energy falls into there."""
    potential = rfmeam.Potential.parse(SOUND)
    rocksalt = stability.structures("Li", "F")[1]
    contact = rocksalt.contact("Li", "F")
    above = stability.stable_above(potential, rocksalt, "Li", "F")
    stretch = stability.well(potential, rocksalt, "Li", "F", above).r / (part * contact)

    def shorter(i, j, r):
        return rocksalt.make(i, j, stretch * r)

    moved = stability.Structure("short", shorter, shorter, rocksalt.reach)
    well = stability.well(potential, moved, "Li", "F", above / stretch)
    assert (well.barrier == 0) != is_bond
    if is_bond:
        assert well.r == pytest.approx(part * contact, rel=1e-3)
    else:
        assert well.r >= contact


def test_two_atoms_that_repel_have_no_minimum(write):
    repulsive = SOUND.replace("0.0 0.0   1.1", "0.9 0.0   1.1").replace("6.0 1.00", "6.0 -9.00")
    row = next(x for x in run(write(repulsive)).output.splitlines() if "F-F dimer" in x)
    assert row.split()[-2:] == ["none", "–"]


def test_rocksalt_cells_agree():
    potential = rfmeam.Potential.parse(SOUND)
    energies = []
    for make in (stability.rocksalt, stability.cubic_rocksalt):
        system = make("Li", "F", 2.0)
        charges = rfmeam.equilibrate(potential, system)
        energies.append(rfmeam.evaluate(potential, system, charges).total / len(system))
    assert energies[0] == pytest.approx(energies[1], rel=1e-12)


def test_closest_approach():
    assert closest_approach("Li", "F") == pytest.approx(1.48)
    assert closest_approach("F", "F") < 1.42  # the molecule
    assert closest_approach("A1", "A1") == pytest.approx(1.12)
