"""Draws what in.electrode printed: charge against voltage, and where the charge sits.

python figure.py FOLDER FIGURE       (with free.log, fixed.log and their dumps in the folder)
"""

import re
import sys
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
from rfmeam.style import COLORS, STYLE


def flows(log: Path) -> np.ndarray:
    """Rows of voltage (V), charge of the left and of the right electrode (e), energy (eV)."""
    lines = re.findall(r"^flow: (.*)$", log.read_text(), re.M)
    return np.array([line.split() for line in lines], dtype=float)


def layers(dump: Path) -> tuple[np.ndarray, np.ndarray]:
    """z (Å) of each layer and the sum of its charges (e)."""
    table = np.array([line.split() for line in dump.read_text().splitlines()[9:]], dtype=float)
    z = table[:, 2].round(2)
    levels = np.unique(z)
    return levels, np.array([table[z == level, 3].sum() for level in levels])


def draw(folder: Path, figure: Path) -> None:
    with matplotlib.rc_context(STYLE):
        _, (flow, sites) = plt.subplots(1, 2, figsize=(8, 3.2), layout="constrained")
        for ions, color in zip(("free", "fixed"), COLORS, strict=False):
            rows = flows(folder / f"{ions}.log")
            came = rows[:, 1] - rows[0, 1]
            flow.plot(rows[:, 0], came, "o-", color=color)
            shift, side = {"free": ((-8, 4), "right"), "fixed": ((0, -16), "center")}[ions]
            flow.annotate(
                f"salt {ions}: {came[-1] / rows[-1, 0]:.3f} e/V",
                (rows[-2, 0], came[-2]),
                shift,
                textcoords="offset points",
                ha=side,
                color=color,
            )
            z, without = layers(folder / f"{ions}-0.dump")
            sites.plot(z, layers(folder / f"{ions}-2.dump")[1] - without, "o-", color=color)
        flow.set(xlabel="voltage (V)", ylabel="charge that came to the left (e)")
        sites.set(xlabel="z of the layer (Å)", ylabel="change of its charge at 2 V (e)")
        plt.savefig(figure)


if __name__ == "__main__":
    draw(*map(Path, sys.argv[1:3]))
