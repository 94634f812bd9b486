"""`rfmeam convert --from streitz` and `--from reaxff`."""

import pytest
import rfmeam
from rfmeam import Parameters, UserError
from rfmeam.cli import app
from rfmeam.convert import convert_lammps
from typer.testing import CliRunner

STREITZ = """\
# DATE: 2026-01-01 CONTRIBUTOR: nobody
# X J gamma zeta Z

Al  0.000000  10.328655  0.000000  0.968438  0.763905
O   5.484763  14.035715  0.000000  2.143957  0.000000   # oxygen
"""
GENERAL = ["50.0 !something"] * 11 + ["0.0 !lower taper", "10.0 !upper taper"]
REAXFF = "\n".join(
    [
        "a title",
        f" {len(GENERAL)} ! Nr of general parameters",
        *GENERAL,
        "  2    ! Nr of atoms; cov.r; valency",
        "            alfa;gammavdW",
        "            cov r3",
        "            ov/un",
        " C  1.3742 4.0 12.0 1.9684 0.1723 0.8712 1.2385 4.0",
        "    9.4606 2.1346 4.0 31.0823 79.5548 5.7254 6.9235 0.0",
        "    1.2104 0.0 183.7 5.7419 33.3951 11.9957 0.8563 0.0",
        "   -2.8983 2.5 1.0564 4.0 2.9663 0.0 0.0 0.0",
        " X  0.1 2.0 1.008 2.0 0.0 0.0 0.0 6.0",
        "    10.0 2.5 4.0 0.0 0.0 8.5 0.0 0.0",
        "    -0.1 0.0 -2.37 8.741 13.364 0.669 0.9745 0.0",
        "    -11.0 2.7466 1.0338 2.0 2.8793 0.0 0.0 0.0",
        "  0    ! Nr of bonds",
        "",
    ]
)


def run(*arguments):
    return CliRunner().invoke(app, ["convert", *map(str, arguments)])


def refusal(path, program="streitz", **options):
    options = {"cutoff": 12.0, "alpha": 0.31} | options if program == "streitz" else options
    with pytest.raises(UserError) as refused:
        convert_lammps(program, [path], **options)
    return str(refused.value).replace(str(path), path.name)


def test_streitz(write, tmp_path):
    output = tmp_path / "AlO.rfmeam"
    path = write(STREITZ, "AlO.streitz")
    result = run("--from", "streitz", "--cutoff", 12, "--alpha", 0.31, "-o", output, path)
    assert result.exit_code == 0, result.output
    assert "charges slater" in result.output
    assert "in its energy" in result.output
    p = Parameters.of(rfmeam.Potential.read(output))
    assert p.coulomb == ("slater", 12.0, 0.31)
    assert p.charge == {"Al": (0.0, 10.328655, 0.0), "O": (5.484763, 14.035715, 0.0)}
    assert p.slater == {"Al": (0.968438, 0.763905), "O": (2.143957, 0.0)}


def test_streitz_elements_are_chosen(write):
    path = write(STREITZ, "AlO.streitz")
    conversion = convert_lammps("streitz", [path], ["O"], 12.0, 0.0)
    assert conversion.parameters.elements == ["O"]
    assert conversion.parameters.coulomb == ("slater", 12.0, 0.0)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"cutoff": None}, "give --cutoff"),
        ({"alpha": None}, "give --alpha"),
        ({"cutoff": 0.0}, "--cutoff is '0', allowed is > 0"),
        ({"alpha": -0.1}, "--alpha is '-0.1', allowed is >= 0"),
        ({"elements": ["Al", "Al"]}, "'Al' is repeated, allowed is once"),
        ({"elements": ["Si"]}, "AlO.streitz: no element 'Si', allowed are Al O"),
    ],
)
def test_streitz_bad_options(write, options, message):
    assert message in refusal(write(STREITZ, "AlO.streitz"), **options)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("  0.763905", "", "AlO.streitz:4: read 5 words, allowed are 6: El chi J gamma zeta Z"),
        ("O   5.48", "Al  5.48", "AlO.streitz:5: a second line for 'Al', allowed is one"),
        ("5.484763", "five", "AlO.streitz:5: read 'five', allowed is a finite number"),
        ("10.328655", "0.0", "AlO.streitz:4: J is '0.0', allowed is > 0"),
        ("0.968438", "-1.0", "AlO.streitz:4: zeta is '-1.0', allowed is > 0"),
        ("0.763905", "-0.7", "AlO.streitz:4: Z is '-0.7', allowed is >= 0"),
        ("0.000000  0.968438", "0.5  0.968438", "AlO.streitz:4: gamma is '0.5', allowed is 0"),
        (STREITZ, "# nothing\n", "AlO.streitz: no element in the file"),
    ],
)
def test_streitz_bad_files(write, old, new, message):
    assert old in STREITZ
    assert message in refusal(write(STREITZ.replace(old, new), "AlO.streitz"))


