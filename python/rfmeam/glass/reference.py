"""What experiment, quantum MD and the published Buckingham model say of lithium borosilicate
glasses.

Boron: the AGC talk at CCSE-35 (four-fold boron and boron in three-membered rings, % of all boron);
densities (g/cm^3)
and conductivities (S/cm, room temperature) of the glasses as made, from the same work.
"""

from dataclasses import dataclass

SOURCE = "AGC talk at CCSE-35"
SOURCE_LINE = f"Experiment, quantum MD and published Buckingham: {SOURCE}"
B4, RINGS, DENSITY = "B4 %", "B in all-boron 3-rings %", "density g/cm3"
CONDUCTIVITY = "conductivity 300 K, extrapolated S/cm"


@dataclass(frozen=True)
class Reference:
    """Values by quantity (B4, RINGS, DENSITY); rings below 0.1 % are given as 0.1 with `below`."""

    experiment: dict[str, float]
    quantum: dict[str, float]
    buckingham: dict[str, float]
    below: bool = False  # the published Buckingham value of RINGS is an upper bound
    conductivity: str = ""  # of experiment

    def text(self, column: str, quantity: str) -> str:
        """A value of `experiment`, `quantum` or `buckingham` as it is published, or nothing."""
        if (column, quantity) == ("experiment", CONDUCTIVITY):
            return self.conductivity
        value = getattr(self, column).get(quantity)
        if value is None:
            return ""
        return f"{'<' * self.is_bound(column, quantity)}{value:g}"

    def is_bound(self, column: str, quantity: str) -> bool:
        """Whether what is published is an upper bound."""
        return self.below and (column, quantity) == ("buckingham", RINGS)


REFERENCES = {
    "40L30B30S": Reference(
        {B4: 57.5, RINGS: 32.7, DENSITY: 2.31},
        {B4: 39.3, RINGS: 10.4},
        {B4: 33.4, RINGS: 0.1},
        below=True,
        conductivity="<1e-9",
    ),
    "30L50B20S": Reference(
        {B4: 52.2, RINGS: 40.9}, {B4: 40.0, RINGS: 17.4}, {B4: 45.6, RINGS: 0.2}
    ),
    "60L25B15S": Reference(
        {B4: 25.5, RINGS: 41.8, DENSITY: 2.20},
        {B4: 8.9, RINGS: 8.3},
        {B4: 7.9, RINGS: 0.1},
        below=True,
        conductivity="8.7e-7",
    ),
    "40L50B10S": Reference({DENSITY: 2.30}, {}, {}, conductivity="2.8e-7"),
}
