"""How near a product with the charge matrix comes to the memory's speed, on one core.

./dev shell python bench/run.py --only product

4096 and 32 768 atoms of LiF, cutoff 10 Å, matrices of 12 and 98 MB. The time of a product an atom comes from runs of
in.qeq with one and with nine products a step; the bytes it has to read, a column (4) and an element (8) of each pair,
over that time, are set beside the speed of copies between arrays that no cache holds, bytes read and written. Vectors,
loops over atoms and exchanges with ghosts are in the time, not in the bytes. What came out is in RESULTS.md.

Tried and left out: elements in single precision, 8 bytes a pair, what they lack beside them for energies and for the
true residual, which was found anew where the tolerance was more than 5e-5 below the first one, and the first product of
a solve taken while its rows are built. All tolerances down to 1e-12 were met, and a product alone took 250 ns instead
of 330 (4096 atoms) and 270 instead of 370 (32 768), both beside other work. But to split gamma took more than that at
few products: whole steps of in.qeq were slower with 1.8 iterations (0.94 of the speed) and with shadow dynamics (0.96),
and faster with the kernel of fix qeq/shielded, 9.4 iterations (1.07), where fewer iterations save more (`precondition
fsai`).
What bounds it: loops beside each other on one core, 245 pairs an atom in the order of LAMMPS' bins, in parts of the
time of the product of 4096 and of 32 768 atoms: with atoms side by side in place of those of the columns 0.88 and 0.79,
without storing 0.8 and 0.9, reading columns and elements alone 0.62 and 0.66. The larger one is bound by memory: to
read alone goes at 18 to 20 GB/s, as fast as this core reads anything (17 to 21 GB/s; copies, which do not read what
they write, move 20 to 26), so that 0.7 asks for nearly all that there is. The smaller one is bound by arithmetic and
stores. Instructions of three registers and columns and elements fetched 256 pairs ahead, both alike, took it from 0.70
to 0.60 ns a pair (4096) and from 0.81 to 0.71 (32 768), to the same bits. Tried there and left out: fused
multiplication and addition (1.00 and 1.06 of the time before), 16 pairs at a time (1.16 and 1.19), columns as offsets
of 16 bits (0.96 and 0.97, and many ghosts are too far for them).
Shares of the time of a step of shadow dynamics of 4096 atoms (perf): gamma and its slope 0.23, forces of the charges
0.15, pairs within the cutoff 0.13, the two products 0.16, rows beside gamma 0.07, the Lennard-Jones repulsion beside
0.16. Loops that waited for memory gained by telling the processor what will be read or written: forces went from 0.18
to 0.14 of a step, where vectors of four numbers alone had gained little. gamma is bound by arithmetic: about 60
operations a vector, 19 ns for eight pairs on this machine; one quotient instead of two, shorter polynomials and two
vectors at a time take about 18 ns, with other last digits, and are not built in.
"""

import os
import statistics
import time
from functools import cache

import numpy as np
from group import Goal, Group
from measure import Case, Samples, neighbours_in_lif

CUTOFF = 10.0  # Å, of in.qeq
FEW, MANY = 1, 9  # Chebyshev steps of shadow dynamics, one product each
BYTES_OF_PAIR = 4 + 8
SIZES = {8: 40, 16: 10}  # cells of 8 atoms along each axis, steps


def pairs_of_an_atom() -> float:
    """Pairs within the cutoff in perfect LiF, each for one of its atoms."""
    return neighbours_in_lif(CUTOFF) / 2


@cache
def copy_speed() -> float:
    """Bytes that one core reads and writes in a second: the best of ten copies of 256 MiB."""
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(cores)})  # as measure.run
    source, target = np.ones(2**25), np.zeros(2**25)
    times = []
    for _ in range(10):
        begin = time.perf_counter()
        np.copyto(target, source)
        times.append(time.perf_counter() - begin)
    os.sched_setaffinity(0, cores)
    return 2 * source.nbytes / min(times)


def name(cells: int, iterations: int) -> str:
    return f"xl iterations {iterations}, LiF, 10 Å, {8 * cells**3} atoms"


def time_of_product(samples: Samples, cells: int, steps: int) -> float:
    """Seconds of a product an atom, from runs that differ in the number of products."""
    return statistics.median(
        (many.parts["Modify"] - few.parts["Modify"]) / ((many.iterations - few.iterations) * steps * few.atoms)
        for few, many in zip(samples.of[name(cells, FEW)], samples.of[name(cells, MANY)], strict=True)
    )


def group(quick: bool) -> Group:
    sizes = {5: 5} if quick else SIZES

    def shares(samples: Samples) -> list[float]:
        """Of the speed of copies, for each size."""
        matrix = BYTES_OF_PAIR * pairs_of_an_atom()
        return [matrix / time_of_product(samples, *size) / copy_speed() for size in sizes.items()]

    def notes(samples: Samples) -> list[str]:
        times = ", ".join(f"{time_of_product(samples, *size) * 1e9:.0f}" for size in sizes.items())
        return [
            f"`product_over_copies`: bytes of the charge matrix that a product reads in a second, over what copies of "
            f"256 MiB read and write ({copy_speed() / 1e9:.1f} GB/s): "
            f"{', '.join(f'{share:.2f}' for share in shares(samples))} for "
            f"{', '.join(str(8 * cells**3) for cells in sizes)} atoms of LiF, cutoff {CUTOFF:.0f} Å, the smallest "
            f"counts; {times} ns a product and atom."
        ]

    return Group(
        "product",
        [
            Case(name(cells, n), "in.qeq", {"solver": f"xl iterations {n}", "cells": cells, "steps": steps})
            for cells, steps in sizes.items()
            for n in (FEW, MANY)
        ],
        notes,
        lambda s: [Goal("product_over_copies", min(shares(s)), 0.7)],
        tabulated=False,
    )
