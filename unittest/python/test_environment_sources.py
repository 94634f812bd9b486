"""env/fetch.sh: what the environment is made from comes from the first source that has it."""

import hashlib
import io
import os
import subprocess
import tarfile
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

ENV = Path(__file__).resolve().parents[2] / "env"
pytestmark = pytest.mark.skipif(
    not Path("/usr/lib/apt/apt-helper").exists(), reason="env/fetch.sh is for Debian"
)


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture
def server(tmp_path):
    """A server on this machine of the files in tmp_path/served; its address."""
    (tmp_path / "served").mkdir()
    handler = partial(Quiet, directory=str(tmp_path / "served"))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as served:
        threading.Thread(target=served.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{served.server_port}"
        served.shutdown()


def shell(script: str, *arguments: str, **variables: str) -> subprocess.CompletedProcess:
    """Runs a script in the way of those beside env/versions.sh and env/fetch.sh."""
    direct = {k: v for k, v in os.environ.items() if not k.lower().endswith("_proxy")}
    start = f'set -eu\n. "{ENV}/versions.sh"\n. "{ENV}/fetch.sh"\n'
    return subprocess.run(
        ["sh", "-c", start + script, "sh", *arguments],
        capture_output=True,
        text=True,
        env=direct | variables,
    )


def archive(names: list[str]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
        for name in names:
            entry = tarfile.TarInfo(name)
            entry.size = len(name)
            tar.addfile(entry, io.BytesIO(name.encode()))
    return buffer.getvalue()


def sum_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def test_the_first_source_with_the_right_sum_is_taken(server, tmp_path):
    """One is gone, one has other contents, one is right, one is not asked for."""
    right = b"right"
    for name, data in (("changed", b"changed"), ("right", right), ("later", right)):
        (tmp_path / "served" / name).write_bytes(data)
    names = ("gone", "changed", "right", "later")
    sources = [word for name in names for word in (f"{server}/{name}", sum_of(right))]
    done = shell('fetch "$@"', str(tmp_path / "file"), *sources)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "file").read_bytes() == right
    fetching = [line for line in done.stdout.splitlines() if line.startswith("Fetching")]
    assert fetching == [f"Fetching {server}/{name}" for name in ("gone", "changed", "right")]


def test_each_source_has_a_sum_of_its_own(server, tmp_path):
    other = b"another archive of the same version"
    (tmp_path / "served" / "other").write_bytes(other)
    sources = [
        f"{server}/gone",
        sum_of(b"gone"),
        f"{server}/other",
        sum_of(other),
    ]
    assert shell('fetch "$@"', str(tmp_path / "file"), *sources).returncode == 0


def test_without_a_source_all_are_named_and_nothing_is_left(server, tmp_path):
    (tmp_path / "served" / "changed").write_bytes(b"changed")
    sources = [f"{server}/gone", sum_of(b"x"), f"{server}/changed", sum_of(b"x")]
    done = shell('fetch "$@"', str(tmp_path / "file"), *sources)
    assert done.returncode == 1
    assert (
        f"checksum that env/versions.sh says:\n  {server}/gone\n  {server}/changed" in done.stderr
    )
    assert not list(tmp_path.glob("file*"))


@pytest.mark.parametrize("top", ["", "lammps-patch_4Jul2026/"])
def test_archives_with_and_without_a_folder_on_top(tmp_path, top):
    names = ["cmake/CMakeLists.txt", "src/version.h"]
    (tmp_path / "a.tar.gz").write_bytes(archive([top + name for name in names]))
    tree = tmp_path / "tree"
    tree.mkdir()
    assert shell('unpack "$1" "$2"', str(tmp_path / "a.tar.gz"), str(tree)).returncode == 0
    assert sorted(p.relative_to(tree).as_posix() for p in tree.rglob("*.*")) == names


def test_all_sums_are_sums():
    """And the dated archive has a date."""
    values = "$LAMMPS_SHA256 $LAMMPS_URL_SHA256 $KOKKOS_SHA256"
    words = shell(f'echo {values}; echo "$DEBIAN_SNAPSHOT"').stdout.split()
    assert [len(bytes.fromhex(word)) for word in words[:3]] == [32, 32, 32]
    assert words[3].rsplit("/", 1)[1].startswith("2026")


def test_without_subordinate_ids_it_is_told_what_to_do():
    """Not what mmdebstrap says ("unable to pick chroot mode automatically")."""
    script = """
        die() { echo "dev: $*"; exit 1; }
        unshare() { return 1; }                                 # a root that may not mount
        id() { [ "$1" = -un ] && echo somebody || echo 987654; }    # without ids
        . "$1/debian.sh"
        check_mmdebstrap_mode
    """
    done = subprocess.run(["bash", "-c", script, "sh", str(ENV)], capture_output=True, text=True)
    assert done.returncode == 1 and not done.stderr
    assert "somebody has no subordinate ids in /etc/subuid" in done.stdout
    assert "usermod --add-subuids 100000-165535 --add-subgids 100000-165535 somebody" in done.stdout
    assert "LAMMPS_SOURCE_DIR=/path/to/lammps ./dev" in done.stdout
