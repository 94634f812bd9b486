"""Runs the program lmp with the plugin and reads its results to full precision."""

import functools
import os
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import yaml
from ase import Atoms

import rfmeam

DATA = Path(__file__).resolve().parents[1] / "data"
NAP = DATA / "nap"

# k_e of nap (14.3998554737 eV Å/e^2) against that of LAMMPS' metal units (14.399645)
DIELECTRIC_OF_NAP = 0.99998538362
KCAL_PER_EV = 23.060549  # utils::get_conversion_factor of LAMMPS
PRESSURE_OF_VIRIAL = {"metal": 1.6021765e6, "real": 68568.415}  # nktv2p: units of p V in energy
K_E = {"metal": 14.399645, "real": 332.06371}  # qqr2e


# ---- ways to run LAMMPS --------------------------------------------------------------------------


@dataclass(frozen=True)
class Variant:
    """How a script is run: number of MPI ranks, Kokkos threads (0: plain styles) or GPUs, options of package
    kokkos (default: communication and sorting by LAMMPS' own choice)."""

    ranks: int = 1
    threads: int = 0
    gpus: int = 0
    package: str = ""

    @property
    def kokkos(self) -> bool:
        return self.threads > 0 or self.gpus > 0

    def __str__(self) -> str:
        kind = f"kk-t{self.threads}" if self.threads else f"kk-g{self.gpus}" if self.gpus else "plain"
        return "-".join([kind, f"n{self.ranks}", *self.package.split()])

    def command(self, replicas: int = 1) -> list[str]:
        """Command line up to the input script; several replicas are partitions of as many ranks each."""
        command = ["lmp"]
        if self.ranks * replicas > 1:
            command = ["mpirun", "-np", str(self.ranks * replicas), "lmp"]
        if replicas > 1:
            command += ["-partition", f"{replicas}x{self.ranks}"]
        if self.threads:
            command += ["-k", "on", "t", str(self.threads), "-sf", "kk"]
        if self.gpus:
            command += ["-k", "on", "g", str(self.gpus), "-sf", "kk"]
        if self.package or self.gpus:
            newton = ["newton", "on", "neigh", "half"] if self.gpus else []
            command += ["-pk", "kokkos", *newton, *self.package.split()]
        return command


PLAIN = Variant()
DEVICE = "comm device sort device"  # what LAMMPS chooses on GPUs
PLAIN_FIX_ON_GPU = "Fix qeq/vc with pair style rfmeam/qeq/kk on another device: allowed is fix qeq/vc/kk"


@functools.cache
def build_of_lammps() -> str:
    """The part of `lmp -h` that tells how LAMMPS was built."""
    help_text = subprocess.run(["lmp", "-h"], capture_output=True, text=True, env=environment(), check=True).stdout
    return help_text[help_text.find("OS:") :]


def has_package(name: str) -> bool:
    return name in re.search(r"Installed packages:\s*(.*?)\s*\n\n", build_of_lammps(), re.S)[1].split()


def needs_package(name: str) -> pytest.MarkDecorator:
    """Skips a test for which LAMMPS lacks a package."""
    return pytest.mark.skipif(not has_package(name), reason=f"LAMMPS without the package {name}")


def has_style(style: str) -> bool:
    return style in build_of_lammps().split()


def needs_style(style: str) -> pytest.MarkDecorator:
    """Skips a test for which LAMMPS lacks a style, which may need several packages."""
    return pytest.mark.skipif(not has_style(style), reason=f"LAMMPS without the style {style}")


# what is tried in two ways, or serially, to save time: in each of few_variants()
EVERY_VARIANT = os.environ.get("RFMEAM_TEST_VARIANTS", "") == "all"
# Kokkos threads to test with; on more than one rank the first
THREADS = [int(word) for word in os.environ.get("RFMEAM_TEST_THREADS", "1 2").split()]


