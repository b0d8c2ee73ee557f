"""Reading request bodies as strictly as their pages document them."""

from __future__ import annotations

import json
from dataclasses import dataclass


class InvalidRequest(Exception):
    """The request is not what the page asks for; the text says in what way."""


def mapping(value: object, what: str) -> dict[str, object]:
    if not isinstance(value, dict):
        raise InvalidRequest(f"{what} must be an object")
    return value


def json_object(body: bytes) -> dict[str, object]:
    try:
        content = json.loads(body)
    except ValueError:
        raise InvalidRequest("the body is not JSON") from None
    return mapping(content, "the body")


@dataclass(frozen=True, slots=True)
class Part:
    """An object of a body that knows where it stands. Every reader raises `InvalidRequest`."""

    content: dict[str, object]
    path: str = ""

    @classmethod
    def of(cls, body: bytes) -> Part:
        return cls(json_object(body))

    def _at(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key

    def part(self, key: str) -> Part:
        return Part(mapping(self.content.get(key), self._at(key)), self._at(key))

    def maybe_part(self, key: str) -> Part | None:
        return None if self.content.get(key) is None else self.part(key)

    def text(self, key: str) -> str:
        value = self.content.get(key)
        if not isinstance(value, str) or not value:
            raise InvalidRequest(f"{self._at(key)} is missing or not text")
        return value

    def maybe_text(self, key: str) -> str | None:
        return None if self.content.get(key) is None else self.text(key)

    def seconds(self, key: str, default: int, longest: int) -> int:
        """A whole number from 900 to `longest`, `default` where it is not there."""
        value = self.content.get(key, default)
        if not isinstance(value, int) or not 900 <= value <= longest:
            raise InvalidRequest(f"{self._at(key)} must be a whole number from 900 to {longest}")
        return value

    def method(self, only: str) -> None:
        """Refuses `methods` that are not just `only`."""
        if self.content.get("methods") != [only]:
            raise InvalidRequest(f'{self._at("methods")} must be ["{only}"]')
