"""What is wrong with a policy, and where."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NoReturn

from gate.errors import UsageError

MAX_FAULTS = 1000
"""So many errors of one file are told; more would only bury them."""

_LONGEST_SHOWN = 60
_BARE_KEY = re.compile(r"[A-Za-z0-9_<-]+")


@dataclass(frozen=True, order=True, slots=True)
class Position:
    """A place in a file; both count from 1, columns in characters. A byte order mark is no character."""

    line: int
    column: int


START = Position(1, 1)
WHOLE_FILE = Position(0, 0)
"""The place of a fault that no line of the file has: it cannot be read at all."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One error in a policy file. `path` is the key path (`allow[0].expires`), empty for the file itself.

    `line` and `column` are 0 where the fault is of the file and not of a place in it.
    """

    file: str
    line: int
    column: int
    path: str
    message: str

    def __str__(self) -> str:
        where = printable(self.file)
        if self.line:
            where = f"{where}:{self.line}:{self.column}"
        return ": ".join(part for part in (where, self.path, self.message) if part)


UNREADABLE = "cannot be read: "
"""How the fault of a file begins that could not even be opened."""

_WRONG = "correct the policy; its form: cce-gate policy schema"
_UNREAD = "check the path; several files: repeat --policy, or name them one a line in CCE_GATE_POLICY"


class PolicyError(UsageError):
    """The policy cannot be used. `faults` holds everything that is wrong, in the order of the files."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        lines = [str(fault) for fault in self.faults]
        if len(lines) != 1:
            lines.insert(0, f"{len(lines)} errors in the policy")
        super().__init__("\n".join(lines), _UNREAD if self._all_unread() else _WRONG)

    def _all_unread(self) -> bool:
        return all(fault.message.startswith(UNREADABLE) for fault in self.faults)


class Unreadable(Exception):
    """Something has no value; the fault that says why is already noted."""


class WrongValue(Unreadable):
    """One value is wrong; what stands beside it can still be read."""


class StopReading(Unreadable):
    """Nothing more can be read from this file."""


class Faults:
    """Gathers the faults of one file."""

    def __init__(self, file: str) -> None:
        self.file = file
        self._found: list[Fault] = []

    def add(self, at: Position, path: str, message: str) -> None:
        """Note a fault. Raises `StopReading` after `MAX_FAULTS`."""
        self._found.append(Fault(self.file, at.line, at.column, path, message))
        if len(self._found) == MAX_FAULTS:
            self.stop(at, "", f"{MAX_FAULTS} errors so far; the rest of the file was not checked")

    def stop(self, at: Position, path: str, message: str) -> NoReturn:
        """Note a fault after which the file cannot be read on: raises `StopReading`."""
        self._found.append(Fault(self.file, at.line, at.column, path, message))
        raise StopReading

    def __len__(self) -> int:
        return len(self._found)

    def in_order(self) -> list[Fault]:
        """All faults, as they stand in the file."""
        return sorted(self._found, key=lambda fault: (fault.line, fault.column))


def printable(text: str) -> str:
    """`text` on one line: what cannot be printed is written as an escape."""
    return "".join(char if char.isprintable() else _escape(char) for char in text)


def shown(text: str) -> str:
    """`text` for a message: printable and not too long."""
    if len(text) > _LONGEST_SHOWN:
        text = text[: _LONGEST_SHOWN - 1] + "…"
    return printable(text)


def key_path(path: str, key: str) -> str:
    """The path of `key` in the mapping at `path`."""
    step = key if _BARE_KEY.fullmatch(key) and len(key) <= _LONGEST_SHOWN else f'"{shown(key)}"'
    return f"{path}.{step}" if path else step


def item_path(path: str, index: int) -> str:
    """The path of an entry of the list at `path`."""
    return f"{path}[{index}]"


def _escape(char: str) -> str:
    return char.encode("unicode_escape").decode("ascii")
