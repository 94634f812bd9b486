"""Campaigns: files, locks, progress, and where jobs run: here, by Parsl's workers, by SLURM."""

import io
import os
import threading
import time
from contextlib import ExitStack
from importlib.util import find_spec
from pathlib import Path

import pytest
from rfmeam import UserError
from rfmeam.campaign import files, progress
from rfmeam.campaign.cluster import Cluster, read_cluster
from rfmeam.campaign.jobs import Place, executor, on_nodes
from rfmeam.cli import app
from rfmeam.glass import composition, force_field
from rfmeam.glass.lammps import Machine
from rfmeam.glass.protocol import Protocol
from rfmeam.glass.quench import Quench
from rfmeam.glass.seeds import Seed, make_all
from rich.console import Console
from typer.testing import CliRunner

# ---- files ---------------------------------------------------------------------------------------


def test_a_file_is_replaced_when_it_is_whole(tmp_path):
    path = tmp_path / "new" / "file.json"
    files.write_json(path, {"a": 1})
    assert path.read_text("utf-8") == '{\n "a": 1\n}'
    with pytest.raises(RuntimeError), files.replacing(path) as part:
        part.write_text("half")
        raise RuntimeError
    assert path.read_text("utf-8") == '{\n "a": 1\n}'


def test_a_full_disk_names_the_file(tmp_path):
    with pytest.raises(OSError) as error, files.replacing(tmp_path / "file"):
        raise OSError(28, "No space left on device")
    assert error.value.filename == str(tmp_path / "file")


def test_a_lock_is_waited_for_as_long_as_it_is_said(tmp_path):
    path = tmp_path / "new" / "lock"
    with files.locked(path, 0.0) as lock:
        assert lock is not None
        for patience in (0.0, 0.3):
            with files.locked(path, patience) as second:
                assert second is None
    for patience in (60.0, files.FOREVER):
        with ExitStack() as stack:
            stack.enter_context(files.locked(path, 0.0))
            threading.Timer(0.3, stack.pop_all().close).start()
            start = time.monotonic()
            with files.locked(path, patience) as second:
                assert second is not None and 0.2 < time.monotonic() - start < 30.0


# ---- progress ------------------------------------------------------------------------------------


def test_lines_where_there_is_no_terminal(monkeypatch):
    monkeypatch.setattr(progress, "LOG_EVERY", 0.05)
    done = 100.0
    screen = io.StringIO()
    with progress.Watch(Console(file=screen), "run", 1000, lambda: done, "steps") as watch:
        assert watch.left() == ""
        done = 500.0
        time.sleep(0.3)
    lines = screen.getvalue().splitlines()
    assert lines and set(lines) == {"500 of 1000 steps, about 0 min left"}


def test_durations():
    assert [progress.duration(s) for s in (20, 60, 3600, 5000)] == [
        "0 min",
        "1 min",
        "1 h 00 min",
        "1 h 23 min",
    ]


needs_parsl = pytest.mark.skipif(find_spec("parsl") is None, reason="no parsl")

# ---- where jobs run ------------------------------------------------------------------------------


def square(x: int) -> int:
    return x * x


def where(_: int) -> tuple[int, str]:
    time.sleep(0.2)
    return os.getpid(), os.environ.get("FROM_SETUP", "")


def fail(folder: str) -> None:
    """Counts how often it is tried."""
    (Path(folder) / f"try-{time.monotonic_ns()}").touch()
    raise UserError("x is 1, allowed is 2")


def test_here_is_the_default():
    with executor(Place(workers=2)) as pool:
        assert list(pool.map(square, range(5))) == [0, 1, 4, 9, 16]
        assert pool.submit(os.getpid).result() == os.getpid()
    assert Place(workers=3).jobs == 3


@needs_parsl
def test_parsls_local_provider(parsl_workers, tmp_path):
    from parsl.providers import LocalProvider

    cluster = Cluster(cores_per_node=2)
    with on_nodes(cluster, LocalProvider(init_blocks=1, max_blocks=1), tmp_path / "logs") as pool:
        assert [f.result() for f in [pool.submit(square, x) for x in range(5)]] == [0, 1, 4, 9, 16]
        found = {f.result()[0] for f in [pool.submit(where, x) for x in range(6)]}
        with pytest.raises(UserError, match="x is 1, allowed is 2"):
            pool.submit(fail, str(tmp_path)).result()
    assert os.getpid() not in found and len(found) == 2  # cores_per_node // cores workers
    assert len(list(tmp_path.glob("try-*"))) == 1  # such a job is not tried again


@needs_parsl
def test_jobs_on_a_cluster(slurm):
    cluster = Cluster(
        cores_per_node=4,
        cores=2,
        time="1:30:00",
        partition="long",
        account="me",
        options=("--constraint=rome",),
        setup="export FROM_SETUP=yes",
    )
    with executor(Place(cluster=cluster, logs=slurm / "logs")) as pool:
        found = {f.result() for f in [pool.submit(where, x) for x in range(6)]}
    assert {setup for _, setup in found} == {"yes"}
    assert len(found) == 2 and os.getpid() not in {pid for pid, _ in found}
    (submitted,) = slurm.glob("submitted.*")
    lines = submitted.read_text().splitlines()
    for option in (
        "--nodes=1",
        "--time=90",
        "--partition=long",
        "--account=me",
        "--cpus-per-task=4",
        "--constraint=rome",
    ):
        assert f"#SBATCH {option}" in lines
    assert (slurm / "cancelled").read_text().split() == (slurm / "jobs").read_text().split()


