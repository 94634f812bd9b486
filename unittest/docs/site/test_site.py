"""The site as ./dev docs has made it: links, formulas, nothing from elsewhere."""

import re
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit

import pytest
from folder_links import for_site
from lammps_lexer import LAMMPSLexer
from pygments.token import Comment, Keyword, Name


class Page(HTMLParser):
    """What a page refers to, and what can be referred to in it."""

    def __init__(self, text: str):
        super().__init__()
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.anchors: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        self.anchors.add(values.get("id") or values.get("name") or "")
        if tag == "a" and values.get("href"):
            self.links.append(values["href"])
        self.loaded += [values[key] for key in ("src", "data") if values.get(key)]
        if tag == "link" and values.get("rel") in ("stylesheet", "icon"):
            self.loaded.append(values["href"])


@pytest.fixture(scope="session")
def pages(site):
    return {path: Page(path.read_text("utf-8")) for path in site.rglob("*.html") if "_static" not in path.parts}


def test_every_link_within_the_site_leads_somewhere(pages):
    broken = []
    for path, page in pages.items():
        for link in page.links:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            if not target.exists() or (
                parts.fragment and target in pages and parts.fragment not in pages[target].anchors
            ):
                broken.append(f"{path.name}: {link}")
    assert not broken
    assert len(pages) > 25


def test_nothing_is_loaded_from_elsewhere(pages):
    """So that the site works without a network."""
    found = [f"{path.name}: {each}" for path, page in pages.items() for each in page.loaded if "//" in each]
    assert not found
    for path, page in pages.items():
        for each in page.loaded:
            if not each.startswith("data:"):
                assert (path.parent / unquote(urlsplit(each).path)).exists(), f"{path.name}: {each}"


def test_formulas_are_mathml(site):
    text = (site / "doc" / "pair_rfmeam_qeq.html").read_text("utf-8")
    assert text.count("<math ") > 10
    assert '<math xmlns="http://www.w3.org/1998/Math/MathML" display="block">' in text
    words = re.sub("<[^>]*>", "", text)
    assert "\\tfrac" not in words
    assert not re.search(r"\$[a-zA-Z\\]", words.replace("${", ""))


@pytest.mark.parametrize("word", ["shadow", "boroxol", "hard"])
def test_search_finds(site, word):
    index = (site / "searchindex.js").read_text("utf-8")
    assert f'"{word}' in index


def test_the_entrance_leads_to_the_first_page(site):
    assert 'url=doc/site/index.html"' in (site / "index.html").read_text("utf-8")
    assert (site / "doc" / "site" / "index.html").exists()


def test_links_to_folders(tmp_path):
    (tmp_path / "with").mkdir()
    (tmp_path / "with" / "README.md").write_text("# x")
    (tmp_path / "without").mkdir()
    page = tmp_path / "page.md"
    assert for_site("[a](with) [b](with/#x) ![c](with)", page) == "[a](with/README.md) [b](with/README.md#x) ![c](with)"
    assert for_site("[a](without), [b](nothing.md#c) [d](https://x.y)", page) == "a, [b](nothing.md#c) [d](https://x.y)"


def test_lammps_inputs_have_colours():
    tokens = list(LAMMPSLexer().get_tokens("fix a all nve # why\nprint ${x}\n"))
    assert (Keyword, "fix") in tokens
    assert (Comment, "# why") in tokens
    assert (Name.Variable, "${x}") in tokens
