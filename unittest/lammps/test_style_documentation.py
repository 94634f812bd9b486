"""The examples of the reference pages run as they stand there."""

import re

import pytest
from harness import DATA, model, potential, rocksalt

DOC = DATA.parents[1] / "doc"
PAGES = ["pair_rfmeam_qeq.md", "fix_qeq_vc.md"]


def examples(page: str) -> list[str]:
    """Input lines of the code blocks after Syntax; blocks with several examples are split at blank lines."""
    text = (DOC / page).read_text()
    blocks = re.findall(r"^```\n(.*?)^```$", text[text.index("## Examples") :], re.S | re.M)
    return [example for block in blocks for example in block.split("\n\n")]


CASES = [(page, number) for page in PAGES for number in range(len(examples(page)))]


def test_there_are_examples():
    assert len(CASES) >= 5


@pytest.mark.parametrize(("page", "number"), CASES)
def test_example(lammps, page, number):
    example = examples(page)[number]
    atoms = rocksalt(2)
    symbols = atoms.get_chemical_symbols()
    types = ["Li", "F"]
    script = model(fix="", style="none", coeff="* *").replace("pair_coeff * *\n", "")
    third = {"Li F Li": "Li", "Li F NULL": "F"}
    for words, element in third.items():
        if words in example:
            symbols[symbols.index(element)] = "X"
            types = ["Li", "F", "X"]
    atoms.set_chemical_symbols(symbols)
    if "pair_style" not in example:
        script += "pair_style rfmeam/qeq\n"
    if "pair_coeff" not in example:
        script += "pair_coeff * * LiF.rfmeam Li F\n"
    if "f_charges" in example:
        script += "fix charges all qeq/vc 1 1e-6 100\n"
    script += "group electrode type 1\ngroup rest subtract all electrode\n" if "electrode" in example else ""
    if "group salt" in example:
        script += "group left id 1:20\ngroup right id 21:40\ngroup salt subtract all left right\n"
    lines = example.split("\n")
    fixes = [line for line in lines if "qeq/vc" in line]
    for fix in fixes or [""]:  # a block may show several, one at a time
        others = [line for line in lines if line not in fixes or line == fix]
        text = potential(coulomb="gaussian" if "long" in example else "screened_cut")
        result = lammps(script + "\n".join(others) + "\nrun 0\n", atoms, text, types=types)
        assert "ERROR" not in result.log
