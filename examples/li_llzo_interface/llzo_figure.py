"""The picture of a run: atoms by charge, and the charge of lithium and oxygen over the height."""

from pathlib import Path

import numpy as np
from llzo_layers import Frame, profile
from matplotlib import colormaps, rc_context
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from rfmeam import style

SIZES = {"Li": 26, "La": 60, "Zr": 45, "O": 34}  # of the markers, points²
CHARGE_RANGE = Normalize(-1.7, 1.7)


def draw(minimised: Frame, frames: list[Frame], picture: Path) -> None:
    with rc_context(style.STYLE):
        figure = Figure(figsize=(7.1, 4.6), layout="constrained")
        atoms, charges = figure.subplots(2, 1, height_ratios=(3, 2))
        last = frames[-1]
        z = np.mod(last.positions[:, 2], last.height)
        order = np.argsort(-last.positions[:, 1])
        drawn = atoms.scatter(
            z[order],
            last.positions[order, 0],
            s=[SIZES[symbol] for symbol in last.species[order]],
            c=last.charges[order],
            cmap=colormaps["coolwarm"],
            norm=CHARGE_RANGE,
            edgecolors="0.3",
            linewidths=0.3,
        )
        figure.colorbar(drawn, ax=atoms, label="$q$ (e)")
        atoms.set(xlabel="$z$ (Å)", ylabel="$x$ (Å)", title="Li | LLZO at the end")
        for label, of, color in (("minimised", [minimised], "0.5"), ("300 K", frames, "#C23B22")):
            heights, mean = profile(of)
            charges.plot(heights, mean, "o-", color=color, markersize=3, label=label)
        charges.axvline(0, color="0.8", linewidth=0.7)
        charges.set(xlabel="height above the oxide (Å)", ylabel="charge of Li (e)")
        charges.legend(loc="upper right")
        figure.savefig(picture, dpi=150)
