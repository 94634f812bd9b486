"""The file format as doc/potential_file.md describes it."""

import re
from pathlib import Path

import pytest
import rfmeam
from rfmeam import Parameters, PotentialFileError
from rfmeam.check import examine

DOCUMENT = (Path(__file__).resolve().parents[2] / "doc" / "potential_file.md").read_text("utf-8")
EXAMPLE = DOCUMENT.split("```")[1].lstrip()


def line_of(text, start):
    return next(m for m, x in enumerate(text.splitlines(), 1) if x.startswith(start))


# ---- the example


def test_the_example_is_what_it_says():
    p = Parameters.of(rfmeam.Potential.parse(EXAMPLE))
    assert p.elements == ["Li", "F"]
    assert {ij: form for ij, (form, _) in p.pair.items()} == {
        ("Li", "Li"): "timonova-thijsse",
        ("Li", "F"): "timonova-thijsse",
        ("F", "F"): "srinivasan-duff",
    }
    assert p.triple["F", "Li", "Li"] == (0.8, 2.0)
    assert p.triple["F", "Li", "F"] == (0.5, 2.8)
    assert p.rho == pytest.approx({("Li", "Li"): 2.0, ("Li", "F"): 1.8, ("F", "F"): 1.6})
    assert p.coulomb == ("screened_cut", 7.0)
    assert p.wall == {("Li", "upper"): (30.0, 0.85)}


def test_nothing_is_wrong_with_the_example():
    assert examine(EXAMPLE, "example").warnings == []


def test_every_statement_is_described():
    for keyword in (
        "format",
        "elements",
        "atomic",
        "pair",
        "triple",
        "charge",
        "coulomb",
        "rho",
        "width",
        "wall",
        "environment",
        "environment_charge",
        "environment_weight",
        "end",
    ):
        assert re.search(rf"^### `{keyword}\b", DOCUMENT, re.MULTILINE)


def test_the_errors_of_the_document():
    shown = DOCUMENT.split("## Errors")[1].split("```")[1].strip().splitlines()
    for message in shown:
        assert re.fullmatch(r"LiF\.rfmeam(:\d+)?: .+", message)
    with pytest.raises(PotentialFileError, match=r"Cmax is '0.9', allowed is > 1"):
        rfmeam.Potential.parse(EXAMPLE.replace("0.5  2.8", "0.5  0.9"))
    with pytest.raises(PotentialFileError, match="element 'Na' is not in the elements line"):
        rfmeam.Potential.parse(EXAMPLE.replace("pair Li F", "pair Li Na"))
    with pytest.raises(PotentialFileError, match="x: no 'pair' line for elements Li Li"):
        rfmeam.Potential.parse(EXAMPLE.replace("pair *", "# pair *"), "x")


# ---- rules


def test_wildcards_are_overridden_by_later_lines():
    before = EXAMPLE.replace("triple F  Li Li   0.8  2.0\n", "")
    at = before.index("triple *")
    swapped = f"{before[:at]}triple F Li Li 0.8 2.0\n{before[at:]}"
    assert Parameters.of(rfmeam.Potential.parse(swapped)).triple["F", "Li", "Li"] == (0.5, 2.8)


def test_order_of_statements_is_free():
    lines = EXAMPLE.splitlines()
    first = line_of(EXAMPLE, "elements")
    body = [x for x in lines[first:-1] if x and not x.startswith(("#", "pair", "triple"))]
    rest = [x for x in lines[first:-1] if x.startswith(("pair", "triple"))]
    shuffled = "\n".join([*lines[:first], *reversed(body), *rest, "end", "# and more"])
    assert Parameters.of(rfmeam.Potential.parse(shuffled)) == Parameters.of(
        rfmeam.Potential.parse(EXAMPLE)
    )


def test_pairs_and_triples_are_unordered():
    text = EXAMPLE.replace("pair Li F", "pair F Li").replace("triple F  Li Li", "triple F Li Li")
    assert Parameters.of(rfmeam.Potential.parse(text)) == Parameters.of(
        rfmeam.Potential.parse(EXAMPLE)
    )


def test_either_part_may_be_missing():
    without = re.sub("(?m)^(charge|coulomb|rho|wall) .*\n", "", EXAMPLE)
    assert not rfmeam.Potential.parse(without).has_charges
    without = re.sub("(?m)^(atomic|pair|triple) .*\n", "", EXAMPLE)
    assert not rfmeam.Potential.parse(without).has_meam


