"""Runs the Li(001)|LiF(001) interface: structure, LAMMPS, numbers beside the expected ones, figure.

Run it where lmp, the plugin and the Python package are at hand, such as in ./dev shell. A run that
was stopped goes on where it was; after a finished one, a new one starts. A number off its place is
remarked upon; the exit status is 1 if LAMMPS stops, or energy or charge is not conserved.
"""

import argparse
import json
import os
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from analyse import AnalysisError, analyse
from expected import Expected, ExpectedError, Origin, rounded
from figure import draw
from repeat import conditions, repeat
from report import Quantity, Verdict, compare, markdown, print_comparison, quantities
from rich.console import Console
from rich.markup import escape
from schedule import Schedule
from simulate import Conditions, SimulationError, simulate

HERE = Path(__file__).resolve().parent
POTENTIAL = HERE.parents[1] / "potentials" / "LiF-q.rfmeam"
EXPECTED = HERE / "expected.json"
SEED = 20260704


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cores", type=int, default=os.cpu_count(), help="MPI ranks")
    parser.add_argument("--potential", type=Path, default=POTENTIAL, help="another Li-F potential")
    parser.add_argument("--results", type=Path, help="folder to write to: results, or repeated")
    parser.add_argument("--picoseconds", type=float, default=2.0, help="length of the NVT part")
    parser.add_argument("--plain", action="store_true", help="styles without kk")
    parser.add_argument("--seed", type=int, default=SEED, help="of the velocities")
    parser.add_argument("--expected", type=Path, default=EXPECTED, help="what to compare with")
    parser.add_argument("--analyse", action="store_true", help="only analyse a finished run again")
    parser.add_argument(
        "--repeat",
        type=int,
        metavar="N",
        help="N runs from seed, seed + 1, ... (resumable), and --expected written from them",
    )
    options = parser.parse_args(arguments)
    if options.cores < 1 or options.picoseconds < 1.0 or options.seed < 1:
        parser.error("--cores, --picoseconds and --seed are at least 1")
    if options.repeat is not None and (options.repeat < 2 or options.analyse):
        parser.error("--repeat is at least 2, and goes without --analyse")

    console = Console(highlight=False, width=None if sys.stdout.isatty() else 100)
    begin = time.monotonic()
    try:
        status = repeated(options, console) if options.repeat else single(options, console)
    except (SimulationError, AnalysisError, ExpectedError) as error:
        console.print("[bold red]error:[/]", escape(str(error)), soft_wrap=True)
        return 1
    except OSError as error:  # a full disk, no permission
        place = error.filename or options.results or HERE
        console.print("[bold red]error:[/]", escape(f"{place}: {error.strerror}"), soft_wrap=True)
        return 1
    except KeyboardInterrupt:
        console.print("Stopped. The same command goes on from the last restart file.")
        return 130
    console.print(f"Wall time: {time.monotonic() - begin:.0f} s")
    return status


def single(options: argparse.Namespace, console: Console) -> int:
    """One run beside what is expected."""
    folder = (options.results or HERE / "results").resolve()
    schedule = Schedule.of(options.picoseconds)
    expected = Expected.read(options.expected) if options.expected.exists() else None
    if not options.analyse:
        tunables = os.environ.get("GLIBC_TUNABLES", "")
        this = Conditions(options.seed, options.cores, options.plain, tunables)
        simulate(folder, options.potential.resolve(), schedule, this, console, again=True)
    elif not (folder / "final.data").exists():
        raise SimulationError(f"{folder} has no finished run to analyse")
    results = analyse(folder, schedule)
    draw(results, folder / "interface.png")
    numbers = quantities(results)
    save(numbers, folder)
    comparisons = compare(numbers, expected)
    origin = Origin.of(options.potential, options.picoseconds)
    print_comparison(comparisons, expected, origin, console)
    console.print(f"Figure: {folder / 'interface.png'}", soft_wrap=True)
    return 1 if any(c.verdict is Verdict.BROKEN for c in comparisons) else 0


def repeated(options: argparse.Namespace, console: Console) -> int:
    """Several runs, and what they give for single ones to be compared with; none may be broken."""
    folder = (options.results or HERE / "repeated").resolve()
    schedule = Schedule.of(options.picoseconds)

    def one_run(place: Path, this: Conditions) -> list[Quantity]:
        console.rule(f"{place.name}: {this}")
        simulate(place, options.potential.resolve(), schedule, this, console, again=False)
        numbers = quantities(analyse(place, schedule))
        save(numbers, place)
        for c in compare(numbers, None):
            if c.verdict is Verdict.BROKEN:
                raise AnalysisError(f"{place}: {c.quantity.name}: {c.reason}")
        return numbers

    origin = Origin.of(options.potential, options.picoseconds)
    runs = conditions(options.repeat, options.seed, options.cores)
    expected, last = repeat(folder, origin, runs, one_run)
    expected.write(options.expected)
    console.print(markdown(last, expected), soft_wrap=True)
    console.print(f"Numbers of {options.repeat} runs: {options.expected}", soft_wrap=True)
    return 0


def save(numbers: Sequence[Quantity], folder: Path) -> None:
    content = rounded({q.name: q.value for q in numbers})
    (folder / "results.json").write_text(json.dumps(content, indent=1), encoding="utf-8")


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    sys.exit(main())
