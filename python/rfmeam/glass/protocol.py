"""What is done to a glass, and how long: start, melt, cool, relax."""

from dataclasses import asdict, dataclass

from ..errors import UserError


@dataclass(frozen=True)
class Stage:
    """One run of LAMMPS with a thermostat that goes from one temperature to another."""

    name: str
    start: float  # K
    stop: float  # K
    steps: int
    constant_pressure: bool
    frames: int = 0  # snapshots to keep of the second half


@dataclass(frozen=True)
class Protocol:
    """Temperatures in K, times in ps, the rate in K/ps, the timestep in fs."""

    melt_temperature: float = 3000.0
    melt_time: float = 30.0
    rate: float = 10.0
    final_temperature: float = 300.0
    relax_time: float = 30.0
    timestep: float = 1.0
    density: float | None = None  # g/cm^3, kept until the glass relaxes; None: zero pressure always

    def __post_init__(self) -> None:
        _within("--melt", self.melt_temperature, 1000.0, 6000.0, "K")
        _within("--rate", self.rate, 1.0, 1000.0, "K/ps")
        _within("--melt-time", self.melt_time, 0.1, 1e5, "ps")
        _within("--relax-time", self.relax_time, 0.1, 1e5, "ps")
        _within("--timestep", self.timestep, 0.1, 3.0, "fs")

    @property
    def stages(self) -> list[Stage]:
        free = self.density is None
        cooling = (self.melt_temperature - self.final_temperature) / self.rate
        return [
            Stage(
                "melt",
                self.melt_temperature,
                self.melt_temperature,
                self._steps(self.melt_time),
                free,
            ),
            Stage(
                "cool", self.melt_temperature, self.final_temperature, self._steps(cooling), free
            ),
            Stage(
                "relax",
                self.final_temperature,
                self.final_temperature,
                self._steps(self.relax_time),
                True,
                20,
            ),
        ]

    @property
    def steps(self) -> int:
        return sum(stage.steps for stage in self.stages)

    def _steps(self, time: float) -> int:
        """Steps of a time in ps, a multiple of 100, as records are written every 100 steps."""
        return max(1, round(time * 1000.0 / self.timestep / 100)) * 100

    def as_dict(self) -> dict:
        return asdict(self)


def _within(option: str, value: float, low: float, high: float, unit: str) -> None:
    if not low <= value <= high:
        raise UserError(f"{option} {value:g}: allowed are {low:g} to {high:g} {unit}")
