#!/usr/bin/env python3
"""Fits potentials/LiF.rfmeam (RF-MEAM with variable charges for Li-F) to the numbers in TARGETS of lif_properties.py.

    python potentials/fit/fit_lif.py            fit, then write the potential: about 5 minutes on one core
    python potentials/fit/fit_lif.py --report   only measure the potential that is there

Two stages: lithium metal, then fluorine and lithium fluoride with the metal kept as it is. Lithium has neither angular
terms nor screening by lithium: with them it melted at 300 K. F screens Li-Li where it sits in between, so that there
is no metallic bond in LiF. Each stage takes the best of STARTS least-squares fits
from seeded starts. Finished fits are kept in fit_lif.json: a stopped run goes on where it was, and a complete
file only writes the potential again. Delete it to fit anew, after any change of FREE, TARGETS or the form.
"""

from __future__ import annotations

import argparse
import json
import math
from pathlib import Path

import numpy as np
from lif_properties import LIF, MEASURES, TARGETS, table
from rfmeam.calculator import system_of
from scipy.optimize import least_squares

from rfmeam import IndefiniteChargesError, Potential, charge_matrix

HERE = Path(__file__).resolve().parent
POTENTIAL_FILE = HERE.parent / "LiF.rfmeam"
STATE_FILE = HERE / "fit_lif.json"
STARTS = {"Li": 3, "LiF": 2}
SEED = 20260704

# Start, lower and upper bound of the parameters that are fitted.
FREE: dict[str, dict[str, tuple[float, float, float]]] = {
    "Li": {
        "Li_e0": (1.0, 0.0, 8.0),
        "Li_e1": (-0.83, -6.0, 3.0),
        "Li_e2": (-0.2, -3.0, 3.0),
        "Li_q0": (0.2, 0.05, 4.0),
        "LiLi_rp": (3.18, 2.0, 4.5),
        "LiLi_alpha": (8.3, 2.0, 10.0),
        "LiLi_epsilon": (0.085, -0.3, 0.8),
        "LiLi_c2": (0.27, -2.0, 1.0),
        "LiLi_c3": (0.028, -0.5, 1.0),
    },
    "LiF": {
        "charge_stiffness": (12.0, 6.0, 15.0),  # of transfer from F to Li in LiF, eV/e²
        "rho_same": (2.6, 2.2, 3.5),  # Li-Li and F-F, Å
        "rho_excess": (0.13, 0.0, 1.0),  # of Li-F over that
        "F_e0": (8.5, 2.0, 14.0),
        "F_y": (0.17, 0.08, 0.33),  # y of F in F2 at 1.412 Å
        "F_q0": (2.9, 2.0, 7.0),
        "F_t2": (3.1, -5.0, 5.0),
        "Li_y": (1.1, 0.2, 1.5),  # y of Li from its six F at 2.015 Å; lithium metal has about 1
        "LiF_y": (0.34, 0.05, 0.8),  # y of F from its six Li at 2.015 Å
        "LiF_rp": (2.4, 1.7, 3.0),
        "LiF_alpha": (4.6, 2.5, 8.0),
        "LiF_epsilon": (0.12, -0.5, 0.5),
        "LiF_c2": (-0.1, -0.6, 0.4),
        "LiF_c3": (0.13, 0.0, 1.0),
        "FF_rp": (3.9, 2.8, 4.5),
        "FF_alpha": (5.0, 4.0, 10.0),
        "FF_epsilon": (0.04, 0.002, 0.1),
        "FF_c2": (-0.2, -1.0, 0.3),
        "FF_c3": (0.0, 0.0, 0.3),
    },
}
PERTURBATION = 0.03  # of the starts after the first, in widths of the bounds

Parameters = dict[str, float]


def charge_lines(p: Parameters) -> str:
    """The charge part of the file: ±0.9 e in LiF at 4.03 Å, at the chemical potential of neutral lithium.

    With A = (attraction by the other - repulsion by the own sublattice) per charge, dE/dq is
    chi_Li + (J_Li - A) q for Li and chi_F - (J_F - A) q for F. J_Li = A aligns bulk LiF with bulk Li, so that
    neither charges the other; chi_F - chi_Li = (J_F - A) q then sets q.
    """
    kernel = f"coulomb screened_cut 7.0\nrho * * {p['rho_same']:.6g}\n"
    kernel += f"rho Li F {p['rho_same'] + p['rho_excess']:.6g}\n"
    probe = f"# UNITS: metal\nformat rfmeam 1\nelements Li F\n{kernel}charge * 0 1 0\nend\n"
    m = charge_matrix(Potential.parse(probe), system_of(LIF.at(4.03)))
    attraction = m[0, 1] - (m[0, 0] - 1.0)
    chi_li, stiffness = 3.0, p["charge_stiffness"]
    return (
        f"{kernel}#         chi J E0\n"
        f"charge Li {chi_li:.6g} {attraction:.9g} 0\n"
        f"charge F  {chi_li + 0.90 * stiffness:.9g} {attraction + stiffness:.9g} 0\n"
    )


