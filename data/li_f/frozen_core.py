"""LiF's lattice constant by the PAW data of lithium (1s frozen or not), of fluorine, and by the cutoff.

./dev shell --with gpaw sh -c '"$RFMEAM_DFT_PYTHON" data/li_f/frozen_core.py'      # two minutes
"""

from __future__ import annotations

import subprocess
from pathlib import Path

import numpy as np
from ase.build import bulk
from ase.eos import EquationOfState
from gpaw import GPAW, PW, setup_paths

SCRATCH = Path(__file__).resolve().parent / "scratch"
VOLUMES = np.linspace(15.34, 18.18, 5)  # Å^3 a pair
# name of a set: element and options of `gpaw dataset`; all scalar-relativistic, PBE
MADE_HERE = {
    "Li3": ("Li", "-P 1s,2s,2p,p,d -r 1.5 -e 3"),
    "F7": ("F", "-P 2s,s,2p,p,d -r 1.2,1.4 -e 7"),
}
CASES = [
    (540, {}),
    (900, {}),
    (800, {"F": "F7"}),
    (800, {"Li": "Li3"}),
    (540, {"Li": "Li3"}),
    (800, {"Li": "Li3", "F": "F7"}),
]


def lattice_constant(cutoff: float, setups: dict[str, str]) -> tuple[float, float]:
    """a (Å) and bulk modulus (GPa) of rocksalt LiF by energies at five volumes (Birch-Murnaghan)."""
    energies = []
    for volume in VOLUMES:
        atoms = bulk("LiF", "rocksalt", a=(4 * volume) ** (1 / 3))
        atoms.calc = GPAW(
            mode=PW(cutoff),
            xc="PBE",
            kpts={"size": (5, 5, 5), "gamma": True},
            setups=setups,
            convergence={"energy": 1e-5, "density": 1e-5},
            txt=str(SCRATCH / "frozen-core.txt"),
        )
        energies.append(atoms.get_potential_energy())
    volume, _, modulus = EquationOfState(VOLUMES, energies, eos="birchmurnaghan").fit()
    return (4 * volume) ** (1 / 3), modulus * 160.2176634


def main() -> None:
    SCRATCH.mkdir(exist_ok=True)
    for name, (symbol, options) in MADE_HERE.items():
        command = ["gpaw", "dataset", symbol, "-f", "PBE", "-s", "-w", "-n", "-t", name, *options.split()]
        subprocess.run(command, cwd=SCRATCH, stdout=subprocess.DEVNULL, check=True)
    setup_paths.insert(0, str(SCRATCH))
    print("| Li | F | cutoff (eV) | a (Å) | B (GPa) |\n|---|---|---|---|---|")
    for cutoff, setups in CASES:
        edge, modulus = lattice_constant(cutoff, setups)
        lithium = "1s as valence" if "Li" in setups else "1s frozen (Debian's)"
        fluorine = "made here" if "F" in setups else "Debian's"
        print(f"| {lithium} | {fluorine} | {cutoff} | {edge:.3f} | {modulus:.1f} |", flush=True)


if __name__ == "__main__":
    main()
