"""The examples of doc/fit.md are taken as they stand: their parameters and families are there."""

import re
from pathlib import Path

import numpy as np
import pytest
from ase.build import bulk
from ase.io import write
from rfmeam.fit.parameters import ParameterSpace, starting_potential
from rfmeam.fit.rows import check_targets
from rfmeam.fit.run import read_data
from rfmeam.fit.settings import read_settings
from rfmeam.refine.settings import read_settings as read_refine_settings

REPOSITORY = Path(__file__).resolve().parents[2]
DOCUMENT = (REPOSITORY / "doc" / "fit.md").read_text("utf-8")
EXAMPLE, PROPERTIES, DYNAMICS, REFINE = re.findall("```yaml\n(.*?)```", DOCUMENT, re.DOTALL)


@pytest.fixture
def folder(tmp_path):
    """potentials/fit of a repository, with the files that the examples name."""
    folder = tmp_path / "potentials" / "fit"
    folder.mkdir(parents=True)
    (tmp_path / "data").symlink_to(REPOSITORY / "data")
    (tmp_path / "potentials" / "LiF.rfmeam").symlink_to(REPOSITORY / "potentials" / "LiF.rfmeam")
    crystal = bulk("LiF", "rocksalt", 4.05, cubic=True)
    for name in ("molten", "dft-md", "interface"):
        write(folder / f"{name}.extxyz", crystal)
    angles = np.linspace(0, 180, 37)
    np.savetxt(folder / "angles.txt", np.column_stack([angles, np.ones_like(angles)]))
    return folder


def check(path):
    """All that is looked at before the first step of a fit."""
    settings = read_settings(path)
    potential = starting_potential(settings)
    data = read_data(settings, potential)
    check_targets(settings, data.training + data.validation)
    assert len(data.training) > 300 and len(data.validation) > 30
    for stage in settings.stages:
        assert ParameterSpace(potential, settings, stage).names
    return settings


def test_example(folder):
    (folder / "fit.yaml").write_text(EXAMPLE, "utf-8")
    assert [stage.name for stage in check(folder / "fit.yaml").stages] == ["charges", "salt", "all"]


def test_example_with_properties(folder):
    text = EXAMPLE + PROPERTIES + DYNAMICS.replace("properties:\n", "")
    properties = re.findall("^  .*kind: (?:volume|rdf|adf).*\n", DYNAMICS, re.MULTILINE)
    assert len(properties) == 3
    for line in properties:  # a mapping has one key properties
        text = text.replace(line, "", 1)
        text = text.replace("properties:\n", "properties:\n" + line, 1)
    (folder / "fit.yaml").write_text(text, "utf-8")
    assert len(check(folder / "fit.yaml").properties) == 9


def test_refine(folder):
    text = (REPOSITORY / "potentials" / "LiF-q.rfmeam").read_text("utf-8")
    (folder / "LiF-q" / "ensemble").mkdir(parents=True)
    for name in ("potential", "ensemble/00", "ensemble/01"):
        (folder / "LiF-q" / f"{name}.rfmeam").write_text(text, "utf-8")
    (folder / "refine.yaml").write_text(REFINE, "utf-8")
    settings = read_refine_settings(folder / "refine.yaml")
    assert len(settings.runs) == 2
