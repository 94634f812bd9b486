"""`rfmeam plot`: the radial functions, embedding and charge energies of a potential."""

from collections.abc import Iterator
from itertools import cycle, product
from pathlib import Path

import numpy as np

from ._core import K_E, Potential
from .errors import UserError, needs
from .parameters import pairs_of
from .radii import closest_approach
from .style import COLORS, STYLE
from .unused import contributes


def plot_potential(potential: Potential, output: Path, title: str = "") -> None:
    """Draws all functions of a potential into a picture: .png, .pdf or .svg.

    Raises UserError without matplotlib and for other endings.
    """
    with needs("plot"):
        import matplotlib
        from matplotlib.figure import Figure
    if output.suffix not in (".png", ".pdf", ".svg"):
        raise UserError(f"{output}: ends in '{output.suffix}', allowed are .png, .pdf and .svg")

    with matplotlib.rc_context(STYLE):
        panels = []
        if potential.has_meam:
            panels += [_pair_energies]
            if any(_embeds(potential, i) for i in potential.elements):
                panels += [_embedding_energies]
        if potential.has_charges:
            panels += [_charge_kernels]
            if potential.has_walls:
                panels += [_atom_energies]
            if potential.has_environment:
                panels += [_electronegativity_shifts]
        levels = _levels(potential) if potential.has_meam else []
        rows = 2 if levels else 1
        figure = Figure(
            figsize=(max(10.0, 3.3 * len(panels)), 6.5) if rows == 2 else (5.0 * len(panels), 3.4),
            layout="constrained",
        )
        top = figure.subfigures(rows, 1) if rows > 1 else figure
        upper = top[0] if rows > 1 else top
        for axes, draw in zip(np.atleast_1d(upper.subplots(1, len(panels))), panels, strict=True):
            draw(axes, potential)
        if levels:
            _densities(top[1].subplots(1, len(levels), squeeze=False)[0], levels, potential)
        if title:
            figure.suptitle(title)
        figure.savefig(output)


def _embeds(potential: Potential, element: str) -> bool:
    a = potential.atomic(element)
    return (a.e0, a.e1, a.e2) != (0.0, 0.0, 0.0)


def _levels(potential: Potential) -> list[int]:
    """The l of the densities that are not zero everywhere."""
    return [n for n in range(4) if _neighbours(potential, n)]


def _neighbours(potential: Potential, level: int) -> list[tuple[str, str]]:
    """Elements of an atom and a neighbour that adds to its density."""
    pairs = product(potential.elements, repeat=2)
    return [(i, j) for i, j in pairs if contributes(potential, level, i, j)]


def _distances(i: str, j: str, end: float) -> np.ndarray:
    """From two thirds of the closest approach of i and j to the end, Å."""
    return np.linspace(min(0.67 * closest_approach(i, j), end / 2), end, 500)


def _pair_energies(axes, potential: Potential) -> None:
    """phi(r), the axis cut so that wells fill a quarter of it at least."""
    depth, height = 0.0, 0.0
    for style, (i, j) in zip(_cycle(), pairs_of(potential.elements), strict=False):
        r = _distances(i, j, potential.pair(i, j).range)
        phi, _ = potential.pair_potential(i, j, r)
        axes.plot(r, phi, **style, label=f"{i}–{j}")
        depth = min(depth, phi.min())
        height = max(height, potential.pair_potential(i, j, closest_approach(i, j))[0].item())
    top = min(height, -3.0 * depth if depth < -1e-3 else 5.0)
    if top > depth:
        axes.set_ylim(1.15 * depth - 0.02 * top, 1.05 * top)
    axes.axhline(0.0, color="0.6", linewidth=0.7)
    axes.set(title="Pair energy", xlabel="$r$ (Å)", ylabel=r"$\phi$ (eV)")
    _legend(axes)


def _embedding_energies(axes, potential: Potential) -> None:
    """F(rho) up to three times the largest n."""
    rho = np.linspace(0.0, 3.0 * max(potential.atomic(i).n for i in potential.elements), 500)
    for style, i in zip(_cycle(), potential.elements, strict=False):
        energy, _ = potential.embedding_energy(i, rho)
        axes.plot(rho, energy, **style, label=i)
    axes.axhline(0.0, color="0.6", linewidth=0.7)
    axes.set(title="Embedding energy", xlabel=r"$\rho$", ylabel="$F$ (eV)", xlim=(0, rho[-1]))
    _legend(axes)


