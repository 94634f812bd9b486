"""FOLDER/report.html: one page with the table beside experiment, the pictures and where everything
came from."""

import base64
import html
from collections.abc import Iterable
from pathlib import Path

from ase.io import read

from ..style import STYLE
from ..terminal import writing
from . import figures
from .judge import seed_folder
from .published_curves import COLUMNS, described
from .reference import REFERENCES, SOURCE_LINE

_CSS = """
body { font: 15px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem;
color: #222; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.15rem; margin-top: 2rem; }
img { max-width: 100%; height: auto; }
.wide { overflow-x: auto; } table { border-collapse: collapse; }
td, th { padding: .25rem .8rem; text-align: right;
border-bottom: 1px solid #ddd; }
td:first-child, th:first-child, .text td, .text th { text-align: left; }
/* two panels side by side: on a telephone they scroll */
@media (max-width: 40rem) { img.two { max-width: none; width: 44rem; } }
.note { color: #666; font-size: .9rem; }
"""


CSS_DPI = 96  # pixels of a page in an inch
COMPARABLE_RATE, COMPARABLE_SIZE = 10.0, 290  # K/ps, atoms: of the models in reference.py


def write(folder: Path, result: dict, beside: list[dict]) -> None:
    """Draws the figures and writes the report of a finished study.

    beside: what `published_curves.compare` says of each published curve.
    """
    seeds = result["seeds"]
    folders = [seed_folder(folder, seed["seed"]) for seed in seeds]
    tg = result["summary"].get("Tg from enthalpy K")
    pictures = ["structure.png", "structure-functions.png", "cooling.png"]
    glass = read(folders[0] / "glass.extxyz")
    figures.draw_structure(glass, seeds[0]["bond cutoffs A"], folder / pictures[0])
    figures.draw_structure_functions(seeds, folder / pictures[1], beside)
    figures.draw_cooling(
        folders, result["settings"]["atoms"], tg["mean"] if tg else None, folder / pictures[2]
    )
    if loaded := [seed for seed in seeds if "strength" in seed.get("measured", {})]:
        figures.draw_load(loaded, folder / "load.png")
        pictures.append("load.png")
    if moved := [seed for seed in seeds if "diffusion" in seed.get("measured", {})]:
        figures.draw_conductivity(moved, folder / "conductivity.png")
        pictures.append("conductivity.png")
    page = folder / "report.html"
    with writing(page):
        page.write_text(
            _page(folder, result, pictures, glass.cell.lengths(), beside), encoding="utf-8"
        )


def number(mean: float, error: float | None = None) -> str:
    """A mean with its standard error, to digits that make sense."""
    if mean and abs(mean) < 1e-2:
        return f"{mean:.2e}" + (f" ± {error:.0e}" if error is not None else "")
    digits = 0 if abs(mean) >= 200 else 1 if abs(mean) >= 10 else 2
    return f"{mean:.{digits}f}" + (f" ± {error:.{digits}f}" if error is not None else "")


def _page(
    folder: Path, result: dict, pictures: list[str], box: Iterable[float], beside: list[dict]
) -> str:
    """box: edges of the first glass, Å."""
    settings = result["settings"]
    title = f"{settings['sample']}, {settings['potential']}"
    protocol = settings["protocol"]
    count = len(result["seeds"])
    density = protocol["density"]
    held = "at zero pressure" if density is None else f"at {density:g} g/cm³"
    made = (
        f"{sum(settings['atoms'].values())} atoms in {' × '.join(f'{edge:.1f}' for edge in box)} "
        f"Å, {count} seed{'s' * (count > 1)}; "
        f"melted {protocol['melt_time']:g} ps at {protocol['melt_temperature']:g} K and "
        f"cooled at {protocol['rate']:g} K/ps {held}, relaxed {protocol['relax_time']:g} ps at "
        f"{protocol['final_temperature']:g} K and zero pressure; "
        f"timestep {protocol['timestep']:g} fs."
    )
    rounding = ", ".join(
        f"{oxide} {settings['composition mol%'][oxide]:g} → {actual:.2f}"
        for oxide, actual in settings["actual mol%"].items()
    )
    parts = [
        f"<h1>{html.escape(title)}</h1><p>{made}<br>Whole formula units: {rounding} mol%.</p>",
        "<h2>Numbers</h2>" + _warning(settings) + _comparison(result),
        '<p class="note">± is the standard error over the seeds; one seed has none.</p>',
        "<h2>Pictures</h2>" + "".join(_image(folder / name) for name in pictures),
        "<h2>Beside published curves</h2>" + _published(beside),
        "<h2>Distributions, % (first seed)</h2>" + _distributions(result["seeds"][0]),
        _remarks(result),
        "<h2>Where it comes from</h2>" + _provenance(settings),
    ]
    body = "\n".join(parts)
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{html.escape(title)}</title>"
        f"<style>{_CSS}</style><body>{body}</body></html>"
    )


