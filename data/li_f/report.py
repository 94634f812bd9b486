"""Makes data/li_f/RESULTS.md and the pictures in doc/reference-data from what is computed so far.

python data/li_f/report.py        # in ./dev shell
"""

from __future__ import annotations

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from ase import Atoms
from rfmeam.properties import GPA, JOULE_PER_M2
from rfmeam.reference import results
from rfmeam.reference.structure_list import read_list
from rfmeam.style import ELEMENT_COLORS, STYLE
from scipy.interpolate import CubicSpline

HERE = Path(__file__).resolve().parent
LIST = read_list(HERE / "structures.yaml")
PICTURES = HERE.parents[1] / "doc" / "reference-data"
NOT_YET = "not computed yet"
METAL = "#E69F00"  # lithium of the metal, in pictures
# (experiment, PBE elsewhere); sources: the list at the end of RESULTS.md
PUBLISHED = {
    "Li BCC": (
        "a 3.443, B 13.1 without zero-point motion [2]",
        "a 3.432, B 13.8 (all-electron) [2]; a 3.438, B 13.7 [9]",
    ),
    "LiF rocksalt": (
        "a 4.03 at 300 K [1], 3.96 without zero-point motion [13]; B 67 at 300 K [1]",
        "a 4.064, B 71.7 (all-electron) [10]",
    ),
    "Li C11": ("14.8 at 78 K [1, 4]", ""),
    "Li C12": ("12.5 at 78 K [1, 4]", ""),
    "Li C11 - C12, of its own": ("2.3 at 78 K [1, 4]", ""),
    "Li C44": ("10.8 at 78 K [1, 4]", ""),
    "LiF C11": ("112 at 300 K [3]", ""),
    "LiF C12": ("46 at 300 K [3]", ""),
    "LiF C44": ("63.5 at 300 K [3]", ""),
    "Li cohesive energy": ("1.63 [1]", ""),
    "LiF crystal, energy of atomisation": ("8.87 at 298 K [5]", ""),
    "LiF formation energy from Li and F2": ("-6.39 at 298 K [5]", ""),
    "Li(001) surface energy": ("0.52, mean of faces [6]", "0.46, relaxed [7]"),
    "Li(110) surface energy": ("0.52, mean of faces [6]", "0.50, relaxed [7]"),
    "LiF(001) surface energy": ("0.34, relaxed [8]", ""),
    "Li2 distance": ("2.673 [11]", "2.728 [11]"),
    "LiF distance": ("1.564 [11]", "1.575 to 1.583 [11]"),
    "F2 distance": ("1.412 [11]", "1.413 to 1.414 [11]"),
    "Li2 atomisation energy": ("1.06 [12]", "0.86 [12]"),
    "LiF atomisation energy": ("6.02 [12]", "6.01 [12]"),
    "F2 atomisation energy": ("1.67 [12]", "2.32 [12]"),
}
SOURCES = """[1] Kittel, Introduction to Solid State Physics, 8th ed.
[2] WIEN2k in Lejaeghere et al., Science 351, aad3000 (2016), as `ase.collections.dcdft` has it.
[3] Briscoe & Squire, Phys. Rev. 106, 1175 (1957). [4] Nash & Smith, J. Phys. Chem. Solids 9, 113 (1959).
[5] Chase, NIST-JANAF Thermochemical Tables, 4th ed. (1998), enthalpy. [6] Tyson & Miller, Surf. Sci. 62, 267 (1977).
[7] Tran et al., Sci. Data 3, 160080 (2016). [8] Gilman, J. Appl. Phys. 31, 2208 (1960).
[9] Paier et al., J. Chem. Phys. 124, 154709 (2006), and [10] Madsen (private communication), both in the bulk tests of
GPAW's documentation; there GPAW itself, with lithium's 1s frozen, has LiF at a 4.097, B 68.4.
[11] Paier et al., J. Chem. Phys. 122, 234102 (2005); [12] Kurth, Perdew & Blaha, Int. J. Quantum Chem. 75, 889 (1999),
at experimental distances; both as `gpaw.data.g2_1_ref` has them, without zero-point motion.
[13] Haas, Tran & Blaha, Phys. Rev. B 79, 085104 (2009).
[2], [9] to [12] were read from the packages named; the others are quoted from memory: look them up before citing them.
Empty cells: no value that could be vouched for."""
CRYSTALS = {
    "li-bcc-volume": "Li BCC",
    "li-fcc-volume": "Li FCC",
    "li-hcp-volume": "Li HCP",
    "lif-volume": "LiF rocksalt",
    "lif-cscl-volume": "LiF as CsCl",
    "lif-zincblende-volume": "LiF as zincblende",
}