def test_reaxff(write, tmp_path):
    output = tmp_path / "C.rfmeam"
    result = run("--from", "reaxff", "-o", output, write(REAXFF, "ffield"))
    assert result.exit_code == 0, result.output
    assert "0.99997535" in result.output
    p = Parameters.of(rfmeam.Potential.read(output))
    assert p.elements == ["C"]  # the dummy atom X has no charge parameters
    assert p.coulomb == ("shielded", 10.0)
    assert p.charge == {"C": (5.7254, 13.847, 0.0)}
    assert p.shielding == {"C": 0.8712}
    other = convert_lammps("reaxff", [write(REAXFF, "other")], ["C"], 8.5)
    assert other.parameters.coulomb == ("shielded", 8.5)


def test_reaxff_with_a_fifth_line(write):
    """Of ReaxFF-lg, with two words behind each atom."""
    lines = REAXFF.splitlines()
    for at in (len(lines) - 1, len(lines) - 5):
        lines.insert(at, "   0.1 0.2")
    path = write("\n".join(lines), "ffield")
    assert convert_lammps("reaxff", [path]).parameters.shielding == {"C": 0.8712}


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("0.0 !lower", "1.0 !lower", "ffield: the lower taper radius is 1, allowed is 0"),
        (" 13 !", " many !", "number of general parameters is 'many', allowed is a whole"),
        (" 13 !", " 40 !", "truncated"),
        ("  2    !", "  9    !", "truncated"),
        ("5.7254 6.9235 0.0", "5.7254", "ffield:21: read 6 words, allowed are 8"),
        ("0.8712", "x", "ffield:20: read 'x', allowed is a finite number"),
    ],
)
def test_reaxff_bad_files(write, old, new, message):
    assert old in REAXFF
    assert message in refusal(write(REAXFF.replace(old, new), "ffield"), "reaxff")


def test_reaxff_bad_options(write):
    path = write(REAXFF, "ffield")
    assert "--alpha, allowed only with --from streitz" in refusal(path, "reaxff", alpha=0.2)
    assert "X has eta 0 and gamma 0, allowed is > 0" in refusal(path, "reaxff", elements=["X"])
    assert "no element 'Si', allowed are C X" in refusal(path, "reaxff", elements=["Si"])
    with pytest.raises(UserError, match="2 files given, allowed is one"):
        convert_lammps("reaxff", [path, path])
    result = run("--from", "nap", "--alpha", "0.2", "-o", "x.rfmeam", path)
    assert "--alpha, allowed only with --from streitz" in result.output
    result = run("--to", "reaxff", "-o", "x", path)
    assert "--to is 'reaxff', allowed is nap" in result.output


def test_nap_has_no_such_kernels(write, tmp_path):
    path = tmp_path / "AlO.rfmeam"
    path.write_text(convert_lammps("streitz", [write(STREITZ)], None, 12.0, 0.31).text)
    result = run("--to", "nap", "-o", tmp_path / "nap", path)
    assert "nap has no 'slater'" in result.output
