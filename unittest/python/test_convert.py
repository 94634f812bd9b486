"""`rfmeam convert --from nap`."""

import re

import numpy as np
import pytest
import rfmeam
from rfmeam import Parameters, UserError
from rfmeam.cli import app
from rfmeam.convert import convert_nap, write_nap
from rfmeam.nap_rfmeam import NapVersion
from typer.testing import CliRunner

from samples import LIF, REFERENCE

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


@pytest.mark.parametrize(
    ("version", "written", "message"),
    [
        (NapVersion.releases, 2.5, "2.5, which is kept: all releases of nap up to rev260402"),
        (NapVersion.may_2026, 8.0, "2.5, and 8 is written instead, with which nap from 9 May 2026"),
        (NapVersion.may_2026_single, 4.0, "2.5, and 4 is written instead"),
    ],
)
def test_rp_by_version_of_nap(write, version, written, message):
    path = write(RFMEAM.replace("8.0", "2.5"))
    conversion = convert_nap([path], ["Li", "F"], version=version)
    assert conversion.parameters.pair["Li", "Li"][1][2] == written
    (note,) = conversion.notes
    assert note.startswith(f"{path}: line 3: r_p is {message}")


# Ten atoms (Å, type 0 is Li, 1 is F) and their energies (eV) in nap: rev260402 and commit 1dbd22e
CLUSTER = [
    (0, 1.0946372846, 2.5034544364, 1.7017937661),
    (1, 2.7780321775, 2.8783133989, 0.3014327525),
    (0, 0.0605727612, 3.8523577776, 1.1930284659),
    (1, 1.0779224208, 4.5799662433, 2.1632121346),
    (0, 3.8477226759, 2.1912247600, 2.9397134465),
    (1, 0.6928355505, 2.9203590281, 3.9930084129),
    (0, 2.4066335678, 3.4097585385, 3.0884927867),
    (1, 1.3858312338, 0.1426540568, 3.9814252901),
    (0, 3.2849956246, 4.2370538709, 1.8168316584),
    (1, 4.0427866376, 0.4482898248, 0.6254567569),
]
CLUSTER_RFMEAM = """\
atomic Li  3.0  1.20 -0.10 0.05 0.30   1.0 0.6 0.8 0.5   1.10 1.30 1.20 1.40   0.30 -0.20 0.15
atomic F   2.5  0.90  0.20 0.02 0.25   1.4 0.7 0.5 0.9   1.30 1.50 1.10 1.60  -0.20  0.25 0.10
pair Li Li 1  5.00 4.20  8.0 2.0 0.035  0.10 0.02   1.0 0.9 1.1 0.8
pair Li F  1  4.80 4.00  8.0 2.5 0.025 -0.05 0.03   0.9 1.1 0.7 1.2
pair F  F  1  4.60 3.90  8.0 2.2 0.020  0.08 0.01   1.1 0.8 1.0 0.9
"""


def cluster_energy(text):
    types, *xyz = zip(*CLUSTER, strict=True)
    symbols = [("Li", "F")[i] for i in types]
    system = rfmeam.System(np.eye(3) * 30, (False,) * 3, np.array(xyz).T, symbols)
    return rfmeam.evaluate(rfmeam.Potential.parse(text), system, None).total


def test_without_triples_there_is_no_embedding_energy_in_nap(write):
    """Nap skips products of densities without a line: e0 = e1 = e2 = 0 says the same."""
    complete = convert_nap([write(CLUSTER_RFMEAM + "triple * * * 0.5 2.8\n")])
    assert cluster_energy(complete.text) == pytest.approx(1.9636125993, abs=1e-9)
    assert complete.notes == []
    without = convert_nap([write(CLUSTER_RFMEAM)])
    assert cluster_energy(without.text) == pytest.approx(2.9400123343, abs=1e-9)
    assert len(without.notes) == 2
    assert "no 'triple' line for any neighbours of Li" in without.notes[0]


LIKE = "triple Li Li Li 0.5 2.8\ntriple F F F 0.5 2.8\n"
OTHERS = "triple F Li Li 0.5 2.8\ntriple Li Li F 0.5 2.8\ntriple F Li F .5 2.8\n"


