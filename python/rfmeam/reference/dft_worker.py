"""Computes one structure with GPAW and its Bader charges with baderkit.

A script of its own, run as `PYTHON dft_worker.py JOB.json` by a Python that has both (dft.py starts
it): it imports nothing of this package. JOB.json holds the atoms, the method and the k-points;
the result is written as JSON to the job's `output`, and appears there only when it is complete.
"""

from __future__ import annotations

import json
import math
import os
import sys
import time
from pathlib import Path

import numpy as np
from ase import Atoms
from ase.optimize import BFGS
from ase.units import Bohr, Hartree

# What changes the time, not the result: GPAW's defaults are for cells of any length and shape.
# Measured: data/li_f/README.md, Speed.
MIXER = {"backend": "pulay", "beta": 0.15, "nmaxold": 5, "weight": 10.0}
EIGENSOLVER = {"name": "dav", "niter": 1}


def atoms_of(job: dict) -> Atoms:
    """The atoms of a job: symbols, positions and cell in Å, periodic."""
    atoms = Atoms(job["symbols"], positions=job["positions"], cell=job["cell"], pbc=True)
    if job["magnetic_moments"] is not None:
        atoms.set_initial_magnetic_moments(job["magnetic_moments"])
    return atoms


def calculator(job: dict):
    """GPAW with plane waves, set up as the job says."""
    from gpaw import GPAW, PW, setup_paths

    method = job["method"]
    occupations = {"name": method["smearing"], "width": method["smearing_width"]}
    if job["magnetic_moments"] is not None:
        occupations["fixmagmom"] = True
    setup_paths.insert(0, job["paw_folder"])
    return GPAW(
        mode=PW(method["cutoff"], dedecut=job["dedcutoff"]),
        h=min(method["grid_spacing"], math.pi / math.sqrt(4 * method["cutoff"] / Hartree) * Bohr),
        xc=method["functional"],
        setups=dict.fromkeys(method["generated_paw"], "made"),
        kpts=np.array(job["kpoints"]),
        symmetry="off" if method["kpoint_mesh"] == "quarter" else {},
        occupations=occupations,
        convergence={
            "energy": method["energy_tolerance"],
            "density": method["density_tolerance"],
            "eigenstates": method["eigenstate_tolerance"],
        },
        spinpol=job["magnetic_moments"] is not None,
        maxiter=method["max_iterations"],
        txt=job["log"],
        mixer=MIXER,
        eigensolver=EIGENSOLVER,
        nbands=-(4 + len(job["symbols"]) // 6),  # that many beyond the occupied ones
    )


def relax(atoms: Atoms, job: dict) -> int:
    """Moves the atoms downhill; goes on where an earlier run stopped.

    Returns the number of steps of this run. The last positions are kept in the job's
    `trajectory` (JSON, Å). Ends the program where forces stay larger than asked for.
    """
    path = Path(job["trajectory"])
    if path.exists():
        atoms.positions = np.array(json.loads(path.read_text()))
    optimiser = BFGS(atoms, logfile=None, maxstep=0.1, alpha=20)  # half the steps of ASE's 70
    optimiser.attach(lambda: write(path, atoms.positions.tolist()))
    force, steps = job["relax"]["force"], job["relax"]["steps"]
    if not optimiser.run(fmax=force, steps=steps):
        sys.exit(f"relaxation: forces above {force} eV/Å after {steps} steps; another goes on")
    return optimiser.nsteps


def bader_charges(
    atoms: Atoms, density: np.ndarray, method: dict
) -> tuple[np.ndarray, np.ndarray, float]:
    """Charges (e) by Bader's partition of the all-electron density (electrons/Å^3).

    Returns them, shape (n,), with the electrons as electrons_of_atoms gives them to the atoms;
    Bader's own, without the electrons of basins that have no nucleus; and the number of these
    electrons. The grid holds slightly more or less than all electrons; the rest is shared out in
    proportion, so that charges add up to 0.
    """
    from baderkit import Bader, Grid
    from baderkit.toolkit import Structure

    structure = Structure(
        atoms.cell.array, atoms.get_chemical_symbols(), atoms.get_scaled_positions()
    )
    grid = Grid(
        structure=structure, data={"total": density * atoms.get_volume()}, data_type="charge"
    )
    bader = Bader(charge_grid=grid, vacuum_tol=False)
    held = np.asarray(bader.basin_charges)
    held *= atoms.numbers.sum() / held.sum()
    owners = np.where(
        np.asarray(bader.basin_atom_dists) <= method["nucleus_within"], bader.basin_atoms, -1
    )
    labels = np.asarray(bader.maxima_basin_labels)
    maxima = np.rint(np.asarray(bader.maxima_frac) * density.shape).astype(int) % density.shape
    labels[tuple(maxima.T)] = np.arange(len(held))  # also for basins smaller than a point
    nuclear = owners >= 0
    own = np.bincount(owners[nuclear], held[nuclear], minlength=len(atoms))
    electrons = electrons_of_atoms(atoms, density, labels, held, owners, method)
    return atoms.numbers - electrons, atoms.numbers - own, float(held[~nuclear].sum())


def electrons_of_atoms(
    atoms: Atoms,
    density: np.ndarray,
    labels: np.ndarray,
    held: np.ndarray,
    owners: np.ndarray,
    method: dict,
) -> np.ndarray:
    """Electrons of each atom, shape (n,), from Bader's basins, mended where there is metal.

    density (electrons/Å^3) and labels, each point's basin, on a grid; held: each basin's electrons;
    owners: its atom, -1 without one. Each basin is its atom's but for two cases, `metals` and
    `basin_reach` of method.Method: points of basins of metals or of no atom go to the nearest
    metal atom, points of other basins out of reach of their atom to the nearest atom.
    """
    metal = np.isin(atoms.get_chemical_symbols(), method["metals"])
    everyone = np.arange(len(atoms))
    takers = {"metal": np.flatnonzero(metal) if metal.any() else everyone, "any": everyone}
    spacing = (atoms.get_volume() / density.size) ** (1 / 3)
    electrons = np.zeros(len(atoms))
    given = {kind: [] for kind in takers}  # points (m, 3) in Å and their electrons (m,)
    by_basin = np.argsort(labels, axis=None, kind="stable")
    ends = np.cumsum(np.bincount(labels.ravel(), minlength=len(owners)))
    for owner, inside, chosen in zip(owners, held, np.split(by_basin, ends[:-1]), strict=True):
        points = np.unravel_index(chosen, density.shape)
        places = np.transpose(points) / density.shape @ atoms.cell.array
        amounts = density[points]
        amounts *= inside / amounts.sum()
        if owner < 0 or metal[owner]:
            given["metal"].append((places, amounts))
            continue
        far = neighbours(atoms[[owner]], places)[0][:, 0] > method["basin_reach"]
        electrons[owner] += amounts[~far].sum()
        given["any"].append((places[far], amounts[far]))
    for kind, those in takers.items():
        if given[kind]:
            places, amounts = (np.concatenate(parts) for parts in zip(*given[kind], strict=True))
            electrons[those] += by_nearest_atom(atoms[those], places, amounts, spacing)
    return electrons


def neighbours(atoms: Atoms, places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Distances (Å) and numbers of the eight atoms, images included, nearest to places (m, 3)."""
    from scipy.spatial import cKDTree

    images = atoms.repeat((3, 3, 3))
    images.positions -= atoms.cell.array.sum(axis=0)
    distances, owners = cKDTree(images.positions).query(places, k=8)
    return distances, owners % len(atoms)


def by_nearest_atom(
    atoms: Atoms, places: np.ndarray, amounts: np.ndarray, spacing: float
) -> np.ndarray:
    """Sums amounts (m,) at places (m, 3), Å, by the atom nearest to each; shape (n,).

    A point stands for space as wide as the grid's spacing (Å). So atoms that are farther than the
    nearest by less than that share in it, the less the farther: a plane between two equal atoms
    gives them equal charges wherever the grid's points are.
    """
    distances, owners = neighbours(atoms, places)
    shares = np.maximum(0, 1 - (distances - distances[:, :1]) / spacing)
    shares *= (amounts / shares.sum(axis=1))[:, np.newaxis]
    return np.bincount(owners.ravel(), shares.ravel(), minlength=len(atoms))


def compute(job: dict) -> dict:
    """Energies (eV), forces (eV/Å), stress (eV/Å^3, ASE's signs), Bader charges (e), provenance."""
    import gpaw

    start = time.process_time()
    atoms = atoms_of(job)
    calc = calculator(job)
    atoms.calc = calc
    steps = relax(atoms, job) if job["relax"] else 0
    result = {
        "positions": atoms.positions.tolist(),
        "energy": atoms.get_potential_energy(),
        "free_energy": atoms.get_potential_energy(force_consistent=True),
        "forces": atoms.get_forces().tolist(),
        "stress": atoms.get_stress(voigt=True).tolist(),
        "largest_force": float(np.linalg.norm(atoms.get_forces(), axis=1).max()),
        "relax_steps": steps,
        "seconds_dft": time.process_time() - start,
    }
    if job["magnetic_moments"] is not None:
        result["magnetic_moment"] = float(atoms.get_magnetic_moment())
    start = time.process_time()
    density = calc.get_all_electron_density(gridrefinement=job["method"]["density_refinement"])
    if density.ndim == 4:
        density = density.sum(axis=0)
    charges, own, without_nucleus = bader_charges(atoms, density, job["method"])
    result["bader_charges"] = charges.tolist()
    result["bader_charges_own_basin"] = own.tolist()
    result["non_nuclear_electrons"] = without_nucleus
    result["density_electrons"] = float(density.mean() * atoms.get_volume())
    result["density_grid"] = list(density.shape)
    result["seconds_bader"] = time.process_time() - start
    result["program"] = f"GPAW {gpaw.__version__}"
    result["bader"] = f"baderkit {version('baderkit')}"
    result["paw"] = {
        setup.symbol: {"name": setup.type, "valence": float(setup.Nv), "md5": setup.fingerprint}
        for setup in calc.wfs.setups
    }
    return result


def version(package: str) -> str:
    """The installed version of a Python package."""
    from importlib.metadata import version

    return version(package)


def write(path: Path, value) -> None:
    """Writes JSON so that the file is there in full or not at all."""
    part = path.with_name(f"{path.name}.part")
    part.write_text(json.dumps(value))
    os.replace(part, path)


def main() -> None:
    job = json.loads(Path(sys.argv[1]).read_text())
    write(Path(job["output"]), compute(job))


if __name__ == "__main__":
    main()
