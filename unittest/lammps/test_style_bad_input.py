"""Every wrong input is refused with a message that says what was read, where, and what is allowed."""

import re

import pytest
from harness import PLAIN, Variant, few_variants, model, potential, rocksalt, serial_variants, variants

SYSTEM = rocksalt(2)
RUN = "run 0\n"
RANKS = [v for v in variants() if v in (PLAIN, Variant(2))]


def refused(lammps, script: str, message: str, text: str | bytes | None = None, **kwargs):
    """The message, a regular expression, is in an error, on one line, and no Python or C++ exception is."""
    log = lammps(script, SYSTEM, text if text is not None else potential(), fails=True, **kwargs).log
    # mpirun may write its own words on the same line, before LAMMPS' message
    errors = [line[line.index("ERROR") :] for line in log.split("\n") if "ERROR" in line]
    assert any(re.search(message, line) for line in errors), f"{message}\nnot in\n" + "\n".join(errors or [log])
    assert "terminate called" not in log


# ---- potential file ------------------------------------------------------------------------------


def lines() -> list[str]:
    return potential().split("\n")


def line_of(start: str) -> int:
    """Number of the line, from 1."""
    return next(n for n, line in enumerate(lines(), 1) if line.startswith(start))


def with_line(start: str, new: str) -> str:
    """The file with another line in the place of the one that begins with `start`."""
    return "\n".join(new if n == line_of(start) else line for n, line in enumerate(lines(), 1))


ATOMIC = "atomic Li {n} 1.2 -0.1 0.05 {sigma} 1.0 0.6 0.8 0.5 1.1 1.3 1.2 1.4 0.3 -0.2 0.15"
IN_ONE_LINE = {
    "unknown keyword": ("triple *", "tripel * * * 0.5 2.8", "unknown keyword 'tripel', allowed are .* triple"),
    "repeated element": ("elements", "elements Li F Li", "element 'Li' is repeated, allowed is once"),
    "unknown element": ("charge F", "charge Fe 8.0 14.0 0", "'Fe' is not in the elements line, allowed are: Li F"),
    "repeated pair": ("triple *", "pair F Li srinivasan-duff 2 3 4 1 1 1 1 1 1 1", "a second 'pair F Li' line"),
    "repeated atomic": ("atomic F", ATOMIC.format(n=1, sigma=1), "a second 'atomic Li' line, allowed is one"),
    "not a number": ("charge F", "charge F eight 14.0 0", "chi is 'eight', allowed is a finite number"),
    "NaN": ("charge F", "charge F nan 14.0 0", "chi is 'nan', allowed is a finite number"),
    "infinite": ("charge F", "charge F 8.0 1e999 0", "J is '1e999', allowed is a finite number"),
    "zero hardness": ("charge F", "charge F 8.0 0 0", "J is '0', allowed is > 0"),
    "negative hardness": ("charge F", "charge F 8.0 -14.0 0", "J is '-14.0', allowed is > 0"),
    "negative cutoff": ("coulomb", "coulomb screened_cut -6.5", "[Cc]utoff is '-6.5', allowed is > 0"),
    "zero cutoff": ("coulomb", "coulomb screened_cut 0", "[Cc]utoff is '0', allowed is > 0"),
    "unknown kernel": (
        "coulomb",
        "coulomb ewald 6.5",
        "'ewald', allowed are screened_cut, direct_cut, gaussian, screened_gaussian, slater and shielded",
    ),
    "negative rc": ("pair Li Li", "pair Li Li timonova-thijsse -5 4 3 5 1 0 0 1 1 1 1", "rc is '-5', allowed is > 0"),
    "rs above rc": (
        "pair Li Li",
        "pair Li Li timonova-thijsse 4 5 3 5 1 0 0 1 1 1 1",
        "rs is '5', allowed is < rc = '4'",
    ),
    "unknown pair form": ("pair Li Li", "pair Li Li morse 1 2 3", "'morse', allowed are .* and double-exponential"),
    "Cmin above Cmax": ("triple *", "triple * * * 2.9 2.8", "Cmin is '2.9', allowed is < Cmax = '2.8'"),
    "Cmin equal to Cmax": ("triple *", "triple * * * 2.8 2.8", "Cmin is '2.8', allowed is < Cmax = '2.8'"),
    "Cmax not above 1": ("triple *", "triple * * * 0.5 1.0", "Cmax is '1.0', allowed is > 1"),
    "sigma zero": ("atomic Li", ATOMIC.format(n=1, sigma=0), "sigma is '0', allowed is > 0"),
    "n negative": ("atomic Li", ATOMIC.format(n=-1, sigma=1), "n is '-1', allowed is > 0"),
    "too few words": ("atomic Li", "atomic Li 1.0", "read 3 words in 'atomic Li 1.0', allowed is 18"),
    "rho zero": ("rho Li F", "rho Li F 0", "rho is '0', allowed is > 0"),
    "second coulomb": ("rho Li F", "coulomb direct_cut 5", "a second 'coulomb' line, allowed is one"),
    "other format": ("format", "format rfmeam 2", "format is 'rfmeam 2', allowed is 'rfmeam 1'"),
}