@pytest.mark.parametrize(
    ("triples", "missing"),
    [
        (LIKE, "F Li Li, Li Li F, F Li F, Li F F"),
        (LIKE + OTHERS, "Li F F"),
        ("triple Li Li * 0.5 2.8\n", "F Li Li, F Li F, Li F F, F F F"),
    ],
)
def test_some_missing_triples_are_refused(write, triples, missing):
    path = write(CLUSTER_RFMEAM + triples)
    with pytest.raises(UserError) as refused:
        convert_nap([path])
    assert f"no 'triple' line for {missing} (K I J): nap then leaves" in str(refused.value)
    # the advice helps, and what it adds does not screen
    advised = re.search(r"'triple K I J (.*?)'", str(refused.value))[1]
    lines = "".join(f"triple {names} {advised}\n" for names in missing.split(", "))
    complete = convert_nap([write(CLUSTER_RFMEAM + triples + lines)])
    elements = CLUSTER_RFMEAM.replace("pair Li Li 1", "pair Li Li timonova-thijsse")
    elements = re.sub(r"pair (\S+ +\S+) +1 ", r"pair \1 timonova-thijsse ", elements)
    ours = f"# UNITS: metal\nformat rfmeam 1\nelements Li F\n{elements}{triples}end\n"
    assert cluster_energy(complete.text) == cluster_energy(ours)


def test_missing_triples_of_products_that_vanish_do_not_matter(write):
    """Fluorine gives no density, so no triple with it is asked for."""
    text = CLUSTER_RFMEAM.replace("1.4 0.7 0.5 0.9 ", "0.0 3*0.0 ")
    text += "triple Li Li Li 0.5 2.8\ntriple Li F Li 0.5 2.8\n"
    assert convert_nap([write(text)]).notes == []


def test_pairs_without_a_line_do_not_interact(write):
    text = CLUSTER_RFMEAM.replace("pair Li F ", "pair B F ") + "triple * * * 0.5 2.8\n"
    conversion = convert_nap([write(text)])
    assert "no 'pair' line for Li F, which therefore do not inter" in " ".join(conversion.notes)
    types = [i for i, *_ in CLUSTER]
    systems = [
        rfmeam.System(
            np.eye(3) * 30,
            (False,) * 3,
            [xyz for i, *xyz in CLUSTER if kind in (None, i)],
            [("Li", "F")[i] for i in types if kind in (None, i)],
        )
        for kind in (0, 1, None)
    ]
    # no triple has to do with it: each kind of atom alone, screened by its own only
    own = CLUSTER_RFMEAM.replace("pair Li F ", "pair B F ")
    own += LIKE + "triple F Li Li -1e30 2\ntriple Li F F -1e30 2\n"
    potential = rfmeam.Potential.parse(convert_nap([write(own)]).text)
    lithium, fluorine, both = (rfmeam.evaluate(potential, s, None).total for s in systems)
    assert lithium + fluorine == pytest.approx(both, abs=1e-12)
    assert lithium != 0.0 != fluorine


def test_atomic_lines_before_september_2022_have_no_sigma(write):
    text = RFMEAM.replace("0.05 0.30  ", "0.05  ", 1)
    conversion = convert_nap([write(text)], ["Li", "F"])
    assert conversion.parameters.atomic["Li"][:6] == (3.0, 1.2, -0.1, 0.05, 1e-5, 1.0)
    assert "line 1: without sigma, as nap before 21 September 2022" in conversion.notes[0]


def test_elements_and_cutoff_of_the_files(write):
    pmd = write("force_type  RFMEAM Coulomb\ncutoff_radius   7.0d0\n", "in.pmd")
    parts = [write(RFMEAM, "r"), write(COULOMB, "c")]
    p = convert_nap([*parts, pmd]).parameters
    assert p == convert_nap(parts, ["Li", "F"], 7.0).parameters
    assert p.coulomb == ("screened_cut", 7.0)
    with pytest.raises(UserError, match=r"in\.pmd: cutoff_radius is 7, --cutoff or another file"):
        convert_nap([*parts, pmd], cutoff=6.0)
    with pytest.raises(UserError, match=r"2: cutoff_radius is 'far', allowed is > 0"):
        convert_nap([*parts, write("force_type R\ncutoff_radius far\n", "in.pmd")])
    with pytest.raises(UserError, match="give --elements"):
        convert_nap([write(RFMEAM.replace("Li", "*").replace("F", "*"))])


