"""Parameters and headers as they are read and written."""

import dataclasses

import pytest
import rfmeam
from rfmeam import Header, Parameters

from samples import ENVIRONMENT, EXPONENTIAL, LIF, REFERENCE, WALLED


@pytest.mark.parametrize(
    "path", sorted(REFERENCE.glob("*/potential.rfmeam")), ids=lambda p: p.parent.name
)
def test_round_trip(path):
    parameters = Parameters.of(rfmeam.Potential.read(path))
    text = parameters.write()
    assert Parameters.of(rfmeam.Potential.parse(text)) == parameters
    assert Parameters.of(rfmeam.Potential.parse(text)).write() == text


def test_round_trip_of_awkward_numbers(lif):
    parameters = Parameters.of(lif)
    parameters.charge["Li"] = (1 / 3, 1e-300, -2.5e17)
    parameters.rho["Li", "F"] = 0.1 + 0.2
    assert Parameters.of(rfmeam.Potential.parse(parameters.write())) == parameters


def test_round_trip_of_gaussians():
    text = (
        "# UNITS: metal\nformat rfmeam 1\nelements Li F\ncharge * 1 9 0\ncoulomb gaussian 8\n"
        "width Li 0.7\nwidth F 0.5\nend\n"
    )
    parameters = Parameters.of(rfmeam.Potential.parse(text))
    assert parameters.width == {"Li": 0.7, "F": 0.5}
    assert Parameters.of(rfmeam.Potential.parse(parameters.write())) == parameters


def test_round_trip_of_walls_and_screened_gaussians():
    parameters = Parameters.of(rfmeam.Potential.parse(WALLED))
    assert parameters.coulomb == ("screened_gaussian", 9.0, 2.6)
    assert parameters.width == {"Li": 0.9, "F": 0.7}
    assert parameters.wall == {
        ("Li", "upper"): (30.0, 0.85),
        ("Li", "lower"): (400.0, -1.3),
        ("F", "lower"): (400.0, -1.3),
    }
    parameters.wall["F", "upper"] = (1 / 3, 0.1 + 0.2)
    assert Parameters.of(rfmeam.Potential.parse(parameters.write())) == parameters


def test_round_trip_of_double_exponentials():
    parameters = Parameters.of(rfmeam.Potential.parse(EXPONENTIAL))
    assert parameters.pair["Li", "Li"][0] == "double-exponential"
    text = parameters.write()
    assert "# pair El El double-exponential rc rs r0 A1 k1 A2 k2 w0 w1 w2 w3\n" in text
    assert Parameters.of(rfmeam.Potential.parse(text)) == parameters


def test_round_trip_of_environments():
    parameters = Parameters.of(rfmeam.Potential.parse(ENVIRONMENT))
    assert parameters.environment == {"Li": (1.5, 0.9), "F": (-2.5, 1.2)}
    weights = {("Li", "Li"): 1.0, ("Li", "F"): 0.06, ("F", "Li"): 0.05, ("F", "F"): 0.1}
    assert parameters.environment_weight == weights
    assert parameters.environment_charge == {}
    parameters.environment["F"] = (1 / 3, 0.1 + 0.2)
    parameters.environment_charge["F"] = -1 / 3
    text = parameters.write()
    assert "# environment_charge El q_0\n" in text
    assert "# environment El X kappa\n" in text
    assert "# environment_weight El El s " in text
    assert Parameters.of(rfmeam.Potential.parse(text)) == parameters


def test_titles_name_the_columns(lif):
    text = Parameters.of(lif).write()
    assert "# atomic El n e0 e1 e2 sigma p0 p1 p2 p3 q0 q1 q2 q3 t1 t2 t3\n" in text
    assert "# pair El El timonova-thijsse rc rs rp alpha epsilon c2 c3 w0 w1 w2 w3\n" in text
    assert "# pair El El srinivasan-duff s1 s2 s3 b1 b2 b3 w0 w1 w2 w3\n" in text
    walled = Parameters.of(rfmeam.Potential.parse(WALLED)).write()
    assert "# wall El upper|lower K q_s\n" in walled


def test_of_and_pairs(lif):
    parameters = Parameters.of(lif)
    assert parameters.pairs() == [("Li", "Li"), ("Li", "F"), ("F", "F")]
    assert parameters.pair["Li", "F"][0] == "srinivasan-duff"
    assert set(parameters.triple) == {
        ("Li", "Li", "Li"),
        ("Li", "Li", "F"),
        ("F", "Li", "F"),
        ("Li", "F", "F"),
    }
    assert parameters.coulomb == ("screened_cut", 7.0)


def test_header():
    header = Header("2026-01-01", "A. B.", "J. Phys. 1, 2: a title", "made by hand")
    assert Header.read(header.write()) == header
    assert Header.read(header.write() + "format rfmeam 1\n# CITATION: not here\n") == header
    assert Header.read(LIF) == Header("2026-01-01", "nobody", "none", "")
    assert Header.read("# UNITS: metal\n") == Header()
    assert Header().write().startswith("# DATE: 20")


def test_a_header_over_two_lines():
    header = Header.read("# CITATION: A and B,\n#   J. Phys. 1\n# DATE: 2026-01-01 UNITS: metal\n")
    assert header == Header("2026-01-01", "", "A and B, J. Phys. 1")


def test_a_header_ends_where_free_comments_begin():
    """Tables of results above `format` are no part of a citation."""
    text = "# DATE: 2026-01-01 CITATION: A and B,\n#   J. Phys. 1\n#\n#   a  3.5\n# Made by hand.\n"
    assert Header.read(text) == Header("2026-01-01", "", "A and B, J. Phys. 1")
    assert Header.read("# CITATION: A\n# Made by hand.\n#  indented\n").citation == "A"


def test_a_header_cannot_end_early():
    """A line break in what the user gave must not become a statement."""
    header = Header(contributor="A\nformat", citation="B\r\nC")
    assert Header.read(header.write()) == dataclasses.replace(
        header, date=Header.read(header.write()).date, contributor="A format", citation="B C"
    )
