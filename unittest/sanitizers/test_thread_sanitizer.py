"""That ThreadSanitizer, as set up here, tells races in Kokkos' teams from what is right: ./dev test, variant tsan."""

import shutil
import subprocess

import pytest

pytestmark = pytest.mark.skipif(not shutil.which("team_races"), reason="no plugin built with RFMEAM_SANITIZE=thread")


@pytest.mark.parametrize("threads", [2, 4])
@pytest.mark.parametrize(
    ("kernel", "place"), [("right", None), ("no-barrier", "Kernel::operator()"), ("plain-add", "Kernel::operator()")]
)
def test_team_races(kernel, place, threads):
    process = subprocess.run(["team_races", str(threads), kernel], capture_output=True, text=True, timeout=300)
    if place is None:
        assert process.returncode == 0, process.stderr
        assert "ThreadSanitizer" not in process.stderr
        assert process.stdout == "518400 1.0368e+06\n"
    else:
        assert process.returncode == 66, process.stdout
        assert "WARNING: ThreadSanitizer: data race" in process.stderr
        assert place in process.stderr
