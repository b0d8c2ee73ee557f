"""YAML to nodes that know where they stand, with all that is refused whatever the key means.

The events of the parser are composed here and not by `yaml.compose`: the C loader's own composing ends
the process by stack overflow on deep nesting, and its nodes no longer tell explicit tags and aliases.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

import yaml

from gate.policy.events import events, position
from gate.policy.faults import Faults, Position, item_path, key_path, shown

MAX_DEPTH = 32
MAX_VALUES = 100_000
"""Values in a file, what an alias stands for counted each time: bounds aliases that explode."""


class Kind(Enum):
    """What YAML 1.1 reads a scalar as."""

    TEXT = "text"
    BOOLEAN = "a boolean"
    INTEGER = "a whole number"
    FLOAT = "a number"
    NULL = "null"
    DATE = "a date or time"
    MERGE = "a merge key"
    SPECIAL = "a special value"


_KINDS = {
    "tag:yaml.org,2002:str": Kind.TEXT,
    "tag:yaml.org,2002:bool": Kind.BOOLEAN,
    "tag:yaml.org,2002:int": Kind.INTEGER,
    "tag:yaml.org,2002:float": Kind.FLOAT,
    "tag:yaml.org,2002:null": Kind.NULL,
    "tag:yaml.org,2002:timestamp": Kind.DATE,
    "tag:yaml.org,2002:merge": Kind.MERGE,
}


@dataclass(frozen=True, slots=True)
class Scalar:
    """A single value: `text` as it is written, without quotes and with escapes resolved."""

    at: Position
    text: str
    kind: Kind
    size: int = 1


@dataclass(frozen=True, slots=True)
class Sequence:
    at: Position
    items: tuple[Node, ...]
    size: int


@dataclass(frozen=True, slots=True)
class Mapping:
    """The entries with a text key, each key once."""

    at: Position
    entries: tuple[tuple[Scalar, Node], ...]
    size: int


@dataclass(frozen=True, slots=True)
class Broken:
    """An alias that stands for nothing; the fault that says so is already noted."""

    at: Position
    size: int = 1


Node = Scalar | Sequence | Mapping | Broken


def compose(text: str, faults: Faults) -> Node | None:
    """The one document in `text`; None for a file that holds none.

    Notes in `faults`: explicit tags, keys that are not text or stand twice, merge keys, anchors given
    twice, aliases to nothing or to what they stand in. Raises `StopReading` on a syntax error, a second
    document, and beyond `MAX_DEPTH` or `MAX_VALUES`.
    """
    composer = _Composer(events(text, faults), faults)
    try:
        return composer.document()
    finally:
        composer.close()


class _Composer:
    def __init__(self, events: Iterator[Any], faults: Faults) -> None:
        self._events = events
        self._faults = faults
        self._resolver: Any = yaml.resolver.Resolver()
        self._anchors: dict[str, Node | None] = {}
        self._values = 0

    def close(self) -> None:
        """Free the parser at once."""
        close = getattr(self._events, "close", None)
        if close is not None:
            close()

    def document(self) -> Node | None:
        root: Node | None = None
        seen = 0
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                seen += 1
                if seen > 1:
                    at = position(event.start_mark)
                    self._faults.stop(at, "", "a second document starts here, a policy is one")
                root = self._node(next(self._events), "", 1)
        return root

    def _node(self, event: Any, path: str, depth: int) -> Node:
        at = position(event.start_mark)
        self._count(1, at, path)
        if isinstance(event, yaml.AliasEvent):
            return self._alias(str(event.anchor), at, path)
        if depth > MAX_DEPTH:
            self._faults.stop(at, path, f"nested more than {MAX_DEPTH} deep")
        if event.tag is not None:
            self._faults.add(
                at, path, f"the tag {_tag(event.tag)} is not allowed; remove it, or put the text in quotes"
            )
        if event.anchor is None:
            return self._content(event, at, path, depth)
        return self._anchored(event, at, path, depth)

    def _anchored(self, event: Any, at: Position, path: str, depth: int) -> Node:
        name = event.anchor
        if name in self._anchors:
            self._faults.add(at, path, f"the anchor &{shown(name)} is given twice")
        self._anchors[name] = None
        node = self._content(event, at, path, depth)
        self._anchors[name] = node
        return node

    def _content(self, event: Any, at: Position, path: str, depth: int) -> Node:
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(at, path, depth)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(at, path, depth)
        return Scalar(at, event.value, self._kind(event))

    def _alias(self, name: str, at: Position, path: str) -> Node:
        node = self._anchors.get(name)
        if node is None:
            open_still = "stands inside what it names"
            problem = open_still if name in self._anchors else "names no anchor; quote text with a * in front"
            self._faults.add(at, path, f"the alias *{shown(name)} {problem}")
            return Broken(at)
        self._count(node.size - 1, at, path)
        return replace(node, at=at)

    def _sequence(self, at: Position, path: str, depth: int) -> Sequence:
        items: list[Node] = []
        for event in self._until(yaml.SequenceEndEvent):
            items.append(self._node(event, item_path(path, len(items)), depth + 1))
        return Sequence(at, tuple(items), 1 + sum(item.size for item in items))

    def _mapping(self, at: Position, path: str, depth: int) -> Mapping:
        entries: dict[str, tuple[Scalar, Node]] = {}
        size = 1
        for event in self._until(yaml.MappingEndEvent):
            key = self._node(event, path, depth + 1)
            step = key_path(path, key.text) if isinstance(key, Scalar) and key.text else path
            wrong = _key_problem(key, entries)
            if wrong is not None:
                self._faults.add(key.at, step, wrong)
            value = self._node(next(self._events), step, depth + 1)
            size += key.size + value.size
            if wrong is None and isinstance(key, Scalar):
                entries[key.text] = (key, value)
        return Mapping(at, tuple(entries.values()), size)

    def _until(self, end: type[Any]) -> Iterator[Any]:
        while not isinstance(event := next(self._events), end):
            yield event

    def _kind(self, event: Any) -> Kind:
        plain = not event.style
        tag = self._resolver.resolve(yaml.ScalarNode, event.value, (plain, not plain))
        return _KINDS.get(tag, Kind.SPECIAL)

    def _count(self, values: int, at: Position, path: str) -> None:
        self._values += values
        if self._values > MAX_VALUES:
            self._faults.stop(at, path, f"more than {MAX_VALUES} values, what aliases stand for included")


def _key_problem(key: Node, entries: dict[str, tuple[Scalar, Node]]) -> str | None:
    if isinstance(key, Broken):
        return None
    if not isinstance(key, Scalar):
        found = "a list" if isinstance(key, Sequence) else "a mapping"
        return f"a key must be text, here it is {found}"
    if key.kind is Kind.MERGE:
        return "merge keys are not allowed; write the keys out"
    if key.kind is not Kind.TEXT:
        written = shown(key.text) or "nothing"
        return f"a key must be text, {written} is read as {key.kind.value}"
    if key.text in entries:
        return f"key given twice, first on line {entries[key.text][0].at.line}"
    return None


def _tag(tag: str) -> str:
    return shown(tag.replace("tag:yaml.org,2002:", "!!", 1))
