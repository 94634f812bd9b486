"""The figure of a run: snapshot by charge, charge profile, RDFs, conserved energy."""

from pathlib import Path

import numpy as np
from analyse import RDF_EDGES, Frame, Results
from build_structure import SPECIES
from matplotlib import colormaps, rc_context
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.collections import EllipseCollection
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.ticker import MultipleLocator
from rfmeam import style

# small and boxed, as in a journal's column: four kinds of panels close together
STYLE = style.STYLE | {
    "font.size": 8,
    "axes.linewidth": 0.7,
    "axes.spines.top": True,
    "axes.spines.right": True,
    "axes.titlelocation": "center",
    "axes.titlesize": 8,
    "axes.titleweight": "normal",
    "legend.fontsize": 7,
    "lines.linewidth": 1.1,
    "xtick.direction": "in",
    "ytick.direction": "in",
}
COLORS = {"Li": "#C23B22", "F": "#1F5FA8"}
PAIR_COLORS = {("Li", "Li"): "#C23B22", ("Li", "F"): "#7B3F98", ("F", "F"): "#1F5FA8"}
RADII = {"Li": 1.05, "F": 1.15}  # Å, as drawn
DEPTH = 7.0  # Å of the box that the snapshot shows
CHARGE_MAP, CHARGE_RANGE = colormaps["coolwarm"], Normalize(-1.0, 1.0)


def draw(results: Results, picture: Path) -> None:
    """Writes the figure."""
    with rc_context(STYLE):
        figure = Figure(figsize=(7.1, 6.4))
        upper = figure.add_gridspec(
            2, 1, left=0.08, right=0.9, bottom=0.45, top=0.965, hspace=0.06, height_ratios=(5, 3)
        )
        left = figure.add_gridspec(1, 3, left=0.08, right=0.67, bottom=0.07, top=0.345, wspace=0.28)
        right = figure.add_gridspec(1, 1, left=0.775, right=0.985, bottom=0.07, top=0.345)
        atoms, charges = upper.subplots(sharex=True)
        panels, energy = left.subplots(), right.subplots()
        snapshot(atoms, results.last)
        place = atoms.get_position()
        bar = figure.colorbar(
            ScalarMappable(CHARGE_RANGE, CHARGE_MAP),
            cax=figure.add_axes((0.915, place.y0, 0.014, place.height)),
            ticks=[-1, -0.5, 0, 0.5, 1],
        )
        bar.set_label("$q$ (e)", labelpad=2)
        profile(charges, results)
        for axes, region in zip(panels, results.rdfs, strict=True):
            radial(axes, region, results)
        panels[0].set_ylabel("$g(r)$")
        conservation(energy, results)
        for axes, letter in ((atoms, "a"), (charges, "b"), (panels[0], "c"), (energy, "d")):
            place = axes.get_position()
            x, y = place.x0 - 0.5 / figure.get_figwidth(), place.y1 + 0.01
            figure.text(x, y, letter, fontweight="bold", fontsize=10)
        figure.savefig(picture, dpi=200)


def snapshot(axes: Axes, frame: Frame) -> None:
    """The front of the box, seen along y."""
    x, y = np.mod(frame.positions[:, :2], frame.box[:2]).T
    z = frame.heights()
    z -= frame.box[2] * np.round(z / frame.box[2])
    front = np.flatnonzero(y < DEPTH)
    front = front[np.argsort(-y[front])]
    diameters = 2 * np.array([RADII[SPECIES[kind - 1]] for kind in frame.types[front]])
    shade = 0.55 * (y[front] / DEPTH)[:, None]  # towards white at the back
    colors = CHARGE_MAP(CHARGE_RANGE(frame.charges[front]))[:, :3] * (1 - shade) + shade
    axes.add_collection(
        EllipseCollection(
            diameters,
            diameters,
            np.zeros(len(front)),
            units="xy",
            offsets=np.column_stack([z, x])[front],
            offset_transform=axes.transData,
            facecolors=colors,
            edgecolors=np.repeat(0.25 + shade, 3, axis=1),
            linewidths=0.35,
        )
    )
    half = frame.box[2] / 2
    place = axes.get_position()
    width, height = axes.figure.get_size_inches() * (place.width, place.height)
    axes.set(xlim=(-half, half), ylim=(0, 2 * half * height / width), ylabel="$x$ (Å)")
    axes.tick_params(labelbottom=False)
    for place, name in ((1 / 6, "Li"), (1 / 2, "LiF"), (5 / 6, "Li")):
        axes.text(place, 1.02, name, ha="center", va="bottom", transform=axes.transAxes)


def profile(axes: Axes, results: Results) -> None:
    """Mean charge of each layer, with its standard deviation over atoms and time."""
    axes.axhline(0.0, color="0.8", linewidth=0.7)
    salt = [p.height for p in results.profile if p.layer.material == "LiF"]
    axes.axvspan(min(salt), max(salt), color="0.95")
    for species, marker in zip(SPECIES, "os", strict=True):
        layers = [p for p in results.profile if p.species == species]
        z, q, spread = np.array([(p.height, p.charge, p.spread) for p in layers]).T
        style = {"color": COLORS[species], "marker": marker, "markersize": 3.2, "capsize": 2}
        axes.errorbar(z, q, spread, label=species, elinewidth=0.8, linewidth=0.8, **style)
    axes.set(xlabel="$z$ (Å)", ylabel="$q$ (e)", ylim=(-1.15, 1.15))
    axes.legend(loc="lower right")


def radial(axes: Axes, region: str, results: Results) -> None:
    """RDFs of one region."""
    r = (RDF_EDGES[1:] + RDF_EDGES[:-1]) / 2
    axes.axhline(1.0, color="0.8", linewidth=0.7)
    for pair, g in results.rdfs[region].items():
        axes.plot(r, g, color=PAIR_COLORS[pair], label="–".join(pair))
    axes.set(title=region, xlabel="$r$ (Å)", xlim=(1.0, RDF_EDGES[-1]), ylim=(0.0, None))
    axes.xaxis.set_major_locator(MultipleLocator(2))
    axes.legend(loc="upper right", handlelength=1.2)


def conservation(axes: Axes, results: Results) -> None:
    """Conserved energy of NVT and of NVE, each from its start, in meV an atom."""
    for part, label, color in ((results.nvt, "NVT", "0.45"), (results.nve, "NVE", "#2E7D32")):
        axes.plot(part.time, part.energy - part.energy[0], color=color, label=label, linewidth=0.8)
    axes.set(xlabel="$t$ (ps)", title="conserved energy", ylabel="$\\Delta E$ (meV/atom)")
    axes.legend(loc="best")
