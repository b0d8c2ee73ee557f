"""A report's JSON, read so strictly that nothing missing or odd becomes a default."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import Enum
from typing import NoReturn, TypeVar

from gate.api.parse import parse_timestamp
from gate.model import Instant, Unknown
from gate.report.sealed import NotEvidence

_Word = TypeVar("_Word", bound=Enum)
_END = Instant(100_000_000_000 * 1_000_000_000)
_HINT = "take the report as --report json wrote it; if it is gone, make a new one with cce-gate check"


class Node:
    """One object of the report; `where` is the path to it.

    Every reading method raises `NotEvidence` where the value is missing or not of the type.
    """

    def __init__(self, value: Mapping[str, object], where: str = "") -> None:
        self.value = value
        self.where = where

    def wrong(self, key: str) -> NoReturn:
        place = f"{self.where}.{key}" if self.where else key
        raise NotEvidence(f"{place} is missing or not what it should be", _HINT)

    def text(self, key: str) -> str:
        value = self.value.get(key)
        return value if isinstance(value, str) else self.wrong(key)

    def text_or_none(self, key: str) -> str | None:
        """A text or `null`; the key has to be there."""
        if key not in self.value:
            self.wrong(key)
        return None if self.value[key] is None else self.text(key)

    def text_if_there(self, key: str) -> str | None:
        """A text, or None where there is no such key; `null` is neither."""
        return self.text(key) if key in self.value else None

    def number(self, key: str) -> int:
        value = self.value.get(key)
        return value if type(value) is int else self.wrong(key)

    def word(self, words: type[_Word], key: str) -> _Word:
        try:
            return words(self.text(key))
        except ValueError:
            self.wrong(key)

    def moment(self, key: str) -> Instant:
        """A moment since 1970; one so late that the calendar may end in reckoning with it is none."""
        found = parse_timestamp(self.text(key))
        if isinstance(found, Unknown) or not Instant(0) <= found < _END:
            self.wrong(key)
        return Instant(found.nanoseconds)

    def day_or_none(self, key: str) -> date | None:
        text = self.text_or_none(key)
        if text is None:
            return None
        try:
            day = date.fromisoformat(text)
        except ValueError:
            self.wrong(key)
        return day if day.isoformat() == text else self.wrong(key)

    def texts(self, key: str) -> tuple[str, ...]:
        return tuple(item if isinstance(item, str) else self.wrong(key) for item in self._list(key))

    def node(self, key: str) -> Node:
        value = self.value.get(key)
        return Node(value, self._path(key)) if isinstance(value, dict) else self.wrong(key)

    def node_or_none(self, key: str) -> Node | None:
        """An object or `null`; the key has to be there."""
        if key not in self.value:
            self.wrong(key)
        return None if self.value[key] is None else self.node(key)

    def nodes(self, key: str) -> tuple[Node, ...]:
        return tuple(
            Node(item, f"{self._path(key)}[{index}]") if isinstance(item, dict) else self.wrong(key)
            for index, item in enumerate(self._list(key))
        )

    def _list(self, key: str) -> list[object]:
        value = self.value.get(key)
        return value if isinstance(value, list) else self.wrong(key)

    def _path(self, key: str) -> str:
        return f"{self.where}.{key}" if self.where else key
