"""Errors against cost: potentials of this package beside universal machine-learned ones, on the validation set of Li-F.

./dev shell python bench/accuracy_and_cost.py                # table (and figure) of doc/accuracy-and-cost.md
./dev shell python bench/accuracy_and_cost.py --time         # measures rates first: on an idle machine

MODELS are *.rfmeam files, sevennet-0, sevennet-l3i5, chgnet. Of the programs, numbers come from rivals.json; what is
not there is computed, by the Python that RFMEAM_SEVENNET_PYTHON and RFMEAM_CHGNET_PYTHON name. Errors, and how the
interface is relaxed: potentials/fit/accuracy.py.
"""

import datetime
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from accuracy_figure import draw
from ase import Atoms
from measure import Case, processor, run
from rfmeam.calculator import RFMEAM
from rfmeam.documents import replace_between
from rfmeam.errors import UserError
from rfmeam.reference.dft import ComputationError
from rivals import TITLES, Program, Rival, read_kept, write_kept

from rfmeam import Potential

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "potentials/fit"))
import accuracy  # noqa: E402

DOCUMENT, FIGURE = ROOT / "doc/accuracy-and-cost.md", ROOT / "doc/figures/accuracy-and-cost.svg"
BEGIN, END = "<!-- table: begin, by bench/accuracy_and_cost.py -->", "<!-- table: end -->"
MODELS = [*(ROOT / f"potentials/{name}.rfmeam" for name in ("LiF", "LiF-q")), *map(Path, TITLES)]
INTERFACE = "interface-coherent-relaxed"
GROUPS = {
    "salt, 300 K": lambda family: family == "lif-300K",
    "metal": accuracy.is_metal,
    "mixtures": lambda family: family.startswith("mixture"),
    "interface": lambda family: family.startswith("interface"),
    "all": accuracy.GROUPS["all condensed"],
}


@dataclass(frozen=True)
class Model:
    """What is known of a model: errors by group, see accuracy.grouped; the relaxed interface; atom-steps/s, None where
    it was not measured; of a program, version and date."""

    title: str
    errors: dict[str, tuple[int, float, float, float | None]]
    interface: accuracy.Interface
    rate: float | None
    note: str = ""


def validation() -> tuple[list[Atoms], list[str]]:
    """Condensed structures of the validation set, and their families."""
    pairs = [pair for pair in zip(*accuracy.structures("validation"), strict=True) if GROUPS["all"](pair[1])]
    atoms, families = zip(*pairs, strict=True)
    return list(atoms), list(families)


def ours(path: Path, rate: float | None) -> Model:
    """A potential of this package, computed now."""
    potential = Potential.read(path)
    atoms, families = validation()
    errors = accuracy.grouped(GROUPS, atoms, families, *accuracy.deviations(potential, atoms))
    return Model(path.stem, errors, accuracy.relax_interface(RFMEAM(potential), INTERFACE), rate)


def rival(name: str, rate: float | None) -> Model:
    """A program: from rivals.json, what is not there computed first and kept."""
    known, program = Rival.read(name), Program(name)
    atoms, families = validation()
    lacking = known.lacking(atoms)
    for number, structure in enumerate(lacking, 1):
        print(f"{name}: {structure.info['label']}, {number} of {len(lacking)}", file=sys.stderr)
        known.add(structure, program.answer(structure))
        known.write()
    begin = accuracy.report.frames(INTERFACE)[0].info["fingerprint"]
    if known.interface.get("fingerprint") != begin:
        print(f"{name}: {INTERFACE}", file=sys.stderr)
        found = accuracy.relax_interface(program, INTERFACE)
        known.interface = {
            "fingerprint": begin,
            "moved": round(found.moved, 4),
            "gap": round(found.gap, 4),
            "converged": found.converged,
        }
        known.write()
    program.close()
    errors = accuracy.grouped(GROUPS, atoms, families, *known.columns(atoms), None)
    kept = known.interface
    interface = accuracy.Interface(kept["moved"], kept["gap"], None, kept["converged"])
    return Model(TITLES[name], errors, interface, rate, f"{known.version}, {known.date}")


def measured_rate(model: Path) -> dict:
    """Atom-steps/s on one core, with where and when: MD of LAMMPS, or calls of a program (see Program.rate)."""
    if model.suffix == ".rfmeam":
        runs = [run(Case(model.stem, "in.lif", {"potential": model.resolve()})).rate for _ in range(3)]
        rate = 1000 * sorted(runs)[1]
    else:
        program = Program(str(model))
        rate = program.rate()
        program.close()
    load = f"{os.getloadavg()[0]:.1f}"
    return {
        "rate": float(f"{rate:.3g}"),
        "processor": processor(),
        "load": load,
        "date": f"{datetime.date.today()}",
    }


def table(models: list[Model]) -> str:
    """Markdown: a row for each model."""
    head = ["", *GROUPS, "first metal layer, gap (Å)", "atom-steps/s"]
    rows = []
    for model in models:
        errors = [", ".join(accuracy.error_cells(*model.errors[group][1:])) for group in GROUPS]
        layer = f"{model.interface.moved:+.2f}, {model.interface.gap:.2f}"
        layer += "" if model.interface.converged else ", forces not below 0.01 eV/Å"
        rows.append([model.title, *errors, layer, "not measured" if model.rate is None else f"{model.rate:.3g}"])
    found = accuracy.dft_interface(INTERFACE)
    rows.append(["DFT", *[""] * len(GROUPS), f"{found.moved:+.2f}, {found.gap:.2f}", ""])
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def notes(models: list[Model], rates: dict[str, dict]) -> str:
    """Where the programs' numbers and the rates are from."""
    lines = [f"- {model.title}: {model.note}." for model in models if model.note]
    places = {f"{r['date']}, {r['processor']}, load of the machine at the end {r['load']}" for r in rates.values()}
    if places:
        lines.append(f"- Rates, one core: {'; '.join(sorted(places))}.")
    sizes = ", ".join(f"{group} {row[0]}" for group, row in models[0].errors.items())
    return "\n".join([f"- Atoms of the validation set: {sizes}.", *lines])


def main(
    models: Annotated[list[Path] | None, typer.Argument(help="*.rfmeam files and programs (default: all)")] = None,
    time: Annotated[bool, typer.Option("--time", help="measure atom-steps/s first, for the models named")] = False,
) -> None:
    """Writes the table and the figure into doc/, and prints the table."""
    chosen = models or MODELS
    for model in chosen:
        if model.suffix != ".rfmeam":
            Rival.read(str(model))  # refuses names that are none, before anything takes long
        elif not model.exists():
            raise UserError(f"{model}: there is no such file")
    for model in chosen if time else ():
        kept = read_kept()
        kept["rates"][model.stem] = measured_rate(model)
        write_kept(kept)
    rates = {model.stem: kept for model in chosen if (kept := read_kept()["rates"].get(model.stem))}
    found = []
    for model in chosen:
        rate = rates[model.stem]["rate"] if model.stem in rates else None
        found.append(ours(model, rate) if model.suffix == ".rfmeam" else rival(str(model), rate))
    text = f"{table(found)}\n\n{notes(found, rates)}"
    print(text)
    if rates:
        draw({m.title: (m.rate, *m.errors["all"][1:3]) for m in found if m.rate is not None}, FIGURE)
        text += f"\n\n![Errors against cost]({FIGURE.relative_to(DOCUMENT.parent)})"
    replace_between(DOCUMENT, BEGIN, END, text)


if __name__ == "__main__":
    try:
        typer.run(main)
    except (UserError, ComputationError, RuntimeError) as error:
        sys.exit(f"accuracy_and_cost: {error}")
