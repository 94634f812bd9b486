"""Force-field files of users: which lines are taken, and walls inside Buckingham terms."""

import re

import numpy as np
import pytest
from rfmeam import UserError
from rfmeam.glass import composition, force_field, pair_table, user_lines

SILICA = composition.build_model(composition.parse_composition("SiO2=100"), 300)
BKS = """\
set type ${Si} charge 2.4
set type ${O} charge -1.2
pair_style buck/coul/long 10.0
pair_coeff * * 0.0 1.0 0.0
pair_coeff ${Si} ${O} 18003.7572 0.205205 133.5381
pair_coeff ${O} ${O} 1388.773 0.362319 175.0
kspace_style pppm 1.0e-4
"""


def load(path, repair=False):
    return force_field.load(str(path), SILICA, repair)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("units real", "'units' is set by rfmeam glass (metal)"),
        ("run 100", "'run' is set by rfmeam glass"),
        (
            "fix 1 all nvt temp 3000 3000 0.1",
            "only those that equilibrate charges (qeq/…), not nvt",
        ),
        ("fix 1 all nve", "not nve"),
        ("fix 1 all ${style}", "not ${style}"),
        ("fix 1 all efield 0 0 0.1", "not efield"),
        (
            "velocity all create 9000 12345",
            "'velocity' is set by rfmeam glass: it would begin every",
        ),
        ("mass ${O} 160.0", "'mass' is set by rfmeam glass: masses are those of the elements"),
        ("set type ${O} mass 160.0", "is not taken: of set only 'set type … charge …'"),
        ("set type 1 charge 1 mass 2", "of set only 'set type … charge …'"),
        ("include other.lmp", "'include' is not taken: what it reads would not be checked"),
        ("shell rm x", "'shell' is not taken"),
        ("if 1 then 'run 5'", "'if' is not taken"),
        ("jump SELF", "'jump' is not taken"),
        ("python f source here", "'python' is not taken"),
        ("${command} 1 all nve", "'${command}' is not taken"),
        ("variable x getenv HOME", "of variables only equal, index, string"),
        ("variable Li index 3", "'variable Li index 3' is set by rfmeam glass"),
        ("neigh_modify every 100", "is not taken: only one and page"),
        ("comm_modify vel yes", "is not taken: only cutoff and mode"),
        ("group g region r", "is not taken: only type, union"),
        ("timestep 0.01", "'timestep' is set by rfmeam glass"),
        ('variable x string """a', '""" is not taken'),
        ("variable x string 'a", "no closing quotation"),
    ],
)
def test_other_lines_are_refused_with_their_number(write, line, message):
    for text, number in ((f"{BKS}{line}\n", 8), (f"\n# first\n{line}\n{BKS}", 3)):
        path = write(text)
        with pytest.raises(UserError) as refused:
            load(path)
        assert str(refused.value).startswith(f"{path}: line {number}: ")
        assert message in str(refused.value)


def test_a_command_over_several_lines_is_one(write):
    with pytest.raises(UserError, match="line 2: 'fix 1 all nve' is not taken"):
        load(write("# begin\nfix 1 &\n  all &\n nve\n" + BKS))
    # what follows & is no command of its own
    path = write(BKS.replace("10.0\n", "&\n10.0\n"))
    assert "pair_style buck/coul/long  10.0" in load(path).lines


def test_a_file_without_pair_style_is_refused(write):
    with pytest.raises(UserError, match="no pair_style in it"):
        load(write("# nothing\nset type 1 charge 0.5\n"))


def test_what_defines_interactions_is_taken(write):
    lines = [
        "variable cut equal 8.0",
        "pair_style hybrid/overlay rfmeam/qeq coul/dsf 0.2 ${cut}",
        "pair_coeff * * rfmeam/qeq SiO.rfmeam ${elements}",
        "pair_modify shift yes # at the cutoff",
        "group ions type 1 2",
        "fix charges all qeq/vc 1 1.0e-6 100",
        "fix_modify charges energy yes",
        "neigh_modify one 5000 page 100000",
        "comm_modify cutoff 12.0",
        "dielectric 1.0",
        "kspace_style pppm 1e-5",
        "kspace_modify order 5",
        "plugin load rfmeamqeqplugin.so",
    ]
    assert load(write("\ufeff" + "\n".join(lines))).lines == lines


# ---- walls


def added(field):
    """Energy and force of the tables by pair, from the rows."""
    text = field.files[user_lines.WALLS_FILE]
    sections = re.findall(r"^(\S+-\S+)\nN .*\n\n((?:\d.*\n)+)", text, re.MULTILINE)
    return {
        pair: np.array([row.split() for row in rows.splitlines()], float).T
        for pair, rows in sections
    }


