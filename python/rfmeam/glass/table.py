"""The table of many glasses beside experiment, quantum MD and the published Buckingham model."""

import json
from pathlib import Path

from ..errors import UserError
from ..terminal import writing
from . import figures
from .reference import B4, DENSITY, REFERENCES, RINGS, SOURCE_LINE
from .report import number

_COLUMNS = {
    B4: "B4 %",
    RINGS: "B in all-boron 3-rings %",
    "B in mixed 3-rings %": "B in mixed 3-rings %",
    "non-bridging oxygen %": "NBO %",
    DENSITY: "density g/cm³",
    "Tg from enthalpy K": "Tg K",
}
_PUBLISHED = {  # label of a row: attribute of Reference
    "experiment": "experiment",
    "quantum MD": "quantum",
    "published Buckingham": "buckingham",
}


def write(folders: list[Path], output: Path) -> None:
    """Markdown table and bar chart of the glasses in folders or result.json files.

    Folders without a finished glass are left out. Raises UserError.
    """
    rows = _references()
    for folder in folders:
        rows += _glass(folder)
    samples = {row["sample"] for row in rows if row["seeds"]}
    if not samples:
        raise UserError("none of the folders holds a finished glass")
    rows = [row for row in rows if row["sample"] in samples]
    order = {sample: n for n, sample in enumerate(REFERENCES)}
    rows.sort(key=lambda row: order.get(row["sample"], len(order)))
    with writing(output):
        output.write_text(_markdown(rows), encoding="utf-8")
    drawn = [row for row in rows if row["sample"] in REFERENCES and row["drawn"]]
    figures.draw_comparison(drawn, output.with_suffix(".png"))


def _references() -> list[dict]:
    rows = []
    for sample, known in REFERENCES.items():
        for label, column in _PUBLISHED.items():
            pairs = {name: (value, None) for name, value in getattr(known, column).items()}
            rows.append(
                {
                    "sample": sample,
                    "label": label,
                    "values": pairs,
                    "seeds": 0,
                    "rate": "",
                    "drawn": True,
                    "bounds": [name for name in pairs if known.is_bound(column, name)],
                }
            )
    return [row for row in rows if row["values"]]


def _glass(folder: Path) -> list[dict]:
    path = folder if folder.is_file() else folder / "result.json"
    if not path.exists():
        return []
    try:
        result = json.loads(path.read_text("utf-8"))
    except json.JSONDecodeError as error:
        raise UserError(f"{path}: line {error.lineno}: not JSON ({error.msg})") from None
    if not result["seeds"]:
        return []
    settings = result["settings"]
    rate, density = settings["protocol"]["rate"], settings["protocol"]["density"]
    size = sum(settings["atoms"].values())
    label = settings["potential"] + (", zero pressure" if density is None else "")
    quench = f"{rate:g} K/ps" + ("" if density is None else f", {density:g} g/cm³")
    values = {name: (entry["mean"], entry["error"]) for name, entry in result["summary"].items()}
    common = {
        "sample": settings["sample"],
        "values": values,
        "seeds": len(result["seeds"]),
    }
    as_it_is = "PPPM" not in settings["potential parameters"]  # not cut off elsewhere
    plain = rate == 10 and size >= 900 and as_it_is
    return [common | {"label": label, "rate": f"{quench}, {size} atoms", "drawn": plain}]


def _text(row: dict, name: str) -> str:
    """A published number as it is, ours with its error; what no seed has is 0, without an error."""
    if not row["seeds"]:
        return REFERENCES[row["sample"]].text(_PUBLISHED[row["label"]], name)
    value = row["values"].get(name)
    if value is None:
        return ""
    return number(*value) if value[0] else "0"


def _markdown(rows: list[dict]) -> str:
    head = ["sample", "", "quench", "seeds", *_COLUMNS.values()]
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    for row in rows:
        cells = [row["sample"], row["label"], row["rate"], str(row["seeds"] or "")]
        cells += [_text(row, name) for name in _COLUMNS]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join([*lines, "", f"{SOURCE_LINE}.", ""])
