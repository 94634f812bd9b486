"""Small, fast glasses of doc/glass.md: LBS.rfmeam beside rounds 2 and 4, du, agc and shik, alike.

    ./dev shell python examples/glass/small.py            # goes on where it was stopped
    ./dev shell python examples/glass/small.py --table    # only the tables of what is there

Runs lie in examples/glass/runs/small (not in git), a result file of each glass in
examples/glass/small.
"""

import argparse
import json
import subprocess
from pathlib import Path

from rfmeam.documents import replace_between
from rfmeam.glass.kept import keep
from rfmeam.glass.reference import B4, DENSITY, REFERENCES, RINGS, SOURCE_LINE
from rfmeam.glass.report import number

HERE = Path(__file__).resolve().parent
DOCUMENT = HERE.parents[1] / "doc" / "glass.md"
RESULTS = HERE / "small"
BEGIN, END = "<!-- small: begin, by examples/glass/small.py -->", "<!-- small: end -->"
SAMPLES = ("40L30B30S", "30L50B20S", "60L25B15S")
FILES = HERE.parents[1] / "potentials"
ROUNDS = {name: FILES / "fit" / name / f"{name}.lmp" for name in ("LBS-round4", "LBS-round2")}
POTENTIALS = {
    "LBS": (str(FILES / "LBS.lmp"), "--timestep", "2"),
    **{name: (str(path), "--timestep", "2") for name, path in ROUNDS.items()},
    "du": ("du",),
    "agc": ("agc",),
    "shik": ("shik",),
}
PROTOCOL = ("--atoms", "300", "--melt-time", "5", "--rate", "100", "--relax-time", "5")
MIXED, NBO, TRICLUSTERS = "B in mixed 3-rings %", "non-bridging oxygen %", "triclusters %"
EDGES = "edge-sharing polyhedra"
COLUMNS = {
    B4: "B4 %",
    RINGS: "B in all-boron 3-rings %",
    MIXED: MIXED,
    NBO: "NBO %",
    TRICLUSTERS: "O of 3 formers %",
    EDGES: "shared edges",
}
PUBLISHED = {"experiment": "experiment", "quantum MD": "quantum"}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--table", action="store_true", help="only the tables")
    parser.add_argument("--seeds", type=int, default=3, help="of each sample and potential")
    parser.add_argument(
        "--runs", type=Path, default=HERE / "runs" / "small", help="where the runs lie"
    )
    arguments = parser.parse_args()
    if not arguments.table:
        for seeds in range(1, arguments.seeds + 1):
            for potential, words in POTENTIALS.items():
                for sample in SAMPLES:
                    make(arguments.runs / f"{sample}-{potential}", sample, words, seeds)
                    keep(arguments.runs, RESULTS)
    keep(arguments.runs, RESULTS)
    replace_between(DOCUMENT, BEGIN, END, tables())


def make(folder: Path, sample: str, potential: tuple[str, ...], seeds: int) -> None:
    """So many seeds of a glass, unless they are there."""
    print(f"== {folder.name}, {seeds} seeds", flush=True)
    command = ["rfmeam", "glass", sample, "--potential", *potential, *PROTOCOL, "--jobs", "1"]
    # a glass that fails says why; the others go on
    subprocess.run([*command, "--seeds", str(seeds), "-o", str(folder)], check=False)


def tables() -> str:
    """What the document has between BEGIN and END."""
    return f"{table()}\n{melts()}"


def melts() -> str:
    """The Markdown table of melt_energy.py's file."""
    path = RESULTS / "melts.json"
    if not path.exists():
        return ""
    found = json.loads(path.read_text("utf-8"))
    names = list(next(iter(found.values())))
    lines = [f"| melt by LBS | {' | '.join(names)} |", "|" + "---|" * (len(names) + 1)]
    for sample, numbers in found.items():
        lines.append(f"| {sample} | {' | '.join(f'{numbers[name]:g}' for name in names)} |")
    return "\n".join([*lines, ""])


def table() -> str:
    """The Markdown table of the files in RESULTS, sample by sample."""
    head = ["sample", "", "seeds", *COLUMNS.values(), "Si of 5 or 6 O %", "density g/cm³"]
    head.append("all-boron rings by kind")
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    for sample in SAMPLES:
        lines += [_published(sample, label) for label in PUBLISHED]
        for potential in POTENTIALS:
            path = RESULTS / f"{sample}-{potential}.json"
            if path.exists() and (result := json.loads(path.read_text("utf-8")))["seeds"]:
                lines.append(_row(sample, potential, result))
    return "\n".join([*lines, "", f"{SOURCE_LINE.replace(' and published Buckingham', '')}.", ""])


def _published(sample: str, label: str) -> str:
    known = REFERENCES[sample]
    texts = [known.text(PUBLISHED[label], name) for name in (*COLUMNS, DENSITY)]
    return "| " + " | ".join([sample, label, "", *texts[:-1], "", texts[-1], ""]) + " |"


def _row(sample: str, potential: str, result: dict) -> str:
    summary, seeds = result["summary"], result["seeds"]
    texts = [_text(summary[name]) for name in COLUMNS]
    cells = [sample, potential, str(len(seeds)), *texts, crowded(seeds), _text(summary[DENSITY])]
    cells.append(kinds(seeds))
    return "| " + " | ".join(cells) + " |"


def _text(entry: dict) -> str:
    """What no seed has is 0, without an error."""
    return number(entry["mean"], entry["error"]) if entry["mean"] else "0"


def crowded(seeds: list[dict]) -> str:
    """% of silicon with more than four oxygens, mean of the seeds."""
    found = [seed["distributions"]["Si coordination %"] for seed in seeds]
    shares = [sum(share for n, share in one.items() if int(n) > 4) for one in found]
    return _text({"mean": sum(shares) / len(shares), "error": None})


def kinds(seeds: list[dict]) -> str:
    """Superstructural units of all-boron rings, mean number in a glass, the most frequent first."""
    found: dict[str, float] = {}
    for seed in seeds:
        for unit, count in seed["distributions"]["superstructural units"].items():
            found[unit] = found.get(unit, 0.0) + count / len(seeds)
    ordered = sorted(found.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{count:.1f} {unit}" for unit, count in ordered if count >= 0.05)


if __name__ == "__main__":
    main()
