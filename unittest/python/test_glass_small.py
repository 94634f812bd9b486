"""The small, fast glasses of doc/glass.md: the tables are those of the result files, made alike."""

import hashlib
import importlib.util
import json
from pathlib import Path

import pytest
from rfmeam.glass import composition, force_field
from rfmeam.glass.kept import keep

ROOT = Path(__file__).parents[2]
SPEC = importlib.util.spec_from_file_location("small", ROOT / "examples/glass/small.py")
small = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(small)
MADE = {path.stem for path in small.RESULTS.glob("*-*.json")}
GLASSES = [(s, p) for s in small.SAMPLES for p in small.POTENTIALS if f"{s}-{p}" in MADE]


def result(sample: str, potential: str) -> dict:
    return json.loads((small.RESULTS / f"{sample}-{potential}.json").read_text("utf-8"))


def test_there_are_glasses_of_all_samples():
    assert {(sample, "LBS") for sample in small.SAMPLES} <= set(GLASSES)


def test_the_document_has_the_tables_of_the_files():
    text = small.DOCUMENT.read_text("utf-8")
    written = text.partition(small.BEGIN)[2].partition(small.END)[0]
    assert written == f"\n{small.tables()}"


@pytest.mark.parametrize(("sample", "potential"), GLASSES)
def test_like_for_like(sample, potential):
    """The protocol, the atoms, the density of the melt and the first seeds of all potentials are
    the same; what LAMMPS read is what the force fields are today."""
    found, first = result(sample, potential)["settings"], result(sample, "LBS")["settings"]
    atoms = int(small.PROTOCOL[small.PROTOCOL.index("--atoms") + 1])
    model = composition.build_model(composition.parse_sample(sample), atoms)
    assert found["atoms"] == first["atoms"] == model.counts
    words = dict(zip(small.PROTOCOL[::2], small.PROTOCOL[1::2], strict=True))
    for option, key in (("rate", "rate"), ("melt-time", "melt_time"), ("relax-time", "relax_time")):
        assert found["protocol"][key] == float(words[f"--{option}"])
    same = [key for key in found["protocol"] if key != "timestep"]
    assert [found["protocol"][key] for key in same] == [first["protocol"][key] for key in same]
    seeds = [seed["seed"] for seed in result(sample, potential)["seeds"]]
    assert seeds == list(range(1, len(seeds) + 1))  # how many is a column of the table
    if potential in small.ROUNDS:  # was LBS.rfmeam when its glasses were made
        used = found["potential parameters"]["SHA-256 of LBS.rfmeam"]
        file = small.ROUNDS[potential].with_suffix(".rfmeam")
        assert used == hashlib.sha256(file.read_bytes()).hexdigest()
        return
    field = force_field.load(small.POTENTIALS[potential][0], model)
    assert found["potential SHA-256"] == field.fingerprint


def test_kinds_are_means_of_the_seeds():
    """The most frequent first; what is in one frame of thirty is left out."""
    units = [{"boroxol": 2.0, "triborate": 0.03}, {"boroxol": 1.0, "diborate": 3.5}]
    seeds = [{"distributions": {"superstructural units": found}} for found in units]
    assert small.kinds(seeds) == "1.8 diborate, 1.5 boroxol"


def test_what_is_kept_of_a_run(tmp_path):
    """Neither curves nor the command with its folders; what has no run stays as it is."""
    (tmp_path / "runs/new").mkdir(parents=True)
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept/old.json").write_text("{}")
    seed = {"seed": 1, "curves": [1, 2]}
    run = {"settings": {"made": {"command": "rfmeam"}, "atoms": {"B": 2}}, "seeds": [seed]}
    (tmp_path / "runs/new/result.json").write_text(json.dumps(run))
    keep(tmp_path / "runs", tmp_path / "kept")
    assert json.loads((tmp_path / "kept/new.json").read_text()) == {
        "settings": {"atoms": {"B": 2}},
        "seeds": [{"seed": 1}],
    }
    assert (tmp_path / "kept/old.json").read_text() == "{}"
