"""`rfmeam convert --from nap`."""

import re

import pytest
import rfmeam
from rfmeam import Parameters, UserError
from rfmeam.cli import app
from rfmeam.convert import convert_nap
from typer.testing import CliRunner

from samples import REFERENCE

RFMEAM = """\
atomic Li  3.0  1.20 -0.10 0.05 0.30   1.0 0.6 0.8 0.5   1.10 1.30 1.20 1.40   0.30 -0.20 0.15
atomic F   2.5  0.90  0.20 0.02 0.25   1.4 0.7 0.5 0.9   1.30 1.50 1.10 1.60  -0.20  0.25 0.10
pair * *   1  5.00 4.20  8.0 2.0 0.035  0.10 0.02   1.0 0.9 1.1 0.8
pair F  Li 2  2.60 3.50 4.80   0.30 -0.10 0.01    0.9 1.1 0.7 1.2
triple * * * 0.5 2.8
triple F F Li 0.8 2.0
"""
COULOMB = """\
charges variable
Li  3.00  4.77  0.1  -1.0 1.0
F   8.00 10.00  0.0  -1.0 1.0

terms screened_cut
rho_screened_cut 2.0
"""


def run(*arguments):
    return CliRunner().invoke(app, ["convert", "--from", "nap", *map(str, arguments)])


@pytest.fixture
def refuse(write):
    """Converts one file and returns the message it is refused with, less the folder."""

    def refuse(text, name="in.params", elements=("Li", "F")):
        path = write(text, name)
        with pytest.raises(UserError) as refused:
            convert_nap([path], list(elements), cutoff=7.0)
        return str(refused.value).replace(str(path), name)

    return refuse


# ---- what is converted


@pytest.mark.parametrize("folder", sorted(path.name for path in REFERENCE.glob("lif*")))
def test_references(folder, tmp_path):
    """The command line of the manual makes the parameters of the reference potentials."""
    files = sorted((REFERENCE / folder).glob("in.params.*"), reverse=True)
    output = tmp_path / "LiF.rfmeam"
    result = run("--elements", "Li", "F", "--cutoff", "7.0", "-o", output, *files)
    assert result.exit_code == 0, result.output
    expected = Parameters.of(rfmeam.Potential.read(REFERENCE / folder / "potential.rfmeam"))
    assert Parameters.of(rfmeam.Potential.read(output)) == expected
    if "qeq" in folder:
        assert "the charge bounds qbot and qtop (bound_k2 and bound_k4 are 0)" in result.output
        assert "conv_eps_qeq" in result.output


def test_later_lines_win_and_wildcards(write):
    conversion = convert_nap([write(RFMEAM)], ["F", "Li"])
    p = conversion.parameters
    assert p.elements == ["F", "Li"]
    assert p.pair["F", "Li"][0] == "srinivasan-duff"
    assert p.pair["F", "F"] == p.pair["Li", "Li"]
    assert p.triple["F", "F", "Li"] == (0.8, 2.0)
    assert p.triple["Li", "F", "Li"] == (0.5, 2.8)
    assert p.coulomb is None
    assert conversion.notes == []


def test_every_number_is_kept(write):
    numbers = [f"{0.1234567890123456 + 0.01 * m!r}" for m in range(16)]
    text = "\n".join((f"atomic Li {' '.join(numbers)}", *RFMEAM.splitlines()[1:]))
    conversion = convert_nap([write(text)], ["Li", "F"])
    assert conversion.parameters.atomic["Li"] == tuple(map(float, numbers))
    reread = Parameters.of(rfmeam.Potential.parse(conversion.text))
    assert reread == conversion.parameters


def test_fortran_spelling(write):
    """Exponents with d, commas, comments, `element`, indented lines, Windows' line ends."""
    text = RFMEAM.replace("atomic Li  3.0", "  element Li, 3.0d0,").replace(
        "0.5 2.8", "5D-1 2.8 ! C"
    )
    text = "# first\n! second\n\n" + text.replace("\n", "\r\n")
    conversion = convert_nap([write(text)], ["Li", "F"])
    assert conversion.parameters == convert_nap([write(RFMEAM)], ["Li", "F"]).parameters


