"""The page of a glass: what comes first, and how large pictures are."""

import re

from matplotlib.figure import Figure
from rfmeam.glass import report
from rfmeam.style import STYLE


def test_what_compares_comes_first():
    names = ("free oxygen %", "B4 %", "triclusters %", "density g/cm3")
    summary = {name: {"mean": 1.0, "error": None} for name in names}
    page = report._comparison({"settings": {"sample": "40L30B30S"}, "summary": summary})
    rows = re.findall(r"<tr><td>(.*?)</td>", page)
    assert rows == ["B4 %", "density g/cm3", "free oxygen %", "triclusters %"]
    unknown = report._comparison({"settings": {"sample": "SiO2100"}, "summary": summary})
    assert re.findall(r"<tr><td>(.*?)</td>", unknown) == list(names)


def test_letters_are_alike_in_all_pictures(tmp_path):
    """A picture is shown in the inches that it was drawn in; two panels scroll on a telephone."""
    for inches, height, two in ((5.0, 5.0, False), (9.0, 3.0, True)):
        path = tmp_path / "picture.png"
        Figure(figsize=(inches, height)).savefig(path, dpi=STYLE["savefig.dpi"])
        image = report._image(path)
        assert f'width="{inches * 96:.0f}"' in image
        assert (' class="two"' in image) == two
