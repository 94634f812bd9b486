"""What a refinement writes: a list for `rfmeam reference build`, the report."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import yaml
from ase import Atoms
from ase.io import write
from matplotlib import rc_context
from matplotlib.figure import Figure

from ..dynamics import Dynamics
from ..pages import Section, write_pages
from ..reference.structure_list import read_list
from ..style import COLORS, STYLE
from ..terminal import writing
from .disagreement import Judged
from .settings import Settings, family_name

CHOSEN = "chosen"  # the folder of the structures


def write_list(settings: Settings, judged: list[Judged], chosen: list[int]) -> Path:
    """structures.yaml, with a family for each run that something is chosen of, and its structures.

    The families are for fitting: they were made by what is to be fitted, which is no fair draw.
    """
    folder = settings.output / CHOSEN
    folder.mkdir(parents=True, exist_ok=True)
    families = {}
    for run in settings.runs:
        file = folder / f"{family_name(run)}.extxyz"
        file.unlink(missing_ok=True)  # of a run before
        own = [judged[k] for k in chosen if judged[k].run == run.name]
        if not own:
            continue
        with writing(file):
            write(file, [_bare(each.atoms) for each in own], format="extxyz")
        largest = max(each.disagreement for each in own)
        families[family_name(run)] = {
            "about": f"{_words(run)}, where potentials disagree by up to {largest:.2g} eV/Å",
            "use": "fit",
            "start": {"file": {"path": f"{CHOSEN}/{file.name}"}},
        }
    values = {"description": f"Chosen by rfmeam refine {settings.path.name}"}
    if settings.method:
        values["method"] = settings.method
    path = settings.output / "structures.yaml"
    with writing(path):
        text = yaml.safe_dump(values | {"families": families}, sort_keys=False, allow_unicode=True)
        path.write_text(text, encoding="utf-8")
    read_list(path)
    return path


def _bare(atoms: Atoms) -> Atoms:
    return Atoms(atoms.symbols, atoms.positions, cell=atoms.cell, pbc=True)


def _words(run: Dynamics) -> str:
    where = "constant volume" if run.pressure is None else f"{run.pressure:g} GPa"
    return f"{run.name}: {run.temperature:g} K, {where}"


def write_report(
    settings: Settings, judged: list[Judged], chosen: list[int], problems: list[str]
) -> None:
    """report.md, report.html and their picture."""
    settings.output.mkdir(parents=True, exist_ok=True)
    _draw(settings, judged, chosen, settings.output / "disagreement.png")
    sections = [
        Section(
            "Disagreement",
            [
                f"Forces of {len(settings.members)} potentials on the frames of molecular dynamics "
                "with another. Disagreement of a frame: the largest √⟨|F - ⟨F⟩|²⟩ of an atom over "
                "the potentials, eV/Å. Without charges: frames on which some of them have no "
                "equilibrium of the charges, whose forces are left out."
            ],
            _runs_table(settings, judged, chosen),
            "disagreement.png",
        ),
        Section("Chosen", _chosen_texts(settings, chosen), _chosen_table(settings, judged, chosen)),
    ]
    if problems:
        sections.insert(0, Section("Warnings", problems))
    write_pages(f"{settings.path.name}: {len(chosen)} structures", sections, settings.output)


def _runs_table(settings: Settings, judged: list[Judged], chosen: list[int]) -> list[list[str]]:
    rows = [["run", "frames", "without charges", "mean", "90 % below", "largest", "chosen"]]
    for run in settings.runs:
        own = [k for k, each in enumerate(judged) if each.run == run.name]
        values = np.array([judged[k].disagreement for k in own])
        values = values[np.isfinite(values)]
        numbers = (values.mean(), np.quantile(values, 0.9), values.max()) if len(values) else ()
        failing = sum(judged[k].failing > 0 for k in own)
        texts = [f"{x:.3g}" for x in numbers] or ["–"] * 3
        count = len(set(own) & set(chosen))
        rows.append([run.name, str(len(own)), str(failing), *texts, str(count)])
    return rows


def _chosen_texts(settings: Settings, chosen: list[int]) -> list[str]:
    limits = [f"at least {settings.least:g}"] if settings.least else []
    limits += [f"at most {settings.most:g}"] if np.isfinite(settings.most) else []
    which = f"frames with a disagreement of {' and '.join(limits)} eV/Å" if limits else "all frames"
    return [
        f"Of {which} those with a large disagreement whose worst atoms have neighbourhoods unlike "
        f"each other's: {len(chosen)} of {settings.count} asked for.",
        "The disagreement ranks frames; it is no error bar, as it knows nothing of what all "
        "members get wrong alike.",
    ]


def _chosen_table(
    settings: Settings, judged: list[Judged], chosen: list[int]
) -> list[list[str]] | None:
    if not chosen:
        return None
    rows = [["label", "run", "ps", "atoms", "eV/Å", "worst atom"]]
    for run in settings.runs:
        own = [judged[k] for k in chosen if judged[k].run == run.name]
        for number, each in enumerate(own):
            label = f"{family_name(run)}/{number:02d}"
            atom = f"{each.atoms.symbols[each.worst]} {each.worst}"
            value = f"{each.disagreement:.3g}"
            rows.append([label, run.name, f"{each.time:.3g}", str(len(each.atoms)), value, atom])
    return rows


@rc_context(STYLE)
def _draw(settings: Settings, judged: list[Judged], chosen: list[int], path: Path) -> None:
    """Disagreement over time, a line for each run, dots on what is chosen."""
    figure = Figure(figsize=(7, 3.6), layout="constrained")
    axes = figure.subplots()
    for number, run in enumerate(settings.runs):
        color = COLORS[number % len(COLORS)]
        own = [k for k, each in enumerate(judged) if each.run == run.name]
        picked = [k for k in own if k in chosen]
        times, sizes = ([getattr(judged[k], key) for k in own] for key in ("time", "disagreement"))
        axes.plot(times, sizes, color=color, linewidth=1, label=run.name)
        axes.plot(
            [judged[k].time for k in picked],
            [judged[k].disagreement for k in picked],
            "o", color=color, markersize=4,
        )  # fmt: skip
    if settings.least:
        axes.axhline(settings.least, color="black", linewidth=0.6)
    axes.set(xlabel="time (ps)", ylabel="disagreement of forces (eV/Å)", ylim=(0, None))
    axes.legend(fontsize=8)
    with writing(path):
        figure.savefig(path, dpi=130)
