"""The text of a pattern becomes a tree, or is refused."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from gate.pattern.characters import read_bracket, read_escape
from gate.pattern.refusal import PatternError
from gate.pattern.tree import Assertion, Choice, Literal, Node, OneOf, Place, Repeat, Sequence, Syntax

MAX_LENGTH: Final = 1000
"""Characters in a pattern."""
MAX_SIZE: Final = 2000
"""States, after repetitions have been written out."""
MAX_NESTING: Final = 50
"""Groups inside groups."""

_IGNORE_CASE = "(?i)"
_COUNTED = re.compile(r"\{([0-9]+)(?:(,)([0-9]+)?)?\}")
_COUNTS: dict[str, tuple[int, int | None]] = {"*": (0, None), "+": (1, None), "?": (0, 1)}
_REFUSED_GROUPS = {
    "(?=": "lookaround is not supported",
    "(?!": "lookaround is not supported",
    "(?<=": "lookaround is not supported",
    "(?<!": "lookaround is not supported",
    "(?<": "named groups are not supported",
    "(?P": "named groups are not supported",
    "(?>": "atomic groups are not supported",
    "(?(": "conditionals are not supported",
    "(?#": "comments are not supported",
    "(?": "the only flag is (?i), at the very start of the pattern",
}
"""The longer beginning stands before the shorter one."""


def parse(text: str) -> Syntax:
    """Raises `PatternError` for what is not accepted; what is accepted, `re.compile` accepts too."""
    if len(text) > MAX_LENGTH:
        raise PatternError(f"too long: a pattern has at most {MAX_LENGTH} characters", MAX_LENGTH)
    ignore_case = text.startswith(_IGNORE_CASE)
    root = _Reading(text, len(_IGNORE_CASE) if ignore_case else 0).to_the_end()
    return Syntax(root, ignore_case)


@dataclass(slots=True)
class _Group:
    """A group that is still open. The pattern as a whole is one, too."""

    opened: int
    parts: list[Node] = field(default_factory=list)
    options: list[Sequence] = field(default_factory=list)

    def end_option(self) -> None:
        self.options.append(Sequence.of(self.parts))
        self.parts = []

    def finished(self) -> Sequence | Choice:
        self.end_option()
        return self.options[0] if len(self.options) == 1 else Choice.of(self.options)


class _Reading:
    """Goes through the text once. Open groups are on a stack, so depth of the text is not depth of calls."""

    def __init__(self, text: str, at: int) -> None:
        self.text = text
        self.at = at
        self._groups = [_Group(at)]

    def to_the_end(self) -> Sequence | Choice:
        while self.at < len(self.text):
            _READ.get(self.text[self.at], _Reading.literal)(self)
        if len(self._groups) > 1:
            raise PatternError("the group is never closed", self._groups[-1].opened)
        root = self._groups[0].finished()
        _bound(root, 0)
        return root

    def _add(self, node: Node, end: int) -> None:
        self._groups[-1].parts.append(node)
        self.at = end

    def literal(self) -> None:
        self._add(Literal(self.text[self.at]), self.at + 1)

    def any_but_newline(self) -> None:
        self._add(OneOf("."), self.at + 1)

    def start(self) -> None:
        self._add(Place(Assertion.START), self.at + 1)

    def end(self) -> None:
        self._add(Place(Assertion.END), self.at + 1)

    def bracket(self) -> None:
        self._add(*read_bracket(self.text, self.at))

    def escape(self) -> None:
        if self.text.startswith(r"\b", self.at):
            self._add(Place(Assertion.BOUNDARY), self.at + 2)
        else:
            self._add(*read_escape(self.text, self.at))

    def unopened(self) -> None:
        raise PatternError(f"nothing is open here: write \\{self.text[self.at]} for the character", self.at)

    def open_group(self) -> None:
        opened = self.at
        self.at += 3 if self.text.startswith("(?:", opened) else 1
        if self.at == opened + 1:
            for beginning, message in _REFUSED_GROUPS.items():
                if self.text.startswith(beginning, opened):
                    raise PatternError(message, opened)
        if len(self._groups) > MAX_NESTING:
            raise PatternError(f"more than {MAX_NESTING} groups inside each other", opened)
        self._groups.append(_Group(opened))

    def close_group(self) -> None:
        if len(self._groups) == 1:
            self.unopened()
        self._add(self._groups.pop().finished(), self.at + 1)

    def alternative(self) -> None:
        self._groups[-1].end_option()
        self.at += 1

    def repetition(self) -> None:
        """`* + ?`, and `{...}` by way of `counted`."""
        least, most = _COUNTS[self.text[self.at]]
        self._repeat(least, most, self.at + 1)

    def counted(self) -> None:
        found = _COUNTED.match(self.text, self.at)
        if found is None:
            raise PatternError(r"not {m}, {m,} or {m,n}: write \{ for the character", self.at)
        least = int(found[1])
        most = int(found[3]) if found[3] else None if found[2] else least
        if most is not None and most < least:
            raise PatternError("the repetition asks for at least more than at most", self.at)
        if max(least, most or 0) > MAX_SIZE:
            raise PatternError(f"too large: more than {MAX_SIZE} repetitions", self.at)
        self._repeat(least, most, found.end())

    def _repeat(self, least: int, most: int | None, end: int) -> None:
        parts = self._groups[-1].parts
        if not parts or isinstance(parts[-1], Place):
            raise PatternError("nothing to repeat", self.at)
        if isinstance(parts[-1], Repeat):
            raise PatternError("repeated twice: put the first repetition in a group", self.at)
        if self.text.startswith("+", end):
            raise PatternError("possessive repetition is not supported", self.at)
        repeat = Repeat.of(parts.pop(), least, most)
        _bound(repeat, self.at)
        # Lazy or not decides where a match ends, never whether there is one.
        self._add(repeat, end + 1 if self.text.startswith("?", end) else end)


def _bound(node: Node, at: int) -> None:
    if node.size > MAX_SIZE:
        raise PatternError(f"too large: {node.size} states when written out, more than {MAX_SIZE}", at)


_READ: dict[str, Callable[[_Reading], None]] = {
    "(": _Reading.open_group,
    ")": _Reading.close_group,
    "|": _Reading.alternative,
    "*": _Reading.repetition,
    "+": _Reading.repetition,
    "?": _Reading.repetition,
    "{": _Reading.counted,
    "[": _Reading.bracket,
    "\\": _Reading.escape,
    ".": _Reading.any_but_newline,
    "^": _Reading.start,
    "$": _Reading.end,
    "]": _Reading.unopened,
    "}": _Reading.unopened,
}
