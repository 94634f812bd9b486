"""The ions whose diffusion is measured."""

from ..errors import UserError

FORMAL_CHARGE = {"Li": 1, "Na": 1, "K": 1, "Mg": 2, "Ca": 2, "Sr": 2, "Ba": 2, "Zn": 2}  # e
ALKALI = ("Li", "Na", "K")


def mobile_ion(counts: dict[str, int], asked: str = "") -> str:
    """The ion that was asked for, else the lightest alkali of a glass with these atoms.

    Raises UserError where there is none.
    """
    if asked:
        if asked not in FORMAL_CHARGE:
            raise UserError(f"--ion {asked}: known are {', '.join(FORMAL_CHARGE)}")
        if asked not in counts:
            raise UserError(f"--ion {asked}: not in this glass of {', '.join(counts)}")
        return asked
    for ion in ALKALI:
        if ion in counts:
            return ion
    raise UserError(
        f"--measure diffusion: no {', '.join(ALKALI)} in this glass; name another ion with --ion"
    )
