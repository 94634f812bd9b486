"""Further runs on a finished glass: diffusion, elastic constants, tension and compression.

Every measure takes a finished quench and returns {"values": {name: number}, "curves": {name:
[numbers]}}.
"""

import numpy as np

from . import lammps
from .analysis import diffusion, mechanics, network
from .composition import MASSES
from .frames import read_frames
from .ions import FORMAL_CHARGE
from .quench import Quench, alone
from .reference import CONDUCTIVITY

TEMPERATURES = (
    700.0,
    900.0,
    1100.0,
)  # K, of diffusion: below and around the glass transition of the models
DIFFUSION_TIME, DIFFUSION_INTERVAL = 60.0, 0.2  # ps
JUMP = 2.5  # Å, between neighbouring sites of an ion
STRAIN_RATE, LARGEST_STRAIN = 0.01, 0.3  # 1/ps (1e10 1/s), -
ELASTIC_STRAIN = 0.005
_GPA = 1e-4  # GPa in bar
_VOIGT = ("xx", "yy", "zz", "yz", "xz", "xy")


def measure_diffusion(quench: Quench, machine, data, started, ion: str = "Li") -> dict:
    """D of an ion at each temperature, the Nernst-Einstein conductivity and its Arrhenius line to
    300 K."""
    values, sigma, errors, remarks = {}, [], [], []
    for temperature in TEMPERATURES:
        positions, volume = _diffuse(quench, ion, temperature, machine, data, started)
        d, error = diffusion.diffusion_coefficient(positions, DIFFUSION_INTERVAL)
        jump = float(np.sqrt(diffusion.mean_square_displacement(positions)[len(positions) // 2]))
        if jump < JUMP:
            remarks.append(
                f"at {temperature:g} K {ion} moves {jump:.1f} Å in half of the run, less than a "
                f"jump of {JUMP:g} Å: its D, and the line to 300 K, are of motion in cages"
            )
        scale = diffusion.conductivity(
            1.0, positions.shape[1], volume, temperature, FORMAL_CHARGE[ion]
        )
        values |= {
            f"D {ion} {temperature:g} K cm2/s": d,
            f"conductivity {temperature:g} K S/cm": d * scale,
        }
        sigma.append(d * scale)
        errors.append(error * scale)
    result = {
        "ion": ion,
        "values": values,
        "curves": {"T": list(TEMPERATURES), "conductivity": sigma, "error": errors},
        "remarks": remarks,
    }
    try:
        line = diffusion.arrhenius(TEMPERATURES, sigma, errors)
    except ValueError as error:
        remarks.append(f"no Arrhenius line: {error}")
        return result
    values["activation energy eV"] = line.energy
    values["activation energy, error of the fit eV"] = line.energy_error
    values[CONDUCTIVITY] = line.extrapolated
    values["conductivity 300 K, error as a factor"] = line.factor
    return result


def _diffuse(
    quench: Quench, ion: str, temperature: float, machine, data, started
) -> tuple[np.ndarray, float]:
    """Unwrapped positions (frames, atoms, 3) of an ion, and the volume at zero pressure, Å^3."""
    step = quench.protocol.timestep / 1000
    every = round(DIFFUSION_INTERVAL / step)
    name = f"diffusion-{temperature:g}" + f"-{ion}" * (ion != "Li")
    lines = [
        f"velocity all create {temperature} {quench.seed} mom yes rot yes",
        f"fix e all npt temp {temperature} {temperature} 0.1 iso 0.0 0.0 1.0",
        f"run {round(10.0 / step)}",
        "unfix e",
        "reset_timestep 0",
        f"fix e all nvt temp {temperature} {temperature} 0.1",
        "fix drift all momentum 1000 linear 1 1 1",
        f"group mobile type ${{{ion}}}",
        f"dump d mobile custom {every} {name}.dump id type xu yu zu q",
        "dump_modify d sort id format float %.6g",
        f"run {round(DIFFUSION_TIME / step)}",
        f'print "$(vol:%.8g)" file {name}.txt screen no',
    ]
    _run(quench, name, lines, machine, data, started)
    frames = read_frames(
        quench.folder / f"{name}.dump", quench.force_field.elements, axes=("xu", "yu", "zu")
    )
    return np.array([atoms.positions for atoms in frames]), float(
        (quench.folder / f"{name}.txt").read_text()
    )


def measure_elastic(quench: Quench, machine, data, started) -> dict:
    """Stiffness at 0 K by finite strains of the minimised structure, and isotropic moduli."""
    stresses = {sign: np.zeros((6, 6)) for sign in (1, -1)}
    for row, component in enumerate(_VOIGT):
        for sign, table in stresses.items():
            table[row] = _strained_stress(
                quench, component, sign * ELASTIC_STRAIN, machine, data, started
            )
    c = mechanics.stiffness(ELASTIC_STRAIN, stresses[1], stresses[-1])
    try:
        values = mechanics.isotropic_moduli(c)
    except ValueError as error:
        return {"values": {}, "curves": {"stiffness GPa": c.tolist()}, "remarks": [str(error)]}
    return {"values": values, "curves": {"stiffness GPa": c.tolist()}}


def _strained_stress(
    quench: Quench, component: str, strain: float, machine, data, started
) -> np.ndarray:
    """Stress (6,) in GPa after minimisation, tension positive; the strain of a shear is the
    engineering one."""
    a, b = component
    change = f"{a} scale {1 + strain}" if a == b else f"{component} delta $({strain}*l{b})"
    name = f"elastic-{component}{'+' if strain > 0 else '-'}"
    lines = [
        "thermo_style custom step pe press pxx pyy pzz pyz pxz pxy",
        "change_box all triclinic",
        # first without strain: so that both signs begin in the same minimum
        "minimize 0.0 1e-4 2000 20000",
        f"change_box all {change} remap units box",
        "minimize 0.0 1e-4 2000 20000",
        'print "' + " ".join(f"$(p{c}:%.10g)" for c in _VOIGT) + f'" file {name}.txt screen no',
    ]
    _run(quench, name, lines, machine, data, started)
    return -_GPA * np.array((quench.folder / f"{name}.txt").read_text().split(), dtype=float)


def measure_strength(quench: Quench, machine, data, started) -> dict:
    """Uniaxial tension and compression at 300 K, zero pressure at the sides: curves, strength, B4
    under load."""
    values, curves = {}, {}
    for name, sign in (("tension", 1), ("compression", -1)):
        strain, stress, frames = _pull(quench, name, sign, machine, data, started)
        found = mechanics.strength(strain, stress)
        values |= {f"{name}: {key}": value for key, value in found.items()}
        curves |= {f"{name} strain": strain.tolist(), f"{name} stress GPa": stress.tolist()}
        cutoffs = network.cutoffs_of(quench.frames())
        described = [network.describe(network.build_network(atoms, cutoffs)) for atoms in frames]
        if described and "B4 %" in described[0]:
            curves[f"{name} B4 %"] = [one["B4 %"] for one in described]
            curves[f"{name} B4 strain"] = np.linspace(0, LARGEST_STRAIN, len(described)).tolist()
            values[f"{name}: B4 at the end %"] = described[-1]["B4 %"]
    return {"values": values, "curves": curves}


def _pull(quench: Quench, name: str, sign: int, machine, data, started):
    """Engineering strain and true stress (n,), both positive, and 13 frames."""
    step = quench.protocol.timestep / 1000
    rate = sign * STRAIN_RATE
    steps = 12 * round(LARGEST_STRAIN / STRAIN_RATE / step / 12)
    temperature = quench.protocol.final_temperature
    lines = [
        "reset_timestep 0",
        f"fix e all npt temp {temperature} {temperature} 0.1 y 0.0 0.0 1.0 z 0.0 0.0 1.0",
        f"fix pull all deform 1 x erate {rate} remap x",
        "variable glass_l0 equal $(lx)",
        "variable glass_strain equal lx/v_glass_l0-1",
        "variable glass_stress equal -pxx*1.0e-4",
        f"fix curve all ave/time 5 20 100 v_glass_strain v_glass_stress file {name}.txt",
        f"dump frames all custom {steps // 12} {name}.dump id type x y z q",
        "dump_modify frames sort id format float %.8g",
        f"run {steps}",
    ]
    _run(quench, name, lines, machine, data, started)
    strain, stress = np.loadtxt(quench.folder / f"{name}.txt", usecols=(1, 2), unpack=True)
    return (
        sign * strain,
        sign * stress,
        read_frames(quench.folder / f"{name}.dump", quench.force_field.elements),
    )


def _run(quench: Quench, name: str, lines: list[str], machine, data, started) -> None:
    """Runs lines on the relaxed glass, unless that was done before."""
    done = quench.folder / f"{name}.done"
    head = lammps.header(
        quench.force_field.elements, MASSES, "read_restart relax.restart", quench.protocol.timestep
    )
    script = "\n".join([*head, "thermo 1000", *lines, ""])
    with alone(quench.folder) as lock:
        if not done.exists():
            lammps.run_script(
                script, quench.folder, name, machine, data_folder=data, started=started, lock=lock
            )
            done.touch()


MEASURES = {
    "diffusion": measure_diffusion,
    "elastic": measure_elastic,
    "strength": measure_strength,
}
