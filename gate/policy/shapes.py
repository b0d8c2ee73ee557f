"""How mappings and lists of a file are read, by tables of fields."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, NoReturn

from gate.policy.faults import Faults, WrongValue, item_path, key_path, shown
from gate.policy.nodes import Broken, Kind, Node, Scalar, Sequence
from gate.policy.nodes import Mapping as MappingNode


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


def mapping(place: Place, table: Table, left_out: Mapping[str, str] = MappingProxyType({})) -> dict[str, Any]:
    """The values of a mapping by key, each read as `table` says. Raises `WrongValue`, after all are read.

    `left_out` are keys (in lower case) that people look for and that are not there on purpose, each with why.
    """
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
            why = left_out.get(key.text.lower())
            near = nearest(key.text, table) if why is None else None
            missing.discard(near or "")
            place.faults.add(key.at, path, f"unknown key{_meant(near, table) if why is None else f'; {why}'}")
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


def nearest(word: str, known: Collection[str]) -> str | None:
    """The known word that was probably meant; None: none comes close."""
    from difflib import get_close_matches

    return next(iter(get_close_matches(word.lower(), known, n=1)), None)


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


def _meant(near: str | None, known: Collection[str]) -> str:
    return f"; known here: {', '.join(known)}" if near is None else f", did you mean {near}?"
