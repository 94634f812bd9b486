"""A step on many GPUs, predicted from what a step does: the tables of doc/scaling.md.

./dev shell python bench/scaling.py             prints them
./dev shell python bench/scaling.py --write     puts them into the page

Work, messages and reductions of a step are measured or counted, and so is what one GPU does with them; what a
network does is assumed, as no cluster was at hand. Each number below says which it is. LiF with lif_coarse.rfmeam, as
in run.py.
"""

import math
import re
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

import typer
from measure import LATTICE

PAGE = Path(__file__).parents[1] / "doc/scaling.md"
DENSITY = 8 / LATTICE**3  # atoms/Å^3 of LiF
DOUBLE, INDEX = 8, 4  # bytes


@dataclass(frozen=True)
class Work:
    """What a step takes, for each atom or for each rank."""

    core_us: float = 4.0  # RF-MEAM, µs an atom on one core, measured without AVX-512: what cores_a_gpu counts
    cutoff: float = 7.0  # Å, of Coulomb; unittest/data/lif_coarse.rfmeam
    skin: float = 1.0  # Å
    iterations: float = 3.0  # a step, of the conjugate gradients; measured: RESULTS.md
    fixed_reductions: int = 8  # a step, beside 2 an iteration; measured: see the page
    fixed_halos: int = 4  # positions, forces, charges of the guess and of the end; measured: see the page
    kernels: int = 46  # launches beside those of the solver; counted on a GPU, with those of LAMMPS
    kernels_an_iteration: int = 7
    grid_spacing: float = 0.0  # Å, of pppm; 0: cut off

    def neighbours(self, radius: float) -> float:
        return 4 / 3 * math.pi * radius**3 * DENSITY

    def elements(self) -> float:
        """Of an atom's row of the matrix; rows are full on a GPU."""
        return self.neighbours(self.cutoff)

    def bytes_of_products(self) -> float:
        """An atom's share of what goes through the memory of a GPU: a product reads column and gamma."""
        return (self.iterations + 1) * self.elements() * (INDEX + DOUBLE)

    def reductions(self) -> float:
        """With long range one more for each product, and two for the forces."""
        more = self.iterations + 1 + 2 if self.grid_spacing else 0
        return self.fixed_reductions + 2 * self.iterations + more

    def halos(self) -> float:
        """Exchanges with all neighbours: a product on a GPU sends once, as its rows are full."""
        return self.fixed_halos + self.iterations

    def ghosts(self, atoms: float) -> float:
        """Of a cube of so many atoms."""
        edge = (atoms / DENSITY) ** (1 / 3)
        return ((edge + 2 * (self.cutoff + self.skin)) ** 3 - edge**3) * DENSITY


@dataclass(frozen=True)
class Machine:
    """GPU: NVIDIA's data sheet of the H100 SXM, and what one of them did with a million atoms (kernels timed one by
    one, see the page). Network, assumed: one port of NDR InfiniBand a GPU, by its name 400 Gbit/s; latencies: usual
    sizes, of MPI on device memory with the kernels that pack and unpack."""

    gpus: int = 128
    memory: float = 3.35e12  # bytes/s, data sheet
    memory_share: float = 0.65  # of it, measured: a product of a million rows
    element: float = 7.8e-11  # s, to make an element of the matrix and its force, measured
    cores_a_gpu: float = 230  # cores of RESULTS.md's machine that one GPU does RF-MEAM like; measured
    network: float = 50e9 * 0.8  # bytes/s a GPU and direction
    message: float = 10e-6  # s, a halo message, packed and unpacked
    hop: float = 4e-6  # s, one of the log2(gpus) stages of a reduction
    host: float = 15e-6  # s, for a reduction: the end of the kernel, and the sum to the host
    launch: float = 4e-6  # s, a kernel
    fft_message: float = 5e-6  # s, in an exchange of a transform


def seconds(work: Work, machine: Machine, atoms: float) -> dict[str, float]:
    """Of a step with so many atoms a GPU, by part."""
    kernels = work.kernels + work.iterations * work.kernels_an_iteration
    ghosts = work.ghosts(atoms)
    parts = {
        "RF-MEAM": atoms * work.core_us * 1e-6 / machine.cores_a_gpu,
        "charges": atoms
        * (work.elements() * machine.element + work.bytes_of_products() / (machine.memory * machine.memory_share)),
        # positions and forces have three components; six messages an exchange, two directions at a time
        "halo": work.halos() * 6 * machine.message + ghosts * DOUBLE * (work.halos() + 4) / machine.network / 2,
        "reductions": work.reductions() * (machine.host + math.log2(machine.gpus) * machine.hop),
        "launches": kernels * machine.launch,
    }
    if work.grid_spacing:
        products = work.iterations + 1 + 2  # four transforms of the forces count as two
        parts["FFTs"] = products * product_by_fft(work, machine, atoms)
    return parts


