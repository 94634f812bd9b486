"""`rfmeam convert`: potential files of other programs to *.rfmeam."""

import math
from dataclasses import dataclass
from pathlib import Path

from ._core import Potential
from .errors import UserError
from .lammps_files import reaxff_parameters, streitz_parameters
from .nap import PMD, RFMEAM, NapFiles, cutoff_radius, elements_named, kind_of
from .nap_rfmeam import NapVersion
from .nap_writer import nap_files
from .parameters import Header, Parameters
from .terminal import writing


@dataclass
class Conversion:
    """text: the potential file; notes: what the user must know about it."""

    text: str
    parameters: Parameters
    notes: list[str]


def convert_nap(
    paths: list[Path],
    elements: list[str] | None = None,
    cutoff: float | None = None,
    version: NapVersion = NapVersion.releases,
    header: Header | None = None,
) -> Conversion:
    """The *.rfmeam text of nap's in.params.RFMEAM and in.params.Coulomb, either or both.

    paths: those files, and an in.pmd for its cutoff_radius. elements: the order of the new file;
    lines about other elements are skipped; by default those of the `atomic` lines, else of the
    charges. cutoff (Å): of the Coulomb terms, needed with in.params.Coulomb. version: of the nap
    whose numbers are wanted. Raises UserError.
    """
    elements = _checked(elements, cutoff)
    given = {path: kind_of(path) for path in paths}
    parameter_files = [path for path in paths if given[path][0] != PMD]
    if not parameter_files:
        raise UserError("no file given, allowed are in.params.RFMEAM, in.params.Coulomb or both")
    for path, (kind, lines) in given.items():
        if kind == PMD:
            found = cutoff_radius(path, lines)
            if cutoff is not None and cutoff != found:
                raise UserError(
                    f"{path}: cutoff_radius is {found:g}, --cutoff or another file has "
                    f"{cutoff:g}: allowed is one cutoff"
                )
            cutoff = found
    if not elements:
        elements = _elements_of([given[path] for path in parameter_files])
    files = NapFiles(elements, version)
    for path in parameter_files:
        files.read(path, cutoff)
    # once through the reader, so that lines come in the order of the elements
    parameters = Parameters.of(Potential.parse(files.parameters.write()))
    text = parameters.write(header or Header())
    return Conversion(text, parameters, files.notes)


def convert_lammps(
    program: str,
    paths: list[Path],
    elements: list[str] | None = None,
    cutoff: float | None = None,
    alpha: float | None = None,
    header: Header | None = None,
) -> Conversion:
    """The *.rfmeam text of the charges in a potential file of LAMMPS.

    program: "streitz" for a *.streitz, "reaxff" for an ffield; see lammps_files.py. paths: one such
    file. elements: those of the new file; by default those of the file. cutoff (Å) of the charges,
    needed with streitz; alpha (1/Å) of streitz. Raises UserError.
    """
    elements = _checked(elements, cutoff)
    if len(paths) != 1:
        raise UserError(f"--from {program}: {len(paths)} files given, allowed is one")
    if program == "streitz":
        found, notes = streitz_parameters(paths[0], elements, cutoff, alpha)
    else:
        if alpha is not None:
            raise UserError(f"--alpha, allowed only with --from streitz, not {program}")
        found, notes = reaxff_parameters(paths[0], elements, cutoff)
    parameters = Parameters.of(Potential.parse(found.write()))
    return Conversion(parameters.write(header or Header()), parameters, notes)


def _checked(elements: list[str] | None, cutoff: float | None) -> list[str]:
    """The elements; both arguments are sound, or there is a UserError."""
    elements = elements or []
    for element in elements:
        if elements.count(element) > 1:
            raise UserError(f"--elements: '{element}' is repeated, allowed is once")
    if cutoff is not None and not (0.0 < cutoff < math.inf):
        raise UserError(f"--cutoff is '{cutoff:g}', allowed is > 0")
    return elements


def _elements_of(files: list[tuple[str, list[str]]]) -> list[str]:
    """Those of in.params.RFMEAM where there is one, else of the charges."""
    for kind, lines in sorted(files, key=lambda file: file[0] != RFMEAM):
        if found := elements_named(kind, lines):
            return found
    raise UserError("give --elements: the files name none ('*' only)")


def write_nap(paths: list[Path], folder: Path) -> tuple[list[Path], list[str]]:
    """Writes in.params.RFMEAM and in.params.Coulomb of a *.rfmeam file into a folder; returns their
    paths and notes. Raises UserError."""
    if len(paths) != 1:
        raise UserError(f"--to nap: {len(paths)} files given, allowed is one *.rfmeam file")
    try:
        texts, notes = nap_files(Parameters.of(Potential.read(paths[0])))
    except UserError as error:
        raise UserError(f"{paths[0]}: {error}") from None
    folder.mkdir(parents=True, exist_ok=True)
    written = [folder / name for name in texts]
    for path in written:
        with writing(path):
            path.write_text(texts[path.name], encoding="utf-8")
    return written, notes
