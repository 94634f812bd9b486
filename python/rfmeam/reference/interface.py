"""Two crystals on each other, periodic in all directions: two equal interfaces, no vacuum."""

from __future__ import annotations

import numpy as np
from ase import Atoms


def layers_on(
    kind: str, matrix: list[list[int]], sides: tuple[float, float], layers: int, spacing: float
) -> Atoms:
    """(001) layers of bcc metal or rocksalt on a rectangle of these sides (Å), the first at z = 0.

    matrix: the cell's vectors in those of the primitive square of the layer (of side a in bcc,
    a/sqrt(2) in rocksalt); the layer is turned and strained so that they become x and y.
    """
    basis = {"bcc": [("metal", 0.0, 0.0)], "rocksalt": [("cation", 0.0, 0.0), ("anion", 0.5, 0.5)]}[
        kind
    ]
    next_layer = 0.5  # over the hollows (bcc) or the other ions (rocksalt) of the layer below
    matrix = np.array(matrix)
    count = round(abs(np.linalg.det(matrix)))
    if matrix[0] @ matrix[1] or not count:
        raise ValueError(f"matrix {matrix.tolist()} is not a rectangle")
    reach = np.abs(matrix).sum()
    cells = np.array([(i, j) for i in range(-reach, reach + 1) for j in range(-reach, reach + 1)])
    roles, positions = [], []
    for layer in range(layers):
        for role, u, v in basis:
            offset = next_layer * (layer % 2)
            fractions = (cells + np.array([u, v]) + offset) @ np.linalg.inv(matrix)
            inside = np.all((fractions > -1e-6) & (fractions < 1 - 1e-6), axis=1)
            if inside.sum() != count:
                raise ValueError(
                    f"matrix {matrix.tolist()}: {inside.sum()} cells instead of {count}"
                )
            for x, y in fractions[inside]:
                roles.append(role)
                positions.append((x * sides[0], y * sides[1], layer * spacing))
    atoms = Atoms(
        "X" * len(positions), positions=positions, cell=[*sides, layers * spacing], pbc=True
    )
    atoms.set_array("role", np.array(roles, dtype="U8"))
    return atoms


def interface(
    *,
    metal: dict,
    salt: dict,
    side: float | list[float],
    gaps: list[float],
    shifts: list[list[float]],
) -> list[Atoms]:
    """Metal (bcc) on salt (rocksalt) along (001), for each gap (Å) and lateral shift (fractions of
    the cell) of the metal.

    metal: symbol, matrix, layers, spacing (Å, between the strained layers);
    salt: symbols [cation, anion], matrix, layers, spacing. side: of the common square cell, Å, or
    the two of a rectangle. The gap is the distance of the layers that meet. The cell's third vector
    is tilted by twice the shift: where the numbers of layers are both even or both odd, both
    interfaces are alike.
    """
    spacing = salt["spacing"]
    sides = (side, side) if isinstance(side, int | float) else tuple(side)
    if len(sides) != 2:
        raise ValueError(f"side {side} has {len(sides)} numbers, allowed are one or two")
    lower = layers_on("rocksalt", salt["matrix"], sides, salt["layers"], spacing)
    cation, anion = salt["symbols"]
    lower.symbols = [cation if role == "cation" else anion for role in lower.arrays["role"]]
    upper = layers_on("bcc", metal["matrix"], sides, metal["layers"], metal["spacing"])
    upper.symbols = [metal["symbol"]] * len(upper)
    result = []
    for gap in gaps:
        for shift in shifts:
            lateral = np.array([*shift, 0.0]) * [*sides, 0.0]
            top = upper.copy()
            top.positions += lateral + np.array([0, 0, (salt["layers"] - 1) * spacing + gap])
            height = (
                (salt["layers"] - 1) * spacing + (metal["layers"] - 1) * metal["spacing"] + 2 * gap
            )
            both = lower + top
            tilt = 2 * lateral
            stacked = Atoms(both.symbols, positions=both.positions, pbc=True)
            stacked.set_cell([[sides[0], 0, 0], [0, sides[1], 0], [tilt[0], tilt[1], height]])
            result.append(stacked)
    return result
