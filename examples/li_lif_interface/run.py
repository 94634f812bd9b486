"""Runs the Li(001)|LiF(001) interface: structure, LAMMPS, numbers beside the expected ones, figure.

Run it where lmp, the plugin and the Python package are at hand, such as in ./dev shell. A run that
was stopped goes on where it was; after a finished one, a new one starts.
"""

import argparse
import json
import os
import signal
import sys
import time
from pathlib import Path

from analyse import analyse
from figure import draw
from report import print_table, quantities
from rich.console import Console
from schedule import Schedule
from simulate import SimulationError, simulate

HERE = Path(__file__).resolve().parent
POTENTIAL = HERE.parents[1] / "potentials" / "LiF.rfmeam"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cores", type=int, default=os.cpu_count(), help="MPI ranks")
    parser.add_argument("--potential", type=Path, default=POTENTIAL, help="another Li-F potential")
    parser.add_argument("--results", type=Path, default=HERE / "results", help="folder to write to")
    parser.add_argument("--picoseconds", type=float, default=20.0, help="length of the NVT part")
    parser.add_argument("--analyse", action="store_true", help="only analyse a finished run again")
    options = parser.parse_args()
    if options.cores < 1 or options.picoseconds < 1.0:
        parser.error("--cores and --picoseconds are at least 1")

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 100)
    begin = time.monotonic()
    schedule = Schedule.of(options.picoseconds)
    folder = options.results.resolve()
    try:
        if not options.analyse:
            simulate(folder, options.potential.resolve(), schedule, options.cores, console)
        elif not (folder / "final.data").exists():
            raise SimulationError(f"{folder} has no finished run to analyse")
    except SimulationError as error:
        console.print("[bold red]error:[/]", str(error), markup=True)
        return 1
    except KeyboardInterrupt:
        console.print("Stopped. The same command goes on from the last restart file.")
        return 130

    results = analyse(folder, schedule)
    draw(results, folder / "interface.png")
    numbers = quantities(results)
    (folder / "results.json").write_text(json.dumps({q.name: q.value for q in numbers}, indent=1))
    print_table(numbers, console)
    console.print(f"Figure: {folder / 'interface.png'}")
    console.print(f"Wall time: {time.monotonic() - begin:.0f} s")
    failed = [q.name for q in numbers if not q.passed]
    if failed:
        console.print(f"[bold red]Not as expected:[/] {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
