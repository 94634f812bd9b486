"""Coordination, Qn and rings, on crystals and on structures whose answer is known by
construction."""

import numpy as np
import pytest
from ase import Atoms
from ase.build import bulk
from ase.neighborlist import neighbor_list
from rfmeam.glass import figures
from rfmeam.glass.analysis import network, ring_sizes, rings

from crystals import crystal

CUTOFFS = {"B": 1.75, "Si": 2.0}


def of(name: str, length: float = 9.0) -> network.Network:
    atoms = crystal(name, length)
    return network.build_network(atoms, {f: CUTOFFS[f] for f in network.formers_in(atoms)})


@pytest.mark.parametrize(
    ("name", "four_fold", "in_rings", "units"),
    [
        ("B2O3", 0.0, 0.0, set()),
        ("EuB3O6", 100 / 3, 0.0, set()),
        ("Li2B4O7", 50.0, 100.0, {"diborate"}),
        ("CaB2O4", 50.0, 100.0, None),
        ("CuB2O4", 100.0, 100.0, {"tri-triborate"}),
    ],
)
def test_borates(name, four_fold, in_rings, units):
    net = of(name)
    assert network.describe(net)["B4 %"] == pytest.approx(four_fold)
    found = rings.describe(net)
    assert found["B in all-boron 3-rings %"] == pytest.approx(in_rings)
    assert found["B in mixed 3-rings %"] == 0.0
    assert found["edge-sharing polyhedra"] == 0
    if units is not None:
        assert set(found["superstructural units"]) == units


def test_diborate_units_are_counted_once():
    # one B4O9 group for four borons
    assert rings.describe(of("Li2B4O7"))["superstructural units"] == {"diborate": 8}


def test_a_cell_smaller_than_a_ring_gives_the_rings_of_a_large_one():
    small, large = of("CuB2O4", 0.0), of("CuB2O4", 20.0)
    ratio = len(large.atoms) / len(small.atoms)
    assert len(rings.three_rings(large)) == ratio * len(rings.three_rings(small)) > 0


def test_quartz():
    net = of("quartz")
    found = network.describe(net)
    assert found["Si coordination %"] == {"4": 100.0}
    assert found["Si Qn %"] == {"4": 100.0}
    assert found["non-bridging oxygen %"] == found["triclusters %"] == 0.0
    assert rings.three_rings(net) == []


def test_cutoffs_come_from_the_gap_behind_the_first_peak():
    shaken = crystal("Li2B4O7", 9.0)
    shaken.rattle(0.05, seed=1)
    assert 1.7 < network.cutoffs_of([shaken])["B"] < 2.2


def test_rdf_of_an_ideal_gas():
    random = np.random.default_rng(1)
    gas = [
        Atoms("B30O30", random.uniform(0, 5, (60, 3)), cell=[5] * 3, pbc=True) for _ in range(40)
    ]
    for pair in (("B", "O"), ("B", "B")):
        r, g = network.partial_rdf(gas, *pair, 3.0)  # beyond half the box
        assert g[r > 1].mean() == pytest.approx(1.0, abs=0.03)


def test_rings_of_crystals():
    """Ideal cristobalite has six-membered rings only, all of them through every link."""
    a = 7.16
    silicon = bulk("C", "diamond", a=a, cubic=True)
    i, j, vectors = neighbor_list("ijD", silicon, 0.45 * a)
    middles = silicon.positions[i[i < j]] + vectors[i < j] / 2
    atoms = Atoms(
        "Si8" + f"O{len(middles)}", [*silicon.positions, *middles], cell=[a] * 3, pbc=True
    )
    assert len(middles) == 16
    net = network.build_network(atoms, CUTOFFS | {"B": 1.0})
    assert ring_sizes.ring_sizes(net) == {"6": 100.0}
    assert ring_sizes.ring_sizes(of("quartz")).keys() <= {"6", "7", "8"}
    found = ring_sizes.ring_sizes(of("Li2B4O7"))
    assert found["3"] > 50.0
    assert sum(found.values()) == pytest.approx(100.0)


@pytest.mark.parametrize("size", [3, 4, 7, 10, 11])
def test_one_ring(size):
    net = linked("B" * size, [(n, (n + 1) % size) for n in range(size)], {})
    assert ring_sizes.ring_sizes(net) == {str(size) if size <= 10 else "> 10": 100.0}


