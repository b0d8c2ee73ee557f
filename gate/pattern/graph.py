"""The tree as a graph of states.

A state that reads a character is a position; the rest are places to pass through without reading.
A set of positions is an integer, one bit each; the bit `MATCHED` stands for the end of the pattern.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Final, NamedTuple, assert_never

from gate.pattern.tree import Assertion, Choice, Literal, Node, OneOf, Place, Reader, Repeat, Sequence

MATCHED: Final = 1


class Beside(IntEnum):
    """What stands next to a place in the text."""

    EDGE = 0
    """Nothing: the text begins or ends here."""
    WORD = 1
    OTHER = 2


class Context(NamedTuple):
    """What stands before and after a place."""

    before: Beside
    after: Beside

    def holds(self, assertion: Assertion) -> bool:
        match assertion:
            case Assertion.START:
                return self.before is Beside.EDGE
            case Assertion.END:
                return self.after is Beside.EDGE
            case Assertion.BOUNDARY:
                return (self.before is Beside.WORD) != (self.after is Beside.WORD)
            case _:
                assert_never(assertion)


@dataclass(frozen=True, slots=True)
class _State:
    bit: int = 0
    assertion: Assertion | None = None
    onward: tuple[int, ...] = ()
    """The states that are reached from here without reading."""


class Graph:
    """`readers[i]` is what the position with bit number `i + 1` reads."""

    def __init__(self, root: Node) -> None:
        self.readers: list[Reader] = []
        self._after: list[int] = []
        self._states = [_State(bit=MATCHED)]
        self._first = self._build(root, 0)

    @property
    def has_boundary(self) -> bool:
        return any(state.assertion is Assertion.BOUNDARY for state in self._states)

    def reach(self, context: Context) -> list[int]:
        """What can be read next at such a place, as a set of positions (and `MATCHED`).

        Entry 0 is what the pattern can begin with. Entry `i` is what can come once the position with bit
        number `i` has read its character.
        """
        known: list[int] = []
        # Only a loop leads to a state with a higher number, so most of the way is known already.
        for number in range(len(self._states)):
            known.append(self._reach_from(number, context, known))
        return [known[self._first], *(known[after] for after in self._after)]

    def _reach_from(self, start: int, context: Context, known: list[int]) -> int:
        found = 0
        seen = {start}
        pending = [start]
        while pending:
            number = pending.pop()
            if number < len(known):
                found |= known[number]
                continue
            state = self._states[number]
            found |= state.bit
            if state.assertion is None or context.holds(state.assertion):
                fresh = [onward for onward in state.onward if onward not in seen]
                seen.update(fresh)
                pending.extend(fresh)
        return found

    def _new(self, state: _State) -> int:
        self._states.append(state)
        return len(self._states) - 1

    def _build(self, node: Node, onward: int) -> int:
        """The state that begins `node` and goes on to `onward`. As deep as the nesting, which is bounded."""
        match node:
            case Literal() | OneOf():
                self.readers.append(node)
                self._after.append(onward)
                return self._new(_State(bit=MATCHED << len(self.readers)))
            case Place():
                return self._new(_State(assertion=node.assertion, onward=(onward,)))
            case Sequence():
                for part in reversed(node.parts):
                    onward = self._build(part, onward)
                return onward
            case Choice():
                return self._new(_State(onward=tuple([self._build(each, onward) for each in node.options])))
            case Repeat():
                return self._build_repeat(node, onward)
            case _:
                assert_never(node)

    def _build_repeat(self, node: Repeat, onward: int) -> int:
        required = node.least
        if node.most is None:
            again = self._new(_State())
            begin = self._build(node.body, again)
            self._states[again] = _State(onward=(begin, onward))
            entry = begin if required else again
            required = max(0, required - 1)
        else:
            entry = onward
            for _ in range(node.most - node.least):
                entry = self._new(_State(onward=(self._build(node.body, entry), onward)))
        for _ in range(required):
            entry = self._build(node.body, entry)
        return entry
