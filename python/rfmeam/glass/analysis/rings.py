"""Three-membered rings of formers and oxygens, and the superstructural units of borates.

No library finds these: amorphouspy counts rings by size only, without their members, and takes
three formers around
one oxygen (a tricluster) for a ring.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import combinations

import networkx

from .network import Network

_Cell = tuple[int, int, int]
_Site = tuple[int, _Cell]  # an atom and its image

_ONE_RING = {0: "boroxol", 1: "triborate", 2: "di-triborate", 3: "tri-triborate"}
_SPIRO = {1: "pentaborate", 2: "di-pentaborate"}


@dataclass(frozen=True)
class Ring:
    """Three formers bridged by three different oxygens."""

    formers: tuple[int, int, int]
    oxygens: tuple[int, int, int]


def three_rings(network: Network) -> list[Ring]:
    """All three-membered rings, each once. Cells may be smaller than a ring: images are told
    apart."""
    links = _links(network)
    found: dict[tuple, Ring] = {}
    for start in links:
        first: _Site = (start, (0, 0, 0))
        for second, oxygen_1 in _neighbours(links, first):
            for third, oxygen_2 in _neighbours(links, second):
                for last, oxygen_3 in _neighbours(links, third):
                    sites, oxygens = {first, second, third}, {oxygen_1, oxygen_2, oxygen_3}
                    if last == first and len(sites) == 3 and len(oxygens) == 3:
                        ring = Ring(
                            tuple(i for i, _ in sorted(sites)), tuple(i for i, _ in sorted(oxygens))
                        )
                        found.setdefault(
                            _up_to_translation(sites | {(~i, c) for i, c in oxygens}), ring
                        )
    return list(found.values())


def _links(network: Network) -> dict[int, list[tuple[int, _Cell, int, _Cell]]]:
    """For each former: (other former, its cell, the oxygen between, its cell), seen from cell (0,
    0, 0)."""
    bonds = defaultdict(list)
    for former, oxygen, shift in zip(network.formers, network.oxygens, network.shifts, strict=True):
        bonds[int(oxygen)].append((int(former), tuple(map(int, shift))))
    links = defaultdict(list)
    for oxygen, ends in bonds.items():
        for (i, to_i), (j, to_j) in combinations(ends, 2):
            links[i].append((j, _minus(to_i, to_j), oxygen, to_i))
            links[j].append((i, _minus(to_j, to_i), oxygen, to_j))
    return links


def _neighbours(links, site: _Site):
    index, cell = site
    for other, offset, oxygen, oxygen_offset in links[index]:
        yield (other, _plus(cell, offset)), (oxygen, _plus(cell, oxygen_offset))


def _up_to_translation(sites: set[_Site]) -> tuple:
    """The same for a ring and its images."""
    return min(tuple(sorted((i, _minus(cell, origin)) for i, cell in sites)) for _, origin in sites)


def _plus(a: _Cell, b: _Cell) -> _Cell:
    return a[0] + b[0], a[1] + b[1], a[2] + b[2]


def _minus(a: _Cell, b: _Cell) -> _Cell:
    return a[0] - b[0], a[1] - b[1], a[2] - b[2]


def describe(network: Network) -> dict[str, float | int | dict[str, int]]:
    """% of boron in three-membered rings: all of boron, with other formers, any; and the units of
    all-boron rings."""
    boron = set(network.of("B").tolist())
    if not boron:
        return {}
    rings = three_rings(network)
    pure = [ring for ring in rings if boron.issuperset(ring.formers)]
    mixed = [ring for ring in rings if 0 < sum(i in boron for i in ring.formers) < 3]

    def share(some: list[Ring]) -> float:
        return 100.0 * len({i for ring in some for i in ring.formers} & boron) / len(boron)

    return {
        "B in all-boron 3-rings %": share(pure),
        "B in mixed 3-rings %": share(mixed),
        "B in 3-rings %": share(pure + mixed),
        "all-boron 3-rings": len(pure),
        "mixed 3-rings": len(mixed),
        "superstructural units": dict(Counter(superstructural_units(network, pure))),
        "edge-sharing polyhedra": edge_sharing(network),
    }


def superstructural_units(network: Network, rings: list[Ring]) -> list[str]:
    """Names of the units that all-boron rings form, one for each group of rings that share boron
    atoms.

    One ring, by its four-fold boron: boroxol 0, triborate 1, di-triborate 2, tri-triborate 3. Two
    rings that share one
    four-fold boron (spiro): pentaborate 1, di-pentaborate 2. Two rings that share two four-fold
    borons: diborate.
    Anything else: "other of N rings". The cell must be larger than the units.
    """
    four_fold = network.coordination >= 4
    graph = networkx.Graph()  # of rings, numbered ~0, ~1 …, and their atoms
    graph.add_edges_from((~n, i) for n, ring in enumerate(rings) for i in ring.formers)
    names = []
    for group in networkx.connected_components(graph):
        members = [set(rings[~n].formers) for n in group if n < 0]
        atoms = set().union(*members)
        fours = sum(bool(four_fold[i]) for i in atoms)
        name = f"other of {len(members)} rings"
        if len(members) == 1:
            name = _ONE_RING[fours]
        elif len(members) == 2:
            shared = members[0] & members[1]
            if all(four_fold[i] for i in shared):
                if len(shared) == 1:
                    name = _SPIRO.get(fours, name)
                elif len(shared) == 2 and fours == 2:
                    name = "diborate"
        names.append(name)
    return names


def edge_sharing(network: Network) -> int:
    """Pairs of formers with two oxygens in common."""
    links = _links(network)
    pairs = Counter((i, j, cell) for i, ends in links.items() for j, cell, _, _ in ends)
    return sum(count > 1 for count in pairs.values()) // 2
