"""Comparisons with LAMMPS' own styles: the same atoms, cutoff and tolerance."""

from group import Goal, Group
from measure import LIF, Case, Samples

VC, XL, QEQ = "qeq/vc, LiF, 10 Å", "qeq/vc solver xl, LiF, 10 Å", "qeq/shielded, LiF, 10 Å"
SHIELDED, REAXFF = "qeq/vc shielded, LiF, 10 Å", "qeq/reaxff, LiF, 10 Å"
ALUMINA, STREITZ = "slater + qeq/vc + eam/alloy, Al₂O₃", "coul/streitz + qeq/slater + eam/alloy, Al₂O₃"
HNS, SALT = "reaxff + qeq/reaxff, HNS", "RF-MEAM + qeq/vc, LiF beside it"


def groups(quick: bool) -> list[Group]:
    size = {"cells": 5, "steps": 5} if quick else {}
    return [meam(size), shielded(size), reaxff_kernel(size), alumina(quick), reaxff(quick)]


def modify(samples: Samples, name: str) -> float:
    """Microseconds an atom and step that the charge fix takes."""
    return samples.microseconds(name, "Modify")


def meam(size: dict) -> Group:
    ours, theirs = "RF-MEAM, Ni", "meam, Ni"
    return Group(
        "meam",
        [
            Case(ours, "in.meam", {"style": "rfmeam", **size}),
            Case(theirs, "in.meam", {"style": "meam", **size}),
        ],
        lambda s: [
            "`rfmeam_over_meam`: the same Ni atoms, cutoff (4.0 Å), skin (2.0 Å) and screening window. Ratios are "
            "taken run by run."
        ],
        lambda s: [Goal("rfmeam_over_meam", s.ratio(ours, theirs), 3.0)],
        ("pair meam",),
    )


def shielded(size: dict) -> Group:
    return Group(
        "shielded",
        [
            Case(VC, "in.qeq", {"fix": "vc", **size}),
            Case(XL, "in.qeq", {"fix": "vc", "solver": "xl", **size}),
            Case(QEQ, "in.qeq", {"fix": "shielded", **size}),
        ],
        lambda s: [
            "`qeq_vc_over_qeq_shielded`: the same LiF atoms, cutoff 10 Å, tolerance 1e-6 in both, the same "
            f"Lennard-Jones repulsion beside; rates of the whole loop. The fix alone (Modify): "
            f"{modify(s, QEQ) / modify(s, VC):.1f} times.",
            "`xl_over_qeq_shielded`: the same with shadow dynamics of the charges, `solver xl`, after its first full "
            f"solves; the fix alone: {modify(s, QEQ) / modify(s, XL):.1f} times.",
        ],
        lambda s: [
            Goal("qeq_vc_over_qeq_shielded", s.ratio(VC, QEQ), 12.0),
            Goal("xl_over_qeq_shielded", s.ratio(XL, QEQ), 20.0),
        ],
        ("fix qeq/shielded",),
    )


def reaxff_kernel(size: dict) -> Group:
    return Group(
        "reaxff-kernel",
        [
            Case(SHIELDED, "in.qeq", {"fix": "vc", "kernel": "LiF_kernel", **size}),
            Case(REAXFF, "in.qeq", {"fix": "reaxff", **size}),
        ],
        lambda s: [
            "`qeq_vc_over_qeq_reaxff`: the fix alone (Modify), on the same atoms with the kernel of `fix qeq/reaxff`, "
            f"its cutoff of 10 Å, and 1e-6 in both. Whole steps: {s.ratio(SHIELDED, REAXFF):.1f} times."
        ],
        lambda s: [Goal("qeq_vc_over_qeq_reaxff", modify(s, REAXFF) / modify(s, SHIELDED), 5.0)],
        ("fix qeq/reaxff",),
    )


def alumina(quick: bool) -> Group:
    return Group(
        "alumina",
        [
            Case(ALUMINA, "in.alumina", {"fix": "vc", "steps": 2 if quick else 20}),
            Case(STREITZ, "in.alumina", {"fix": "slater", "steps": 2 if quick else 10}),
        ],
        lambda s: [
            "`alumina_over_streitz`: whole steps of LAMMPS' example `streitz` (cutoff 12 Å, Wolf's sum), `eam/alloy` "
            "in both, 1e-6 in both."
        ],
        lambda s: [Goal("alumina_over_streitz", s.ratio(ALUMINA, STREITZ), 8.0)],
        ("pair eam/alloy", "pair coul/streitz", "fix qeq/slater"),
    )


def reaxff(quick: bool) -> Group:
    """What users of ReaxFF would compare: not the same atoms, so no goal."""
    return Group(
        "reaxff",
        [
            Case(HNS, "in.reaxff", {"copies": 1 if quick else 2, "steps": 2 if quick else 20}),
            Case(SALT, "in.lif", {"potential": LIF, "cells": 5 if quick else 7, "steps": 5 if quick else 60}),
        ],
        lambda s: [
            "ReaxFF itself, LAMMPS' package and its example HNS, charges to 1e-6 at every step, as users would compare "
            f"time an atom and step: RF-MEAM with charges takes {1 / s.ratio(SALT, HNS):.2f} of it. Other atoms and "
            "another density, so it is no goal."
        ],
        styles=("pair reaxff", "fix qeq/reaxff"),
    )
