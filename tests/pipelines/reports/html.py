"""What a browser tells of the HTML report."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .browser import Browser

_MEASURE = """
(() => {
  document.querySelectorAll("details").forEach(each => { each.open = true; });
  const seen = [...document.body.querySelectorAll("*")].filter(each => !each.closest("thead"));
  const name = each => `${each.localName}.${each.className}: ${each.textContent.slice(0, 60)}`;
  const outside = each => {
    const box = each.getBoundingClientRect();
    return box.width > 0 && (box.left < -1 || box.right > WIDTH + 1);
  };
  return {
    width: document.documentElement.scrollWidth,
    outside: seen.filter(outside).map(name),
    scrolling: seen.filter(each => each.clientWidth > 0 && each.scrollWidth > each.clientWidth + 1).map(name),
    tags: [...new Set([...document.querySelectorAll("*")].map(each => each.localName))],
    metas: document.querySelectorAll("meta").length,
    styles: document.querySelectorAll("style").length,
    title: document.title,
    text: document.body.innerText,
    acted: window.acted ?? null,
  };
})()
"""
"""The table's head is no part of it: on a phone it is there for screen readers only."""

_TAGS = (
    "html head meta title style body div header main section article footer h1 h2 h3 h4 p span strong "
    "dl dt dd ul ol li pre a table thead tbody tr th td details summary"
)
_METAS = 4


@dataclass(frozen=True)
class Look:
    """A report on a screen."""

    title: str
    text: str


def look_at(browser: Browser, page: str, file: Path, width: int, media: str = "") -> Look:
    """The report as it looks. Raises `AssertionError` where it scrolls sideways, runs or fetches anything."""
    file.write_text(page, encoding="utf-8")
    browser.open(file.as_uri(), width, media)
    told: dict[str, Any] = browser.evaluate(_MEASURE.replace("WIDTH", str(width)))
    assert told["outside"] == []
    assert told["scrolling"] == []
    assert told["width"] <= width
    assert set(told["tags"]) <= set(_TAGS.split())
    assert (told["metas"], told["styles"]) == (_METAS, 1)
    assert told["acted"] is None
    assert browser.requested() == [file.as_uri()]
    assert browser.named("Page.javascriptDialogOpening") == []
    assert browser.named("Runtime.consoleAPICalled") == []
    return Look(told["title"], told["text"])
