"""The bytes of a policy file as text that a reader of a review sees as the gate does."""

from __future__ import annotations

import re
from functools import cache

from gate.policy.faults import START, Faults, Position

MAX_BYTES = 1024 * 1024

_UTF8_MARK = b"\xef\xbb\xbf"
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")

_NOT_YAML = r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff"
# YAML 1.1 starts a new line at these, an editor or a review page does not: a rule could hide in a comment.
_HIDDEN_BREAKS = r"\x85\u2028\u2029"
# These turn around what is shown (or show nothing), so that a reviewer approves something else.
_MISLEADING = r"\u202a-\u202e\u2066-\u2069\ufeff"
_UNSEEN = (
    r"\x00-\x20\x7f-\xa0\xad\u034f\u061c\u115f\u1160\u1680\u17b4\u17b5\u180b-\u180f\u2000-\u200f\u2028-\u202f"
    r"\u205f-\u206f\u2800\u3000\u3164\ud800-\uf8ff\ufdd0-\ufdef\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff"
    r"\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U0010ffff"
)
"""White space, control and format characters, fillers, private use: nobody sees them, or not the same.

Written out, so that it does not change with the Unicode tables of a release of Python.
"""


@cache
def _seen() -> re.Pattern[str]:
    return re.compile(rf"[^{_UNSEEN}]")


@cache
def _not_in_a_name() -> re.Pattern[str]:
    return re.compile(rf"(?! )[{_UNSEEN}]")


@cache
def _refused() -> re.Pattern[str]:
    return re.compile(rf"[{_NOT_YAML}{_HIDDEN_BREAKS}{_MISLEADING}]|\r(?!\n)")


def decode(data: bytes, faults: Faults) -> str:
    """The text of a file, without a byte order mark.

    Raises `StopReading` with a fault where the file is too large, is not UTF-8 or holds characters
    that YAML refuses or that would mislead who reads the file.
    """
    if len(data) > MAX_BYTES:
        faults.stop(START, "", f"larger than {MAX_BYTES // 1024} KiB, no policy needs that")
    if data.startswith(_UTF16_MARKS):
        faults.stop(START, "", "is UTF-16 (or UTF-32); save it as UTF-8")
    data = data.removeprefix(_UTF8_MARK)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        at = _end_of(data[: error.start].decode("utf-8"))
        faults.stop(at, "", f"not UTF-8: byte 0x{data[error.start]:02x}")
    refused = refused_character(text)
    if refused is not None:
        hint = "; is it UTF-16? save it as UTF-8" if text[refused] == "\0" else "; remove it"
        at = _end_of(text[:refused])
        faults.stop(at, "", f"the character {code_point(text[refused])} is not allowed in a policy{hint}")
    return text


def refused_character(text: str) -> int | None:
    """Where the first character stands that no policy may hold; None: all are fine."""
    if _is_plain(text.replace("\r\n", "\n").replace("\n", "").replace("\t", "")):
        return None
    match = _refused().search(text)
    return None if match is None else match.start()


def is_blank(text: str) -> bool:
    """Whether `text` shows nothing."""
    return not text.strip(" ") if _is_plain(text) else _seen().search(text) is None


def unseen_character(text: str) -> int | None:
    """Where the first character stands, other than a space, that is not seen; None: all are."""
    match = None if _is_plain(text) else _not_in_a_name().search(text)
    return None if match is None else match.start()


def _is_plain(text: str) -> bool:
    """Whether `text` is visible ASCII and spaces, told without the patterns: they are costly to make."""
    return text.isascii() and text.isprintable()


def code_point(char: str) -> str:
    """`U+202E`, the way a character that is not seen is named."""
    return f"U+{ord(char):04X}"


def _end_of(text: str) -> Position:
    start_of_line = text.rfind("\n") + 1
    return Position(text.count("\n") + 1, len(text) - start_of_line + 1)
