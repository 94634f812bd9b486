"""`rfmeam convert`: potential files of other programs to *.rfmeam."""

import math
from dataclasses import dataclass
from pathlib import Path

from ._core import Potential
from .errors import UserError
from .nap import NapFiles
from .parameters import Header, Parameters


@dataclass
class Conversion:
    """text: the potential file; notes: what the user must know about it."""

    text: str
    parameters: Parameters
    notes: list[str]


def convert_nap(
    paths: list[Path],
    elements: list[str],
    cutoff: float | None = None,
    rp_as_nap: bool = False,
    header: Header | None = None,
) -> Conversion:
    """The *.rfmeam text of nap's in.params.RFMEAM and in.params.Coulomb, either or both.

    elements: the order of the new file; lines about other elements are skipped. cutoff (Å): of the
    Coulomb terms, needed with in.params.Coulomb. rp_as_nap: write the r_p that nap computes with.
    Raises UserError.
    """
    for element in elements:
        if elements.count(element) > 1:
            raise UserError(f"--elements: '{element}' is repeated, allowed is once")
    if cutoff is not None and not (0.0 < cutoff < math.inf):
        raise UserError(f"--cutoff is '{cutoff:g}', allowed is > 0")
    if not paths:
        raise UserError("no file given, allowed are in.params.RFMEAM, in.params.Coulomb or both")
    files = NapFiles(elements)
    for path in paths:
        files.read(path, cutoff, rp_as_nap)
    # once through the reader, so that lines come in the order of the elements
    parameters = Parameters.of(Potential.parse(files.parameters.write()))
    text = parameters.write(header or Header())
    return Conversion(text, parameters, files.notes)