def frames(family: str) -> list[Atoms]:
    """What is computed of a family, in the order of the labels."""
    return LIST.results(LIST.family(family))


def per_unit(atoms: Atoms) -> int:
    """Li atoms of lithium, pairs of LiF: what energies are divided by."""
    return int((atoms.symbols == "F").sum()) or len(atoms)


def equation_of_state(family: str, free: bool = False) -> tuple[float, float, float] | None:
    """Volume (Å^3) and energy (eV) of a unit in equilibrium and bulk modulus (GPa).

    free: by the free energy, of which forces and stress are derivatives, with smearing.
    """
    stored = frames(family)
    points = [(a.get_volume(), a.get_potential_energy(force_consistent=free)) for a in stored]
    return results.equation_of_state(*np.transpose(points) / per_unit(stored[0])) if points else None


def elastic(family: str) -> dict[str, float]:
    """C11, C12, C44 and, once more, C11 - C12 (GPa): slopes of the stress at no strain, by the polynomial through all
    strains of a mode (see step_strain).
    """
    modes: dict[str, list[tuple[float, np.ndarray]]] = {"uniaxial": [], "orthorhombic": [], "shear": []}
    for atoms in frames(family):
        (x, xy, _), (_, y, _), (_, _, z) = atoms.cell.array
        if abs(xy / x) > 1e-6:
            mode, strain = "shear", xy / x
        elif abs(z / y - 1) < 1e-6:
            mode, strain = "uniaxial", x / y - 1
        else:
            mode, strain = "orthorhombic", (x - y) / (x + y)
        modes[mode].append((strain, atoms.get_stress() * GPA))
    slopes = {}
    for mode, points in modes.items():
        if len(points) > 1:
            strains, stresses = (np.array(values) for values in zip(*points, strict=True))
            slopes[mode] = np.polyfit(strains, stresses, len(points) - 1)[-2]
    result = {}
    if "uniaxial" in slopes:
        xx, yy, zz = slopes["uniaxial"][:3]
        result |= {"C11": xx, "C12": (yy + zz) / 2}
    if "orthorhombic" in slopes:
        result["C11 - C12, of its own"] = (slopes["orthorhombic"][0] - slopes["orthorhombic"][1]) / 2
    if "shear" in slopes:
        result["C44"] = slopes["shear"][5] / 2
    return result


def surface_energy(family: str, energy: float) -> float | None:
    """J/m^2 of the first frame, which is not relaxed, against bulk energy (eV per unit)."""
    stored = frames(family)
    if not stored:
        return None
    atoms = stored[0]
    area = np.linalg.norm(np.cross(*atoms.cell.array[:2]))
    return (atoms.get_potential_energy() - per_unit(atoms) * energy) / (2 * area) * JOULE_PER_M2


def missing_energy(family: str, whole: str) -> float | None:
    """eV of what the first frame lacks, against the same cell without vacancies, with the same k-points."""
    lacking, complete = frames(family), frames(whole)
    if not lacking or not complete:
        return None
    share = len(lacking[0]) / len(complete[0])
    return lacking[0].get_potential_energy() - share * complete[0].get_potential_energy()


def layers(atoms: Atoms) -> list[tuple[str, np.ndarray]]:
    """Layers from below, each element of them apart: its name and the numbers of the atoms, by height.

    A layer ends where 1 Å above it there is nothing: the metal's first at LiF is rumpled by 0.8 Å.
    """
    result = []
    order = np.argsort(atoms.positions[:, 2])
    groups = np.split(order, np.flatnonzero(np.diff(atoms.positions[order, 2]) > 1.0) + 1)
    for group in groups:
        for symbol in ("Li", "F"):
            chosen = group[atoms.symbols[group] == symbol]
            if len(chosen):
                result.append((symbol + ("" if (atoms.symbols[group] == "F").any() else " metal"), chosen))
    return result


