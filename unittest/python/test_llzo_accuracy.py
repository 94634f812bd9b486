"""potentials/fit/llzo_accuracy.py: reactions that balance, volumes of lowest energy, families."""

import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from ase import Atoms
from rfmeam.reference.structure_list import read_list

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "potentials/fit"))
pytest.importorskip("typer")
llzo = pytest.importorskip("llzo_accuracy")
LIST, MORE = (
    read_list(ROOT / "data/llzo_sevennet" / name) for name in ("structures.yaml", "round3.yaml")
)


@pytest.mark.parametrize("reaction", llzo.REACTIONS)
def test_reactions_balance(reaction):
    """So that constants of the elements, which the two models do not share, cancel."""
    total = Counter()
    for name, number in llzo.REACTIONS[reaction].items():
        for symbol in Atoms(name.split()[0]).symbols:
            total[symbol] += number
    assert not any(total.values())


def test_crystals_are_of_the_list_and_their_formulas_fit():
    for name, family in llzo.CRYSTALS.items():
        for atoms in LIST.structures(LIST.family(family)):
            units = llzo.formula_units(name, atoms)
            assert units == int(units)
            whole = Counter(dict.fromkeys(Atoms(name.split()[0]).symbols, 0))
            whole.update({s: n * units for s, n in Counter(Atoms(name.split()[0]).symbols).items()})
            assert Counter(atoms.symbols) == whole


def test_every_family_has_one_group():
    """Beside the last, which sums up; a name that no group takes would be lost from the table."""
    *groups, _ = llzo.GROUPS
    for family in (*LIST.families, *MORE.families):
        taken = [name for name in groups if llzo.GROUPS[name](family.name)]
        assert len(taken) == 1, (family.name, taken)


def test_lowest_energy():
    volumes = np.array([9.0, 9.5, 10.0, 10.5, 11.0])
    found = llzo.lowest(volumes, 0.3 * (volumes - 10.2) ** 2 - 5)
    assert found.volume == pytest.approx(10.2) and found.energy == pytest.approx(-5)
    assert found.bulk_modulus == pytest.approx(0.6 * 10.2 * 160.2177)  # V d²E/dV², in GPa


def test_a_minimum_outside_the_list_is_at_its_edge():
    volumes = np.array([9.0, 9.5, 10.0])
    found = llzo.lowest(volumes, 0.3 * (volumes - 12) ** 2)
    assert found.volume == 10.0 and found.energy == pytest.approx(1.2)
