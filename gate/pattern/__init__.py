"""Regular expressions that are searched in linear time: no text can make a search hang.

The syntax is the core that Python and ECMAScript share: literals, `.`, `[...]`, `\\d \\w \\s \\D \\W \\S`,
`\\b`, `\\n \\t \\r \\xHH \\uHHHH`, escaped punctuation, `(...)`, `(?:...)`, `|`, `* + ? {m} {m,} {m,n}` and
their lazy forms, `^`, `$`, and `(?i)` at the very start. Everything else is refused, and so is what reads
differently in the two languages or is only tolerated there, such as a `{` that repeats nothing.

What is accepted means what it means in Python's `re`, with one difference: `$` is the end of the text,
as in ECMAScript, and not also the place before a last newline. As in Python, and not in ECMAScript,
`\\d \\w \\s \\b` know all of Unicode and `.` leaves out the newline only.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gate.pattern.refusal import PatternError

if TYPE_CHECKING:
    from gate.pattern.machine import Machine

__all__ = ["Pattern", "PatternError"]


@dataclass(frozen=True, slots=True)
class Pattern:
    """A regular expression, made by `Pattern.parse`. Equal where the text is equal."""

    text: str
    _machine: Machine = field(repr=False, compare=False)

    @classmethod
    def parse(cls, text: str) -> Pattern:
        """The pattern that `text` writes. Raises `PatternError` where it is refused."""
        from gate.pattern.machine import Machine
        from gate.pattern.syntax import parse

        return cls(text, Machine(parse(text)))

    def search(self, text: str) -> bool:
        """Whether the pattern matches anywhere in `text`.

        Takes time in proportion to the length of `text` times the size of the pattern, at worst.
        """
        return self._machine.search(text)

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return Pattern.parse, (self.text,)
