"""Labels by SevenNet-0, with a stand-in for it: kept apart from DFT's, one process for many
structures, failures that end neither the build nor the next structure.
"""

import sys
from pathlib import Path

import numpy as np
import pytest
from ase.io import read
from rfmeam.cli import app
from rfmeam.errors import UserError
from rfmeam.reference.build import missing
from rfmeam.reference.method import Method
from rfmeam.reference.structure_list import read_list
from typer.testing import CliRunner

LIST = """
seed: 7
method: {program: sevennet-0}
families:
  rattled:
    start: {bulk: {symbol: LiF, structure: rocksalt, a: 4.07}}
    steps: [{rattle: {amplitudes: [0.05], copies: 6}}]
"""
ATOM = "  atom:\n    start: {molecule: {symbols: [Li], positions: [[0, 0, 0]], box: 5}}\n"
END = "  end:\n    start: {bulk: {symbol: CaF2, structure: fluorite, a: 5.5}}\n"


@pytest.fixture
def fake(tmp_path, monkeypatch):
    """Makes the stand-in the Python of SevenNet-0; returns the file with its processes."""
    script = tmp_path / "python"
    worker = Path(__file__).with_name("fake_sevennet.py")
    script.write_text(f'#!/bin/sh\n[ "$1" = -c ] && exit 0\nexec {sys.executable} {worker}\n')
    script.chmod(0o755)
    log = tmp_path / "processes"
    monkeypatch.setenv("RFMEAM_SEVENNET_PYTHON", str(script))
    monkeypatch.setenv("FAKE_SEVENNET_LOG", str(log))
    return log


def run(path: Path, *options: str):
    return CliRunner().invoke(app, ["reference", "build", str(path), *options])


def results(path: Path, family: str) -> list:
    return read(path.parent / f"training/{family}.extxyz", ":")


def test_one_process_labels_all(write, fake):
    path = write(LIST, "list.yaml")
    assert run(path).exit_code == 0
    frames = results(path, "rattled")
    assert len(frames) == 6 and len(fake.read_text().split()) == 1
    for atoms in frames:
        centre = atoms.cell.array.sum(axis=0) / 2
        np.testing.assert_allclose(atoms.get_forces(), centre - atoms.positions, atol=5.1e-5)
        assert atoms.info["program"] == "SevenNet-0 of a fake"
        assert "bader_charge" not in atoms.arrays and "cutoff_eV" not in atoms.info
    assert "complete" in run(path).output


def test_thousands_of_structures_are_small(write, fake):
    """Positions to 1e-5 Å and forces to 1e-4 eV/Å, without zeros and blanks that carry nothing;
    what is read again is what was computed.
    """
    path = write(LIST, "list.yaml")
    assert run(path).exit_code == 0
    text = (path.parent / "training/rattled.extxyz").read_text()
    rows = [line for line in text.splitlines() if line.startswith(("Li ", "F "))]
    assert len(rows) == 12
    for row in rows:
        _, *numbers = row.split(" ")
        decimals = [len(number.partition(".")[2]) for number in numbers]
        assert max(decimals[:3]) <= 5 and max(decimals[3:]) <= 4
        assert not any(number.endswith("0") for number in numbers if "." in number)
    made = read(path.parent / "structures/rattled.extxyz", ":")
    for atoms, structure in zip(results(path, "rattled"), made, strict=True):
        assert (atoms.positions == structure.positions).all()
        assert (atoms.cell.array == structure.cell.array).all()


def test_a_process_for_each_worker(write, fake):
    assert run(write(LIST, "list.yaml"), "--workers", "2").exit_code == 0
    assert 1 <= len(fake.read_text().split()) <= 2


def test_failures_leave_the_others(write, fake):
    path = write(LIST + ATOM + END, "list.yaml")
    failed = run(path)
    assert failed.exit_code == 1
    assert "atom/00: one atom" in failed.output
    assert "end/00: the fake SevenNet was told to end" in failed.output
    assert len(results(path, "rattled")) == 6


def test_dft_and_sevennet_are_not_mixed(write, fake):
    path = write(LIST, "list.yaml")
    run(path)
    path.write_text(LIST.replace("{program: sevennet-0}", "{cutoff: 400}"))
    with pytest.raises(UserError, match=r"rattled\.extxyz: rattled/00 is by SevenNet-0 of a fake"):
        missing(read_list(path))
    result = run(path)
    assert result.exit_code == 1 and "in a folder of its own" in result.output


def test_a_program_without_settings_takes_none(write):
    for old, new, message in (
        ("sevennet-0}", "sevennet-0, cutoff: 400}", "method: sevennet-0 has no settings, read cut"),
        ("steps:", "kpoint_length: 9\n    steps:", "rattled: sevennet-0 has no settings, read kpo"),
        ("steps:", "relax: {force: 1, steps: 1}\n    steps:", "has no settings, read relax"),
        ("sevennet-0", "sevennet-1", "program: 'sevennet-1': allowed are gpaw, sevennet-0"),
    ):
        with pytest.raises(UserError, match=message):
            read_list(write(LIST.replace(old, new), "list.yaml"))


def test_no_python_is_named(write, monkeypatch):
    monkeypatch.delenv("RFMEAM_SEVENNET_PYTHON", raising=False)
    result = run(write(LIST, "list.yaml"))
    assert result.exit_code == 1 and "RFMEAM_SEVENNET_PYTHON is not set" in result.output


def test_naming_the_program_leaves_older_results_valid():
    """Results of before there was a second program have the fingerprint of a method without it."""
    method = Method(cutoff=400.0)
    assert method.fingerprint() == Method.of({"program": "gpaw", "cutoff": 400}, "").fingerprint()
    assert method.fingerprint() != Method(program="sevennet-0", cutoff=400.0).fingerprint()
