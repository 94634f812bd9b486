"""Writes the parameter files of nap (pmd) from a potential: `rfmeam convert --to nap`."""

import math
from dataclasses import fields

from .errors import UserError
from .nap import COULOMB, RFMEAM
from .nap_coulomb import BOUND_STIFFNESS, K_E
from .nap_rfmeam import FORCED_RP, NO_WINDOW, NapVersion
from .parameters import Parameters

_TYPES = {"timonova-thijsse": "1", "srinivasan-duff": "2"}
_KERNELS = ("direct_cut", "screened_cut")
_FAR = 10.0  # e, of a bound that is none: nap asks for some
_KNOWN = {"elements", "atomic", "pair", "triple", "coulomb", "charge", "rho", "width", "wall"}


def nap_files(parameters: Parameters) -> tuple[dict[str, str], list[str]]:
    """The texts of in.params.RFMEAM and in.params.Coulomb by name, whichever has something to say,
    and what the user must know. Numbers are kept exactly. Raises UserError for what nap has not."""
    for entry in fields(parameters):
        if entry.name not in _KNOWN and getattr(parameters, entry.name):
            raise UserError(f"nap has no '{entry.name}'")
    files: dict[str, str] = {}
    notes: list[str] = []
    reach = 0.0
    if parameters.atomic:
        files[RFMEAM] = _rfmeam(parameters)
        reach = _reach(parameters)
        notes += _rp_notes(parameters)
    if parameters.coulomb:
        files[COULOMB] = _coulomb(parameters)
        cutoff = parameters.coulomb[1]
        if reach > cutoff:
            raise UserError(
                f"nap cuts off its Coulomb terms at the cutoff_radius of in.pmd, which RF-MEAM "
                f"needs at {reach:.6g} Å or more, and this potential at {cutoff:g} Å"
            )
        notes.append(f"in.pmd needs 'cutoff_radius {cutoff!r}'")
        notes.append(
            f"nap has k_e = {K_E} eV Å/e²: LAMMPS agrees with it at 'dielectric 0.99998538362'"
        )
    else:
        notes.append(f"in.pmd needs a cutoff_radius of {reach:.6g} or more")
    return files, notes


def _rfmeam(p: Parameters) -> str:
    lines = [_line("atomic", i, *numbers) for i, numbers in p.atomic.items()]
    for ij, (form, numbers) in p.pair.items():
        if form not in _TYPES:
            raise UserError(f"nap has no pair form '{form}', allowed are {', '.join(_TYPES)}")
        lines.append(_line("pair", *ij, _TYPES[form], *numbers))
    for i, j in p.pairs():
        for k in p.elements:
            # without a line, nap would cut the densities: see nap.py
            lines.append(_line("triple", k, i, j, *p.triple.get((k, i, j), NO_WINDOW)))
    return "\n".join([*lines, ""])


def _coulomb(p: Parameters) -> str:
    assert p.coulomb
    kernel = p.coulomb[0]
    if kernel not in _KERNELS:
        raise UserError(f"nap has no Coulomb kernel '{kernel}', allowed are {', '.join(_KERNELS)}")
    for (i, side), (stiffness, _) in p.wall.items():
        if stiffness != BOUND_STIFFNESS:
            raise UserError(
                f"nap has no wall with K = {stiffness:g} ({i} {side}), allowed is "
                f"{BOUND_STIFFNESS:g}, which stands for its bounds of the charges"
            )
    lines = ["charges variable"]
    for i, numbers in p.charge.items():
        _, bottom = p.wall.get((i, "lower"), (0.0, -_FAR))
        _, top = p.wall.get((i, "upper"), (0.0, _FAR))
        lines.append(_line(i, *numbers, bottom, top))
    lines += ["", f"terms {kernel}"]
    if not p.wall:
        lines.append("bound_k2 0.0")  # charges are unbounded
    for (i, j), rho in p.rho.items():
        names = ("rhoii_screened_cut", i) if i == j else ("rhoij_screened_cut", i, j)
        lines.append(_line(*names, rho))
    return "\n".join([*lines, ""])


def _reach(p: Parameters) -> float:
    """How far nap looks for atoms that screen, Å: rc Cmax/(2 sqrt(Cmax - 1)), at least rc."""
    reach = 0.0
    for (i, j), (form, numbers) in p.pair.items():
        cutoff = numbers[0] if form == "timonova-thijsse" else max(numbers[:3])
        for k in p.elements:
            _, high = p.triple.get((k, i, j), NO_WINDOW)
            reach = max(reach, cutoff, cutoff * high / (2.0 * math.sqrt(high - 1.0)))
    return reach


def _rp_notes(p: Parameters) -> list[str]:
    forced = FORCED_RP[NapVersion.may_2026]
    others = [
        " ".join(ij)
        for ij, (form, numbers) in p.pair.items()
        if form == "timonova-thijsse" and numbers[2] != forced
    ]
    if not others:
        return []
    return [
        f"r_p of {', '.join(others)} is not {forced:g}: nap from 9 May 2026 on (commit f5ac40a) "
        f"computes with {forced:g} all the same; use a release up to rev260402"
    ]


def _line(*words: str | float) -> str:
    return " ".join(word if isinstance(word, str) else repr(float(word)) for word in words)