def test_lists_of_fortran(write):
    """Quotes, repeat counts, exponents without a letter, statements over several lines."""
    text = RFMEAM.replace("atomic Li  3.0", "'atomic' \"Li\" 30.0-1").replace(
        "-0.20 0.15", "\n-0.20\n15d-2"
    )
    text = text.replace("triple * * * 0.5 2.8", "triple 3** 0.5 2.8")
    assert convert_nap([write(text)]).parameters == convert_nap([write(RFMEAM)]).parameters


FIXED = "charges fixed\nLi 0.9\nF -0.9\n\nterms screened_cut\nrho_screened_cut 2.0\n"


def test_fixed_charges(write):
    """The energy of the atoms is none, and that of the pairs is that of these charges."""
    conversion = convert_nap([write(FIXED)], cutoff=7.0)
    assert "charges are fixed (Li 0.9, F -0.9 e)" in conversion.notes[0]
    potential = rfmeam.Potential.parse(conversion.text)
    far = rfmeam.System(np.eye(3), (False,) * 3, [[0, 0, 0], [9, 0, 0]], ["Li", "F"])
    assert rfmeam.evaluate(potential, far, [0.9, -0.9]).total == pytest.approx(0.0, abs=1e-12)
    near = rfmeam.System(np.eye(3), (False,) * 3, [[0, 0, 0], [3, 0, 0]], ["Li", "F"])
    kernel, _ = potential.coulomb_kernel("Li", "F", 3.0)
    energy = rfmeam.evaluate(potential, near, [0.9, -0.9]).total
    assert energy == pytest.approx(-0.81 * kernel, rel=1e-12)


def test_interactions_of_all_pairs_are_all_interactions(write):
    listed = COULOMB + "\ninteractions\nLi F\nF F\nLi Li\n\n"
    expected = convert_nap([write(COULOMB)], cutoff=7.0).parameters
    assert convert_nap([write(listed)], cutoff=7.0).parameters == expected
    some = COULOMB + "\ninteractions\nF F\nLi Li\n"
    with pytest.raises(UserError, match="'interactions' leaves out Li F: here charges interact"):
        convert_nap([write(some)], cutoff=7.0)


UNBOUNDED = "bound_k2 0.0\n"


def test_the_advice_about_scale_factor_gives_its_energy(write, refuse):
    """Nap's energy is scale_factor times the one without, self energies included."""
    message = refuse(COULOMB + "scale_factor 0.5\n")
    assert "chi, J and E0 times 0.5, and 'dielectric 2' in LAMMPS" in message
    as_it_is = rfmeam.Potential.parse(convert_nap([write(COULOMB + UNBOUNDED)], cutoff=7.0).text)
    lines = "Li 1.5 2.385 0.05 -1 1\nF 4 5 0 -1 1\n"
    scaled = COULOMB.partition("Li")[0] + lines + COULOMB[COULOMB.index("\nterms") :] + UNBOUNDED
    advised = rfmeam.Potential.parse(convert_nap([write(scaled)], cutoff=7.0).text)
    system = rfmeam.System(np.eye(3), (False,) * 3, [[0, 0, 0], [1.8, 0, 0]], ["Li", "F"])
    charges = rfmeam.equilibrate(as_it_is, system)
    assert rfmeam.equilibrate(advised, system, k_e=rfmeam.K_E / 2) == pytest.approx(charges)
    energy = rfmeam.evaluate(as_it_is, system, charges).total
    halved = rfmeam.evaluate(advised, system, charges, rfmeam.K_E / 2).total
    assert halved == pytest.approx(energy / 2, rel=1e-12)


# ---- back to nap


def test_to_nap_and_back(write, tmp_path):
    """All numbers, and the energy: LIF has a triple without a line, which nap must be given."""
    folder = tmp_path / "nap"
    result = CliRunner().invoke(
        app, ["convert", "--to", "nap", "-o", str(folder), str(write(LIF, "LiF.rfmeam"))]
    )
    assert result.exit_code == 0, result.output
    assert "in.pmd needs 'cutoff_radius 7.0'" in result.output
    written = [folder / "in.params.RFMEAM", folder / "in.params.Coulomb"]
    back = convert_nap(written, cutoff=7.0)
    assert back.parameters == Parameters.of(rfmeam.Potential.parse(LIF))
    lines = written[0].read_text("utf-8").splitlines()
    assert sum(line.startswith("triple") for line in lines) == 6
    assert "triple Li Li F -1e+30 2.0" not in lines  # it screens
    assert "triple F Li Li -1e+30 2.0" in lines
    assert cluster_energy(back.text) == cluster_energy(LIF)