def product_by_fft(work: Work, machine: Machine, atoms: float) -> float:
    """Two transforms: five exchanges of the grid in pencils, each among the square root of all ranks, and as many
    passes through memory twice."""
    points = atoms / DENSITY / work.grid_spacing**3
    partners = math.sqrt(machine.gpus)
    exchange = partners * machine.fft_message + points * 2 * DOUBLE / machine.network
    passes = points * 2 * DOUBLE * 4 / (machine.memory * machine.memory_share)
    return 5 * (exchange + passes)


CUT = Work()
XL = replace(CUT, iterations=1.0)
# iterations: run.py --only long-range; grid: LAMMPS chooses 25 points for 32.24 Å there
LONG = replace(CUT, cutoff=9.0, iterations=12.1, grid_spacing=1.29)
KINDS = {"cut off at 7 Å": CUT, "the same, `solver xl`": XL, "long range, 9 Å, pppm 1e-4": LONG}
ATOMS = [1e4, 1e5, 1e6]  # a GPU


def half_efficiency(work: Work, machine: Machine) -> float:
    """Atoms a GPU at which half of a step is RF-MEAM and charges, the rest waiting; infinite: there is no such number
    below a thousand million."""
    low, high = 1.0, 1e9
    parts = seconds(work, machine, high)
    if parts["RF-MEAM"] + parts["charges"] < sum(parts.values()) / 2:
        return math.inf
    while high / low > 1.001:
        middle = math.sqrt(low * high)
        parts = seconds(work, machine, middle)
        low, high = (low, middle) if parts["RF-MEAM"] + parts["charges"] > sum(parts.values()) / 2 else (middle, high)
    return middle


def prediction(machine: Machine) -> str:
    names = ["RF-MEAM", "charges", "halo", "reductions", "launches", "FFTs"]
    lines = [["", "atoms a GPU", *(f"{name} ms" for name in names), "step ms", "steps/s", "efficiency"]]
    lines.append(["---"] * len(lines[0]))
    for kind, work in KINDS.items():
        for atoms in ATOMS:
            parts = seconds(work, machine, atoms)
            whole = sum(parts.values())
            busy = parts["RF-MEAM"] + parts["charges"]
            row = [kind, f"{atoms:,.0f}", *(f"{parts[n] * 1e3:.2f}" if n in parts else "" for n in names)]
            lines.append([*row, f"{whole * 1e3:.2f}", f"{1 / whole:.0f}", f"{busy / whole:.0%}"])
    return table(lines)


def sensitivity(machine: Machine) -> str:
    """Where half of a step is waiting, if an assumption is twice or half of what it is."""
    changes = {
        "as assumed": machine,
        "RF-MEAM twice as fast": replace(machine, cores_a_gpu=2 * machine.cores_a_gpu),
        "RF-MEAM half as fast": replace(machine, cores_a_gpu=machine.cores_a_gpu / 2),
        "messages and reductions twice as slow": replace(
            machine, message=2 * machine.message, hop=2 * machine.hop, host=2 * machine.host
        ),
        "network half as wide": replace(machine, network=machine.network / 2),
        "1024 GPUs": replace(machine, gpus=1024),
    }
    lines = [["", *KINDS], ["---"] * (1 + len(KINDS))]
    for name, changed in changes.items():
        halves = [half_efficiency(work, changed) for work in KINDS.values()]
        lines.append([name, *("none" if math.isinf(half) else f"{round_two(half):,.0f}" for half in halves)])
    return table(lines)


def round_two(number: float) -> float:
    """To two digits."""
    digits = 10 ** (math.floor(math.log10(number)) - 1)
    return round(number / digits) * digits


def table(lines: list[list[str]]) -> str:
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def tables() -> dict[str, str]:
    """Of the page, by their names there."""
    machine = Machine()
    return {"prediction": prediction(machine), "sensitivity": sensitivity(machine)}


def with_tables(text: str) -> str:
    """The page with these tables between its markers. Raises ValueError if one is not there."""
    for name, content in tables().items():
        block = re.compile(rf"(<!-- {name} -->\n).*?(<!-- end -->)", re.S)
        text, count = block.subn(lambda match, content=content: f"{match[1]}{content}\n{match[2]}", text)
        if count != 1:
            raise ValueError(f"{PAGE.name} has {count} places for the table {name}, expected is 1")
    return text


def main(write: Annotated[bool, typer.Option(help="put the tables into the page")] = False) -> None:
    if write:
        PAGE.write_text(with_tables(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    else:
        print("\n\n".join(tables().values()))


if __name__ == "__main__":
    try:
        typer.run(main)
    except ValueError as error:
        sys.exit(f"scaling: {error}")