def test_other_elements_are_skipped(write):
    text = RFMEAM + "pair B O 1 5 4 8 2 .1 0 0 1 1 1 1\ntriple B Li F 0.1 2\n"
    conversion = convert_nap([write(text)], ["Li", "F"])
    assert conversion.parameters == convert_nap([write(RFMEAM)], ["Li", "F"]).parameters
    (note,) = conversion.notes
    assert "lines about B, O are skipped" in note


def test_rp(write):
    text = RFMEAM.replace("8.0", "2.5")
    path = write(text)
    conversion = convert_nap([path], ["Li", "F"])
    assert conversion.parameters.pair["Li", "Li"][1][2] == 2.5
    (note,) = conversion.notes
    assert note.startswith(f"{path}:3: r_p is 2.5, but nap computes with r_p = 8")
    assert "--rp-as-nap" in note
    conversion = convert_nap([path], ["Li", "F"], rp_as_nap=True)
    assert conversion.parameters.pair["Li", "Li"][1][2] == 8.0
    assert "8 is written instead" in conversion.notes[0]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("", (2.0, 2.0, 2.0)),
        ("rhoii_screened_cut Li 1.0\nrhoii_screened_cut F 3.0\n", (1.0, 2.0, 3.0)),
        ("rhoij_screened_cut F Li 4.0\n", (2.0, 4.0, 2.0)),
        ("rhoii_screened_cut Li 1.0\n", (1.0, 2.0, 2.0)),
        (
            "rhoii_screened_cut Li 1\nrhoii_screened_cut F 3\nrhoij_screened_cut Li F 5\n",
            (1.0, 5.0, 3.0),
        ),
        ("rad_screened_cut Li 0.5\nrad_screened_cut F 0.75\n", (1.0, 1.25, 1.5)),
    ],
)
def test_screening_lengths(write, lines, expected):
    """As nap chooses them from its three kinds of lines."""
    p = convert_nap([write(COULOMB + lines)], ["Li", "F"], 7.0).parameters
    assert (p.rho["Li", "Li"], p.rho["Li", "F"], p.rho["F", "F"]) == expected


def test_charge_bounds_become_walls(write):
    path = write(COULOMB.replace("0.0  -1.0 1.0", "0.0  -1.3 0.5"))
    conversion = convert_nap([path], ["Li", "F"], 7.0)
    assert conversion.parameters.wall == {
        ("Li", "lower"): (400.0, -1.0),
        ("Li", "upper"): (400.0, 1.0),
        ("F", "lower"): (400.0, -1.3),
        ("F", "upper"): (400.0, 0.5),
    }
    (note,) = conversion.notes
    assert note.startswith(f"{path}: the charge bounds qbot and qtop become walls with K = 400 ")
    assert "nap: 100 x² + 0 x⁴" in note


def test_a_bound_gives_way_as_the_note_says(write):
    potential = rfmeam.Potential.parse(convert_nap([write(COULOMB)], ["Li", "F"], 7.0).text)
    assert 10.0 < potential.wall_energy("Li", 1.02)[1] < 10.5
    assert 10.0 < -potential.wall_energy("Li", -1.02)[1] < 10.5
    assert potential.wall_energy("Li", 0.9)[1] < 0.15


@pytest.mark.parametrize("extra", ["bound_k2 0.0\n", "bound_k2 0.0d0\nbound_k4 0\n"])
def test_charge_bounds_that_nap_ignores(write, extra):
    conversion = convert_nap([write(COULOMB + extra)], ["Li", "F"], 7.0)
    assert conversion.parameters.wall == {}
    (note,) = conversion.notes
    assert note.endswith("charge bounds qbot and qtop (bound_k2 and bound_k4 are 0)")


def test_a_quartic_bound_is_one(write):
    text = COULOMB + "bound_k2 0.0\nbound_k4 50\n"
    conversion = convert_nap([write(text)], ["Li", "F"], 7.0)
    assert conversion.parameters.wall
    assert "nap: 0 x² + 50 x⁴" in conversion.notes[0]


def test_default_screening_length(write):
    text = COULOMB.replace("rho_screened_cut 2.0", "")
    assert convert_nap([write(text)], ["Li", "F"], 7.0).parameters.rho["Li", "F"] == 5.0


