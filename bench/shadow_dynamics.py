"""Drift of the energy in NVE: shadow dynamics of charges (fix qeq/vc solver xl) against converged charges.

./dev shell python bench/shadow_dynamics.py                        # 100 ps, LiF and Li|LiF, 300 and 900 K
./dev shell python bench/shadow_dynamics.py --ps 10 --fix "xl=1e-6 100 solver xl iterations 2" --system interface
./dev shell python bench/shadow_dynamics.py --potential potentials/LiF-q.rfmeam    # with every charge-dependent term
./dev shell python bench/shadow_dynamics.py --folder build/drift    # stopped and started again, it goes on from there

A row for each run: the slope of the total energy by least squares, twice its standard error from ten blocks, and how
far the energy strays from the line (rms), in meV an atom; products with the charge matrix and full solves a step.
"""

import re
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
import yaml
from ase import Atoms
from ase.build import bulk
from ase.io.lammpsdata import write_lammps_data
from measure import LATTICE, LIF

FIXES = [
    "pcg 1e-8=1e-8 200 guess 3",
    "pcg 1e-6=1e-6 200 guess 3",
    "xl=1e-8 200 solver xl",
]
PIECE = 2.0  # ps that one LAMMPS computes; restart files join the pieces
START = """
units metal
atom_style charge
{read}
pair_style rfmeam/qeq
pair_coeff * * {potential} Li F
neighbor 1.0 bin
timestep {timestep}
fix nve all nve
fix charges all qeq/vc 1 {fix}
"""
WARM_UP = """
min_modify dmax 0.05
minimize 0 0.01 200 400
reset_timestep 0
velocity all create {start} 4711 mom yes
fix warm all langevin {temperature} {temperature} 0.1 815
run {warm}
unfix warm
velocity all zero linear
reset_timestep 0
write_restart next.restart
"""
RUN = """
thermo 10
thermo_style custom step temp etotal f_charges[4] f_charges[6]
thermo_modify line yaml format float %.17g
run {steps}
write_restart next.restart
"""
COLUMNS = ("Step", "Temp", "TotEng", "f_charges[4]", "f_charges[6]")


def lif() -> Atoms:
    """64 atoms of rocksalt."""
    return bulk("LiF", "rocksalt", a=LATTICE, cubic=True).repeat(2)


def interface() -> Atoms:
    """Li(001)|LiF(001), 296 atoms: 4 x 4 cells of bcc on 5 x 5 primitive ones of the salt, turned by 45 degrees."""
    a, gap, width = LATTICE, 2.1, 5 * LATTICE / np.sqrt(2)
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


def lammps(script: str, folder: Path) -> str:
    (folder / "in.lammps").write_text(script)
    command = ["lmp", "-in", "in.lammps", "-log", "none", "-nocite"]
    process = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if process.returncode != 0:
        raise SystemExit(process.stdout[-3000:] + process.stderr)
    return process.stdout


def warm_up(atoms: Atoms, potential: Path, temperature: float, timestep: float, steps: int, folder: Path) -> None:
    """Minimised, and so many steps (of ps) at a temperature (K), into last.restart of the folder."""
    write_lammps_data(folder / "system.data", atoms, specorder=["Li", "F"], atom_style="charge", masses=True)
    words = {"read": "read_data system.data", "potential": potential.resolve(), "fix": "1e-8 200"}
    words |= {"timestep": timestep, "start": 2 * temperature, "temperature": temperature, "warm": steps}
    lammps((START + WARM_UP).format(**words), folder)
    (folder / "next.restart").replace(folder / "last.restart")


def start_again(potential: Path, timestep: float, fix: str) -> str:
    """Input that goes on from last.restart."""
    read = "read_restart last.restart"
    return START.format(read=read, potential=potential.resolve(), timestep=timestep, fix=fix)


def append_rows(output: str, file: Path) -> None:
    """The piece's thermo output below that of earlier ones, counts going on from theirs; one that was cut off before
    its restart file was in place comes again."""
    table = yaml.safe_load(re.findall(r"^---\n(keywords:.*?)^\.\.\.$", output, re.S | re.M)[-1])
    columns = dict(zip(table["keywords"], np.array(table["data"], dtype=float).T, strict=True))
    rows = np.stack([columns[name] for name in COLUMNS], axis=1)
    if file.exists():
        earlier = np.load(file)
        earlier = earlier[earlier[:, 0] <= rows[0, 0]]
        rows[:, 3:] += earlier[-1, 3:] - rows[0, 3:]
        rows = np.vstack([earlier, rows[1:]])
    np.save(file, rows)


@contextmanager
def kept(folder: Path | None, name: str) -> Iterator[Path]:
    if folder:
        (folder / name).mkdir(parents=True, exist_ok=True)
        yield folder / name
    else:
        with tempfile.TemporaryDirectory() as temporary:
            yield Path(temporary)


def run(
    potential: Path, system: str, temperature: float, fix: str, picoseconds: float, timestep: float, folder: Path
) -> Drift:
    """Goes on from what is in the folder until the run is as long as asked for."""
    atoms = SYSTEMS[system]()
    file = folder / "thermo.npy"
    if not (folder / "last.restart").exists():
        warm_up(atoms, potential, temperature, timestep, round(2.0 / timestep), folder)
    steps = round(picoseconds / timestep)
    while (done := int(np.load(file)[-1, 0]) if file.exists() else 0) < steps:
        piece = min(round(PIECE / timestep), steps - done)
        append_rows(lammps(start_again(potential, timestep, fix) + RUN.format(steps=piece), folder), file)
        (folder / "next.restart").replace(folder / "last.restart")
    step, temperatures, energy, products, full = np.load(file).T
    energy = energy * 1000 / len(atoms)
    begin = len(energy) // 50  # the first solves, and what a start does
    slope, error, spread = drift_of(step[begin:] * timestep, energy[begin:])
    return Drift(slope, error, spread, np.ptp(products) / step[-1], np.ptp(full) / step[-1], temperatures.mean())


def main(
    ps: Annotated[float, typer.Option(help="length of each run")] = 100.0,
    timestep: Annotated[float, typer.Option(help="ps")] = 0.001,
    potential: Annotated[Path, typer.Option(help="*.rfmeam file of Li and F")] = LIF,
    system: Annotated[list[str] | None, typer.Option(help="LiF or interface")] = None,
    temperature: Annotated[list[float] | None, typer.Option(help="K")] = None,
    fix: Annotated[list[str] | None, typer.Option(help="NAME=words after Nevery of fix qeq/vc")] = None,
    folder: Annotated[Path | None, typer.Option(help="keep runs here, and go on with those that are here")] = None,
) -> None:
    print("system temperature fix: drift meV/atom/ps (+- 2 sigma), rms meV/atom, products a step, full solves a step")
    for name in system or SYSTEMS:
        for kelvin in temperature or (300.0, 900.0):
            for words in fix or FIXES:
                label, arguments = words.split("=", 1)
                run_name = f"{potential.stem} {name} {kelvin:g} K {label} {timestep:g} ps"
                with kept(folder, run_name.replace(" ", "_")) as place:
                    d = run(potential, name, kelvin, arguments, ps, timestep, place)
                print(
                    f"{name} {kelvin:g} K ({d.temperature:.0f} K) {label}: {d.slope:+.2e} +- {d.error:.1e}, "
                    f"{d.spread:.2e}, {d.products:.2f}, {d.full_solves:.1e}",
                    flush=True,
                )


if __name__ == "__main__":
    typer.run(main)
