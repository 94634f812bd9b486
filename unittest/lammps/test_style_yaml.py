"""The reference numbers of unittest/yaml, which LAMMPS' own tester compares with, against the package rfmeam."""

import numpy as np
import pytest
import yaml
from harness import DATA, K_E, KCAL_PER_EV

import rfmeam

YAML = DATA.parent / "yaml"
FILES = sorted(path.stem for path in YAML.glob("*.yaml"))


def numbers(block: str) -> np.ndarray:
    return np.array([[float(word) for word in line.split()] for line in block.strip().split("\n")])


def system():
    """Cell, types, charges and positions of data.LiF, by atom ID."""
    lines = (YAML / "data.LiF").read_text().split("\n")
    bounds = {line.split()[-1]: float(line.split()[1]) for line in lines if line.endswith("hi")}
    xy, xz, yz = next(line for line in lines if line.endswith("xy xz yz")).split()[:3]
    cell = [[bounds["xhi"], 0, 0], [float(xy), bounds["yhi"], 0], [float(xz), float(yz), bounds["zhi"]]]
    at = lines.index("Atoms # charge") + 2
    rows = np.array([line.split() for line in lines[at : lines.index("", at)]], dtype=float)
    assert np.array_equal(rows[:, 0], np.arange(1, 65))
    return np.array(cell), rows[:, 1].astype(int), rows[:, 2], rows[:, 3:]


def lj(cell, positions, types, epsilon=0.01, sigma=1.8, cutoff=5.0):
    """Energy and forces of the pairs with an atom of type 3."""
    n = len(positions)
    shifts = np.stack(np.meshgrid(*[np.arange(-2, 3)] * 3, indexing="ij"), -1).reshape(-1, 3) @ cell
    energy, forces = 0.0, np.zeros((n, 3))
    for i in range(n):
        for shift in shifts:
            d = positions[i] - positions - shift
            r = np.sqrt((d**2).sum(axis=1))
            near = (r < cutoff) & (r > 0) & ((types == 3) | (types[i] == 3))
            s6 = (sigma / r[near]) ** 6
            energy += 2 * epsilon * (s6**2 - s6).sum()
            forces[i] += (24 * epsilon * (2 * s6**2 - s6) / r[near] ** 2) @ d[near]
    return energy, forces


def test_the_files_are_there():
    assert len(FILES) == 6


@pytest.mark.parametrize("name", FILES)
def test_reference_numbers(name):
    content = yaml.safe_load((YAML / f"{name}.yaml").read_text())
    cell, types, charges, positions = system()
    units = KCAL_PER_EV if "index real" in content["pre_commands"] else 1.0
    words = content["pair_coeff"].split("\n")[0].split()
    file = next(word for word in words if word.endswith(".rfmeam")).replace("${input_dir}", str(YAML))
    potential = rfmeam.Potential.read(file)
    elements = np.array([None, *words[-3:]])[types]
    present = elements != "NULL"
    atoms = rfmeam.System(cell, [True] * 3, positions[present], list(elements[present]))
    k_e = K_E["real"] / KCAL_PER_EV if units != 1.0 else K_E["metal"]
    q = charges[present] if potential.has_charges else None
    if "qeq/vc" in content["post_commands"]:
        q = rfmeam.equilibrate(potential, atoms, q.sum(), k_e)
    expected = rfmeam.evaluate(potential, atoms, q, k_e)
    forces = np.zeros((64, 3))
    forces[present] = expected.forces
    energy = expected.pair + expected.embedding
    if "lj/cut" in content["pair_style"]:
        energy_lj, forces_lj = lj(cell, positions, types)
        energy += energy_lj
        forces += forces_lj
        assert not present.all()

    assert content["init_vdwl"] == pytest.approx(units * energy, rel=1e-11)
    assert content["init_coul"] == pytest.approx(
        units * (expected.coulomb + expected.self_energy), rel=1e-11, abs=1e-13
    )
    found = numbers(content["init_forces"])
    np.testing.assert_array_equal(found[:, 0], np.arange(1, 65))
    np.testing.assert_allclose(found[:, 1:], units * forces, rtol=0, atol=1e-10 * units)
    if present.all():
        w = units * expected.virial
        stress = [w[0][0], w[1][1], w[2][2], w[0][1], w[0][2], w[1][2]]
        np.testing.assert_allclose(numbers(content["init_stress"])[0], stress, rtol=0, atol=1e-10 * np.abs(w).max())

    # the run is another configuration
    assert np.abs(numbers(content["run_forces"])[:, 1:] - found[:, 1:]).max() > 1e-3 * np.abs(found[:, 1:]).max()
