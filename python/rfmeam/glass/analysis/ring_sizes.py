"""Rings of any size: for each link of two formers by an oxygen, the shortest ring that it is in.

The criterion of Guttman, J. Non-Cryst. Solids 116, 145 (1990). The size is the number of formers.
Each oxygen is passed once, so that three formers around one oxygen (a tricluster) are no ring.
"""

from collections import Counter, defaultdict

from .network import Network

LARGEST = 10  # formers; larger ones are counted together
_Cell = tuple[int, int, int]
_Site = tuple[int, _Cell]  # an atom and its image


def ring_sizes(network: Network) -> dict[str, float]:
    """% of the links by the size of their shortest ring: "2" (shared edges), "3" …, "> 10" (none
    up to that size)."""
    bonds = _bonds(network)
    found: Counter[int] = Counter()
    for oxygen in set(network.oxygens.tolist()):
        ends = bonds[oxygen]
        for n, (first, to_first) in enumerate(ends):
            for second, to_second in ends[:n]:
                link = (oxygen, (0, 0, 0)), (first, to_first), (second, to_second)
                found[_shortest(bonds, *link)] += 1
    total = sum(found.values())
    names = {size: str(size) if size else f"> {LARGEST}" for size in found}
    order = sorted(found, key=lambda size: size or LARGEST + 1)
    return {names[size]: 100.0 * found[size] / total for size in order}


def _bonds(network: Network) -> dict[int, list[tuple[int, _Cell]]]:
    """For each atom: the atoms it is bonded to and their cells, seen from cell (0, 0, 0)."""
    bonds = defaultdict(list)
    for former, oxygen, shift in zip(network.formers, network.oxygens, network.shifts, strict=True):
        x, y, z = map(int, shift)
        bonds[int(former)].append((int(oxygen), (x, y, z)))
        bonds[int(oxygen)].append((int(former), (-x, -y, -z)))
    return bonds


def _shortest(bonds, through: _Site, start: _Site, end: _Site) -> int:
    """Formers in the shortest ring with the link start - through - end; 0: none up to LARGEST.

    Grows the neighbourhoods of both ends in turn, by a former at a time, until they meet.
    """
    if start == end:
        return 0
    near, far = {start}, {end}  # what was reached last
    seen_near, seen_far = {through, start}, {through, end}
    size = 2
    while near and far and size <= LARGEST:
        if len(near) > len(far):
            near, far, seen_near, seen_far = far, near, seen_far, seen_near
        oxygens = {site for each in near for site in _neighbours(bonds, each)} - seen_near
        grown = {site for each in oxygens for site in _neighbours(bonds, each)} - seen_near
        if grown & far:
            return size
        seen_near |= oxygens | grown
        near = grown
        size += 1
    return 0


def _neighbours(bonds, site: _Site):
    atom, (x, y, z) = site
    for other, (dx, dy, dz) in bonds[atom]:
        yield other, (x + dx, y + dy, z + dz)