def test_bounds_go_to_nap_and_back(write, tmp_path):
    bounded = convert_nap([write(COULOMB)], ["Li", "F"], 7.0)
    assert bounded.parameters.wall
    write_nap([write(bounded.text, "x.rfmeam")], tmp_path)
    back = convert_nap([tmp_path / "in.params.Coulomb"], cutoff=7.0)
    assert back.parameters == bounded.parameters


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("coulomb screened_cut", "wall Li upper 30 0.9\ncoulomb screened_cut", "wall with K = 30"),
        ("coulomb screened_cut", "width * 1.0\ncoulomb gaussian", "no Coulomb kernel 'gaussian'"),
        (
            "Li Li timonova-thijsse  5.00 4.20  8.0 2.0 0.035  0.10 0.02",
            "Li Li double-exponential  5.00 4.20  2.8 0.3 3.9 -0.6 1.9",
            "nap has no pair form 'double-exponential', allowed are timonova-thijsse, srinivasan",
        ),
        ("\nend", "\nenvironment * 1 1\nend", "nap has no 'environment'"),
        ("screened_cut 7.0", "screened_cut 5.0", "RF-MEAM needs at 5.21749 Å or more"),
    ],
)
def test_what_nap_cannot_have(write, tmp_path, old, new, message):
    text = LIF.replace(old, new)
    if "gaussian" in new:
        text = "\n".join(line for line in text.splitlines() if not line.startswith("rho "))
    path = write(text, "x.rfmeam")
    result = CliRunner().invoke(
        app, ["convert", "--to", "nap", "-o", str(tmp_path / "n"), str(path)]
    )
    assert result.exit_code == 1
    assert message in result.output.replace("\n", " ")
    assert not (tmp_path / "n").exists()


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
    for comma in (("F,Li",), ("F,", "Li")):
        assert run("--elements", *comma, *files).exit_code == 0
        assert rfmeam.Potential.read(files[-1]).elements == ["F", "Li"]
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
    ],
)
def test_bad_rfmeam(refuse, old, new, message):
    assert old in RFMEAM
    assert refuse(RFMEAM.replace(old, new)).startswith(f"in.params:{message}")


def test_sums_without_cutoff(write):
    """`full` are points, `long` Gaussians of width sigma/√2 with their own energy out of J; with
    `charge_dist gaussian` nap takes `full` for `long`. Energies: unittest/lammps/test_nap_ewald.py.
    """
    full = COULOMB.replace("screened_cut\n", "full\n")
    long = COULOMB.replace("screened_cut\n", "long\nsigma 4.0\n")
    path = write(full, "in.params.Coulomb")
    conversion = convert_nap([path], ["Li", "F"], cutoff=7.0)
    p = conversion.parameters
    assert p.coulomb == ("direct_cut", 7.0) and p.charge["Li"] == (3.0, 4.77, 0.1) and not p.width
    assert "pair_style rfmeam/qeq long CUTOFF" in conversion.notes[-2] + conversion.notes[-1]
    for text in (long, full.replace("full\n", "full\nsigma 4.0\ncharge_dist gaussian\n")):
        conversion = convert_nap([write(text, "in.params.Coulomb")], ["Li", "F"], cutoff=7.0)
        p = conversion.parameters
        assert p.coulomb == ("gaussian", 7.0)
        assert p.width == {"Li": pytest.approx(4 / np.sqrt(2)), "F": pytest.approx(4 / np.sqrt(2))}
        assert p.charge["F"][1] == pytest.approx(10.0 - 14.3998554737 * np.sqrt(2 / np.pi) / 4.0)
        assert any("init_vc_Ewald" in note for note in conversion.notes)
        assert any("pair_style rfmeam/qeq long 20.0" in note for note in conversion.notes)


def test_fixed_charges_in_an_ewald_sum(write):
    text = "charges fixed\nLi 1.0\nF -1.0\n\nterms full\n"
    conversion = convert_nap([write(text, "in.params.Coulomb")], ["Li", "F"], cutoff=7.0)
    assert conversion.parameters.coulomb == ("direct_cut", 7.0)
    with pytest.raises(UserError, match="'long', and charges are fixed"):
        convert_nap([write(text.replace("full", "long"), "in.params.Coulomb")], ["Li", "F"], 7.0)


