"""A potential as tables for the terminal."""

import math
from collections.abc import Iterable
from itertools import product

from rich import box
from rich.table import Table

from ._core import K_E, Potential
from .parameters import pairs_of


def parameter_tables(potential: Potential) -> list[Table]:
    """All parameters of a potential, its cutoffs last."""
    tables = []
    if potential.has_meam:
        tables += [_embedding(potential), _densities(potential), *_pairs(potential)]
        tables += [_weights(potential)]
        if _screens(potential):
            tables += [_triples(potential)]
    if potential.has_charges:
        tables += [_charges(potential)]
        if potential.has_walls:
            tables += [_walls(potential)]
        if potential.has_environment:
            tables += [_environments(potential)]
        if any(potential.fade(i) for i in potential.elements):
            tables += [_fade(potential)]
        if potential.coulomb_form == "screened_cut":
            tables += [_screening_lengths(potential)]
    return [*tables, _cutoffs(potential)]


def table(
    title: str, columns: Iterable[str], rows: Iterable[Iterable[object]], caption: str = ""
) -> Table:
    """The first column holds names, the others numbers; the caption is what they mean."""
    result = Table(
        caption=caption or None,
        caption_justify="left",
        caption_style="dim",
        title=title,
        box=box.SIMPLE_HEAD,
        title_justify="left",
        title_style="bold",
        min_width=len(title),
        show_edge=False,
        pad_edge=False,
    )
    for m, column in enumerate(columns):
        result.add_column(
            column, justify="right" if m else "left", style="" if m else "cyan", no_wrap=m == 0
        )
    for row in rows:
        result.add_row(*(f"{x:g}" if isinstance(x, float) else str(x) for x in row))
    return result


def _embedding(potential: Potential) -> Table:
    rows = (
        (i, a.n, a.e0, a.e1, a.e2, a.sigma)
        for i in potential.elements
        for a in [potential.atomic(i)]
    )
    return table("Embedding energy", ("element", "n", "e0 (eV)", "e1 (eV)", "e2 (eV)", "σ"), rows)


def _densities(potential: Potential) -> Table:
    rows = []
    for i in potential.elements:
        a = potential.atomic(i)
        for level in range(4):
            t = a.t[level - 1] if level else "–"
            rows.append((i if level == 0 else "", str(level), a.p[level], a.q[level], t))
    return table("Partial densities", ("element", "l", "p", "q (1/Å)", "t"), rows)


def _pairs(potential: Potential) -> list[Table]:
    timonova, srinivasan, exponential = [], [], []
    for i, j in pairs_of(potential.elements):
        p = potential.pair(i, j)
        if p.form == "timonova-thijsse":
            timonova.append((f"{i}-{j}", p.rp, p.alpha, p.epsilon, p.c2, p.c3))
        elif p.form == "srinivasan-duff":
            srinivasan.append((f"{i}-{j}", *(x for sb in zip(p.s, p.b, strict=True) for x in sb)))
        else:
            exponential.append(
                (f"{i}-{j}", p.r0, *(x for ak in zip(p.A, p.k, strict=True) for x in ak))
            )
    columns = ("pair", "r_p (Å)", "α", "ε (eV)", "c2", "c3")
    knots = ("pair", "s1 (Å)", "b1 (eV/Å³)", "s2", "b2", "s3", "b3")
    terms = ("pair", "r_0 (Å)", "A1 (eV)", "k1 (1/Å)", "A2 (eV)", "k2 (1/Å)")
    tables = []
    if timonova:
        tables.append(table("Pair energy, timonova-thijsse", columns, timonova))
    if srinivasan:
        tables.append(table("Pair energy, srinivasan-duff", knots, srinivasan))
    if exponential:
        tables.append(table("Pair energy, double-exponential", terms, exponential))
    return tables


def _weights(potential: Potential) -> Table:
    rows = []
    for i, j in pairs_of(potential.elements):
        p = potential.pair(i, j)
        rows.append((f"{i}-{j}", p.rs, p.rc, *p.w))
    columns = ("pair", "f_c from (Å)", "to", "w0", "w1", "w2", "w3")
    return table("Density cutoff and weights", columns, rows)


