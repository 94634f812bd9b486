"""Two crystals on each other, periodic in all directions: two equal interfaces, no vacuum."""

from __future__ import annotations

import numpy as np
from ase import Atoms


def square_layers(
    kind: str, matrix: list[list[int]], side: float, layers: int, spacing: float
) -> Atoms:
    """(001) layers of bcc metal or rocksalt on a square cell of this side (Å), the first at z = 0.

    matrix: the cell's vectors in those of the primitive square of the layer (of side a in bcc,
    a/sqrt(2) in rocksalt); the layer is turned and strained so that they become x and y.
    """
    basis = {"bcc": [("metal", 0.0, 0.0)], "rocksalt": [("cation", 0.0, 0.0), ("anion", 0.5, 0.5)]}[
        kind
    ]
    next_layer = 0.5  # over the hollows (bcc) or the other ions (rocksalt) of the layer below
    matrix = np.array(matrix)
    count = round(abs(np.linalg.det(matrix)))
    if matrix[0] @ matrix[1] or matrix[0] @ matrix[0] != matrix[1] @ matrix[1]:
        raise ValueError(f"matrix {matrix.tolist()} is not a square")
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
                positions.append((x * side, y * side, layer * spacing))
    atoms = Atoms(
        "X" * len(positions), positions=positions, cell=[side, side, layers * spacing], pbc=True
    )
    atoms.set_array("role", np.array(roles, dtype="U8"))
    return atoms


def interface(
    *,
    metal: dict,
    salt: dict,
    side: float,
    gaps: list[float],
    shifts: list[list[float]],
) -> list[Atoms]:
    """Metal (bcc) on salt (rocksalt) along (001), for each gap (Å) and lateral shift (fractions of
    the cell) of the metal.

    metal: symbol, matrix, layers, spacing (Å, between the strained layers);
    salt: symbols [cation, anion], matrix, layers, spacing. side: of the common square cell, Å. The
    gap is the distance of the layers that meet. The cell's third vector is tilted by twice the
    shift: where the numbers of layers are both even or both odd, both interfaces are alike.
    """
    spacing = salt["spacing"]
    lower = square_layers("rocksalt", salt["matrix"], side, salt["layers"], spacing)
    cation, anion = salt["symbols"]
    lower.symbols = [cation if role == "cation" else anion for role in lower.arrays["role"]]
    upper = square_layers("bcc", metal["matrix"], side, metal["layers"], metal["spacing"])
    upper.symbols = [metal["symbol"]] * len(upper)
    result = []
    for gap in gaps:
        for shift in shifts:
            lateral = np.array([*shift, 0.0]) * side
            top = upper.copy()
            top.positions += lateral + np.array([0, 0, (salt["layers"] - 1) * spacing + gap])
            height = (
                (salt["layers"] - 1) * spacing + (metal["layers"] - 1) * metal["spacing"] + 2 * gap
            )
            both = lower + top
            tilt = 2 * lateral
            stacked = Atoms(both.symbols, positions=both.positions, pbc=True)
            stacked.set_cell([[side, 0, 0], [0, side, 0], [tilt[0], tilt[1], height]])
            result.append(stacked)
    return result
