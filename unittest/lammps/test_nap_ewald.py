"""Terms `full` and `long` of nap, converted: LAMMPS beside nap's formulas, written out from its force_Coulomb.F90."""

from itertools import product

import numpy as np
import pytest
from harness import DIELECTRIC_OF_NAP, model, observe, rocksalt, triclinic
from rfmeam.convert import convert_nap
from scipy.special import erfc

SYSTEM = triclinic(rocksalt(1, rattle=0.15, seed=5))
K_E = 14.3998554737  # nap's
CHARGES = {"Li": (3.0, 15.0, 0.1), "F": (8.0, 19.0, -0.2)}


def coulomb(terms: str, sigma: float) -> np.ndarray:
    """The matrix of nap's Coulomb energy: reciprocal part (init_vc_Ewald, Ewald_long), real part of `full`
    (Ewald_short), and what self_term takes off J."""
    cell, positions = SYSTEM.cell.array, SYSTEM.positions
    between = positions[:, None] - positions[None]
    a = np.zeros((len(positions),) * 2)
    reciprocal = 2 * np.pi * np.linalg.inv(cell).T
    for integers in product(range(-12, 13), repeat=3):
        if integers != (0, 0, 0):
            k = integers @ reciprocal
            k2 = k @ k
            a += 4 * np.pi / SYSTEM.get_volume() / k2 * np.exp(-(sigma**2) * k2 / 2) * np.cos(between @ k)
    if terms == "full":
        for integers in product(range(-4, 5), repeat=3):
            r = np.linalg.norm(between + integers @ cell, axis=-1)
            a += np.where(r > 0, erfc(r / (np.sqrt(2) * sigma)) / np.where(r > 0, r, 1), 0)
    a -= np.sqrt(2 / np.pi) / sigma * np.eye(len(positions))
    return K_E * a


@pytest.mark.parametrize("terms", ["full", "long"])
def test_charges_and_energy(lammps, tmp_path, terms):
    sigma = 1.5
    rows = "".join(f"{e} {' '.join(map(str, p))} -9 9\n" for e, p in CHARGES.items())
    path = tmp_path / "in.params.Coulomb"
    path.write_text(f"charges variable\n{rows}\nterms {terms}\nsigma {sigma}\nbound_k2 0\n")
    conversion = convert_nap([path], ["Li", "F"], cutoff=5.0)

    chi, hardness, offset = np.array([CHARGES[s] for s in SYSTEM.symbols]).T
    a = coulomb(terms, sigma) + np.diag(hardness)
    n = len(SYSTEM)
    bordered = np.block([[a, np.ones((n, 1))], [np.ones((1, n)), np.zeros((1, 1))]])
    q = np.linalg.solve(bordered, np.append(-chi, 0.0))[:n]
    energy = (offset + chi * q).sum() + q @ a @ q / 2

    script = model(style="rfmeam/qeq long 12.5", fix="all qeq/vc 1 1e-12 300 qtotal 0")
    script = script.replace("pair_coeff", "kspace_style ewald 1e-12\nkspace_modify gewald 0.45\npair_coeff", 1)
    script += f"dielectric {DIELECTRIC_OF_NAP}\n" + observe(stress=False).replace("ecoul", "ecoul elong")
    result = lammps(script + "run 0\n", SYSTEM, conversion.text)
    np.testing.assert_allclose(result.frame()["q"], q, rtol=0, atol=1e-8)
    assert result.last("PotEng") == pytest.approx(energy, abs=1e-7)


def test_the_cutoff_that_is_named(lammps, tmp_path):
    """With it LAMMPS takes Gaussians of nap's default width, at the accuracy that is named."""
    path = tmp_path / "in.params.Coulomb"
    rows = "".join(f"{e} {' '.join(map(str, p))} -9 9\n" for e, p in CHARGES.items())
    path.write_text(f"charges variable\n{rows}\nterms long\n")
    conversion = convert_nap([path], ["Li", "F"], cutoff=5.0)
    note = next(note for note in conversion.notes if "kspace_style" in note)
    _, style, _, kspace, _ = note.split(": in LAMMPS")[1].split("'")
    script = model(style=style.removeprefix("pair_style "), fix="all qeq/vc 1 1e-8 300")
    lammps(script.replace("pair_coeff", f"{kspace}\npair_coeff", 1) + "run 0\n", SYSTEM, conversion.text)
