"""A SLURM cluster as the file of `--slurm` describes it."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from pathlib import Path

from ..errors import UserError, install


@dataclass(frozen=True)
class Cluster:
    """nodes: at most so many at a time, each an allocation of its own for `time` (h:mm:ss), on
    which cores_per_node // cores jobs run side by side. options: further #SBATCH options. setup:
    shell lines on the node before the jobs; by default it has the environment of this process."""

    cores_per_node: int
    nodes: int = 1
    cores: int = 1  # of a job
    time: str = "24:00:00"
    partition: str = ""
    account: str = ""
    qos: str = ""
    options: tuple[str, ...] = ()
    setup: str = ""

    @property
    def jobs_per_node(self) -> int:
        return self.cores_per_node // self.cores

    @property
    def jobs(self) -> int:
        """At a time."""
        return self.nodes * self.jobs_per_node


_ALLOWED = {
    "cores_per_node": "an integer > 0",
    "nodes": "an integer > 0",
    "cores": "an integer > 0, not more than cores_per_node",
    "time": "a text such as '24:00:00', in quotes",
    "partition": "a text",
    "account": "a text",
    "qos": "a text",
    "options": "a list of texts such as '--constraint=rome'",
    "setup": "a text: shell lines",
}


def read_cluster(path: Path) -> Cluster:
    """Reads such a file (YAML). UserError with what was read and what is allowed."""
    try:
        import yaml
    except ModuleNotFoundError:
        raise UserError(f"pyyaml is not installed: {install('slurm')}") from None
    try:
        read = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise UserError(f"{path}: not YAML: {error}") from None
    if not isinstance(read, dict):
        raise UserError(f"{path}: read {read!r}, expected lines such as 'cores_per_node: 32'")
    for key, value in read.items():
        if key not in _ALLOWED:
            raise UserError(f"{path}: unknown '{key}', allowed are {', '.join(_ALLOWED)}")
        if not _is_allowed(key, value):
            raise UserError(f"{path}: {key} is {value!r}, allowed is {_ALLOWED[key]}")
    if "cores_per_node" not in read:
        raise UserError(f"{path}: cores_per_node is missing: the cores of a node")
    cluster = Cluster(**{k: tuple(v) if k == "options" else v for k, v in read.items()})
    if cluster.jobs_per_node == 0:
        raise UserError(f"{path}: cores is {cluster.cores}, allowed is {_ALLOWED['cores']}")
    return cluster


def _is_allowed(key: str, value: object) -> bool:
    kind = next(field.type for field in fields(Cluster) if field.name == key)
    if kind == "int":
        return isinstance(value, int) and not isinstance(value, bool) and value > 0
    if key == "options":
        return isinstance(value, list) and all(isinstance(v, str) and v[:1] == "-" for v in value)
    if key == "time":
        return isinstance(value, str) and re.fullmatch(r"\d+:\d\d:\d\d", value) is not None
    return isinstance(value, str)