def _warning(settings: dict) -> str:
    """Where a glass is cooled so fast, or so small, that the numbers beside it are of another."""
    rate, size = settings["protocol"]["rate"], sum(settings["atoms"].values())
    if rate <= COMPARABLE_RATE and size >= COMPARABLE_SIZE:
        return ""
    return (
        f"<p><strong>Compares with nothing:</strong> {rate:g} K/ps and {size} atoms are a test of "
        f"the set-up. The models beside it were cooled at 2 to {COMPARABLE_RATE:g} K/ps, with 300 "
        "to 3000 atoms, experiments far slower.</p>"
    )


def _comparison(result: dict) -> str:
    known = REFERENCES.get(result["settings"]["sample"])
    columns = {"experiment": "experiment", "quantum": "quantum MD"}
    columns["buckingham"] = "published Buckingham"
    header = ["", "this glass", *(columns.values() if known else ())]
    rows = []
    for name, entry in result["summary"].items():
        row = [name, number(entry["mean"], entry["error"])]
        rows.append(row + ([known.text(column, name) for column in columns] if known else []))
    rows.sort(key=lambda row: not any(row[2:]))  # what there is something beside comes first
    source = f'<p class="note">{SOURCE_LINE}.</p>' if known else ""
    return _table([header, *rows]) + source


def _published(beside: list[dict]) -> str:
    if not beside:
        return (
            '<p class="note">None: no measured S(q) or g(r) comes with rfmeam. Curves of yours are '
            "set beside those of this glass by the same command with --compare FILE: two columns "
            "below lines such as # curve: S neutron, # source: ….</p>"
        )
    return (
        _table([COLUMNS, *(described(each) for each in beside)])
        + '<p class="note">R: root of Σ (here − published)² / Σ published², %. S(q) of this glass '
        "is smeared by Lorch’s window to 10 Å or half the box: sharp peaks are lower and broader."
        "</p>"
    )


def _distributions(seed: dict) -> str:
    rows = [["", "value: %"]]
    for name, values in seed["distributions"].items():
        unit = "" if name.endswith("%") else " (count)"
        text = ", ".join(f"{key}: {number(value)}" for key, value in values.items()) or "none"
        rows.append([name.removesuffix(" %") + unit, text])
    return _table(rows, "text")


def _remarks(result: dict) -> str:
    remarks = [
        f"seed {seed['seed']}: {text}" for seed in result["seeds"] for text in seed["remarks"]
    ]
    for seed in result["seeds"]:
        for measured in seed.get("measured", {}).values():
            remarks += [f"seed {seed['seed']}: {text}" for text in measured.get("remarks", [])]
    if not remarks:
        return ""
    return (
        "<h2>Remarks</h2><ul>"
        + "".join(f"<li>{html.escape(text)}</li>" for text in remarks)
        + "</ul>"
    )


def _provenance(settings: dict) -> str:
    rows = [
        ["what", "value"],
        ["potential", settings["potential source"]],
        ["SHA-256", settings["potential SHA-256"][:16]],
    ]
    rows += [[name, value] for name, value in settings.get("made", {}).items()]
    rows += [[name, value] for name, value in settings["versions"].items()]
    return (
        _table(rows, "text")
        + '<p class="note">All settings, numbers and curves: result.json beside this page.</p>'
    )


def _table(rows: list[list], kind: str = "numbers") -> str:
    def line(row: list, tag: str) -> str:
        return (
            "<tr>" + "".join(f"<{tag}>{html.escape(str(cell))}</{tag}>" for cell in row) + "</tr>"
        )

    return (
        f'<div class="wide"><table class="{kind}">'
        + line(rows[0], "th")
        + "".join(line(row, "td") for row in rows[1:])
        + "</table></div>"
    )


def _image(path: Path) -> str:
    content = path.read_bytes()
    data = base64.b64encode(content).decode()
    # width over height, in the head of the PNG file
    width, height = (int.from_bytes(content[n : n + 4]) for n in (16, 20))
    two = ' class="two"' * (width > 2 * height)
    shown = round(width * CSS_DPI / STYLE["savefig.dpi"])  # so that letters are alike in all
    image = f'<img alt="{path.stem}"{two} width="{shown}" src="data:image/png;base64,{data}">'
    return f'<div class="wide">{image}</div>'
