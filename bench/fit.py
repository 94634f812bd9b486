"""How long a fit needs for all of data/li_f: values, and derivatives by 60 parameters, on all processors.

./dev shell python bench/fit.py

Beside it, for 20 of the structures, what optimisers do that run an MD program for each: files, a program start, one
evaluation (LAMMPS with this package's plugin, one rank); and the ratio for these 20. Medians of five.
"""

import re
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from ase import Atoms
from ase.io import read
from ase.io.lammpsdata import write_lammps_data
from rfmeam.calculator import system_of

from rfmeam import Potential, StructureSet, parameter_names

ROOT = Path(__file__).parents[1]
POTENTIAL = ROOT / "potentials/LiF-q.rfmeam"
SCRIPT = """
units metal
atom_style charge
read_data system.data
mass 1 6.94
mass 2 18.998
pair_style rfmeam/qeq
pair_coeff * * {potential} Li F
fix charges all qeq/vc 1 1e-8 200
dump forces all custom 1 forces.txt id q fx fy fz
run 0 post no
"""


def structures() -> list[Atoms]:
    """All of data/li_f, training and validation."""
    files = sorted((ROOT / "data/li_f").glob("[tv]*/*.extxyz"))
    return [atoms for file in files for atoms in read(file, ":")]


def seconds(run: Callable[[], object], repeats: int = 5) -> float:
    """Median time of a call."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def program_starts(atoms: list[Atoms]) -> None:
    """One evaluation of each structure by files and a start of LAMMPS."""
    for each in atoms:
        with tempfile.TemporaryDirectory() as folder:
            data = Path(folder) / "system.data"
            write_lammps_data(data, each, atom_style="charge", specorder=["Li", "F"])
            (Path(folder) / "in.lammps").write_text(SCRIPT.format(potential=POTENTIAL))
            command = ["lmp", "-in", "in.lammps", "-log", "none", "-nocite"]
            done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
            if done.returncode:
                error = re.findall(r"ERROR.*", done.stdout + done.stderr)
                raise SystemExit(f"LAMMPS failed: {error[:1] or done.stderr}")


def main() -> None:
    potential = Potential.read(POTENTIAL)
    atoms = structures()
    systems = [system_of(each) for each in atoms]
    chosen = StructureSet(potential, systems)
    names = parameter_names(potential)[:60]
    print(f"{len(chosen)} structures, {chosen.num_atoms} atoms")
    print(f"neighbours, once       {seconds(lambda: StructureSet(potential, systems)):8.3f} s")
    print(f"values                 {seconds(lambda: chosen.evaluate(potential)):8.3f} s")
    jacobian = seconds(lambda: chosen.differentiate(potential, names))
    print(f"by {len(names)} parameters       {jacobian:8.3f} s")

    every = len(atoms) // 20
    some = atoms[::every][:20]
    few = StructureSet(potential, [system_of(each) for each in some])
    here = seconds(lambda: few.evaluate(potential), 25)
    there = seconds(lambda: program_starts(some))
    print(f"{len(some)} structures          {here:8.4f} s, by program starts {there:.2f} s: {there / here:.0f} times")


if __name__ == "__main__":
    main()
