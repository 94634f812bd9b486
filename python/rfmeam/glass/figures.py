"""Pictures of one glass and of the comparison of all of them."""

from collections.abc import Iterable
from itertools import cycle
from pathlib import Path
from textwrap import fill

import numpy as np
from ase import Atoms
from matplotlib import rc_context
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure

from ..style import COLORS, ELEMENT_COLORS, STYLE, above
from . import lammps
from .analysis import diffusion
from .composition import AVOGADRO, MASSES
from .reference import B4, CONDUCTIVITY, DENSITY, REFERENCES, RINGS, SOURCE_LINE

WIDEST = 30.0  # Å, of the picture of a glass: atoms of larger ones would be dots
_ELEMENT_SIZES = {"Li": 12, "B": 26, "Si": 40, "O": 16}


def draw_structure(atoms: Atoms, cutoffs: dict[str, float], output: Path) -> None:
    """A slab of the glass, 7 Å thick and no wider than WIDEST, with the bonds of its formers."""
    from .analysis.network import build_network

    length = min(atoms.cell.lengths()[0], WIDEST)
    atoms = atoms.copy()
    atoms.wrap()
    inside = np.all(atoms.positions < [length, length, 7.0], axis=1)
    net = build_network(atoms, cutoffs)
    with rc_context(STYLE):
        figure = Figure(figsize=(5.4, 5.4), layout="constrained")
        axes = figure.subplots()
        x, y = atoms.positions[:, 0], atoms.positions[:, 1]
        whole = (net.shifts == 0).all(axis=1) & inside[net.formers] & inside[net.oxygens]
        bonds = atoms.positions[np.stack([net.formers[whole], net.oxygens[whole]], axis=1), :2]
        axes.add_collection(LineCollection(bonds, colors="0.6", linewidths=1.2, zorder=1))
        symbols = np.array(atoms.get_chemical_symbols())
        for element in dict.fromkeys(symbols):
            shown = inside & (symbols == element)
            color = ELEMENT_COLORS.get(element, "0.4")
            size = _ELEMENT_SIZES.get(element, 20)
            axes.scatter(x[shown], y[shown], s=size, color=color, label=element, zorder=2)
        axes.set(
            aspect="equal", xlabel="$x$ (Å)", ylabel="$y$ (Å)", xlim=(0, length), ylim=(0, length)
        )
        axes.set_title("7 Å of the glass")
        axes.legend(ncols=4, loc="upper center", bbox_to_anchor=(0.5, -0.12))
        figure.savefig(output)


def draw_structure_functions(seeds: list[dict], output: Path, beside: Iterable[dict] = ()) -> None:
    """g(r) of formers and oxygen with the bond cutoff, neutron and X-ray S(q); one faint line per
    seed. Published curves (of `published_curves.compare`) as points, and the glass's own on them,
    dashed, where it is none of the lines."""
    with rc_context(STYLE):
        figure = Figure(figsize=(9.0, 3.2), layout="constrained")
        left, right = figure.subplots(1, 2)
        for n, seed in enumerate(seeds):
            curves = seed["curves"]
            formers = [name for name in curves if name.startswith("g ")]
            for color, name in zip(COLORS, formers, strict=False):
                left.plot(
                    curves["r"],
                    curves[name],
                    color=color,
                    label=name[2:] if n == 0 else None,
                    alpha=0.7,
                )
                if n == 0:
                    left.axvline(
                        seed["bond cutoffs A"][name[2:].split("-")[0]], color=color, linestyle=":"
                    )
            for color, name in zip(COLORS[2:], ("neutron", "xray"), strict=False):
                label = {"neutron": "neutron", "xray": "X-ray"}[name] if n == 0 else None
                right.plot(curves["q"], curves[f"S {name}"], color=color, label=label, alpha=0.7)
        drawn = {"S neutron", "S xray", *(name for name in seeds[0]["curves"] if name[0] == "g")}
        for marker, each in zip(cycle("osD^v"), beside):
            axes = left if each["curve"].startswith("g") else right
            label = f"{each['curve'].removeprefix('S ')}, {each['source']}"
            style = {"color": "black", "markersize": 2.5, "linestyle": "none", "marker": marker}
            axes.plot(
                each["x"], each["published"], label=fill(label, 40), fillstyle="none", **style
            )
            if each["curve"] not in drawn:
                axes.plot(each["x"], each["model"], "k--", linewidth=1.0, label=each["curve"][2:])
        left.set(
            xlabel="$r$ (Å)",
            ylabel="$g(r)$",
            title="Bonds (dotted: cutoff)",
            xlim=(1, 3.2),
            ylim=(0, None),
        )
        right.axhline(1.0, color="0.6", linewidth=0.7)
        right.set(xlabel="$q$ (1/Å)", ylabel="$S(q)$", title="Structure factors")
        left.legend(fontsize=7)
        right.legend(fontsize=7)
        figure.savefig(output)


