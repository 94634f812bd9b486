"""Parameters of a potential that have no effect on any energy."""

import math

from ._core import Potential
from .parameters import pairs_of
from .radii import closest_approach


def unused_parameters(potential: Potential) -> list[str]:
    """One sentence for each parameter or group of parameters of the RF-MEAM part without effect."""
    if not potential.has_meam:
        return []
    return [
        *_densities(potential),
        *_pairs(potential),
        *_triples(potential),
        *_environments(potential),
    ]


def contributes(potential: Potential, level: int, center: str, neighbour: str) -> bool:
    """Whether p_l(neighbour) w_l(center, neighbour) is not zero."""
    p = potential.atomic(neighbour).p[level]
    return p != 0.0 and potential.pair(center, neighbour).w[level] != 0.0


def _has_embedding(potential: Potential, element: str) -> bool:
    a = potential.atomic(element)
    return (a.e0, a.e1, a.e2) != (0.0, 0.0, 0.0) and any(
        contributes(potential, 0, element, j) for j in potential.elements
    )


def _densities(potential: Potential) -> list[str]:
    found = []
    embedded = [i for i in potential.elements if _has_embedding(potential, i)]
    for i in potential.elements:
        a = potential.atomic(i)
        if i not in embedded:
            why = "e0, e1 and e2 are" if (a.e0, a.e1, a.e2) == (0, 0, 0) else "p0 w0 is"
            found.append(f"{i} has no embedding energy, and its n, sigma and t no effect: {why} 0")
            continue
        for level in (1, 2, 3):
            reached = any(contributes(potential, level, i, j) for j in potential.elements)
            if a.t[level - 1] != 0.0 and not reached:
                found.append(
                    f"t{level} of {i} has no effect: p{level} w{level} is 0 for all its neighbours"
                )
    for j in potential.elements:
        for level in (0, 1, 2, 3):
            if potential.atomic(j).p[level] == 0.0:
                continue
            used = any(
                contributes(potential, level, i, j)
                and (level == 0 or potential.atomic(i).t[level - 1] != 0.0)
                for i in embedded
            )
            if not used:
                zero = f"w{level}" if level == 0 else f"w{level} or t{level}"
                found.append(
                    f"p{level} and q{level} of {j} have no effect: {zero} is 0 for all atoms that "
                    f"{j} is a neighbour of"
                )
    return found


def _pairs(potential: Potential) -> list[str]:
    found = []
    for i, j in pairs_of(potential.elements):
        p, contact = potential.pair(i, j), closest_approach(i, j)
        if p.range < contact:
            found.append(
                f"pair {i}-{j} has no effect: it ends at {p.range:g} Å, "
                f"atoms come to {contact:.2f} Å"
            )
        elif p.form == "timonova-thijsse" and p.epsilon == 0.0:
            found.append(f"pair {i}-{j} has no pair energy: epsilon is 0")
        elif p.form == "double-exponential":
            if p.A[1] == 0.0:
                found.append(f"k2 of pair {i}-{j} has no effect: A2 is 0")
        elif p.form == "srinivasan-duff":
            for m, (knot, coefficient) in enumerate(zip(p.s, p.b, strict=True), 1):
                if coefficient == 0.0 and not (m == 3 and any(p.w)):
                    found.append(f"s{m} of pair {i}-{j} has no effect: b{m} is 0")
                elif knot < contact:
                    found.append(
                        f"b{m} of pair {i}-{j} has no effect: s{m} is {knot:g} Å, "
                        f"atoms come to {contact:.2f} Å"
                    )
    return found


def _environments(potential: Potential) -> list[str]:
    if not potential.has_environment:
        return []
    shifted = [i for i in potential.elements if potential.environment(i)[0] != 0.0]
    if not shifted:
        return ["the environment has no effect: X is 0 for all elements"]
    found = []
    for i in shifted:
        if not any(potential.environment_weight(i, j) for j in potential.elements):
            found.append(f"X of {i} has no effect: all environment_weight {i} El are 0")
    for j in potential.elements:
        if not any(potential.environment_weight(i, j) for i in shifted):
            found.append(
                f"kappa of {j} has no effect: it has no weight in the environment of "
                f"{' or '.join(shifted)}"
            )
    return found


def _triples(potential: Potential) -> list[str]:
    """k screens i-j only inside the ellipse C = Cmax.

    Farthest from both it is there at r_ik = r_jk = r_ij sqrt(1 + Cmax)/2.
    """
    found = []
    for i, j in pairs_of(potential.elements):
        for k in potential.elements:
            triple = potential.triple(k, i, j)
            if triple is None:
                continue
            farthest = potential.pair(i, j).range * math.sqrt(1.0 + triple.c_max) / 2.0
            contact = min(closest_approach(k, i), closest_approach(k, j))
            if farthest < contact:
                found.append(
                    f"triple {k} {i} {j} has no effect: to screen {i}-{j}, {k} would have to be "
                    f"within {farthest:.2f} Å of both, atoms come to {contact:.2f} Å"
                )
    return found
