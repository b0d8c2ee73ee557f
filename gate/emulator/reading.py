"""Strict reading of YAML: every key is known, has the right type, and is named with file and line if not."""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import yaml

from gate.errors import UsageError

T = TypeVar("T")
D = TypeVar("D")

_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_PART = r"\d+(?:\.\d+)?(?:ms|[smhd])"
_DURATION = re.compile(rf"(-?)({_PART})+")
_KINDS = {
    "str": "text",
    "int": "a number",
    "float": "a number",
    "bool": "true or false",
    "null": "nothing",
    "timestamp": "a date",
    "seq": "a list",
    "map": "a mapping",
}


@dataclass(frozen=True, slots=True)
class Value:
    """A YAML node that knows the file it stands in."""

    node: yaml.Node
    file: str

    @property
    def kind(self) -> str:
        """The last part of the YAML tag, such as `str` or `map`."""
        return str(self.node.tag).rpartition(":")[2]

    @property
    def scalar(self) -> str:
        return str(self.node.value)

    def wrong(self, message: str, hint: str = "correct the scenario") -> UsageError:
        """The error that says `message` of this place."""
        return UsageError(f"{self.file}:{self.node.start_mark.line + 1}: {message}", hint)

    def expected(self, what: str) -> UsageError:
        hint = "put it in quotes" if what == "text" and self.kind in ("int", "float", "bool") else ""
        found = _KINDS.get(self.kind, self.kind)
        return self.wrong(f"expected {what}, found {found}", hint or "correct the scenario")


class Fields:
    """The keys of one mapping. Asking for a key makes it known; `finish` refuses the rest."""

    def __init__(self, value: Value) -> None:
        """Raises `UsageError` where `value` is not a mapping or has a key twice."""
        if not isinstance(value.node, yaml.MappingNode):
            raise value.expected("a mapping")
        self.value = value
        self._values: dict[str, Value] = {}
        self._keys: dict[str, Value] = {}
        self._asked: list[str] = []
        for key_node, node in value.node.value:
            key = Value(key_node, value.file)
            name = _key(key)
            if name in self._keys:
                raise key.wrong(f'the key "{name}" stands here twice', "remove one of them")
            self._keys[name] = key
            self._values[name] = Value(node, value.file)

    def take(self, key: str, read: Callable[[Value], T]) -> T:
        """The value of a required key."""
        self._asked.append(key)
        if key not in self._values:
            raise self.value.wrong(f'the key "{key}" is missing', f'add "{key}"')
        return read(self._values[key])

    def get(self, key: str, read: Callable[[Value], T], default: D) -> T | D:
        """The value of `key`, or `default` where it is not there."""
        self._asked.append(key)
        return read(self._values[key]) if key in self._values else default

    def at(self, key: str) -> Value:
        """The place of `key`, or of the whole mapping where it is not there: for messages."""
        return self._values.get(key, self.value)

    def finish(self) -> None:
        """Raises `UsageError` for the first key that nobody asked for."""
        for name, key in self._keys.items():
            if name not in self._asked:
                near = difflib.get_close_matches(name, self._asked, n=1)
                known = ", ".join(self._asked)
                hint = f'did you mean "{near[0]}"?' if near else f"known here: {known}"
                raise key.wrong(f'unknown key "{name}"', hint)


def _key(value: Value) -> str:
    # As written: YAML 1.1 would take the key `on` for the word true.
    if not isinstance(value.node, yaml.ScalarNode):
        raise value.expected("a key")
    return value.scalar


def document(content: str, name: str) -> Value:
    """The only document in `content`. Raises `UsageError` where it is not one YAML document."""
    try:
        node = yaml.compose(content, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark is not None else 1
        raise UsageError(f"{name}:{line}: not YAML: {error.problem}", "correct the scenario") from error
    except yaml.YAMLError as error:
        raise UsageError(f"{name}:1: not YAML: {' '.join(str(error).split())}", "correct it") from error
    if node is None:
        raise UsageError(f"{name}:1: the scenario is empty", 'start with "version: 1"')
    return Value(node, name)


def section(build: Callable[[Fields], T]) -> Callable[[Value], T]:
    """Reads a mapping with `build` and refuses the keys that `build` did not ask for."""

    def read(value: Value) -> T:
        fields = Fields(value)
        built = build(fields)
        fields.finish()
        return built

    return read


def many(read: Callable[[Value], T]) -> Callable[[Value], tuple[T, ...]]:
    """Reads a list, each entry with `read`."""

    def read_all(value: Value) -> tuple[T, ...]:
        if not isinstance(value.node, yaml.SequenceNode):
            raise value.expected("a list")
        return tuple(read(Value(node, value.file)) for node in value.node.value)

    return read_all


def maybe(read: Callable[[Value], T]) -> Callable[[Value], T | None]:
    """Reads with `read`, or None where `null` is written."""
    return lambda value: None if value.kind == "null" else read(value)


def text(value: Value) -> str:
    if value.kind != "str":
        raise value.expected("text")
    return value.scalar


def flag(value: Value) -> bool:
    if value.kind != "bool":
        raise value.expected("true or false")
    return value.scalar.lower() in ("true", "yes", "on")


def whole(value: Value) -> int:
    """A whole number, zero or more."""
    if value.kind != "int" or not value.scalar.isdecimal():
        raise value.expected("a whole number, zero or more")
    return int(value.scalar)


def one_of(*words: str) -> Callable[[Value], str]:
    """Reads one of `words`."""

    def read(value: Value) -> str:
        word = text(value)
        if word not in words:
            raise value.wrong(f'unknown word "{word}"', f"one of {', '.join(words)}")
        return word

    return read


def signed_duration(value: Value) -> float:
    """Seconds, written as a number or like `1h30m`, `200ms`, `-5m`."""
    if value.kind in ("int", "float"):
        try:
            seconds = float(value.scalar)
        except ValueError:
            seconds = math.nan
        if not math.isfinite(seconds):
            raise value.expected("a duration")
        return seconds
    written = text(value)
    if _DURATION.fullmatch(written) is None:
        raise value.wrong(f'"{written}" is not a duration', "write it like 90s, 15m, 1h30m, 200ms")
    total = 0.0
    for part in re.findall(_PART, written):
        unit = part.lstrip("0123456789.")
        total += float(part.removesuffix(unit)) * _UNITS[unit]
    return -total if written.startswith("-") else total


def duration(value: Value) -> float:
    """Like `signed_duration`, zero or more."""
    seconds = signed_duration(value)
    if seconds < 0:
        raise value.wrong("a duration here cannot be negative")
    return seconds