def metal_spacings(atoms: Atoms) -> np.ndarray:
    """Distances (Å) of neighbouring metal layers, from one interface to the other."""
    return np.diff(metal_heights(atoms))


def metal_heights(atoms: Atoms) -> list[float]:
    """Mean z (Å) of the metal's layers."""
    return [atoms.positions[those, 2].mean() for name, those in layers(atoms) if name == "Li metal"]


def span(values: np.ndarray, digits: int) -> str:
    """The mean, and lowest and highest where the atoms of a layer differ by 0.02 (Å, e) or more."""
    text = f"{values.mean():+.{digits}f}"
    return text if np.ptp(values) < 0.02 else f"{text} ({values.min():+.{digits}f} to {values.max():+.{digits}f})"


def strained_bulk(relaxed: str) -> list[Atoms]:
    """Bulk lithium, strained in the plane as in this family of a relaxed interface, over the spacing of layers."""
    return frames(relaxed.replace("-relaxed", "-bulk"))


def bulk_spacing(relaxed: str) -> float | None:
    """Spacing (Å) of bulk lithium, strained in the plane as in this family of a relaxed interface.

    Of lowest free energy: the interface is relaxed by forces, which are its derivatives.
    """
    stored = strained_bulk(relaxed)
    if len(stored) < 4:
        return None
    points = np.array([(a.cell[2, 2] / 2, a.get_potential_energy(force_consistent=True)) for a in stored])
    return spacing_of_lowest(points)


def spacing_of_lowest(points: np.ndarray, beyond: float = 0.0, tried: int = 1001) -> float:
    """Spacing (Å) of lowest energy, by a cubic through points (n, 2) of rising spacing (Å) and energy (eV); at most
    that far (Å) beyond them."""
    cubic = np.poly1d(np.polyfit(*points.T, 3))
    spacings = np.linspace(points[0, 0] - beyond, points[-1, 0] + beyond, tried)
    return float(spacings[cubic(spacings).argmin()])


def number(value: float | None, digits: int = 3) -> str:
    return NOT_YET if value is None else f"{value:.{digits}f}"


def published(name: str) -> str:
    """The last two cells of a row."""
    return "| {} | {} |".format(*PUBLISHED.get(name, ("", "")))


def row(name: str, unit: str, value: str) -> str:
    return f"| {name} ({unit}) | {value} {published(name)}"


def crystal_rows() -> list[str]:
    rows = [
        "| crystal | a (Å) | V (Å³) | B (GPa) | E - E(BCC, rocksalt) (meV) | experiment | PBE elsewhere |",
        "|---|---|---|---|---|---|---|",
    ]
    fits = {family: equation_of_state(family) for family in CRYSTALS}
    for family, name in CRYSTALS.items():
        fit = fits[family]
        if fit is None:
            rows.append(f"| {name} | {NOT_YET} | | | {published(name)}")
            continue
        ground = fits["li-bcc-volume" if family.startswith("li-") else "lif-volume"]
        cells = {"BCC": 2, "FCC": 4, "HCP": 0, "rocksalt": 4, "CsCl": 1, "zincblende": 4}[name.split()[-1]]
        edge = f"{(cells * fit[0]) ** (1 / 3):.3f}" if cells else ""
        difference = f"{1000 * (fit[1] - ground[1]):.1f}" if ground else ""
        rows.append(f"| {name} | {edge} | {fit[0]:.3f} | {fit[2]:.1f} | {difference} {published(name)}")
    return rows


