"""Runs LAMMPS for `rfmeam glass`, and ends it if that is killed, kill -9 included.

`lmp` may be a wrapper script, or mpirun: a signal to the process that was started does not reach
the others. So LAMMPS gets a process group of its own. The standard input is a pipe that only
`rfmeam glass` holds open: when it ends, that is gone, and the group is ended. Locks that this
process has inherited are held until then.

Run as a script with LAMMPS' command line; exits with its status.
"""

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time

PATIENCE = 3.0  # s between SIGTERM and SIGKILL


def end_group(group: int) -> None:
    """Ends a process group and waits until it is gone."""
    try:
        os.killpg(group, signal.SIGTERM)
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            time.sleep(0.02)
            os.killpg(group, 0)
        os.killpg(group, signal.SIGKILL)
    except ProcessLookupError:
        pass


def main(command: list[str]) -> int:
    """The status of the command; 128 + the signal that ended it."""
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, process_group=0, preexec_fn=_die_with_parent
    )

    def end() -> None:
        end_group(process.pid)

    def watch() -> None:
        while sys.stdin.read(1):
            pass
        end()

    # in threads: this one waits for the command, and must, or it would stay a zombie of the group
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=end).start())
    threading.Thread(target=watch, daemon=True).start()
    status = process.wait()
    if status != 0:
        end_group(process.pid)  # what a wrapper has left behind
    return status if status >= 0 else 128 - status


def _die_with_parent() -> None:
    """Should this process be killed itself (Linux)."""
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