def precision() -> str:
    """Floating-point precision of the kk styles: double (also without KOKKOS), mixed or single."""
    found = re.search(r"KOKKOS package precision: (\w+)", build_of_lammps())
    return found[1] if found else "double"


def variants() -> list[Variant]:
    """All ways to run this LAMMPS that must agree to rounding, the plain serial one first."""
    return [v for v in all_variants() if not v.kokkos or precision() == "double"]


def all_variants() -> list[Variant]:
    """All ways to run this LAMMPS, the plain serial one first."""
    build = build_of_lammps()
    mpi = "MPI STUBS" not in build and shutil.which("mpirun") is not None
    kokkos = re.search(r"KOKKOS package API:(.*)", build)
    ranks = (1, 2, 4) if mpi else (1,)
    result = [Variant(n) for n in ranks]
    if kokkos:
        if {"CUDA", "HIP"} & set(kokkos[1].split()):
            result.append(Variant(gpus=1))
        else:
            result += [Variant(threads=t) for t in THREADS]
            if mpi:
                result += [Variant(2, threads=THREADS[0], package=DEVICE), Variant(4, threads=THREADS[0])]
    return result


def two_variants() -> list[Variant]:
    """The two of them that differ most, for what is tried with many commands."""
    few = few_variants()
    return few if EVERY_VARIANT else few[:1] + few[1:][-1:]


def serial_variants() -> list[Variant]:
    """Those on one rank, for what does not depend on ranks by its nature."""
    return [v for v in few_variants() if v.ranks == 1 or EVERY_VARIANT]


def kokkos_variants() -> list[Variant]:
    return [v for v in variants() if v.kokkos]


def few_variants() -> list[Variant]:
    """Those that differ in the code they run: plain and Kokkos, serial and parallel."""
    t = THREADS[0]
    wanted = [PLAIN, Variant(2), Variant(threads=t), Variant(2, threads=t, package=DEVICE), Variant(gpus=1)]
    return [v for v in wanted if v in variants()]


def migration_variants() -> list[Variant]:
    """Every way in which atoms and their data change places."""
    wanted = [Variant(4, threads=THREADS[0], package=package) for package in ("", DEVICE, "comm/fix/forward no")]
    mpi = [v for v in variants() if v.ranks == 4]
    return few_variants() + [v for v in mpi if not v.kokkos] + (wanted if wanted[0] in mpi else [])


# Open MPI's files: runs that begin at the same time in one folder stop with "prte_session_dir failed"
_SESSIONS = tempfile.TemporaryDirectory(prefix="mpi")


def environment() -> dict[str, str]:
    """As many ranks as we like, on however few cores, and none that waits in a busy loop."""
    oversubscribe = {
        "OMPI_MCA_mpi_yield_when_idle": "1",
        "OMPI_MCA_rmaps_base_oversubscribe": "1",
        "PRTE_MCA_rmaps_default_mapping_policy": ":oversubscribe",
    }
    one_thread = {"OMP_NUM_THREADS": "1", "OMP_PROC_BIND": "false"}
    return {**oversubscribe, **os.environ, **one_thread, "TMPDIR": _SESSIONS.name}


# ---- systems -------------------------------------------------------------------------------------


def rocksalt(cells: int, a: float = 4.2, seed: int = 1, rattle: float = 0.1, **kwargs) -> Atoms:
    """Rattled Li-F rocksalt of 8 cells^3 atoms with charges near the equilibrium of `potential()`."""
    cell = np.array([[0, 0, 0], [0, 1, 1], [1, 0, 1], [1, 1, 0]]) / 2
    grid = np.stack(np.meshgrid(*[np.arange(cells)] * 3, indexing="ij"), -1).reshape(-1, 1, 3)
    lithium = (grid + cell).reshape(-1, 3) * a
    fluorine = lithium + np.array([a / 2, 0, 0])
    positions = np.concatenate([lithium, fluorine])
    n = len(lithium)
    atoms = Atoms(["Li"] * n + ["F"] * n, positions, cell=[cells * a] * 3, pbc=True, **kwargs)
    return rattled(atoms, rattle, seed)