CHARGES = COULOMB.partition("\n\n")[0]
RHO = "rho_screened_cut 2.0"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("variable", "fixed", "2: read 6 words in 'Li 3.00 4.77 0.1 -1.0 1.0', allowed is 2: El q"),
        ("variable", "fixed_bvs", "1: charges is 'fixed_bvs', which makes charges of the compos"),
        ("variable", "free", "1: charges is 'free', allowed is variable or qeq or fixed"),
        ("variable", "", "1: read 1 words in 'charges', allowed is 2: charges variable|qeq|fixed"),
        ("charges variable", "charge variable", "1: read 'charge', allowed are"),
        ("-1.0 1.0\nF", "-1.0\nF", "2: read 5 words in 'Li 3.00 4.77 0.1 -1.0', allowed is 6"),
        ("4.77", "J", "2: read 'J', allowed is a number"),
        ("4.77", "0", "2: J is '0.0', allowed is > 0"),
        ("Li  3", "*   3", "2: read '*', allowed is an element"),
        ("\n\nterms", "\nterms", "4: read 2 words in 'terms screened_cut', allowed is 6"),
        ("screened_cut\n", "short\n", "5: terms is 'short', the real-space part of an Ewald sum,"),
        ("screened_cut\n", "direct\n", "5: terms is 'direct', a Coulomb energy that jumps"),
        (
            "screened_cut\n",
            "lang\n",
            "5: terms is 'lang', allowed is direct_cut or screened_cut or full or long",
        ),
        (
            "screened_cut\n",
            "long\nsigma 2.0\n",
            "2: J of Li is 4.77, allowed with 'terms long' is more than k_e √(2/π)/sigma = 5.7447",
        ),
        (RHO, "sigma 0", "6: sigma is '0', allowed is > 0"),
        (RHO, "rho_screened_cut", "6: read 1 words"),
        (RHO, "rho_screened_cut -2", "6: rho_screened_cut is '-2', allowed is > 0"),
        ("rho_screened_cut", "rho_screned_cut", "6: read 'rho_screned_cut', allowed are"),
        (RHO, "rhoii_screened_cut 2", "6: read 2 words"),
        (RHO, "rhoij_screened_cut Li 2", "6: read 3 words"),
        (RHO, "charge_dist round", "6: charge_dist is 'round', allowed is point or gaussian"),
        (RHO, "interactions same_sign", "6: interactions is 'same_sign', allowed is full"),
        (RHO, "interactions some", "6: interactions is 'some', allowed is full"),
        (RHO, "interactions\nLi", "7: read 1 words in 'Li', allowed is 2: El El"),
        (RHO, "dielectric 2", "6: dielectric is '2', allowed is 1: a *.rfmeam file has none"),
        (RHO, "scale_factor .5", "6: scale_factor is '.5', allowed is 1: nap scales the energies"),
        (RHO, "rad_screened_cut Li 1", " 'rad_screened_cut' lines for some elements"),
        ("F   8", "B   8", " no 'charge' line for element F"),
        ("terms screened_cut\n", "", " no 'terms' line, allowed are direct_cut, screened_cut"),
        (CHARGES, "", " no 'charges' line, allowed are variable, qeq and fixed"),
        ("charges", "variable_charge", " is an in.params.Coulomb of nap before 9 October 2019"),
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
        (("--elements", "Li,F", "--to", "nap"), "give either --from nap"),
    ],
)
def test_bad_options(write, tmp_path, arguments, message):
    output = tmp_path / "out.rfmeam"
    result = run(*arguments, "-o", output, write(RFMEAM))
    if message is None:  # one element of a file about two is fine
        assert result.exit_code == 0
        return
    assert result.exit_code != 0
    assert not output.exists()
    text = re.sub(r"\s+", " ", result.output)
    assert message in text
    assert "Traceback" not in text


def test_output_that_cannot_be_written(write, tmp_path):
    result = run("--elements", "Li", "F", "-o", tmp_path / "no" / "out", write(RFMEAM))
    assert result.exit_code == 1
    assert "no/out: No such file or directory" in result.output.replace("\n", "")
