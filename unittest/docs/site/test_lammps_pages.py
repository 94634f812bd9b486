"""The reference pages as LAMMPS' own manual has them."""

import os
import re
from pathlib import Path

import lammps_pages
import pytest
from docutils import nodes
from docutils.core import publish_doctree
from docutils.parsers.rst import Directive, directives, roles
from docutils.utils import Reporter

HEADINGS = ["Syntax", "Examples", "Description", "Restrictions", "Related commands", "Default"]


class _Sphinx(Directive):
    """Directives of Sphinx that docutils lacks, with their contents as text."""

    optional_arguments = 9
    final_argument_whitespace = True
    has_content = True

    def run(self):
        return [nodes.literal_block("", "\n".join(self.content))] if self.content else []


@pytest.fixture(scope="module", params=lammps_pages.PAGES)
def text(request):
    return lammps_pages.page(request.param)


@pytest.fixture
def links(monkeypatch):
    """The targets of :doc: links, as they are met."""
    found = []

    def doc(name, rawtext, text, lineno, inliner, options=None, content=None):
        found.append(re.search(r"<(.*)>", text).group(1))
        return [nodes.inline("", text)], []

    roles.register_local_role("doc", doc)
    for name in ("index", "versionadded"):
        directives.register_directive(name, _Sphinx)
    return found


def test_docutils_reads_it_without_a_word(text, links):
    settings = {"report_level": Reporter.INFO_LEVEL, "halt_level": Reporter.WARNING_LEVEL, "syntax_highlight": "none"}
    tree = publish_doctree(text, settings_overrides=settings)
    assert not list(tree.findall(nodes.problematic))
    titles = [title.astext() for title in tree.findall(nodes.title)]
    positions = [titles.index(heading) for heading in HEADINGS]
    assert positions == sorted(positions)
    assert list(tree.findall(nodes.math_block))
    assert list(tree.findall(nodes.table))


def test_links_lead_to_pages_of_the_manual(text, links):
    publish_doctree(text, settings_overrides={"report_level": Reporter.SEVERE_LEVEL})
    manual = Path(os.environ["LAMMPS_SOURCE_DIR"]) / "doc" / "src"
    assert len(links) > 3
    for target in links:
        assert target in lammps_pages.PAGES or (manual / f"{target}.rst").exists(), target


def test_form(text):
    """As `make char_check` and the index of LAMMPS' manual want it."""
    assert text.isascii()
    assert re.match(r"\.\. index:: (pair_style rfmeam/qeq|fix qeq/vc)\n\.\. index:: .*/kk\n\n", text)
    assert "Accelerator Variants: *" in text
    assert text.count(".. versionadded:: TBD") == 1
    assert "DOC:" not in text
    assert ".md" not in text


@pytest.mark.parametrize(
    ("page", "message"),
    [
        ("# fix x\n", "expected '# … command'"),
        ("# fix x command\n\nAccelerator variants: `x/kk`\n\n## Syntax\n\nß\n", "how to write ß in ASCII"),
    ],
)
def test_pages_of_another_form(tmp_path, monkeypatch, page, message):
    monkeypatch.setattr(lammps_pages, "DOC", tmp_path)
    (tmp_path / "fix_qeq_vc.md").write_text(page, "utf-8")
    with pytest.raises(ValueError, match=message):
        lammps_pages.page("fix_qeq_vc")