def rattled(atoms: Atoms, amplitude: float, seed: int) -> Atoms:
    """Atoms moved at random by up to the amplitude (Å) and given random charges, neutral in total."""
    rng = np.random.default_rng(seed)
    atoms.positions += rng.uniform(-amplitude, amplitude, (len(atoms), 3))
    charges = np.where(atoms.symbols == "Li", 0.6, -0.6) + rng.uniform(-0.1, 0.1, len(atoms))
    atoms.set_initial_charges(charges - charges.mean())
    return atoms


def triclinic(atoms: Atoms, xy: float = 0.12, xz: float = -0.08, yz: float = 0.15) -> Atoms:
    """The same atoms in a sheared cell (tilts as fractions of the edges)."""
    a, b, c = atoms.cell.lengths()
    atoms = atoms.copy()
    atoms.set_cell([[a, 0, 0], [xy * a, b, 0], [xz * a, yz * b, c]], scale_atoms=True)
    return atoms


def disordered(n: int, seed: int = 7, density: float = 0.085, closest: float = 1.6) -> Atoms:
    """n atoms, half of them Li, at random in a cubic box, no two closer than `closest` (Å)."""
    rng = np.random.default_rng(seed)
    edge = (n / density) ** (1 / 3)
    positions = np.empty((0, 3))
    while len(positions) < n:
        x = rng.uniform(0, edge, 3)
        d = positions - x
        d -= edge * np.round(d / edge)
        if len(d) == 0 or (d**2).sum(axis=1).min() > closest**2:
            positions = np.vstack([positions, x])
    atoms = Atoms(["Li", "F"] * (n // 2), positions, cell=[edge] * 3, pbc=True)
    return rattled(atoms, 0.0, seed)


def data_file(atoms: Atoms, types: list[str], velocities: bool = False) -> str:
    """LAMMPS data file, atom style charge; cell vectors must already be lower triangular."""
    (a, _, _), (xy, b, _), (xz, yz, c) = atoms.cell.array
    lines = [
        "written by the tests",
        "",
        f"{len(atoms)} atoms",
        f"{len(types)} atom types",
        f"0 {a:.17g} xlo xhi",
        f"0 {b:.17g} ylo yhi",
        f"0 {c:.17g} zlo zhi",
    ]
    if xy or xz or yz:
        lines.append(f"{xy:.17g} {xz:.17g} {yz:.17g} xy xz yz")
    masses = {"Li": 6.94, "F": 18.998, "O": 15.999}
    lines += ["", "Masses", ""]
    lines += [f"{t + 1} {masses.get(el, 10.0)}" for t, el in enumerate(types)]
    lines += ["", "Atoms # charge", ""]
    charges = atoms.get_initial_charges()
    for i, (symbol, q, x) in enumerate(zip(atoms.symbols, charges, atoms.positions, strict=True)):
        lines.append(f"{i + 1} {types.index(symbol) + 1} {q:.17g} {x[0]:.17g} {x[1]:.17g} {x[2]:.17g}")
    return "\n".join(lines) + "\n"


# ---- potentials ----------------------------------------------------------------------------------

MEAM = """
atomic Li  1.0  1.20 -0.10 0.05 0.30   1.0 0.6 0.8 0.5   1.10 1.30 1.20 1.40   0.30 -0.20 0.15
atomic F   0.8  0.90  0.20 0.02 0.25   1.4 0.7 0.5 0.9   1.30 1.50 1.10 1.60  -0.20  0.25 0.10
pair Li Li timonova-thijsse  5.00 4.20  2.9 5.0 0.060  0.10 0.02   1.0 0.9 1.1 0.8
pair Li F  srinivasan-duff   2.30 2.60 4.80   8.0 0.50 -0.03   0.9 1.1 0.7 1.2
pair F  F  timonova-thijsse  4.60 3.90  3.0 6.0 0.050  0.08 0.01   1.1 0.8 1.0 0.9
triple *  *  * 0.5 2.8
triple F  Li Li 0.8 2.0
triple Li Li F 0.4 6.0
"""
CHARGES = """
charge Li 3.0  9.0  0.1
charge F  8.0 14.0 -0.2
"""
COULOMB = {
    "screened_cut": "coulomb screened_cut 6.5\nrho Li 1.8\nrho F 2.2\nrho Li F 2.1\n",
    "direct_cut": "coulomb direct_cut 6.5\n",
    "gaussian": "coulomb gaussian 6.5\nwidth Li 0.7\nwidth F 0.9\n",
    "screened_gaussian": "coulomb screened_gaussian 6.5 2.6\nwidth Li 0.7\nwidth F 0.9\n",
    "slater": "coulomb slater 6.5 0.2\nslater Li 0.9 0.8\nslater F 1.2 0.3\n",
    "shielded": "coulomb shielded 6.5\nshielding Li 0.5\nshielding F 0.7\n",
}
WALLS = "wall Li upper 30 0.25\nwall F lower 200 -0.3\n"  # amid the charges of rocksalt()
FADE = "fade Li 1.5\nfade F 0.4\n"
# weights with which no environment is saturated, each ordered pair its own
ENVIRONMENT = """
environment Li  5.0 0.9
environment F  -7.0 1.2
environment_weight * * 0.1
environment_weight Li F 0.06
environment_weight F Li 0.05
"""
ENVIRONMENT_CHARGES = "environment_charge Li 0.4\nenvironment_charge F -0.7\n"  # with environments
# the third pair form instead of another
EXPONENTIAL = ("3.0 6.0 0.050  0.08 0.01", "3.0 0.020 3.0 -0.05 1.5")


def environment_potential(coulomb: str = "screened_cut", walls: str = "", environment: str = ENVIRONMENT) -> str:
    """With environments and all three pair forms."""
    text = potential(coulomb=coulomb, walls=walls + environment)
    line = "pair F  F  timonova-thijsse  4.60 3.90  "
    assert line + EXPONENTIAL[0] in text
    return text.replace(line + EXPONENTIAL[0], line.replace("timonova-thijsse", "double-exponential") + EXPONENTIAL[1])


def potential(meam: bool = True, coulomb: str | None = "screened_cut", walls: str = "") -> str:
    """A potential file for Li and F. Its parameters exercise every term; they are no material."""
    text = "# UNITS: metal DATE: 2026-11-21 CONTRIBUTOR: tests\nformat rfmeam 1\nelements Li F\n"
    text += MEAM if meam else ""
    text += CHARGES + COULOMB[coulomb] + walls if coulomb else ""
    return text + "end\n"


# ---- scripts and results -------------------------------------------------------------------------


def model(
    *,
    fix: str = "all qeq/vc 1 1e-12 200",
    units: str = "metal",
    start: str = "",
    style: str = "rfmeam/qeq",
    coeff: str = "* * LiF.rfmeam Li F",
) -> str:
    """The usual beginning of a script; `start` comes before the box, fix = "" leaves the fix out."""
    lines = [
        f"units {units}",
        "atom_style charge",
        start,
        "read_data system.data",
        f"pair_style {style}",
        *(f"pair_coeff {c}" for c in coeff.split("; ")),
        f"fix qeq {fix}" if fix else "",
    ]
    return "\n".join(lines) + "\n"


FULL = "%.17g"
STRESS = [f"c_stress[{i}]" for i in range(1, 7)]
PERATOM = ["density", "embedding", "electronegativity"]


def observe(fix: bool = True, stress: bool = True, peratom: bool = True, pair: str = "rfmeam/qeq") -> str:
    """Adds everything the styles compute to the thermo output and to observe.dump."""
    thermo = "step pe evdwl ecoul c_terms c_terms[*] vol c_press[*]"
    dump = "id type x y z q fx fy fz c_energy"
    lines = [
        f"compute terms all pair {pair}",
        "compute press all pressure NULL virial",
        "compute energy all pe/atom pair",
    ]
    if fix:
        thermo += " f_qeq f_qeq[*]"
    if stress:
        lines.append("compute stress all stress/atom NULL pair")
        dump += " c_stress[*]"
    if peratom:
        lines.append(f"fix peratom all pair 1 {pair} " + " ".join(f"{name} 0" for name in PERATOM))
        dump += " f_peratom[*]"
    lines += [
        f"dump observe all custom 1 observe.dump {dump}",
        f"dump_modify observe sort id format float {FULL}",
    ]
    return "\n".join(lines) + "\n" + thermo_output(thermo)


def thermo_output(columns: str, every: int = 1) -> str:
    return f"thermo {every}\nthermo_style custom {columns}\nthermo_modify line yaml format float {FULL}\n"


# the atoms as they are now, where a dump would be in the way of a command
WRITE_END = "write_dump all custom end.dump id type x y z q fx fy fz modify sort id format float %.17g\n"


@dataclass
class Frame:
    """One snapshot of a dump: columns by name, sorted by atom ID, and its box: rows are vectors, from the origin."""

    step: int
    columns: dict[str, np.ndarray]
    cell: np.ndarray
    origin: np.ndarray
    pbc: list[bool]

    def __getitem__(self, name: str) -> np.ndarray:
        return self.columns[name]

    def vectors(self, *names: str) -> np.ndarray:
        return np.stack([self.columns[name] for name in names], axis=-1)

    @property
    def forces(self) -> np.ndarray:
        return self.vectors("fx", "fy", "fz")

    @property
    def positions(self) -> np.ndarray:
        return self.vectors("x", "y", "z")

    def system(self, elements: str = "Li F") -> rfmeam.System:
        """The atoms, their types named."""
        symbols = [elements.split()[int(t) - 1] for t in self["type"]]
        return rfmeam.System(self.cell, self.pbc, self.positions - self.origin, symbols)


@dataclass
class Result:
    """What a run of lmp left behind."""

    folder: Path
    returncode: int
    log: str  # screen output, standard error included

    def series(self, column: str) -> np.ndarray:
        """A thermo column over all runs of the script."""
        found = [np.array([row[column] for row in table]) for table in self.thermo()]
        return np.concatenate(found) if found else np.empty(0)

    def last(self, column: str) -> float:
        return float(self.series(column)[-1])

    def thermo(self) -> list[list[dict[str, float]]]:
        """The thermo tables of all runs: rows of column name and value."""
        tables = []
        for block in re.findall(r"^---\n(keywords:.*?)^\.\.\.$", self.log, re.S | re.M):
            content = yaml.safe_load(block)
            rows = content["data"] or []
            tables.append([dict(zip(content["keywords"], map(float, r), strict=True)) for r in rows])
        return tables

    def printed(self, name: str) -> list[list[float]]:
        """Numbers of all lines 'name: a b c' on the screen, printed by the script."""
        lines = re.findall(rf"^{name}: (.*)$", self.log, re.M)
        return [[float(word) for word in line.split()] for line in lines]

    def warnings(self) -> list[list[str]]:
        """What the fix warned about, by runs."""
        runs = self.log.split("Per MPI rank memory allocation")
        return [[line for line in run.splitlines() if re.match("WARNING.*qeq/vc", line)] for run in runs]

    def frames(self, name: str = "observe.dump") -> list[Frame]:
        return read_dump(self.folder / name)

    def frame(self, name: str = "observe.dump") -> Frame:
        return self.frames(name)[-1]


def read_dump(path: Path) -> list[Frame]:
    frames = []
    lines = path.read_text().splitlines()
    at = 0
    while at < len(lines):
        step, count = int(lines[at + 1]), int(lines[at + 3])
        names = lines[at + 8].split()[2:]
        box = [[float(word) for word in line.split()] for line in lines[at + 5 : at + 8]]
        xy, xz, yz = (row[2] for row in box) if len(box[0]) == 3 else (0.0, 0.0, 0.0)
        low = np.array([row[0] for row in box]) - [min(0, xy, xz, xy + xz), min(0, yz), 0]
        high = np.array([row[1] for row in box]) - [max(0, xy, xz, xy + xz), max(0, yz), 0]
        a, b, c = high - low
        cell = np.array([[a, 0, 0], [xy, b, 0], [xz, yz, c]])
        pbc = [word == "pp" for word in lines[at + 4].split()[-3:]]
        rows = [line.split() for line in lines[at + 9 : at + 9 + count]]
        table = np.array(rows, dtype=float).reshape(count, len(names))
        table = table[np.argsort(table[:, names.index("id")])] if count else table
        frames.append(Frame(step, {name: table[:, c] for c, name in enumerate(names)}, cell, low, pbc))
        at += 9 + count
    return frames


# ---- what must come out --------------------------------------------------------------------------


def check_frame(frame: Frame, energy: float, total: float, *, text: str | None = None, tolerance: float = 1e-9) -> None:
    """Charges (e), forces (eV/Å) and energy (eV) against the dense solve and the sum over images of the physics
    library, which knows nothing of neighbor lists, ranks and histories; absolute."""
    parsed, system = rfmeam.Potential.parse(text or potential()), frame.system()
    charges = rfmeam.equilibrate(parsed, system, total, K_E["metal"])
    expected = rfmeam.evaluate(parsed, system, charges, K_E["metal"])
    np.testing.assert_allclose(frame["q"], charges, rtol=0, atol=tolerance, err_msg="charges")
    np.testing.assert_allclose(frame.forces, expected.forces, rtol=0, atol=10 * tolerance, err_msg="forces")
    assert energy == pytest.approx(expected.total, abs=100 * tolerance), "potential energy"


def check_against_dense(result: Result, total: float, *, name: str = "observe.dump", **options) -> None:
    """The last frame of a dump and the last potential energy of the thermo output."""
    energy = options.pop("energy", None)
    check_frame(result.frame(name), result.last("PotEng") if energy is None else energy, total, **options)


def check_equilibrium(lammps, system: Atoms, text: str, fix: str, variant: Variant) -> None:
    """Charges, forces and energies of the package rfmeam, which solves densely and sums over images; dE/dq the same
    for all atoms; energies of the atoms that add up."""
    result = lammps(model(fix=fix) + observe(stress=False) + "run 0\n", system, text, variant=variant)
    check_against_dense(result, system.get_initial_charges().sum(), text=text)
    frame = result.frame()
    np.testing.assert_allclose(frame["f_peratom[3]"], result.last("f_qeq[1]"), rtol=0, atol=1e-9)
    assert frame["c_energy"].sum() == pytest.approx(result.last("PotEng"), rel=1e-12)


def check_energy_error(
    lammps, system: Atoms, text: str, fix: str, variant: Variant, columns: str = "step temp etotal"
) -> list[Result]:
    """Half the step, a quarter of the energy error, from 600 K. The runs, with these columns of thermo output."""
    results, deviations = [], []
    for timestep, steps in ((0.001, 80), (0.0005, 160)):
        script = model(fix=fix) + "velocity all create 600 4711 loop all\nfix nve all nve\n"
        script += f"timestep {timestep}\n" + thermo_output(columns, every=4) + f"run {steps}\n"
        results.append(lammps(script, system, text, variant=variant))
        total = results[-1].series("TotEng")
        deviations.append(np.abs(total - total[0]).max())
    assert deviations[0] < 0.2
    assert 3.2 < deviations[0] / deviations[1] < 5.0
    return results
