"""A pattern as a tree. Every node knows its `size`: how many states it takes, repetitions written out."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias


class Assertion(Enum):
    """A condition on a place between two characters."""

    START = "^"
    END = "$"
    BOUNDARY = r"\b"


@dataclass(frozen=True, slots=True)
class Literal:
    """Reads this one character."""

    character: str

    @property
    def size(self) -> int:
        return 1


@dataclass(frozen=True, slots=True)
class OneOf:
    """Reads one character out of a set.

    `source` is the set as Python's `re` writes it (`[a-z]`, `\\d`, `.`): it reads exactly one character.
    """

    source: str

    @property
    def size(self) -> int:
        return 1


@dataclass(frozen=True, slots=True)
class Place:
    """Reads nothing, holds only at certain places."""

    assertion: Assertion

    @property
    def size(self) -> int:
        return 1


@dataclass(frozen=True, slots=True)
class Sequence:
    """One part after the other."""

    parts: tuple[Node, ...]
    size: int

    @classmethod
    def of(cls, parts: list[Node]) -> Sequence:
        """An empty one still counts, so that repeating nothing is bounded too."""
        return cls(tuple(parts), max(1, sum(part.size for part in parts)))


@dataclass(frozen=True, slots=True)
class Choice:
    """Any one of the options."""

    options: tuple[Sequence, ...]
    size: int

    @classmethod
    def of(cls, options: list[Sequence]) -> Choice:
        return cls(tuple(options), 1 + sum(option.size for option in options))


@dataclass(frozen=True, slots=True)
class Repeat:
    """`body`, from `least` to `most` times. `most` None: without end."""

    body: Node
    least: int
    most: int | None
    size: int

    @classmethod
    def of(cls, body: Node, least: int, most: int | None) -> Repeat:
        if most is None:
            size = max(1, least) * body.size + 1
        else:
            size = max(1, least * body.size + (most - least) * (body.size + 1))
        return cls(body, least, most, size)


Reader: TypeAlias = Literal | OneOf
Node: TypeAlias = Reader | Place | Sequence | Choice | Repeat


@dataclass(frozen=True, slots=True)
class Syntax:
    """A whole pattern."""

    root: Sequence | Choice
    ignore_case: bool
