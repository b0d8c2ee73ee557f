"""What can come next, for many positions at once."""

from __future__ import annotations

from collections import Counter
from typing import Final

from gate.pattern.graph import Context, Graph

_FEW: Final = 8
"""A position with more that can follow it is not looked at for steps."""
_STEPS: Final = 16
"""So many steps at most."""


class Follow:
    """Answers from a table for each context; a table is made when it is first needed."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._tables: dict[Context, _Table] = {}

    def reached(self, alive: int, context: Context) -> int:
        """The positions that may read next once those of `alive` have read, and `MATCHED`.

        Those that the pattern can begin with are among them: a match may begin at any place.
        """
        table = self._tables.get(context)
        if table is None:
            table = self._tables[context] = _Table(self._graph.reach(context))
        return table.reached(alive)


class _Table:
    """Does in a few operations on whole numbers what a loop over the positions would do.

    A repetition that is written out has the same distances between its positions again and again: these are
    the steps. What they do not cover is looked up eight positions at a time, and kept.
    """

    def __init__(self, reach: list[int]) -> None:
        self._reach = reach
        self._steps, stepping = _steps(reach)
        self._rest = (1 << len(reach)) - 1 & ~stepping
        self._width = len(reach) // 8 + 1
        self._eights: list[dict[int, int]] = [{} for _ in range(self._width)]

    def reached(self, alive: int) -> int:
        found = self._reach[0]
        for distance, positions in self._steps:
            found |= (alive & positions) >> distance
        rest = alive & self._rest
        if rest:
            for index, eight in enumerate(rest.to_bytes(self._width, "little")):
                if eight:
                    known = self._eights[index].get(eight)
                    found |= self._learn(index, eight) if known is None else known
        return found

    def _learn(self, index: int, eight: int) -> int:
        found = 0
        for offset in _bits(eight):
            found |= self._reach[8 * index + offset]
        self._eights[index][eight] = found
        return found


def _steps(reach: list[int]) -> tuple[list[tuple[int, int]], int]:
    """The commonest distances down to a follower, each with the positions that have it.

    Only positions of which every follower lies at such a distance; all of these together come second.
    """
    distances = {
        number: [number - follower for follower in _bits(followers)]
        for number, followers in enumerate(reach)
        if followers.bit_count() <= _FEW
    }
    counted = Counter(distance for each in distances.values() for distance in each if distance >= 0)
    common = {distance for distance, _ in counted.most_common(_STEPS)}
    positions = dict.fromkeys(common, 0)
    stepping = 0
    for number, each in distances.items():
        if common.issuperset(each):
            stepping |= 1 << number
            for distance in each:
                positions[distance] |= 1 << number
    return [(distance, mask) for distance, mask in positions.items() if mask], stepping


def _bits(number: int) -> list[int]:
    return [index for index, digit in enumerate(reversed(f"{number:b}")) if digit == "1"]
