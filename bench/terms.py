"""Potentials that differ by one term of the charge-dependent model each: what run.py times for its cost.

The plain model is LiF_terms.rfmeam. Each term comes with numbers with which rocksalt stays about what it is: the
Gaussians with electronegativities for the same charges, the third pair form by least squares to the first one. So all
potentials run through about the same configurations, with the same neighbours.
"""

import re
from pathlib import Path

HERE = Path(__file__).parent

WALL = "wall Li upper 30.0 0.85\nwall F lower 30.0 -0.95\n"  # the charges are near 0.9 e
GAUSSIAN = """coulomb {kernel}
width Li 0.9
width F 0.7
charge Li 3.0 4.4 0
charge F  {chi} 16.7 0
"""
# kernels of these Gaussians, each with the electronegativity of F (eV/e) for 0.9 e in rocksalt: one of the terms, and
# one that falls off as 1/r, so that it can be summed to long range
SCREENED = {"kernel": "screened_gaussian 7.0 2.6", "chi": 22.5576}
UNSCREENED = {"kernel": "gaussian 9.0", "chi": 28.1330}
ENVIRONMENT = """environment Li 0.5 1.0
environment F -0.3 1.5
environment_weight Li F 0.06
environment_weight F Li 0.05
"""
FADE = "fade Li 0.05\n"
PAIRS = """pair Li Li double-exponential 5.2 3.8  3.0 4.9221 1.8244 -5.0000 1.7858  1 0 0 0
pair Li F  double-exponential 4.2 2.6  2.0 0.2136 4.2319 -0.1652 0.7577  1.48798752 0 1.48798752 0
pair F  F  double-exponential 4.2 3.2  2.8 0.8912 1.5000 -0.6941 1.1449  1 0 0 0
"""
PLAIN, ALL = "plain model", "all terms"


def without(text: str, *words: str) -> str:
    """The file less its lines that begin with one of the words."""
    return re.sub(rf"^(?:{'|'.join(words)})\b.*\n", "", text, flags=re.M)


def with_lines(text: str, lines: str) -> str:
    """The file with more lines at its end."""
    return text.replace("end\n", lines + "end\n")


def with_wall(text: str) -> str:
    return with_lines(text, WALL)


def with_gaussian(text: str, kernel: dict = SCREENED) -> str:
    return with_lines(without(text, "coulomb", "rho", "charge"), GAUSSIAN.format(**kernel))


def with_environment(text: str) -> str:
    return with_lines(text, ENVIRONMENT)


def with_fade(text: str) -> str:
    return with_lines(text, FADE)


def with_third_form(text: str) -> str:
    return with_lines(without(text, "pair"), PAIRS)


TERMS = {
    "+ wall": with_wall,
    "+ screened gaussian": with_gaussian,
    "+ environment": with_environment,
    "+ fade": with_fade,
    "+ pair form 3": with_third_form,
}


def plain_model() -> str:
    return (HERE / "LiF_terms.rfmeam").read_text(encoding="utf-8")


def with_long_range() -> str:
    """The plain model with Gaussian charges that can be summed to long range."""
    return with_gaussian(plain_model(), UNSCREENED)


def potentials() -> dict[str, str]:
    """Texts of potential files: the plain model, each term alone beside it, all of them."""
    plain = plain_model()
    texts = {PLAIN: plain} | {name: add(plain) for name, add in TERMS.items()}
    whole = plain
    for add in TERMS.values():
        whole = add(whole)
    return texts | {ALL: whole}


def write_potentials(folder: Path) -> dict[str, Path]:
    """The files of `potentials()` in a folder."""
    files = {}
    for number, (name, text) in enumerate(potentials().items()):
        files[name] = folder / f"terms{number}.rfmeam"
        files[name].write_text(text, encoding="utf-8")
    return files
