"""Runs Li(001)|LLZO(001): structure, LAMMPS, numbers beside the expected ranges, picture.

Run it where lmp, the plugin and the Python package are at hand, such as in ./dev shell. The exit
status is 1 if LAMMPS stops, if energy or charge is not conserved, or if a number lies outside the
range that expected.json has for it.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from llzo_cell import CUT, build
from llzo_figure import draw
from llzo_layers import Frame, layers, profile, width
from rfmeam.thermo import read_log

HERE = Path(__file__).resolve().parent
POTENTIAL = HERE.parents[1] / "potentials" / "LLZO.rfmeam"
TIMESTEP, EQUILIBRATION = 0.002, 0.25  # ps; the part of the NVT frames that is left out
LARGEST = {
    "drift of the energy, NVE (meV/atom/ps)": 0.1,
    "total charge (e)": 1e-6,
}  # beyond: physics is broken


def simulate(
    folder: Path, potential: Path, cores: int, cut: float, variables: dict[str, object]
) -> None:
    """Raises RuntimeError with what LAMMPS says, where it stops."""
    (folder / "frames").mkdir(parents=True, exist_ok=True)
    for old in (folder / "frames").glob("*.dump"):
        old.unlink()
    print(build(folder / "structure.data", cut), flush=True)
    command = [
        "mpirun",
        "-np",
        str(cores),
        "lmp",
        "-in",
        str(HERE / "in.li_llzo"),
        "-log",
        "none",
    ]
    for name, value in {
        "potential": potential,
        "folder": folder,
        "timestep": TIMESTEP,
        **variables,
    }.items():
        command += ["-var", name, str(value)]
    run = subprocess.run(
        command,
        capture_output=True,
        text=True,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        check=False,
    )
    if run.returncode:
        lines = [*run.stdout.splitlines(), *run.stderr.splitlines()]
        raise RuntimeError(
            "LAMMPS stopped:\n"
            + "\n".join([line for line in lines if "ERROR" in line] or lines[-5:])
        )


def numbers(folder: Path, nvt: int) -> dict[str, float]:
    """All numbers of a finished run; draws the picture, too."""
    minimised = Frame.read(folder / "minimised.dump")
    files = sorted((folder / "frames").glob("*.dump"))
    frames = [Frame.read(file) for file in files if EQUILIBRATION * nvt < int(file.stem) <= nvt]
    cold, warm = layers(minimised), [layers(frame) for frame in frames]
    charges = np.mean([w.charges for w in warm], axis=0)
    thermo = read_log(folder / "dynamics.log")
    nve = thermo["Step"] > nvt
    drift = np.polyfit(thermo["Step"][nve] * TIMESTEP, thermo["TotEng"][nve], 1)[0]
    draw(minimised, frames, folder / "interface.png")
    lithium = minimised.species == "Li"
    lithium[minimised.metal.ravel()] = False
    return {
        "gap, minimised (Å)": cold.gap,
        "first layer towards the metal, minimised (Å)": cold.moved,
        "charge of the first layer, minimised (e)": float(cold.charges[0]),
        "charge of the second layer, minimised (e)": float(cold.charges[1]),
        "charge of the innermost layer, minimised (e)": float(cold.charges[-1]),
        "charge of Li in LLZO, minimised (e)": float(minimised.charges[lithium].mean()),
        "width of the charge profile, minimised (Å)": width(*profile([minimised])),
        "atoms that crossed, minimised": float(cold.crossed),
        "gap, 300 K (Å)": float(np.mean([w.gap for w in warm])),
        "charge of the first layer, 300 K (e)": float(charges[0]),
        "charge of the second layer, 300 K (e)": float(charges[1]),
        "charge of the innermost layer, 300 K (e)": float(charges[-1]),
        "width of the charge profile, 300 K (Å)": width(*profile(frames)),
        "atoms that crossed, 300 K": float(np.mean([w.crossed for w in warm])),
        "temperature (K)": float(
            thermo["Temp"][(thermo["Step"] > EQUILIBRATION * nvt) & ~nve].mean()
        ),
        "drift of the energy, NVE (meV/atom/ps)": 1000 * float(drift) / len(minimised.species),
        "total charge (e)": float(np.abs(thermo["f_charges[3]"]).max()),
    }


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cores", type=int, default=os.cpu_count(), help="MPI ranks")
    parser.add_argument(
        "--potential", type=Path, default=POTENTIAL, help="another Li-La-Zr-O potential"
    )
    parser.add_argument("--results", type=Path, default=HERE / "results", help="folder to write to")
    parser.add_argument("--cut", type=float, default=CUT, help="where LLZO is cut, in c")
    parser.add_argument("--nvt", type=int, default=1000, help="steps of 2 fs at 300 K")
    parser.add_argument("--nve", type=int, default=500, help="steps after that, at constant energy")
    parser.add_argument("--seed", type=int, default=20261126, help="of the velocities")
    parser.add_argument("--analyse", action="store_true", help="only analyse a finished run again")
    options = parser.parse_args(arguments)
    if not 0 <= options.cut <= 1:
        parser.error("--cut is 0 to 1")
    if options.cores < 1 or options.nvt < 200 or options.nve < 100 or options.seed < 1:
        parser.error("--cores and --seed are at least 1, --nvt 200, --nve 100")
    folder = options.results.resolve()
    try:
        if not options.analyse:
            variables = {"nvt": options.nvt, "nve": options.nve, "seed": options.seed}
            simulate(folder, options.potential.resolve(), options.cores, options.cut, variables)
        found = numbers(folder, options.nvt)
    except (RuntimeError, ValueError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    (folder / "results.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    return compare(found, json.loads((HERE / "expected.json").read_text(encoding="utf-8")))


def compare(found: dict[str, float], expected: dict[str, list[float]]) -> int:
    """Prints each number beside its range; 1 if one is outside, or physics is broken."""
    outside = 0
    for name, value in found.items():
        low, high = expected.get(
            name, (-LARGEST[name], LARGEST[name]) if name in LARGEST else (-np.inf, np.inf)
        )
        sound = low <= value <= high
        outside += not sound
        print(f"{name:48s} {value:10.4f}   {low:g} to {high:g}{'' if sound else '   OUTSIDE'}")
    return 1 if outside else 0


if __name__ == "__main__":
    sys.exit(main())
