"""Settings of Sphinx for the site: `./dev docs`. Its pages are the Markdown files of the repository, where they are."""

import re
import sys
from pathlib import Path

folder = Path(__file__).resolve().parent
checkout = folder.parents[1]
sys.path.insert(0, str(folder))

project = "RF-MEAM with variable charges for LAMMPS"
author = "RF-MEAM/QEq developers"
version = release = re.search(
    r'__version__ = "(.*)"', (checkout / "python" / "rfmeam" / "__init__.py").read_text("utf-8")
).group(1)
html_title = f"RF-MEAM + charges {version}"

extensions = ["myst_parser", "sphinx_copybutton", "mathml", "folder_links", "lammps_lexer"]
root_doc = "doc/site/index"
include_patterns = [
    "*.md",
    "doc/*.md",
    "doc/site/index.md",
    "potentials/README.md",
    "potentials/fit/*/report.md",
    "data/*/*/report.md",
    "examples/*/README.md",
    "data/README.md",
    "data/*/README.md",
    "data/*/RESULTS.md",
    "bench/RESULTS.md",
    "unittest/data/*/README.md",
]
exclude_patterns = ["build", "src", "python", "env", "cmake", "**/.*"]

myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 4
myst_dmath_double_inline = True
highlight_language = "none"

html_theme = "furo"
html_math_renderer = "mathml"
html_additional_pages = {"index": "entrance.html"}
templates_path = ["templates"]
html_static_path = ["static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_sphinx = False
html_show_copyright = False
copybutton_prompt_text = "$ "
