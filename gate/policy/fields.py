"""How the values of a policy are read: one function a kind of value, beside the shapes that hold them.

A function that reads takes a `Place` and gives the value, or notes a fault and raises `WrongValue`.
What each accepts, `policy-v1.schema.json` accepts too.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, TypeVar

from gate.policy.faults import shown
from gate.policy.nodes import Kind, Scalar, Sequence
from gate.policy.shapes import Field, Place, Reader, Table, listing, mapping, nearest
from gate.policy.text import code_point, is_blank, refused_character, unseen_character

if TYPE_CHECKING:
    from gate.pattern import Pattern

__all__ = [
    "Field",
    "Place",
    "Reader",
    "Table",
    "day",
    "exact_name",
    "flag",
    "globs",
    "listing",
    "mapping",
    "number",
    "one_of",
    "pattern",
    "reason",
    "text",
    "version",
    "version_range",
]

Value = TypeVar("Value")

_DAY = r"([0-9]{4})-([0-9]{2})-([0-9]{2})"
_DIGITS = r"[1-9][0-9]{0,8}|0"
_FLAGS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}

_RELEASE = r"[0-9]{1,9}(?:\.[0-9]{1,9})*"
_SUFFIX = r"(?:[-.]?(?:alpha|beta|rc|a|b)[-.]?[0-9]{0,9})?(?:[-.]?(?:post|r)[-.]?[0-9]{0,9})?"
_COMPARISON = (
    rf" *(?:(?:==|!=) *{_RELEASE}(?:\.\*|{_SUFFIX})|(?:<=|>=|<|>) *{_RELEASE}{_SUFFIX}"
    rf"|~= *[0-9]{{1,9}}(?:\.[0-9]{{1,9}})+{_SUFFIX}) *"
)
VERSION_RANGE = rf"{_COMPARISON}(?:,{_COMPARISON})*"
"""What of PEP 440 a policy may write, as a regular expression: no epochs, no local versions, no `===`."""

_BLANK = "blank, text is wanted"


def text(place: Place) -> str:
    """Text that says something; white space around it does not belong to it."""
    return _readable(place).strip()


def reason(blank: str) -> Reader:
    """Reads text as `text` does; `blank` is what to say where there is none yet."""

    def read_reason(place: Place) -> str:
        node = place.node
        if isinstance(node, Scalar) and (node.kind is Kind.NULL or is_blank(node.text)):
            place.wrong(blank)
        return text(place)

    return read_reason


def exact_name(what: str, wildcards: str) -> Reader:
    """Reads a name that is compared letter by letter. `what` names it in errors ("a risk")."""

    def read_name(place: Place) -> str:
        written = _written(place)
        if any(char in wildcards for char in written):
            place.wrong(f'"{shown(written)}": there are no wildcards, {what} is named exactly')
        if written != written.strip():
            place.wrong(f'"{shown(written)}" has white space around it; {what} is named exactly')
        unseen = unseen_character(written)
        if unseen is not None:
            place.wrong(
                f"the character {code_point(written[unseen])} cannot be seen; {what} is named exactly"
            )
        return written

    return read_name


def day(place: Place) -> date:
    """A day, `YYYY-MM-DD`, quoted or not."""
    node = place.node
    if not isinstance(node, Scalar) or node.kind not in (Kind.DATE, Kind.TEXT):
        place.is_not("a date (YYYY-MM-DD)")
    match = re.fullmatch(_DAY, node.text)
    if match is None:
        place.wrong(f'"{shown(node.text)}" is not a date; write YYYY-MM-DD, without a time of day')
    year, month, day_of_month = (int(group) for group in match.groups())
    try:
        return date(year, month, day_of_month)
    except ValueError:
        place.wrong(f"there is no day {node.text}")


def flag(place: Place) -> bool:
    """`true` or `false`; the other words that YAML 1.1 reads as a boolean are refused."""
    node = place.node
    if not isinstance(node, Scalar) or node.kind is not Kind.BOOLEAN or node.text not in _FLAGS:
        place.is_not("true or false")
    return _FLAGS[node.text]


def number(least: int, most: int) -> Reader:
    """Reads a whole number in plain decimal digits, `least` to `most`."""

    def read_number(place: Place) -> int:
        node = place.node
        if not isinstance(node, Scalar) or node.kind is not Kind.INTEGER:
            place.is_not("a whole number")
        if not re.fullmatch(_DIGITS, node.text) or not least <= int(node.text) <= most:
            place.wrong(f"{shown(node.text)} is not a whole number from {least} to {most}")
        return int(node.text)

    return read_number


def one_of(words: Mapping[str, Value]) -> Reader:
    """Reads one of `words` to what it stands for."""

    def read_word(place: Place) -> Value:
        written = _written(place)
        if written not in words:
            near = nearest(written, words)
            meant = f"; did you mean {near}?" if near else ""
            place.wrong(f'"{shown(written)}" is not one of {", ".join(words)}{meant}')
        return words[written]

    return read_word


def pattern(place: Place) -> Pattern:
    """A regular expression of `gate.pattern`."""
    from gate.pattern import Pattern, PatternError

    written = _readable(place)
    try:
        return Pattern.parse(written)
    except PatternError as error:
        place.wrong(f"not a pattern, at its character {error.at + 1}: {error.message}")


def version_range(place: Place) -> str:
    """A version specifier (PEP 440): comparisons with `, ` between them, all of which must hold."""
    written = _written(place)
    if not re.fullmatch(VERSION_RANGE, written):
        hint = f'; write "=={shown(written)}" for exactly this one' if written[:1].isdigit() else ""
        place.wrong(f'"{shown(written)}" is not a version specifier such as ">=1.30,<1.31"{hint}')
    return written


def globs(place: Place) -> tuple[str, ...]:
    """A glob (`*` and `?`), or a list of at least one."""
    read = exact_name("a cluster", wildcards="[]")
    if not isinstance(place.node, Sequence):
        return (read(place),)
    if not place.node.items:
        place.wrong("the list is empty: the rule would fit no cluster; leave the key out for all of them")
    return tuple(listing(read)(place))


def version(known: int) -> Reader:
    """Reads the version of the language: the plain number `known` and nothing else."""

    def read_version(place: Place) -> int:
        node = place.node
        if not isinstance(node, Scalar) or node.kind is not Kind.INTEGER:
            place.is_not(f"the plain number {known}")
        if node.text != str(known):
            place.wrong(f"version {shown(node.text)} is not known to this gate; it reads {known}")
        return known

    return read_version


def _written(place: Place) -> str:
    node = place.node
    if not isinstance(node, Scalar) or node.kind is not Kind.TEXT:
        place.is_not("text")
    if is_blank(node.text):
        place.wrong(_BLANK)
    return node.text


def _readable(place: Place) -> str:
    written = _written(place)
    refused = refused_character(written)
    if refused is not None:
        place.wrong(f"the character {code_point(written[refused])} is not allowed")
    return written
