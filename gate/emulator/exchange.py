"""What came in and what goes out: one HTTP exchange, without the socket."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from urllib.parse import parse_qsl


class Headers(Mapping[str, str]):
    """Header fields by name, in any case. A field that came twice has both values, joined by a comma."""

    def __init__(self, pairs: Iterable[tuple[str, str]] = ()) -> None:
        self._names: dict[str, str] = {}
        self._values: dict[str, str] = {}
        for name, value in pairs:
            key = name.lower()
            self._names.setdefault(key, name)
            self._values[key] = f"{self._values[key]},{value}" if key in self._values else value

    def __getitem__(self, name: str) -> str:
        return self._values[name.lower()]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names.values())

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return f"Headers({list(self.items())!r})"


@dataclass(frozen=True, slots=True)
class Received:
    """A request as it came. `path` is as sent; `query` is decoded, the last value of a key wins."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Headers
    body: bytes = b""
    raw_query: str = ""

    @classmethod
    def of(cls, method: str, target: str, headers: Headers, body: bytes = b"") -> Received:
        """`target` is the request line's: path and query."""
        path, _, raw_query = target.partition("?")
        query = MappingProxyType(dict(parse_qsl(raw_query, keep_blank_values=True)))
        return cls(method, path, query, headers, body, raw_query)


@dataclass(frozen=True, slots=True)
class Response:
    status: int
    content_type: str
    body: bytes
    headers: tuple[tuple[str, str], ...] = field(default=())