def property_rows() -> list[str]:
    rows = ["| property | here | experiment | PBE elsewhere |", "|---|---|---|---|"]
    for family, name in (("li-bcc-strained", "Li"), ("lif-strained", "LiF")):
        found = elastic(family)
        rows += [row(f"{name} {c}", "GPa", number(value, 1)) for c, value in found.items()]
    li, lif = equation_of_state("li-bcc-volume"), equation_of_state("lif-volume")
    smeared = equation_of_state("li-bcc-volume", free=True)
    if smeared:
        rows.append(row("Li BCC a by the free energy, which a fit sees", "Å", number((2 * smeared[0]) ** (1 / 3))))
    atom_li, atom_f = frames("atom-li"), frames("atom-f")
    if li and atom_li:
        rows.append(row("Li cohesive energy", "eV/atom", number(atom_li[0].get_potential_energy() - li[1])))
    if lif and atom_li and atom_f:
        free = atom_li[0].get_potential_energy() + atom_f[0].get_potential_energy()
        rows.append(row("LiF crystal, energy of atomisation", "eV/pair", number(free - lif[1])))
    molecules = frames("f2-distance")
    if li and lif and len(molecules) >= 5:
        f2 = min(a.get_potential_energy() for a in molecules)
        rows.append(row("LiF formation energy from Li and F2", "eV/pair", number(lif[1] - li[1] - f2 / 2)))
    for family, name, bulk in (
        ("li-surface-001", "Li(001)", li),
        ("li-surface-110", "Li(110)", li),
        ("lif-surface-001", "LiF(001)", lif),
    ):
        value = surface_energy(family, bulk[1]) if bulk else None
        rows.append(row(f"{name} surface energy", "not relaxed, J/m²", number(value)))
    for family, whole, name in (
        ("li-vacancy", "li-vacancy-none", "Li vacancy"),
        ("lif-vacancy-pair", "lif-vacancy-none", "LiF pair of neighbouring vacancies"),
    ):
        rows.append(row(f"{name}, energy", "not relaxed, eV", number(missing_energy(family, whole), 2)))
    for family in ("lif-volume", "lif-cscl-volume", "lif-zincblende-volume"):
        stored = frames(family)
        if stored:
            lowest = min(stored, key=lambda a: a.get_potential_energy())
            charge = lowest.arrays["bader_charge"][lowest.symbols == "Li"][0]
            rows.append(row(f"Bader charge of Li in {CRYSTALS[family]}", "e", f"{charge:+.3f}"))
    return rows


def well(family: str) -> tuple[float, float] | None:
    """Distance (Å) and energy (eV) of lowest energy of a molecule: a quartic through what is computed near it."""
    points = np.array([(a.get_distance(0, 1), a.get_potential_energy()) for a in frames(family)])
    if len(points) < 4 or points[:, 1].argmin() in (0, len(points) - 1):
        return None
    lowest = points[points[:, 1].argmin(), 0]
    near = points[abs(points[:, 0] / lowest - 1) < (0.2 if len(points) > 4 else 1)]
    curve = np.poly1d(np.polyfit(1 / near[:, 0], near[:, 1], min(4, len(near) - 1)))
    distances = np.linspace(near[:, 0].min(), near[:, 0].max(), 2001)
    best = distances[curve(1 / distances).argmin()]
    return float(best), float(curve(1 / best))


def molecule_rows() -> list[str]:
    rows = ["| molecule | here | experiment | PBE elsewhere |", "|---|---|---|---|"]
    atoms = {symbol: frames(f"atom-{symbol.lower()}") for symbol in ("Li", "F")}
    for family, name, parts in (
        ("li2-distance", "Li2", ("Li", "Li")),
        ("lif-dimer", "LiF", ("Li", "F")),
        ("f2-distance", "F2", ("F", "F")),
    ):
        found = well(family)
        rows.append(row(f"{name} distance", "Å", number(found and found[0])))
        if found and all(atoms[symbol] for symbol in parts):
            energy = sum(atoms[symbol][0].get_potential_energy() for symbol in parts) - found[1]
            rows.append(row(f"{name} atomisation energy", "eV", number(energy, 2)))
    return rows


