"""The input for LAMMPS that `rfmeam new` writes, each line explained."""

import datetime
from dataclasses import dataclass

from .errors import UserError


@dataclass(frozen=True)
class Run:
    """What is simulated."""

    temperature: float = 300.0  # K
    time: float = 10.0  # ps
    timestep: float = 1.0  # fs
    pressure: float | None = 0.0  # bar; None: the box keeps its shape
    seed: int = 1  # of the velocities

    def __post_init__(self):
        """Raises UserError for what cannot be simulated."""
        for name, value, low, high, unit in (
            ("temperature", self.temperature, 1.0, 10_000.0, "K"),
            ("time", self.time, 0.01, 1e6, "ps"),
            ("timestep", self.timestep, 0.05, 10.0, "fs"),
        ):
            if not low <= value <= high:
                raise UserError(f"--{name} {value:g}: allowed are {low:g} to {high:g} {unit}")

    @property
    def steps(self) -> int:
        return max(1, round(1000.0 * self.time / self.timestep))


def input_script(
    structure: str, data: str, potential: str, elements: list[str], charges: bool, run: Run
) -> str:
    """The text. elements: by atom type; charges: whether the potential has them."""
    name = data.removesuffix(".data")
    parts = [
        f"# {structure} with {potential}: relaxes atoms and box, then molecular dynamics.",
        f"# Made by rfmeam new, {datetime.date.today().isoformat()}. Run it with: "
        f"lmp -in in.{name}",
        "",
        *_system(data),
        "",
        *_interactions(potential, elements, charges),
        "",
        *_thermo(elements, charges),
        "",
        *_relaxation(name, run),
        "",
        *_dynamics(name, elements, charges, run),
    ]
    return "\n".join([*parts, ""])


def _system(data: str) -> list[str]:
    return [
        "units         metal       # Å, eV, ps, K, bar",
        "atom_style    charge      # each atom has a charge of its own",
        "boundary      p p p",
        f"read_data     {data}",
    ]


def _interactions(potential: str, elements: list[str], charges: bool) -> list[str]:
    lines = [
        "pair_style    rfmeam/qeq",
        f"pair_coeff    * * {potential} {' '.join(elements)}   # elements of types 1, 2, …",
    ]
    if charges:
        lines += [
            "# charges of lowest energy at every step (1), to a relative residual of 1e-6, in at "
            "most 100 iterations;",
            "# the total charge stays what it is in the data file: 0",
            "fix           charges all qeq/vc 1 1.0e-6 100",
        ]
    return [
        *lines,
        "neighbor      1.0 bin     # Å that atoms may move until neighbours are sought anew",
    ]


def _thermo(elements: list[str], charges: bool) -> list[str]:
    columns = "step temp pe etotal press density"
    lines = []
    if charges:
        lines += ["# mean charge of each element, e", "compute       q all property/atom q"]
        for number, element in enumerate(elements, 1):
            lines += [
                f"group         {element} type {number}",
                f"compute       q{element} {element} reduce ave c_q",
            ]
        columns += "".join(f" c_q{element}" for element in elements) + " f_charges"
        lines.append("# f_charges: iterations that the charges took")
    return [
        *lines,
        f"thermo_style  custom {columns}",
        "thermo        100",
    ]


def _relaxation(name: str, run: Run) -> list[str]:
    lines = [
        "# relax the atoms, and the box with them"
        if run.pressure is not None
        else "# relax the atoms"
    ]
    if run.pressure is not None:
        lines.append(f"fix           box all box/relax aniso {run.pressure:g} vmax 0.001")
    lines.append(
        "minimize      1.0e-8 1.0e-3 500 2000     # ends at 1e-8 of the energy, or 1e-3 eV/Å"
    )
    if run.pressure is not None:
        lines.append("unfix         box")
    return [*lines, f"write_data    {name}-relaxed.data"]


def _dynamics(name: str, elements: list[str], charges: bool, run: Run) -> list[str]:
    t = run.temperature
    md = f"{t:g} {t:g} 0.1"
    if run.pressure is None:
        ensemble = f"fix           md all nvt temp {md}     # K, K, relaxes in 0.1 ps"
    else:
        ensemble = (
            f"fix           md all npt temp {md} aniso {run.pressure:g} {run.pressure:g} 1.0"
            "     # K, bar, relaxes in 0.1 and 1 ps"
        )
    return [
        f"# {run.time:g} ps at {t:g} K",
        "reset_timestep 0",
        "# half of the kinetic energy of a crystal at rest goes into its bonds: so twice as hot",
        f"velocity      all create {2 * t:g} {run.seed} mom yes rot yes dist gaussian",
        f"timestep      {run.timestep / 1000:g}     # ps",
        ensemble,
        f"dump          frames all custom 100 {name}.dump id type element x y z"
        + (" q" if charges else "")
        + "     # for OVITO, ASE, …",
        f"dump_modify   frames sort id element {' '.join(elements)}",
        f"run           {run.steps}",
        f"write_data    {name}-final.data",
    ]
