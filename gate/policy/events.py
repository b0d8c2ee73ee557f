"""The events of the YAML parser; a syntax error becomes a fault that says what to do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml

from gate.policy.faults import START, Faults, Position, shown

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_INDENTED_WITH_TAB = r" *(?=\t)"
_REMEDIES = {
    "block scalar": "put text that starts with > or | in quotes",
    "cannot start any token": "put text that starts with this character in quotes",
    "mapping values are not allowed": 'indent keys of one mapping alike, put text that holds ": " in quotes',
    "unknown escape character": "in single quotes a backslash is only a backslash",
}
"""What to do, by a part of what the parser in C and the one in Python say."""


def events(text: str, faults: Faults) -> Iterator[Any]:
    """The parser's events for `text`. Notes a syntax error and raises `StopReading`."""
    at = START
    try:
        for event in yaml.parse(text, Loader=LOADER):
            at = position(event.start_mark)
            yield event
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        at = at if mark is None else position(mark)
        tab = _tab(text, at)
        if tab is not None:
            faults.stop(tab, "", "not valid YAML: a tab stands here; indent with spaces")
        faults.stop(at, "", f"not valid YAML: {_problem(error)}")
    except (yaml.YAMLError, ValueError) as error:
        # The loader written in Python lets a ValueError out on escapes beyond Unicode.
        faults.stop(at, "", f"not valid YAML near here: {shown(str(error))}")


def position(mark: Any) -> Position:
    """Where a mark of the parser points to."""
    return Position(mark.line + 1, mark.column + 1)


def _tab(text: str, at: Position) -> Position | None:
    """The tab in the indentation of the line, or right at the place, that the parser stumbled over."""
    lines = text.split("\n")
    line = lines[at.line - 1] if at.line <= len(lines) else ""
    indented = re.match(_INDENTED_WITH_TAB, line)
    if indented is not None:
        return Position(at.line, indented.end() + 1)
    return at if line[at.column - 1 : at.column] == "\t" else None


def _problem(error: yaml.MarkedYAMLError) -> str:
    problem = shown(error.problem or "cannot be parsed")
    told = f"{error.problem} {error.context}"
    remedy = next((remedy for part, remedy in _REMEDIES.items() if part in told), None)
    if error.context and error.context_mark is not None:
        problem = f"{problem}, {shown(error.context)} that starts on line {error.context_mark.line + 1}"
    return f"{problem}; {remedy}" if remedy else problem
