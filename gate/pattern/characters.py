"""What reads one character: escapes and brackets."""

from __future__ import annotations

import string

from gate.pattern.refusal import PatternError
from gate.pattern.tree import Literal, OneOf, Reader

_SETS = frozenset("dwsDWS")
_CONTROLS = {"n": "\n", "t": "\t", "r": "\r"}
_HEX_WIDTH = {"x": 2, "u": 4}
_ITSELF = frozenset(string.punctuation + " ")
_REFUSED = {
    **dict.fromkeys("123456789", "backreferences are not supported"),
    "0": r"octal escapes are not supported: write \x00",
    "b": r"\b has no place inside a bracket",
    "B": r"\B is not supported",
    "A": r"\A is not supported: write ^",
    "Z": r"\Z is not supported: write $",
    "z": r"\z is not supported: write $",
    "k": "named groups are not supported",
    "p": r"\p is not supported",
    "P": r"\P is not supported",
}
_DOUBLED = frozenset("-&~|")
"""Set operators to be: `re` warns of them when they are doubled inside a bracket."""
_ESCAPE_IT = "escape it inside a bracket: \\{}"


def read_escape(text: str, at: int) -> tuple[Reader, int]:
    """What the escape at `at` reads, and the index after it. Raises `PatternError`."""
    letter = text[at + 1 : at + 2]
    if not letter:
        raise PatternError("nothing follows the backslash", at)
    if letter in _SETS:
        return OneOf("\\" + letter), at + 2
    if letter in _CONTROLS:
        return Literal(_CONTROLS[letter]), at + 2
    if letter in _HEX_WIDTH:
        return _read_hex(text, at, _HEX_WIDTH[letter])
    if letter in _ITSELF:
        return Literal(letter), at + 2
    raise PatternError(_REFUSED.get(letter, f"unknown escape: a backslash before {letter!r}"), at)


def _read_hex(text: str, at: int, width: int) -> tuple[Literal, int]:
    end = at + 2 + width
    digits = text[at + 2 : end]
    if len(digits) < width or not set(digits) <= set(string.hexdigits):
        raise PatternError(f"{text[at : at + 2]} needs {width} hexadecimal digits", at)
    character = chr(int(digits, 16))
    if "\ud800" <= character <= "\udfff":
        raise PatternError("half of a surrogate pair is not a character: write the character itself", at)
    return Literal(character), end


def read_bracket(text: str, at: int) -> tuple[OneOf, int]:
    """What the bracket that opens at `at` reads, and the index after it. Raises `PatternError`."""
    here = at + 1
    if text.startswith("^", here):
        here += 1
    if text.startswith("]", here):
        raise PatternError(r"the bracket is empty: write \] for the character ]", at)
    while not text.startswith("]", here):
        here = _read_member(text, here, at)
    return OneOf(text[at : here + 1]), here + 1


def _read_member(text: str, at: int, opened: int) -> int:
    """The index after the character, set or range at `at`."""
    low, here = _read_bound(text, at, opened)
    if not text.startswith("-", here) or text.startswith("-]", here):
        return here
    if text.startswith("--", here):
        raise PatternError(_ESCAPE_IT.format("-"), here)
    high, here = _read_bound(text, here + 1, opened)
    if not (isinstance(low, Literal) and isinstance(high, Literal)):
        raise PatternError("a range needs a character at both ends", at)
    if high.character < low.character:
        raise PatternError("the range runs backwards", at)
    return here


def _read_bound(text: str, at: int, opened: int) -> tuple[Reader, int]:
    character = text[at : at + 1]
    if not character:
        raise PatternError("the bracket is never closed", opened)
    if character == "\\":
        return read_escape(text, at)
    if character == "[" or (character in _DOUBLED and text.startswith(character, at + 1)):
        raise PatternError(_ESCAPE_IT.format(character), at)
    return Literal(character), at + 1
