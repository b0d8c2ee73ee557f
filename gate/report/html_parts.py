"""Elements of HTML. What goes in as text comes out escaped; only `Markup` is taken as it is."""

from __future__ import annotations

from collections.abc import Iterable

from gate.report.escape import printable

_ENTITIES = str.maketrans(
    {
        "&": "&amp;",
        "<": "&lt;",
        ">": "&gt;",
        '"': "&quot;",
        "'": "&#39;",
        "#": "&#35;",
        ":": "&#58;",
    }
)
"""What acts in HTML, and the signs that commands to CI systems begin with: a log may show the file."""


class Markup(str):
    """Text that is HTML already."""

    __slots__ = ()


Child = str | Markup | Iterable["Child"]


def escaped(text: str) -> Markup:
    """`text` as a text node or an attribute's value, on one line."""
    return Markup(printable(text).translate(_ENTITIES))


def element(tag: str, *children: Child, **attributes: str | None) -> Markup:
    """An element; `class_` is written as `class`, and an attribute that is None is left out."""
    told = "".join(
        f' {name.rstrip("_")}="{escaped(value)}"' for name, value in attributes.items() if value is not None
    )
    return Markup(f"<{tag}{told}>{together(children)}</{tag}>")


def together(children: Iterable[Child]) -> Markup:
    """Children one after the other; plain text among them is escaped."""
    return Markup("".join(map(_child, children)))


def _child(child: Child) -> str:
    if isinstance(child, Markup):
        return child
    return escaped(child) if isinstance(child, str) else together(child)


def lines(children: Iterable[Child]) -> Markup:
    """Children a line each, so that the file can be read and compared."""
    return Markup("".join(f"{_child(child)}\n" for child in children))


def facts(pairs: Iterable[tuple[str, Child]]) -> Markup:
    """A list of names and values."""
    rows = [element("div", element("dt", label), element("dd", value)) for label, value in pairs]
    return element("dl", rows) if rows else Markup()