def interface_rows() -> list[str]:
    rows = []
    for family, title in (("interface-coherent-relaxed", "coherent"), ("interface-4on5-relaxed", "4 on 5")):
        stored = frames(family)
        if not stored:
            rows += [f"{title} interface, relaxed: {NOT_YET}.", ""]
            continue
        atoms = stored[0]
        charges = atoms.arrays["bader_charge"]
        spacings = metal_spacings(atoms)
        middle, bulk = spacings[len(spacings) // 2], bulk_spacing(family)
        strained = (
            f"has spacings of {bulk:.3f} Å: against it, the first layer is {moved(spacings, bulk)}" if bulk else ""
        )
        rows += [
            f"{title} interface, lithium strained by {in_plane_strain(family)} in the plane, relaxed to "
            f"{atoms.info['largest_force_eV_A']} eV/Å; stress {atoms.get_stress()[2] * GPA:+.1f} GPa along the normal, "
            f"{atoms.get_stress()[:2].mean() * GPA:+.1f} GPa in the plane. Metal spacings "
            + ", ".join(f"{s:.3f}" for s in spacings)
            + f" Å; against the spacing in the middle, the first layer is {moved(spacings, middle)}",
            "",
            f"Bulk lithium strained alike {strained or NOT_YET + '.'}",
            "",
            "| z (Å) | layer | Bader charge of an atom (e) |",
            "|---|---|---|",
            *(
                f"| {span(atoms.positions[those, 2], 2)} | {name} | {span(charges[those], 3)} |"
                for name, those in layers(atoms)
            ),
            "",
        ]
    return rows


def in_plane_strain(relaxed: str) -> str:
    """Of the metal, against bulk lithium, in %."""
    stored, li = strained_bulk(relaxed), equation_of_state("li-bcc-volume", free=True)
    return f"{100 * (stored[0].cell[0, 0] / (2 * li[0]) ** (1 / 3) - 1):+.0f} %" if stored and li else NOT_YET


def moved(spacings: np.ndarray, against: float) -> str:
    """By how much and where the metal's first layers (mean of both interfaces) are moved against this spacing (Å)."""
    change = (spacings[0] + spacings[-1]) / 2 - against
    return f"moved {abs(change):.2f} Å **towards {'the metal' if change < 0 else 'LiF'}**."


def energy_picture() -> None:
    figure, axes = plt.subplots(1, 2, figsize=(9, 3.8), layout="constrained")
    for family, name in CRYSTALS.items():
        stored = frames(family)
        if not stored:
            continue
        axis = axes[0] if family.startswith("li-") else axes[1]
        points = sorted((a.get_volume() / per_unit(a), a.get_potential_energy() / per_unit(a)) for a in stored)
        volumes, energies = np.transpose(points)
        (line,) = axis.plot(volumes, energies, "o", markersize=4, label=name)
        if len(points) > 3:
            smooth = np.linspace(volumes[0], volumes[-1], 200)
            axis.plot(smooth, CubicSpline(volumes, energies)(smooth), linewidth=1, color=line.get_color())
    axes[0].set(title="Lithium", xlabel="volume (Å³/atom)", ylabel="energy (eV/atom)")
    axes[1].set(title="Lithium fluoride", xlabel="volume (Å³/pair)", ylabel="energy (eV/pair)")
    for axis in axes:
        axis.legend()
    save(figure, "energy-volume.png")


def composition_picture() -> None:
    figure, axis = plt.subplots(figsize=(6, 4), layout="constrained")
    for part in ("training", "validation"):
        points = {"Li": [], "F": []}
        for family in LIST.families:
            if LIST.result_file(family).parent.name != part:
                continue
            for atoms in LIST.results(family):
                if len(set(atoms.symbols)) < 2 or (len(atoms) == 2 and atoms.info["kpoints"].startswith("1x1x1")):
                    continue
                fraction = (atoms.symbols == "Li").mean()
                for symbol in points:
                    points[symbol].append(
                        (100 * fraction, atoms.arrays["bader_charge"][atoms.symbols == symbol].mean())
                    )
        for symbol, colour in ((each, ELEMENT_COLORS[each]) for each in ("Li", "F")):
            if points[symbol]:
                marker = {"training": "o", "validation": "x"}[part]
                axis.plot(*np.transpose(points[symbol]), marker, color=colour, markersize=4, label=f"{symbol}, {part}")
    axis.set(xlabel="lithium (% of the atoms)", ylabel="mean Bader charge (e)")
    axis.legend()
    save(figure, "charge-composition.png")


def interface_picture() -> None:
    shown = [f for f in ("interface-coherent-relaxed", "interface-4on5-relaxed") if frames(f)]
    if not shown:
        return
    figure, axes = plt.subplots(2, len(shown), figsize=(5.5 * len(shown), 6), layout="constrained", squeeze=False)
    for column, family in enumerate(shown):
        atoms = frames(family)[0]
        height, charges = atoms.positions[:, 2], atoms.arrays["bader_charge"]
        found = layers(atoms)
        for kind, colour in (("F", ELEMENT_COLORS["F"]), ("Li", ELEMENT_COLORS["Li"]), ("Li metal", METAL)):
            means = [(height[those].mean(), charges[those].mean()) for name, those in found if name == kind]
            every = np.concatenate([those for name, those in found if name == kind])
            axes[0, column].plot(*np.transpose(means), color=colour, label=kind if kind != "Li" else "Li of LiF")
            axes[0, column].plot(height[every], charges[every], "o", markersize=4, color=colour)
        axes[0, column].set(title=family, ylabel="Bader charge of an atom (e)")
        axes[0, column].legend()
        heights = np.array(metal_heights(atoms))
        axes[1, column].plot((heights[1:] + heights[:-1]) / 2, np.diff(heights), "o-", color=METAL)
        bulk = bulk_spacing(family)
        if bulk:
            axes[1, column].axhline(bulk, color="gray", linestyle="--", linewidth=1, label="bulk, strained alike")
            axes[1, column].legend()
        axes[1, column].set(xlabel="z (Å)", ylabel="spacing of metal layers (Å)", xlim=axes[0, column].get_xlim())
    save(figure, "interface.png")


def gap_and_shift(atoms: Atoms) -> tuple[float, tuple[float, float]]:
    """Distance (Å) of the layers that meet and where the metal's lowest atom is over F, in fractions of the cell."""
    fluorine = atoms.positions[atoms.symbols == "F"]
    top = fluorine[fluorine[:, 2].argmax()]
    above = atoms.positions[atoms.positions[:, 2] > top[2] + 0.6]
    lowest = above[above[:, 2].argmin()]
    shift = np.round((lowest - top)[:2] / atoms.cell[0, 0], 3) % 1
    return lowest[2] - top[2], (float(shift[0]), float(shift[1]))


SITES = {(0.0, 0.0): "Li over F", (0.5, 0.5): "Li over Li", (0.5, 0.0): "bridge", (0.25, 0.25): "in between"}


def separation_picture() -> None:
    """Energy of the interface against the gap, by the lateral shift."""
    curves: dict[tuple, list] = {}
    for atoms in frames("interface-coherent"):
        gap, shift = gap_and_shift(atoms)
        energy = atoms.get_potential_energy() / (2 * atoms.cell[0, 0] ** 2) * JOULE_PER_M2
        curves.setdefault(shift, []).append((gap, energy))
    if not curves:
        return
    lowest = min(energy for points in curves.values() for _, energy in points)
    figure, axis = plt.subplots(figsize=(6, 4), layout="constrained")
    for shift, points in curves.items():
        gaps, energies = np.transpose(sorted(points))
        axis.plot(gaps, energies - lowest, "o-", markersize=4, label=SITES[shift])
    axis.set(xlabel="gap of Li(001) and LiF(001) (Å)", ylabel="energy above the lowest (J/m²)")
    axis.legend()
    save(figure, "interface-separation.png")


def save(figure, name: str) -> None:
    PICTURES.mkdir(exist_ok=True)
    figure.savefig(PICTURES / name, dpi=130)
    plt.close(figure)


def main() -> None:
    computed = sum(len(LIST.results(family)) for family in LIST.families)
    lines = [
        "# Li-F: what the data say",
        "",
        f"Written by `python data/li_f/report.py` from {computed} computed structures.",
        "",
        *crystal_rows(),
        "",
        *property_rows(),
        "",
        *molecule_rows(),
        "",
        *interface_rows(),
        SOURCES,
    ]
    (HERE / "RESULTS.md").write_text("\n".join(lines).rstrip() + "\n", encoding="utf-8")
    with plt.rc_context(STYLE):
        energy_picture()
        composition_picture()
        interface_picture()
        separation_picture()


if __name__ == "__main__":
    main()
