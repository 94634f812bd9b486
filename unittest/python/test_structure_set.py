"""StructureSet, and parameters by name: what Python sees of them. The physics is tested in C++."""

from pathlib import Path

import numpy as np
import pytest
from rfmeam import (
    Parameters,
    Potential,
    StructureSet,
    System,
    parameter_names,
    parameter_values,
    with_parameters,
)
from rfmeam.calculator import RFMEAM, system_of

POTENTIAL = Path(__file__).resolve().parents[1] / "data/lif_coarse.rfmeam"
ase_build = pytest.importorskip("ase.build")


def structures():
    crystal = ase_build.bulk("LiF", "rocksalt", a=4.1, cubic=True)
    crystal.rattle(0.1, seed=1)
    metal = ase_build.bulk("Li", "bcc", a=3.4, cubic=True)
    molecule = ase_build.molecule("LiF")
    return [crystal, metal, molecule]


@pytest.fixture
def potential():
    return Potential.read(POTENTIAL)


def test_is_what_the_calculator_gives(potential):
    atoms = structures()
    chosen = StructureSet(potential, [system_of(a) for a in atoms])
    assert len(chosen) == 3
    assert chosen.num_atoms == sum(map(len, atoms))
    result = chosen.evaluate(potential, jobs=2)
    assert result.d_energy is None
    for s, each in enumerate(atoms):
        each.calc = RFMEAM(potential)
        own = slice(chosen.first_atoms[s], chosen.first_atoms[s + 1])
        assert result.energy[s] == pytest.approx(each.get_potential_energy(), abs=1e-9)
        assert result.forces[own] == pytest.approx(each.get_forces(), abs=1e-9)
        assert result.charges[own] == pytest.approx(each.get_charges(), abs=1e-9)
    stress = -result.virial[0] / atoms[0].get_volume()
    assert stress == pytest.approx(atoms[0].get_stress(voigt=False), abs=1e-10)


def test_derivatives_have_the_shapes_that_are_said(potential):
    chosen = StructureSet(potential, [system_of(a) for a in structures()])
    names = ["charge.F.J", "atomic.Li.e0"]
    result = chosen.differentiate(potential, names)
    n = chosen.num_atoms
    assert result.d_energy.shape == (3, 2)
    assert result.d_forces.shape == (n, 3, 2)
    assert result.d_virial.shape == (3, 3, 3, 2)
    assert result.d_charges.shape == (n, 2)
    assert result.d_lowest_eigenvalue.shape == (3, 2)
    step = 1e-4
    values = parameter_values(potential, names)
    energy = [
        chosen.evaluate(with_parameters(potential, names, values + d)).energy
        for d in ([step, 0], [-step, 0])
    ]
    assert result.d_energy[:, 0] == pytest.approx((energy[0] - energy[1]) / (2 * step), abs=1e-6)


def test_the_total_charge_is_that_asked_for(potential):
    molecule = system_of(structures()[2])
    chosen = StructureSet(potential, [molecule, molecule], total_charges=[0.5, -0.25])
    charges = chosen.evaluate(potential).charges
    assert charges[:2].sum() == pytest.approx(0.5)
    assert charges[2:].sum() == pytest.approx(-0.25)


def test_every_number_of_a_file_has_a_name(potential):
    names = parameter_names(potential)
    numbers = Parameters.of(potential)
    lines = [*numbers.atomic.values(), *(x for _, x in numbers.pair.values())]
    lines += [*numbers.triple.values(), *numbers.charge.values(), *numbers.wall.values()]
    count = sum(map(len, lines)) + len(numbers.rho) + len(numbers.width)
    assert len(names) == len(set(names)) == count
    assert parameter_values(potential, ["pair.Li-F.rc", "rho.Li-F"]) == pytest.approx(
        [4.2, 2.70412]
    )


def test_a_changed_potential_is_that_of_a_changed_file(potential):
    changed = with_parameters(potential, ["pair.Li-F.epsilon", "charge.F.chi"], [0.5, 12.0])
    numbers = Parameters.of(potential)
    form, line = numbers.pair["Li", "F"]
    numbers.pair["Li", "F"] = (form, (*line[:4], 0.5, *line[5:]))
    numbers.charge["F"] = (12.0, *numbers.charge["F"][1:])
    assert Parameters.of(changed) == Parameters.of(Potential.parse(numbers.write()))


@pytest.mark.parametrize(
    ("names", "values", "message"),
    [
        (["charge.F.J"], [-1.0], "charge.F.J is -1.000000, allowed is > 0"),
        (["charge.F.j"], [1.0], "no parameter 'charge.F.j'"),
        (["charge.F.J"], [1.0, 2.0], "the same length"),
        (["pair.Li-F.rs"], [9.0], "not below its rc"),
    ],
)
def test_wrong_parameters_are_refused(potential, names, values, message):
    with pytest.raises(ValueError, match=message):
        with_parameters(potential, names, values)


def test_what_does_not_belong_together_is_refused(potential):
    with pytest.raises(ValueError, match="element 'O' is not in the potential"):
        StructureSet(potential, [System(np.eye(3) * 9, [True] * 3, np.zeros((1, 3)), ["O"])])
    with pytest.raises(ValueError, match="no atoms"):
        StructureSet(potential, [System(np.eye(3) * 9, [True] * 3, np.zeros((0, 3)), [])])
    chosen = StructureSet(potential, [system_of(structures()[1])])
    longer = with_parameters(potential, ["pair.Li-F.rc"], [9.0])
    with pytest.raises(ValueError, match="longer cutoffs"):
        chosen.evaluate(longer)