def potential_text(p: Parameters) -> str:
    """The statements of the potential file, from 'format' to 'end'."""
    f_density = p["F_y"] * math.exp(1.412 * p["F_q0"])
    # densities at 2.015 Å of F at Li, before the weight, and of Li at F; the scale of Li's n gives both their targets
    f_at_li = 6.0 * f_density * math.exp(-2.015 * p["F_q0"])
    li_at_f = 6.0 * math.exp(1.015 * p["Li_q0"]) / 8.0
    li_scale = math.sqrt(f_at_li * p["LiF_y"] / (li_at_f * p["Li_y"]))
    li_density = li_scale * math.exp(3.03 * p["Li_q0"]) / 8.0
    li_to_f = p["LiF_y"] / (li_at_f * li_scale)

    def numbers(*values: float) -> str:
        return " ".join(f"{v:.9g}" for v in values)

    li = numbers(li_scale, p["Li_e0"], p["Li_e1"], p["Li_e2"], 0.1)
    li += "  " + numbers(li_density, li_density, li_density, li_density, *[p["Li_q0"]] * 4)
    li += "  0 0 0"
    f = numbers(1, p["F_e0"], 0, 0, 0.05, f_density, 0, 0, 0, *[p["F_q0"]] * 4, 0, p["F_t2"], 0)
    li_li = numbers(p["LiLi_rp"], p["LiLi_alpha"], p["LiLi_epsilon"], p["LiLi_c2"], p["LiLi_c3"])
    li_f = numbers(p["LiF_rp"], p["LiF_alpha"], p["LiF_epsilon"], p["LiF_c2"], p["LiF_c3"])
    f_f = numbers(p["FF_rp"], p["FF_alpha"], p["FF_epsilon"], p["FF_c2"], p["FF_c3"])
    return f"""format rfmeam 1
elements Li F

#         n e0 e1 e2 sigma   p0 p1 p2 p3 q0 q1 q2 q3   t1 t2 t3
atomic Li {li}
atomic F  {f}

#          form             rc rs  rp alpha epsilon c2 c3  w0 w1 w2 w3
pair Li Li timonova-thijsse 5.2 3.8  {li_li}  1 0 0 0
pair Li F  timonova-thijsse 4.2 2.6  {li_f}  {numbers(li_to_f)} 0 {numbers(li_to_f)} 0
pair F  F  timonova-thijsse 4.2 3.2  {f_f}  1 0 0 0

# K screens I-J: K I J Cmin Cmax
triple F  Li Li 2.0 2.8

{charge_lines(p)}
end
"""


def residuals(stage: str, potential: Potential) -> np.ndarray:
    """(measured - published)/tolerance of the targets of a stage."""
    measured = MEASURES[stage](potential)
    return np.array([(measured[t.name] - t.value) / t.tolerance for t in TARGETS if t.stage == stage])


def fit_stage(stage: str, state: dict, base: Parameters) -> Parameters:
    """The best of STARTS[stage] least-squares fits of the free parameters of a stage, the others as in base."""
    names = list(FREE[stage])
    first, lower, upper = np.array([FREE[stage][n] for n in names]).T
    count = sum(t.stage == stage for t in TARGETS)
    done = state.setdefault(stage, {})

    def deviation(x: np.ndarray) -> np.ndarray:
        try:
            trial = base | dict(zip(names, map(float, x), strict=True))
            r = residuals(stage, Potential.parse(HEADER + potential_text(trial)))
        except IndefiniteChargesError:
            r = np.full(count, 1e3)
        return np.clip(np.nan_to_num(r, nan=1e3), -1e3, 1e3)

    for start in range(STARTS[stage]):
        if str(start) in done:
            continue
        random = np.random.default_rng([SEED, start])
        shift = PERTURBATION * (upper - lower) * random.uniform(-1, 1, len(first))
        x0 = np.clip(first + (shift if start > 0 else 0.0), lower, upper)
        best = least_squares(
            deviation, x0, bounds=(lower, upper), x_scale=upper - lower, diff_step=1e-4, loss="soft_l1", max_nfev=60
        )
        done[str(start)] = {"cost": float(best.cost), "parameters": dict(zip(names, map(float, best.x), strict=True))}
        STATE_FILE.write_text(json.dumps(state, indent=1) + "\n")
        print(f"{stage:4} start {start:2}: cost {best.cost:.3f}", flush=True)
    winner = min(done.values(), key=lambda d: d["cost"])
    return base | winner["parameters"]


def fit() -> Parameters:
    state = json.loads(STATE_FILE.read_text()) if STATE_FILE.exists() else {}
    p = {name: start for stage in FREE.values() for name, (start, _, _) in stage.items()}
    for stage in FREE:
        p = fit_stage(stage, state, p)
    return p


HEADER = """# DATE: 2026-11-21 UNITS: metal CONTRIBUTOR: RF-MEAM/QEq developers CITATION: none, see potentials/README.md
# Li-F: lithium metal, lithium fluoride and their interface. Made by potentials/fit/fit_lif.py.
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--report", action="store_true", help="only measure the potential that is there")
    if not parser.parse_args().report:
        text = potential_text(fit())
        comment = "".join(f"# {line}\n" for line in table(Potential.parse(HEADER + text)))
        POTENTIAL_FILE.write_text(HEADER + "#\n" + comment + "\n" + text)
    print("\n".join(table(Potential.read(str(POTENTIAL_FILE)))))


if __name__ == "__main__":
    main()