@pytest.mark.parametrize("case", IN_ONE_LINE)
def test_wrong_line(lammps, case):
    start, new, message = IN_ONE_LINE[case]
    where = f"Potential file LiF.rfmeam:{line_of(start)}: "
    refused(lammps, model(fix="") + RUN, where + ".*" + message, with_line(start, new))


WHOLE_FILES = {
    "no elements line": (with_line("elements", ""), "LiF.rfmeam:[0-9]+: read 'atomic' before the 'elements' line"),
    "missing atomic": (with_line("atomic F", ""), "LiF.rfmeam: no 'atomic' line for element F"),
    "missing pair": (with_line("pair Li F", ""), "LiF.rfmeam: no 'pair' line for elements Li F"),
    "missing charge": (with_line("charge F", ""), "LiF.rfmeam: no 'charge' line for element F"),
    "missing rho": (with_line("rho F", "").replace("rho Li F 2.1\n", ""), "no 'rho' line for elements Li F"),
    "truncated": (potential().replace("end\n", ""), "LiF.rfmeam: no 'end' line: the file is truncated"),
    "cut in a line": (potential()[:400], "LiF.rfmeam:"),
    "empty": ("", "LiF.rfmeam: no 'format rfmeam 1' line: this is not a potential file"),
    "binary": (potential().encode()[:90] + bytes(range(32)), "LiF.rfmeam:[0-9]+: read byte [0-9]+, allowed is text"),
    "real units": (potential().replace("UNITS: metal", "UNITS: real"), "requires real units but metal"),
    "lj units": (potential().replace("# UNITS: metal", "#\n# UNITS: lj"), "UNITS: is 'lj', allowed is metal"),
    "no units": (potential().replace("UNITS: metal", ""), "LiF.rfmeam:2: no 'UNITS: metal' in the comments above"),
    "other file": ("# Li F\nLi 1.0\n", "LiF.rfmeam:2: read 'Li', allowed as the first statement is 'format rfmeam 1'"),
}


@pytest.mark.parametrize("variant", RANKS, ids=str)
@pytest.mark.parametrize("case", WHOLE_FILES)
def test_wrong_file(lammps, case, variant):
    text, message = WHOLE_FILES[case]
    refused(lammps, model(fix="") + RUN, message, text, variant=variant)


# ---- pair style ----------------------------------------------------------------------------------

COEFF = {
    "too few words": ("* * LiF.rfmeam Li", "read 4 words, allowed are .* for each of the 2 atom types"),
    "too many words": ("* * LiF.rfmeam Li F F", "read 6 words, allowed are \\* \\* FILE"),
    "no words": ("* *", "read 2 words, allowed are \\* \\* FILE"),
    "types": ("1 1 LiF.rfmeam Li F", "[Pp]air_coeff must start with \\* \\*"),
    "element not in file": ("* * LiF.rfmeam Li Cl", "Element Cl of atom type 2 is not in .*, allowed are: Li F"),
    "element in other case": ("* * LiF.rfmeam LI F", "Element LI of atom type 1 is not in potential file LiF.rfmeam"),
    "no such file": ("* * none.rfmeam Li F", "Cannot open potential file none.rfmeam: No such file"),
    "folder": ("* * . Li F", "Cannot .*potential file \\."),
    "NULL without hybrid": ("* * LiF.rfmeam Li NULL", "All pair coeffs are not set"),
}


@pytest.mark.parametrize("variant", RANKS, ids=str)
@pytest.mark.parametrize("case", COEFF)
def test_pair_coeff(lammps, case, variant):
    coeff, message = COEFF[case]
    refused(lammps, model(fix="", coeff=coeff) + RUN, message, variant=variant)


def test_pair_style_takes_no_arguments(lammps):
    refused(lammps, model(fix="", style="rfmeam/qeq 7.0"), "pair_style rfmeam/qeq .*'7.0', allowed are none")


def test_no_pair_coeff(lammps):
    script = model(fix="").replace("pair_coeff * * LiF.rfmeam Li F\n", "")
    refused(lammps, script + RUN, "[Aa]ll pair coeffs are not set")


@pytest.mark.parametrize("units", ["lj", "si", "electron", "cgs", "micro", "nano"])
def test_other_units(lammps, units):
    refused(lammps, model(fix="", units=units), f"with units {units}, allowed are units metal and real")