@needs_parsl
def test_an_interruption_gives_the_nodes_back_at_once(slurm):
    start = time.monotonic()
    with (
        pytest.raises(KeyboardInterrupt),
        executor(Place(cluster=Cluster(2), logs=slurm / "logs")) as pool,
    ):
        futures = [pool.submit(time.sleep, 600) for _ in range(2)]
        while not (slurm / "jobs").exists():
            time.sleep(0.1)
        raise KeyboardInterrupt
    assert not any(future.done() and not future.exception() for future in futures)
    assert time.monotonic() - start < 120
    assert (slurm / "cancelled").read_text().split() == (slurm / "jobs").read_text().split()


def test_without_slurm_it_is_refused(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with (
        pytest.raises(UserError, match="there is no sbatch on the PATH"),
        executor(Place(cluster=Cluster(2))),
    ):
        pass


# ---- the file of a cluster -----------------------------------------------------------------------


def test_a_file_of_a_cluster(tmp_path):
    path = tmp_path / "cluster.yaml"
    path.write_text(
        "cores_per_node: 32\nnodes: 4\ncores: 2\ntime: '12:00:00'\noptions: [--mem=100G]\n"
    )
    found = read_cluster(path)
    assert found == Cluster(32, 4, 2, "12:00:00", options=("--mem=100G",))
    assert (found.jobs_per_node, found.jobs) == (16, 64)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("nodes: 4", "cores_per_node is missing"),
        ("cores_per_node: 0", "cores_per_node is 0, allowed is an integer > 0"),
        ("cores_per_node: 4\nnodes: many", "nodes is 'many', allowed is an integer > 0"),
        (
            "cores_per_node: 4\ncores: 8",
            "cores is 8, allowed is an integer > 0, not more than cores_per_node",
        ),
        ("cores_per_node: 4\ncores: true", "cores is True, allowed is"),
        (
            "cores_per_node: 4\ntime: 12:00:00",
            "time is 43200, allowed is a text such as",
        ),
        ("cores_per_node: 4\ntime: 1-0", "time is '1-0', allowed is"),
        ("cores_per_node: 4\npartition: 5", "partition is 5, allowed is a text"),
        ("cores_per_node: 4\naccount: [a]", "account is ['a'], allowed is a text"),
        ("cores_per_node: 4\nqos: 1.5", "qos is 1.5, allowed is a text"),
        ("cores_per_node: 4\noptions: --mem=1G", "options is '--mem=1G', allowed is a list"),
        ("cores_per_node: 4\noptions: [mem]", "options is ['mem'], allowed is a list"),
        ("cores_per_node: 4\nsetup: [a]", "setup is ['a'], allowed is a text"),
        ("cores_per_node: 4\nqueue: long", "unknown 'queue', allowed are cores_per_node, nodes"),
        ("- 4", "expected lines such as 'cores_per_node: 32'"),
        ("a: [", "not YAML"),
    ],
)
def test_bad_files_of_a_cluster(tmp_path, text, message):
    path = tmp_path / "cluster.yaml"
    path.write_text(text)
    with pytest.raises(UserError) as error:
        read_cluster(path)
    assert str(error.value).startswith(f"{path}: ") and message in str(error.value)


def test_a_seed_is_one_process_there(tmp_path):
    (tmp_path / "c.yaml").write_text("cores_per_node: 4\n")
    arguments = ["glass", "40L30B30S", "--ranks", "2", "--slurm", str(tmp_path / "c.yaml")]
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 1 and "allowed is --ranks 1" in result.output


# ---- the campaigns on it -------------------------------------------------------------------------


@pytest.fixture
def cluster_file(slurm) -> Path:
    path = slurm / "cluster.yaml"
    path.write_text("cores_per_node: 2\n")
    return path


@needs_parsl
def test_seeds_of_a_glass(cluster_file, tmp_path):
    """What jobs are handed can be sent, and is enough; what is made is not made again."""
    model = composition.build_model(composition.parse_sample("40L30B30S"), 300)
    field = force_field.load("du", model)
    seeds = []
    for number in (1, 2):
        quench = Quench(tmp_path / f"seed-{number}", model, field, Protocol(), number)
        files.write_json(quench.folder / "result.json", {"values": {}})
        seeds.append(Seed(quench, Machine(), None, ("diffusion",)))
    (tmp_path / "seed-1" / "glass.extxyz").touch()
    (tmp_path / "seed-2").joinpath(".lock").mkdir()  # cannot be opened
    place = Place(cluster=read_cluster(cluster_file), logs=tmp_path / "logs")
    first, second = sorted(make_all(seeds, place, Console()))
    assert first.startswith("seed 1: ") and ("LAMMPS" in first or "lmp" in first)  # a measure began
    assert second.startswith("seed 2: ") and "seed-2/.lock" in second