def _screens(potential: Potential) -> bool:
    """Whether any atom weakens the bond of two others."""
    of_pairs = product(pairs_of(potential.elements), potential.elements)
    return any(potential.triple(k, i, j) for (i, j), k in of_pairs)


def _triples(potential: Potential) -> Table:
    def window(k: str, i: str, j: str) -> str:
        t = potential.triple(k, i, j)
        return f"{t.c_min:g} … {t.c_max:g}" if t else "does not"

    rows = (
        (f"{i}-{j}", *(window(k, i, j) for k in potential.elements))
        for i, j in pairs_of(potential.elements)
    )
    columns = ("pair", *(f"screened by {k}" for k in potential.elements))
    return table("Screening, C_min … C_max", columns, rows)


def _charges(potential: Potential) -> Table:
    columns = ["element", "χ (eV/e)", "J (eV/e²)", "E0 (eV)"]
    form = potential.coulomb_form
    gaussian = potential.width(potential.elements[0]) is not None
    if gaussian:
        columns += ["width (Å)", "J with self term"]
    elif form == "slater":
        columns += ["ζ (1/Å)", "Z (e)", "J with self term"]
    elif form == "shielded":
        columns += ["γ (1/Å)"]
    rows = []
    for i in potential.elements:
        c = potential.charge(i)
        row = [i, c.chi, c.J, c.E0]
        if gaussian:
            row += [potential.width(i), potential.hardness(i, K_E)]
        elif form == "slater":
            row += [*potential.slater(i), potential.hardness(i, K_E)]
        elif form == "shielded":
            row += [potential.shielding(i)]
        rows.append(row)
    screening = potential.gaussian_screening_length
    kernel = form + (f", λ = {screening:g} Å" if screening else "")
    if potential.damping is not None:
        kernel += f", α = {potential.damping:g}/Å"
    return table(f"Charges, {kernel}", columns, rows)


def _walls(potential: Potential) -> Table:
    rows = []
    for i in potential.elements:
        row = [i]
        for side in ("lower", "upper"):
            wall = potential.wall(i, side)
            row += [wall.q_s, wall.K] if wall else ["–", "–"]
        rows.append(row)
    columns = ("element", "lower q_s (e)", "K (eV/e²)", "upper q_s (e)", "K (eV/e²)")
    return table("Walls of the charges", columns, rows)


def _fade(potential: Potential) -> Table:
    rows = [(i, c, 1.0 / math.sqrt(c)) for i in potential.elements if (c := potential.fade(i))]
    return table("Embedding energies fade", ("element", "c (1/e²)", "gone at q (e)"), rows)


def _environments(potential: Potential) -> Table:
    rows = []
    for i in potential.elements:
        weights = (potential.environment_weight(i, j) for j in potential.elements)
        rows.append((i, *potential.environment(i), potential.environment_charge(i), *weights))
    weights = (f"s of {j}" for j in potential.elements)
    columns = ("element", "X (eV/e)", "κ (1/Å)", "q₀ (e)", *weights)
    return table("Environments of the charges", columns, rows)


def _screening_lengths(potential: Potential) -> Table:
    rows = ((f"{i}-{j}", potential.rho(i, j)) for i, j in pairs_of(potential.elements))
    return table("Coulomb screening length", ("pair", "ρ (Å)"), rows)


def _cutoffs(potential: Potential) -> Table:
    rows = []
    if potential.has_meam:
        rows.append(("RF-MEAM pairs", potential.pair_cutoff))
        if _screens(potential):
            rows.append(("with atoms that screen them", round(potential.neighbourhood_cutoff, 3)))
        else:
            rows.append(("no atom screens a pair", "–"))
    if potential.has_charges:
        rows.append(("Coulomb", potential.coulomb_cutoff))
    return table("Cutoffs", ("", "Å"), rows)