def _charge_kernels(axes, potential: Potential) -> None:
    """gamma(r); a dot where it reaches the mean hardness, so that two charges become unstable."""
    pairs = pairs_of(potential.elements)
    r = np.linspace(0.4, potential.coulomb_cutoff, 1000)
    gammas = [potential.coulomb_kernel(i, j, r)[0] for i, j in pairs]
    limits = [sum(potential.hardness(i, K_E) for i in pair) / 2 for pair in pairs]
    alike = all(np.array_equal(gamma, gammas[0]) for gamma in gammas)
    unstable = False
    if alike:
        axes.plot(r, gammas[0], color="0.2", label="all pairs")
    for style, pair, gamma, limit in zip(_cycle(), pairs, gammas, limits, strict=False):
        name = "–".join(pair)
        if not alike:
            axes.plot(r, gamma, **style, label=name)
        if gamma[0] > limit:
            unstable = True
            at = np.interp(-limit, -gamma, r)
            axes.plot(at, limit, "o", color=style["color"], label=name if alike else None)
    axes.set(title="Charge kernel", xlabel="$r$ (Å)", ylabel=r"$\gamma$ (eV/e$^2$)")
    top = max(limits) if unstable else max(gamma[0] for gamma in gammas)
    axes.set(xlim=(0, r[-1]), ylim=(0, 1.2 * top))
    _legend(axes, title="dot: two charges are\nunstable at smaller $r$" if unstable else None)


def _atom_energies(axes, potential: Potential) -> None:
    """E(q) - E(0) of a lone atom; dashed without its walls."""
    reach = [1.0]
    for i in potential.elements:
        walls = (potential.wall(i, side) for side in ("upper", "lower"))
        reach += [abs(wall.q_s) for wall in walls if wall]
    q = np.linspace(-1.4, 1.4, 500) * max(reach)
    for color, i in zip(cycle(COLORS), potential.elements, strict=False):
        quadratic = potential.charge(i).chi * q + potential.hardness(i, K_E) * q**2 / 2
        axes.plot(q, quadratic + potential.wall_energy(i, q)[0], color=color, label=i)
        axes.plot(q, quadratic, "--", color=color, linewidth=0.9)
    axes.set(title="Charge energy of an atom", xlabel="$q$ (e)", ylabel="$E$ (eV)")
    axes.set_xlim(q[0], q[-1])
    _legend(axes, title="dashed: without walls")


def _electronegativity_shifts(axes, potential: Potential) -> None:
    """X T of an atom with one neighbour."""
    pairs = [(i, j) for i in potential.elements for j in potential.elements]
    for style, (i, j) in zip(_cycle(), pairs, strict=False):
        r = _distances(i, j, potential.pair(i, j).range)
        d, _ = potential.environment_amplitude(i, j, r)
        axes.plot(r, potential.environment(i)[0] * d / (1 + d), **style, label=f"{i} ← {j}")
    axes.axhline(0.0, color="0.6", linewidth=0.7)
    axes.set(
        title="Shift of χ", xlabel="$r$ (Å)", ylabel=r"$X\,d/(1+d)$ (eV/e)", xlim=(None, r[-1])
    )
    _legend(axes, title="atom ← its only neighbour", alignment="left")


def _densities(row, levels: list[int], potential: Potential) -> None:
    """a_l(r) of each neighbour that has one, in each pair, one panel for each l that there is."""
    styles = dict(zip(product(potential.elements, repeat=2), _cycle(), strict=False))
    for level, axes in zip(levels, row, strict=True):
        for i, j in _neighbours(potential, level):
            r = _distances(i, j, potential.pair(i, j).range)
            r = r[r >= closest_approach(i, j)]
            amplitude, _ = potential.density_amplitude(level, i, j, r)
            axes.plot(r, amplitude, **styles[i, j], label=f"{i} ← {j}")
        axes.axhline(0.0, color="0.6", linewidth=0.7)
        axes.set(title=f"Density, $l$ = {level}", xlabel="$r$ (Å)")
        _legend(axes, title="atom ← neighbour", alignment="left")
    row[0].set_ylabel("$a_l$")


def _legend(axes, **kwargs) -> None:
    """A legend that stays small for many elements."""
    count = len(axes.get_legend_handles_labels()[1])
    small = {"fontsize": 6, "ncols": 2, "columnspacing": 1.0, "handlelength": 1.5}
    axes.legend(**kwargs, **(small if count > 6 else {}))


def _cycle() -> Iterator[dict[str, str]]:
    """Colours, then colours with other dashes, over and over."""
    for dashes in cycle(("-", "--", "-.", ":")):
        for color in COLORS:
            yield {"color": color, "linestyle": dashes}
