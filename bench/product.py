"""How near a product with the charge matrix comes to the memory's speed, on one core.

./dev shell python bench/product.py             # 4096 and 32 768 atoms of LiF, cutoff 10 Å, matrices of 12 and 98 MB
./dev shell python bench/product.py --cells 8

A row for each size: the time of a product an atom, from runs of in.qeq with one and with nine products a step; the
bytes it has to read, a column (4) and an element (8) of each pair, over that time; the speed of copies between arrays
that no cache holds, bytes read and written, between these runs; and the quotient of the two speeds. Vectors, loops
over atoms and exchanges with ghosts are in the time, not in the bytes.

What came out (AMD EPYC, 32 MB of cache, two repeats): 222 ns and 0.54 of the copies' speed for 4096 atoms, 310 ns and
0.42 for 32 768.

Tried and left out: elements in single precision, 8 bytes a pair, what they lack beside them for energies and for the
true residual, which was found anew where the tolerance was more than 5e-5 below the first one, and the first product of
a solve taken while its rows are built. All tolerances down to 1e-12 were met, and a product alone took 250 ns instead
of 330 (4096 atoms) and 270 instead of 370 (32 768), both beside other work. But to split gamma took more than that at
few products: whole steps of in.qeq were slower with 1.8 iterations (0.94 of the speed) and with shadow dynamics (0.96),
and faster with the kernel of fix qeq/shielded, 9.4 iterations (1.07), where fewer iterations save more (`precondition
fsai`).
Shares of the time of a step of shadow dynamics of 4096 atoms (perf): gamma and its slope 0.20, forces of the charges
0.18, pairs within the cutoff 0.16, the two products 0.13, rows beside gamma 0.04; the rest is LAMMPS' and loops over
atoms. Forces alone: 0.63 to 0.93 µs an atom as they are, 0.45 with positions, charges and forces in rows of four
numbers and AVX2, which is not built in. 20 times fix qeq/shielded would take 0.6 µs less a step, of 3.3.
"""

import os
import statistics
import time
from typing import Annotated

import numpy as np
import typer
from measure import Case, neighbours_in_lif, run

CUTOFF = 10.0  # Å, of in.qeq
FEW, MANY = 1, 9  # Chebyshev steps of shadow dynamics, one product each
BYTES_OF_PAIR = 4 + 8


def pairs_of_an_atom() -> float:
    """Pairs within the cutoff in perfect LiF, each for one of its atoms."""
    return neighbours_in_lif(CUTOFF) / 2


def copy_speed() -> float:
    """Bytes read and written in a second: the best of five copies of 256 MiB."""
    source, target = np.ones(2**25), np.zeros(2**25)
    times = []
    for _ in range(5):
        begin = time.perf_counter()
        np.copyto(target, source)
        times.append(time.perf_counter() - begin)
    return 2 * source.nbytes / min(times)


def time_of_product(cells: int, steps: int) -> float:
    """Seconds of a product an atom, from the difference of two runs."""
    few, many = (
        run(Case(str(n), "in.qeq", {"solver": f"xl iterations {n}", "cells": cells, "steps": steps}))
        for n in (FEW, MANY)
    )
    products = (many.iterations - few.iterations) * steps * few.atoms
    return (many.parts["Modify"] - few.parts["Modify"]) / products


def main(
    cells: Annotated[list[int] | None, typer.Option(help="unit cells of 8 atoms along each axis")] = None,
    repeats: Annotated[int, typer.Option(help="of which the median counts")] = 3,
) -> None:
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})  # as measure.run
    print("atoms: ns a product and atom, GB/s of the matrix, GB/s of copies, their quotient")
    for n in cells or (8, 16):
        steps = 40 if n <= 8 else 10
        product, copy = [], []
        for _ in range(repeats):
            copy.append(copy_speed())
            product.append(time_of_product(n, steps))
        read = [BYTES_OF_PAIR * pairs_of_an_atom() / seconds for seconds in product]
        share = statistics.median(r / c for r, c in zip(read, copy, strict=True))
        print(
            f"{8 * n**3}: {statistics.median(product) * 1e9:.0f}, {statistics.median(read) / 1e9:.1f}, "
            f"{statistics.median(copy) / 1e9:.1f}, {share:.2f}",
            flush=True,
        )


if __name__ == "__main__":
    typer.run(main)