def draw_cooling(
    folders: list[Path], counts: dict[str, int], transition: float | None, output: Path
) -> None:
    """Enthalpy and, where it is free, density over temperature during the quench. counts: atoms by
    element."""
    atoms = sum(counts.values())
    mass = sum(MASSES[element] * n for element, n in counts.items())
    records = [lammps.read_record(folder / "cool.txt") for folder in folders]
    free = any(np.ptp(record[:, 3]) > 1e-6 * record[0, 3] for record in records)
    with rc_context(STYLE):
        figure = Figure(figsize=(9.0 if free else 4.6, 3.0), layout="constrained")
        left, *right = figure.subplots(1, 1 + free, squeeze=False)[0]
        for record in records:
            blocks = np.array(
                [part.mean(axis=0) for part in np.array_split(record, min(100, len(record)))]
            )
            t, enthalpy = blocks[:, 1], lammps.enthalpy(blocks, atoms) / atoms
            left.plot(t, above(enthalpy), color=COLORS[0], alpha=0.7)
            for axes in right:
                axes.plot(t, mass / (AVOGADRO * blocks[:, 3]), color=COLORS[1], alpha=0.7)
        for axes in (left, *right):
            axes.set(xlabel="$T$ (K)")
            if transition:
                axes.axvline(transition, color="0.5", linestyle=":")
        left.set(
            ylabel="$H$ above the lowest (eV/atom)",
            title="Enthalpy" + (f", transition at {transition:.0f} K" if transition else ""),
        )
        for axes in right:
            axes.set(ylabel=r"$\rho$ (g/cm$^3$)", title="Density")
        figure.savefig(output)


def draw_load(seeds: list[dict], output: Path) -> None:
    """Stress and, where there is boron, four-fold boron over strain."""
    boron = any(f"{name} B4 %" in _load(seed) for seed in seeds for name in _LOADS)
    with rc_context(STYLE):
        figure = Figure(figsize=(9.0 if boron else 4.6, 3.0), layout="constrained")
        left, *right = figure.subplots(1, 1 + boron, squeeze=False)[0]
        for seed in seeds:
            curves = _load(seed)
            for color, name in zip(COLORS, _LOADS, strict=False):
                style = {"color": color, "alpha": 0.7}
                label = name if seed is seeds[0] else None
                stress = curves[f"{name} stress GPa"]
                left.plot(curves[f"{name} strain"], stress, label=label, **style)
                if f"{name} B4 %" in curves:
                    right[0].plot(curves[f"{name} B4 strain"], curves[f"{name} B4 %"], **style)
        left.set(xlabel="strain", ylabel="stress (GPa)", title="Under load")
        for axes in right:
            axes.set(xlabel="strain", ylabel="four-fold boron (%)", title="Boron under load")
        left.legend()
        figure.savefig(output)


_LOADS = ("tension", "compression")


def _load(seed: dict) -> dict:
    return seed["measured"]["strength"]["curves"]


