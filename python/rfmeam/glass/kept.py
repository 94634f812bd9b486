"""Small result files of glasses for a repository, whose runs are too large for it."""

import json
from pathlib import Path

from ..campaign.files import write_text


def keep(runs: Path, into: Path) -> None:
    """Copies RUNS/NAME/result.json to INTO/NAME.json, without the curves and without paths of this
    machine. Glasses that are there already and have no run stay.
    """
    for path in sorted(runs.glob("*/result.json")):
        result = json.loads(path.read_text("utf-8"))
        result["settings"].pop("made", None)  # the command, with its folders
        for seed in result["seeds"]:
            seed.pop("curves", None)
        text = json.dumps(result, indent=1, ensure_ascii=False) + "\n"
        write_text(into / f"{path.parent.name}.json", text)
