"""How the values of a policy are read: one function a kind of value, and tables of fields over them.

A function that reads takes a `Place` and gives the value, or notes a fault and raises `WrongValue`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any, NoReturn

from gate.policy.faults import Faults, WrongValue, item_path, key_path, shown
from gate.policy.nodes import Broken, Kind, Node, Scalar, Sequence
from gate.policy.nodes import Mapping as MappingNode
from gate.policy.text import code_point, refused_character

_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")


@dataclass(frozen=True, slots=True)
class Place:
    """A node, the key path to it, and the list that faults go to."""

    node: Node
    path: str
    faults: Faults

    def wrong(self, message: str) -> NoReturn:
        """Note that this value is wrong. Raises `WrongValue`."""
        self.faults.add(self.node.at, self.path, message)
        raise WrongValue

    def is_not(self, wanted: str) -> NoReturn:
        """Note what was found where `wanted` is wanted. Raises `WrongValue`."""
        if isinstance(self.node, Broken):
            raise WrongValue
        self.wrong(f"{_found(self.node)}, {wanted} is wanted{_remedy(self.node, wanted)}")


Reader = Callable[[Place], Any]


@dataclass(frozen=True, slots=True)
class Field:
    """How the value of a key is read, and whether the key must be there."""

    read: Reader
    required: bool = False


Table = Mapping[str, Field]


def mapping(place: Place, table: Table) -> dict[str, Any]:
    """The values of a mapping by key, each read as `table` says. Raises `WrongValue`, after all are read."""
    node = place.node
    if not isinstance(node, MappingNode):
        place.is_not("a mapping")
    values: dict[str, Any] = {}
    missing = {key for key, field in table.items() if field.required}
    for key, value in node.entries:
        path = key_path(place.path, key.text)
        if key.text in table:
            missing.discard(key.text)
            with suppress(WrongValue):
                values[key.text] = table[key.text].read(Place(value, path, place.faults))
        else:
            nearest = _nearest(key.text, table)
            missing.discard(nearest or "")
            place.faults.add(key.at, path, _unknown_key(nearest, table))
    for name in (name for name in table if name in missing):
        place.faults.add(node.at, key_path(place.path, name), "required, but missing")
    if missing or len(values) < len(node.entries):
        raise WrongValue
    return values


def listing(read: Reader) -> Reader:
    """Reads a list, each entry with `read`, to a tuple."""

    def read_list(place: Place) -> tuple[Any, ...]:
        node = place.node
        if not isinstance(node, Sequence):
            place.is_not("a list")
        entries: list[Any] = []
        for index, item in enumerate(node.items):
            with suppress(WrongValue):
                entries.append(read(Place(item, item_path(place.path, index), place.faults)))
        if len(entries) < len(node.items):
            raise WrongValue
        return tuple(entries)

    return read_list


def text(place: Place) -> str:
    """Text that says something; white space around it does not belong to it."""
    written = _written(place)
    refused = refused_character(written)
    if refused is not None:
        place.wrong(f"the character {code_point(written[refused])} is not allowed")
    return written.strip()


def exact_name(what: str, wildcards: str) -> Reader:
    """Reads a name that is compared letter by letter. `what` names it in errors ("a risk")."""

    def read_name(place: Place) -> str:
        written = _written(place)
        if any(char in wildcards for char in written):
            place.wrong(f'"{shown(written)}": there are no wildcards, {what} is named exactly')
        if written != written.strip():
            place.wrong(f'"{shown(written)}" has white space around it; {what} is named exactly')
        if not written.isprintable():
            hidden = next(char for char in written if not char.isprintable())
            place.wrong(f"the character {code_point(hidden)} cannot be seen; {what} is named exactly")
        return written

    return read_name


def day(place: Place) -> date:
    """A day, `YYYY-MM-DD`, quoted or not."""
    node = place.node
    if not isinstance(node, Scalar) or node.kind not in (Kind.DATE, Kind.TEXT):
        place.is_not("a date (YYYY-MM-DD)")
    match = _DAY.fullmatch(node.text)
    if match is None:
        place.wrong(f'"{shown(node.text)}" is not a date; write YYYY-MM-DD, without a time of day')
    year, month, day_of_month = (int(group) for group in match.groups())
    try:
        return date(year, month, day_of_month)
    except ValueError:
        place.wrong(f"there is no day {node.text}")


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
    if not any(char.isprintable() and not char.isspace() for char in node.text):
        place.wrong("blank, text is wanted")
    return node.text


def _found(node: Scalar | Sequence | MappingNode) -> str:
    if isinstance(node, Sequence):
        return "a list stands here"
    if isinstance(node, MappingNode):
        return "a mapping stands here"
    if node.kind is Kind.TEXT:
        return f'"{shown(node.text)}" is text'
    if not node.text:
        return "nothing stands here"
    return f"{shown(node.text)} is read as {node.kind.value}"


def _remedy(node: Node, wanted: str) -> str:
    quotes_help = wanted == "text" and isinstance(node, Scalar) and node.text
    return "; put it in quotes" if quotes_help else ""


def _unknown_key(nearest: str | None, known: Collection[str]) -> str:
    if nearest is not None:
        return f"unknown key, did you mean {nearest}?"
    return f"unknown key; known here: {', '.join(known)}"


def _nearest(key: str, known: Collection[str]) -> str | None:
    from difflib import get_close_matches

    return next(iter(get_close_matches(key.lower(), known, n=1)), None)
