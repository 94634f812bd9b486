"""How near a product with the charge matrix comes to the memory's speed, on one core.

./dev shell python bench/product.py             # 4096 and 32 768 atoms of LiF, cutoff 10 Å, matrices of 12 and 98 MB
./dev shell python bench/product.py --cells 8

A row for each size: the time of a product an atom, from runs of in.qeq with one and with nine products a step; the
bytes it has to read, a column (4) and an element (8) of each pair, over that time; the speed of copies between arrays
that no cache holds, bytes read and written, between these runs; and the quotient of the two speeds. Vectors, loops
over atoms and exchanges with ghosts are in the time, not in the bytes.

What came out (AMD EPYC, 32 MB of cache, two repeats): 222 ns and 0.54 of the copies' speed for 4096 atoms, 310 ns and
0.42 for 32 768.
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
