"""Searches a text for a pattern, reading each character once.

The set of positions that are alive at a place in the text, with what stands before the place, is a moment.
Where a moment goes with a character is worked out when it first happens, and remembered.
"""

from __future__ import annotations

import re
from typing import Final

from gate.pattern.follow import Follow
from gate.pattern.graph import MATCHED, Beside, Context, Graph
from gate.pattern.tree import Literal, Sequence, Syntax

REMEMBERED: Final = 10_000
"""Steps; when that many are remembered, all are forgotten. Bounds the memory, whatever the text."""


class Machine:
    """A pattern that is ready to be searched for. The work is put off until the first search."""

    def __init__(self, syntax: Syntax) -> None:
        self._syntax = syntax
        self._literal = _literal(syntax)
        self._search: _Search | None = None

    def search(self, text: str) -> bool:
        """Whether the pattern matches anywhere in `text`."""
        if self._literal is not None:
            return self._literal in text
        if self._search is None:
            self._search = _Search(self._syntax)
        return self._search.run(text)


def _literal(syntax: Syntax) -> str | None:
    """The text that the pattern stands for, where it stands for one text only."""
    root = syntax.root
    if syntax.ignore_case or not isinstance(root, Sequence):
        return None
    characters = [part.character for part in root.parts if isinstance(part, Literal)]
    return "".join(characters) if len(characters) == len(root.parts) else None


class _Moment(dict[str, "_Moment"]):
    """The moments that follow this one, by character. `alive`: positions that have just read one."""

    __slots__ = ("alive", "before", "search")

    def __init__(self, search: _Search, alive: int, before: Beside) -> None:
        super().__init__()
        self.search = search
        self.alive = alive
        self.before = before

    def __missing__(self, character: str) -> _Moment:
        return self.search.step(self, character)


class _Search:
    def __init__(self, syntax: Syntax) -> None:
        graph = Graph(syntax.root)
        self._follow = Follow(graph)
        self._minds_words = graph.has_boundary
        self._literals: dict[str, int] = {}
        self._sets: list[tuple[re.Pattern[str], int]] = []
        self._sort_readers(graph, syntax.ignore_case)
        self._start = _Moment(self, 0, Beside.EDGE)
        self._matched = _Moment(self, 0, Beside.EDGE)
        self._moments: dict[tuple[int, Beside], _Moment] = {}
        self._readers_of: dict[str, int] = {}
        self._remembered = 0

    def run(self, text: str) -> bool:
        moment = self._start
        matched = self._matched
        for character in text:
            moment = moment[character]
            if moment is matched:
                return True
        return bool(self._follow.reached(moment.alive, Context(moment.before, Beside.EDGE)) & MATCHED)

    def step(self, moment: _Moment, character: str) -> _Moment:
        """Where `moment` goes with `character`; remembers it."""
        beside = self._beside(character)
        reached = self._follow.reached(moment.alive, Context(moment.before, beside))
        if self._remembered >= REMEMBERED:
            self._forget()
        if reached & MATCHED:
            following = self._matched
        else:
            key = (reached & self._positions_reading(character), beside)
            known = self._moments.get(key)
            following = self._moments.setdefault(key, _Moment(self, *key)) if known is None else known
        moment[character] = following
        self._remembered += 1
        return following

    def _forget(self) -> None:
        self._start.clear()
        self._moments.clear()
        self._readers_of.clear()
        self._remembered = 0

    def _beside(self, character: str) -> Beside:
        # The same word characters as those of `re`: `\w`.
        if self._minds_words and (character.isalnum() or character == "_"):
            return Beside.WORD
        return Beside.OTHER

    def _positions_reading(self, character: str) -> int:
        positions = self._readers_of.get(character)
        if positions is None:
            positions = self._literals.get(character, 0)
            for one_of, bits in self._sets:
                if one_of.fullmatch(character):
                    positions |= bits
            self._readers_of[character] = positions
        return positions

    def _sort_readers(self, graph: Graph, ignore_case: bool) -> None:
        """Sets, and letters of either case, are left to `re`: on one character it cannot backtrack."""
        sets: dict[str, int] = {}
        for number, reader in enumerate(graph.readers, start=1):
            bit = MATCHED << number
            if isinstance(reader, Literal) and not ignore_case:
                self._literals[reader.character] = self._literals.get(reader.character, 0) | bit
            else:
                source = re.escape(reader.character) if isinstance(reader, Literal) else reader.source
                sets[source] = sets.get(source, 0) | bit
        flags = re.IGNORECASE if ignore_case else re.NOFLAG
        self._sets = [(re.compile(source, flags), bits) for source, bits in sets.items()]
