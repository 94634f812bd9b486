"""Elastic constants, and strength from a curve of stress over strain."""

import numpy as np


def isotropic_moduli(c: np.ndarray) -> dict[str, float]:
    """Bulk, shear and Young's modulus and Poisson's ratio of a glass from its stiffness c, (6, 6),
    in GPa.

    Hill's mean of Voigt's and Reuss' bounds (Hill, Proc. Phys. Soc. A 1952, 65, 349), for any
    symmetry.
    Raises ValueError if c is not positive definite: such a structure is not stable.
    """
    c = (c + c.T) / 2
    if np.linalg.eigvalsh(c).min() <= 0:
        raise ValueError("the stiffness is not positive definite: the structure is not stable")
    s = np.linalg.inv(c)
    bulk_voigt = c[:3, :3].sum() / 9
    bulk_reuss = 1 / s[:3, :3].sum()
    diagonal, off, shear = np.trace(c[:3, :3]), c[0, 1] + c[0, 2] + c[1, 2], np.trace(c[3:, 3:])
    shear_voigt = (diagonal - off + 3 * shear) / 15
    diagonal, off, shear = np.trace(s[:3, :3]), s[0, 1] + s[0, 2] + s[1, 2], np.trace(s[3:, 3:])
    shear_reuss = 15 / (4 * diagonal - 4 * off + 3 * shear)
    bulk, g = (bulk_voigt + bulk_reuss) / 2, (shear_voigt + shear_reuss) / 2
    return {
        "bulk modulus GPa": float(bulk),
        "shear modulus GPa": float(g),
        "Young's modulus GPa": float(9 * bulk * g / (3 * bulk + g)),
        "Poisson's ratio": float((3 * bulk - 2 * g) / (2 * (3 * bulk + g))),
    }


def stiffness(strain: float, plus: np.ndarray, minus: np.ndarray) -> np.ndarray:
    """Stiffness (6, 6) in GPa from the stresses (6, 6) in GPa at +strain and -strain; row i:
    strained in Voigt i."""
    c = (np.asarray(plus) - np.asarray(minus)) / (2 * strain)
    return (c + c.T) / 2


def strength(strain: np.ndarray, stress: np.ndarray) -> dict[str, float]:
    """Young's modulus (slope up to 2 %), largest stress and the strain there, of a curve (n,) in
    GPa.

    Strain and stress positive in the direction of the load, for tension and compression alike. The
    curve is smoothed
    over 1 % of strain.
    """
    order = np.argsort(strain)
    x, y = strain[order], stress[order]
    width = max(1, int(np.searchsorted(x, x[0] + 0.01)))
    kernel = np.ones(width) / width
    smooth = np.convolve(
        np.pad(y, (width // 2, width - 1 - width // 2), mode="edge"), kernel, mode="valid"
    )
    start = x <= x[0] + 0.02
    top = int(np.argmax(smooth))
    return {
        "Young's modulus GPa": float(np.polyfit(x[start], y[start], 1)[0]),
        "strength GPa": float(smooth[top]),
        "strain at strength": float(x[top]),
    }
