"""Where the jobs of a campaign run: threads of this process, which start programs on this machine,
or workers on the nodes of a SLURM cluster, by Parsl."""

from __future__ import annotations

import shlex
import shutil
import sys
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ..errors import UserError, needs
from .cluster import Cluster


@dataclass(frozen=True)
class Place:
    """workers: jobs at a time on this machine. With a cluster jobs run there instead, as many at a
    time as it takes, and what is handed to them is pickled. logs: the folder of Parsl's logs."""

    workers: int = 1
    cluster: Cluster | None = None
    logs: Path = Path("slurm")

    @property
    def jobs(self) -> int:
        """At a time."""
        return self.cluster.jobs if self.cluster else self.workers


@contextmanager
def executor(place: Place) -> Iterator[Executor]:
    """What takes jobs (`submit`). Leaving the block with an error does not wait for those on a
    cluster: its allocations are given back."""
    if place.cluster is None:
        with ThreadPoolExecutor(place.workers) as pool:
            yield pool
        return
    for program in ("sbatch", "scancel"):
        if shutil.which(program) is None:
            raise UserError(f"--slurm: there is no {program} on the PATH: is this a login node?")
    with on_nodes(place.cluster, slurm(place.cluster), place.logs) as pool:
        yield pool


@contextmanager
def on_nodes(cluster: Cluster, provider, logs: Path) -> Iterator[Executor]:
    """Parsl's workers on the nodes that one of its providers gets. They take one job after the
    other, so jobs may be many and short; as many nodes as there are jobs for, `cluster.nodes` at
    most; jobs of a node that is lost are given to another, once."""
    parsl = _parsl()
    from parsl.concurrent import ParslPoolExecutor
    from parsl.executors.high_throughput.executor import DEFAULT_LAUNCH_CMD

    # by the Python that runs this: it need not be the one on the PATH
    run = [sys.executable, "-m", "parsl.executors.high_throughput.interchange"]
    pool = f"{shlex.quote(sys.executable)} -m parsl.executors.high_throughput.process_worker_pool"
    workers = parsl.HighThroughputExecutor(
        label="rfmeam",
        provider=provider,
        max_workers_per_node=cluster.jobs_per_node,
        cores_per_worker=cluster.cores,
        interchange_launch_cmd=run,
        launch_cmd=DEFAULT_LAUNCH_CMD.replace("process_worker_pool.py", pool),
    )
    config = parsl.Config(
        executors=[workers],
        retries=1,
        retry_handler=_lost,
        run_dir=str(logs.absolute()),
        usage_tracking=0,
    )
    with parsl.load(config) as kernel:
        yield ParslPoolExecutor(dfk=kernel)


def slurm(cluster: Cluster):
    """Parsl's provider of the nodes."""
    _parsl()
    from parsl.providers import SlurmProvider

    return SlurmProvider(
        partition=cluster.partition or None,
        account=cluster.account or None,
        qos=cluster.qos or None,
        cores_per_node=cluster.cores_per_node,
        init_blocks=0,
        max_blocks=cluster.nodes,
        walltime=cluster.time,
        scheduler_options="\n".join(f"#SBATCH {option}" for option in cluster.options),
        worker_init=cluster.setup,
        exclusive=False,  # cores_per_node are asked for
        cmd_timeout=60,
    )


def _parsl():
    with needs("slurm"):
        import parsl
    return parsl


def _lost(error: Exception, _task: dict) -> float:
    """What a failure costs of the one retry: nothing if a node is lost, more than it if a job says
    itself what went wrong."""
    from parsl.executors.high_throughput.errors import ManagerLost, WorkerLost

    return 1.0 if isinstance(error, ManagerLost | WorkerLost) else 2.0