BAD = [
    # what is replaced, by what, statement the error is about, message
    ("UNITS: metal", "UNITS: real", "# DATE", "UNITS: is 'real', allowed is metal"),
    ("UNITS: metal", "UNITS:", "# DATE", "UNITS: is 'CONTRIBUTOR:', allowed is metal"),
    ("UNITS: metal", "", "format", "no 'UNITS: metal' in the comments above"),
    ("rfmeam 1", "rfmeam 2", "format", "format is 'rfmeam 2', allowed is 'rfmeam 1'"),
    ("format rfmeam 1", "", "elements", "allowed as the first statement is 'format rfmeam 1'"),
    ("elements Li F ", "elements Li Li", "elements", "element 'Li' is repeated, allowed is once"),
    ("elements Li F ", "elements * F", "elements", "element '*', allowed is a chemical symbol"),
    ("elements Li F ", "", "atomic Li", "read 'atomic' before the 'elements' line"),
    ("atomic F ", "atomic Li", "atomic Li", "a second 'atomic Li' line, allowed is one"),
    ("pair F  F ", "pair F  Li", "pair F", "a second 'pair F Li' line, allowed is one"),
    ("atomic F ", "atoms F", "atoms", "unknown keyword 'atoms', allowed are format elements"),
    ("3.0  0.1", "x    0.1", "atomic Li", "n is 'x', allowed is a finite number"),
    ("3.0  0.1", "nan  0.1", "atomic Li", "n is 'nan', allowed is a finite number"),
    ("3.0  0.1", "1e999 .1", "atomic Li", "n is '1e999', allowed is a finite number"),
    ("3.0  0.1", "0    0.1", "atomic Li", "n is '0', allowed is > 0"),
    ("0.30   1.0", "-1    1.0", "atomic Li", "sigma is '-1', allowed is > 0"),
    ("0.30   1.0", "0.30  -1.", "atomic Li", "p0 is '-1.', allowed is >= 0"),
    ("t3\natomic Li  3.0", "\natomic Li ", "atomic Li", "read 17 words in"),
    ("4.8 4.0", "-1. 4.0", "pair Li F", "rc is '-1.', allowed is > 0"),
    ("4.8 4.0", "4.8 -1.", "pair Li F", "rs is '-1.', allowed is >= 0"),
    ("4.8 4.0", "4.8 4.8", "pair Li F", "rs is '4.8', allowed is < rc = '4.8'"),
    ("2.0 6.5", "0   6.5", "pair Li F", "rp is '0', allowed is > 0"),
    ("1.7 2.4 4.6", "1.7 2.4 0.4", "pair F", "s3 is '0.4', allowed is >= 0.5"),
    ("1.7 2.4 4.6", "0.0 2.4 4.6", "pair F", "s1 is '0.0', allowed is > 0"),
    ("srinivasan-duff ", "morse ", "pair F", "pair form 'morse', allowed are timonova-thijsse"),
    ("1.1 0.8 1.0 0.9", "1.1 0.8 1.0", "pair F", "read 13 words in"),
    ("0.5  2.8", "3.0  2.8", "triple *", "Cmin is '3.0', allowed is < Cmax = '2.8'"),
    ("0.5  2.8", "-.1  2.8", "triple *", "Cmin is '-.1', allowed is >= 0"),
    ("0.5  2.8", "0.5  1.0", "triple *", "Cmax is '1.0', allowed is > 1"),
    ("3.0  11.0", "3.0  0", "charge  Li", "J is '0', allowed is > 0"),
    ("screened_cut 7", "ewald 7", "coulomb", "Coulomb kernel 'ewald', allowed are screened_cut"),
    ("screened_cut 7.0", "screened_cut -7", "coulomb", "Coulomb cutoff is '-7', allowed is > 0"),
    ("screened_cut 7.0", "screened_cut", "coulomb", "read 2 words in 'coulomb screened_cut'"),
    ("rho     F       1.6", "rho F -1.6", "rho F", "rho is '-1.6', allowed is > 0"),
    ("coulomb", "width Li 0\ncoulomb", "width", "width is '0', allowed is > 0"),
    ("coulomb", "wall Li top 1 1\ncoulomb", "wall", "side of the wall is 'top', allowed are upper"),
    ("coulomb", "wall Li upper 0 1\ncoulomb", "wall", "K is '0', allowed is > 0"),
    ("coulomb", "wall Li upper 9 x\ncoulomb", "wall", "q_s is 'x', allowed is a finite number"),
    ("coulomb", "wall Li upper 9\ncoulomb", "wall", "allowed is 5: wall El upper K q_s"),
    ("coulomb screened_cut 7.0", "coulomb screened_gaussian 7", "coulomb",
     "allowed is 4: coulomb screened_gaussian cutoff lambda"),
    ("pair Li F ", "pair Li X ", "pair Li X", "element 'X' is not in the elements line"),
    ("\nend", "\nend\npair", "pair", "read 'pair' after 'end', allowed are comments"),
    ("\nend", "\nend now", "end now", "read 2 words in 'end now', allowed is 1: end"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "statement", "message"), BAD, ids=lambda x: x[:20].strip())
def test_bad_line(old, new, statement, message):
    assert old in EXAMPLE
    text = EXAMPLE.replace(old, new, 1)
    with pytest.raises(PotentialFileError) as refused:
        rfmeam.Potential.parse(text, "x.rfmeam")
    where, _, what = str(refused.value).partition(": ")
    name, _, line = where.partition(":")
    assert name == "x.rfmeam"
    assert message in what
    assert text.splitlines()[int(line) - 1].startswith(statement)


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("(?m)^end\n", "no 'end' line: the file is truncated"),
        ("(?s)^.*$", "no 'format rfmeam 1' line: this is not a potential file"),
        ("(?m)^atomic F .*\n", "no 'atomic' line for element F"),
        ("(?m)^pair F .*\n|^pair [*] .*\n", "no 'pair' line for elements Li Li"),
        ("(?m)^charge  F .*\n", "no 'charge' line for element F"),
        ("(?m)^coulomb .*\n", "charge parameters without a 'coulomb' line"),
        ("(?m)^rho     F .*\n", "no 'rho' line for elements Li F"),
        (
            "(?m)^(atomic|pair|triple|charge|coulomb|rho|wall) .*\n",
            "neither 'atomic' nor 'coulomb' lines",
        ),
    ],
)
def test_missing_lines(pattern, message):
    text, count = re.subn(pattern, "", EXAMPLE)
    assert count
    with pytest.raises(PotentialFileError) as refused:
        rfmeam.Potential.parse(text, "x.rfmeam")
    assert str(refused.value).startswith(f"x.rfmeam: {message}")


@pytest.mark.parametrize("size", [1, 100, 700, 1500, -5])
def test_truncated(size):
    with pytest.raises(PotentialFileError):
        rfmeam.Potential.parse(EXAMPLE[:size])
