"""Diffusion, Nernst-Einstein conductivity and its Arrhenius extrapolation."""

from dataclasses import dataclass

import numpy as np

BOLTZMANN = 1.380649e-23  # J/K
CHARGE = 1.602176634e-19  # C


def mean_square_displacement(positions: np.ndarray) -> np.ndarray:
    """MSD over all time origins and atoms, Å^2, shape (frames,), of unwrapped positions (frames,
    atoms, 3).

    By Fourier transforms (Calandrini et al., Collection SFN 2011, 12, 201).
    """
    n = len(positions)
    square = np.sum(positions**2, axis=2)
    transform = np.fft.fft(positions, 2 * n, axis=0)
    correlation = np.fft.ifft(transform * transform.conj(), axis=0).real[:n].sum(axis=2)
    origins = np.arange(n, 0, -1)[:, None]
    start = np.cumsum(square[::-1], axis=0)[::-1]
    end = np.cumsum(square, axis=0)[::-1]
    return np.mean((start + end - 2 * correlation) / origins, axis=1)


def diffusion_coefficient(
    positions: np.ndarray, interval: float, parts: int = 5
) -> tuple[float, float]:
    """D in cm^2/s and its standard error, from unwrapped positions (frames, atoms, 3) in Å every
    `interval` ps.

    Einstein: slope of the MSD over 6, between a tenth and a half of the longest time. The error is
    that of the mean
    over groups of atoms, which are taken as independent.
    """
    if len(positions) < 20:
        raise ValueError(
            f"{len(positions)} frames are too few for a diffusion coefficient, 20 are needed"
        )
    values = []
    for atoms in np.array_split(np.arange(positions.shape[1]), parts):
        msd = mean_square_displacement(positions[:, atoms])
        window = slice(len(msd) // 10, len(msd) // 2)
        time = np.arange(len(msd)) * interval
        values.append(np.polyfit(time[window], msd[window], 1)[0] / 6)
    scale = 1e-4  # Å^2/ps to cm^2/s
    return scale * float(np.mean(values)), scale * float(np.std(values, ddof=1) / np.sqrt(parts))


def conductivity(
    diffusion: float, ions: int, volume: float, temperature: float, charge: float = 1.0
) -> float:
    """Nernst-Einstein conductivity in S/cm: N q^2 D/(V k T), with D in cm^2/s, V in Å^3, T in K, q
    in e."""
    return ions / (volume * 1e-24) * (charge * CHARGE) ** 2 * diffusion / (BOLTZMANN * temperature)


@dataclass(frozen=True)
class Arrhenius:
    """sigma T = exp(intercept - E/(k T)), fitted."""

    energy: float  # eV
    energy_error: float  # eV
    extrapolated: float  # S/cm at the wanted temperature
    factor: float  # the standard error of the extrapolation, as a factor


def on_line(temperatures, energy: float, known: float, at: float = 300.0) -> np.ndarray:
    """Conductivities (S/cm) at temperatures (K) on the Arrhenius line of an activation energy (eV)
    through a known conductivity at a temperature."""
    t = np.asarray(temperatures, dtype=float)
    return known * at / t * np.exp(-energy * CHARGE / BOLTZMANN * (1 / t - 1 / at))


def arrhenius(temperatures, conductivities, errors, wanted: float = 300.0) -> Arrhenius:
    """Weighted straight line through ln(sigma T) over 1/T; extrapolated to the wanted temperature
    (K).

    Conductivities and standard errors in S/cm. Where the points are further off the line than their
    errors allow (it bends at the glass transition), its errors are larger by as much. Raises
    ValueError for fewer than three temperatures or without conductivity.
    """
    t, sigma, error = (np.asarray(x, dtype=float) for x in (temperatures, conductivities, errors))
    if len(t) < 3:
        raise ValueError(f"{len(t)} temperatures are too few for an Arrhenius line, 3 are needed")
    if not np.all(sigma > 0):
        raise ValueError("no diffusion at one of the temperatures: raise it, or run longer")
    centre = np.mean(1 / t)
    x, y = 1 / t - centre, np.log(sigma * t)
    relative = np.maximum(error / sigma, 1e-3)
    fit, covariance = np.polyfit(x, y, 1, w=1 / relative, cov="unscaled")
    misfit = np.sum(((y - np.polyval(fit, x)) / relative) ** 2) / (len(t) - 2)
    covariance *= max(1.0, misfit)
    arm = np.array([1 / wanted - centre, 1.0])
    ln = arm @ fit
    kelvin = BOLTZMANN / CHARGE  # eV/K
    return Arrhenius(
        energy=float(-fit[0] * kelvin),
        energy_error=float(np.sqrt(covariance[0, 0]) * kelvin),
        extrapolated=float(np.exp(ln) / wanted),
        factor=float(np.exp(np.sqrt(arm @ covariance @ arm))),
    )
