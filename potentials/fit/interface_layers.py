"""Layers of the relaxed coherent Li(001)|LiF(001) interface beside DFT: figure and table of doc/interface-li-lif.md.

./dev shell python potentials/fit/interface_layers.py potentials/LiF.rfmeam potentials/LiF-q.rfmeam

How an interface is relaxed, and what its layers are: accuracy.py beside this file.
"""

from pathlib import Path
from typing import Annotated

import accuracy
import matplotlib
import numpy as np
import typer
from rfmeam.calculator import RFMEAM
from rfmeam.style import COLORS, STYLE

from rfmeam import Potential

FAMILY = "interface-coherent-relaxed"
FIGURE = Path(__file__).parents[2] / "doc/figures/interface-li-lif.svg"


def draw(found: dict[str, accuracy.Interface], file: Path) -> None:
    """Widening of the metal's spacings and charges of its layers, from one salt to the other."""
    matplotlib.use("svg")
    from matplotlib import pyplot

    with matplotlib.rc_context(STYLE):
        figure, (spacing, charge) = pyplot.subplots(1, 2, figsize=(7.2, 3.0), layout="constrained")
        for (name, interface), color in zip(found.items(), ("#000000", *COLORS), strict=False):
            look = {"color": color, "marker": "o", "markersize": 3.5, "label": name}
            gaps = 0.5 + np.arange(len(interface.widened))
            spacing.plot(1 + gaps, interface.widened, **look)
            charge.plot(1 + np.arange(len(interface.charges)), interface.charges, **look)
        for axes in (spacing, charge):
            axes.axhline(0, color="#888888", linewidth=0.7, zorder=0)
            axes.set_xlabel("metal layer, from salt to salt")
        spacing.set_title("Spacings against bulk, strained alike")
        spacing.set_ylabel("wider by (Å)")
        charge.set_title("Charges of the metal's layers")
        charge.set_ylabel("charge of an atom (e)")
        charge.legend()
        file.parent.mkdir(exist_ok=True)
        figure.savefig(file)


def main(potentials: Annotated[list[Path], typer.Argument(help="*.rfmeam files")]) -> None:
    """Writes the figure, and the table as Markdown."""
    found = {"DFT": accuracy.dft_interface(FAMILY)}
    for path in potentials:
        found[path.stem] = accuracy.relax_interface(RFMEAM(Potential.read(path)), FAMILY)
    draw(found, FIGURE)
    print("| | first layer (Å) | gap (Å) | charge of the first layer (e) | largest beyond (e) | sum in the metal (e) |")
    print("|---|---|---|---|---|---|")
    for name, interface in found.items():
        cells = f"{interface.moved:+.2f} | {interface.gap:.2f} | {interface.first_charge:.3f}"
        print(f"| {name} | {cells} | {interface.inner_charge:.3f} | {interface.charges.sum():.3f} |")


if __name__ == "__main__":
    typer.run(main)