def test_averaged_screening_lengths_override_a_pair(write):
    """nap averages where not all unlike pairs are given, even those that are."""
    third = COULOMB.replace("\n\n", "\nO 5 12 0 -2 0\n\n", 1)
    lines = "".join(f"rhoii_screened_cut {x} {r}\n" for x, r in (("Li", 1), ("F", 3), ("O", 2)))
    conversion = convert_nap(
        [write(third + lines + "rhoij_screened_cut Li F 9\n")], ["Li", "F", "O"], 7.0
    )
    assert conversion.parameters.rho["Li", "F"] == 2.0
    assert any("rhoij_screened_cut of Li-F is not used" in note for note in conversion.notes)


def test_header(write, tmp_path):
    output = tmp_path / "out.rfmeam"
    header = ("--date", "2026-02-03", "--contributor", "A. B.", "--citation", "J. Phys. 1")
    result = run("--elements", "Li", "F", *header, "-o", output, write(RFMEAM, "in.params.RFMEAM"))
    assert result.exit_code == 0, result.output
    expected = rfmeam.Header(
        "2026-02-03", "A. B.", "J. Phys. 1", "converted from nap: in.params.RFMEAM"
    )
    assert rfmeam.Header.read(output.read_text(encoding="utf-8")) == expected


def test_elements_as_repeated_options(write, tmp_path):
    files = write(RFMEAM), "-o", tmp_path / "out.rfmeam"
    assert run("--elements", "Li", "--elements", "F", *files).exit_code == 0
    assert run(*files, "--elements", "Li", "F").exit_code == 0


# ---- what is refused, one by one

ATOMIC, FLUORINE, PAIRS, PAIR, TRIPLES, TRIPLE = RFMEAM.splitlines()


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (ATOMIC, "atomics Li 1", "1: read 'atomics', allowed are atomic, element, pair, triple"),
        (ATOMIC, "atomic Li 3.0", "1: read 3 words in 'atomic Li 3.0', allowed is 18: atomic El n"),
        ("0.15\n", "0.15 7\n", "1: read 19 words"),
        ("1.20 -0.10", "x -0.10", "1: read 'x', allowed is a number"),
        ("1.20 -0.10", "nan -0.10", "1: read 'nan', allowed is a number"),
        ("Li  3.0", "Li  0", "1: n is '0.0', allowed is > 0"),
        ("0.05 0.30", "0.05 -0.3", "1: sigma is '-0.3', allowed is > 0"),
        ("* *   1", "* *   3", "3: the type of the pair is '3', allowed are 1 and 2"),
        (PAIRS, "pair * *", "3: the type of the pair is nothing, allowed are 1 and 2"),
        (PAIRS, "pair * * 1 5", "3: read 5 words in 'pair * * 1 5', allowed is 15: pair El El 1"),
        (PAIR, "pair F Li 2 5", "4: read 5 words in 'pair F Li 2 5', allowed is 14: pair El El 2"),
        ("5.00 4.20", "-5.00 4.20", "3: rc is '-5.0', allowed is > 0"),
        ("5.00 4.20", "4.00 4.20", "3: rs is '4.2', allowed is < rc = '4.0'"),
        ("3.50 4.80", "3.50 0.40", "4: s3 is '0.4', allowed is >= 0.5"),
        (TRIPLE, "triple F F Li 0.8", "6: read 5 words in 'triple F F Li 0.8', allowed is 6"),
        ("0.8 2.0", "2.1 2.0", "6: Cmin is '2.1', allowed is < Cmax = '2.0'"),
        ("0.8 2.0", "0.8 1.0", "6: Cmax is '1.0', allowed is > 1"),
        (FLUORINE + "\n", "", " no 'atomic' line for element F"),
        (PAIRS + "\n", "", " no 'pair' line for elements Li Li"),
    ],
)
def test_bad_rfmeam(refuse, old, new, message):
    assert old in RFMEAM
    assert refuse(RFMEAM.replace(old, new)).startswith(f"in.params:{message}")