@pytest.mark.parametrize("variant", few_variants(), ids=str)
def test_newton_off(lammps, variant):
    script = model(fix="", start="newton off")
    refused(lammps, script + RUN, "Pair style rfmeam/qeq requires newton pair on", variant=variant)


def without_charges(style: str) -> str:
    """The box and two atoms in an atom style without charges."""
    script = f"units metal\natom_style {style}\nregion box block 0 9 0 9 0 9\ncreate_box 2 box\nmass * 1\n"
    script += "create_atoms 1 single 1 1 1\ncreate_atoms 2 single 3 1 1\n"
    return script + "pair_style rfmeam/qeq\npair_coeff * * LiF.rfmeam Li F\n"


def test_no_charges_in_the_atom_style(lammps):
    message = "Pair style rfmeam/qeq with the charges of potential file LiF.rfmeam requires atom attribute q"
    refused(lammps, without_charges("atomic") + RUN, message)
    refused(
        lammps, without_charges("atomic") + "fix qeq all qeq/vc 1 1e-6 100\n", "Fix qeq/vc requires atom attribute q"
    )


@pytest.mark.parametrize("variant", serial_variants(), ids=str)
def test_atoms_at_the_same_place(lammps, variant):
    """Without the fix, whose own error comes first: the pair style does not go on with NaN."""
    for text in (potential(), potential(coulomb=None), potential(meam=False)):
        script = model(fix="") + "create_atoms 1 single 1.0 1.0 1.0\ncreate_atoms 2 single 1.0 1.0 1.0\n"
        script += "set group all charge 0.1\n" + RUN
        refused(lammps, script, "computed a non-finite energy .* atoms are at the same place", text, variant=variant)


def test_charge_that_is_not_finite(lammps):
    script = model(fix="") + "variable bad atom exp(1000.0)\nset atom 5 charge v_bad\n"
    refused(lammps, script + RUN, "computed a non-finite energy .* charges are not finite")
    refused(lammps, script + "fix qeq all qeq/vc 1 1e-6 100\n" + RUN, "Fix qeq/vc found non-finite charges")


def test_unknown_field_of_fix_pair(lammps):
    script = model(fix="") + "fix p all pair 1 rfmeam/qeq nonsense 0\n"
    refused(lammps, script + RUN, "[Ff]ix pair.*nonsense")


# ---- communication -------------------------------------------------------------------------------


def test_short_communication_cutoff_is_made_longer(lammps):
    """comm_modify cannot make the ghost atoms too few: LAMMPS takes the larger cutoff."""
    thermo = "thermo_style custom step pe\nthermo_modify line yaml format float %.17g\n"
    expected = lammps(model() + thermo + RUN, SYSTEM, potential())
    result = lammps(model() + "comm_modify cutoff 2.0\n" + thermo + RUN, SYSTEM, potential())
    assert "Communication cutoff adjusted to" in result.log or "ghost atom cutoff = 8.5" in result.log
    assert result.last("PotEng") == pytest.approx(expected.last("PotEng"), rel=1e-13)


@pytest.mark.parametrize("variant", [v for v in variants() if v == Variant(2)], ids=str)
def test_cutoff_beyond_the_communication_range(lammps, variant):
    """Tiled communication reaches no further than the box: LAMMPS refuses, instead of missing neighbours."""
    text = potential(meam=False).replace("screened_cut 6.5", "screened_cut 60")
    script = model(start="comm_style tiled") + "balance 1.0 rcb\n" + RUN
    refused(lammps, script, "[Cc]ommunication cutoff for comm_style tiled", text, variant=variant)


# ---- fix -----------------------------------------------------------------------------------------

