"""Makes the glasses of doc/glass.md, most important first, and the table of those finished.

    ./dev shell python examples/glass/run.py            # goes on where it was stopped; hours
    ./dev shell python examples/glass/run.py --table    # only the table and the figure

Runs lie in examples/glass/runs (not in git), a small result file of each glass in results.
"""

import argparse
import subprocess
from pathlib import Path

from rfmeam.documents import replace_between
from rfmeam.glass.kept import keep

HERE = Path(__file__).resolve().parent
DOCUMENT = HERE.parents[1] / "doc" / "glass.md"
BEGIN, END = "<!-- table: begin, by examples/glass/run.py -->", "<!-- table: end -->"
SAMPLES = ("40L30B30S", "30L50B20S", "60L25B15S")
POTENTIALS = ("du", "shik", "agc")
SEEDS = 3
ZERO = "--zero-pressure"  # instead of the measured, else estimated density
SLOW = ("--rate", "2", ZERO)  # one glass of one sample
REACHES = (
    ("--short-range", "11"),
    ("--pppm",),
    ("--short-range", "11", "--pppm"),
)  # what truncation does
ONE = ("40L30B30S", "du")  # the sample and potential of these, and of transport and mechanics


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--table", action="store_true", help="only the table and the figure")
    parser.add_argument("--runs", type=Path, default=HERE / "runs", help="where the runs lie")
    arguments = parser.parse_args()
    if not arguments.table:
        for sample, potential, seeds, options in jobs():
            make(arguments.runs, sample, potential, seeds, options)
            collect(arguments.runs)
        make(arguments.runs, *ONE, SEEDS, (ZERO,), "--measure", "diffusion,elastic,strength")
    collect(arguments.runs)


def jobs() -> list[tuple]:
    """Sample, potential, seeds, options; first one seed of all, then more."""
    found: list[tuple] = []
    for options in ((), (ZERO,)):
        for seeds in range(1, SEEDS + 1):
            found += [(s, p, seeds, options) for p in POTENTIALS for s in SAMPLES]
    found += [(*ONE, SEEDS, reach) for reach in REACHES]
    return [*found, (*ONE, 1, SLOW)]


def folder_of(sample: str, potential: str, options: tuple[str, ...]) -> str:
    return "-".join([sample, potential, *(word.removeprefix("--") for word in options)])


def make(
    runs: Path, sample: str, potential: str, seeds: int, options: tuple[str, ...], *measure: str
) -> None:
    """So many seeds of a glass, and what is to be measured, unless they are there."""
    folder = runs / folder_of(sample, potential, options)
    print(f"== {folder.name}, {seeds} seeds", flush=True)
    command = ["rfmeam", "glass", sample, "--potential", potential, *options]
    # a glass that fails says why; the others go on
    subprocess.run([*command, "--seeds", str(seeds), *measure, "-o", str(folder)], check=False)


def collect(runs: Path) -> None:
    """Keeps the results in git's folder; draws the table of all that are there."""
    results = HERE / "results"
    keep(runs, results)
    files = sorted(map(str, results.glob("*.json")))
    if files:
        table = HERE / "table.md"
        subprocess.run(["rfmeam", "glass-table", *files, "-o", str(table)], check=True)
        replace_between(DOCUMENT, BEGIN, END, table.read_text("utf-8"))


if __name__ == "__main__":
    main()