CHARGES = COULOMB.partition("\n\n")[0]
RHO = "rho_screened_cut 2.0"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("variable", "fixed", "1: charges is 'fixed', allowed is variable or qeq"),
        ("variable", "", "1: read 1 words in 'charges', allowed is 2: charges variable|qeq"),
        ("charges variable", "charge variable", "1: read 'charge', allowed are"),
        ("-1.0 1.0\nF", "-1.0\nF", "2: read 5 words in 'Li 3.00 4.77 0.1 -1.0', allowed is 6"),
        ("4.77", "J", "2: read 'J', allowed is a number"),
        ("4.77", "0", "2: J is '0.0', allowed is > 0"),
        ("Li  3", "*   3", "2: read '*', allowed is an element"),
        ("\n\nterms", "\nterms", "4: read 2 words in 'terms screened_cut', allowed is 6"),
        ("screened_cut\n", "long\n", "5: terms is 'long', allowed is direct_cut or screened_cut"),
        (RHO, "rho_screened_cut", "6: read 1 words"),
        (RHO, "rho_screened_cut -2", "6: rho_screened_cut is '-2', allowed is > 0"),
        ("rho_screened_cut", "rho_screned_cut", "6: read 'rho_screned_cut', allowed are"),
        (RHO, "rhoii_screened_cut 2", "6: read 2 words"),
        (RHO, "rhoij_screened_cut Li 2", "6: read 3 words"),
        (RHO, "charge_dist gaussian", "6: charge_dist is 'gaussian', allowed is point"),
        (RHO, "interactions same_sign", "6: interactions is 'same_sign', allowed is full"),
        (RHO, "dielectric 2", "6: dielectric is '2', allowed is 1"),
        (RHO, "scale_factor .5", "6: scale_factor is '.5', allowed is 1"),
        (RHO, "rad_screened_cut Li 1", " 'rad_screened_cut' lines for some elements"),
        ("F   8", "B   8", " no 'charge' line for element F"),
        ("terms screened_cut\n", "", " no 'terms' line, allowed are direct_cut and screened_cut"),
        (CHARGES, "", " no 'charges variable' line"),
    ],
)
def test_bad_coulomb(refuse, old, new, message):
    assert old in COULOMB
    assert refuse(COULOMB.replace(old, new)).startswith(f"in.params:{message}")


def test_bad_files(write, tmp_path, refuse):
    assert "is not a parameter file of nap" in refuse("hello\n")
    assert "is not a parameter file of nap" in refuse("")
    missing = tmp_path / "missing"
    with pytest.raises(UserError, match=r"missing: cannot be read: No such file"):
        convert_nap([missing], ["Li"])
    path = write(RFMEAM)
    with pytest.raises(UserError, match=r"is a second in\.params\.RFMEAM, allowed is one of each"):
        convert_nap([path, path], ["Li", "F"])
    path = write(COULOMB)
    with pytest.raises(UserError, match=r"is a second in\.params\.Coulomb"):
        convert_nap([path, path], ["Li", "F"], 7.0)
    with pytest.raises(UserError, match="charges need --cutoff"):
        convert_nap([path], ["Li", "F"])
    with pytest.raises(UserError, match="no file given"):
        convert_nap([], ["Li", "F"])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--elements", "Li", "F", "Li"), "--elements: 'Li' is repeated, allowed is once"),
        (("--elements", "Li", "F", "--cutoff", "-1"), "--cutoff is '-1', allowed is > 0"),
        (("--elements", "Li", "F", "--cutoff", "nan"), "--cutoff is 'nan', allowed is > 0"),
        (("--elements", "Li"), None),
        ((), None),
    ],
)
def test_bad_options(write, tmp_path, arguments, message):
    output = tmp_path / "out.rfmeam"
    result = run(*arguments, "-o", output, write(RFMEAM))
    if message is None and arguments:  # one element of a file about two is fine
        assert result.exit_code == 0
        return
    assert result.exit_code != 0
    assert not output.exists()
    text = re.sub(r"\s+", " ", result.output)
    assert (message or "Missing option '--elements'") in text
    assert "Traceback" not in text


def test_output_that_cannot_be_written(write, tmp_path):
    result = run("--elements", "Li", "F", "-o", tmp_path / "no" / "out", write(RFMEAM))
    assert result.exit_code == 1
    assert "no/out: No such file or directory" in result.output.replace("\n", "")