def test_a_chord_makes_two_smaller_rings():
    """Six in a ring, and a bridge from the first to the fourth: seven links of two four-rings."""
    net = linked("BBBBBB", [(n, (n + 1) % 6) for n in range(6)] + [(0, 3)], {})
    assert ring_sizes.ring_sizes(net) == {"4": 100.0}


def test_shared_edges_and_triclusters():
    assert ring_sizes.ring_sizes(linked("BB", [(0, 1), (0, 1)], {})) == {"2": 100.0}
    star = network.Network(
        Atoms("BBBO", np.zeros((4, 3)), cell=[9] * 3, pbc=True),
        np.array([0, 1, 2]), np.array([3, 3, 3]), np.zeros((3, 3), int),
    )  # fmt: skip
    assert ring_sizes.ring_sizes(star) == {"> 10": 100.0}


def linked(
    formers: str, bridges: list[tuple[int, int]], dangling: dict[int, int]
) -> network.Network:
    """A network without geometry: bridges between formers, and oxygens that end at one former."""
    bonds = [(i, o) for o, pair in enumerate(bridges) for i in pair]
    oxygens = len(bridges)
    for former, count in dangling.items():
        bonds += [(former, oxygens + n) for n in range(count)]
        oxygens += count
    symbols = [s for s in formers.replace("S", "Si").replace("Si", "S")]
    atoms = Atoms([{"S": "Si"}.get(s, s) for s in symbols] + ["O"] * oxygens)
    i, o = np.array(bonds).T
    return network.Network(atoms, i, o + len(symbols), np.zeros((len(i), 3), int))


def test_the_picture_of_a_large_glass_is_a_readable_part_of_it(tmp_path, monkeypatch):
    shown = []
    monkeypatch.setattr(figures.Figure, "savefig", lambda figure, _: shown.append(figure.axes[0]))
    figures.draw_structure(crystal("quartz", 60.0), {"Si": 2.0}, tmp_path / "structure.png")
    axes = shown[0]
    assert axes.get_xlim() == axes.get_ylim() == (0, figures.WIDEST)
    bonds = np.array(axes.collections[0].get_segments())
    length = np.linalg.norm(bonds[:, 0] - bonds[:, 1], axis=1)
    assert 50 < len(bonds) < 2000
    assert length.max() < 1.7  # of Si-O, seen from above


RING = [(0, 1), (1, 2), (2, 0)]


@pytest.mark.parametrize(
    ("fours", "name"), list(enumerate(["boroxol", "triborate", "di-triborate", "tri-triborate"]))
)
def test_one_ring_is_named_by_its_four_fold_boron(fours, name):
    net = linked("BBB", RING, {i: 2 if i < fours else 1 for i in range(3)})
    assert rings.describe(net)["superstructural units"] == {name: 1}


@pytest.mark.parametrize(("fours", "name"), [(0, "pentaborate"), (1, "di-pentaborate")])
def test_two_rings_on_one_four_fold_boron(fours, name):
    net = linked("BBBBB", [*RING, (0, 3), (3, 4), (4, 0)], {1: 2 if fours else 1, 2: 1, 3: 1, 4: 1})
    found = rings.describe(net)
    assert found["superstructural units"] == {name: 1}
    assert found["B in all-boron 3-rings %"] == 100.0


def test_silicon_makes_a_ring_mixed():
    found = rings.describe(linked("BBSB", RING, {0: 1, 1: 1, 2: 2}))
    assert found["B in all-boron 3-rings %"] == 0.0
    assert found["B in mixed 3-rings %"] == pytest.approx(200 / 3)


def test_a_tricluster_and_a_shared_edge_are_no_rings():
    atoms = Atoms("B3O")
    tricluster = network.Network(
        atoms, np.array([0, 1, 2]), np.array([3, 3, 3]), np.zeros((3, 3), int)
    )
    assert rings.three_rings(tricluster) == []
    assert network.describe(tricluster)["triclusters %"] == 100.0
    edge = linked("BB", [(0, 1), (0, 1)], {})
    assert rings.three_rings(edge) == []
    assert rings.edge_sharing(edge) == 1


def test_non_bridging_oxygen_by_former():
    found = network.describe(linked("BS", [(0, 1)], {0: 1, 1: 3}))
    assert found["non-bridging oxygen %"] == 80.0
    assert found["B non-bridging oxygen per atom"] == 1.0
    assert found["Si non-bridging oxygen per atom"] == 3.0
    assert found["Si Qn %"] == {"1": 100.0}
