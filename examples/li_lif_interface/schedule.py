"""What is simulated for how long."""

from dataclasses import dataclass

TIMESTEP = 0.002  # ps


@dataclass(frozen=True)
class Schedule:
    """The steps at which the parts of the dynamics end."""

    npt_end: int
    nvt_end: int
    nve_end: int

    @classmethod
    def of(cls, nvt: float) -> "Schedule":
        """For a length of the NVT part in ps: a quarter as much before it, 15 % after it."""
        ends = (0.25 * nvt, 1.25 * nvt, 1.4 * nvt)
        return cls(*(round(time / TIMESTEP) for time in ends))

    def part(self, step: int) -> str:
        """The part that a step belongs to."""
        return "NPT" if step < self.npt_end else "NVT" if step < self.nvt_end else "NVE"
