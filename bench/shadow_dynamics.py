"""Drift of the energy in NVE: shadow dynamics of charges (fix qeq/vc solver xl) against converged charges.

./dev shell python bench/shadow_dynamics.py                        # 100 ps, LiF and Li|LiF, 300 and 900 K
./dev shell python bench/shadow_dynamics.py --ps 10 --fix "xl=1e-6 100 solver xl iterations 2" --system interface
./dev shell python bench/shadow_dynamics.py --potential potentials/LiF-q.rfmeam    # with every charge-dependent term

A row for each run: the slope of the total energy by least squares, twice its standard error from ten blocks, and how
far the energy strays from the line (rms), in meV an atom; products with the charge matrix and full solves a step.
"""

import re
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
import yaml
from ase import Atoms
from ase.build import bulk
from ase.io.lammpsdata import write_lammps_data

POTENTIAL = Path(__file__).parents[1] / "unittest/data/lif_coarse.rfmeam"  # the one of all earlier measurements
FIXES = [
    "pcg 1e-8=1e-8 200 guess 3",
    "pcg 1e-6=1e-6 200 guess 3",
    "xl=1e-8 200 solver xl",
]
SCRIPT = """
units metal
atom_style charge
read_data system.data
pair_style rfmeam/qeq
pair_coeff * * {potential} Li F
neighbor 1.0 bin
fix charges all qeq/vc 1 1e-8 200
timestep {timestep}
min_modify dmax 0.05
minimize 0 0.01 200 400
reset_timestep 0
velocity all create {start} 4711 mom yes
fix warm all langevin {temperature} {temperature} 0.1 815
fix nve all nve
run {warm}
unfix warm
unfix charges
velocity all zero linear
reset_timestep 0
fix charges all qeq/vc 1 {fix}
thermo 10
thermo_style custom step temp etotal f_charges[4] f_charges[6]
thermo_modify line yaml format float %.17g
run {steps}
"""


def lif() -> Atoms:
    """64 atoms of rocksalt."""
    return bulk("LiF", "rocksalt", a=4.03, cubic=True).repeat(2)


def interface() -> Atoms:
    """Li(001)|LiF(001), 296 atoms: 4 x 4 cells of bcc on 5 x 5 primitive ones of the salt, turned by 45 degrees."""
    a, gap, width = 4.03, 2.1, 5 * 4.03 / np.sqrt(2)
    metal = bulk("Li", "bcc", a=3.5, cubic=True).repeat((4, 4, 3))
    metal.set_cell([width, width, metal.cell[2, 2]], scale_atoms=True)
    positions, symbols = [], []
    for layer in range(4):
        for i in range(5):
            for j in range(5):
                lithium = np.array([i, j, 0]) * width / 5
                other = lithium + np.array([width / 10, width / 10, 0])
                pair = [lithium, other] if layer % 2 == 0 else [other, lithium]
                positions += [p + np.array([0, 0, layer * a / 2]) for p in pair]
                symbols += ["Li", "F"]
    top = 3 * a / 2
    metal.positions[:, 2] += top + gap
    height = metal.positions[:, 2].max() + gap
    return Atoms(symbols, positions, cell=[width, width, height], pbc=True) + metal


SYSTEMS = {"LiF": lif, "interface": interface}


@dataclass(frozen=True)
class Drift:
    """Of one run: meV/atom/ps, twice its standard error, meV/atom rms; products and full solves a step; mean K."""

    slope: float
    error: float
    spread: float
    products: float
    full_solves: float
    temperature: float


def drift_of(time: np.ndarray, energy: np.ndarray) -> tuple[float, float, float]:
    """Slope by least squares, twice its standard error from the slopes of ten blocks' deviations, rms deviation."""
    slope, offset = np.polyfit(time, energy, 1)
    rest = energy - slope * time - offset
    means = [block.mean() for block in np.array_split(rest, 10)]
    centres = np.array([block.mean() for block in np.array_split(time, 10)])
    error = np.std(means, ddof=2) / np.sqrt(((centres - centres.mean()) ** 2).sum())
    return slope, 2 * error, float(rest.std())


def run(potential: Path, system: str, temperature: float, fix: str, picoseconds: float, timestep: float) -> Drift:
    atoms = SYSTEMS[system]()
    steps = round(picoseconds / timestep)
    script = SCRIPT.format(
        potential=potential.resolve(),
        timestep=timestep,
        start=2 * temperature,
        temperature=temperature,
        warm=round(2.0 / timestep),
        fix=fix,
        steps=steps,
    )
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_lammps_data(folder / "system.data", atoms, specorder=["Li", "F"], atom_style="charge", masses=True)
        (folder / "in.lammps").write_text(script)
        command = ["lmp", "-in", "in.lammps", "-log", "none", "-nocite"]
        process = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if process.returncode != 0:
        raise SystemExit(process.stdout[-3000:] + process.stderr)
    table = yaml.safe_load(re.findall(r"^---\n(keywords:.*?)^\.\.\.$", process.stdout, re.S | re.M)[-1])
    columns = dict(zip(table["keywords"], np.array(table["data"], dtype=float).T, strict=True))
    energy = columns["TotEng"] * 1000 / len(atoms)
    begin = len(energy) // 50  # the first solves, and what a start does
    slope, error, spread = drift_of(columns["Step"][begin:] * timestep, energy[begin:])
    products, full = (np.ptp(columns[name]) / steps for name in ("f_charges[4]", "f_charges[6]"))
    return Drift(slope, error, spread, products, full, columns["Temp"].mean())


def main(
    ps: Annotated[float, typer.Option(help="length of each run")] = 100.0,
    timestep: Annotated[float, typer.Option(help="ps")] = 0.001,
    potential: Annotated[Path, typer.Option(help="*.rfmeam file of Li and F")] = POTENTIAL,
    system: Annotated[list[str] | None, typer.Option(help="LiF or interface")] = None,
    temperature: Annotated[list[float] | None, typer.Option(help="K")] = None,
    fix: Annotated[list[str] | None, typer.Option(help="NAME=words after Nevery of fix qeq/vc")] = None,
) -> None:
    print("system temperature fix: drift meV/atom/ps (+- 2 sigma), rms meV/atom, products a step, full solves a step")
    for name in system or SYSTEMS:
        for kelvin in temperature or (300.0, 900.0):
            for words in fix or FIXES:
                label, arguments = words.split("=", 1)
                d = run(potential, name, kelvin, arguments, ps, timestep)
                print(
                    f"{name} {kelvin:g} K ({d.temperature:.0f} K) {label}: {d.slope:+.2e} +- {d.error:.1e}, "
                    f"{d.spread:.2e}, {d.products:.2f}, {d.full_solves:.1e}",
                    flush=True,
                )


if __name__ == "__main__":
    typer.run(main)
