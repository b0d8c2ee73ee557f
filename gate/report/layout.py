"""Lines of a text report: measured in terminal cells, wrapped, and safe whatever they quote."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from enum import Enum
from itertools import islice

from gate.report import Style
from gate.report.escape import break_commands, guard, printable

NARROWEST = 40
LONGEST_WORD = 200
"""Cells up to which a word stays whole even where it is wider than a line: IDs and paths get copied."""
LONGEST_MESSAGE = 12
"""Lines that are shown of one message of the API."""

_OPENING = frozenset("（【《〈「『〔“‘［｛")
_CLOSING = frozenset("，。、；：！？）】》〉」』〕”’…］｝％")
_DEEPEST = 3
_JOINER = "\u200d"


class Hue(Enum):
    """What a colour means; the words say the same without it."""

    CLOSED = "1;31"
    UNCERTAIN = "1;33"
    OPEN = "1;32"
    TITLE = "1"


def cells(text: str) -> int:
    """How many cells of a terminal `text` takes: two for East Asian wide characters, none for marks."""
    return len(text) if text.isascii() else sum(map(_cells_of, text))


def _cells_of(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _may_break(left: str, right: str, before: str) -> bool:
    """Whether a line may end between `left` and `right`; `before` are the last characters up to `left`.

    Never before a mark without width nor inside a joined emoji. Closing punctuation stays with what it
    closes and opening with what it opens, but not three deep: a flood of them must still be wrapped.
    """
    if left == " " or right == " ":
        return (left == " ") is not (right == " ")
    if left == _JOINER or _cells_of(right) == 0:
        return False
    if right in _CLOSING and not (len(before) == _DEEPEST and _CLOSING.issuperset(before)):
        return False
    if left in _OPENING and not (len(before) == _DEEPEST and _OPENING.issuperset(before)):
        return False
    return _cells_of(left) == 2 or _cells_of(right) == 2


def _pieces(text: str) -> Iterator[str]:
    """`text` cut where a line may end; runs of spaces are pieces of their own."""
    if text.isascii():
        yield from re.findall(r" +|[^ ]+", text)
        return
    start, base = 0, text[0]
    for at, character in enumerate(text):
        if at and _may_break(base, character, text[max(start, at - _DEEPEST) : at]):
            yield text[start:at]
            start = at
        if _cells_of(character) or character == _JOINER:
            base = character
    yield text[start:]


def _chop(piece: str, width: int) -> Iterator[str]:
    """`piece` as it is, or, too long to be a word that anybody copies, in parts of at most `width` cells."""
    if len(piece) <= LONGEST_WORD and cells(piece) <= max(LONGEST_WORD, width):
        yield piece
        return
    start, taken = 0, 0
    for at, character in enumerate(piece):
        more = _cells_of(character)
        if taken + more > width or at - start > 2 * width:
            yield piece[start:at]
            start, taken = at, 0
        taken += more
    yield piece[start:]


def wrap(text: str, width: int, taken: int = 0) -> Iterator[str]:
    """The lines of `text`, each at most `width` cells unless one word alone is wider.

    Only spaces at which a line ends are dropped. Chinese and Japanese break between characters. `taken`
    cells of the first line are in use already; it comes out empty where nothing fits beside them.
    """
    if text.isascii() and taken + len(text) <= width:
        yield text.rstrip(" ")
        return
    line, used, gap = "", taken, ""
    for piece in _pieces(text):
        if piece[0] == " ":
            gap = piece
            continue
        for part in _chop(piece, width):
            more = cells(part)
            if used + len(gap) + more > width:
                if line or used:
                    yield line
                line, used, gap = "", 0, ""
            line += gap + part
            used += len(gap) + more
            gap = ""
    yield line


class Page:
    """The lines of one text report, top to bottom. What is put on it is escaped here, and only here."""

    def __init__(self, style: Style) -> None:
        self._width = max(style.width, NARROWEST)
        self._colour = style.colour
        self._lines: list[str] = []

    def put(self, text: str, *, first: str = "", indent: int = 0, hue: Hue | None = None) -> None:
        """A paragraph: `first`, in `hue`, then `text`; lines after the first are indented.

        `first` is the gate's own word, never text from elsewhere.
        """
        first = first.ljust(indent)
        clean = break_commands(printable(text))
        width, taken = self._width - indent, cells(first) - indent
        lines = list(wrap(clean, width, taken))
        if any(guard(line) != line for line in lines):
            # `text` will put a space there, and that must not make the line too wide
            lines = list(wrap(clean, width - 1, taken))
        self._lines.append((self._paint(first, hue) + lines[0]).rstrip(" "))
        self._lines += [(" " * indent + line).rstrip(" ") for line in lines[1:]]

    def put_whole(self, text: str, *, first: str, hue: Hue) -> None:
        """A line of the gate's own words that stays one line, however narrow the page."""
        self._lines.append(self._paint(first, hue) + printable(text))

    def quote(self, message: str, indent: int) -> None:
        """A message of the API in a gutter, so that nothing in it can pass for the gate's own words."""
        message = message.strip()
        if not message:
            return
        prefix = " " * indent + "| "
        lines = self._quoted(message, self._width - len(prefix))
        self._lines += [(prefix + line).rstrip(" ") for line in islice(lines, LONGEST_MESSAGE)]
        if next(lines, None) is not None:
            self.put(
                f"(cut here: the JSON report has all {len(message)} characters of this message)",
                indent=indent,
            )

    @staticmethod
    def _quoted(message: str, width: int) -> Iterator[str]:
        for line in re.split(r"\r?\n", message):
            yield from wrap(break_commands(printable(line)), width)

    def literal(self, lines: tuple[str, ...], indent: int) -> bool:
        """Lines to be copied as they are. Left out, all of them, and False, where one is too wide."""
        clean = [" " * indent + break_commands(printable(line)) for line in lines]
        if any(cells(line) > self._width for line in clean):
            return False
        self._lines += clean
        return True

    def gap(self) -> None:
        """An empty line, unless there is one already or nothing above."""
        if self._lines and self._lines[-1]:
            self._lines.append("")

    def text(self) -> str:
        """All lines, each ended by a newline, with nothing in them for a CI system to obey."""
        return guard("".join(f"{line}\n" for line in self._lines))

    def _paint(self, text: str, hue: Hue | None) -> str:
        if not self._colour or hue is None:
            return text
        words = text.strip(" ")
        return text.replace(words, f"\x1b[{hue.value}m{words}\x1b[0m", 1) if words else text
