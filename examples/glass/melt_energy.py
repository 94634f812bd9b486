"""Whether charges find their minimum in melts by LBS.rfmeam at 3000 K, and energy is conserved.

    ./dev shell python examples/glass/melt_energy.py      # after small.py

2 ps of NVE from the melt of the first seed of each sample; writes examples/glass/small/melts.json.
LAMMPS ends with an error in a step without a minimum or without convergence
(potentials/LBS.lmp: onfail error).
"""

import json
from pathlib import Path

import numpy as np
from rfmeam.glass import composition, force_field, lammps
from rfmeam.thermo import read_log

HERE = Path(__file__).resolve().parent
LBS = HERE.parents[1] / "potentials" / "LBS.lmp"
STEPS, EVERY, TIMESTEP = 1000, 10, 2.0  # fs
THERMO = "step temp etotal f_charges f_charges[2] f_charges[5]"


def main() -> None:
    found = {}
    for melt in sorted((HERE / "runs" / "small").glob("*-LBS/seed-1/melt.data")):
        sample = melt.parents[1].name.removesuffix("-LBS")
        found[sample] = conservation(melt, sample)
        print(sample, found[sample], flush=True)
    (HERE / "small" / "melts.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


def conservation(melt: Path, sample: str) -> dict:
    """NVE from the end of the melt. drift: the slope of the total energy over time."""
    model = composition.build_model(composition.parse_sample(sample), 300)
    elements = list(force_field.load(str(LBS), model).elements)
    head = lammps.header(elements, composition.MASSES, f"read_data {melt.name}", TIMESTEP)
    lines = [*head, "fix ensemble all nve", f"thermo {EVERY}", f"thermo_style custom {THERMO}"]
    lines += ["thermo_modify format float %.10g", f"run {STEPS}"]
    script = "\n".join([*lines, ""])
    lammps.run_script(script, melt.parent, "nve", lammps.Machine(), data_folder=LBS.parent)
    columns = read_log(melt.parent / "nve.out").values()  # in the order of THERMO
    step, temperature, energy, iterations, residual, walls = columns
    time = step * TIMESTEP / 1000  # ps
    slope, level = np.polyfit(time, energy, 1)
    scatter = energy - slope * time - level
    error = scatter.std() / np.sqrt(len(time)) / time.std()
    milli = 1000 / model.atoms  # meV/atom of eV
    return {
        "atoms": model.atoms,
        "ps": float(time[-1]),
        "mean temperature K": round(float(temperature.mean())),
        "drift meV/atom/ps": round(float(slope) * milli, 3),
        "± meV/atom/ps": round(2 * float(error) * milli, 3),
        "fluctuation meV/atom": round(float(scatter.std()) * milli, 3),
        "iterations, most": int(iterations.max()),
        "largest residual eV/e": float(f"{residual.max():.2g}"),
        "atoms beyond a wall %": round(100 * float(walls.mean()) / model.atoms, 1),
    }


if __name__ == "__main__":
    main()