def draw_conductivity(seeds: list[dict], output: Path) -> None:
    """Nernst-Einstein conductivity over 1/T and its Arrhenius line to 300 K, seed by seed."""
    with rc_context(STYLE):
        figure = Figure(figsize=(5.0, 3.4), layout="constrained")
        axes = figure.subplots()
        for n, seed in enumerate(seeds):
            measured, color = seed["measured"]["diffusion"], COLORS[n % len(COLORS)]
            curves, values = measured["curves"], measured["values"]
            hot = 1000 / np.array(curves["T"])
            style = {"fmt": "o", "color": color, "label": f"seed {seed['seed']}"}
            axes.errorbar(hot, curves["conductivity"], curves["error"], **style)
            if CONDUCTIVITY in values:
                x = np.linspace(hot.min(), 1000 / 300, 50)
                line = diffusion.on_line(
                    1000 / x, values["activation energy eV"], values[CONDUCTIVITY]
                )
                axes.plot(x, line, color=color, alpha=0.6)
        axes.set(xlabel="1000 K / T", ylabel="conductivity (S/cm)", yscale="log")
        ion = seeds[0]["measured"]["diffusion"].get("ion", "Li")
        axes.set_title(f"{ion}, Nernst–Einstein")
        axes.legend()
        figure.savefig(output)


def draw_comparison(rows: list[dict], output: Path) -> None:
    """B4, boron in all-boron rings and density, by sample: experiment, quantum MD, models.

    rows: sample, label, values {quantity: (mean, error or None)}, bounds: those of the quantities
    of which the value is only an upper bound.
    """
    samples = [sample for sample in REFERENCES if any(row["sample"] == sample for row in rows)]
    labels = list(dict.fromkeys(row["label"] for row in rows))
    with rc_context(STYLE):
        figure = Figure(figsize=(10.0, 3.4), layout="constrained")
        panels = figure.subplots(1, 3)
        width = 0.8 / max(1, len(labels))
        for axes, quantity, title in zip(
            panels,
            (B4, RINGS, DENSITY),
            ("Four-fold boron (%)", "Boron in all-boron 3-rings (%)", "Density (g/cm³)"),
            strict=True,
        ):
            for n, label in enumerate(labels):
                for row in rows:
                    if row["label"] != label or quantity not in row["values"]:
                        continue
                    mean, error = row["values"][quantity]
                    x = samples.index(row["sample"]) + (n - (len(labels) - 1) / 2) * width
                    color = _bar_color(n)
                    style = {"ha": "center", "va": "bottom", "fontsize": 7, "rotation": 90}
                    style |= {"xytext": (0, 2), "textcoords": "offset points"}
                    style |= {"color": "#555555" if n < 3 else color}  # grey bars are too light
                    if quantity in row.get("bounds", ()):  # an upper bound has no bar
                        axes.annotate(f"<{mean:g}", (x, 0.0), **style)
                        continue
                    if quantity == DENSITY:  # of differences far smaller than the values
                        axes.errorbar(x, mean, error, fmt="o", markersize=5, color=color)
                        continue
                    line = {"linewidth": 1}
                    axes.bar(x, mean, width * 0.92, color=color, yerr=error, error_kw=line)
                    if mean < 1.0:
                        axes.annotate(f"{mean:.1g}", (x, mean + (error or 0.0)), **style)
            axes.set(xticks=range(len(samples)), title=title)
            axes.set_xticklabels(samples, fontsize=8)
            axes.set_xlim(-0.5, len(samples) - 0.5)
        handles = [panels[0].bar(0, 0, color=_bar_color(n)) for n in range(len(labels))]
        style = {"loc": "outside lower center", "title": SOURCE_LINE, "title_fontsize": 7}
        figure.legend(handles, labels, ncols=len(labels), **style)
        figure.savefig(output)


def _bar_color(n: int) -> str:
    return ("#000000", "#7F7F7F", "#BFBFBF", *COLORS)[n]