ARGUMENTS = {
    "no arguments": ("all qeq/vc", "read 3 words, allowed are Nevery tolerance maxiter and keywords"),
    "too few": ("all qeq/vc 1 1e-6", "Illegal fix qeq/vc command: read 5 words, allowed are Nevery tolerance maxiter"),
    "Nevery 0": ("all qeq/vc 0 1e-6 100", "Nevery is 0, allowed is >= 1"),
    "Nevery negative": ("all qeq/vc -1 1e-6 100", "Nevery is -1, allowed is >= 1"),
    "Nevery no number": ("all qeq/vc x 1e-6 100", "integer .*'x'"),
    "tolerance 0": ("all qeq/vc 1 0 100", "tolerance is 0, allowed is > 0 and < 1"),
    "tolerance 1": ("all qeq/vc 1 1.0 100", "tolerance is 1.0, allowed is > 0 and < 1"),
    "tolerance no number": ("all qeq/vc 1 small 100", "floating point .*'small'"),
    "tolerance NaN": ("all qeq/vc 1 nan 100", "nan"),
    "maxiter 0": ("all qeq/vc 1 1e-6 0", "maxiter is 0, allowed is >= 1"),
    "unknown keyword": (
        "all qeq/vc 1 1e-6 100 solve pcg",
        "keyword solve, allowed are solver, guess, qtotal, potential, group, onfail, precondition, iterations, damping "
        "and limit",
    ),
    "keyword without value": ("all qeq/vc 1 1e-6 100 solver", "qeq/vc solver"),
    "solver": ("all qeq/vc 1 1e-6 100 solver cg", "solver is cg, allowed are pcg, direct and xl"),
    "precondition": ("all qeq/vc 1 1e-6 100 precondition ilu", "precondition is ilu, allowed are jacobi and fsai"),
    "precondition without value": ("all qeq/vc 1 1e-6 100 precondition", "qeq/vc precondition"),
    "guess 6": ("all qeq/vc 1 1e-6 100 guess 6", "guess is 6, allowed is 0 to 5"),
    "guess negative": ("all qeq/vc 1 1e-6 100 guess -1", "guess is -1, allowed is 0 to 5"),
    "qtotal": ("all qeq/vc 1 1e-6 100 qtotal neutral", "floating point .*'neutral'"),
    "onfail": ("all qeq/vc 1 1e-6 100 onfail stop", "onfail is stop, allowed are warn and error"),
    "unknown group": ("metal qeq/vc 1 1e-6 100", "[Gg]roup.*metal"),
}


@pytest.mark.parametrize("case", ARGUMENTS)
def test_arguments_of_the_fix(lammps, case):
    fix, message = ARGUMENTS[case]
    refused(lammps, model(fix=fix) + RUN, message)


@pytest.mark.parametrize("variant", few_variants(), ids=str)
def test_fix_in_the_wrong_place(lammps, variant):
    """Without its pair style, without charges in the file, twice, on no atoms, on atoms of no element."""
    other = "units metal\natom_style charge\nread_data system.data\npair_style zero 7.0\npair_coeff * *\n"
    fix = "fix qeq all qeq/vc 1 1e-6 100\n"
    name = r"Fix qeq/vc(/kk)?"
    refused(lammps, other + fix + RUN, f"{name} requires pair style rfmeam/qeq", variant=variant)
    message = f"{name} requires charge parameters, but potential file LiF.rfmeam has none"
    refused(lammps, model() + RUN, message, potential(coulomb=None), variant=variant)
    two = model() + "fix second all qeq/vc 1 1e-6 100\n"
    refused(lammps, two + RUN, "Two fixes qeq/vc, allowed is one", variant=variant)
    empty = model(fix="") + "group none empty\nfix qeq none qeq/vc 1 1e-6 100\n"
    refused(lammps, empty + RUN, f"{name} group none has no atoms", variant=variant)
    style = {"style": "hybrid/overlay rfmeam/qeq zero 5.0", "coeff": "* * rfmeam/qeq LiF.rfmeam Li NULL; * * zero"}
    message = f"{name} group all has atoms of type 2, which pair_coeff maps to NULL"
    refused(lammps, model(**style) + RUN, message, variant=variant)


def test_fix_without_a_pair_style(lammps):
    script = "units metal\natom_style charge\nread_data system.data\nfix qeq all qeq/vc 1 1e-6 100\n"
    refused(lammps, script + RUN, "Fix qeq/vc requires pair style rfmeam/qeq")


def test_fix_without_atom_ids(lammps):
    script = "units metal\natom_style charge\natom_modify id no\nregion box block 0 9 0 9 0 9\ncreate_box 2 box\n"
    script += "mass * 1\npair_style rfmeam/qeq\npair_coeff * * LiF.rfmeam Li F\nfix qeq all qeq/vc 1 1e-6 100\n"
    refused(lammps, script, "Fix qeq/vc requires atom IDs")


def test_dynamic_group(lammps):
    script = model(fix="") + "region half block 0 4 0 9 0 9\ngroup some dynamic all region half\n"
    refused(lammps, script + "fix qeq some qeq/vc 1 1e-6 100\n" + RUN, "does not allow use with a dynamic group")


@pytest.mark.parametrize("variant", serial_variants(), ids=str)
def test_direct_solver_has_a_limit(lammps, variant):
    """A dense matrix of that many atoms would take minutes and gigabytes."""
    script = model(fix="all qeq/vc 1 1e-6 100 solver direct").replace(
        "read_data system.data", "read_data system.data\nreplicate 4 4 4"
    )
    script = script.replace("LiF.rfmeam Li", "charges.rfmeam Li")
    short = potential(meam=False).replace("screened_cut 6.5", "screened_cut 2.5")
    message = "solver direct has 4096 atoms, allowed are 4000"
    refused(lammps, script + RUN, message, variant=variant, files={"charges.rfmeam": short})
