"""Diffusion of lithium in cubic LLZO from what in.cubic wrote, one run a temperature, and its
activation energy.

    python diffusion.py cubic-900 cubic-1200 cubic-1500      # reads NAME.dump and NAME-nvt.log

The diffusion constant is that of `rfmeam glass`: slope of the mean squared displacement between a
tenth and a half of the time, its error from groups of lithium atoms. Displacements are against the
framework of La, Zr and O.
"""

from pathlib import Path
from typing import Annotated, NamedTuple

import numpy as np
import typer
from llzo_cell import SPECIES
from rfmeam.glass.analysis.diffusion import (
    arrhenius,
    conductivity,
    diffusion_coefficient,
    mean_square_displacement,
)
from rfmeam.glass.frames import read_frames
from rfmeam.thermo import read_log

TIMESTEP = 0.002  # ps, of in.cubic
JUMP = 2.0  # Å; between neighbouring sites of lithium in garnets lie 1.6 to 2.4


class Run(NamedTuple):
    """A run at one temperature: mean temperature (K), time (ps), D of Li and its standard error
    (cm²/s), root of the mean squared displacement in half of the run (Å) by element, ions, volume
    (Å³)."""

    kelvin: float
    time: float
    diffusion: float
    error: float
    moved: dict[str, float]
    ions: int
    volume: float

    @classmethod
    def read(cls, name: Path) -> "Run":
        frames = read_frames(name.with_name(f"{name.name}.dump"), SPECIES, ("xu", "yu", "zu"))
        thermo = read_log(name.with_name(f"{name.name}-nvt.log"))
        return cls.of(frames, float(np.mean(thermo["Temp"])))

    @classmethod
    def of(cls, frames: list, kelvin: float) -> "Run":
        """Of frames of LAMMPS at equal intervals, each with its step."""
        symbols = np.array(frames[0].get_chemical_symbols())
        positions = np.array([frame.positions for frame in frames])
        masses = frames[0].get_masses() * (symbols != "Li")
        positions -= np.einsum("fax,a->fx", positions, masses / masses.sum())[:, None]
        steps = [frame.info["step"] for frame in frames]
        interval = (steps[1] - steps[0]) * TIMESTEP
        lithium = positions[:, symbols == "Li"]
        half = len(frames) // 2
        moved = {
            element: float(
                np.sqrt(mean_square_displacement(positions[:, symbols == element])[half])
            )
            for element in SPECIES
        }
        return cls(
            kelvin,
            (steps[-1] - steps[0]) * TIMESTEP,
            *diffusion_coefficient(lithium, interval),
            moved,
            lithium.shape[1],
            frames[0].get_volume(),
        )


def main(
    names: Annotated[list[Path], typer.Argument(help="NAME of NAME.dump and NAME-nvt.log.")],
) -> None:
    """Prints a row for each run, and the line through three or more."""
    print("| T (K) | ps | Li moved in half of it (Å) | O, Zr | D (cm²/s) | conductivity (S/cm) |")
    print("|---|---|---|---|---|---|")
    kelvin, sigma, errors = [], [], []
    for run in map(Run.read, names):
        scale = conductivity(1.0, run.ions, run.volume, run.kelvin)
        kelvin.append(run.kelvin)
        sigma.append(run.diffusion * scale)
        errors.append(run.error * scale)
        li, o, zr = (run.moved[element] for element in ("Li", "O", "Zr"))
        print(
            f"| {run.kelvin:.0f} | {run.time:.0f} | {li:.2f} | {o:.2f}, {zr:.2f} "
            f"| {run.diffusion:.1e} ± {run.error:.1e} | {sigma[-1]:.2f} ± {errors[-1]:.2f} |"
        )
        if li < JUMP:
            print(f"at {run.kelvin:.0f} K this is less than a jump: D is of motion in cages")
    if len(names) > 2:
        line = arrhenius(kelvin, sigma, errors)
        print(
            f"\nactivation energy {line.energy:.3f} ± {line.energy_error:.3f} eV; at 300 K "
            f"the line has {line.extrapolated:.1e} S/cm, within a factor of {line.factor:.1f}"
        )


if __name__ == "__main__":
    typer.run(main)
