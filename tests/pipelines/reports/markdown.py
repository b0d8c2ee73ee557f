"""GitHub's own parser (cmark-gfm), and what may come out of it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from importlib import import_module
from importlib.util import find_spec
from typing import Any

EXTENSIONS = ["table", "autolink", "strikethrough", "tasklist"]
"""All of GitHub's but `tagfilter`, so that HTML comes out as it is and can be seen."""

_PLAIN = "h2 h3 h4 p ul ol li strong em pre table thead tbody tr th td"
_ATTRIBUTES: dict[str, set[tuple[str, str | None]]] = {
    "code": {("class", "language-text"), ("class", "language-yaml")},
    **{tag: set() for tag in _PLAIN.split()},
}
_ACTS = re.compile(
    r"@|#\S|[!&~%$]\S|\bGH-\d|://|www\.|\b[0-9a-f]{7,40}\b|(?<!\w):[a-z0-9_+-]+:|\[\[|\{\{|^/\w"
)
"""What GitHub or GitLab turn into a mention, a reference, a link, an emoji or more outside of code."""


def html_of(markdown: str) -> str:
    """The HTML before any cleaning, with foot notes, as on GitHub."""
    assert find_spec("cmarkgfm"), "cmarkgfm is missing: run make pipelines"
    options: Any = import_module("cmarkgfm.cmark").Options
    flags = options.CMARK_OPT_UNSAFE | options.CMARK_OPT_FOOTNOTES
    html: str = import_module("cmarkgfm").markdown_to_html_with_extensions(
        markdown, options=flags, extensions=EXTENSIONS
    )
    return html


@dataclass
class Page(HTMLParser):
    """A report as GitHub shows it. Raises `AssertionError` where it has what a report never has."""

    markdown: str
    titles: list[str] = field(default_factory=list)
    """The texts of the headings of the highest level."""
    blocks: list[str] = field(default_factory=list)
    """The texts of the blocks of code."""
    rows: list[int] = field(default_factory=list)
    """The number of cells in each row."""
    _open: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.feed(html_of(self.markdown))
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in _ATTRIBUTES, self.get_starttag_text()
        assert set(attrs) <= _ATTRIBUTES[tag], self.get_starttag_text()
        self._open.append(tag)
        if tag == "h2":
            self.titles.append("")
        elif tag == "pre":
            self.blocks.append("")
        elif tag == "tr":
            self.rows.append(0)
        elif tag in ("th", "td"):
            self.rows[-1] += 1

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "pre" in self._open:
            self.blocks[-1] += data
        elif "code" not in self._open:
            assert not _ACTS.search(data), data
        if "h2" in self._open:
            self.titles[-1] += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(decl)

    def handle_pi(self, data: str) -> None:
        raise AssertionError(data)

    def unknown_decl(self, data: str) -> None:
        raise AssertionError(data)
