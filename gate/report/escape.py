"""Foreign text made harmless: for one line of a terminal, and for the log readers of CI systems.

GitHub's runner reads `::` at the start of a line (it trims white space first) and `##[` anywhere in it;
Azure's agent reads `##vso[` anywhere. Both compare by the rules of a culture, which skip characters that
take no room: `#<soft hyphen>#[` is a command too. So such characters count as nothing here as well.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

_CONTROLS = r"\x00-\x1f\x7f-\x9f"
_SEPARATORS = r"\u2028\u2029"
_SURROGATES = r"\ud800-\udfff"
_UNSEEN = (
    r"\xad\u034f\u061c\u070f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    r"\u3164\ufdd0-\ufdef\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff"
    r"\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
"""Bidi controls, joiners, selectors, fillers, tags, noncharacters: change or hide text and show nothing."""

_PICTURE = (
    r"\xa9\xae\u203c\u2049\u2122\u2139\u2190-\u21ff\u2300-\u23ff\u24c2\u25a0-\u27bf\u2934\u2935"
    r"\u2b00-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff"
)
_EMOJI = rf"[{_PICTURE}][\U0001f3fb-\U0001f3ff]?[\ufe0e\ufe0f]?"
_VISIBLE_SEQUENCES = (
    rf"{_EMOJI}(?:\u200d{_EMOJI})*"
    r"|[#*0-9]\ufe0f?\u20e3"
    r"|[\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af][\ufe00-\ufe02\U000e0100-\U000e01ef]"
)
"""Where a joiner or a selector does its proper work: emoji, key caps, variants of ideographs."""


@cache
def _unsafe() -> re.Pattern[str]:
    return re.compile(rf"(?:{_VISIBLE_SEQUENCES})|([{_CONTROLS}{_SEPARATORS}{_SURROGATES}{_UNSEEN}])")


_SKIPPED = rf"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f{_UNSEEN}\u20dd-\u20e4]*"


@cache
def _command_anywhere() -> re.Pattern[str]:
    return re.compile(rf"#(?={_SKIPPED}#{_SKIPPED}(?:\[|v{_SKIPPED}s{_SKIPPED}o{_SKIPPED}\[))", re.IGNORECASE)


@cache
def _line_start() -> re.Pattern[str]:
    """Always matches at the start of a line, so that a long run of breaks is walked once."""
    return re.compile(
        rf"((?:\A|[\n-\r\x1c-\x1e\x85\u2028\u2029])(?:\s|{_SKIPPED[:-1]})*)(?:(:{_SKIPPED})(?=:))?"
    )


_SHORT = {"\n": r"\n", "\r": r"\r", "\t": r"\t"}


def replace_unsafe(text: str, how: Callable[[str], str]) -> str:
    """`text` with each character that `printable` would escape replaced by `how(character)`."""
    if _is_plain(text):
        return text
    return _unsafe().sub(lambda found: how(found[1]) if found[1] else found[0], text)


def visible(character: str) -> str:
    r"""The escape for one character, as Python and YAML write it: `\n`, `\x1b`, `\u202e`, `\U000e0001`."""
    code = ord(character)
    if character in _SHORT:
        return _SHORT[character]
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def printable(text: str) -> str:
    r"""`text` made safe for one line or cell; it can always be encoded in UTF-8.

    Control characters (newline and tab too), bidi controls, line and paragraph separators, characters
    without width and lone surrogates become visible escapes. A joiner or selector stays where it makes
    an emoji or a variant of an ideograph. A backslash stays as it is: this is for reading; the JSON
    report has the exact text.
    """
    return replace_unsafe(text, visible)


def replace_commands(text: str, sharp: str) -> str:
    """`text` with the first `#` of every `##[` and `##vso[` replaced by `sharp`."""
    return _command_anywhere().sub(lambda _: sharp, text) if "#" in text else text


def break_commands(text: str) -> str:
    """`text` without `##[` and `##vso[`: a space is put after the first `#`."""
    return replace_commands(text, "# ")


def guard(text: str) -> str:
    """A whole text, as the last step: nothing in it is a command to a CI system.

    A space breaks `::` at the start of a line (after white space), and `##[` and `##vso[` anywhere.
    Whatever any runner may take for a line break counts as one.
    """
    if "::" in text or not _is_plain(text.replace("\n", "")):
        text = _line_start().sub(lambda at: f"{at[1]}{at[2]} " if at[2] else at[1], text)
    return break_commands(text)


def _is_plain(text: str) -> bool:
    """Whether there is nothing to escape, told without the patterns: they are costly to make."""
    return text.isascii() and text.isprintable()