def test_bare_term_and_table_are_the_repaired_term(write):
    tables = added(load(write(BKS), repair=True))  # rows have 12 digits
    assert sorted(tables) == ["O-O", "Si-O"]
    for pair, a, rho, c in (
        ("Si-O", 18003.7572, 0.205205, 133.5381),
        ("O-O", 1388.773, 0.362319, 175.0),
    ):
        _, r, energy, force = tables[pair]
        term = pair_table.repaired(a, rho, c)
        bare = pair_table.Buckingham(a, rho, c)
        assert energy + bare(r)[0] == pytest.approx(term(r)[0], rel=1e-8, abs=1e-6)
        assert force + bare(r)[1] == pytest.approx(term(r)[1], rel=1e-8, abs=1e-6)
        assert r[-1] == pytest.approx(term.wall.r0)
        assert (energy[-1], force[-1]) == pytest.approx((0.0, 0.0), abs=1e-6)
    # with the charges of BKS, Si and O repel where they fell into each other before
    r = np.linspace(0.3, 1.2, 10)
    ions = pair_table.total(
        pair_table.repaired(18003.7572, 0.205205, 133.5381),
        pair_table.DampedCoulomb(-2.88, 0.2, 10.0),
    )
    assert np.all(ions(r)[1] > 0)


def test_lines_with_walls(write):
    lines = load(write(BKS), repair=True).lines
    assert "pair_style hybrid/overlay buck/coul/long 10.0 table spline 2000" in lines
    assert "pair_coeff * * buck/coul/long 0.0 1.0 0.0" in lines
    assert lines[-2:] == [
        "pair_coeff 1 2 table forcefield/walls.table Si-O",
        "pair_coeff 2 2 table forcefield/walls.table O-O",
    ]
    assert "kspace_style pppm 1.0e-4" in lines
    overlay = BKS.replace("buck/coul/long 10.0", "hybrid/overlay buck 8.0 coul/dsf 0.2 8.0")
    overlay = overlay.replace("} 1", "} buck 1").replace("* * 0.0", "* * buck 0.0")
    lines = load(write(overlay + "pair_coeff * * coul/dsf\n"), repair=True).lines
    assert "pair_style hybrid/overlay buck 8.0 coul/dsf 0.2 8.0 table spline 2000" in lines
    assert "pair_coeff ${Si} ${O} buck 18003.7572 0.205205 133.5381" in lines
    assert "pair_coeff * * coul/dsf" in lines
    assert lines[-1] == "pair_coeff 2 2 table forcefield/walls.table O-O"


def test_later_and_wild_coefficients_win(write):
    text = BKS.replace("pair_coeff * * 0.0 1.0 0.0\n", "")
    field = load(write(text + "pair_coeff 2* *2 1500.0 0.35 100.0\n"), repair=True)
    assert field.parameters["walls"]["O-O"]["A"] == 1500.0
    assert field.parameters["walls"]["Si-O"]["A"] == 1500.0  # LAMMPS sorts the types
    assert set(field.parameters["walls"]) == {"O-O", "Si-O"}


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("buck/coul/long", "born/coul/long", "no buck… in its pair_style"),
        ("buck/coul/long 10.0", "hybrid buck 10.0 table linear 10", "line 3: --repair adds tables"),
        (
            "buck/coul/long 10.0",
            "hybrid/overlay buck 10 buck 9",
            "with one buck… that is not hybrid",
        ),
        ("18003.7572", "${A}", "line 5: --repair: read '${A} 0.205205 133.5381', expected the"),
        ("${Si} ${O}", "${B} ${O}", "line 5: read '${B}', expected an atom type: 1 to 2"),
        ("${Si} ${O}", "3 2", "line 5: read '3', expected an atom type"),
        ("0.205205 133.5381", "0.01 133.5381", "Si-O: A = 18003.8, rho = 0.01"),
    ],
)
def test_what_cannot_be_repaired_is_refused(write, old, new, message):
    with pytest.raises(UserError) as refused:
        load(write(BKS.replace(old, new)), repair=True)
    assert message in str(refused.value)


def test_no_buckingham_term_nothing_to_repair(write):
    text = BKS.replace("133.5381", "0.0").replace("175.0", "0.0")
    with pytest.raises(UserError, match="no Buckingham term with C > 0"):
        load(write(text), repair=True)
    with pytest.raises(UserError, match="--repair: is for a file; du needs none"):
        force_field.load("du", SILICA, repair=True)


def test_walls_are_another_force_field(write):
    path = write(BKS)
    assert load(path).bare_buckingham
    assert not load(path, repair=True).bare_buckingham
    assert load(path).fingerprint != load(path, repair=True).fingerprint
